package template

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"keypull/pull/words"
)

// filterNumber writes a number as a language does: 1,234.50 or 1.234,50. What is no number stays
// as it is. Liquid has no such filter.
func filterNumber(r *rendering, v any, args []any) (any, error) {
	text, err := r.textOf(v)
	if err != nil {
		return nil, err
	}
	language, err := r.textArg(args, 0, "en")
	if err != nil {
		return nil, err
	}
	told := words.Number(language, text)
	return told, r.payToMake(len(told))
}

func filterAbs(_ *rendering, v any, _ []any) (any, error) {
	a, err := decimalOf(v)
	return math.Abs(a), err
}

func filterCeil(_ *rendering, v any, _ []any) (any, error)  { return rounded(v, math.Ceil) }
func filterFloor(_ *rendering, v any, _ []any) (any, error) { return rounded(v, math.Floor) }

func rounded(v any, f func(float64) float64) (any, error) {
	a, err := decimalOf(v)
	if err != nil {
		return nil, err
	}
	return wholeFloat(f(a))
}

func filterRound(_ *rendering, v any, args []any) (any, error) {
	a, err := decimalOf(v)
	if err != nil {
		return nil, err
	}
	places, err := wholeArg(args, 0, 0)
	if err != nil {
		return nil, err
	}
	by := math.Pow10(places)
	return math.Floor(a*by+0.5) / by, nil
}

// two gives a filter two numbers.
func two(v any, args []any, f func(a, b float64) float64) (any, error) {
	a, err := decimalOf(v)
	if err != nil {
		return nil, err
	}
	b, err := decimalOf(arg(args, 0))
	return f(a, b), err
}

func filterPlus(_ *rendering, v any, args []any) (any, error) {
	return two(v, args, func(a, b float64) float64 { return a + b })
}

func filterMinus(_ *rendering, v any, args []any) (any, error) {
	return two(v, args, func(a, b float64) float64 { return a - b })
}

func filterTimes(_ *rendering, v any, args []any) (any, error) {
	return two(v, args, func(a, b float64) float64 { return a * b })
}

func filterModulo(_ *rendering, v any, args []any) (any, error) { return two(v, args, math.Mod) }

// dividedBy divides: by a whole number without a rest.
func dividedBy(_ *rendering, v any, args []any) (any, error) {
	a, err := decimalOf(v)
	if err != nil {
		return nil, err
	}
	switch b := arg(args, 0).(type) {
	case int:
		whole, err := wholeFloat(a)
		if err == nil && b == 0 {
			err = errZero
		}
		if err != nil {
			return nil, err
		}
		return whole / b, nil
	case float64:
		if b == 0 {
			return nil, errZero
		}
		return a / b, nil
	default:
		return nil, fmt.Errorf("a %T is no divisor", b)
	}
}

var errZero = errors.New("nothing is divided by zero")

// Limits of the format of a date, and what reading one costs.
const (
	maxFormat = 256
	maxWidth  = 40
	dateSteps = 60
)

var width = regexp.MustCompile(`%[-_^#0:]*(\d+)`)

// filterDate writes a moment in the signs of strftime; "now" is that of the answer.
func filterDate(r *rendering, v any, args []any) (any, error) {
	format, err := r.textArg(args, 0, "%a, %b %d, %y")
	if err != nil {
		return nil, err
	}
	if len(format) > maxFormat {
		return nil, fmt.Errorf("a format has at most %d bytes", maxFormat)
	}
	for _, m := range width.FindAllStringSubmatch(format, -1) {
		if n, err := strconv.Atoi(m[1]); err != nil || n > maxWidth {
			return nil, fmt.Errorf("a width is at most %d", maxWidth)
		}
	}
	if err := r.payStep(dateSteps + 4*len(format)); err != nil {
		return nil, err
	}
	t, err := r.moment(v)
	if err != nil {
		return nil, err
	}
	return formatTime(format, t), nil
}

// dateLayouts are the ways in which a date may be written in a text, as in Liquid.
var dateLayouts = []string{
	time.ANSIC, time.UnixDate, time.RubyDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z, time.RFC3339,
	"20060102T150405Z", time.DateOnly, time.DateTime, "2006-01-02 15:04", "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST",
	"02 January 2006", "02 Jan 2006", "January 2, 2006", "January 2 2006", "Jan 2, 2006", "Jan 2 2006",
}

func (r *rendering) moment(v any) (time.Time, error) {
	s, ok := v.(string)
	switch {
	case v == nil:
		return time.Time{}, nil
	case !ok || len(s) > maxFormat:
		return time.Time{}, errors.New("it is no date")
	case s == "now":
		return r.now.Local(), nil
	}
	for _, layout := range dateLayouts {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date", shortenText(s))
}
