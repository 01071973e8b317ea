package site

import (
	"maps"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
)

// personForm is how readers reach a person, as it stands in the form of a publisher: one entry a
// line.
type personForm struct {
	// Hours are spans of the week, Away and Contacts texts by language and addresses by topic,
	// each as name = value.
	Hours, Away, Contacts string
	// Calendar is the id of a source.
	Calendar string
}

// linesOfTable writes a table one entry a line; a text for everybody stands without a name.
func linesOfTable(d console.Doc, name string) string {
	if text := d.Text(name); text != "" {
		return text + "\n"
	}
	var b strings.Builder
	table := d.Table(name)
	for _, key := range slices.Sorted(maps.Keys(table)) {
		b.WriteString(key + " = " + table.Text(key) + "\n")
	}
	return b.String()
}

// tableOfLines reads what linesOfTable wrote.
func tableOfLines(text string) map[string]any {
	table := map[string]any{}
	for line := range strings.Lines(text) {
		if name, value, _ := strings.Cut(line, "="); strings.TrimSpace(name) != "" {
			table[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return table
}

func personFormOf(d console.Doc) personForm {
	person := d.Table("person")
	f := personForm{Away: linesOfTable(person, "away"), Contacts: linesOfTable(person, "contacts"), Calendar: person.Text("calendar")}
	switch list := person["hours"].(type) {
	case []any:
		for _, span := range list {
			if text, ok := span.(string); ok {
				f.Hours += text + "\n"
			}
		}
	case []string:
		f.Hours = strings.Join(list, "\n")
	}
	return f
}

// typedDoc returns the settings as operations take them; nil where there are none.
func (f personForm) typedDoc() map[string]any {
	d := map[string]any{}
	var hours []any
	for line := range strings.Lines(f.Hours) {
		if span := strings.TrimSpace(line); span != "" {
			hours = append(hours, span)
		}
	}
	if len(hours) > 0 {
		d["hours"] = hours
	}
	if calendar := strings.TrimSpace(f.Calendar); calendar != "" {
		d["calendar"] = calendar
	}
	switch away := strings.TrimSpace(f.Away); {
	case away == "":
	case !strings.Contains(away, "="):
		d["away"] = away
	default:
		d["away"] = tableOfLines(away)
	}
	if contacts := tableOfLines(f.Contacts); len(contacts) > 0 {
		d["contacts"] = contacts
	}
	return d
}

// personInputs ask for them.
func (r publisherPages) personInputs(f personForm) (all inputs) {
	labels := map[string]settings.Field{}
	fields, _ := settings.Fields(&catalogue.Person{}) // a test makes sure that the struct is understood
	for _, one := range settings.Translate(fields, catalogue.Words(), r.language, "person.") {
		labels[one.Name] = one
	}
	for _, one := range []struct{ name, kind, value, help string }{
		{"hours", "lines", f.Hours, r.t("desk.hours_help")}, {"calendar", "text", f.Calendar, ""},
		{"away", "lines", f.Away, r.t("desk.away_help")}, {"contacts", "lines", f.Contacts, r.t("desk.contacts_help")},
	} {
		all = append(all, input{
			Name: "person." + one.name, Label: labels[one.name].Label, Help: strings.TrimSpace(labels[one.name].Help + " " + one.help), Type: one.kind, Value: one.value,
		})
	}
	return all
}
