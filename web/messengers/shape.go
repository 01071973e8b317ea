package messengers

import (
	"keypull/pull"
	"keypull/pull/what"
)

// ellipsis stands at the end of a reply that had to be cut.
const ellipsis = "…"

// Shape maps a reply to the messages that a channel can carry, in reading
// order. Every message's text is within the limits, counted without markup;
// none is empty. A reply that needs more than Limits.Messages messages is cut
// at a sentence end and marked with an ellipsis; behind it stands where the
// whole text is, if the reply has a link, and the stamp and the offers that
// close it. A reply without content gives no message.
//
// Shape is a pure function: the console's preview calls the very same one.
func Shape(r pull.Reply, l Limits) []Message {
	l = l.complete()
	s := newShaping(r, l)
	pieces, cut := s.pieces()
	if cut && s.image != nil {
		// Words matter more than the picture that leaves them less room.
		bare := *s
		bare.image = nil
		s = &bare
		pieces, _ = s.pieces()
	}
	return s.messages(pieces)
}

// complete replaces limits that were left out by ones that every channel has.
func (l Limits) complete() Limits {
	if l.Text <= 0 {
		l.Text, l.Unit = 1000, Runes
	}
	if l.Messages <= 0 {
		l.Messages = 4
	}
	if l.Unit == "" {
		l.Unit = Runes
	}
	if l.SMS {
		l.Images, l.Buttons = false, 0
	}
	if l.SMS || l.Unit == Segment {
		l.Markup = Plain
	}
	return l
}

// shaping is one reply on its way to one channel.
type shaping struct {
	limits  Limits
	text    rich
	image   *what.Media
	buttons []pull.Button
	// tail is where the closing part of the text begins: what a cut spares.
	tail int
	// reply is what all of this is made of, closers are the blocks of its tail,
	// links where its links stand.
	reply   pull.Reply
	closers []pull.Block
	links   []placed
}

func newShaping(r pull.Reply, l Limits) *shaping {
	s := &shaping{limits: l, reply: r}
	c := composer{limits: l}
	body := len(r.Blocks)
	for body > 0 && closes(r.Blocks[body-1].Kind) {
		body--
	}
	c.blocks(r.Blocks[:body])
	s.image = c.media(r.Media)
	s.tail = len(c.text.s)
	c.blocks(r.Blocks[body:])
	if s.limits.Buttons >= len(r.Buttons) {
		s.buttons = fitButtons(r.Buttons, l.LabelRunes)
	}
	silent := c.text.s == "" && s.image == nil
	if len(s.buttons) == 0 || silent {
		c.offers(r.Language, r.Buttons)
	}
	s.text, s.links, s.closers = c.text, c.links, r.Blocks[body:]
	return s
}

// closes tells whether blocks of this kind, at the end of a reply, survive a
// cut of what stands above them.
func closes(k pull.BlockKind) bool {
	return k == pull.Link || k == pull.Stamp || k == pull.Note
}

// messages renders the pieces; the picture goes first, the buttons last.
func (s *shaping) messages(pieces []piece) []Message {
	out := make([]Message, 0, len(pieces))
	for _, p := range pieces {
		text := s.text.render(p, s.limits.Markup)
		if s.limits.Unit == Segment {
			text = thrifty(text)
		}
		out = append(out, Message{Text: text})
	}
	if s.image != nil && len(out) > 0 {
		out[0].Media = []what.Media{*s.image}
	}
	if len(out) > 0 {
		out[len(out)-1].Buttons = s.buttons
	}
	return out
}
