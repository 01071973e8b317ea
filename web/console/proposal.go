package console

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// mostProposed is how many sources are proposed for one address, mostKeywords how many keywords where topics of them have
// some.
const mostProposed, mostKeywords = 60, 30

// proposed is a source that is proposed, with the keywords that ask for it: the first for
// all of it, the others for a topic each.
type proposed struct {
	found    Found
	source   Doc
	about    SourceAbout
	keywords []catalogue.Keyword
	tried    []KeywordTried
}

// Proposed returns the documents for what was found and the publisher does not have, with
// ids and words that are not taken and that the linter has nothing to say of. Keywords
// that were asked and did not answer are left out with their sources.
func Proposed(ctx context.Context, found Discovery, pub catalogue.Publisher) SourceDiscovered {
	w := newWording(pub, found)
	var all []*proposed
	var standing []Found
	for _, f := range w.withoutOtherContacts(w.withoutSharedPrices(found.Found)) {
		if stands(pub, f) {
			standing = append(standing, f)
			continue
		}
		if len(all) == mostProposed {
			break
		}
		p := &proposed{found: f, about: SourceAbout{Title: f.Title, Form: f.Form, Shows: f.Shows, Open: f.Open, Argument: f.Argument}}
		id := makeID(cmp.Or(w.shortTitle(f.Title), w.wordings(f.Phrase, w.page)[0]), f.Kind, func(id string) bool { return w.sources[id] })
		w.sources[id] = true
		p.source = Doc{"id": id, "kind": f.Kind, "settings": f.Settings}
		if f.Title != "" {
			p.source["title"] = f.Title
		}
		if f.StaleIfError > 0 {
			p.source["stale_if_error"] = settings.FormatDuration(f.StaleIfError)
		}
		p.keywords = []catalogue.Keyword{w.keywordFor(id, f)}
		all = append(all, p)
	}
	count := len(all)
	for _, p := range all {
		for _, topic := range p.found.Topics {
			if k, ok := w.topicKeyword(p.source.Text("id"), topic, p.found.Count); ok && count < mostKeywords {
				p.keywords = append(p.keywords, k)
				count++
			}
		}
	}
	all = w.rehearse(ctx, found, all, standing)
	w.nameApart(all)
	out := SourceDiscovered{Address: found.Address, System: found.System, Sources: []Doc{}, Keywords: []Doc{}, About: []SourceAbout{}, Tried: []KeywordTried{}, Standing: len(standing)}
	for _, p := range all {
		out.Sources, out.About = append(out.Sources, p.source), append(out.About, p.about)
		out.Keywords, out.Tried = append(out.Keywords, docOfKeyword(p.keywords[0])), append(out.Tried, p.tried[0])
	}
	for _, p := range all {
		for i, k := range p.keywords[1:] {
			out.Keywords, out.Tried = append(out.Keywords, docOfKeyword(k)), append(out.Tried, p.tried[i+1])
		}
	}
	return out
}

// wording proposes words that no keyword has.
type wording struct {
	publisher catalogue.Publisher
	// languages are the publisher's, page the one of them that the page is written in,
	// site what the site calls itself, host where it is.
	languages                  []string
	page, site, host           string
	sources, keywords, phrases map[string]bool
	// linter is dear to make, and made once words are tried.
	linter func() *catalogue.Linter
}

// withoutSharedPrices returns what was found without the words that ask for prices, where several pages
// tell some: none of them has all, and the one that is called so keeps them. The others are asked for
// by such words beside what they are about.
func (w *wording) withoutSharedPrices(found []Found) []Found {
	usual := strings.Split(words.Text{Key: "asked.prices"}.In(w.page), "|")
	asks := func(word string) bool { return slices.Contains(usual, strings.ToLower(word)) }
	pages := map[any]bool{}
	for _, f := range found {
		if f.Prices || slices.ContainsFunc(f.Also, asks) {
			pages[f.Settings["url"]] = true
		}
	}
	if len(pages) < 2 {
		return found
	}
	found = slices.Clone(found)
	for i, f := range found {
		if slices.ContainsFunc(f.Also, asks) && (f.Subject != "" || !asks(f.Phrase.In(w.page)) && !asks(f.Called)) {
			found[i].Also = append(slices.DeleteFunc(slices.Clone(f.Also), asks), w.besideSubject(usual, f)...)
		}
	}
	return found
}

// withoutOtherContacts returns what was found with contacts below another part of the site, such as those of a council,
// asked for beside what that is about, where the outlet has its own elsewhere.
func (w *wording) withoutOtherContacts(found []Found) []Found {
	contact := words.Text{Key: "asked.contact"}
	own := slices.IndexFunc(found, func(f Found) bool { return f.Phrase.Key == contact.Key && f.Subject == "" })
	found = slices.Clone(found)
	for i, f := range found {
		if beside := w.besideSubject(w.wordings(contact, w.page), f); f.Phrase.Key == contact.Key && own >= 0 && len(beside) > 0 {
			found[i].Phrase, found[i].Also = words.Verbatim(strings.Join(beside, "|")), nil
		}
	}
	return found
}

// hasWords reports whether a name has a word in it, or several behind each other, in whatever inflection.
func hasWords(name, word, tag string) bool {
	if sought := textform.Fold(word); textform.BeginsSpaceless(sought) {
		return strings.Contains(textform.Fold(name), sought)
	}
	all, length := strings.Fields(textform.Fold(name)), len(strings.Fields(textform.Fold(word)))
	for i := 0; length > 0 && i+length <= len(all); i++ {
		if part := strings.Join(all[i:i+length], " "); isSameWord(part, word, tag) {
			return true
		}
	}
	return false
}

// isSameWord reports whether two texts of a language are the same words, inflected or not.
func isSameWord(a, b, tag string) bool {
	stems := what.Stems(a, tag)
	return textform.Fold(a) == textform.Fold(b) || stems != "" && stems == what.Stems(b, tag)
}

// besideSubject returns short words that readers ask by beside what they ask about, in either order.
func (w *wording) besideSubject(usual []string, f Found) (all []string) {
	const most, long = 3, 2
	subject := w.shortSubject(f)
	for _, word := range usual {
		if subject != "" && len(strings.Fields(word)) <= long && len(all) < 2*most {
			all = append(all, subject+" "+word, word+" "+subject)
		}
	}
	return all
}

// partNames returns what a part of a page is asked for by: its heading beside what the page is about, and alone where
// that is no ordinary word; prices as well by the words that ask for them.
func (w *wording) partNames(f Found) (all []string) {
	own := w.wordings(f.Phrase, w.page)[:1]
	tongue := speech.Of(words.Base(w.page))
	usual := usualBeside(&catalogue.Keyword{Phrases: map[string][]string{w.page: own}}, []string{w.page}, asksAll)
	for word := range strings.FieldsSeq(textform.Fold(own[0])) {
		if len(usual)+len(all) == 0 && !speech.IsCommon(word, tongue) && !speech.IsFunction(word, tongue) {
			all = own
		}
	}
	all = append(all[:len(all):len(all)], w.besideSubject(own, f)...)
	if f.Prices && len(f.Also) == 0 {
		all = append(all, w.besideSubject(strings.Split(words.Text{Key: "asked.prices"}.In(w.page), "|"), f)...)
	}
	if len(all) == 0 {
		return own
	}
	return all
}

// stands reports whether a publisher has a source that was found: one of its kind whose
// settings are those, whatever else an editor has set.
func stands(pub catalogue.Publisher, f Found) bool {
	return slices.ContainsFunc(pub.Sources, func(s catalogue.Source) bool {
		if s.Kind != f.Kind || len(f.Settings) == 0 {
			return false
		}
		for name, wanted := range f.Settings {
			if !reflect.DeepEqual(asKept(s.Settings[name]), asKept(wanted)) {
				return false
			}
		}
		return true
	})
}

// asKept returns a value as it is after it was kept.
func asKept(v any) (plain any) {
	b, err := json.Marshal(v)
	if err != nil || json.Unmarshal(b, &plain) != nil {
		return v
	}
	return plain
}

// rehearse asks each keyword upon what was fetched, and returns what answers, with what
// could not be asked; standing is what the publisher has.
func (w *wording) rehearse(ctx context.Context, found Discovery, all []*proposed, standing []Found) []*proposed {
	pub := w.publisher
	pub.Sources, pub.Keywords, pub.Channels = nil, nil, nil
	for _, p := range all {
		p.tried = make([]KeywordTried, len(p.keywords))
		if s, err := catalogue.ResourceSource.Fill(p.source); err == nil && len(p.found.Open) == 0 {
			if s, ok := s.(catalogue.Source); ok {
				pub.Sources = append(pub.Sources, s)
			}
		}
	}
	if found.Rehearse == nil || len(pub.Sources) == 0 {
		return all
	}
	for i, f := range standing {
		pub.Sources = append(pub.Sources, catalogue.Source{ID: standingID(i), Kind: f.Kind, Settings: f.Settings})
	}
	stage, err := found.Rehearse(ctx, pub)
	if err != nil {
		return all
	}
	defer func() { _ = stage.Close() }() // nothing of it lasts
	r := rehearsing{stage: stage, languages: pub.Languages}
	for i, f := range standing {
		r.standing = append(r.standing, part{proposed: &proposed{found: f}, entries: stage.Source(ctx, standingID(i), "").entries()})
	}
	for _, p := range all {
		id := p.source.Text("id")
		held := stage.Source(ctx, id, "")
		if held.saysNothing() {
			continue
		}
		one := part{proposed: p, names: held.names(), entries: held.entries(), enough: held.Enough && len(p.found.Open) == 0}
		if len(held.Items) > 0 {
			for _, it := range held.Items[:min(len(held.Items), mostNamed)] {
				one.titles = append(one.titles, it.Title)
				one.begun = append(one.begun, beginning(it.Summary))
			}
			for _, f := range held.Items[0].Facts {
				one.told += f.Name + " "
			}
		}
		r.parts = append(r.parts, one)
	}
	r.leaveTwins()
	w.addNames(r.parts)
	w.addTopics(r.parts)
	return r.askAll(ctx)
}

// mostNamed is how many names of a source are looked at.
const mostNamed = 500

// names returns what the first entries of a source are called.
func (h Held) names() (all []string) {
	for _, term := range h.Terms {
		if len(all) < mostNamed && len(term.Names) > 0 {
			all = append(all, term.Names[0])
		}
	}
	return all
}

// saysNothing reports whether the first entries of a source are names alone, which answer nothing.
func (h Held) saysNothing() bool {
	return len(h.Items) > 1 && !slices.ContainsFunc(h.Items, func(it what.Item) bool {
		return it.Body != "" || it.Summary != "" || it.Link != "" || len(it.Facts) > 0 || len(it.Media) > 0 || !it.Published.IsZero()
	})
}

// entry is how one thing of a source is known again elsewhere: by its name, or by where it leads. What
// is on some day is another thing than what only is called alike.
type entry struct {
	name, link string
	event      bool
	figures    []string
}

// entries returns the first things of a source.
func (h Held) entries() (all []entry) {
	for _, it := range h.Items[:min(len(h.Items), mostNamed)] {
		e := entry{name: textform.Fold(it.Title), link: it.Link, event: it.Facts.Text("start") != ""}
		for _, fact := range it.Facts {
			if figure := strings.Map(digit, fact.Text); figure != "" {
				e.figures = append(e.figures, figure)
			}
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		for _, name := range h.names() {
			all = append(all, entry{name: textform.Fold(name)})
		}
	}
	return all
}

// digit leaves out what is none.
func digit(r rune) rune {
	if unicode.IsDigit(r) {
		return r
	}
	return -1
}

// rehearsing asks keywords that are to be proposed.
type rehearsing struct {
	stage     Rehearsal
	languages []string
	parts     []part
	standing  []part
}

// standingID returns the id on trial of a source that the publisher has.
func standingID(i int) string { return "standing-" + strconv.Itoa(i+1) }

// part is a source on trial: names are what readers may ask it for, titles those of its first items, begun the first
// words of their summaries, told what the facts of the very first are called.
type part struct {
	*proposed
	names   []string
	titles  []string
	begun   []string
	entries []entry
	told    string
	enough  bool
}

// leaveTwins leaves out the lists of pages, and the tables of what has a page each, that another source tells as well:
// one that the publisher has, or one made of data. What the menu calls the list calls that one then.
func (r *rehearsing) leaveTwins() {
	kept := make([]part, 0, len(r.parts))
	for i, p := range r.parts {
		isTold := func(other part) bool {
			return p.found.Guess && p.repeats(other.entries) || p.found.Listed && p.namesSame(other.entries) || p.isListOf(other)
		}
		if slices.ContainsFunc(r.standing, isTold) || slices.ContainsFunc(r.standing, p.isFileOf) || slices.ContainsFunc(r.parts, p.isFileOf) {
			continue
		}
		twin := slices.IndexFunc(r.parts, func(other part) bool {
			// A table of another page may name the same things, and say something else of them.
			samePage := other.found.Settings["url"] == p.found.Settings["url"]
			if p.found.Listed && samePage && !other.found.Listed {
				return p.namesSame(other.entries)
			}
			otherTable := other.found.Needs && !samePage
			return p.isListOf(other) || p.found.Guess && !other.found.Guess && !other.found.Listed && !otherTable && p.repeats(other.entries)
		})
		switch {
		case twin > i && p.isListOf(r.parts[twin]) && r.parts[twin].namesSame(p.entries): // as the earlier, it has the name of both
			r.parts[twin].takeName(p)
			continue
		case twin >= 0:
			r.parts[twin].takeWords(p)
			continue
		}
		// A calendar of what a page before tells as well, or of some of it.
		twin = slices.IndexFunc(kept, func(other part) bool { return p.isEvents() && other.isEvents() && p.repeats(other.entries) })
		switch {
		case twin >= 0 && kept[twin].repeats(p.entries):
			kept[twin].takeWords(p)
			continue
		case twin >= 0 && countNamed(kept[twin].entries, p.entries) == len(kept[twin].entries):
			p.takeName(kept[twin])
			kept[twin] = p
			continue
		}
		kept = append(kept, p)
	}
	r.parts = kept
}

// isListOf reports whether a table lists what another source reads a page each of.
func (p part) isListOf(other part) bool {
	return p.found.Needs && !p.found.Paged && !p.found.Prices && other.found.Paged && p.namesSame(other.entries)
}

// isFileOf reports whether a file of rows has nothing that a table of a page has not: all its rows, with the figures of each.
func (p part) isFileOf(other part) bool {
	if !p.found.Needs || !other.found.Needs || p.found.Kind != other.found.Kind || p.found.Form == "HTML" || other.found.Form != "HTML" || len(p.entries) == 0 || len(p.entries) >= mostNamed {
		return false
	}
	return !slices.ContainsFunc(p.entries, func(e entry) bool {
		return !slices.ContainsFunc(other.entries, func(of entry) bool { return of.name == e.name && of.hasFigures(e.figures) })
	})
}

// hasFigures reports whether what is told of a thing has some figures, however these are written.
func (e entry) hasFigures(all []string) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(figure string) bool { return !slices.Contains(e.figures, figure) })
}

// isEvents reports whether all that a source tells is on some day.
func (p part) isEvents() bool {
	return !slices.ContainsFunc(p.entries, func(e entry) bool { return !e.event })
}

// takeWords has a source be asked for by what the menu of its site calls a list of the same.
func (p part) takeWords(of part) {
	own := p.keywords[0].Phrases
	for tag, phrases := range of.keywords[0].Phrases {
		for _, phrase := range phrases {
			if slices.ContainsFunc(of.found.Also, func(word string) bool { return textform.Fold(word) == textform.Fold(phrase) }) {
				own[tag] = append(own[tag], phrase)
			}
		}
	}
}

// takeName has a source be asked for by all that would have asked for another.
func (p part) takeName(of part) {
	p.keywords[0].ID, p.keywords[0].Phrases = of.keywords[0].ID, of.keywords[0].Phrases
}

// repeats reports whether most of another source is in a list, which has not much more.
func (p part) repeats(other []entry) bool {
	const fewest, more = 2, 3
	shared := 0
	for _, e := range other {
		if slices.ContainsFunc(p.entries, func(own entry) bool {
			return own.name != "" && own.name == e.name && own.event == e.event || own.link != "" && own.link == e.link
		}) {
			shared++
		}
	}
	return shared >= fewest && shared*2 > len(other) && shared*more >= len(p.entries)
}

// namesSame reports whether most of what a source names is named by another one.
func (p part) namesSame(other []entry) bool { return countNamed(p.entries, other)*2 > len(p.entries) }

// countNamed returns how many of some entries others are called as.
func countNamed(some, others []entry) (count int) {
	for _, e := range some {
		if slices.ContainsFunc(others, func(other entry) bool { return other.name == e.name }) {
			count++
		}
	}
	return count
}

// askAll asks all keywords beside each other, those that do not answer once more with
// nothing beside them.
func (r rehearsing) askAll(ctx context.Context) (kept []*proposed) {
	for i := range r.parts {
		p := &r.parts[i]
		if k := &p.keywords[0]; len(p.names) > 0 && !p.found.Alone {
			k.Argument, k.Bare = string(what.ArgumentOptional), !r.within(i) && !p.found.ofHours()
			if p.found.Needs {
				k.Query = pull.QueryFirst
			}
		}
	}
	failed := r.askEach(ctx, func(*part, int) bool { return true })
	again := map[string]bool{}
	for _, p := range r.parts {
		for i := range p.keywords {
			k := &p.keywords[i]
			if !failed[k.ID] || p.found.Needs && !k.Bare {
				continue
			}
			if !p.found.Needs {
				k.Argument = string(what.ArgumentNone)
			}
			k.Bare, again[k.ID] = false, true
		}
	}
	if len(again) > 0 {
		still := r.askEach(ctx, func(p *part, i int) bool { return again[p.keywords[i].ID] })
		for id := range again {
			failed[id] = still[id]
		}
	}
	for _, p := range r.parts {
		if failed[p.keywords[0].ID] {
			continue
		}
		keywords, tried := p.keywords[:1:1], p.tried[:1:1]
		for i, k := range p.keywords[1:] {
			if !failed[k.ID] {
				keywords, tried = append(keywords, k), append(tried, p.tried[i+1])
			}
		}
		p.keywords, p.tried = keywords, tried
		if asked := p.tried[0].Asked; len(asked) > 0 {
			p.about.Shows = nil
			for line := range strings.Lines(asked[0].Answer) {
				if line = strings.TrimSpace(line); line != "" && len(p.about.Shows) < maxShown {
					p.about.Shows = append(p.about.Shows, line)
				}
			}
		}
		kept = append(kept, p.proposed)
	}
	return kept
}

// within reports whether most of what a source is asked for by name belongs to a larger
// one, or to one before it that is as large: a name alone calls that. Of tables with the same rows, as of towns,
// none is meant more than the others, and which is asked.
func (r rehearsing) within(i int) bool {
	for n, other := range r.parts {
		if n == i || other.found.Alone || r.parts[i].found.Needs && other.found.Needs || len(other.names) < len(r.parts[i].names) || len(other.names) == len(r.parts[i].names) && n > i {
			continue
		}
		shared := 0
		for _, name := range r.parts[i].names {
			if slices.Contains(other.names, name) {
				shared++
			}
		}
		if shared*2 > len(r.parts[i].names) {
			return true
		}
	}
	return false
}

// Limits of what is shown of answers.
const (
	maxShown       = 3
	maxAnswerShown = 300
)

// askEach asks the keywords that are chosen, while all answer, and returns those that
// failed; what could not be asked has not.
func (r rehearsing) askEach(ctx context.Context, chosen func(p *part, i int) bool) map[string]bool {
	failed := map[string]bool{}
	var keywords []catalogue.Keyword
	for _, p := range r.parts {
		if p.enough {
			keywords = append(keywords, p.keywords...)
		}
	}
	if r.stage.Publish(keywords) != nil {
		return failed
	}
	for n := range r.parts {
		p := &r.parts[n]
		for i, k := range p.keywords {
			if !p.enough || !chosen(p, i) || ctx.Err() != nil {
				continue
			}
			t := KeywordTried{Answers: true}
			for _, said := range r.wordings(p, k) {
				o := r.stage.Ask(ctx, said.text, said.language)
				if ctx.Err() != nil {
					t = KeywordTried{}
					break
				}
				if !answers(o, p.keywords) {
					failed[k.ID] = true
					break
				}
				t.Asked = append(t.Asked, TriedAsk{Text: said.text, Answer: shownAnswer(o.Reply)})
			}
			p.tried[i] = t
		}
	}
	return failed
}

// answers reports whether it was a keyword of the source that answered, or that asked which
// of its entries is meant.
func answers(o pull.Resolved, keywords []catalogue.Keyword) bool {
	t := o.Trace
	return slices.ContainsFunc(keywords, func(k catalogue.Keyword) bool {
		return t.Outcome == journal.Answered && t.What.Keyword == k.ID ||
			t.Outcome == journal.Offered && (t.What.Keyword == k.ID || slices.Contains(t.What.Offered, k.ID))
	})
}

// saying is something to ask.
type saying struct{ text, language string }

// wordings returns what a keyword is asked by on trial, in three wordings and each of its
// languages: its name, that in a sentence, and with something that it is to know.
func (r rehearsing) wordings(p *part, k catalogue.Keyword) (all []saying) {
	example := p.found.Argument
	switch {
	case len(p.names) > 0:
		apart := func(name string) bool { return !r.isPhrase(name) }
		plain := func(name string) bool { return apart(name) && !strings.ContainsAny(name, "0123456789()") } // others may say when
		if example = p.names[max(slices.IndexFunc(p.names, apart), 0)]; slices.ContainsFunc(p.names, plain) {
			example = p.names[slices.IndexFunc(p.names, plain)]
		}
	case example == "" && p.found.Needs: // whole, as a question would have it
		const fewest = 3
		isClear := func(text string) bool {
			return len(strings.Fields(text)) >= fewest && !strings.ContainsAny(text, "0123456789()") && !r.saysPhrase(text) && !r.namesEntry(p, text)
		}
		if texts := slices.Concat(p.titles, p.begun); len(texts) > 0 {
			example = texts[max(slices.IndexFunc(texts, isClear), 0)]
		}
	case example == "" && len(p.titles) > 0 && p.titles[0] != "":
		example = longestName(p.titles[0])
	}
	var first saying
	for _, tag := range r.languages {
		for _, phrase := range k.Phrases[tag][:min(len(k.Phrases[tag]), 1)] {
			said := phrase
			if what.Argument(k.Argument) == what.ArgumentRequired && example != "" {
				said += " " + example
			}
			all = append(all, saying{said, tag})
			if first.text == "" {
				first = all[0]
			}
		}
	}
	all = append(all, saying{words.Text{Key: "ask.please", Args: words.Args{"keyword": first.text}}.In(first.language), first.language})
	switch {
	case k.Bare && example != "":
		return append(all, saying{example, first.language})
	case what.Argument(k.Argument) == what.ArgumentOptional && example != "" && len(p.names) == 0:
		return append(all, saying{first.text + " " + example, first.language})
	}
	return append(all, saying{strings.ToUpper(first.text), first.language})
}

// longestName returns the longest word of a title that is written as a name, else the longest: "drew"
// alone is no example of what somebody asks for.
func longestName(title string) string {
	all := strings.Fields(title + " -")
	longest := func(words []string) string {
		return slices.MaxFunc(words, func(a, b string) int { return utf8.RuneCountInString(a) - utf8.RuneCountInString(b) })
	}
	names := slices.DeleteFunc(slices.Clone(all[1:]), func(word string) bool {
		first, _ := utf8.DecodeRuneInString(word)
		return !unicode.IsUpper(first)
	})
	if len(names) == 0 {
		names = all
	}
	return longest(names)
}

// isPhrase reports whether a name calls a keyword, whatever it is the name of.
func (r rehearsing) isPhrase(name string) bool {
	return r.hasPhrase(func(phrase string) bool { return phrase == textform.Fold(name) })
}

// saysPhrase reports whether a text has a phrase of a keyword in it.
func (r rehearsing) saysPhrase(text string) bool {
	text = " " + textform.Fold(text) + " "
	return r.hasPhrase(func(phrase string) bool { return strings.Contains(text, " "+phrase+" ") })
}

// namesEntry reports whether a text is what another source calls an entry of its own.
func (r rehearsing) namesEntry(of *part, text string) bool {
	return slices.ContainsFunc(r.parts, func(p part) bool {
		return p.proposed != of.proposed && slices.ContainsFunc(p.names, func(name string) bool { return textform.SameName(name, text) })
	})
}

// beginning returns the first words of a text.
func beginning(text string) string {
	const most = 8
	all := strings.Fields(text)
	return strings.Join(all[:min(len(all), most)], " ")
}

// hasPhrase reports whether a phrase of a keyword, folded, is such.
func (r rehearsing) hasPhrase(is func(phrase string) bool) bool {
	return slices.ContainsFunc(r.parts, func(p part) bool {
		return slices.ContainsFunc(p.keywords, func(k catalogue.Keyword) bool {
			return slices.ContainsFunc(slices.Collect(maps.Keys(foldedPhrases(&k))), is)
		})
	})
}

// shownAnswer returns the beginning of a reply in plain lines.
func shownAnswer(r *pull.Reply) string {
	if r == nil {
		return ""
	}
	var b strings.Builder
	for _, block := range r.Blocks {
		b.WriteString(block.Text + "\n" + strings.Join(block.Lines, "\n") + "\n")
		for _, fact := range block.Facts {
			b.WriteString(fact.Label + ": " + fact.Value + "\n")
		}
	}
	for _, button := range r.Buttons {
		if button.URL == "" {
			b.WriteString(button.Label + "\n")
		}
	}
	lines := slices.DeleteFunc(strings.Split(b.String(), "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
	text := []rune(strings.Join(lines, "\n"))
	return string(text[:min(len(text), maxAnswerShown)])
}

func newWording(pub catalogue.Publisher, found Discovery) *wording {
	w := &wording{languages: pub.Languages, site: found.Site, sources: map[string]bool{}, keywords: map[string]bool{}, phrases: map[string]bool{}}
	if len(w.languages) == 0 {
		w.languages = []string{"en"}
		pub.Languages = w.languages
	}
	w.publisher, w.page = pub, w.languages[0]
	if u, err := url.Parse(found.Address); err == nil {
		w.host = u.Hostname()
	}
	for _, tag := range w.languages {
		if words.Base(tag) == words.Base(found.Language) {
			w.page = tag
		}
	}
	for _, s := range pub.Sources {
		w.sources[s.ID] = true
	}
	for _, k := range pub.Keywords {
		w.keywords[k.ID] = true
		for _, phrases := range k.Phrases {
			for _, phrase := range phrases {
				w.phrases[textform.Fold(phrase)] = true
			}
		}
	}
	w.linter = sync.OnceValue(func() *catalogue.Linter { return catalogue.NewLinter(pub) })
	return w
}

// nameApart gives sources that share a title, as what one page holds does, the word of each behind it.
func (w *wording) nameApart(all []*proposed) {
	shared := map[string]int{}
	for _, p := range all {
		shared[p.found.Title]++
	}
	for _, p := range all {
		if k := &p.keywords[0]; p.found.Title != "" && shared[p.found.Title] > 1 {
			p.about.Title = p.found.Title + ": " + k.Name(w.languages)
			p.source["title"] = p.about.Title
		}
	}
}

// shortTitle returns a title without what the site calls itself, which nobody says; "" if
// it is nothing else, or where the content is.
func (w *wording) shortTitle(title string) string {
	if textform.Fold(title) == textform.Fold(w.host) {
		return ""
	}
	const signs = " -–—|:·,/()«»“”\"'"
	for _, of := range []string{w.site, w.publisher.Name} {
		for at := range title {
			if n := len(of); n > 0 && at+n <= len(title) && strings.EqualFold(title[at:at+n], of) && (at == 0 || strings.Trim(title[at+n:], signs) == "") {
				return strings.Trim(title[:at]+title[at+n:], signs)
			}
		}
	}
	return strings.Trim(title, signs)
}

// shortSubject returns what something is about as readers say it: without the site's name, and what explains it.
func (w *wording) shortSubject(f Found) string {
	subject, _, _ := strings.Cut(titleSigns.Replace(w.shortTitle(f.Subject)), "\x00")
	return strings.ToLower(subject)
}

// wordings returns the words of a kind in a language, at least one: of a title what stands
// before the sign that parts it.
func (w *wording) wordings(phrase words.Text, tag string) []string {
	all := strings.Split(strings.ToLower(phrase.In(tag)), "|")
	for i := range all {
		all[i], _, _ = strings.Cut(titleSigns.Replace(all[i]), "\x00")
	}
	return all
}

// titleSigns part a title from what explains it.
var titleSigns = strings.NewReplacer(": ", "\x00", " – ", "\x00", " — ", "\x00", " - ", "\x00", " (", "\x00", " · ", "\x00")

// keywordFor returns the keyword for what was found: by the usual words in each of the
// publisher's languages, else by what its kind is called and what the menu calls it, else by its
// title, a shorter and shorter part of it, else by what its rows are, else with the first of its headings behind it,
// else by the usual word with a number.
func (w *wording) keywordFor(source string, f Found) catalogue.Keyword {
	const most = 3
	k := catalogue.Keyword{Source: source, Argument: string(what.ArgumentOptional), Count: max(f.Count, 1)}
	if f.ofHours() {
		if beside := w.besideSubject(w.wordings(f.Phrase, w.page), f); len(beside) > 0 {
			f.Phrase = words.Verbatim(strings.Join(beside, "|"))
		}
	}
	if f.Part {
		f.Phrase = words.Verbatim(strings.Join(w.partNames(f), "|"))
	}
	switch {
	case f.Needs:
		k.Argument = string(what.ArgumentRequired)
	case f.Alone:
		k.Argument = string(what.ArgumentNone)
	}
	for _, part := range f.Reply {
		k.Reply = append(k.Reply, catalogue.Part{Show: part})
	}
	called := catalogue.Keyword{Phrases: map[string][]string{w.page: w.wordings(f.Phrase, w.page)}}
	if !f.Needs { // of several tables on a page none is the one of all prices
		for _, usual := range usualBeside(&called, []string{w.page}, asksAll) {
			f.Also = append(f.Also[:len(f.Also):len(f.Also)], usual.Text)
		}
	}
	candidates := []map[string][]string{w.usualPhrases(f.Phrase), {w.page: w.wordings(f.Phrase, w.page)}}
	var both []map[string][]string
	if key := f.Usually.Key; key != "" && key != words.Verbatim("").Key {
		both = []map[string][]string{{w.page: {w.wordings(f.Usually, w.page)[0] + " " + called.Phrases[w.page][0]}}}
	}
	table := f.Usually.Key == "asked.table" // which nobody calls one
	if !table {
		candidates = append(candidates, both...)
	}
	title := strings.FieldsFunc(strings.ToLower(w.shortTitle(f.Title)), func(r rune) bool { return strings.ContainsRune(" -–—|:·,/()«»“”\"", r) })
	for n := min(len(title), most); n > 0; n-- {
		if n < len(title) && speech.IsFunction(textform.Fold(title[n-1]), speech.Of(words.Base(w.page))) {
			continue // "of the" is no name
		}
		candidates = append(candidates, map[string][]string{w.page: {strings.Join(title[:n], " ")}})
	}
	if own := strings.ToLower(w.shortTitle(f.Called)); own != "" && len(strings.Fields(own)) <= most {
		candidates = append(candidates, map[string][]string{w.page: {own}})
	}
	if beside := (Found{Subject: f.Title}); f.Rows != "" || f.Prices {
		if asked := strings.Split(words.Text{Key: "asked.prices"}.In(w.page), "|"); f.Prices && f.Title != "" {
			candidates = append(candidates, map[string][]string{w.page: w.besideSubject(asked, beside)})
		}
		candidates = append(candidates, map[string][]string{w.page: {strings.TrimSpace(w.shortSubject(beside) + " " + strings.ToLower(f.Rows))}})
	}
	if table {
		candidates = append(candidates, both...)
	}
	for _, phrases := range candidates {
		if fitting, ok := w.keywordIfFits(k, w.free(phrases, f.Also)); ok {
			return fitting
		}
	}
	for _, shown := range f.Shows {
		if !f.Guess || len(strings.Fields(shown)) > most || textform.SameName(shown, called.Phrases[w.page][0]) {
			continue
		}
		if fitting, ok := w.keywordIfFits(k, w.free(map[string][]string{w.page: {called.Phrases[w.page][0] + " " + strings.ToLower(shown)}}, nil)); ok {
			return fitting
		}
	}
	first := w.wordings(f.Phrase, w.languages[0])[0]
	numbered := first
	for n := 2; w.phrases[textform.Fold(numbered)] || textform.Fold(numbered) == ""; n++ {
		numbered = cmp.Or(first, f.Kind) + " " + strconv.Itoa(n)
	}
	k.Phrases = map[string][]string{w.languages[0]: {numbered}}
	return w.takeKeyword(k)
}

// usualPhrases returns the words of a kind in the publisher's languages that it has some in.
func (w *wording) usualPhrases(phrase words.Text) map[string][]string {
	usual := map[string][]string{}
	for _, tag := range w.languages {
		if all := w.wordings(phrase, tag); tag == w.languages[0] || words.Base(tag) == "en" || !slices.Equal(all, w.wordings(phrase, "en")) {
			usual[tag] = all
		}
	}
	return usual
}

// free returns the words that no keyword has, and those of the site among those of the
// page's language; none where the first of a language is taken.
func (w *wording) free(phrases map[string][]string, site []string) map[string][]string {
	left := map[string][]string{}
	for tag, all := range phrases {
		if tag == w.page {
			for _, word := range site {
				all = append(all[:len(all):len(all)], strings.ToLower(word))
			}
		}
		for i, phrase := range all {
			taken := w.phrases[textform.Fold(phrase)]
			if i == 0 && taken {
				return nil
			}
			if !taken && !slices.Contains(left[tag], phrase) {
				left[tag] = append(left[tag], phrase)
			}
		}
	}
	return left
}

// topicKeyword returns the keyword for one topic of a source.
func (w *wording) topicKeyword(source, topic string, count int) (catalogue.Keyword, bool) {
	const fewest, most = 3, 30
	var phrases []string
	for phrase := range strings.SplitSeq(strings.ToLower(topic), "|") {
		if n := utf8.RuneCountInString(phrase); n >= fewest && n <= most {
			phrases = append(phrases, phrase)
		}
	}
	if len(phrases) == 0 {
		return catalogue.Keyword{}, false
	}
	query, _, _ := strings.Cut(topic, "|")
	return w.keywordIfFits(catalogue.Keyword{Source: source, Argument: string(what.ArgumentNone), Query: query, Count: max(count, 1)}, w.free(map[string][]string{w.page: phrases}, nil))
}

// keywordIfFits returns a keyword with the phrases that the linter has nothing to say of,
// where the first of each language are such.
func (w *wording) keywordIfFits(k catalogue.Keyword, phrases map[string][]string) (catalogue.Keyword, bool) {
	k.Phrases = map[string][]string{}
	for tag, all := range phrases {
		if all[0] == "" {
			return k, false
		}
		k.Phrases[tag] = all[:1:1]
	}
	k.ID = w.newKeywordID(k)
	if len(phrases) == 0 || len(w.linter().Check(k)) > 0 {
		return k, false
	}
	for _, tag := range slices.Sorted(maps.Keys(phrases)) {
		for _, further := range phrases[tag][1:] {
			before := k.Phrases[tag]
			if k.Phrases[tag] = append(before[:len(before):len(before)], further); further == "" || len(w.linter().Check(k)) > 0 {
				k.Phrases[tag] = before
			}
		}
	}
	return w.takeKeyword(k), true
}

// newKeywordID returns an id for a keyword.
func (w *wording) newKeywordID(k catalogue.Keyword) string {
	called := ""
	for _, tag := range w.languages {
		if all := k.Phrases[tag]; len(all) > 0 && called == "" {
			called = all[0]
		}
	}
	return makeID(called, k.Source, func(id string) bool { return w.keywords[id] })
}

// takeKeyword notes a keyword, so that no other has its id or its words.
func (w *wording) takeKeyword(k catalogue.Keyword) catalogue.Keyword {
	k.ID = w.newKeywordID(k)
	w.keywords[k.ID] = true
	w.linter().Put(k)
	for _, all := range k.Phrases {
		for _, phrase := range all {
			w.phrases[textform.Fold(phrase)] = true
		}
	}
	return k
}

// docOfKeyword returns a keyword as a document, without what is as it is by itself.
func docOfKeyword(k catalogue.Keyword) Doc {
	phrases := map[string]any{}
	for _, tag := range slices.Sorted(maps.Keys(k.Phrases)) {
		var list []any
		for _, phrase := range k.Phrases[tag] {
			list = append(list, phrase)
		}
		phrases[tag] = list
	}
	d := Doc{"id": k.ID, "phrases": phrases, "argument": k.Argument}
	if k.Source != "" {
		d["source"] = k.Source
	}
	if k.Request.Kind != "" {
		var ask []any
		for _, q := range k.Request.Ask {
			ask = append(ask, map[string]any{"text": asKept(q.Text), "slot": q.Slot})
		}
		d["request"] = map[string]any{"kind": k.Request.Kind, "ask": ask}
	}
	if k.Query != "" {
		d["query"] = k.Query
	}
	if k.Count > 1 {
		d["count"] = k.Count
	}
	if k.Bare {
		d["bare"] = true
	}
	var reply []any
	for _, part := range k.Reply {
		reply = append(reply, map[string]any{"show": part.Show})
	}
	if reply != nil {
		d["reply"] = reply
	}
	return d
}
