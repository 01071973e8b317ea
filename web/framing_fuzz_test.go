package web_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/web"
)

// FuzzFraming says anything behind a request line and holds what is served
// against what the standard library reads there: where both take it for a
// request, both must have taken the same body, so that the next one begins at
// the same byte for both. Nothing is an error of ours, and nothing waits.
func FuzzFraming(f *testing.F) {
	for _, head := range []string{
		"\r\n", "Content-Length: 5\r\n\r\nabcde", "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nabcde", "Content-Length: 5\r\nContent-Length: 3\r\n\r\nabcde",
		"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "X: a\nContent-Length: 5\r\n\r\nabcde",
		"Content-Length: +5\r\n\r\nabcde", "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nabcde\r\n0\r\nX: y\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n0x5\r\nabcde\r\n0\r\n\r\n", "Content-Length: 0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
	} {
		f.Add(head)
	}
	bodies := make(chan string, 16)
	address := serve(f, web.Options{Consoles: map[string]http.Handler{"/console": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- string(body)
		w.WriteHeader(http.StatusNoContent)
	})}})
	f.Fuzz(func(t *testing.T, head string) {
		if len(head) > 4<<10 || strings.Contains(head, "/console") {
			return // another request of ours
		}
		text := "POST /console/x HTTP/1.1\r\nHost: a\r\n" + head
		got := lastWords(t, address, text)
		for status := range strings.SplitSeq(got, "HTTP/1.1 ") {
			if strings.HasPrefix(status, "5") {
				t.Fatalf("%q was answered %q", text, got)
			}
		}
		var served *string
		select {
		case body := <-bodies:
			served = &body
		default:
		}
		read, err := standardBody(text)
		if served != nil && err == nil && *served != read {
			t.Errorf("%q: we took the body %q, others %q", text, *served, read)
		}
	})
}

// lastWords is say to a server that is told that nothing follows.
func lastWords(t *testing.T, address, text string) string {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	tcp, _ := conn.(*net.TCPConn)
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	// A server that has refused already may have closed.
	_, _ = io.WriteString(conn, text)
	_ = tcp.CloseWrite()
	got, err := io.ReadAll(conn)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatalf("%q: after %q: %v", text, got, err)
	}
	return string(got)
}

func standardBody(text string) (string, error) {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader([]byte(text))))
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(r.Body)
	return string(body), err
}
