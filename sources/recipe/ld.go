package recipe

import (
	"bytes"
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
)

// Limits of what is followed in JSON-LD.
const (
	maxScripts = 50
	maxDepth   = 20
)

// scripts returns the JSON-LD of a page, or the whole document where it is
// JSON itself.
func scripts(body []byte) [][]byte {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")))
	if bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("[")) {
		return [][]byte{trimmed}
	}
	var found [][]byte
	z := html.NewTokenizer(bytes.NewReader(body))
	for len(found) < maxScripts {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken:
			if isLD(z) && z.Next() == html.TextToken {
				found = append(found, bytes.Clone(z.Raw()))
			}
		}
	}
	return found
}

func isLD(z *html.Tokenizer) bool {
	name, more := z.TagName()
	if string(name) != "script" {
		return false
	}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "type" {
			return strings.Contains(strings.ToLower(string(value)), "ld+json")
		}
	}
	return false
}

// node is an object of JSON-LD.
type node map[string]any

// graph is all of a page's JSON-LD: its recipes in order, and what has an id.
type graph struct {
	recipes []node
	byID    map[string]node
}

func newGraph(body []byte) graph {
	g := graph{byID: map[string]node{}}
	for _, script := range scripts(body) {
		if v, ok := decode(script); ok {
			g.walk(v, 0)
		}
	}
	return g
}

// decode reads JSON that was written by hand or by a template: it is tried as
// it stands, then mended.
func decode(script []byte) (any, bool) {
	for _, text := range [][]byte{script, mend(script)} {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var v any
		if err := decoder.Decode(&v); err == nil {
			return v, true
		}
	}
	return nil, false
}

// walk gathers recipes wherever JSON-LD keeps main things.
func (g *graph) walk(v any, depth int) {
	if depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.walk(e, depth+1)
		}
	case map[string]any:
		n := node(v)
		g.note(n)
		if n.is("Recipe") && n["name"] != nil {
			g.recipes = append(g.recipes, n)
			return
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart", "about"} {
			g.walk(v[key], depth+1)
		}
	}
}

// note remembers what other nodes may refer to by id.
func (g *graph) note(n node) {
	id, _ := n["@id"].(string)
	if id != "" && len(n) > 1 && g.byID[id] == nil {
		g.byID[id] = n
	}
}

// resolve follows a reference of the form {"@id": "…"}.
func (g *graph) resolve(v any) any {
	m, ok := v.(map[string]any)
	if !ok || len(m) != 1 {
		return v
	}
	id, _ := m["@id"].(string)
	if n, ok := g.byID[id]; ok {
		return map[string]any(n)
	}
	return v
}

// is says whether a node is of a schema.org type.
func (n node) is(name string) bool {
	for _, t := range list(n["@type"]) {
		s, _ := t.(string)
		if s = s[strings.LastIndexAny(s, "/:#")+1:]; s == name {
			return true
		}
	}
	return false
}

// list returns a value as a list: lists as they are, nothing as none.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// mend repairs what templates do to JSON: comments and CDATA marks around it,
// control characters and wrong escapes within strings, commas before a closing
// bracket, a semicolon at the end.
func mend(script []byte) []byte {
	text := bytes.TrimSpace(script)
	for _, mark := range []string{"//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "<!--"} {
		text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte(mark)))
	}
	text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	m := mender{text: text, out: make([]byte, 0, len(text)+16)}
	for m.at < len(text) {
		if m.quoted {
			m.within()
		} else {
			m.outside()
		}
	}
	return m.out
}

type mender struct {
	text, out []byte
	at        int
	quoted    bool
}

// within copies one character of a string.
func (m *mender) within() {
	c := m.text[m.at]
	m.at++
	switch {
	case c == '"':
		m.quoted = false
		m.out = append(m.out, c)
	case c == '\n':
		m.out = append(m.out, '\\', 'n')
	case c < ' ':
		m.out = append(m.out, ' ')
	case c == '\\' && m.at < len(m.text):
		next := m.text[m.at]
		if !strings.ContainsRune(`"\/bfnrtu`, rune(next)) {
			return
		}
		m.at++
		m.out = append(m.out, c, next)
	default:
		m.out = append(m.out, c)
	}
}

// outside copies one character between strings.
func (m *mender) outside() {
	c := m.text[m.at]
	m.at++
	switch c {
	case '"':
		m.quoted = true
	case ',':
		rest := bytes.TrimLeft(m.text[m.at:min(len(m.text), m.at+1000)], " \t\r\n")
		if len(rest) > 0 && (rest[0] == '}' || rest[0] == ']') {
			return
		}
	}
	m.out = append(m.out, c)
}
