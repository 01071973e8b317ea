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
	c.compareTables("", "", c.Fields, before, after)
	return c.list
}

// compareTables compares the values of two tables, those of fields in their order.
func (c *Comparison) compareTables(label, path string, fields []settings.Field, before, after map[string]any) {
	names := map[string]bool{}
	for name := range maps.Keys(before) {
		names[name] = true
	}
	for name := range maps.Keys(after) {
		names[name] = true
	}
	for _, f := range fields {
		if names[f.Name] {
			c.compareField(label, path, f, before[f.Name], after[f.Name])
			delete(names, f.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := settings.Field{Name: name, Label: c.fieldLabel(name), Fields: c.Below[name]}
		if below := c.Below[name]; below != nil && path == "" {
			// The settings of a kind stand beside the thing's own on its form.
			b, _ := before[name].(map[string]any)
			a, _ := after[name].(map[string]any)
			c.compareTables("", name+".", below, b, a)
			continue
		}
		c.compareField(label, path, f, before[name], after[name])
	}
}

// fieldLabel returns what a value is called that is no setting.
func (c *Comparison) fieldLabel(name string) string {
	if key := "audit.field_" + name; Has(key) {
		return T(c.Language, key)
	}
	return strings.ReplaceAll(name, "_", " ")
}

func (c *Comparison) compareField(label, path string, f settings.Field, before, after any) {
	path += f.Name
	if label == "" {
		label = f.Label
	} else {
		label += " · " + f.Label
	}
	if c.secretDiffers(path) {
		c.addChange(label, T(c.Language, "audit.secret_before"), T(c.Language, "audit.secret_after"))
		return
	}
	c.compareValue(label, path, f, before, after)
}

// secretDiffers reports whether a secret at or below a path differs.
func (c *Comparison) secretDiffers(path string) bool {
	return slices.ContainsFunc(c.Secrets, func(s string) bool {
		rest, ok := strings.CutPrefix(s, path)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

func (c *Comparison) compareValue(label, path string, f settings.Field, before, after any) {
	if reflect.DeepEqual(before, after) || isEmpty(before) && isEmpty(after) {
		return
	}
	b, isTable := before.(map[string]any)
	a, isAnother := after.(map[string]any)
	rowsB, _ := before.([]any)
	rowsA, _ := after.([]any)
	switch {
	case isTable || isAnother:
		c.compareTable(label, path, f, asTable(before, b), asTable(after, a))
	case holdsTables(rowsB) || holdsTables(rowsA):
		for i := range max(len(rowsB), len(rowsA)) {
			row := settings.Field{Fields: f.Fields, Label: f.Label}
			c.compareValue(label+" "+strconv.Itoa(i+1), path+"["+strconv.Itoa(i)+"]", row, entryAt(rowsB, i), entryAt(rowsA, i))
		}
	default:
		c.addChange(label, c.valueText(f, before), c.valueText(f, after))
	}
}

// asTable returns a table, or the text for everybody as one.
func asTable(v any, table map[string]any) map[string]any {
	if text, ok := v.(string); ok {
		return map[string]any{"": text}
	}
	return table
}

// compareTable compares what has a name each: the fields of a struct, texts by their
// language, or pairs.
func (c *Comparison) compareTable(label, path string, f settings.Field, before, after map[string]any) {
	if f.Fields != nil {
		c.compareTables(label, path+".", f.Fields, before, after)
		return
	}
	names := slices.AppendSeq(slices.Collect(maps.Keys(before)), maps.Keys(after))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		called := name
		if f.Type == settings.Lists || f.Type == settings.Localised {
			called = lineName(c.Language, name)
		}
		inner := label
		if called != "" {
			inner += " · " + called
		}
		c.compareValue(inner, path+"."+name, settings.Field{Type: settings.Text}, before[name], after[name])
	}
}

func holdsTables(rows []any) bool {
	return slices.ContainsFunc(rows, func(v any) bool { _, ok := v.(map[string]any); return ok })
}

func entryAt(rows []any, i int) any {
	if i < len(rows) {
		return rows[i]
	}
	return nil
}

func isEmpty(v any) bool {
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

func (c *Comparison) addChange(label, before, after string) {
	if before != after {
		c.list = append(c.list, FieldChange{Label: strings.TrimSuffix(label, "?"), Before: before, After: after})
	}
}

// valueText returns one value as it is read.
func (c *Comparison) valueText(f settings.Field, v any) string {
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
			all[i] = c.valueText(f, v[i])
		}
		return strings.Join(all, ", ")
	}
	return fmt.Sprint(v)
}
