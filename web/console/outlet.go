package console

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Noun is what a publisher is made of.
type Noun string

// The nouns, as they stand in keys of the store and in the audit log.
const (
	NounPublisher Noun = "publisher"
	NounSource    Noun = "source"
	NounKeyword   Noun = "keyword"
	NounChannel   Noun = "channel"
)

// Meta is what is known of a thing beside itself.
type Meta struct {
	// Version grows with each change; 0 where the thing stands in the
	// configuration file.
	Version uint64
	Changed time.Time
	// By is the name of whoever changed it last.
	By string
}

// ETag is the version as faces show it.
func (m Meta) ETag() string { return strconv.FormatUint(m.Version, 10) }

// Outlet is one publisher as it is set up: immutable, and replaced as a whole
// when anything changes. Secrets in it are in clear.
type Outlet struct {
	catalogue.Publisher
	// Provisioned says that it stands in the configuration file and is changed
	// there alone.
	Provisioned bool
	Meta        Meta
	// Sources, Keywords and Channels of the publisher by id, each with its
	// place in the lists.
	sources, keywords, channels map[string]int
	metas                       map[Noun]map[string]Meta
	// Linter knows the keywords.
	Linter *Linting
	// Broken says of sources and channels that could not be opened why.
	Broken map[Noun]map[string]string
	// search holds the words by which keywords are found, in their order.
	search []string
	// counts counts the keywords of each source, once somebody asks.
	counts func() map[string]int
}

// NewOutlet makes an outlet of its parts. metas may lack what stands in the
// configuration file.
func NewOutlet(p catalogue.Publisher, metas map[Noun]map[string]Meta) *Outlet {
	o := &Outlet{Publisher: p, Meta: metas[NounPublisher][p.ID], metas: metas,
		sources: make(map[string]int, len(p.Sources)), keywords: make(map[string]int, len(p.Keywords)),
		channels: make(map[string]int, len(p.Channels)), search: make([]string, len(p.Keywords))}
	for i := range p.Sources {
		o.sources[p.Sources[i].ID] = i
	}
	for i := range p.Keywords {
		o.keywords[p.Keywords[i].ID] = i
		o.search[i] = searchable(&p.Keywords[i])
	}
	for i := range p.Channels {
		o.channels[p.Channels[i].ID] = i
	}
	o.counts, o.Linter = countKeywords(p.Keywords), &Linting{latest: o}
	return o
}

// countKeywords counts the keywords of every source, when first called.
func countKeywords(keywords []catalogue.Keyword) func() map[string]int {
	return sync.OnceValue(func() map[string]int {
		n := map[string]int{}
		for i := range keywords {
			n[keywords[i].Source]++
		}
		return n
	})
}

// searchable is what the search of the list looks through.
func searchable(k *catalogue.Keyword) string {
	var b strings.Builder
	b.WriteString(k.ID)
	for _, phrases := range k.Phrases {
		for _, phrase := range phrases {
			b.WriteByte('\n')
			b.WriteString(what.Fold(phrase))
		}
	}
	return b.String()
}

// Source returns a source by its id.
func (o *Outlet) Source(id string) (*catalogue.Source, bool) {
	i, ok := o.sources[id]
	if !ok {
		return nil, false
	}
	return &o.Sources[i], true
}

// Keyword returns a keyword by its id.
func (o *Outlet) Keyword(id string) (*catalogue.Keyword, bool) {
	i, ok := o.keywords[id]
	if !ok {
		return nil, false
	}
	return &o.Keywords[i], true
}

// Channel returns a channel by its id.
func (o *Outlet) Channel(id string) (*catalogue.Channel, bool) {
	i, ok := o.channels[id]
	if !ok {
		return nil, false
	}
	return &o.Channels[i], true
}

// MetaOf returns what is known of a thing beside itself.
func (o *Outlet) MetaOf(n Noun, id string) Meta { return o.metas[n][id] }

// Metas returns a copy of all, for the outlet that follows this one.
func (o *Outlet) Metas() map[Noun]map[string]Meta { return o.metas }

// Search returns the places of the keywords whose id or phrases hold the text,
// written however, in their order; all of them where the text is empty.
func (o *Outlet) Search(text string) []int {
	folded, id := what.Fold(text), strings.ToLower(strings.TrimSpace(text))
	var found []int
	for i, words := range o.search {
		if id == "" || folded != "" && strings.Contains(words, folded) || strings.Contains(o.Keywords[i].ID, id) {
			found = append(found, i)
		}
	}
	return found
}

// KeywordsOf returns the ids of the keywords that a source answers, at most
// limit.
func (o *Outlet) KeywordsOf(source string, limit int) []string {
	var ids []string
	for i := range o.Keywords {
		if o.Keywords[i].Source == source {
			if ids = append(ids, o.Keywords[i].ID); len(ids) == limit {
				break
			}
		}
	}
	return ids
}

// Change is one change of one thing.
type Change struct {
	Publisher string
	Noun      Noun
	ID        string
	// Value is a catalogue.Publisher (its own fields alone), Source, Keyword
	// or Channel, filled and checked; nil removes the thing.
	Value any
	// When is the version that is replaced: 0 where there must be none yet.
	When uint64
	// By is the name of whoever changes it.
	By string
}

// Catalogue is what the console needs of the publishers of an installation. A
// change is durable and answers readers before Save or Remove returns.
type Catalogue interface {
	// Outlet returns a publisher, or nil.
	Outlet(id string) *Outlet
	// Outlets returns all, ordered by id.
	Outlets() []*Outlet
	// Save refuses with pull.Conflict where the version is another one.
	Save(ctx context.Context, c Change) (Meta, error)
	Remove(ctx context.Context, c Change) error
}

// Exchange is one request that a trial sent to the outside.
type Exchange struct {
	Method string `json:"method"`
	// URL without what must not be seen.
	URL    string  `json:"url"`
	Status int     `json:"status,omitempty"`
	Bytes  int     `json:"bytes,omitempty"`
	Millis float64 `json:"ms"`
	Error  string  `json:"error,omitempty"`
}

// Trial is what a source brought when it was tried.
type Trial struct {
	Items    []what.Item
	AsOf     time.Time
	Fetched  time.Time
	Warnings []string
	Requests []Exchange
	Took     time.Duration
	// Terms are the first entries of the source's vocabulary, where it has
	// one; AllTerms is how many there are.
	Terms    []what.Term
	AllTerms int
	// Err is why there are no items, where that is so.
	Err error
}

// Trials try what has not been saved, at the publisher's own sources and
// channels. Nothing of a trial is kept and no reader is told of it.
type Trials interface {
	// Source fetches once, anew, and picks what answers q.
	Source(ctx context.Context, publisher string, s catalogue.Source, q pull.Query) Trial
	// Keyword answers an ask by this keyword alone, as a reader would have it
	// answered.
	Keyword(ctx context.Context, publisher string, k catalogue.Keyword, a pull.Ask) (pull.Outcome, error)
	// Channel opens a channel that may not have been saved.
	Channel(publisher string, c catalogue.Channel) (messengers.Messenger, error)
}

// Kind is a plug-in as the console shows it.
type Kind struct {
	Name, Title, Help string
	// Words are title, help and settings in other languages than English.
	Words settings.Words
	// New returns a pointer to a Settings struct that holds the defaults.
	New func() any
	// Facts are those that items of a source kind may have; nil where it does
	// not say.
	Facts []string
	// Preview shows messages as this messenger kind would send them, where no
	// account is at hand; nil for sources.
	Preview messengers.Messenger
	// Page says that the messenger has a page of its own below /chat.
	Page bool
}

// Kinds are the plug-ins of an installation, in the order of menus.
type Kinds struct {
	Sources    []Kind
	Messengers []Kind
}

// Source returns a source kind by its name.
func (k Kinds) Source(name string) (Kind, bool) { return find(k.Sources, name) }

// Messenger returns a messenger kind by its name.
func (k Kinds) Messenger(name string) (Kind, bool) { return find(k.Messengers, name) }

func find(kinds []Kind, name string) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}
