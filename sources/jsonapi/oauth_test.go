package jsonapi_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/jsonapi"
	"keypull/sources/sourcetest"
)

// vault keeps in memory what a source keeps sealed.
type vault struct{ kept []byte }

func (v *vault) Load(context.Context) ([]byte, error) { return v.kept, nil }

func (v *vault) Keep(_ context.Context, value []byte) error {
	v.kept = append([]byte(nil), value...)
	return nil
}

// issuer is a token server with an API beside it, which takes the last token.
type issuer struct {
	mu sync.Mutex
	// inBody wants client and secret in the body; refresh is the token that
	// counts, "" where clients ask by themselves; made counts.
	inBody  bool
	refresh string
	made    int
	revoked bool
}

func (i *issuer) answer(c call) (int, string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !strings.HasPrefix(c.uri, "/token") {
		if c.header.Get("Authorization") != fmt.Sprintf("Bearer token-%d", i.made) || i.revoked {
			i.revoked = false
			return 401, "{}"
		}
		return 200, `[{"title":"x"}]`
	}
	form, _ := url.ParseQuery(c.body)
	basic := c.header.Get("Authorization") == "Basic "+base64.StdEncoding.EncodeToString([]byte("me:hush%2Fhush"))
	if i.inBody && form.Get("client_secret") != "hush/hush" || !i.inBody && !basic {
		return 401, `{"error":"invalid_client"}`
	}
	if i.refresh == "" && form.Get("grant_type") != "client_credentials" || i.refresh != "" && form.Get("refresh_token") != i.refresh {
		return 400, `{"error":"invalid_grant"}`
	}
	i.made++
	if i.refresh != "" {
		i.refresh = fmt.Sprintf("refresh-%d", i.made)
	}
	return 200, fmt.Sprintf(`{"access_token":"token-%d","token_type":"bearer","expires_in":"3600","refresh_token":%q}`, i.made, i.refresh)
}

func tokened(address, refresh string) values {
	return values{"url": address + "/items", "oauth": values{"token_url": address + "/token", "client_id": "me", "client_secret": "hush/hush", "refresh_token": refresh}}
}

func TestATokenIsAskedForOnceAndRenewedWhereItIsRefused(t *testing.T) {
	for _, inBody := range []bool{false, true} {
		i := &issuer{inBody: inBody}
		address, calls := upstream(t, i.answer)
		now := fetched
		env := sourcetest.Env(t, "")
		env.Clock = func() time.Time { return now }
		source := sourcetest.Open(t, jsonapi.Kind, env, tokened(address, ""))
		s, _, err := ask(t, source, pull.Query{})
		if err != nil || s.Requests != len(*calls) {
			t.Fatalf("%d requests are counted of %d, %v", s.Requests, len(*calls), err)
		}
		for name, c := range map[string]struct {
			before   func()
			requests int
		}{
			"a token that counts": {func() {}, 1},
			"a refused one":       {func() { i.mu.Lock(); i.revoked = true; i.mu.Unlock() }, 3},
			"an old one":          {func() { now = now.Add(2 * time.Hour) }, 2},
		} {
			*calls = nil
			c.before()
			if _, _, err := ask(t, source, pull.Query{}); err != nil || len(*calls) != c.requests {
				t.Errorf("%s: %d requests, %v; want %d", name, len(*calls), err, c.requests)
			}
		}
	}
}

func TestManyAtOnceAskForOneToken(t *testing.T) {
	i := &issuer{}
	address, _ := upstream(t, i.answer)
	source := opened(t, tokened(address, ""))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := source.Fetch(context.Background(), "-", nil); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if i.made != 1 {
		t.Errorf("%d tokens were made", i.made)
	}
}

func TestARefreshTokenThatIsReplacedIsKept(t *testing.T) {
	i, kept := &issuer{refresh: "refresh-0"}, &vault{}
	address, _ := upstream(t, i.answer)
	env := sourcetest.Env(t, "")
	env.Place = kept
	for range 3 { // three lives of the process
		if _, _, err := ask(t, sourcetest.Open(t, jsonapi.Kind, env, tokened(address, "refresh-0")), pull.Query{}); err != nil {
			t.Fatal(err)
		}
	}
	if i.made != 3 || !strings.Contains(string(kept.kept), "refresh-3") {
		t.Errorf("%d tokens, kept %s", i.made, kept.kept)
	}
	// Other settings begin with their own.
	i.refresh = "new"
	if _, _, err := ask(t, sourcetest.Open(t, jsonapi.Kind, env, tokened(address, "new")), pull.Query{}); err != nil {
		t.Error(err)
	}
}

func TestATokenServerThatRefusesIsTold(t *testing.T) {
	for body, want := range map[string]string{`{"error":"invalid_grant"}`: "invalid_grant", `oops`: "no token", `{"access_token":"a\r\nX-B: c"}`: "no token"} {
		address, calls := upstream(t, func(call) (int, string) { return 400, body })
		_, _, err := ask(t, opened(t, tokened(address, "r")), pull.Query{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") || strings.HasSuffix((*calls)[len(*calls)-1].uri, "items") {
			t.Errorf("%s gives %v", body, err)
		}
	}
}
