package demo_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"keypull/cmd/keypull/demo"
	"keypull/pull"
	"keypull/pull/journal"
)

// service stands for a running keypull: it has answered one ask or none.
type service struct {
	asked bool
	crowd *fakeCrowd
}

func (s service) Name(keyword string) string { return keyword }

func (s service) After(ask uint64) []demo.Asked {
	trace := journal.Trace{
		Ask: 7, At: noon, Outcome: journal.Answered,
		What: journal.What{Keyword: "stock", Argument: "WIPRO", Tier: "vocabulary"},
	}
	missed := journal.Trace{Ask: 8, At: noon, Outcome: journal.Missed, What: journal.What{Unknown: "bitcoin"}}
	silent := journal.Trace{Ask: 9, At: noon, Outcome: journal.Silent}
	reply := pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "Wipro"}}}
	all := []demo.Asked{{Text: "WIPRO", Trace: trace, Reply: reply}, {Text: "bitcoin", Trace: missed, Reply: reply}, {Text: "hello?", Trace: silent, Reply: reply}}
	if !s.asked || ask >= 9 {
		return nil
	}
	if ask < 7 {
		ask = 6
	}
	return all[ask-6:]
}

func (service) SMS(r pull.Reply) (messages []string, segments int, encoding string) {
	return []string{r.Blocks[0].Text}, 1, "GSM-7"
}

func (service) Telegram(r pull.Reply) (html []string, wire string) {
	return []string{"<b>" + r.Blocks[0].Text + "</b>"}, `{"text":"Wipro"}`
}

func newDemo(t *testing.T, s service) (*demo.Demo, *demo.World) {
	t.Helper()
	w := newWorld(t, (&hand{at: noon}).now)
	return demo.NewDemo(demo.Parts{World: w, Traces: s, Previews: s, Crowd: s.crowd}), w
}

func post(h http.Handler, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func decode[T any](t *testing.T, r *httptest.ResponseRecorder) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(r.Body.Bytes(), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestThePageComesWithAStrictPolicyAndNothingInline(t *testing.T) {
	d, _ := newDemo(t, service{})
	for path, kind := range map[string]string{
		"/demo/": "text/html", "/demo/demo.js": "text/javascript", "/demo/story.js": "text/javascript", "/demo/demo.css": "text/css",
	} {
		answer := get(d, path)
		text := answer.Body.String()
		if answer.Code != http.StatusOK || !strings.HasPrefix(answer.Header().Get("Content-Type"), kind) || text == "" {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Header().Get("Content-Type"))
		}
		want := "default-src 'none'; script-src 'self'; style-src 'self'; " +
			"img-src 'self' http://127.0.0.1:* data:; connect-src 'self'; frame-src 'self'"
		if got := answer.Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: policy %q", path, got)
		}
		for _, inline := range []string{"<style", " style=", "<script>", " onclick=", "innerHTML"} {
			if strings.Contains(text, inline) {
				t.Errorf("%s contains %q", path, inline)
			}
		}
	}
}

// worldState is what the page reads of the world.
type worldState struct {
	Quotes    []demo.Quote  `json:"quotes"`
	Headlines []demo.Story  `json:"headlines"`
	Switches  []demo.Switch `json:"switches"`
	Visits    []demo.Visits `json:"visits"`
	Upstream  int           `json:"upstream"`
}

func TestStateShowsTheWorldAndCountsWhoAsked(t *testing.T) {
	d, w := newDemo(t, service{})
	tag := get(w, "/news/feed.xml").Header().Get("ETag")
	get(w, "/news/feed.xml", "If-None-Match", tag)
	get(w, "/recipes/scones", "Sec-Fetch-Site", "none")
	state := decode[worldState](t, get(d, "/demo/state"))
	if len(state.Quotes) != 5 || len(state.Headlines) != 4 || len(state.Switches) != 5 || state.Upstream != 2 {
		t.Errorf("got %+v", state)
	}
	want := []demo.Visits{{Path: "/news/feed.xml", Upstream: 2, Unchanged: 1}, {Path: "/recipes/…", Browser: 1}}
	if len(state.Visits) != 2 || state.Visits[0] != want[0] || state.Visits[1] != want[1] {
		t.Errorf("visits %+v, want %+v", state.Visits, want)
	}
}

func TestASwitchIsThrownAndPutBack(t *testing.T) {
	d, _ := newDemo(t, service{})
	on := func(r *httptest.ResponseRecorder) bool { return decode[worldState](t, r).Switches[0].On }
	if !on(post(d, "/demo/switch/exchange-down", "")) {
		t.Error("the exchange is not down")
	}
	if on(post(d, "/demo/switch/reset", "")) {
		t.Error("the exchange is still down")
	}
	if got := post(d, "/demo/switch/gravity", "").Code; got != http.StatusNotFound {
		t.Errorf("an unknown switch: got %d", got)
	}
}

func TestAnotherSiteCannotThrowASwitch(t *testing.T) {
	d, w := newDemo(t, service{})
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://example.org"},
	} {
		if got := post(d, "/demo/switch/exchange-down", "", headers...).Code; got != http.StatusForbidden {
			t.Errorf("%v: got %d, want 403", headers, got)
		}
	}
	if w.Switches()[0].On {
		t.Error("the exchange is down")
	}
	for _, headers := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://127.0.0.1:8080"}} {
		if got := post(d, "/demo/switch/headline", "", headers...).Code; got != http.StatusOK {
			t.Errorf("%v: got %d, want 200", headers, got)
		}
	}
}

// lastAsk is what the page reads of the last asks.
type lastAsk struct {
	Trace  *journal.Trace `json:"trace"`
	Parts  []demo.Part    `json:"parts"`
	Thread []struct {
		Ask          uint64
		Text, Missed string
		Stopped      bool
		SMS          struct {
			Messages []string
			Segments int
			Encoding string
		}
		Telegram struct {
			Messages []string
			Wire     string
		}
	} `json:"thread"`
}

func TestLastShowsTheAsksAndTheirPreviews(t *testing.T) {
	d, _ := newDemo(t, service{asked: true})
	got := decode[lastAsk](t, get(d, "/demo/last"))
	if got.Trace == nil || got.Trace.Ask != 9 || len(got.Parts) != 5 || len(got.Thread) != 3 {
		t.Fatalf("got %+v", got)
	}
	first, second, third := got.Thread[0], got.Thread[1], got.Thread[2]
	if first.Text != "WIPRO" || first.SMS.Segments != 1 || first.SMS.Messages[0] != "Wipro" || first.SMS.Encoding != "GSM-7" {
		t.Errorf("SMS %+v", first)
	}
	if first.Telegram.Messages[0] != "<b>Wipro</b>" || first.Telegram.Wire != `{"text":"Wipro"}` || first.Missed != "" {
		t.Errorf("Telegram %+v", first)
	}
	if second.Missed != "bitcoin" {
		t.Errorf("what nothing answers: %+v", second)
	}
	if !third.Stopped || len(third.SMS.Messages)+len(third.Telegram.Messages) > 0 || !strings.Contains(got.Parts[4].Text, "way back each time") {
		t.Errorf("after STOP a messenger is silent, and the page is told the way back: %+v, %q", third, got.Parts[4].Text)
	}
	if rest := decode[lastAsk](t, get(d, "/demo/last?after=8")).Thread; len(rest) != 1 || rest[0].Text != "hello?" {
		t.Errorf("behind the second: %+v", rest)
	}
	if got := get(d, "/demo/last?after=noon").Code; got != http.StatusBadRequest {
		t.Errorf("after noon: %d", got)
	}
}

func TestLastIsEmptyBeforeTheFirstAsk(t *testing.T) {
	d, _ := newDemo(t, service{})
	if got := decode[lastAsk](t, get(d, "/demo/last")); got.Trace != nil {
		t.Errorf("got %+v", got)
	}
}
