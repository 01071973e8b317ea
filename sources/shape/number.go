package shape

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"keypull/pull/words"
)

// Limits of a number, as it is written.
const (
	maxNumberBytes = 60
	maxExponent    = 40
)

var errNoNumber = errors.New("no number")

var (
	scientific = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}$`)
	grouped    = regexp.MustCompile(`^[0-9]{1,3}(?:[.,'’][0-9]{2,3})*[.,'’][0-9]{3}(?:[.,][0-9]+)?$`)
	// framed is a number with what may stand around it: brackets, a sign, and a
	// unit before or behind.
	framed = regexp.MustCompile(`^(\(?)([-+]?)(\pL{1,4}\.?|[\p{Sc}%]|\pL{0,3}\p{Sc}|)([-+]?)([0-9.,][0-9.,'’]*(?:[eE][-+]?[0-9]{1,3})?)([-+]?)(\pL{1,8}\.?|[\p{Sc}%]|)([-+]?)(\)?)$`)
)

// Numeral is a number as it was found: its digits in canonical form, and what
// stood beside it.
type Numeral struct{ Text, Unit string }

// Comma is how a lone separator with three digits behind it is meant.
type Comma int8

// The ways in which it may be meant.
const (
	Unknown  Comma = iota
	Decimals       // a comma before the decimals: 1.234,50
	Points         // a point before the decimals: 1,234.50
)

// commaOf returns how a language writes decimals.
func commaOf(language string) Comma {
	if language == "" {
		return Unknown
	}
	if strings.HasSuffix(words.Number(language, "1.5"), ",5") {
		return Decimals
	}
	return Points
}

// separatorsOf returns what a number tells of its own separators, Unknown where it may be
// either.
func separatorsOf(text string) Comma {
	m := framed.FindStringSubmatch(tidy(text))
	if m == nil {
		return Unknown
	}
	digits := m[5]
	point, comma := strings.LastIndexByte(digits, '.'), strings.LastIndexByte(digits, ',')
	switch {
	case point >= 0 && comma >= 0 && point > comma, strings.Count(digits, ",") > 1:
		return Points
	case point >= 0 && comma >= 0, strings.Count(digits, ".") > 1:
		return Decimals
	case point >= 0 && (!grouped.MatchString(digits) || digits[0] == '0'):
		return Points
	case comma >= 0 && (!grouped.MatchString(digits) || digits[0] == '0'):
		return Decimals
	}
	return Unknown
}

// ReadNumber reads a number. Where neither it nor c says how a lone separator
// with three digits behind it is meant, it is none.
func ReadNumber(text string, c Comma) (Numeral, error) {
	m := framed.FindStringSubmatch(tidy(text))
	if len(m) == 0 || len(m[5]) > maxNumberBytes {
		return Numeral{}, errNoNumber
	}
	sign, booked := m[2]+m[4]+m[6]+m[8], m[1] != ""
	if booked != (m[9] != "") || len(sign) > 1 || m[6]+m[8] == "+" || booked && sign != "" || m[3] != "" && m[7] != "" {
		return Numeral{}, errNoNumber
	}
	digits, err := canonical(m[5], c)
	if err != nil {
		return Numeral{}, err
	}
	if (booked || sign == "-") && strings.Trim(digits, "0.") != "" {
		digits = "-" + digits
	}
	return Numeral{Text: digits, Unit: m[3] + m[7]}, nil
}

// tidy takes spaces out, and writes every minus and percent sign in one way.
func tidy(text string) string {
	if len(text) > 4*maxNumberBytes {
		return ""
	}
	return dash.ReplaceAllString(strings.Map(func(r rune) rune {
		switch r {
		case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212', '\u207B', '\uFE58', '\uFE63', '\uFF0D':
			return '-'
		case '\uFF0B', '\uFE62':
			return '+'
		case '\uFF05', '\uFE6A', '\u066A':
			return '%'
		case '\u066B':
			return '.'
		case '\u066C':
			return '\''
		}
		switch {
		case unicode.IsSpace(r), r == '\uFEFF', r == '\u200E', r == '\u200F':
			return -1
		case r >= '\u0660' && r <= '\u0669':
			return '0' + r - '\u0660'
		case r >= '\u06F0' && r <= '\u06F9':
			return '0' + r - '\u06F0'
		case r >= '\u0966' && r <= '\u096F':
			return '0' + r - '\u0966'
		case r >= '\uFF10' && r <= '\uFF19':
			return '0' + r - '\uFF10'
		}
		return r
	}, text), "$1")
}

// dash stands for no cents: 12.- and 12,—
var dash = regexp.MustCompile(`[.,]-+(\pL{0,8}\.?|\p{Sc}?)$`)

// canonical writes digits with a point and without groups.
func canonical(text string, c Comma) (string, error) {
	text = strings.NewReplacer("'", "", "’", "").Replace(text)
	if scientific.MatchString(text) {
		d, err := decimal.NewFromString(text)
		if err != nil || d.Exponent() > maxExponent || d.Exponent() < -maxExponent {
			return "", errNoNumber
		}
		return d.String(), nil
	}
	if own := separatorsOf(text); own != Unknown {
		c = own
	} else if strings.ContainsAny(text, ".,") && c == Unknown {
		return "", errNoNumber
	}
	group, point := ",", "."
	if c == Decimals {
		group, point = ".", ","
	}
	whole, fraction, broken := strings.Cut(text, point)
	if strings.Contains(whole, group) && !grouped.MatchString(whole) || strings.ContainsAny(fraction, ".,") {
		return "", errNoNumber
	}
	whole = strings.TrimLeft(strings.ReplaceAll(whole, group, ""), "0")
	if strings.Trim(whole+fraction, "0123456789") != "" || strings.Trim(text, ".,") == "" {
		return "", errNoNumber
	}
	if whole == "" {
		whole = "0"
	}
	if broken && fraction != "" {
		return whole + "." + fraction, nil
	}
	return whole, nil
}
