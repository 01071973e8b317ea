package catalogue

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// Meta is what is known of a thing beside itself.
type Meta struct {
	// Version grows with each change; 0 if the thing stands in the
	// configuration file.
	Version uint64
	Changed time.Time
	// By is the name of whoever changed it last.
	By string
}

// ETag returns the version as faces show it.
func (m Meta) ETag() string { return strconv.FormatUint(m.Version, 10) }

// Metas are those of a publisher and its things, by resource and id.
type Metas map[Resource]map[string]Meta

// Setup is one publisher as it is set up: immutable, and replaced as a whole
// when anything changes. Secrets in it are in clear.
type Setup struct {
	Publisher
	// Provisioned says that it stands in the configuration file and is changed
	// there alone.
	Provisioned bool
	Meta        Meta
	// places tells where in its list a thing is, by resource and id, once somebody asks.
	places map[Resource]func() map[string]int
	metas  Metas
	// Linter knows the keywords.
	Linter *Linting
	// Broken says of sources and channels that could not be opened why.
	Broken map[Resource]map[string]words.Text
	// search holds what keywords are found by, in their order.
	search *searching
	// counts counts the keywords of each source, once somebody asks.
	counts func() map[string]int
	// phrases are those of all keywords, folded.
	phrases func() map[string]bool
	// Names are what the publisher itself is found by.
	Names func() what.Names
	// former leads from ids that things had to those that they have, by resource, once
	// somebody asks.
	former func() map[Resource]map[string]string
}

// NewSetup makes a publisher of its parts. metas may lack what stands in the
// configuration file.
func NewSetup(p Publisher, metas Metas) *Setup {
	s := &Setup{Publisher: p, Meta: metas[ResourcePublisher][p.ID], metas: metas,
		places: make(map[Resource]func() map[string]int, len(rows)), search: &searching{keywords: p.Keywords}}
	for _, n := range Parts() {
		s.places[n] = placesOf(n, p)
	}
	s.phrases, s.Names = foldPhrases(p.Keywords), namesOf(p.Name, p.ID)
	s.counts, s.former, s.Linter = countKeywords(p.Keywords), formerOf(&s.Publisher), &Linting{latest: s}
	return s
}

// placesOf tells where each of a publisher's things of a resource is, when first called.
func placesOf(n Resource, p Publisher) func() map[string]int {
	return sync.OnceValue(func() map[string]int {
		ids := n.IDs(&p)
		places := make(map[string]int, len(ids))
		for i, id := range ids {
			places[id] = i
		}
		return places
	})
}

// namesOf returns what a publisher is found by, when first called.
func namesOf(name, id string) func() what.Names {
	return sync.OnceValue(func() what.Names { return what.NewNames(name, id) })
}

// foldPhrases folds the phrases of all keywords, when first called.
func foldPhrases(keywords []Keyword) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		known := make(map[string]bool, len(keywords))
		for i := range keywords {
			for _, phrases := range keywords[i].Phrases {
				for _, phrase := range phrases {
					known[textform.Fold(phrase)] = true
				}
			}
		}
		return known
	})
}

// HasPhrase reports whether a text is a phrase of some keyword.
func (s *Setup) HasPhrase(text string) bool { return s.phrases()[textform.Fold(text)] }

// countKeywords counts the keywords of every source, when first called.
func countKeywords(keywords []Keyword) func() map[string]int {
	return sync.OnceValue(func() map[string]int {
		n := map[string]int{}
		for i := range keywords {
			n[keywords[i].Source]++
			if hook := keywords[i].Request.Hook; hook != "" {
				n[hook]++
			}
		}
		return n
	})
}

// searching holds what keywords are found by, made when somebody first looks for
// one: a catalogue that nobody edits costs no memory.
type searching struct {
	keywords []Keyword
	mu       sync.Mutex
	names    []what.Names
}

// all returns what each keyword is found by, in their order.
func (s *searching) all() []what.Names {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.names == nil {
		s.names = make([]what.Names, len(s.keywords))
		for i := range s.keywords {
			s.names[i] = searchable(&s.keywords[i])
		}
	}
	return s.names
}

// afterMove follows changes of keywords: from is where each was before.
func (s *searching) afterMove(keywords []Keyword, from []int) *searching {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := &searching{keywords: keywords}
	if s.names == nil {
		return next
	}
	next.names = make([]what.Names, len(from))
	for i, was := range from {
		if was >= 0 {
			next.names[i] = s.names[was]
		} else {
			next.names[i] = searchable(&keywords[i])
		}
	}
	return next
}

// searchable returns what a search finds a keyword by.
func searchable(k *Keyword) what.Names { return what.NewNames(k.Names()...) }

// Place returns where in its list a thing is.
func (s *Setup) Place(n Resource, id string) (int, bool) {
	places := s.places[n]
	if places == nil {
		return 0, false
	}
	i, ok := places()[id]
	return i, ok
}

// at returns the entry of a list that has an id.
func at[T any](s *Setup, n Resource, list []T, id string) (*T, bool) {
	i, ok := s.Place(n, id)
	if !ok {
		return nil, false
	}
	return &list[i], true
}

// Source returns a source by its id.
func (s *Setup) Source(id string) (*Source, bool) { return at(s, ResourceSource, s.Sources, id) }

// Keyword returns a keyword by its id.
func (s *Setup) Keyword(id string) (*Keyword, bool) { return at(s, ResourceKeyword, s.Keywords, id) }

// Channel returns a channel by its id.
func (s *Setup) Channel(id string) (*Channel, bool) { return at(s, ResourceChannel, s.Channels, id) }

// MetaOf returns what is known of a thing beside itself.
func (s *Setup) MetaOf(n Resource, id string) Meta { return s.metas[n][id] }

// Groups returns the groups that keywords are in.
func (s *Setup) Groups() []string {
	in := map[string]bool{}
	for i := range s.Keywords {
		if g := s.Keywords[i].Group; g != "" {
			in[g] = true
		}
	}
	return slices.Sorted(maps.Keys(in))
}

// Counts tells how many keywords each source answers; it must not be changed.
func (s *Setup) Counts() map[string]int { return s.counts() }

// Search returns the places of the keywords whose id or phrases somebody may
// have meant who typed the text, in their order: see what.Find.
func (s *Setup) Search(text string) []int { return what.FindAll(s.search.all(), text) }

// Find returns the keywords that Search finds, the best first, at most that
// many. Found.Name is the place of a name among Keyword.Names.
func (s *Setup) Find(text string, most int) []what.Found {
	return what.Find(s.search.all(), text, most)
}

// KeywordsOf returns the ids of the keywords that a source answers, at most
// limit.
func (s *Setup) KeywordsOf(source string, limit int) []string {
	var ids []string
	for i := range s.Keywords {
		if k := &s.Keywords[i]; k.Source == source || source != "" && k.Request.Hook == source {
			if ids = append(ids, s.Keywords[i].ID); len(ids) == limit {
				break
			}
		}
	}
	return ids
}

// Pieces is a publisher as it comes out of the store, thing by thing.
type Pieces struct {
	// things are by resource, until it is known how many there are.
	things map[Resource][]any
	metas  Metas
}

// Add takes a thing of a resource.
func (p *Pieces) Add(n Resource, id string, thing any, m Meta) {
	if p.metas == nil {
		p.things, p.metas = map[Resource][]any{}, Metas{}
	}
	if p.metas[n] == nil {
		p.metas[n] = map[string]Meta{}
	}
	p.things[n] = append(p.things[n], thing)
	p.metas[n][id] = m
}

// Setup returns the publisher of what was added, or nil where its own fields were
// not among it: they are what a removal takes last.
func (p *Pieces) Setup() *Setup {
	var all Publisher
	for _, r := range rows {
		if r.room != nil {
			r.room(&all, len(p.things[r.resource]))
		}
		for _, thing := range p.things[r.resource] {
			r.put(&all, thing)
		}
		delete(p.things, r.resource)
	}
	if all.ID == "" {
		return nil
	}
	for _, r := range parts {
		r.sort(&all)
	}
	all.Pack()
	return NewSetup(all, p.metas)
}
