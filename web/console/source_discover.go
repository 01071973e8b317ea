package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
)

// Discovery is what an address turned out to be good for.
type Discovery struct {
	// Address is the one that was asked, whole.
	Address string
	// System is what its page was made with, Language what it is written in, "" where
	// it does not say.
	System, Language string
	Found            []Found
}

// Found is a source that an address makes possible.
type Found struct {
	Kind     string
	Settings map[string]any
	// StaleIfError is for how long its last good answers may be told, as the kind
	// has it; zero if it names no time.
	StaleIfError time.Duration
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
	// Topics are what its items are about, Count how many an answer takes.
	Topics []string
	Count  int
	// Reply are the parts and facts that an answer shows; none where the kind words
	// it best.
	Reply []string
}

// SourceDiscover is the input of "source.discover".
type SourceDiscover struct {
	Of
	Address  string `json:"address" required:"true" doc:"A page, a feed, a sitemap, an answer in JSON or CSV; https:// may be left out."`
	Argument string `json:"argument,omitempty" doc:"What stands in the place of {symbol} in the address."`
}

// SourceDiscovered is the output: documents that source.create, keyword.create and
// source.adopt take; a keyword names its source.
type SourceDiscovered struct {
	Address  string        `json:"address" doc:"The address that was asked, whole."`
	System   string        `json:"system,omitempty" doc:"What the page was made with, where that can be told."`
	Sources  []Doc         `json:"sources"`
	Keywords []Doc         `json:"keywords" doc:"The first ones answer the sources of the same place, the others one topic each of one of them."`
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

func (p sources) discoverSources(ctx context.Context, in SourceDiscover) (SourceDiscovered, error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return SourceDiscovered{}, err
	}
	r := &review{}
	if in.Address = strings.TrimSpace(in.Address); in.Address == "" {
		r.addProblem("address", "required")
		return SourceDiscovered{}, r.err()
	}
	found, err := p.Trials.Discover(ctx, in.Address, in.Argument)
	if err != nil {
		reason, field := errorForEditor(err, "")
		if field != fieldArgument {
			field = "address"
		}
		r.addDocProblem(field, "document.undiscovered", "reason", reason)
		return SourceDiscovered{}, r.err()
	}
	return Proposed(found, pub.Publisher), nil
}

// mostKeywords is how many keywords are proposed for one address.
const mostKeywords = 30

// Proposed returns the documents for what was found, with ids and words that the
// publisher does not have yet, and that the linter has nothing to say of.
func Proposed(found Discovery, pub catalogue.Publisher) SourceDiscovered {
	out := SourceDiscovered{Address: found.Address, System: found.System, Sources: []Doc{}, Keywords: []Doc{}, About: []SourceAbout{}}
	w := newWording(pub, found.Language)
	for _, f := range found.Found[:min(len(found.Found), mostKeywords)] {
		source := makeID(f.Title, f.Kind, func(id string) bool { return w.sources[id] })
		w.sources[source] = true
		proposed := Doc{"id": source, "kind": f.Kind, "settings": f.Settings}
		if f.Title != "" {
			proposed["title"] = f.Title
		}
		if f.StaleIfError > 0 {
			proposed["stale_if_error"] = settings.FormatDuration(f.StaleIfError)
		}
		out.Sources = append(out.Sources, proposed)
		out.Keywords = append(out.Keywords, w.keywordFor(source, f))
		out.About = append(out.About, SourceAbout{Title: f.Title, Form: f.Form, Shows: f.Shows, Open: f.Open, Argument: f.Argument})
	}
	for i, f := range found.Found[:len(out.Sources)] {
		for _, topic := range f.Topics {
			if len(out.Keywords) == mostKeywords {
				return out
			}
			if d, ok := w.topicKeyword(out.Sources[i].Text("id"), topic, f.Count); ok {
				out.Keywords = append(out.Keywords, d)
			}
		}
	}
	return out
}

// wording proposes words that no keyword has.
type wording struct {
	// languages are the publisher's, page the one of them that the page is written in.
	languages                  []string
	page                       string
	sources, keywords, phrases map[string]bool
	linter                     *catalogue.Linter
}

func newWording(pub catalogue.Publisher, page string) *wording {
	w := &wording{languages: pub.Languages, sources: map[string]bool{}, keywords: map[string]bool{}, phrases: map[string]bool{}}
	if len(w.languages) == 0 {
		w.languages = []string{"en"}
		pub.Languages = w.languages
	}
	w.page = w.languages[0]
	for _, tag := range w.languages {
		if words.Base(tag) == words.Base(page) {
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
				w.phrases[slug(phrase)] = true
			}
		}
	}
	w.linter = catalogue.NewLinter(pub)
	return w
}

// keywordFor returns the document of the keyword for what was found: by the usual word in
// each of the publisher's languages, else by a shorter and shorter part of its title,
// else by the usual word with a number.
func (w *wording) keywordFor(source string, f Found) Doc {
	const most = 3
	argument := what.ArgumentNone
	if f.Needs {
		argument = what.ArgumentRequired
	}
	k := catalogue.Keyword{Source: source, Argument: string(argument), Count: f.Count}
	for _, part := range f.Reply {
		k.Reply = append(k.Reply, catalogue.Part{Show: part})
	}
	usual := map[string][]string{}
	for _, tag := range w.languages {
		if word := strings.ToLower(f.Phrase.In(tag)); tag == w.languages[0] || word != strings.ToLower(f.Phrase.In("en")) || words.Base(tag) == "en" {
			usual[tag] = []string{word}
		}
	}
	first := strings.ToLower(f.Phrase.In(w.languages[0]))
	candidates := []map[string][]string{usual, {w.page: {strings.ToLower(f.Phrase.In(w.page))}}}
	title := strings.FieldsFunc(strings.ToLower(f.Title), func(r rune) bool { return strings.ContainsRune(" -–—|:·,/()«»“”\"", r) })
	for n := min(len(title), most); n > 0; n-- {
		candidates = append(candidates, map[string][]string{w.page: {strings.Join(title[:n], " ")}})
	}
	for _, phrases := range candidates {
		if d, ok := w.keywordIfFits(k, phrases); ok {
			return d
		}
	}
	numbered := strings.ReplaceAll(makeID(first, f.Kind, func(id string) bool { return w.phrases[id] }), "-", " ")
	k.Phrases = map[string][]string{w.languages[0]: {numbered}}
	return w.takeKeyword(k)
}

// topicKeyword returns the document of a keyword for one topic of a source.
func (w *wording) topicKeyword(source, topic string, count int) (Doc, bool) {
	const most = 30
	phrase := strings.ToLower(topic)
	if n := utf8.RuneCountInString(phrase); n < 3 || n > most {
		return nil, false
	}
	return w.keywordIfFits(catalogue.Keyword{Source: source, Argument: string(what.ArgumentNone), Query: topic, Count: count}, map[string][]string{w.page: {phrase}})
}

// keywordIfFits returns the document of a keyword with some phrases, where nobody has them and the
// linter has nothing to say of it.
func (w *wording) keywordIfFits(k catalogue.Keyword, phrases map[string][]string) (Doc, bool) {
	for _, all := range phrases {
		for _, phrase := range all {
			if slug := slug(phrase); phrase == "" || slug != "" && w.phrases[slug] {
				return nil, false
			}
		}
	}
	k.Phrases = phrases
	k.ID = w.newKeywordID(k)
	if len(w.linter.Check(k)) > 0 {
		return nil, false
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
func (w *wording) takeKeyword(k catalogue.Keyword) Doc {
	k.ID = w.newKeywordID(k)
	w.keywords[k.ID] = true
	w.linter.Put(k)
	phrases := map[string]any{}
	for tag, all := range k.Phrases {
		var list []any
		for _, phrase := range all {
			list = append(list, phrase)
			w.phrases[slug(phrase)] = true
		}
		phrases[tag] = list
	}
	d := Doc{"id": k.ID, "source": k.Source, "phrases": phrases, "argument": k.Argument}
	if k.Query != "" {
		d["query"] = k.Query
	}
	if k.Count > 1 {
		d["count"] = k.Count
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

// SourceAdopt is the input of "source.adopt".
type SourceAdopt struct {
	Of
	Sources  []Doc `json:"sources" required:"true" doc:"Documents of sources, as source.discover proposes them."`
	Keywords []Doc `json:"keywords,omitempty" doc:"Documents of keywords of these sources, or of others that are there."`
}

// SourceAdopted is the output.
type SourceAdopted struct {
	Sources  []string `json:"sources" doc:"Ids of the sources that were added."`
	Keywords []string `json:"keywords" doc:"Ids of the keywords that were added."`
}

// mostSources is how many sources are adopted at once.
const mostSources = 50

// AdoptSources is "source.adopt".
var AdoptSources = Declare[SourceAdopt, SourceAdopted](Declaration{
	Name: "source.adopt", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/discover/adopt",
	Summary: "Add sources and their keywords as one.",
	Help:    "All that is wrong is told at once. Readers are answered by all of them from one moment on. Nothing is fetched first.",
})

func (p sources) adoptSources(ctx context.Context, in SourceAdopt) (SourceAdopted, error) {
	for range attempts {
		pub, err := p.collection().openPublisher(in.Publisher)
		if err != nil {
			return SourceAdopted{}, err
		}
		out, err := p.saveAdopted(ctx, pub, in)
		if pull.KindOf(err) != pull.Conflict {
			return out, err
		}
	}
	return SourceAdopted{}, p.collection().busyError()
}

// saveAdopted judges all documents beside each other, and saves them.
func (p sources) saveAdopted(ctx context.Context, pub *catalogue.Setup, in SourceAdopt) (SourceAdopted, error) {
	out := SourceAdopted{Sources: []string{}, Keywords: []string{}}
	r := &review{}
	if len(in.Sources) == 0 || len(in.Sources) > mostSources || len(in.Keywords) > mostSources {
		r.addDocProblem("sources", "document.adopt_many", "most", mostSources)
		return out, r.err()
	}
	var changes []catalogue.Change
	change := func(n catalogue.Resource, id string, value any) {
		changes = append(changes, catalogue.Change{Publisher: pub.ID, Resource: n, ID: id, Value: value, By: byName(ctx)})
	}
	metas := []catalogue.Meta{}
	for _, given := range in.Sources {
		s := p.collection()
		d, _ := s.withIDExcept(pub, given, func(id string) bool { return slices.Contains(out.Sources, id) })
		id := d.Text("id")
		r.problems = append(r.problems, s.checkNewID(pub, id).problems...)
		value := s.judge(r, pub, r.plainDoc(s.resource, d), nil)
		out.Sources = append(out.Sources, id)
		change(s.resource, id, value)
		metas = append(metas, catalogue.Meta{})
	}
	if err := r.err(); err != nil {
		return out, err
	}
	with := pub.WithAll(changes, metas)
	for _, given := range in.Keywords {
		s := keywords(p).collection()
		d, _ := s.withIDExcept(pub, given, func(id string) bool { return slices.Contains(out.Keywords, id) })
		id := d.Text("id")
		r.problems = append(r.problems, s.checkNewID(pub, id).problems...)
		value := s.judge(r, with, r.plainDoc(s.resource, d), nil)
		out.Keywords = append(out.Keywords, id)
		change(s.resource, id, value)
	}
	if err := r.err(); err != nil {
		return out, err
	}
	if _, err := p.Catalogue.SaveAll(ctx, changes); err != nil {
		return out, err //nolint:wrapcheck // the catalogue's own sentence
	}
	NoteAudit(ctx, string(catalogue.ResourceSource)+" "+strings.Join(out.Sources, ", "), nil, nil)
	return out, nil
}
