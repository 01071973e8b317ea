package pull

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/pull/when"
)

// localizer words the service's own texts for one reader.
type localizer struct {
	edition *Edition
	// cache has the vocabularies of sources; nil where none is asked.
	cache *Cache
	// language is that of the answer, client what the platform says of the reader's.
	language, client string
	zone             *time.Location
	at               time.Time
	// said and tap are what the reader wrote and pressed.
	said, tap  string
	sms, group bool
	// desk: a person can be reached now.
	desk bool
	// noteFailure hears of a source that breaks down while its vocabulary is read.
	noteFailure func(error)
}

// replyOf returns a reply of one of the service's own texts.
func (l localizer) replyOf(word Word, pairs ...any) *Reply {
	return &Reply{Language: l.language, Blocks: []Block{{Kind: Paragraph, Own: true, Text: l.textOf(word, pairs...)}}}
}

// textOf returns a text in the language of the answer, or where readers are not
// served in that, in the next best.
func (l localizer) textOf(word Word, pairs ...any) string {
	return word.inLanguage(l.servedLanguage(), pairs...)
}

// servedLanguage returns the language of the service's own texts.
func (l localizer) servedLanguage() string { return l.edition.servedLanguage(l.language, l.client) }

// keywordName returns what a sentence calls a keyword: by its own name, else by what the
// reader wrote; never by its id, which is the editors'.
func (l localizer) keywordName(k *keyword) string {
	if name := l.edition.keywordName(k, l.language); name != "" {
		return name
	}
	if said := shortenText(l.said, 60); said != "" && l.said != l.tap {
		return said
	}
	return l.edition.Name
}

// candidateName returns what a candidate is called: the keyword, and what it is asked for;
// "" where readers have a word for neither.
func (l localizer) candidateName(k *keyword, c what.Candidate) string {
	name := l.edition.keywordName(k, l.language)
	switch {
	case c.Argument != "" && k.Bare:
		// Alone it is enough, and it is what readers know.
		name = l.termName(k, c.Argument)
	case c.Argument != "":
		name += " " + shortenText(l.termName(k, c.Argument), 40)
	}
	return shortenText(name, labelRunes)
}

// exampleAsk returns how to ask a keyword that takes an argument: with an entry of its
// source's vocabulary, where it has one.
func (l localizer) exampleAsk(k *keyword) string {
	t, ok := l.sampleTerm(k)
	if !ok {
		return l.keywordName(k) + " …"
	}
	return l.keywordName(k) + " " + termShown(t)
}

// sampleTerm returns an entry of a keyword's vocabulary: of the reader's language, where
// there is one.
func (l localizer) sampleTerm(k *keyword) (_ what.Term, found bool) {
	terms := l.sampleTerms(k, 1)
	if len(terms) == 0 {
		return what.Term{}, false
	}
	return terms[0], true
}

// sampleTerms returns some entries of a keyword's vocabulary, those of the reader's
// language first.
func (l localizer) sampleTerms(k *keyword, most int) []what.Term {
	var own, other []what.Term
	for _, t := range l.cache.Terms(context.Background(), l.edition.ID, k.Source, l.listedTerms(k)) {
		if baseLanguage(t.Language) == baseLanguage(l.language) {
			own = append(own, t)
		} else if len(other) < most {
			other = append(other, t)
		}
		if len(own) == most {
			return own
		}
	}
	own = append(own, other...)
	return own[:min(len(own), most)]
}

// listedTerms returns what a keyword's source lists. It serves as an example: a source
// that breaks down has none.
func (l localizer) listedTerms(k *keyword) (terms []what.Term) {
	defer func() {
		if p := recover(); p != nil {
			terms = nil
			l.noteFailure(Broken("list what is known", p))
		}
	}()
	v, ok := k.source.Source.(Vocabulary)
	if !ok || k.source.Problem != nil {
		return nil
	}
	return v.Terms(l.cache.Last(context.Background(), l.edition.vocabularyPlace(k)))
}

// knownTerms returns what a keyword is known to be asked for.
func (l localizer) knownTerms(k *keyword) []what.Term {
	return slices.Concat(l.listedTerms(k), k.terms.Terms())
}

// namedTerm returns the entry that a keyword is asked for by that name.
func (l localizer) namedTerm(k *keyword, name string) (what.Term, bool) {
	known := l.knownTerms(k)
	i := slices.IndexFunc(known, func(t what.Term) bool {
		return slices.ContainsFunc(append(slices.Clip(t.Names), t.Value), func(n string) bool { return textform.SameName(n, name) })
	})
	if i < 0 {
		return what.Term{}, false
	}
	return known[i], true
}

// termName returns what readers call an entry of the vocabulary: the argument alone
// may be an id that tells them nothing.
func (l localizer) termName(k *keyword, argument string) string {
	for _, t := range l.knownTerms(k) {
		if t.Value == argument && len(t.Names) > 0 {
			return t.Names[0]
		}
	}
	return argument
}

// argumentName returns an argument as a sentence tells it: as the reader wrote it, else by
// the name of the entry that it stands for.
func (l localizer) argumentName(k *keyword, argument string) string {
	if !strings.Contains(textform.Fold(l.said), textform.Fold(argument)) {
		argument = l.termName(k, argument)
	}
	return shortenText(argument, 60)
}

// momentText words a time to come.
func (l localizer) momentText(t time.Time) string {
	return when.Moment(t, l.at, l.zone, l.servedLanguage())
}

// readingProgress words how far a source is read.
func (l localizer) readingProgress(k *keyword, last *Snapshot) string {
	name := cmp.Or(l.edition.keywordName(k, l.language), l.edition.Name)
	if last == nil || last.Listed == 0 {
		return l.textOf(wordReading, "keyword", name)
	}
	return l.textOf(wordReadingPages, "keyword", name, "read", last.Read, "all", last.Listed)
}

// addMenu puts the ways on below a text that mentions MENU already; on SMS the
// text is enough.
func (l localizer) addMenu(reply *Reply) {
	if !l.sms {
		reply.Buttons = append(reply.Buttons, l.menuButton())
	}
	l.addDesk(reply)
}

// addDesk offers a human where the publisher has some, to one reader alone.
func (l localizer) addDesk(reply *Reply) {
	if l.desk && !l.group {
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: l.textOf(wordDesk)})
		reply.Buttons = append(reply.Buttons, l.commandButton(wordButtonHuman, command.Human))
	}
}

// dropDesk takes away what addDesk added.
func (l localizer) dropDesk(reply *Reply) {
	reply.Blocks = slices.DeleteFunc(reply.Blocks, func(b Block) bool { return b.Kind == Note && b.Text == l.textOf(wordDesk) })
	human := l.commandButton(wordButtonHuman, command.Human)
	reply.Buttons = slices.DeleteFunc(reply.Buttons, func(b Button) bool { return b == human })
}

func (l localizer) menuButton() Button { return l.commandButton(wordButtonMenu, command.Menu) }

// commandButton returns the button that gives a command.
func (l localizer) commandButton(label Word, c command.Command) Button {
	return Button{Label: l.textOf(label), Send: tapCommand + string(c)}
}
