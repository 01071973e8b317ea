package site_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/withdrawal"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/jsonapi"
	"keypull/sources/quote"
	written "keypull/sources/text"
	"keypull/store"
	"keypull/store/changes"
	"keypull/store/mem"
	"keypull/web/alarms"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/accounts/passkey"
	"keypull/web/console/consoletest"
	"keypull/web/console/corrections"
	"keypull/web/console/presignin"
	"keypull/web/console/profile"
	"keypull/web/console/site"
	"keypull/web/console/undo"
	"keypull/web/links"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
	"keypull/web/messengers/webchat"
)

const goodPassword = "correct horse battery"

// goodHash is made once, since that takes its time on purpose.
var goodHash = sync.OnceValues(func() (string, error) {
	return people.NewPasswords(rand.Reader).Hash(context.Background(), goodPassword)
})

// rig is the console behind a server of this machine, with real operations on
// stores in memory.
type rig struct {
	*memory
	t        testing.TB
	server   *httptest.Server
	console  *console.Console
	gate     *accounts.Gate
	tally    *journal.Tally
	trials   *trials
	health   *health
	channels *messengers.Channels
	alarms   *alarms.Alarms
	letters  *consoletest.Letters
	kept     *keptAsks
	// resent are the dead letters that were handed over.
	resent []uint64
	// demanded are the texts of asks that were told as demand.
	demanded []journal.Tell
	counted  uint64
	readers  heldReaders
	own      journal.Own
	figures  consoletest.Figures
	// telling guards both, since open pages ask again and again.
	telling sync.Mutex
	// log is what the site has logged.
	log *strings.Builder

	mu  sync.Mutex
	now time.Time
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// wait lets time pass.
func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// wordless are the editions of publishers without keywords.
type wordless struct{ *memory }

func (w wordless) Edition(publisher string) *pull.Edition {
	p := w.Publisher(publisher).Publisher
	p.Sources, p.Keywords = nil, nil
	e, err := pull.NewEdition(p, nil, nil, nil, nil)
	if err != nil {
		panic(err)
	}
	return e
}

// newRig has the given publishers, or lecker where none is given.
func newRig(t testing.TB, publishers ...catalogue.Publisher) *rig {
	t.Helper()
	if publishers == nil {
		publishers = []catalogue.Publisher{lecker()}
	}
	return rigOf(t, newMemory(publishers...), "")
}

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// rigOf serves a catalogue; publicURL is the server's own address where empty.
func rigOf(t testing.TB, m *memory, publicURL string) *rig {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	if publicURL == "" {
		publicURL = "http://" + server.Listener.Addr().String()
	}
	r := &rig{memory: m, own: journal.Own{}, figures: consoletest.Figures{Publisher: "lecker", Zone: paris(t)}, t: t, server: server, trials: &trials{}, health: &health{}, letters: &consoletest.Letters{}, kept: &keptAsks{}, log: &strings.Builder{},
		now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	kv := mem.Open(store.Options{})
	acts := store.NewActs(kv, rand.Reader)
	logger := slog.New(slog.NewTextHandler(&locked{b: r.log}, nil))
	r.gate = &accounts.Gate{
		People: store.NewPeople(kv), Sessions: store.NewSessions(kv), Tokens: store.NewTokens(kv), Invites: store.NewInvites(kv),
		Acts: acts, Passwords: people.NewPasswords(rand.Reader), Throttle: people.NewThrottle(r.clock), DeviceKey: []byte("a key of the installation"),
		Passkeys:  &passkey.Ceremonies{Secret: []byte("a key for passkeys"), Clock: r.clock, Rand: rand.Reader},
		PublicURL: publicURL, Clock: r.clock, Rand: rand.Reader, Logger: logger,
	}
	r.tally = journal.NewTally(r.clock)
	staff := &accounts.Staff{Gate: r.gate, Catalogue: m, AuditLog: acts}
	channels := &messengers.Channels{}
	r.channels = channels
	recorder := undo.Recorder{Catalogue: m}
	kept := changes.New(kv, consoletest.Vault{}, rand.Reader)
	publishing := console.Publishing{Catalogue: recorder, Demanded: r, Saved: r.kept, Trials: r.trials, Kinds: kinds(), Checks: checks(), Snapshots: r.health,
		Channels: channels, Letters: r.letters, Clock: r.clock, PublicURL: publicURL, ConfigPath: "config.toml"}
	guide := links.Guide{Outlets: m, Channels: channels, Title: func(kind, _ string) string { return kind }, PublicURL: publicURL}
	dead := console.DeadLetterOps{Catalogue: m, Letters: r.letters, Resend: r.resend}
	today := console.Today{Tally: r.tally, Demanded: r, Health: r.health, Channels: channels, Catalogue: m, Clock: r.clock}
	figures := console.Figures{Counts: &r.figures, Catalogue: m, Clock: r.clock}
	demand := console.Demand{Demanded: r, Publishing: publishing, Clock: r.clock, Waiting: func(string) map[string]int { return map[string]int{"tiramisu": 12} }}
	traces := console.Traces{Catalogue: m, Held: r.kept}
	profiles := profile.Profiles{Catalogue: m, Channels: channels, Editions: wordless{m}, Clock: r.clock}
	keep := corrections.Corrections{Catalogue: m, Withdrawals: r.health, Sources: r.health, Snapshots: r.health, Clock: r.clock}
	back := &undo.Undo{Changes: kept, Catalogue: recorder, Things: publishing, Asides: undo.Doubts(r.health), Clock: r.clock}
	r.alarms = alarms.New(alarms.Options{
		Addresses: store.NewAlarms(kv, consoletest.Vault{}), Catalogue: m, Health: r.health, Channels: channels, Client: outside.New(outside.Options{Clock: r.clock, Logger: logger}),
		Page: func(string) string { return publicURL }, PublicURL: publicURL, Clock: r.clock, Logger: logger,
	})
	r.console = console.New(console.Options{Acts: acts, Changes: kept, Clock: r.clock, Logger: logger},
		slices.Concat(publishing.Operations(), staff.Operations(), back.Operations(), guide.Operations(), demand.Operations(), figures.Operations(), dead.Operations(), profiles.Operations(), keep.Operations(), r.rights().Operations(), r.alarms.Operations(), []console.Bound{
			console.DepartureOperation(m, "config.toml", departing{r}),
			today.Operation(), traces.Operation(), console.Replays{Traces: traces, Editions: wordless{m}}.Operation(), console.Outgoing{Catalogue: m, Held: r.kept, Clock: r.clock}.Operation(),
		})...)
	handler, err := site.New(site.Options{Console: r.console, Gate: r.gate, Kinds: kinds(), Checks: checks(), PublicURL: publicURL,
		TrySite: publishing.TrySite, Clock: r.clock, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	all := http.NewServeMux()
	all.Handle("GET /{$}", handler.Front())
	all.Handle("/", handler)
	server.Config.Handler = all
	server.Start()
	t.Cleanup(server.Close)
	return r
}

// locked lets many goroutines write into one text.
type locked struct {
	mu sync.Mutex
	b  *strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// lecker returns the publisher that most tests are about.
func lecker() catalogue.Publisher {
	keyword := func(id, source string, phrases ...string) catalogue.Keyword {
		k := catalogue.Keyword{ID: id, Source: source, Phrases: map[string][]string{"en": phrases}}
		k.Defaults()
		return k
	}
	return catalogue.Publisher{
		ID: "lecker", Name: "Lecker", Languages: []string{"en", "fr"}, TimeZone: "Europe/Paris", Autocorrect: "confident",
		Sources: []catalogue.Source{
			{ID: "news", Kind: "feed", Settings: map[string]any{"url": "https://example.org/feed.xml"}},
			{ID: "prices", Kind: "quote", Settings: map[string]any{"url": "https://example.org/{symbol}", "format": "json", "price": "$.p",
				"symbols": []any{map[string]any{"symbol": "SAP"}}}},
		},
		Keywords: []catalogue.Keyword{keyword("news", "news", "news", "headlines"), keyword("sap", "prices", "sap")},
		Channels: []catalogue.Channel{{ID: "web", Kind: "webchat", Settings: map[string]any{"title": "Lecker"}}},
	}
}

// empty returns a publisher that has nothing yet but its web chat.
func empty(id string) catalogue.Publisher {
	return catalogue.Publisher{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Languages: []string{"en"}, TimeZone: "UTC", Autocorrect: "confident",
		Channels: []catalogue.Channel{{ID: "web", Kind: "webchat", Settings: map[string]any{}}}}
}

func kinds() console.Kinds {
	var k console.Kinds
	for _, kind := range []sources.Kind{feed.Kind, quote.Kind, written.Kind, jsonapi.Kind} {
		title, help := kind.In("en")
		c := console.Kind{Name: kind.Name, Title: title, Help: help, Words: kind.Words, New: func() any { return kind.New() }}
		if f, ok := kind.New().(sources.Factual); ok {
			c.Facts = f.Facts()
		}
		if a, ok := kind.New().(sources.Asking); ok {
			c.Asks = a.Asks()
		}
		k.Sources = append(k.Sources, c)
	}
	for _, kind := range []messengers.Kind{webchat.Kind, telegram.Kind} {
		title, help := kind.In("en")
		k.Messengers = append(k.Messengers, console.Kind{Name: kind.Name, Title: title, Help: help, Words: kind.Words,
			New: func() any { return kind.New() }, Icon: kind.Icon(), Page: kind.Name == "webchat"})
	}
	k.Bridges = []console.Kind{{Name: "helpdesk", Title: "A helpdesk", New: func() any { return &helpdesk{} }}}
	k.Messengers[0].Preview, k.Messengers[1].Preview = &webchat.Chat{}, telegram.Preview()
	return k
}

// helpdesk are the settings of a kind of bridge.
type helpdesk struct {
	To     string          `name:"to" label:"To" help:"Where." check:"required"`
	From   []string        `name:"from" label:"From" help:"Who."`
	Over   string          `name:"over" label:"Over" help:"By what channel." is:"channel"`
	Secret settings.Secret `name:"secret" label:"Secret" help:"What is shown." check:"required"`
}

func checks() settings.Checks {
	return settings.Checks{
		"cron":  func(s string) error { _, err := when.ParseSchedule(s, time.UTC); return err },
		"hours": func(s string) error { _, err := when.ParseHours([]string{s}); return err },
	}
}

// trials answer as their fields say, and as a good source where they say
// nothing.
type trials struct {
	source  func(catalogue.Source, pull.Query) console.Trial
	found   func(address, argument string) (console.Discovery, error)
	keyword func(catalogue.Keyword, pull.Ask) (pull.Resolved, error)
	stage   console.Rehearsal
	channel func(catalogue.Channel) (messengers.Messenger, error)
}

func (f *trials) Source(_ context.Context, _ string, s catalogue.Source, q pull.Query) console.Trial {
	if f.source != nil {
		return f.source(s, q)
	}
	at := time.Date(2026, 11, 20, 11, 59, 0, 0, time.UTC)
	return console.Trial{AsOf: at, Fetched: at, Took: 40 * time.Millisecond,
		Items:    []what.Item{{ID: "1", Title: "Night trains to Paris", Summary: "From December on.", Link: "https://example.org/1"}},
		Requests: []console.Exchange{{Method: "GET", URL: "https://example.org/feed.xml", Status: 200, Bytes: 1200, Millis: 38}}}
}

func (f *trials) Discover(_ context.Context, address, argument string) (console.Discovery, error) {
	if f.found != nil {
		return f.found(address, argument)
	}
	return console.Discovery{Address: address}, nil
}

func (f *trials) Rehearse(string) (console.Rehearsal, error) {
	if f.stage != nil {
		return f.stage, nil
	}
	return &stage{}, nil
}

func (f *trials) Keyword(_ context.Context, _ string, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	if f.keyword != nil {
		return f.keyword(k, a)
	}
	return pull.Resolved{}, nil
}

// Crisis tells the text before the keyword.
func (f *trials) Crisis(_ context.Context, _ string, text catalogue.Crisis, k catalogue.Keyword, _ pull.Ask) (o pull.Resolved, err error) {
	o.Reply, o.Trace.Outcome = &pull.Reply{Blocks: []pull.Block{{Text: text.Text["en"] + " Told by " + k.ID}}}, journal.Answered
	return o, nil
}

// Outage tells of which moment an ask is, that of the day before nothing.
func (f *trials) Outage(_ context.Context, _ string, k catalogue.Keyword, a pull.Ask) (o pull.Resolved, err error) {
	since := a.At.Sub(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	o.Reply, o.Trace.Outcome = &pull.Reply{Blocks: []pull.Block{{Text: k.ID + " is not there after " + since.String()}}}, journal.Refused
	if since < 2*time.Hour {
		o.Reply.Blocks[0].Text, o.Trace.Outcome, o.Trace.When.AsOf = k.ID+" as of before "+since.String(), journal.Answered, a.At.Add(-since)
	}
	return o, nil
}

func (f *trials) Channel(_ string, c catalogue.Channel) (messengers.Messenger, error) {
	if f.channel != nil {
		return f.channel(c)
	}
	return nil, &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("no channel opens here")}
}

// health tells how sources have been doing.
type health struct {
	all    []pull.Health
	doubts []pull.Doubtful
	rules  []withdrawal.Rule
	// refreshed are the sources that were fetched anew.
	refreshed []string
}

func (h *health) Doubts(context.Context, string, string) ([]pull.Doubtful, error) {
	return h.doubts, nil
}

func (h *health) Refuse(string, string) int {
	for i := range h.doubts {
		h.doubts[i].Refused = true
	}
	return len(h.doubts)
}

func (h *health) Refresh(_ context.Context, _, source string) error {
	h.refreshed = append(h.refreshed, source)
	return nil
}

func (h *health) Withdraw(_ context.Context, _ string, r withdrawal.Rule) (withdrawal.Rule, error) {
	r.ID = strconv.Itoa(len(h.rules) + 1)
	h.rules = append(h.rules, r)
	return r, nil
}

// FindItems finds what the items of the trial are named by.
func (h *health) FindItems(_ context.Context, _ string, r withdrawal.Rule) (withdrawal.Rule, error) {
	r.Meet("news", []what.Item{{ID: "wolf", Title: "A wolf in the village", Link: "https://example.org/wolf"}})
	return r, nil
}

func (h *health) Restore(_ context.Context, _, id string) (was withdrawal.Rule, found bool, err error) {
	h.rules = slices.DeleteFunc(h.rules, func(r withdrawal.Rule) bool {
		if r.ID == id {
			was, found = r, true
		}
		return r.ID == id
	})
	return was, found, nil
}

func (h *health) Withdrawals(context.Context, string) ([]withdrawal.Rule, error) { return h.rules, nil }

func (h *health) Accept(_, source string) int {
	for i := range h.all {
		if h.all[i].Source == source && h.all[i].Held {
			h.all[i].Held, h.all[i].Error = false, words.Verbatim("")
			return 1
		}
	}
	return 0
}

// Doubt takes an Accept back.
func (h *health) Doubt(_, source string) bool {
	for i := range h.all {
		if h.all[i].Source == source && !h.all[i].Held {
			h.all[i].Held = true
			return true
		}
	}
	return false
}

func (h *health) HealthOf(publisher string) map[string]pull.Health {
	of := map[string]pull.Health{}
	for _, s := range h.all {
		if s.Publisher == publisher {
			of[s.Source] = s
		}
	}
	return of
}

// person writes somebody down whose password is goodPassword; grants are as in
// "lecker owner", or "admin".
func (r *rig) person(email string, grants ...string) people.Person {
	r.t.Helper()
	hash, err := goodHash()
	if err != nil {
		r.t.Fatal(err)
	}
	name, _, _ := strings.Cut(email, "@")
	p := people.Person{ID: people.NewID(rand.Reader), Email: email, Name: strings.ToUpper(name[:1]) + name[1:], Hash: hash, Language: "en",
		Roles: map[string]people.Role{}, Created: r.clock(), Changed: r.clock()}
	for _, g := range grants {
		if publisher, role, ok := strings.Cut(g, " "); ok {
			p.Roles[publisher] = people.Role(role)
		} else {
			p.Admin = true
		}
	}
	if _, err := r.gate.People.Put(r.t.Context(), p, 0); err != nil {
		r.t.Fatal(err)
	}
	return p
}

// cookies returns those of the rig's installation.
func (r *rig) cookies() presignin.Cookies { return presignin.CookiesOf(r.gate.DeviceKey) }
