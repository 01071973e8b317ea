package demo_test

import (
	"encoding/json"
	"encoding/xml"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"keypull/cmd/keypull/demo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start serves a world over real HTTP until the test ends.
func start(t *testing.T) (*demo.World, *http.Client) {
	t.Helper()
	w, err := demo.Start(t.Context(), demo.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

func fetch(t *testing.T, client *http.Client, url string) string {
	t.Helper()
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

type feed struct {
	Items []struct {
		Title     string `xml:"title"`
		Link      string `xml:"link"`
		GUID      string `xml:"guid"`
		Published string `xml:"pubDate"`
	} `xml:"channel>item"`
}

func readFeed(t *testing.T, raw string) feed {
	t.Helper()
	var f feed
	if err := xml.Unmarshal([]byte(raw), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestEveryMinuteBringsOneHeadline(t *testing.T) {
	for _, path := range []string{"/news/feed.xml", "/news/fr.xml", "/news/de.xml"} {
		clock := &hand{at: noon}
		w := newWorld(t, clock.now)
		before := readFeed(t, get(w, path).Body.String())
		if len(before.Items) < 20 {
			t.Fatalf("%s opens with %d headlines", path, len(before.Items))
		}
		for minute := range 90 {
			clock.at = clock.at.Add(time.Minute)
			after := readFeed(t, get(w, path).Body.String())
			if after.Items[0].GUID == before.Items[0].GUID || after.Items[1] != before.Items[0] {
				t.Fatalf("%s, minute %d: %q then %q", path, minute, before.Items[0].Title, after.Items[0].Title)
			}
			before = after
		}
	}
}

func TestNoHeadlineHasAGapOrComesBackSoon(t *testing.T) {
	clock := &hand{at: noon}
	w := newWorld(t, clock.now)
	clock.at = clock.at.Add(8 * time.Hour)
	for _, language := range []string{"en", "fr", "de"} {
		stories := w.Headlines(language, 400)
		if len(stories) < 400 {
			t.Errorf("%s: %d stories after eight hours", language, len(stories))
		}
		for i, s := range stories {
			if s.Title == "" || s.Summary == "" || strings.ContainsAny(s.Title+s.Summary, "{}") {
				t.Errorf("%s: %q: %q", language, s.Title, s.Summary)
			}
			if i > 0 && (s.Title == stories[i-1].Title || s.Published.After(stories[i-1].Published)) {
				t.Errorf("%s: %q stands twice, or is out of order", language, s.Title)
			}
		}
	}
}

func TestALongSleepIsCaughtUpWithinBounds(t *testing.T) {
	clock := &hand{at: noon}
	w := newWorld(t, clock.now)
	clock.at = clock.at.AddDate(1, 0, 0)
	stories := w.Headlines("en", 10_000)
	if len(stories) == 0 || len(stories) > 1000 || clock.at.Sub(stories[0].Published) >= time.Minute {
		t.Errorf("after a year: %d stories, the newest of %v", len(stories), stories[0].Published)
	}
}

func TestAHeadlineCanBePublishedNow(t *testing.T) {
	clock := &hand{at: noon.Add(20 * time.Second)}
	w := newWorld(t, clock.now)
	before := w.Headlines("en", 1)[0]
	flip(t, w, demo.NewHeadline)
	after := w.Headlines("en", 2)
	if after[0].ID != before.ID+1 || !after[0].Published.Equal(clock.at) || after[1] != before {
		t.Errorf("got %v on top of %v", after[0], after[1])
	}
}

func TestWhatHasNotChangedIsAnsweredWith304(t *testing.T) {
	clock := &hand{at: noon}
	w := newWorld(t, clock.now)
	for _, path := range []string{
		"/", "/style.css", "/news/feed.xml", "/help/hours-en",
		"/recipes/sitemap.xml", "/recipes/tiramisu", "/recipes/tiramisu.png",
	} {
		first := get(w, path)
		tag, changed := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
		if first.Code != http.StatusOK || tag == "" || changed == "" {
			t.Errorf("%s: %d, ETag %q, Last-Modified %q", path, first.Code, tag, changed)
			continue
		}
		if got := get(w, path, "If-None-Match", tag).Code; got != http.StatusNotModified {
			t.Errorf("%s with its ETag: got %d", path, got)
		}
		if got := get(w, path, "If-Modified-Since", changed).Code; got != http.StatusNotModified {
			t.Errorf("%s with its date: got %d", path, got)
		}
		if got := get(w, path, "If-None-Match", `"other"`).Code; got != http.StatusOK {
			t.Errorf("%s with another ETag: got %d", path, got)
		}
	}
	tag := get(w, "/news/feed.xml").Header().Get("ETag")
	clock.at = clock.at.Add(time.Minute)
	if got := get(w, "/news/feed.xml", "If-None-Match", tag).Code; got != http.StatusOK {
		t.Errorf("a feed with a new headline: got %d", got)
	}
}

func TestEveryLinkOfTheFeedLeadsToItsStory(t *testing.T) {
	w, client := start(t)
	for _, item := range readFeed(t, fetch(t, client, w.URL()+"/news/de.xml")).Items {
		if page := fetch(t, client, item.Link); !strings.Contains(page, "<h1>"+item.Title+"</h1>") {
			t.Errorf("%s does not show %q", item.Link, item.Title)
		}
		if _, err := time.Parse(time.RFC1123Z, item.Published); err != nil {
			t.Error(err)
		}
	}
}

// recipeLD is what a recipe's page must say of itself.
type recipeLD struct {
	Type         string   `json:"@type"`
	Name         string   `json:"name"`
	Image        []string `json:"image"`
	InLanguage   string   `json:"inLanguage"`
	Published    string   `json:"datePublished"`
	Total        string   `json:"totalTime"`
	Yield        string   `json:"recipeYield"`
	Ingredients  []string `json:"recipeIngredient"`
	Instructions []struct {
		Text string `json:"text"`
	} `json:"recipeInstructions"`
	Author struct {
		Name string `json:"name"`
	} `json:"author"`
}

func readLD(t *testing.T, page string) recipeLD {
	t.Helper()
	_, rest, _ := strings.Cut(page, `<script type="application/ld+json">`)
	raw, _, _ := strings.Cut(rest, "</script>")
	var ld recipeLD
	if err := json.Unmarshal([]byte(raw), &ld); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	return ld
}

func TestEveryRecipeOfTheSitemapIsComplete(t *testing.T) {
	w, client := start(t)
	var sitemap struct {
		URLs []string `xml:"url>loc"`
	}
	if err := xml.Unmarshal([]byte(fetch(t, client, w.URL()+"/recipes/sitemap.xml")), &sitemap); err != nil {
		t.Fatal(err)
	}
	if len(sitemap.URLs) < 30 {
		t.Errorf("the sitemap lists %d recipes", len(sitemap.URLs))
	}
	languages := map[string]int{}
	for _, url := range sitemap.URLs {
		ld := readLD(t, fetch(t, client, url))
		languages[ld.InLanguage]++
		steps := len(ld.Instructions)
		if ld.Type != "Recipe" || ld.Name == "" || ld.Published == "" || ld.Author.Name == "" || ld.Yield == "" ||
			!strings.HasPrefix(ld.Total, "PT") || len(ld.Ingredients) < 3 || steps < 4 || steps > 8 {
			t.Errorf("%s is incomplete: %+v", url, ld)
		}
		if len(ld.Image) != 1 || !strings.HasPrefix(ld.Image[0], w.URL()) {
			t.Errorf("%s has the pictures %v", url, ld.Image)
		}
	}
	for _, language := range []string{"en", "fr", "de"} {
		if languages[language] < 10 {
			t.Errorf("%d recipes in %s", languages[language], language)
		}
	}
}

func TestEveryRecipeHasASlugAndAPictureOfItsOwn(t *testing.T) {
	w := newWorld(t, time.Now)
	var slugs, pictures []string
	for i, r := range w.Recipes() {
		slugs = append(slugs, r.Slug)
		if i%5 != 0 { // drawing all of them takes long under the race detector
			continue
		}
		answer := get(w, "/recipes/"+r.Slug+".png")
		raw := answer.Body.String()
		picture, err := png.DecodeConfig(strings.NewReader(raw))
		if err != nil || answer.Header().Get("Content-Type") != "image/png" {
			t.Fatalf("%s: %v, %s", r.Slug, err, answer.Header().Get("Content-Type"))
		}
		if picture.Width != 720 || picture.Height != 480 || len(raw) > 400<<10 {
			t.Errorf("%s: %d by %d in %d bytes", r.Slug, picture.Width, picture.Height, len(raw))
		}
		pictures = append(pictures, raw)
	}
	for _, all := range [][]string{slugs, pictures} {
		slices.Sort(all)
		if len(slices.Compact(slices.Clone(all))) != len(all) {
			t.Error("two recipes share a slug or a picture")
		}
	}
}

func TestAnswersHaveAPageInEachLanguage(t *testing.T) {
	w := newWorld(t, time.Now)
	answers, err := demo.Answers()
	if err != nil {
		t.Fatal(err)
	}
	languages := map[string]int{}
	for _, a := range answers {
		languages[a.Language]++
		if got := get(w, "/help/"+a.Slug()).Code; got != http.StatusOK || a.Text == "" || len(a.Phrases) == 0 {
			t.Errorf("%s: %d, %+v", a.Slug(), got, a)
		}
	}
	if languages["en"] != 5 || languages["fr"] != 5 || languages["de"] != 5 {
		t.Errorf("answers by language: %v", languages)
	}
}

func TestUnknownSwitchIsRefused(t *testing.T) {
	if err := newWorld(t, time.Now).Flip("gravity"); err == nil {
		t.Error("a switch that is not there was thrown")
	}
}

func TestTheWorldBearsManyAtOnce(t *testing.T) {
	w := newWorld(t, time.Now)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for _, name := range []string{demo.NewHeadline, demo.PriceJump, demo.Reset} {
				_ = w.Flip(name)
				for _, path := range []string{"/exchange/quote?symbol=SAP", "/news/feed.xml", "/recipes/scones.png", "/"} {
					if got := get(w, path).Code; got != http.StatusOK {
						t.Errorf("%s: got %d", path, got)
					}
				}
			}
		})
	}
	all.Wait()
}

func TestCloseEndsWhatStartBegan(t *testing.T) {
	w, client := start(t)
	flip(t, w, demo.ExchangeSlow)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if answer, err := client.Get(w.URL() + "/"); err == nil {
		_ = answer.Body.Close()
		t.Error("it still answers")
	}
	if err := w.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}
