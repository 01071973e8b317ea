package whatsapp

import (
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

// outgoing is the body of a message.
type outgoing struct {
	Product     string       `json:"messaging_product"`
	Kind        string       `json:"recipient_type"`
	To          string       `json:"to,omitempty"`
	Recipient   string       `json:"recipient,omitempty"`
	Context     *quoted      `json:"context,omitempty"`
	Type        string       `json:"type"`
	Text        *text        `json:"text,omitempty"`
	Image       *medium      `json:"image,omitempty"`
	Video       *medium      `json:"video,omitempty"`
	Audio       *medium      `json:"audio,omitempty"`
	Document    *medium      `json:"document,omitempty"`
	Interactive *interactive `json:"interactive,omitempty"`
	Template    *template    `json:"template,omitempty"`
	// Key comes back with what is told of the message.
	Key string `json:"biz_opaque_callback_data,omitempty"`

	// spoken is the reader's language.
	spoken string
}

type quoted struct {
	Message string `json:"message_id"`
}

type text struct {
	Body string `json:"body"`
}

type medium struct {
	Link     string `json:"link"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
}

type interactive struct {
	Type   string  `json:"type"`
	Header *header `json:"header,omitempty"`
	Body   written `json:"body"`
	Action action  `json:"action"`
}

type written struct {
	Text string `json:"text"`
}

type header struct {
	Type     string  `json:"type"`
	Image    *medium `json:"image,omitempty"`
	Video    *medium `json:"video,omitempty"`
	Document *medium `json:"document,omitempty"`
}

type action struct {
	Name       string     `json:"name,omitempty"`
	Parameters *opens     `json:"parameters,omitempty"`
	Buttons    []reply    `json:"buttons,omitempty"`
	Button     string     `json:"button,omitempty"`
	Sections   []sections `json:"sections,omitempty"`
}

type opens struct {
	Label string `json:"display_text"`
	URL   string `json:"url"`
}

type reply struct {
	Type  string `json:"type"`
	Reply choice `json:"reply"`
}

type choice struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Detail string `json:"description,omitempty"`
}

type sections struct {
	Rows []choice `json:"rows"`
}

type template struct {
	Name       string       `json:"name"`
	Language   any          `json:"language"`
	Components []components `json:"components,omitempty"`
}

type components struct {
	Type       string  `json:"type"`
	Parameters []value `json:"parameters"`
}

type value struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// to returns a message to an address without its content.
func to(s messengers.Sending) outgoing {
	o := outgoing{Product: "whatsapp", Kind: "individual", Key: s.Key, spoken: s.Language}
	switch group, in := strings.CutPrefix(s.Address, groupPrefix); {
	case in:
		o.Kind, o.To = "group", group
	case isPhone(s.Address):
		o.To = s.Address
	default:
		o.Recipient = s.Address
	}
	if s.Quote != "" {
		o.Context = &quoted{s.Quote}
	}
	return o
}

// bodies returns the requests of a message: the text with one medium and with what
// can be pressed, and before it the media that find no place beside it.
func (n *number) bodies(s messengers.Sending) []meta.Step {
	o := to(s)
	if s.Template != nil {
		return n.steps(o.approved(s.Template, n.TemplateLanguage))
	}
	s.Text = fit(s.Text, maxText)
	if pressed := len(s.Buttons)+len(s.Rows) > 0; pressed && (o.Kind == "group" || messengers.UTF16.Count(s.Text) > maxBody) {
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
			alone := o.shown(m, "")
			steps = append(steps, meta.Step{Body: alone, Instead: o.said(meta.Linked(m.Alt, m.URL))})
		}
	}
	if carrier >= 0 || s.Text != "" || len(s.Buttons)+len(s.Rows) > 0 {
		steps = append(steps, o.last(s, carrier))
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
func (o outgoing) last(s messengers.Sending, carrier int) meta.Step {
	if len(s.Buttons)+len(s.Rows) > 0 {
		step := meta.Step{Body: o.pressable(s.Message, carrier)}
		if carrier >= 0 {
			bare := s.Message
			bare.Text = messengers.UTF16.Join(s.Text, meta.Linked(s.Media[carrier].Alt, s.Media[carrier].URL), maxBody)
			step.Instead = o.pressable(bare, -1)
		}
		return step
	}
	if carrier < 0 {
		return meta.Step{Body: o.said(s.Text)}
	}
	m := s.Media[carrier]
	return meta.Step{Body: o.shown(m, s.Text), Instead: o.said(messengers.UTF16.Join(s.Text, meta.Linked(m.Alt, m.URL), maxText))}
}

// said returns a text alone.
func (o outgoing) said(words string) outgoing {
	o.Type, o.Text = "text", &text{fit(words, maxText)}
	return o
}

// shown returns a medium with the text below it.
func (o outgoing) shown(m what.Media, caption string) outgoing {
	of := &medium{Link: m.URL, Caption: caption}
	switch m.Type {
	case what.Image:
		o.Type, o.Image = "image", of
	case what.Video:
		o.Type, o.Video = "video", of
	case what.Sound:
		o.Type, o.Audio = "audio", of
	case what.Document:
		of.Filename = filename(m.URL)
		o.Type, o.Document = "document", of
	}
	return o
}

func filename(address string) string {
	u, err := url.Parse(address)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return ""
	}
	return path.Base(u.Path)
}

// pressable returns a text with buttons or a list, and a medium above it.
func (o outgoing) pressable(m messengers.Message, carrier int) outgoing {
	o.Type, o.Interactive = "interactive", &interactive{Body: written{fit(bodyOf(m, carrier), maxBody)}}
	rows := m.Rows
	switch {
	case len(m.Buttons) == 1 && m.Buttons[0].URL != "":
		o.Interactive.Type = "cta_url"
		o.Interactive.Action = action{Name: "cta_url", Parameters: &opens{messengers.UTF16.Cut(m.Buttons[0].Label, maxLabel), m.Buttons[0].URL}}
		return o
	case len(rows) == 0 && alike(m.Buttons):
		for _, b := range m.Buttons {
			rows = append(rows, messengers.Row{Label: messengers.UTF16.Cut(b.Label, maxRow), Send: b.Send})
		}
	}
	if len(rows) > 0 {
		of := make([]choice, 0, len(rows))
		for _, r := range rows {
			of = append(of, choice{ID: r.Send, Title: messengers.UTF16.Cut(r.Label, maxRow), Detail: messengers.UTF16.Cut(r.Detail, maxDetail)})
		}
		o.Interactive.Type = "list"
		o.Interactive.Action = action{Button: messengers.UTF16.Cut(words.Core().Say(o.spoken, "command.menu", nil), maxLabel), Sections: []sections{{of}}}
		return o
	}
	o.Interactive.Type = "button"
	for _, b := range m.Buttons {
		o.Interactive.Action.Buttons = append(o.Interactive.Action.Buttons, reply{"reply", choice{ID: b.Send, Title: messengers.UTF16.Cut(b.Label, maxLabel)}})
	}
	if carrier >= 0 {
		above := outgoing{}.shown(m.Media[carrier], "")
		o.Interactive.Header = &header{Type: above.Type, Image: above.Image, Video: above.Video, Document: above.Document}
	}
	return o
}
