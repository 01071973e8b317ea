package sources_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/sources"
	"keypull/sources/sourcetest"
)

// over is a kind's settings that asks over HTTP.
type over struct {
	sources.Access `settings:"inline"`
}

func TestWhatARequestCarriesIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		values map[string]any
		field  string
	}{
		"nothing":               {map[string]any{}, ""},
		"a header":              {map[string]any{"headers": map[string]any{"X-Key": "secret"}}, ""},
		"name and password":     {map[string]any{"username": "a", "password": "b"}, ""},
		"a token":               {map[string]any{"bearer": "b"}, ""},
		"a header of two lines": {map[string]any{"headers": map[string]any{"X-Key": "a\r\nHost: b"}}, "headers"},
		"a name that is none":   {map[string]any{"headers": map[string]any{"X Key": "a"}}, "headers"},
		"the client's own":      {map[string]any{"headers": map[string]any{"host": "a"}}, "headers"},
		"two proofs":            {map[string]any{"bearer": "b", "username": "a"}, "bearer"},
		"a header and a name":   {map[string]any{"headers": map[string]any{"authorization": "b"}, "username": "a"}, "username"},
		"a password of nobody":  {map[string]any{"password": "b"}, "username"},
		"a token of two lines":  {map[string]any{"bearer": "b\nc"}, "bearer"},
	} {
		t.Run(name, func(t *testing.T) {
			err := settings.Fill(&over{}, c.values)
			if (err == nil) != (c.field == "") || err != nil && !strings.HasPrefix(err.Error(), c.field) || err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%v; want a problem of %q", err, c.field)
			}
		})
	}
}

func TestSecretsGoToTheAddressOwnHostAlone(t *testing.T) {
	var mu sync.Mutex
	met := map[string]http.Header{}
	note := func(name string, next func() string) *httptest.Server {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			met[name] = r.Header.Clone()
			if to := next(); to != "" {
				http.Redirect(w, r, to, http.StatusFound)
			}
		}))
		t.Cleanup(s.Close)
		return s
	}
	other := note("other", func() string { return "" })
	own := note("own", func() string { return other.URL })
	a := over{sources.Access{Headers: map[string]string{"x-api-key": "k1", "Cookie": "k2"}, Username: "a", Password: "k3"}}
	client := sourcetest.Env(t, "").Client
	if _, err := client.Do(t.Context(), a.On(outside.Request{URL: own.URL, Header: map[string]string{"accept": "text/plain"}})); err != nil {
		t.Fatal(err)
	}
	if got := met["own"]; got.Get("X-Api-Key") != "k1" || got.Get("Cookie") != "k2" || got.Get("Authorization") != "Basic YTprMw==" || got.Get("Accept") != "text/plain" {
		t.Errorf("the own host got %v", got)
	}
	if got := met["other"]; len(got) == 0 || got.Get("X-Api-Key")+got.Get("Cookie")+got.Get("Authorization") != "" {
		t.Errorf("another host got %v", got)
	}
	if got := (sources.Access{Bearer: "t"}).On(outside.Request{}).Header["Authorization"]; got != "Bearer t" {
		t.Errorf("a token is sent as %q", got)
	}
}

func TestTheCreditStandsBelowTheAnswer(t *testing.T) {
	r := pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "WIPRO"}}}
	told := sources.Credited{Credit: "Data:  Springfield"}.AddCredit(r)
	if len(told.Blocks) != 2 || told.Blocks[1].Text != "Data: Springfield" || len(r.Blocks) != 1 {
		t.Errorf("told %+v of %+v", told.Blocks, r.Blocks)
	}
	if told := (sources.Credited{}).AddCredit(r); len(told.Blocks) != 1 {
		t.Errorf("told %+v without credit", told.Blocks)
	}
}

func TestASecondAddressGetsSecretsAtTheSameHostAlone(t *testing.T) {
	a := sources.Access{Bearer: "t"}
	for to, want := range map[string]bool{
		"https://api.example/symbols": true, "https://API.example/": true, "http://api.example/symbols": false,
		"https://api.example.org/": false, "https://api.example:8443/": false, "https://files.example/": false, "": false,
	} {
		if got := a.Beside("https://api.example/q?s={symbol}", outside.Request{URL: to}).Header["Authorization"] != ""; got != want {
			t.Errorf("%q gets a secret: %t", to, got)
		}
	}
}
