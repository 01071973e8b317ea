package webchat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/webchat"
)

// installed opens the chat of an installation with a key, where known are the
// readers that it has documents of.
func installed(t testing.TB, key string, b webchat.Budget, known func(reader string) (bool, error)) *webchat.Chat {
	t.Helper()
	m, err := (&webchat.Settings{Theme: "auto", Budget: b}).Open(messengers.Env{
		Publisher: "lecker", ID: "test", Clock: messengertest.Now,
		Key:   func(purpose string) []byte { return []byte(key + purpose) },
		Known: func(_ context.Context, reader string) (bool, error) { return known(reader) },
	})
	if err != nil {
		t.Fatal(err)
	}
	c, _ := m.(*webchat.Chat)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func nobody(string) (bool, error) { return false, nil }

func said(session string) messengers.Delivery {
	return delivery(fmt.Sprintf(`{"text":"x","session":%q}`, session))
}

func TestOnlySessionsThatWereIssuedAreKnown(t *testing.T) {
	c := installed(t, "one", webchat.Budget{}, nobody)
	session := receive(t, c, delivery(`{"text":"x"}`)).Asks[0].Address
	if r := receive(t, c, said(session)); len(r.Asks) != 1 || r.Asks[0].Reader != session {
		t.Fatalf("its own session: %d %s", r.Status, r.Body)
	}
	again := installed(t, "one", webchat.Budget{}, nobody)
	if r := receive(t, again, said(session)); len(r.Asks) != 1 {
		t.Errorf("after a restart: %d %s", r.Status, r.Body)
	}
	flipped := []byte(session)
	flipped[5] ^= 1
	for name, strange := range map[string]string{
		"invented": "0123456789abcdefABCDEF_-", "invented in our form": strings.Repeat("A", len(session)),
		"one letter of it changed": string(flipped), "a half of it": session[:len(session)/2], "another's": installed(t, "two", webchat.Budget{}, nobody).Session(""),
	} {
		t.Run(name, func(t *testing.T) {
			r := receive(t, c, said(strange))
			var p struct{ Field, Detail string }
			if err := json.Unmarshal(r.Body, &p); err != nil || r.Status != http.StatusBadRequest || len(r.Asks) > 0 || p.Field != "session" || p.Detail == "" {
				t.Errorf("got %d %s, %v", r.Status, r.Body, err)
			}
			if r := receive(t, c, order(strange)); r.Status != http.StatusBadRequest {
				t.Errorf("it bought a ticket: %d %s", r.Status, r.Body)
			}
			if stream, r, err := c.Events(t.Context(), bearing(strange)); stream != nil || err != nil || r.Status != http.StatusBadRequest {
				t.Errorf("it opened a stream: %d %s, %v", r.Status, r.Body, err)
			}
		})
	}
}

func TestASessionFromBeforeSessionsProvedThemselvesGoesOn(t *testing.T) {
	const old = "Zx0_old-session-of-version-0.3"
	before := strings.ReplaceAll(old, ".", "_")
	c := installed(t, "one", webchat.Budget{}, func(reader string) (bool, error) { return reader == before, nil })
	if r := receive(t, c, said(before)); len(r.Asks) != 1 || r.Asks[0].Reader != before {
		t.Errorf("a reader whom we know: %d %s", r.Status, r.Body)
	}
	if r := receive(t, c, order(before)); r.Status != http.StatusOK {
		t.Errorf("no ticket: %d %s", r.Status, r.Body)
	}
	broken := installed(t, "one", webchat.Budget{}, func(string) (bool, error) { return false, errors.New("the store is away") })
	if r, err := broken.Receive(t.Context(), said(before)); err == nil {
		t.Errorf("a store that is away turned a reader out: %d %s", r.Status, r.Body)
	}
}

func TestAFirstMessageThatIsRepeatedAfterARestartStaysOneReader(t *testing.T) {
	first := delivery(`{"text":"x","id":"8c5f8b9e-3f0e-4a7e-9d5a-1f6f2f3b4c5d"}`)
	one := receive(t, installed(t, "one", webchat.Budget{}, nobody), first).Asks[0]
	two := receive(t, installed(t, "one", webchat.Budget{}, nobody), first).Asks[0]
	if one.ID != two.ID || one.Reader != two.Reader {
		t.Errorf("got %+v, then %+v", one, two)
	}
}
