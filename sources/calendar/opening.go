package calendar

import (
	"cmp"
	"slices"
	"strings"

	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/agenda"
	"keypull/sources/ld"
)

// findOpeningHours returns the opening hours that a page tells in its data, as the settings have
// them, where it tells them of one place alone.
func findOpeningHours(d sources.Document) (found sources.Found, ok bool) {
	text, _ := sources.Encoded{Type: d.Type}.UTF8(d.Body[:min(len(d.Body), maxPageBytes)])
	for _, thing := range ld.Things(text) {
		var lines []any
		for _, at := range ld.List(thing["openingHours"]) {
			line, _ := at.(string)
			for _, one := range strings.Split(line, ";") {
				lines = append(lines, agenda.OpeningLine(strings.Fields(strings.NewReplacer(", ", ",", " - ", "-", "–", "-").Replace(one))...))
			}
		}
		for _, at := range ld.List(thing["openingHoursSpecification"]) {
			spec, _ := at.(map[string]any)
			if spec["validFrom"] != nil || spec["validThrough"] != nil {
				continue // holidays, and times that pass
			}
			var days []string
			for _, day := range ld.List(spec["dayOfWeek"]) {
				name, _ := day.(string)
				days = append(days, name[strings.LastIndexByte(name, '/')+1:])
			}
			lines = append(lines, agenda.OpeningLine(strings.Join(days, ","), ld.Text(spec["opens"])+"-"+ld.Text(spec["closes"])))
		}
		lines = slices.DeleteFunc(lines, func(line any) bool { return line == "" })
		if len(lines) == 0 {
			continue
		}
		next := sources.Found{
			Form: "schema.org", Title: sources.Line(ld.Text(thing["name"])), Phrase: words.Text{Key: "asked.hours"}, Told: true, Outlet: true,
			Settings: map[string]any{"hours": lines},
		}
		for _, line := range lines {
			said, _ := line.(string)
			next.Shows = append(next.Shows, said)
		}
		if ok && !slices.Equal(next.Shows, found.Shows) {
			return found, false // several places: whose hours are asked for is not known
		}
		found, ok = next, true
	}
	return found, ok
}

// findShownHours returns the opening hours that a page shows people: those of the outlet, or of the place
// that the page is about.
func findShownHours(d sources.Document) (found sources.Found, ok bool) {
	text, _ := sources.Encoded{Type: d.Type}.UTF8(d.Body[:min(len(d.Body), maxPageBytes)])
	root, _, err := sources.ParsePage(text)
	if err != nil {
		return found, false
	}
	found = sources.Found{Form: "HTML", Phrase: words.Text{Key: "asked.hours"}, Told: true}
	found.Subject = sources.SubjectOf(d, root)
	found.Outlet, found.Title = found.Subject == "", found.Subject
	found.Shows = agenda.FindHours(root, cmp.Or(sources.ReadHead(d).Language, "en"), !found.Outlet)
	var lines []any
	for _, line := range found.Shows {
		lines = append(lines, line)
	}
	found.Settings = map[string]any{"hours": lines}
	if !found.Outlet {
		found.Settings["name"] = sources.Shorten(found.Subject, 100)
	}
	return found, len(lines) > 0
}
