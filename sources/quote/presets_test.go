package quote_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

// service is a file of testdata/services: a request of a service as its
// documentation has it, its answer in full, what that comes to, and the ways in
// which it says no.
type service struct {
	Argument string          `json:"argument"`
	Request  string          `json:"request"`
	Told     string          `json:"told"`
	AsOf     string          `json:"as_of"`
	Answer   json.RawMessage `json:"answer"`
	Refusals []struct {
		Status int             `json:"status"`
		Kind   pull.ErrorKind  `json:"kind"`
		Body   json.RawMessage `json:"body"`
	} `json:"refusals"`
}

// at returns a source of a preset whose service is here.
func at(t *testing.T, preset string, answer http.HandlerFunc) pull.Source {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return sourcetest.Open(t, quote.Kind, sourcetest.Env(t, ""), values{"preset": preset, "url": server.URL, "key": "k3y"})
}

// TestPresetsReadTheAnswersOfTheirServices asks a server in the shape of each
// service.
func TestPresetsReadTheAnswersOfTheirServices(t *testing.T) {
	for name, s := range sourcetest.Documented[service](t, "testdata/services/*.json") {
		t.Run(name, func(t *testing.T) {
			source := at(t, name, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.RequestURI() != s.Request {
					t.Errorf("asked for %s", r.URL.RequestURI())
				}
				_, _ = io.WriteString(w, sourcetest.Sent(s.Answer))
			})
			q := pull.Query{Argument: s.Argument, Language: "en", Count: 1, At: time.Now()}
			key, err := source.Key(q)
			if err != nil {
				t.Fatal(err)
			}
			got, err := source.Fetch(t.Context(), key, nil)
			if err != nil {
				t.Fatal(err)
			}
			found, err := source.Select(t.Context(), got, q)
			if err != nil || len(got.Warnings) > 0 {
				t.Fatal(err, got.Warnings)
			}
			told := map[string]bool{}
			for _, f := range found.Items[0].Facts {
				told[f.Name+" "+f.Text] = true
			}
			for _, f := range facts(s.Told) {
				if !told[f] {
					t.Errorf("%q is not told, but %v", f, told)
				}
			}
			if at := found.Items[0].AsOf; s.AsOf != "" && at.Format("2006-01-02") != s.AsOf || s.AsOf == "" && !at.IsZero() {
				t.Errorf("as of %v, want %q", at, s.AsOf)
			}
		})
	}
}

// TestPresetsKnowHowTheirServicesSayNo has each service say no in all its ways,
// of which many have the status of an answer.
func TestPresetsKnowHowTheirServicesSayNo(t *testing.T) {
	for name, s := range sourcetest.Documented[service](t, "testdata/services/*.json") {
		for i, no := range s.Refusals {
			t.Run(name+" "+strconv.Itoa(i), func(t *testing.T) {
				source := at(t, name, func(w http.ResponseWriter, _ *http.Request) {
					w.WriteHeader(no.Status)
					_, _ = io.WriteString(w, sourcetest.Sent(no.Body))
				})
				key, err := source.Key(pull.Query{Argument: s.Argument, Language: "en"})
				if err != nil {
					t.Fatal(err)
				}
				if _, err = source.Fetch(t.Context(), key, nil); pull.KindOf(err) != no.Kind {
					t.Errorf("%d with %s is %v; want %q", no.Status, sourcetest.Sent(no.Body), err, no.Kind)
				}
			})
		}
	}
}

func TestEachPresetHasAChoiceAndAService(t *testing.T) {
	files, err := filepath.Glob("presets/*.json")
	if err != nil {
		t.Fatal(err)
	}
	fields, err := settings.Fields(quote.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, name := range files {
		named = append(named, strings.TrimSuffix(filepath.Base(name), ".json"))
	}
	tested := slices.Sorted(maps.Keys(sourcetest.Documented[service](t, "testdata/services/*.json")))
	if i := slices.IndexFunc(fields, func(f settings.Field) bool { return f.Name == "preset" }); !slices.Equal(fields[i].Choices, append([]string{""}, named...)) || !slices.Equal(tested, named) {
		t.Errorf("there are files of %q, choices of %q, and services of %q", named, fields[i].Choices, tested)
	}
}

// facts parts "price 1 name Apple Inc." at the names of facts.
func facts(text string) []string {
	s, _ := quote.Kind.New().(interface{ Facts() []string })
	var all []string
	for word := range strings.FieldsSeq(text) {
		if slices.Contains(s.Facts(), word) {
			all = append(all, word)
			continue
		}
		all[len(all)-1] += " " + word
	}
	return all
}

func TestAKeyStaysWithItsService(t *testing.T) {
	if err := settings.Fill(quote.Kind.New(), values{"preset": "finnhub"}); err == nil || !strings.Contains(err.Error(), "key") {
		t.Errorf("without its key the service is taken: %v", err)
	}
	source, asked := canned(t, values{"preset": "finnhub", "url": "https://other.example", "key": "k3y/&"}, 500, "")
	_, err := source.Fetch(t.Context(), "AAPL", nil)
	if err == nil || strings.Contains(err.Error(), "k3y") {
		t.Errorf("the error is %v", err)
	}
	if !strings.HasSuffix(*asked, "token=k3y%2F%26") {
		t.Errorf("asked for %s", *asked)
	}
}

func TestAClickOnAValueFillsItsPath(t *testing.T) {
	for _, tt := range []struct{ name, format, body, value, path string }{
		{"an entry of a list by the symbol", "json", `{"data":[{"sym":"INFY","last":1},{"sym":"WIPRO","last":512.3},{"sym":"TCS","last":3}]}`, "512.3", "$['data'][?(@['sym'] == '{symbol}')]['last']"},
		{"a list within the entry", "json", `[{"code":"WIPRO","prices":[1,2.5]},{"code":"X","prices":[3]}]`, "2.5", "$[?(@['code'] == '{symbol}')]['prices'][1]"},
		{"a list that says no symbol", "json", `{"bars":[{"c":1},{"c":2.5}]}`, "2.5", "bars.1.c"},
		{"two entries with it", "json", `[{"s":"WIPRO","p":1},{"s":"WIPRO","p":2.5}]`, "2.5", "1.p"},
		{"a name of an object", "json", `{"WIPRO":{"usd":2.5},"INFY":{"usd":1}}`, "2.5", "{symbol}.usd"},
		{"names with points and blanks", "json", `{"Global Quote":{"05. price":"2.5"}}`, "2.5", "$['Global Quote']['05. price']"},
		{"names with quotes", "json", `{"it's":{"a\\b":2.5}}`, "2.5", `$['it\'s']['a\\b']`},
		{"a column", "csv", "Ticker;Last Price;Time\nINFY;1;x\nWIPRO;2.5;y\n", "2.5", "Last Price"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &quote.Settings{Format: tt.format}
			var path string
			for _, p := range s.Places(sources.Document{Body: []byte(tt.body), Argument: "WIPRO"}) {
				if p.Value == tt.value {
					path = p.Path
				}
			}
			if path != tt.path {
				t.Fatalf("the path is %q, want %q", path, tt.path)
			}
			source, _ := canned(t, values{"format": tt.format, "price": path}, 200, tt.body)
			got, err := source.Fetch(t.Context(), "WIPRO", nil)
			if err != nil {
				t.Fatal(err)
			}
			if price := got.Items[0].Facts.Text("price"); price != tt.value {
				t.Errorf("the path leads to %q", price)
			}
		})
	}
	// A symbol is data: it closes no quotes.
	source, _ := canned(t, values{"price": "$[?(@.s == '{symbol}')].p", "symbols": []any{values{"symbol": "a' || @.p > 0 || 'a", "name": "Odd"}}}, 200, `[{"s":"x","p":7}]`)
	if s, err := source.Fetch(t.Context(), "a' || @.p > 0 || 'a", nil); err == nil {
		t.Errorf("a symbol is read as a condition: %v", s.Items)
	}
}

func TestSymbolsComeFromAnAddressByPage(t *testing.T) {
	for name, list := range map[string]string{
		"a list":          `[{"symbol":"WIPRO","name":"Wipro Limited"},{"symbol":"INFY","description":"Infosys","aliases":["infy ltd"]}]`,
		"within":          `{"count":2,"data":[{"ticker":"WIPRO","name":"Wipro Limited"},{"ticker":"INFY","name":"Infosys"},{"ticker":"INFY","name":"Twice"}]}`,
		"names by symbol": `{"WIPRO":"Wipro Limited","INFY":"Infosys"}`,
		"a table":         "code;name\nWIPRO;Wipro Limited\nINFY;Infosys\n",
	} {
		t.Run(name, func(t *testing.T) {
			source, _ := canned(t, values{"symbols_url": "https://api.example/symbols"}, 200, list)
			p, ok := source.(pull.Paged)
			if !ok {
				t.Fatal("the symbols come at once")
			}
			page, err := p.TermsPage(t.Context(), "")
			if err != nil || len(page.Terms) != 2 || page.Next != "" || page.Requests != 1 {
				t.Fatalf("%v, %v", page, err)
			}
			if !slices.ContainsFunc(page.Terms, func(term what.Term) bool { return term.Value == "INFY" && term.Names[0] == "Infosys" }) {
				t.Errorf("the names are %v", page.Terms)
			}
			if key, err := source.Key(pull.Query{Argument: "infosys"}); key != "INFY" {
				t.Errorf("infosys is %q, %v", key, err)
			}
		})
	}
	source, _ := canned(t, values{"symbols_url": "https://api.example/symbols"}, 503, "")
	p, _ := source.(pull.Paged)
	if _, err := source.Key(pull.Query{Argument: "WIPRO"}); pull.KindOf(err) != pull.Gathering {
		t.Errorf("before the list has come a name is %v", err)
	}
	if _, err := p.TermsPage(t.Context(), ""); pull.KindOf(err) != pull.Unavailable {
		t.Errorf("an address that is away gives %v", err)
	}
	if key, err := source.Key(pull.Query{Argument: "WIPRO"}); key != "WIPRO" {
		t.Errorf("without a list WIPRO is %q, %v", key, err)
	}
	folder := t.TempDir()
	var rows strings.Builder
	rows.WriteString("symbol,name\n")
	for i := range 20_500 {
		rows.WriteString("S" + string(rune('A'+i%26)) + strings.Repeat("x", i%3) + "-" + strconv.Itoa(i) + ",Company number " + strconv.Itoa(i) + "\n")
	}
	path := filepath.Join(folder, "symbols.csv")
	if err := os.WriteFile(path, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	source, _ = canned(t, values{"symbols_file": path}, 200, "")
	p, ok := source.(pull.Paged)
	if !ok {
		t.Fatal("a long list comes at once")
	}
	first, err := p.TermsPage(t.Context(), "")
	if err != nil || len(first.Terms) != pull.MaxPageTerms || first.Next == "" || first.Requests != 0 {
		t.Errorf("the first page has %d terms, %v", len(first.Terms), err)
	}
	if key, err := source.Key(pull.Query{Argument: "20499 company"}); !strings.HasSuffix(key, "-20499") {
		t.Errorf("by its words it is %q, %v", key, err)
	}
}
