package hook

import (
	"strings"
	"time"

	"keypull/sources"
)

// content is what stands in the dynamic content of ManyChat: messages, and what
// can be tapped. Its actions are about ManyChat's own contacts and mean nothing
// here.
type content struct {
	Messages     []message `json:"messages"`
	QuickReplies []reply   `json:"quick_replies"`
}

// message is one of them: a text, a medium, or cards.
type message struct {
	Type     string  `json:"type"`
	Text     string  `json:"text"`
	URL      string  `json:"url"`
	Elements []card  `json:"elements"`
	Buttons  []reply `json:"buttons"`
}

// card is a picture with a title and buttons of its own.
type card struct {
	Title     string  `json:"title"`
	Subtitle  string  `json:"subtitle"`
	ImageURL  string  `json:"image_url"`
	ActionURL string  `json:"action_url"`
	Buttons   []reply `json:"buttons"`
}

// reply is a button or a quick reply.
type reply struct {
	Type    string `json:"type"`
	Caption string `json:"caption"`
	URL     string `json:"url"`
	Phone   string `json:"phone"`
}

// addTo makes one item of all the messages, as readers get them together.
func (c *content) addTo(a *answer, at time.Time) {
	var one rawItem
	var texts []string
	var buttons []reply
	say := func(lines ...string) {
		if text := strings.TrimSpace(strings.Join(lines, "\n")); text != "" {
			texts = append(texts, text)
		}
	}
	for _, m := range c.Messages[:min(len(c.Messages), maxItems)] {
		switch m.Type {
		case "cards", "list":
			for _, e := range m.Elements[:min(len(m.Elements), maxItems)] {
				say(e.Title, e.Subtitle, sources.SafeLink("", e.ActionURL))
				one.Media = append(one.Media, rawMedium{URL: e.ImageURL})
				buttons = append(buttons, e.Buttons...)
			}
		case "image", "video", "audio", "file":
			one.Media = append(one.Media, rawMedium{Type: m.Type, URL: m.URL})
		default:
			say(m.Text)
		}
		buttons = append(buttons, m.Buttons...)
	}
	buttons = append(buttons, c.QuickReplies...)
	for _, b := range buttons {
		if b.Type == "call" {
			// A number can't be tapped everywhere, but read.
			say(strings.TrimSpace(b.Caption + ": " + b.Phone))
		}
	}
	one.Text = strings.Join(texts, "\n\n")
	a.addItem(one, at)
	for _, b := range buttons {
		switch {
		case b.Type == "call":
		case b.URL != "" && b.Type != "dynamic_block_callback":
			a.addButton(rawButton{Label: scalar(b.Caption), URL: b.URL})
		case b.Caption != "":
			a.addButton(rawButton{Label: scalar(b.Caption), Send: b.Caption})
		}
	}
}
