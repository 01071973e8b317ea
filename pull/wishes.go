package pull

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/withdrawal"
)

// Answer is one of the answers that a reply joins.
type Answer struct {
	Keyword string `json:"keyword"`
	// Blocks is how many of the reply's blocks are its: they stand in the order
	// of the answers.
	Blocks int `json:"blocks"`
	// Rest is where the whole of it stands, as for a reply of one.
	Rest string `json:"rest,omitempty"`
	// Told is how its own age is told where the reply leaves late.
	Told *Told `json:"told,omitempty"`
	// Tells are the items that it tells.
	Tells []withdrawal.Told `json:"tells,omitempty"`
}

// Apart returns the answers that the reply joins as replies of their own, in
// their order, and the blocks that stand below all of them. Pictures and buttons
// are the whole reply's.
func (r Reply) Apart() (all []Reply, below []Block) {
	below = r.Blocks
	for _, a := range r.Answers {
		end := min(a.Blocks, len(below))
		all = append(all, Reply{Language: r.Language, Blocks: below[:end:end], Rest: a.Rest, Told: a.Told, Tells: a.Tells})
		below = below[end:]
	}
	return all, below
}

// rewriteAnswers returns the reply with f's wording of each answer that it joins.
func (r Reply) rewriteAnswers(f func(keyword string, one Reply) Reply) Reply {
	told := r
	told.Blocks, told.Answers = nil, nil
	all, below := r.Apart()
	for i, one := range all {
		told.joinAnswer(r.Answers[i].Keyword, f(r.Answers[i].Keyword, one))
	}
	told.Blocks = append(told.Blocks, below...)
	return told
}

// joinAnswer adds an answer below those that are there.
func (r *Reply) joinAnswer(keyword string, one Reply) {
	r.Blocks, r.Media, r.Cards = append(r.Blocks, one.Blocks...), append(r.Media, one.Media...), append(r.Cards, one.Cards...)
	r.Answers = append(r.Answers, Answer{Keyword: keyword, Blocks: len(one.Blocks), Rest: one.Rest, Told: one.Told, Tells: one.Tells})
	if one.Data != nil {
		if r.Data == nil {
			r.Data = &Data{}
		}
		r.Data.Pieces = append(r.Data.Pieces, one.Data.Pieces...)
	}
}

// wish is one of several keywords to answer in one reply: as it was asked for,
// or, where from is set, as MORE goes on with it.
type wish struct {
	what.Candidate
	from *who.Cursor
	// item is that alone of which the reader took the offer; "" is none.
	item string
}

// wishesOf returns the keywords that a match runs.
func wishesOf(m what.Match) []wish {
	all := make([]wish, 0, len(m.Candidates))
	for _, c := range m.Candidates {
		all = append(all, wish{Candidate: c})
	}
	return all
}

// answerTogether answers several keywords in one reply, in their order: each as if it
// had been asked for alone, with its own hours, freshness and age. One that can't
// be answered says so in its place.
func (w answering) answerTogether(ctx context.Context, all []wish) *Reply {
	reply := &Reply{Language: w.language}
	var ran []journal.Wish
	var options []who.Option
	var goesOn *who.Cursor
	w.bringBeside(ctx, all)
	defer func() { w.beside = nil }()
	for _, one := range all {
		told, part := w.answerOneOf(ctx, one)
		reply.joinAnswer(part.trace.What.Keyword, *told)
		ran = append(ran, answering{part}.traceWish())
		if q := part.reader.Question; q != nil {
			options = append(options, q.Options...)
		}
		goesOn = goesOn.With(part.reader.Cursor)
		w.private = w.private || part.private
		w.reader, w.failure = part.reader, cmp.Or(w.failure, part.failure)
		w.trace.Who.Remembered = part.trace.Who.Remembered
		w.trace.Took.When += part.trace.Took.When
		w.trace.Took.Say += part.trace.Took.Say
	}
	w.reader.Question, w.reader.Cursor = nil, goesOn
	if len(options) > 0 {
		// One question stands open at a time: what is asked back of each keyword
		// becomes one list.
		w.trace.Outcome = ""
		reply.Buttons = questions(w).keepOpen(who.Question{Options: options})
	}
	reply.tellAgeOnce()
	w.trace.Join(ran)
	return reply
}

// tellAgeOnce takes the age from below each answer that stands right before one of the same
// age: it is told below the last of them.
func (r *Reply) tellAgeOnce() {
	end, below := len(r.Blocks), (*Told)(nil)
	for i := len(r.Answers) - 1; i >= 0; i-- {
		one := &r.Answers[i]
		start, told := end-one.Blocks, one.Told
		if told != nil && below != nil && told.Stamp == below.Stamp && told.Dated == below.Dated && endsWithStamp(r.Blocks[start:end], told.Stamp) {
			unstamped := *told
			unstamped.Stamp = ""
			one.Blocks, one.Told, r.Blocks = one.Blocks-1, &unstamped, slices.Delete(r.Blocks, end-1, end)
		}
		end, below = start, told
	}
}

// endsWithStamp reports whether blocks end with an age, as it is told.
func endsWithStamp(blocks []Block, stamp string) bool {
	return stamp != "" && len(blocks) > 1 && blocks[len(blocks)-1].Kind == Stamp && blocks[len(blocks)-1].Text == stamp
}

// answerOneOf answers one of several keywords, and returns its own record. A panic is
// that answer's alone.
func (w answering) answerOneOf(ctx context.Context, one wish) (reply *Reply, part *work) {
	own := *w.work
	part = &own
	part.setLocalizer()
	part.failure, part.closed, part.from = nil, nil, nil
	part.reader.Question, part.reader.Cursor = nil, nil
	part.trace.When, part.trace.Error, part.trace.Took.When, part.trace.Took.Say = journal.When{}, "", 0, 0
	defer func() {
		if p := recover(); p != nil {
			part.reader.Question, part.reader.Cursor = nil, nil
			part.noteFailure(Broken("resolve", p))
			reply = part.refuseWith(wordBroken)
		}
		answering{part}.addKeywordTitle(reply)
	}()
	if one.from != nil {
		return answering{part}.continueList(ctx, one.from), part
	}
	part.trace.What.Keyword, part.item = one.Keyword, one.item
	return answering{part}.answerCandidate(ctx, one.Candidate), part
}

// addKeywordTitle names the keyword above a refusal that does not: beside another answer
// nobody would know what is refused.
func (w answering) addKeywordTitle(reply *Reply) {
	k := w.edition.keywordByID(w.trace.What.Keyword)
	if k == nil || w.trace.Outcome == journal.Answered {
		return
	}
	name := w.local.keywordName(k)
	if !slices.ContainsFunc(reply.Blocks, func(b Block) bool { return strings.Contains(b.Text, name) }) {
		reply.Blocks = slices.Insert(reply.Blocks, 0, Block{Kind: Title, Text: name})
	}
}

// traceWish returns what the trace tells of a keyword that was answered beside others.
func (w answering) traceWish() journal.Wish {
	t := &w.trace
	return journal.Wish{
		Outcome: t.Outcome, Keyword: t.What.Keyword, Argument: t.What.Argument, Phrase: t.What.Phrase, When: t.When, Error: t.Error,
	}
}

// refuseOverdueAnswers puts refusals in the place of those answers of a reply that are too
// old to be told at a moment, and notes it in the trace.
func (e *Edition) refuseOverdueAnswers(r Reply, t journal.Trace, at time.Time) (Reply, journal.Trace) {
	ran := slices.Clone(t.Wishes)
	r = r.rewriteAnswers(func(keyword string, one Reply) Reply {
		if !one.TooOld(at) {
			return one
		}
		late := t
		late.What.Keyword = keyword
		one, late = e.Overdue(one, late, at)
		for i := range ran {
			if ran[i].Keyword == keyword {
				ran[i].Outcome, ran[i].Error = late.Outcome, late.Error
			}
		}
		return one
	})
	if len(ran) > 0 {
		t.Join(ran)
	}
	return r, t
}
