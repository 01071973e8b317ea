package store_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"keypull/pull/who"
	"keypull/store"
)

func TestHowManyKeepAWordIsCountedOnceANightAndToldFromFiveOn(t *testing.T) {
	r := newErasureRig(t)
	keeps := func(key string, keywords ...string) {
		t.Helper()
		reader := who.Reader{Language: "en"}
		for n, k := range keywords {
			reader.Saved = append(reader.Saved, who.Saved{Keyword: k, Argument: fmt.Sprint(n), At: noon})
		}
		r.put(who.Key(key), reader)
	}
	for n := range 6 {
		keeps(fmt.Sprintf("p.r%d", n), "news", "news", "old-price")
	}
	for n := range 4 {
		keeps(fmt.Sprintf("p.s%d", n), "horoscope", "price")
	}
	for n := range 4 {
		keeps(fmt.Sprintf("q.r%d", n), "news")
	}
	stopped := who.Reader{State: who.Stopped, Since: noon, Saved: []who.Saved{{Keyword: "horoscope"}}}
	r.put("p.stopped", stopped)
	words := store.NewSavedWords(r.backend)
	now := func(_, keyword string) string {
		if keyword == "old-price" {
			return "price"
		}
		return keyword
	}
	count := func(at time.Time) map[string]int {
		t.Helper()
		c := words.Begin(now)
		_, err := r.erasure().Retire(t.Context(), store.Idle{There: func(string) bool { return true }, Stays: func(key who.Key, r who.Reader) {
			publisher, _, _ := strings.Cut(string(key), ".")
			c.Add(publisher, r)
		}})
		must(t, err)
		must(t, c.End(t.Context(), at))
		got, err := words.Of(t.Context(), "p")
		must(t, err)
		if len(got.Readers) > 0 && !got.At.Equal(at) {
			t.Errorf("counted at %s", got.At)
		}
		if q, err := words.Of(t.Context(), "q"); err != nil || len(q.Readers) > 0 {
			t.Errorf("of four readers: %+v, %v", q, err)
		}
		return got.Readers
	}
	if got, want := count(noon), map[string]int{"news": 6, "price": 10}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for n := range 6 {
		must(t, r.erasure().Erase(t.Context(), "p", who.Key(fmt.Sprintf("p.r%d", n))))
	}
	if got := count(noon.Add(24 * time.Hour)); len(got) > 0 {
		t.Errorf("of readers who are erased: %v", got)
	}
}
