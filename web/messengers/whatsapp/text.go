package whatsapp

import (
	"slices"
	"strings"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// fit returns a text within a limit: one that the signs of its markup have made too
// long goes without them.
func fit(text string, most int) string {
	if messengers.UTF16.Count(text) > most {
		text = plain(text)
	}
	return messengers.UTF16.Cut(text, most)
}

// textOf returns the text above what can be pressed, which there must be.
func textOf(m messengers.Message, carrier int) string {
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
		m.Text = messengers.UTF16.Join(m.Text, line, maxText)
	}
	for _, r := range m.Rows {
		m.Text = messengers.UTF16.Join(m.Text, "• "+r.Label, maxText)
	}
	m.Buttons, m.Rows = nil, nil
	return m
}

// alike tells whether two buttons could not be told apart, which Meta refuses: in
// a list they may stand.
func alike(buttons []pull.Button) bool {
	titles, ids := map[string]bool{}, map[string]bool{}
	return slices.ContainsFunc(buttons, func(b pull.Button) bool {
		title := messengers.UTF16.Cut(b.Label, maxLabel)
		twice := titles[title] || ids[b.Send]
		titles[title], ids[b.Send] = true, true
		return twice
	})
}

// approved returns a text that Meta has approved, with what is filled into it.
func approved(t *messengers.Template, language string) body {
	if language == "" {
		language = strings.ReplaceAll(t.Language, "-", "_")
	}
	of := body{"name": t.Name, "language": body{"policy": "deterministic", "code": language}}
	var filled []body
	for _, v := range t.Values {
		filled = append(filled, body{"type": "text", "text": v})
	}
	if len(filled) > 0 {
		of["components"] = []body{{"type": "body", "parameters": filled}}
	}
	return of
}
