package publishing_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/cmd/keypull/publishing"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/who"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/quote"
	"keypull/sources/table"
	"keypull/sources/text"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
	"keypull/web/messengers/webchat"
)

// press returns a server of feeds: each path has its own one headline.
func press(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = fmt.Fprintf(w, `<rss version="2.0"><channel><title>News</title><item><title>Headline of %s</title><link>http://%s/1</link><guid>%s</guid></item></channel></rss>`,
			r.URL.Path, r.Host, r.URL.Path)
	}))
	t.Cleanup(s.Close)
	return s
}

// rig is a newsroom on a store in a folder.
type rig struct {
	*publishing.Publishers
	folder   string
	channels *messengers.Channels
	resolver *pull.Resolver
	close    func()
}

// open opens it with publishers of a configuration file.
func open(t *testing.T, folder string, provisioned ...catalogue.Publisher) *rig {
	t.Helper()
	ring, err := sealed.Open(sealed.Options{Path: filepath.Join(folder, "key"), Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(filepath.Join(folder, "db"), store.Options{HashKey: ring.HashKey(), Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.DiscardHandler)
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Clock: time.Now, Logger: logger})
	cache := pull.NewCache(store.NewSnapshots(db), time.Now)
	r := &rig{folder: folder, channels: &messengers.Channels{}, resolver: &pull.Resolver{Cache: cache, Clock: time.Now}}
	r.Publishers = publishing.New(publishing.Options{
		Sources: []sources.Kind{feed.Kind, quote.Kind, table.Kind, text.Kind}, Messengers: []messengers.Kind{webchat.Kind, telegram.Kind},
		Checks: settings.Checks{"cron": func(string) error { return nil }, "hours": func(string) error { return nil }},
		Client: client, Cache: cache, Resolver: r.resolver, Channels: r.channels, Clock: time.Now, Logger: logger,
		Base: folder, Folder: filepath.Join(folder, "sources"), PublicURL: "http://127.0.0.1",
		Store: store.NewPublishers(db), Vault: ring,
	})
	cache.Changed = r.Changed
	for _, p := range provisioned {
		if err := r.Open(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Load(t.Context()); err != nil && len(provisioned) == 0 {
		t.Fatal(err)
	}
	r.Run(func(context.Context, *messengers.Channel, messengers.Receipt) error { return nil },
		messengers.NewCourier(r.channels, time.Now, logger).Attend)
	r.close = sync.OnceFunc(func() {
		for _, end := range []func() error{r.Close, func() error { cache.Close(); client.Close(); return nil }, db.Close, ring.Close} {
			if err := end(); err != nil {
				t.Error(err)
			}
		}
	})
	t.Cleanup(r.close)
	return r
}

func lecker() catalogue.Publisher {
	return catalogue.Publisher{ID: "lecker", Name: "Lecker", Languages: []string{"en", "fr"}, TimeZone: "Europe/Paris", Autocorrect: "confident"}
}

func feedAt(url string) catalogue.Source {
	return catalogue.Source{ID: "news", Kind: "feed", Settings: map[string]any{"url": url}}
}

func newsKeyword(phrases ...string) catalogue.Keyword {
	return catalogue.Keyword{ID: "news", Source: "news", Phrases: map[string][]string{"en": phrases}, Argument: "none", Count: 1, Stamp: "stale"}
}

// save writes a thing of the publisher lecker at a version.
func (r *rig) save(t *testing.T, when uint64, id string, value any) catalogue.Meta {
	t.Helper()
	m, err := r.Save(t.Context(), change(when, id, value))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func change(when uint64, id string, value any) catalogue.Change {
	c := catalogue.Change{Publisher: "lecker", ID: id, Value: value, When: when, By: "Ann"}
	switch value.(type) {
	case catalogue.Publisher:
		c.Resource = catalogue.ResourcePublisher
	case catalogue.Source:
		c.Resource = catalogue.ResourceSource
	case catalogue.Keyword:
		c.Resource = catalogue.ResourceKeyword
	case catalogue.Channel:
		c.Resource = catalogue.ResourceChannel
	}
	return c
}

// ask returns what a reader is told who sends a word.
func (r *rig) ask(t testing.TB, word string) string {
	t.Helper()
	e := r.Edition("lecker")
	if e == nil {
		return "no publisher"
	}
	o := r.resolver.Resolve(t.Context(), pull.Request{Edition: e, Ask: pull.Ask{ID: 1, Publisher: "lecker", Channel: "web", At: time.Now(), Incoming: pull.Incoming{Text: word}}, Reader: who.Reader{}})
	var b strings.Builder
	for _, block := range o.Reply.Blocks {
		b.WriteString(block.Text + "\n")
	}
	return b.String()
}

func TestWhatIsSavedAnswersTheNextReaderAndTheNextStart(t *testing.T) {
	server, folder := press(t), t.TempDir()
	r := open(t, folder)
	r.save(t, 0, "lecker", lecker())
	source := r.save(t, 0, "news", feedAt(server.URL+"/one"))
	keyword := r.save(t, 0, "news", newsKeyword("news"))
	if got := r.ask(t, "news"); !strings.Contains(got, "Headline of /one") {
		t.Fatalf("after saving, a reader is told %q", got)
	}
	r.save(t, keyword.Version, "news", newsKeyword("headlines"))
	if got := r.ask(t, "headlines"); !strings.Contains(got, "Headline of /one") {
		t.Errorf("the new word says %q", got)
	}
	if got := r.ask(t, "news"); strings.Contains(got, "Headline") {
		t.Errorf("the old word still says %q", got)
	}
	r.save(t, source.Version, "news", feedAt(server.URL+"/two"))
	if got := r.ask(t, "headlines"); !strings.Contains(got, "Headline of /two") {
		t.Errorf("the source's new address says %q", got)
	}
	r.close()
	again := open(t, folder)
	if got := again.ask(t, "headlines"); !strings.Contains(got, "Headline of /two") {
		t.Errorf("after a new start it says %q", got)
	}
	o := again.Publisher("lecker")
	if m := o.MetaOf(catalogue.ResourceKeyword, "news"); m.Version == 0 || m.By != "Ann" || o.Provisioned {
		t.Errorf("after a new start the keyword is known as %+v", m)
	}
}

func TestAStaleVersionAndAForeignPublisherAreRefused(t *testing.T) {
	r := open(t, t.TempDir())
	m := r.save(t, 0, "lecker", lecker())
	provisioned := lecker()
	provisioned.ID = "filed"
	if err := r.Open(t.Context(), provisioned); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		c    catalogue.Change
		want pull.ErrorKind
	}{
		{"a second one of that id", change(0, "lecker", lecker()), pull.Conflict},
		{"a version that is gone", change(m.Version+1, "lecker", lecker()), pull.Conflict},
		{"a publisher of the configuration file", catalogue.Change{Publisher: "filed", Resource: catalogue.ResourceKeyword, ID: "news", Value: newsKeyword("x")}, pull.Denied},
		{"a publisher that is not there", catalogue.Change{Publisher: "none", Resource: catalogue.ResourceKeyword, ID: "news", Value: newsKeyword("x")}, pull.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := r.Save(t.Context(), tt.c); pull.KindOf(err) != tt.want {
				t.Errorf("the error is %v, want one of kind %s", err, tt.want)
			}
		})
	}
}

func TestSecretsLieSealedAndComeBackInClear(t *testing.T) {
	const token = "123456:a-token-that-must-not-lie-open"
	folder := t.TempDir()
	r := open(t, folder)
	r.save(t, 0, "lecker", lecker())
	r.save(t, 0, "tg", catalogue.Channel{ID: "tg", Kind: "telegram", Settings: map[string]any{
		"token": token, "secret_token": "another-secret", "api_base": "http://127.0.0.1:1"}})
	if r.channels.Find("lecker", "tg") == nil {
		t.Fatal("the channel is not open")
	}
	r.close()
	raw, err := os.ReadFile(filepath.Join(folder, "db")) //nolint:gosec // the test's own folder
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte(token)) || bytes.Contains(raw, []byte("another-secret")) {
		t.Error("a secret lies open in the store")
	}
	c, ok := open(t, folder).Publisher("lecker").Channel("tg")
	if !ok || c.Settings["token"] != token {
		t.Errorf("after a new start the channel is %+v", c)
	}
}

func TestRemovingEndsTheAnswer(t *testing.T) {
	server := press(t)
	r := open(t, t.TempDir())
	publisher := r.save(t, 0, "lecker", lecker())
	r.save(t, 0, "news", feedAt(server.URL))
	keyword := r.save(t, 0, "news", newsKeyword("news"))
	web := r.save(t, 0, "web", catalogue.Channel{ID: "web", Kind: "webchat", Settings: map[string]any{}})
	remove := func(n catalogue.Resource, id string, version uint64) {
		t.Helper()
		if err := r.Remove(t.Context(), catalogue.Change{Publisher: "lecker", Resource: n, ID: id, When: version}); err != nil {
			t.Fatal(err)
		}
	}
	remove(catalogue.ResourceKeyword, "news", keyword.Version)
	if got := r.ask(t, "news"); strings.Contains(got, "Headline") {
		t.Errorf("a removed keyword says %q", got)
	}
	remove(catalogue.ResourceChannel, "web", web.Version)
	if r.channels.Find("lecker", "web") != nil {
		t.Error("a removed channel is found")
	}
	remove(catalogue.ResourcePublisher, "lecker", publisher.Version)
	if got := r.ask(t, "news"); got != "no publisher" || r.Publisher("lecker") != nil {
		t.Errorf("a removed publisher says %q", got)
	}
	if m := r.save(t, 0, "lecker", lecker()); len(r.Publisher("lecker").Sources) != 0 || m.Version == 0 {
		t.Error("a publisher of the same id inherits what the last one had")
	}
}

func TestReadersAskOnWhileEditorsSave(t *testing.T) {
	server := press(t)
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	r.save(t, 0, "news", feedAt(server.URL))
	version := r.save(t, 0, "news", newsKeyword("news")).Version
	var (
		over  atomic.Bool
		wait  sync.WaitGroup
		wrong atomic.Pointer[string]
	)
	for range 4 {
		wait.Go(func() {
			for !over.Load() {
				if got := r.ask(t, "news"); !strings.Contains(got, "Headline of /") {
					wrong.Store(&got)
				}
			}
		})
	}
	for i := range 50 {
		version = r.save(t, version, "news", newsKeyword("news", fmt.Sprintf("word %d", i))).Version
		if got := r.ask(t, fmt.Sprintf("word %d", i)); !strings.Contains(got, "Headline of /") {
			t.Errorf("word %d says %q right after it was saved", i, got)
		}
	}
	over.Store(true)
	wait.Wait()
	if got := wrong.Load(); got != nil {
		t.Errorf("a reader was told %q", *got)
	}
}

func TestATrialShowsItemsAndRequestsAndKeepsNothing(t *testing.T) {
	server := press(t)
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	got := r.Trials().Source(t.Context(), "lecker", feedAt(server.URL+"/trial"), pull.Query{Count: 5, Language: "en", At: time.Now()})
	if got.Err != nil || len(got.Items) != 1 || got.Items[0].Title != "Headline of /trial" {
		t.Fatalf("the trial brought %+v", got)
	}
	if len(got.Requests) != 1 || got.Requests[0].Status != http.StatusOK || got.Requests[0].URL != server.URL+"/trial" {
		t.Errorf("the requests are %+v", got.Requests)
	}
	if len(r.Publisher("lecker").Sources) != 0 {
		t.Error("the trial was saved")
	}
}

// Of questions without their names the first shows what a reader gets.
func TestATrialOfQuestionsShowsTheFirst(t *testing.T) {
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	questions := []any{map[string]any{"questions": []any{"How much is it?"}, "text": "Ten euros."}, map[string]any{"questions": []any{"Where are you?"}, "text": "Here."}}
	got := r.Trials().Source(t.Context(), "lecker", catalogue.Source{ID: "faq", Kind: "text", Settings: map[string]any{"answers": questions}}, pull.Query{Count: 5, Language: "en", At: time.Now()})
	if got.Err != nil || len(got.Items) != 1 || got.Items[0].Title != "How much is it?" || got.Items[0].Body != "Ten euros." {
		t.Errorf("the trial brought %+v", got)
	}
}

func TestWhatATrialFetchedAnswersTheFirstReader(t *testing.T) {
	var fetches atomic.Int64
	feed := press(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetches.Add(1)
		feed.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	s := feedAt(server.URL)
	age := time.Hour
	s.MaxAge = &age
	if got := r.Trials().Source(t.Context(), "lecker", s, pull.Query{Count: 1, Language: "en", At: time.Now()}); got.Err != nil {
		t.Fatal(got.Err)
	}
	r.save(t, 0, "news", s)
	r.save(t, 0, "news", newsKeyword("news"))
	if got := r.ask(t, "news"); !strings.Contains(got, "Headline") || fetches.Load() != 1 {
		t.Errorf("after %d fetches the reader gets %q", fetches.Load(), got)
	}
	other := feedAt(server.URL + "/other")
	other.ID, other.MaxAge = "other", &age
	r.save(t, 0, "other", other)
	k := newsKeyword("other")
	k.ID, k.Source = "other", "other"
	r.save(t, 0, "other", k)
	if got := r.ask(t, "other"); !strings.Contains(got, "/other") {
		t.Errorf("what was fetched by other settings is told: %q", got)
	}
}

func TestADraftAnswersAsItWouldWhenSaved(t *testing.T) {
	server := press(t)
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	r.save(t, 0, "news", feedAt(server.URL))
	k := newsKeyword("news")
	k.Template = catalogue.Localised{"": "Now: {{ item.title }}"}
	o, err := r.Trials().Keyword(t.Context(), "lecker", k, pull.Ask{ID: 1, Publisher: "lecker", At: time.Now(), Incoming: pull.Incoming{Text: "news"}})
	if err != nil || o.Reply == nil || o.Reply.Blocks[0].Text != "Now: Headline of /" {
		t.Fatalf("the draft says %+v, %v", o.Reply, err)
	}
	if got := r.ask(t, "news"); strings.Contains(got, "Headline") {
		t.Errorf("the draft answers readers: %q", got)
	}
}

func TestPublishersShareWhatTheirSettingsMakeTheSame(t *testing.T) {
	var fetches atomic.Int64
	feed := press(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetches.Add(1)
		feed.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	age := time.Hour
	for name, c := range map[string]struct {
		change  func(*catalogue.Publisher, *catalogue.Source)
		fetches int64
	}{
		"the same":       {func(*catalogue.Publisher, *catalogue.Source) {}, 1},
		"a secret":       {func(_ *catalogue.Publisher, s *catalogue.Source) { s.Settings["push_secret"] = "the-same-for-both" }, 2},
		"another zone":   {func(p *catalogue.Publisher, _ *catalogue.Source) { p.TimeZone = "Asia/Kolkata" }, 2},
		"other settings": {func(_ *catalogue.Publisher, s *catalogue.Source) { s.Settings["items"] = int64(7) }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			fetches.Store(0)
			r := open(t, t.TempDir())
			for _, id := range []string{"lecker", "other"} {
				p, s := lecker(), feedAt(server.URL)
				p.ID, s.MaxAge = id, &age
				if id == "other" || name == "a secret" {
					c.change(&p, &s)
				}
				p.Sources, p.Keywords = []catalogue.Source{s}, []catalogue.Keyword{newsKeyword("news")}
				if err := r.Open(t.Context(), p); err != nil {
					t.Fatal(err)
				}
				a := pull.Ask{ID: 1, Publisher: id, Channel: "c", Incoming: pull.Incoming{Text: "news"}, At: time.Now()}
				if o := r.Resolver.Resolve(t.Context(), pull.Request{Edition: r.Edition(id), Ask: a, Reader: who.Reader{First: time.Unix(1, 0)}}); o.Reply == nil || !strings.Contains(fmt.Sprint(o.Reply.Blocks), "Headline") {
					t.Fatalf("%s is answered %+v", id, o)
				}
			}
			if n := fetches.Load(); n != c.fetches {
				t.Errorf("two publishers took %d fetches", n)
			}
		})
	}
}

func TestProblemsAreThoseOfNow(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	tells := func(want string) {
		t.Helper()
		if err := r.Problems(); fmt.Sprint(err) != want && (want == "<nil>" || !strings.Contains(fmt.Sprint(err), want)) {
			t.Errorf("it tells %v, want %s", err, want)
		}
	}
	r.save(t, 0, "lecker", lecker())
	tells("<nil>")
	broken := r.save(t, 0, "tg", catalogue.Channel{ID: "tg", Kind: "telegram", Settings: map[string]any{"mode": "no such mode"}})
	r.save(t, 0, "news", feedAt("no address"))
	tells("publisher lecker: channel tg: ")
	tells("publisher lecker: source news: ")
	if err := r.Remove(t.Context(), catalogue.Change{Publisher: "lecker", Resource: catalogue.ResourceChannel, ID: "tg", When: broken.Version}); err != nil {
		t.Fatal(err)
	}
	r.save(t, r.Publisher("lecker").MetaOf(catalogue.ResourceSource, "news").Version, "news", feedAt(press(t).URL))
	tells("<nil>")
	r.close()
	r = open(t, folder, lecker())
	tells("publisher lecker stands in the configuration file too")
}
