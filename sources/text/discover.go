package text

import (
	"slices"
	"strings"

	"keypull/sources"
	"keypull/sources/ld"
)

var _ sources.Discoverer = (*Settings)(nil)

// Discover takes how an outlet is reached, where its page tells that in data.
func (*Settings) Discover(d sources.Document) []sources.Found {
	const most = 2 << 20
	if !d.IsPage() {
		return nil
	}
	text, _ := sources.Encoded{Type: d.Type}.UTF8(d.Body[:min(len(d.Body), most)])
	for _, thing := range ld.Things(text) {
		if !isOutlet(thing) {
			continue
		}
		lines := contactLines(thing)
		for _, point := range ld.List(thing["contactPoint"]) {
			if of, ok := point.(map[string]any); ok {
				lines = append(lines, contactLines(of)...)
			}
		}
		lines = slices.DeleteFunc(lines, func(line string) bool { return line == "" })
		if len(lines) < 2 {
			continue // a name alone is no way to reach anybody
		}
		lines = slices.Compact(lines)
		name := sources.Line(ld.Text(thing["name"]))
		answer := map[string]any{"text": strings.Join(lines, "\n")}
		if name != "" {
			answer["title"] = sources.Shorten(name, 200)
		}
		return []sources.Found{{
			Form: "schema.org", Title: name, Phrase: own.Text("phrase_contact", nil), Told: true, Alone: true, Outlet: true, Shows: lines,
			Settings: map[string]any{"answers": []any{answer}},
		}}
	}
	return nil
}

// isOutlet reports whether a thing is an organisation or a place of one.
func isOutlet(thing map[string]any) bool {
	return slices.ContainsFunc(ld.List(thing["@type"]), func(t any) bool {
		name, _ := t.(string)
		for _, end := range []string{"Organization", "Business", "Store", "Service", "Corporation", "Library", "Museum", "Restaurant", "Shop", "Station", "Theater", "School", "Agency", "Office"} {
			if strings.HasSuffix(name, end) {
				return true
			}
		}
		return false
	})
}

// contactLines returns where somebody lives and how they are called and written to.
func contactLines(of map[string]any) (lines []string) {
	for _, at := range ld.List(of["address"]) {
		switch at := at.(type) {
		case string:
			lines = append(lines, sources.Line(at))
		case map[string]any:
			town := sources.Line(ld.Text(at["postalCode"]) + " " + ld.Text(at["addressLocality"]))
			lines = append(lines, strings.Trim(sources.Line(ld.Text(at["streetAddress"]))+", "+town, ", "))
		}
	}
	return append(lines, sources.Line(ld.Text(of["telephone"])), sources.Line(strings.TrimPrefix(ld.Text(of["email"]), "mailto:")))
}
