package clicks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/proof"
	"keypull/pull/withdrawal"
	"keypull/web/clicks"
)

// bakery is a publisher whose links are counted.
type bakery struct {
	*clicks.Counter
	outlet  *catalogue.Setup
	server  *httptest.Server
	now     time.Time
	counted []string
	broken  error
}

func (b *bakery) Publisher(id string) *catalogue.Setup {
	if id == b.outlet.ID {
		return b.outlet
	}
	return nil
}

func (b *bakery) Of(_ context.Context, publisher string) (proof.Keys, error) {
	return proof.Keys{Codes: proof.Key("secret of " + publisher)}, nil
}

func (b *bakery) count(_ context.Context, publisher string, t journal.Trace) error {
	b.counted = append(b.counted, fmt.Sprint(publisher, " ", t.Outcome, " ", t.What.Keyword, " ", t.When.Source, " ", t.Channel, " ", t.Ask, reflect.ValueOf(t.Who).IsZero()))
	return b.broken
}

func newBakery(t *testing.T) *bakery {
	t.Helper()
	b := &bakery{now: sent, outlet: &catalogue.Setup{Publisher: catalogue.Publisher{ID: "oven", Name: "The Oven"}}}
	b.Counter = clicks.NewCounter(clicks.Options{
		Publishers: b, Keys: b, Count: b.count, Agents: []string{"whatsapp"}, PublicURL: "https://ask.example", Clock: func() time.Time { return b.now }, Logger: slog.New(slog.DiscardHandler),
	})
	b.server = httptest.NewServer(b.Handler())
	t.Cleanup(b.server.Close)
	return b
}

const page = "https://oven.example/sourdough"

// link returns the path of a link that has just been sent.
func (b *bakery) link(t *testing.T, address string) string {
	t.Helper()
	r := b.LinkReply(t.Context(), "oven", "tg", pull.Reply{
		Tells: []withdrawal.Told{{Source: "recipes", ID: "1", Link: address, Keyword: "bread"}}, Blocks: []pull.Block{{Kind: pull.Link, URL: address}},
	})
	path, ok := strings.CutPrefix(r.Blocks[0].URL, "https://ask.example")
	if !ok {
		t.Fatalf("the link is %s", r.Blocks[0].URL)
	}
	return path
}

// answer is what a link is answered with.
type answer struct {
	StatusCode int
	Header     http.Header
}

// follow fetches a path, as a browser does where no headers say otherwise.
func (b *bakery) follow(t *testing.T, method, path string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, b.server.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 300.0")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return answer{res.StatusCode, res.Header}
}

func TestALinkThatIsFollowedIsCountedAndLeadsOn(t *testing.T) {
	b := newBakery(t)
	path := b.link(t, page)
	b.now = b.now.Add(time.Hour)
	res := b.follow(t, http.MethodGet, path)
	if res.StatusCode != http.StatusFound || res.Header.Get("Location") != page || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Set-Cookie") != "" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if diff := cmp.Diff([]string{"oven clicked bread recipes tg 0 true"}, b.counted); diff != "" {
		t.Errorf("counted: %s", diff)
	}
	b.broken = errors.New("the store is full")
	if res := b.follow(t, http.MethodGet, path); res.StatusCode != http.StatusFound {
		t.Errorf("what can't be counted ends with %d", res.StatusCode)
	}
}

func TestWhoLooksBeforeAReaderDoesIsNotCounted(t *testing.T) {
	for name, headers := range map[string][]string{
		"Slack":      {"User-Agent", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
		"Slack img":  {"User-Agent", "Slack-ImgProxy (+https://api.slack.com/robots)"},
		"Telegram":   {"User-Agent", "TelegramBot (like TwitterBot)"},
		"WhatsApp":   {"User-Agent", "WhatsApp/2.23.20.0 A"},
		"Facebook":   {"User-Agent", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
		"X":          {"User-Agent", "Twitterbot/1.0"},
		"Discord":    {"User-Agent", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
		"LinkedIn":   {"User-Agent", "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"},
		"Skype":      {"User-Agent", "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"},
		"Google":     {"User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
		"Apple":      {"User-Agent", "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"},
		"a prefetch": {"Sec-Purpose", "prefetch;prerender"},
	} {
		b := newBakery(t)
		path := b.link(t, page)
		b.now = b.now.Add(time.Minute)
		if res := b.follow(t, http.MethodGet, path, headers...); res.StatusCode != http.StatusFound || res.Header.Get("Location") != page || len(b.counted) > 0 {
			t.Errorf("%s: %d, counted %v", name, res.StatusCode, b.counted)
		}
	}
	b := newBakery(t)
	path := b.link(t, page)
	for _, tt := range []struct {
		name, method string
		after        time.Duration
		counted      int
	}{
		{"at once", http.MethodGet, 0, 0}, {"a moment later", http.MethodGet, 1900 * time.Millisecond, 0}, {"two seconds later", http.MethodGet, 2 * time.Second, 1},
		{"a head alone", http.MethodHead, time.Minute, 1}, {"again", http.MethodGet, time.Minute, 2},
		{"with a clock that was set back", http.MethodGet, -time.Minute, 3},
	} {
		b.now = sent.Add(tt.after)
		if res := b.follow(t, tt.method, path); res.StatusCode != http.StatusFound || len(b.counted) != tt.counted {
			t.Errorf("%s: %d, counted %d, want %d", tt.name, res.StatusCode, len(b.counted), tt.counted)
		}
	}
	if res := b.follow(t, http.MethodGet, path, "User-Agent", "Mozilla/5.0 (Linux; Android 14; CUBOT X70) Mobile"); res.StatusCode != http.StatusFound || len(b.counted) != 4 {
		t.Errorf("somebody with a phone of that name: counted %d", len(b.counted))
	}
}

func TestWhatNobodyWasToldLeadsNowhere(t *testing.T) {
	b := newBakery(t)
	path := b.link(t, page)
	b.now = b.now.Add(time.Minute)
	token, site, _ := strings.Cut(strings.TrimPrefix(path, "/c/oven/"), "?")
	if site != "oven.example" {
		t.Errorf("the link tells that it leads to %q", site)
	}
	for _, other := range []string{"/c/oven/" + token[1:], "/c/oven/x" + token, "/c/other/" + token, "/c/oven/", "/c/oven", "/c/oven/" + token + "/more", "/c/oven/https:%2F%2Fevil.example"} {
		if res := b.follow(t, http.MethodGet, other); res.StatusCode != http.StatusNotFound || res.Header.Get("Location") != "" {
			t.Errorf("%s: %d to %s", other, res.StatusCode, res.Header.Get("Location"))
		}
	}
	if res := b.follow(t, http.MethodPost, path); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a post ends with %d", res.StatusCode)
	}
	if len(b.counted) > 0 {
		t.Errorf("counted %v", b.counted)
	}
}

func TestTrackingIsAddedWhereALinkHasNone(t *testing.T) {
	b := newBakery(t)
	b.outlet.UTM = map[string]string{"source": "keypull", "medium": "{channel}", "campaign": "{keyword} & more"}
	b.now = b.now.Add(time.Minute)
	for address, want := range map[string]string{
		page:                                    page + "?utm_campaign=bread+%26+more&utm_medium=tg&utm_source=keypull",
		page + "?a=%20b&a=c#top":                page + "?a=%20b&a=c&utm_campaign=bread+%26+more&utm_medium=tg&utm_source=keypull#top",
		page + "?utm_source=own&utm_medium=own": page + "?utm_source=own&utm_medium=own&utm_campaign=bread+%26+more",
	} {
		if res := b.follow(t, http.MethodGet, b.link(t, address)); res.Header.Get("Location") != want {
			t.Errorf("%s leads to %s, want %s", address, res.Header.Get("Location"), want)
		}
	}
}

func TestOnlyLinksOfItemsAreRewritten(t *testing.T) {
	b := newBakery(t)
	told := []withdrawal.Told{{Source: "recipes", ID: "1", Link: page, Keyword: "bread"}, {Source: "recipes", ID: "2", Link: page + "-2", Keyword: "bread"}, {Source: "recipes", ID: "3", Keyword: "bread"}}
	r := pull.Reply{
		Rest: page, Tells: told[:1], Answers: []pull.Answer{{Keyword: "bread", Rest: page + "-2", Tells: told[1:]}},
		Cards:   []pull.Card{{Link: page}},
		Buttons: []pull.Button{{Label: "Open", URL: page}, {Label: "Privacy", URL: "https://oven.example/privacy"}},
		Blocks: []pull.Block{
			{Kind: pull.Paragraph, Text: "See " + page + ". Or " + page + "-2, not " + page + "/more"}, {Kind: pull.Bullets, Lines: []string{page, "no link"}},
			{Kind: pull.FactLines, Facts: []pull.LabelledFact{{Label: page, Value: page}}}, {Kind: pull.Link, URL: "https://oven.example/"},
		},
	}
	before := fmt.Sprint(r)
	got := b.LinkReply(t.Context(), "oven", "tg", r)
	if fmt.Sprint(r) != before {
		t.Error("the reply itself was changed")
	}
	one, two := "https://ask.example"+b.link(t, page), "https://ask.example/c/oven/"
	text := got.Blocks[0].Text
	if !strings.HasPrefix(text, "See https://ask.example/c/oven/") || strings.Count(text, two) != 2 || !strings.HasSuffix(text, ", not "+page+"/more") {
		t.Errorf("the text is %s", text)
	}
	if got.Rest != one || got.Cards[0].Link != one || got.Buttons[0].URL != one || got.Buttons[1].URL != "https://oven.example/privacy" || got.Blocks[1].Lines[0] != one || got.Blocks[3].URL != "https://oven.example/" ||
		got.Blocks[2].Facts[0] != (pull.LabelledFact{Label: page, Value: one}) || !strings.HasPrefix(got.Answers[0].Rest, two) || got.Answers[0].Rest == one {
		t.Errorf("%+v", got)
	}
}
