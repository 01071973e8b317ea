package pull

import (
	"context"
	"errors"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what/textform"
	"keypull/pull/when"
)

// soonAgain is how far off a moment must be to be told to a reader; what is
// nearer is "in a moment".
const soonAgain = 30 * time.Second

// failed words what went wrong, for the reader; the trace keeps the cause.
func (w answering) failed(k *keyword, kept Found, err error, argument string) *Reply {
	if len(asking{w.work}.facts(k)) > 0 {
		err = discreet(err)
	}
	w.noteFailure(err)
	if kind := KindOf(err); kind == Unknown || kind == Gathering {
		if reply := w.incomplete(k, nil); reply != nil {
			return reply
		}
	}
	switch KindOf(err) {
	case Invalid:
		return w.instead(w.refuse(wordMissing, "keyword", w.local.keywordName(k), "example", w.local.example(k)), k)
	case Several:
		var e *Error
		errors.As(err, &e)
		return w.several(k, e.Choices, argument)
	case Unknown:
		return w.instead(w.refuse(wordNotThere, "keyword", w.local.keywordName(k), "argument", w.local.argumentName(k, argument), "example", w.local.example(k)), k)
	case Unavailable, Unusable, Gathering, Crowded, Spent, Limited, Denied, Conflict:
		return w.unanswered(k, kept, err)
	}
	ended := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	if ended || kept.Snapshot == nil {
		return w.unanswered(k, kept, err)
	}
	return w.refuse(wordBroken)
}

// unanswered refuses honestly: it says whether the source is silent, has
// nothing, or was asked by too many at once; how old the last answer is, where
// there was one; and when to ask again.
func (w answering) unanswered(k *keyword, kept Found, err error) *Reply {
	if w.closed != nil {
		return w.shut(k)
	}
	asked := w.local.keywordName(k)
	if a := w.trace.What.Argument; a != "" && a != k.Query && textform.Fold(a) != textform.Fold(asked) {
		asked += " " + w.local.argumentName(k, a)
	}
	why := w.local.text(reason(err))
	var late *Told
	text := w.local.text(wordRefused, "keyword", asked, "why", why)
	if last := kept.Last; last != nil {
		w.trace.When.Fetched = last.Fetched
		stamp := k.source.stamp(last, last.Items, w.edition.Zone, w.zone)
		stamp.Now, stamp.Language = w.now(), w.local.served()
		said := stamp.Told()
		text, late = w.local.text(wordTooOld, "keyword", asked, "why", why, "stamp", said.Now), told(said, said.Now)
	}
	again := w.local.text(wordAgainSoon)
	var e *Error
	if errors.As(err, &e) && e.RetryAt.Sub(w.now()) > soonAgain {
		again = w.local.text(wordAgainAt, "again", when.Again(e.RetryAt, w.now(), w.zone, w.local.served()))
	}
	w.trace.Outcome = journal.Refused
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Text: text + " " + again}}, Told: late}
}

// reason returns what a reader is told of a failure.
func reason(err error) Word {
	switch KindOf(err) {
	case Crowded:
		return wordCrowded
	case Spent:
		return wordSpent
	case Gathering:
		return wordGathering
	case Unusable, Limited, Denied, Conflict:
		return wordNothingCurrent
	}
	return wordSilent
}
