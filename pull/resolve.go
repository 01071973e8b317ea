package pull

import (
	"context"
	"strings"
	"sync"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
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

// Request is an ask to resolve.
type Request struct {
	Edition *Edition
	Ask     Ask
	// Reader is the document in whose context it is answered.
	Reader who.Reader
	// Waited is how long the ask has stood in its queue.
	Waited time.Duration
}

// work is one ask on its way.
type work struct {
	cache    *Cache
	clock    func() time.Time
	edition  *Edition
	channel  Channel
	ask      Ask
	reader   who.Reader
	match    what.Match
	trace    journal.Trace
	failure  error
	language string
	zone     *time.Location
	// began is when the work on the ask began, by the clock, and waited how
	// long the ask had stood in its queue by then.
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
func (w *work) now() time.Time { return w.ask.At.Add(w.waited + w.clock().Sub(w.began)) }

// Resolve answers an ask in the context of its reader. Failures become sentences for
// the reader: there is always an outcome.
func (r *Resolver) Resolve(ctx context.Context, q Request) (o Resolved) {
	w := r.begin(q)
	before := w.reader
	defer w.broken(before, &o)
	w.hearing().hear()
	w.trace.Took.What = journal.Since(r.Clock().Sub(w.began))
	reply := w.reply(ctx)
	w.conversation().amend(ctx, reply, before)
	w.noting().note(reply)
	w.trace.Took.Total = journal.Since(r.Clock().Sub(w.began) + w.waited)
	o = Resolved{Reply: reply, Reader: w.reader, Trace: w.trace, Failed: w.failure, Certainty: w.match.Certainty}
	*w = work{}
	r.works.Put(w)
	return o
}

// begin is the work on an ask before anything is known of it.
func (r *Resolver) begin(q Request) *work {
	w, _ := r.works.Get().(*work)
	if w == nil {
		w = new(work)
	}
	a := q.Ask
	w.cache, w.clock, w.edition, w.channel, w.ask, w.reader = r.Cache, r.Clock, q.Edition, q.Edition.Channels[a.Channel], a, q.Reader
	w.began, w.waited, w.zone = r.Clock(), q.Waited, q.Edition.Zone
	if a.Group {
		w.ask.Language, w.ask.Consent, w.reader = "", "", q.Reader.Shared()
	}
	w.trace = journal.Trace{Ask: a.ID, At: a.At, Channel: a.Channel, Took: journal.Took{Queue: journal.Since(q.Waited)}}
	return w
}

// reply walks the rules in the order of their rank: a wish to stop, a reader who
// stopped, an option of a question, commands, keywords by a button, and then what
// the words say.
func (w *work) reply(ctx context.Context) *Reply {
	w.trace.Who.State, w.trace.Who.Via = string(w.reader.State), w.ask.Via
	wanted := w.hearing().command()
	if reply, done := w.ordering().first(wanted); done {
		return reply
	}
	question := w.conversation().open()
	w.reader.Question = nil
	switch {
	case strings.HasPrefix(w.ask.Tap, tapOption):
		return w.conversation().tapped(ctx, question)
	case wanted != "":
		return w.ordering().order(ctx, wanted)
	case strings.HasPrefix(w.ask.Tap, tapKeyword):
		return w.conversation().pressed(ctx)
	}
	return w.conversation().understand(ctx, question)
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

// Anonymous reports whether nothing of the ask may be kept but its id.
func (o Resolved) Anonymous(c Channel) bool { return c.Consent != "" && !o.Reader.Consent.Given }

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
