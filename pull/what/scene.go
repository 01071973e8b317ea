package what

import (
	"strings"
	"unicode/utf8"
)

// readWords cuts the message into words, tells what each does, and leaves a
// sign-off aside.
func (q *question) readWords() bool {
	q.tokens = tokenise(q.text, make([]token, 0, 12))
	if len(q.tokens) == 0 || len(q.tokens) > maxTokens {
		return false
	}
	knownSpeech().mark(q.tokens)
	q.tokens = unsigned(q.tokens)
	q.read = true
	return len(q.tokens) > 0
}

// maxSigned is how many words a signature has at most.
const maxSigned = 5

// unsigned drops sign-offs: "Best wishes, Tom. Sent from my phone."
func unsigned(tokens []token) []token {
	for i := 1; i < len(tokens); i++ {
		if !tokens[i].signs || tokens[i].part == tokens[i-1].part {
			continue
		}
		end := i + 1
		for end < len(tokens) && tokens[end].clause == tokens[i].clause && end-i < 2*maxSigned {
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
func (r *residue) add(k *token) {
	if k.roles&roleOr != 0 || k.normal == "&" {
		r.ors++
	}
	switch {
	case k.roles&roleNegation != 0:
		r.negations++
	case k.roles&(roleRequest|roleCue) != 0:
		r.requests++
	case k.roles&(roleGreeting|roleSignature) != 0 || isNoise(k):
		r.greetings++
	case k.roles&(roleArticle|roleJoint|roleOr) != 0:
		r.small++
	case k.roles&roleGlue != 0:
		r.glue++
	default:
		r.unknown++
	}
}

// isNoise covers emoji, which say how somebody feels and ask for nothing.
func isNoise(k *token) bool {
	r, _ := utf8.DecodeRuneInString(k.normal)
	return isEmojiPart(r) || k.normal == "&"
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
func (k *token) isFiller() bool {
	return k.roles&(roleFiller) != 0 && k.roles&roleNegation == 0 || isNoise(k)
}

// core is what is asked, in normal form without the words that only ask, unless
// there are no others; of greetings and politeness alone nothing is left.
func (q *question) core() string {
	from, to := q.stripped((*token).isFiller)
	if from == to {
		from, to = q.stripped(func(k *token) bool { return k.roles&roleGreeting != 0 || isNoise(k) || isPolite(k.normal) })
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from && !q.tokens[i].glued {
			b.WriteByte(' ')
		}
		b.WriteString(q.tokens[i].normal)
	}
	return b.String()
}

// unexplained is what is asked, as it was typed: the words that only ask are
// taken off its ends, unless there are no others.
func (q *question) unexplained() string {
	if q.read {
		if from, to := q.stripped((*token).isFiller); from < to {
			return q.raw(from, to)
		}
	}
	return q.text
}

// stripped is the part of the message without the words at its ends that a
// rule takes off. It may be empty.
func (q *question) stripped(off func(*token) bool) (from, to int) {
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
	return q.text[q.tokens[from].start:q.tokens[to-1].end]
}
