package telegram

import (
	"html"
	"strconv"
	"strings"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// Limits of a message (Bot API, sendMessage, sendPhoto and
// InlineKeyboardButton), text in UTF-16 units after parsing, data in bytes.
const (
	maxText    = 4096
	maxCaption = 1024
	maxData    = 64
)

// target is a chat, and the topic within it or zero.
type target struct {
	chat  int64
	topic int64
}

// where reads an address as Receive made it.
func where(address string) (target, bool) {
	chat, topic, forum := strings.Cut(address, "/")
	var t target
	var err error
	if t.chat, err = strconv.ParseInt(chat, 10, 64); err != nil || t.chat == 0 {
		return t, false
	}
	if forum {
		t.topic, err = strconv.ParseInt(topic, 10, 64)
	}
	return t, err == nil
}

// outgoing is the body of sendMessage and of sendPhoto.
type outgoing struct {
	Chat      int64     `json:"chat_id"`
	Topic     int64     `json:"message_thread_id,omitempty"`
	Text      string    `json:"text,omitempty"`
	Photo     string    `json:"photo,omitempty"`
	Caption   string    `json:"caption,omitempty"`
	ParseMode string    `json:"parse_mode,omitempty"`
	Preview   preview   `json:"link_preview_options,omitzero"`
	Markup    *keyboard `json:"reply_markup,omitempty"`
}

type preview struct {
	Disabled bool `json:"is_disabled"`
}

type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// photo returns the request for a message with one picture, if that is how it can
// be sent.
func photo(t target, m messengers.Message) (outgoing, bool) {
	if len(m.Media) != 1 || m.Media[0].Type != what.Image || m.Media[0].URL == "" || messengers.UTF16.Count(messengers.Unmarked(m.Text, "", "")) > maxCaption {
		return outgoing{}, false
	}
	o := outgoing{Chat: t.chat, Topic: t.topic, Photo: m.Media[0].URL, Caption: m.Text, Markup: buttons(m)}
	if m.Text != "" {
		o.ParseMode = "HTML"
	}
	return o, true
}

// sentenceOf returns the request for the text of a message alone.
func sentenceOf(t target, m messengers.Message) outgoing {
	text := m.Text
	if text == "" && len(m.Media) > 0 {
		text = html.EscapeString(m.Media[0].URL)
	}
	return outgoing{
		Chat: t.chat, Topic: t.topic, Text: text, ParseMode: "HTML",
		Preview: preview{Disabled: true}, Markup: buttons(m),
	}
}

// buttons sets one button a row.
func buttons(m messengers.Message) *keyboard {
	var rows [][]button
	for _, b := range m.Buttons {
		switch {
		case b.Send != "" && len(b.Send) <= maxData:
			rows = append(rows, []button{{Text: b.Label, Data: b.Send}})
		case b.Send == "" && b.URL != "":
			rows = append(rows, []button{{Text: b.Label, URL: b.URL}})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return &keyboard{Rows: rows}
}

// plain returns the same request without markup.
func (o outgoing) plain() outgoing {
	o.ParseMode = ""
	o.Text, o.Caption = messengers.Unmarked(o.Text, ": ", ""), messengers.Unmarked(o.Caption, ": ", "")
	return o
}
