package messengertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
)

// spelling is a way to write JSON that changes nothing of what it says.
type spelling struct {
	name  string
	gap   string
	last  bool // the keys last in the alphabet come first
	codes bool // signs are written as codes
}

func spellings() []spelling {
	return []spelling{{name: "in order and close", codes: true}, {name: "in other order and with spaces", gap: " \n\t", last: true}}
}

// of returns a text with its JSON written so; itself where it is none.
func (s spelling) of(text []byte) []byte {
	v := parsed(text)
	if v == nil {
		return text
	}
	var b bytes.Buffer
	s.write(&b, v)
	return b.Bytes()
}

func (s spelling) write(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if s.last {
			slices.Reverse(keys)
		}
		s.list(b, "{", "}", len(keys), func(i int) {
			b.Write(marshalled(keys[i]))
			b.WriteString(s.gap + ":" + s.gap)
			s.write(b, v[keys[i]])
		})
	case []any:
		s.list(b, "[", "]", len(v), func(i int) { s.write(b, v[i]) })
	case string:
		s.text(b, v)
	default:
		b.Write(marshalled(v))
	}
}

func (s spelling) list(b *bytes.Buffer, begin, end string, n int, each func(int)) {
	b.WriteString(begin + s.gap)
	for i := range n {
		if i > 0 {
			b.WriteString("," + s.gap)
		}
		each(i)
	}
	b.WriteString(s.gap + end)
}

// text writes a value, whose signs may stand as codes.
func (s spelling) text(b *bytes.Buffer, text string) {
	if !s.codes {
		b.Write(marshalled(text))
		return
	}
	b.WriteByte('"')
	for _, unit := range utf16.Encode([]rune(text)) {
		switch r := rune(unit); {
		case r == '/':
			b.WriteString(`\/`)
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		default:
			fmt.Fprintf(b, `\u%04x`, unit)
		}
	}
	b.WriteByte('"')
}

// respelt returns a delivery with its body written so, and made genuine again.
func (c Case) respelt(d messengers.Delivery, s spelling) messengers.Delivery {
	d = copied(d)
	if json.Valid(d.Body) {
		d.Body = s.of(d.Body)
	} else if form, err := url.ParseQuery(string(d.Body)); err == nil && isForm(d) {
		for _, values := range form {
			for i, value := range values {
				if strings.HasPrefix(value, "{") {
					values[i] = string(s.of([]byte(value)))
				}
			}
		}
		d.Body = []byte(form.Encode())
	}
	return c.signedAnew(d)
}

// respells: what is delivered means the same however its JSON is written.
func (c Case) respells(t T, logs *record) {
	for _, one := range c.genuineOnes() {
		m := c.open(t, nowhere, nil, logs) // which has counted nothing yet of how much a reader writes
		want := c.receive(t, m, copied(one.delivery))
		for _, s := range spellings() {
			got := c.receive(t, m, c.respelt(one.delivery, s))
			if diff := cmp.Diff([]any{want.Asks, want.Events, want.Status}, []any{got.Asks, got.Events, got.Status}); diff != "" {
				t.Errorf("%s means something else with its JSON %s: read it by a parser, into fields: %s", one.what, s.name, diff)
			}
		}
	}
}

// typedWord stands in what readers write, and nowhere else.
const typedWord = "Ωmegazqx"

// typed: what a reader wrote arrives as it was written.
func (c Case) typed(t T, m messengers.Messenger) {
	tried := 0
	for i, d := range c.Deliveries {
		for n, in := range c.receive(t, m, copied(d)).Asks {
			if first, _ := utf8.DecodeRuneInString(in.Text); in.Tap != "" || in.Start || !unicode.IsLetter(first) {
				continue
			}
			for _, text := range []string{
				"Ärger um 12:30 Uhr, 50 % MEHR? " + typedWord + " 今日は 👩‍👩‍👧 don’t", strings.Repeat("Word after WORD, ", 20) + "end", "stop", "One line\nand this & that",
			} {
				retyped, found := retyped(d, in.Text, text)
				if !found || strings.Contains(text, "\n") && parsed(d.Body) == nil && !isForm(d) || text == "stop" && c.Lacks[Stops] != "" {
					continue
				}
				asks := c.receive(t, m, c.signedAnew(retyped)).Asks
				if n < len(asks) && asks[n].Text == in.Text {
					continue // it stands elsewhere as well
				}
				if tried++; n >= len(asks) || asks[n].Text != text {
					t.Errorf("delivery %d, of which a reader wrote %q, brings %+v: words are not changed on their way in", i, text, asks)
				}
			}
		}
	}
	if tried == 0 {
		t.Errorf("in no delivery stands what Incoming.Text says: at least one has its very words")
	}
}

// wordEnds stand around words of a reader.
const wordEnds = " \n<>[]:,"

// retyped returns a delivery in which something else was written.
func retyped(d messengers.Delivery, from, to string) (_ messengers.Delivery, found bool) {
	return rewritten(copied(d), func(_, text string) string {
		// Behind a sign it is more than words: a command, a name.
		if before, after, ok := strings.Cut(text, from); ok && strings.TrimRight(before, wordEnds) != before || before == "" {
			if strings.TrimLeft(after, wordEnds) != after || after == "" {
				found = true
				return before + to + after
			}
		}
		return text
	}), found
}

// respoken: what the platform answers means the same however its JSON is written,
// and the id that Send returns is the one that it tells.
func (c sends) respoken(t T, logs *record) {
	say := func(success, id string, s spelling) {
		spelt := c
		spelt.Success, spelt.ID = string(s.of([]byte(success))), id
		if c.Aside != nil {
			spelt.Aside = func(r *http.Request) (string, bool) {
				answer, aside := c.Aside(r)
				return string(s.of([]byte(answer))), aside
			}
		}
		spelt.send(t, c.open(t, spelt.serve(t, http.StatusOK, spelt.Success).url, nil, logs), c.hello("1-1"))
	}
	for _, s := range spellings() {
		say(c.Success, c.ID, s)
	}
	if c.ID == "" || strings.Contains(c.ID, "{key}") {
		return
	}
	success, id := otherID(c.Success, c.ID)
	if id == c.ID {
		t.Errorf("Send returns %q, of which nothing stands in Success: what does the platform call the message?", c.ID)
	}
	for _, s := range spellings() {
		say(success, id, s)
	}
}

// otherID returns an answer that calls the message by another id of the same look, and
// what Send returns then.
func otherID(success, id string) (string, string) {
	longest := ""
	for _, leaf := range append(within(success), success) {
		if strings.Contains(id, leaf) && len(leaf) > len(longest) {
			longest = leaf
		}
	}
	last := strings.LastIndexFunc(longest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if last < 0 {
		return success, id
	}
	other := longest[:last] + strings.Map(next, longest[last:])
	changed := strings.NewReplacer(fmt.Sprintf("%q", longest), fmt.Sprintf("%q", other), ":"+longest, ":"+other).Replace(success)
	return changed, strings.Replace(id, longest, other, 1)
}
