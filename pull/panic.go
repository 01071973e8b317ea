package pull

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
	"keypull/pull/words"
)

// Caught recovers a panic as an error of kind Internal. It is deferred with the address
// of the error that is returned.
func Caught(op string, err *error) { //nolint:gocritic // it is the result that the caller names
	if p := recover(); p != nil {
		*err = Broken(op, p)
	}
}

// Broken returns the error of a panic: what was being done, and where it broke. What the
// panic says is told if the runtime said it; anything else may hold words of a reader.
// It is called where the panic is recovered.
func Broken(op string, p any) error {
	said := fmt.Sprintf("a %T", p)
	var told runtime.Error
	if err, ok := p.(error); ok && errors.As(err, &told) {
		said = told.Error()
	}
	return &Error{Kind: Internal, Op: op, Hint: words.Text{Key: "pull.broke_down", Args: words.Args{"where": panicPlace(), "said": said}}}
}

// panicPlace returns the place that panicked last.
func panicPlace() string {
	var places [48]uintptr
	frames := runtime.CallersFrames(places[:runtime.Callers(2, places[:])])
	for panicked := false; ; {
		f, more := frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "runtime."):
			panicked = panicked || f.Function == "runtime.gopanic"
		case panicked:
			return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}

// How long KeepRunning pauses after a panic, at first and at most.
const (
	firstPause = time.Second
	longPause  = time.Minute
)

// KeepRunning runs f until it returns or ctx ends. If f panics, that is logged, and f is
// run again after a pause that grows.
func KeepRunning(ctx context.Context, logger *slog.Logger, what string, f func(context.Context)) {
	for wait := firstPause; ; wait = min(2*wait, longPause) {
		err := runOnce(ctx, what, f)
		if err == nil || ctx.Err() != nil {
			return
		}
		logger.ErrorContext(ctx, "something broke down; it begins anew", "what", what, "error", err)
		if Sleep(ctx, wait); ctx.Err() != nil {
			return
		}
	}
}

// Sleep pauses for a time, or until ctx ends.
func Sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func runOnce(ctx context.Context, what string, f func(context.Context)) (err error) {
	defer Caught(what, &err)
	f(ctx)
	return nil
}

// recoverWork recovers a panic of Resolve: the reader is told so, and the reader's
// document stays as it was.
func (w *work) recoverWork(before who.Reader, o *Resolved) {
	p := recover()
	if p == nil {
		return
	}
	w.language = cmp.Or(w.language, w.edition.Languages[0])
	w.reader = before
	w.noteFailure(Broken("resolve", p))
	w.trace.What.Core, w.trace.What.Accepted, w.trace.What.Unknown, w.trace.What.Said = "", "", "", ""
	w.setLocalizer()
	reply := w.refuseWith(wordBroken)
	if (desking{w}).staysSilent() {
		reply, w.trace.Outcome = nil, journal.Silent
	}
	*o = Resolved{Reply: reply, Reader: w.reader, Trace: w.trace, Failed: w.failure, Handed: w.handed}
}
