package shown

import (
	"html"
	"slices"
	"strings"

	"keypull/pull/what/textform"
)

// dialect is a way to write a recipe into the elements of a page.
type dialect struct {
	// starts reports of what type a thing is that begins at an element, "" where
	// none does; says which properties an element holds.
	starts func(*element) string
	says   func(*element) []string
	// whole says that a container of entries stands for them all.
	whole bool
}

// propertyName returns the name by which a property is read.
func propertyName(name string) string {
	name = name[strings.LastIndexAny(name, ":/#")+1:]
	if known, ok := synonyms[strings.ToLower(name)]; ok {
		return known
	}
	return name
}

func propertyNames(s string) []string {
	var all []string
	for name := range strings.FieldsSeq(s) {
		all = append(all, propertyName(name))
	}
	return all
}

// typeName returns the last part of the first type that a list of them names.
func typeName(s string) string {
	for name := range strings.FieldsSeq(s) {
		if name = name[strings.LastIndexAny(name, ":/#")+1:]; name != "" {
			return name
		}
	}
	return ""
}

// ofClasses returns a dialect that is written by the classes and ids of elements.
func ofClasses(begin []string, table string, whole bool) dialect {
	names := textform.ByWord(nameTable, table)
	return dialect{
		whole: whole,
		starts: func(e *element) string {
			if slices.ContainsFunc(begin, e.hasClass) {
				return "Recipe"
			}
			return ""
		},
		says: func(e *element) []string {
			var all []string
			for class := range strings.FieldsSeq(e.attrOf("class") + " " + e.attrOf("id")) {
				if name := names[class]; name != "" {
					all = append(all, name)
				}
			}
			if len(all) == 0 {
				return propertyNames(e.attrOf("itemprop"))
			}
			return all
		},
	}
}

// writtenRecipes reads the recipes that stand in the elements of a page, by the first
// dialect that has any.
func writtenRecipes(root *element) []map[string]any {
	for _, d := range dialects {
		var found []map[string]any
		root.eachElement(func(e *element) bool {
			if len(found) >= maxRecipes || !strings.EqualFold(d.starts(e), "Recipe") {
				return len(found) < maxRecipes
			}
			n := node{"@type": "Recipe"}
			d.gatherInto(e, n, new(string), 0)
			if n["recipeIngredient"] != nil || n["recipeInstructions"] != nil {
				found = append(found, n)
			}
			return false
		})
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// gatherInto reads the properties of a thing from what is below its element. head is
// what stands above the ingredients to come.
func (d dialect) gatherInto(e *element, n node, head *string, depth int) {
	for _, c := range e.children {
		if c.tag == "" || depth > maxParents {
			continue
		}
		names := d.says(c)
		if thing := d.starts(c); thing != "" {
			inner := node{"@type": thing}
			d.gatherInto(c, inner, new(string), depth+1)
			for _, name := range names {
				n.addValue(name, d.thingOrText(inner, c))
			}
			continue
		}
		whole := false
		if len(names) == 0 && c.isHeading() {
			*head = c.headingText()
		} else if len(names) > 0 && names[0] != "recipeIngredient" {
			*head = ""
		}
		for _, name := range names {
			if long := name == "recipeIngredient" || name == "recipeInstructions"; long && d.marksWithin(c, name) {
				continue
			} else if long {
				whole = true
			}
			if name == "recipeIngredient" && *head != "" {
				n.addValue(name, headingEntry(*head))
				*head = ""
			}
			n.addValue(name, d.valueOf(c, name))
		}
		if !whole {
			d.gatherInto(c, n, head, depth+1)
		}
	}
}

// marksWithin reports whether something below an element says the same property: a
// container and its entries may both be marked.
func (d dialect) marksWithin(e *element, name string) (found bool) {
	for _, c := range e.children {
		c.eachElement(func(c *element) bool {
			found = found || slices.Contains(d.says(c), name)
			return !found
		})
	}
	return found
}

// thingOrText returns a thing that is a value, or its text where it tells no properties.
func (d dialect) thingOrText(inner node, e *element) any {
	if len(inner) > 1 {
		return map[string]any(inner)
	}
	return e.shownHTML()
}

// addValue notes a value. Later ones stand beside the first.
func (n node) addValue(name string, v any) {
	if s, ok := v.(string); ok && strings.TrimSpace(s) == "" {
		return
	}
	switch was := n[name].(type) {
	case nil:
		n[name] = v
	case []any:
		if len(was) < maxLines {
			n[name] = append(was, v)
		}
	default:
		n[name] = []any{was, v}
	}
}

// valueOf returns what an element says of a property.
func (d dialect) valueOf(e *element, name string) any {
	switch {
	case e.attrOf("content") != "":
		return e.attrOf("content")
	case e.tag == "time" && e.attrOf("datetime") != "":
		return e.attrOf("datetime")
	case (e.tag == "data" || e.tag == "meter") && e.attrOf("value") != "":
		return e.attrOf("value")
	}
	if link := e.addressOf(name); link != "" {
		return link
	}
	part := map[string]string{"recipeIngredient": partIngredients, "recipeInstructions": partMethod}[name]
	if d.whole && part != "" {
		if all := asValues(entriesOf(leavesOf(e), part), part); len(all) > 0 {
			return all
		}
	}
	switch {
	case part == partIngredients && (e.tag == "li" || e.tag == "tr" || e.tag == "dd" || e.tag == "span"):
		// Its amount and its name may each be a block.
		return html.EscapeString(e.lineText())
	case name == "recipeYield":
		text := e.lineText()
		if _, value, _ := labelOf(text); valued.MatchString(value) {
			text = value
		}
		return html.EscapeString(text)
	}
	return e.shownHTML()
}

// isHeading reports whether an element is a heading, of which those of the parts
// themselves say nothing.
func (e *element) isHeading() bool {
	heading := len(e.tag) == 2 && e.tag[0] == 'h' && e.tag[1] >= '2' && e.tag[1] <= '6' || e.namesOf().heads || (e.tag == "p" || e.tag == "li") && e.isWholly("strong", "b")
	return heading && !e.holdsBlocks() && e.briefText() != ""
}

// addressOf returns where an element leads, for properties that are addresses.
func (e *element) addressOf(name string) string {
	switch name {
	case "image", "url", "contentUrl", "embedUrl", "thumbnailUrl", "mainEntityOfPage", "sameAs", "suitableForDiet":
	default:
		return ""
	}
	for _, key := range []string{"data-lazy-src", "data-src", "src", "href", "resource"} {
		if link := e.attrOf(key); link != "" && !strings.HasPrefix(link, "data:") {
			return link
		}
	}
	return ""
}

// headingText returns what a heading says beside that it is one of a part.
func (e *element) headingText() string {
	if text := e.lineText(); partOf(text) == "" {
		return strings.TrimRight(text, ":： ")
	}
	return ""
}
