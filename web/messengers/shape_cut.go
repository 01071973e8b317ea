package messengers

import (
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/pull/words"
)

// cut ends the last message at a sentence end, with a mark. Behind it stands
// what closes a reply that is not told whole.
func (s *shaping) cut(out []piece, from int, fits func(string) bool) []piece {
	p := piece{from: from}
	body := s.text.s[from:max(from, s.tail)]
	if body == "" {
		body = s.text.s[from:]
	}
	p.to = from + longest(body, " "+ellipsis, fits)
	// What closes it takes room, and may thereby move the cut before another
	// item, whose link it is then.
	for range 2 {
		p.closing = s.bestClosing(p.to, from < s.tail, fits)
		after := " " + ellipsis
		if p.closing.s != "" {
			after += "\n\n" + p.closing.s
		}
		p.to = s.text.undivided(from, trimRight(s.text.s, from, from+breakAt(body, longest(body, after, fits))))
	}
	if p.ellipsis = ending(s.text.s[from:p.to]); p.to == from && !fits(p.ellipsis) {
		p.ellipsis = ""
	}
	if p.to == from && p.ellipsis == "" && len(s.media) == 0 {
		return out
	}
	return append(out, p)
}

// ending returns the ellipsis behind a text, with a space where it would seem to be
// the end of a sentence or of an address.
func ending(text string) string {
	word := text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	if text != "" && sentenceEnd(text, len(text)) || strings.Contains(word, "://") {
		return " " + ellipsis
	}
	return ellipsis
}

// bestClosing returns the fullest one there is room for.
func (s *shaping) bestClosing(at int, whole bool, fits func(string) bool) rich {
	for _, closing := range s.closings(at, whole) {
		if fits(ellipsis+"\n\n"+closing.s) && (closing.only || fits(closing.s+"\n\n"+closing.s)) {
			return closing.rich
		}
	}
	return rich{}
}

// closing is what may end a reply that was cut.
type closing struct {
	rich
	// only says that it is the least there is to say, for which the text has
	// to make room; all others take no more than half of the message.
	only bool
}

// closings returns the ways to end a reply that is cut at some place, the fullest
// first; whole says that none of the closing part has been told yet.
func (s *shaping) closings(at int, whole bool) []closing {
	url := s.rest(at)
	var all []closing
	if whole {
		var notes, stamps []pull.Block
		for _, b := range s.closers {
			switch b.Kind {
			case pull.Stamp:
				stamps = append(stamps, b)
				notes = append(notes, b)
			case pull.Note:
				notes = append(notes, b)
			}
		}
		least := s.closing(url, false, stamps, false)
		least.only = true
		all = append(all, s.closing(url, true, notes, true), s.closing(url, true, stamps, false), least)
	}
	if url == "" {
		return all
	}
	bare := s.closing(url, false, nil, false)
	bare.only = true
	return append(all, s.closing(url, true, nil, false), bare)
}

// closing composes one of them.
func (s *shaping) closing(url string, worded bool, blocks []pull.Block, offers bool) closing {
	c := composer{limits: s.limits}
	switch label := words.Core().Say(s.reply.Language, "reply.whole_text", nil); {
	case url == "":
	case !worded:
		c.address("", url, false)
	case s.limits.Markup.Link != "":
		c.link(label, url, false)
	default:
		c.address(label+": ", url, false)
	}
	for _, b := range blocks {
		c.block(b)
	}
	if offers {
		c.offers(s.reply.Language, s.worded)
	}
	return closing{rich: c.text}
}

// rest returns where what a cut leaves out can be read: the link of the item that
// is cut, which stands behind the cut, else that of the whole reply.
func (s *shaping) rest(at int) string {
	last := ""
	for _, l := range s.links {
		if last = l.url; l.at >= at {
			return l.url
		}
	}
	if url := cleanURL(s.reply.Rest); url != "" {
		return url
	}
	return last
}
