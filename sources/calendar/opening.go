package calendar

import (
	"regexp"
	"slices"
	"strings"

	"keypull/pull/when"
	"keypull/sources"
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
				lines = append(lines, openingLine(strings.Fields(strings.NewReplacer(", ", ",", " - ", "-", "–", "-").Replace(one))...))
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
			lines = append(lines, openingLine(strings.Join(days, ","), ld.Text(spec["opens"])+"-"+ld.Text(spec["closes"])))
		}
		lines = slices.DeleteFunc(lines, func(line any) bool { return line == "" })
		if len(lines) == 0 {
			continue
		}
		next := sources.Found{
			Form: "schema.org", Title: sources.Line(ld.Text(thing["name"])), Phrase: own.Text("phrase_hours", nil), Told: true, Outlet: true,
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

var (
	dayWord = regexp.MustCompile(`[A-Za-z]+`)
	oneHour = regexp.MustCompile(`(^|-)(\d:)`)
	seconds = regexp.MustCompile(`(\d\d:\d\d):\d\d`)
)

// openingLine returns days and times as the settings have them, or "".
func openingLine(said ...string) string {
	if len(said) != 2 {
		return ""
	}
	days := dayWord.ReplaceAllStringFunc(said[0], func(word string) string {
		for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
			if strings.HasPrefix(strings.ToLower(word), day[:2]) {
				return day
			}
		}
		return word
	})
	line := days + " " + seconds.ReplaceAllString(oneHour.ReplaceAllString(said[1], "${1}0$2"), "$1")
	if _, err := when.ParseHours([]string{line}); err != nil {
		return ""
	}
	return line
}
