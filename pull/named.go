package pull

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/slot"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// indexFormerIDs has keywords be found by the ids that they had before too: buttons that
// were sent, open questions and what readers keep name them so.
func (e *Edition) indexFormerIDs() {
	for i, k := range e.order {
		for _, was := range k.Formerly {
			if e.keywordByID(was) == nil {
				e.ids.Set(e.ids.Hash(idHash, was), int32(i))
			}
		}
	}
	e.ids.Fit()
}

// keywordByID returns the keyword that has or had this id, or nil.
func (e *Edition) keywordByID(id string) *keyword {
	at, ok := e.ids.Find(e.ids.Hash(idHash, id))
	if !ok {
		return nil
	}
	return e.order[at]
}

// isNamed reports whether an id is the keyword's, or one that it had.
func (k *keyword) isNamed(id string) bool { return id == k.ID || slices.Contains(k.Formerly, id) }

// idHash tells the table of ids that all its texts are such.
const idHash = 1

// QueryFirst is the query of a keyword that asks on purpose for whatever its
// source brings first: of recipes the newest one.
const QueryFirst = "*"

// defaultArgument returns what a keyword asks for where the reader gave no argument; own
// says that it is its phrase that names it.
func (k *keyword) defaultArgument() (argument string, own bool) {
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

// phrasesToLookUp returns the phrases that a keyword may be looked up by: the one that
// called it, then those of the reader's language, then all others.
func (w answering) phrasesToLookUp(k *keyword, called string) []string {
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

// answerByPhrase answers a keyword that is its own argument.
func (w answering) answerByPhrase(ctx context.Context, k *keyword, called string) *Reply {
	if k.takesArgument() && !(asking(w)).listsEntries(k) {
		// A source without a list would look up the word for "quote" itself.
		return w.refuseNameless(k)
	}
	brought := map[string]Found{}
	for _, phrase := range w.phrasesToLookUp(k, called) {
		q := asking(w).newQuery(k, phrase)
		kept, found, err := asking(w).lookUpPhrase(ctx, k, q, brought)
		if kind := KindOf(err); kind == Unknown || kind == Invalid || err == nil && found.isEmpty() {
			continue
		}
		w.trace.What.Argument = phrase
		if err != nil {
			return w.refuseFailed(ctx, k, kept, err, phrase)
		}
		return w.tellSelection(ctx, k, kept, found, q)
	}
	return w.refuseNameless(k)
}

// takesArgument reports whether a keyword takes words beside its phrase.
func (k *keyword) takesArgument() bool { return what.Argument(k.Argument) == what.ArgumentOptional }

// takesWords reports whether a keyword takes words beside its phrase, or needs them.
func (k *keyword) takesWords() bool {
	return k.takesArgument() || what.Argument(k.Argument) == what.ArgumentRequired
}

// listsEntries reports whether the source of a keyword says what it knows.
func (w asking) listsEntries(k *keyword) bool {
	v, ok := k.source.Source.(Vocabulary)
	if !ok || k.source.Problem != nil {
		return true
	}
	return len(v.Terms(w.cache.Last(context.Background(), w.edition.vocabularyPlace(k)))) > 0 || !w.needsArgument(k)
}

// needsArgument reports whether the source has no snapshot without an argument.
func (w asking) needsArgument(k *keyword) bool {
	_, err := k.source.Key(Query{Keyword: k.ID, Count: 1, Language: w.language, At: w.ask.At})
	return err != nil
}

// refuseNameless answers a keyword whose name is that of no entry.
func (w answering) refuseNameless(k *keyword) *Reply {
	if k.takesArgument() {
		return w.askForArgument(k)
	}
	return w.withMenu(w.refuseWith(wordNothingNow, "keyword", w.local.keywordName(k)))
}

// lookUpPhrase asks the source for what one argument names. What was brought for one
// phrase serves the next.
func (w asking) lookUpPhrase(ctx context.Context, k *keyword, q Query, brought map[string]Found) (Found, Selection, error) {
	key, err := w.snapshotKey(k, q)
	if err != nil {
		return Found{}, Selection{}, err
	}
	kept, ok := brought[key]
	if !ok {
		if kept, err = w.bringSnapshot(ctx, k, q); err != nil {
			return kept, Selection{}, err
		}
		brought[key] = kept
	}
	found, err := w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, *kept.Snapshot, q)
	return kept, found, err
}

// isEmpty reports whether nothing was found, not even something to choose from.
func (s Selection) isEmpty() bool { return len(s.Items) == 0 && len(s.Choices) == 0 }

// askWhichOf asks which of the entries that fit an argument is meant.
func (w answering) askWhichOf(ctx context.Context, k *keyword, choices []what.Term, argument string) *Reply {
	return w.askWhich(ctx, k, Selection{Choices: choices, Near: len(choices) == 1}, Query{Argument: argument})
}

// askWhich asks which of the choices is meant. Where nothing was asked for beside
// the keyword they are a list, and MORE goes on with it, as with those that are more than an offer lists.
func (w answering) askWhich(ctx context.Context, k *keyword, found Selection, query Query) *Reply {
	q := who.Question{}
	most, lead := offerAtMost, wordSeveral
	switch {
	case query.Argument == "":
		most, lead = MaxChoices, wordOffer
	case found.Near:
		lead = wordNearest
	case len(found.Choices) > offerAtMost:
		lead = wordSeveralMore
	}
	choices := found.Choices
	if lead == wordSeveralMore { // the source names all of them each time
		choices = choices[min(query.Offset, len(choices)):]
		found.More = len(choices) > most
	}
	for _, c := range choices {
		if o := w.choiceOption(k, c); o.Argument == c.Value && o.Label != "" && len(q.Options) < most {
			q.Options = append(q.Options, o)
		}
	}
	if len(q.Options) == 0 {
		return w.refuseNothingFound(ctx, k, found, query.Argument)
	}
	if query.Argument != "" {
		q.Said = w.choiceKey()
		if reply := w.answerAsChosen(ctx, q.Said, q.Options); reply != nil {
			return reply
		}
	}
	questions(w).distinguishLabels(q.Options)
	w.trace.Outcome, w.trace.Error, w.failure = journal.Offered, "", nil
	said, called := shortenText(query.Argument, quotedRunes), q.Options[0].Label
	if lead == wordNearest {
		called = w.local.keywordName(k)
	}
	reply := questions(w).askReader(lead, q, "argument", said, "word", said, "keyword", called, "n", len(found.Choices))
	reply.Buttons = append(reply.Buttons, w.sourceButtons(k, found.Buttons)...)
	addSelectionNote(reply, found)
	told := len(found.Choices)
	if lead == wordSeveralMore {
		told = len(q.Options)
	}
	if query.Argument == "" || lead == wordSeveralMore {
		w.keepCursor(k, found, query, told)
		if w.reader.Cursor != nil && w.from == nil {
			reply.Buttons = append(reply.Buttons, w.local.commandButton(wordMenuMore, command.More))
		}
	}
	return reply
}

// addSelectionNote ends a reply with what its source says of what it picked.
func addSelectionNote(reply *Reply, found Selection) {
	if found.Note != "" {
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: found.Note})
	}
}

// choiceOption returns an entry as an option, named as its source names it.
func (w answering) choiceOption(k *keyword, c what.Term) who.Option {
	shown := termShown(c)
	name := strings.TrimSpace(w.edition.keywordName(k, w.language) + " " + shortenText(shown, 40))
	if k.Bare {
		name = shown
	}
	return who.Option{Keyword: k.ID, Argument: clipRunes(c.Value, optionRunes), Label: shortenText(name, labelRunes)}
}

// WayTo returns what a button of a source sends to ask a keyword by its id, with
// words beside it where there are any.
func WayTo(keyword, argument string) string {
	return strings.TrimSpace(tapKeyword + keyword + " " + argument)
}

// sourceButtons returns the buttons of a source that lead somewhere, no two of one label.
// None may give a command.
func (w answering) sourceButtons(k *keyword, all []Button) []Button {
	var buttons []Button
	for _, b := range all[:min(len(all), MaxButtons)] {
		var ok bool
		if b, ok = w.sourceButton(k, b); !ok {
			continue
		}
		if b.Label = shortenText(b.Label, labelRunes); b.Label == "" {
			continue
		}
		alike := func(o Button) bool { return textform.Fold(o.Label) == textform.Fold(b.Label) }
		if !slices.ContainsFunc(buttons, alike) {
			buttons = append(buttons, b)
		}
	}
	return buttons
}

// sourceButton turns what a button says into what it sends. Words mean what they would
// if the reader wrote them; what no keyword knows is asked of this one again.
func (w answering) sourceButton(k *keyword, b Button) (Button, bool) {
	if b.URL != "" {
		u, err := url.Parse(b.URL)
		b.Send = ""
		return b, err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
	}
	if direct, ok := strings.CutPrefix(b.Send, tapKeyword); ok {
		id, argument, _ := strings.Cut(direct, " ")
		other := w.edition.keywordByID(id)
		if other == nil {
			return b, false
		}
		if b.Label == "" {
			b.Label = strings.TrimSpace(w.edition.keywordName(other, w.language) + " " + argument)
		}
		b.Send, ok = keywordPayload(other.ID, argument)
		return b, ok
	}
	said := cmp.Or(b.Send, b.Label)
	if w.edition.keywordByID(said) != nil {
		return w.sourceButton(k, Button{Label: b.Label, Send: WayTo(said, "")})
	}
	b.Label = cmp.Or(b.Label, said)
	m := w.edition.index.Match(said, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	found := false
	switch {
	case said == "" || len(said) > maxButtonWords || strings.HasPrefix(said, tapOption) || strings.HasPrefix(said, tapCommand):
	case m.Decision == what.Run && len(m.Candidates) == 1 && !m.Corrected:
		b.Send, found = keywordPayload(m.Candidates[0].Keyword, m.Candidates[0].Argument)
	case m.Decision != what.Reserved && k.takesWords():
		b.Send, found = keywordPayload(k.ID, said)
	}
	return b, found
}

// maxButtonWords is how long the words of a button may be, in bytes.
const maxButtonWords = 200

// answersQuestions reports whether the arguments of a source are questions.
func answersQuestions(s Source) bool {
	asked, ok := s.(Questioned)
	return ok && asked.ByQuestion()
}

// findsPassages reports whether a source looks for answers in texts by itself.
func findsPassages(s Source) bool {
	texts, ok := s.(Passages)
	return ok && texts.FindsPassages()
}

// answersDays reports whether a source answers for days.
func answersDays(s Source) bool {
	asked, ok := s.(Daily)
	return ok && asked.ByDay()
}

// takesDays reports whether a day that stands beside the phrase is what is asked for.
func (k *keyword) takesDays() bool {
	return slot.Kind(k.Slot) == slot.Date || answersDays(k.source.Source)
}

// takesArguments reports whether something may stand beside the phrase of a keyword.
func (k *keyword) takesArguments() bool {
	return k.Argument != "" && what.Argument(k.Argument) != what.ArgumentNone
}
