package sources_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull/outside"
	"keypull/sources"
)

// robots returns what crawls a site whose robots.txt answers so, and how often
// that was asked for.
func robots(answer func() (int, string, error)) (*sources.Robots, *int) {
	asked := 0
	client := outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		if !strings.HasSuffix(r.URL, "/robots.txt") {
			return outside.Response{}, fmt.Errorf("%s is asked for", r.URL)
		}
		asked++
		status, text, err := answer()
		return outside.Response{Status: status, Body: []byte(text)}, err
	}})
	return sources.NewRobots(sources.Env{Client: client, Clock: time.Now}), &asked
}

func TestRobotsAreReadByTheStandard(t *testing.T) {
	const site = "https://kitchen.example"
	for name, c := range map[string]struct {
		text      string
		yes, no   []string
		delay     time.Duration
		otherRoot string
	}{
		"everybody's group": {text: "User-agent: *\nDisallow: /private\n", yes: []string{"", "/", "/priv"}, no: []string{"/private", "/private/a", "/privates"}},
		"our own in place of everybody's": {
			text: "User-agent: *\nDisallow: /\n\nUser-agent: KeyPull/1.0\nDisallow: /draft/\nCrawl-delay: 2,5\n",
			yes:  []string{"/", "/a"}, no: []string{"/draft/1"}, delay: 2500 * time.Millisecond,
		},
		"our own is split":            {text: "user-agent: keypull\ndisallow: /a\n\nuser-agent: other\ndisallow: /\n\nuser-agent: keypull\ndisallow: /b", yes: []string{"/c"}, no: []string{"/a", "/b"}},
		"a group of several":          {text: "User-agent: other\nUser-agent: keypull\nDisallow: /x", yes: []string{"/"}, no: []string{"/x"}},
		"a name that begins like us":  {text: "User-agent: key\nDisallow: /", yes: []string{"/a"}},
		"an empty disallow":           {text: "User-agent: keypull\nDisallow:\n\nUser-agent: *\nDisallow: /", yes: []string{"/a"}},
		"the longest rule":            {text: "User-agent: *\nDisallow: /a\nAllow: /a/b\n", yes: []string{"/a/b", "/a/b/c", "/c"}, no: []string{"/a", "/a/c"}},
		"of one length, the kind one": {text: "User-agent: *\nDisallow: /a\nAllow: /a\n", yes: []string{"/a"}},
		"stars and ends":              {text: "User-agent: *\nDisallow: /*.pdf$\nDisallow: /t*/x\nDisallow: *print*", yes: []string{"/a.pdf?x", "/u/t1/x"}, no: []string{"/b/a.pdf", "/tt/x/y", "/a?print=1"}},
		"everything, by a star":       {text: "User-agent: *\nDisallow: *", no: []string{"/", "/a"}},
		"escapes are alike":           {text: "User-agent: *\nDisallow: /caf%c3%a9\nDisallow: /%61b", yes: []string{"/cafe"}, no: []string{"/café", "/caf%C3%A9", "/ab"}},
		"a query":                     {text: "User-agent: *\nDisallow: /*?sort=", yes: []string{"/list"}, no: []string{"/list?sort=1"}},
		"comments, marks and rubbish": {text: "\xEF\xBB\xBF# hi\r\nUser-agent: * # all\r\nwhat is this\r\nCrawl-delay: soon\r\nDisallow: /x # no\r\n", yes: []string{"/"}, no: []string{"/x"}},
		"rules of nobody":             {text: "Disallow: /\nUser-agent: *\nAllow: /", yes: []string{"/a"}},
		"sitemaps":                    {text: "Sitemap: https://kitchen.example/map.xml\nSitemap: /other.xml\nSitemap: javascript:1\n", yes: []string{"/"}},
		"a delay beyond reason":       {text: "User-agent: *\nCrawl-delay: 86400", yes: []string{"/"}, delay: time.Minute},
		"a web page":                  {text: "<html><body>Not found</body></html>", yes: []string{"/a"}},
		"itself":                      {text: "User-agent: *\nDisallow: /", yes: []string{"/robots.txt"}, no: []string{"/"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, asked := robots(func() (int, string, error) { return http.StatusOK, c.text, nil })
			check := func(paths []string, want bool) {
				for _, path := range paths {
					got, delay, err := r.Allows(t.Context(), site+path)
					if err != nil || got != want || delay != c.delay {
						t.Errorf("%q: allowed %v, delay %v, %v; want %v, %v", path, got, delay, err, want, c.delay)
					}
				}
			}
			check(c.yes, true)
			check(c.no, false)
			if *asked != 1 {
				t.Errorf("it was asked for %d times", *asked)
			}
		})
	}
}

func TestRobotsOutOfReachForbidAndAreAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status, text, down := http.StatusServiceUnavailable, "", error(nil)
		r, asked := robots(func() (int, string, error) { return status, text, down })
		want := func(allowed bool, requests int) {
			t.Helper()
			got, _, err := r.Allows(t.Context(), "https://a.example/x")
			if err != nil || got != allowed || *asked != requests {
				t.Errorf("allowed %v, %v, after %d requests; want %v after %d", got, err, *asked, allowed, requests)
			}
		}
		want(false, 1)
		want(false, 1)
		time.Sleep(6 * time.Minute)
		status, text = http.StatusOK, "User-agent: *\nDisallow: /y"
		want(true, 2)
		time.Sleep(25 * time.Hour)
		down = context.DeadlineExceeded
		want(true, 3) // what was said before counts for a while
		time.Sleep(8 * 24 * time.Hour)
		want(false, 4)
		time.Sleep(time.Hour)
		status, text, down = http.StatusForbidden, "no", nil
		want(true, 5)
	})
}

func TestTheTurnsOfACrawlKeepTheDelayOfItsHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := robots(func() (int, string, error) {
			return http.StatusOK, "User-agent: *\nCrawl-delay: 3\nDisallow: /no", nil
		})
		began := time.Now()
		for range 4 {
			if err := r.Turn(t.Context(), "https://a.example/x", time.Second); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 9*time.Second {
			t.Errorf("four pages took %v", took)
		}
		if err := r.Turn(t.Context(), "https://a.example/no", 0); err == nil || !strings.Contains(err.Error(), "robots.txt") {
			t.Errorf("a page that is forbidden: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.Turn(ctx, "https://a.example/x", 0); err == nil {
			t.Error("a turn outlives its context")
		}
		if err := r.Turn(t.Context(), "ftp://a.example/x", 0); err == nil {
			t.Error("an address that is none has a turn")
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nCrawl-delay: 1", "/a?b=%2f")
	f.Fuzz(func(t *testing.T, text, path string) {
		r, _ := robots(func() (int, string, error) { return http.StatusOK, text, nil })
		_, delay, err := r.Allows(t.Context(), "https://a.example/"+path)
		if err == nil && (delay < 0 || delay > time.Minute) {
			t.Errorf("the delay is %v", delay)
		}
	})
}
