package quote

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

const (
	maxNumberBytes = 40
	maxExponent    = 30
)

var (
	errNoNumber  = errors.New("which is not a number")
	errAmbiguous = errors.New("which may be a thousand or a decimal comma")

	plain      = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?|\.[0-9]+)$`)
	scientific = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,3}$`)
	// english is 1,234.50 and german 1.234,50: the last separator is the
	// decimal one wherever both are written.
	english   = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})+\.[0-9]+$|^[0-9]{1,3}(,[0-9]{3}){2,}$`)
	german    = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{3})+,[0-9]+$|^[0-9]{1,3}(\.[0-9]{3}){2,}$`)
	comma     = regexp.MustCompile(`^[0-9]+,[0-9]+$`)
	ambiguous = regexp.MustCompile(`^[1-9][0-9]{0,2},[0-9]{3}$`)

	// framed is a number with what may stand around it: a sign before or
	// behind, the sign of a currency or of percent, or the brackets by which
	// book-keepers write what is below zero.
	framed = regexp.MustCompile(`^(\(?)([-+]?)([\p{Sc}%]?)([-+]?)([0-9.][0-9.,]*(?:[eE][-+]?[0-9]{1,3})?)([-+]?)([\p{Sc}%]?)([-+]?)(\)?)$`)
)

// numeral is a number as it was found.
type numeral struct {
	// text has a point, no grouping, and the very digits that the source wrote.
	text string
	// unit is the sign that stood beside it: "€", "%", or "".
	unit string
}

// parseNumeral reads a number. decimalComma says how a lone comma is meant; where
// nothing does, "1,234" is an error rather than a guess, and so is a number
// with two signs.
func parseNumeral(text string, decimalComma bool) (numeral, error) {
	m := framed.FindStringSubmatch(tidy(text))
	if len(m) == 0 || len(m[5]) > maxNumberBytes {
		return numeral{}, errNoNumber
	}
	sign, unit, booked := m[2]+m[4]+m[6]+m[8], m[3]+m[7], m[1] != ""
	if booked != (m[9] != "") || len(sign) > 1 || booked && sign != "" || m[3] != "" && m[7] != "" {
		return numeral{}, errNoNumber
	}
	digits, err := canonical(m[5], decimalComma)
	if err != nil {
		return numeral{}, err
	}
	if booked || sign == "-" {
		digits = "-" + digits
	}
	return numeral{text: digits, unit: unit}, nil
}

// tidy takes spaces out, and writes every minus, plus and percent sign in one
// way.
func tidy(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u2010', '\u2011', '\u2012', '\u2013', '\u2212', '\u207B', '\uFE58', '\uFE63', '\uFF0D':
			return '-'
		case '\uFF0B', '\uFE62':
			return '+'
		case '\uFF05', '\uFE6A', '\u066A':
			return '%'
		}
		if unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200E' || r == '\u200F' {
			return -1
		}
		return r
	}, text)
}

// canonical returns digits as facts have them.
func canonical(text string, decimalComma bool) (string, error) {
	switch {
	case plain.MatchString(text):
		return trimZeros(text), nil
	case scientific.MatchString(text):
		return written(text)
	case english.MatchString(text):
		return trimZeros(strings.ReplaceAll(text, ",", "")), nil
	case german.MatchString(text):
		return trimZeros(strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", ".")), nil
	case !decimalComma && ambiguous.MatchString(text):
		return "", errAmbiguous
	case comma.MatchString(text):
		return trimZeros(strings.ReplaceAll(text, ",", ".")), nil
	}
	return "", errNoNumber
}

// written turns 5.12e2 into 512.
func written(text string) (string, error) {
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > maxExponent || d.Exponent() < -maxExponent {
		return "", errNoNumber
	}
	return d.String(), nil
}

// trimZeros cuts zeros that lead a number.
func trimZeros(text string) string {
	whole, rest, _ := strings.Cut(text, ".")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if rest != "" {
		whole += "." + rest
	}
	return whole
}
