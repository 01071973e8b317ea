package messengertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

const retrySeconds = 7

func (c Case) sends(t *testing.T, logs *record) {
	t.Run("nothing once the caller gave up", func(t *testing.T) { c.givenUp(t, logs) })
	if c.Base == "" {
		return
	}
	t.Run("whatever Shape makes", func(t *testing.T) { c.shaped(t, logs) })
	t.Run("and sorts refusals", func(t *testing.T) { c.refused(t, logs) })
	t.Run("and knows what never left", func(t *testing.T) { c.unreachable(t, logs) })
	t.Run("and knows what may have arrived", func(t *testing.T) { c.uncertain(t, logs) })
}

// limits checks what Shape and the sender rely on.
func (c Case) limits(t *testing.T, logs *record) {
	l := c.open(t, "http://127.0.0.1:9", nil, logs).Limits()
	switch l.Unit {
	case messengers.Runes, messengers.UTF16, messengers.Bytes, messengers.Segment:
	default:
		t.Errorf("unit %q is unknown", l.Unit)
	}
	if l.Markup != messengers.Plain && l.Markup != messengers.HTML {
		t.Errorf("markup %q is unknown", l.Markup)
	}
	if l.Text <= 0 || l.Messages < 0 || l.Buttons < 0 || l.Rate < 0 || l.InBand < 0 || l.Caption < 0 {
		t.Errorf("limits make no sense: %+v", l)
	}
	if l.Buttons > 0 && l.LabelRunes <= 0 {
		t.Error("buttons without a length of their labels")
	}
	for _, sentences := range []int{1, 100, 400, 5000} {
		long := strings.TrimSpace(strings.Repeat("Stir the cream for 3.5 min until it is firm. ", sentences))
		for form := range 4 {
			Whole(t, l, Recipe([]string{"Beat the eggs.", long, "Serve."}, form))
		}
	}
}

// failure returns the SendError of err, which must be one and tell no secret.
func (c Case) failure(t testing.TB, err error) *messengers.SendError {
	t.Helper()
	var send *messengers.SendError
	if !errors.As(err, &send) {
		t.Fatalf("%v is a %T, not a *SendError", err, err)
	}
	c.silent(t, fmt.Sprintf("%v %+v %q", err, err, err))
	return send
}

func hello() messengers.Message { return messengers.Message{Text: "Hello"} }

func (c Case) givenUp(t *testing.T, logs *record) {
	called := false
	api := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	m := c.open(t, api.URL, nil, logs)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := m.Send(ctx, c.Address, hello(), "1-1")
	api.Close()
	if send := c.failure(t, err); send.Fault == messengers.Uncertain || send.Fault == messengers.Blocked {
		t.Errorf("got %s, though nothing was sent", send.Fault)
	}
	if called {
		t.Error("the API was called")
	}
}

// serve answers every request with a status and a body.
func serve(t testing.TB, status int, body string) string {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", strconv.Itoa(retrySeconds))
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(api.Close)
	return api.URL
}

func (c Case) shaped(t *testing.T, logs *record) {
	m := c.open(t, serve(t, http.StatusOK, c.Success), nil, logs)
	var group sync.WaitGroup
	for i, r := range replies() {
		group.Go(func() {
			for part, message := range messengers.Shape(r, m.Limits()) {
				key := fmt.Sprintf("%d-%d", i, part)
				if err := m.Send(background(t), c.Address, message, key); err != nil {
					t.Errorf("reply %d, message %d: %v", i, part, err)
				}
				c.wire(t, m, message)
			}
		})
	}
	group.Wait()
}

func (c Case) wire(t testing.TB, m messengers.Messenger, message messengers.Message) {
	p, ok := m.(messengers.Presenter)
	if !ok {
		return
	}
	body, err := p.Wire(c.Address, message)
	if err != nil || len(body) == 0 {
		t.Errorf("wire: %q, %v", body, err)
	}
	c.silent(t, string(body))
}

// replies are the shapes that answers come in.
func replies() []pull.Reply {
	long := strings.Repeat("A sentence of some length, with <signs> & “quotes”. ", 400)
	picture := []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A"}}
	return []pull.Reply{
		{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Hello"}}},
		{Blocks: []pull.Block{{Kind: pull.Title, Text: "<b>&"}, {Kind: pull.Link, Text: `"x"`, URL: "https://example.org/?a=1&b=2"}}},
		{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: long}}, Media: picture},
		{Media: picture},
		{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "👩‍👩‍👧‍👦 привет 今日は"}}, Buttons: []pull.Button{
			{Label: strings.Repeat("label ", 20), Send: "k:news"}, {Label: "Site", URL: "https://example.org"}, {Label: "Near", URL: "http://localhost/x"},
		}},
	}
}

func (c Case) refused(t *testing.T, logs *record) {
	table := usual()
	maps.Copy(table, c.Faults)
	for status, want := range table {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			body := ""
			if c.Refusal != nil {
				body = c.Refusal(status, retrySeconds)
			}
			m := c.open(t, serve(t, status, body), nil, logs)
			send := c.failure(t, m.Send(background(t), c.Address, hello(), "1-1"))
			if send.Fault != want {
				t.Errorf("got %s (%v), want %s", send.Fault, send, want)
			}
			c.retry(t, send)
		})
	}
}

// retry checks that a limit says until when, by the messenger's clock or the
// real one, which the header is read by.
func (c Case) retry(t testing.TB, e *messengers.SendError) {
	t.Helper()
	if e.Fault != messengers.LimitedUntil {
		return
	}
	byClock, byTime := e.RetryAt.Sub(Now()), time.Until(e.RetryAt)
	within := func(d time.Duration) bool {
		return d > (retrySeconds-5)*time.Second && d <= (retrySeconds+1)*time.Second
	}
	if !within(byClock) && !within(byTime) {
		t.Errorf("retry at %s, want in %d s", e.RetryAt, retrySeconds)
	}
}

func (c Case) unreachable(t *testing.T, logs *record) {
	api := httptest.NewServer(http.NotFoundHandler())
	base := api.URL
	api.Close()
	send := c.failure(t, c.open(t, base, nil, logs).Send(background(t), c.Address, hello(), "1-1"))
	if send.Fault != messengers.Temporary {
		t.Errorf("connection refused: got %s (%v), want %s", send.Fault, send, messengers.Temporary)
	}
}

// uncertain cuts the connection, or the caller's patience, after the request
// was read.
func (c Case) uncertain(t *testing.T, logs *record) {
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
		t.Run(name, func(t *testing.T) {
			api := httptest.NewServer(handler)
			defer api.Close()
			ctx, cancel := context.WithCancel(background(t))
			defer cancel()
			go func() {
				select {
				case <-arrived:
					cancel()
				case <-ctx.Done():
				}
			}()
			send := c.failure(t, c.open(t, api.URL, nil, logs).Send(ctx, c.Address, hello(), "1-1"))
			if send.Fault != messengers.Uncertain {
				t.Errorf("got %s (%v), want %s", send.Fault, send, messengers.Uncertain)
			}
		})
	}
}
