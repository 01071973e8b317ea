package hook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/who"
	"keypull/sources"
	"keypull/sources/hook"
	"keypull/sources/sourcetest"
)

// room is a publisher whose keywords ask one endpoint, at a time of its own.
type room struct {
	t       *testing.T
	source  pull.Source
	cache   *pull.Cache
	edition *pull.Edition
	mu      sync.Mutex
	now     time.Time
	asks    uint64
	readers map[string]who.Reader
}

func newRoom(t *testing.T, settings values, freshness catalogue.Freshness, keywords ...catalogue.Keyword) *room {
	t.Helper()
	r := &room{t: t, now: time.Now(), readers: map[string]who.Reader{}}
	env := sourcetest.Env(t, "")
	env.Clock = r.clock
	r.source = sourcetest.Open(t, hook.Kind, env, settings)
	r.cache = pull.NewCache(nil, r.clock)
	t.Cleanup(r.cache.Close)
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en", "de"}, TimeZone: "UTC"}
	for _, k := range keywords {
		k.Source = "hook"
		p.Keywords = append(p.Keywords, k)
	}
	opened := map[string]pull.Opened{"hook": {Source: r.source, Freshness: freshness}}
	var err error
	if r.edition, err = pull.NewEdition(p, opened, map[string]pull.Channel{"c": {}}, nil, nil); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *room) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *room) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// ask returns what a reader gets.
func (r *room) ask(reader, text string) *pull.Reply {
	r.t.Helper()
	r.asks++
	r.wait(time.Second)
	a := pull.Ask{ID: r.asks, Publisher: "p", Channel: "c", Reader: who.Key(reader), At: r.clock(), Incoming: pull.Incoming{Text: text, Address: reader, ID: fmt.Sprint(r.asks)}}
	o := (&pull.Resolver{Cache: r.cache, Clock: r.clock}).Resolve(r.t.Context(), pull.Request{Edition: r.edition, Ask: a, Reader: r.readers[reader]})
	r.readers[reader] = o.Reader
	if o.Reply == nil {
		r.t.Fatalf("%q gets no reply", text)
	}
	return o.Reply
}

func (r *room) told(reader, text string) string { return flat(r.ask(reader, text)) }

func flat(reply *pull.Reply) string {
	var all []string
	for _, b := range reply.Blocks {
		all = append(all, b.Text, b.URL)
		for _, f := range b.Facts {
			all = append(all, f.Label+": "+f.Value)
		}
	}
	return strings.Join(all, "\n")
}

// push hands a body over as the service does.
func (r *room) push(body string) pull.Pushed {
	r.t.Helper()
	p := pushOf(body)
	p.At = r.clock()
	sign(&p)
	p.Keywords = r.edition.AskedBy("hook", pull.MaxPushKeywords)
	id := func(key string) pull.SnapshotID { return pull.SnapshotID{Publisher: "p", Source: "hook", Key: key} }
	pushed, err := r.source.(pull.Receiver).Receive(r.t.Context(), p, func(key string) *pull.Snapshot { return r.cache.Last(r.t.Context(), id(key)) })
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.cache.Receive(r.t.Context(), pull.Want{ID: id(""), Source: r.source}, pushed); err != nil {
		r.t.Fatal(err)
	}
	return pushed
}

func weather(argument string) catalogue.Keyword {
	return catalogue.Keyword{ID: "weather", Argument: argument, Phrases: map[string][]string{"en": {"weather"}, "de": {"wetter"}}}
}

func news() catalogue.Keyword {
	return catalogue.Keyword{ID: "news", Phrases: map[string][]string{"en": {"news", "headlines"}}}
}

func serve(t *testing.T, answer func(r *http.Request, body []byte) string) string {
	t.Helper()
	return serveWith(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(answer(r, read(r)))) })
}

func serveWith(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

// canned returns an environment in which every request is answered with a text.
func canned(t *testing.T, body string) sources.Env {
	t.Helper()
	env := sourcetest.Env(t, "")
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Body: []byte(body), Fetched: time.Now()}, nil
	}})
	t.Cleanup(env.Client.Close)
	return env
}

func TestButtonsLeadWhereAReaderCouldGo(t *testing.T) {
	url := serve(t, func(*http.Request, []byte) string {
		return `{"text": "Sunny", "buttons": [
			{"label": "Map", "url": "https://example.org/map"},
			{"label": "What is new", "keyword": "news"},
			{"label": "Nice too", "keyword": "weather", "argument": "Nice"},
			{"label": "Gone", "keyword": "nothing"},
			{"label": "Forget", "send": "c:forget"}, {"label": "Trick", "send": "o:1:abc.news"},
			{"label": "Bad", "url": "javascript:alert(1)"},
			{"label": "Map", "url": "https://example.org/again"},
			{"label": "STOP", "send": "stop"}
		], "next": ["headlines", "tomorrow"]}`
	})
	r := newRoom(t, values{"url": url, "secret": secret}, catalogue.Freshness{}, weather("optional"), news())
	reply := r.ask("anna", "weather Lyon")
	sent := map[string]string{}
	for _, b := range reply.Buttons {
		sent[b.Label] = b.Send + b.URL
	}
	if len(sent) != 5 || sent["Map"] != "https://example.org/map" || sent["What is new"] != "k:news" || sent["headlines"] != "k:news" {
		t.Fatalf("the buttons send %q", sent)
	}
	for _, label := range []string{"Nice too", "tomorrow"} {
		if got := r.told("anna", sent[label]); !strings.Contains(got, "Sunny") {
			t.Errorf("a tap on %q, %q, gets %q", label, sent[label], got)
		}
	}
	if got := r.readers["anna"].Recent; len(got) == 0 || !slices.ContainsFunc(got, func(p who.Pull) bool { return p.Argument == "Nice" }) {
		t.Errorf("the tap asked for %+v", got)
	}
}

func TestOneReadersAnswerIsNobodyElses(t *testing.T) {
	var mu sync.Mutex
	asked := 0
	url := serve(t, func(_ *http.Request, body []byte) string {
		mu.Lock()
		defer mu.Unlock()
		asked++
		var ask struct{ Reader map[string]string }
		_ = json.Unmarshal(body, &ask)
		return fmt.Sprintf(`{"text": "Number %d for %s, who is %d facts"}`, asked, ask.Reader["address"], len(ask.Reader))
	})
	hour := time.Hour
	fresh := catalogue.Freshness{MaxAge: &hour, StaleIfError: &hour}
	r := newRoom(t, values{"url": url, "secret": secret, "reader": []any{"address"}}, fresh, weather("optional"))
	got := []string{r.told("+491", "weather"), r.told("+492", "weather"), r.told("+491", "weather")}
	for i, want := range []string{"Number 1 for +491, who is 1 facts", "Number 2 for +492, who is 1 facts", "Number 3 for +491, who is 1 facts"} {
		if !strings.Contains(got[i], want) {
			t.Errorf("ask %d gets %q; want %q", i+1, got[i], want)
		}
	}
	common := newRoom(t, values{"url": url, "secret": secret}, fresh, weather("optional"))
	if a, b := common.told("+491", "weather"), common.told("+492", "weather"); !strings.Contains(a, "Number 4 for , who is 0") || !strings.Contains(b, "Number 4") {
		t.Errorf("what holds nothing of a reader is told as %q and %q", a, b)
	}
}

func TestWhatIsPushedIsToldWithItsAge(t *testing.T) {
	minute, hour := time.Minute, time.Hour
	r := newRoom(t, values{"push_secret": pushSecret}, catalogue.Freshness{MaxAge: &minute, StaleIfError: &hour}, weather(""), news())
	if got := r.told("anna", "weather"); !strings.Contains(got, "right now") {
		t.Errorf("before anything is pushed %q is told", got)
	}
	r.wait(time.Hour)
	at := r.clock().UTC()
	r.push(fmt.Sprintf(`{"keyword": "weather", "items": [{"title": "Lyon 2 : 1 Nice", "facts": {"minute": 67}}], "as_of": %q, "sequence": 5}`, at.Add(-10*time.Second).Format(time.RFC3339)))
	got := r.told("anna", "wetter")
	if !strings.Contains(got, "Lyon 2 : 1 Nice") || !strings.Contains(got, "minute: 67") || !strings.Contains(got, "1") {
		t.Errorf("the next ask gets %q", got)
	}
	if got := r.told("anna", "news"); strings.Contains(got, "Lyon") {
		t.Errorf("what is pushed for one keyword is told by another: %q", got)
	}
	for _, old := range []string{`"sequence": 4`, `"sequence": 3, "as_of": "` + at.Format(time.RFC3339) + `"`} {
		if p := r.push(`{"items": [{"title": "Lyon 1 : 1 Nice"}], "keyword": "weather", ` + old + `}`); len(p.Snapshots) > 0 || !strings.Contains(string(p.Answer), "false") {
			t.Errorf("the older push %s is taken: %s", old, p.Answer)
		}
	}
	if got := r.told("anna", "weather"); !strings.Contains(got, "2 : 1") {
		t.Errorf("after older pushes %q is told", got)
	}
	r.push(`{"text": "Final whistle", "sequence": 6}`)
	if a, b := r.told("anna", "weather"), r.told("anna", "news"); !strings.Contains(a, "Final whistle") || !strings.Contains(b, "Final whistle") {
		t.Errorf("a push for all keywords is told as %q and %q", a, b)
	}
	r.wait(10 * time.Minute)
	if got := r.told("anna", "weather"); !strings.Contains(got, "Final whistle") || !strings.Contains(strings.ToLower(got), "not current") {
		t.Errorf("once pushes have stopped %q is told", got)
	}
	r.wait(2 * time.Hour)
	if got := r.told("anna", "weather"); strings.Contains(got, "Final whistle") {
		t.Errorf("hours after the last push %q is told", got)
	}
}

func TestAPushForManyKeywordsNamesOne(t *testing.T) {
	var many []catalogue.Keyword
	for n := range pull.MaxPushKeywords + 3 {
		many = append(many, catalogue.Keyword{ID: fmt.Sprintf("k%d", n), Phrases: map[string][]string{"en": {fmt.Sprintf("word%dx", n)}}})
	}
	r := newRoom(t, values{"push_secret": pushSecret}, catalogue.Freshness{}, many...)
	if p := r.push(`{"text": "x"}`); p.Status != http.StatusBadRequest {
		t.Errorf("a push for more keywords than it is told of gets %d", p.Status)
	}
	if p := r.push(`{"text": "It is said.", "keyword": "k34"}`); p.Status >= 400 || !strings.Contains(r.told("anna", "word34x"), "It is said.") {
		t.Errorf("a push that names one gets %d", p.Status)
	}
}

func TestAPushSaysWhatIsWrongByItsStatus(t *testing.T) {
	r := newRoom(t, values{"push_secret": pushSecret}, catalogue.Freshness{}, weather(""))
	many := newRoom(t, values{"push_secret": pushSecret}, catalogue.Freshness{}, weather("optional"))
	many.push(`{"argument": "WIPRO", "items": [{"title": "Wipro", "facts": {"price": 512.30}}]}`)
	for _, said := range []string{"weather WIPRO", "weather wipro", "weather Wipro"} {
		if got := many.told("anna", said); !strings.Contains(got, "price: 512.30") {
			t.Errorf("%q gets %q", said, got)
		}
	}
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"no JSON": {"{", 400}, "items of another form": {`{"items": "x"}`, 400},
		"a language without end":     {`{"text": "x", "language": "` + strings.Repeat("x", 600) + `"}`, 400},
		"nothing but a sign of life": {`{}`, 0}, "an empty list": {`{"items": []}`, 0},
	} {
		if p := r.push(c.body); p.Status != c.status {
			t.Errorf("%s gets %d, want %d", name, p.Status, c.status)
		}
	}
	if p := r.push(`{"withdraw": ["https://example.org/x"]}`); !slices.Equal(p.Withdrawn, []string{"https://example.org/x"}) {
		t.Errorf("a withdrawal is %+v", p)
	}
}
