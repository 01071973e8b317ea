package pull

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// MaxOwed is for how many answers that nobody has a reader may wait at a time, and MostOwed
// for how many all readers of a publisher may.
const (
	MaxOwed  = 3
	MostOwed = 10_000
)

// Owing says whether more readers of a publisher may wait for an answer that nobody has.
type Owing interface {
	HasRoom(publisher string) bool
}

// owedRetry is when an answer is looked for anew that was there and could not be brought.
const owedRetry = 10 * time.Minute

// tierOwed says in a trace that it was waited for.
const tierOwed = "owed"

// mayOwe reports whether something can be told on this channel once it is known.
func (w planning) mayOwe() bool {
	return w.owing != nil && !w.edition.UnderAge && !w.ask.Fleeting && !w.ask.Group && !w.channel.Proxy &&
		(!w.channel.SMS || w.channel.Laters) && w.owedUntil().After(w.ask.At.Add(owedRetry))
}

// owedUntil returns until when an answer to this message may be owed.
func (w planning) owedUntil() time.Time {
	until := w.ask.At.Add(LongestLater)
	if end, bounded := w.writesUntil(); bounded && end.Before(until) {
		return end
	}
	return until
}

// offerOwed offers below a reply that found nothing to tell the answer once there is one. What only tells
// something waits for none: "we had cake yesterday".
func (w planning) offerOwed(reply *Reply, core string) {
	if said := conversation(w).readInside(w.ask.Text); len(said.words) == 0 || said.tells && !said.asks {
		return
	}
	if !strings.ContainsFunc(core, unicode.IsLetter) || w.channel.SMS || !w.mayOwe() || w.countLaters(true) >= MaxOwed || !w.owing.HasRoom(w.ask.Publisher) {
		return
	}
	send := tapCommand + string(command.Owe) + ":" + core
	if len(send) > maxPayload {
		if send = tapCommand + string(command.Owe); !instructing(w).mayKeep() {
			return // what was asked is not kept until then
		}
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: w.local.textOf(wordOwedOffer, "when", w.datedOnly(w.owedUntil()))})
	reply.Buttons = append(reply.Buttons, Button{Label: w.local.textOf(wordButtonOwe), Send: send})
}

// countLaters returns for how many answers the reader waits, or how many pulls they have
// ordered for a time.
func (w planning) countLaters(owed bool) (n int) {
	for i := range w.reader.Laters {
		if owed == w.reader.Laters[i].IsOwed() {
			n++
		}
	}
	return n
}

// missedLately returns what the reader asked in vain a moment ago; "" where that was
// nothing.
func (w planning) missedLately() string {
	if w.asked != nil && !w.asked.Past && w.asked.Core != "" {
		return w.asked.Core
	}
	if miss := cmp.Or(w.reader.Miss, w.passing.Miss); miss != nil && w.ask.At.Sub(miss.At) <= questionOpen {
		return miss.Core
	}
	if w.asked != nil {
		return w.asked.Core
	}
	return ""
}

// orderOwed notes that the reader wants to be told an answer once there is one, or says why
// not.
func (w planning) orderOwed(ctx context.Context, said string) *Reply {
	ordering(w).noteCommand(command.Owe)
	until := w.owedUntil()
	switch {
	case w.edition.UnderAge:
		return instructing(w).refuseKeeping(ctx, command.Owe)
	case said == "":
		return answering(w).withMenu(w.refuseWith(wordOwedWhat))
	case !w.mayOwe():
		return w.refuseWith(wordOwedNever)
	case !instructing(w).mayKeep():
		reply := instructing(w).askConsent(ctx)
		if w.reader.Question != nil {
			w.reader.Question.Core = said
		}
		return reply
	}
	if i := slices.IndexFunc(w.reader.Laters, func(l who.Later) bool { return l.Said == said }); i >= 0 {
		return w.confirmOwed(w.reader.Laters[i])
	}
	if n := w.countLaters(true); n >= MaxOwed {
		return w.withList(w.refuseWith(wordOwedFull, "n", n))
	}
	if !w.owing.HasRoom(w.ask.Publisher) {
		return w.refuseWith(wordOwedCrowded)
	}
	owed := who.Later{Due: until, Said: said, At: w.ask.At}
	before := w.reader.Laters
	w.reader.Laters = append(slices.Clip(before), owed)
	if !w.reader.Fits() {
		w.reader.Laters = before
		return w.refuseWith(wordKeptFull)
	}
	w.orders = append(w.orders, w.newLaterEntry(owed, until))
	return w.confirmOwed(owed)
}

// withList puts below a refusal the way to what is ordered already.
func (w planning) withList(reply *Reply) *Reply {
	if !w.channel.SMS {
		reply.Buttons = append(reply.Buttons, w.local.commandButton(wordButtonLater, command.Later))
	}
	return reply
}

func (w planning) confirmOwed(l who.Later) *Reply {
	reply := w.local.replyOf(wordOwedDone, "said", l.Said, "when", w.datedText(l.Due))
	if !w.channel.SMS {
		reply.Buttons = []Button{w.unlaterButton(l, false)}
	}
	return reply
}

// answerOwed answers what the reader waits for, if that is known by now. If not it is waited
// for on, silently, to its end.
func (w planning) answerOwed(ctx context.Context) *Reply {
	l, before := *w.later, w.reader
	reply := w.tellKnown(ctx)
	if reply != nil && w.trace.Outcome == journal.Answered {
		w.trace.What.Tier = tierOwed
		reply.addHeadline(w.local.textOf(wordOwedCame, "said", l.Said, "when", w.datedOnly(l.At)))
		return reply
	}
	w.reader = before
	next := l.Due
	if retry := w.ask.At.Add(owedRetry); reply != nil && retry.Before(next) {
		next = retry
	}
	if now := w.answerTime(); next.Before(now.Add(soonestLater)) {
		w.reader = w.reader.Lapse(l)
	} else {
		w.reorder(l, next)
	}
	w.trace.Outcome = journal.Silent
	return nil
}

// tellKnown answers a message by the one keyword or item that it means; nil where there is
// none.
func (w planning) tellKnown(ctx context.Context) *Reply {
	c, item, ok := w.knownFor(ctx)
	if !ok {
		return nil
	}
	w.item = item
	return answering(w).answerCandidate(ctx, c)
}

// knownFor returns what the one keyword or item is that a message means, of what is held:
// nothing is brought for it.
func (w planning) knownFor(ctx context.Context) (c what.Candidate, item string, ok bool) {
	if m := w.match; m.Decision == what.Run && len(m.Candidates) == 1 {
		k := w.edition.keywordByID(m.Candidates[0].Keyword)
		return m.Candidates[0], "", k != nil && k.isAvailable(w.ask.At, w.edition.Zone)
	}
	found := conversation(w).searchInside(ctx)
	if len(found) != 1 {
		return c, "", false
	}
	o := found[0].option
	return what.Candidate{Keyword: o.Keyword, Argument: o.Argument}, o.Item, true
}

// IsKnown reports whether a message that nobody could answer when it came means one keyword
// or item by now. Nothing is fetched for it.
func (r *Resolver) IsKnown(ctx context.Context, e *Edition, a Ask) (known bool) {
	defer func() {
		if recover() != nil {
			known = false
		}
	}()
	w := r.newWork(Request{Edition: e, Ask: a, Tried: true})
	hearing{w}.hearMessage(ctx)
	_, _, known = planning{w}.knownFor(ctx)
	*w = work{}
	r.works.Put(w)
	return known
}
