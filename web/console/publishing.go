package console

import (
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/pipeline"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Health tells how sources have been doing.
type Health interface {
	// HealthOf returns those of a publisher that were asked, by their ids.
	HealthOf(publisher string) map[string]pull.Health
}

// Snapshots is what the operations on sources need of the snapshots.
type Snapshots interface {
	Health
	// Accept believes what is held back of a source, and returns how many
	// answers that were.
	Accept(publisher, source string) int
}

// Publishing is what the operations on publishers, sources, keywords and
// channels work with.
type Publishing struct {
	Catalogue Catalogue
	Trials    Trials
	Kinds     Kinds
	// Checks are those of the catalogue's and the kinds' fields that package
	// settings does not know.
	Checks    settings.Checks
	Snapshots Snapshots
	// Editions tell what somebody may mean who looks for a keyword; a search goes
	// by the letters alone where nil.
	Editions pipeline.Editions
	Channels *messengers.Channels
	// Letters are counted by channel; none are where nil.
	Letters DeadLetters
	// Demanded tells how often keywords were asked; nobody counts where nil.
	Demanded DemandCounts
	// Saved tells how many readers keep a keyword; nobody counts where nil.
	Saved SavedCounts
	Clock func() time.Time
	// PublicURL is where the world reaches this server, without a slash at the
	// end; ConfigPath the configuration file as the operator named it.
	PublicURL  string
	ConfigPath string
	// asked and wrote are what was added up of demand last.
	asked *demandSums
	// ranks are the places of keywords in the orders of their list.
	ranks *heldAnswers[[]int]
	wrote *heldAnswers[map[string][]wroteText]
}

// Operations returns the operations publisher.*, kind.list, thing.*,
// source.*, keyword.* and channel.*.
func (p Publishing) Operations() []Bound {
	p.asked, p.wrote, p.ranks = &demandSums{}, &heldAnswers[map[string][]wroteText]{}, &heldAnswers[[]int]{}
	return slices.Concat(
		[]Bound{ListKinds.Bind(p.listKinds), FindThings.Bind(p.findThings), NameThings.Bind(p.nameThings)},
		publishers{p}.operations(), sources{p}.operations(), keywords{p}.operations(), channels{p}.operations(),
	)
}

// The operations of each resource.
type (
	publishers struct{ Publishing }
	sources    struct{ Publishing }
	keywords   struct{ Publishing }
	channels   struct{ Publishing }
)

// Catalogue is what the console needs of the publishers of an installation. A
// change is durable and answers readers before Save or Remove returns.
type Catalogue interface {
	// Publisher returns one of them, or nil.
	Publisher(id string) *catalogue.Setup
	// Publishers returns all, ordered by id.
	Publishers() []*catalogue.Setup
	// Save refuses with pull.Conflict where the version is another one.
	Save(ctx context.Context, c catalogue.Change) (catalogue.Meta, error)
	Remove(ctx context.Context, c catalogue.Change) error
	// SaveAll makes changes of different things of one publisher as one; one
	// without a value removes.
	SaveAll(ctx context.Context, changes []catalogue.Change) ([]catalogue.Meta, error)
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
	Warnings []words.Text
	Requests []Exchange
	Took     time.Duration
	// Terms are the first entries of the source's vocabulary, where it has
	// one; AllTerms is how many there are.
	Terms    []what.Term
	AllTerms int
	// Places are the values of what upstream answered, as the settings that say
	// where one stands name them; none where the kind has no such settings.
	Places []settings.Place
	// Err is why there are no items, where that is so.
	Err error
}

// Trials try what has not been saved, at the publisher's own sources and
// channels. Nothing of a trial is kept and no reader is told of it.
type Trials interface {
	// Source fetches once, anew, and picks what answers q.
	Source(ctx context.Context, publisher string, s catalogue.Source, q pull.Query) Trial
	// Discover says what sources an address makes possible; argument is what
	// stands in it in the place of a reader's words.
	Discover(ctx context.Context, address, argument string) (Discovery, error)
	// Rehearse takes a publisher as it stands to ask it other keywords, upon what is held
	// of its sources: none of them is asked.
	Rehearse(publisher string) (Rehearsal, error)
	// Keyword answers an ask by this keyword alone, as a reader would have it
	// answered.
	Keyword(ctx context.Context, publisher string, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error)
	// Outage answers an ask of the moment that it has by this keyword alone, as if its
	// source had not answered anybody since: nobody is asked.
	Outage(ctx context.Context, publisher string, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error)
	// Crisis answers an ask by this keyword alone, as if this crisis text stood.
	Crisis(ctx context.Context, publisher string, text catalogue.Crisis, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error)
	// Channel opens a channel that may not have been saved.
	Channel(publisher string, c catalogue.Channel) (messengers.Messenger, error)
}

// Kind is a plug-in as the console shows it.
type Kind struct {
	Name, Title, Help string
	// Words are title, help and settings in other languages than English.
	Words *words.Set
	// New returns a pointer to a Settings struct that holds the defaults.
	New func() any
	// Facts are those that items of a source kind may have; nil if it does
	// not say.
	Facts []string
	// FactsOf are those of a source with settings; nil as with Facts. It may be
	// nil itself.
	FactsOf func(settings map[string]any) []string
	// Asks is what a source of this kind must be asked for: "Symbol"; zero where
	// it brings something without.
	Asks words.Text
	// Preview shows messages as this messenger kind would send them, where no
	// account is at hand; nil for sources.
	Preview messengers.Messenger
	// Look is how previews show a messenger's messages.
	Look messengers.Look
	// Icon is a small picture of the kind: an SVG document.
	Icon string
	// Page says that the messenger has a page of its own below /chat.
	Page bool
	// Writers says who can write to a messenger's channels.
	Writers messengers.Writers
	// Path is where a channel of a messenger is reached.
	Path func(publisher, channel string) string
	// Guide is how an account of a messenger comes about; nil for sources.
	Guide *messengers.Guide
}

// Door returns what the paths of a messenger's channels begin with: "/hook".
func (k Kind) Door() string {
	if k.Path == nil {
		return "/" + messengers.HookRoute
	}
	return strings.TrimRight(k.Path("", ""), "/")
}

// In returns the title and help in a language.
func (k Kind) In(language string) (title, help string) {
	return settings.Said(k.Words, language, "title", k.Title), settings.Said(k.Words, language, "help", k.Help)
}

// Address returns how a reader's address on this messenger is found, where the kind says.
func (k Kind) Address(language, otherwise string) string {
	return settings.Said(k.Words, language, "address", otherwise)
}

// Kinds are the plug-ins of an installation, in the order of menus.
type Kinds struct {
	Sources    []Kind
	Messengers []Kind
	// Bridges are the kinds of where conversations are carried to.
	Bridges []Kind
}

// kindsOf returns the kinds that things of a resource have, and where their settings stand in one.
func (k Kinds) kindsOf(n catalogue.Resource) (kinds []Kind, at string) {
	switch n {
	case catalogue.ResourceSource:
		return k.Sources, "settings."
	case catalogue.ResourcePublisher:
		return k.Bridges, "person.bridge.settings."
	}
	return k.Messengers, "settings."
}

// Bridge returns a kind of bridges by its name.
func (k Kinds) Bridge(name string) (Kind, bool) { return findKind(k.Bridges, name) }

// Source returns a source kind by its name.
func (k Kinds) Source(name string) (Kind, bool) { return findKind(k.Sources, name) }

// Messenger returns a messenger kind by its name.
func (k Kinds) Messenger(name string) (Kind, bool) { return findKind(k.Messengers, name) }

func findKind(kinds []Kind, name string) (Kind, bool) {
	for i := range kinds { // they are large
		if kinds[i].Name == name {
			return kinds[i], true
		}
	}
	return Kind{}, false
}
