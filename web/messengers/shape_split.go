package messengers

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// pieces divides the text into at most Limits.Messages stretches and tells
// whether something had to be left out.
func (s *shaping) pieces() ([]piece, bool) {
	var out []piece
	from, end := 0, len(s.text.s)
	if s.pictured() && s.limits.Caption <= 0 || len(s.media) > 0 && end == 0 {
		out = append(out, piece{})
	}
	for from < end {
		frame := s.frame(len(out))
		if frame.fits(s.text.s[from:]) {
			return append(out, piece{from: from, to: end}), false
		}
		if len(out) == s.limits.Messages-1 {
			return s.cut(out, from, frame.fits), true
		}
		to := s.text.undivided(from, from+breakAt(s.text.s[from:], longest(s.text.s[from:], "", frame.fits)))
		switch {
		case len(out) == 0 && s.pictured() && (to == from || s.divides(from, to)):
			// Not a word has room beside the picture.
			out, to = append(out, piece{from: from, to: from}), from
		case to > from:
			to = s.withStamp(from, to, len(out))
			out = append(out, piece{from: from, to: trimRight(s.text.s, from, to)})
		default:
			to += firstRune(s.text.s[from:])
		}
		from = trimLeft(s.text.s, to)
	}
	return out, false
}

// divides says that a first message which ends there divides a word for which the
// next one has room.
func (s *shaping) divides(from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s.text.s[from:to])
	after, _ := utf8.DecodeRuneInString(s.text.s[to:])
	if to > from && (unicode.IsSpace(before) || unicode.IsSpace(after) || sentenceEnd(s.text.s, to)) {
		return false
	}
	end := strings.IndexFunc(s.text.s[to:], unicode.IsSpace)
	if end < 0 {
		end = len(s.text.s) - to
	}
	return s.frame(1).fits(s.text.s[from : to+end])
}

// withStamp returns where a message ends that would end between a text and the stamp
// that dates it: before the last sentence, line or word of that text, so that some
// of it stands in the next message, as far as all of that has room there. The
// first message may be a picture alone.
func (s *shaping) withStamp(from, to, message int) int {
	next, bare := s.frame(message+1), message == 0 && s.pictured()
	for _, d := range s.stamps {
		if d.fact <= from || to < d.fact || to >= d.from {
			continue
		}
		text := s.text.s[from:d.fact]
		_, last := utf8.DecodeLastRuneInString(text)
		n := len(text) - last
		for _, end := range []int{lastSentence(text, n), lastSpace(text, n)} {
			if (end > 0 || bare) && next.fits(s.text.s[trimLeft(s.text.s, from+end):d.to]) {
				return from + end
			}
		}
	}
	return to
}

// frame is how much of the text one message has room for.
type frame struct {
	limit int
	unit  Unit
}

// frame returns that of the n-th message: the first one's text is the caption where a
// picture goes with it.
func (s *shaping) frame(n int) frame {
	f := frame{s.limits.Text, s.limits.Unit}
	if n == 0 && s.pictured() {
		f.limit = min(f.limit, s.limits.Caption)
	}
	return f
}

func (f frame) fits(text string) bool {
	if len(text) > f.limit*widest(f.unit) {
		return false
	}
	return len(text) <= f.limit && f.unit != Segment || f.unit.Count(text) <= f.limit
}

// widest returns how many bytes one unit can hold: what is longer need not be
// counted.
func widest(u Unit) int {
	switch u {
	case Bytes:
		return 1
	case UTF16:
		return 3
	case Segment:
		return septetsAlone * utf8.UTFMax
	}
	return utf8.UTFMax
}

// longest returns how many bytes of s, whole runes only, fit together with
// what follows them.
func longest(s, after string, fits func(string) bool) int {
	n := sort.Search(len(s), func(i int) bool {
		end := i + 1
		for end < len(s) && !utf8.RuneStart(s[end]) {
			end++
		}
		return !fits(s[:end] + after)
	})
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// breakAt returns the best place to end a message within the first n bytes of
// s: a paragraph's end, a sentence's or line's, a word's, a grapheme's. A
// paragraph or sentence end in the first quarter would waste the message.
func breakAt(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	// One that ends right there ends it.
	if i := strings.LastIndex(s[:min(n+len("\n\n"), len(s))], "\n\n"); i > n/4 {
		return i
	}
	if i := lastSentence(s, n); i > n/4 {
		return i
	}
	if i := lastSpace(s, n); i > 0 {
		return i
	}
	return lastGrapheme(s, n)
}

// lastSentence returns where the last sentence or line ends within n bytes.
func lastSentence(s string, n int) int {
	for i := n; i > 0; i-- {
		if s[i] == '\n' || utf8.RuneStart(s[i]) && sentenceEnd(s, i) {
			return i
		}
	}
	return 0
}

// sentenceEnd tells whether a sentence of s ends right before offset i: at a
// full stop and the like, closing quotes included, before a space. A stop
// after a number or a single letter ends nothing ("3. Oktober", "z. B.").
func sentenceEnd(s string, i int) bool {
	last, size := utf8.DecodeLastRuneInString(s[:i])
	if strings.ContainsRune("。！？", last) {
		return true
	}
	if next, _ := utf8.DecodeRuneInString(s[i:]); i < len(s) && !unicode.IsSpace(next) {
		return false
	}
	for strings.ContainsRune(`"'”’»)]`, last) {
		i -= size
		last, size = utf8.DecodeLastRuneInString(s[:i])
	}
	switch last {
	case '!', '?', '…':
		return true
	case '.':
		return !abbreviated(s[:i-size])
	}
	return false
}

// abbreviated looks at what stands before a full stop.
func abbreviated(s string) bool {
	word := s[strings.LastIndexFunc(s, unicode.IsSpace)+1:]
	if utf8.RuneCountInString(word) <= 1 {
		return true
	}
	return strings.TrimFunc(word, unicode.IsDigit) == ""
}

// lastSpace returns the last space at or before n.
func lastSpace(s string, n int) int {
	if r, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsSpace(r) {
		return n
	}
	return max(0, strings.LastIndexFunc(s[:n], unicode.IsSpace))
}

// lastGrapheme returns the last end of a grapheme within n bytes; a grapheme
// that is longer than all of them is divided between its runes.
func lastGrapheme(s string, n int) int {
	at, state := 0, -1
	for at < n {
		cluster, _, _, next := uniseg.FirstGraphemeClusterInString(s[at:], state)
		if at+len(cluster) > n {
			break
		}
		at, state = at+len(cluster), next
	}
	if at == 0 {
		return n
	}
	return at
}

func firstRune(s string) int {
	_, size := utf8.DecodeRuneInString(s)
	return size
}

func trimLeft(s string, from int) int {
	return len(s) - len(strings.TrimLeftFunc(s[from:], unicode.IsSpace))
}

func trimRight(s string, from, to int) int {
	return from + len(strings.TrimRightFunc(s[from:to], unicode.IsSpace))
}
