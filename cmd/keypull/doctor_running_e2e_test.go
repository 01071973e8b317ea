//go:build !windows

package main

import (
	"net/http"
	"slices"
	"syscall"
	"testing"
	"time"

	"keypull/cmd/keypull/machine"
)

func TestTheDoctorAsksTheRunningServer(t *testing.T) {
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "news")
	h.backsUp(t)
	if got := h.ailments(t, ""); len(got) > 0 {
		t.Errorf("beside a server that is well it finds %v", got)
	}
	open, most := machine.Files()
	was := limitFiles(t, uint64(open+open/5)) //nolint:gosec // a few dozen
	if got := h.ailments(t, ""); !slices.Equal(got, []string{"open_files"}) {
		t.Errorf("with %d files of %d it finds %v", open, open+open/5, got)
	}
	limitFiles(t, was)
	if _, now := machine.Files(); now != most {
		t.Errorf("the limit is %d, and was %d", now, most)
	}
	h.api.answer(func(_ botCall, w http.ResponseWriter) bool {
		botRefusal(w, http.StatusUnauthorized, "Unauthorized", "")
		return true
	})
	h.tell(newChat(), "news")
	eventually(t, "the revoked token is named", func() bool { return slices.Contains(h.ailments(t, ""), "refused") })
	h.api.answer(nil)
	eventually(t, "the token is taken again", func() bool {
		h.later(time.Hour)
		return !slices.Contains(h.ailments(t, ""), "refused")
	})
	h.feed.change(func(f *newsFeed) { f.down = true })
	h.later(11 * time.Minute)
	h.reply(h.api, stayingReader, "news")
	eventually(t, "the source is known to fail", func() bool {
		return slices.Contains(h.ailments(t, ""), "failing")
	})
}

// limitFiles sets how many files this process may have open, and returns how many it was.
func limitFiles(t *testing.T, most uint64) uint64 {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	was := limit.Cur
	limit.Cur = most
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	return was
}
