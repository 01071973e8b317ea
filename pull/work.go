package pull

import (
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/when"
	"keypull/pull/who"
)

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
	// computing is where it is noted that the ask is being computed.
	computing *outside.Computation
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

// now returns the moment of the ask and what has passed since: an answer is no
// younger for having been asked for long ago.
func (w *work) now() time.Time { return w.ask.At.Add(w.waited + w.clock().Sub(w.began)) }

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

// say returns a reply of one of the service's own texts.
func (w *work) say(word Word, pairs ...any) *Reply {
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Own: true, Text: w.words(word, pairs...)}}}
}

// words returns a text in the language of the answer, or where readers are not
// served in that, in the next best.
func (w *work) words(word Word, pairs ...any) string {
	return word.in(w.tongue(), pairs...)
}

// tongue returns the language of the service's own texts.
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

func (w *work) refuse(word Word, pairs ...any) *Reply {
	w.trace.Outcome = journal.Refused
	return w.say(word, pairs...)
}

// name returns what a sentence calls a keyword: by its own name, else by what the
// reader wrote; never by its id, which is the editors'.
func (w *work) name(k *keyword) string {
	if name := w.edition.name(k, w.language); name != "" {
		return name
	}
	if said := cut(w.ask.Text, 60); said != "" && w.ask.Text != w.ask.Tap {
		return said
	}
	return w.edition.Name
}

// example returns how to ask a keyword that takes an argument: with an entry of its
// source's vocabulary, where it has one.
func (w *work) example(k *keyword) string {
	t, ok := w.sample(k)
	if !ok {
		return w.name(k) + " …"
	}
	return w.name(k) + " " + slices.Concat(t.Names, []string{t.Value})[0]
}

// sample returns an entry of a keyword's vocabulary: of the reader's language, where
// there is one. It is but an example: a source that breaks down has none.
func (w *work) sample(k *keyword) (_ what.Term, found bool) {
	defer func() {
		if p := recover(); p != nil {
			found = false
			w.wentWrong(Broken("list what is known", p))
		}
	}()
	v, ok := k.source.Source.(Vocabulary)
	if !ok || k.source.Problem != nil {
		return what.Term{}, false
	}
	terms := w.cache.Terms(context.Background(), w.edition.ID, k.Source, v.Terms(w.cache.Last(context.Background(), w.edition.vocabularyPlace(k))))
	for _, t := range terms {
		if base(t.Language) == base(w.language) {
			return t, true
		}
	}
	if len(terms) == 0 {
		return what.Term{}, false
	}
	return terms[0], true
}

// moment words a time to come.
func (w *work) moment(t time.Time) string {
	return when.Moment(t, w.ask.At, w.zone, w.tongue())
}

// termName returns what readers call an entry of the vocabulary: the argument alone
// may be an id that tells them nothing.
func (w *work) termName(k *keyword, argument string) string {
	known := k.terms.Terms()
	if v, ok := k.source.Source.(Vocabulary); ok && k.source.Problem == nil {
		known = slices.Concat(v.Terms(w.cache.Last(context.Background(), w.edition.vocabularyPlace(k))), known)
	}
	for _, t := range known {
		if t.Value == argument && len(t.Names) > 0 {
			return t.Names[0]
		}
	}
	return argument
}

// spoken returns an argument as a sentence tells it: as the reader wrote it, else by
// the name of the entry that it stands for.
func (w *work) spoken(k *keyword, argument string) string {
	if !strings.Contains(textform.Fold(w.ask.Text), textform.Fold(argument)) {
		argument = w.termName(k, argument)
	}
	return cut(argument, 60)
}

// wentWrong notes what kept the answer from being what it should.
func (w *work) wentWrong(err error) { w.failure, w.trace.Error = err, err.Error() }
