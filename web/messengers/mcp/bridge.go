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
	r := (&http.Request{
		Method: http.MethodPost, URL: &url.URL{Path: "/"}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(bytes.Clone(d.Body))), ContentLength: int64(len(d.Body)),
	}).WithContext(ctx)
	for _, name := range []string{"Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name"} {
		r.Header[name] = slices.Clone(d.Header[name])
	}
	// We answer in JSON, whatever the caller says that it reads.
	r.Header["Content-Type"] = []string{"application/json"}
	r.Header["Accept"] = []string{"application/json, text/event-stream"}
	w := &recorder{header: http.Header{}}
	m.handler.ServeHTTP(w, r)
	receipt := w.receipt(c)
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

// receipt returns the response as a receipt. What ended without one, or failed, is
// told as a fault of the protocol: the request may come again.
func (w *recorder) receipt(c *call) messengers.Receipt {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	r := messengers.Receipt{
		Asks: slices.Clone(c.asks), Status: cmp.Or(w.status, http.StatusOK), ContentType: w.header.Get("Content-Type"), Body: bytes.Clone(w.body.Bytes()),
	}
	if r.Status >= http.StatusInternalServerError || r.Status == http.StatusOK && len(r.Body) == 0 {
		messages, _ := readMessages(c.delivery.Body)
		r.Asks, r.Status, r.ContentType = nil, http.StatusOK, "application/json"
		id := json.RawMessage("null")
		if len(messages) == 1 && messages[0]["id"] != nil {
			id = messages[0]["id"]
		}
		r.Body = fault(id, internal, timedOut)
	}
	return r
}
