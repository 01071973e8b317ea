package site_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/words"
	"keypull/web/console"
)

// Counted says each time that something was asked, since tests change what was.
func (r *rig) Counted(ctx context.Context, publisher string, _ int) (uint64, error) {
	return r.CountedTexts(ctx, publisher)
}

// CountedTexts says so, too.
func (r *rig) CountedTexts(context.Context, string) (uint64, error) {
	r.telling.Lock()
	defer r.telling.Unlock()
	r.counted++
	return r.counted, nil
}

// Days makes demand of what was asked; the rig has one publisher with any.
func (r *rig) Days(_ context.Context, publisher string, from, until int, tell func(int, journal.DayDemand)) error {
	r.telling.Lock()
	defer r.telling.Unlock()
	today := journal.DemandDay(r.clock())
	if publisher != "lecker" || today < from || today >= until {
		return nil
	}
	var day journal.DayDemand
	for _, t := range r.demanded {
		trace := journal.Trace{At: t.At, Outcome: journal.Missed}
		if t.Keyword != "" {
			trace.Outcome, trace.What.Keyword = journal.Answered, t.Keyword
		}
		day.Add(&trace, false, false)
	}
	tell(today, day)
	return nil
}

// Texts tells what was asked in that publisher's words.
func (r *rig) Texts(_ context.Context, publisher string, l journal.Listing) (journal.Demand, error) {
	r.telling.Lock()
	defer r.telling.Unlock()
	if publisher != "lecker" {
		return l.ListTexts(nil), nil
	}
	clusters := map[string]*journal.Cluster{}
	for n, t := range r.demanded {
		key := journal.DemandKey(t.Text)
		if clusters[key] == nil {
			clusters[key] = &journal.Cluster{}
		}
		clusters[key].Tell(t, 1, uint64(n))
	}
	var all []journal.Cluster
	for _, c := range clusters {
		all = append(all, *c)
	}
	d := l.ListTexts(all)
	d.Own = l.ListOwn(r.own)
	return d, nil
}

// tries has the outlet itself try a text in vain.
func (r *rig) tries(text string, near ...string) {
	r.own.Try(journal.Trace{Outcome: journal.Missed, What: journal.What{Core: text, Runners: near}, Who: journal.Who{Language: "en"}}, r.clock())
}

// demands has a text asked by so many readers.
func (r *rig) demands(text string, readers int, near ...string) {
	r.telling.Lock()
	defer r.telling.Unlock()
	for range readers {
		r.demanded = append(r.demanded, journal.Tell{Text: text, Outcome: journal.Missed, Near: near, Language: "en", At: r.clock()})
	}
}

const demandAt = "/console/p/lecker/demand"

func TestDemandShowsWhatIsMissingAndOneClickMendsIt(t *testing.T) {
	r := newRig(t)
	r.demands("hedlines", 6, "news", "gone")
	r.demands("my secret", 4, "sap")
	r.demands("order ■", 5, "news")
	for range 3 {
		r.demanded = append(r.demanded, journal.Tell{Text: "hedlines", Keyword: "news", Language: "en", At: r.clock()})
	}
	r.wait(time.Minute)
	editor := r.as("lecker editor")
	editor.get(demandAt).wants(t, 200, "hedlines", "9 readers", "order ■", "Add to news", "3 times (fewer than 5 readers)",
		`href="/console/p/lecker/keywords/new?phrase=hedlines"`, "1 text more, 4 asks, which fewer than 5 readers wrote", "<polyline").
		lacks(t, "secret", "gone", "phrase=order")
	r.as("lecker viewer").get(demandAt).wants(t, 200, "hedlines").lacks(t, "Add to news", "/adopt", "Make it a keyword")

	form := url.Values{"keyword": {"news"}, "text": {"hedlines"}, "language": {"en"}}
	editor.submit(demandAt+"/adopt?days=7", form).leads(t, demandAt+"?days=7&done=demand_adopted")
	k, _ := r.Publisher("lecker").Keyword("news")
	if got := strings.Join(k.Phrases["en"], ","); got != "news,headlines,hedlines" {
		t.Errorf("phrases %q", got)
	}
	editor.get(demandAt+"?days=7&done=demand_adopted").wants(t, 200, "It calls the keyword from now on").lacks(t, "hedlines", "Add to news:")
	// A second click, of somebody who looks at an older page, adds nothing.
	editor.submit(demandAt+"/adopt", form).leads(t, demandAt+"?done=demand_adopted")
	if k, _ := r.Publisher("lecker").Keyword("news"); len(k.Phrases["en"]) != 3 {
		t.Errorf("phrases %q", k.Phrases["en"])
	}
}

func TestAnAliasThatCannotBeIsRefusedOnThePage(t *testing.T) {
	r := newRig(t)
	r.demands("hedlines", 6, "news")
	editor := r.as("lecker editor")
	for _, tt := range []struct {
		name, keyword, text string
		status              int
		want                string
	}{
		{"nothing", "news", " ", http.StatusUnprocessableEntity, "Write what readers ask."},
		{"something hidden", "news", "order ■", http.StatusUnprocessableEntity, "Something is hidden in this text"},
		{"too long", "news", strings.Repeat("x", 101), http.StatusUnprocessableEntity, "hedlines"},
		{"no such keyword", "nothing", "hedlines", http.StatusNotFound, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			editor.post(demandAt+"/adopt", "keyword", tt.keyword, "text", tt.text).wants(t, tt.status, tt.want)
		})
	}
	if k, _ := r.Publisher("lecker").Keyword("news"); len(k.Phrases["en"]) != 2 {
		t.Errorf("phrases %q", k.Phrases["en"])
	}
	r.Provision("lecker")
	editor.get(demandAt).wants(t, 200, "hedlines", "stands in the configuration file").lacks(t, "Add to news", "Make it a keyword")
	editor.post(demandAt+"/adopt", "keyword", "news", "text", "hedlines").wants(t, http.StatusForbidden)
}

// What was asked in vain by too few to be told is not nothing.
func TestDemandOfFewIsNotToldAsNone(t *testing.T) {
	r := newRig(t)
	r.demands("my secret", 4, "sap")
	r.as("lecker editor").get(demandAt).wants(t, 200, "once five different readers wrote them").lacks(t, "Nothing was asked in vain", "secret")
}

func TestDemandTellsNobodyOfAnotherPublisher(t *testing.T) {
	r := newRig(t, lecker(), empty("kiosk"))
	r.demands("hedlines", 6, "news")
	r.as("kiosk owner").get(demandAt).wants(t, http.StatusNotFound).lacks(t, "hedlines")
	r.as("kiosk owner").get("/console/p/kiosk/demand").wants(t, 200, "Nothing was asked in vain").lacks(t, "hedlines")
	ann := r.as("lecker editor")
	ann.csrf = "another session's"
	ann.post(demandAt+"/adopt", "keyword", "news", "text", "hedlines").wants(t, http.StatusForbidden)
}

func TestWhatReadersWroteHarmsNotThePageOfDemand(t *testing.T) {
	r := newRig(t)
	r.demands(hostile, 6, "news")
	r.as("lecker editor").get(demandAt).wants(t, 200).page(t).harmless()
}

func TestNoCommandAndNoNumberIsProposedAsAKeyword(t *testing.T) {
	r := newRig(t)
	for _, text := range []string{"stopp", "2", "menu", "42 17", "???", "abmelden", "gazpacho"} {
		r.demands(text, 6, "news")
	}
	editor := r.as("lecker editor")
	page := editor.get(demandAt).wants(t, 200, "phrase=gazpacho")
	if n := strings.Count(page.body, "/keywords/new?phrase="); n != 1 {
		t.Errorf("%d texts are proposed as keywords, want gazpacho alone:\n%s", n, page.body)
	}
	page.wants(t, 200, "were commands, numbers or signs")
	for range 6 {
		r.miss("menu")
	}
	r.miss("gazpacho")
	r.wait(time.Minute)
	editor.get("/console/p/lecker/today").wants(t, 200, "phrase=gazpacho").lacks(t, "phrase=menu", "phrase=stopp")
}

func TestWhatReadersAskedInVainIsLookedForOnThePublishersOwnSite(t *testing.T) {
	r := newRig(t)
	r.demands("opening hours", 6, "news")
	r.demands("gazpacho", 6)
	looked := ""
	r.trials.found = func(address, _ string) (console.Discovery, error) {
		looked = address
		return console.Discovery{Address: address, Found: []console.Found{{
			Kind: "feed", Title: "When we are open", Settings: map[string]any{"url": "https://example.org/hours.xml"}, Phrase: words.Verbatim("opening hours"),
		}}, Rehearse: func(context.Context, catalogue.Publisher) (console.Rehearsal, error) { return &stage{}, nil }}, nil
	}
	editor := r.as("lecker editor")
	editor.get(demandAt).wants(t, 200, `action="/console/p/lecker/demand/look?days=`, `value="https://example.org/"`).lacks(t, "When we are open")
	if looked != "" {
		t.Fatal("the page itself looked")
	}
	editor.post(demandAt+"/look", "address", "").leads(t, demandAt+"?done=demand_looked")
	if looked != "https://example.org/" {
		t.Errorf("it was looked at %q", looked)
	}
	page := editor.get(demandAt).wants(t, 200, "On your site:", "When we are open", "your site has an answer to 1", "Set it up")
	form := url.Values{"documents": {html.UnescapeString(between(t, page.body, `name="documents" value="`, `"`))}, "keyword": {between(t, page.body, `name="keyword" value="opening`, `"`)}}
	form.Set("keyword", "opening"+form.Get("keyword"))
	editor.submit(room+"sources/adopt", form).leads(t, room+"keywords?done=source_adopted")
	editor.get(demandAt).wants(t, 200).lacks(t, "On your site:")
	r.as("lecker viewer").get(demandAt).wants(t, 200, "gazpacho").lacks(t, "demand/look")
	r.wait(2 * time.Hour)
	editor.get(demandAt).wants(t, 200).lacks(t, "your site has an answer")
}
