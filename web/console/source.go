package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/when"
	"keypull/pull/words"
)

// usedBy is how many keywords an entry of a source names.
const usedBy = 20

// SourceEntry is a source as it is answered.
type SourceEntry struct {
	Source Doc `json:"source"`
	Standing
	Keywords   int          `json:"keywords" doc:"How many keywords it answers."`
	KeywordIDs []string     `json:"keyword_ids,omitempty" doc:"Ids of the first 20 of them; not in lists."`
	Health     SourceHealth `json:"health"`
}

// SourceHealth is how a source has been doing.
type SourceHealth struct {
	State    State     `json:"state" enum:"ok,warning,bad,idle"`
	Error    string    `json:"error,omitempty" doc:"What went wrong last; empty while all is well."`
	Good     time.Time `json:"good,omitzero"`
	Fresh    time.Time `json:"fresh_until,omitzero" doc:"Until when what it brought last is told without asking it anew."`
	Told     time.Time `json:"told_until,omitzero" doc:"Until when that is told at all, marked, while it fails."`
	Bad      time.Time `json:"bad,omitzero"`
	Warnings []string  `json:"warnings,omitempty"`
	Held     bool      `json:"held,omitempty" doc:"What it brought last is in doubt and held back: it is believed when it stays so, or accepted."`
}

// sources is the collection of sources.
func (p sources) collection() collection[catalogue.Source, SourceEntry] {
	return collection[catalogue.Source, SourceEntry]{
		publishing: p.Publishing, resource: catalogue.ResourceSource,
		find: (*catalogue.Setup).Source, judge: p.judgeSource,
		called: p.calledByKind,
		entry: func(ctx context.Context, pub *catalogue.Setup, id string) (SourceEntry, error) {
			ids := pub.KeywordsOf(id, -1)
			e, err := p.sourceEntry(pub, id, len(ids), p.Snapshots.HealthOf(pub.ID)[id], CallerLanguage(ctx))
			e.KeywordIDs = ids[:min(len(ids), usedBy)]
			return e, err
		},
		free: refuseUsedSource,
		renamed: func(s catalogue.Source, id string, formerly []string) catalogue.Source {
			s.ID, s.Formerly = id, formerly
			return s
		},
		along: keywordsAlong,
	}
}

// keywordsAlong returns the changes by which a source's keywords follow its id.
func keywordsAlong(ctx context.Context, pub *catalogue.Setup, from, to string) []catalogue.Change {
	var changes []catalogue.Change
	for _, k := range pub.Keywords {
		if k.Source == from || k.Request.Hook == from {
			k = k.WithSource(from, to)
			changes = append(changes, catalogue.Change{Publisher: pub.ID, Resource: catalogue.ResourceKeyword, ID: k.ID, Value: k,
				When: pub.MetaOf(catalogue.ResourceKeyword, k.ID).Version, By: byName(ctx)})
		}
	}
	return changes
}

// calledByKind returns what a new source gets its id from: its title, or that among its
// settings, else its kind.
func (p sources) calledByKind(_ *catalogue.Setup, d Doc) string {
	if title := d.Text("title"); slug(title) != "" {
		return title
	}
	k, _ := p.Kinds.Source(d.Text("kind"))
	if k.New == nil {
		return d.Text("kind")
	}
	// A test makes sure that the structs of kinds are understood.
	fields, _ := settings.Fields(k.New())
	for _, title := range settings.Told(fields, d.Table("settings"), settings.Title) {
		if slug(title) != "" {
			return title
		}
	}
	return d.Text("kind")
}

// soughtBy returns what a source is looked for by, its name first.
func (p Publishing) soughtBy(s *catalogue.Source) []string {
	return slices.DeleteFunc([]string{s.Title, s.ID, p.Kinds.aboutSource(s), s.Kind}, func(name string) bool { return name == "" })
}

func (p sources) judgeSource(r *review, _ *catalogue.Setup, d Doc, was *catalogue.Source) catalogue.Source {
	var s catalogue.Source
	s.Defaults()
	r.fillDraft(catalogue.ResourceSource, &s, d, p.Checks)
	before := kept{}
	if was != nil {
		before = kept{was.Kind, was.Settings}
	}
	s.Settings = r.kindSettings(string(catalogue.ResourceSource), p.Kinds.Sources, s.Kind, s.Settings, before, p.Checks)
	return s
}

func (p sources) sourceEntry(pub *catalogue.Setup, id string, keywords int, h pull.Health, language string) (SourceEntry, error) {
	s, ok := pub.Source(id)
	if !ok {
		return SourceEntry{}, NoThing(catalogue.ResourceSource, id)
	}
	doc, err := p.MaskedDoc(catalogue.ResourceSource, *s)
	return SourceEntry{
		Source: doc, Standing: standingOf(pub, pub.MetaOf(catalogue.ResourceSource, id)), Keywords: keywords,
		Health: healthOf(h, pub.Broken[catalogue.ResourceSource][id], s.Freshness, language),
	}, err
}

// healthOf sorts the health of a source; broken is why it could not be opened.
func healthOf(h pull.Health, broken words.Text, fresh catalogue.Freshness, language string) SourceHealth {
	s := SourceHealth{State: OK, Error: h.Error.In(language), Good: h.Good, Bad: h.Bad, Warnings: saidAll(h.Warnings, language), Held: h.Held}
	if kept := pull.FreshnessOf(fresh); !h.Good.IsZero() {
		s.Fresh, s.Told = kept.FreshUntil(when.Times{Fetched: h.Good}), kept.GoneAt(when.Times{Fetched: h.Good})
	}
	switch {
	case !broken.IsZero():
		s.State, s.Error = Bad, broken.In(language)
	case !h.Error.IsZero():
		s.State = Bad
	case h.Good.IsZero() && h.Bad.IsZero():
		s.State = Idle
	case len(h.Warnings) > 0:
		s.State = Doubtful
	}
	return s
}

// SourceList is the input of "source.list".
type SourceList struct {
	Of
	Page
	Q string `json:"q,omitempty" query:"q" doc:"What the title, the id, the address or the kind holds or nearly is."`
}

// SourceListed is the output.
type SourceListed struct {
	Sources []SourceEntry `json:"sources"`
	Next    string        `json:"next,omitempty"`
}

func (p sources) listSources(ctx context.Context, in SourceList) (SourceListed, error) {
	out := SourceListed{Sources: []SourceEntry{}}
	o, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	shown := searchFilter(in.Q, len(o.Sources), func(i int) []string { return p.soughtBy(&o.Sources[i]) })
	health, keywords := p.Snapshots.HealthOf(o.ID), o.Counts()
	out.Sources, out.Next, err = listPage(in.Page, o, catalogue.ResourceSource, shown, func(i int) (SourceEntry, error) {
		id := o.Sources[i].ID
		return p.sourceEntry(o, id, keywords[id], health[id], CallerLanguage(ctx))
	})
	return out, err
}

// SourceNames is the input of "source.names".
type SourceNames struct {
	Of
	Page
}

// SourceName is a source as lists to choose from show it.
type SourceName struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Title string `json:"title,omitempty" doc:"What it is called, else where it fetches."`
	Name  string `json:"name" doc:"The same as people see it everywhere: its title, else where it fetches and its kind."`
}

// SourcesNamed is the output of "source.names".
type SourcesNamed struct {
	Sources []SourceName `json:"sources"`
	Next    string       `json:"next,omitempty"`
}

// ListSourceNames is "source.names".
var ListSourceNames = Declare[SourceNames, SourcesNamed](Declaration{
	Name: "source.names", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/source-names",
	Summary: "List the ids, kinds and titles of a publisher's sources alone.",
})

// listSourceNames lists sources without their settings and health: forms that
// offer them to choose from need no more.
func (p sources) listSourceNames(ctx context.Context, in SourceNames) (SourcesNamed, error) {
	out := SourcesNamed{Sources: []SourceName{}}
	o, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	naming := p.namingFor(ctx, o)
	out.Sources, out.Next, err = listPage(in.Page, o, catalogue.ResourceSource, nil, func(i int) (SourceName, error) {
		s := &o.Sources[i]
		return SourceName{ID: s.ID, Kind: s.Kind, Title: cmp.Or(s.Title, p.Kinds.aboutSource(s)), Name: naming.Name(*s)}, nil
	})
	return out, err
}
