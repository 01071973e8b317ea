package settings

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Values turns a posted form into values as Fill takes them. It judges
// nothing: what is no number or moment stays the text that was typed, so that
// Fill complains and Posted can show it again. Inputs that are empty, missing
// or named like no field give no value. Spaces around are cut off but from
// texts; "\r\n" becomes "\n".
func (f Form) Values(posted map[string][]string) map[string]any {
	r := formReader{inputs: inputs{posted: posted, names: slices.Sorted(maps.Keys(posted))}, zone: f.timeZone()}
	return r.fields(f.Fields, f.fieldPrefix(), 0)
}

type formReader struct {
	inputs
	zone *time.Location
}

func (r formReader) fields(fields []Field, path string, depth int) map[string]any {
	values := map[string]any{}
	if depth > maxDepth {
		return values
	}
	for _, f := range fields {
		if v := r.field(f, path+f.Name, depth); v != nil {
			values[f.Name] = v
		}
	}
	return values
}

// field returns the value of one field, or nil if the form has none.
func (r formReader) field(f Field, at string, depth int) any {
	switch f.Type {
	case Toggle:
		return r.toggle(at)
	case Choice:
		return r.choice(f, at)
	case Lines:
		return someList(splitLines(lineEnds.Replace(strings.Join(r.posted[at], "\n"))))
	case Pairs:
		return someTable(r.pairs(at))
	case Lists:
		return someTable(r.lists(at))
	case Localised:
		return someTable(r.localised(at))
	case Rows:
		return someList(r.rowsOf(f, at, depth))
	case Section:
		return someTable(r.fields(f.Fields, at+".", depth+1))
	case Raw:
		return nil
	}
	if text := r.firstValue(at); text != "" {
		return r.single(f.Type, text)
	}
	return nil
}

// single reads what is one text on the form; nil if nothing is left of it.
func (r formReader) single(t Type, text string) any {
	if t == Text {
		return text
	}
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil
	case t == Time:
		return r.moment(text)
	case t == Number:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	}
	return text
}

func (r formReader) moment(text string) string {
	for _, layout := range []string{localMoment, localMoment + ":05"} {
		if t, err := time.ParseInLocation(layout, text, r.zone); err == nil {
			if _, offset := t.Zone(); offset%60 != 0 {
				// Zones of old, counted by the sun, have seconds, which RFC 3339
				// can't say.
				t = t.UTC()
			}
			return t.Format(time.RFC3339Nano)
		}
	}
	return text
}

func (r formReader) toggle(at string) any {
	_, there := r.posted[at+present]
	for _, text := range r.posted[at] {
		switch text = strings.TrimSpace(text); text {
		case "on", "true":
			return true
		case "", "off", "false":
			there = true
		default:
			return text
		}
	}
	if there {
		return false
	}
	return nil
}

func (r formReader) choice(f Field, at string) any {
	text := strings.TrimSpace(r.firstValue(at))
	if _, there := r.posted[at]; text == "" && (!there || !slices.Contains(f.Choices, "")) {
		return nil
	}
	return text
}

// pairs reads rows of a name and a text; a text without a name keeps an empty
// one.
func (r formReader) pairs(at string) map[string]any {
	pairs := map[string]any{}
	for _, i := range r.rowNumbers(at) {
		name, value := r.pair(at, i)
		if name == "" && value == "" {
			continue
		}
		if len(pairs) == maxFormRows {
			pairs[surplus] = len(pairs)
			break
		}
		pairs[name] = value
	}
	return pairs
}

func (r formReader) pair(at string, i int) (name, value string) {
	at += indexPath(i)
	return strings.TrimSpace(r.firstValue(at + ".key")), r.firstValue(at + ".value")
}

func (r formReader) lists(at string) map[string]any {
	lists := map[string]any{}
	add := func(name, text string) {
		if entries := splitLines(text); len(entries) > 0 {
			before, _ := listEntries(lists[name])
			lists[name] = append(before, entries...)
		}
	}
	for _, name := range r.namesBelow(at + ".") {
		add(name[len(at)+1:], r.firstValue(name))
	}
	for n, i := range r.rowNumbers(at) {
		if n == maxFormRows {
			lists[surplus] = n
			break
		}
		name, text := r.pair(at, i)
		if add(name, text); name != "" && lists[name] == nil {
			lists[name] = []any{}
		}
	}
	return lists
}

func (r formReader) localised(at string) map[string]any {
	texts := map[string]any{}
	for _, name := range r.namesBelow(at + ".") {
		language := name[len(at)+1:]
		if language == everyone {
			language = ""
		}
		if text := r.firstValue(name); text != "" {
			texts[language] = text
		}
	}
	return texts
}

func (r formReader) rowsOf(f Field, at string, depth int) []any {
	var rows []any
	for _, i := range r.rowNumbers(at) {
		row := r.fields(f.Fields, at+indexPath(i)+".", depth+1)
		if untouched(f.Fields, row) {
			continue
		}
		if len(rows) == maxFormRows {
			return append(rows, surplus)
		}
		rows = append(rows, row)
	}
	return rows
}

// untouched says whether a row holds no more than a new one does.
func untouched(fields []Field, row map[string]any) bool {
	for _, f := range fields {
		v := row[f.Name]
		switch {
		case v == nil, v == "", f.Type == Toggle && v == (f.Default == true):
		case f.Type == Section:
			if inner, ok := tableEntries(v); !ok || !untouched(f.Fields, inner) {
				return false
			}
		case f.Default == nil || onForm(v) == "" || onForm(v) != onForm(f.Default):
			return false
		}
	}
	return true
}

func someList(l []any) any {
	if len(l) == 0 {
		return nil
	}
	return l
}

func someTable(m map[string]any) any {
	if len(m) == 0 {
		return nil
	}
	return m
}
