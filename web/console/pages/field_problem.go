package pages

import (
	"strconv"
	"strings"

	"keypull/pull/settings"
)

// Complaint is a problem with the field that it is about, for the summary at
// the top of a form.
type Complaint struct{ ID, Label, Text string }

// Complaints lists what is wrong with the fields, in their order.
func (l FieldList) Complaints() []Complaint {
	var all []Complaint
	for _, f := range l {
		all = f.appendComplaints(all)
	}
	return all
}

func (f Field) appendComplaints(all []Complaint) []Complaint {
	for _, text := range f.Problems {
		all = append(all, Complaint{ID: f.ID, Label: f.Label, Text: text})
	}
	for _, row := range f.Rows {
		for _, text := range row.Problems {
			all = append(all, Complaint{ID: row.ID, Label: f.Label, Text: text})
		}
		all = append(all, row.Fields.Complaints()...)
	}
	return append(all, f.Parts.Complaints()...)
}

// problemsAt returns what is said of a field, and of its entries where these have no
// field of their own.
func (in Inputs) problemsAt(path string, t settings.Type) []string {
	all := in.problemsOf(path)
	if t == settings.Rows || t == settings.Section {
		return all
	}
	for _, p := range in.Problems {
		rest, ok := strings.CutPrefix(joinPath(in.Prefix, p.Field), path)
		if ok && rest != "" && (rest[0] == '.' || rest[0] == '[') {
			all = append(all, T(in.Language, "field.entry", "entry", in.entryName(rest), "problem", p.Message))
		}
	}
	return all
}

// problemsOf returns the problems of exactly this path.
func (in Inputs) problemsOf(path string) []string {
	var all []string
	for _, p := range in.Problems {
		if joinPath(in.Prefix, p.Field) == path {
			all = append(all, p.Message)
		}
	}
	return all
}

// entryName names a part for people, who count from one: ".en[0]" is "English 1",
// "[1]" is "Entry 2".
func (in Inputs) entryName(rest string) string {
	name, index, _ := strings.Cut(strings.TrimPrefix(rest, "."), "[")
	if name != "" {
		name = lineName(in.Language, name)
	}
	i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
	switch {
	case err != nil:
		return name
	case name == "":
		return T(in.Language, "field.nth", "n", i+1)
	default:
		return name + " " + strconv.Itoa(i+1)
	}
}
