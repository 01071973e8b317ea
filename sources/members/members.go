// Package members is the source kind for those who have a code: a club, the
// subscribers of a printed paper, the people of a house. Readers become members
// by sending the code once, and keywords may be for members alone. What it tells
// by itself is what being one means.
package members

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:  "members",
	Words: own,
	Files: files,
	New:   func() sources.Opener { return &Settings{} },
}

// Settings configure the members of something.
type Settings struct {
	Called catalogue.Localised `name:"called" label:"Name" help:"What readers call those who belong to it, one text or one per language." settings:"localised" check:"required,keys=language" example:"Friends of the museum"`
	Codes  map[string]string   `name:"codes" label:"Codes" help:"The codes by which readers join, each with a name of yours, such as the year. A code has eight signs or more, letters and digits among them. Take one away, and whoever joined by it is no member any more; put another in its place under the same name, and they stay." secret:"true" check:"required,max=50,keys=id" example:"{ 2026 = \"rose-4711-ink\" }"`
	Text   catalogue.Localised `name:"text" label:"Text" help:"What readers are told who ask for a keyword of this source, one text or one per language: what members get, and where the code is to be had." settings:"localised" check:"required,keys=language" example:"Friends of the museum see the programme a week early. The code is on your card."`
}

// How long the name and the text may be, in characters.
const (
	mostCalled = 60
	mostText   = 2000
)

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	var problems settings.Problems
	for _, text := range []struct {
		field string
		of    catalogue.Localised
		most  int
	}{{"called", s.Called, mostCalled}, {"text", s.Text, mostText}} {
		all := slices.Collect(maps.Values(text.of))
		switch {
		case strings.TrimSpace(strings.Join(all, "")) == "":
			problems = append(problems, settings.NewProblem(text.field, "required"))
		case slices.ContainsFunc(all, func(one string) bool { return utf8.RuneCountInString(one) > text.most }):
			problems = append(problems, settings.Wrong(text.field, own.Text("long_text", words.Args{"most": text.most})))
		}
	}
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(s.Codes)) {
		code := normalCode(s.Codes[name])
		switch {
		case s.Codes[name] == settings.Mask:
		case !pull.LooksLikeCode(s.Codes[name]):
			problems = append(problems, settings.Wrong("codes."+name, own.Text("weak_code", nil)))
		case seen[code]:
			problems = append(problems, settings.Wrong("codes."+name, own.Text("same_code", words.Args{"name": name})))
		}
		seen[code] = true
	}
	return problems
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	src := &source{called: s.Called, clock: env.Clock}
	for _, name := range slices.Sorted(maps.Keys(s.Codes)) {
		src.codes = append(src.codes, code{name, codeForm(s.Codes[name]), sha256.Sum256([]byte(normalCode(s.Codes[name])))})
	}
	for _, language := range slices.Sorted(maps.Keys(s.Text)) {
		if text := sources.Clean(s.Text[language]); text != "" {
			src.items = append(src.items, what.Item{ID: "text-" + language, Title: s.Called.In(language), Summary: text, Body: text, Language: language})
		}
	}
	return src, nil
}

// code is one by which readers join: its form, and a sum that tells nothing of it.
type code struct {
	name string
	form string
	sum  [sha256.Size]byte
}

type source struct {
	called catalogue.Localised
	codes  []code
	items  []what.Item
	clock  func() time.Time
}

var (
	_ settings.Checker = (*Settings)(nil)
	_ pull.Joinable    = (*source)(nil)
	_ sources.Factual  = (*Settings)(nil)
)

// normalCode returns a code as it is compared: case, spaces and hyphens aside.
func normalCode(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, text)
}

// codeForm returns where a code has digits and where other signs, as it is compared.
func codeForm(text string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return '9'
		}
		return 'A'
	}, normalCode(text))
}

// HasForm reports whether a text has as many signs as a code, and digits in the same places.
func (s *source) HasForm(text string) bool {
	form := codeForm(text)
	return slices.ContainsFunc(s.codes, func(c code) bool { return c.form == form })
}

// Code returns the name of the code that a text is. All are compared, whichever it is.
func (s *source) Code(text string) (mark string, ok bool) {
	sum := sha256.Sum256([]byte(normalCode(text)))
	for _, c := range s.codes {
		if subtle.ConstantTimeCompare(sum[:], c.sum[:]) == 1 {
			mark, ok = c.name, true
		}
	}
	return mark, ok
}

// Counts reports whether there still is a code of that name.
func (s *source) Counts(mark string) bool {
	return slices.ContainsFunc(s.codes, func(c code) bool { return c.name == mark })
}

// Called returns what readers call the members.
func (s *source) Called(language string) string {
	if text := s.called.In(language); text != "" {
		return text
	}
	for _, l := range slices.Sorted(maps.Keys(s.called)) {
		return s.called[l]
	}
	return ""
}

// Key returns the same for every query.
func (*source) Key(pull.Query) (string, error) { return "members", nil }

// Fetch returns the text in all its languages; nobody is asked.
func (s *source) Fetch(ctx context.Context, _ string, _ *pull.Snapshot) (pull.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return pull.Snapshot{}, sources.GivenUpError("tell of members", err)
	}
	return pull.Snapshot{Fetched: s.clock(), Items: slices.Clone(s.items)}, nil
}

// Select picks the text in the language of the answer, else the one for every language.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if !sources.NewSearch(q.Argument).Empty() || len(snapshot.Items) == 0 || q.Offset > 0 {
		return pull.Selection{}, nil
	}
	base, _, _ := strings.Cut(q.Language, "-")
	rank := func(it what.Item) int { return sources.RankIn([]string{q.Language, base, ""}, it.Language) }
	best := slices.MinFunc(snapshot.Items, func(a, b what.Item) int { return rank(a) - rank(b) })
	return pull.Selection{Items: []what.Item{best}}, nil
}

// Say gives the text as it was written.
func (*source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	for _, it := range items {
		sources.AddBlocks(&r, pull.Block{Kind: pull.Title, Text: it.Title}, pull.Block{Kind: pull.Paragraph, Text: it.Body})
	}
	return r
}

// Facts lists the facts of the items.
func (*Settings) Facts() []string { return []string{} }

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})
