package console

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
)

// How many items a trial brings, and how many terms it names.
const (
	usualItems = 5
	mostItems  = 50
	shownTerms = 20
)

// fieldArgument is the field of an error about the reader's words.
const fieldArgument = "argument"

// SourceTry is the input of "source.try": a source as it might be saved.
type SourceTry struct {
	Of
	Source   Doc    `json:"source" required:"true"`
	ID       string `json:"id,omitempty" doc:"Id of a source that is there, for the secrets that are masked."`
	Argument string `json:"argument,omitempty" doc:"What a reader would write beside the keyword."`
	Count    int    `json:"count,omitempty" min:"1" max:"50" doc:"How many items at most; 5 where not given."`
}

// SourceTried is the output. Where upstream failed, Error says why and Field
// which setting is at fault, as far as that is known.
type SourceTried struct {
	Items    []what.Item    `json:"items"`
	Parts    []string       `json:"parts" doc:"What a reply can show of these items."`
	AsOf     time.Time      `json:"as_of,omitzero"`
	Fetched  time.Time      `json:"fetched,omitzero"`
	Warnings []string       `json:"warnings,omitempty"`
	Requests []Exchange     `json:"requests"`
	Took     journal.Millis `json:"took_ms"`
	Terms    []string       `json:"terms,omitempty" doc:"The first 20 names that readers may ask for."`
	AllTerms int            `json:"all_terms,omitempty" doc:"How many names there are."`
	// Places are what the settings may name that say where a value stands.
	Places []settings.Place `json:"places,omitempty" doc:"The values of the answer as it came, in their order, each below what holds it; path is what a setting that says where a value stands is filled with."`
	Error  string           `json:"error,omitempty"`
	Field  string           `json:"field,omitempty" doc:"Path of the field at fault."`
	// Proposed may be right, and is for an editor to take.
	Proposed string `json:"proposed,omitempty" doc:"What that field might be filled with, where that would mend it."`
}

// TrySource is "source.try".
var TrySource = Declare[SourceTry, SourceTried](Declaration{
	Name: "source.try", Permission: Write, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/try/source",
	Summary: "Fetch once from a source that need not have been saved.",
	Help:    "Nothing of it is saved; what it fetched is what the first reader gets of a source with these settings. That upstream fails is an answer, not an error.",
})

func (p sources) trySource(ctx context.Context, in SourceTry) (SourceTried, error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return SourceTried{}, err
	}
	r := &review{}
	s := p.draftSource(r, pub, in)
	switch {
	case in.Count == 0:
		in.Count = usualItems
	case in.Count < 0:
		r.addProblem("count", "min", "min", "1")
	case in.Count > mostItems:
		r.addProblem("count", "max", "max", strconv.Itoa(mostItems))
	}
	if err := r.err(); err != nil {
		return SourceTried{}, err
	}
	t := p.Trials.Source(ctx, pub.ID, s, pull.Query{
		Argument: in.Argument, Count: in.Count, Language: defaultLanguage(pub), At: p.Clock(),
	})
	return p.trialAnswer(s, t, CallerLanguage(ctx)), nil
}

// draftSource judges a source that need not be ready to be saved: its id
// does not matter.
func (p sources) draftSource(r *review, pub *catalogue.Setup, in SourceTry) catalogue.Source {
	in.ID = pub.Now(catalogue.ResourceSource, in.ID)
	was, ok := pub.Source(in.ID)
	if !ok && in.ID != "" {
		r.addUnknownName("id", string(catalogue.ResourceSource), in.ID, sourceIDs(pub))
	}
	in.Source = r.plainDoc(catalogue.ResourceSource, in.Source)
	return p.judgeSource(r, pub, in.Source.withField("id", "trial"), was)
}

func defaultLanguage(pub *catalogue.Setup) string {
	if len(pub.Languages) == 0 {
		return "en"
	}
	return pub.Languages[0]
}

func (p sources) trialAnswer(s catalogue.Source, t Trial, language string) SourceTried {
	out := SourceTried{
		Items: t.Items, AsOf: t.AsOf, Fetched: t.Fetched, Warnings: saidAll(t.Warnings, language), Requests: t.Requests,
		Took: journal.Since(t.Took), AllTerms: t.AllTerms, Parts: keywords(p).partsSeen(s, t.Items), Places: t.Places,
	}
	if out.Items == nil {
		out.Items = []what.Item{}
	}
	if out.Requests == nil {
		out.Requests = []Exchange{}
	}
	for _, term := range t.Terms[:min(len(t.Terms), shownTerms)] {
		out.Terms = append(out.Terms, termName(term))
	}
	if t.Err != nil {
		reason, field := errorForEditor(t.Err, string(catalogue.ResourceSource))
		out.Error, out.Field = reason.In(language), field
		if e, ok := errors.AsType[*pull.Error](t.Err); ok {
			out.Proposed = e.Proposed
		}
	}
	return out
}

// termName returns what readers call a term.
func termName(t what.Term) string {
	if len(t.Names) > 0 {
		return t.Names[0]
	}
	return t.Value
}

// errorForEditor returns an error as an editor reads it, with the path of the setting at
// fault, or "" if it names none.
func errorForEditor(err error, resource string) (reason words.Text, field string) {
	var e *pull.Error
	if !errors.As(err, &e) {
		return words.Said(err), ""
	}
	switch e.Field {
	case "", fieldArgument:
		field = e.Field
	default:
		field = resource + ".settings." + e.Field
	}
	return words.Said(err), field
}

// saidAll says all of them.
func saidAll(texts []words.Text, language string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, text.In(language))
	}
	return all
}

// tryBeforeSave refuses a source that brings nothing when it is tried, unless it has
// been saved with the same settings.
func (p sources) tryBeforeSave(in Untried) func(context.Context, *catalogue.Setup, catalogue.Source, *catalogue.Source) error {
	return func(ctx context.Context, pub *catalogue.Setup, s catalogue.Source, was *catalogue.Source) error {
		if in.Untried || was != nil && was.Kind == s.Kind && reflect.DeepEqual(was.Settings, s.Settings) {
			return nil
		}
		t := p.Trials.Source(ctx, pub.ID, s, pull.Query{Argument: in.Argument, Count: 1, Language: defaultLanguage(pub), At: p.Clock()})
		if t.Err == nil {
			return nil
		}
		reason, field := errorForEditor(t.Err, string(catalogue.ResourceSource))
		switch {
		case field == fieldArgument && in.Argument == "":
			// Only a reader's words would tell.
			return nil
		case field == "":
			field = p.blamedSetting(s)
		}
		r := &review{}
		r.addDocProblem(field, "document.unready", "reason", reason)
		return r.err()
	}
}

// blamedSetting returns where to show an error that names no setting: at the first one
// that was given.
func (p sources) blamedSetting(s catalogue.Source) string {
	const all = string(catalogue.ResourceSource) + ".settings"
	k, ok := p.Kinds.Source(s.Kind)
	if !ok {
		return all
	}
	fields, err := settings.Fields(k.New())
	if err != nil {
		return all
	}
	for _, f := range fields {
		if _, given := s.Settings[f.Name]; given {
			return all + "." + f.Name
		}
	}
	return all
}
