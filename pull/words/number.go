package words

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// numerals is how a language writes numbers, read from its two examples.
type numerals struct {
	point, group string
	// first is how many digits the last group has, further how many those
	// before it; least is from how many digits on there are groups.
	first, further, least int
}

// The examples from which numerals are read: 1234567.8 and 1234.
const (
	numberLarge = "form.number_large"
	numberSmall = "form.number_small"
)

// readNumerals reads the two examples; ones that are not there are English's.
func readNumerals(large, small string) numerals {
	n := numerals{point: ".", group: ",", first: 3, further: 3, least: 4}
	var groups, separators []string
	for rest := large; rest != ""; {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		groups, rest = append(groups, rest[:digits]), rest[digits:]
		next := strings.IndexAny(rest, "0123456789")
		if next <= 0 {
			break
		}
		separators, rest = append(separators, rest[:next]), rest[next:]
	}
	if last := len(groups) - 1; last >= 3 {
		n.point, n.group = separators[last-1], separators[0]
		n.first, n.further = len(groups[last-1]), len(groups[last-2])
	}
	if strings.Trim(small, "0123456789") == "" && small != "" {
		n.least = utf8.RuneCountInString(small) + 1
	}
	return n
}

// Number writes a canonical number, as strconv writes one, as a language does,
// with the very digits that it has. What is no canonical number stays as it is.
func Number(language, text string) string {
	unsigned, negative := strings.CutPrefix(text, "-")
	whole, fraction, broken := strings.Cut(unsigned, ".")
	if !allDigits(whole) || broken && !allDigits(fraction) {
		return text
	}
	n := Core().speechFor(language).numerals
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	for i := range len(whole) {
		left := len(whole) - i
		if i > 0 && len(whole) >= n.least && left >= n.first && (left-n.first)%n.further == 0 {
			b.WriteString(n.group)
		}
		b.WriteByte(whole[i])
	}
	if broken {
		b.WriteString(n.point + fraction)
	}
	return b.String()
}

// canonicalNumber returns a number in canonical form.
func canonicalNumber(value any) (string, bool) {
	switch v := canonicalArg(value).(type) {
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

func allDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
