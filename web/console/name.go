package console

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// Naming says what things are called for somebody: keywords in the languages of
// their publisher, kinds in that of whoever reads it.
type Naming struct {
	Kinds     Kinds
	Languages []string
	Language  string
}

// Name is what people call a thing: a keyword by its first phrase, a source by its
// title or by what it is about; "" for what is known by its id alone.
func (n Naming) Name(thing any) string {
	switch t := thing.(type) {
	case catalogue.Keyword:
		return t.Name(n.Languages)
	case catalogue.Source:
		return n.source(&t)
	}
	return ""
}

// NameOf is what the thing of a document is called, which need not be a good one:
// its id where nothing else is known.
func (n Naming) NameOf(noun catalogue.Noun, d Doc) string {
	// A thing that lacks something has what it has.
	thing, _ := noun.Fill(d)
	return cmp.Or(n.Name(thing), d.text("id"))
}

// source is its title, else what it is about and of which kind it is.
func (n Naming) source(s *catalogue.Source) string {
	const most = 60
	if s.Title != "" {
		return s.Title
	}
	k, known := n.Kinds.Source(s.Kind)
	if !known {
		return s.ID
	}
	kind, _ := k.In(n.Language)
	about := cmp.Or(n.Kinds.about(s), s.ID)
	if short := cutText(about, most); short != about {
		about = strings.TrimSpace(short) + "…"
	}
	return about + " – " + kind
}

// about is what a source is about: a title among the settings of its kind, else
// where it fetches; "" where it has neither.
func (k Kinds) about(s *catalogue.Source) string {
	kind, _ := k.Source(s.Kind)
	if kind.New == nil {
		return ""
	}
	// A test makes sure that the structs of kinds are understood.
	fields, _ := settings.Fields(kind.New())
	told := append(settings.Told(fields, s.Settings, settings.Title), settings.Told(fields, s.Settings, settings.Address)...)
	if len(told) == 0 {
		return ""
	}
	if _, bare, whole := strings.Cut(told[0], "://"); whole {
		return strings.TrimSuffix(bare, "/")
	}
	return strings.TrimSuffix(told[0], "/")
}

// naming is how a publisher's things are called for whoever asks.
func (p Publishing) naming(ctx context.Context, pub *catalogue.Setup) Naming {
	return Naming{Kinds: p.Kinds, Languages: pub.Languages, Language: spoken(ctx)}
}

// mostNames is how many things are named at once.
const mostNames = 200

// ThingNames is the input of "thing.names".
type ThingNames struct {
	Of
	Noun string `json:"noun" query:"noun" required:"true" doc:"keyword, source or channel."`
	IDs  string `json:"ids" query:"ids" required:"true" doc:"Their ids, or those that they had before, with commas between; at most 200."`
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
	noun, n := catalogue.Noun(in.Noun), p.naming(ctx, pub)
	for _, id := range ids {
		now := pub.Now(noun, id)
		if thing, _, there := pub.Thing(noun, now); there {
			out.Names[id] = cmp.Or(n.Name(thing), now)
		}
	}
	return out, nil
}

// Names tells what keywords are called, by their ids, in as many calls as it takes;
// what is no more goes by its id.
func Names(ctx context.Context, publisher string, noun catalogue.Noun, ids ...string) (func(id string) string, error) {
	names := map[string]string{}
	for len(ids) > 0 {
		n := min(len(ids), mostNames)
		out, err := NameThings.Call(ctx, ThingNames{Of: Of{Publisher: publisher}, Noun: string(noun), IDs: strings.Join(ids[:n], ",")})
		if err != nil {
			return nil, err
		}
		for id, name := range out.Names {
			names[id] = name
		}
		ids = ids[n:]
	}
	return func(id string) string { return cmp.Or(names[id], id) }, nil
}
