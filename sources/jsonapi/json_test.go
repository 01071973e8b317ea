package jsonapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources/jsonapi"
	"keypull/sources/sourcetest"
)

type values = map[string]any

var fetched = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const list = `{"data":{"articles":[
 {"id":1,"headline":"Bridge closed","slug":"bridge","text":"The bridge is <b>closed</b>.","when":"2026-05-03T10:00:00Z","pic":"/b.jpg"},
 {"id":2,"headline":"Tram runs again","slug":"tram","text":"Line 4 runs.","when":"2026-05-02T10:00:00Z","pic":null}]}}`

var mapped = values{"id": "id", "title": "headline", "summary": "text", "link": "/news/{slug}", "published": "when", "image": "pic"}

func TestJSON(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Kind: jsonapi.Kind,
		Settings: func(upstream string) values {
			return values{"url": upstream + "/articles?key={key}", "items": "data.articles", "fields": mapped, "shape": "article", "key": "hush-hush-hush"}
		},
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, list) }),
		Query:    pull.Query{Count: 1, Argument: "bridge"}, Other: "tram",
		Bad: []sourcetest.Bad{
			{Name: "no address", Settings: values{}, Field: "url"},
			{Name: "a place in the host", Settings: values{"url": "https://{argument}.example.org/"}, Field: "url"},
			{Name: "a place that is none", Settings: values{"url": "https://example.org/?q={query}"}, Field: "url"},
			{Name: "an unknown shape", Settings: values{"url": "https://example.org/", "shape": "poem"}, Field: "shape"},
			{Name: "an unknown preset", Settings: values{"url": "https://example.org/", "preset": "x"}, Field: "preset"},
			{Name: "a path that is none", Settings: values{"url": "https://example.org/", "items": "$.[["}, Field: "items"},
			{Name: "a path that looks again and again", Settings: values{"url": "https://example.org/", "items": "$..a..b..c"}, Field: "items"},
			{Name: "a path of unions", Settings: values{"url": "https://example.org/", "items": "$[0,0,0][0,0,0][0,0,0]"}, Field: "items"},
			{Name: "a path that asks the root for each", Settings: values{"url": "https://example.org/", "items": "$.a[?(@.b == $..c)]"}, Field: "items"},
			{Name: "a field that is none", Settings: values{"url": "https://example.org/", "fields": values{"title": "$.[["}}, Field: "fields"},
			{Name: "GET with a body", Settings: values{"url": "https://example.org/", "method": "GET", "body": "{}"}, Field: "body"},
			{Name: "a header of two lines", Settings: values{"url": "https://example.org/", "headers": values{"X-A": "a\r\nX-B: b"}}, Field: "headers"},
			{Name: "tokens from nowhere", Settings: values{"url": "https://example.org/", "oauth": values{"client_id": "a", "client_secret": "b"}}, Field: "oauth.token_url"},
			{Name: "tokens for nobody", Settings: values{"url": "https://example.org/", "oauth": values{"token_url": "https://example.org/t"}}, Field: "oauth.client_id"},
			{Name: "a key that goes nowhere", Settings: values{"url": "https://example.org/", "key": "k"}, Field: "key"},
		},
		Hostile: map[string]string{
			"markup":              `{"data":{"articles":[{"id":"<script>","headline":"<script>alert(1)</script>x","text":"&lt;script&gt;","slug":"\"><script>","pic":"javascript:alert(1)"}]}}`,
			"many members":        `{"data":{"articles":[` + strings.TrimSuffix(strings.Repeat(`{"headline":"a"},`, 30_000), ",") + `]}}`,
			"two documents":       list + list,
			"values of no kind":   `{"data":{"articles":[null,1,"x",[[]],{"headline":{"a":{"b":[]}}},{"headline":true}]}}`,
			"numbers out of size": `{"data":{"articles":[{"headline":1e999999,"id":123456789012345678901234567890}]}}`,
			"controls":            `{"data":{"articles":[{"headline":"a\u0000b\u202ec\u2066","id":"\u0007"}]}}`,
			"ids that are alike":  `{"data":{"articles":[{"headline":"a","id":1},{"headline":"b","id":1}]}}`,
		},
		Dated: func(at ...time.Time) string {
			var all []string
			for _, when := range at {
				all = append(all, fmt.Sprintf(`{"id":%d,"headline":"bridge of %[1]d","when":%q}`, when.Unix(), when.In(time.FixedZone("", 19800)).Format(time.RFC3339)))
			}
			return `{"data":{"articles":[` + strings.Join(all, ",") + `]}}`
		},
		Zoneless:   `{"data":{"articles":[{"id":1,"headline":"bridge","when":"2026-03-02 09:59:59 XYZ"}]}}`,
		Ahead:      `{"data":{"articles":[{"id":1,"headline":"bridge opens","when":"2126-03-02T09:59:59Z"},{"id":2,"headline":"bridge closes","when":"2026-03-02T09:59:59Z"}]}}`,
		Twins:      `{"data":{"articles":[{"id":1,"headline":"bridge a"},{"id":1,"headline":"bridge b"}]}}`,
		Discovered: discovered(),
	})
}

func TestJSONOfAProductAndForAReader(t *testing.T) {
	shop := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `[{"name":"Red boot","sku":"R","price":"10.00","stock":3,"city":%q},{"name":"Blue boot","sku":"B","price":12.5,"stock":0}]`, r.URL.Query().Get("city"))
	})
	sourcetest.Run(t, sourcetest.Case{
		Lacks: sourcetest.Because("as in the case of articles", sourcetest.Hostile, sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
		Kind:  jsonapi.Kind,
		Settings: func(upstream string) values {
			return values{"url": upstream + "/p?city={reader.city}", "shape": "product"}
		},
		Upstream: shop, Query: pull.Query{Count: 1, Argument: "red boot"}, Other: "blue boot", Several: "boot", Discovered: discovered()[:1],
	})
}

// call is a request as upstream got it.
type call struct {
	method, uri, body string
	header            http.Header
}

// upstream answers by a function, and notes what it is asked.
func upstream(t testing.TB, answer func(call) (int, string)) (address string, calls *[]call) {
	t.Helper()
	calls = new([]call)
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		c := call{r.Method, r.URL.RequestURI(), string(b), r.Header}
		mu.Lock()
		*calls = append(*calls, c)
		mu.Unlock()
		status, text := answer(c)
		if link, rest, ok := strings.Cut(text, "\n--\n"); ok {
			w.Header().Set("Link", link)
			text = rest
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server.URL, calls
}

func always(text string) func(call) (int, string) {
	return func(call) (int, string) { return 200, text }
}

func opened(t testing.TB, settings values) pull.Source {
	t.Helper()
	return sourcetest.Open(t, jsonapi.Kind, sourcetest.Env(t, ""), settings)
}

// ask walks the three steps.
func ask(t testing.TB, source pull.Source, q pull.Query) (pull.Snapshot, pull.Selection, error) {
	t.Helper()
	q.Count, q.At = max(q.Count, 1), fetched
	key, err := source.Key(q)
	if err != nil {
		return pull.Snapshot{}, pull.Selection{}, err
	}
	s, err := source.Fetch(t.Context(), key, nil)
	if err != nil {
		return s, pull.Selection{}, err
	}
	found, err := source.Select(t.Context(), s, q)
	return s, found, err
}

func TestWhatReadersWriteIsEscapedByWhereItStands(t *testing.T) {
	address, calls := upstream(t, always(`[{"title":"x"}]`))
	const hostile = `a/../b?c=d&e#f "'\ ü {next} %2e`
	source := opened(t, values{
		"url": address + "/in/{argument}/x.json?q={argument}&f=title:~'{argument}'&l={language}", "headers": values{"X-Q": "<{argument}>"},
		"body": `{"q":"{argument}","w":{argument},"gql":"{ s(q: \"{argument}\") }","n":"{next}"}`,
	})
	if _, _, err := ask(t, source, pull.Query{Argument: hostile, Language: "de"}); err != nil {
		t.Fatal(err)
	}
	got := (*calls)[0]
	if want := "/in/a%2F..%2Fb%3Fc=d&e%23f%20%22%27%5C%20%C3%BC%20%7Bnext%7D%20%252e/x.json?q=a%2F..%2Fb%3Fc%3Dd%26e%23f+%22%27%5C+%C3%BC+%7Bnext%7D+%252e&f=title:~'a%2F..%2Fb%3Fc%3Dd%26e%23f+%C3%BC+%7Bnext%7D+%252e'&l=de"; got.uri != want {
		t.Errorf("asked for\n%s\nwant\n%s", got.uri, want)
	}
	if got.method != http.MethodPost || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("it was a %s of %s", got.method, got.header.Get("Content-Type"))
	}
	var body struct{ Q, W, GQL, N string }
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || body.Q != hostile || body.W != hostile || body.N != "" {
		t.Errorf("the body is %s, %v", got.body, err)
	}
	if strings.Count(body.GQL, `"`) != 2 || strings.Contains(body.GQL, `\`) {
		t.Errorf("the query within is %s", body.GQL)
	}
	if h := got.header.Get("X-Q"); h != "<"+hostile+">" {
		t.Errorf("the header is %q", h)
	}
}

func TestAnArgumentThatLeadsElsewhereIsRefused(t *testing.T) {
	address, calls := upstream(t, always(`[]`))
	source := opened(t, values{"url": address + "/in/{argument}"})
	for _, argument := range []string{"..", ".", "", strings.Repeat("ü", 150)} {
		if _, _, err := ask(t, source, pull.Query{Argument: argument}); pull.KindOf(err) != pull.Invalid {
			t.Errorf("%.10q gives %v", argument, err)
		}
	}
	header := opened(t, values{"url": address, "headers": values{"X-Q": "{argument}"}})
	if _, _, err := ask(t, header, pull.Query{Argument: "a\r\nX-Evil: 1"}); err != nil {
		t.Fatal(err)
	}
	if got := (*calls)[0].header; got.Get("X-Evil") != "" || got.Get("X-Q") != "a X-Evil: 1" {
		t.Errorf("the headers are %v", got)
	}
}

func TestAParameterOfAnEmptyPlaceIsLeftOut(t *testing.T) {
	address, calls := upstream(t, always(`[{"title":"x"}]`))
	source := opened(t, values{"url": address + "/?a=1&q={argument}&city={reader.city}"})
	for _, q := range []pull.Query{{}, {Argument: "x y"}, {Reader: map[string]string{"city": "Köln", "other": "secret"}}} {
		if _, _, err := ask(t, source, q); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, c := range *calls {
		got = append(got, c.uri)
	}
	if want := []string{"/?a=1", "/?a=1&q=x+y", "/?a=1&city=K%C3%B6ln"}; !slices.Equal(got, want) {
		t.Errorf("asked for %q", got)
	}
	if wants := source.(pull.Personal).Wants(); !slices.Equal(wants, []string{"city"}) {
		t.Errorf("it wants %q", wants)
	}
	key, err := source.Key(pull.Query{Reader: map[string]string{"city": "Köln"}})
	if err != nil || !strings.HasPrefix(key, pull.PrivateKey("")) {
		t.Errorf("the key is %q, %v", key, err)
	}
}

func TestPathsFindWhatTheyName(t *testing.T) {
	const text = `{"total":12345678901234567890,"m":{"cur":"EUR"},"a":[{"n":"one","p":1.50,"t":["x","y"],"o":{"k v":1}},{"n":"two","p":20,"ok":true},{"n":"three","p":0.10000000000000000001}]}`
	for name, c := range map[string]struct {
		items  string
		fields values
		want   string
	}{
		"names":                {"a", values{"title": "n", "p": "p"}, "one 1.50|two 20|three 0.10000000000000000001"},
		"all of a list":        {"$.a[*]", values{"title": "$.n", "p": "$.p"}, "one 1.50|two 20|three 0.10000000000000000001"},
		"numbers are compared": {"$.a[?(@.p > 1)]", values{"title": "n", "p": "p"}, "one 1.50|two 20"},
		"whether it is":        {"$.a[?(@.ok == true)]", values{"title": "@.n", "p": "@.p"}, "two 20"},
		"the last":             {"$.a[-1:]", values{"title": "n", "p": "p"}, "three 0.10000000000000000001"},
		"of the document":      {"a", values{"title": "n", "p": "$.m.cur"}, "one EUR|two EUR|three EUR"},
		"an exact number":      {"a.0", values{"title": "n", "p": "$.total"}, "one 12345678901234567890"},
		"brackets":             {"a.0", values{"title": "n", "p": "$['o']['k v']"}, "one 1"},
		"several":              {"a.0", values{"title": "n", "p": "$.t[*]"}, "one [x y]"},
		"a text":               {"a.0", values{"title": "{n}: {p}", "p": "{p} {missing}"}, "one: 1.50 -"},
		"cents":                {"a.1", values{"title": "n", "p": "p | shift $.p"}, "two 20"},
		"everywhere":           {"$..n", values{"title": "$", "p": "$.m.cur"}, "one EUR|two EUR|three EUR"},
	} {
		address, _ := upstream(t, always(text))
		s, _, err := ask(t, opened(t, values{"url": address, "items": c.items, "fields": c.fields}), pull.Query{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, it := range s.Items {
			f, ok := it.Facts.Find("p")
			text := f.Text
			if !ok {
				text = "-"
			} else if len(f.List) > 0 {
				text = fmt.Sprint(f.List)
			}
			got = append(got, it.Title+" "+text)
		}
		if got := strings.Join(got, "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatIsNotThereIsTold(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":[]}`: "", `{"a":null}`: "", `{"b":[]}`: "at a there is nothing", `{"errors":[{"message":"no such key"}]}`: "the service says: “no such key”",
		`{"a":[{"x":1}]}`: "", `oops`: "no JSON", ``: "empty", `{"a":[{}]}`: "neither a title nor a link", strings.Repeat("[", 70): "too many values",
	} {
		address, _ := upstream(t, always(text))
		_, _, err := ask(t, opened(t, values{"url": address, "items": "a"}), pull.Query{})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.40s gives %v; want %q", text, err, want)
		}
	}
}

func TestNoSecretGoesToAnotherHost(t *testing.T) {
	var stolen []call
	thief, calls := upstream(t, always(`[{"title":"x"}]`))
	address, _ := upstream(t, always(""))
	_ = address
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(thief, "127.0.0.1", "localhost", 1)+"/", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	source := opened(t, values{"url": server.URL, "headers": values{"X-Api-Key": "hush"}, "bearer": "hush"})
	_, _, _ = ask(t, source, pull.Query{})
	stolen = *calls
	for _, c := range stolen {
		if strings.Contains(fmt.Sprint(c), "hush") {
			t.Errorf("another host was told %v", c)
		}
	}
}

func TestThePrivateNetworkIsNotAsked(t *testing.T) {
	env := sourcetest.Env(t, "")
	env.Client = outside.New(outside.Options{})
	t.Cleanup(env.Client.Close)
	address, calls := upstream(t, always(`[]`))
	for _, settings := range []values{{"url": address}, {"url": "https://example.org/", "oauth": values{"token_url": address, "refresh_token": "r"}}} {
		source := sourcetest.Open(t, jsonapi.Kind, env, settings)
		if _, _, err := ask(t, source, pull.Query{}); err == nil || len(*calls) > 0 {
			t.Errorf("%v: %v, %d requests", settings, err, len(*calls))
		}
	}
}

func TestAnAnswerAboutAnotherThingIsAnError(t *testing.T) {
	for _, tt := range []struct {
		about, argument, answer string
		told                    bool
	}{
		{"", "IBM", `{"title":"Microsoft","symbol":"MSFT","price":10}`, false},
		{"", "MSFT", `{"title":"Microsoft","symbol":"MSFT","price":10}`, true},
		{"", "IBM", `[{"title":"Microsoft","symbol":"MSFT"},{"title":"IBM","symbol":"IBM"}]`, true},
		{"", "48.10,11.50", `{"title":"Rain"}`, true},
		{"place", "Paris", `{"title":"Rain","place":"Lyon"}`, false},
		{"place", "lyon", `{"title":"Rain","place":"Lyon"}`, true},
	} {
		address, _ := upstream(t, always(tt.answer))
		source := opened(t, values{"url": address + "/?q={argument}", "about": tt.about})
		key, err := source.Key(pull.Query{Argument: tt.argument, Language: "en", Count: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = source.Fetch(t.Context(), key, nil); (err == nil) != tt.told || err != nil && pull.KindOf(err) != pull.Unusable {
			t.Errorf("%q answered with %s: %v", tt.argument, tt.answer, err)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(list), "data.articles", "headline")
	f.Add([]byte(`[{"a":[1,2,{"b":1e5}]}]`), "$..a", "{b} | shift c")
	f.Add([]byte(`{"a":{"b":{}}}`), "$.a[?(@.b > 1 && @.c)]", "$['x'][-1:]")
	f.Fuzz(func(t *testing.T, text []byte, items, field string) {
		s := &jsonapi.Settings{URL: "https://x.example/", Items: items, Fields: map[string]string{"title": field, "p": field}, Pages: 1, Next: items}
		if len(s.Check()) > 0 {
			return
		}
		env := sourcetest.Env(t, "")
		env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
			return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: text, Fetched: fetched}, nil
		}})
		source, err := s.Open(env)
		if err != nil {
			return
		}
		snapshot, err := source.Fetch(context.Background(), "-", nil)
		if err != nil {
			var e *pull.Error
			if !errors.As(err, &e) || e.Hint.IsZero() || strings.Contains(err.Error(), "panic") {
				t.Errorf("the error is %v", err)
			}
			return
		}
		sourcetest.Inspect(t, snapshot.Items)
	})
}
