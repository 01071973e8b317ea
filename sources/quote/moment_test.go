package quote_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources/quote"
	"keypull/sources/sourcetest"
)

func TestTheTimeOfAPriceInAllItsForms(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 59, 59, 0, time.UTC)
	for written, want := range map[string]time.Time{
		`"2026-03-02T09:59:59Z"`: at, `"2026-03-02T15:29:59+05:30"`: at, `1772445599`: at, `"1772445599"`: at, `1772445599000`: at, `1772445599.5`: at.Add(500 * time.Millisecond),
		`"2026-03-02 09:59:59"`: at, `1.772445599e9`: at, `1772445599000000`: at, `1772445599000000000`: at,
		`"2026-03-02T09:59:59+0000"`: at, `"2026-03-02 15:29:59+05:30"`: at, `"2026-03-02 15:29:59 +0530"`: at, `"Mon, 02 Mar 2026 09:59:59 GMT"`: at,
		`"2026-03-02 09:59:59 UTC"`: at, `"yesterday"`: {}, `null`: {}, `0`: {}, `"2026-03-02T12:00:30Z"`: fetched,
	} {
		source, _ := canned(t, values{"as_of": "t"}, 200, `{"price":1,"t":`+written+`}`)
		s, err := source.Fetch(t.Context(), "X", nil)
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		if !s.AsOf.Equal(want) || !s.Items[0].AsOf.Equal(want) || want.IsZero() != (len(s.Warnings) == 1) {
			t.Errorf("%s became %v with warnings %q; want %v", written, s.AsOf, s.Warnings, want)
		}
	}
}

func TestATimeWithoutAZoneIsThatOfTheSettings(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 59, 59, 0, time.UTC)
	for written, want := range map[string]time.Time{
		"2026-03-02 15:29:59": at, "2026-03-02T15:29:59": at, "2026-03-02T09:59:59Z": at, "2026-03-02 09:59:59 UTC": at,
		"Mon, 02 Mar 2026 09:59:59 GMT": at, "2026-03-02T10:59:59+01:00": at, "1772445599": at,
	} {
		source, _ := canned(t, values{"as_of": "t", "as_of_zone": "Asia/Kolkata"}, 200, fmt.Sprintf(`{"price":1,"t":%q}`, written))
		s, err := source.Fetch(t.Context(), "X", nil)
		if err != nil || !s.AsOf.Equal(want) {
			t.Errorf("%s became %v, %v; want %v", written, s.AsOf, err, want)
		}
	}
}

func TestAZoneByItsAbbreviationIsReadAsInAllSources(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 59, 59, 0, time.UTC)
	for written, want := range map[string]struct{ bare, asOf, publisher time.Time }{
		"Mon, 02 Mar 2026 18:59:59 JST": {at, at, at},
		"2026-03-02 12:59:59 MSK":       {at, at, at},
		"Mon, 02 Mar 2026 15:29:59 IST": {at, at, at},
		"2026-03-02 15:29:59 GMT+5:30":  {at, at, at},
		"2 Mar 2026 15:29:59 +05.30":    {at, at, at},
		"Mon, 02 Mar 2026 09:59:59 LMT": {},
		"2026-03-01 15:29:59 IST":       {time.Time{}, at.Add(-24 * time.Hour), at.Add(-24 * time.Hour)},
		"Mon, 2 Mar 2026 09:59:59":      {at, at.Add(-330 * time.Minute), at},
	} {
		for zones, want := range map[[2]string]time.Time{{"", ""}: want.bare, {"Asia/Kolkata", ""}: want.asOf, {"", "Asia/Kolkata"}: want.publisher} {
			env := sourcetest.Env(t, "")
			env.Zone = nil
			if zones[1] != "" {
				env.Zone = location(t, zones[1])
			}
			env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
				return outside.Response{Status: 200, URL: r.URL, Body: []byte(fmt.Sprintf(`{"price":1,"t":%q}`, written)), Fetched: fetched}, nil
			}})
			source := sourcetest.Open(t, quote.Kind, env, values{"url": "https://api.example/{symbol}", "as_of": "t", "as_of_zone": zones[0]})
			s, err := source.Fetch(t.Context(), "X", nil)
			if err != nil || !s.AsOf.Equal(want) {
				t.Errorf("%s in %q became %v, %v; want %v", written, zones, s.AsOf, err, want)
			}
		}
	}
}

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestATimeThatIsStillToComeIsNotTheTimeOfATrade(t *testing.T) {
	for ahead, want := range map[time.Duration]struct {
		asOf time.Time
		warn bool
	}{
		-time.Second:      {asOf: fetched.Add(-time.Second)},
		30 * time.Second:  {asOf: fetched},
		time.Hour:         {warn: true},
		330 * time.Minute: {warn: true},
		// This one is the cache's to hold back.
		72 * time.Hour: {asOf: fetched.Add(72 * time.Hour), warn: true},
	} {
		source, _ := canned(t, values{"as_of": "t"}, 200, fmt.Sprintf(`{"price":1,"t":%q}`, fetched.Add(ahead).Format(time.RFC3339)))
		s, err := source.Fetch(t.Context(), "X", nil)
		if err != nil {
			t.Fatal(err)
		}
		if !s.AsOf.Equal(want.asOf) || (len(s.Warnings) == 1) != want.warn || s.Items[0].Seen.IsZero() == want.warn {
			t.Errorf("%v ahead became %v, seen %v, with warnings %q", ahead, s.AsOf, s.Items[0].Seen, s.Warnings)
		}
	}
}

func TestAQuoteIsATimedFact(t *testing.T) {
	source, _ := canned(t, values{}, 200, "")
	if timed, ok := source.(pull.Timed); !ok || !timed.TimeOfFact() {
		t.Error("the time of a quote is not that of the fact")
	}
}

func TestADayWithoutATimeOfDayIsThatDayOfThePublisher(t *testing.T) {
	for _, c := range []struct{ publisher, zone, written, fetched, want string }{
		{"America/New_York", "", "2026-03-02", "2026-03-02T21:00:00Z", "2026-03-02T00:00:00-05:00"},
		{"Asia/Kolkata", "", "2026-03-02", "2026-03-02T21:00:00Z", "2026-03-02T00:00:00+05:30"},
		{"Europe/Paris", "Asia/Kolkata", "02.03.2026", "2026-03-02T12:00:00Z", "2026-03-02T00:00:00+01:00"},
		{"UTC", "", "20260301", "2026-03-02T12:00:00Z", "2026-03-01T00:00:00Z"},
		// It has begun in India, and not yet in New York.
		{"America/New_York", "Asia/Kolkata", "2026-03-02", "2026-03-01T20:00:00Z", "2026-03-01T00:00:00-05:00"},
	} {
		var err error
		env := sourcetest.Env(t, "testdata")
		if env.Zone, err = time.LoadLocation(c.publisher); err != nil {
			t.Fatal(err)
		}
		arrived, _ := time.Parse(time.RFC3339, c.fetched)
		want, _ := time.Parse(time.RFC3339, c.want)
		env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
			return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: fmt.Appendf(nil, `{"price":1,"t":%q}`, c.written), Fetched: arrived}, nil
		}})
		settings := values{"url": "https://api.example/{symbol}", "as_of": "t"}
		if c.zone != "" {
			settings["as_of_zone"] = c.zone
		}
		s, err := sourcetest.Open(t, quote.Kind, env, settings).Fetch(t.Context(), "X", nil)
		if err != nil || !s.AsOf.Equal(want) || len(s.Warnings) > 0 {
			t.Errorf("%s became %v with warnings %q, %v; want %v", c.written, s.AsOf, s.Warnings, err, want)
		}
	}
}

func TestAPriceOfAnUnknownTimeIsOfItsFirstFetch(t *testing.T) {
	first := pull.Snapshot{}
	for _, c := range []struct {
		price, asOf string
		at          time.Duration
		seen        time.Duration
		known       bool
	}{
		{"1", "2026-03-02 11:00:00 XYZ", 0, 0, false},
		{"1", "soon", time.Minute, 0, false},
		{"2", "soon", 2 * time.Minute, 2 * time.Minute, false},
		{"1", "2026-03-02 18:00:00", 3 * time.Minute, 3 * time.Minute, false},
		{"1", "2026-03-02 11:00:00", 4 * time.Minute, 0, true},
	} {
		env := sourcetest.Env(t, "testdata")
		env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
			return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: fmt.Appendf(nil, `{"price":%s,"t":%q}`, c.price, c.asOf), Fetched: fetched.Add(c.at)}, nil
		}})
		s, err := sourcetest.Open(t, quote.Kind, env, values{"url": "https://api.example/{symbol}", "as_of": "t"}).Fetch(t.Context(), "X", &first)
		if err != nil {
			t.Fatal(err)
		}
		first = s
		switch it := s.Items[0]; {
		case c.known && (!it.Seen.IsZero() || it.AsOf.IsZero()):
			t.Errorf("%s at %s is of %v, first seen %v", c.price, c.asOf, it.AsOf, it.Seen)
		case !c.known && !it.Seen.Equal(fetched.Add(c.seen)):
			t.Errorf("%s at %s was first seen %v, want %v later", c.price, c.asOf, it.Seen, c.seen)
		}
	}
}

func TestATimeWithoutSecondsIsKnownToTheMinute(t *testing.T) {
	for text, want := range map[string]bool{
		"2025-11-20 10:02": true, "2025-11-20T10:02+05:30": true, "Thu, 20 Nov 2025 10:02 GMT": true, "20.11.2025 10:02 CET": true,
		"2025-11-20 10:02:00": false, "2025-11-20T10:02:00+05:30": false, "Thu, 20 Nov 2025 10:02:00 GMT": false, "1763632920": false,
	} {
		source, _ := canned(t, values{"as_of": "t"}, http.StatusOK, fmt.Sprintf(`{"price": 1, "t": %q}`, text))
		s, err := source.Fetch(t.Context(), "WIPRO", nil)
		if err != nil {
			t.Fatal(err)
		}
		if it := s.Items[0]; it.AsOf.IsZero() || it.ToMinute != want {
			t.Errorf("%s: as of %v, to the minute %v", text, it.AsOf, it.ToMinute)
		}
	}
}
