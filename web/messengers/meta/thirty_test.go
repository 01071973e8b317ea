package meta_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/pipeline"
	"keypull/pull/settings"
	"keypull/pull/who"
	"keypull/web/messengers"
	"keypull/web/messengers/instagram"
	"keypull/web/messengers/messenger"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
	"keypull/web/messengers/meta"
	"keypull/web/messengers/whatsapp"
)

// The accounts of the test: pages of so many publishers, of which one has a token
// that is dead, and another no channel any more.
const (
	pages  = 30
	dead   = 7
	closed = 11
)

// reached is what somebody got: of which account, who, and what.
type reached struct{ account, reader, text string }

// platform stands in for the Graph API: it takes a message of the account that
// the token is of, to somebody who wrote to that account, in a body with nothing
// that the API does not know.
type platform struct {
	mu    sync.Mutex
	got   []reached
	wrong []string
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	account, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer token-of-")
	raw, err := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	to, text, fault := read(raw)
	switch {
	case bytes.Contains(raw, []byte(`"typing_on"`)) || bytes.Contains(raw, []byte(`"typing_indicator"`)):
		// A slow machine shows that an answer is being written; that is no message.
		_, _ = io.WriteString(w, `{}`)
		return
	case !ok || err != nil || fault != "":
		p.wrong = append(p.wrong, fault+" "+string(raw))
		w.WriteHeader(http.StatusBadRequest)
		return
	case account == pageOf(dead):
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, metatest.Refused(190, 463))
		return
	case !strings.HasSuffix(to, account[len(account)-2:]) || strings.Contains(r.URL.Path, "messages") == false:
		p.wrong = append(p.wrong, "token of "+account+": "+string(raw))
	}
	p.got = append(p.got, reached{account, to, text})
	_, _ = fmt.Fprintf(w, `{"message_id":"m%d","messages":[{"id":"m%d"}]}`, len(p.got), len(p.got))
}

// read reads the body of either API.
func read(raw []byte) (to, text, fault string) {
	var direct struct {
		Recipient struct {
			ID string `json:"id"`
		} `json:"recipient"`
		Type    string `json:"messaging_type"`
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
	}
	var number struct {
		Product string `json:"messaging_product"`
		Key     string `json:"biz_opaque_callback_data"`
		Kind    string `json:"recipient_type"`
		To      string `json:"to"`
		Context any    `json:"context"`
		Type    string `json:"type"`
		Text    struct {
			Body string `json:"body"`
		} `json:"text"`
	}
	strict := func(v any) error {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		return d.Decode(v)
	}
	if err := strict(&direct); err == nil {
		return direct.Recipient.ID, direct.Message.Text, map[bool]string{true: "no type"}[direct.Type != "RESPONSE"]
	}
	if err := strict(&number); err != nil {
		return "", "", err.Error()
	}
	return number.To, number.Text.Body, map[bool]string{true: "no product"}[number.Product != "whatsapp" || number.Type != "text"]
}

func pageOf(i int) string { return fmt.Sprintf("1000%02d", i) }

// kept is a Pipeline that keeps each ask once, by its channel and its own id.
type kept struct {
	messengers.Pipeline
	known map[string]bool
	asks  []pull.Ask
}

func (k *kept) Take(_ context.Context, asks []pull.Ask) ([]pipeline.Accepted, error) {
	accepted := make([]pipeline.Accepted, len(asks))
	for i := range asks {
		id := asks[i].Publisher + "/" + asks[i].Channel + "/" + asks[i].Incoming.ID
		if accepted[i].Duplicate = k.known[id]; accepted[i].Duplicate {
			continue
		}
		k.known[id] = true
		asks[i].ID = uint64(len(k.asks) + 1)
		k.asks = append(k.asks, asks[i])
	}
	return accepted, nil
}

// world opens the app with all that it carries.
func world(t *testing.T, base string) (*messengers.Channels, *messengers.OpenApp) {
	t.Helper()
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(client.Close)
	env := messengers.Env{Client: client, Clock: messengertest.Now}
	app, err := (&meta.AppSettings{Secret: metatest.AppSecret, Verify: metatest.Verify}).Open(env)
	if err != nil {
		t.Fatal(err)
	}
	env.App = app
	open := func(kind messengers.Kind, publisher, account string, values map[string]any) *messengers.Channel {
		values["api_base"], values["access_token"] = base, "token-of-"+account
		opener := kind.New()
		if err := settings.Fill(opener, values); err != nil {
			t.Fatal(err)
		}
		m, err := opener.Open(env)
		if err != nil {
			t.Fatal(err)
		}
		c := messengers.NewChannel(publisher, kind.Name, kind.Name, m)
		c.App, c.Account = "meta", m.(messengers.Carried).Account()
		return c
	}
	channels := &messengers.Channels{}
	for i := range pages {
		publisher := fmt.Sprintf("p%02d", i)
		all := []*messengers.Channel{
			open(whatsapp.Kind, publisher, "2"+pageOf(i), map[string]any{"phone_number_id": "2" + pageOf(i)}),
			open(instagram.Kind, publisher, "3"+pageOf(i), map[string]any{"account_id": "3" + pageOf(i)}),
		}
		if i != closed {
			all = append(all, open(messenger.Kind, publisher, pageOf(i), map[string]any{"page_id": pageOf(i)}))
		}
		channels.Set(publisher, all)
	}
	return channels, &messengers.OpenApp{ID: "meta", Kind: "meta", App: app}
}

// batches returns what Meta delivers: each account gets asks of two readers, in any
// order, many accounts in one delivery.
func batches(r *rand.Rand) []messengers.Delivery {
	var direct, photo, numbers []string
	for i := range pages {
		for n := range 2 {
			reader, mid := fmt.Sprintf("9%d%02d", n, i), fmt.Sprintf("mid.%d.%d", i, n)
			event := func(own string) string {
				return fmt.Sprintf(`{"id":%q,"messaging":[{"sender":{"id":%q},"recipient":{"id":%q},"message":{"mid":%q,"text":"ask %s"}}]}`, own, reader, own, mid, own)
			}
			direct, photo = append(direct, event(pageOf(i))), append(photo, event("3"+pageOf(i)))
			numbers = append(numbers, fmt.Sprintf(`{"field":"messages","value":{"metadata":{"phone_number_id":%q},"messages":[{"from":"49151%s","id":%q,"type":"text","text":{"body":"ask %s"}}]}}`,
				"2"+pageOf(i), reader, mid, "2"+pageOf(i)))
		}
	}
	var all []messengers.Delivery
	for _, of := range []struct {
		events []string
		around string
	}{
		{direct, `{"object":"page","entry":[%s]}`}, {photo, `{"object":"instagram","entry":[%s]}`},
		{numbers, `{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[%s]}]}`},
	} {
		r.Shuffle(len(of.events), func(i, j int) { of.events[i], of.events[j] = of.events[j], of.events[i] })
		for some := range slices.Chunk(of.events, 23) {
			all = append(all, metatest.AppDelivery(fmt.Sprintf(of.around, strings.Join(some, ","))))
		}
	}
	return all
}

func TestOnePagesTroubleIsNoOthers(t *testing.T) {
	api := &platform{}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	channels, app := world(t, server.URL)
	k := &kept{known: map[string]bool{}}
	h := &messengers.Hook{
		Channels: channels, Pipeline: k, Clock: messengertest.Now, Logger: slog.New(slog.DiscardHandler),
		Pseudonym: func(publisher, channel, reader string) who.Key { return who.Key(publisher + channel + reader) },
	}
	r := rand.New(rand.NewPCG(30, 30)) //nolint:gosec // a test repeats itself
	for range 2 {                      // Meta says it again
		for _, d := range batches(r) {
			if got := h.ServeApp(t.Context(), app, d); got.Status != 0 {
				t.Fatalf("a batch gets %d", got.Status)
			}
		}
	}
	if want := pages*3*2 - 2; len(k.asks) != want || app.Strangers() != 4 {
		t.Fatalf("%d asks, want %d; %d were for accounts that nobody has", len(k.asks), want, app.Strangers())
	}
	courier := messengers.NewCourier(channels, messengertest.Now, slog.New(slog.DiscardHandler))
	fates := map[pipeline.Fate]int{}
	for _, a := range k.asks {
		account := channels.Find(a.Publisher, a.Channel).Account
		if a.Text != "ask "+account || a.Publisher[1:] != account[len(account)-2:] {
			t.Errorf("%s/%s is asked %q", a.Publisher, a.Channel, a.Text)
		}
		fates[courier.Deliver(t.Context(), pipeline.Parcel{Ask: a, Reply: pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "answer to " + a.Text}}}}).Fate]++
	}
	if fates[pipeline.Sent] != len(k.asks)-2 || fates[pipeline.Waits] != 2 {
		t.Errorf("fates are %v", fates)
	}
	for _, wrong := range api.wrong {
		t.Errorf("the platform refuses %s", wrong)
	}
	for _, g := range api.got {
		if g.text != "answer to ask "+g.account {
			t.Errorf("%s has %q sent", g.account, g.text)
		}
	}
	for _, c := range channels.All() {
		broken := c.Publisher == fmt.Sprintf("p%02d", dead) && c.Kind == "messenger"
		if health := c.Health(); broken != !health.Paused.IsZero() || broken != (health.Sent == 0) {
			t.Errorf("%s/%s: %+v", c.Publisher, c.ID, health)
		}
	}
}
