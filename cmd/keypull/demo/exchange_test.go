package demo_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/cmd/keypull/demo"
)

// noon is where the clocks of these tests start.
var noon = time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)

// hand is a clock that tests move.
type hand struct{ at time.Time }

func (h *hand) now() time.Time { return h.at }

func newWorld(t *testing.T, clock func() time.Time) *demo.World {
	t.Helper()
	w, err := demo.New(demo.Options{Clock: clock, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// get asks a handler for a path; headers are pairs of name and value.
func get(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:9"+path, http.NoBody)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func flip(t *testing.T, w *demo.World, name string) {
	t.Helper()
	if err := w.Flip(name); err != nil {
		t.Fatal(err)
	}
}

func TestNoPriceStandsStillFromOneSecondToTheNext(t *testing.T) {
	clock := &hand{at: noon}
	w := newWorld(t, clock.now)
	before := w.Quotes()
	if len(before) < 24 {
		t.Fatalf("the exchange lists %d companies, want 24 or more", len(before))
	}
	for second := range 500 {
		clock.at = clock.at.Add(time.Second)
		after := w.Quotes()
		for i, q := range after {
			if q.Price == before[i].Price {
				t.Errorf("second %d: %s stays at %s", second, q.Symbol, q.Price)
			}
		}
		before = after
	}
}

func TestPricesWithinTenSecondsAllDiffer(t *testing.T) {
	clock := &hand{at: noon}
	w := newWorld(t, clock.now)
	seen := map[string]int{}
	for second := range 600 {
		clock.at = noon.Add(time.Duration(second) * time.Second)
		for _, q := range w.Quotes() {
			key := q.Symbol + " " + q.Price.String()
			if last, ok := seen[key]; ok && second-last < 10 {
				t.Errorf("%s at second %d and at second %d", key, last, second)
			}
			seen[key] = second
		}
	}
}

func TestPricesStayNearTheLastClose(t *testing.T) {
	clock := &hand{at: noon}
	w := newWorld(t, clock.now)
	for minute := range 24 * 60 {
		clock.at = noon.Add(time.Duration(minute) * 61 * time.Second)
		for _, q := range w.Quotes() {
			if change, err := q.Change.Float64(); err != nil || change < -4 || change > 4 {
				t.Fatalf("%s moved %s percent: %v", q.Symbol, q.Change, err)
			}
		}
	}
}

func TestTheSameSeedAndMomentGiveTheSamePrices(t *testing.T) {
	clock := &hand{at: noon}
	a, b := newWorld(t, clock.now).Quotes(), newWorld(t, clock.now).Quotes()
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("got %v and %v", a[i], b[i])
		}
	}
}

func TestQuoteIsExactJSON(t *testing.T) {
	clock := &hand{at: noon.Add(123 * time.Millisecond)}
	w := newWorld(t, clock.now)
	for range 60 {
		clock.at = clock.at.Add(time.Second)
		answer := get(w, "/exchange/quote?symbol=wipro")
		if got := answer.Header().Get("Date"); got != clock.at.Format(http.TimeFormat) {
			t.Fatalf("Date %q is not the clock's", got)
		}
		var q struct {
			Symbol, Name, Currency, Time string
			Price                        json.RawMessage
			Change                       json.RawMessage `json:"change_percent"`
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if q.Symbol != "WIPRO" || q.Name != "Wipro" || q.Currency != "INR" {
			t.Fatalf("got %+v", q)
		}
		if _, decimals, ok := strings.Cut(string(q.Price), "."); !ok || len(decimals) != 2 {
			t.Errorf("price %s has not two decimals", q.Price)
		}
		if want := clock.at.Format("2006-01-02T15:04:05.000Z"); q.Time != want {
			t.Errorf("time %s, want %s", q.Time, want)
		}
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	w := newWorld(t, time.Now)
	for _, path := range []string{
		"/exchange/quote?symbol=NOSUCH", "/exchange/quote", "/nowhere",
		"/news/nothing", "/recipes/nothing", "/recipes/nothing.png", "/help/nothing",
	} {
		if got := get(w, path).Code; got != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, got)
		}
	}
}

func TestAPriceJumpLiftsAllAtOnceAndNeverFarEnoughToLookWrong(t *testing.T) {
	clock := &hand{at: noon}
	w := newWorld(t, clock.now)
	before := w.Quotes()
	flip(t, w, demo.PriceJump)
	for i, q := range w.Quotes() {
		if got, want := cents(t, q), cents(t, before[i])*112/100; got != want {
			t.Errorf("%s: %d after the jump, want %d", q.Symbol, got, want)
		}
	}
	for range 10 {
		flip(t, w, demo.PriceJump)
	}
	for i, q := range w.Quotes() {
		if cents(t, q) >= cents(t, before[i])*3/2 {
			t.Errorf("%s rose from %s to %s", q.Symbol, before[i].Price, q.Price)
		}
	}
	flip(t, w, demo.Reset)
	if got := w.Quotes()[0]; got != before[0] {
		t.Errorf("after a reset: %v, want %v", got, before[0])
	}
}

func cents(t *testing.T, q demo.Quote) int64 {
	t.Helper()
	n, err := json.Number(strings.ReplaceAll(q.Price.String(), ".", "")).Int64()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestASlowExchangeAnswersAfterTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Now)
		flip(t, w, demo.ExchangeSlow)
		start := time.Now()
		answer := get(w, "/exchange/quote?symbol=SAP")
		if took := time.Since(start); took != demo.SlowAnswer || answer.Code != http.StatusOK {
			t.Errorf("got %d after %v", answer.Code, took)
		}
		flip(t, w, demo.ExchangeSlow)
		start = time.Now()
		get(w, "/exchange/quote?symbol=SAP")
		if took := time.Since(start); took != 0 {
			t.Errorf("switched off again, it still takes %v", took)
		}
	})
}

func TestAClosedExchangeHangsUp(t *testing.T) {
	w, client := start(t)
	flip(t, w, demo.ExchangeDown)
	if answer, err := client.Get(w.URL() + "/exchange/quote?symbol=SAP"); err == nil {
		_ = answer.Body.Close()
		t.Errorf("got %d, want a closed connection", answer.StatusCode)
	}
	if got := get(w, "/exchange/quote?symbol=SAP").Code; got != http.StatusServiceUnavailable {
		t.Errorf("where the connection can't be closed: got %d, want 503", got)
	}
	flip(t, w, demo.Reset)
	if got := fetch(t, client, w.URL()+"/exchange/quote?symbol=SAP"); !strings.Contains(got, `"SAP"`) {
		t.Errorf("after a reset: %s", got)
	}
}
