package publishing_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"keypull/cmd/keypull/publishing"
	"keypull/pull"
	"keypull/pull/catalogue"
)

// codes returns those of what the linter finds in a keyword as it is listed.
func (r *rig) codes(id string) (codes []string) {
	for _, f := range r.Publisher("lecker").Linter.Findings()[id] {
		codes = append(codes, f.Code)
	}
	return codes
}

// TestTheLinterHearsWhatASourceBrings has a template name what a feed lacks at first, and
// the feed bring it later: nothing is found before the first fetch, and nothing any more
// once one item has it.
func TestTheLinterHearsWhatASourceBrings(t *testing.T) {
	item := "<item><title>Trains</title><guid>1</guid></item>"
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write([]byte(`<rss version="2.0"><channel><title>News</title>` + item + `</channel></rss>`))
	}))
	t.Cleanup(site.Close)
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	r.save(t, 0, "news", feedAt(site.URL))
	k := newsKeyword("news")
	k.Template = catalogue.Localised{"": "{{ item.title }} {{ item.summary }}"}
	r.save(t, 0, "news", k)
	if found := r.codes("news"); len(found) > 0 {
		t.Errorf("before anything came: %v", found)
	}
	// What Try it brings is what is known.
	if trial := r.Trials().Source(t.Context(), "lecker", feedAt(site.URL), pull.Query{Count: 1, Language: "en"}); trial.Err != nil {
		t.Fatal(trial.Err)
	}
	if found := r.codes("news"); !slices.Equal(found, []string{catalogue.CodeUnfilled}) {
		t.Errorf("while it is lacking: %v", found)
	}
	item += "<item><title>Ships</title><guid>2</guid><description>They sail again.</description></item>"
	if err := (publishing.Corrections{Publishers: r.Publishers}).Refresh(t.Context(), "lecker", "news"); err != nil {
		t.Fatal(err)
	}
	if found := r.codes("news"); len(found) > 0 {
		t.Errorf("once some have it: %v", found)
	}
}

// TestTheLinterKnowsWhichChannelsTellWorkspaces has a keyword be for a workspace that no channel
// tells, in the console and in the file.
func TestTheLinterKnowsWhichChannelsTellWorkspaces(t *testing.T) {
	k := newsKeyword("news")
	k.Audience = map[string][]string{catalogue.ByWorkspace: {"T1"}}
	saved := open(t, t.TempDir())
	saved.save(t, 0, "lecker", lecker())
	saved.save(t, 0, "news", feedAt("https://example.org/feed"))
	saved.save(t, 0, "news", k)
	p := lecker()
	p.Sources, p.Keywords = []catalogue.Source{feedAt("https://example.org/feed")}, []catalogue.Keyword{k}
	for where, r := range map[string]*rig{"console": saved, "file": open(t, t.TempDir(), p)} {
		if found := r.codes("news"); !slices.Equal(found, []string{catalogue.CodeAudience}) {
			t.Errorf("in the %s: %v", where, found)
		}
	}
}

// TestTheLinterFollowsASourceThatIsChanged has a source want an argument, and no longer.
func TestTheLinterFollowsASourceThatIsChanged(t *testing.T) {
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	free := catalogue.Source{ID: "news", Kind: "quote", Settings: map[string]any{"url": "https://example.org/{symbol}", "format": "json", "price": "$.p"}}
	m := r.save(t, 0, "news", free)
	k := newsKeyword("share price")
	k.Argument, k.Bare = "optional", true
	r.save(t, 0, "news", k)
	if found := r.codes("news"); !slices.Equal(found, []string{catalogue.CodeUnanswerable}) {
		t.Errorf("without a list: %v", found)
	}
	listed := free
	listed.Settings = map[string]any{"url": "https://example.org/{symbol}", "format": "json", "price": "$.p", "symbols": []any{map[string]any{"symbol": "WIPRO"}}}
	r.save(t, m.Version, "news", listed)
	if found := r.codes("news"); len(found) > 0 {
		t.Errorf("with one: %v", found)
	}
}
