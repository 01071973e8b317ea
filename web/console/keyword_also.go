package console

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// Bounds of what a keyword is proposed to be called as well: how many wordings are
// proposed and tried, how long one may be, and how long they are tried for.
const (
	mostAlso     = 8
	mostAlsoTry  = 48
	alsoWords    = 5
	alsoRunes    = 40
	alsoTime     = 5 * time.Second
	fewestLinked = 3
)

// Where a further wording was found.
const (
	// AlsoTaken: readers wrote it and then took the keyword.
	AlsoTaken = "taken"
	// AlsoAsked: it was asked in vain, and this keyword came nearest.
	AlsoAsked = "asked"
	// AlsoUsual: it is another usual word for what the keyword is called.
	AlsoUsual = "usual"
	// AlsoSource: the source calls what the keyword tells so.
	AlsoSource = "source"
	// AlsoSite: the address of the source, or of what it tells, has it.
	AlsoSite = "site"
)

// KeywordAlso is the input of "keyword.also".
type KeywordAlso struct {
	Of
	ID string `json:"id" path:"keyword" doc:"Id of the keyword."`
}

// AlsoSaid is the output.
type AlsoSaid struct {
	Wordings []AlsoWording `json:"wordings" doc:"The best first, at most eight; demand.adopt adds one to the keyword."`
}

// AlsoWording is something that a keyword could be called as well.
type AlsoWording struct {
	Text     string `json:"text" doc:"What readers would write."`
	Language string `json:"language" doc:"The language that it would be a phrase of."`
	From     string `json:"from" enum:"taken,asked,usual,source,site" doc:"Where it was found: readers wrote it and took the keyword, or asked it in vain; it is a usual word for the same; the source calls it so; its address does."`
	Answer   string `json:"answer,omitempty" doc:"The beginning of what it would answer; left out where nothing is held to answer by."`
}

// AlsoKeyword is "keyword.also".
var AlsoKeyword = Declare[KeywordAlso, AlsoSaid](Declaration{
	Name: "keyword.also", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/keywords/{keyword}/also",
	Summary: "Propose what a keyword could be called as well.",
	Help: "Proposed are wordings of readers, of the source and of its site, and usual words for the same. Each is tried: " +
		"one that calls the keyword already, that another keyword is called or offered by, that is a command, or that the check has something to say of is left out. " +
		"No source is fetched, and nothing is saved.",
})

func (p keywords) proposeWordings(ctx context.Context, in KeywordAlso) (AlsoSaid, error) {
	out := AlsoSaid{Wordings: []AlsoWording{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	id := pub.Now(catalogue.ResourceKeyword, in.ID)
	k, ok := pub.Keyword(id)
	if !ok {
		return out, NoThing(catalogue.ResourceKeyword, in.ID)
	}
	ctx, cancel := context.WithTimeout(ctx, alsoTime)
	defer cancel()
	stage, err := p.Trials.Rehearse(pub.ID)
	if err != nil {
		return out, err
	}
	defer func() { _ = stage.Close() }() // nothing of it lasts
	a := &also{publishing: p.Publishing, pub: pub, keyword: *k, stage: stage, said: map[string]bool{}}
	for _, phrases := range k.Phrases {
		for _, phrase := range phrases {
			a.said[textform.Fold(phrase)] = true
		}
	}
	if err := a.collect(ctx); err != nil {
		return out, err
	}
	out.Wordings = append(out.Wordings, a.tryWordings(ctx)...)
	return out, nil
}

// also collects and tries what a keyword could be called as well.
type also struct {
	publishing Publishing
	pub        *catalogue.Setup
	keyword    catalogue.Keyword
	stage      Rehearsal
	// said are the phrases that the keyword has, and what was collected.
	said map[string]bool
	all  []AlsoWording
}

// addWording notes a wording that nobody noted before, if readers could write it.
func (a *also) addWording(text, language, from string) {
	text = strings.TrimSpace(text)
	folded := textform.Fold(text)
	if len(a.all) == mostAlsoTry || folded == "" || a.said[folded] || hidesPart(text) || !isSayable(text) {
		return
	}
	a.said[folded] = true
	a.all = append(a.all, AlsoWording{Text: text, Language: languageOf(a.pub, &a.keyword, spokenTag(a.pub, language)), From: from})
}

// isSayable reports whether a text is short, and words.
func isSayable(text string) bool {
	return utf8.RuneCountInString(text) <= alsoRunes && len(strings.Fields(text)) <= alsoWords &&
		!strings.ContainsAny(text, "/@_<>{}[]\\") && strings.ContainsFunc(text, unicode.IsLetter)
}

// spokenTag returns the publisher's own tag for a language, or "" if it speaks none such.
func spokenTag(pub *catalogue.Setup, language string) string {
	i := slices.IndexFunc(pub.Languages, func(own string) bool { return words.Base(own) == words.Base(language) })
	if i < 0 || language == "" {
		return ""
	}
	return pub.Languages[i]
}

// collect looks for wordings everywhere, the best first.
func (a *also) collect(ctx context.Context) error {
	if err := a.collectDemand(ctx); err != nil {
		return err
	}
	a.collectUsual()
	a.collectEntries(ctx)
	return nil
}

// collectDemand notes what readers wrote before they took the keyword, and what they asked
// in vain that came nearest to it.
func (a *also) collectDemand(ctx context.Context) error {
	if a.publishing.Demanded == nil {
		return nil
	}
	wrote, err := a.publishing.wroteFor(ctx, a.pub)
	for _, w := range wrote[a.keyword.ID] {
		if w.From == AlsoAsked || asksFor(&a.keyword, w.Argument) {
			a.addWording(w.Text, w.Language, w.From)
		}
	}
	return err
}

// wroteText is what readers wrote for a keyword, or the publisher tried.
type wroteText struct{ Text, Language, From, Argument string }

// wroteFor returns what was written for each keyword, what took it first.
func (p Publishing) wroteFor(ctx context.Context, pub *catalogue.Setup) (map[string][]wroteText, error) {
	now := p.Clock().In(ZoneOf(pub))
	from := journal.StartOfDay(now).AddDate(0, 0, 1-journal.DemandDays)
	sizeOf := func(all map[string][]wroteText) (bytes int) {
		for _, list := range all {
			bytes += 150 * (len(list) + 1)
		}
		return bytes
	}
	texts := func(ctx context.Context) (uint64, error) { return p.Demanded.CountedTexts(ctx, pub.ID) }
	return p.wrote.answerOnce(ctx, texts, pub, from.Unix(), sizeOf, func() (map[string][]wroteText, error) {
		d, err := p.Demanded.Texts(ctx, pub.ID, journal.Listing{From: from, Until: now, Met: pub.HasPhrase, Now: keywordNow(pub)})
		all := map[string][]wroteText{}
		for _, o := range d.Proposals {
			all[o.Keyword] = append(all[o.Keyword], wroteText{o.Text, o.Language, AlsoTaken, o.Argument})
		}
		for _, u := range slices.Concat(d.Own, d.Unmet) {
			if len(u.Near) > 0 && u.Text != "" {
				all[u.Near[0]] = append(all[u.Near[0]], wroteText{Text: u.Text, Language: u.Language, From: AlsoAsked})
			}
		}
		return all, err
	})
}

// collectUsual notes the words beside which a phrase of the keyword stands among those that
// readers ask all outlets by, in each of the publisher's languages.
func (a *also) collectUsual() {
	if a.keyword.Query != "" {
		return
	}
	for _, w := range usualBeside(&a.keyword, a.pub.Languages, asksAll, ofTopics) {
		a.addWording(w.Text, w.Language, AlsoUsual)
	}
}

// What the words begin with by which readers ask all outlets, and those by which they ask for a topic that many have.
const asksAll, ofTopics = "asked.", "rubric."

// usualBeside returns the words by which readers ask outlets, beside which a phrase of a keyword
// stands, in some languages: the first of each language before the second of any.
func usualBeside(k *catalogue.Keyword, tags []string, prefixes ...string) (beside []AlsoWording) {
	called := foldedPhrases(k)
	var keys []string
	for _, prefix := range prefixes {
		keys = append(keys, words.Core().Keys(prefix)...)
	}
	for _, key := range keys {
		usual := words.Text{Key: key}
		of, longest := make([][]string, len(tags)), 0
		for at, tag := range tags {
			if words.Base(tag) == "en" || usual.In(tag) != usual.In("en") {
				of[at] = strings.Split(usual.In(tag), "|")
				longest = max(longest, len(of[at]))
			}
		}
		var all []AlsoWording
		known := false
		for i := range longest {
			for at, tag := range tags {
				if i < len(of[at]) {
					known = known || called[textform.Fold(of[at][i])]
					all = append(all, AlsoWording{Text: of[at][i], Language: tag})
				}
			}
		}
		if known {
			beside = append(beside, all...)
		}
	}
	return beside
}

// foldedPhrases returns what a keyword is called, folded.
func foldedPhrases(k *catalogue.Keyword) map[string]bool {
	called := map[string]bool{}
	for _, phrases := range k.Phrases {
		for _, phrase := range phrases {
			called[textform.Fold(phrase)] = true
		}
	}
	return called
}

// collectEntries notes what the source itself calls what the keyword tells: the entry that
// it asks for by all its names, the one item that it tells, and where that lies on the
// outlet's site.
func (a *also) collectEntries(ctx context.Context) {
	argument := a.keyword.Query
	if argument == pull.QueryFirst {
		argument = ""
	}
	held := a.stage.Source(ctx, a.keyword.Source, argument)
	for _, t := range held.Terms {
		names := append([]string{t.Value}, t.Names...)
		if argument != "" && slices.ContainsFunc(names, func(name string) bool { return textform.SameName(name, argument) }) {
			for _, name := range names {
				a.addWording(name, t.Language, AlsoSource)
			}
		}
	}
	if len(held.Items) == 1 && a.keyword.Query != pull.QueryFirst {
		a.addWording(held.Items[0].Title, held.Items[0].Language, AlsoSource)
	}
	if argument != "" {
		return
	}
	if s, ok := a.pub.Source(a.keyword.Source); ok && a.asksForAll() {
		a.addWording((&wording{publisher: a.pub.Publisher}).shortTitle(s.Title), "", AlsoSource)
		if section := sectionOf(held.Items); section != "" && !a.isSectionElsewhere(ctx, section) {
			a.addWording(section, "", AlsoSite)
		}
	}
}

// asksForAll reports whether the keyword is the one that asks its source for nothing in
// particular.
func (a *also) asksForAll() bool {
	return a.keyword.Query == "" && !slices.ContainsFunc(a.pub.Keywords, func(k catalogue.Keyword) bool {
		return k.Source == a.keyword.Source && k.ID != a.keyword.ID && k.Query == ""
	})
}

// sectionOf returns the part of the site that all items lie in, as words; "" if there are
// few of them, or none such.
func sectionOf(items []what.Item) string {
	section := ""
	for i, it := range items {
		own := folderOf(it.Link)
		if own == "" || i > 0 && own != section {
			return ""
		}
		section = own
	}
	if len(items) < fewestLinked {
		return ""
	}
	return section
}

// folderOf returns the innermost folder of an address that is called by a word.
func folderOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	folders := strings.Split(path.Dir(u.Path), "/")
	for _, folder := range slices.Backward(folders) {
		if text := strings.ReplaceAll(folder, "-", " "); utf8.RuneCountInString(text) > 2 && strings.IndexFunc(text, isNoWord) < 0 {
			return text
		}
	}
	return ""
}

// isNoWord reports whether a character stands in no word.
func isNoWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != ' ' }

// isSectionElsewhere reports whether another source's items lie in a folder, too: it is
// the site's own way of keeping things then.
func (a *also) isSectionElsewhere(ctx context.Context, section string) bool {
	for _, s := range a.pub.Sources[:min(len(a.pub.Sources), mostAlsoTry)] {
		if s.ID != a.keyword.Source && slices.ContainsFunc(a.stage.Source(ctx, s.ID, "").Items, func(it what.Item) bool { return folderOf(it.Link) == section }) {
			return true
		}
	}
	return false
}

// tryWordings asks what was collected, before it is a phrase of the keyword and after, and
// returns the first that nothing speaks against.
func (a *also) tryWordings(ctx context.Context) []AlsoWording {
	if len(a.all) == 0 || a.stage.Publish(a.pub.Keywords) != nil {
		return nil
	}
	var left []AlsoWording
	with := a.keyword
	with.Freshness, with.Phrases = catalogue.Freshness{}, maps.Clone(a.keyword.Phrases)
	for _, w := range a.all {
		if len(left) < mostAlso && ctx.Err() == nil && !a.doubts(w) && a.isFree(ctx, w) {
			left = append(left, w)
			list := with.Phrases[w.Language]
			with.Phrases[w.Language] = append(list[:len(list):len(list)], w.Text)
		}
	}
	all := slices.Clone(a.pub.Keywords)
	at := slices.IndexFunc(all, func(k catalogue.Keyword) bool { return k.ID == with.ID })
	all[at] = with
	if a.stage.Publish(all) != nil {
		return nil
	}
	var good []AlsoWording
	for _, w := range left {
		if a.answersTo(ctx, &w) {
			good = append(good, w)
		}
	}
	return good
}

// doubts reports whether the linter has more to say of the keyword with a wording than
// without.
func (a *also) doubts(w AlsoWording) bool {
	with := a.keyword
	list := with.Phrases[w.Language]
	with.Phrases = maps.Clone(with.Phrases)
	with.Phrases[w.Language] = append(list[:len(list):len(list)], w.Text)
	return len(findingsOf(a.pub, with)) > len(findingsOf(a.pub, a.keyword))
}

// isFree reports whether a wording calls nothing yet, and whether no other keyword comes
// as near to it.
func (a *also) isFree(ctx context.Context, w AlsoWording) bool {
	t := a.stage.Ask(ctx, w.Text, w.Language).Trace
	if t.What.Command != "" || t.What.Keyword != "" {
		return false
	}
	others := slices.ContainsFunc(t.What.Offered, func(id string) bool { return id != a.keyword.ID })
	return !others || w.From == AlsoTaken && slices.Contains(t.What.Offered, a.keyword.ID)
}

// answersTo reports whether the keyword is called by a wording alone, in a sentence and
// in capitals, and notes what that answers.
func (a *also) answersTo(ctx context.Context, w *AlsoWording) bool {
	please := words.Text{Key: "ask.please", Args: words.Args{"keyword": w.Text}}.In(w.Language)
	for i, said := range []string{w.Text, please, strings.ToUpper(w.Text)} {
		o := a.stage.Ask(ctx, said, w.Language)
		if o.Trace.What.Keyword != a.keyword.ID || slices.ContainsFunc(o.Trace.What.Offered, func(id string) bool { return id != a.keyword.ID }) {
			return false
		}
		if i == 0 && o.Trace.Outcome == journal.Answered {
			w.Answer = shownAnswer(o.Reply)
		}
	}
	return ctx.Err() == nil
}
