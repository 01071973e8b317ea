package text

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/ld"
)

var _ sources.Discoverer = (*Settings)(nil)

// Discover takes how an outlet is reached, where its page tells that in data, or shows it below a
// heading that says so.
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
		return contactOf("schema.org", sources.Line(ld.Text(thing["name"])), slices.Compact(lines))
	}
	if lines := shownContact(text, cmp.Or(sources.ReadHead(d).Language, "en")); lines != nil {
		return contactOf("HTML", "", lines)
	}
	return nil
}

// contactOf returns the source that tells how an outlet is reached.
func contactOf(form, name string, lines []string) []sources.Found {
	answer := map[string]any{"text": strings.Join(lines, "\n")}
	if name != "" {
		answer["title"] = sources.Shorten(name, 200)
	}
	return []sources.Found{{
		Form: form, Title: name, Phrase: words.Text{Key: "asked.contact"}, Told: true, Alone: true, Outlet: true, Shows: lines,
		Settings: map[string]any{"answers": []any{answer}},
	}}
}

// shownContact returns the lines that a page shows below a heading that is one of the words by which
// readers ask how an outlet is reached; none where they are text, or name no way to do so.
func shownContact(page []byte, language string) (lines []string) {
	const most, long, markup = 40, 120, 16 << 10
	root, _, err := sources.ParsePage(page)
	if err != nil {
		return nil
	}
	usual := words.Text{Key: "asked.contact"}
	asked := strings.Split(usual.In(language)+"|"+usual.In("en"), "|")
	for heading := range root.Descendants() {
		switch heading.DataAtom {
		case atom.H1, atom.H2, atom.H3:
		default:
			continue
		}
		said := " " + textform.Fold(sources.Line(sources.TextOf(heading)))
		if len(said) > long || !slices.ContainsFunc(asked, func(word string) bool { return strings.Contains(said, " "+textform.Fold(word)) }) {
			continue
		}
		before := len(lines) // which a part of the page says again
		for line := range strings.Lines(sources.Plain(sources.Below(heading, markup))) {
			if line = sources.Line(line); len(line) > long || len(lines) == most {
				break
			}
			if line != "" && !slices.Contains(lines[:before], line) {
				lines = append(lines, line)
			}
		}
	}
	if !slices.ContainsFunc(lines, wayToReach.MatchString) {
		return nil
	}
	return lines
}

// isOutlet reports whether a thing may be an organisation or a place of one: schema.org has some two
// hundred types of these, so it is what is reached otherwise that is left out.
func isOutlet(thing map[string]any) bool {
	return slices.ContainsFunc(ld.List(thing["@type"]), func(t any) bool {
		name, _ := t.(string)
		for _, end := range []string{"Person", "ContactPoint", "Place", "Event", "Posting", "Residence", "Accommodation", "House", "Apartment"} {
			if strings.HasSuffix(name, end) {
				return false
			}
		}
		return name != ""
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
