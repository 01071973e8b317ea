package whatsapp

import (
	"maps"
	"net/url"
	"path"
	"strings"

	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// groupPrefix begins the address of a group.
const groupPrefix = "group/"

// body is that of a request (Cloud API, messages), or a part of one.
type body map[string]any

// kinds are what the API calls media.
var kinds = map[what.MediaType]string{what.Image: "image", what.Video: "video", what.Sound: "audio", what.Document: "document"}

// with returns a body with a content, which stands in a field named after its type.
func (b body) with(kind string, content body) body {
	all := maps.Clone(b)
	all["type"], all[kind] = kind, content
	return all
}

// bodyTo returns a message to an address without its content.
func bodyTo(s messengers.Sending) body {
	// The key comes back with what is told of the message.
	b := body{"messaging_product": "whatsapp", "recipient_type": "individual", "biz_opaque_callback_data": s.Key}
	if s.Key == "" {
		delete(b, "biz_opaque_callback_data")
	}
	switch group, in := strings.CutPrefix(s.Address, groupPrefix); {
	case in:
		b["recipient_type"], b["to"] = "group", group
	case isPhone(s.Address):
		b["to"] = s.Address
	default:
		b["recipient"] = s.Address
	}
	if s.Quote != "" {
		b["context"] = body{"message_id": s.Quote}
	}
	return b
}

// bodies returns the requests of a message: the text with one medium and with what
// can be pressed, and before it the media that find no place beside it.
func (n *number) bodies(s messengers.Sending) []meta.Step {
	b := bodyTo(s)
	if s.Template != nil {
		return n.steps(meta.Step{Body: b.with("template", approved(s.Template, n.TemplateLanguage))})
	}
	s.Text = fit(s.Text, maxText)
	if pressed := len(s.Buttons)+len(s.Rows) > 0; pressed && (b["recipient_type"] == "group" || messengers.UTF16.Count(s.Text) > maxBody) {
		s.Message = wordedIn(s.Message)
	}
	if len(s.Buttons) == 1 && s.Buttons[0].URL != "" && len(s.Media) > 0 {
		// A picture goes with buttons that answer alone: the link stands below it.
		s.Text = messengers.UTF16.Join(s.Text, meta.Linked(s.Buttons[0].Label, s.Buttons[0].URL), maxText)
		s.Buttons = nil
	}
	carrier := -1
	for i, m := range s.Media {
		if len(s.Rows) == 0 && messengers.UTF16.Count(s.Text) <= maxBody && m.Type != what.Sound && (carrier < 0 || m.Type == what.Image) {
			carrier = i
		}
	}
	var steps []meta.Step
	for i, m := range s.Media {
		if i != carrier {
			steps = append(steps, meta.Step{Body: b.shown(m, ""), Instead: b.said(meta.Linked(m.Alt, m.URL))})
		}
	}
	if carrier >= 0 || s.Text != "" || len(s.Buttons)+len(s.Rows) > 0 {
		steps = append(steps, b.last(s, carrier))
	}
	return n.steps(steps...)
}

// steps returns where requests go.
func (n *number) steps(all ...meta.Step) []meta.Step {
	for i := range all {
		all[i].Path = n.path + "/messages"
	}
	return all
}

// last returns the request with the text.
func (b body) last(s messengers.Sending, carrier int) meta.Step {
	pressable := len(s.Buttons)+len(s.Rows) > 0
	if carrier < 0 && pressable {
		return meta.Step{Body: b.pressable(s, carrier)}
	}
	if carrier < 0 {
		return meta.Step{Body: b.said(s.Text)}
	}
	m, most := s.Media[carrier], maxText
	if pressable {
		most = maxBody
	}
	bare := s
	bare.Text = messengers.UTF16.Join(s.Text, meta.Linked(m.Alt, m.URL), most)
	if pressable {
		return meta.Step{Body: b.pressable(s, carrier), Instead: b.pressable(bare, -1)}
	}
	return meta.Step{Body: b.shown(m, s.Text), Instead: b.said(bare.Text)}
}

// said returns a text alone.
func (b body) said(text string) body { return b.with("text", body{"body": fit(text, maxText)}) }

// shown returns a medium with the text below it.
func (b body) shown(m what.Media, caption string) body {
	of := body{"link": m.URL}
	if caption != "" {
		of["caption"] = caption
	}
	if name := filename(m.URL); m.Type == what.Document && name != "" {
		of["filename"] = name
	}
	return b.with(kinds[m.Type], of)
}

func filename(address string) string {
	u, err := url.Parse(address)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return ""
	}
	return path.Base(u.Path)
}

// pressable returns a text with buttons or a list, and a medium above it.
func (b body) pressable(s messengers.Sending, carrier int) body {
	cut := messengers.UTF16.Cut
	content := func(kind string, action body) body {
		return body{"type": kind, "body": body{"text": fit(textOf(s.Message, carrier), maxBody)}, "action": action}
	}
	rows := s.Rows
	switch {
	case len(s.Buttons) == 1 && s.Buttons[0].URL != "":
		opens := body{"display_text": cut(s.Buttons[0].Label, maxLabel), "url": s.Buttons[0].URL}
		return b.with("interactive", content("cta_url", body{"name": "cta_url", "parameters": opens}))
	case len(rows) == 0 && alike(s.Buttons):
		for _, one := range s.Buttons {
			rows = append(rows, messengers.Row{Label: cut(one.Label, maxRow), Send: one.Send})
		}
	}
	if len(rows) > 0 {
		var choices []body
		for _, r := range rows {
			choice := body{"id": r.Send, "title": cut(r.Label, maxRow)}
			if r.Detail != "" {
				choice["description"] = cut(r.Detail, maxDetail)
			}
			choices = append(choices, choice)
		}
		menu := cut(words.Core().Say(s.Language, "command.menu", nil), maxLabel)
		return b.with("interactive", content("list", body{"button": menu, "sections": []body{{"rows": choices}}}))
	}
	var buttons []body
	for _, one := range s.Buttons {
		buttons = append(buttons, body{"type": "reply", "reply": body{"id": one.Send, "title": cut(one.Label, maxLabel)}})
	}
	all := content("button", body{"buttons": buttons})
	if carrier >= 0 {
		all["header"] = body{}.shown(s.Media[carrier], "")
	}
	return b.with("interactive", all)
}
