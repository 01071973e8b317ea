package backup

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/safe"
	"keypull/pull/private"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/sealed"
	"keypull/store/withdrawn"
)

// RestoreOptions say what is put back, and where.
type RestoreOptions struct {
	// Archive and Newest are the copies of the halves, or where they lie: the last one then.
	Archive, Newest string
	// S3 is how buckets are reached.
	S3 config.S3Config
	// Into is a folder that is empty, or not there yet.
	Into string
	// Identities read the halves, Key is the key of the recovery sheet.
	Identities []age.Identity
	Key        []byte
	// Rehearse puts everything back, looks at it, and takes it away again.
	Rehearse bool
	// Version is that of this program.
	Version string
	Clock   func() time.Time
	Logger  *slog.Logger
}

// Restored says what was put back.
type Restored struct {
	Into      string   `json:"into"`
	Files     []string `json:"files"`
	Rehearsed bool     `json:"rehearsed"`
	// Archive is the moment of the archive; KnowsUntil that until which STOPs, erasures and
	// withdrawals hold.
	Archive    time.Time `json:"archive"`
	KnowsUntil time.Time `json:"knows_until"`
	Version    string    `json:"version"`
	// Configuration is the SHA-256 of the configuration file that was served.
	Configuration string `json:"configuration,omitempty"`
	Readers       int    `json:"readers"`
	// Forgotten are readers of the archive whose keys are gone since, Stops those who said STOP.
	Forgotten int `json:"forgotten"`
	Stops     int `json:"stops"`
	// Departed are publishers that left since, or had left.
	Departed int `json:"departed"`
	// LostAsks were accepted between the archive and the newest half.
	LostAsks uint64 `json:"lost_asks"`
	// SetAside is what could not be read.
	SetAside []Aside `json:"set_aside"`
}

// Aside is a part that could not be read and is left out.
type Aside struct {
	Part string     `json:"part"`
	What string     `json:"what"`
	Said words.Text `json:"-"`
}

// restoring is a Restore under way.
type restoring struct {
	RestoreOptions
	archive, newest *half
	stage           string
	placed          bool
	out             Restored
}

// Restore puts an installation back from an archive of any age and the newest half: all of it
// or nothing. The errors are sentences.
func Restore(ctx context.Context, o RestoreOptions) (out Restored, err error) {
	r := &restoring{RestoreOptions: o}
	if r.newest, err = openHalf(ctx, o.Newest, newestHalf, &o); err != nil {
		return out, err
	}
	defer r.newest.close()
	if r.archive, err = openHalf(ctx, o.Archive, archiveHalf, &o); err != nil {
		return out, err
	}
	defer r.archive.close()
	if r.archive.Pair != r.newest.Pair {
		return out, words.Fail(safe.ErrUnpaired, "backup.strange", words.Args{"archive": o.Archive, "newest": o.Newest})
	}
	tidy, err := r.openStage()
	if err != nil {
		return out, err
	}
	defer tidy()
	if err := r.putBack(ctx); err != nil {
		return out, err
	}
	err = r.place()
	return r.out, err
}

// openStage makes the folder in which everything is put back first.
func (r *restoring) openStage() (tidy func(), err error) {
	entries, err := os.ReadDir(r.Into)
	made := errors.Is(err, os.ErrNotExist)
	switch {
	case len(entries) > 0:
		return nil, words.Fail(nil, "backup.not_empty", words.Args{"folder": r.Into})
	case made:
		err = os.MkdirAll(r.Into, 0o700)
	}
	if err == nil {
		r.stage, err = os.MkdirTemp(r.Into, ".restoring-")
	}
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the folder
	}
	return func() {
		_ = os.RemoveAll(r.stage)
		if made && !r.placed {
			_ = os.Remove(r.Into) // where nothing was put there
		}
	}, nil
}

func (r *restoring) in(name string) string { return filepath.Join(r.stage, name) }

// putBack makes the files, and tells the store what was said since it was copied.
func (r *restoring) putBack(ctx context.Context) error {
	a := r.archive
	r.out = Restored{Into: r.Into, Rehearsed: r.Rehearse, Archive: a.Made, KnowsUntil: r.newest.Made.Truncate(time.Minute), Version: a.Version,
		Configuration: a.Configuration, SetAside: []Aside{}}
	if err := a.extract(storeMember, r.in(a.Store)); err != nil {
		return err
	}
	if err := r.newest.extract(slotsMember, r.in(a.Keys+".slots")); err != nil {
		return err
	}
	if err := r.putWithdrawn(withdrawn.NameOf(r.in(a.Store))); err != nil {
		return err
	}
	if err := sealed.PlaceKey(r.in(a.Keys), r.Key); err != nil {
		return err
	}
	s, err := safe.Open(ctx, safe.Options{Store: r.in(a.Store), Keys: r.in(a.Keys), MinFree: -1, Clock: r.Clock, Logger: r.Logger})
	if errors.Is(err, sealed.ErrLost) || errors.Is(err, safe.ErrUnpaired) {
		return r.otherKey(err)
	}
	if err != nil {
		return err //nolint:wrapcheck // it is a sentence
	}
	err = r.bringUp(ctx, s)
	if damaged := s.Store.Damaged() + s.Ring.DaysDamaged(); damaged > 0 {
		r.setAside("store", words.Text{Key: "backup.aside_store", Args: words.Args{"n": damaged}})
	}
	return errors.Join(err, s.Close())
}

// otherKey says which recovery sheet is wanted in place of the one there is.
func (r *restoring) otherKey(err error) error {
	id, noID := sealed.KeyID(r.Key)
	pair, noPair := sealed.PairOf(r.Key)
	if noID != nil || noPair != nil || pair != r.newest.Pair || r.newest.Key == "" || r.newest.Key == id {
		return words.Fail(err, "backup.other_key", nil)
	}
	return words.Fail(err, "backup.renewed_key", words.Args{"key": id, "wanted": r.newest.Key, "newest": r.Newest})
}

// putWithdrawn takes what is withdrawn from the newest half, and from the archive where that
// can't be read.
func (r *restoring) putWithdrawn(path string) error {
	err := r.newest.extract(withdrawnMember, path)
	if err == nil {
		return nil
	}
	r.setAside("withdrawn", words.Text{Key: "backup.aside_withdrawn"})
	return r.archive.extract(withdrawnMember, path)
}

func (r *restoring) setAside(part string, said words.Text) {
	r.out.SetAside = append(r.out.SetAside, Aside{Part: part, Said: said})
}

// bringUp has what readers said since hold in the store that was put back.
func (r *restoring) bringUp(ctx context.Context, s *safe.Safe) error {
	if err := s.File.Check(ctx); err != nil {
		return r.archive.damaged(err)
	}
	standing := store.Standing{Store: s.File, Sealer: s.Ring}
	marks, err := r.readMarks()
	if err != nil {
		return err
	}
	older := r.newest.Made.Before(r.archive.Made)
	if r.out.Stops, err = standing.SetMarks(ctx, marks, older); err != nil {
		return err
	}
	if !older {
		if err := r.bringAccepted(ctx, standing); err != nil {
			return err
		}
	}
	departed, err := store.NewDepartures(s.File).DropAll(ctx)
	if err != nil {
		return err
	}
	r.out.Departed = len(departed)
	var owned map[store.Slot]bool
	if r.out.Readers, r.out.Forgotten, owned, err = standing.DropForgotten(ctx); err != nil {
		return err
	}
	_, err = s.Ring.EraseAllBut(owned)
	return err
}

func (r *restoring) readMarks() (all []store.Pair, err error) {
	err = r.newest.readMember(marksMember, func(from io.Reader) error {
		for lines := json.NewDecoder(from); ; {
			var m mark
			err := lines.Decode(&m)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err //nolint:wrapcheck // readMember says what it is
			}
			all = append(all, store.Pair{Key: m.Key, Value: m.Value})
		}
	})
	return all, err
}

// bringAccepted has the store know which messages were accepted since. Where that can't be
// read, those that come again are answered again.
func (r *restoring) bringAccepted(ctx context.Context, standing store.Standing) error {
	var ids []store.AcceptedIDs
	var last uint64
	err := r.newest.readMember(acceptedMember, func(from io.Reader) (err error) { ids, last, err = readAccepted(from); return err })
	if err != nil {
		r.setAside("accepted", words.Text{Key: "backup.aside_accepted"})
		ids, last = nil, r.newest.Asks
	}
	var unfinished map[uint64]bool
	err = r.newest.readMember(unfinishedMember, func(from io.Reader) (err error) { unfinished, err = readNumbers(from); return err })
	if err != nil {
		r.setAside("unfinished", words.Text{Key: "backup.aside_unfinished"})
	}
	r.out.LostAsks, err = standing.SetAccepted(ctx, ids, unfinished, last)
	return err
}

func readNumbers(r io.Reader) (map[uint64]bool, error) {
	all := map[uint64]bool{}
	for {
		var n uint64
		err := binary.Read(r, binary.BigEndian, &n)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read asks: %w", err)
		}
		all[n] = true
	}
}

// place gives what was put back its names, but in a rehearsal.
func (r *restoring) place() error {
	entries, err := os.ReadDir(r.stage)
	if err != nil {
		return err //nolint:wrapcheck // it names the folder
	}
	for _, e := range entries {
		to := filepath.Join(r.Into, e.Name())
		r.out.Files = append(r.out.Files, to)
		if r.Rehearse {
			continue
		}
		r.placed = true
		if err := os.Rename(r.in(e.Name()), to); err != nil {
			return err //nolint:wrapcheck // it names both
		}
	}
	if r.Rehearse {
		return nil
	}
	return private.SyncOf(filepath.Join(r.Into, r.archive.Store))
}
