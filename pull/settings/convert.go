package settings

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/words"
)

// convertField turns a raw value into one of the field's Go type. The value is
// invalid where nothing of raw can be used; ok is false where a problem was
// reported. old is the value that the field holds so far.
func (f *filler) convertField(e entry, raw any, old reflect.Value, at string) (v reflect.Value, ok bool) {
	before := len(f.problems)
	switch e.Type {
	case Text, URL, Hidden, Choice:
		v = f.text(e, raw, at)
	case Number:
		v = f.number(e, raw, at)
	case Toggle:
		if b, is := raw.(bool); is {
			v = reflect.ValueOf(b).Convert(e.typ)
		} else {
			f.reportMismatch(e, raw, at)
		}
	case Duration:
		v = pointed(e.typ, f.duration(e, raw, at))
	case Size:
		v = pointed(e.typ, f.size(e, raw, at))
	case Time:
		v = pointed(e.typ, f.moment(e, raw, at))
	case Lines:
		v = f.convertLines(e, e.typ, raw, at)
	case Pairs, Localised, Lists, Raw:
		v = f.convertMap(e, raw, at)
	case Rows:
		v = f.convertRows(e, raw, at)
	case Section:
		v = f.convertSection(e, raw, old, at)
	}
	return v, len(f.problems) == before
}

func (f *filler) reportMismatch(e entry, raw any, at string) {
	var said any = kindOf(raw)
	if text := onForm(raw); text != "" && (e.Type == Number || e.Type == Toggle) {
		// No secret is a number or toggle, so that it may be repeated.
		said = words.Shorten(text, repeated)
		if _, ok := raw.(string); ok {
			said = quoteValue(text, e.Secret)
		}
	}
	f.reportProblem(at, sentenceOf(e.Type), "got", said)
}

// sentenceOf names the sentence that says how a type is written.
func sentenceOf(t Type) string {
	switch t {
	case URL, Hidden, Choice:
		return string(Text)
	case Section, Raw:
		return "row"
	}
	return string(t)
}

// kindOf names what was written instead.
func kindOf(raw any) words.Text {
	switch raw.(type) {
	case nil:
		return words.Text{Key: "got.nothing"}
	case string:
		return words.Text{Key: "got.text"}
	case bool:
		return words.Text{Key: "got.toggle"}
	case time.Time:
		return words.Text{Key: "got.moment"}
	}
	switch v := reflect.ValueOf(raw); {
	case v.CanInt(), v.CanUint(), v.CanFloat(), v.Type() == reflect.TypeFor[json.Number]():
		return words.Text{Key: "got.number"}
	case v.Kind() == reflect.Slice:
		return words.Text{Key: "got.list"}
	case v.Kind() == reflect.Map:
		return words.Text{Key: "got.table"}
	}
	return words.Text{Key: "got.other", Args: words.Args{"type": fmt.Sprintf("%T", raw)}}
}

func (f *filler) text(e entry, raw any, at string) reflect.Value {
	s, ok := stringOf(raw)
	if !ok {
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	}
	if !isStorable(s) {
		f.reportProblem(at, "not_text")
		return reflect.Value{}
	}
	if e.Type == Choice && !f.chosen(e, s, at) {
		return reflect.Value{}
	}
	return reflect.ValueOf(s).Convert(e.typ)
}

func stringOf(raw any) (string, bool) {
	switch s := raw.(type) {
	case string:
		return s, true
	case Secret:
		return s.Reveal(), true
	}
	return "", false
}

// isStorable says whether s can be stored and shown: UTF-8 without zero bytes.
func isStorable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

func (f *filler) chosen(e entry, s, at string) bool {
	var shown []string
	for _, c := range e.Choices {
		if c == s {
			return true
		}
		if c != "" {
			shown = append(shown, strconv.Quote(c))
		}
	}
	choices := strings.Join(shown, ", ")
	if nearest := Nearest(s, e.Choices); nearest != "" {
		f.reportProblem(at, "choice_nearest", "choices", choices, "nearest", nearest)
		return false
	}
	f.reportProblem(at, "choice", "choices", choices, "got", quoteValue(s, e.Secret))
	return false
}

func (f *filler) number(e entry, raw any, at string) reflect.Value {
	n, ok := parseInteger(raw)
	if !ok {
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	}
	v := reflect.New(e.typ).Elem()
	low, high := limits(e.typ)
	if n < low || high < n {
		f.reportProblem(at, "number_range", "min", strconv.FormatInt(low, 10), "max", strconv.FormatInt(high, 10))
		return reflect.Value{}
	}
	if v.CanUint() {
		v.SetUint(uint64(n)) //nolint:gosec // n is at least 0 here
		return v
	}
	v.SetInt(n)
	return v
}

// parseInteger reads a whole number in whatever form TOML and JSON give it.
func parseInteger(raw any) (int64, bool) {
	switch n := raw.(type) {
	case json.Number:
		i, err := strconv.ParseInt(n.String(), 10, 64)
		return i, err == nil
	case float64:
		// Beyond 2^53 a float no longer tells neighbours apart.
		whole := n == math.Trunc(n) && math.Abs(n) <= 1<<53
		return int64(n), whole
	case time.Duration:
		return 0, false
	}
	v := reflect.ValueOf(raw)
	switch {
	case v.CanInt():
		return v.Int(), true
	case v.CanUint() && v.Uint() <= math.MaxInt64:
		return int64(v.Uint()), true //nolint:gosec // bounded in the line above
	}
	return 0, false
}

func limits(t reflect.Type) (low, high int64) {
	bits := t.Bits()
	if t.Kind() < reflect.Uint {
		return -1 << (bits - 1), 1<<(bits-1) - 1
	}
	if bits == 64 {
		return 0, math.MaxInt64
	}
	return 0, 1<<bits - 1
}

func (f *filler) duration(e entry, raw any, at string) reflect.Value {
	if d, ok := raw.(time.Duration); ok && d >= 0 {
		return reflect.ValueOf(d)
	}
	if n, ok := parseInteger(raw); ok {
		f.reportProblem(at, "duration_unit", "got", strconv.FormatInt(n, 10))
		return reflect.Value{}
	}
	s, ok := raw.(string)
	if !ok {
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	}
	if n, err := strconv.ParseUint(s, 10, 63); err == nil {
		f.reportProblem(at, "duration_unit", "got", strconv.FormatUint(n, 10))
		return reflect.Value{}
	}
	d, err := ParseDuration(s)
	if err != nil {
		f.reportProblem(at, "duration", "got", quoteValue(s, e.Secret))
		return reflect.Value{}
	}
	return reflect.ValueOf(d)
}

func (f *filler) size(e entry, raw any, at string) reflect.Value {
	if n, ok := parseInteger(raw); ok {
		raw = strconv.FormatInt(n, 10)
	}
	s, ok := raw.(string)
	if !ok {
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	}
	b, err := ParseBytes(s)
	if err != nil {
		f.reportProblem(at, "size", "got", quoteValue(s, e.Secret))
		return reflect.Value{}
	}
	return reflect.ValueOf(b)
}

func (f *filler) moment(e entry, raw any, at string) reflect.Value {
	if t, ok := raw.(time.Time); ok {
		return reflect.ValueOf(t)
	}
	s, ok := raw.(string)
	if !ok {
		f.reportMismatch(e, raw, at)
		return reflect.Value{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		f.reportProblem(at, "time", "got", quoteValue(s, e.Secret))
		return reflect.Value{}
	}
	return reflect.ValueOf(t)
}

// pointed wraps v where the field is a pointer.
func pointed(t reflect.Type, v reflect.Value) reflect.Value {
	if !v.IsValid() || t.Kind() != reflect.Pointer {
		return v
	}
	p := reflect.New(t.Elem())
	p.Elem().Set(v)
	return p
}
