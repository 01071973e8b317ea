package accounts_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/mem"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/consoletest"
)

// The stores are what the console asks for.
var (
	_ accounts.People     = (*store.People)(nil)
	_ accounts.Sessions   = (*store.Sessions)(nil)
	_ accounts.Tokens     = (*store.Tokens)(nil)
	_ accounts.Invites    = (*store.Invites)(nil)
	_ console.AuditWriter = (*store.Acts)(nil)
	_ accounts.AuditLog   = (*store.Acts)(nil)
)

const goodPassword = "correct horse battery"

// goodHash is made once, since that takes its time on purpose.
var goodHash = sync.OnceValues(func() (string, error) {
	return people.NewPasswords(rand.Reader).Hash(context.Background(), goodPassword)
})

// lobby is an installation with the publishers lecker, kiosk and bistro, as
// far as people go.
type lobby struct {
	*accounts.Staff
	t       *testing.T
	console *console.Console
	acts    *store.Acts

	mu  sync.Mutex
	now time.Time
}

func (l *lobby) clock() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *lobby) wait(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

func newLobby(t *testing.T) *lobby {
	t.Helper()
	return lobbyOn(t, mem.Open(store.Options{}))
}

// boltLobby has a file below, for what many do at the same time.
func boltLobby(t *testing.T) *lobby {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "keypull.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return lobbyOn(t, db)
}

func lobbyOn(t *testing.T, kv store.KV) *lobby {
	t.Helper()
	l := &lobby{t: t, now: consoletest.Noon(), acts: store.NewActs(kv, rand.Reader)}
	outlet := func(id string) catalogue.Publisher {
		return catalogue.Publisher{ID: id, Name: id, Languages: []string{"en"}, TimeZone: "UTC"}
	}
	l.Staff = &accounts.Staff{
		Gate: &accounts.Gate{
			People: store.NewPeople(kv), Sessions: store.NewSessions(kv), Tokens: store.NewTokens(kv), Invites: store.NewInvites(kv),
			Acts: l.acts, Passwords: people.NewPasswords(rand.Reader), Throttle: people.NewThrottle(l.clock), DeviceKey: []byte("a key of the installation"),
			PublicURL: "https://pull.example.org", Clock: l.clock, Rand: rand.Reader, Logger: slog.New(slog.DiscardHandler),
		},
		Catalogue: consoletest.New(outlet("lecker"), outlet("kiosk"), outlet("bistro")), AuditLog: l.acts,
	}
	l.console = console.New(console.Options{Acts: l.acts, Clock: l.clock, Logger: l.Logger}, l.Operations()...)
	return l
}

// person writes somebody down whose password is goodPassword; grants are as in
// "lecker owner", or "admin".
func (l *lobby) person(email string, grants ...string) people.Person {
	l.t.Helper()
	hash, err := goodHash()
	if err != nil {
		l.t.Fatal(err)
	}
	p := people.Person{ID: people.NewID(rand.Reader), Email: email, Name: "Name of " + email, Hash: hash,
		Roles: map[string]people.Role{}, Created: l.clock(), Changed: l.clock()}
	for _, g := range grants {
		if publisher, role, ok := strings.Cut(g, " "); ok {
			p.Roles[publisher] = people.Role(role)
		} else {
			p.Admin = true
		}
	}
	if _, err := l.People.Put(l.t.Context(), p, 0); err != nil {
		l.t.Fatal(err)
	}
	return p
}

func (l *lobby) read(id string) people.Person {
	l.t.Helper()
	p, _, err := l.People.Get(l.t.Context(), id)
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// session returns the secret of a new session of a person, past the password.
func (l *lobby) session(p people.Person) string {
	l.t.Helper()
	s, secret := people.NewSession(rand.Reader, p.ID, l.clock(), "192.0.2.1", "browser")
	if _, err := l.Sessions.Put(l.t.Context(), s, 0); err != nil {
		l.t.Fatal(err)
	}
	return secret
}

// as returns a context in which a person asks, through a session of theirs.
func (l *lobby) as(p people.Person) context.Context {
	l.t.Helper()
	principal, _, err := l.Session(l.t.Context(), l.session(p))
	if err != nil {
		l.t.Fatal(err)
	}
	principal.Address = "192.0.2.1"
	return console.WithCaller(l.t.Context(), principal)
}

func (l *lobby) operator() context.Context {
	return console.WithCaller(l.t.Context(), console.Operator())
}

// bearer returns a context in which a token asks.
func (l *lobby) bearer(text string) context.Context {
	l.t.Helper()
	p, err := l.Bearer(l.t.Context(), text, "192.0.2.9")
	if err != nil {
		l.t.Fatal(err)
	}
	return console.WithCaller(l.t.Context(), p)
}

// secretOf returns the secret in an invite's link.
func (l *lobby) secretOf(link string) string {
	l.t.Helper()
	secret, ok := strings.CutPrefix(link, "https://pull.example.org/console/welcome/")
	if !ok || secret == "" {
		l.t.Fatalf("the link is %q", link)
	}
	return secret
}

// call carries an operation out that must succeed.
func call[Out any](ctx context.Context, l *lobby, name string, in any) Out {
	l.t.Helper()
	out, err := consoletest.Call[any, Out](ctx, l.console, name, in)
	if err != nil {
		l.t.Fatalf("%s: %v", name, err)
	}
	return out
}

// refuse carries an operation out that must be refused in that way, for these
// fields where some are named.
func (l *lobby) refuse(ctx context.Context, kind pull.ErrorKind, name string, in any, wrong ...string) {
	l.t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		l.t.Fatal(err)
	}
	out, err := l.console.Do(ctx, name, raw)
	if console.KindOf(err) != kind {
		l.t.Fatalf("%s %s: %s, %v; it should have been refused as %s", name, raw, out, err, kind)
	}
	if found := fields(err); len(wrong) > 0 && !slices.Equal(found, wrong) {
		l.t.Errorf("%s %s: %v is wrong, not %v: %v", name, raw, found, wrong, err)
	}
}

// fields returns the fields that are told to be wrong.
func fields(err error) []string {
	var problems settings.Problems
	if !errors.As(err, &problems) {
		return nil
	}
	all := []string{}
	for _, p := range problems {
		all = append(all, p.Field)
	}
	return all
}

// log returns the whole audit log as it is kept.
func (l *lobby) log() []people.Act {
	l.t.Helper()
	acts, _, err := l.acts.Page(l.t.Context(), "", "", 1000)
	if err != nil {
		l.t.Fatal(err)
	}
	return acts
}

// silent fails where the audit log holds one of these texts.
func (l *lobby) silent(texts ...string) {
	l.t.Helper()
	raw, err := json.Marshal(l.log())
	if err != nil {
		l.t.Fatal(err)
	}
	for _, text := range texts {
		if text != "" && strings.Contains(string(raw), text) {
			l.t.Errorf("the audit log holds %q: %s", text, raw)
		}
	}
}

type object = map[string]any
