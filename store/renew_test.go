package store_test

import (
	"log/slog"
	"testing"
	"time"

	"keypull/pull/who"
	"keypull/store"
	"keypull/store/sealed"
)

// unbound is a sealer as earlier versions had it.
type unbound struct{ *sealed.Ring }

func (u unbound) SealReader(slot store.Slot) (store.Seal, error) {
	seal, err := u.Ring.SealReader(slot)
	if err != nil {
		return nil, err
	}
	return func(place string, plain []byte) []byte { return append([]byte("old"), seal("", plain)...) }, nil
}

func (u unbound) OpenReader(place string, b []byte) ([]byte, store.Slot, error) {
	if u.Bound(b) {
		return u.Ring.OpenReader(place, b)
	}
	return u.Ring.OpenReader("", b[3:])
}

func (unbound) Bound(b []byte) bool { return string(b[:3]) != "old" }

// renewing seals as this version does and opens what the one before sealed.
type renewing struct{ unbound }

func (r renewing) SealReader(slot store.Slot) (store.Seal, error) { return r.Ring.SealReader(slot) }

func TestDocumentsOfAnEarlierVersionAreBoundAndTheirSTOPKept(t *testing.T) {
	r := newDamageRig(t)
	ledgerOf := func(s store.Sealer) *store.Ledger {
		return store.NewLedger(r.db, s, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	}
	before := ledgerOf(unbound{r.ring})
	for _, key := range []who.Key{"p.ann", "p.bob"} {
		reader := who.Reader{Language: "fr"}
		if key == "p.bob" {
			reader, _ = reader.Stop(noon)
		}
		_, err := before.Put(t.Context(), key, reader, 0)
		must(t, err)
	}
	must(t, r.db.Delete(t.Context(), "stopped.p.bob", store.Any))
	old, err := r.db.Get(t.Context(), "reader.p.ann")
	must(t, err)
	now := ledgerOf(renewing{unbound{r.ring}})
	if done, err := now.Renewed(t.Context()); done || err != nil {
		t.Errorf("renewed before: %v, %v", done, err)
	}
	if reader, _, err := now.Reader(t.Context(), "p.ann"); err != nil || reader.Language != "fr" {
		t.Errorf("what was sealed before reads %+v, %v", reader, err)
	}
	must(t, now.Renew(t.Context()))
	if done, err := now.Renewed(t.Context()); !done || err != nil {
		t.Errorf("renewed: %v, %v", done, err)
	}
	for _, key := range []who.Key{"p.ann", "p.bob"} {
		if reader, _, err := now.Reader(t.Context(), key); err != nil || reader.Language != "fr" || (reader.State == who.Stopped) != (key == "p.bob") {
			t.Errorf("%s: %+v, %v", key, reader, err)
		}
	}
	if marks := keysBelow(r, r.db, "stopped"); len(marks) != 1 {
		t.Errorf("STOPs that are kept: %v", marks)
	}
	// What was sealed before is not believed any more.
	_, err = r.db.Put(t.Context(), "reader.p.ann", old.Value, store.Any)
	must(t, err)
	now.DropCachedReaders()
	if reader, _, err := now.Reader(t.Context(), "p.ann"); err != nil || reader.Language != "" {
		t.Errorf("an old document is believed: %+v, %v", reader, err)
	}
	r.close()
}
