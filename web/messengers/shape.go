package messengers

import (
	"iter"

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
// close it. Of several answers that a reply joins each is cut by itself. A reply
// without content gives no message.
//
// Shape is a pure function: the console's preview calls the very same one.
func Shape(r pull.Reply, l Limits) []Message {
	r = l.coded(l.written(r))
	return shape(r, l.complete().Roomy(r), nil)
}

// Shaped is Shape, with what was left out on the way, word for word: text that a
// cut took, labels that had no room, media and links that can't be shown.
func Shaped(r pull.Reply, l Limits) (messages []Message, omitted []string) {
	r = l.coded(l.written(r))
	messages = shape(r, l.complete().Roomy(r), &omitted)
	return messages, omitted
}

// shape returns the messages, and adds what was left out to omitted where that
// is asked for.
func shape(r pull.Reply, l Limits, omitted *[]string) []Message {
	s, pieces, cut := layOut(r, l)
	if cut && s.joins() {
		return shapeApart(r, l, omitted)
	}
	messages := s.messages(pieces)
	if len(messages) > 0 {
		messages[0].Consent = r.Consent
	}
	if omitted != nil {
		*omitted = append(*omitted, s.omitted(pieces, messages)...)
	}
	return messages
}

// layOut composes a reply and divides its text into pieces; cut says that something had to
// be left out.
func layOut(r pull.Reply, l Limits) (s shaping, pieces []piece, cut bool) {
	s = shaping{limits: l, reply: r}
	s.compose()
	if pieces, cut = s.pieces(); cut && s.pictured() && !s.joins() {
		// Words matter more than the picture that leaves them less room.
		s.media = s.media[1:]
		pieces, cut = s.pieces()
	}
	return s, pieces, cut
}

// shapeApart shapes each of the answers that a reply joins, where one would be
// cut away by another.
func shapeApart(r pull.Reply, l Limits, omitted *[]string) (out []Message) {
	for one, share := range apart(r, l) {
		out = append(out, shape(one, share, omitted)...)
	}
	return out
}

// apart yields the answers that a reply joins, each with what it has of the messages that
// the channel takes.
func apart(r pull.Reply, l Limits) iter.Seq2[pull.Reply, Limits] {
	return func(yield func(pull.Reply, Limits) bool) {
		all, below := r.Apart()
		all[0].Media = r.Media
		last := &all[len(all)-1]
		last.Blocks, last.Buttons = append(last.Blocks, below...), r.Buttons
		took := 0
		for i, one := range all {
			share := l
			share.Messages = (l.Messages - took + len(all) - i - 1) / (len(all) - i)
			took += len(shape(one, share, nil))
			if !yield(one, share) {
				return
			}
		}
	}
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
		l.Media, l.Buttons, l.Rows = nil, 0, 0
	}
	if l.SMS || l.Unit == Segment {
		l.Markup = Markup{}
	}
	return l
}

// shaping is one reply on its way to one channel.
type shaping struct {
	limits  Limits
	text    rich
	media   []what.Media
	buttons []pull.Button
	rows    []Row
	// worded are the buttons that stand in the text.
	worded []pull.Button
	// tail is where the closing part of the text begins: what a cut spares.
	tail int
	// reply is what all of this is made of, closers are the blocks of its tail,
	// links where its links stand.
	reply   pull.Reply
	closers []pull.Block
	links   []placed
	stamps  []dated
	// unplaced are the addresses that no message has room for.
	unplaced []string
}

// joins reports whether the reply joins answers of which each can have a message.
func (s *shaping) joins() bool { n := len(s.reply.Answers); return n > 1 && s.limits.Messages >= n }

// compose writes the text, and sets beside it what the channel shows otherwise.
func (s *shaping) compose() {
	r, l := &s.reply, s.limits
	c := composer{limits: l}
	c.expect(r.Blocks)
	body := len(r.Blocks)
	for body > 0 && closes(r.Blocks[body-1].Kind) {
		body--
	}
	c.blocks(r.Blocks[:body])
	s.media = c.media(r.Media)
	s.tail = len(c.text.s)
	c.blocks(r.Blocks[body:])
	pressed, linked := l.pressable(r.Buttons)
	if l.ButtonText > 0 && l.Unit.Count(c.text.s) > l.ButtonText {
		pressed = nil
	}
	if l.Buttons >= len(pressed) && !l.alike(pressed) {
		s.buttons = fitButtons(pressed, l.LabelRunes)
	}
	if len(s.buttons) == 0 {
		s.rows = fitRows(pressed, l)
	}
	silent := c.text.s == "" && len(s.media) == 0
	if s.worded = linked; len(s.buttons) == 0 && len(s.rows) == 0 || silent {
		s.worded = r.Buttons
	}
	c.offers(r.Language, s.worded)
	s.text, s.links, s.stamps, s.closers, s.unplaced = c.text, c.links, c.stamps, r.Blocks[body:], c.unplaced
}

// closes tells whether blocks of this kind, at the end of a reply, survive a
// cut of what stands above them.
func closes(k pull.BlockKind) bool {
	return k == pull.Link || k == pull.Stamp || k == pull.Note
}

// pictured says that the first message has a picture, whose caption it is.
func (s *shaping) pictured() bool { return len(s.media) > 0 && s.media[0].Type == what.Image }

// messages renders the pieces; title and media go first, the buttons last.
func (s *shaping) messages(pieces []piece) []Message {
	out := make([]Message, 0, len(pieces))
	for _, p := range pieces {
		m := Message{Text: s.text.render(p, s.limits.Markup)}
		if s.limits.Unit == Segment {
			m.Text = thrifty(m.Text)
		}
		if s.limits.Speech {
			m.Voice = spoken(s.text.render(p, Markup{}))
		}
		out = append(out, m)
	}
	for i := range out {
		out[i].Cards = s.cards(out[i].Text)
	}
	if len(out) > 0 {
		out[0].Media, out[0].Subject = s.besideCards(out[0].Cards), s.subject()
		out[len(out)-1].Buttons, out[len(out)-1].Rows = s.buttons, s.rows
	}
	return out
}
