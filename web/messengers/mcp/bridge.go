package mcp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"keypull/web/messengers"
)

const (
	// bridgeTime bounds what the library does with a request: only what hangs takes as long.
	bridgeTime = 5 * time.Second
	timedOut   = "request timed out" // said to programmers
)

// call is one request on its way through the library: who asks, and what asks the
// tools have found in it.
type call struct {
	server   *sdk.Server
	delivery messengers.Delivery
	caller   caller

	mu   sync.Mutex
	asks []messengers.Incoming
}

type callKey struct{}

// callOf returns the request that a tool is called by.
func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// bridge has the library read a request, and returns what it says, with the asks
// whose answers are still to be filled in.
func (m *Server) bridge(ctx context.Context, d messengers.Delivery, who caller) messengers.Receipt {
	c := &call{server: m.library(), delivery: d, caller: who}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, callKey{}, c), bridgeTime)
	defer cancel()
	var batch []json.RawMessage
	if json.Unmarshal(d.Body, &batch) != nil || len(batch) < 2 {
		return m.serveMessage(ctx, c, d.Body)
	}
	// The library would answer them side by side; who asks twice is heard in that order.
	receipt := messengers.Receipt{Status: http.StatusAccepted}
	var answers []json.RawMessage
	for _, message := range batch {
		r := m.serveMessage(ctx, c, message)
		if r.Status >= http.StatusBadRequest {
			return r
		}
		if receipt.Asks = r.Asks; len(r.Body) > 0 {
			receipt.Status, receipt.ContentType, answers = r.Status, r.ContentType, append(answers, r.Body)
		}
	}
	if len(answers) > 0 {
		receipt.Body = messengers.JSON(answers)
	}
	return receipt
}

// serveMessage has the library answer one message, and returns what it says with all asks of
// the call so far.
func (m *Server) serveMessage(ctx context.Context, c *call, body []byte) messengers.Receipt {
	d := c.delivery
	d.Body = body
	c.mu.Lock()
	before := len(c.asks)
	c.mu.Unlock()
	r := (&http.Request{
		Method: http.MethodPost, URL: &url.URL{Path: "/"}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(bytes.Clone(body))), ContentLength: int64(len(body)),
	}).WithContext(ctx)
	for _, name := range []string{"Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name"} {
		r.Header[name] = slices.Clone(d.Header[name])
	}
	// We answer in JSON, whatever the caller says that it reads.
	r.Header["Content-Type"] = []string{"application/json"}
	r.Header["Accept"] = []string{"application/json, text/event-stream"}
	w := &recorder{header: http.Header{}}
	m.handler.ServeHTTP(w, r)
	receipt := w.receipt(c, body, before)
	receipt.Progress = progress(d, receipt)
	return receipt
}

// recorder keeps what the library answers.
type recorder struct {
	mu     sync.Mutex
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers of the response.
func (w *recorder) Header() http.Header { return w.header }

// WriteHeader keeps the first status.
func (w *recorder) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status = cmp.Or(w.status, status)
}

// Write appends to the body.
func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.body.Write(p)
}

// Flush has nothing to push.
func (*recorder) Flush() {}

// receipt returns the response to a message as a receipt. What ended without one, or
// failed, is told as a fault of the protocol and has asked nothing beyond the asks before
// it: the request may come again.
func (w *recorder) receipt(c *call, asked []byte, before int) messengers.Receipt {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	r := messengers.Receipt{
		Asks: slices.Clone(c.asks), Status: cmp.Or(w.status, http.StatusOK), ContentType: w.header.Get("Content-Type"), Body: bytes.Clone(w.body.Bytes()),
	}
	if r.Status >= http.StatusInternalServerError || r.Status == http.StatusOK && (len(r.Body) == 0 || isUncoded(r.Body)) {
		messages, _ := readMessages(asked)
		c.asks = c.asks[:min(before, len(c.asks))]
		r.Asks, r.Status, r.ContentType = slices.Clone(c.asks), http.StatusOK, "application/json"
		id := json.RawMessage("null")
		if len(messages) == 1 && messages[0]["id"] != nil {
			id = messages[0]["id"]
		}
		r.Body = fault(id, internal, timedOut)
	}
	return r
}

// isUncoded reports whether a response is an error that the library has no code for, as
// where the time is over: its text is Go's, and meant for nobody who calls.
func isUncoded(body []byte) bool {
	var r struct {
		Error *struct {
			Code int `json:"code"`
		} `json:"error"`
	}
	return json.Unmarshal(body, &r) == nil && r.Error != nil && r.Error.Code == 0
}
