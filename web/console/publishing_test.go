package console_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/quote"
	"keypull/sources/text"
	"keypull/web/console"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
	"keypull/web/messengers/webchat"
)

// doc is a document as a client writes it.
type doc = map[string]any

// secretWord is the secret of the sources and channels of tests; nobody may
// ever see it.
const secretWord = "Zugang-1234"

// vault is the settings of a source kind with secrets at several depths.
type vault struct {
	URL    string            `name:"url" label:"Address" help:"Where." check:"required,url" example:"https://example.org"`
	Token  settings.Secret   `name:"token" label:"Token" help:"A secret." check:"required" example:"x"`
	Header map[string]string `name:"header" label:"Header" help:"More secrets." secret:"true"`
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
			{ID: "closed", Kind: "vault", Settings: doc{"url": "https://example.org/v", "token": secretWord, "header": doc{"x": secretWord}}},
			{ID: "news", Kind: "feed", Settings: doc{"url": "https://example.org/feed.xml"}},
			{ID: "prices", Kind: "quote", Settings: doc{"url": "https://example.org/{symbol}", "format": "json", "price": "$.p",
				"symbols": []any{doc{"symbol": "SAP"}}}},
		},
		Keywords: []catalogue.Keyword{
			keyword("cake", "news", "cake"), keyword("news", "news", "news", "headlines"), keyword("sap", "prices", "sap"),
		},
		Channels: []catalogue.Channel{
			{ID: "tg", Kind: "telegram", Settings: doc{"token": "1:" + secretWord, "updates": "poll"}},
		},
	}
}

// desk is a console on a catalogue in memory.
type desk struct {
	*memory
	*console.Console
	publishing console.Publishing
	trials     *trials
	health     *health
	acts       *acts
	channels   *messengers.Channels
}

func newDesk(t *testing.T, publishers ...catalogue.Publisher) *desk {
	t.Helper()
	if publishers == nil {
		publishers = []catalogue.Publisher{lecker()}
	}
	d := &desk{memory: newMemory(publishers...), trials: &trials{}, health: &health{}, acts: &acts{}, channels: &messengers.Channels{}}
	d.publishing = console.Publishing{
		Catalogue: d.memory, Trials: d.trials, Kinds: kindsOfTests(), Checks: checksOfTests(), Snapshots: d.health,
		Channels: d.channels, Clock: noon, PublicURL: "https://keypull.example", ConfigPath: "config.toml",
	}
	d.Console = console.New(console.Options{Acts: d.acts, Clock: noon, Logger: slog.New(slog.DiscardHandler)}, d.publishing.Operations()...)
	return d
}

func kindsOfTests() console.Kinds {
	var k console.Kinds
	for _, kind := range []sources.Kind{feed.Kind, quote.Kind, text.Kind} {
		title, help := kind.In("en")
		c := console.Kind{Name: kind.Name, Title: title, Help: help, Words: kind.Words, New: func() any { return kind.New() }}
		if f, ok := kind.New().(sources.Factual); ok {
			c.Facts = f.Facts()
		}
		k.Sources = append(k.Sources, c)
	}
	k.Sources = append(k.Sources, console.Kind{Name: "vault", Title: "Vault", Help: "For tests.", New: func() any { return &vault{} }})
	for _, kind := range []messengers.Kind{webchat.Kind, telegram.Kind} {
		title, help := kind.In("en")
		c := console.Kind{Name: kind.Name, Title: title, Help: help, Words: kind.Words, New: func() any { return kind.New() },
			Page: kind.Name == "webchat"}
		k.Messengers = append(k.Messengers, c)
	}
	k.Messengers[0].Preview, k.Messengers[1].Preview = &webchat.Chat{}, telegram.Preview()
	return k
}

func checksOfTests() settings.Checks {
	return settings.Checks{
		"cron":  func(s string) error { _, err := when.ParseSchedule(s, time.UTC); return err },
		"hours": func(s string) error { _, err := when.ParseHours([]string{s}); return err },
	}
}

// trials answers as its fields say, and remembers what it was asked.
type trials struct {
	source  catalogue.Source
	query   pull.Query
	trial   console.Trial
	keyword catalogue.Keyword
	ask     pull.Ask
	outcome pull.Resolved
	found   console.Discovery
	channel catalogue.Channel
	opens   messengers.Messenger
	err     error
}

func (f *trials) Source(_ context.Context, _ string, s catalogue.Source, q pull.Query) console.Trial {
	f.source, f.query = s, q
	return f.trial
}

func (f *trials) Discover(context.Context, string, string) (console.Discovery, error) {
	return f.found, f.err
}

func (f *trials) Crisis(_ context.Context, _ string, _ catalogue.Crisis, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	f.keyword, f.ask = k, a
	return f.outcome, f.err
}

func (f *trials) Rehearse(string) (console.Rehearsal, error) {
	return nil, f.err
}

func (f *trials) Keyword(_ context.Context, _ string, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	f.keyword, f.ask = k, a
	return f.outcome, f.err
}

func (f *trials) Outage(ctx context.Context, publisher string, k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	return f.Keyword(ctx, publisher, k, a)
}

func (f *trials) Channel(_ string, c catalogue.Channel) (messengers.Messenger, error) {
	f.channel = c
	return f.opens, f.err
}

type health struct {
	all      []pull.Health
	accepted []string
}

func (h *health) Accept(_, source string) int {
	h.accepted = append(h.accepted, source)
	return len(h.accepted)
}

func (h *health) HealthOf(publisher string) map[string]pull.Health { return byID(h.all, publisher) }

// byID returns the healths of one publisher's sources.
func byID(all []pull.Health, publisher string) map[string]pull.Health {
	of := map[string]pull.Health{}
	for _, h := range all {
		if h.Publisher == publisher {
			of[h.Source] = h
		}
	}
	return of
}

// acts is an audit log.
type acts struct{ all []people.Act }

func (a *acts) Append(_ context.Context, act people.Act) error {
	a.all = append(a.all, act)
	return nil
}

// as returns the context of somebody with a role at lecker; Admin is one of the
// installation.
func as(t *testing.T, role people.Role) context.Context {
	t.Helper()
	p := console.Principal{ID: "p1", Name: "Ann", Face: console.FaceAPI, Person: "p1", Roles: map[string]people.Role{"lecker": role}}
	if role == people.Admin {
		p.Admin, p.Roles = true, nil
	}
	return console.WithCaller(t.Context(), p)
}

// try carries an operation out by its JSON, as every face does.
func (d *desk) try(t *testing.T, role people.Role, name string, in doc) (doc, error) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Do(as(t, role), name, raw)
	if strings.Contains(string(out), secretWord) || err != nil && strings.Contains(err.Error(), secretWord) {
		t.Errorf("%s gave a secret away: %s %v", name, out, err)
	}
	if err != nil {
		return nil, err
	}
	var answer doc
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer, nil
}

// must is try that has to succeed.
func (d *desk) must(t *testing.T, role people.Role, name string, in doc) doc {
	t.Helper()
	out, err := d.try(t, role, name, in)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// of adds the publisher to an input.
func of(in doc) doc {
	all := doc{"publisher": "lecker"}
	maps.Copy(all, in)
	return all
}

// refusedFields fails unless an operation was refused with problems about
// exactly these fields, in this order, and returns the problems.
func refusedFields(t *testing.T, err error, fields ...string) []settings.Problem {
	t.Helper()
	var problems settings.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("no problems but %v", err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Field)
	}
	if strings.Join(got, " ") != strings.Join(fields, " ") {
		t.Fatalf("problems of %q, want %q:\n%v", got, fields, problems)
	}
	return problems
}

// foreignPages fails unless an operation was refused in that way.
func foreignPages(t *testing.T, err error, kind pull.ErrorKind, hint string) {
	t.Helper()
	if console.KindOf(err) != kind || !strings.Contains(err.Error(), hint) {
		t.Fatalf("got %q: %v; want %q: …%s…", console.KindOf(err), err, kind, hint)
	}
}

// last returns the latest line of the audit log; nothing in the log may be secret.
func (d *desk) last(t *testing.T) people.Act {
	t.Helper()
	if len(d.acts.all) == 0 {
		t.Fatal("nothing was written down")
	}
	act := d.acts.all[len(d.acts.all)-1]
	if strings.Contains(string(act.Before)+string(act.After), secretWord) {
		t.Errorf("a secret stands in the audit log: %s %s", act.Before, act.After)
	}
	return act
}

// at returns what stands at a path of names and numbers.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, ok := v.(doc)
			if !ok {
				t.Fatalf("nothing stands at %v of %v", path, v)
			}
			v = m[s]
		case int:
			l, ok := v.([]any)
			if !ok || s >= len(l) {
				t.Fatalf("nothing stands at %v of %v", path, v)
			}
			v = l[s]
		}
	}
	return v
}

// ids lists the ids of a list's entries.
func ids(t *testing.T, out doc, list, resource string) string {
	t.Helper()
	var all []string
	entries, _ := out[list].([]any)
	for i := range entries {
		id, _ := at(t, entries, i, resource, "id").(string)
		all = append(all, id)
	}
	return strings.Join(all, " ")
}

// item returns what trials bring.
func item() what.Item {
	return what.Item{ID: "1", Title: "Title", Summary: "Summary.", Link: "https://example.org/1",
		Facts: what.Facts{{Name: "author", Text: "Ann"}, {Name: "colour", Text: "red"}}}
}

func TestEveryOperationOfPublishingSaysWhereTheAPIHasIt(t *testing.T) {
	for _, o := range newDesk(t).Operations() {
		resource, verb, ok := strings.Cut(o.Name, ".")
		if !ok || resource == "" || verb == "" || o.Permission == "" || o.Summary == "" || o.Method == "" || !strings.HasPrefix(o.Path, "/") {
			t.Errorf("%+v", o)
		}
		asks := o.Slow && !strings.HasPrefix(o.Name, "source.create") && !strings.HasPrefix(o.Name, "source.update")
		if changes := o.Permission != console.Read && !asks; changes != o.Audit && o.Name != "channel.test" {
			t.Errorf("%s: what changes something is written down, and nothing else", o.Name)
		}
	}
}

func TestNobodyWithoutARoleSeesAPublisherAndNoViewerChangesIt(t *testing.T) {
	d := newDesk(t)
	inputs := map[string]doc{
		"starter.list": {}, "source.list": {}, "source.names": {}, "source.get": {"id": "news"}, "keyword.list": {}, "keyword.get": {"id": "news"},
		"keyword.check": {"keyword": doc{}}, "channel.list": {}, "channel.get": {"id": "tg"}, "publisher.get": {},
		"source.create": {"source": doc{}}, "source.update": {"id": "news", "version": "*", "source": doc{}},
		"source.delete": {"id": "news", "version": "*"}, "source.try": {"source": doc{}}, "source.drill": {"id": "news"},
		"source.accept": {"id": "news"}, "source.discover": {"address": "example.org"}, "source.adopt": {"sources": []any{map[string]any{"kind": "feed"}}}, "starter.adopt": {"set": "office", "answers": []any{}},
		"keyword.bulk": {"rows": []any{}}, "keyword.export": {}, "keyword.import": {"csv": "id\n"},
		"keyword.rename": {"id": "news", "version": "*", "to": "new"}, "source.rename": {"id": "news", "version": "*", "to": "new"},
		"keyword.create": {"keyword": doc{}}, "keyword.update": {"id": "news", "version": "*", "keyword": doc{}},
		"keyword.delete": {"id": "news", "version": "*"}, "keyword.preview": {"keyword": doc{}}, "keyword.also": {"id": "news"},
		"keyword.stand_in": {"id": "news", "stand_in": doc{}}, "keyword.end_stand_in": {"id": "news"},
		"channel.create": {"channel": doc{}}, "channel.update": {"id": "tg", "version": "*", "channel": doc{}},
		"channel.delete": {"id": "tg", "version": "*"}, "channel.check": {"channel": doc{}},
		"channel.test": {"id": "tg", "address": "1"}, "publisher.delete": {"version": "*"}, "publisher.rehearse_crisis": {"crisis": doc{}}, "thing.find": {"q": "news"}, "thing.names": {"noun": "keyword", "ids": "news"},
	}
	for _, o := range d.Operations() {
		in, scoped := inputs[o.Name]
		if !scoped {
			continue
		}
		t.Run(o.Name, func(t *testing.T) {
			stranger := console.WithCaller(t.Context(), console.Principal{ID: "x", Roles: map[string]people.Role{"other": people.Owner}})
			raw, err := json.Marshal(of(in))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Do(stranger, o.Name, raw); console.KindOf(err) != pull.Unknown {
				t.Errorf("a stranger: %v", err)
			}
			if _, err := d.Do(t.Context(), o.Name, raw); console.KindOf(err) != pull.Denied {
				t.Errorf("nobody: %v", err)
			}
			_, err = d.try(t, people.Viewer, o.Name, of(in))
			if may := console.KindOf(err) != pull.Denied; may != (o.Permission == console.Read) {
				t.Errorf("a viewer: %v", err)
			}
		})
	}
	if len(inputs) != len(d.Operations())-4 {
		t.Errorf("%d inputs for %d operations", len(inputs), len(d.Operations()))
	}
}

func TestWhatStandsInTheConfigurationFileIsChangedThereAlone(t *testing.T) {
	d := newDesk(t)
	d.Provision("lecker")
	for name, in := range map[string]doc{
		"source.create":  {"source": doc{"kind": "feed"}},
		"source.update":  {"id": "news", "version": "*", "source": doc{}},
		"source.delete":  {"id": "news", "version": "*"},
		"keyword.create": {"keyword": doc{}},
		"keyword.update": {"id": "news", "version": "*", "keyword": doc{}},
		"keyword.delete": {"id": "news", "version": "*"},
		"channel.create": {"channel": doc{}},
		"channel.update": {"id": "tg", "version": "*", "channel": doc{}},
		"channel.delete": {"id": "tg", "version": "*"},
	} {
		_, err := d.try(t, people.Editor, name, of(in))
		foreignPages(t, err, pull.Denied, "stands in the configuration file config.toml; change it there")
		if act := d.last(t); act.Outcome != "denied" || act.Publisher != "lecker" {
			t.Errorf("%s: %+v", name, act)
		}
	}
	_, err := d.try(t, people.Owner, "publisher.update", doc{"id": "lecker", "version": "*", "publisher": doc{}})
	foreignPages(t, err, pull.Denied, "config.toml")
	_, err = d.try(t, people.Admin, "publisher.delete", of(doc{"version": "*"}))
	foreignPages(t, err, pull.Denied, "config.toml")
	if out := d.must(t, people.Viewer, "source.get", of(doc{"id": "news"})); out["provisioned"] != true {
		t.Errorf("%v", out)
	}
}
