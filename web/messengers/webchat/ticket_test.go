package webchat_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/webchat"
)

// order returns a POST to "tickets".
func order(session string) messengers.Delivery {
	d := delivery(fmt.Sprintf(`{"session":%q}`, session))
	d.Path = "tickets"
	return d
}

// bearing returns a GET of "events" with a session in its header.
func bearing(session string) messengers.Delivery {
	return messengers.Delivery{Method: http.MethodGet, At: messengertest.Now(), Header: map[string][]string{"Authorization": {"Bearer " + session}}}
}

// showing returns a GET of "events" with a ticket in its address.
func showing(ticket string, after time.Duration) messengers.Delivery {
	return messengers.Delivery{Method: http.MethodGet, At: messengertest.Now().Add(after), Query: map[string][]string{"ticket": {ticket}}}
}

func buy(t testing.TB, c *webchat.Chat, session string) (ticket string, expires time.Time) {
	t.Helper()
	r := receive(t, c, order(session))
	var got struct {
		Ticket  string
		Expires time.Time
	}
	if err := json.Unmarshal(r.Body, &got); err != nil || r.Status != http.StatusOK || len(r.Asks) > 0 || got.Ticket == "" {
		t.Fatalf("got %d %s, %v", r.Status, r.Body, err)
	}
	return got.Ticket, got.Expires
}

// opens tells how a GET of "events" went: 200, or what it was refused with.
func opens(t testing.TB, c *webchat.Chat, d messengers.Delivery) int {
	t.Helper()
	stream, r, err := c.Events(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if stream != nil {
		stream.Close()
		return http.StatusOK
	}
	return r.Status
}

func TestATicketOpensOneStreamWithinAMinute(t *testing.T) {
	c := open(t, nil)
	ticket, expires := buy(t, c, session)
	if strings.Contains(ticket, session) || expires.Sub(messengertest.Now()) != time.Minute {
		t.Errorf("ticket %q until %s", ticket, expires)
	}
	send(t, c, session, "late", "1-1")
	stream, r, err := c.Events(t.Context(), showing(ticket, time.Second))
	if stream == nil {
		t.Fatalf("got %d %s, %v", r.Status, r.Body, err)
	}
	defer stream.Close()
	if _, data := next(t, stream.Events); !strings.Contains(data, "late") {
		t.Errorf("got %s", data)
	}
	if status := opens(t, c, showing(ticket, 2*time.Second)); status != http.StatusBadRequest {
		t.Errorf("a second time: %d", status)
	}
	late, _ := buy(t, c, session)
	if status := opens(t, c, showing(late, 61*time.Second)); status != http.StatusBadRequest {
		t.Errorf("after its minute: %d", status)
	}
	foreign, _ := buy(t, open(t, nil), session)
	for name, ticket := range map[string]string{"another chat's": foreign, "invented": strings.Repeat("A", len(late)), "empty": "", "no base64": "%%%"} {
		if status := opens(t, c, showing(ticket, 0)); status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, status)
		}
	}
}

func TestBothWaysInHonourTheLastEvent(t *testing.T) {
	c := open(t, nil)
	for i := range 3 {
		send(t, c, session, fmt.Sprintf("reply %d", i), fmt.Sprint(i))
	}
	all, stop := c.Subscribe(session, 0)
	stop()
	id, _ := next(t, all)
	ticket, _ := buy(t, c, session)
	for name, d := range map[string]messengers.Delivery{"a ticket": showing(ticket, 0), "the session": bearing(session)} {
		if d.Header == nil {
			d.Header = map[string][]string{}
		}
		d.Header["Last-Event-Id"] = []string{fmt.Sprint(id)}
		stream, r, err := c.Events(t.Context(), d)
		if stream == nil {
			t.Fatalf("%s: %d %s, %v", name, r.Status, r.Body, err)
		}
		if _, data := next(t, stream.Events); !strings.Contains(data, "reply 1") {
			t.Errorf("%s: after the first came %s", name, data)
		}
		stream.Close()
	}
}

func TestASessionInAnAddressIsRefusedWithBothWays(t *testing.T) {
	c := open(t, nil)
	_, r, err := c.Events(t.Context(), messengers.Delivery{Query: map[string][]string{"session": {session}}})
	if err != nil || r.Status != http.StatusBadRequest || strings.Contains(string(r.Body), session) {
		t.Fatalf("got %d %s, %v", r.Status, r.Body, err)
	}
	var p struct{ Detail, Field string }
	if err := json.Unmarshal(r.Body, &p); err != nil || p.Field != "session" || !strings.Contains(p.Detail, "events?ticket=") || !strings.Contains(p.Detail, "Authorization: Bearer") {
		t.Errorf("got %s", r.Body)
	}
	for name, d := range map[string]messengers.Delivery{"nothing": {}, "a bad number": {Query: map[string][]string{"last": {"x"}}}} {
		if status := opens(t, c, d); status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, status)
		}
	}
}
