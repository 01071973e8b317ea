package settings

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Posted returns the way back from Values: what a form that shows these values
// holds. Values that are not given are shown as their defaults, rows are
// numbered without gaps, and secrets show Mask unless Typed is set. What does
// not fit its field, such as a list for a number, is left out. Lines and lists
// show one entry a line; one that holds a line end itself comes back as two.
// Moments are shown in Zone, to the millisecond.
func (f Form) Posted(values map[string]any) map[string][]string {
	w := formWriter{posted: map[string][]string{}, zone: f.timeZone(), typed: f.Typed}
	w.fields(f.Fields, values, f.fieldPrefix(), 0)
	return w.posted
}

type formWriter struct {
	posted map[string][]string
	zone   *time.Location
	typed  bool
}

func (w formWriter) set(name, text string) { w.posted[name] = []string{text} }

func (w formWriter) fields(fields []Field, values map[string]any, path string, depth int) {
	if depth > maxDepth {
		return
	}
	for _, f := range fields {
		v := values[f.Name]
		if v == nil {
			v = f.Default
		}
		w.field(f, v, path+f.Name, depth)
	}
}

func (w formWriter) field(f Field, v any, at string, depth int) {
	switch f.Type {
	case Toggle:
		w.toggle(v, at)
	case Lines:
		if entries, ok := listEntries(v); ok {
			w.set(at, joinLines(entries))
		}
	case Pairs:
		w.pairs(f, v, at)
	case Lists, Localised:
		w.byName(f, v, at)
	case Rows:
		rows, _ := listEntries(v)
		for i, row := range rows {
			inner, _ := tableEntries(row)
			w.fields(f.Fields, inner, at+indexPath(i)+".", depth+1)
		}
	case Section:
		inner, _ := tableEntries(v)
		w.fields(f.Fields, inner, at+".", depth+1)
	case Raw:
	case Time:
		w.moment(v, at)
	default:
		if v != nil {
			w.set(at, w.shown(f, v))
		}
	}
}

func (w formWriter) toggle(v any, at string) {
	w.set(at+present, "on")
	if v == true {
		w.set(at, "on")
	} else if text := onForm(v); v != false && text != "" {
		w.set(at, text)
	}
}

func (w formWriter) pairs(f Field, v any, at string) {
	pairs, _ := tableEntries(v)
	for i, name := range slices.Sorted(maps.Keys(pairs)) {
		w.set(at+indexPath(i)+".key", name)
		w.set(at+indexPath(i)+".value", w.shown(f, pairs[name]))
	}
}

// byName shows what has one input for each name, or language.
func (w formWriter) byName(f Field, v any, at string) {
	if text, ok := stringOf(v); ok && f.Type == Localised {
		w.set(at+"."+everyone, text)
		return
	}
	values, _ := tableEntries(v)
	for name, value := range values {
		entries, isList := listEntries(value)
		switch {
		case f.Type == Localised && name == "":
			w.set(at+"."+everyone, onForm(value))
		case f.Type == Localised:
			w.set(at+"."+name, onForm(value))
		case isList:
			w.set(at+"."+name, joinLines(entries))
		default:
			w.set(at+"."+name, onForm(value))
		}
	}
}

func (w formWriter) moment(v any, at string) {
	t, ok := v.(time.Time)
	if !ok {
		text := onForm(v)
		var err error
		if t, err = time.Parse(time.RFC3339, text); err != nil {
			if text != "" {
				w.set(at, text)
			}
			return
		}
	}
	t = t.In(w.zone)
	layout := localMoment
	switch {
	case t.Truncate(time.Millisecond).Nanosecond() != 0:
		layout += ":05.000"
	case t.Second() != 0:
		layout += ":05"
	}
	w.set(at, t.Format(layout))
}

// shown returns the text of a value, masked where that is due.
func (w formWriter) shown(f Field, v any) string {
	text := onForm(v)
	if f.Secret && !w.typed && text != "" {
		return Mask
	}
	return text
}

func joinLines(entries []any) string {
	lines := make([]string, len(entries))
	for i, one := range entries {
		lines[i] = onForm(one)
	}
	return strings.Join(lines, "\n")
}

// onForm returns a single value as it is typed; "" for what no single input holds.
func onForm(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case Secret:
		return v.String()
	case time.Duration:
		return FormatDuration(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	if n, ok := parseInteger(v); ok {
		return strconv.FormatInt(n, 10)
	}
	return ""
}
