package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
)

// lie is what a server writes on the wire in place of an answer; sound is what
// the healthy upstream would have said.
type lie func(c net.Conn, sound string)

func say(head string) lie {
	return func(c net.Conn, sound string) {
		_, _ = io.WriteString(c, strings.ReplaceAll(strings.ReplaceAll(head, "\n", "\r\n"), "BODY", sound))
	}
}

const ok = "HTTP/1.1 200 OK\nConnection: close\n"

// patience is how long a fetch from a server that drips may take.
const patience = 400 * time.Millisecond

// wireLies are what servers do below HTTP, or with its head.
func wireLies() map[string]lie {
	return map[string]lie{
		"a length too long":            say(ok + "Content-Length: 1000000\n\nBODY"),
		"a length too short":           say(ok + "Content-Length: 5\n\nBODY"),
		"a length that is none":        say(ok + "Content-Length: many\n\nBODY"),
		"a negative length":            say(ok + "Content-Length: -1\n\nBODY"),
		"a length beyond all":          say(ok + "Content-Length: 99999999999999999999\n\nBODY"),
		"a huge length":                say(ok + "Content-Length: 9000000000000\n\nBODY"),
		"two lengths":                  say(ok + "Content-Length: 5\nContent-Length: 9\n\nBODY"),
		"chunks and a length":          say(ok + "Content-Length: 5\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n"),
		"garbage in place of chunks":   say(ok + "Transfer-Encoding: chunked\n\nzz\nBODY\n"),
		"a chunk that is cut":          say(ok + "Transfer-Encoding: chunked\n\nffff\nBODY"),
		"a chunk beyond all":           say(ok + "Transfer-Encoding: chunked\n\nfffffffffffffffff\nBODY"),
		"an endless chunk extension":   endlessly(ok+"Transfer-Encoding: chunked\n\n1;", "x"),
		"a transfer coding of nobody":  say(ok + "Transfer-Encoding: cow\n\nBODY"),
		"nothing at all":               say(""),
		"a line that is not HTTP":      say("SSH-2.0-OpenSSH_9.6\n\n"),
		"a version of HTTP to come":    say("HTTP/9.9 200 OK\n\nBODY"),
		"a status that is none":        say("HTTP/1.1 abc OK\n\nBODY"),
		"a status beyond all":          say("HTTP/1.1 999 Odd\nConnection: close\n\nBODY"),
		"a head that is cut":           say("HTTP/1.1 200 OK\nContent-Ty"),
		"a head without end":           endlessly(ok, "X-More: and more\n"),
		"a line of a head without end": endlessly(ok+"X-Long: ", "and more "),
		"a header without a colon":     say(ok + "nonsense\n\nBODY"),
		"a NUL in a header":            say(ok + "X-A: a\x00b\n\nBODY"),
		"a flood of 1xx":               endlessly("", "HTTP/1.1 103 Early Hints\nLink: </a>\n\n"),
		"a 100 and nothing":            say("HTTP/1.1 100 Continue\n\n"),
		"another protocol":             say("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\nBODY"),
		"a slow drip of a head":        drip("HTTP/1.1 200 OK\nX-Slow: "),
		"a slow drip of a body":        drip(ok + "\n"),
		"a reset in the midst":         reset(ok + "Content-Length: 1000\n\n<rss>"),
		"a 304 with nothing known":     say("HTTP/1.1 304 Not Modified\nConnection: close\n\n"),
		"a 204":                        say("HTTP/1.1 204 No Content\nConnection: close\n\n"),
		"a 206 of a part":              say("HTTP/1.1 206 Partial Content\nConnection: close\nContent-Range: bytes 0-4/900\nContent-Length: 5\n\nBODY"),
		"a 200 without a body":         say(ok + "Content-Length: 0\n\n"),
		"gzip that is none":            say(ok + "Content-Encoding: gzip\n\n\x1f\x8b\x08rubbish"),
		"gzip that is cut":             say(ok + "Content-Encoding: gzip\n\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"),
		"br that is none":              say(ok + "Content-Encoding: br\n\n\xff\xff\xff\xffBODY"),
		"zstd that is none":            say(ok + "Content-Encoding: zstd\n\n\x28\xb5\x2f\xfd\xff\xff\xff\xff"),
		"a coding of nobody":           say(ok + "Content-Encoding: cow\n\nBODY"),
		"codings without end":          say(ok + "Content-Encoding: gzip" + strings.Repeat(", gzip", 50) + "\n\nBODY"),
		"gzip said of what is plain":   say(ok + "Content-Encoding: gzip\n\nBODY"),
		"a charset of nobody":          say(ok + "Content-Type: text/xml; charset=cow\n\nBODY"),
		"a wrong charset":              say(ok + "Content-Type: text/xml; charset=utf-16\n\nBODY"),
		"a type that is none":          say(ok + "Content-Type: ;;;=\n\nBODY"),
		"a type of a picture":          say(ok + "Content-Type: image/png\n\nBODY"),
		"times that are none":          say(ok + "Date: yesterday\nExpires: 0\nLast-Modified: never\nAge: -5\nRetry-After: soon\nCache-Control: max-age=99999999999999999999\n\nBODY"),
		"times of another age":         say(ok + "Date: Mon, 01 Jan 9999 00:00:00 GMT\nExpires: Mon, 01 Jan 0001 00:00:00 GMT\nAge: 99999999999\n\nBODY"),
		"a redirect to nowhere":        say("HTTP/1.1 302 Found\nConnection: close\nContent-Length: 0\n\n"),
		"a redirect to a script":       say("HTTP/1.1 302 Found\nConnection: close\nLocation: javascript:alert(1)\nContent-Length: 0\n\n"),
		"a redirect to a file":         say("HTTP/1.1 302 Found\nConnection: close\nLocation: file:///etc/passwd\nContent-Length: 0\n\n"),
		"a redirect in a loop":         say("HTTP/1.1 302 Found\nConnection: close\nLocation: /again\nContent-Length: 0\n\n"),
		"a redirect to a cloud's own":  say("HTTP/1.1 301 Moved\nConnection: close\nLocation: http://169.254.169.254/latest/meta-data/\nContent-Length: 0\n\n"),
		"a redirect to a network":      say("HTTP/1.1 307 Moved\nConnection: close\nLocation: http://10.0.0.1/\nContent-Length: 0\n\n"),
		"a redirect to a mapped one":   say("HTTP/1.1 308 Moved\nConnection: close\nLocation: http://[::ffff:192.168.0.1]/\nContent-Length: 0\n\n"),
		"a redirect beyond measure":    say("HTTP/1.1 302 Found\nConnection: close\nLocation: /" + strings.Repeat("a", 20_000) + "\nContent-Length: 0\n\n"),
		"an error page with a 200":     say(ok + "Content-Type: text/html\n\n<!doctype html><title>Internal error</title><h1>500</h1>"),
		"a page to sign in":            say(ok + "Content-Type: text/html\nSet-Cookie: a=b\n\n<html><title>Sign in</title><form action=/login method=post><input name=password>"),
		"an attribute beyond measure":  say(ok + "\n<rss a=\"" + strings.Repeat("x", 1<<20) + "\"><channel/></rss>"),
		"NULs alone":                   say(ok + "\n" + strings.Repeat("\x00", 100_000)),
		"a document of another kind":   say(ok + "\n%PDF-1.7\n\x00\xff\xfe"),
	}
}

// endlessly repeats a text until the other side has had enough.
func endlessly(head, more string) lie {
	return func(c net.Conn, _ string) {
		block := strings.Repeat(strings.ReplaceAll(more, "\n", "\r\n"), 500)
		_, _ = io.WriteString(c, strings.ReplaceAll(head, "\n", "\r\n"))
		for range 20_000 {
			if _, err := io.WriteString(c, block); err != nil {
				return
			}
		}
	}
}

// drip sends a letter now and then, for longer than anybody waits.
func drip(head string) lie {
	return func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, strings.ReplaceAll(head, "\n", "\r\n"))
		now := time.NewTicker(20 * time.Millisecond)
		defer now.Stop()
		for range 100 {
			<-now.C
			if _, err := io.WriteString(c, "x"); err != nil {
				return
			}
		}
	}
}

// reset breaks the connection rather than closing it.
func reset(head string) lie {
	return func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, strings.ReplaceAll(head, "\n", "\r\n"))
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
	}
}

// liar is a server that tells one lie after another.
type liar struct {
	net.Listener
	lie atomic.Pointer[lie]
	// sound is what it would say were it honest.
	sound string
	work  sync.WaitGroup
}

func newLiar(t *testing.T, sound string) *liar {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at the end of the test
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{Listener: listener, sound: sound}
	l.work.Go(l.serve)
	t.Cleanup(func() {
		_ = l.Close()
		l.work.Wait()
	})
	return l
}

func (l *liar) serve() {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		l.work.Go(func() {
			defer func() { _ = c.Close() }()
			_ = c.SetDeadline(time.Now().Add(5 * time.Second))
			head := make([]byte, 4096)
			if n, _ := c.Read(head); n > 0 {
				(*l.lie.Load())(c, l.sound)
			}
		})
	}
}

// lies: whatever a server does, a fetch ends in a clear error or in clean
// items, in its time, and what was there before is untouched.
func (c overHTTP) lies(t *testing.T) {
	sound := httptest.NewRecorder()
	c.Upstream.ServeHTTP(sound, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	l := newLiar(t, sound.Body.String())
	address := "http://" + l.Addr().String()
	good := c.start(t).fetch(t)
	before := frozen(t, good)
	for name, lie := range wireLies() {
		t.Run(name, func(t *testing.T) {
			l.lie.Store(&lie)
			// A host that lied before is one to be wary of: each lie has a client.
			r := rig{Case: c.Case, env: Env(t, c.Base), settings: c.Settings(address), log: &logBook{}}
			r.source = Open(t, r.Kind, r.env, r.settings)
			r.Query.Count, r.Query.At = max(r.Query.Count, 1), time.Now()
			key := r.key(t)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			last := good
			s, err := r.within(ctx, t, key, &last)
			if got := frozen(t, last); got != before {
				t.Errorf("the last snapshot is now\n%s", got)
			}
			if err != nil {
				told(t, err, pull.Unavailable, pull.Unusable, pull.Limited, pull.Unknown, pull.Crowded)
				return
			}
			Inspect(t, s.Items)
		})
	}
}

// within fetches in the time of ctx; one that takes longer, or panics, fails.
func (r rig) within(ctx context.Context, t *testing.T, key string, last *pull.Snapshot) (s pull.Snapshot, err error) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("the fetch breaks down: %v", p)
			err = errors.New("it broke down")
		}
	}()
	return r.source.Fetch(ctx, key, last)
}

// keepsSecrets: what proves who asks goes to the host of the address alone,
// wherever that redirects to.
func (c overHTTP) keepsSecrets(t *testing.T) {
	fields, err := settings.Fields(c.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(fields, func(f settings.Field) bool { return f.Name == "bearer" && f.Type == settings.Hidden }) {
		return
	}
	const secret = "swordfish-3141592653"
	var met, own atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(fmt.Sprint(r.Header, r.URL), secret) {
			met.Add(1)
		}
		c.Upstream.ServeHTTP(w, r)
	}))
	defer other.Close()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer "+secret && r.Header.Get("X-Partner") == secret {
			own.Add(1)
		}
		http.Redirect(w, r, other.URL+r.URL.RequestURI(), http.StatusTemporaryRedirect) //nolint:gosec // to the server above
	}))
	defer front.Close()
	values := c.Settings(front.URL)
	delete(values, "username")
	delete(values, "password")
	values["bearer"] = secret
	headers := map[string]any{"X-Partner": secret}
	if set, ok := values["headers"].(map[string]any); ok {
		maps.Copy(headers, set)
	}
	values["headers"] = headers
	source := Open(t, c.Kind, Env(t, c.Base), values)
	q := c.Query
	q.Count, q.At = max(q.Count, 1), time.Now()
	key, err := source.Key(q)
	if err != nil {
		t.Fatal(err)
	}
	s, err := source.Fetch(t.Context(), key, nil)
	if met.Load() > 0 || own.Load() == 0 {
		t.Errorf("the secret was shown to another host %d times, and to its own %d times", met.Load(), own.Load())
	}
	if text := frozen(t, s) + fmt.Sprint(err); strings.Contains(text, secret) || strings.Contains(key, secret) {
		t.Error("the secret stands in what is kept, or told")
	}
}
