package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"keypull/pull"
)

// Quote is the price of one company at one moment.
type Quote struct {
	Symbol string `json:"symbol"`
	Name   string `json:"name"`
	// Price and Change have exactly two decimals; Change is in percent since
	// the last close.
	Price    json.Number `json:"price"`
	Change   json.Number `json:"change_percent"`
	Currency string      `json:"currency"`
	// Time is RFC 3339 in UTC with milliseconds.
	Time string `json:"time"`
}

// exchange knows every price at every second: a price is a function of seed,
// company and second, so that nothing needs to be kept or moved on.
type exchange struct {
	seed     uint64
	listings []listing
}

// listing is a company with what makes its prices differ from second to second.
type listing struct {
	company
	key uint64
	// last holds 0 … len-1 in an order of its own. Adding last[second mod len]
	// to a multiple of len makes any len seconds in a row differ in price.
	last []int64
}

func newExchange(seed uint64) *exchange {
	e := &exchange{seed: seed}
	for i, c := range companies {
		key := mix(seed ^ uint64(i+1)*0x9e3779b97f4a7c15)
		e.listings = append(e.listings, listing{company: c, key: key, last: shuffled(key, c.tick())})
	}
	return e
}

func shuffled(key uint64, n int64) []int64 {
	random := rand.New(rand.NewPCG(key, key)) //nolint:gosec // a demo's prices need no secrecy
	order := make([]int64, n)
	for i, p := range random.Perm(int(n)) {
		order[i] = int64(p)
	}
	return order
}

// tick returns the span within which the last digits move: a thousandth of the
// price, from 10 to 120 hundredths.
func (c company) tick() int64 { return min(max(c.close/1000, 10), 120) }

// findListing returns the listing of a symbol in any case.
func (e *exchange) findListing(symbol string) (listing, bool) {
	for _, l := range e.listings {
		if strings.EqualFold(l.symbol, symbol) {
			return l, true
		}
	}
	return listing{}, false
}

// quote prices a listing at a moment.
func (l listing) quote(at time.Time, jumps int) Quote {
	price := l.price(at.Unix())
	for range jumps {
		price = price * 112 / 100
	}
	return Quote{
		Symbol:   l.symbol,
		Name:     l.name,
		Price:    hundredths(price),
		Change:   hundredths((price - l.close) * 10_000 / l.close),
		Currency: l.currency,
		Time:     at.UTC().Format("2006-01-02T15:04:05.000Z07:00"),
	}
}

// price returns hundredths of the currency: the close, moved by waves of a
// quarter of a minute, five minutes and an hour, in whole ticks, and then the
// digits that are the second's own.
func (l listing) price(second int64) int64 {
	permille := l.wave(second, 17)*1 + l.wave(second, 311)*4 + l.wave(second, 3607)*12
	level := l.close + l.close*permille/1_000_000
	tick := int64(len(l.last))
	return level/tick*tick + l.last[floorMod(second, tick)]
}

// wave runs from one random height to the next in the time of a period; heights
// are from -1000 to 1000.
func (l listing) wave(second, period int64) int64 {
	left := floorMod(second, period)
	n := (second - left) / period
	a, b := l.height(n, period), l.height(n+1, period)
	return a + (b-a)*left/period
}

func (l listing) height(n, period int64) int64 {
	h := mix(l.key ^ mix(uint64(n)<<16^uint64(period))) //nolint:gosec // any bits will do
	return int64(h%2001) - 1000
}

// mix scatters the bits of x (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func floorMod(a, b int64) int64 { return ((a % b) + b) % b }

// hundredths writes n/100 with exactly two decimals.
func hundredths(n int64) json.Number {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return json.Number(fmt.Sprintf("%s%d.%02d", sign, n/100, n%100))
}

// Quotes returns the prices of this moment, in the order of the list.
func (w *World) Quotes() []Quote {
	now, jumps := w.clock(), w.currentSwitches().jumps
	quotes := make([]Quote, 0, len(w.exchange.listings))
	for _, l := range w.exchange.listings {
		quotes = append(quotes, l.quote(now, jumps))
	}
	return quotes
}

// serveQuote answers /exchange/quote?symbol=WIPRO.
func (w *World) serveQuote(rw http.ResponseWriter, r *http.Request) {
	s := w.currentSwitches()
	if s.down {
		hangUp(rw)
		return
	}
	if s.slow {
		pull.Sleep(r.Context(), SlowAnswer)
	}
	symbol := r.URL.Query().Get("symbol")
	l, ok := w.exchange.findListing(symbol)
	if !ok {
		http.Error(rw, "The exchange lists no company by that symbol.", http.StatusNotFound)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(l.quote(w.clock(), s.jumps))
}

// hangUp closes the connection without a word; where that can't be done, it
// answers 503.
func hangUp(rw http.ResponseWriter) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		http.Error(rw, "The exchange is closed.", http.StatusServiceUnavailable)
		return
	}
	_ = conn.Close()
}
