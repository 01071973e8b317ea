package meta_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
	"keypull/web/messengers/meta"
)

func TestEachCodeIsOneOfTheClosedSet(t *testing.T) {
	for want, codes := range map[messengers.Fault][][3]int{ // status, code, subcode
		messengers.WindowClosed: {{400, 131047, 0}, {400, 10, 2018278}, {403, 10, 2534022}},
		messengers.Blocked:      {{400, 131026, 0}, {400, 551, 0}, {400, 551, 1545041}},
		messengers.LimitedUntil: {{400, 4, 0}, {400, 17, 0}, {400, 32, 0}, {400, 613, 0}, {400, 80006, 0}, {400, 80007, 0}, {400, 130429, 0}, {400, 131048, 0}, {400, 131056, 0}, {400, 133016, 0}, {429, 0, 0}},
		messengers.TokenInvalid: {{401, 190, 0}, {400, 190, 463}, {401, 0, 0}, {403, 0, 0}, {400, 10, 0}, {403, 200, 0}, {400, 299, 0}, {400, 33, 0}, {400, 100, 33}, {400, 131031, 0}, {400, 368, 0}, {400, 131042, 0}, {400, 10, 1893063}},
		messengers.Temporary:    {{500, 1, 0}, {500, 2, 0}, {400, 2, 0}, {400, 1200, 0}, {503, 131016, 0}, {502, 0, 0}, {500, 131000, 0}, {408, 0, 0}},
		messengers.Permanent:    {{400, 100, 0}, {400, 100, 2018001}, {400, 100, 2534014}, {400, 131051, 0}, {400, 131053, 0}, {400, 131049, 0}, {400, 131021, 0}, {400, 132001, 0}, {400, 999999, 0}, {404, 0, 0}},
	} {
		for _, c := range codes {
			no := httpapi.Answer{Status: c[0]}
			if c[1] != 0 {
				no.Code = strings.TrimSuffix(fmt.Sprintf("%d/%d", c[1], c[2]), "/0")
			}
			refused, _ := httpapi.Refused(meta.NewGraph(messengers.Env{Clock: messengertest.Now}, "", "", "").Refuse("me", no))
			if got := refused.Fault.Means; got != want {
				t.Errorf("%v is %s, want %s", c, got, want)
			}
			if said := refused.Said().In("fr"); strings.Contains(said, "{") {
				t.Errorf("%v is told as %q", c, said)
			}
		}
	}
}

// script is an API that answers each request with what comes next.
type script struct {
	mu    sync.Mutex
	next  []http.HandlerFunc
	asked []string
	last  *http.Request
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	s.asked, s.last = append(s.asked, string(body)), r
	if len(s.next) == 0 {
		_, _ = io.WriteString(w, `{"messages":[{"id":"done"}]}`)
		return
	}
	s.next[0](w, r)
	s.next = s.next[1:]
}

func no(status, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, metatest.Refused(code, 0))
	}
}

func yes(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"message_id":"m"}`) }

func graph(t *testing.T, next ...http.HandlerFunc) (*meta.Graph, *script) {
	t.Helper()
	s := &script{next: next}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(client.Close)
	return meta.NewGraph(messengers.Env{Client: client, Clock: messengertest.Now}, server.URL, "v25.0", metatest.Token), s
}

var picture = []meta.Step{{Path: "/me/messages", Body: "picture", Instead: "link"}, {Path: "/me/messages", Body: "text"}}

func TestWhatHasLeftIsNotSentAgainWithTheRest(t *testing.T) {
	g, s := graph(t, yes, no(500, 2))
	_, err := g.Deliver(t.Context(), "7.0", picture)
	var failed *messengers.SendError
	if !errors.As(err, &failed) || failed.Fault != messengers.Temporary {
		t.Fatalf("got %v", err)
	}
	id, err := g.Deliver(t.Context(), "7.0", picture)
	if err != nil || id != "done" {
		t.Fatalf("%q, %v", id, err)
	}
	if diff := cmp.Diff([]string{`"picture"`, `"text"`, `"text"`}, s.asked); diff != "" {
		t.Error(diff)
	}
}

func TestAPictureThatIsRefusedIsToldAsALink(t *testing.T) {
	g, s := graph(t, no(400, 131053))
	if _, err := g.Deliver(t.Context(), "7.0", picture); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`"picture"`, `"link"`, `"text"`}, s.asked); diff != "" {
		t.Error(diff)
	}
	g, s = graph(t, no(401, 190))
	if _, err := g.Deliver(t.Context(), "7.0", picture); err == nil || len(s.asked) != 1 {
		t.Errorf("the token is dead, and %d requests are made: %v", len(s.asked), err)
	}
}

func TestALimitWithoutATimeIsWaitedForLongerEachTime(t *testing.T) {
	usage := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Business-Use-Case-Usage", `{"10":[{"type":"whatsapp","call_count":100,"estimated_time_to_regain_access":7}]}`)
		no(400, 80007)(w, nil)
	}
	after := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		no(429, 4)(w, nil)
	}
	busy := no(400, 130429)
	g, _ := graph(t, busy, busy, no(400, 131056), no(400, 80007), usage, after, yes, busy) //nolint:gocritic // it is busy again and again
	text := picture[1:]
	for i, want := range []time.Duration{5 * time.Second, 10 * time.Second, 6 * time.Second, 20 * time.Second, 7 * time.Minute, -1, 0, 5 * time.Second} {
		_, err := g.Deliver(t.Context(), "", text)
		var limited *messengers.SendError
		switch {
		case want == 0 && err != nil, want != 0 && !errors.As(err, &limited):
			t.Fatalf("%d: %v", i, err)
		case want > 0 && (limited.Fault != messengers.LimitedUntil || limited.RetryAt.Sub(messengertest.Now()) != want):
			t.Errorf("%d: until %s, want in %s", i, limited.RetryAt, want)
		case want > 0 && limited.Alone != (want == 6*time.Second):
			t.Errorf("%d: of the reader alone: %t", i, limited.Alone)
		case want < 0 && time.Until(limited.RetryAt) < 50*time.Second:
			t.Errorf("%d: until %s, want in a minute", i, limited.RetryAt)
		}
	}
}

func TestATokenIsProvenByTheAppsSecret(t *testing.T) {
	g, s := graph(t)
	g.ProvenBy = metatest.Secret
	if _, err := g.Deliver(t.Context(), "", picture[1:]); err != nil {
		t.Fatal(err)
	}
	want := strings.TrimPrefix(metatest.Sign(metatest.Secret, []byte(metatest.Token)), "sha256=")
	if got := s.last.URL.Query().Get("appsecret_proof"); got != want || s.last.Header.Get("Authorization") != "Bearer "+metatest.Token || s.last.URL.Path != "/v25.0/me/messages" {
		t.Errorf("%s with %q", s.last.URL, s.last.Header)
	}
}
