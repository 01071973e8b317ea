package outside_test

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"keypull/pull/outside"
)

func TestRedirectsAreFollowedFiveTimes(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := len(r.URL.Path)
		if n > 1 {
			http.Redirect(w, r, r.URL.Path[:n-1], http.StatusFound)
		}
	})
	c := local(t, outside.Options{})
	res, err := c.Do(t.Context(), outside.Request{URL: s.URL + "/aaaaa"})
	if err != nil || res.URL != s.URL+"/" {
		t.Errorf("ended at %q with %v", res.URL, err)
	}
	_, err = c.Do(t.Context(), outside.Request{URL: s.URL + "/aaaaaa"})
	if got := reasonOf(t, err); got != outside.Redirects {
		t.Errorf("six redirects give %q", got)
	}
}

func TestARedirectInsideIsRefused(t *testing.T) {
	for _, target := range []string{"http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/"} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
		address := netip.MustParseAddrPort(s.Listener.Addr().String())
		only := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.PrefixFrom(address.Addr(), 32)}})
		if strings.Contains(target, "127.0.0.1") || strings.Contains(target, "localhost") {
			only = outside.New(outside.Options{})
		}
		_, err := only.Do(t.Context(), outside.Request{URL: s.URL})
		if got := reasonOf(t, err); got != outside.Refused && got != outside.Unreachable {
			t.Errorf("a redirect to %s gives %q: %v", target, got, err)
		}
	}
}

func TestBadRedirects(t *testing.T) {
	for _, target := range []string{"ftp://example.org/", "javascript:alert(1)", "http://[", "file:///etc/passwd", "http://"} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", target)
			w.WriteHeader(http.StatusMovedPermanently)
		})
		_, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{URL: s.URL})
		if got := reasonOf(t, err); got != outside.Redirects {
			t.Errorf("a redirect to %q gives %q", target, got)
		}
	}
}

func TestWhoAsksDoesNotFollowFromARedirect(t *testing.T) {
	for before, want := range map[string]string{"": " ", "me:word@": "me word"} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/moved" {
				user, word, _ := r.BasicAuth()
				_, _ = fmt.Fprint(w, user+" "+word)
				return
			}
			http.Redirect(w, r, "http://admin:pass@"+r.Host+"/moved", http.StatusFound)
		})
		res, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{URL: strings.Replace(s.URL, "//", "//"+before, 1)})
		if err != nil || string(res.Body) != want {
			t.Errorf("%q is asked as %q, %v; want %q", before, res.Body, err, want)
		}
	}
}

func TestSecretsDoNotFollowToAnotherHost(t *testing.T) {
	seen := make(chan http.Header, 1)
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { seen <- r.Header })
	first := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	_, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{
		URL:    strings.Replace(first.URL, "http://", "http://user:pass@", 1),
		Header: map[string]string{"Authorization": "Bearer x", "Cookie": "a=b", "X-Api-Key": "k", "Accept": "text/html"},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := <-seen
	for _, name := range []string{"Authorization", "Cookie", "X-Api-Key"} {
		if h.Get(name) != "" {
			t.Errorf("%s followed to another host", name)
		}
	}
	if h.Get("Accept") != "text/html" {
		t.Error("Accept did not follow")
	}
}

func TestContentIsNotRedirectedToAnotherHost(t *testing.T) {
	other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the content arrived") })
	first := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	_, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{Method: "POST", URL: first.URL, Body: []byte("x")})
	if got := reasonOf(t, err); got != outside.Redirects {
		t.Errorf("the reason is %q", got)
	}
}

func TestHTTPSDoesNotRedirectToHTTP(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was followed") })
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, plain.URL, http.StatusFound) }))
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	_, err := local(t, outside.Options{Roots: roots}).Do(t.Context(), outside.Request{URL: s.URL})
	if got := reasonOf(t, err); got != outside.Redirects {
		t.Errorf("the reason is %q: %v", got, err)
	}
}

func TestAnUntrustedCertificateIsSaid(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	_, err := local(t, outside.Options{}).Do(t.Context(), outside.Request{URL: s.URL})
	if got := reasonOf(t, err); got != outside.Unreachable || !strings.Contains(fmt.Sprint(err), "certificate") {
		t.Errorf("the error is %v", err)
	}
}
