package what

import "keypull/pull/what/textform"

// span is a run of words of the message that is a phrase.
type span struct {
	from, to int
	all      []ranked
}

const (
	// maxSpan is the longest phrase looked for within a message, in words;
	// maxSpacelessSpan is that in letters of scripts without spaces.
	maxSpan, maxSpacelessSpan = 7, 14
	// maxSpanned is the longest message that is looked through.
	maxSpanned = 60
)

// spans finds the longest phrases within the message that do not overlap.
func (q *query) spans() []span {
	n := len(q.tokens)
	if n > maxSpanned {
		return nil
	}
	var found []span
	taken := make([]bool, n)
	for size := min(n, maxSpacelessSpan); size > 0; size-- {
		for from := 0; from+size <= n; from++ {
			to := from + size
			if taken[from] || taken[to-1] || !q.whole(from, to) {
				continue
			}
			all := q.everywhere(func(l *lexicon, hits []int32) []int32 {
				return l.reads(q.normalOf(from, to), hits, &q.probes)
			})
			if len(all) == 0 {
				continue
			}
			found = append(found, span{from, to, all})
			for i := from; i < to; i++ {
				taken[i] = true
			}
		}
	}
	return found
}

func (msg *message) normalOf(from, to int) string {
	if to-from == 1 {
		return msg.tokens[from].Normal
	}
	return textform.Normal(msg.raw(from, to))
}

// whole reports whether a run of words can be a phrase: not too long, and not
// torn out of a word.
func (msg *message) whole(from, to int) bool {
	first, last := &msg.tokens[from], &msg.tokens[to-1]
	if to-from > maxSpan && (!first.Spaceless || !last.Spaceless) {
		return false
	}
	if from > 0 && first.Glued && torn(&msg.tokens[from-1], first) {
		return false
	}
	if to < len(msg.tokens) && msg.tokens[to].Glued && torn(last, &msg.tokens[to]) {
		return false
	}
	if to-from > 1 || !first.Spaceless {
		return true
	}
	// A single letter within a longer word is not that letter's word.
	if from > 0 && first.Glued && msg.tokens[from-1].Spaceless {
		return false
	}
	return to == len(msg.tokens) || !msg.tokens[to].Glued || !msg.tokens[to].Spaceless
}

// torn reports whether two words that touch belong together: katakana, and
// what an apostrophe parts.
func torn(a, b *textform.Token) bool {
	if textform.IsKatakana(a.Normal) && textform.IsKatakana(b.Normal) {
		return true
	}
	return !a.Spaceless && !b.Spaceless && !isNoise(a) && !isNoise(b) && a.End < b.Start
}
