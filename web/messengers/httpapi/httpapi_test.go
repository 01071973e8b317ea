package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// token is the secret of all clients of these tests, now what their clocks say.
const token = "token/0123456789"

func now() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// client calls an API that answers all with a status and a body, and notes the
// requests.
func client(t *testing.T, status int, body string) (*httpapi.Client, *[]*http.Request) {
	t.Helper()
	var asked []*http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	guarded := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(func() { server.Close(); guarded.Close() })
	c := &httpapi.Client{Name: "pager", Base: server.URL + "/", HTTP: guarded, Clock: now, Secret: token, Field: "token", Auth: httpapi.Bearer, Read: read}
	c.Account = func(ctx context.Context) error { return c.Get(ctx, "/me", nil) }
	return c, &asked
}

// read reads {"code": …, "text": …, "wait": …}.
func read(res outside.Response) (httpapi.Answer, bool) {
	var no struct {
		Code, Text string
		Wait       int
	}
	err := json.Unmarshal(res.Body, &no)
	return httpapi.Answer{Code: no.Code, Text: no.Text, Wait: time.Duration(no.Wait) * time.Second}, err == nil
}

func TestTheSecretGoesAlongAsThePlatformWants(t *testing.T) {
	for name, tt := range map[string]struct {
		auth httpapi.Auth
		want func(r *http.Request) bool
	}{
		"bearer": {httpapi.Bearer, func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer "+token }},
		"basic": {httpapi.Basic("ann"), func(r *http.Request) bool {
			user, password, _ := r.BasicAuth()
			return user == "ann" && password == token
		}},
		"header": {httpapi.Header("X-Key", "Key "), func(r *http.Request) bool { return r.Header.Get("X-Key") == "Key "+token }},
		"query":  {httpapi.Query("key"), func(r *http.Request) bool { return r.URL.Query().Get("key") == token && r.URL.Query().Get("of") == "1" }},
		"path":   {httpapi.Path("/bot"), func(r *http.Request) bool { return r.URL.Path == "/bot"+token+"/pages" }},
	} {
		t.Run(name, func(t *testing.T) {
			c, asked := client(t, 200, `{"id":"7"}`)
			c.Auth = tt.auth
			var page struct{ ID string }
			if err := c.Call(t.Context(), httpapi.Request{Path: "/pages", Query: map[string][]string{"of": {"1"}}}, &page); err != nil || page.ID != "7" {
				t.Fatalf("got %q, %v", page.ID, err)
			}
			if !tt.want((*asked)[0]) {
				t.Errorf("it asks for %s with %v", (*asked)[0].URL, (*asked)[0].Header)
			}
			if err := c.Call(t.Context(), httpapi.Request{Path: "/pages", Bare: true}, nil); err != nil || tt.want((*asked)[1]) {
				t.Errorf("a bare request shows the secret: %v", err)
			}
		})
	}
}

func TestNoErrorTellsTheSecret(t *testing.T) {
	for _, status := range []int{200, 400, 401, 429, 500} {
		c, _ := client(t, status, `{"code":"no-`+token+`","text":"not by `+token+`"}`)
		err := c.Post(t.Context(), "/pages", map[string]string{"text": "A"}, nil)
		if err == nil || strings.Contains(fmt.Sprint(err, c.SendError(err), c.Tried(err)), token) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestARefusalIsSortedByTheFirstRowThatFits(t *testing.T) {
	faults := httpapi.Faults{
		{Codes: "10/33", Means: messengers.WindowClosed},
		{Codes: "10 20..29 lost", Means: messengers.Blocked},
		{Codes: "/44", Means: messengers.TokenInvalid},
		{Status: 400, Saying: "Monthly limit", Means: messengers.Permanent},
		{Status: 400, Means: messengers.Temporary},
		{Codes: "*", Means: messengers.Uncertain},
	}
	for _, tt := range []struct {
		status     int
		code, text string
		want       messengers.Fault
	}{
		{200, "10/33", "", messengers.WindowClosed}, {403, "10/34", "", messengers.Blocked}, {200, "10", "", messengers.Blocked},
		{200, "20", "", messengers.Blocked}, {200, "29/1", "", messengers.Blocked}, {200, "lost", "", messengers.Blocked}, {200, "9/44", "", messengers.TokenInvalid},
		{400, "", "the MONTHLY LIMIT is met", messengers.Permanent}, {400, "30", "", messengers.Temporary}, {200, "30", "", messengers.Uncertain},
		{401, "", "", messengers.TokenInvalid}, {403, "", "", messengers.Blocked}, {404, "", "", messengers.Permanent}, {408, "", "", messengers.Temporary},
		{409, "", "", messengers.Temporary}, {429, "", "", messengers.LimitedUntil}, {502, "", "", messengers.Temporary},
	} {
		body, _ := json.Marshal(map[string]string{"code": tt.code, "text": tt.text}) // strings always can be
		c, _ := client(t, tt.status, string(body))
		c.Faults = faults
		var send *messengers.SendError
		if err := c.SendError(c.Post(t.Context(), "/pages", nil, nil)); !asSend(err, &send) || send.Fault != tt.want {
			t.Errorf("%d %s is %v, want %s", tt.status, body, err, tt.want)
		}
	}
	if got := faults.Meaning("21"); got != messengers.Blocked {
		t.Errorf("a code by itself is %s", got)
	}
	if got := faults.Meaning("5000"); got != "" {
		t.Errorf("a code of no row is %s", got)
	}
}

func asSend(err error, send **messengers.SendError) (ok bool) {
	*send, ok = err.(*messengers.SendError) //nolint:errorlint // Send must return nothing else
	return ok
}

func TestALimitSaysUntilWhen(t *testing.T) {
	for body, want := range map[string]time.Duration{
		`{"code":"slow","wait":7}`: 7 * time.Second, `{"code":"slow"}`: time.Minute, `{"code":"slow","wait":-7}`: time.Minute, `{"code":"slow","wait":9000000}`: 24 * time.Hour,
	} {
		c, _ := client(t, 200, body)
		c.Faults = httpapi.Faults{{Codes: "slow", Means: messengers.LimitedUntil, Wait: time.Minute, Alone: true}}
		var send *messengers.SendError
		if err := c.SendError(c.Post(t.Context(), "/pages", nil, nil)); !asSend(err, &send) || !send.RetryAt.Equal(now().Add(want)) || !send.Alone {
			t.Errorf("%s: %v until %v, want %s", body, err, send, want)
		}
	}
}

func TestAnAccountIsGoodRefusedOrNobodysOwn(t *testing.T) {
	for name, tt := range map[string]struct {
		status  int
		body    string
		kind    pull.ErrorKind
		field   string
		answers bool
	}{
		"good":                   {200, `{}`, "", "", true},
		"refused":                {401, ``, pull.Denied, "token", true},
		"refused by a code":      {200, `{"code":"dead"}`, pull.Denied, "token", true},
		"by another's key":       {200, `{"code":"app"}`, pull.Denied, "app_id", true},
		"of no such API":         {404, `<html>`, pull.Unusable, "api_base", true},
		"of what answers anyhow": {200, `<html>`, pull.Unusable, "api_base", true},
		"of a busy platform":     {429, `{"text":"slow"}`, pull.Unavailable, "", true},
		"of a broken platform":   {503, `{"text":"no"}`, pull.Unavailable, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := client(t, tt.status, tt.body)
			c.Faults = httpapi.Faults{{Codes: "dead", Means: messengers.TokenInvalid}, {Codes: "app", Means: messengers.TokenInvalid, Field: "app_id"}}
			err := c.Try(t.Context())
			told, _ := err.(*pull.Error) //nolint:errorlint // a Trier returns nothing else
			if (err == nil) != (tt.kind == "") || tt.kind != "" && (told == nil || told.Kind != tt.kind || told.Field != tt.field) {
				t.Errorf("Try says %v", err)
			}
			if err := c.Answers(t.Context()); (err == nil) != tt.answers {
				t.Errorf("Answers says %v", err)
			}
		})
	}
}

func TestWhatIsSentBeforeTheMessageIsTriedAgain(t *testing.T) {
	c, _ := client(t, 200, `<html>`)
	var send *messengers.SendError
	if err := c.Unsent(c.Post(t.Context(), "/token", nil, nil)); !asSend(err, &send) || send.Fault != messengers.Temporary {
		t.Errorf("got %v", err)
	}
	if err := c.SendError(c.Post(t.Context(), "/pages", nil, nil)); !asSend(err, &send) || send.Fault != messengers.Uncertain {
		t.Errorf("got %v", err)
	}
}

func TestALeaseLastsUntilShortlyBeforeItsEnd(t *testing.T) {
	at, got := now(), 0
	l := httpapi.NewLease(func() time.Time { return at }, time.Minute, func(context.Context) (string, time.Duration, error) {
		got++
		return strconv.Itoa(got), 10 * time.Minute, nil
	})
	for i, want := range []string{"1", "1", "2", "2", "3"} {
		stale := ""
		switch i {
		case 2:
			stale = "1"
		case 4:
			at = at.Add(9*time.Minute + time.Second)
		}
		if token, err := l.Token(t.Context(), stale); token != want || err != nil {
			t.Errorf("%d: got %q, %v, want %q", i, token, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Token(ctx, ""); err == nil {
		t.Error("a token is got for nobody")
	}
}
