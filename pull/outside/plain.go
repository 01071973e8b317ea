package outside

import (
	"bytes"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// What goes out and comes back with nearly every message is plain: a few headers
// of printable letters, and a short body whose length is told. That is written
// and read here, in one go; all else is left to net/http, before anything of it
// was taken.

// appendWire appends a request as it goes over a connection of HTTP/1.1, without its
// body where that is long; false says that it still lacks that.
func (t *attempt) appendWire(b []byte) (out []byte, whole bool, err error) {
	uri := t.url.RequestURI()
	if !t.isPlain(uri) {
		var all bytes.Buffer
		err := t.httpRequest().Write(&all)
		return append(b, all.Bytes()...), true, err
	}
	b = append(b, t.method...)
	b = append(b, ' ')
	b = append(b, uri...)
	b = append(b, " HTTP/1.1\r\n"...)
	b = appendField(b, "Host", t.url.Host)
	if t.header["User-Agent"] == "" {
		b = appendField(b, "User-Agent", t.agent)
	}
	for name, value := range t.header {
		b = appendField(b, name, value)
	}
	if len(t.body) > 0 || t.method == http.MethodPost || t.method == http.MethodPut || t.method == http.MethodPatch {
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, int64(len(t.body)), 10)
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	if len(t.body) > directBuffer {
		return b, false, nil
	}
	return append(b, t.body...), true, nil
}

func appendField(b []byte, name, value string) []byte {
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, value...)
	return append(b, "\r\n"...)
}

// isPlain reports whether a request's head can be written as it is.
func (t *attempt) isPlain(uri string) bool {
	if !isToken(t.method, "") || !isVisibleASCII(uri) || !isToken(t.url.Host, ".:") || !isPlainText(t.agent) ||
		t.url.User != nil || t.request.ETag != "" || t.request.LastModified != "" || !t.request.Single {
		return false
	}
	for name, value := range t.header {
		switch name {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer":
			return false
		}
		if !isToken(name, "") || textproto.CanonicalMIMEHeaderKey(name) != name || !isPlainText(value) {
			return false
		}
	}
	return true
}

// isToken reports whether a text is made of letters, digits, hyphens and the signs of
// more.
func isToken(s, more string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') && s[i] != '-' && strings.IndexByte(more, s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// isVisibleASCII reports whether a text is made of visible ASCII characters.
func isVisibleASCII(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

// isPlainText reports whether a text is made of visible ASCII characters, with spaces
// between them.
func isPlainText(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && s[0] != ' ' && s[len(s)-1] != ' '
}

// reply is a whole response.
type reply struct {
	status int
	header http.Header
	body   []byte
	// last says that the connection ends with it.
	last bool
}

var (
	lineEnd   = []byte("\r\n")
	headEnd   = []byte("\r\n\r\n")
	plainHead = []byte("HTTP/1.1 ")
)

// readPlain reads a response that is there and plain; false if it has read
// nothing, because one is not.
func (c *directConn) readPlain(method string, limit int64) (r reply, ok bool, err error) {
	if _, err := c.in.Peek(1); err != nil {
		return r, false, unexpectedEOF(err)
	}
	there, _ := c.in.Peek(c.in.Buffered())
	end := bytes.Index(there, headEnd)
	if end < 0 || method == http.MethodHead {
		return r, false, nil
	}
	length, ok := r.parseHead(there[:end+len(lineEnd)])
	if !ok || int64(length) > limit {
		return r, false, nil
	}
	if _, err := c.in.Discard(end + len(headEnd)); err != nil {
		return r, true, err
	}
	r.body = make([]byte, length)
	_, err = io.ReadFull(c.in, r.body)
	return r, true, unexpectedEOF(err)
}

func unexpectedEOF(err error) error {
	if err == io.EOF { //nolint:errorlint // as io.ReadFull and bufio return it
		return io.ErrUnexpectedEOF
	}
	return err
}

// parseHead reads the lines of a plain head, and returns how long the body is.
func (r *reply) parseHead(lines []byte) (length int, ok bool) {
	first, rest, _ := bytes.Cut(lines, lineEnd)
	status, ok := bytes.CutPrefix(first, plainHead)
	if !ok || len(status) < 3 || len(status) > 3 && status[3] != ' ' || !isPrintable(status) {
		return 0, false
	}
	if r.status, ok = parseDigits(string(status[:3])); !ok || r.status < http.StatusOK || r.status == http.StatusNoContent || r.status == http.StatusNotModified {
		return 0, false
	}
	// One text and one list for all: a header that comes once is a part of them.
	text, count := string(rest), bytes.Count(rest, lineEnd)
	r.header = make(http.Header, count)
	values := make([]string, 0, count)
	length = -1
	for line := range strings.Lines(text) {
		name, value, found := strings.Cut(strings.TrimSuffix(line, "\r\n"), ":")
		if value = strings.Trim(value, " \t"); !found || !isToken(name, "") || !isPrintable(value) {
			return 0, false
		}
		name = textproto.CanonicalMIMEHeaderKey(name)
		switch name {
		case "Content-Length":
			if length >= 0 {
				return 0, false
			}
			if length, ok = parseDigits(value); !ok || length > readStep {
				return 0, false
			}
		case "Connection":
			if !strings.EqualFold(value, "keep-alive") {
				return 0, false
			}
		case "Transfer-Encoding", "Content-Encoding", "Trailer", "Pragma":
			return 0, false
		}
		if held, twice := r.header[name]; twice {
			r.header[name] = append(held, value)
			continue
		}
		values = append(values, value)
		r.header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	return length, length >= 0
}

// isPrintable reports whether a text has no control characters but tabs.
func isPrintable[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

// parseDigits reads a number of digits alone.
func parseDigits(s string) (int, bool) {
	const most = 9
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || i == most {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, s != ""
}
