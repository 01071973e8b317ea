package store_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/talk"
	"keypull/pull/who"
	"keypull/store"
)

// A file of a conversation is kept in pieces, sealed; nobody else's key names it.
func TestFilesOfConversationsAreSealed(t *testing.T) {
	r := newErasureRig(t)
	r.asks("p.ann", true, who.Active, "paper")
	talks := store.NewTalks(r.erasure().Ledger)
	for _, size := range []int{0, 1, store.MaxValueBytes, 3*store.MaxValueBytes + 7} {
		body := bytes.Repeat([]byte("a wet paper. "), size/13+1)[:size]
		must(t, talks.KeepFile(t.Context(), "p.ann", "mark", body))
		got, err := talks.File(t.Context(), "p.ann", "mark")
		if must(t, err); !bytes.Equal(got, body) {
			t.Errorf("of %d bytes %d came back", size, len(got))
		}
	}
	must(t, talks.HoldFile(t.Context(), "p.new", "held", []byte("of one who is not known")))
	if got, err := talks.File(t.Context(), "p.new", "held"); err != nil || string(got) != "of one who is not known" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := talks.File(t.Context(), "p.bob", "mark"); pull.KindOf(err) != pull.Unknown {
		t.Errorf("another reader has it: %v", err)
	}
	var all []string
	must(t, talks.Files(t.Context(), func(key who.Key, mark string, at time.Time) {
		all = append(all, fmt.Sprint(key, " ", mark, " ", at.Equal(noon)))
	}))
	if fmt.Sprint(all) != "[p.ann mark true p.new held true]" {
		t.Errorf("%q", all)
	}
	held, err := filepath.Glob(filepath.Join(filepath.Dir(r.slots), "keypull.db*"))
	must(t, err)
	for _, path := range held {
		content, err := os.ReadFile(path) //nolint:gosec // a file of this test
		if must(t, err); bytes.Contains(content, []byte("a wet paper")) || bytes.Contains(content, []byte("not known")) {
			t.Errorf("it can be read in %s", path)
		}
	}
	must(t, talks.DropFile(t.Context(), "p.new", "held"))
	must(t, talks.Drop(t.Context(), "p.ann"))
	if left := append(keysBelow(t, r.backend, "talkfile"), keysBelow(t, r.backend, "talkpiece")...); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}

// FORGET ME takes the files of a reader along, wherever the process ends meanwhile.
func TestFilesGoWithTheirReader(t *testing.T) {
	for changes := range 16 {
		r := newErasureRig(t)
		r.asks("p.ann", true, who.Active, "paper")
		talks := store.NewTalks(r.erasure().Ledger)
		_, err := talks.Put(t.Context(), talk.Talk{Head: talk.Head{Reader: "p.ann"}}, 0)
		must(t, err)
		for _, mark := range []string{"one", "two"} {
			must(t, talks.KeepFile(t.Context(), "p.ann", mark, make([]byte, 2*store.MaxValueBytes)))
		}
		r.backend.left = changes
		_ = r.erasure().Erase(t.Context(), "p", "p.ann")
		r.backend.left = -1
		e := r.erasure()
		must(t, e.Resume(t.Context()))
		if _, err := r.backend.Get(t.Context(), "reader.p.ann"); err == nil {
			must(t, e.Erase(t.Context(), "p", "p.ann"))
		}
		for _, below := range []string{"talk", "talkfile", "talkpiece"} {
			if left := keysBelow(t, r.backend, below); len(left) > 0 {
				t.Errorf("after %d changes %q are left", changes, left)
			}
		}
	}
}
