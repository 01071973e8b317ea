package outside

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
)

// Place is how a host is called.
var Place = hostPort

// Idle reports whether nobody waits and that many places are free.
func (l *FairQueue) Idle(places int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.free == places && len(l.lines) == 0 && len(l.turns) == 0
}

// Read reads a body as a response's is.
func Read(answer *http.Response, limit int64) ([]byte, error) {
	return readBody(answer, limit, nil)
}

// Host is a host for tests.
type Host struct{ h *host }

// NewHost returns one.
func NewHost(o Options) *Host {
	o = o.withDefaults()
	return &Host{newHost("host.example:443", "host.example", &o)}
}

// Enter takes a place and gives it back.
func (h *Host) Enter(ctx context.Context) error {
	in, err := h.h.enterQueue(ctx, ErrandOf(ctx), false)
	if err == nil {
		in.Release()
	}
	return err
}

// Wire returns a request as direct sends it, and as net/http alone would; whole is
// false where the body is to follow.
func Wire(r Request, agent string) (own, usual []byte, whole bool, err error) {
	t, err := newAttempt(Errand{}, r, agent)
	if err != nil {
		return nil, nil, false, err
	}
	if own, whole, err = t.appendWire(nil); err != nil {
		return nil, nil, false, err
	}
	var all bytes.Buffer
	err = t.httpRequest().Write(&all)
	return own, all.Bytes(), whole, err
}

// Plain reads a response as direct does where it is plain, and says how much
// there is behind it.
func Plain(raw []byte, method string, limit int64) (r Response, left int, ok bool, err error) {
	limited := &io.LimitedReader{R: bytes.NewReader(raw), N: MaxHeaderBytes}
	c := &directConn{limited: limited, in: bufio.NewReaderSize(limited, directBuffer)}
	read, ok, err := c.readPlain(method, limit)
	rest, _ := io.ReadAll(c.in)
	return Response{Status: read.status, Header: read.header, Body: read.body}, len(rest), ok, err
}
