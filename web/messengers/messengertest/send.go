package messengertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"

	"keypull/pull"
	"keypull/web/messengers"
)

const retrySeconds = 7

// sends is a Case whose messages are looked at as the platform gets them.
type sends struct{ Case }

func (c sends) sends(t T, logs *record) {
	t.Run("nothing once the caller gave up", func(t T) { c.givenUp(t, logs) })
	if c.Base == "" {
		return
	}
	if c.Other == "" || c.Other == c.Address {
		t.Fatalf("a case names two addresses, or one could not be told from another")
	}
	t.Run("whatever Shape makes, word for word", func(t T) { c.shaped(t, logs) })
	t.Run("to whom it is meant for", func(t T) { c.addressed(t, logs) })
	t.Run("where it was asked", func(t T) { c.threaded(t, logs) })
	t.Run("what is written on a button, and what it sends", func(t T) { c.labelled(t, logs) })
	t.Run("what follows in the same call", func(t T) { c.together(t, logs) })
	t.Run("in an approved text", func(t T) { c.approved(t, logs) })
	t.Run("no more than it says it can", func(t T) { c.within(t, logs) })
	t.Run("and reads the answer however its JSON is written", func(t T) { c.respoken(t, logs) })
	t.Run("with the key that it promises to mind", func(t T) { c.keyed(t, logs) })
	t.Run("and shows whose it is", func(t T) { c.shows(t, logs) })
	t.Run("and tells no secret that comes back", func(t T) { c.echoed(t, logs) })
	t.Run("and hears a no that is said with 200", func(t T) { c.rejected(t, logs) })
	t.Run("and knows an account that is refused", func(t T) { c.revoked(t, logs) })
	t.Run("and sorts refusals", func(t T) { c.refused(t, logs) })
	t.Run("by the rows of its table", func(t T) { c.sorted(t, logs) })
	t.Run("and knows what never left", func(t T) { c.unreachable(t, logs) })
	t.Run("and knows what may have arrived", func(t T) { c.uncertain(t, logs) })
}

// failure returns the SendError of err, which must be one and tell no secret.
func (c sends) failure(t T, err error) *messengers.SendError {
	t.Helper()
	var send *messengers.SendError
	if !errors.As(err, &send) {
		t.Fatalf("%v is a %T, not a *SendError", err, err)
	}
	c.silent(t, fmt.Sprintf("%v %+v %q", err, err, err))
	return send
}

// to returns a message to an address.
func to(address string, m messengers.Message, key string) messengers.Sending {
	return messengers.Sending{Message: m, Address: address, Key: key, Why: messengers.Answer, Asked: Now(), Language: "en"}
}

func (c sends) hello(key string) messengers.Sending {
	return to(c.Address, messengers.Message{Text: "Hello", Voice: "Hello"}, key)
}

// send has the kind send what must arrive.
func (c sends) send(t T, m messengers.Messenger, s messengers.Sending) {
	t.Helper()
	id, err := m.Send(background(t), s)
	if err != nil {
		t.Fatalf("%q could not be sent: %v", s.Text, err)
	}
	if want := strings.ReplaceAll(c.ID, "{key}", s.Key); s.Address == c.Address && id != want {
		t.Errorf("the platform calls the message %q, and Send %q", want, id)
	}
}

func (c sends) givenUp(t T, logs *record) {
	var called atomic.Bool
	m := c.open(t, c.stand(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Store(true) })), nil, logs)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := m.Send(ctx, c.hello("1-1"))
	if send := c.failure(t, err); send.Fault == messengers.Uncertain || send.Fault == messengers.Blocked {
		t.Errorf("got %s, though nothing was sent", send.Fault)
	}
	if called.Load() {
		t.Errorf("the API was called")
	}
}

// shaped sends what answers are made of, and looks for each part of them in what
// the platform got.
func (c sends) shaped(t T, logs *record) {
	a := c.serve(t, http.StatusOK, c.Success)
	m := c.open(t, a.url, nil, logs)
	for i, r := range replies() {
		for part, message := range messengers.Shape(r, m.Limits()) {
			s := to(c.Address, message, fmt.Sprintf("%d-%d", i, part))
			own := s
			own.Buttons, own.Rows, own.Media = slices.Clone(s.Buttons), slices.Clone(s.Rows), slices.Clone(s.Media)
			c.send(t, m, own)
			got := a.taken()
			c.told(t, got, "the platform", message)
			c.leads(t, got, a.url, message)
			c.wire(t, m, s)
		}
	}
}

// told fails where the platform was not told what a message holds.
func (Case) told(t T, got []string, who string, m messengers.Message) {
	t.Helper()
	if m.Template == nil && !says(got, m.Text) && (m.Voice == "" || !says(got, m.Voice)) {
		t.Errorf("%s never got the text %q", who, shortened([]byte(m.Text)))
	}
	at, whole := 0, strings.Join(got, "\n")
	for _, b := range m.Buttons {
		if now := strings.Index(whole, b.Label); now >= 0 && now < at {
			t.Errorf("%s gets the button %q in another order", who, b.Label)
		} else {
			at = now
		}
		if !says(got, b.Label) || b.URL != "" && !says(got, b.URL) {
			t.Errorf("%s never got the button %q", who, b.Label)
		}
		if b.Send != "" && !says(got, b.Send) {
			t.Errorf("%s never got what the button %q sends", who, b.Label)
		}
	}
	for _, r := range m.Rows {
		if !says(got, r.Label) || !says(got, r.Detail) || !says(got, r.Send) {
			t.Errorf("%s never got the row %q", who, r.Label)
		}
	}
	if !says(got, m.Subject) {
		t.Errorf("%s never got the subject %q", who, m.Subject)
	}
	if m.Template != nil && slices.ContainsFunc(append(m.Template.Values, m.Template.Name), func(s string) bool { return !says(got, s) }) {
		t.Errorf("%s never got the template %q with %q", who, m.Template.Name, m.Template.Values)
	}
	for _, media := range m.Media {
		if !says(got, media.URL) {
			t.Errorf("%s never got the %s %s", who, media.Type, media.URL)
		}
	}
}

func (c sends) wire(t T, m messengers.Messenger, s messengers.Sending) {
	t.Helper()
	p, ok := m.(messengers.Presenter)
	if !ok {
		return
	}
	body, err := p.Wire(s)
	if err != nil || len(body) == 0 {
		t.Errorf("wire: %q, %v", body, err)
	}
	c.silent(t, string(body))
}

// addressed sends one message to two readers.
func (c sends) addressed(t T, logs *record) {
	a := c.serve(t, http.StatusOK, c.Success)
	m := c.open(t, a.url, nil, logs)
	for _, address := range []string{c.Address, c.Other} {
		s := c.hello("1-1")
		s.Address = address
		c.send(t, m, s)
		other := c.Other
		if address == c.Other {
			other = c.Address
		}
		a.once(t)
		got := a.taken()
		if !names(got, address) {
			t.Errorf("what is sent to %q does not name it", address)
		}
		if names(got, other) && !strings.Contains(address, other) {
			t.Errorf("what is sent to %q names %q", address, other)
		}
		if strings.Contains(c.ID, "{key}") && !says(got, s.Key) {
			t.Errorf("Send calls the message by its key, which the platform was not told")
		}
	}
}

// labelled: people read the label of a button, and the platform sends back the other.
func (c sends) labelled(t T, logs *record) {
	l := c.open(t, nowhere, nil, logs).Limits()
	if l.Buttons+l.Rows == 0 || c.Bridge != nil {
		return
	}
	if c.Label == "" {
		t.Errorf("a case whose messages have buttons or rows says by Label how the platform calls the field of what is written on one")
		return
	}
	var labels []string
	api := c.stand(t, c.before(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		rewritten(messengers.Delivery{Header: r.Header, Body: body}, func(name, text string) string {
			if slices.Contains(strings.Fields(c.Label), name) {
				labels = append(labels, text)
			}
			return text
		})
		_, _ = io.WriteString(w, c.Success)
	}))
	m := c.open(t, api, nil, logs)
	for _, of := range []int{l.Buttons, -l.Rows} {
		labels = nil
		said := messengers.Message{Text: "Which?"}
		var want []string
		for i := range max(of, -of) {
			label, sends := fmt.Sprint("Home ", i), fmt.Sprint("k:home-", i)
			if want = append(want, label); of > 0 {
				said.Buttons = append(said.Buttons, pull.Button{Label: label, Send: sends})
			} else {
				said.Rows = append(said.Rows, messengers.Row{Label: label, Send: sends})
			}
		}
		c.send(t, m, to(c.Address, said, "1-1"))
		labels = slices.DeleteFunc(labels, func(text string) bool { return !strings.HasPrefix(text, "Home ") && !strings.HasPrefix(text, "k:") })
		if !slices.Equal(labels, want) {
			t.Errorf("buttons with the labels %q go out with the %s %q", want, c.Label, labels)
		}
	}
}

// together: what one call carries of a reply goes out whole.
func (c sends) together(t T, logs *record) {
	a := c.serve(t, http.StatusOK, c.Success)
	m := c.open(t, a.url, nil, logs)
	s := c.hello("1-1")
	for n := 1; n < m.Limits().Together; n++ {
		s.Rest = append(s.Rest, messengers.Message{Text: fmt.Sprintf("Part %d", n)})
	}
	c.send(t, m, s)
	got := a.taken()
	whole := strings.Join(got, "\n")
	for at, part := range append([]messengers.Message{s.Message}, s.Rest...) {
		c.told(t, got, "the platform", part)
		if at > 0 && strings.Index(whole, part.Text) < strings.Index(whole, s.Text) {
			t.Errorf("what follows in the same call, %q, goes out before %q", part.Text, s.Text)
		}
	}
}

// approved sends what goes out behind the window.
func (c sends) approved(t T, logs *record) {
	a := c.serve(t, http.StatusOK, c.Success)
	m := c.open(t, a.url, nil, logs)
	l := m.Limits()
	if l.Template == "" {
		return
	}
	s := c.hello("1-1")
	s.Why, s.Template = messengers.Later, &messengers.Template{Name: l.Template, Language: "en", Values: []string{"Hello"}}
	c.send(t, m, s)
	c.told(t, a.taken(), "the platform", s.Message)
}

// within sends a text as long as the kind says that it can be, with a link that
// few platforms take for a button.
func (c sends) within(t T, logs *record) {
	a := c.serve(t, http.StatusOK, c.Success)
	m := c.open(t, a.url, nil, logs)
	l := m.Limits()
	one := l
	one.Messages = 1
	long := messengers.Shape(pull.Reply{
		Blocks:  []pull.Block{{Kind: pull.Paragraph, Text: strings.Repeat("many words ", 1+l.Text)}},
		Buttons: []pull.Button{{Label: "Near", URL: "http://localhost/" + strings.Repeat("x", 80)}},
	}, one)
	s := to(c.Address, long[0], "1-1")
	if _, err := m.Send(background(t), s); err != nil {
		t.Fatalf("a text of the length that Limits say could not be sent: %v", err)
	}
	for _, leaf := range a.taken() {
		if extra := strings.Replace(leaf, s.Text, "", 1); extra != leaf && size(l.Unit, s.Text)+size(l.Unit, extra) > l.Text && extra != "" {
			t.Errorf("a text of %d %s goes out, the most is %d", size(l.Unit, leaf), l.Unit, l.Text)
		}
	}
}

// size returns the length of a text in a unit.
func size(u messengers.Unit, s string) int {
	n := 0
	switch u {
	case messengers.Bytes:
		return len(s)
	case messengers.Segment:
		n, _ = messengers.Segments(s)
		return n
	case messengers.UTF16:
		for _, r := range s {
			n++
			if r > 0xFFFF {
				n++
			}
		}
		return n
	case messengers.Runes:
	}
	return len([]rune(s))
}

// keyed holds a kind to what it says of keys: the platform can drop a repeated
// one only if it is told.
func (c sends) keyed(t T, logs *record) {
	a := c.serve(t, http.StatusOK, c.Success)
	m := c.open(t, a.url, nil, logs)
	if !m.Limits().Idempotent {
		return
	}
	sent := func(key string) []string {
		c.send(t, m, c.hello(key))
		got := a.taken()
		slices.Sort(got)
		return got
	}
	first, again, other := sent("41-1"), sent("41-1"), sent("42-1")
	if !slices.Equal(first, again) {
		t.Errorf("a message that is sent again with its key is another one: %q and %q", first, again)
	}
	if slices.Equal(first, other) {
		t.Errorf("the kind says that a repeated key is dropped, and sends none")
	}
}

func (c sends) unreachable(t T, logs *record) {
	api := httptest.NewServer(http.NotFoundHandler())
	base := api.URL
	api.Close()
	_, err := c.open(t, base, nil, logs).Send(background(t), c.hello("1-1"))
	if send := c.failure(t, err); send.Fault != messengers.Temporary {
		t.Errorf("connection refused: got %s (%v), want %s", send.Fault, send, messengers.Temporary)
	}
}

// uncertain cuts the connection, or the caller's patience, after the request
// was read.
func (c sends) uncertain(t T, logs *record) {
	arrived := make(chan struct{}, 8)
	handlers := map[string]http.HandlerFunc{
		"the connection is cut": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			panic(http.ErrAbortHandler)
		},
		"no answer comes in time": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			arrived <- struct{}{}
			<-r.Context().Done()
		},
	}
	for name, handler := range handlers {
		t.Run(name, func(t T) {
			api := c.stand(t, c.before(handler))
			ctx, cancel := context.WithCancel(background(t))
			defer cancel()
			go func() {
				select {
				case <-arrived:
					cancel()
				case <-ctx.Done():
				}
			}()
			_, err := c.open(t, api, nil, logs).Send(ctx, c.hello("1-1"))
			if send := c.failure(t, err); send.Fault != messengers.Uncertain {
				t.Errorf("got %s (%v), want %s", send.Fault, send, messengers.Uncertain)
			}
		})
	}
}

// before answers what carries no message, and leaves the rest to a handler.
func (c sends) before(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if c.Aside != nil {
			if answer, aside := c.Aside(r); aside {
				_, _ = io.WriteString(w, answer)
				return
			}
		}
		next(w, r)
	}
}
