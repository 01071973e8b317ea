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

func (c Case) answer(t T, of messengers.InBand, r messengers.Receipt, in messengers.Incoming, l messengers.Limits) {
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
}

func paragraph(text string) pull.Reply {
	return pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: text}}}
}
