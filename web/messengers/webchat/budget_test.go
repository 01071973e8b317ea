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

func from(address string, after time.Duration, d messengers.Delivery) messengers.Delivery {
	d.Address, d.At = address, messengertest.Now().Add(after)
	return d
}

func TestAnAddressHasABudgetOfAsksAndNewReaders(t *testing.T) {
	c := installed(t, "one", webchat.Budget{Asks: 6, Sessions: 2}, nobody)
	anew := delivery(`{"text":"x"}`)
	status := func(address string, after time.Duration, d messengers.Delivery) int {
		return receive(t, c, from(address, after, d)).Status
	}
	session := c.Session("")
	for i, want := range []int{0, 0, 429} {
		if got := status("192.0.2.1", 0, anew); got != want {
			t.Errorf("new reader %d: %d, want %d", i+1, got, want)
		}
	}
	for i, want := range []int{0, 0, 0, 429} {
		if got := status("192.0.2.1", 0, said(session)); got != want {
			t.Errorf("ask %d: %d, want %d", i+4, got, want)
		}
	}
	if got := status("192.0.2.2", 0, said(session)); got != 0 {
		t.Errorf("another address: %d", got)
	}
	r := receive(t, c, from("192.0.2.1", time.Second, said(session)))
	if r.Status != http.StatusTooManyRequests || r.RetryAfter != 9*time.Second {
		t.Errorf("a second later: %d, come again after %s, want 9s", r.Status, r.RetryAfter)
	}
	if got := status("192.0.2.1", 10*time.Second, said(session)); got != 0 {
		t.Errorf("when told to come again: %d", got)
	}
	if got := status("192.0.2.1", -24*time.Hour, said(session)); got != 0 {
		t.Errorf("with a clock that was set back: %d", got)
	}
}

func TestANetworkOf64BitsIsOneAddress(t *testing.T) {
	c := installed(t, "one", webchat.Budget{Asks: 1}, nobody)
	session := c.Session("")
	for i, tt := range []struct {
		address string
		want    int
	}{
		{"2001:db8:1:2:3::4", 0}, {"2001:db8:1:2:ffff::1", 429}, {"2001:db8:1:3::4", 0}, {"192.0.2.1", 0}, {"::ffff:192.0.2.1", 429},
	} {
		r := receive(t, c, from(tt.address, 0, said(session)))
		if r.Status != tt.want {
			t.Errorf("%d, %s: %d, want %d", i, tt.address, r.Status, tt.want)
		}
		if i == 0 && r.Asks[0].From != "2001:db8:1:2::" {
			t.Errorf("the ask is from %q", r.Asks[0].From)
		}
	}
}

func TestStreamsAreCountedByAddressAndSession(t *testing.T) {
	c := installed(t, "one", webchat.Budget{Streams: 10}, nobody)
	hold := func(address, session string) (*messengers.Stream, int) {
		stream, r, err := c.Events(t.Context(), from(address, 0, bearing(session)))
		if err != nil {
			t.Fatal(err)
		}
		if stream != nil {
			t.Cleanup(stream.Close)
		}
		return stream, r.Status
	}
	one := c.Session("")
	for i := range 8 {
		if stream, status := hold("192.0.2.1", one); stream == nil {
			t.Fatalf("stream %d of a session: %d", i+1, status)
		}
	}
	if _, status := hold("192.0.2.2", one); status != http.StatusTooManyRequests {
		t.Errorf("the ninth stream of a session: %d", status)
	}
	if _, status := hold("192.0.2.1", c.Session("")); status != 0 {
		t.Errorf("the ninth of an address: %d", status)
	}
	tenth, _ := hold("192.0.2.1", c.Session(""))
	if _, status := hold("192.0.2.1", c.Session("")); status != http.StatusTooManyRequests {
		t.Errorf("the eleventh of an address: %d", status)
	}
	if _, status := hold("192.0.2.9", c.Session("")); status != 0 {
		t.Errorf("another address: %d", status)
	}
	tenth.Close()
	tenth.Close()
	if _, status := hold("192.0.2.1", c.Session("")); status != 0 {
		t.Errorf("after one has ended: %d", status)
	}
	if _, status := hold("192.0.2.1", c.Session("")); status != http.StatusTooManyRequests {
		t.Errorf("an end that is told twice makes room for two: %d", status)
	}
}

func TestNobodyElsesStreamIsClosedByInventedSessionsOrABurst(t *testing.T) {
	c := installed(t, "one", webchat.Budget{Asks: 60, Sessions: 20, Streams: 20}, nobody)
	var streams []*messengers.Stream
	for i := range 200 {
		stream, r, err := c.Events(t.Context(), from(fmt.Sprintf("198.51.%d.%d", i/20, i%20), 0, bearing(c.Session(""))))
		if stream == nil {
			t.Fatalf("stream %d: %d %s, %v", i, r.Status, r.Body, err)
		}
		t.Cleanup(stream.Close)
		streams = append(streams, stream)
	}
	opened, answered := 0, 0
	for i := range 10_400 {
		invented := fmt.Sprintf("invented-session-%06d", i)
		address := fmt.Sprintf("203.0.%d.%d", i%7, i%250)
		if stream, _, _ := c.Events(t.Context(), from(address, 0, bearing(invented))); stream != nil {
			opened++
		}
		answered += len(receive(t, c, from(address, 0, said(invented))).Asks)
	}
	begun := 0
	for range 40_000 {
		begun += len(receive(t, c, from("203.0.113.7", 0, delivery(`{"text":"x"}`))).Asks)
	}
	closed := 0
	for _, s := range streams {
		select {
		case <-s.Events:
			closed++
		default:
		}
	}
	t.Logf("of 10,400 invented sessions %d opened a stream and %d were answered; of 40,000 readers of one address %d began; %d of 200 streams were closed", opened, answered, begun, closed)
	if opened+answered+closed != 0 || begun != 20 {
		t.Errorf("%d opened, %d answered, %d closed, %d begun", opened, answered, closed, begun)
	}
}

func TestAddressesAreForgottenBeforeTheyFillTheMemory(t *testing.T) {
	c := installed(t, "one", webchat.Budget{Asks: 1, Streams: 1}, nobody)
	session := c.Session("")
	held, _, err := c.Events(t.Context(), from("192.0.2.1", 0, bearing(session)))
	if held == nil {
		t.Fatal(err)
	}
	defer held.Close()
	receive(t, c, from("192.0.2.2", 0, said(session)))
	for i := range 50_000 {
		receive(t, c, from(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), 0, said("invented-session")))
	}
	if n := c.Addresses(); n > 20_000+1 {
		t.Errorf("%d addresses are remembered beside the one that listens", n-1)
	}
	if s, _, _ := c.Events(t.Context(), from("192.0.2.1", 0, bearing(c.Session("")))); s != nil {
		t.Error("an address whose stream is open was forgotten")
	}
}

func TestAddressesAreForgottenWhenTheyAreQuiet(t *testing.T) {
	c := installed(t, "one", webchat.Budget{Asks: 1, Streams: 1}, nobody)
	session := c.Session("")
	held, _, err := c.Events(t.Context(), from("192.0.2.1", 0, bearing(session)))
	if held == nil {
		t.Fatal(err)
	}
	t.Cleanup(held.Close)
	for i := range 2_000 {
		receive(t, c, from(fmt.Sprintf("10.0.%d.%d", i>>8, i&255), 0, said(session)))
	}
	for i := range 1_100 {
		receive(t, c, from(fmt.Sprintf("10.1.%d.%d", i>>8, i&255), 3*time.Minute, said(session)))
	}
	if n := c.Addresses(); n != 1_101 {
		t.Errorf("%d addresses are remembered, want those of the last minutes and the one that listens", n)
	}
}

func TestWhoMustWaitIsToldSoInTheirLanguage(t *testing.T) {
	c := installed(t, "one", webchat.Budget{Asks: 1}, nobody)
	receive(t, c, from("192.0.2.1", 0, delivery(`{"text":"x"}`)))
	for _, tt := range []struct{ body, accept, want string }{
		{`{"text":"x","language":"fr-CA"}`, "de", "Attendez"}, {`{"text":"x"}`, "sv, de;q=0.8", "warten"},
		{`{"text":"x"}`, "", "wait"}, {`{"text":"x","language":"it"}`, "", "Attenda"}, {`{"text":"x","language":"sv"}`, "", "wait"},
	} {
		d := from("192.0.2.1", 0, delivery(tt.body))
		d.Header["Accept-Language"] = []string{tt.accept}
		r := receive(t, c, d)
		var p struct {
			Detail     string
			RetryAfter int `json:"retry_after"`
		}
		if err := json.Unmarshal(r.Body, &p); err != nil || !strings.Contains(p.Detail, tt.want) || p.RetryAfter != 60 {
			t.Errorf("%s, %s: %s", tt.body, tt.accept, r.Body)
		}
	}
}
