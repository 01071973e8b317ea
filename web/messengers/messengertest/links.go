package messengertest

import (
	"encoding/hex"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// randomLinks is how many replies the suite sends to follow their links.
const randomLinks = 120

// placedLink is a link of a reply, and what stands right before and behind it.
type placedLink struct{ before, url, after string }

// links sends replies with links of all signs that a markup may have, and follows
// those of what the platform gets: each is the same, byte for byte or percent-
// encoded, or was left out whole; and no name or command of others is a tap.
func (c sends) links(t T, logs *record) {
	say := c.saying(t, logs)
	l := c.open(t, nowhere, nil, logs).Limits()
	draw := rand.New(rand.NewPCG(27, uint64(len(c.Kind.Name)))) //nolint:gosec // a test repeats itself
	n := randomLinks
	if c.wrap != nil || c.wrapApp != nil {
		n = 12
	}
	for range n {
		r, all := linkedReply(draw, l)
		messages, omitted := messengers.Shaped(r, l)
		got := followed(say(messages), l.Markup.Name)
		if l.Markup.Name == "screen" {
			continue // a telephone's dialogue can follow none, and shows none
		}
		for _, one := range all {
			if !slices.Contains(omitted, one.url) && !stands(got, one) && !left(omitted, one) {
				t.Fatalf("the link %q between %q and %q is not what the platform gets:\n%s\nof %+v", one.url, one.before, one.after, got, messages)
			}
		}
		tapped(t, got, l.Taps)
	}
}

// left tells whether a link stands in what a cut left out.
func left(omitted []string, one placedLink) bool {
	return slices.ContainsFunc(omitted, func(text string) bool { return strings.Contains(text, one.url) })
}

// saying returns how messages reach the platform: by Send, or in the response; and what
// it gets then.
func (c sends) saying(t T, logs *record) func([]messengers.Message) []string {
	if c.Base != "" {
		a := c.serve(t, http.StatusOK, c.Success)
		m := c.open(t, a.url, nil, logs)
		return func(all []messengers.Message) []string {
			for i, one := range all {
				c.send(t, m, to(c.Address, one, fmt.Sprintf("7-%d", i)))
			}
			return a.taken()
		}
	}
	m := c.open(t, nowhere, nil, logs)
	r := c.receive(t, m, copied(c.Deliveries[0]))
	return func(all []messengers.Message) []string {
		if len(r.Asks) == 0 {
			return nil
		}
		var said []messengers.Sending
		for i, one := range all {
			said = append(said, to(r.Asks[0].Address, one, fmt.Sprintf("7-%d", i)))
		}
		got := m.(messengers.InBand).Answer(r, said)
		return leaves(&http.Request{URL: noURL(), Header: http.Header{"Content-Type": {got.ContentType}}, Body: reader(got.Body)})
	}
}

var (
	anchor  = regexp.MustCompile(`(?s)<a href="([^"]*)">(.*?)</a>`)
	picture = regexp.MustCompile(`<img src="([^"]*)"`)
	tag     = regexp.MustCompile(`<[^<>]*>`)
	angled  = regexp.MustCompile(`<(https?://[^<>|]*)(?:\|([^<>]*))?>`)
	masked  = regexp.MustCompile(`(\\.)|\[((?:\\.|[^\[\]\\])*)\]\(<?([^()<>\s]*)>?\)|<?(https?://[^\s<>\\*~\[\]()]+)>?`)
	lone    = regexp.MustCompile(`^https?://\S+$`)
	percent = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
)

// followed returns what people see of the texts in a markup, each link beside its words.
func followed(texts []string, markup string) string {
	var b strings.Builder
	for _, text := range texts {
		if lone.MatchString(text) {
			b.WriteString(text + "\n") // of a button or a picture: no markup
		}
		switch markup {
		case "html":
			text = picture.ReplaceAllString(anchor.ReplaceAllString(text, "$2 $1 "), " $1 ")
			text = html.UnescapeString(tag.ReplaceAllString(text, " "))
		case "mrkdwn":
			text = html.UnescapeString(angled.ReplaceAllString(text, "$1 $2"))
		case "markdown":
			text = masked.ReplaceAllStringFunc(text, func(found string) string {
				m := masked.FindStringSubmatch(found)
				switch {
				case m[1] != "":
					return m[1][1:]
				case m[3] != "":
					return m[2] + " " + m[3] + " "
				}
				return strings.Trim(found, "<>")
			})
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}

// decoded takes percent encodings out.
func decoded(s string) string {
	return percent.ReplaceAllStringFunc(s, func(code string) string {
		sign, _ := hex.DecodeString(code[1:])
		return string(sign)
	})
}

// stands tells whether a text has a link, and nothing written on to it.
func stands(text string, one placedLink) bool {
	text, want := decoded(text), decoded(one.url)
	for at := 0; ; {
		i := strings.Index(text[at:], want)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(want)
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if strings.ContainsRune(" \n(<«“\"\uFFFD", before) && strings.ContainsRune(" \n)>…\uFFFD"+typed(one.after), after) {
			return true
		}
		at = from + 1
	}
}

// typed are signs, and quotes besides as a short message has them.
func typed(signs string) string {
	if strings.ContainsAny(signs, "»”") {
		signs += `"`
	}
	return signs
}

var (
	name   = regexp.MustCompile(`(?:^|[\s(])[@/][a-z]`)
	joined = "\u2060"
)

// tapped fails where a platform makes a tap of what others wrote, or where a sign
// stands for nothing.
func tapped(t T, text, taps string) {
	if taps == "" && strings.Contains(text, joined) {
		t.Fatalf("a sign that nobody sees stands in %q", text)
	}
	for _, found := range name.FindAllString(text, -1) {
		if sign := strings.Trim(found, " \n(abcdefghijklmnopqrstuvwxyz"); strings.Contains(taps, sign) && !strings.HasSuffix(found, "/o") {
			t.Fatalf("%q is a tap in %q", found, text)
		}
	}
	if strings.Contains(taps, "/") && strings.Contains(text, "own way") && !strings.Contains(text, "/own way") {
		t.Fatalf("what we say ourselves is no tap in %q", text)
	}
}

// linkedReply returns a reply with wicked links wherever one may stand.
func linkedReply(draw *rand.Rand, l messengers.Limits) (r pull.Reply, all []placedLink) {
	r.Language = "en"
	text := func(words int) string {
		var b strings.Builder
		for range 1 + draw.IntN(words) {
			around := [][2]string{{"", ""}, {"", "."}, {"", ","}, {"(", ")"}, {"", "!"}, {"«", "»"}, {"“", "”"}, {"", ":"}, {"(", ")."}}[draw.IntN(9)]
			url := Link(draw) + []string{"a", "/", "7", "é", "日"}[draw.IntN(5)]
			all = append(all, placedLink{around[0], url, around[1]})
			b.WriteString(prose(draw, 3) + " @name /stop a/b " + around[0] + url + around[1] + " ")
		}
		return b.String()
	}
	alone := func() string {
		url := Link(draw) + strings.Repeat("/long_way", draw.IntN(2)*draw.IntN(40))
		all = append(all, placedLink{url: url})
		return url
	}
	r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Title, Text: text(1)}, pull.Block{Kind: pull.Paragraph, Text: "/own way", Own: true})
	for range 1 + draw.IntN(3) {
		switch draw.IntN(4) {
		case 0:
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Link, Text: "To [that] _page_", URL: alone()})
		case 1:
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Link, URL: alone()})
		case 2:
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Bullets, Text: "List", Lines: []string{text(2), text(1)}})
		case 3:
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Note, Text: text(3)})
		}
	}
	for range draw.IntN(3) {
		r.Buttons = append(r.Buttons, pull.Button{Label: "Open it", URL: alone()})
	}
	if image := (what.Media{Type: what.Image, URL: alone(), Alt: "A picture", Bytes: 1000}); draw.IntN(3) == 0 && !l.SMS && l.Unit != messengers.Segment {
		r.Media = []what.Media{image}
	} else {
		all = all[:len(all)-1]
	}
	return r, all
}

// Link returns an address with signs that a markup or another format may mean something by.
func Link(draw *rand.Rand) string {
	hosts := []string{"example.org", "münchen.example", "a_b.example.org", "example.org:8443", "xn--mnchen-3ya.example", "例え.example"}
	steps := []string{
		"_x_", "a_b_c", "*b*", "~c~", "(d)", "Foo_(bar)", "[e]", "e&f", "f;g", "g'h", `h"i`, "i|j", "j<k>l", `k\l`, "#m!", "@name", "stop", "100%25", "é", "日本語",
		"%2F", "%C3%A4", "a,b", "a;b=c", "$x", "{n}", "{text}", "+", "a:b", "!!", "`q`", "**", "__", "~~", "a.b", "--", "=", "^", "<!--", "![x]", "</a>", "]]>", "&amp;", "&lt;",
	}
	queries := []string{"?a=1&copy=2", "?x=1&lt=2&gt;=3", "?q=a+b%20c&amp=1", "?u=https://example.org/_a_", "?_a_=*b*&~c~", "?a[]=1&a[]=2", "?t=|&u='", `?s="&r=\`, "#a_b*c", "#:~:text=a,b", "?", "#"}
	var b strings.Builder
	b.WriteString([]string{"https://", "http://"}[draw.IntN(2)] + hosts[draw.IntN(len(hosts))])
	for range 1 + draw.IntN(4) {
		b.WriteString("/" + steps[draw.IntN(len(steps))])
	}
	if draw.IntN(2) == 0 {
		b.WriteString(queries[draw.IntN(len(queries))])
	}
	return b.String()
}
