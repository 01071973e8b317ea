package hook

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// fillGetURL returns an address with the escapes of an SMS gateway's get-url filled in,
// each escaped for the part that it stands in. What is no escape stays as it is.
func fillGetURL(address string, a ask, now time.Time) string {
	g := getURL{ask: a, now: now, rest: strings.Fields(a.Argument)}
	var b strings.Builder
	query := false
	for i := 0; i < len(address); i++ {
		c := address[i]
		query = query || c == '?'
		if c != '%' || i+1 == len(address) || isByte(address[i+1:]) {
			b.WriteByte(c)
			continue
		}
		value, known := g.value(address[i+1])
		switch {
		case !known:
			b.WriteByte(c)
			continue
		case query:
			b.WriteString(url.QueryEscape(value))
		default:
			b.WriteString(url.PathEscape(value))
		}
		i++
	}
	return b.String()
}

// isByte says whether what follows a percent sign is a byte written in capitals:
// part of the address, and no escape.
func isByte(rest string) bool {
	const hex = "0123456789ABCDEF"
	return len(rest) > 1 && strings.IndexByte(hex, rest[0]) >= 0 && strings.IndexByte(hex, rest[1]) >= 0
}

// getURL is what the escapes of one address stand for; rest are the words that
// %s has not used yet.
type getURL struct {
	ask
	now  time.Time
	rest []string
}

// value returns what an escape stands for, or false if it is none. What a service
// without an operator cannot know is empty.
func (g *getURL) value(escape byte) (string, bool) {
	switch escape {
	case 'k':
		return g.Keyword, true
	case 's':
		return g.next(), true
	case 'S':
		return strings.ReplaceAll(g.next(), "*", "~"), true
	case 'r':
		return strings.Join(g.rest, " "), true
	case 'a', 'b':
		return g.all(), true
	case 't':
		return g.now.UTC().Format("2006-01-02 15:04"), true
	case 'T':
		return strconv.FormatInt(g.now.Unix(), 10), true
	case 'p':
		return g.Reader["address"], true
	case 'q':
		if rest, ok := strings.CutPrefix(g.Reader["address"], "00"); ok {
			return "+" + rest, true
		}
		return g.Reader["address"], true
	case 'c':
		return g.coding(), true
	case 'C':
		return "UTF-8", true
	case 'P', 'Q', 'i', 'I', 'd', 'R', 'D', 'A', 'F', 'n', 'm', 'M', 'u', 'B', 'o', 'O', 'f':
		return "", true
	case '%':
		return "%", true
	}
	return "", false
}

// next returns the next word behind the keyword.
func (g *getURL) next() string {
	if len(g.rest) == 0 {
		return ""
	}
	word := g.rest[0]
	g.rest = g.rest[1:]
	return word
}

// all returns the words of the message with the keyword.
func (g *getURL) all() string { return strings.TrimSpace(g.Keyword + " " + g.Argument) }

// coding returns how the message would have come: 0 in seven bits, 2 in Unicode.
func (g *getURL) coding() string {
	if strings.ContainsFunc(g.all(), func(r rune) bool { return r > 0x7f }) {
		return "2"
	}
	return "0"
}

// requestURI returns the part of an address that a request line has: it is signed
// where there is no body.
func requestURI(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}
