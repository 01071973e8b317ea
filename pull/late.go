package pull

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/who"
	"keypull/pull/withdrawal"
)

// Told is how an answer tells its age: by what passed since, as it was settled,
// and by the clock, as it is told where it leaves later than that.
type Told struct {
	// Stamp stands in the text of the blocks; "" if the answer needed none.
	Stamp string `json:"stamp,omitempty"`
	// Clock says the same without what has passed, Dated with the day besides,
	// for telling it from Midnight on, the reader's.
	Clock    string    `json:"clock"`
	Dated    string    `json:"dated"`
	Midnight time.Time `json:"midnight"`
	// Aged is from when on an answer without a stamp needs one, and Until when
	// it is too old to be told at all; zero where neither ever comes.
	Aged  time.Time `json:"aged,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// newTold returns a stamp as a reply has it; stands is its text where that is in the answer.
func newTold(s when.Told, stands string) *Told {
	return &Told{Stamp: stands, Clock: s.Clock, Dated: s.Dated, Midnight: s.Midnight}
}

// Late returns the answer as it is told at a later moment than it was settled
// for: its age by the clock, and told also where it needed none before.
func (r Reply) Late(at time.Time) Reply {
	if len(r.Answers) > 0 {
		return r.rewriteAnswers(func(_ string, one Reply) Reply { return one.Late(at) })
	}
	if r.Told == nil {
		return r
	}
	stamp := r.Told.Clock
	if !at.Before(r.Told.Midnight) {
		stamp = r.Told.Dated
	}
	r.Blocks = slices.Clone(r.Blocks)
	if r.Told.Stamp == "" {
		if !r.Told.Aged.IsZero() && at.After(r.Told.Aged) {
			r.Blocks = append(r.Blocks, Block{Kind: Stamp, Text: stamp})
		}
		return r
	}
	for i := range r.Blocks {
		r.Blocks[i].Text = strings.ReplaceAll(r.Blocks[i].Text, r.Told.Stamp, stamp)
	}
	return r
}

// retold returns what an answer left untold as it is told at a later moment: with an age
// that tells the hour, and will not change any more.
func (r Reply) retold(at time.Time) Reply {
	if len(r.Answers) > 0 {
		return r.rewriteAnswers(func(_ string, one Reply) Reply { return one.retold(at) })
	}
	if r = r.Late(at); r.Told != nil {
		r.Told = &Told{Until: r.Told.Until, Dated: r.Told.Dated}
	}
	return r
}

// TooOld reports whether the answer must not be told any more.
func (r Reply) TooOld(at time.Time) bool {
	for _, a := range r.Answers {
		if (Reply{Told: a.Told}).TooOld(at) {
			return true
		}
	}
	return r.Told != nil && !r.Told.Until.IsZero() && at.After(r.Told.Until)
}

// Earlier returns the reply with a line above it: so many answers before it
// could not be brought in time, and were given up.
func (r Reply) Earlier(answers int) Reply {
	if answers == 0 {
		return r
	}
	line := Block{Kind: Note, Text: wordEarlier.inLanguage(r.Language, "n", answers)}
	r.Blocks = slices.Insert(slices.Clone(r.Blocks), 0, line)
	if len(r.Answers) > 0 {
		r.Answers = slices.Clone(r.Answers)
		r.Answers[0].Blocks++
	}
	return r
}

// Overdue returns the refusal that takes the place of an answer which could not be
// brought before it was too old to be told at a moment; of several in one reply
// it takes the place of those that are.
func (e *Edition) Overdue(r Reply, t journal.Trace, at time.Time) (Reply, journal.Trace) {
	if len(r.Answers) > 0 {
		return e.refuseOverdueAnswers(r, t, at)
	}
	t.Outcome, t.Error = journal.Refused, "the answer could not be brought to the reader before it was too old"
	return Reply{Language: r.Language, Blocks: []Block{{
		Kind: Paragraph, Text: wordOverdue.inLanguage(r.Language, "keyword", e.nameByID(t.What.Keyword, r.Language), "stamp", r.Told.Dated),
	}}}, t
}

// itemsTold returns the items of an answer, so that it can be taken back.
func itemsTold(k *keyword, items []what.Item) []withdrawal.Told {
	all := make([]withdrawal.Told, len(items))
	for i, it := range items {
		all[i] = withdrawal.Told{Source: k.Source, ID: it.ID, Link: it.Link, Keyword: k.ID}
	}
	return all
}

// Recalled reports whether a reply tells what has been withdrawn since it was worded: by
// its items, or by its words if that was after the ask.
func (r *Resolver) Recalled(ctx context.Context, publisher string, reply *Reply, asked time.Time) (bool, error) {
	if reply == nil {
		return false, nil
	}
	set, err := r.Cache.withdrawals.rulesFor(ctx, publisher, EverySource)
	if err != nil || set == nil {
		return false, err
	}
	if len(reply.Answers) == 0 {
		return reply.tellsWithdrawn(set, asked), nil
	}
	all, _ := reply.Apart()
	return slices.ContainsFunc(all, func(one Reply) bool { return one.tellsWithdrawn(set, asked) }), nil
}

func (r Reply) tellsWithdrawn(set *withdrawal.Set, asked time.Time) bool {
	if len(r.Tells) == 0 {
		return false
	}
	var said []string
	for _, b := range r.Blocks {
		said = append(said, b.Text, strings.Join(b.Lines, "\n"))
	}
	return set.Tells(r.Tells, said, asked)
}

// Recall returns what is told in the place of an answer that tells what is withdrawn;
// of several in one reply, in the place of those.
func (r *Resolver) Recall(e *Edition, reply Reply, t journal.Trace) (Reply, journal.Trace) {
	set, _ := r.Cache.withdrawals.knownRules(e.ID, EverySource)
	t.Outcome, t.Error = journal.Refused, "the answer told what was withdrawn before it left"
	if len(reply.Answers) == 0 {
		return e.withdrawnReply(t.What.Keyword, reply), t
	}
	reply.Media, reply.Cards, reply.Data = nil, nil, nil
	return reply.rewriteAnswers(func(keyword string, one Reply) Reply {
		if !one.tellsWithdrawn(set, t.At) {
			return one
		}
		return e.withdrawnReply(keyword, one)
	}), t
}

// nameByID returns what readers of a language call a keyword, or the publisher's name
// if they have no word for it.
func (e *Edition) nameByID(id, language string) string {
	if k := e.everything().keywordByID(id); k != nil {
		return cmp.Or(e.keywordName(k, language), e.Name)
	}
	return e.Name
}

func (e *Edition) withdrawnReply(keyword string, r Reply) Reply {
	text := wordWithdrawn.inLanguage(e.servedLanguage(r.Language, ""), "keyword", e.nameByID(keyword, r.Language))
	return Reply{Language: r.Language, Blocks: []Block{{Kind: Paragraph, Text: text}}}
}

// maxAmended is how many corrections one reply tells of what a reader saw before.
const maxAmended = 3

// tellCorrections tells a reader who saw an item what its publisher has said of it since,
// above the answer to whatever is asked next; once.
func (w noting) tellCorrections(ctx context.Context, reply *Reply, before who.Reader) {
	if reply == nil || w.ask.Group || len(before.Recent) == 0 || w.reader.State != who.Active {
		return
	}
	set, err := w.cache.withdrawals.rulesFor(ctx, w.edition.ID, EverySource)
	if err != nil || set == nil {
		return
	}
	var rules []withdrawal.Rule
	for _, p := range before.Recent {
		for _, mark := range p.Items {
			for _, r := range set.Said(mark, p.At, before.Met) {
				if !slices.ContainsFunc(rules, func(o withdrawal.Rule) bool { return o.ID == r.ID }) {
					rules = append(rules, r)
				}
			}
		}
	}
	if len(rules) == 0 {
		return
	}
	slices.SortFunc(rules, func(a, b withdrawal.Rule) int { return b.At.Compare(a.At) })
	w.reader.Met = rules[0].At
	for _, r := range slices.Backward(rules[:min(len(rules), maxAmended)]) {
		if line := w.correctionText(r); !reply.hasText(r.Say) {
			reply.addHeadline(line)
		}
	}
}

// tellCrisis puts the publisher's crisis text above the answers of the keywords that it is
// meant for.
func (w noting) tellCrisis(reply *Reply) {
	c := &w.edition.Crisis
	if reply == nil || len(c.Text) == 0 {
		return
	}
	for wish := range w.trace.Ran() {
		if wish.Outcome != journal.Answered && wish.Outcome != journal.Refused || !w.edition.hasCrisis(wish.Keyword) {
			continue
		}
		if text := c.TextAt(w.answerTime(), reply.Language); text != "" {
			reply.addHeadline(w.local.textOf(wordCrisis, "text", text))
		}
		return
	}
}

// hasCrisis says that the crisis text is meant for a keyword.
func (e *Edition) hasCrisis(keyword string) bool {
	k := e.keywordByID(keyword)
	return k != nil && (len(e.Crisis.Keywords) == 0 || slices.ContainsFunc(e.Crisis.Keywords, func(id string) bool { return e.keywordByID(id) == k }))
}

// hasText reports whether a text stands in a reply.
func (r *Reply) hasText(text string) bool {
	return slices.ContainsFunc(r.Blocks, func(b Block) bool { return strings.Contains(b.Text, text) })
}

// addHeadline puts a line above a reply.
func (r *Reply) addHeadline(line string) {
	r.Blocks = slices.Insert(slices.Clone(r.Blocks), 0, Block{Kind: Note, Text: line})
	if len(r.Answers) > 0 {
		r.Answers[0].Blocks++
	}
}

// correctionText words what is said of an item that a reader saw.
func (w noting) correctionText(r withdrawal.Rule) string {
	title := ""
	if len(r.Found) > 0 {
		title = shortenText(r.Found[0].Title, 80)
	}
	switch {
	case title == "":
		return w.local.textOf(wordAmended, "text", r.Say)
	case r.Corrects:
		return w.local.textOf(wordAmendedOf, "title", title, "text", r.Say)
	}
	return w.local.textOf(wordWithdrawnOf, "title", title, "text", r.Say)
}

// addCorrections adds to an answer the corrections of the items that it tells, above
// its stamp.
func (w answering) addCorrections(ctx context.Context, k *keyword, items []what.Item, reply *Reply) {
	set, err := w.cache.withdrawals.rulesFor(ctx, w.edition.ID, k.Source)
	if err != nil || set == nil {
		return
	}
	var lines []Block
	for i := range items {
		for _, said := range set.Lines(k.Source, &items[i]) {
			line := w.local.textOf(wordAmended, "text", said)
			if len(items) > 1 {
				line = w.local.textOf(wordAmendedOf, "title", shortenText(items[i].Title, 80), "text", said)
			}
			lines = append(lines, Block{Kind: Note, Text: line})
			if reply.Data != nil && i < len(reply.Data.Pieces) {
				reply.Data.Pieces[i].Facts = append(reply.Data.Pieces[i].Facts, PieceFact{Name: "correction", Text: said})
			}
		}
	}
	w.trace.When.Amended = len(lines) > 0
	at := len(reply.Blocks)
	if at > 0 && reply.Blocks[at-1].Kind == Stamp {
		at--
	}
	reply.Blocks = slices.Insert(reply.Blocks, at, lines...)
}
