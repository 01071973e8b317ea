package outside_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"keypull/pull/outside"
)

// told does one request and returns what was recorded of it, and its error.
func told(t *testing.T, c *outside.Client, r outside.Request) ([]outside.Exchange, error) {
	t.Helper()
	var all []outside.Exchange
	_, err := c.Do(outside.Record(t.Context(), func(e outside.Exchange) { all = append(all, e) }), r)
	return all, err
}

func TestEveryHopIsTold(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/start":
			http.Redirect(w, r, "/middle?a=b", http.StatusSeeOther)
		case "/middle":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/end":
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte("12345"))
		}
	})
	got, err := told(t, local(t, outside.Options{}), outside.Request{Method: "POST", URL: s.URL + "/start"})
	if err != nil {
		t.Fatal(err)
	}
	want := []outside.Exchange{
		{Method: "POST", URL: s.URL + "/start", Status: 303},
		{Method: "GET", URL: s.URL + "/middle?a=b", Status: 302},
		{Method: "GET", URL: s.URL + "/end", Status: 404, Bytes: 5, Body: []byte("12345"), Type: "text/plain; charset=utf-8"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(outside.Exchange{}, "Took")); diff != "" {
		t.Error(diff)
	}
}

func TestWhatAnExchangeTookIsByTheClientsClock(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	var ticks atomic.Int64
	clock := func() time.Time { return time.Unix(ticks.Add(1), 0) }
	got, err := told(t, local(t, outside.Options{Clock: clock}), outside.Request{URL: s.URL})
	if err != nil || len(got) != 1 || got[0].Took < time.Second || got[0].Took%time.Second != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestFailuresAreTold(t *testing.T) {
	broken := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cut":
			panic(http.ErrAbortHandler)
		case "/large":
			_, _ = w.Write(make([]byte, 100_000))
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		}
	})
	for name, c := range map[string]struct {
		request  outside.Request
		statuses []int
		last     string
	}{
		"a connection cut":               {outside.Request{URL: broken.URL + "/cut"}, []int{0}, "no connection to the host"},
		"a body past the limit":          {outside.Request{URL: broken.URL + "/large", MaxBytes: 10}, []int{200}, "larger than allowed"},
		"a single one past the limit":    {outside.Request{URL: broken.URL + "/large", MaxBytes: 10, Single: true}, []int{200}, "larger than allowed"},
		"an address that is not allowed": {outside.Request{URL: "http://10.0.0.1/"}, []int{0}, "10.0.0.1"},
		"a redirect inside":              {outside.Request{URL: broken.URL + "/inside"}, []int{302, 0}, "10.0.0.1"},
		"redirects without end":          {outside.Request{URL: broken.URL + "/loop"}, []int{302, 302, 302, 302, 302, 302}, ""},
		"a URL that is none":             {outside.Request{URL: "ftp://example.org"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := told(t, local(t, outside.Options{}), c.request)
			if err == nil {
				t.Fatal("no error")
			}
			var statuses []int
			last := ""
			for _, e := range got {
				statuses, last = append(statuses, e.Status), e.Err
			}
			if diff := cmp.Diff(c.statuses, statuses); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(last, c.last) || c.last == "" && last != "" {
				t.Errorf("the last error is %q; want %q", last, c.last)
			}
		})
	}
}

func TestSecretsStayOutOfWhatIsTold(t *testing.T) {
	const token = "123:AB/c+d é"
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://127.0.0.1:1/?again="+strings.ReplaceAll(token, " ", "%20"), http.StatusFound)
		}
	})
	port := strings.TrimPrefix(s.URL, "http://")
	for name, url := range map[string]string{
		"in the path":             s.URL + "/bot" + token + "/send",
		"encoded":                 s.URL + "/bot123:AB%2Fc+d%20%C3%A9/send",
		"encoded in small":        s.URL + "/bot123:AB%2fc%2bd%20%c3%a9/send",
		"in the query":            s.URL + "/?key=123:AB%2Fc%2Bd+%C3%A9&x=y",
		"a user and password":     "http://user:swordfish@" + port + "/x",
		"the password once more":  "http://user:swordfish@" + port + "/swordfish",
		"an encoded password":     "http://user:sword%66ish@" + port + "/",
		"in a redirect":           s.URL + "/away",
		"in a host that is none":  "http://123-secret.invalid/" + token,
		"in the host as it seems": "http://swordfish.invalid/",
	} {
		t.Run(name, func(t *testing.T) {
			r := outside.Request{URL: url, Redact: token}
			if strings.Contains(url, "swordfish.invalid") {
				r.Redact = "swordfish"
			}
			got, _ := told(t, local(t, outside.Options{}), r)
			if len(got) == 0 {
				t.Fatal("nothing was told")
			}
			for _, secret := range []string{token, "AB/c", "AB%2Fc", "AB%2fc", "swordfish", "user"} {
				if text := fmt.Sprintf("%+v", got); strings.Contains(text, secret) {
					t.Errorf("%q shows in %s", secret, text)
				}
			}
			if !strings.HasPrefix(got[0].URL, "http://") {
				t.Errorf("the URL is %q", got[0].URL)
			}
		})
	}
}

func TestAnAnswerInPlaceOfTheNetworkIsTold(t *testing.T) {
	c := outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		if r.Method == "POST" {
			return outside.Response{}, errors.New("a dry run sends nothing")
		}
		return outside.Response{Status: 200, Body: []byte("saved")}, nil
	}})
	got, err := told(t, c, outside.Request{URL: "http://example.org/"})
	if err != nil || len(got) != 1 || got[0].Method != "GET" || got[0].Status != 200 || got[0].Bytes != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = told(t, c, outside.Request{Method: "POST", URL: "http://example.org/"})
	if err == nil || len(got) != 1 || !strings.Contains(got[0].Err, "a dry run") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestExchangesAreToldOneAfterAnother(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := local(t, outside.Options{Fetches: 50})
	count := 0 // the race detector sees calls that overlap
	ctx := outside.Record(t.Context(), func(outside.Exchange) { count++ })
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			if _, err := c.Do(ctx, outside.Request{URL: s.URL}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if count != 50 {
		t.Errorf("%d exchanges were told", count)
	}
}
