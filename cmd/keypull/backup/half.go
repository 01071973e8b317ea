// Package backup keeps copies of an installation in two halves that never lie together, and
// puts an installation back from them.
//
// The archive is the store of a moment; there are several, of hours, days and weeks. The
// newest half is what an archive of any age must be told: readers' and days' keys, who said
// STOP, what was withdrawn, which messages were accepted. There is one, replaced every half
// minute, so that a key which was destroyed is nowhere. What seals readers' keys, the key
// file, is in neither: it is printed as a recovery sheet.
//
// Both are zip files, encrypted by age. The package leaves alone what the store's bytes mean.
package backup

import (
	"archive/zip"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/flate"

	"keypull/cmd/keypull/safe"
	"keypull/store"
	"keypull/store/sealed"
	"keypull/store/withdrawn"
)

// format is what this version writes, and the newest that it reads.
const format = 1

// The two halves.
const (
	archiveHalf = "archive"
	newestHalf  = "newest"
)

// The members of the halves.
const (
	manifestMember   = "manifest.json"
	storeMember      = "store"
	withdrawnMember  = "withdrawn"
	slotsMember      = "slots"
	marksMember      = "marks"
	acceptedMember   = "accepted"
	unfinishedMember = "unfinished"
)

// mostIDs is how many ids of messages the newest half holds, 16 bytes each.
const mostIDs = 1 << 20

// Manifest says what a half is.
type Manifest struct {
	Format int    `json:"format"`
	Half   string `json:"half"`
	// Version is that of the program that wrote it.
	Version string    `json:"version"`
	Made    time.Time `json:"made"`
	// Pair names the keys that the store belongs to.
	Pair string `json:"pair"`
	// Key names the master key that sealed it; nothing in one of an earlier version.
	Key string `json:"key,omitempty"`
	// Store and Keys are the names of the files.
	Store string `json:"store"`
	Keys  string `json:"keys"`
	// Configuration is the SHA-256 of the configuration file.
	Configuration string `json:"configuration,omitempty"`
	// Asks is the number of the last ask.
	Asks uint64 `json:"asks"`
}

// Parts are what is copied.
type Parts struct {
	Store     safe.File
	Ring      *sealed.Ring
	Withdrawn *withdrawn.File
	// StorePath and KeyPath are where store and key file lie; Configuration is the SHA-256 of
	// the configuration file, Version that of the program.
	StorePath, KeyPath     string
	Configuration, Version string
}

// manifestOf returns that of a half that is made now. What comes later may be in it, too.
func (p *Parts) manifestOf(half string, now time.Time) Manifest {
	return Manifest{Format: format, Half: half, Version: p.Version, Made: now.UTC(), Pair: p.Ring.Pair(), Key: p.Ring.KeyID(), Store: filepath.Base(p.StorePath),
		Keys: filepath.Base(p.KeyPath), Configuration: p.Configuration, Asks: p.Store.Queue(asksQueue).Last()}
}

// asksQueue is the queue whose last number a manifest tells.
const asksQueue = "asks"

// writeArchive writes the archive of this moment.
func (p *Parts) writeArchive(ctx context.Context, w io.Writer, to age.Recipient, now time.Time) error {
	return writeHalf(w, to, p.manifestOf(archiveHalf, now), func(h *halfWriter) {
		h.member(storeMember, zip.Deflate, func(w io.Writer) error { _, err := p.Store.Backup(ctx, w); return err })
		h.member(withdrawnMember, zip.Deflate, func(w io.Writer) error { _, err := p.Withdrawn.WriteTo(w); return err })
	})
}

// writeNewest writes the newest half of this moment. The keys come first: of a reader who is
// erased meanwhile nothing opens that was sealed until now.
func (p *Parts) writeNewest(ctx context.Context, w io.Writer, to age.Recipient, now time.Time) error {
	standing := store.Standing{Store: p.Store, Sealer: p.Ring}
	return writeHalf(w, to, p.manifestOf(newestHalf, now), func(h *halfWriter) {
		h.member(slotsMember, zip.Store, p.Ring.WriteSlots)
		h.member(marksMember, zip.Deflate, func(w io.Writer) error {
			lines := json.NewEncoder(w)
			for pair, err := range standing.Marks(ctx) {
				if err == nil {
					err = lines.Encode(mark{pair.Key, pair.Value})
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		h.member(withdrawnMember, zip.Deflate, func(w io.Writer) error { _, err := p.Withdrawn.WriteTo(w); return err })
		h.member(acceptedMember, zip.Store, func(w io.Writer) error {
			last, err := standing.Accepted(ctx, mostIDs, func(ids store.AcceptedIDs) error { return writeAccepted(w, ids) })
			return errors.Join(err, writeAccepted(w, store.AcceptedIDs{First: last}))
		})
		h.member(unfinishedMember, zip.Deflate, func(w io.Writer) error {
			asks, err := standing.Unfinished(ctx)
			return errors.Join(err, binary.Write(w, binary.BigEndian, asks))
		})
	})
}

// mark is a line of the marks.
type mark struct {
	Key   string `json:"key"`
	Value []byte `json:"value"`
}

// writeAccepted writes a row of ids; one without ids is the last, and its First that of the
// last ask.
func writeAccepted(w io.Writer, ids store.AcceptedIDs) error {
	b := binary.BigEndian.AppendUint64(nil, ids.First)
	b = binary.BigEndian.AppendUint64(b, uint64(ids.At.UnixNano()))
	b = binary.BigEndian.AppendUint32(b, uint32(len(ids.Hashes))) //nolint:gosec // some thousands
	_, err := w.Write(append(b, ids.Hashes...))
	return err
}

// readAccepted reads what writeAccepted wrote.
func readAccepted(r io.Reader) (all []store.AcceptedIDs, last uint64, err error) {
	for {
		var head [20]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return nil, 0, fmt.Errorf("read ids: %w", err)
		}
		ids := store.AcceptedIDs{First: binary.BigEndian.Uint64(head[:]), At: time.Unix(0, int64(binary.BigEndian.Uint64(head[8:])))} //nolint:gosec // written so
		n := binary.BigEndian.Uint32(head[16:])
		if n == 0 {
			return all, ids.First, nil
		}
		if n > 1<<20 {
			return nil, 0, errors.New("read ids: a row is too long")
		}
		ids.Hashes = make([]byte, n)
		if _, err := io.ReadFull(r, ids.Hashes); err != nil {
			return nil, 0, fmt.Errorf("read ids: %w", err)
		}
		all = append(all, ids)
	}
}

// halfWriter writes the members of a half, and keeps the first error.
type halfWriter struct {
	zip  *zip.Writer
	made time.Time
	err  error
}

// member writes a member; method says how it is packed.
func (h *halfWriter) member(name string, method uint16, write func(io.Writer) error) {
	if h.err != nil {
		return
	}
	w, err := h.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: h.made})
	if err == nil {
		err = write(w)
	}
	if err != nil {
		h.err = fmt.Errorf("copy %s: %w", name, err)
	}
}

// writeHalf writes an encrypted half; members are written by f, behind the manifest.
func writeHalf(w io.Writer, to age.Recipient, m Manifest, f func(*halfWriter)) error {
	encrypted, err := age.Encrypt(w, to)
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	h := &halfWriter{zip: zip.NewWriter(encrypted), made: m.Made}
	h.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	h.member(manifestMember, zip.Deflate, func(w io.Writer) error { return json.NewEncoder(w).Encode(m) })
	f(h)
	return errors.Join(h.err, h.zip.Close(), encrypted.Close())
}
