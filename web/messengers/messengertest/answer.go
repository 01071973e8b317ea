package messengertest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"keypull/pull"
	"keypull/web/messengers"
)

// answers checks what travels in the response to a delivery.
func (c Case) answers(t T, logs *record) {
	m := c.open(t, nowhere, nil, logs)
	of, ok := m.(messengers.InBand)
	alone, asked := false, false
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
		if !asks[0].Group && !asked {
			asked = true
			c.lacks(t, Others, c.Alone, "a case says by Alone what an answer in the response has that only the asker sees")
		}
		alone = c.answer(t, of, r, asks[0], l) || alone
	}
	if asked && c.Alone != "" && !alone {
		t.Errorf("no response says %q: what is for the asker alone is seen by all", c.Alone)
	}
}

// answer has one ask answered by all sorts of replies, and tells whether each is for
// the asker alone.
func (c Case) answer(t T, of messengers.InBand, r messengers.Receipt, in messengers.Incoming, l messengers.Limits) bool {
	alone := true
	all := append(replies(), paragraph("5 € für <b>dich</b> & mich"))
	for i, reply := range all {
		var said []messengers.Sending
		for part, m := range messengers.Shape(reply, l) {
			said = append(said, to(in.Address, m, fmt.Sprintf("%d-%d", i, part)))
		}
		got := of.Answer(r, said)
		told := leaves(&http.Request{URL: noURL(), Header: http.Header{"Content-Type": {got.ContentType}}, Body: reader(got.Body)})
		if got.Status >= http.StatusBadRequest || got.ContentType == "" && len(got.Body) > 0 {
			t.Errorf("the response with an answer has status %d and says that it is %q", got.Status, got.ContentType)
		}
		for _, s := range said {
			c.told(t, told, "the response", s.Message)
		}
		alone = alone && (len(said) == 0 || slices.Contains(told, c.Alone))
	}
	for text, want := range c.Headers {
		s := to(in.Address, messengers.Shape(paragraph(text), l)[0], "1-1")
		if got := of.Answer(r, []messengers.Sending{s}).Header; !maps.Equal(got, want) {
			t.Errorf("the answer %q travels with the headers %v, want %v", text, got, want)
		}
	}
	if got := of.Answer(r, nil); got.Status >= http.StatusInternalServerError {
		t.Errorf("where nothing is to be said, the response is %d", got.Status)
	}
	return alone
}

func paragraph(text string) pull.Reply {
	return pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: text}}}
}
