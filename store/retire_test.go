package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"keypull/pull/who"
	"keypull/store"
)

// put writes a reader's document and returns its revision.
func (r *erasureRig) put(key who.Key, reader who.Reader) store.Revision {
	r.Helper()
	ledger := r.erasure().Ledger
	_, revision, err := ledger.Reader(r.Context(), key)
	must(r, err)
	at, err := ledger.Put(r.Context(), key, reader, revision)
	must(r, err)
	return store.Revision(at)
}

func (r *erasureRig) reader(key who.Key) (who.Reader, uint64) {
	r.Helper()
	reader, revision, err := r.erasure().Ledger.Reader(r.Context(), key)
	must(r, err)
	return reader, revision
}

func TestIdleReadersGoGuestsFirstAndStopsStay(t *testing.T) {
	r := newErasureRig(t)
	known := who.Reader{First: noon, Address: "7", Greeted: true, Language: "fr"}
	guest := who.Reader{Guest: true, First: noon, Address: "session", Greeted: true}
	stopped := known
	stopped.State, stopped.Since = who.Stopped, noon
	r.put("p.long", known)
	r.put("p.silent", stopped)
	oldest := r.put("gone.silent", stopped)
	r.put("p.guest", guest)
	r.put("p.shy", who.Reader{Greeted: true, Settled: []uint64{1}}) // as 0.4.0 wrote those without consent
	r.put("p.group", who.Reader{Language: "de", Settled: []uint64{1}})
	old := r.put("p.known", known)
	r.put("p.visitor", guest)
	e := r.erasure()
	rests := 0
	idle := store.Idle{Guests: old, Others: oldest, There: func(p string) bool { return p == "p" },
		Rest: func(context.Context, time.Duration) { rests++ }}
	n, err := e.Retire(t.Context(), idle)
	must(t, err)
	if n != 5 || rests != 5 {
		t.Errorf("%d went, %d rests", n, rests)
	}
	for key, stays := range map[who.Key]bool{
		"p.long": false, "p.silent": false, "gone.silent": false, "p.guest": false, "p.shy": false,
		"p.group": true, "p.known": true, "p.visitor": true,
	} {
		if _, revision := r.reader(key); (revision != 0) != stays {
			t.Errorf("%s stays: %v", key, revision != 0)
		}
	}
	for _, key := range []who.Key{"p.silent", "gone.silent"} {
		if reader, _ := r.reader(key); reader.State != who.Stopped {
			t.Errorf("the STOP of %s is lost: %+v", key, reader)
		}
	}
	// Long after.
	idle.Others = r.put("p.visitor", guest)
	if _, err := e.Retire(t.Context(), idle); err != nil {
		t.Fatal(err)
	}
	if reader, _ := r.reader("p.silent"); reader.State != who.Stopped {
		t.Error("a STOP ended with its retention")
	}
	if reader, _ := r.reader("gone.silent"); reader.State == who.Stopped {
		t.Error("a STOP outlives its publisher for ever")
	}
	if left := keysBelow(t, r.backend, "erasing"); len(left) > 0 {
		t.Errorf("erasures have not ended: %v", left)
	}
}

func TestGuestsWhoWereLookedAtAreNotLookedAtAgain(t *testing.T) {
	r := newErasureRig(t)
	at := r.put("p.guest", who.Reader{Guest: true})
	n, err := r.erasure().Retire(t.Context(), store.Idle{Guests: at, Looked: at, There: func(string) bool { return true }})
	if must(t, err); n != 0 {
		t.Errorf("%d went", n)
	}
}

func TestARetirementThatWasCutShortIsCarriedOut(t *testing.T) {
	for changes := range 6 {
		r := newErasureRig(t)
		at := r.put("p.ann", who.Reader{Guest: true, State: who.Stopped, Since: noon})
		pair, err := r.backend.Get(t.Context(), "reader.p.ann")
		must(t, err)
		idle := store.Idle{Guests: at, Others: at, There: func(string) bool { return true }}
		r.backend.left = changes
		if _, err := r.erasure().Retire(t.Context(), idle); err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		r.backend.left = -1
		must(t, r.erasure().Resume(t.Context()))
		_, err = r.erasure().Retire(t.Context(), idle)
		must(t, err)
		r.holds("p.ann")
		if _, _, err := r.ring.OpenReader(fmt.Sprintf("reader.p.ann/%d", pair.Revision), pair.Value); err == nil {
			t.Errorf("after %d changes an old copy can be read", changes)
		}
		if reader, _ := r.reader("p.ann"); reader.State != who.Stopped {
			t.Errorf("after %d changes the STOP is lost", changes)
		}
	}
}

func TestAReaderWhoAsksWhileBeingRetiredStays(t *testing.T) {
	r := newErasureRig(t)
	at := r.put("p.ann", who.Reader{Guest: true})
	// The note of an earlier process names the document as it was.
	r.backend.left = 1
	_, err := r.erasure().Retire(t.Context(), store.Idle{Guests: at, Others: at, There: func(string) bool { return true }})
	if !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	r.backend.left = -1
	r.put("p.ann", who.Reader{Guest: true, Language: "fr"})
	must(t, r.erasure().Resume(t.Context()))
	if reader, revision := r.reader("p.ann"); revision == 0 || reader.Language != "fr" {
		t.Errorf("gone: %+v, %d", reader, revision)
	}
}
