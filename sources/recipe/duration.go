package recipe

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// maxMinutes is four weeks: longer than any sauerkraut needs.
const maxMinutes = 4 * 7 * 24 * 60

var (
	iso   = regexp.MustCompile(`^P(?:([0-9.]+)W)?(?:([0-9.]+)D)?(?:T(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?$`)
	words = regexp.MustCompile(`([0-9]+)\s*(h(?:ours?|rs?)?|std|stunden?|heures?|m(?:in(?:utes?|uten?|s)?)?)\b`)
)

// minutes reads an ISO 8601 duration, or "1 hour 20 min" where somebody wrote
// that; zero where there is none. Years and months are no cooking times.
func minutes(s string) int {
	s = strings.TrimSpace(s)
	if m := iso.FindStringSubmatch(strings.ToUpper(strings.ReplaceAll(s, ",", "."))); m != nil {
		total := 0.0
		for i, unit := range []float64{7 * 24 * 60, 24 * 60, 60, 1, 1.0 / 60} {
			n, err := strconv.ParseFloat(m[i+1], 64)
			if err == nil {
				total += n * unit
			}
		}
		return whole(total)
	}
	total := 0.0
	for _, m := range words.FindAllStringSubmatch(strings.ToLower(s), -1) {
		n, _ := strconv.ParseFloat(m[1], 64)
		if strings.HasPrefix(m[2], "h") || strings.HasPrefix(m[2], "s") {
			n *= 60
		}
		total += n
	}
	return whole(total)
}

func whole(minutes float64) int {
	if math.IsNaN(minutes) || minutes <= 0 || minutes > maxMinutes {
		return 0
	}
	return int(math.Round(minutes))
}

// utf8Body returns a page in UTF-8 by the rules of HTML: byte order mark,
// header, meta element, guess.
func utf8Body(body []byte, contentType string) []byte {
	if utf8.Valid(body) {
		return body
	}
	e, _, _ := charset.DetermineEncoding(body, contentType)
	decoded, err := e.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return decoded
}
