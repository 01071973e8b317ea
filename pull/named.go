package pull

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"keypull/pull/journal"
	"keypull/pull/what"
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
func (w *work) ownPhrases(k *keyword, called string) []string {
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
func (w *work) byPhrase(ctx context.Context, k *keyword, called string) *Reply {
	if k.takes() && !w.lists(k) {
		// Whatever a service without a list makes of the word for "quote" is not
		// what was asked for.
		return w.nameless(k)
	}
	brought := map[string]Kept{}
	for _, phrase := range w.ownPhrases(k, called) {
		kept, items, err := w.lookUp(ctx, k, phrase, brought)
		if kind := KindOf(err); kind == Unknown || kind == Invalid || err == nil && len(items) == 0 {
			continue
		}
		w.trace.What.Argument = phrase
		if err != nil {
			return w.failed(k, kept, err, phrase)
		}
		return w.tell(ctx, k, kept, items, phrase)
	}
	return w.nameless(k)
}

// takes reports whether a keyword takes words beside its phrase.
func (k *keyword) takes() bool { return what.Argument(k.Argument) == what.ArgumentOptional }

// lists reports whether the source of a keyword says what it knows.
func (w *work) lists(k *keyword) bool {
	v, ok := k.source.Source.(Vocabulary)
	if !ok || k.source.Problem != nil {
		return true
	}
	return len(v.Terms(w.Keeper.Last(context.Background(), w.edition.vocabularyPlace(k)))) > 0 || !w.keyed(k)
}

// keyed reports whether the source has no snapshot but those of arguments.
func (w *work) keyed(k *keyword) bool {
	_, err := k.source.Key(Query{Count: 1, Language: w.language, At: w.ask.At})
	return err != nil
}

// nameless answers a keyword that no entry bears the name of.
func (w *work) nameless(k *keyword) *Reply {
	if k.takes() {
		return w.refuse(wordMissing, "keyword", w.name(k), "example", w.example(k))
	}
	return w.refuse(wordNothingNow, "keyword", w.name(k))
}

// lookUp asks the source for what one argument names. What was brought for one
// phrase serves the next.
func (w *work) lookUp(ctx context.Context, k *keyword, argument string, brought map[string]Kept) (Kept, []what.Item, error) {
	q := w.query(k, argument)
	if k.source.Problem != nil {
		return Kept{}, nil, k.source.Problem
	}
	key, err := k.source.Key(q)
	if err != nil {
		return Kept{}, nil, err //nolint:wrapcheck // the source's own
	}
	kept, ok := brought[key]
	if !ok {
		if kept, err = w.bring(ctx, k, q); err != nil {
			return kept, nil, err
		}
		brought[key] = kept
	}
	items, err := k.source.Select(ctx, *kept.Snapshot, q)
	return kept, items, err //nolint:wrapcheck // the source's own
}

// several asks which of the entries is meant that an argument fits.
func (w *work) several(k *keyword, err error, argument string) *Reply {
	var e *Error
	if !errors.As(err, &e) || len(e.Choices) == 0 {
		return w.refuse(wordNothing, "keyword", w.name(k), "argument", cut(argument, 60))
	}
	candidates := make([]what.Candidate, 0, offerAtMost)
	for _, c := range e.Choices[:min(len(e.Choices), offerAtMost)] {
		candidates = append(candidates, what.Candidate{Keyword: k.ID, Argument: c.Value})
	}
	w.trace.Outcome, w.trace.Error = journal.Offered, ""
	lead := wordSeveral
	if len(e.Choices) > offerAtMost {
		lead = wordSeveralMore
	}
	return w.pose(lead, who.Question{Options: w.options(candidates)},
		"argument", cut(argument, 60), "count", strconv.Itoa(len(e.Choices)))
}
