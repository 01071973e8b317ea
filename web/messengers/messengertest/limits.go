package messengertest

import (
	"net/http"
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
	for _, sentences := range []int{1, 100, 400, 5000} {
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

// answers checks what travels in the response to a delivery.
func (c Case) answers(t T, logs *record) {
	m := c.open(t, nowhere, nil, logs)
	of, ok := m.(messengers.InBand)
	l := m.Limits()
	if ok != (l.InBand > 0) {
		t.Errorf("limits say that the platform waits %s for an answer; that there is one in the response: %v", l.InBand, ok)
	}
	for i, d := range c.Deliveries {
		r := c.receive(t, m, copied(d))
		asks := slices.DeleteFunc(answered(r), func(in messengers.Incoming) bool { return !in.InBand })
		if len(asks) == 0 {
			continue
		}
		if !ok {
			t.Fatalf("delivery %d asks for an answer in the response; there is no Answer", i)
		}
		c.answer(t, of, r, asks[0], l)
	}
}

func (Case) answer(t T, of messengers.InBand, r messengers.Receipt, in messengers.Incoming, l messengers.Limits) {
	for _, text := range []string{"Hello", "5 € für <b>dich</b> & mich"} {
		for _, m := range messengers.Shape(pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: text}}}, l) {
			s := to(in.Address, m, "1.0")
			got := of.Answer(r, []messengers.Sending{s})
			body := leaves(&http.Request{URL: noURL(), Header: http.Header{"Content-Type": {got.ContentType}}, Body: reader(got.Body)})
			if got.Status >= http.StatusBadRequest || !says(body, m.Text) && (m.Voice == "" || !says(body, m.Voice)) {
				t.Errorf("the answer %q is not in the response: %d %q", m.Text, got.Status, shortened(got.Body))
			}
		}
	}
	if got := of.Answer(r, nil); got.Status >= http.StatusInternalServerError {
		t.Errorf("where nothing is to be said, the response is %d", got.Status)
	}
}
