package logdedup_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/logdedup"
)

// rig is a logger with a clock of its own, and what it wrote.
type rig struct {
	*slog.Logger
	now time.Time
	out bytes.Buffer
}

func newRig() *rig {
	r := &rig{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	r.Logger = slog.New(logdedup.New(slog.NewTextHandler(&r.out, nil), func() time.Time { return r.now }))
	return r
}

func (r *rig) lines() []string { return strings.Split(strings.TrimSpace(r.out.String()), "\n") }

func TestOneCauseIsOneLineAMinuteWithACount(t *testing.T) {
	r := newRig()
	for i := range 53_000 {
		r.With("ask", i).Error("could not be written; trying again", "error", fmt.Errorf("write record %d: no space left on device", i))
		if i == 40_000 {
			r.now = r.now.Add(time.Minute)
		}
	}
	if got := r.lines(); len(got) != 2 || !strings.Contains(got[1], "unsaid=39999") {
		t.Errorf("%d lines, the last %s; want 2, the second with the count of the first minute", len(got), got[len(got)-1])
	}
	// The rest is told once something else is said.
	r.now = r.now.Add(time.Minute)
	r.Info("all is well")
	if got := r.lines(); len(got) != 4 || !strings.Contains(got[2], "unsaid=12998") || !strings.Contains(got[3], "all is well") {
		t.Errorf("%q", got)
	}
}

func TestOtherCausesAndOtherLinesAreNotHeldBack(t *testing.T) {
	r := newRig()
	for range 3 {
		r.Info("settled", "error", errors.New("told by the way"))
		r.Warn("a warning without an error")
		r.Error("one", "error", errors.New("no space left on device"))
		r.Error("one", "error", errors.New("permission denied"))
		r.Error("two", "error", errors.New("no space left on device"))
	}
	if got := r.lines(); len(got) != 3+3+3 {
		t.Errorf("%d lines: %q", len(got), got)
	}
}

func TestAClockThatIsSetBackSilencesNothing(t *testing.T) {
	r := newRig()
	r.Error("one", "error", errors.New("a"))
	r.now = r.now.Add(-400 * 24 * time.Hour)
	r.Error("one", "error", errors.New("a"))
	if got := r.lines(); len(got) != 2 {
		t.Errorf("%d lines, want 2", len(got))
	}
}

func TestManyCausesTakeNoMoreRoomThanSome(t *testing.T) {
	r := newRig()
	for i := range 5000 {
		r.Error("one", "error", errors.New(strings.Repeat("x", i%100)+string(rune(0x4e00+i))))
	}
	if got := r.lines(); len(got) != 5000 {
		t.Errorf("%d lines, want one for each", len(got))
	}
}
