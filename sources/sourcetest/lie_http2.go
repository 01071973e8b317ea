package sourcetest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http2/hpack"
)

// Frames of HTTP/2 (RFC 9113 §6), and flags of theirs.
const (
	fData, fHeaders, fReset, fSettings, fPush, fPing, fAway, fWindow, fMore = 0, 1, 3, 4, 5, 6, 7, 8, 9

	endStream, endHeaders, padded = 1, 4, 8
)

// frame returns one as it stands on the wire.
func frame(kind, flags byte, stream uint32, payload string) string {
	head := make([]byte, 9)
	binary.BigEndian.PutUint32(head, uint32(len(payload))<<8) //nolint:gosec // tens of kilobytes
	head[3], head[4] = kind, flags
	binary.BigEndian.PutUint32(head[5:], stream)
	return string(head) + payload
}

// fields returns a header as it is packed: names and values in turn.
func fields(pairs ...string) string {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	e.SetMaxDynamicTableSize(0)
	for pair := range slices.Chunk(pairs, 2) {
		_ = e.WriteField(hpack.HeaderField{Name: pair[0], Value: pair[len(pair)-1]})
	}
	return b.String()
}

// found returns a head of an answer on the first stream.
func found(more ...string) string {
	return frame(fHeaders, endHeaders, 1, fields(append([]string{":status", "200"}, more...)...))
}

// data returns a body in frames, of which the last ends the stream.
func data(body string) string {
	var b strings.Builder
	for len(body) > 16_000 {
		b.WriteString(frame(fData, 0, 1, body[:16_000]))
		body = body[16_000:]
	}
	return b.String() + frame(fData, endStream, 1, body)
}

// away says which stream is the last, and why.
func away(last, code byte) string {
	return frame(fAway, 0, 0, string([]byte{0, 0, 0, last, 0, 0, 0, code}))
}

// frames keeps a connection of HTTP/2 for one request.
func (l *liar) frames(c net.Conn) {
	preface := make([]byte, 24)
	if _, err := io.ReadFull(c, preface); err != nil {
		return
	}
	_, _ = io.WriteString(c, frame(fSettings, 0, 0, ""))
	r, err := asked(c)
	if err != nil {
		return
	}
	x := l.exchange(c, bufio.NewReader(c), r)
	if l.honestFor(r) {
		x.framed("SOUND")
		return
	}
	x.turn = l.turns.Add(1)
	x.Writer = &measured{Writer: c, of: l}
	l.tell(x)
}

// asked reads frames up to the end of a request's header.
func asked(c io.Reader) (*http.Request, error) {
	r := &http.Request{Method: http.MethodGet, Header: http.Header{}, URL: &url.URL{}, Body: http.NoBody}
	unpack := hpack.NewDecoder(4096, func(f hpack.HeaderField) {
		switch f.Name {
		case ":method":
			r.Method = f.Value
		case ":authority":
			r.Host = f.Value
		case ":path":
			if u, err := url.ParseRequestURI(f.Value); err == nil {
				r.URL = u
			}
		default:
			r.Header.Add(f.Name, f.Value)
		}
	})
	for head := make([]byte, 9); ; {
		if _, err := io.ReadFull(c, head); err != nil {
			return nil, err //nolint:wrapcheck // it ends the connection
		}
		payload := make([]byte, binary.BigEndian.Uint32(append([]byte{0}, head[:3]...)))
		if _, err := io.ReadFull(c, payload); err != nil {
			return nil, err //nolint:wrapcheck // it ends the connection
		}
		if head[3] != fHeaders {
			continue
		}
		if head[4]&^(endStream|endHeaders) != 0 {
			return nil, errors.New("a header with priority or padding")
		}
		_, err := unpack.Write(payload)
		if head[4]&endStream == 0 && err == nil {
			err = content(c, r)
		}
		return r, err //nolint:wrapcheck // it ends the connection
	}
}

// content reads the body of a request.
func content(c io.Reader, r *http.Request) error {
	var body bytes.Buffer
	for head := make([]byte, 9); head[3] != fData || head[4]&endStream == 0; {
		if _, err := io.ReadFull(c, head); err != nil {
			return err //nolint:wrapcheck // it ends the connection
		}
		payload := make([]byte, binary.BigEndian.Uint32(append([]byte{0}, head[:3]...)))
		if _, err := io.ReadFull(c, payload); err != nil {
			return err //nolint:wrapcheck // it ends the connection
		}
		if head[3] == fData {
			body.Write(payload)
		}
	}
	r.Body = io.NopCloser(&body)
	return nil
}

// framed writes frames and then reads on until the other side goes; SOUND
// stands for an honest answer.
func (x *exchange) framed(text string) {
	sound := found("content-type", typeOf(x.sound)) + data(x.sound.Body.String())
	// Each connection is for one request.
	sound = away(1, 0) + sound
	if _, err := io.WriteString(x, strings.ReplaceAll(text, "SOUND", sound)); err == nil {
		_, _ = io.Copy(io.Discard, x.in)
	}
}

func frames(text string) func(*exchange) { return func(x *exchange) { x.framed(text) } }

// farewell writes frames and closes the connection.
func farewell(text string) func(*exchange) {
	return func(x *exchange) { _, _ = io.WriteString(x, text) }
}

// flood repeats frames behind a beginning.
func flood(head, more string) func(*exchange) {
	return func(x *exchange) {
		block := []byte(strings.Repeat(more, 1+16_000/len(more)))
		if _, err := io.WriteString(x, head); err != nil {
			return
		}
		for range most / len(block) {
			if _, err := x.Write(block); err != nil {
				return
			}
		}
	}
}

func http2Lies() []lie {
	long := fields("x-long", strings.Repeat("a", 15_000))
	rst := func(code byte) string { return frame(fReset, 0, 1, "\x00\x00\x00"+string(rune(code))) }
	lies := []lie{
		{name: "h2: GOAWAY in place of an answer", tell: farewell(away(0, 2))},
		{name: "h2: GOAWAY for want of calm", tell: farewell(away(1, 11))},
		{name: "h2: GOAWAY in the midst", tell: farewell(found() + frame(fData, 0, 1, "<") + away(1, 1))},
		{name: "h2: a stream reset at once", tell: frames(rst(2))},
		{name: "h2: a stream refused for ever", stalls: true, tell: frames(rst(7))},
		{name: "h2: a stream reset in the midst", tell: frames(found() + frame(fData, 0, 1, "<rss>") + rst(8))},
		{name: "h2: a stream reset as if it were done", tell: frames(found() + frame(fData, 0, 1, "<rss>") + rst(0))},
		{name: "h2: HTTP/1.1 wanted", tell: frames(rst(13))},
		{name: "h2: closed under the request", tell: func(*exchange) {}},
		{name: "h2: closed in the midst", tell: func(x *exchange) { _, _ = io.WriteString(x, found()+frame(fData, 0, 1, "<")) }},
		{name: "h2: a frame that is cut", tell: func(x *exchange) { _, _ = io.WriteString(x, found()[:7]) }},
		{name: "h2: silence", stalls: true, tell: frames("")},
		{name: "h2: silence behind the header", stalls: true, tell: frames(found())},
		{name: "h2: silence within the header", stalls: true, tell: frames(frame(fHeaders, 0, 1, fields(":status", "200")))},
		{name: "h2: silence before the end", stalls: true, tell: frames(found() + frame(fData, 0, 1, "<rss>"))},
		{name: "h2: a header too large", tell: frames(frame(fHeaders, 0, 1, fields(":status", "200")) + strings.Repeat(frame(fMore, 0, 1, long), 40) + frame(fMore, endHeaders, 1, ""))},
		{name: "h2: a header that packs a bomb", tell: frames(frame(fHeaders, endHeaders, 1, fields(":status", "200")+"\x40\x01x\x7f\x81\x1e"+strings.Repeat("a", 4000)+strings.Repeat("\xbe", 12_000)))},
		{name: "h2: continuations without end", tell: flood(frame(fHeaders, 0, 1, fields(":status", "200")), frame(fMore, 0, 1, fields("x-a", "b")))},
		{name: "h2: empty continuations without end", tell: flood(frame(fHeaders, 0, 1, fields(":status", "200")), frame(fMore, 0, 1, ""))},
		{name: "h2: a body before its header", tell: frames(data("BODY"))},
		{name: "h2: a header without a status", tell: frames(frame(fHeaders, endHeaders|endStream, 1, fields("x-a", "b")))},
		{name: "h2: a status that is none", tell: frames(frame(fHeaders, endHeaders|endStream, 1, fields(":status", "abc")))},
		{name: "h2: a name in capitals", tell: frames(frame(fHeaders, endHeaders, 1, fields(":status", "200", "X-Loud", "b")) + data("x"))},
		{name: "h2: a header packed by nobody's rules", tell: frames(frame(fHeaders, endHeaders, 1, "\xff\xff\xff\xff\xff\xff"))},
		{name: "h2: less than its length", tell: frames(found("content-length", "1000000") + data("<rss>"))},
		{name: "h2: more than its length", tell: frames(found("content-length", "2") + data("<rss></rss>"))},
		{name: "h2: a push that nobody wanted", tell: frames(frame(fPush, endHeaders, 1, "\x00\x00\x00\x02"+fields(":status", "200")))},
		{name: "h2: a frame beyond measure", tell: frames(frame(fData, 0, 1, strings.Repeat("x", 1<<21)))},
		{name: "h2: padding longer than its frame", tell: frames(found() + frame(fData, padded, 1, "\xffab"))},
		{name: "h2: an answer to another question", stalls: true, tell: frames(frame(fHeaders, endHeaders, 7, fields(":status", "200")))},
		{name: "h2: a window that overflows", tell: frames(frame(fWindow, 0, 0, "\x7f\xff\xff\xff") + frame(fWindow, 0, 0, "\x7f\xff\xff\xff"))},
		{name: "h2: settings that are torn", tell: frames(frame(fSettings, 0, 0, "\x00\x01"))},
		{name: "h2: hints without end", tell: flood("", frame(fHeaders, endHeaders, 1, fields(":status", "103", "link", "</a>")))},
		{name: "h2: HTTP/1.1 in reply", tell: func(x *exchange) { x.honest() }},
		{name: "h2: a body without end", heavy: true, tell: flood(found(), frame(fData, 0, 1, strings.Repeat("x", 4000)))},
		{name: "h2: empty frames without end", stalls: true, tell: flood(found(), frame(fData, 0, 1, ""))},
		{name: "h2: pings without end", stalls: true, tell: flood("", frame(fPing, 0, 0, "12345678"))},
		{name: "h2: settings without end", stalls: true, tell: flood("", frame(fSettings, 0, 0, ""))},
	}
	for i := range lies {
		lies[i].follows = fails
	}
	for name, text := range map[string]string{
		"h2: a hint before the answer":  frame(fHeaders, endHeaders, 1, fields(":status", "103", "link", "</a>")) + "SOUND",
		"h2: a frame of a kind to come": frame(0x42, 0, 0, "what is this") + "SOUND",
		"h2: GOAWAY behind the answer":  "SOUND" + away(1, 0) + away(1, 2),
		"h2: a reset behind the answer": "SOUND" + rst(0),
	} {
		lies = append(lies, lie{name: name, follows: brings, tell: frames(text)})
	}
	for i := range lies {
		lies[i].over = framed
	}
	return lies
}
