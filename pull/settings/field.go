package settings

// Type says how a field is shown, filled and checked. The set is closed: one
// form template, one line of the schema and one conversion for each.
type Type string

// The types of fields, with the Go types that they stand for.
const (
	// Text is a string.
	Text Type = "text"
	// Lines is a []string.
	Lines Type = "lines"
	// Number is any integer type.
	Number Type = "number"
	// Toggle is a bool.
	Toggle Type = "toggle"
	// Duration is a time.Duration or *time.Duration, written "60s", "1h30m" or
	// "7d", never negative.
	Duration Type = "duration"
	// Size is a Bytes or *Bytes, written "64MiB" or "1GiB", or as a number of
	// bytes, never negative.
	Size Type = "size"
	// URL is a string with the check url.
	URL Type = "url"
	// Choice is a string with the tag choices.
	Choice Type = "choice"
	// Hidden is a Secret.
	Hidden Type = "secret"
	// Time is a time.Time or *time.Time, written as RFC 3339.
	Time Type = "time"
	// Pairs is a map[string]string.
	Pairs Type = "pairs"
	// Lists is a map[string][]string.
	Lists Type = "lists"
	// Rows is a slice of structs.
	Rows Type = "rows"
	// Section is a struct of its own, a table in a file.
	Section Type = "section"
	// Raw is a map[string]any that somebody else checks.
	Raw Type = "raw"
	// Localised is a map of texts by language tag, with the tag
	// settings:"localised"; a plain string fills it under "".
	Localised Type = "localised"
)

// Field is one setting as forms, docs and schemas see it.
type Field struct {
	// Name is the word in files and APIs; Label and Help are English texts
	// for people, Example a good value: as typed for simple types, entries
	// parted by ", " for lines, a TOML value for the rest.
	Name    string `json:"name"`
	Label   string `json:"label"`
	Help    string `json:"help"`
	Example string `json:"example,omitempty"`
	Type    Type   `json:"type"`
	// Required fields must not be empty once filled.
	Required bool `json:"required,omitempty"`
	// Check is the rest of the check tag: "min=1,max=10".
	Check   string   `json:"check,omitempty"`
	Choices []string `json:"choices,omitempty"`
	// ChoiceLabels say choices for people, by choice; one that is not there is
	// shown as it is. Translate sets them.
	ChoiceLabels map[string]string `json:"choice_labels,omitempty"`
	// More says that a first-time editor needn't see the field: forms fold it.
	More bool `json:"more,omitempty"`
	// Group names what the field is for, where forms fold it away with others for the same.
	Group string `json:"group,omitempty"`
	// Local fields name files of this machine: they count in the configuration
	// file alone.
	Local bool `json:"local,omitempty"`
	// Is says what the field is to those who don't know its name; "" says
	// nothing.
	Is Role `json:"-"`
	// Names are the names that pairs of the role Spots are offered under.
	Names []string `json:"names,omitempty"`
	// Default is the value where none is given, in the form that Fill takes;
	// nil where there is none, and always for secrets.
	Default any `json:"default,omitempty"`
	// Secret values are sealed at rest and never shown.
	Secret bool `json:"secret,omitempty"`
	// Fields are those of one row or of the section.
	Fields []Field `json:"fields,omitempty"`
}

// Fields lists the settings of the struct that v points to, in the struct's
// order, with the values that it holds as defaults. An error is a mistake in
// the struct: a Go type outside of the closed set, a missing or doubled name,
// a check that can't be read.
func Fields(v any) ([]Field, error) {
	s, value, err := describeStruct(v)
	if err != nil {
		return nil, err
	}
	return s.publicFields(value), nil
}
