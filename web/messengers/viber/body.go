package viber

import (
	"cmp"
	"html"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// outgoing is the body of send_message, and without a receiver the answer to an
// opened chat.
type outgoing struct {
	Receiver string    `json:"receiver,omitempty"`
	Version  int       `json:"min_api_version"`
	Sender   sender    `json:"sender"`
	Type     string    `json:"type"`
	Text     string    `json:"text,omitempty"`
	Media    string    `json:"media,omitempty"`
	Keyboard *keyboard `json:"keyboard,omitempty"`
}

type sender struct {
	Name   string `json:"name"`
	Avatar string `json:"avatar,omitempty"`
}

type keyboard struct {
	Type    string   `json:"Type"`
	Default bool     `json:"DefaultHeight"`
	Buttons []button `json:"Buttons"`
}

// button takes a part of a row, which has six columns. Its text is HTML, what it
// sends is not.
type button struct {
	Columns int    `json:"Columns"`
	Rows    int    `json:"Rows"`
	Action  string `json:"ActionType"`
	Body    string `json:"ActionBody"`
	Text    string `json:"Text"`
	Size    string `json:"TextSize"`
	Silent  bool   `json:"Silent,omitempty"`
}

// plainVersion is the version that every app has.
const plainVersion = 1

// body returns the request for a message: a picture with its text where that fits
// beside it.
func (b *bot) body(address string, m messengers.Message) outgoing {
	text, keys := m.Text, b.keys(m)
	o := outgoing{Receiver: address, Version: plainVersion, Sender: b.as(), Type: "text", Keyboard: keys}
	if keys != nil {
		o.Version = b.version
	}
	for _, media := range m.Media {
		if o.Media == "" && media.Type == what.Image && len(media.URL) <= maxURL && messengers.UTF16.Count(text) <= maxCaption {
			o.Type, o.Media = "picture", media.URL
			if text == "" {
				text = messengers.Short(media.Alt, maxCaption)
			}
		} else {
			text = messengers.UTF16.Join(text, media.URL, maxText)
		}
	}
	o.Text = text
	return o
}

// plain returns the same message for apps that show no buttons: their words stand in
// the text.
func (o outgoing) plain() outgoing {
	if o.Keyboard != nil {
		for _, b := range o.Keyboard.Buttons {
			line := "• " + html.UnescapeString(b.Text)
			if b.Action == "open-url" {
				line += ": " + b.Body
			}
			o.Text = messengers.UTF16.Join(o.Text, line, maxText)
		}
	}
	o.Keyboard, o.Version = nil, plainVersion
	return o
}

// as returns who the message is from.
func (b *bot) as() sender {
	return sender{Name: messengers.Short(cmp.Or(b.sender, b.name()), maxSender), Avatar: b.avatar}
}

// keys returns the buttons of a message, two a row where their labels are short.
func (b *bot) keys(m messengers.Message) *keyboard {
	const row, short, silent = 6, 14, 6
	k := keyboard{Type: "keyboard"}
	wide := false
	for _, of := range m.Buttons {
		one := button{Columns: row / 2, Rows: 1, Action: "reply", Body: of.Send, Text: html.EscapeString(of.Label), Size: "regular", Silent: b.version >= silent}
		if of.Send == "" {
			one.Action, one.Body, one.Silent = "open-url", of.URL, false
		}
		wide = wide || utf8.RuneCountInString(of.Label) > short
		k.Buttons = append(k.Buttons, one)
	}
	if len(k.Buttons) == 0 {
		return nil
	}
	for i := range k.Buttons {
		if wide || i == len(k.Buttons)-1 && i%2 == 0 {
			k.Buttons[i].Columns = row
		}
	}
	return &k
}
