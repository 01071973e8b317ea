package pull

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// Resolver turns an ask into an outcome. It holds no state of its own but the
// Cache's snapshots, so that one of them serves all publishers. It is not copied.
type Resolver struct {
	Cache *Cache
	// Clock measures what passes from the moment of the ask on.
	Clock func() time.Time

	// works are those of asks that are answered, empty.
	works sync.Pool
}

// Resolved is what an ask came to. Nothing of it has happened yet: the caller
// settles the reader and the trace first and sends the reply then.
type Resolved struct {
	// Reply is nil where nothing may be said.
	Reply  *Reply
	Reader who.Reader
	Trace  journal.Trace
	// Certainty is how sure it was what was asked, where words stood around it.
	Certainty what.Certainty
	// Failed is what went wrong, for an editor; nil where nothing did. The trace
	// has it in English.
	Failed error
}

// work is one ask on its way.
type work struct {
	*Resolver
	edition  *Edition
	channel  Channel
	ask      Ask
	reader   who.Reader
	match    what.Match
	trace    journal.Trace
	failure  error
	language string
	zone     *time.Location
	// began is when the work on the ask began, by the Clock, and waited how
	// long the ask had stood in line by then.
	began  time.Time
	waited time.Duration
	// from is where MORE goes on, nil for any other ask.
	from *who.Cursor
	// closed is there for a keyword that tells its last answer outside its hours.
	closed *closed
}

// What is done for an ask, by what it turned out to be: a keyword to answer, a
// conversation to go on with, or an order of the service.
type (
	answering    struct{ *work }
	conversation struct{ *work }
	ordering     struct{ *work }
)

func (w *work) answering() answering       { return answering{w} }
func (w *work) conversation() conversation { return conversation{w} }
func (w *work) ordering() ordering         { return ordering{w} }

// now is the moment of the ask and what has passed since: an answer is no
// younger for having been asked for long ago.
func (w *work) now() time.Time { return w.ask.At.Add(w.waited + w.Clock().Sub(w.began)) }

// Resolve answers an ask in the context of its reader. waited is how long the
// ask has stood in line. Failures become sentences for the reader: there is
// always an outcome.
func (r *Resolver) Resolve(ctx context.Context, e *Edition, a Ask, reader who.Reader, waited time.Duration) (o Resolved) {
	began := r.Clock()
	if a.Group {
		a.Language, a.Consent, reader = "", "", reader.Shared()
	}
	w, _ := r.works.Get().(*work)
	if w == nil {
		w = new(work)
	}
	w.Resolver, w.edition, w.channel, w.ask, w.reader, w.began, w.waited = r, e, e.Channels[a.Channel], a, reader, began, waited
	w.trace = journal.Trace{Ask: a.ID, At: a.At, Channel: a.Channel,
		Took: journal.Took{Queue: journal.Since(waited)}}
	defer w.broken(reader, &o)
	foreign := w.untap()
	w.consent()
	w.match = what.Match{Decision: what.None}
	// A payload is no words, although some platforms send it as the text.
	if w.ask.Tap == "" || w.ask.Tap != w.ask.Text {
		w.match = e.index.Match(w.ask.Text, w.preferred()...)
	}
	w.heed(foreign)
	w.settleLanguage()
	w.trace.Took.What = journal.Since(r.Clock().Sub(began))
	reply := w.reply(ctx)
	w.conversation().amend(ctx, reply, reader)
	w.learn()
	w.inform(reply)
	w.remember(reply)
	w.trace.Took.Total = journal.Since(r.Clock().Sub(began) + waited)
	o = Resolved{Reply: reply, Reader: w.reader, Trace: w.trace, Failed: w.failure, Certainty: w.match.Certainty}
	*w = work{}
	r.works.Put(w)
	return o
}

// reply walks the rules in the order of their rank: a wish to stop, a reader
// who stopped, an open question, commands, keywords.
func (w *work) reply(ctx context.Context) *Reply {
	w.trace.Who.State = string(w.reader.State)
	w.trace.Who.Via = w.ask.Via
	wanted := w.command()
	if w.elsewhere() {
		return w.ordering().notHere(wanted)
	}
	if wanted == command.Stop {
		return w.ordering().stop()
	}
	if w.ask.Start {
		w.reader = w.reader.Start(w.ask.At)
	}
	if w.reader.State == who.Stopped && wanted != command.Start && (!claims(wanted) || w.ask.Group) {
		return w.ordering().stopped()
	}
	w.reader = w.reader.Return(w.ask.At)
	if strings.HasPrefix(w.ask.Tap, tapOption) {
		return w.conversation().tapped(ctx)
	}
	question := w.conversation().open()
	w.reader.Question = nil
	if wanted == command.Paid {
		return w.ordering().paid(ctx)
	}
	if w.ask.Group && personal(wanted) {
		return w.ordering().aside(wanted)
	}
	if wanted != "" && len(w.match.Candidates) > 0 {
		return w.ordering().keepsake(wanted)
	}
	if wanted != "" {
		return w.ordering().order(ctx, wanted)
	}
	if id, ok := strings.CutPrefix(w.ask.Tap, tapKeyword); ok {
		if w.edition.keyword(id) == nil {
			return w.conversation().stale(ctx)
		}
		w.trace.What.Tier = "tap"
		return w.answering().run(ctx, what.Candidate{Keyword: id})
	}
	if reply := w.conversation().place(ctx); reply != nil {
		return reply
	}
	if question != nil {
		if reply := w.conversation().answered(ctx, *question); reply != nil {
			return reply
		}
	}
	return w.matched(ctx)
}

// matched does what the index says of the message.
func (w *work) matched(ctx context.Context) *Reply {
	if m, ok := w.conversation().askMatcher(ctx, w.edition.Matcher); ok {
		w.match = m
	}
	m := w.match
	t := &w.trace.What
	t.Probes, t.Tier, t.Reason, t.Corrected = m.Probes, string(m.Tier), string(m.Reason), m.Corrected
	for _, c := range m.Runners {
		t.Runners = append(t.Runners, c.Keyword)
	}
	switch m.Decision {
	case what.Run:
		if len(m.Candidates) > 1 {
			return w.answering().together(ctx, wishes(m))
		}
		reply := w.answering().run(ctx, m.Candidates[0])
		if m.Corrected {
			return w.conversation().corrected(reply, m)
		}
		return reply
	case what.Offer:
		return w.conversation().offer(m)
	}
	return w.conversation().missed()
}

// command returns the command of a message, by tap or by words. CANCEL, END
// and QUIT close what is open first.
func (w *work) command() command.Command {
	if c, ok := strings.CutPrefix(w.ask.Tap, tapCommand); ok {
		name, _, _ := strings.Cut(c, ":")
		return command.Command(name)
	}
	if w.ask.Tap == "" && w.match.Decision != what.Run && w.typedMore() {
		return command.More
	}
	if w.ask.Tap != "" || w.match.Decision != what.Reserved {
		return ""
	}
	if w.match.Command == command.Stop && !w.channel.SMS && command.Closes(w.ask.Text) && w.closes() {
		return command.Drop
	}
	return w.match.Command
}

// closes reports whether there is something that CANCEL, END and QUIT close. Where
// answers travel in requests alone nothing comes unasked but what the reader
// ordered, so that there is nothing else to stop.
func (w *work) closes() bool {
	// The question below an answer is not what a reader would close.
	if q := w.conversation().open(); q != nil && !q.Corrected {
		return true
	}
	return (w.ask.Fleeting || w.channel.Guests) && len(w.reader.Laters) == 0
}

// typedMore reports whether a message is the label of the button that goes on in the
// list above it: what a button says may be typed.
func (w *work) typedMore() bool {
	c := w.reader.Cursor
	return c != nil && !w.ask.At.After(c.Expires) &&
		textform.Fold(w.ask.Text) == textform.Fold(wordMenuMore.in(w.edition.served(c.Language, w.ask.Language)))
}

// preferred lists the languages to read the message in, best first.
func (w *work) preferred() []string {
	var tags []string
	for _, l := range []string{w.reader.Language, w.ask.Language} {
		if l, ok := w.edition.speaks(l); ok {
			tags = append(tags, l)
		}
	}
	return append(tags, w.edition.Languages...)
}

// settleLanguage decides which language to answer in, and says why: that of the
// phrase, of the command or of the question that is open, that of a message in which
// nothing was recognised, what the reader chose, what the platform says, the
// publisher's first. None but the
// publisher's own count. A program says outright which one its reader has.
func (w *work) settleLanguage() {
	w.language, w.trace.Who.From = w.edition.Languages[0], "publisher"
	ways := []struct{ tag, from string }{{w.asked(), "phrase"}, {w.written(), "message"}, {w.reader.Language, "reader"}, {w.ask.Language, "platform"}}
	if w.channel.Proxy {
		slices.Reverse(ways)
	}
	for _, l := range ways {
		if tag, ok := w.edition.speaks(l.tag); ok {
			w.language, w.trace.Who.From = tag, l.from
			break
		}
	}
	w.zone = w.edition.Zone
	if z, err := time.LoadLocation(w.reader.TimeZone); err == nil && w.reader.TimeZone != "" {
		w.zone = z
	}
	w.trace.Who.Language, w.trace.Who.Zone = w.language, w.zone.String()
}

// asked is the language of the words that were recognised; "" where they are of
// several, or none were.
func (w *work) asked() string {
	if len(w.match.Candidates) == 0 || w.match.Command == command.Paid {
		if q := w.conversation().open(); q != nil {
			return q.Language
		}
		if c := w.reader.Cursor; c != nil && w.command() == command.More {
			return c.Language // it goes on as it began
		}
		return command.Language(w.ask.Text)
	}
	language := w.match.Candidates[0].Language
	for _, c := range w.match.Candidates {
		if c.Language != language {
			return ""
		}
	}
	return language
}

// written is the language of a message in which nothing was recognised: a greeting, or
// a sentence that asks for what is not there.
func (w *work) written() string {
	if w.ask.Tap != "" || w.match.Decision != what.None {
		return ""
	}
	return what.Written(w.ask.Text, w.edition.Languages)
}

// consent notes what came with the message.
func (w *work) consent() {
	if w.channel.Consent == "" || w.ask.Consent == "" {
		return
	}
	given := w.ask.Consent == "given"
	if w.reader.Consent.Given == given && w.reader.Consent.Refused != given {
		return
	}
	w.reader.Consent = who.Consent{
		Given: given, Refused: !given, At: w.ask.At, Channel: w.ask.Channel, Text: version(w.channel.Consent),
	}
}

// Anonymous reports whether nothing of the ask may be kept but its id.
func (o Resolved) Anonymous(c Channel) bool { return c.Consent != "" && !o.Reader.Consent.Given }

// remember writes into the reader's document what the next ask may use, and
// greets a reader who comes for the first time below the answer. A group is
// nobody who could be greeted.
func (w *work) remember(reply *Reply) {
	if w.ask.Group {
		w.reader = w.reader.Shared()
		w.discreet()
		return
	}
	w.reader.Guest = w.channel.Guests && !w.reader.Consent.Given
	if reply == nil || w.reader.State != who.Active {
		return
	}
	w.introduce(reply)
	if w.channel.Consent != "" && !w.reader.Consent.Given {
		w.reader = w.reader.Bare()
		w.discreet()
		return
	}
	if w.reader.First.IsZero() {
		w.reader.First = w.ask.At
	}
	w.reader.Address = w.ask.Address
}

// discreet keeps words out of the trace to which nobody agreed.
func (w *work) discreet() {
	if w.channel.Consent != "" && !w.reader.Consent.Given {
		w.trace.What.Core, w.trace.What.Accepted = "", ""
	}
}

// introduce says once who answers, below the first reply that does not say so
// itself.
func (w *work) introduce(reply *Reply) {
	if w.reader.Greeted || !w.reader.First.IsZero() {
		return
	}
	w.trace.Who.First, w.reader.Greeted = true, true
	if w.ask.Greeted {
		return
	}
	switch command.Command(w.trace.What.Command) {
	case command.Start, command.Help:
		return
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Note, Own: true, Text: w.words(wordFirst, "publisher", w.edition.Name)})
}

// say returns a reply of one of the service's own texts.
func (w *work) say(word Word, pairs ...any) *Reply {
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Own: true, Text: w.words(word, pairs...)}}}
}

// words returns a text in the language of the answer, or where readers are not
// served in that, in the next best.
func (w *work) words(word Word, pairs ...any) string {
	return word.in(w.tongue(), pairs...)
}

// tongue is the language of the service's own texts.
func (w *work) tongue() string { return w.edition.served(w.language, w.ask.Language) }

// cut shortens a reader's word for quoting it back.
func cut(s string, runes int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= runes {
		return s
	}
	return string(r[:runes]) + "…"
}
