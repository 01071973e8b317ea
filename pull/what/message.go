package what

import (
	"slices"
	"strings"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// message is what a reader wrote, and its words once they are read. It knows no
// keywords.
type message struct {
	text string
	// languages are the reader's, most preferred first.
	languages []string
	// published are the languages of the publisher's phrases.
	published []string
	normal    string
	// tokens are the words of the message without a sign-off, once it is read.
	tokens []textform.Token
	// tongues are the languages that it is written in.
	tongues speech.Tongues
	read    bool
}

// readWords cuts the message into words, tells what each does, and leaves a
// sign-off aside. Of a quotation alone there is nothing to read.
func (msg *message) readWords() bool {
	if isQuotation(msg.text) {
		return false
	}
	msg.tokens = textform.Tokenise(msg.text, make([]textform.Token, 0, 12))
	if len(msg.tokens) == 0 || len(msg.tokens) > textform.MaxTokens {
		return false
	}
	hints := msg.languages
	if len(hints) == 0 {
		hints = msg.published
	}
	msg.tongues = speech.Mark(msg.tokens, hints...)
	msg.readSymbols()
	msg.tokens = unsigned(msg.tokens)
	msg.readExclamations()
	msg.readAlternatives()
	msg.read = true
	return len(msg.tokens) > 0
}

// quotes begins a line of what somebody else wrote before.
const quotes = ">"

// unquoted returns a message without the lines that quote another one, unless it has no others.
func unquoted(text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, quotes) {
		return text
	}
	lines := slices.DeleteFunc(strings.Split(text, "\n"), isQuotation)
	if own := strings.TrimSpace(strings.Join(lines, "\n")); own != "" {
		return own
	}
	return text
}

func isQuotation(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), quotes) }

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
	// common are those of the unknown ones that are ordinary words, beside those
	// that stand right beside what is asked for and are not.
	common, beside int
	// letters are those of the unknown ones that are letters of scripts without
	// spaces, commonLetters those of them in ordinary words.
	letters, commonLetters int
	// past, opinions, deeds, talks and quotes count words that tell something, which
	// are counted as something else as well.
	past, opinions, deeds, talks, quotes int
	// questions counts the words that may begin a question, aspects those that are wanted of a
	// thing.
	questions, aspects int
	// ors counts the words between two things, which are counted as small or as
	// something else as well.
	ors int
	// said says that something was there that does not only ask.
	said bool
}

// add counts a word.
func (r *residue) add(k *textform.Token) {
	if (k.Roles&speech.Link != 0 || k.Normal == "&" || k.JoinedTo > 0) && r.said {
		r.ors++
	}
	r.said = r.said || !isFiller(k)
	r.questions += one(k.Roles&(speech.Question|speech.QuestionBehind) != 0)
	r.aspects += one(k.Roles&speech.Aspect != 0)
	if k.Roles&speech.Instead == 0 {
		r.past += one(k.Roles&speech.Past != 0)
		r.opinions += one(k.Roles&speech.Opinion != 0)
		r.deeds += one(k.Roles&speech.Deed != 0)
		r.talks += one(k.Roles&speech.Talk != 0)
		r.quotes += one(k.Roles&speech.Quote != 0)
	}
	switch {
	case k.Roles&(speech.Negation|speech.NegationBehind) != 0:
		r.negations++
	case k.Roles&(speech.Request|speech.Cue) != 0:
		r.requests++
	case k.Roles&(speech.Greeting|speech.Signature) != 0 || isNoise(k):
		r.greetings++
	case k.Roles&(speech.Article|speech.Joint|speech.Link|speech.Instead) != 0:
		r.small++
	case k.Roles&speech.Harmless != 0:
	case k.Roles&(speech.Glue|speech.Question|speech.QuestionBehind) != 0:
		r.glue++
	default:
		r.unknown++
		switch {
		case k.Spaceless && k.Roles&(speech.Common|speech.Telling) != 0:
			r.commonLetters++
		case k.Spaceless:
			r.letters++
		case k.Roles&(speech.Common|speech.Telling) != 0:
			r.common++
		}
	}
}

// tellingWords returns how many words tell something.
func (r *residue) tellingWords() int { return r.past + r.opinions + r.deeds + r.talks + r.quotes }

// note counts a word, unless it belongs to what it stands around of.
func (r *residue) note(k *textform.Token, covered bool, beside int) {
	if covered {
		r.said = true
		return
	}
	r.add(k)
	r.beside += beside
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

// isFiller reports whether a word may be left aside at the ends of a message.
func isFiller(k *textform.Token) bool {
	return k.Roles&(speech.Filler) != 0 && k.Roles&speech.Negation == 0 || isNoise(k)
}

// onlyAsks reports whether a word does nothing but that, so that a reader is not
// told of it.
func onlyAsks(k *textform.Token) bool { return isFiller(k) && !speech.IsTopic(k.Folded) }

// isCourtesy reports whether a token is a greeting, noise or politeness.
func isCourtesy(k *textform.Token) bool {
	return k.Roles&speech.Greeting != 0 || isNoise(k) || speech.IsPolite(k.Normal)
}

// core returns what is asked, in normal form without the words that only ask, unless
// there are no others; of greetings and politeness alone nothing is left.
func (msg *message) core() string {
	from, to := msg.stripped(isFiller)
	if from == to {
		from, to = msg.stripped(isCourtesy)
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from && !msg.tokens[i].Glued {
			b.WriteByte(' ')
		}
		b.WriteString(msg.tokens[i].Normal)
	}
	return b.String()
}

// unexplained returns what is asked, as it was typed: the words that only ask are
// taken off its ends, unless there are no others.
func (msg *message) unexplained() string {
	if msg.read {
		if from, to := msg.stripped(onlyAsks); from < to {
			return msg.raw(from, to)
		}
	}
	return msg.text
}

// stripped returns the part of the message without the words at its ends that a
// rule takes off. It may be empty.
func (msg *message) stripped(off func(*textform.Token) bool) (from, to int) {
	to = len(msg.tokens)
	for from < to && off(&msg.tokens[from]) {
		from++
	}
	for to > from && off(&msg.tokens[to-1]) {
		to--
	}
	return from, to
}

// raw returns a part of the message as it was typed.
func (msg *message) raw(from, to int) string {
	if from >= to {
		return ""
	}
	return msg.text[msg.tokens[from].Start:msg.tokens[to-1].End]
}
