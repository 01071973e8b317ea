package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
)

// damageRig is a store with keys that damage is done to between two openings.
type damageRig struct {
	*testing.T
	folder string
	db     *bolt.DB
	ring   *sealed.Ring
	ledger *store.Ledger
	next   uint64
}

func newDamageRig(t *testing.T) *damageRig {
	t.Helper()
	r := &damageRig{T: t, folder: t.TempDir()}
	must(t, r.open())
	return r
}

func (r *damageRig) path(name string) string { return filepath.Join(r.folder, name) }

func (r *damageRig) open() (err error) {
	r.ring, err = sealed.Open(sealed.Options{Path: r.path("keypull.key"), Fresh: r.db == nil, Ahead: 1})
	if err != nil {
		return err
	}
	r.db, err = bolt.Open(r.path("keypull.db"), store.Options{HashKey: r.ring.HashKey()})
	r.ledger = store.NewLedger(r.db, r.ring, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	return err
}

func (r *damageRig) close() {
	r.Helper()
	must(r, errors.Join(r.db.Close(), r.ring.Close()))
}

// asks has a reader ask once, and returns what was known of the reader.
func (r *damageRig) asks(key who.Key, change func(who.Reader) who.Reader) who.Reader {
	r.Helper()
	reader, revision, err := r.ledger.Reader(r.Context(), key)
	must(r, err)
	r.next++
	after := reader.Settle(r.next, false)
	if change != nil {
		after = change(after)
	}
	_, err = r.ledger.Settle(r.Context(), pipeline.Settlement{
		Ask: pull.Ask{ID: r.next, Publisher: "p", Channel: "c", Reader: key, At: noon}, Reader: after, Revision: revision,
		Record: pipeline.Record{Reader: key, Reply: &pull.Reply{Blocks: []pull.Block{{Text: "told " + string(key)}}}},
	})
	must(r, err)
	return reader
}

func speaks(language string) func(who.Reader) who.Reader {
	return func(r who.Reader) who.Reader {
		r.Language = language
		return r
	}
}

func stops(r who.Reader) who.Reader {
	r, _ = r.Stop(noon)
	return r
}

// languages are those of the readers of a rig that was lived in, of whom the last
// said STOP.
var languages = map[who.Key]string{"p.ann": "fr", "p.bob": "de", "p.cid": "es"}

func (r *damageRig) live() {
	r.Helper()
	for key, language := range languages {
		r.asks(key, speaks(language))
	}
	r.asks("p.cid", stops)
}

// sound checks that readers are answered: with what was theirs or as somebody
// new, never with what is another's, and that STOP stands.
func (r *damageRig) sound(what string) {
	r.Helper()
	for key, language := range languages {
		before := r.asks(key, nil)
		after, _, err := r.ledger.Reader(r.Context(), key)
		must(r, err)
		for _, reader := range []who.Reader{before, after} {
			if reader.Language != language && reader.Language != "" {
				r.Errorf("%s: %s has another's document: %+v", what, key, reader)
			}
			if stopped := reader.State == who.Stopped; stopped != (key == "p.cid") {
				r.Errorf("%s: %s is stopped: %v", what, key, stopped)
			}
		}
	}
	inbox := store.NewInbox(r.ledger)
	_, err := inbox.Accept(r.Context(), []pull.Entry{{Ask: pull.Ask{Publisher: "p", Channel: "c", Reader: "p.dan", At: noon, Incoming: pull.Incoming{Text: "hello"}}}})
	must(r, err)
	asks, err := inbox.Claim(r.Context(), 1)
	must(r, err)
	if len(asks) != 1 || asks[0].Text != "hello" {
		r.Errorf("%s: an ask came back as %+v", what, asks)
	}
}

func (r *damageRig) save(names ...string) map[string][]byte {
	r.Helper()
	saved := map[string][]byte{}
	for _, name := range names {
		b, err := os.ReadFile(r.path(name))
		must(r, err)
		saved[name] = b
	}
	return saved
}

func (r *damageRig) restore(saved map[string][]byte) {
	r.Helper()
	for name, b := range saved {
		must(r, os.WriteFile(r.path(name), b, 0o600))
	}
}

func TestEveryFlippedByteOfTheSlotsIsServedOrASentence(t *testing.T) {
	r := newDamageRig(t)
	r.live()
	r.close()
	saved, next := r.save("keypull.db", "keypull.key", "keypull.key.slots"), r.next
	slots := saved["keypull.key.slots"]
	anew, days, refused := 0, 0, 0
	for i := range slots {
		r.restore(saved)
		r.next = next
		damaged := append([]byte(nil), slots...)
		damaged[i] ^= 1 << (i % 8)
		must(t, os.WriteFile(r.path("keypull.key.slots"), damaged, 0o600))
		if err := r.open(); err != nil {
			refused++
			if !errors.Is(err, sealed.ErrLost) || !strings.Contains(err.Error(), "--start-anew") {
				t.Fatalf("byte %d: %v", i, err)
			}
			continue
		}
		r.sound(fmt.Sprintf("byte %d of %d", i, len(slots)))
		anew += r.ledger.ReadersAnew()
		days += r.ring.DaysDamaged()
		if n := r.ledger.ReadersAnew(); n > 1 {
			t.Errorf("byte %d: %d readers started anew", i, n)
		}
		r.close()
	}
	if anew != 64*len(languages) || days == 0 || refused != 0 {
		t.Errorf("of %d bytes %d readers started anew, %d days were damaged, %d files were refused", len(slots), anew, days, refused)
	}
}

func TestReadersOfOlderSlotsStartAnewAndStayStopped(t *testing.T) {
	r := newDamageRig(t)
	r.asks("p.first", nil)
	older := r.save("keypull.key.slots")
	r.live()
	r.close()
	r.restore(older)
	must(t, r.open())
	r.sound("older slots")
	if n := r.ledger.ReadersAnew(); n != len(languages) {
		t.Errorf("%d readers started anew", n)
	}
	r.close()
	must(t, r.open())
	for key := range languages {
		if r.asks(key, nil); r.ledger.ReadersAnew() != 0 {
			t.Errorf("%s started anew twice", key)
		}
	}
	r.close()
}

func TestSTOPIsKeptUntilSTARTAlone(t *testing.T) {
	r := newDamageRig(t)
	r.asks("p.ann", stops)
	r.asks("p.ann", nil)
	if marks := keysBelow(r, r.db, "stopped"); len(marks) != 1 {
		t.Errorf("after STOP: %v", marks)
	}
	r.asks("p.ann", func(a who.Reader) who.Reader { return a.Start(noon) })
	if marks := keysBelow(r, r.db, "stopped"); len(marks) != 0 {
		t.Errorf("after START: %v", marks)
	}
	_, err := r.db.Put(t.Context(), "stopped.p.ann", []byte("damaged"), store.Any)
	must(t, err)
	r.ledger.DropCachedReaders()
	if reader, _, err := r.ledger.Reader(t.Context(), "p.ann"); err != nil || reader.State != who.Stopped {
		t.Errorf("a damaged mark: %+v, %v", reader, err)
	}
	r.close()
}

// passing is a sealer whose keys cannot be read for a moment.
type passing struct{ *sealed.Ring }

var errPassing = errors.New("too many open files")

func (passing) OpenReader(string, []byte) ([]byte, store.Slot, error) { return nil, 0, errPassing }

func (passing) OpenDay(string, []byte) ([]byte, error) { return nil, errPassing }

func (passing) OpenBoth(string, []byte) ([]byte, store.Slot, error) { return nil, 0, errPassing }

func TestWhatMayPassIsNotTakenForGood(t *testing.T) {
	r := newDamageRig(t)
	r.live()
	before := r.save("keypull.db")
	held := store.NewLedger(r.db, passing{r.ring}, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	_, _, err := held.Reader(t.Context(), "p.ann")
	if !errors.Is(err, errPassing) {
		t.Errorf("the document: %v", err)
	}
	if _, _, err := held.Record(t.Context(), 1); !errors.Is(err, errPassing) {
		t.Errorf("the record: %v", err)
	}
	if _, err := held.Put(t.Context(), "p.ann", who.Reader{}, 1); !errors.Is(err, errPassing) {
		t.Errorf("writing: %v", err)
	}
	if !bytes.Equal(before["keypull.db"], r.save("keypull.db")["keypull.db"]) {
		t.Error("something was written")
	}
	r.close()
}

func TestADocumentThatWasRolledBackBeforeSTOPIsNotBelieved(t *testing.T) {
	r := newDamageRig(t)
	r.asks("p.ann", speaks("fr"))
	old, err := r.db.Get(t.Context(), "reader.p.ann")
	must(t, err)
	r.asks("p.ann", stops)
	_, err = r.db.Put(t.Context(), "reader.p.ann", old.Value, store.Any)
	must(t, err)
	r.ledger.DropCachedReaders()
	reader, _, err := r.ledger.Reader(context.Background(), "p.ann")
	if err != nil || reader.State != who.Stopped || reader.Language != "" {
		t.Errorf("%+v, %v", reader, err)
	}
	r.close()
}
