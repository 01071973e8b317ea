package messengertest

import (
	"regexp"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/web/messengers"
)

// limits checks what Shape and the sender rely on.
func (c Case) limits(t T, logs *record) {
	l := c.open(t, nowhere, nil, logs).Limits()
	units := []messengers.Unit{messengers.Runes, messengers.UTF16, messengers.Bytes, messengers.Segment}
	if !slices.Contains(units, l.Unit) {
		t.Errorf("unit %q is unknown", l.Unit)
	}
	for _, n := range []int{l.Messages, l.Buttons, l.Rows, l.Subject, l.Caption, int(l.Rate), int(l.InBand), int(l.Window)} {
		if n < 0 {
			t.Errorf("limits make no sense: %d of something", n)
		}
	}
	if l.Text <= 0 {
		t.Errorf("limits make no sense: a text of %d", l.Text)
	}
	if l.Buttons > 0 && l.LabelRunes <= 0 || l.Rows > 0 && l.RowRunes <= 0 {
		t.Errorf("buttons or rows without a length of their labels")
	}
	c.escapes(t, l.Markup)
	lengths := []int{1, 100, 400, 5000}
	if c.wrap != nil || c.wrapApp != nil {
		lengths = lengths[:1]
	}
	for _, sentences := range lengths {
		long := strings.TrimSpace(strings.Repeat("Stir the cream for 3.5 min until it is firm. ", sentences))
		for form := range 4 {
			Whole(t, l, Recipe([]string{"Beat the eggs.", long, "Serve."}, form))
		}
	}
}

var escaped = regexp.MustCompile(`\\.`)

// escapes: what others write is never taken for markup.
func (Case) escapes(t T, m messengers.Markup) {
	before, after, _ := strings.Cut(m.Link, "{text}")
	marks := []string{m.Bold[0], m.Bold[1], m.Italic[0], m.Italic[1]}
	for _, around := range []string{before, after} {
		opening, closing, _ := strings.Cut(around, "{url}")
		marks = append(marks, opening, closing)
	}
	for _, mark := range marks {
		mark = strings.Trim(mark, "|")
		// A backslash takes the meaning of what follows it.
		if mark != "" && strings.Contains(escaped.ReplaceAllString(m.Text("1"+mark+"2"), ""), mark) {
			t.Errorf("the text %q stays as it is, and is taken for markup", mark)
		}
	}
	if link := before + after; strings.Contains(link, `"`) {
		if l := messengers.Shape(linked(`https://example.org/"x`), messengers.Limits{Text: 500, Messages: 1, Markup: m}); strings.Contains(l[0].Text, `/"x`) {
			t.Errorf("an address ends the quotes that it stands in: %s", l[0].Text)
		}
	}
}

func linked(url string) pull.Reply {
	return pull.Reply{Blocks: []pull.Block{{Kind: pull.Link, Text: "label", URL: url}}}
}
