package whatsapp

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// length is how Meta counts a text.
func length(text string) int {
	if len(text) <= maxBody/2 {
		return len(text)
	}
	n := 0
	for _, r := range text {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// fit is a text within a limit: one that the signs of its markup have made too
// long goes without them.
func fit(text string, most int) string {
	if length(text) > most {
		text = plain(text)
	}
	for length(text) > most {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// label is a label in so many UTF-16 units.
func label(text string, most int) string {
	n, end := 0, 0
	for at, r := range text {
		if n += max(utf16.RuneLen(r), 1); n > most {
			return strings.TrimSpace(text[:end])
		}
		end = at + utf8.RuneLen(r)
	}
	return text
}

// joined is a text with one more line, where there is room for it.
func joined(text, line string, most int) string {
	switch {
	case text == "":
		return line
	case length(text)+2+length(line) > most:
		return text
	}
	return text + "\n\n" + line
}

// bodyOf is the text above what can be pressed, which there must be.
func bodyOf(m messengers.Message, carrier int) string {
	switch {
	case m.Text != "":
		return m.Text
	case carrier >= 0 && m.Media[carrier].Alt != "":
		return m.Media[carrier].Alt
	case len(m.Buttons) > 0:
		return m.Buttons[0].Label
	}
	return m.Rows[0].Label
}

// wordedIn has what can be pressed stand in the text, where nothing can be: in
// groups, and beside a long text.
func wordedIn(m messengers.Message) messengers.Message {
	for _, b := range m.Buttons {
		line := "• " + b.Label
		if b.URL != "" {
			line = meta.Linked(b.Label, b.URL)
		}
		m.Text = joined(m.Text, line, maxText)
	}
	for _, r := range m.Rows {
		m.Text = joined(m.Text, "• "+r.Label, maxText)
	}
	m.Buttons, m.Rows = nil, nil
	return m
}

// alike tells whether two buttons could not be told apart, which Meta refuses: in
// a list they may stand.
func alike(buttons []pull.Button) bool {
	titles, ids := map[string]bool{}, map[string]bool{}
	return slices.ContainsFunc(buttons, func(b pull.Button) bool {
		title := label(b.Label, maxLabel)
		twice := titles[title] || ids[b.Send]
		titles[title], ids[b.Send] = true, true
		return twice
	})
}

// approved is a text that Meta has approved, with what is filled into it.
func (o outgoing) approved(t *messengers.Template, language string) meta.Step {
	if language == "" {
		language = strings.ReplaceAll(t.Language, "-", "_")
	}
	o.Type, o.Template = "template", &template{Name: t.Name, Language: map[string]string{"policy": "deterministic", "code": language}}
	if len(t.Values) > 0 {
		of := components{Type: "body"}
		for _, v := range t.Values {
			of.Parameters = append(of.Parameters, value{"text", v})
		}
		o.Template.Components = []components{of}
	}
	return meta.Step{Body: o}
}
