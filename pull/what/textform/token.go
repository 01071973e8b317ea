package textform

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxTokens bounds the words of a message that are looked at one by one; a
// longer one is a letter, and no keyword.
const MaxTokens = 240

// Token is one word of a message, or one letter of a script without spaces,
// with its marks.
type Token struct {
	// Start and End are where it stands in the message.
	Start, End     int
	Normal, Folded string
	// Spaceless says that it is one letter of a script without spaces.
	Spaceless bool
	// Capital says that it begins with a capital within a sentence, and that not all
	// of its letters are one.
	Capital bool
	// Glued says that nothing stands between it and the token before; Tied that
	// nothing does but one sign that makes one word of both, as in DTE.DE.
	Glued, Tied bool
	// Symbol says that it belongs to a word that is written like the symbol of an
	// exchange. Who cuts texts does not know the message around it: who reads it says so.
	Symbol bool
	// Sentence counts the sentences before it, Clause those and what stands
	// before a colon, Part what commas and quotes part too.
	Sentence, Clause, Part int

	// Roles are what it does in the message. Who cuts texts knows none: package
	// speech gives them, and says by Signs that a sign-off begins here, by
	// Carried that the token belongs to an entry of several
	// words.
	Roles          Role
	Signs, Carried bool
	// Joined is where the word itself begins and ends within Folded, where an affix
	// is written to it that stands for "and": both are 0 where there is none.
	JoinedFrom, JoinedTo int
}

// Tokenise appends the tokens of a text.
func Tokenise(text string, tokens []Token) []Token {
	t := tokeniser{text: text, tokens: tokens, start: -1}
	for i, r := range text {
		t.letter(i, r)
		if len(t.tokens) > MaxTokens {
			return t.tokens
		}
	}
	t.close(len(text))
	return t.tokens
}

// tokeniser cuts a text into tokens.
type tokeniser struct {
	text   string
	tokens []Token
	// start is where the open token begins, -1 if none is open.
	start int
	// end is where the last token ended.
	end  int
	last rune
	// sentence, clause and part count what has ended; stop says that a full
	// stop ends a sentence if a space follows.
	sentence, clause, part int
	stop                   bool
}

func (t *tokeniser) letter(i int, r rune) {
	kind := kindAfter(t.last, r)
	switch {
	case kind == rider && t.start >= 0 && unified(r) != '\'':
		return
	case kind == rider && unified(r) == '\'':
		// What an apostrophe parts are two words, glued, unless it is an ending.
		if !isEnding(t.text[i:]) && (t.start < 0 || caseEnding(t.text[t.start:i], t.text[i:]) == 0) {
			t.close(i)
		}
		return
	case r == ':' && t.start >= 0 && caseEnding(t.text[t.start:i], t.text[i:]) > 0:
		return
	case kind == gap && t.start >= 0 && isWordRune(t.last) && (r == '+' && !t.adds(i) || r == '#' || r == '%'):
		return
	case kind == gap || kind == rider:
		t.close(i)
		t.gap(i, r)
		return
	}
	if t.start >= 0 && (parts(t.last, r) || isEmoji(r) || r == '&' || t.last == '&') && !t.joined(i) {
		t.close(i)
	}
	if t.start < 0 {
		t.start = i
		if t.stop {
			// "cercle.brugge" and "12.05." go on: no space followed.
			t.stop = false
		}
	}
	t.last = r
}

// adds reports whether a plus stands between two words, as in "news+weather": it
// is a part of "C++", and of names such as "K+S".
func (t *tokeniser) adds(i int) bool {
	next, size := utf8.DecodeRuneInString(t.text[i+1:])
	behind, _ := utf8.DecodeRuneInString(t.text[i+1+size:])
	return unicode.IsLetter(next) && unicode.IsLetter(behind) && utf8.RuneCountInString(t.text[t.start:i]) > 1
}

// isEnding reports whether a text begins with an apostrophe and a short ending:
// shepherd's, don't, we'll.
func isEnding(text string) bool {
	const longest = 2
	n := 0
	for i, r := range text {
		switch {
		case i == 0:
		case isWordRune(r):
			n++
		default:
			return 0 < n && n <= longest
		}
		if n > longest {
			return false
		}
	}
	return n > 0
}

// caseEndings are those that Turkish writes behind a name and an apostrophe, and Finnish behind
// a colon: wipro'yu, wipro:n.
var caseEndings = map[rune]string{
	'\'': " a e ı i u ü ya ye yı yi yu yü na ne nı ni nu nü ın in un ün nın nin nun nün da de ta te dan den tan ten nda nde ndan nden la le yla yle ",
	':':  " n a ä ta tä ssa ssä sta stä an aan iin hin lla llä lta ltä lle ksi ",
}

// caseEnding returns the length of the sign that a text begins with and of the ending of a case
// behind it, 0 where that is none, or the name before it is too short to have one.
func caseEnding(name, text string) int {
	const least = 3
	sign, size := utf8.DecodeRuneInString(text)
	endings := caseEndings[unified(sign)]
	if endings == "" || utf8.RuneCountInString(name) < least || strings.ContainsFunc(name, func(r rune) bool { return !unicode.Is(unicode.Latin, r) }) {
		return 0
	}
	length := strings.IndexFunc(text[size:], func(r rune) bool { return !isWordRune(r) })
	if length < 0 {
		length = len(text) - size
	}
	if length > 0 && strings.Contains(endings, " "+text[size:size+length]+" ") {
		return size + length
	}
	return 0
}

// withoutCase returns a word without the ending of a case behind a sign.
func withoutCase(word string) string {
	for at, r := range word {
		if n := caseEndings[unified(r)]; n != "" && at > 0 && caseEnding(word[:at], word[at:]) == len(word)-at {
			return word[:at]
		}
	}
	return word
}

// joined reports whether an emoji goes on across a joiner, or is the second
// half of a flag.
func (t *tokeniser) joined(i int) bool {
	r, _ := utf8.DecodeRuneInString(t.text[i:])
	if isRegional(r) && isRegional(t.last) {
		return len([]rune(t.text[t.start:i]))%2 == 1
	}
	if isModifier(r) && isEmoji(t.last) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(t.text[t.start:i])
	return before == zeroWidthJoiner
}

// gap takes a character between words.
func (t *tokeniser) gap(_ int, r rune) {
	switch r {
	case '.':
		if t.stop {
			t.ended()
		}
		t.stop = true
	case '!', '?', ';', '…', '\n', '。', '！', '？', '；', '।', '؟', '؛':
		t.ended()
	case ':', '：':
		t.clause++
		t.part++
		t.stop = false
	case ',', '，', '、', '،', '(', ')', '"', '“', '”', '«', '»', '+', '/':
		t.part++
	default:
		if t.stop && unicode.IsSpace(r) {
			t.ended()
		}
	}
}

// ended says that a sentence has ended.
func (t *tokeniser) ended() {
	t.sentence++
	t.clause++
	t.part++
	t.stop = false
}

func (t *tokeniser) close(end int) {
	if t.start < 0 {
		return
	}
	raw := t.text[t.start:end]
	between := ""
	if len(t.tokens) > 0 {
		between = t.text[t.tokens[len(t.tokens)-1].End:t.start]
	}
	first, _ := utf8.DecodeRuneInString(raw)
	raw = withoutCase(raw)
	normal := Normal(raw)
	k := Token{
		Start: t.start, End: t.start + len(raw), Normal: normal, Folded: FoldNormal(normal), Spaceless: IsSpaceless(first),
		Glued: len(t.tokens) > 0 && (t.end == t.start || apostropheBefore(t.text[:t.start])),
		Tied:  tied(between), Sentence: t.sentence, Clause: t.clause, Part: t.part,
	}
	k.Capital = len(t.tokens) > 0 && t.tokens[len(t.tokens)-1].Sentence == t.sentence && unicode.IsUpper(first) && strings.IndexFunc(raw, unicode.IsLower) > 0
	t.start, t.end = -1, end
	if normal == "" || k.Folded == "ๆ" || k.Folded == "ฯ" {
		return
	}
	t.tokens = append(t.tokens, k)
}

func apostropheBefore(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return unified(r) == '\''
}

// Units joins the letters of scripts without spaces that stand together, and
// returns the folded words of some tokens in order.
func Units(tokens []Token, words []string) []string {
	for i := 0; i < len(tokens); {
		j := i + 1
		for j < len(tokens) && tokens[j].Spaceless && tokens[j-1].Spaceless && tokens[j].Glued {
			j++
		}
		switch j - i {
		case 1:
			words = append(words, tokens[i].Folded)
		default:
			var b strings.Builder
			for _, k := range tokens[i:j] {
				b.WriteString(k.Folded)
			}
			words = append(words, b.String())
		}
		i = j
	}
	return words
}

// Compact joins words without anything between.
func Compact(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words, "")
}

// Weight returns how much there is to a text, in letters: a Han character or a syllable of
// Hangul counts twice, since words of these scripts are short.
func Weight(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == ' ':
		case unicode.Is(unicode.Han, r), r >= 0xac00 && r <= 0xd7a3:
			n += 2
		default:
			n++
		}
	}
	return n
}

// Role is what a word does in a message beside the keyword, as a set.
type Role uint32
