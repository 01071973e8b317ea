package console

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/words"
)

// Discovery is what an address turned out to be good for.
type Discovery struct {
	// Address is the one that was asked, whole.
	Address string
	Found   []Found
}

// Found is a source that an address makes possible.
type Found struct {
	Kind     string
	Settings map[string]any
	// Title is what the content calls itself, Form what it is written as, Shows
	// the beginning of what readers would get.
	Title, Form string
	Shows       []string
	// Open are the settings that only an editor can choose.
	Open []string
	// Phrase is a word to ask for it by; Needs says that readers write more
	// beside it.
	Phrase words.Text
	Needs  bool
	// Argument is something that they may write.
	Argument string
}

// SourceDiscover is the input of "source.discover".
type SourceDiscover struct {
	Of
	Address  string `json:"address" required:"true" doc:"A page, a feed, a sitemap, an answer in JSON or CSV; https:// may be left out."`
	Argument string `json:"argument,omitempty" doc:"What stands in the place of {symbol} in the address."`
}

// SourceDiscovered is the output: documents that source.create and
// keyword.create take, those of one place in the lists belonging together.
type SourceDiscovered struct {
	Address  string        `json:"address" doc:"The address that was asked, whole."`
	Sources  []Doc         `json:"sources"`
	Keywords []Doc         `json:"keywords"`
	About    []SourceAbout `json:"about"`
}

// SourceAbout tells of a source that was found.
type SourceAbout struct {
	Title string   `json:"title" doc:"What the content calls itself."`
	Form  string   `json:"form,omitempty" doc:"What it is written as, such as Atom or JSON."`
	Shows []string `json:"shows,omitempty" doc:"The beginning of what readers would get."`
	Open  []string `json:"open,omitempty" doc:"The settings that are still to be chosen."`
	// Argument is an example of what readers write beside the keyword.
	Argument string `json:"argument,omitempty" doc:"Something that readers may write beside the keyword, to try it with."`
}

// DiscoverSource is "source.discover".
var DiscoverSource = Declare[SourceDiscover, SourceDiscovered](Declaration{
	Name: "source.discover", Permission: Write, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/discover/source",
	Summary: "Find out which sources an address makes possible.",
	Help:    "The address is fetched once and shown to every kind of source, and so is what it leads to, within bounds. Nothing is saved. Nothing found is an answer, not an error.",
})

func (p sources) discover(ctx context.Context, in SourceDiscover) (SourceDiscovered, error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return SourceDiscovered{}, err
	}
	r := &review{}
	if in.Address = strings.TrimSpace(in.Address); in.Address == "" {
		r.say("address", "required")
		return SourceDiscovered{}, r.err()
	}
	found, err := p.Trials.Discover(ctx, in.Address, in.Argument)
	if err != nil {
		reason, field := told(err, "")
		if field != fieldArgument {
			field = "address"
		}
		r.wrong(field, "document.undiscovered", "reason", reason)
		return SourceDiscovered{}, r.err()
	}
	return Proposed(found, pub.Publisher), nil
}

// Proposed are the documents for what was found, with ids and words that the
// publisher does not have yet.
func Proposed(found Discovery, pub catalogue.Publisher) SourceDiscovered {
	out := SourceDiscovered{Address: found.Address, Sources: []Doc{}, Keywords: []Doc{}, About: []SourceAbout{}}
	w := newWording(pub)
	for _, f := range found.Found {
		source := identify(f.Title, f.Kind, func(id string) bool { return w.sources[id] })
		w.sources[source] = true
		phrase := w.phrase(f)
		id := identify(phrase, source, func(id string) bool { return w.keywords[id] })
		w.keywords[id] = true
		argument := what.ArgumentNone
		if f.Needs {
			argument = what.ArgumentRequired
		}
		proposed := Doc{"id": source, "kind": f.Kind, "settings": f.Settings}
		if f.Title != "" {
			proposed["title"] = f.Title
		}
		out.Sources = append(out.Sources, proposed)
		out.Keywords = append(out.Keywords, Doc{
			"id": id, "source": source, "phrases": map[string]any{w.language: []any{phrase}}, "argument": string(argument),
		})
		out.About = append(out.About, SourceAbout{Title: f.Title, Form: f.Form, Shows: f.Shows, Open: f.Open, Argument: f.Argument})
	}
	return out
}

// wording proposes words that no keyword has.
type wording struct {
	language                   string
	sources, keywords, phrases map[string]bool
}

func newWording(pub catalogue.Publisher) *wording {
	w := &wording{language: "en", sources: map[string]bool{}, keywords: map[string]bool{}, phrases: map[string]bool{}}
	if len(pub.Languages) > 0 {
		w.language = pub.Languages[0]
	}
	for _, s := range pub.Sources {
		w.sources[s.ID] = true
	}
	for _, k := range pub.Keywords {
		w.keywords[k.ID] = true
		for _, phrases := range k.Phrases {
			for _, phrase := range phrases {
				w.phrases[slug(phrase)] = true
			}
		}
	}
	return w
}

// phrase is the usual word of what was found, else a shorter and shorter part of
// its title, else the usual word with a number.
func (w *wording) phrase(f Found) string {
	const most = 3
	usual := strings.ToLower(f.Phrase.In(w.language))
	candidates := []string{usual}
	title := strings.FieldsFunc(strings.ToLower(f.Title), func(r rune) bool { return strings.ContainsRune(" -–—|:·,/()«»“”\"", r) })
	for n := min(len(title), most); n > 0; n-- {
		candidates = append(candidates, strings.Join(title[:n], " "))
	}
	free := func(phrase string) bool { return phrase != "" && !w.phrases[slug(phrase)] }
	var chosen string
	if i := slices.IndexFunc(candidates, free); i >= 0 {
		chosen = candidates[i]
	} else {
		chosen = strings.ReplaceAll(identify(usual, f.Kind, func(id string) bool { return w.phrases[id] }), "-", " ")
	}
	w.phrases[slug(chosen)] = true
	return chosen
}
