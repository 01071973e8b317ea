package pull

import (
	"iter"
	"slices"
	"time"

	"keypull/pull/what"
)

// menu lists what a reader can ask.
type menu struct{ local localizer }

// menuFor returns the menu for readers of one of the publisher's languages who have
// not asked yet.
func (e *Edition) menuFor(language, client string, at time.Time) menu {
	return menu{localizer{edition: e, language: language, client: client, at: at}}
}

// leadAtMost is how many of the publisher's best stand below a text that tells
// newcomers how to ask.
const leadAtMost = 3

// addFeatured puts the publisher's best below a text, and the menu.
func (m menu) addFeatured(reply *Reply) {
	if best := m.featuredButtons(); !m.local.sms {
		reply.Buttons = append(reply.Buttons, best[:min(len(best), leadAtMost)]...)
	}
	m.local.addMenu(reply)
}

// menuButtons walks the menu: what the publisher puts first, then the keywords that
// readers of the language have a name for.
func (m menu) menuButtons() iter.Seq[Button] { return m.buttonsAfter(m.featuredButtons()) }

// buttonsAfter walks the menu with these buttons put first.
func (m menu) buttonsAfter(best []Button) iter.Seq[Button] {
	return func(yield func(Button) bool) {
		for _, b := range best {
			if !yield(b) {
				return
			}
		}
		for _, k := range m.local.edition.menuKeywords(m.local.language) {
			b := Button{Label: m.local.keywordName(k), Send: tapKeyword + k.ID}
			if !slices.ContainsFunc(best, func(o Button) bool { return o.Send == b.Send }) && !yield(b) {
				return
			}
		}
	}
}

// featuredButtons returns the keywords that the publisher puts first, as far as readers of the
// language have a name for them and they answer now. One that entries alone call
// is shown by such an entry, which tells more than the name of the whole.
func (m menu) featuredButtons() []Button {
	return m.featuredIf(func(k *keyword) bool { return k.isAvailable(m.local.at, m.local.edition.Zone) })
}

// featuredIf returns the buttons of the featured keywords that are wanted.
func (m menu) featuredIf(wanted func(*keyword) bool) []Button {
	return m.buttonsOf(m.local.edition.featured, wanted)
}

// buttonsOf returns the buttons of keywords by their ids, each once, as far as they are
// wanted.
func (m menu) buttonsOf(ids []string, wanted func(*keyword) bool) []Button {
	listed := m.local.edition.menuKeywords(m.local.language)
	var best []Button
	seen := map[*keyword]bool{}
	for _, id := range ids {
		k := m.local.edition.keywordByID(id)
		if k == nil || seen[k] || !slices.Contains(listed, k) || !wanted(k) {
			continue
		}
		seen[k], id = true, k.ID
		b := Button{Label: m.local.keywordName(k), Send: tapKeyword + id}
		if t, ok := k.shownTerm(m.local.language); ok {
			if send, fits := keywordPayload(id, t.Value); fits {
				b = Button{Label: shortenText(termShown(t), labelRunes), Send: send}
			}
		}
		best = append(best, b)
	}
	return best
}

// sampleWord returns a word that is answered here: that of the first featured keyword,
// else of the first that needs no argument.
func (m menu) sampleWord() string {
	for _, b := range m.featuredButtons() {
		return b.Label
	}
	for _, k := range m.local.edition.menuKeywords(m.local.language) {
		sample, sampled := m.local.sampleTerm(k)
		switch {
		case !k.isAvailable(m.local.at, m.local.edition.Zone):
		case k.Query != "" || !k.takesArgument() && what.Argument(k.Argument) != what.ArgumentRequired:
			return m.local.keywordName(k)
		case sampled:
			return m.local.candidateName(k, what.Candidate{Argument: sample.Value})
		}
	}
	return ""
}

// greetAtMost is how many words a greeting offers, the menu beside them.
const greetAtMost = 5

// Greeting returns what a page shows to a reader of a language who has not asked
// yet: who answers, and what can be asked by a tap: what the publisher puts first, then
// what is asked most, by the ids of keywords, then the rest. Nothing is noted of it.
func (e *Edition) Greeting(language string, at time.Time, asked []string) Reply {
	tag := e.answerLanguage(language)
	m := e.menuFor(tag, language, at)
	reply := m.local.replyOf(wordStart, "publisher", e.Name)
	best := m.buttonsOf(slices.Concat(e.featured, asked), func(k *keyword) bool { return k.isAvailable(at, e.Zone) })
	for b := range m.buttonsAfter(best) {
		if len(reply.Buttons) == greetAtMost {
			break
		}
		reply.Buttons = append(reply.Buttons, b)
	}
	m.local.addMenu(reply)
	return *reply
}

// Shown returns what accounts show to readers of one of the publisher's languages
// before they ask, and for longer than a day: who answers, what MENU is called,
// and what it begins with, the hours of keywords left aside.
func (e *Edition) Shown(language string, at time.Time, most int) (greeting, menu string, entries []Button) {
	m := e.menuFor(language, language, at)
	for b := range m.buttonsAfter(m.featuredIf(func(k *keyword) bool { return k.isCurrent(at) })) {
		if len(entries) == most {
			break
		}
		entries = append(entries, b)
	}
	return m.local.textOf(wordStart, "publisher", e.Name), m.local.textOf(wordButtonMenu), entries
}
