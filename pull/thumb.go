package pull

import (
	"context"
	"strings"
	"time"
	"unicode"

	"keypull/pull/journal"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// thumbOpen is for how long an answer is what a reader without another word thinks
// something of.
const thumbOpen = 24 * time.Hour

// commandThumb marks a message that says what its reader thinks of an answer.
const commandThumb command.Command = "thumb"

// The signs that say what somebody thinks of an answer.
const (
	signsUp   = "👍❤🔥👏🎉🙏😍"
	signsDown = "👎😡💩🤮"
)

// ThumbOf returns what signs say of an answer: 1 up, -1 down, and 0 where they say neither,
// or there is anything else. Colours of skin and hearts are all the same.
func ThumbOf(signs string) (thumb int) {
	for _, r := range signs {
		of := 0
		switch {
		case strings.ContainsRune(signsUp, r):
			of = 1
		case strings.ContainsRune(signsDown, r):
			of = -1
		case r == '\u200d' || r == '\ufe0f' || unicode.In(r, skin) || unicode.IsSpace(r):
			continue
		}
		if of == 0 || thumb == -of {
			return 0
		}
		thumb = of
	}
	return thumb
}

// skin are the colours that stand behind a sign.
var skin = &unicode.RangeTable{R32: []unicode.Range32{{Lo: 0x1f3fb, Hi: 0x1f3ff, Stride: 1}}} //nolint:gochecknoglobals // it does not change

// noteThumb notes what a reader thinks of an answer, and says nothing. Nothing of the
// reader changes by it.
func (r *Resolver) noteThumb(ctx context.Context, q Request) Resolved {
	w := r.newWork(q)
	w.trace.Outcome, w.trace.Who.State = journal.Told, string(w.reader.State)
	if p := w.ratedPull(ctx); p != nil {
		w.rate(p, q.Ask.Thumb)
		if w.trace.Cause = w.ask.About; w.trace.Cause == 0 {
			w.trace.Cause = w.askOf(ctx, p)
		}
	}
	w.trace.Took.Total = journal.Since(r.Clock().Sub(w.began) + w.waited)
	return Resolved{Reader: q.Reader, Trace: w.trace}
}

// ratedPull returns the answer that a thumb is about: that of the ask which it names, or
// else the last one, if that is of a day; nil if there is none.
func (w *work) ratedPull(ctx context.Context) *who.Pull {
	recent := w.reader.Recent
	if w.ask.About == 0 {
		if len(recent) == 0 || w.ask.At.Sub(recent[0].At) > thumbOpen {
			return nil
		}
		return &recent[0]
	}
	if w.past == nil {
		return nil
	}
	t, _, ok, err := w.past.Settled(ctx, w.ask.About)
	if err != nil {
		w.noteFailure(err)
	}
	if !ok || t.What.Keyword == "" || t.Outcome != journal.Answered {
		return nil
	}
	for i := range recent {
		if recent[i].Keyword == t.What.Keyword && recent[i].IsOf(t.At) {
			return &recent[i]
		}
	}
	return &who.Pull{Keyword: t.What.Keyword}
}

// rate writes down what is thought of an answer: of its keyword, and of the item that
// stood first in it.
func (w *work) rate(p *who.Pull, thumb int) {
	w.trace.Thumb, w.trace.Rated = thumb, p.Keyword
	if len(p.Items) > 0 {
		w.trace.Item = p.Items[0]
	}
}

// rateLast notes what a message says of the last answer, in one line; nil where there is
// none that it could be about.
func (w instructing) rateLast(ctx context.Context, thumb int) *Reply {
	if thumb == 0 {
		return nil
	}
	p := w.ratedPull(ctx)
	if p == nil {
		return nil
	}
	ordering(w).noteCommand(commandThumb)
	w.trace.What.Reason = ""
	w.rate(p, thumb)
	w.trace.Cause = w.askOf(ctx, p)
	return w.local.replyOf(wordThumb)
}

// askOf returns the ask that an answer was given to: the one of its moment, or the last one
// where no record tells.
func (w *work) askOf(ctx context.Context, p *who.Pull) uint64 {
	const back = 6
	for t := range w.settledBefore(ctx, back) {
		if p.IsOf(t.At) {
			return t.Ask
		}
	}
	if n := len(w.reader.Settled); n > 0 {
		return w.reader.Settled[n-1]
	}
	return 0
}
