// Package messengertest proves what every messenger promises: that only the
// platform can speak, that no delivery can crash or confuse it, that what is
// sent reaches whom it is meant for, word for word, that each failure to send
// has its fault, and that no secret leaves it. A kind passes it with one call of
// Run and adds tests of its own platform's fields.
package messengertest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Case is one kind and what the suite must know of its platform.
type Case struct {
	Kind messengers.Kind
	// Settings are a channel's, complete but for the API's address.
	Settings map[string]any
	// Base names the setting that holds the API's address, Bases others where the
	// API has several; empty if the kind sends nothing by itself.
	Base  string
	Bases []string
	// Bridge stands in for a platform that speaks another protocol than HTTP: it
	// hands each message on to a handler, as a request that tells it all, answers
	// as the handler does, and returns its host and port, which Base is set to. Nil
	// where the platform is an HTTP API.
	Bridge func(t T, platform http.Handler) (address string)
	// Deliveries are genuine ones, two at least; each brings at least one ask.
	Deliveries []messengers.Delivery
	// Folder holds more of them, as .http files with what each means in a
	// .want.json beside it (see Load); "" if there are none.
	Folder string
	// Groups are genuine ones from groups; nil if the platform has none.
	Groups []Group
	// Edits are genuine ones that correct, or take back, what was written in one
	// of the others: there is nothing in them to answer.
	Edits []messengers.Delivery
	// Unasked are genuine ones that nobody wants an answer to: what the account
	// said itself, what is overheard in a group, who joined it.
	Unasked []messengers.Delivery
	// Brings are genuine ones that each bring one thing and no words, by what it is:
	// Pictures, Recordings and whatever else of the kind the platform brings.
	Brings map[string]messengers.Delivery
	// Press is how the platform tells that a button was pressed that sends
	// something, another press by the same reader at each call (see Fresh), and Told what became of a message that it calls by an id; nil
	// where it tells nothing of the kind.
	Press func(sends string) messengers.Delivery
	Told  func(id string) messengers.Delivery
	// Tells is what Told says became of it.
	Tells messengers.EventKind
	// Foreign are the ways in which the platform tells that a button was pressed
	// that another tool made, by what it sends and what is written on it: needed
	// where there is Press.
	Foreign func(sends, label string) []messengers.Delivery
	// Label is how the platform calls the field, or the fields, of what is written on
	// a button or row: needed where there are some.
	Label string
	// Sign makes a changed delivery genuine again; nil if nothing of the
	// body is signed. It owns its argument.
	Sign func(messengers.Delivery) messengers.Delivery
	// Prove adds the platform's proof to a delivery of the Folder where nothing of
	// the body is signed; nil where Sign does, or the proof lies there with it.
	Prove func(messengers.Delivery) messengers.Delivery
	// Forge spoils the proof of a genuine delivery; it owns its argument.
	Forge func(messengers.Delivery) messengers.Delivery
	// Anyone says that whoever calls may ask, and there is no proof to spoil.
	Anyone bool
	// Replay is for how long after its moment a signed delivery is believed; 0
	// where the platform signs no moment.
	Replay time.Duration
	// Address is one that Send takes, and Other another.
	Address string
	Other   string
	// Success is the API's answer to a message that was sent, ID what Send
	// returns for it, in which {key} stands for the message's key.
	Success string
	ID      string
	// Rejected are answers with status 200 that say no; none where the status
	// tells it all.
	Rejected map[string]messengers.Fault
	// Revoked are answers of a platform that does not take the account any more,
	// one at least.
	Revoked []Revoked
	// Refused is how the API words a refusal that a row of the kind's table is about:
	// its status, code and text; needed where there is one.
	Refused func(no httpapi.Fault) (status int, body string)
	// Aside answers requests that carry no message, such as one for a token;
	// false for those that do. Nil where there are none.
	Aside func(*http.Request) (answer string, aside bool)
	// Refusal is the body of the API's answer with a status other than 2xx;
	// nil means an empty one. retry is the wait in seconds, with 429.
	Refusal func(status, retry int) string
	// Faults replaces entries of the usual table of statuses.
	Faults map[int]messengers.Fault
	// Headers are those of the response that an answer of some text travels in, by
	// the text; nil if there are none.
	Headers map[string]map[string]string
	// Shows is how a request that carries a message shows whose it is, with settings
	// in braces: "Authorization: Bearer {token}", "Authorization: Basic {user}:{password}",
	// or what stands in its URL, "?access_token={token}".
	Shows string
	// Alone is the value that an answer in the response has which only the asker sees.
	Alone string
	// Leads are the addresses that any message leads to beside its own.
	Leads []string
	// Lacks says of Threads, Times, Stops, Secrets, Others, Repeats, and of Things or each of
	// them, why the platform has nothing of the kind.
	Lacks map[string]string
	// App is the app that may carry the kind; nil where none can.
	App *AppCase
	// SyncProfile returns the platform of a ProfileSyncer as it is at first, a new one each
	// time, or nil if the kind is none.
	Profile func() Platform
	// Doubts are platforms of a Proving: one where all is well, and one for each
	// thing that may be amiss.
	Doubts []Doubtful

	// proven are the requests of the Folder that bring nothing but show a proof.
	proven []messengers.Delivery
	// wrap puts a messenger, wrapApp an app, into another one, in the suite's own tests.
	wrap    func(messengers.Env, messengers.Messenger) messengers.Messenger
	wrapApp func(messengers.App) messengers.App
	based   func(base string, m messengers.Messenger) messengers.Messenger
}

// Group is what two members write in one group, and the first of them in
// private; each delivery brings one ask.
type Group struct {
	// Name says how it is written: a command, an answer, the press of a button.
	Name string
	// Member, Other and Private are what is delivered.
	Member, Other, Private messengers.Delivery
}

// usual returns what statuses mean on nearly every platform.
func usual() map[int]messengers.Fault {
	return map[int]messengers.Fault{
		400: messengers.Permanent, 401: messengers.TokenInvalid, 403: messengers.Blocked,
		429: messengers.LimitedUntil, 500: messengers.Temporary, 502: messengers.Temporary, 503: messengers.Temporary,
	}
}

// Now returns the time by the clock that the suite gives to messengers.
func Now() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// Run runs the suite.
func Run(t *testing.T, c Case) {
	t.Helper()
	c.run(parted{t})
}

func (c Case) run(t T) {
	t.Helper()
	loaded := c.load(t)
	for _, f := range loaded {
		if f.asks {
			c.Deliveries = append(c.Deliveries, f.delivery)
		} else if f.want.Status == 0 && f.want.Body != "" {
			c.proven = append(c.proven, f.delivery)
		}
	}
	if len(c.Deliveries) < 2 {
		t.Fatalf("a case needs at least two genuine deliveries, or one could not be told from another")
	}
	logs := &record{}
	t.Run("means what its files say", func(t T) { c.means(t, loaded) })
	t.Run("receives", func(t T) { c.receives(t, logs) })
	t.Run("has sane limits", func(t T) { c.limits(t, logs) })
	t.Run("shapes any reply", func(t T) { c.shapes(t, logs) })
	t.Run("changes no link", func(t T) { (sends{c}).links(t, logs) })
	t.Run("is carried by its app", func(t T) { c.carried(t, logs) })
	t.Run("answers in the response", func(t T) { c.answers(t, logs) })
	t.Run("tells of its account", func(t T) { c.account(t, logs) })
	t.Run("proves its account", func(t T) { c.proves(t, logs) })
	t.Run("shows its face", func(t T) { c.fronts(t, logs) })
	t.Run("sends", func(t T) { (sends{c}).sends(t, logs) })
	t.Run("gives one message up where it breaks down", func(t T) { c.breaksAlone(t, logs) })
	t.Run("keeps its secrets out of the logs", func(t T) { c.silent(t, logs.String()) })
	t.Run("keeps what readers write out of the logs", func(t T) {
		if strings.Contains(logs.String(), typedWord) {
			t.Errorf("the log tells what a reader wrote")
		}
	})
}

// Open returns a messenger of the case, whose API is at base, with the
// settings in set laid over those of the case.
func (c Case) Open(t testing.TB, base string, set map[string]any) messengers.Messenger {
	t.Helper()
	return c.open(opening{t}, base, set, &record{})
}

// opening is a test that only opens.
type opening struct{ testing.TB }

// Run is never called.
func (opening) Run(string, func(T)) {}

func (c Case) open(t T, base string, set map[string]any, logs *record) messengers.Messenger {
	t.Helper()
	values := maps.Clone(c.Settings)
	if values == nil {
		values = map[string]any{}
	}
	if c.Base != "" {
		values[c.Base] = baseAt(c, base)
	}
	for _, name := range c.Bases {
		values[name] = base
	}
	maps.Copy(values, set)
	opener := c.Kind.New()
	if err := settings.Fill(opener, values); err != nil {
		t.Fatalf("fill the settings: %v", err)
	}
	env := world(t, logs)
	env.App = c.app(t, logs)
	m, err := opener.Open(env)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	if c.wrap != nil {
		m = c.wrap(env, m)
	}
	if c.based != nil {
		m = c.based(base, m)
	}
	if closer, ok := m.(interface{ Close() error }); ok {
		t.Cleanup(func() {
			if err := closer.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
	return m
}

// hook is where the platform reaches the suite's channel.
const hook = "https://example.org/hook/lecker/test"

// world returns what a messenger, or an app, can reach in the suite.
func world(t T, logs *record) messengers.Env {
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(client.Close)
	return messengers.Env{
		Publisher: "lecker", ID: "test", Name: func() string { return "Lecker & Co" }, Hook: hook,
		Client: client, Clock: Now, Key: Key, Rand: rand.New(rand.NewPCG(1, 2)), //nolint:gosec // a test repeats itself
		Logger: slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Greet: func(language string) pull.Reply {
			return pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Lecker in " + language + "."}}, Buttons: []pull.Button{
				{Label: "Tiramisu", Send: "k:tiramisu"}, {Label: "News", Send: "k:news"}, {Label: "MENU", Send: "c:menu"}}}
		},
		Suggest: func(_, typed string, most int) []messengers.Word {
			all := []messengers.Word{{Label: "Tiramisu", Send: "k:tiramisu"}, {Label: "News", Send: "k:news"}}
			all = slices.DeleteFunc(all, func(w messengers.Word) bool {
				return !strings.HasPrefix(strings.ToLower(w.Label), strings.ToLower(typed))
			})
			return all[:min(most, len(all))]
		},
		// All readers of the suite have been here before.
		Known: func(context.Context, string) (bool, error) { return true, nil },
	}
}

// Key returns what Env.Key gives in the suite: a kind's own proofs can be made anew.
func Key(purpose string) []byte {
	sum := sha256.Sum256([]byte("a key of the suite for " + purpose))
	return sum[:]
}

// baseAt returns how the setting of Base names the platform at a URL.
func baseAt(c Case, url string) string {
	if c.Bridge == nil {
		return url
	}
	_, address, _ := strings.Cut(url, "://")
	return address
}

// secrets returns the values of all secret settings.
func (c Case) secrets() []string {
	all := secretsOf(c.Kind.New(), c.Settings)
	if c.App != nil && c.Kind.App != nil {
		all = append(all, secretsOf(c.Kind.App.New(), c.App.Settings)...)
	}
	return all
}

func secretsOf(of any, values map[string]any) (all []string) {
	fields, err := settings.Fields(of)
	if err != nil {
		return nil
	}
	for _, f := range fields {
		if value, ok := values[f.Name].(string); ok && f.Secret && value != "" {
			all = append(all, value)
		}
	}
	return all
}

// silent fails where text tells a secret.
func (c Case) silent(t T, text string) {
	t.Helper()
	for _, secret := range c.secrets() {
		if strings.Contains(text, secret) {
			t.Errorf("a secret stands in %q", strings.ReplaceAll(text, secret, "<SECRET>"))
		}
	}
}

// record keeps what was logged.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends to the record.
func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

// String returns all of it.
func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

func background(t T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}
