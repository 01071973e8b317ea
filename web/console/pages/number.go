package pages

import (
	"fmt"
	"strconv"
	"strings"

	"keypull/pull/words"
)

// Number writes a number as a language does, with a minus sign that is as long
// as a plus sign. Years and ids are no numbers.
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
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		return "−" + words.Number(language, rest), nil
	}
	return words.Number(language, text), nil
}
