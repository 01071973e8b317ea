package console

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
)

// ThingFind is the input of "thing.find".
type ThingFind struct {
	Of
	Q     string `json:"q,omitempty" query:"q" doc:"What is looked for: the beginning or a part of an id, a phrase or a title, with typing errors."`
	Limit int    `json:"limit,omitempty" query:"limit" min:"1" max:"50" doc:"How many things of each noun at most; 8 where not given."`
}

// Thing is a source, keyword, channel or whatever else a publisher has, as it
// was found.
type Thing struct {
	Resource string `json:"noun" doc:"source, keyword or channel."`
	ID       string `json:"id"`
	Name     string `json:"name" doc:"What it is called: a keyword by its first phrase, a source by its title."`
	Kind     string `json:"kind,omitempty" doc:"The kind of a source or channel."`
	// Names are told of keywords, a few of them, the one that was found first.
	Names []string `json:"names,omitempty" doc:"Some of the phrases of a keyword, the one that was found first."`
	Near  bool     `json:"near,omitempty" doc:"It is not called so, but nearly, or was meant."`
	// Fit is how well it fits, 1 the best.
	Fit int `json:"fit" doc:"How well it fits: 1 is the name itself, 2 its beginning, 3 the beginning of a word of it, 4 a part; beyond that it is near."`
}

// ThingsFound is the output.
type ThingsFound struct {
	Things []Thing `json:"things" doc:"By noun, keywords first, and the best first in each."`
}

// FindThings is "thing.find".
var FindThings = Declare[ThingFind, ThingsFound](Declaration{
	Name: "thing.find", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/find",
	Summary: "Find a publisher's keywords, sources and channels by what they are called, typing errors forgiven.",
	Help:    "Keywords are found as readers' messages are understood too: in other scripts and inflections.",
})

// How many things of a resource are found, how many of their names are told, and how
// long a text is looked for.
const (
	usuallyFound, mostFound = 8, 50
	namesTold               = 3
	longestSought           = 200
)

func (p Publishing) findThings(ctx context.Context, in ThingFind) (ThingsFound, error) {
	out := ThingsFound{Things: []Thing{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	limit := usuallyFound
	if in.Limit > 0 {
		limit = min(in.Limit, mostFound)
	}
	text, naming := cutText(in.Q, longestSought), p.namingFor(ctx, pub)
	for _, f := range p.findKeywords(pub, text, limit) {
		k := &pub.Keywords[f.Place]
		out.Things = append(out.Things, thingOf(catalogue.ResourceKeyword, k.ID, f).withName(naming.Name(*k)).withPhrases(k.Names()[1:], f.Name-1))
	}
	for _, n := range catalogue.Parts() {
		if n == catalogue.ResourceKeyword {
			continue
		}
		ids, kinds := n.IDs(&pub.Publisher), n.Kinds(&pub.Publisher)
		names := make([]what.Names, len(ids))
		for i, id := range ids {
			switch {
			case n == catalogue.ResourceSource:
				names[i] = what.NewNames(p.soughtBy(&pub.Sources[i])...)
			case kinds != nil:
				names[i] = what.NewNames(id, kinds[i])
			default:
				names[i] = what.NewNames(id)
			}
		}
		for _, f := range what.Find(names, text, limit) {
			one, _, _ := pub.Thing(n, ids[f.Place])
			t := thingOf(n, ids[f.Place], f).withName(naming.Name(one))
			if kinds != nil {
				t.Kind = kinds[f.Place]
			}
			out.Things = append(out.Things, t)
		}
	}
	return out, nil
}

func thingOf(n catalogue.Resource, id string, f what.Found) Thing {
	return Thing{Resource: string(n), ID: id, Fit: int(f.Fit), Near: f.Fit > what.FitWithin}
}

// withName says what it is called; without a name, by its id.
func (t Thing) withName(name string) Thing {
	t.Name = cmp.Or(name, t.ID)
	return t
}

// withPhrases tells a few of the names, one of them first.
func (t Thing) withPhrases(names []string, first int) Thing {
	if first > 0 {
		t.Names = append(t.Names, names[first])
	}
	for i, name := range names {
		if len(t.Names) < namesTold && (i != first || first <= 0) {
			t.Names = append(t.Names, name)
		}
	}
	return t
}

// findKeywords finds keywords by their letters, and those that were meant: they
// go behind what is called so, and before what is only near.
func (p Publishing) findKeywords(pub *catalogue.Setup, text string, limit int) []what.Found {
	found := pub.Find(text, limit)
	if len(found) > 0 && found[0].Fit == what.FitWhole {
		return found
	}
	for _, place := range p.meantKeywords(pub, text) {
		f := what.Found{Place: place, Fit: what.FitMeant}
		if at := slices.IndexFunc(found, func(g what.Found) bool { return g.Place == place }); at >= 0 {
			if found[at].Fit < what.FitMeant {
				continue
			}
			f.Name = found[at].Name
			found = slices.Delete(found, at, at+1)
		}
		at := slices.IndexFunc(found, func(g what.Found) bool { return g.Fit > what.FitMeant })
		if at < 0 {
			at = len(found)
		}
		found = slices.Insert(found, at, f)
	}
	return found[:min(len(found), limit)]
}

// meantKeywords returns the places of the keywords that a text means as a message.
func (p Publishing) meantKeywords(pub *catalogue.Setup, text string) []int {
	if p.Editions == nil {
		return nil
	}
	e := p.Editions.Edition(pub.ID)
	if e == nil {
		return nil
	}
	var places []int
	for _, id := range e.MatchingKeywords(text) {
		if place, ok := pub.Place(catalogue.ResourceKeyword, id); ok {
			places = append(places, place)
		}
	}
	return places
}

// searchKeywords returns the places of the keywords that a list shows for a text, in
// their order. Where none is called so or nearly so, it is those that are meant.
func (p Publishing) searchKeywords(pub *catalogue.Setup, text string) []int {
	text = cutText(text, longestSought)
	places := pub.Search(text)
	if len(places) == 0 {
		places = p.meantKeywords(pub, text)
		slices.Sort(places)
	}
	return places
}

// searchFilter reports whether a text finds the thing at a place of a list; nil where
// there is no text, so that all are listed.
func searchFilter(text string, length int, names func(i int) []string) func(i int) bool {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	all := make([]what.Names, length)
	for i := range all {
		all[i] = what.NewNames(names(i)...)
	}
	places := what.FindAll(all, cutText(text, longestSought))
	return func(i int) bool {
		_, found := slices.BinarySearch(places, i)
		return found
	}
}

// cutText returns the beginning of a text, in whole characters.
func cutText(text string, runes int) string {
	for i := range text {
		if runes--; runes < 0 {
			return text[:i]
		}
	}
	return text
}

// Naming says what things are called for somebody: keywords in the languages of
// their publisher, kinds in the reader's.
type Naming struct {
	Kinds     Kinds
	Languages []string
	Language  string
}

// Name returns what people call a thing: a keyword by its first phrase, a source by its
// title or by what it is about; "" for what is known by its id alone.
func (n Naming) Name(thing any) string {
	switch t := thing.(type) {
	case catalogue.Keyword:
		return t.Name(n.Languages)
	case catalogue.Source:
		return n.sourceName(&t)
	}
	return ""
}

// NameOf returns what the thing of a document is called, which need not be a good one:
// its id where nothing else is known.
func (n Naming) NameOf(resource catalogue.Resource, d Doc) string {
	// A thing that lacks something has what it has.
	thing, _ := resource.Fill(d)
	return cmp.Or(n.Name(thing), d.Text("id"))
}

// sourceName returns its title, else what it is about and of which kind it is.
func (n Naming) sourceName(s *catalogue.Source) string {
	const most = 60
	if s.Title != "" {
		return s.Title
	}
	k, known := n.Kinds.Source(s.Kind)
	if !known {
		return s.ID
	}
	kind, _ := k.In(n.Language)
	about := cmp.Or(n.Kinds.aboutSource(s), s.ID)
	if short := cutText(about, most); short != about {
		about = strings.TrimSpace(short) + "…"
	}
	return about + " – " + kind
}

// aboutSource returns what a source is about: a title among the settings of its kind, else
// where it fetches; "" if it has neither.
func (k Kinds) aboutSource(s *catalogue.Source) string {
	kind, _ := k.Source(s.Kind)
	if kind.New == nil {
		return ""
	}
	told := settings.ToldIn(kind.New(), s.Settings, settings.Title, settings.Address)
	if len(told) == 0 {
		return ""
	}
	if _, bare, whole := strings.Cut(told[0], "://"); whole {
		return strings.TrimSuffix(bare, "/")
	}
	return strings.TrimSuffix(told[0], "/")
}

// namingFor returns how a publisher's things are called for the caller.
func (p Publishing) namingFor(ctx context.Context, pub *catalogue.Setup) Naming {
	return Naming{Kinds: p.Kinds, Languages: pub.Languages, Language: CallerLanguage(ctx)}
}

// mostNames is how many things are named at once.
const mostNames = 200

// ThingNames is the input of "thing.names".
type ThingNames struct {
	Of
	Resource string `json:"noun" query:"noun" doc:"keyword, source or channel."`
	IDs      string `json:"ids" query:"ids" doc:"Their ids, or those that they had before, with commas between; at most 200."`
}

// ThingsNamed is the output.
type ThingsNamed struct {
	Names map[string]string `json:"names" doc:"By the ids that were given, what the things are called. What is no more is not among them."`
}

// NameThings is "thing.names".
var NameThings = Declare[ThingNames, ThingsNamed](Declaration{
	Name: "thing.names", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/names",
	Summary: "Tell what things are called that are known by their ids: keywords by their first phrase, sources by their title.",
})

func (p Publishing) nameThings(ctx context.Context, in ThingNames) (ThingsNamed, error) {
	out := ThingsNamed{Names: map[string]string{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	ids := strings.Split(in.IDs, ",")
	if len(ids) > mostNames {
		return out, &pull.Error{Kind: pull.Invalid, Field: "ids", Hint: words.Text{Key: "refusal.number", Args: words.Args{"most": mostNames}}}
	}
	resource, n := catalogue.Resource(in.Resource), p.namingFor(ctx, pub)
	for _, id := range ids {
		now := pub.Now(resource, id)
		if thing, _, there := pub.Thing(resource, now); there {
			out.Names[id] = cmp.Or(n.Name(thing), now)
		}
	}
	return out, nil
}

// Names tells what keywords are called, by their ids, in as many calls as it takes;
// what is no more goes by its id.
func Names(ctx context.Context, publisher string, resource catalogue.Resource, ids ...string) (func(id string) string, error) {
	names := map[string]string{}
	for len(ids) > 0 {
		n := min(len(ids), mostNames)
		out, err := NameThings.Call(ctx, ThingNames{Of: Of{Publisher: publisher}, Resource: string(resource), IDs: strings.Join(ids[:n], ",")})
		if err != nil {
			return nil, err
		}
		maps.Copy(names, out.Names)
		ids = ids[n:]
	}
	return func(id string) string { return cmp.Or(names[id], id) }, nil
}
