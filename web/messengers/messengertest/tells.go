package messengertest

import (
	"slices"
	"strings"

	"keypull/web/messengers"
)

// unasked: what is not said to the account gets no answer, and no refusal.
func (c Case) unasked(t T, m messengers.Messenger) {
	if len(c.Groups) > 0 && len(c.Unasked) == 0 {
		t.Errorf("a case with groups says by Unasked what is said there and not to us")
	}
	for i, d := range c.Unasked {
		r := c.receive(t, m, copied(d))
		if n := len(answered(r)); n > 0 || r.Status >= 400 {
			t.Errorf("unasked delivery %d: status %d, and %d messages to answer; want none", i, r.Status, n)
		}
	}
}

// pressed: what a button sends comes back when it is pressed.
func (c Case) pressed(t T, m messengers.Messenger) {
	if l := m.Limits(); c.Press == nil {
		if l.Buttons+l.Rows > 0 && c.Base != "" {
			t.Errorf("a case whose messages have buttons or rows says by Press how one is pressed")
		}
		return
	}
	for _, sends := range []string{"k:news", "c:more", "o:1:" + strings.Repeat("x", 60)} {
		asks := c.receive(t, m, c.Press(sends)).Asks
		if len(asks) != 1 || asks[0].Tap != sends && (asks[0].Tap != "" || asks[0].Text != sends) {
			t.Errorf("a button that sends %q was pressed, and %+v arrives", sends, asks)
		}
	}
}

// became: what the platform tells of a message is about the one that Send named.
func (c Case) became(t T, m messengers.Messenger) {
	if c.Told == nil {
		return
	}
	if c.Tells == "" {
		t.Errorf("a case with Told says by Tells what became of the message, as messengers.Delivered")
	}
	for _, key := range []string{"1-1", "2-1"} {
		id := strings.ReplaceAll(c.ID, "{key}", key)
		d := c.Told(id)
		if r := c.receive(t, m, copied(d)); !slices.ContainsFunc(r.Events, func(e messengers.Event) bool { return e.Message == id && e.Kind == c.Tells }) || len(answered(r)) > 0 {
			t.Errorf("the platform tells of the message %q, and %+v is understood", id, r)
		}
	}
}
