package pull

import (
	"cmp"
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

// refuseFailed words what went wrong, for the reader; the trace keeps the cause.
func (w answering) refuseFailed(ctx context.Context, k *keyword, kept Found, err error, argument string) *Reply {
	if len(asking(w).readerFacts(k)) > 0 {
		err = withoutPersonal(err)
	}
	w.noteFailure(err)
	if kind := KindOf(err); kind == Unknown || kind == Gathering {
		if reply := w.refuseUnread(k, nil); reply != nil {
			return reply
		}
	}
	switch KindOf(err) {
	case Invalid:
		return w.askForArgument(k)
	case Several:
		var e *Error
		errors.As(err, &e)
		return w.askWhichOf(ctx, k, e.Choices, argument)
	case Unknown:
		if reply := conversation(w).offerOther(ctx, k, argument); reply != nil {
			return reply
		}
		w.noteUnmet(k, argument)
		return w.withExample(w.refuseWith(wordNotThere, "keyword", w.local.keywordName(k), "argument", w.local.argumentName(k, argument), "example", w.local.exampleAsk(k)), k)
	case Unavailable, Unusable, Gathering, Crowded, Spent, Limited, Denied, Conflict:
		return w.refuseUnanswered(k, kept, err)
	}
	ended := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	if ended || kept.Snapshot == nil {
		return w.refuseUnanswered(k, kept, err)
	}
	return w.refuseWith(wordBroken)
}

// noteUnmet writes into the trace what a keyword was asked for in words and has nothing of.
func (w answering) noteUnmet(k *keyword, argument string) {
	if w.ask.Tap != "" || w.later != nil || argument == "" || argument == k.Query {
		return
	}
	asked := cmp.Or(w.trace.What.Phrase, w.local.keywordName(k)) + " " + argument
	w.trace.What.Core = clipRunes(asked, coreRunes) // as it was written: normal form hides addresses
}

// refuseUnanswered refuses honestly: it says whether the source is silent, has
// nothing, or was asked by too many at once; how old the last answer is, where
// there was one; and when to ask again.
func (w answering) refuseUnanswered(k *keyword, kept Found, err error) *Reply {
	if w.closed != nil {
		return w.refuseClosed(k)
	}
	asked := w.local.keywordName(k)
	if a := w.trace.What.Argument; a != "" && a != k.Query && textform.Fold(a) != textform.Fold(asked) {
		asked += " " + w.local.argumentName(k, a)
	}
	why := w.local.textOf(reasonWord(err))
	var late *Told
	text := w.local.textOf(wordRefused, "keyword", asked, "why", why)
	if last := kept.Last; last != nil {
		w.trace.When.Fetched = last.Fetched
		stamp := k.source.stampFor(last, last.Items, w.edition.Zone, w.zone)
		stamp.Now, stamp.Language = w.answerTime(), w.local.servedLanguage()
		said := stamp.Told()
		text, late = w.local.textOf(wordTooOld, "keyword", asked, "why", why, "stamp", said.Now), newTold(said, said.Now)
	}
	again := w.local.textOf(wordAgainSoon)
	var e *Error
	if errors.As(err, &e) && e.RetryAt.Sub(w.answerTime()) > soonAgain {
		again = w.local.textOf(wordAgainAt, "again", when.Again(e.RetryAt, w.answerTime(), w.zone, w.local.servedLanguage()))
	}
	w.trace.Outcome = journal.Refused
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Text: text + " " + again}}, Told: late}
}

// reasonWord returns what a reader is told of a failure.
func reasonWord(err error) Word {
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
