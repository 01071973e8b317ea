package pages

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/settings"
)

// FieldChanges are the fields that a change set, with what stands above the two
// columns.
type FieldChanges struct {
	Before, After string
	List          []FieldChange
}

// FieldChange is one field by its label; what was not set is "".
type FieldChange struct{ Label, Before, After string }

// Comparison says what differs between two documents, as people read it.
type Comparison struct {
	// Fields are those of the documents, translated; what is not among them is
	// told by its own name. Below has the fields of a table that no struct
	// describes, by the table's name: the settings of a kind.
	Fields []settings.Field
	Below  map[string][]settings.Field
	// Secrets are the paths of secrets that differ, which the documents don't
	// show.
	Secrets  []string
	Language string
	Zone     *time.Location
	list     []FieldChange
}

// Changes compares two documents; either may be nil.
func (c Comparison) Changes(before, after map[string]any) []FieldChange {
	c.tables("", "", c.Fields, before, after)
	return c.list
}

// tables compares the values of two tables, those of fields in their order.
func (c *Comparison) tables(label, path string, fields []settings.Field, before, after map[string]any) {
	names := map[string]bool{}
	for name := range maps.Keys(before) {
		names[name] = true
	}
	for name := range maps.Keys(after) {
		names[name] = true
	}
	for _, f := range fields {
		if names[f.Name] {
			c.field(label, path, f, before[f.Name], after[f.Name])
			delete(names, f.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := settings.Field{Name: name, Label: c.named(name), Fields: c.Below[name]}
		if below := c.Below[name]; below != nil && path == "" {
			// The settings of a kind stand beside the thing's own on its form.
			b, _ := before[name].(map[string]any)
			a, _ := after[name].(map[string]any)
			c.tables("", name+".", below, b, a)
			continue
		}
		c.field(label, path, f, before[name], after[name])
	}
}

// named returns what a value is called that is no setting.
func (c *Comparison) named(name string) string {
	if key := "audit.field_" + name; Has(key) {
		return T(c.Language, key)
	}
	return strings.ReplaceAll(name, "_", " ")
}

func (c *Comparison) field(label, path string, f settings.Field, before, after any) {
	path += f.Name
	if label == "" {
		label = f.Label
	} else {
		label += " · " + f.Label
	}
	if c.secret(path) {
		c.add(label, T(c.Language, "audit.secret_before"), T(c.Language, "audit.secret_after"))
		return
	}
	c.value(label, path, f, before, after)
}

// secret says whether a secret at or below a path differs.
func (c *Comparison) secret(path string) bool {
	return slices.ContainsFunc(c.Secrets, func(s string) bool {
		rest, ok := strings.CutPrefix(s, path)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

func (c *Comparison) value(label, path string, f settings.Field, before, after any) {
	if reflect.DeepEqual(before, after) || empty(before) && empty(after) {
		return
	}
	b, isTable := before.(map[string]any)
	a, isAnother := after.(map[string]any)
	rowsB, _ := before.([]any)
	rowsA, _ := after.([]any)
	switch {
	case isTable || isAnother:
		c.table(label, path, f, texted(before, b), texted(after, a))
	case ofTables(rowsB) || ofTables(rowsA):
		for i := range max(len(rowsB), len(rowsA)) {
			row := settings.Field{Fields: f.Fields, Label: f.Label}
			c.value(label+" "+strconv.Itoa(i+1), path+"["+strconv.Itoa(i)+"]", row, at(rowsB, i), at(rowsA, i))
		}
	default:
		c.add(label, c.text(f, before), c.text(f, after))
	}
}

// texted returns a table, or the text for everybody as one.
func texted(v any, table map[string]any) map[string]any {
	if text, ok := v.(string); ok {
		return map[string]any{"": text}
	}
	return table
}

// table compares what has a name each: the fields of a struct, texts by their
// language, or pairs.
func (c *Comparison) table(label, path string, f settings.Field, before, after map[string]any) {
	if f.Fields != nil {
		c.tables(label, path+".", f.Fields, before, after)
		return
	}
	names := slices.AppendSeq(slices.Collect(maps.Keys(before)), maps.Keys(after))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		called := name
		if f.Type == settings.Lists || f.Type == settings.Localised {
			called = tongue(c.Language, name)
		}
		inner := label
		if called != "" {
			inner += " · " + called
		}
		c.value(inner, path+"."+name, settings.Field{Type: settings.Text}, before[name], after[name])
	}
}

func ofTables(rows []any) bool {
	return slices.ContainsFunc(rows, func(v any) bool { _, ok := v.(map[string]any); return ok })
}

func at(rows []any, i int) any {
	if i < len(rows) {
		return rows[i]
	}
	return nil
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func (c *Comparison) add(label, before, after string) {
	if before != after {
		c.list = append(c.list, FieldChange{Label: strings.TrimSuffix(label, "?"), Before: before, After: after})
	}
}

// text returns one value as it is read.
func (c *Comparison) text(f settings.Field, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return T(c.Language, "audit.yes")
		}
		return T(c.Language, "audit.no")
	case string:
		if moment, err := time.Parse(time.RFC3339, v); err == nil {
			// Another year than this one has the date told whole.
			return When(c.Language, moment, time.Time{}.In(cmp.Or(c.Zone, time.UTC)))
		}
		return cmp.Or(f.ChoiceLabels[v], v)
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		all := make([]string, len(v))
		for i := range v {
			all[i] = c.text(f, v[i])
		}
		return strings.Join(all, ", ")
	}
	return fmt.Sprint(v)
}
