package outside_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"keypull/pull/outside"
)

func answering(h http.Header) func(context.Context, outside.Request) (outside.Response, error) {
	return func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{Status: http.StatusOK, URL: r.URL, Header: h}, nil
	}
}

func TestExpiresIsUpstreamsOwnEndOfFreshness(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	const year = 365 * 24 * time.Hour
	cases := map[string]struct {
		header lines
		after  time.Duration
		none   bool
	}{
		"nothing said":                          {none: true},
		"nothing said of time":                  {header: lines{"Cache-Control", "public, must-revalidate, immutable"}, none: true},
		"max-age":                               {header: lines{"Cache-Control", "public, max-age=90"}, after: 90 * time.Second},
		"max-age counts from the origin":        {header: lines{"Cache-Control", "max-age=90", "Age", "60"}, after: 30 * time.Second},
		"must-revalidate takes nothing from it": {header: lines{"Cache-Control", "max-age=90, must-revalidate"}, after: 90 * time.Second},
		"quoted and in capitals":                {header: lines{"Cache-Control", `Max-Age="90"`}, after: 90 * time.Second},
		"s-maxage before max-age":               {header: lines{"Cache-Control", "max-age=90, s-maxage=10"}, after: 10 * time.Second},
		"s-maxage in a line of its own":         {header: lines{"Cache-Control", "max-age=90", "Cache-Control", "S-MaxAge=10"}, after: 10 * time.Second},
		"max-age before Expires":                {header: lines{"Cache-Control", "max-age=90", "Expires", in(time.Hour)}, after: 90 * time.Second},
		"a zero before Expires":                 {header: lines{"Cache-Control", "max-age=0", "Expires", in(time.Hour)}},
		"no-store":                              {header: lines{"Cache-Control", "max-age=90, no-store"}},
		"no-cache":                              {header: lines{"Cache-Control", "no-cache"}},
		"no-cache in capitals":                  {header: lines{"Cache-Control", "max-age=90,NO-CACHE"}},
		"no-cache for some fields":              {header: lines{"Cache-Control", `no-cache="set-cookie, max-age=5", max-age=90`}},
		"private":                               {header: lines{"Cache-Control", "private, max-age=90"}},
		"private for some fields":               {header: lines{"Cache-Control", `max-age=90, private="x-a, x-b"`}},
		"private beside Expires":                {header: lines{"Cache-Control", "private", "Expires", in(time.Hour)}},
		"a word within quotes is none":          {header: lines{"Cache-Control", `ext="no-store, \", private", max-age=90`}, after: 90 * time.Second},
		"Vary on everything":                    {header: lines{"Cache-Control", "max-age=90", "Vary", "*"}},
		"Vary on everything among others":       {header: lines{"Cache-Control", "max-age=90", "Vary", "accept", "Vary", "x, *"}},
		"Vary on something":                     {header: lines{"Cache-Control", "max-age=90", "Vary", "Accept-Encoding"}, after: 90 * time.Second},
		"a negative max-age":                    {header: lines{"Cache-Control", "max-age=-90", "Expires", in(time.Hour)}},
		"a max-age of words":                    {header: lines{"Cache-Control", "max-age=soon"}},
		"a max-age of nothing":                  {header: lines{"Cache-Control", "max-age"}},
		"a max-age with a fraction":             {header: lines{"Cache-Control", "max-age=90.5"}},
		"a doubled max-age is not believed":     {header: lines{"Cache-Control", "max-age=90, max-age=600"}},
		"nor in two lines":                      {header: lines{"Cache-Control", "max-age=600", "Cache-Control", "max-age=90"}},
		"a max-age repeated":                    {header: lines{"Cache-Control", "max-age=90, max-age=90"}, after: 90 * time.Second},
		"absurd max-age":                        {header: lines{"Cache-Control", "max-age=99999999999999"}, after: year},
		"Expires":                               {header: lines{"Expires", in(time.Hour)}, after: time.Hour},
		"Expires counts from their Date":        {header: lines{"Date", in(-2 * time.Hour), "Expires", in(-time.Hour)}, after: time.Hour},
		"Expires of a cache":                    {header: lines{"Date", in(-2 * time.Hour), "Age", "7200", "Expires", in(-time.Hour)}, after: -time.Hour},
		"Expires in the past":                   {header: lines{"Expires", in(-time.Hour)}},
		"Expires 0":                             {header: lines{"Expires", "0"}},
		"two of Expires":                        {header: lines{"Expires", in(time.Hour), "Expires", in(time.Minute)}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := answered(t, now, c.header)
			want := now.Add(c.after)
			if c.after == 0 {
				want = got.Fetched
			}
			if got.Expires.IsZero() != c.none || !c.none && !got.Expires.Equal(want) {
				t.Errorf("it is %v; want %v after %v", got.Expires, c.after, now)
			}
		})
	}
}

func TestRetryAfterInAllItsForms(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	cases := map[string]struct {
		header lines
		after  time.Duration
	}{
		"seconds":                   {lines{"Retry-After", "120"}, 2 * time.Minute},
		"a fraction of a second":    {lines{"Retry-After", "0.5"}, 500 * time.Millisecond},
		"a date":                    {lines{"Retry-After", in(time.Minute)}, time.Minute},
		"a date by their own clock": {lines{"Date", in(time.Hour), "Retry-After", in(time.Hour + time.Minute)}, time.Minute},
		"a date out of a cache":     {lines{"Date", in(-time.Minute), "Age", "60", "Retry-After", in(time.Minute)}, time.Minute},
		"a date that a cache held":  {lines{"Date", in(-time.Hour), "Age", "3600", "Retry-After", in(-time.Minute)}, 0},
		"an absurd wait is a day":   {lines{"Retry-After", "999999999999"}, 24 * time.Hour},
		"a date far ahead is a day": {lines{"Retry-After", in(24 * 365 * time.Hour)}, 24 * time.Hour},
		"the past is none":          {lines{"Retry-After", in(-time.Minute)}, 0},
		"zero is none":              {lines{"Retry-After", "0"}, 0},
		"a negative wait is none":   {lines{"Retry-After", "-3"}, 0},
		"words are none":            {lines{"Retry-After", "later"}, 0},
		"nothing is none":           {lines{"Retry-After", ""}, 0},
		"infinity is none":          {lines{"Retry-After", "Inf"}, 0},
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
