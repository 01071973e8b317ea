package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// StarterList is the input of "starter.list".
type StarterList struct {
	Of
	Language string `json:"language,omitempty" query:"language" doc:"The language of the sets' titles; the caller's where not given, English where not known."`
}

// StarterListed is the output.
type StarterListed struct {
	Sets []StarterSet `json:"sets"`
}

// StarterSet is what outlets of one sort are asked most.
type StarterSet struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"`
	Help    string         `json:"help"`
	Entries []StarterEntry `json:"entries"`
}

// StarterEntry is something that they are asked.
type StarterEntry struct {
	Name     string              `json:"name"`
	Phrases  map[string][]string `json:"phrases" doc:"The words to ask for it by, in those of the publisher's languages that there are words in."`
	Texts    map[string]string   `json:"texts" doc:"An answer in each of these languages; […] stands for what only the outlet knows."`
	Standing bool                `json:"standing,omitempty" doc:"A keyword of the publisher has these words already."`
	Request  string              `json:"request,omitempty" doc:"incident or order, where the entry takes a request down in place of an answer; then it has no texts."`
	Ask      []StarterQuestion   `json:"ask,omitempty" doc:"What readers are asked for the request."`
}

// StarterQuestion is something that readers are asked for a request.
type StarterQuestion struct {
	Texts map[string]string `json:"texts" doc:"The question in each of these languages."`
	Slot  string            `json:"slot" doc:"What the answer is: text, date, number, amount or place."`
}

// StarterAdopt is the input of "starter.adopt".
type StarterAdopt struct {
	Of
	Set     string          `json:"set" path:"set" doc:"Name of the set."`
	Answers []StarterAnswer `json:"answers,omitempty" doc:"The answers with nothing left to fill in; entries without one are left out."`

	Requests []string `json:"requests,omitempty" doc:"The names of the entries by which requests are to be taken down."`
}

// StarterAnswer is an answer that was filled in.
type StarterAnswer struct {
	Entry    string `json:"entry" doc:"Name of the entry."`
	Language string `json:"language" doc:"One that the entry has an answer in."`
	Text     string `json:"text"`
}

// The operations by which a publisher begins with what outlets of its sort are asked.
var (
	ListStarters = Declare[StarterList, StarterListed](Declaration{
		Name: "starter.list", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/starters",
		Summary: "List sets of keywords to begin with, and the answers that they lack.",
	})

	AdoptStarter = Declare[StarterAdopt, SourceAdopted](Declaration{
		Name: "starter.adopt", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/starters/{set}",
		Summary: "Add the keywords of a set that answers are given for, each with its source.",
	})
)

// Starters returns the sets to begin with of all kinds.
func (k Kinds) Starters() (all []settings.StarterSet) {
	for _, set := range k.starterKinds() {
		all = append(all, set.StarterSet)
	}
	return all
}

// starterKind is a set, with the kind whose sources tell its answers.
type starterKind struct {
	settings.StarterSet
	kind  string
	start settings.Starting
}

// starterKinds returns the sets of all kinds.
func (k Kinds) starterKinds() (all []starterKind) {
	for _, kind := range k.Sources {
		if s, ok := kind.New().(settings.Starting); ok {
			for _, set := range s.StarterSets() {
				all = append(all, starterKind{set, kind.Name, s})
			}
		}
	}
	return all
}

func (p sources) listStarters(ctx context.Context, in StarterList) (StarterListed, error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return StarterListed{}, err
	}
	w := newWording(pub.Publisher, Discovery{})
	out, language := StarterListed{Sets: []StarterSet{}}, cmp.Or(in.Language, CallerLanguage(ctx))
	for _, set := range p.Kinds.Starters() {
		shown := StarterSet{Name: set.Name, Title: set.Title.In(language), Help: set.Help.In(language)}
		for _, of := range set.Entries {
			shown.Entries = append(shown.Entries, w.starterEntry(of))
		}
		out.Sets = append(out.Sets, shown)
	}
	return out, nil
}

// starterEntry returns an entry in the languages of the publisher that it is written in.
func (w *wording) starterEntry(of settings.Starter) StarterEntry {
	e := StarterEntry{Name: of.Name, Phrases: w.usualPhrases(of.Phrase), Texts: map[string]string{}}
	e.Standing = len(w.free(e.Phrases, nil)) == 0
	for tag := range e.Phrases {
		e.Phrases[tag] = strings.Split(of.Phrase.In(tag), "|")
		if of.Request == "" {
			e.Texts[tag] = of.Text.In(tag)
		}
	}
	e.Request = of.Request
	for _, q := range of.Questions {
		asked := StarterQuestion{Texts: map[string]string{}, Slot: q.Slot}
		for tag := range e.Phrases {
			asked.Texts[tag] = q.Text.In(tag)
		}
		e.Ask = append(e.Ask, asked)
	}
	return e
}

func (p sources) adoptStarter(ctx context.Context, in StarterAdopt) (SourceAdopted, error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return SourceAdopted{}, err
	}
	sets := p.Kinds.starterKinds()
	at := slices.IndexFunc(sets, func(set starterKind) bool { return set.Name == in.Set })
	if at < 0 {
		return SourceAdopted{}, &pull.Error{Kind: pull.Unknown, Op: "adopt starter", Field: "set", Hint: words.Text{Key: "starter.no_set"}}
	}
	w := newWording(pub.Publisher, Discovery{})
	found, requests, err := filledIn(w, sets[at], in)
	if err != nil {
		return SourceAdopted{}, err
	}
	with := pub.Publisher
	with.Keywords = slices.Concat(with.Keywords, requests)
	proposed := Proposed(ctx, Discovery{Found: found}, with)
	for _, k := range requests {
		proposed.Keywords = append(proposed.Keywords, docOfKeyword(k))
	}
	return p.adoptSources(ctx, SourceAdopt{Of: in.Of, Sources: proposed.Sources, Keywords: proposed.Keywords})
}

// filledIn returns a source for each entry of a set that has answers, and a keyword for each that
// takes requests.
func filledIn(w *wording, set starterKind, in StarterAdopt) (all []Found, requests []catalogue.Keyword, err error) {
	r := &review{}
	texts := map[string]map[string]string{}
	for _, a := range in.Answers {
		at := slices.IndexFunc(set.Entries, func(of settings.Starter) bool { return of.Name == a.Entry })
		field := "answers." + a.Entry + "." + a.Language
		switch {
		case at < 0 || w.starterEntry(set.Entries[at]).Texts[a.Language] == "":
			r.addDocProblem(field, "starter.no_entry")
		case strings.TrimSpace(a.Text) == "" || strings.Contains(a.Text, settings.Gap):
			r.addDocProblem(field, "starter.gap", "gap", settings.Gap)
		case texts[a.Entry] == nil:
			texts[a.Entry] = map[string]string{}
			fallthrough
		default:
			texts[a.Entry][a.Language] = a.Text
		}
	}
	for _, name := range in.Requests {
		if !slices.ContainsFunc(set.Entries, func(of settings.Starter) bool { return of.Name == name && of.Request != "" }) {
			r.addDocProblem("requests."+name, "starter.no_request")
		}
	}
	if len(in.Answers)+len(in.Requests) == 0 {
		r.addDocProblem("answers", "starter.nothing", "gap", settings.Gap)
	}
	for _, of := range set.Entries {
		if told := texts[of.Name]; told != nil {
			title, _, _ := strings.Cut(of.Phrase.In(w.page), "|")
			all = append(all, Found{Kind: set.kind, Settings: set.start.Answering(told), Title: title, Phrase: of.Phrase, Alone: true})
		}
		if slices.Contains(in.Requests, of.Name) {
			requests = append(requests, w.requestFor(of))
		}
	}
	return all, requests, r.err()
}

// requestFor returns the keyword by which an entry takes requests down.
func (w *wording) requestFor(of settings.Starter) catalogue.Keyword {
	k := w.keywordFor("", Found{Kind: of.Request, Phrase: of.Phrase, Alone: true})
	k.Request.Kind = of.Request
	for _, q := range w.starterEntry(of).Ask {
		k.Request.Ask = append(k.Request.Ask, catalogue.Question{Text: q.Texts, Slot: q.Slot})
	}
	return k
}
