package quote

import (
	"errors"
	"strings"
	"unicode"

	"keypull/sources/shape"
)

var (
	errNoNumber  = errors.New("which is not a number")
	errAmbiguous = errors.New("which may be a thousand or a decimal comma")
)

// parseNumeral reads a number. decimalComma says how a lone comma is meant; where
// nothing does, "1,234" is an error rather than a guess, and so is a number
// with two signs. A lone point stands before decimals.
func parseNumeral(text string, decimalComma bool) (shape.Numeral, error) {
	n, err := shape.ReadNumber(text, shape.Unknown)
	switch {
	case err == nil:
	case !strings.Contains(text, ","):
		n, err = shape.ReadNumber(text, shape.Points)
	default:
		if n, err = shape.ReadNumber(text, shape.Decimals); err == nil && !decimalComma {
			return shape.Numeral{}, errAmbiguous
		}
	}
	if err != nil || strings.ContainsFunc(n.Unit, unicode.IsLetter) {
		return shape.Numeral{}, errNoNumber
	}
	return n, nil
}
