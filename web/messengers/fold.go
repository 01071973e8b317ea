package messengers

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"keypull/pull"
)

// ligatures are letters that no mark is taken from.
var ligatures = strings.NewReplacer("œ", "oe", "Œ", "OE", "ł", "l", "Ł", "L", "ı", "i", "đ", "d", "Đ", "D", "ð", "d", "þ", "th")

// Folded writes a text in the GSM alphabet, where each letter is half as long:
// letters lose the marks that it has none of, "ç" becomes "c", and signs that
// nothing stands for are left out. A text in another script stays as it is, and
// an address leads where it led.
func Folded(text string) string { return around(text, folded, encoded) }

func folded(text string) string {
	if _, encoding := Segments(text); encoding == GSM7 {
		return text
	}
	text = ligatures.Replace(typewritten(text))
	letters, lost := 0, 0
	var b strings.Builder
	for _, r := range text {
		letter := unicode.IsLetter(r)
		if letter {
			letters++
		}
		switch base := withoutMarks(r); {
		case gsmSize(r) > 0:
			b.WriteRune(r)
		case gsmSize(base) > 0:
			b.WriteRune(base)
		case letter:
			lost++
			b.WriteRune('?')
		}
	}
	const bearable = 4 // one letter of so many
	if lost*bearable > letters {
		return text
	}
	return b.String()
}

// withoutMarks returns the letter that marks stand on.
func withoutMarks(r rune) rune {
	for _, base := range norm.NFD.String(string(r)) {
		return base
	}
	return r
}

// written returns a reply in the letters that a channel sends.
func (l Limits) written(r pull.Reply) pull.Reply {
	if !l.Folded {
		return r
	}
	r.Rest = encoded(r.Rest)
	r.Blocks, r.Buttons, r.Answers = slices.Clone(r.Blocks), slices.Clone(r.Buttons), slices.Clone(r.Answers)
	for i := range r.Blocks {
		b := &r.Blocks[i]
		b.Text, b.URL, b.Lines, b.Facts = Folded(b.Text), encoded(b.URL), slices.Clone(b.Lines), slices.Clone(b.Facts)
		for j := range b.Lines {
			b.Lines[j] = Folded(b.Lines[j])
		}
		for j := range b.Facts {
			b.Facts[j] = pull.LabelledFact{Label: Folded(b.Facts[j].Label), Value: Folded(b.Facts[j].Value)}
		}
	}
	for i := range r.Buttons {
		r.Buttons[i].Label, r.Buttons[i].URL = Folded(r.Buttons[i].Label), encoded(r.Buttons[i].URL)
	}
	return r
}
