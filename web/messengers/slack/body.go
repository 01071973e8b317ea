package slack

import (
	"cmp"
	"path"
	"strconv"
	"strings"
	"unicode"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// Limits of blocks (Block Kit reference), in characters.
const (
	maxSection = 3000
	maxLabel   = 75
	maxURL     = 3000
	maxValue   = 2000
	maxAlt     = 2000
	// maxBlocks is how much text all blocks of a message hold; Slack says no at
	// somewhat more.
	maxBlocks = 12_000
)

// post is the body of chat.postMessage, of chat.postEphemeral, of what is sent
// to a response_url, and of the response to a command.
type post struct {
	Channel  string   `json:"channel,omitempty"`
	User     string   `json:"user,omitempty"`
	Response string   `json:"response_type,omitempty"`
	Text     string   `json:"text"`
	Blocks   []block  `json:"blocks,omitempty"`
	Below    []nested `json:"attachments,omitempty"`
	Thread   string   `json:"thread_ts,omitempty"`
	// No link is followed for a preview: the answer says what matters. What one
	// person alone sees has none, and is always markup.
	UnfurlLinks *bool `json:"unfurl_links,omitempty"`
	UnfurlMedia *bool `json:"unfurl_media,omitempty"`
	Mrkdwn      bool  `json:"mrkdwn,omitempty"`
}

// alone returns a post that one person in the channel sees; "" for whoever asked.
func (p post) alone(user string) post {
	p.User, p.UnfurlLinks, p.UnfurlMedia, p.Mrkdwn = user, nil, nil, false
	return p
}

type nested struct {
	Blocks []block `json:"blocks"`
}

type block struct {
	Type     string    `json:"type"`
	Text     *label    `json:"text,omitempty"`
	Elements []element `json:"elements,omitempty"`
	ImageURL string    `json:"image_url,omitempty"`
	Alt      string    `json:"alt_text,omitempty"`
}

type label struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type element struct {
	Type    string   `json:"type"`
	Action  string   `json:"action_id"`
	Text    *label   `json:"text,omitempty"`
	Value   string   `json:"value,omitempty"`
	URL     string   `json:"url,omitempty"`
	Options []option `json:"options,omitempty"`
}

type option struct {
	Text   label  `json:"text"`
	Value  string `json:"value"`
	Detail *label `json:"description,omitempty"`
}

// compose sets messages as one. Text alone needs no blocks; what can be pressed
// or looked at does, and then the text stands in blocks as well: people see
// those, programs that read aloud or notify read the text. Text that blocks have
// no room for stays alone, and the rest below it.
func compose(pictured bool, all ...messengers.Sending) post {
	p := post{Mrkdwn: true, UnfurlLinks: new(bool), UnfurlMedia: new(bool)}
	var blocks, below []block
	fits, size := true, 0
	for _, m := range all {
		if p.Text != "" && m.Text != "" {
			p.Text += "\n\n"
		}
		p.Text += m.Text
		for _, part := range sections(m.Text, maxSection) {
			n := messengers.UTF16.Count(part)
			size, fits = size+n, fits && n <= maxSection
			blocks = append(blocks, section(part))
		}
		var extra []block
		for _, media := range m.Media {
			extra = append(extra, picture(media, pictured))
		}
		extra = append(extra, choices(m.Message)...)
		blocks, below = append(blocks, extra...), append(below, extra...)
	}
	if p.Text == "" && len(below) > 0 && below[0].Text != nil {
		p.Text = below[0].Text.Text
	}
	switch {
	case len(below) == 0:
	case fits && size <= maxBlocks:
		p.Blocks = blocks
	default:
		p.Below = []nested{{below}}
	}
	return p
}

func section(text string) block { return block{Type: "section", Text: &label{"mrkdwn", text}} }

// picture shows a picture, or where it can't be shown says where it is.
func picture(m what.Media, shown bool) block {
	alt := cmp.Or(m.Alt, path.Base(m.URL))
	if !shown || m.Type != what.Image || len(m.URL) > maxURL {
		return section("<" + escapeURL(m.URL) + "|" + signs.Replace(messengers.Short(alt, maxAlt/2)) + ">")
	}
	return block{Type: "image", ImageURL: m.URL, Alt: messengers.Short(alt, maxAlt)}
}

// choices returns the buttons of a message, or its list.
func choices(m messengers.Message) []block {
	var all []block
	var buttons []element
	for i, b := range m.Buttons {
		e := element{Type: "button", Action: strconv.Itoa(i), Text: &label{"plain_text", b.Label}, Value: b.Send}
		if b.Send == "" {
			e.URL = b.URL
		}
		if len(e.Value) <= maxValue {
			buttons = append(buttons, e)
		}
	}
	if len(buttons) > 0 {
		all = append(all, block{Type: "actions", Elements: buttons})
	}
	if len(m.Rows) > 0 {
		list := element{Type: "static_select", Action: "list"}
		for _, r := range m.Rows {
			o := option{Text: label{"plain_text", r.Label}, Value: r.Send}
			if r.Detail != "" {
				o.Detail = &label{"plain_text", r.Detail}
			}
			list.Options = append(list.Options, o)
		}
		all = append(all, block{Type: "actions", Elements: []element{list}})
	}
	return all
}

// place is an address taken apart: a channel, or a person in one and where Slack
// takes what that person alone is to see.
type place struct{ channel, user, hook string }

// where reads an address as Receive made it, or one with the workspace's id
// before it, as readers are named.
func where(address string) (place, bool) {
	first, rest, private := strings.Cut(address, "/")
	if private && strings.HasPrefix(first, "T") {
		return place{channel: rest}, isID(rest)
	}
	if !private {
		return place{channel: first}, isID(first)
	}
	channel, hook, _ := strings.Cut(rest, "/")
	return place{channel, first, hook}, isID(first) && isID(channel)
}

// mrkdwn is Slack's markup. It has an escape for three signs alone; for the
// others that set text, letters that look like them stand in.
var mrkdwn = messengers.Markup{
	Name: "mrkdwn", Bold: [2]string{"*", "*"}, Italic: [2]string{"_", "_"}, Link: "<{url}|{text}>",
	Escape: signs.Replace, EscapeURL: escapeURL, Address: func(url string) string { return "<" + escapeURL(url) + ">" },
}

var (
	signs     = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ")
	escapeURL = strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C").Replace
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// plain reads what a person wrote: Slack sets who and what is named in angle
// brackets, and escapes the rest. Who is named is left out, what else is named
// is called as people see it.
func plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		inner, after, closed := strings.Cut(rest, ">")
		if !found || !closed {
			b.WriteString(entities.Replace(s))
			break
		}
		b.WriteString(entities.Replace(before))
		b.WriteString(entities.Replace(seen(inner)))
		if s = after; strings.HasPrefix(inner, "@") {
			s = strings.TrimLeft(s, ",:;")
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' }), " ")
}

// seen returns what people see of what stands in angle brackets.
func seen(inner string) string {
	name, label, labelled := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(inner, "@"), strings.HasPrefix(inner, "!"):
		return ""
	case strings.HasPrefix(inner, "#") && labelled:
		return "#" + label
	case strings.HasPrefix(inner, "#"):
		return ""
	case labelled:
		return label
	}
	return name
}

// sections divides set text into stretches of at most so many units, at ends of
// lines or words, and never within an escape or a link.
func sections(s string, most int) []string {
	var all []string
	for messengers.UTF16.Count(s) > most {
		at := cutAt(s, most)
		if head := strings.TrimRightFunc(s[:at], unicode.IsSpace); head != "" {
			all = append(all, head)
		}
		s = strings.TrimLeftFunc(s[at:], unicode.IsSpace)
	}
	if s != "" {
		all = append(all, s)
	}
	return all
}

// cutAt returns the best place to divide set text within so many units.
func cutAt(s string, most int) int {
	closing := rune(0)
	return messengers.BreakMarked(s, most, func(r rune) bool {
		switch {
		case r == closing:
			closing = 0
		case closing == 0 && r == '<':
			closing = '>'
		case closing == 0 && r == '&':
			closing = ';'
		}
		return closing != 0
	})
}
