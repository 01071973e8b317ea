package pages

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/settings"
)

// Rules of how fields are shown.
const (
	// longText is from how many allowed characters on a text has more than
	// one line.
	longText = 200
	// fewChoices stand beside each other; more are a list to open.
	fewChoices = 4
	// fresh stands for the index in the template of a row that is added.
	fresh = "new"
)

// Inputs is what the fields of a form are made from. Values and Problems have
// the names of the form: below Prefix, as settings forms name them.
type Inputs struct {
	Fields []settings.Field
	// Prefix is put before every name: "settings" makes "settings.url".
	Prefix string
	// Values are texts by the name of their input, as a browser posts them.
	Values map[string][]string
	// Problems have paths without the prefix.
	Problems settings.Problems
	// Languages are the publisher's, Language the editor's: fields and
	// problems are translated already.
	Languages []string
	Language  string
	// Add is the name of rows or pairs to which an empty one is added.
	Add      string
	Disabled bool
}

// Field is one setting as the template of its type shows it.
type Field struct {
	settings.Field
	// Path is the name of its input, ID that of its element.
	Path, ID string
	// Value is the text of a field with one input, "on" for a toggle.
	Value string
	// Problems are sentences in the editor's language.
	Problems []string
	// Note tells what was done to what was typed.
	Note string
	// Suggest are values to choose from, any other may be typed.
	Suggest []Option
	// Texts are the inputs of lists and localised fields, Pairs and Rows
	// those of pairs and rows; Parts are the fields of a section.
	Texts []FieldText
	Pairs []FieldPair
	Rows  []FieldRow
	Parts FieldList
	// Blank is the row that can be added.
	Blank    FieldRow
	Disabled bool
	choices  []Option
}

// FieldText is the text of one language; Language is "" for everybody.
type FieldText struct{ Language, Path, ID, Value string }

// FieldPair is a name with its text.
type FieldPair struct{ Path, ID, Key, Value string }

// FieldRow is one struct of a list; Title is its first text.
type FieldRow struct {
	Path, ID, Title string
	Fields          FieldList
	Problems        []string
}

// Option is one entry of a choice.
type Option struct {
	Value, Label string
	Selected     bool
}

// FieldList is the fields of a form, a row or a section.
type FieldList []Field

// List makes the fields of a form. Raw fields have no form and are left out.
func (in Inputs) List() FieldList {
	return in.fieldList(in.Fields, in.Prefix)
}

func (in Inputs) fieldList(specs []settings.Field, prefix string) FieldList {
	fields := make(FieldList, 0, len(specs))
	for _, spec := range specs {
		if spec.Type != settings.Raw {
			fields = append(fields, in.newField(spec, joinPath(prefix, spec.Name)))
		}
	}
	return fields
}

func (in Inputs) newField(spec settings.Field, path string) Field {
	f := Field{Field: spec, Path: path, ID: elementID(path), Disabled: in.Disabled}
	f.Value = in.firstValue(path)
	switch spec.Type {
	case settings.Section:
		f.Parts = in.fieldList(spec.Fields, path)
	case settings.Rows:
		f.Rows, f.Blank = in.rowsAt(spec, path)
	case settings.Pairs:
		f.Pairs = in.pairsAt(path)
	case settings.Lists:
		f.Texts = in.textsAt(path, nil)
	case settings.Localised:
		f.Texts = in.textsAt(path, []string{""})
	case settings.Choice:
		f.choices = in.choiceOptions(spec, f.Value)
	case settings.Text, settings.Lines, settings.Number, settings.Toggle, settings.Duration, settings.Size, settings.URL,
		settings.Hidden, settings.Time, settings.Raw:
	}
	f.Problems = in.problemsAt(path, spec.Type)
	return f
}

// choiceOptions returns the choices; one that may be left open can be taken back.
func (in Inputs) choiceOptions(spec settings.Field, value string) []Option {
	options := make([]Option, 0, len(spec.Choices)+1)
	open := !slices.Contains(spec.Choices, value) || !spec.Required && spec.Default == nil
	if open && !slices.Contains(spec.Choices, "") {
		options = append(options, Option{Label: T(in.Language, "field.not_set"), Selected: value == ""})
	}
	for _, c := range spec.Choices {
		label := cmp.Or(spec.ChoiceLabels[c], c, T(in.Language, "field.not_set"))
		options = append(options, Option{Value: c, Label: label, Selected: c == value})
	}
	return options
}

// Options returns the entries of a choice.
func (f Field) Options() []Option { return f.choices }

// Few reports whether the choices are few enough to be shown at once.
func (f Field) Few() bool { return len(f.choices) <= fewChoices }

// Wrong reports whether there is a problem in the field or in a part of it.
func (f Field) Wrong() bool { return len(f.appendComplaints(nil)) > 0 }

// Bound returns the argument of min or max in the field's check, "" if none.
func (f Field) Bound(which string) string {
	for part := range strings.SplitSeq(f.Check, ",") {
		if bound, ok := strings.CutPrefix(part, which+"="); ok {
			return bound
		}
	}
	return ""
}

// Long reports whether a text may have more than one line.
func (f Field) Long() bool {
	if f.Is == settings.Script {
		return true
	}
	bound, err := strconv.Atoi(f.Bound("max"))
	return f.Type == settings.Text && err == nil && bound > longText
}

// Code reports whether a text is read by a machine.
func (f Field) Code() bool {
	return f.Is == settings.Code || f.Is == settings.Script || f.Is == settings.Grid
}

// Grid reports whether a text is a table.
func (f Field) Grid() bool { return f.Is == settings.Grid }

// Stored reports whether a secret is set already; it is never shown.
func (f Field) Stored() bool {
	return f.Value == settings.Mask
}

// ExampleLines returns the example of lines, one a line.
func (f Field) ExampleLines() string { return strings.ReplaceAll(f.Example, ", ", "\n") }

// BlankPair returns the pair that can be added.
func (f Field) BlankPair() FieldPair {
	path := f.Path + "[" + fresh + "]"
	return FieldPair{Path: path, ID: elementID(path)}
}

// DescribedBy lists the ids of the help and the problems, for aria-describedby.
func (f Field) DescribedBy() string {
	var ids []string
	if len(f.Problems) > 0 {
		ids = append(ids, f.ID+"-problem")
	}
	if f.Help != "" {
		ids = append(ids, f.ID+"-help")
	}
	return strings.Join(ids, " ")
}

// Shown returns the fields that stand in the open.
func (l FieldList) Shown() FieldList { return l.filter(false) }

// More returns the fields that stand under "More settings".
func (l FieldList) More() FieldList { return l.filter(true) }

func (l FieldList) filter(folded bool) FieldList {
	var some FieldList
	for _, f := range l {
		if f.More == folded && f.Group == "" {
			some = append(some, f)
		}
	}
	return some
}

// Wrong reports whether there is a problem in any of the fields.
func (l FieldList) Wrong() bool { return slices.ContainsFunc(l, Field.Wrong) }

func joinPath(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// elementID turns the name of an input into an id that addresses and selectors
// take as it is.
func elementID(path string) string { return "f-" + idSigns.Replace(path) }

//nolint:gochecknoglobals // made once: a page has hundreds of ids
var idSigns = strings.NewReplacer(".", "-", "[", "-", "]", "")
