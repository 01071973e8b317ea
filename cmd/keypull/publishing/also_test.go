package publishing_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/sources/feed"
	"keypull/sources/table"
	"keypull/sources/text"
	"keypull/web/console"
)

// demanded is what readers are said to have asked.
type demanded journal.Demand

func (demanded) Counted(context.Context, string, int) (uint64, error) { return 0, nil }

func (demanded) CountedTexts(context.Context, string) (uint64, error) { return 0, nil }

func (demanded) Days(context.Context, string, int, int, func(int, journal.DayDemand)) error {
	return nil
}

func (d demanded) Texts(context.Context, string, journal.Listing) (journal.Demand, error) {
	return journal.Demand(d), nil
}

// alsoOf returns what is proposed for a keyword, as "language text from".
func (r *rig) alsoOf(t *testing.T, id string, d journal.Demand) ([]console.AlsoWording, []string) {
	t.Helper()
	kinds := console.Kinds{Sources: []console.Kind{{Name: "feed", Words: feed.Kind.Words}, {Name: "table", Words: table.Kind.Words}, {Name: "text", Words: text.Kind.Words}}}
	p := console.Publishing{Catalogue: r.Publishers, Trials: r.Trials(), Kinds: kinds, Demanded: demanded(d), Clock: time.Now}
	c := console.New(console.Options{Clock: time.Now, Logger: slog.New(slog.DiscardHandler)}, p.Operations()...)
	ctx := console.WithCaller(console.WithDoer(t.Context(), c), console.Principal{ID: "ann", Roles: map[string]people.Role{"lecker": people.Viewer}})
	out, err := console.AlsoKeyword.Call(ctx, console.KeywordAlso{Of: console.Of{Publisher: "lecker"}, ID: id})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, w := range out.Wordings {
		told = append(told, w.Language+" "+w.Text+" "+w.From)
	}
	return out.Wordings, told
}

// kiosk has keywords whose sources need no network, but for the news.
func kiosk(t *testing.T, feedURL string) *rig {
	t.Helper()
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	say := func(text string) map[string]any {
		return map[string]any{"answers": []any{map[string]any{"text": text}}}
	}
	r.save(t, 0, "shop", catalogue.Source{ID: "shop", Kind: "table", Settings: map[string]any{"key": "name", "rows": "name,price\nGarden chair|deck chair|sun lounger,89.50\nBlue lamp|night light,19.90"}})
	r.save(t, 0, "office", catalogue.Source{ID: "office", Kind: "text", Settings: say("Open from 9 to 17.")})
	r.save(t, 0, "ferry", catalogue.Source{ID: "ferry", Kind: "text", Settings: say("The boat leaves at 8.")})
	r.save(t, 0, "news", catalogue.Source{ID: "news", Kind: "feed", Title: "Lecker: Village gossip", Settings: map[string]any{"url": feedURL}})
	for _, k := range []catalogue.Keyword{
		newsKeyword("headlines"),
		{ID: "chair", Source: "shop", Query: "Garden chair", Phrases: map[string][]string{"en": {"garden chair"}}, Argument: "none", Count: 1},
		{ID: "hours", Source: "office", Phrases: map[string][]string{"en": {"opening hours"}, "fr": {"horaires"}}, Argument: "none", Count: 1},
		{ID: "ferry", Source: "ferry", Phrases: map[string][]string{"en": {"ferry", "night light"}}, Argument: "none", Count: 1},
	} {
		r.save(t, 0, k.ID, k)
	}
	for _, text := range []string{"garden chair", "opening hours", "ferry"} {
		r.ask(t, text)
	}
	return r
}

func TestFurtherWordingsAreProposedFromWhatIsAtHand(t *testing.T) {
	var asked atomic.Int32
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title>`)
		for i := range 4 {
			_, _ = fmt.Fprintf(w, `<item><title>Bell %d rings</title><link>http://%s/valley-life/2026/%d</link><guid>%d</guid></item>`, i, r.Host, i, i)
		}
		_, _ = fmt.Fprint(w, `</channel></rss>`)
	}))
	t.Cleanup(site.Close)
	r := kiosk(t, site.URL)
	took := func(keyword, text string) journal.Proposal {
		return journal.Proposal{Keyword: keyword, Text: text, Times: 6, Readers: 6, Language: "en"}
	}
	asks := func(text string, near ...string) journal.Unmet {
		return journal.Unmet{Text: text, Asks: 9, Readers: 9, Near: near, Language: "en"}
	}
	// What opening hours are asked by everywhere, in both languages, as many as are proposed.
	usual := []string{
		"en when are you open usual", "fr heures d’ouverture usual", "en are you open usual", "fr quand êtes-vous ouverts usual",
		"en when do you open usual", "fr êtes-vous ouverts usual", "en opening times usual", "fr vous êtes ouverts usual",
	}
	withUsual := func(before string) []string { return append([]string{before}, usual[:len(usual)-1]...) }
	for _, tt := range []struct {
		name, keyword string
		demand        journal.Demand
		want          []string
	}{
		{"an entry's other names", "chair", journal.Demand{}, []string{"en deck chair source", "en sun lounger source"}},
		{"nothing is known of it", "hours", journal.Demand{}, usual},
		{"readers took it", "hours", journal.Demand{Proposals: []journal.Proposal{took("hours", "closing time"), took("ferry", "steamer")}}, withUsual("en closing time taken")},
		{"it came nearest", "ferry", journal.Demand{
			Unmet: []journal.Unmet{asks("steamer", "ferry", "hours"), asks("timetable", "hours", "ferry"), asks("", "ferry")},
			Own:   []journal.Unmet{asks("catamaran", "ferry")},
		}, []string{"en catamaran asked", "en steamer asked"}},
		{"another argument is another thing", "chair", journal.Demand{Proposals: []journal.Proposal{{Keyword: "chair", Argument: "Blue lamp", Text: "bedside"}, {Keyword: "chair", Argument: "garden chair", Text: "recliner"}}},
			[]string{"en recliner taken", "en deck chair source", "en sun lounger source"}},
		{"what collides", "ferry", journal.Demand{Proposals: []journal.Proposal{
			took("ferry", "opening hours"), took("ferry", "opening hour"), took("ferry", "stop"), took("ferry", "help"), took("ferry", "ok"), took("ferry", "x"),
			took("ferry", "Ferry!"), took("ferry", "the ferry please"), took("ferry", "headline"), took("ferry", "horaire"), took("ferry", "order ■"),
			took("ferry", "1234"), took("ferry", "see https://example.org/"), took("ferry", "what time does the very first boat leave in the morning"),
		}}, nil},
		{"nobody speaks that language", "hours", journal.Demand{Proposals: []journal.Proposal{{Keyword: "hours", Text: "feierabend", Language: "de"}}}, withUsual("en feierabend taken")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all, told := r.alsoOf(t, tt.keyword, tt.demand)
			if diff := cmp.Diff(tt.want, told); diff != "" {
				t.Error(diff)
			}
			for _, w := range all {
				if !strings.Contains(w.Answer, map[string]string{"chair": "89.50", "hours": "9 to 17", "ferry": "leaves at 8"}[tt.keyword]) {
					t.Errorf("%s would answer %q", w.Text, w.Answer)
				}
			}
		})
	}

	// Of the news nothing is held yet.
	all, told := r.alsoOf(t, "news", journal.Demand{})
	if diff := cmp.Diff([]string{"en news usual", "fr actus usual", "fr actualités usual", "en what's new usual", "fr nouvelles usual", "en what did i miss usual", "fr infos usual", "en what have i missed usual"}, told); diff != "" {
		t.Error(diff)
	}
	if asked.Load() > 0 || len(all) > 0 && all[0].Answer != "" {
		t.Errorf("%d requests for %+v", asked.Load(), all)
	}
	r.ask(t, "headlines")
	before := asked.Load()
	k := newsKeyword("chronicle")
	r.save(t, r.Publisher("lecker").MetaOf(catalogue.ResourceKeyword, "news").Version, "news", k)
	all, told = r.alsoOf(t, "news", journal.Demand{})
	if diff := cmp.Diff([]string{"en Village gossip source", "en valley life site"}, told); diff != "" {
		t.Error(diff)
	}
	for _, w := range all {
		if !strings.Contains(w.Answer, "Bell 0 rings") {
			t.Errorf("%s would answer %q", w.Text, w.Answer)
		}
	}
	if asked.Load() != before || before == 0 {
		t.Errorf("%d requests, then %d", before, asked.Load())
	}
}

// TestNoSourceIsAskedForWordings has a source that fails once its answer is old.
func TestNoSourceIsAskedForWordings(t *testing.T) {
	site := press(t)
	r := kiosk(t, site.URL+"/a")
	age := time.Nanosecond
	s := feedAt(site.URL + "/a")
	s.MaxAge = &age
	r.save(t, r.Publisher("lecker").MetaOf(catalogue.ResourceSource, "news").Version, "news", s)
	r.ask(t, "headlines")
	site.Close()
	all, _ := r.alsoOf(t, "news", journal.Demand{Proposals: []journal.Proposal{{Keyword: "news", Text: "gazette"}}})
	if len(all) == 0 || all[0].Text != "gazette" || !strings.Contains(all[0].Answer, "Headline of /a") {
		t.Errorf("%+v", all)
	}
	if h := r.Cache.HealthOf("lecker")["news"]; !h.Bad.IsZero() {
		t.Errorf("it was asked: %+v", h)
	}
	if o, err := r.Trials().Rehearse("nobody"); o != nil || pull.KindOf(err) != pull.Unknown {
		t.Errorf("%v, %v", o, err)
	}
}
