package discord

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// Limits of a message (Discord's reference of messages and components), in
// characters.
const (
	maxContent = 2000
	maxEmbed   = 4096
	maxEmbeds  = 6000
	maxLabel   = 80
	maxID      = 100
	maxURL     = 512
	maxOption  = 100
	maxOptions = 25
	inRow      = 5
	maxAlt     = 300
)

// ephemeral is the flag of a message that one person alone sees. None is needed
// against previews: every address stands in angle brackets.
const ephemeral = 64

// response is what a delivery is answered with.
type response struct {
	Type int      `json:"type"`
	Data *message `json:"data,omitempty"`
}

type message struct {
	Content    string    `json:"content,omitempty"`
	Embeds     []card    `json:"embeds,omitempty"`
	Components []element `json:"components,omitempty"`
	Mentions   mentions  `json:"allowed_mentions,omitempty"`
	Flags      int       `json:"flags,omitempty"`
	// Nonce is by which Discord drops what it has had already.
	Nonce   string    `json:"nonce,omitempty"`
	Enforce bool      `json:"enforce_nonce,omitempty"`
	Choices *[]option `json:"choices,omitempty"`
}

// mentions are who may be called by what others wrote.
type mentions map[string][]string

var nobody = mentions{"parse": {}}

type card struct {
	Text  string            `json:"description,omitempty"`
	Image map[string]string `json:"image,omitempty"`
}

// The types of components, and the styles of buttons.
const (
	ofRow    = 1
	ofButton = 2
	ofSelect = 3

	primary = 1
	link    = 5
)

type element struct {
	Type       int       `json:"type"`
	Components []element `json:"components,omitempty"`
	Style      int       `json:"style,omitempty"`
	Label      string    `json:"label,omitempty"`
	CustomID   string    `json:"custom_id,omitempty"`
	URL        string    `json:"url,omitempty"`
	Options    []entry   `json:"options,omitempty"`
}

// entry is one of a list; option is one that a word may be completed to.
type entry struct {
	Label  string `json:"label"`
	Value  string `json:"value"`
	Detail string `json:"description,omitempty"`
}

type option struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// compose sets messages as one. What has no room in the text stands in frames
// below it, in order.
func compose(all ...messengers.Sending) *message {
	m := &message{Mentions: nobody}
	room := maxEmbeds
	for i, one := range all {
		if text := one.Text; i == 0 && messengers.UTF16.Count(text) <= maxContent {
			m.Content = text
		} else {
			room = m.frame(text, room)
		}
		for _, media := range one.Media {
			room = m.show(media, room)
		}
		m.Components = append(m.Components, buttonsOf(one.Message)...)
	}
	return m
}

// frame puts text below: whole where one frame holds it, else divided, and what
// there is no room for in the text above, or cut. It returns the room that is
// left.
func (m *message) frame(text string, room int) int {
	if messengers.UTF16.Count(text) > min(room, maxEmbed) && m.Content == "" {
		at := cutAt(text, maxContent)
		if m.Content = strings.TrimSpace(text[:at]); messengers.UTF16.Count(m.Content) > maxContent {
			m.Content = ""
		}
		text = strings.TrimSpace(text[at:])
	}
	for text != "" && room > 1 {
		most := min(room, maxEmbed)
		part, rest := text, ""
		if messengers.UTF16.Count(text) > most {
			at := cutAt(text, most-1)
			part, rest = strings.TrimSpace(text[:at]), strings.TrimSpace(text[at:])
			if messengers.UTF16.Count(part) >= most {
				return room // a single link that is longer than a frame
			}
			if most == room {
				part, rest = part+"…", ""
			}
		}
		text = rest
		m.Embeds, room = append(m.Embeds, card{Text: part}), room-messengers.UTF16.Count(part)
	}
	return room
}

// show puts a picture below, with what it shows in words.
func (m *message) show(media what.Media, room int) int {
	alt := []rune(media.Alt)
	text := markdown.Whole(string(alt[:min(len(alt), maxAlt)]))
	if messengers.UTF16.Count(text) > room {
		text = ""
	}
	m.Embeds = append(m.Embeds, card{Text: text, Image: map[string]string{"url": media.URL}})
	return room - messengers.UTF16.Count(text)
}

// buttonsOf returns the buttons of a message in rows, or its list.
func buttonsOf(m messengers.Message) (rows []element) {
	var buttons []element
	taken := map[string]bool{}
	for i, b := range m.Buttons {
		e := element{Type: ofButton, Style: primary, Label: b.Label, CustomID: b.Send}
		switch {
		case b.Send == "":
			e.Style, e.CustomID, e.URL = link, "", b.URL
		case taken[b.Send]:
			e.CustomID = "#" + strconv.Itoa(i) + "#" + b.Send
		}
		taken[b.Send] = true
		if len(e.CustomID) <= maxID {
			buttons = append(buttons, e)
		}
	}
	for len(buttons) > 0 {
		n := min(inRow, len(buttons))
		rows, buttons = append(rows, element{Type: ofRow, Components: buttons[:n]}), buttons[n:]
	}
	if len(m.Rows) > 0 {
		list := element{Type: ofSelect, CustomID: "list"}
		taken = map[string]bool{}
		for _, r := range m.Rows {
			if !taken[r.Send] && len(r.Send) <= maxOption {
				list.Options = append(list.Options, entry{r.Label, r.Send, r.Detail})
			}
			taken[r.Send] = true
		}
		rows = append(rows, element{Type: ofRow, Components: []element{list}})
	}
	return rows
}

// payload returns what a button sends, without the number that tells two apart which
// send the same.
func payload(id string) string {
	if rest, numbered := strings.CutPrefix(id, "#"); numbered {
		if n, sends, ok := strings.Cut(rest, "#"); ok && n != "" && strings.Trim(n, "0123456789") == "" {
			return sends
		}
	}
	return id
}

// answering returns a response as a receipt.
func answering(r response) messengers.Receipt {
	return messengers.Receipt{ContentType: contentType, Body: messengers.JSON(r)}
}

// markdown is Discord's markup. An address in angle brackets is a link that is
// not followed for a preview.
var markdown = messengers.Markup{
	Name: "markdown", Bold: [2]string{"**", "**"}, Italic: [2]string{"*", "*"}, Link: "[{text}]({url})",
	Escape: marked, EscapeURL: escapeURL,
}

var (
	signs = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`, "[", `\[`, "]", `\]`, "<", `\<`,
		"(", `\(`, ")", `\)`)
	brackets = strings.NewReplacer("<", "%3C", ">", "%3E", "(", "%28", ")", "%29", `\`, "%5C")
	// beginnings are what makes a line something else than a line.
	beginnings = regexp.MustCompile(`(?m)^(\s*)([->#+])`)
)

// marked writes text so that none of it is markup.
func marked(s string) string {
	return beginnings.ReplaceAllString(signs.Replace(s), `$1\$2`)
}

func escapeURL(s string) string { return "<" + brackets.Replace(s) + ">" }

// cutAt returns the best place to divide set text within so many units: never within
// an escape or a link.
func cutAt(s string, most int) int {
	inside, escaped := false, false
	return messengers.BreakMarked(s, most, func(r rune) bool {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '[' || r == '<':
			inside = true
		case r == '>':
			inside = false
		}
		return inside || escaped
	})
}

// commandName returns a word as a command may be called; "" if it can't be, for it
// would not be understood.
func commandName(label string) string {
	name := messengers.Hyphened(label)
	if utf8.RuneCountInString(name) > maxName || name == generic {
		return ""
	}
	return name
}
