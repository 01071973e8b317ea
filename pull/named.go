package pull

import (
	"context"
	"slices"
	"strings"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// QueryFirst is the query of a keyword that asks on purpose for whatever its
// source brings first: of recipes the newest one.
const QueryFirst = "*"

// standing is what a keyword asks for where the reader gave no argument; own
// says that it is its phrase that names it.
func (k *keyword) standing() (argument string, own bool) {
	switch {
	case k.Query == QueryFirst:
		return "", false
	case k.Query != "", what.Argument(k.Argument) == what.ArgumentRequired:
		return k.Query, false
	}
	n, ok := k.source.Source.(Named)
	return "", ok && n.ByName()
}

// maxOwnPhrases bounds the phrases of a keyword that are looked up.
const maxOwnPhrases = 20

// ownPhrases are the phrases that a keyword may be looked up by: the one that
// called it, then those of the reader's language, then all others.
func (w answering) ownPhrases(k *keyword, called string) []string {
	var all []string
	if called != "" {
		all = append(all, called)
	}
	for _, language := range append([]string{w.language}, w.edition.Languages...) {
		for _, phrase := range k.Phrases[language] {
			if !slices.Contains(all, phrase) {
				all = append(all, phrase)
			}
		}
	}
	return all[:min(len(all), maxOwnPhrases)]
}

// byPhrase answers a keyword that is its own argument.
func (w answering) byPhrase(ctx context.Context, k *keyword, called string) *Reply {
	if k.takes() && !w.lists(k) {
		// Whatever a service without a list makes of the word for "quote" is not
		// what was asked for.
		return w.nameless(k)
	}
	brought := map[string]Found{}
	for _, phrase := range w.ownPhrases(k, called) {
		q := w.query(k, phrase)
		kept, found, err := w.lookUp(ctx, k, q, brought)
		if kind := KindOf(err); kind == Unknown || kind == Invalid || err == nil && found.empty() {
			continue
		}
		w.trace.What.Argument = phrase
		if err != nil {
			return w.failed(k, kept, err, phrase)
		}
		return w.tell(ctx, k, kept, found, q)
	}
	return w.nameless(k)
}

// takes reports whether a keyword takes words beside its phrase.
func (k *keyword) takes() bool { return what.Argument(k.Argument) == what.ArgumentOptional }

// lists reports whether the source of a keyword says what it knows.
func (w answering) lists(k *keyword) bool {
	v, ok := k.source.Source.(Vocabulary)
	if !ok || k.source.Problem != nil {
		return true
	}
	return len(v.Terms(w.Cache.Last(context.Background(), w.edition.vocabularyPlace(k)))) > 0 || !w.keyed(k)
}

// keyed reports whether the source has no snapshot but those of arguments.
func (w answering) keyed(k *keyword) bool {
	_, err := k.source.Key(Query{Count: 1, Language: w.language, At: w.ask.At})
	return err != nil
}

// nameless answers a keyword that no entry bears the name of.
func (w answering) nameless(k *keyword) *Reply {
	if k.takes() {
		return w.instead(w.refuse(wordMissing, "keyword", w.name(k), "example", w.example(k)), k)
	}
	return w.onward(w.refuse(wordNothingNow, "keyword", w.name(k)))
}

// lookUp asks the source for what one argument names. What was brought for one
// phrase serves the next.
func (w answering) lookUp(ctx context.Context, k *keyword, q Query, brought map[string]Found) (Found, Selection, error) {
	key, err := w.key(k, q)
	if err != nil {
		return Found{}, Selection{}, err
	}
	kept, ok := brought[key]
	if !ok {
		if kept, err = w.bring(ctx, k, q); err != nil {
			return kept, Selection{}, err
		}
		brought[key] = kept
	}
	found, err := k.source.Select(ctx, *kept.Snapshot, q)
	return kept, found, err //nolint:wrapcheck // the source's own
}

// empty reports whether nothing was found, not even something to choose from.
func (s Selection) empty() bool { return len(s.Items) == 0 && len(s.Choices) == 0 }

// several asks which of the entries is meant that an argument fits.
func (w answering) several(k *keyword, choices []what.Term, argument string) *Reply {
	return w.choose(k, Selection{Choices: choices}, argument)
}

// choose offers the entries that an argument fits, or where none does, those that
// come nearest.
func (w answering) choose(k *keyword, found Selection, argument string) *Reply {
	choices := found.Choices
	q := who.Question{}
	for _, c := range choices {
		if o := w.choiceOf(k, c); o.Argument == c.Value && o.Label != "" && len(q.Options) < offerAtMost {
			q.Options = append(q.Options, o)
		}
	}
	if len(q.Options) == 0 {
		return w.nothing(k, argument)
	}
	w.conversation().tellApart(q.Options)
	w.trace.Outcome, w.trace.Error, w.failure = journal.Offered, "", nil
	lead := wordSeveral
	if len(choices) > offerAtMost {
		lead = wordSeveralMore
	}
	if found.Nearest {
		return w.conversation().pose(wordNearest, q, "argument", cut(argument, 60), "keyword", w.name(k))
	}
	return w.conversation().pose(lead, q, "argument", cut(argument, 60), "n", len(choices))
}

// choiceOf is an entry as an option, named as its source names it.
func (w answering) choiceOf(k *keyword, c what.Term) who.Option {
	shown := c.Value
	if len(c.Names) > 0 {
		shown = c.Names[0]
	}
	name := strings.TrimSpace(w.edition.name(k, w.language) + " " + cut(shown, 40))
	if k.Bare {
		name = shown
	}
	return who.Option{Keyword: k.ID, Argument: clip(c.Value, optionRunes), Label: cut(name, labelRunes)}
}

// maxQuestioned is how many words a phrase has at most that a question may follow.
const maxQuestioned = 4

// question notes the phrases of a keyword that takes whole questions.
func (e *Edition) question(k *keyword) {
	if k.source == nil || k.Argument == string(what.ArgumentNone) {
		return
	}
	if q, ok := k.source.Source.(Questioned); !ok || !q.TakesQuestions() {
		return
	}
	if e.questions == nil {
		e.questions = map[string]what.Candidate{}
	}
	for language, phrases := range k.Phrases {
		for _, phrase := range phrases {
			if folded := textform.Fold(phrase); folded != "" && e.questions[folded].Keyword == "" {
				e.questions[folded] = what.Candidate{Keyword: k.ID, Phrase: phrase, Language: language}
			}
		}
	}
}

// questioned finds the keyword that a message begins with and that takes what follows
// as a question.
func (e *Edition) questioned(text string) (what.Candidate, bool) {
	if len(e.questions) == 0 {
		return what.Candidate{}, false
	}
	words := strings.Fields(strings.TrimLeft(text, "/#! "))
	for n := min(maxQuestioned, len(words)-1); n > 0; n-- {
		c, ok := e.questions[textform.Fold(strings.Join(words[:n], " "))]
		if rest := strings.TrimLeft(strings.Join(words[n:], " "), ":–—- "); ok && rest != "" {
			c.Argument = rest
			return c, true
		}
	}
	return what.Candidate{}, false
}
