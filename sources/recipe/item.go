package recipe

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/sources"
)

// Limits of what is kept of a recipe.
const (
	maxName    = 200
	maxSummary = 1000
	maxLine    = 1000
	maxLines   = 200
	maxImages  = 5
)

// document is a page or a file. id names it, base is where relative links
// count from; "" for files.
type document struct {
	body        []byte
	base, id    string
	contentType string
}

// recipes reads all recipes of a document. The first bears the document's id.
func (d document) recipes() []what.Item {
	g := newGraph(utf8Body(d.body, d.contentType))
	var items []what.Item
	for _, n := range g.recipes {
		r := reader{node: n, graph: &g, base: d.base}
		it := r.item()
		if it.Title == "" || len(items) >= maxLines {
			continue
		}
		it.ID = d.id
		if len(items) > 0 {
			it.ID = fmt.Sprintf("%s#%d", d.id, len(items)+1)
		}
		items = append(items, it)
	}
	return items
}

// reader reads one recipe.
type reader struct {
	node  node
	graph *graph
	base  string
}

func (r reader) item() what.Item {
	it := what.Item{
		Title:     sources.Shorten(sources.Line(text(r.node["name"])), maxName),
		Summary:   sources.Shorten(sources.Plain(text(r.node["description"])), maxSummary),
		Link:      r.link(),
		Media:     r.images(),
		Published: published(text(r.node["datePublished"])),
	}
	add := func(f what.Fact) {
		if f.Text != "" || len(f.List) > 0 {
			it.Facts = append(it.Facts, f)
		}
	}
	ingredients := r.node["recipeIngredient"]
	if ingredients == nil {
		ingredients = r.node["ingredients"]
	}
	add(what.Fact{Name: factIngredients, Kind: what.List, List: lines(ingredients)})
	add(what.Fact{Name: factSteps, Kind: what.List, List: r.steps(r.node["recipeInstructions"], 0)})
	it.Facts = append(it.Facts, r.times()...)
	add(what.Fact{Name: factYield, Text: yield(r.node["recipeYield"])})
	add(what.Fact{Name: factNames, Kind: what.List, List: lines(r.node["alternateName"])})
	return it
}

// link is the recipe's own address, else that of its page.
func (r reader) link() string {
	page := r.graph.resolve(r.node["mainEntityOfPage"])
	for _, v := range []any{r.node["url"], page, r.base} {
		if m, ok := v.(map[string]any); ok {
			if v = m["url"]; v == nil {
				v = m["@id"]
			}
		}
		if link := sources.SafeLink(r.base, text(v)); link != "" {
			return link
		}
	}
	return ""
}

func (r reader) images() []what.Media {
	var media []what.Media
	for _, v := range list(r.node["image"]) {
		v = r.graph.resolve(v)
		alt := ""
		if m, ok := v.(map[string]any); ok {
			alt = sources.Line(text(m["caption"]))
			if v = m["url"]; v == nil {
				v = m["contentUrl"]
			}
		}
		link := sources.SafeLink(r.base, text(v))
		if link != "" && len(media) < maxImages {
			media = append(media, what.Media{Type: what.Image, URL: link, Alt: alt})
		}
	}
	return media
}

// steps reads instructions in all the forms in use: text, lists of text,
// HowToStep, HowToSection, ItemList.
func (r reader) steps(v any, depth int) []string {
	if depth > maxDepth {
		return nil
	}
	switch v := r.graph.resolve(v).(type) {
	case string:
		return paragraphs(v)
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, r.steps(e, depth+1)...)
		}
		return all[:min(len(all), maxLines)]
	case map[string]any:
		return r.step(v, depth)
	}
	return nil
}

func (r reader) step(m map[string]any, depth int) []string {
	name := sources.Line(text(m["name"]))
	if parts := m["itemListElement"]; parts != nil {
		inner := r.steps(parts, depth+1)
		if node(m).is("HowToSection") && name != "" && len(inner) > 0 {
			inner[0] = name + ": " + inner[0]
		}
		return inner
	}
	if item := m["item"]; item != nil {
		return r.steps(item, depth+1)
	}
	if said := sources.Line(text(m["text"])); said != "" {
		return []string{sources.Shorten(said, maxLine)}
	}
	if name != "" {
		return []string{sources.Shorten(name, maxLine)}
	}
	return nil
}

// paragraphs splits running text into steps and drops numbers written before
// them.
func paragraphs(s string) []string {
	var steps []string
	for line := range strings.SplitSeq(sources.Plain(keepBreaks(s)), "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "• "))
		if number, rest, found := strings.Cut(line, " "); found && len(number) <= 4 && strings.Trim(number, "0123456789.)") == "" {
			line = strings.TrimSpace(rest)
		}
		if line != "" && len(steps) < maxLines {
			steps = append(steps, sources.Shorten(line, maxLine))
		}
	}
	return steps
}

// keepBreaks keeps the line breaks of plain text, which mean nothing in HTML.
func keepBreaks(s string) string {
	if strings.Contains(s, "<") {
		return s
	}
	return strings.ReplaceAll(s, "\n", "<br>")
}

// lines reads a list of short texts, or a text of several lines.
func lines(v any) []string {
	var all []string
	for _, e := range list(v) {
		if m, ok := e.(map[string]any); ok {
			e = m["name"]
		}
		for line := range strings.SplitSeq(sources.Plain(keepBreaks(text(e))), "\n") {
			line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "• "))
			if line != "" && len(all) < maxLines {
				all = append(all, sources.Shorten(line, maxLine))
			}
		}
	}
	return all
}

// yield takes the form that says most: "4 servings" rather than "4".
func yield(v any) string {
	best := ""
	for _, e := range list(v) {
		if m, ok := e.(map[string]any); ok {
			e = strings.TrimSpace(text(m["value"]) + " " + text(m["unitText"]))
		}
		if said := sources.Shorten(sources.Line(text(e)), 100); len(said) > len(best) {
			best = said
		}
	}
	return best
}

// text returns a value as text; the first one of a list, the value of a
// language-tagged one.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		if len(v) > 0 {
			if _, nested := v[0].([]any); !nested {
				return text(v[0])
			}
		}
	case map[string]any:
		if s, ok := v["@value"].(string); ok {
			return s
		}
	}
	return ""
}

func published(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if at, err := time.Parse(layout, s); err == nil && at.Year() > 1900 && at.Year() < 2200 {
			return at.UTC()
		}
	}
	return time.Time{}
}
