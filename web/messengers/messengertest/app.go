package messengertest

import (
	"net/http"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

// AppCase is the app that carries channels of a kind.
type AppCase struct {
	// Settings are the app's.
	Settings map[string]any
	// Others are settings of further accounts that it carries, each laid over those
	// of the Case; one at least.
	Others []map[string]any
	// Deliveries are genuine ones to the app. Between them each account gets an
	// ask, and one of them brings something for several accounts; what the platform
	// proves the address by may be among them.
	Deliveries []messengers.Delivery
	// Apart says that the platform tells each account's in a delivery of its own.
	Apart bool
	// Sign and Forge are as in Case.
	Sign, Forge func(messengers.Delivery) messengers.Delivery
}

// app opens the case's app; nil if it has none.
func (c Case) app(t T, logs *record) messengers.App {
	if c.App == nil || c.Kind.App == nil {
		return nil
	}
	t.Helper()
	opener := c.Kind.App.New()
	if err := settings.Fill(opener, c.App.Settings); err != nil {
		t.Fatalf("fill the app's settings: %v", err)
	}
	a, err := opener.Open(world(t, logs))
	if err != nil {
		t.Fatalf("open the app: %v", err)
	}
	if c.wrapApp != nil {
		return c.wrapApp(a)
	}
	return a
}

// carried holds the app of a kind, and what its channels make of their parts,
// against what the service relies on.
func (c Case) carried(t T, logs *record) {
	if c.Kind.App == nil {
		return
	}
	if c.App == nil || len(c.App.Others) == 0 || c.App.Forge == nil {
		t.Errorf("a kind that an app may carry shows it: the case needs App, with Others and Forge")
		return
	}
	a := &carrier{T: t, of: c, app: c.app(t, logs), channels: map[string]messengers.Messenger{}}
	for _, set := range append([]map[string]any{nil}, c.App.Others...) {
		m := c.open(t, nowhere, set, logs)
		named, ok := m.(messengers.Carried)
		if !ok || named.Account() == "" || a.channels[named.Account()] != nil {
			t.Fatalf("a channel that an app carries names an account of its own")
		}
		a.channels[named.Account()] = m
	}
	a.routes()
	for i, d := range c.App.Deliveries {
		a.forged(i, d)
		a.garbage(d)
	}
}

type carrier struct {
	T
	of       Case
	app      messengers.App
	channels map[string]messengers.Messenger
}

// receive has the app read a delivery.
func (a *carrier) receive(d messengers.Delivery) (r messengers.Receipt, parts []messengers.Part) {
	a.Helper()
	defer func() {
		if p := recover(); p != nil {
			a.Errorf("a delivery breaks the app down: %v\n%q", p, shortened(d.Body))
		}
	}()
	r, parts, err := a.app.Receive(background(a), copied(d))
	if err != nil || r.Status >= http.StatusInternalServerError {
		a.Errorf("a delivery is never the app's own failure: status %d, %v", r.Status, err)
	}
	nothing(a, r, "what an app says itself")
	return r, parts
}

// routes: each account gets what is its own, and nothing else.
func (a *carrier) routes() {
	got, shared := map[string]int{}, false
	of := map[string]string{}
	for i, d := range a.of.App.Deliveries {
		r, parts := a.receive(d)
		if r.Status >= http.StatusBadRequest {
			a.Errorf("delivery %d to the app is refused with %d", i, r.Status)
		}
		accounts := map[string]bool{}
		for _, p := range parts {
			m := a.channels[p.Account]
			if m == nil {
				a.Errorf("delivery %d to the app has a part for %q, which no channel of the case is", i, p.Account)
				continue
			}
			accounts[p.Account] = true
			p.Delivery.At = d.At
			a.unverified(m, p)
			p.Delivery.Verified = true
			for _, in := range a.of.receive(a, m, p.Delivery).Asks {
				if other, taken := of[in.ID]; taken && other != p.Account {
					a.Errorf("the message %q reaches both %q and %q", in.ID, other, p.Account)
				}
				of[in.ID] = p.Account
				got[p.Account]++
			}
		}
		shared = shared || len(accounts) > 1
	}
	for account := range a.channels {
		if got[account] == 0 {
			a.Errorf("nothing that the app gets reaches the channel of %q", account)
		}
	}
	if !shared && !a.of.App.Apart {
		a.Errorf("no delivery to the app brings something for several accounts")
	}
}

// unverified hands a channel its part as anybody could.
func (a *carrier) unverified(m messengers.Messenger, p messengers.Part) {
	p.Delivery = copied(p.Delivery)
	p.Delivery.Verified, p.Delivery.Path, p.Delivery.Header, p.Delivery.Query = false, "", nil, nil
	nothing(a, a.of.receive(a, m, p.Delivery), "what no app has verified")
}

// forged: who can't prove who they are brings nothing and is told nothing.
func (a *carrier) forged(i int, d messengers.Delivery) {
	tries := append(unproven(d, a.of.App.Forge), variant{"forged", a.of.App.Forge(copied(d))})
	if a.of.App.Sign != nil && len(d.Body) > 0 {
		changed := copied(d)
		changed.Body = append(changed.Body, ' ')
		tries = append(tries, variant{"changed after it was signed", changed})
	}
	for _, try := range tries {
		r, parts := a.receive(try.delivery)
		if len(parts) > 0 || len(r.Body) > 0 || r.Status < http.StatusBadRequest {
			a.Errorf("delivery %d to the app, %s: status %d with %d bytes and %d parts; want 401, or another 4xx, and nothing else", i, try.what, r.Status, len(r.Body), len(parts))
		}
	}
}

// garbage that is signed, as a platform's own faults would be.
func (a *carrier) garbage(d messengers.Delivery) {
	sign := func(body []byte) messengers.Delivery {
		changed := copied(d)
		if changed.Body = body; a.of.App.Sign != nil {
			changed = a.of.App.Sign(changed)
		}
		return changed
	}
	for _, body := range mangledBodies(d.Body) {
		_, parts := a.receive(sign(body))
		for _, p := range parts {
			if m := a.channels[p.Account]; m != nil {
				p.Delivery.Verified, p.Delivery.At = true, d.At
				a.of.receive(a, m, p.Delivery)
			}
		}
	}
	for _, body := range hostileBodies(d.Body) {
		a.receive(sign(body))
	}
}
