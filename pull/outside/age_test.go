package outside_test

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"time"

	"keypull/pull/outside"
)

// lines are the fields of a header, one line each, in pairs of name and value.
type lines []string

// answered sends a header to a client whose clock stands at now.
func answered(t *testing.T, now time.Time, header lines) outside.Response {
	t.Helper()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		for i := 0; i < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
	})
	res, err := local(t, outside.Options{Clock: func() time.Time { return now }}).Do(t.Context(), outside.Request{URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestFetchedIsWhenTheResponseLeftItsOrigin(t *testing.T) {
	const beyond = (1 << 31) * time.Second
	now := time.Date(2026, 3, 2, 12, 0, 0, 500e6, time.UTC)
	date := func(ago time.Duration) string { return now.Add(-ago).UTC().Format(http.TimeFormat) }
	const half = 500 * time.Millisecond
	cases := map[string]struct {
		header lines
		ago    time.Duration
	}{
		"without words of time it is now":                      {nil, 0},
		"a Date of this very second is now":                    {lines{"Date", date(half)}, 0},
		"a Date alone is a server's clock":                     {lines{"Date", date(40 * time.Second)}, 0},
		"a Date of last year alone is a server's clock":        {lines{"Date", date(365 * 24 * time.Hour)}, 0},
		"a Date of tomorrow alone is a server's clock":         {lines{"Date", date(-24 * time.Hour)}, 0},
		"a Date behind a proxy counts":                         {lines{"Date", date(40*time.Second + half), "Via", "1.1 cache.example"}, 40*time.Second + half},
		"a Date of last year behind a proxy counts":            {lines{"Date", date(365*24*time.Hour + half), "Via", "1.1 cache"}, 365*24*time.Hour + half},
		"a Date ahead of a proxy is a wrong clock":             {lines{"Date", date(-time.Hour), "Via", "1.1 cache"}, 0},
		"a Date of this second behind a proxy is now":          {lines{"Date", date(half), "Via", "1.1 cache"}, 0},
		"an empty Via names nobody":                            {lines{"Date", date(time.Hour), "Via", ""}, 0},
		"an Age counts":                                        {lines{"Date", date(0), "Age", "30"}, 30 * time.Second},
		"an Age counts without a Date":                         {lines{"Age", "7200"}, 2 * time.Hour},
		"an Age of nothing lets Date count":                    {lines{"Date", date(time.Hour + half), "Age", "0"}, time.Hour + half},
		"Date and Age of a cache are not counted twice":        {lines{"Date", date(30*time.Second + half), "Age", "30"}, 30*time.Second + half},
		"an Age greater than the time since Date":              {lines{"Date", date(time.Minute), "Age", "7200"}, 2 * time.Hour},
		"an Age with a Date ahead of us":                       {lines{"Date", date(-time.Hour), "Age", "30"}, 30 * time.Second},
		"the first of several ages in one line":                {lines{"Age", "60, 5"}, time.Minute},
		"the first of several lines":                           {lines{"Age", "60", "Age", "5"}, time.Minute},
		"ten years are ten years":                              {lines{"Age", "315360000"}, 3650 * 24 * time.Hour},
		"an absurd Age is as old as can be":                    {lines{"Age", "99999999999999999999"}, beyond},
		"a Date of long ago behind a proxy is as old as it is": {lines{"Date", "Mon, 01 Jan 0001 00:00:00 GMT", "Via", "1.1 x"}, beyond},
		"a negative Age is none":                               {lines{"Age", "-5", "Date", date(time.Hour)}, 0},
		"words are no Age":                                     {lines{"Age", "NaN", "Date", "yesterday"}, 0},
		"infinity is no Age":                                   {lines{"Age", "Inf"}, 0},
		"an empty Age is none":                                 {lines{"Age", "", "Date", date(time.Hour)}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := answered(t, now, c.header)
			if !got.Fetched.Equal(now.Add(-c.ago)) || got.Age != c.ago {
				t.Errorf("it is %v ago, its age %v; want %v", now.Sub(got.Fetched), got.Age, c.ago)
			}
		})
	}
}

// canned answers a client whose clock stands at now from a saved header.
func canned(t *testing.T, now time.Time, h http.Header) outside.Response {
	t.Helper()
	c := outside.New(outside.Options{Clock: func() time.Time { return now }, Answer: answering(h)})
	res, err := c.Do(t.Context(), outside.Request{URL: "https://example.org/"})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestNoHeaderMakesAResponseYoungerThanItIs(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	// #nosec G404 -- tests want the same numbers each time
	random := rand.New(rand.NewPCG(11, 7))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	for range 3000 {
		told := time.Duration(random.Int64N(1<<random.IntN(32))) * time.Second
		ahead := time.Duration(random.Int64N(1<<random.IntN(34))-random.Int64N(1<<random.IntN(34))) * time.Second
		h := http.Header{
			"Age":           {strconv.FormatInt(int64(told/time.Second), 10)},
			"Date":          {now.Add(ahead).Format(http.TimeFormat)},
			"Cache-Control": {pick("max-age=60", "max-age=-1", "private", "s-maxage=5, max-age=7", "no-cache", "max-age=1e9", "")},
			"Expires":       {pick(now.Add(-ahead).Format(http.TimeFormat), "0", "-1")},
			"Via":           {pick("", "1.1 a", "HTTP/1.1 b, 1.0 c")},
		}
		r := canned(t, now, h)
		switch {
		case r.Age < told:
			t.Fatalf("the age is %v; %v", r.Age, h)
		case !r.Fetched.Equal(now.Add(-r.Age)):
			t.Fatalf("fetched at %v with an age of %v; %v", r.Fetched, r.Age, h)
		case !r.Expires.IsZero() && r.Expires.Before(r.Fetched):
			t.Fatalf("it expires %v before it was fetched; %v", r.Fetched.Sub(r.Expires), h)
		case ahead < -2*time.Second && r.Age < min(-ahead, (1<<31)*time.Second):
			t.Fatalf("the age is %v; %v", r.Age, h)
		}
		delete(h, "Age")
		h["Via"] = nil
		if r := canned(t, now, h); r.Age != 0 {
			t.Fatalf("the age is %v although no cache is named; %v", r.Age, h)
		}
	}
}
