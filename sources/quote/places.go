package quote

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
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
	t := tree{decoder: json.NewDecoder(bytes.NewReader(body)), symbol: argument}
	t.decoder.UseNumber()
	if err := t.value("", nil); err != nil && len(t.places) < maxPlaces {
		return nil
	}
	return t.places
}

// tree reads a JSON document in the order in which it is written.
type tree struct {
	decoder *json.Decoder
	// symbol was asked for: a name of an object that is it stands for any other.
	symbol string
	places []settings.Place
}

// value reads one value, which is called name and lies below names.
func (t *tree) value(name string, names []string) error {
	token, err := t.decoder.Token()
	if err != nil {
		return err
	}
	at := -1
	if len(names) > 0 {
		at = len(t.places)
		t.add(settings.Place{Name: name, Depth: len(names) - 1})
	}
	switch token {
	case json.Delim('{'):
		for t.decoder.More() {
			key, err := t.decoder.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			if err := t.value(name, t.below(names, name)); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for i := 0; t.decoder.More(); i++ {
			number := strconv.Itoa(i)
			if err := t.value(number, append(names[:len(names):len(names)], number)); err != nil {
				return err
			}
		}
	default:
		if at >= 0 && at < len(t.places) {
			t.places[at].Path, t.places[at].Value = spelled(names), shownToken(token)
		}
		return nil
	}
	_, err = t.decoder.Token()
	return err
}

func (t *tree) below(names []string, name string) []string {
	if t.symbol != "" && name == t.symbol {
		name = placeholder
	}
	return append(names[:len(names):len(names)], name)
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

// spelled is a path as parsePath reads it: names with points between them, else
// a JSON path.
func spelled(names []string) string {
	plainly := true
	for _, name := range names {
		plainly = plainly && plainName.MatchString(name)
	}
	if plainly {
		return strings.Join(names, ".")
	}
	var b strings.Builder
	b.WriteByte('$')
	for _, name := range names {
		if _, err := strconv.Atoi(name); err == nil {
			b.WriteString("[" + name + "]")
			continue
		}
		b.WriteString("['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "']")
	}
	return b.String()
}

// columnsOf are the columns of a table, with what stands in them in the row of
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
	row, _ := rowOf(r, head, symbol)
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
