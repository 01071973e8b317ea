package messengers

import (
	"strings"

	"keypull/pull"
)

// Cut returns what Shape leaves out of a reply for want of room, as a reply of its own:
// the blocks behind the place where the text is cut, what is left of a divided one, and
// the links and stamps that close it. It returns false where Shape tells all of the text.
func (l Limits) Cut(r pull.Reply) (rest pull.Reply, cut bool) {
	sent := l.coded(l.written(r))
	rest, cut = untold(sent, l.complete().Roomy(sent))
	for i := range rest.Blocks {
		if b := &rest.Blocks[i]; b.Kind == pull.Stamp {
			b.Text = strings.TrimSuffix(b.Text, codeBehind(r))
		}
	}
	return rest, cut
}

// untold returns what the messages of a reply do not tell.
func untold(r pull.Reply, l Limits) (rest pull.Reply, cut bool) {
	s, pieces, cut := layOut(r, l)
	if !cut {
		return pull.Reply{}, false
	}
	if s.joins() {
		return untoldApart(r, l)
	}
	rest = pull.Reply{Language: r.Language, Blocks: s.untoldBlocks(pieces[len(pieces)-1]), Rest: r.Rest, Told: r.Told, Tells: r.Tells}
	if len(rest.Blocks) == 0 {
		return pull.Reply{}, false
	}
	for _, b := range s.closers {
		if b.Kind != pull.Note || !strings.Contains(pieces[len(pieces)-1].closing.s, clean(b.Text)) {
			rest.Blocks = append(rest.Blocks, b)
		}
	}
	return rest, true
}

// untoldApart returns what is left of each of the answers that a reply joins.
func untoldApart(r pull.Reply, l Limits) (all pull.Reply, cut bool) {
	all.Language = r.Language
	i := 0
	for one, share := range apart(r, l) {
		if rest, ok := untold(one, share); ok {
			all.Blocks = append(all.Blocks, rest.Blocks...)
			all.Answers = append(all.Answers, pull.Answer{
				Keyword: r.Answers[i].Keyword, Blocks: len(rest.Blocks), Rest: rest.Rest, Told: rest.Told, Tells: rest.Tells,
			})
		}
		i++
	}
	return all, len(all.Answers) > 0
}

// untoldBlocks returns what stands between the last piece of a text and what closes it;
// nothing where no piece of the text was told.
func (s *shaping) untoldBlocks(last piece) (blocks []pull.Block) {
	if last.to == 0 {
		return nil
	}
	c := composer{limits: s.limits}
	from := 0
	for _, b := range s.reply.Blocks[:len(s.reply.Blocks)-len(s.closers)] {
		c.block(b)
		end := len(c.text.s)
		switch {
		case end <= last.to:
		case from >= last.to || b.Kind == pull.Link:
			blocks = append(blocks, b)
		default:
			if text := strings.TrimSpace(strings.ReplaceAll(c.text.s[last.to:end], joiner, "")); text != "" {
				blocks = append(blocks, pull.Block{Kind: pull.Paragraph, Text: text, Own: b.Own})
			}
		}
		from = end
	}
	if len(blocks) > 0 {
		blocks[0].Tight = false
	}
	return blocks
}
