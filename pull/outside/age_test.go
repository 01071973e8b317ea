package outside_test

import (
	"net/http"
	"testing"
	"time"

	"keypull/pull/outside"
)

// answered sends headers to a client whose clock stands at now.
func answered(t *testing.T, now time.Time, header map[string]string) outside.Response {
	t.Helper()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		for name, value := range header {
			w.Header().Set(name, value)
		}
	})
	res, err := local(t, outside.Options{Clock: func() time.Time { return now }}).Do(t.Context(), outside.Request{URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestFetchedIsWhenTheResponseLeftItsOrigin(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 500e6, time.UTC)
	date := func(ago time.Duration) string { return now.Add(-ago).UTC().Format(http.TimeFormat) }
	cases := map[string]struct {
		header map[string]string
		ago    time.Duration
	}{
		"without words of time it is now":               {nil, 0},
		"a Date of this very second is now":             {map[string]string{"Date": date(500 * time.Millisecond)}, 0},
		"an old Date counts":                            {map[string]string{"Date": date(40*time.Second + 500*time.Millisecond)}, 40*time.Second + 500*time.Millisecond},
		"an Age counts":                                 {map[string]string{"Date": date(0), "Age": "30"}, 30 * time.Second},
		"Date and Age of a cache are not counted twice": {map[string]string{"Date": date(30*time.Second + 500*time.Millisecond), "Age": "30"}, 30*time.Second + 500*time.Millisecond},
		"a Date in the future is a wrong clock":         {map[string]string{"Date": date(-time.Hour)}, 0},
		"a Date of last year is a wrong clock":          {map[string]string{"Date": date(365 * 24 * time.Hour)}, 0},
		"an absurd Age is not believed":                 {map[string]string{"Age": "99999999999999999999"}, 0},
		"a negative Age is not believed":                {map[string]string{"Age": "-5"}, 0},
		"words are no Age":                              {map[string]string{"Age": "NaN", "Date": "yesterday"}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := answered(t, now, c.header).Fetched; !got.Equal(now.Add(-c.ago)) {
				t.Errorf("it is %v ago; want %v", now.Sub(got), c.ago)
			}
		})
	}
}

func TestExpiresIsUpstreamsOwnEndOfFreshness(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	cases := map[string]struct {
		header map[string]string
		after  time.Duration
		none   bool
	}{
		"nothing said":                   {none: true},
		"max-age":                        {header: map[string]string{"Cache-Control": "public, max-age=90"}, after: 90 * time.Second},
		"quoted and in capitals":         {header: map[string]string{"Cache-Control": `Max-Age="90"`}, after: 90 * time.Second},
		"s-maxage before max-age":        {header: map[string]string{"Cache-Control": "max-age=90, s-maxage=10"}, after: 10 * time.Second},
		"max-age before Expires":         {header: map[string]string{"Cache-Control": "max-age=90", "Expires": in(time.Hour)}, after: 90 * time.Second},
		"no-store":                       {header: map[string]string{"Cache-Control": "max-age=90, no-store"}},
		"no-cache":                       {header: map[string]string{"Cache-Control": "no-cache"}},
		"Expires":                        {header: map[string]string{"Expires": in(time.Hour)}, after: time.Hour},
		"Expires counts from their Date": {header: map[string]string{"Date": in(-2 * time.Hour), "Expires": in(-time.Hour)}, after: -time.Hour},
		"Expires in the past":            {header: map[string]string{"Expires": in(-time.Hour)}},
		"Expires 0":                      {header: map[string]string{"Expires": "0"}},
		"absurd max-age":                 {header: map[string]string{"Cache-Control": "max-age=99999999999999"}, after: 365 * 24 * time.Hour},
		"words":                          {header: map[string]string{"Cache-Control": "max-age=soon"}, none: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := answered(t, now, c.header).Expires
			if got.IsZero() != c.none || !c.none && !got.Equal(now.Add(c.after)) {
				t.Errorf("it is %v; want %v after %v", got, c.after, now)
			}
		})
	}
}

func TestRetryAfterInAllItsForms(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	cases := map[string]struct {
		header map[string]string
		after  time.Duration
	}{
		"seconds":                   {map[string]string{"Retry-After": "120"}, 2 * time.Minute},
		"a fraction of a second":    {map[string]string{"Retry-After": "0.5"}, 500 * time.Millisecond},
		"a date":                    {map[string]string{"Retry-After": in(time.Minute)}, time.Minute},
		"a date by their own clock": {map[string]string{"Date": in(time.Hour), "Retry-After": in(time.Hour + time.Minute)}, time.Minute},
		"an absurd wait is a week":  {map[string]string{"Retry-After": "999999999999"}, 7 * 24 * time.Hour},
		"the past is none":          {map[string]string{"Retry-After": in(-time.Minute)}, 0},
		"zero is none":              {map[string]string{"Retry-After": "0"}, 0},
		"a negative wait is none":   {map[string]string{"Retry-After": "-3"}, 0},
		"words are none":            {map[string]string{"Retry-After": "later"}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := answered(t, now, c.header).RetryAt
			if got.IsZero() != (c.after == 0) || c.after != 0 && !got.Equal(now.Add(c.after)) {
				t.Errorf("it is %v; want %v after %v", got, c.after, now)
			}
		})
	}
}
