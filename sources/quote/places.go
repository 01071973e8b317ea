package quote

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/settings"
	"keypull/sources"
)

var _ sources.Placed = (*Settings)(nil)

// Limits of what is shown of an answer.
const (
	maxPlaces     = 400
	maxPlaceDepth = 12
	maxCell       = 80
)

// Places lists the values of an answer, and how a setting names each.
func (s *Settings) Places(body []byte, argument string) []settings.Place {
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	if s.Format == formatCSV {
		return columnsOf(body, argument)
	}
	if marks(body, ",:[{") > maxMarksJSON {
		return nil
	}
	t := tree{decoder: json.NewDecoder(bytes.NewReader(body)), symbol: argument, members: membersOf(body, argument)}
	t.decoder.UseNumber()
	if err := t.value("", nil); err != nil && len(t.places) < maxPlaces {
		return nil
	}
	return t.places
}

// step is one part of a path: a name, or a number in a list, or, where the entry
// of a list has the symbol in it, what tells it from the others.
type step struct {
	name  string
	entry bool
	by    string
}

// tree reads a JSON document in the order in which it is written.
type tree struct {
	decoder *json.Decoder
	// symbol was asked for: a name of an object that is it stands for any other,
	// and an entry of a list that has it in a member is found by that. members are
	// these, by the path of the entry in numbers and names.
	symbol  string
	members map[string]string
	places  []settings.Place
}

// value reads one value, which is called name and lies below steps.
func (t *tree) value(name string, steps []step) error {
	token, err := t.decoder.Token()
	if err != nil {
		return err
	}
	at := -1
	if len(steps) > 0 {
		at = len(t.places)
		t.add(settings.Place{Name: name, Depth: len(steps) - 1})
	}
	switch token {
	case json.Delim('{'):
		for t.decoder.More() {
			key, err := t.decoder.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			if err := t.value(name, below(steps, step{name: t.plural(name)})); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for i := 0; t.decoder.More(); i++ {
			number := strconv.Itoa(i)
			s := step{name: number, entry: true}
			s.by = t.members[placeOf(below(steps, s))]
			if err := t.value(number, below(steps, s)); err != nil {
				return err
			}
		}
	default:
		if at >= 0 && at < len(t.places) {
			t.places[at].Path, t.places[at].Value = spelled(steps), shownToken(token)
		}
		return nil
	}
	_, err = t.decoder.Token()
	return err
}

// plural returns a name as a path has it that fits any symbol.
func (t *tree) plural(name string) string {
	if t.symbol != "" && name == t.symbol {
		return placeholder
	}
	return name
}

func below(steps []step, s step) []step { return append(steps[:len(steps):len(steps)], s) }

// placeOf returns the place of a value within its document.
func placeOf(steps []step) string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.name
	}
	return strings.Join(names, "\x00")
}

// membersOf finds the entries of lists in which a member is the symbol, where
// that is so of one entry of its list alone.
func membersOf(body []byte, symbol string) map[string]string {
	found := map[string]string{}
	if symbol == "" || !bytes.Contains(bytes.ToLower(body), bytes.ToLower([]byte(symbol))) {
		return found
	}
	var document any
	if json.Unmarshal(body, &document) != nil {
		return found
	}
	var look func(v any, steps []step)
	look = func(v any, steps []step) {
		if len(steps) > maxPlaceDepth {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				if name == symbol {
					name = placeholder
				}
				look(member, below(steps, step{name: name}))
			}
		case []any:
			member, at := "", -1
			for i, entry := range v {
				if name := memberOf(entry, symbol); name != "" {
					if at >= 0 {
						member = ""
						break
					}
					member, at = name, i
				}
			}
			for i, entry := range v {
				s := below(steps, step{name: strconv.Itoa(i), entry: true})
				if i == at && member != "" {
					found[placeOf(s)] = member
				}
				look(entry, s)
			}
		}
	}
	look(document, nil)
	return found
}

// memberOf returns the member of an entry that is the symbol, the surest name first.
func memberOf(entry any, symbol string) string {
	object, ok := entry.(map[string]any)
	if !ok {
		return ""
	}
	var names []string
	for name, value := range object {
		if text, ok := value.(string); ok && text == symbol {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		rank := func(name string) int {
			if i := slices.Index(symbolNames, strings.ToLower(name)); i >= 0 {
				return i
			}
			return len(symbolNames)
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func (t *tree) add(p settings.Place) {
	if len(t.places) < maxPlaces && p.Depth < maxPlaceDepth {
		p.Name = sources.Shorten(sources.Line(p.Name), maxCell)
		t.places = append(t.places, p)
	}
}

func shownToken(token json.Token) string {
	switch v := token.(type) {
	case json.Number:
		return v.String()
	case string:
		return sources.Shorten(sources.Line(v), maxCell)
	case bool:
		return strconv.FormatBool(v)
	}
	return "null"
}

// plainName is a name that needs no brackets in a path.
var plainName = regexp.MustCompile(`^[^.$\[\]*?@'"\\\s]+$`)

// spelled returns a path as parsePath reads it: names with points between them, else
// a JSON path. An entry that is known by the symbol is found by that.
func spelled(steps []step) string {
	simple := true
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.name
		simple = simple && s.by == "" && plainName.MatchString(s.name)
	}
	if text := strings.Join(names, "."); simple && !strings.HasPrefix(text, literalMark) {
		return text
	}
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	var b strings.Builder
	b.WriteByte('$')
	for _, s := range steps {
		switch {
		case s.by != "":
			b.WriteString("[?(@['" + quote.Replace(s.by) + "'] == '" + placeholder + "')]")
		case s.entry:
			b.WriteString("[" + s.name + "]")
		default:
			b.WriteString("['" + quote.Replace(s.name) + "']")
		}
	}
	return b.String()
}

// columnsOf returns the columns of a table, with what stands in them in the row of
// the symbol, else in the first.
func columnsOf(body []byte, symbol string) []settings.Place {
	separator := delimiter(body)
	if marks(body, string(separator)+"\n") > maxMarksCSV {
		return nil
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
	head, err := r.Read()
	if err != nil {
		return nil
	}
	row, _ := rowOf(r, head, symbol, "")
	if row == nil {
		again := csv.NewReader(bytes.NewReader(body))
		again.Comma, again.LazyQuotes, again.FieldsPerRecord = separator, true, -1
		_, _ = again.Read() // it was read before
		row, _ = again.Read()
	}
	var places []settings.Place
	for i, name := range head[:min(len(head), maxPlaces)] {
		if name = strings.TrimSpace(name); name == "" || column(head, name) != i {
			continue
		}
		places = append(places, settings.Place{Path: name, Name: sources.Shorten(sources.Line(name), maxCell), Value: sources.Shorten(sources.Line(cell(row, i)), maxCell)})
	}
	return places
}
