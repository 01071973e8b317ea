package quote

import (
	"errors"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

const (
	maxNumberBytes = 40
	maxExponent    = 30
)

var (
	errNoNumber  = errors.New("which is not a number")
	errAmbiguous = errors.New("which may be a thousand or a decimal comma")

	plain      = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	scientific = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,3}$`)
	// english is 1,234.50 and german 1.234,50: the last separator is the
	// decimal one wherever both are written.
	english   = regexp.MustCompile(`^-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+$|^-?[0-9]{1,3}(,[0-9]{3}){2,}$`)
	german    = regexp.MustCompile(`^-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+$|^-?[0-9]{1,3}(\.[0-9]{3}){2,}$`)
	comma     = regexp.MustCompile(`^-?[0-9]+,[0-9]+$`)
	ambiguous = regexp.MustCompile(`^-?[1-9][0-9]{0,2},[0-9]{3}$`)
)

// canonical returns a number as facts have it: a point, no grouping, the very
// digits that the source wrote. decimalComma says how a lone comma is meant;
// where nothing does, "1,234" is an error rather than a guess.
func canonical(text string, decimalComma bool) (string, error) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "+")
	text = strings.NewReplacer("\u2212", "-", " ", "", "\u00A0", "", "\u202F", "").Replace(text)
	switch {
	case text == "" || len(text) > maxNumberBytes:
		return "", errNoNumber
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
	digits, negative := strings.CutPrefix(text, "-")
	whole, rest, _ := strings.Cut(digits, ".")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if rest != "" {
		whole += "." + rest
	}
	if negative {
		return "-" + whole
	}
	return whole
}

// moment reads a time of trade, in UTC where it names no zone.
func moment(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if at, ok := unix(text); ok {
		return at, nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02", time.RFC1123, time.RFC1123Z} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, errors.New("no time")
}

// unix reads seconds or milliseconds since 1970, between 2001 and 2286.
func unix(text string) (time.Time, bool) {
	if scientific.MatchString(text) {
		var err error
		if text, err = written(text); err != nil {
			return time.Time{}, false
		}
	}
	if !plain.MatchString(text) || len(text) > maxNumberBytes {
		return time.Time{}, false
	}
	seconds, ok := new(big.Rat).SetString(text)
	if !ok {
		return time.Time{}, false
	}
	millis := new(big.Rat).Mul(seconds, big.NewRat(1000, 1))
	if whole, _, _ := strings.Cut(text, "."); len(whole) >= 12 {
		millis = seconds
	}
	n, err := strconv.ParseInt(millis.FloatString(0), 10, 64)
	if err != nil || n < 1e12 || n > 1e13 {
		return time.Time{}, false
	}
	return time.UnixMilli(n).UTC(), true
}
