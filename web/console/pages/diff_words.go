package pages

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// mostDiffWords bounds the words of which two texts are compared one by one; longer ones
	// are compared by their lines.
	mostDiffWords = 1000
	// shownSame is how many characters of what has not changed stand beside what has.
	shownSame = 60
)

// DiffPart is a piece of a text beside another version of it.
type DiffPart struct {
	Text    string
	Changed bool
}

// Old and New return what was before and what is now in pieces; what only one side has is
// changed. What both have is shortened where it is long.
func (f FieldChange) Old() []DiffPart { return f.parts(true) }

// New is the other side of Old.
func (f FieldChange) New() []DiffPart { return f.parts(false) }

func (f FieldChange) parts(old bool) []DiffPart {
	before, after := splitWords(f.Before), splitWords(f.After)
	first := 0
	for first < min(len(before), len(after)) && before[first] == after[first] {
		first++
	}
	last := 0
	for last < min(len(before), len(after))-first && before[len(before)-1-last] == after[len(after)-1-last] {
		last++
	}
	middleBefore, middleAfter := before[first:len(before)-last], after[first:len(after)-last]
	if max(len(middleBefore), len(middleAfter)) > mostDiffWords {
		middleBefore, middleAfter = splitAfterLines(middleBefore), splitAfterLines(middleAfter)
	}
	var d diffParts
	d.append(strings.Join(before[:first], ""), false)
	for _, line := range compareLines(middleBefore, middleAfter) {
		switch {
		case !line.Gone && !line.New:
			d.append(line.Before, false)
		case old && line.Gone:
			d.append(line.Before, true)
		case !old && line.New:
			d.append(line.After, true)
		}
	}
	d.append(strings.Join(before[len(before)-last:], ""), false)
	return d.shortened()
}

// diffParts are the pieces of a text; neighbours of one sort are one.
type diffParts []DiffPart

func (d *diffParts) append(text string, changed bool) {
	if text == "" {
		return
	}
	if n := len(*d) - 1; n >= 0 && (*d)[n].Changed == changed {
		(*d)[n].Text += text
		return
	}
	*d = append(*d, DiffPart{text, changed})
}

// shortened returns the pieces with long ones that have not changed cut to their ends.
func (d diffParts) shortened() []DiffPart {
	for i := range d {
		all := []rune(d[i].Text)
		if d[i].Changed || len(all) <= 3*shownSame {
			continue
		}
		switch {
		case i == 0:
			d[i].Text = "… " + string(all[len(all)-shownSame:])
		case i == len(d)-1:
			d[i].Text = string(all[:shownSame]) + " …"
		default:
			d[i].Text = string(all[:shownSame]) + " … " + string(all[len(all)-shownSame:])
		}
	}
	return d
}

// splitWords parts a text so that its pieces make the text again: words, and single
// characters of scripts that part none, and of all else.
func splitWords(text string) (all []string) {
	start := 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.In(r, unicode.L, unicode.M, unicode.N) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			at += size
			continue
		}
		if start < at {
			all = append(all, text[start:at])
		}
		all = append(all, text[at:at+size])
		at += size
		start = at
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

// splitAfterLines joins words to lines.
func splitAfterLines(words []string) []string {
	return strings.SplitAfter(strings.Join(words, ""), "\n")
}
