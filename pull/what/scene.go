package what

import (
	"strings"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// readWords cuts the message into words, tells what each does, and leaves a
// sign-off aside.
func (q *question) readWords() bool {
	q.tokens = textform.Tokenise(q.text, make([]textform.Token, 0, 12))
	if len(q.tokens) == 0 || len(q.tokens) > textform.MaxTokens {
		return false
	}
	speech.Mark(q.tokens)
	q.tokens = unsigned(q.tokens)
	q.read = true
	return len(q.tokens) > 0
}

// maxSigned is how many words a signature has at most.
const maxSigned = 5

// unsigned drops sign-offs: "Best wishes, Tom. Sent from my phone."
func unsigned(tokens []textform.Token) []textform.Token {
	for i := 1; i < len(tokens); i++ {
		if !tokens[i].Signs || tokens[i].Part == tokens[i-1].Part {
			continue
		}
		end := i + 1
		for end < len(tokens) && tokens[end].Clause == tokens[i].Clause && end-i < 2*maxSigned {
			end++
		}
		tokens = append(tokens[:i:i], tokens[end:]...)
		i--
	}
	return tokens
}

// residue is what stands around a phrase in a message.
type residue struct {
	requests, glue, small, greetings, negations, unknown int
	// ors counts the words between two things, which are counted as small or as
	// something else as well.
	ors int
}

// add counts a word.
func (r *residue) add(k *textform.Token) {
	if k.Roles&speech.Or != 0 || k.Normal == "&" {
		r.ors++
	}
	switch {
	case k.Roles&speech.Negation != 0:
		r.negations++
	case k.Roles&(speech.Request|speech.Cue) != 0:
		r.requests++
	case k.Roles&(speech.Greeting|speech.Signature) != 0 || isNoise(k):
		r.greetings++
	case k.Roles&(speech.Article|speech.Joint|speech.Or) != 0:
		r.small++
	case k.Roles&speech.Glue != 0:
		r.glue++
	default:
		r.unknown++
	}
}

// isNoise covers emoji, which say how somebody feels and ask for nothing.
func isNoise(k *textform.Token) bool {
	return textform.StartsWithEmoji(k.Normal) || k.Normal == "&"
}

// asks reports whether all that stands around is there to ask.
func (r residue) asks() bool {
	return r.unknown == 0 && r.negations == 0 && (r.requests+r.greetings > 0 || r.glue == 0)
}

// begs reports whether a word asks for something in so many words.
func (r residue) begs() bool { return r.unknown == 0 && r.negations == 0 && r.requests > 0 }

// orders reports whether words ask for something and hardly say anything else:
// "there are many details" asks for no keyword "are".
func (r residue) orders() bool { return r.begs() && r.glue <= 1 && r.glue < r.requests }

// words is how many words there are.
func (r residue) words() int {
	return r.requests + r.glue + r.small + r.greetings + r.negations + r.unknown
}

// isFiller reports whether a word may be left aside at the ends of a message.
func isFiller(k *textform.Token) bool {
	return k.Roles&(speech.Filler) != 0 && k.Roles&speech.Negation == 0 || isNoise(k)
}

// core is what is asked, in normal form without the words that only ask, unless
// there are no others; of greetings and politeness alone nothing is left.
func (q *question) core() string {
	from, to := q.stripped(isFiller)
	if from == to {
		from, to = q.stripped(func(k *textform.Token) bool {
			return k.Roles&speech.Greeting != 0 || isNoise(k) || speech.IsPolite(k.Normal)
		})
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from && !q.tokens[i].Glued {
			b.WriteByte(' ')
		}
		b.WriteString(q.tokens[i].Normal)
	}
	return b.String()
}

// unexplained is what is asked, as it was typed: the words that only ask are
// taken off its ends, unless there are no others.
func (q *question) unexplained() string {
	if q.read {
		if from, to := q.stripped(isFiller); from < to {
			return q.raw(from, to)
		}
	}
	return q.text
}

// stripped is the part of the message without the words at its ends that a
// rule takes off. It may be empty.
func (q *question) stripped(off func(*textform.Token) bool) (from, to int) {
	to = len(q.tokens)
	for from < to && off(&q.tokens[from]) {
		from++
	}
	for to > from && off(&q.tokens[to-1]) {
		to--
	}
	return from, to
}

// raw is a part of the message as it was typed.
func (q *question) raw(from, to int) string {
	if from >= to {
		return ""
	}
	return q.text[q.tokens[from].Start:q.tokens[to-1].End]
}
