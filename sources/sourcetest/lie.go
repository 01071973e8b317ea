package sourcetest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// lie is one way in which a server misbehaves. What it is called says what it
// does on the wire.
type lie struct {
	name    string
	tell    func(x *exchange)
	follows outcome
	// stalls: it takes longer than anybody waits. heavy: what it costs in memory
	// is measured.
	stalls, heavy bool
	// forGood: what it says is believed once and for all.
	forGood bool
	// robots: it lies about robots.txt alone; all others are honest there.
	robots bool
	// sample: it stands for its layer where asking takes long.
	sample bool
	// keeps: its connections go on after an honest answer.
	keeps bool
	// over is what the lie is told over; greet what is done in place of a
	// handshake, proves what the server shows of itself there.
	over   layer
	greet  func(c net.Conn)
	proves func(p *proofs, c *tls.Config)
	// resolves answers a question for the server's name, the n-th since it lies.
	resolves func(q dnsmessage.Question, n int64) []dnsmessage.Resource
}

// layer is what a server is asked over.
type layer int

const (
	plain layer = iota
	secured
	framed
	named
)

// outcome is what must follow where nothing was known before. Whatever it is,
// what was known goes on being told, and what comes is clean.
type outcome int

const (
	// bears: an error that says what is wrong, or items.
	bears outcome = iota
	// fails: an error that says what is wrong.
	fails
	// brings: the items that are there.
	brings
	// leads: the items that are there, for whoever follows redirects; who sends
	// something does not.
	leads
	// barren: an error or nothing, and no items.
	barren
)

// exchange is one request that is answered by a lie.
type exchange struct {
	*liar
	io.Writer
	conn    net.Conn
	in      *bufio.Reader
	request *http.Request
	// sound is what an honest server would say.
	sound *httptest.ResponseRecorder
	// turn counts the requests since the server lies, from one.
	turn int64
}

// ok begins a lie with an answer of an ordinary kind.
const ok = "HTTP/1.1 200 OK\nConnection: close\nContent-Type: TYPE\n"

// say writes a text, with what stands for something else filled in.
func (x *exchange) say(text string) {
	_, _ = io.WriteString(x, x.filled(text))
}

func (x *exchange) filled(text string) string {
	return strings.NewReplacer(
		"\n", "\r\n", "BODY", x.sound.Body.String(), "TYPE", typeOf(x.sound), "LENGTH", fmt.Sprint(x.sound.Body.Len()),
		"SELF", x.address, "PORT", x.port, "STRANGER", x.world.stranger.URL, "INSIDE", x.world.inside,
		"NOW", time.Now().UTC().Format(http.TimeFormat), "TAG", x.request.Header.Get("If-None-Match"),
	).Replace(text)
}

func typeOf(sound *httptest.ResponseRecorder) string {
	if t := sound.Header().Get("Content-Type"); t != "" {
		return t
	}
	return http.DetectContentType(sound.Body.Bytes())
}

// honest says what an honest server says.
func (x *exchange) honest() { x.say(ok + "Content-Length: LENGTH\n\nBODY") }

// say returns a lie that is a text: its lines end as those of HTTP do, and words in
// capitals stand for what the server knows. See exchange.filled.
func say(text string) func(*exchange) { return func(x *exchange) { x.say(text) } }

// document returns a lie in an answer that is proper HTTP. The text stands as it is.
func document(text string) func(*exchange) { return typed("TYPE", text) }

// typed returns a document of a type.
func typed(contentType, text string) func(*exchange) {
	return func(x *exchange) {
		x.say("HTTP/1.1 200 OK\nConnection: close\nContent-Type: " + contentType + "\nContent-Length: " + fmt.Sprint(len(text)) + "\n\n")
		_, _ = io.WriteString(x, text)
	}
}

// altered returns a document made of the one that an honest server sends.
func altered(header string, change func(sound []byte) []byte) func(*exchange) {
	return func(x *exchange) {
		body := change(x.sound.Body.Bytes())
		x.say("HTTP/1.1 200 OK\nConnection: close\n" + header + "Content-Length: " + fmt.Sprint(len(body)) + "\n\n")
		_, _ = x.Write(body)
	}
}

// endlessly repeats a text until the other side has had enough.
func endlessly(head, more string) func(*exchange) {
	return func(x *exchange) {
		x.say(head)
		block := []byte(strings.Repeat(x.filled(more), 1+8000/len(more)))
		for range most / len(block) {
			if _, err := x.Write(block); err != nil {
				return
			}
		}
	}
}

// drip sends a text now and then, for longer than anybody waits.
func drip(head, more string) func(*exchange) {
	return func(x *exchange) {
		x.say(head)
		now := time.NewTicker(patience / 10)
		defer now.Stop()
		for {
			select {
			case <-now.C:
			case <-x.life.Done():
				return
			}
			if _, err := io.WriteString(x, x.filled(more)); err != nil {
				return
			}
		}
	}
}

// stall says something, and then nothing more for as long as the other side stays.
func stall(head string) func(*exchange) {
	return func(x *exchange) {
		x.say(head)
		_, _ = io.Copy(io.Discard, x.in)
	}
}

// reset says something and breaks the connection rather than closing it.
func reset(head string) func(*exchange) {
	return func(x *exchange) {
		x.say(head)
		linger(x.conn)
	}
}

// linger has a connection broken when it is closed.
func linger(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

// allLies returns all of them, layer by layer, in the same order each time.
func allLies() []lie {
	var all []lie
	for _, some := range [][]lie{
		lengthLies(), chunkLies(), headLies(), cutLies(), stallLies(), statusLies(), redirectLies(), farRedirectLies(), nameLies(), tlsLies(),
		http2Lies(), codingLies(), charsetLies(), cacheLies(), restLies(), documentLies(), hugeLies(), foreignLies(), robotsLies(),
	} {
		slices.SortFunc(some, func(a, b lie) int { return strings.Compare(a.name, b.name) })
		some[max(0, slices.IndexFunc(some, func(a lie) bool { return a.follows == fails }))].sample = true
		all = append(all, some...)
	}
	return all
}
