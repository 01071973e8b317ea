package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/sources"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
	sheet "keypull/sources/table"
)

// morning is when all is asked: before the hour that a day without a clock stands for, so that
// "today" may be one to wait for.
var morning = time.Date(2026, 5, 6, 5, 0, 0, 0, time.UTC)

// floor is where readers ask for prices, and a service that notes which symbols
// it is asked for.
type floor struct {
	t        *testing.T
	edition  *pull.Edition
	resolver *pull.Resolver
	language string
	id       uint64

	mu    sync.Mutex
	asked []string
}

// newFloor opens a keyword of a source that lists some symbols, or none.
func newFloor(t *testing.T, kind sources.Kind, settings map[string]any) *floor {
	t.Helper()
	f := &floor{t: t, language: "en"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.asked = append(f.asked, r.URL.Query().Get("s"))
		f.mu.Unlock()
		_, _ = io.WriteString(w, `{"price":10}`)
	}))
	t.Cleanup(server.Close)
	if kind.Name == "quote" {
		settings["url"] = server.URL + "/?s={symbol}"
	}
	source := sourcetest.Open(t, kind, sourcetest.Env(t, ""), settings)
	snapshot := &pull.Snapshot{}
	if kind.Name == "table" {
		s, err := source.Fetch(t.Context(), "table", nil)
		if err != nil {
			t.Fatal(err)
		}
		snapshot = &s
	}
	terms := what.NewVocabulary(source.(pull.Vocabulary).Terms(snapshot))
	k := catalogue.Keyword{ID: "quote", Source: "quotes", Argument: "optional", Bare: true, Count: 1, Phrases: map[string][]string{
		"en": {"quote", "price", "share price"}, "fr": {"cours"}, "de": {"Kurs"}, "es": {"cotización"}, "tr": {"fiyat"},
	}}
	p := catalogue.Publisher{ID: "p", Name: "Paper", Languages: []string{"en", "fr", "de", "es", "tr"}, TimeZone: "Europe/Paris", Keywords: []catalogue.Keyword{k}}
	var err error
	f.edition, err = pull.NewEdition(p, map[string]pull.Opened{"quotes": {Source: source}}, map[string]pull.Channel{"web": {}}, map[string]*what.Vocabulary{"quotes": terms}, nil)
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return morning }
	cache := pull.NewCache(nil, clock)
	t.Cleanup(cache.Close)
	f.resolver = &pull.Resolver{Cache: cache, Clock: clock}
	return f
}

// say returns what an ask came to, and the symbols that the service was asked for.
func (f *floor) say(text string) (pull.Resolved, []string) {
	f.t.Helper()
	f.id++
	f.mu.Lock()
	f.asked = nil
	f.mu.Unlock()
	a := pull.Ask{Incoming: pull.Incoming{Text: text, Language: f.language}, ID: f.id, Publisher: "p", Channel: "web", At: morning}
	o := f.resolver.Resolve(f.t.Context(), pull.Request{Edition: f.edition, Ask: a, Reader: who.Reader{First: time.Unix(1, 0)}})
	f.mu.Lock()
	defer f.mu.Unlock()
	return o, slices.Clone(f.asked)
}

// exchanges are how services tell places of trade apart, classes how shares of one
// company are.
var (
	exchanges = []string{".DE", ".PA", ".TA", ".L", ".TO", ".AS", ".IS", ".SO", ".IT", ".IN", ".ON", ".HK", ".KS"}
	classes   = []string{".A", "-B", "/B", "-A", ".B"}
)

// someSymbols are symbols such as stand in lists of exchanges: stems, the same with
// endings, words that otherwise only ask, and what stands for currencies and indices.
func someSymbols(random *rand.Rand, count int) []string {
	all := []string{
		"A", "ON", "SO", "DE", "IT", "NOW", "ALL", "BE", "ARE", "OR", "FOR", "THE", "CAN", "HAS", "ANY", "YOU", "DO", "LA", "LE", "ET", "UN", "AM",
		"DTE", "DTE.DE", "SAP", "SAP.DE", "BRK.B", "BRK-B", "BF.A", "BF.B", "005930.KS", "^GSPC", "EURUSD=X", "BTC-USD", "BTC", "RDSa.L", "BT", "BT.A", "TEVA", "TEVA.TA",
		"T", "T.TO", "U", "Y", "E", "SUN", "SUN.TO", "MON", "MAY", "WIPRO", "INFY", "TODAY", "PLEASE.L", "GIVE", "TELL", "SHOW", "WELL", "GOOD", "LOVE", "NEXT", "PLEASE", "STOP", "HELP", "AND", "NOT", "WITH", "WHAT", "IS", "OF", "FAST", "KEY", "HERE", "SEE", "LIKE", "JUST",
	}
	for len(all) < count {
		stem := make([]byte, 1+random.IntN(5))
		for i := range stem {
			stem[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[random.IntN(26)]
		}
		one := string(stem)
		switch random.IntN(4) {
		case 0:
			one += exchanges[random.IntN(len(exchanges))]
		case 1:
			one += classes[random.IntN(len(classes))]
		case 2:
			one = all[random.IntN(len(all))]
			if !strings.ContainsAny(one, ".-^=/") {
				one += exchanges[random.IntN(len(exchanges))]
			}
		}
		if !slices.ContainsFunc(all, func(other string) bool { return strings.EqualFold(one, other) }) {
			all = append(all, one)
		}
	}
	return all
}

// askedAs are ways to ask for a symbol.
var askedAs = []struct{ language, words string }{
	{"en", "quote %s"}, {"en", "%s quote"}, {"en", "price of %s please"}, {"en", "what is the price of %s?"}, {"en", "Quote for %s, thanks"},
	{"fr", "cours de %s svp"}, {"fr", "cours %s"}, {"de", "Kurs von %s bitte"}, {"de", "wie ist der Kurs von %s"}, {"es", "cotización de %s por favor"}, {"tr", "%s fiyat"},
	{"en", "what is %s"}, {"en", "%s"}, {"en", "QUOTE %s"}, {"en", "what is the quote for %s?"}, {"en", "the quote for %s, please"}, {"en", "can you give me the price of %s"},
	{"en", "%s tomorrow"}, {"fr", "%s demain"}, {"de", "%s in 3 Tagen"}, {"en", "send me %s tonight"}, {"en", "show me the price of %s today"}, {"en", "how much is %s now"}, {"de", "was kostet %s, wie ist der Kurs?"}, {"fr", "quel est le cours de %s aujourd'hui ?"},
}

// toldSymbols returns the symbols that a reply tells.
func toldSymbols(o pull.Resolved) (all []string) {
	if o.Reply != nil && o.Trace.Outcome == journal.Answered {
		for _, one := range o.Reply.Tells {
			all = append(all, one.ID)
		}
	}
	return all
}

// insisted are words that are taken for no symbol behind a phrase where none is listed.
var insisted = map[string]bool{"PLEASE": true, "STOP": true, "NOT": true}

// TestAnArgumentIsWhatTheReaderTyped asks for each of many symbols, in many ways: of
// a source that lists none, all, or every other one. Never is another symbol asked for
// or told; and one that is known is told where its phrase stands before it.
func TestAnArgumentIsWhatTheReaderTyped(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 1)) //nolint:gosec // the same symbols each time
	all := someSymbols(random, 60)
	half := slices.Clone(all)
	random.Shuffle(len(half), func(i, j int) { half[i], half[j] = half[j], half[i] })
	for name, listed := range map[string][]string{"none": nil, "all": all, "half": half[:len(half)/2]} {
		settings := map[string]any{"price": "price"}
		var rows []any
		for _, s := range listed {
			rows = append(rows, map[string]any{"symbol": s, "name": strings.ToLower(strings.Trim(s, "^")) + " Holdings Limited"})
		}
		if rows != nil {
			settings["symbols"] = rows
		}
		f := newFloor(t, quote.Kind, settings)
		for _, symbol := range all {
			for _, way := range askedAs {
				for _, typed := range []string{symbol, strings.ToLower(symbol)} {
					f.language = way.language
					text := fmt.Sprintf(way.words, typed)
					o, asked := f.say(text)
					if slices.ContainsFunc(append(asked, toldSymbols(o)...), func(s string) bool { return !strings.EqualFold(s, symbol) }) {
						t.Errorf("with %s listed %q asks for %q and tells %q", name, text, asked, toldSymbols(o))
					}
					if known := listed == nil && !insisted[symbol] || slices.Contains(listed, symbol); known && text == "quote "+symbol && len(toldSymbols(o)) == 0 {
						t.Errorf("with %s listed %q is not told: %s, %s", name, text, o.Trace.Outcome, o.Trace.Error)
					}
				}
			}
		}
	}
}

func TestARowIsAskedForByWhatWasTyped(t *testing.T) {
	rows := "line,status\nS1,delayed on all platforms\nON,every 5 min\nU2,detour\nA,in service\nDTE,open\nBRK-B,so so\n"
	f := newFloor(t, sheet.Kind, map[string]any{"rows": rows, "key": "line"})
	for _, tt := range []struct{ text, want string }{
		{"quote ON", "ON"}, {"quote on", "ON"}, {"ON quote", "ON"}, {"price of A please", "A"}, {"quote S1", "S1"}, {"quote s1 please", "S1"},
		{"quote DE", ""}, {"quote de", ""}, {"quote IT", ""}, {"quote DTE.DE", ""}, {"dte.de quote", ""}, {"quote BRK.B", ""}, {"quote brk-b", "BRK-B"},
		{"quote SO", ""}, {"quote U", ""}, {"quote S", ""}, {"quote S1.A", ""}, {"quote U2.ON", ""},
	} {
		o, _ := f.say(tt.text)
		if got := strings.Join(toldSymbols(o), " "); !strings.EqualFold(got, tt.want) {
			t.Errorf("%q tells %q, want %q (%s)", tt.text, got, tt.want, o.Trace.Outcome)
		}
	}
}

// TestASymbolIsNoOther holds what must not be taken for one another, both listed or
// one alone.
func TestASymbolIsNoOther(t *testing.T) {
	list := func(symbols ...string) map[string]any {
		var rows []any
		for _, s := range symbols {
			symbol, name, _ := strings.Cut(s, " ")
			rows = append(rows, map[string]any{"symbol": symbol, "name": name})
		}
		return map[string]any{"price": "price", "symbols": rows}
	}
	for _, tt := range []struct {
		symbols    []string
		text, want string
	}{
		{[]string{"DTE DTE Energy", "DTE.DE Deutsche Telekom"}, "quote DTE.DE", "DTE.DE"},
		{[]string{"DTE DTE Energy", "DTE.DE Deutsche Telekom"}, "quote DTE", "DTE"},
		{[]string{"DTE DTE Energy", "DTE.DE Deutsche Telekom"}, "deutsche telekom", "DTE.DE"},
		{[]string{"DTE DTE Energy"}, "quote DTE.DE", ""},
		{[]string{"SAP.DE SAP SE"}, "quote SAP", ""},
		{[]string{"SAP.DE SAP SE"}, "quote sap se", "SAP.DE"},
		{[]string{"GSPC A fund", "^GSPC The index"}, "price of ^GSPC please", "^GSPC"},
		{[]string{"GSPC A fund"}, "^GSPC", ""},
		{[]string{"BRK-B Berkshire"}, "quote BRK.B", ""},
		{[]string{"RDSa.L Shell A", "RDSA.L Another"}, "quote RDSa.L", "RDSa.L"},
		{[]string{"WIPRO Wipro Limited"}, "quote WIPRP", ""},
		{[]string{"WIPRO Wipro Limited"}, "wiprp quote", ""},
		{[]string{"WIPRO Wipro Limited"}, "quote wipro limitd", "WIPRO"},
		{[]string{"TATAMOTORS Tata Motors Limited"}, "quote tata motors", "TATAMOTORS"},
		{[]string{"NOW ServiceNow", "INFY Infosys"}, "quote INFY now", "INFY"},
		{[]string{"NOW ServiceNow", "INFY Infosys"}, "quote NOW please", "NOW"},
		{[]string{"INFY Infosys", "AND Andros"}, "quote INFY PLEASE", "INFY"},
		{[]string{"AAPL Apple Inc."}, "$AAPL", "AAPL"},
		{[]string{"A Agilent", "INFY Infosys"}, "A quote", "A"},
		{[]string{"A Agilent", "INFY Infosys"}, "quote A", "A"},
		{[]string{"A Agilent", "INFY Infosys"}, "quote a", "A"},
		{[]string{"A Agilent", "INFY Infosys"}, "A", "A"},
		{[]string{"A Agilent", "INFY Infosys"}, "A price, please", "A"},
		{[]string{"A Agilent", "INFY Infosys"}, "a quote", ""},
		{[]string{"A Agilent", "INFY Infosys"}, "I want a quote", ""},
		{[]string{"INFY Infosys"}, "A quote", ""},
		{[]string{"FOR Forestar", "PLEASE Please Corp"}, "what is the quote for PLEASE?", "PLEASE"},
		{[]string{"FOR Forestar", "PLEASE Please Corp"}, "quote PLEASE", "PLEASE"},
		{[]string{"FOR Forestar", "PLEASE Please Corp"}, "quote please", ""},
		{[]string{"FOR Forestar"}, "what is the quote for PLEASE?", ""},
		{[]string{"FOR Forestar"}, "what is the quote for now?", ""},
		{[]string{"FOR Forestar"}, "quote FOR", "FOR"},
		{[]string{"NOW ServiceNow", "INFY Infosys"}, "NOW and INFY", "NOW INFY"},
		{[]string{"QUOTE Quotient", "INFY Infosys"}, "QUOTE infy", "INFY"},
		{[]string{"WS Worthington"}, "show me W's price", ""},
		{[]string{"IS Issuer", "HUD Hudson"}, "HUD is not", ""},
		{[]string{"WHAT Whatnot", "IS Issuer"}, "what is not", ""},
		{[]string{"ON ON Semi"}, "what is price.on", ""},
		{[]string{"AAPL Apple Inc."}, "quote apple", "AAPL"},
	} {
		o, _ := newFloor(t, quote.Kind, list(tt.symbols...)).say(tt.text)
		if got := strings.Join(toldSymbols(o), " "); got != tt.want {
			t.Errorf("of %q %q tells %q, want %q", tt.symbols, tt.text, got, tt.want)
		}
	}
}
