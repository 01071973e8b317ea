package pages

import (
	"fmt"
	"strconv"
	"strings"
)

// Number writes a number as a language does: 12,345.6 in English, 12.345,6 in
// German, 12 345,6 with narrow spaces in French. Years and ids are no numbers.
func Number(language string, n any) (string, error) {
	var text string
	switch n := n.(type) {
	case int, int64, int32, uint64, uint32, int16, uint16, int8, uint8, uint:
		text = fmt.Sprintf("%d", n)
	case float64:
		text = strconv.FormatFloat(n, 'f', -1, 64)
	case float32:
		text = strconv.FormatFloat(float64(n), 'f', -1, 32)
	default:
		return "", fmt.Errorf("%T is no number", n)
	}
	whole, fraction, broken := strings.Cut(text, ".")
	group, point := ",", "."
	switch Spoken(language) {
	case "fr":
		group, point = "\u202f", ","
	case "de":
		group, point = ".", ","
	}
	sign := ""
	if rest, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = "−", rest
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if broken {
		whole += point + fraction
	}
	return sign + whole, nil
}
