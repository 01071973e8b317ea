package site

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// personForm is how readers reach a person, as it stands in the form of a publisher: one entry a
// line.
type personForm struct {
	// Hours are spans of the week, Away and Contacts texts by language and addresses by topic,
	// each as name = value.
	Hours, Away, Contacts string
	// Calendar is the id of a source.
	Calendar string
	// Bridge is the kind of bridge, Settings what its inputs say.
	Bridge   string
	Settings map[string]any
}

// bridgePrefix is where the settings of a bridge stand on the form.
const bridgePrefix = "person.bridge.settings"

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
	bridge := person.Table("bridge")
	f := personForm{Away: linesOfTable(person, "away"), Contacts: linesOfTable(person, "contacts"), Calendar: person.Text("calendar"), Bridge: bridge.Text("kind"), Settings: bridge.Table("settings")}
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
	if f.Bridge != "" {
		d["bridge"] = map[string]any{"kind": f.Bridge, "settings": f.Settings}
	}
	return d
}

// bridgeForm returns the form of the settings of a kind of bridge; without fields where there is
// no such kind.
func (r publisherPages) bridgeForm(chosen string) settings.Form {
	form := settings.Form{Prefix: bridgePrefix}
	if k, ok := r.Kinds.Bridge(chosen); ok {
		fields, _ := settings.Fields(k.New()) // a test makes sure that the structs of kinds are understood
		form.Fields = settings.Translate(fields, k.Words, r.language, "")
	}
	return form
}

// postedPerson returns what was posted of how a person is reached.
func (r publisherPages) postedPerson(posted map[string][]string) personForm {
	first := func(name string) string {
		if values := posted[name]; len(values) > 0 {
			return values[0]
		}
		return ""
	}
	f := personForm{Hours: first("person.hours"), Away: first("person.away"), Contacts: first("person.contacts"), Calendar: first("person.calendar"), Bridge: first("person.bridge.kind")}
	f.Settings = r.bridgeForm(f.Bridge).Values(posted)
	return f
}

// bridgeInputs ask where conversations are carried to.
func (r publisherPages) bridgeInputs(f personForm, label settings.Field) inputs {
	if len(r.Kinds.Bridges) == 0 {
		return nil
	}
	form := r.bridgeForm(f.Bridge)
	choice := input{Name: "person.bridge.kind", Label: label.Label, Help: label.Help + " " + r.t("desk.bridge_help"), Type: "select", Options: []pages.Option{{Label: r.t("desk.bridge_none")}}}
	for _, one := range r.Kinds.Bridges {
		title, _ := one.In(r.language)
		choice.Options = append(choice.Options, pages.Option{Value: one.Name, Label: title})
	}
	selectOption(choice.Options, f.Bridge)
	all, shown := inputs{choice}, form.Posted(f.Settings)
	for _, field := range form.Fields {
		one := input{Name: bridgePrefix + "." + field.Name, Label: label.Label + ": " + field.Label, Help: field.Help, Type: "text", Autocomplete: "off"}
		switch {
		case field.Type == settings.Lines:
			one.Type = "lines"
		case field.Secret:
			one.Type = "password"
		case field.Is == settings.Channel:
			values := shown[one.Name]
			one.Type, one.Options = r.chosenAmong(r.channelIDs(), strings.Join(values, ""), r.t("desk.choose"))
		case len(field.Choices) > 0:
			one.Type = "select"
			for _, c := range field.Choices {
				one.Options = append(one.Options, pages.Option{Value: c, Label: cmp.Or(field.ChoiceLabels[c], c)})
			}
		}
		if values := shown[one.Name]; len(values) > 0 {
			one.Value = values[0]
		}
		selectOption(one.Options, one.Value)
		all = append(all, one)
	}
	return all
}

// chosenAmong returns how one of some ids is chosen, the one that is there now included: it is
// typed where they are not known, or too many.
func (publisherPages) chosenAmong(ids []string, now, none string) (kind string, options []pages.Option) {
	if len(ids) == 0 {
		return "text", nil
	}
	if now != "" && !slices.Contains(ids, now) {
		ids = append(slices.Clip(ids), now)
	}
	options = []pages.Option{{Label: none}}
	for _, id := range ids {
		options = append(options, pages.Option{Value: id, Label: id})
	}
	selectOption(options, now)
	return "select", options
}

// channelIDs returns the ids of the publisher's channels; none where they can't be listed.
func (r publisherPages) channelIDs() (ids []string) {
	all, _ := channelEntries(r.request)
	for i := range all {
		ids = append(ids, all[i].Channel.Text("id"))
	}
	return ids
}

// calendarIDs returns the ids of the publisher's sources; none where they can't be listed, or are
// too many to choose from.
func (r publisherPages) calendarIDs() []string {
	ids, more, err := sourcePages(r).sourceIDs()
	if err != nil || more {
		return nil
	}
	return ids
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
		asked := input{
			Name: "person." + one.name, Label: labels[one.name].Label, Help: strings.TrimSpace(labels[one.name].Help + " " + one.help), Type: one.kind, Value: one.value,
		}
		if one.name == "calendar" {
			asked.Type, asked.Options = r.chosenAmong(r.calendarIDs(), one.value, r.t("desk.no_calendar"))
		}
		all = append(all, asked)
	}
	return append(all, r.bridgeInputs(f, labels["bridge"])...)
}
