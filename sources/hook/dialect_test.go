package hook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/hook"
	"keypull/sources/sourcetest"
)

func TestEscapesOfAGetURL(t *testing.T) {
	const at = "2026-03-02T09:59:59Z"
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		address, argument string
		want              string
	}{
		"the keyword and its words":     {"/cgi?k=%k&s=%s&s2=%s&r=%r", "new york today late", "/cgi?k=weather&s=new&s2=york&r=today+late"},
		"words that are not there":      {"/cgi?s=%s&s2=%s&r=%r", "paris", "/cgi?s=paris&s2=&r="},
		"all words":                     {"/cgi?a=%a&b=%b", "a  b", "/cgi?a=weather+a+b&b=weather+a+b"},
		"what means something in a URL": {"/cgi?r=%r&x=1", "a&x=2#3+4", "/cgi?r=a%26x%3D2%233%2B4&x=1"},
		"in the path":                   {"/%k/%r/x", "a/../b?c", "/weather/a%2F..%2Fb%3Fc/x"},
		"stars":                         {"/cgi?s=%S", "example.org/*me", "/cgi?s=example.org%2F~me"},
		"the moment":                    {"/cgi?t=%t&T=%T", "", "/cgi?t=2026-03-02+09%3A59&T=1772445599"},
		"the sender":                    {"/cgi?p=%p&q=%q&P=%P&Q=%Q", "", "/cgi?p=0049301234&q=%2B49301234&P=&Q="},
		"the coding":                    {"/cgi?c=%c&C=%C", "zürich", "/cgi?c=2&C=UTF-8"},
		"what only an operator knows":   {"/cgi?i=%i&I=%I&u=%u&n=%n.", "", "/cgi?i=&I=&u=&n=."},
		"a sign of its own":             {"/cgi?x=100%%&y=%C3%A9&z=%zz%", "", "/cgi?x=100%25&y=%C3%A9&z=%zz%"},
		"another language":              {"/cgi?r=%r", "погода 天気", "/cgi?r=%D0%BF%D0%BE%D0%B3%D0%BE%D0%B4%D0%B0+%E5%A4%A9%E6%B0%97"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := ""
			url := serve(t, func(r *http.Request, _ []byte) string {
				asked = r.RequestURI
				return "fine"
			})
			env := sourcetest.Env(t, "")
			env.Clock = func() time.Time { return now }
			source := sourcetest.Open(t, hook.Kind, env, values{"url": url + c.address, "dialect": "kannel", "reader": []any{"address"}})
			key, err := source.Key(pull.Query{Keyword: "weather", Argument: c.argument, Reader: map[string]string{"address": "0049301234"}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := source.Fetch(t.Context(), key, nil); err != nil && !strings.Contains(c.address, "%zz%") {
				t.Fatal(err)
			}
			if asked != c.want {
				t.Errorf("asked %q, want %q", asked, c.want)
			}
		})
	}
}

// answered returns what one answer of an endpoint becomes.
func answered(t *testing.T, dialect, contentType, body string) (pull.Snapshot, pull.Selection, error) {
	t.Helper()
	url := serveAs(t, contentType, body)
	source := sourcetest.Open(t, hook.Kind, sourcetest.Env(t, ""), values{"url": url, "secret": secret, "dialect": dialect})
	key, err := source.Key(pull.Query{Argument: "x"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := source.Fetch(t.Context(), key, nil)
	if err != nil {
		return s, pull.Selection{}, err
	}
	sourcetest.Inspect(t, s.Items)
	found, err := source.Select(t.Context(), s, pull.Query{Argument: "x", Count: 100})
	return s, found, err
}

func TestAnswersAreReadAndCleaned(t *testing.T) {
	for name, c := range map[string]struct {
		dialect, contentType, body string
		// title, text and buttons are joined; fails is what the refusal says.
		title, text, buttons, fails string
		warnings                    int
	}{
		"a text":              {body: "Closed today.", contentType: "text/plain", text: "Closed today."},
		"a text in JSON":      {body: `"Closed today."`, text: "Closed today."},
		"a list":              {body: `[{"title": "A"}, {"title": "B"}]`, title: "A|B"},
		"numbers for texts":   {body: `{"items": [{"id": 5, "title": 42}]}`, title: "42"},
		"a mark before it":    {body: "\xef\xbb\xbf {\"text\": \"x\"}", text: "x"},
		"an item of nothing":  {body: `{"items": [{"id": "a"}, {"title": "B"}]}`, title: "B", warnings: 1},
		"nothing to tell":     {body: `{"items": []}`},
		"words for a request": {body: `{"text": "x", "next": ["news", 7, ""]}`, text: "x", buttons: "|news;|7", warnings: 1},
		"a web page":          {body: "<html><body>Hi</body></html>", contentType: "text/html", fails: "neither with JSON nor"},
		"half a document":     {body: `{"items": [`, fails: "no JSON"},
		"a wrong list":        {body: `{"items": [{"media": "x"}]}`, fails: "items.media must not be a string"},
		"something else":      {body: `{"status": "ok"}`, fails: `{"items": []}`},
		"another encoding":    {dialect: "kannel", body: "Br\xfccke gesperrt", contentType: "text/plain; charset=iso-8859-1", text: "Brücke gesperrt"},
		"markup of a gateway": {dialect: "kannel", body: "<html><body><b>Open</b> from 9<script>x()</script></body></html>", contentType: "text/html", text: "Open from 9"},
		"JSON to a gateway":   {dialect: "kannel", body: "\x00\x01", contentType: "application/octet-stream", fails: "neither with JSON nor"},
		"messages of ManyChat": {
			dialect: "manychat", body: `{"version": "v2", "content": {"messages": [
				{"type": "text", "text": "Hello", "buttons": [{"type": "url", "caption": "Shop", "url": "https://example.org/shop"}, {"type": "call", "caption": "Call us", "phone": "+49 30 1234"}, {"type": "flow", "caption": "Start over", "target": "x"}]},
				{"type": "cards", "elements": [{"title": "Boots", "subtitle": "39 EUR", "image_url": "https://example.org/b.jpg", "action_url": "https://example.org/b", "buttons": [{"type": "node", "caption": "Sizes"}]}]},
				{"type": "image", "url": "https://example.org/i.png"}],
				"actions": [{"action": "add_tag", "tag_name": "x"}], "quick_replies": [{"type": "node", "caption": "Sale", "target": "y"}]}}`,
			text: "Hello\n\nBoots\n39 EUR\nhttps://example.org/b\n\nCall us: +49 30 1234", buttons: "Shop|https://example.org/shop;Start over|Start over;Sizes|Sizes;Sale|Sale",
		},
		"ManyChat without a word": {dialect: "manychat", body: `{"version": "v2", "content": {"messages": []}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if c.dialect == "" {
				c.dialect = "native"
			}
			s, found, err := answered(t, c.dialect, c.contentType, c.body)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Errorf("the refusal is %v, want one of %q", err, c.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var titles, texts, buttons []string
			for _, it := range found.Items {
				titles, texts = append(titles, it.Title), append(texts, it.Body)
			}
			for _, b := range found.Buttons {
				buttons = append(buttons, b.Label+"|"+b.Send+b.URL)
			}
			title, text := strings.Trim(strings.Join(titles, "|"), "|"), strings.Trim(strings.Join(texts, "|"), "|")
			if title != c.title || text != c.text || strings.Join(buttons, ";") != c.buttons || len(s.Warnings) != c.warnings {
				t.Errorf("got %q, %q, %q, %v", title, text, buttons, s.Warnings)
			}
		})
	}
}

func TestAnAnswerIsBounded(t *testing.T) {
	long := strings.Repeat("word ", 5000)
	s, found, err := answered(t, "native", "application/json", `{"items": [`+strings.Repeat(`{"title": "x", "body": "`+long+`"},`, 30)+strings.Repeat(`{"title": "y"},`, 200)+`{"title": "z"}], "buttons": [`+strings.Repeat(`{"label": "a", "send": "b"},`, 50)+`{"label": "`+long[:200]+`", "send": "b"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Items) != 100 || len(found.Buttons) != pull.MaxButtons || len(s.Warnings) == 0 {
		t.Errorf("%d items, %d buttons, %v", len(s.Items), len(found.Buttons), s.Warnings)
	}
	if body := s.Items[0].Body; len([]rune(body)) > 8000 || !strings.HasSuffix(body, "…") {
		t.Errorf("a text of %d characters is cut to %d, and ends with %q", len(long), len([]rune(body)), body[len(body)-9:])
	}
	if _, _, err := answered(t, "native", "application/json", `{"text": "`+strings.Repeat("x", 2<<20)+`"}`); pull.KindOf(err) != pull.Unusable {
		t.Errorf("an answer of 2 MiB is %v", err)
	}
}

func serveAs(t *testing.T, contentType, body string) string {
	t.Helper()
	return serveWith(t, func(w http.ResponseWriter, _ *http.Request) {
		if contentType == "" {
			contentType = "application/json"
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(body))
	})
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"items":[{"title":"x","facts":{"a":1.5,"b":[1,"c"]},"as_of":1772445599}],"buttons":[{"label":"x","url":"https://example.org"}]}`, `[{}]`, `"x"`, `{"version":"v2","content":{"messages":[{"type":"cards","elements":[{}]}]}}`, "plain"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, dialect := range []string{"native", "kannel"} {
			source := sourcetest.Open(t, hook.Kind, canned(t, body), values{"url": "https://example.org/", "secret": secret, "dialect": dialect})
			key, err := source.Key(pull.Query{Argument: "x"})
			if err != nil {
				t.Fatal(err)
			}
			s, err := source.Fetch(t.Context(), key, nil)
			if err != nil {
				continue
			}
			sourcetest.Inspect(t, s.Items)
			if found, err := source.Select(t.Context(), s, pull.Query{Count: 1}); err != nil || len(found.Buttons) > pull.MaxButtons {
				t.Errorf("%d buttons, %v", len(found.Buttons), err)
			}
		}
	})
}
