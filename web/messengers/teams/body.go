package teams

import (
	"regexp"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// cardType is how a message says that a card is attached.
const cardType = "application/vnd.microsoft.card.adaptive"

// card is an adaptive card: what can be pressed below a text, and its picture.
type card struct {
	Schema   string    `json:"$schema"`
	Type     string    `json:"type"`
	Version  string    `json:"version"`
	Fallback string    `json:"fallbackText,omitempty"`
	Body     []element `json:"body"`
	Actions  []action  `json:"actions,omitempty"`
}

// element is a picture, a text, or what can be chosen.
type element struct {
	Type   string    `json:"type"`
	URL    string    `json:"url,omitempty"`
	Alt    string    `json:"altText,omitempty"`
	Text   string    `json:"text,omitempty"`
	Wrap   bool      `json:"wrap,omitempty"`
	Weight string    `json:"weight,omitempty"`
	Subtle bool      `json:"isSubtle,omitempty"`
	Line   bool      `json:"separator,omitempty"`
	Gap    string    `json:"spacing,omitempty"`
	Items  []element `json:"items,omitempty"`
	Select *action   `json:"selectAction,omitempty"`
}

// action is a press.
type action struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	Tooltip string `json:"tooltip,omitempty"`
	URL     string `json:"url,omitempty"`
	Data    *data  `json:"data,omitempty"`
}

// payload is what comes back of a press.
type payload struct {
	Sends string `json:"k"`
}

// data has a press say its label as a message of the reader's.
type data struct {
	payload
	Teams back `json:"msteams"`
}

type back struct {
	Type    string  `json:"type"`
	Text    string  `json:"text"`
	Display string  `json:"displayText"`
	Value   payload `json:"value"`
}

// cardOf returns the card of a message, or nil if it is text alone.
func cardOf(s messengers.Sending) *card {
	if len(s.Buttons)+len(s.Rows)+len(s.Media) == 0 {
		return nil
	}
	c := &card{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.5", Body: []element{},
	}
	for _, m := range s.Media {
		if m.Type == what.Image {
			c.Body = append(c.Body, element{Type: "Image", URL: m.URL, Alt: m.Alt})
			c.Fallback = m.Alt
		}
	}
	for i, r := range s.Rows {
		c.Body = append(c.Body, row(r, i > 0))
	}
	for _, b := range s.Buttons {
		c.Actions = append(c.Actions, button(b))
	}
	return c
}

func button(b pull.Button) action {
	if b.Send == "" {
		return action{Type: "Action.OpenUrl", Title: b.Label, URL: b.URL}
	}
	return submit(b.Label, b.Send)
}

func submit(label, sends string) action {
	sent := payload{sends}
	return action{Type: "Action.Submit", Title: label, Data: &data{sent, back{"messageBack", label, label, sent}}}
}

// row returns an entry of a list, all of which can be pressed.
func row(r messengers.Row, line bool) element {
	pressed := submit(r.Label, r.Send)
	pressed.Tooltip = r.Detail
	e := element{Type: "Container", Line: line, Gap: "Small", Select: &pressed, Items: []element{{Type: "TextBlock", Text: literal(r.Label), Wrap: true, Weight: "Bolder"}}}
	if r.Detail != "" {
		e.Items = append(e.Items, element{Type: "TextBlock", Text: literal(r.Detail), Wrap: true, Subtle: true, Gap: "None"})
	}
	return e
}

// markdown is Teams' own, as far as all of its clients show it.
var markdown = messengers.Markup{
	Name: "markdown", Bold: [2]string{"**", "**"}, Italic: [2]string{"_", "_"}, Link: "[{text}]({url})",
	Escape: literal, EscapeURL: address,
}

// signs are those that markdown and HTML have a meaning for. A line ends only
// where two spaces, or another line end, stand before.
var signs = strings.NewReplacer(
	`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "#", `\#`, "|", `\|`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "\n\n", "\n\n", "\n", "  \n",
)

// addresses are written so that nothing of them ends a link or begins emphasis.
var addresses = strings.NewReplacer(
	`\`, "%5C", "*", "%2A", "~", "%7E", "`", "%60", "[", "%5B", "]", "%5D", "(", "%28", ")", "%29", "|", "%7C", `"`, "%22", "<", "%3C", ">", "%3E",
)

// emphasis is where "_" begins or ends it: not within a word.
var emphasis = regexp.MustCompile(`(^|[^\pL\pN])_+|_+([^\pL\pN]|$)`)

func address(s string) string {
	return emphasis.ReplaceAllStringFunc(addresses.Replace(s), func(found string) string { return strings.ReplaceAll(found, "_", "%5F") })
}

// heads make a list, a rule or a heading of the line that they begin.
var heads = regexp.MustCompile(`(?m)^(\s{0,3})(?:([-+=])|(\d{1,9})(\.))`)

// literal writes text so that none of it is taken for markup.
func literal(s string) string { return heads.ReplaceAllString(signs.Replace(s), `$1$3\$2$4`) }
