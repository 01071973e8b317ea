package outside_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull/outside"
)

// sender returns a client that may reach this machine.
func sender(t *testing.T) *outside.Client {
	t.Helper()
	c := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(c.Close)
	return c
}

func message(url string) outside.Request {
	return outside.Request{Method: http.MethodPost, URL: url, Body: []byte("hello"), Single: true,
		Header: map[string]string{"Content-Type": "text/plain"}}
}

func TestMessagesShareTheirConnections(t *testing.T) {
	var opened atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "text/plain" {
			t.Error(err, r.Header)
		}
		_, _ = w.Write(body)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	c := sender(t)
	for range 50 {
		res, err := c.Do(t.Context(), message(s.URL))
		if err != nil || string(res.Body) != "hello" || res.Status != http.StatusOK {
			t.Fatalf("%+v, %v", res, err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Fatalf("%d connections for messages one after the other", n)
	}
	var wait sync.WaitGroup
	for range 200 {
		wait.Go(func() {
			if _, err := c.Do(context.Background(), message(s.URL)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

// Over TLS messages leave by connections of their own only where one follows another
// soon, and never where a connection takes many at a time.
func TestSecureMessagesShareTheirConnections(t *testing.T) {
	for name, c := range map[string]struct {
		http2 bool
		apart time.Duration
		want  int64
	}{
		"one soon after the other":  {want: 2},
		"one now and then":          {apart: time.Minute, want: 1},
		"to a server of many a way": {http2: true, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			var opened atomic.Int64
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				_, _ = w.Write(body)
			}))
			s.EnableHTTP2 = c.http2
			s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					opened.Add(1)
				}
			}
			s.StartTLS()
			defer s.Close()
			roots := x509.NewCertPool()
			roots.AddCert(s.Certificate())
			now := time.Now()
			o := local(t, outside.Options{Roots: roots, Clock: func() time.Time { return now }})
			m := message(s.URL)
			m.Body = []byte(strings.Repeat("x", 64<<10))
			for range 30 {
				now = now.Add(c.apart)
				res, err := o.Do(t.Context(), m)
				if err != nil || len(res.Body) != len(m.Body) {
					t.Fatalf("%d bytes, %v", len(res.Body), err)
				}
			}
			if n := opened.Load(); n != c.want {
				t.Errorf("%d connections, want %d", n, c.want)
			}
		})
	}
}

func TestAMessageThatIsGivenUpEndsAtOnceAndMayHaveArrived(t *testing.T) {
	came, over := make(chan struct{}), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(came)
		<-over
	}))
	defer s.Close()
	defer close(over)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-came
		cancel()
	}()
	_, err := sender(t).Do(ctx, message(s.URL))
	var e *outside.Error
	if !errors.As(err, &e) || e.Reason != outside.TimedOut || !e.Sent {
		t.Fatalf("%+v", err)
	}
}

// garbled serves every connection with the same bytes.
func garbled(t *testing.T, answer string) string {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				if _, err := conn.Read(make([]byte, 4096)); err == nil {
					_, _ = io.WriteString(conn, answer)
				}
			}()
		}
	}()
	return "http://" + ln.Addr().String()
}

func TestWhatAnswersAMessageIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		reason outside.Reason
	}{
		"a header without end":      {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 100<<10) + "\r\n\r\n", outside.TooLarge},
		"a body beyond the limit":   {"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + strings.Repeat("x", 9_000_000), outside.TooLarge},
		"a body that breaks off":    {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", outside.Unreachable},
		"no answer at all":          {"", outside.Unreachable},
		"something that is no HTTP": {"220 mail.example.org ESMTP\r\n", outside.Garbled},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sender(t).Do(t.Context(), message(garbled(t, c.answer)))
			var e *outside.Error
			if !errors.As(err, &e) || e.Reason != c.reason || !e.Sent {
				t.Fatalf("%+v", err)
			}
		})
	}
}

// What a server sends over a connection that rests is no answer to the next message,
// which is sent once and answered by its own.
func TestWhatComesUnaskedAnswersNoMessage(t *testing.T) {
	for name, unasked := range map[string]struct {
		says string
		ends bool
	}{
		"a 408 that ends it":  {"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", true},
		"a 408 and no end":    {"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", false},
		"its end":             {"", true},
		"a 200 of somebody's": {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray", false},
	} {
		for _, secure := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", secure: ", secure), func(t *testing.T) { unaskedBetween(t, unasked.says, unasked.ends, secure) })
		}
	}
}

func unaskedBetween(t *testing.T, says string, ends, secure bool) {
	t.Helper()
	var came atomic.Int64
	read, told := make(chan struct{}), make(chan struct{})
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		conn, out, hijacked := w.(http.Hijacker).Hijack()
		if err != nil || hijacked != nil {
			t.Error(err, hijacked)
			return
		}
		came.Add(1)
		_, _ = fmt.Fprintf(out, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		if err := out.Flush(); err != nil {
			t.Error(err)
		}
		// The client has read the answer when it says so; then comes what nobody asked for.
		<-read
		_, _ = io.WriteString(conn, says)
		if ends {
			_ = conn.Close()
		}
		told <- struct{}{}
	}))
	start := s.Start
	if secure {
		start = s.StartTLS
	}
	start()
	defer s.Close()
	o := outside.Options{}
	if secure {
		o.Roots = x509.NewCertPool()
		o.Roots.AddCert(s.Certificate())
	}
	c := local(t, o)
	for i := range 8 {
		m := message(s.URL)
		m.Body = fmt.Appendf(nil, "message %d", i)
		res, err := c.Do(t.Context(), m)
		if err != nil || res.Status != http.StatusOK || !bytes.Equal(res.Body, m.Body) {
			t.Fatalf("message %d is answered %d %q, %v", i, res.Status, res.Body, err)
		}
		read <- struct{}{}
		<-told
	}
	if n := came.Load(); n != 8 {
		t.Errorf("%d requests for 8 messages", n)
	}
}

func TestAnInterimAnswerIsNotTheAnswer(t *testing.T) {
	url := garbled(t, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno")
	res, err := sender(t).Do(t.Context(), message(url))
	if err != nil || res.Status != http.StatusTooManyRequests || string(res.Body) != "no" || res.RetryAt.Before(time.Now().Add(6*time.Second)) {
		t.Fatalf("%+v, %v", res, err)
	}
}

func TestAMessageThatFoundNobodyHasNotBeenSent(t *testing.T) {
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = sender(t).Do(t.Context(), message(url))
	var e *outside.Error
	if !errors.As(err, &e) || e.Reason != outside.Unreachable || e.Sent {
		t.Fatalf("%+v", err)
	}
	_, err = outside.New(outside.Options{}).Do(t.Context(), message(fmt.Sprint("http://127.0.0.1:", 9)))
	if !errors.As(err, &e) || e.Reason != outside.Refused || e.Sent {
		t.Fatalf("an address that is not allowed: %+v", err)
	}
}
