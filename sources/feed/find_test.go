package feed_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

// told returns the titles that an argument finds in a document of the golden day.
func told(t *testing.T, source pull.Source, s pull.Snapshot, argument, language string) []string {
	t.Helper()
	found, err := source.Select(t.Context(), s, pull.Query{Argument: argument, Language: language, Count: 10, At: fetched})
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, it := range found.Items {
		titles = append(titles, it.Title)
	}
	return titles
}

// dated is an item of so many days before the golden day, a Monday.
func piece(title, text, category string, days int) string {
	at := fetched.AddDate(0, 0, -days).Add(-time.Hour)
	return fmt.Sprintf(`<item><title>%s</title><link>https://k.example/%s</link><description>%s</description><category>%s</category><pubDate>%s</pubDate></item>`,
		title, strings.ReplaceAll(title, " ", "-"), text, category, at.Format(time.RFC1123Z))
}

func paper() []byte {
	return []byte(`<rss version="2.0"><channel><title>Courier</title>` +
		piece("Council votes", "The bridge over the mill stream is to be renewed.", "town", 0) +
		piece("Bridge closed", "Cars go round by the station.", "traffic", 1) +
		piece("Match lost", "Two goals in the last minute.", "sport", 3) +
		piece("Market day", "Fruit and flowers, and a new baker.", "bridges", 5) +
		piece("Bridges of old", "A walk.", "history", 400) +
		`</channel></rss>`)
}

func TestWhatIsSearchedForIsRankedByWhereItStands(t *testing.T) {
	source := saved(t, "", paper())
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	for argument, want := range map[string][]string{
		"bridge":              {"Bridge closed", "Bridges of old", "Market day", "Council votes"},
		"the bridge":          {"Bridge closed", "Bridges of old", "Market day", "Council votes"},
		"BRIDGE stream":       {"Council votes"},
		"station":             {"Bridge closed"},
		"sport":               {"Match lost"},
		"goals":               {"Match lost"},
		"bridge unicorn":      nil,
		"yesterday":           {"Bridge closed"},
		"today":               {"Council votes"},
		"friday":              {"Match lost"},
		"on friday":           {"Match lost"},
		"3 days ago":          {"Match lost"},
		"since friday":        {"Council votes", "Bridge closed", "Match lost"},
		"since yesterday":     {"Council votes", "Bridge closed"},
		"bridge since friday": {"Bridge closed", "Council votes"},
		"bridge yesterday":    {"Bridge closed"},
		"bridge friday":       nil,
		"tomorrow":            nil,
		"25 february":         {"Market day"},
		"2026-02-25":          {"Market day"},
	} {
		if got := told(t, source, s, argument, "en"); !slices.Equal(got, want) {
			t.Errorf("%q finds %q; want %q", argument, got, want)
		}
	}
}

func TestDaysAreUnderstoodInEveryLanguage(t *testing.T) {
	source := saved(t, "", paper())
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	for language, c := range map[string][2]string{
		"en": {"yesterday", "since yesterday"}, "de": {"gestern", "seit gestern"}, "fr": {"hier", "depuis hier"},
		"es": {"ayer", "desde ayer"}, "it": {"ieri", "da ieri"}, "nl": {"gisteren", "sinds gisteren"}, "pt": {"ontem", "desde ontem"},
		"pl": {"wczoraj", "od wczoraj"}, "ru": {"вчера", "с вчера"}, "ar": {"أمس", "منذ أمس"}, "hi": {"कल", ""},
		"id": {"kemarin", "sejak kemarin"}, "ja": {"昨日", "昨日から"}, "th": {"เมื่อวาน", "ตั้งแต่เมื่อวาน"}, "tr": {"dün", "dünden beri"}, "zh": {"昨天", "昨天以来"},
	} {
		if got := told(t, source, s, c[0], language); !slices.Equal(got, []string{"Bridge closed"}) && language != "hi" {
			t.Errorf("%s: %q finds %q", language, c[0], got)
		}
		if got := told(t, source, s, c[1], language); c[1] != "" && !slices.Equal(got, []string{"Council votes", "Bridge closed"}) {
			t.Errorf("%s: %q finds %q", language, c[1], got)
		}
	}
	for language, since := range map[string]string{
		"de": "seit Freitag", "fr": "depuis vendredi", "es": "desde el viernes", "it": "da venerdì", "nl": "sinds vrijdag", "pt": "desde sexta-feira",
		"pl": "od piątku", "ru": "с пятницы", "ar": "منذ الجمعة", "hi": "शुक्रवार से", "id": "sejak jumat", "ja": "金曜日から", "th": "ตั้งแต่วันศุกร์", "tr": "cumadan beri", "zh": "星期五以来",
	} {
		if got := told(t, source, s, since, language); len(got) != 3 {
			t.Errorf("%s: %q finds %q", language, since, got)
		}
	}
}

func TestASearchFeedIsAskedForWhatIsSearched(t *testing.T) {
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI())
		_, _ = w.Write(paper())
	}))
	defer s.Close()
	for _, c := range []struct{ address, argument, want string }{
		{"/?s={argument}&feed=rss2", "bridge & co/1", "/?s=bridge+%26+co%2F1&feed=rss2"},
		{"/?s={argument}&feed=rss2", "", "/?feed=rss2"},
		{"/?s={argument}&feed=rss2", "yesterday", "/?feed=rss2"},
		{"/?feed=rss2&s=%7Bargument%7D", "bridge since friday", "/?feed=rss2&s=bridge"},
		{"/search/{argument}/feed/rss2/", "bridge/../x", "/search/bridge%2F..%2Fx/feed/rss2/"},
		{"/search/{argument}/feed/rss2/", "", "/feed/rss2/"},
		{"/?s={argument}", "..", "/"},
	} {
		asked = nil
		source := sourcetest.Open(t, feed.Kind, sourcetest.Env(t, ""), map[string]any{"url": s.URL + c.address})
		key, err := source.Key(pull.Query{Argument: c.argument, At: fetched, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Fetch(t.Context(), key, nil); err != nil || !slices.Equal(asked, []string{c.want}) {
			t.Errorf("%s with %q asks for %q, %v; want %s", c.address, c.argument, asked, err, c.want)
		}
	}
}

func TestWhatASearchFoundThatNobodySearchedForIsNotTold(t *testing.T) {
	env := sourcetest.Env(t, "")
	env.Client = canned("", paper())
	source := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": "https://k.example/?s={argument}"})
	s, err := source.Fetch(t.Context(), "feed?unicorn bridge", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := told(t, source, s, "unicorn", "en"); len(got) != 0 {
		t.Errorf("a server that searches for nothing is believed: %q", got)
	}
	if got := told(t, source, s, "unicorn bridge", "en"); len(got) != 4 || got[0] != "Bridge closed" {
		t.Errorf("what upstream has found by its own rules is %q", got)
	}
}

func TestItemsOfTheReadersLanguageComeFirst(t *testing.T) {
	doc := `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">` +
		`<entry xml:lang="en"><id>1</id><title>Leek tart</title><updated>2026-03-01T00:00:00Z</updated></entry>` +
		`<entry><id>2</id><title>Tarte aux poireaux</title><updated>2026-02-28T00:00:00Z</updated></entry>` +
		`<entry><id>3</id><title xml:lang="de-CH">Lauchwähe</title><updated>2026-02-27T00:00:00Z</updated></entry></feed>`
	source := saved(t, "", []byte(doc))
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	var tongues []string
	for _, it := range s.Items {
		tongues = append(tongues, it.Language)
	}
	if !slices.Equal(tongues, []string{"en", "fr", "de-CH"}) {
		t.Errorf("the items are in %q", tongues)
	}
	for language, want := range map[string]string{"fr": "Tarte aux poireaux", "de": "Lauchwähe", "en": "Leek tart", "ja": "Leek tart"} {
		if got := told(t, source, s, "", language); got[0] != want || len(got) != 3 {
			t.Errorf("%s readers are told %q", language, got)
		}
	}
}

func TestWhatIsForSubscribersAndWhosePicturesTheyAre(t *testing.T) {
	const media, schema = ` xmlns:media="http://search.yahoo.com/mrss/"`, ` xmlns:s="https://schema.org/"`
	for name, c := range map[string]struct {
		doc, paywall, credit string
	}{
		"schema.org in RSS":       {oneRSS(`<title>a</title><s:isAccessibleForFree` + schema + `>False</s:isAccessibleForFree>`), "subscription", ""},
		"schema.org, free":        {oneRSS(`<title>a</title><s:isAccessibleForFree` + schema + `>true</s:isAccessibleForFree>`), "", ""},
		"schema.org in Atom":      {atom(`<title>a</title><isAccessibleForFree xmlns="https://schema.org/">https://schema.org/False</isAccessibleForFree>`), "subscription", ""},
		"JSON":                    {jsonFeed(`{"id":"1","title":"a","isAccessibleForFree":false}`), "subscription", ""},
		"JSON, of an extension":   {jsonFeed(`{"id":"1","title":"a","_news":{"is_paywalled":true}}`), "subscription", ""},
		"JSON, free":              {jsonFeed(`{"id":"1","title":"a","isAccessibleForFree":true}`), "", ""},
		"an element of nobody":    {oneRSS(`<title>a</title><premium>yes</premium>`), "subscription", ""},
		"the rights of access":    {oneRSS(`<title>a</title><dcterms:accessRights xmlns:dcterms="http://purl.org/dc/terms/">subscription</dcterms:accessRights>`), "subscription", ""},
		"a price":                 {oneRSS(`<title>a</title><media:price` + media + ` type="subscription" price="9.90" currency="EUR"/>`), "subscription", ""},
		"a price of nothing":      {oneRSS(`<title>a</title><media:price` + media + ` price="0.00"/>`), "", ""},
		"the credit of a picture": {oneRSS(`<title>a</title><media:content` + media + ` url="https://k.example/a.jpg" medium="image"><media:credit role="photographer">Ann  Lee</media:credit></media:content>`), "", "Ann Lee"},
		"the credit of an item":   {atom(`<title>a</title><media:thumbnail` + media + ` url="https://k.example/a.jpg"/><media:credit` + media + `>Bo</media:credit><media:credit` + media + `>Cy</media:credit>`), "", "Bo, Cy"},
		"the copyright of one":    {oneRSS(`<title>a</title><media:content` + media + ` url="https://k.example/a.jpg" medium="image"><media:copyright>Agency</media:copyright></media:content>`), "", "Agency"},
		"a credit with markup":    {oneRSS(`<title>a</title><media:credit` + media + `>&lt;script&gt;x&lt;/script&gt;Ann</media:credit>`), "", "Ann"},
	} {
		t.Run(name, func(t *testing.T) {
			source := saved(t, "", []byte(c.doc))
			s, err := source.Fetch(t.Context(), "feed", nil)
			if err != nil || len(s.Items) != 1 {
				t.Fatalf("%d items, %v", len(s.Items), err)
			}
			sourcetest.Inspect(t, s.Items)
			facts := s.Items[0].Facts
			if facts.Text("paywall") != c.paywall || facts.Text("credit") != c.credit {
				t.Errorf("paywall %q, credit %q", facts.Text("paywall"), facts.Text("credit"))
			}
			for _, language := range []string{"en", "ja", "ar"} {
				reply := source.(pull.Speaker).Say(s.Items, pull.Voice{Language: language, At: fetched})
				said := fmt.Sprint(reply.Blocks)
				if c.credit != "" && s.Items[0].Image() != "" && !strings.Contains(said, c.credit) {
					t.Errorf("the credit is not told: %s", said)
				}
				if notes := slices.ContainsFunc(reply.Blocks, func(b pull.Block) bool {
					return b.Kind == pull.Note && b.Text != "" && !strings.Contains(b.Text, c.credit+"\x00")
				}); c.paywall != "" && !notes {
					t.Errorf("nobody hears that it is for subscribers: %s", said)
				}
			}
		})
	}
}

func TestAudioAndVideoHaveTheirLength(t *testing.T) {
	for name, c := range map[string]struct {
		doc  string
		want what.Media
	}{
		"a podcast": {oneRSS(`<title>a</title><enclosure url="https://k.example/a.mp3" length="4096" type="audio/mpeg"/><itunes:duration xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">1:02:03</itunes:duration>`), what.Media{Type: what.Sound, URL: "https://k.example/a.mp3", Bytes: 4096, Seconds: 3723}},
		"a video":   {oneRSS(`<title>a</title><media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://k.example/a.mp4" type="video/mp4" fileSize="99" duration="61.5"/>`), what.Media{Type: what.Video, URL: "https://k.example/a.mp4", Bytes: 99, Seconds: 61}},
		"in JSON":   {jsonFeed(`{"id":"1","title":"a","attachments":[{"url":"https://k.example/a.mp3","mime_type":"audio/mpeg","size_in_bytes":77,"duration_in_seconds":90}]}`), what.Media{Type: what.Sound, URL: "https://k.example/a.mp3", Bytes: 77, Seconds: 90}},
		"in Atom":   {atom(`<title>a</title><link rel="enclosure" type="audio/ogg" length="5" href="https://k.example/a.ogg"/>`), what.Media{Type: what.Sound, URL: "https://k.example/a.ogg", Bytes: 5}},
	} {
		s, err := saved(t, "", []byte(c.doc)).Fetch(t.Context(), "feed", nil)
		if err != nil || len(s.Items) != 1 || len(s.Items[0].Media) != 1 || s.Items[0].Media[0] != c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, s.Items, err, c.want)
		}
	}
}
