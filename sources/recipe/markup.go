package recipe

import (
	"bytes"
	"slices"
	"strings"
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

// Marks by which a page shows that one of the dialects may be there.
var signs = [][]byte{
	[]byte("itemprop"), []byte("data-vocabulary.org"), []byte("typeof"), []byte("hrecipe"), []byte("h-recipe"),
	[]byte("wprm-recipe"), []byte("tasty-recipes"), []byte("mv-create"), []byte("easyrecipe"), []byte("zlrecipe"), []byte("blog-yumprint"),
}

func marked(body []byte) bool {
	for _, s := range signs {
		if bytes.Contains(body, s) {
			return true
		}
	}
	return false
}

// synonyms are what others call the properties of schema.org's Recipe.
var synonyms = map[string]string{
	"ingredient": "recipeIngredient", "ingredients": "recipeIngredient", "recipeingredients": "recipeIngredient", "recipeingredient": "recipeIngredient",
	"instruction": "recipeInstructions", "instructions": "recipeInstructions", "recipeinstruction": "recipeInstructions", "recipeinstructions": "recipeInstructions", "method": "recipeInstructions",
	"yield": "recipeYield", "recipeyield": "recipeYield", "photo": "image", "summary": "description", "published": "datePublished",
	"preptime": "prepTime", "cooktime": "cookTime", "totaltime": "totalTime", "duration": "totalTime", "fn": "name",
	"recipetype": "recipeCategory", "recipecategory": "recipeCategory", "recipecuisine": "recipeCuisine",
}

// property is the name by which a property is read.
func property(name string) string {
	name = name[strings.LastIndexAny(name, ":/#")+1:]
	if known, ok := synonyms[strings.ToLower(name)]; ok {
		return known
	}
	return name
}

func properties(s string) []string {
	var all []string
	for name := range strings.FieldsSeq(s) {
		all = append(all, property(name))
	}
	return all
}

// typeName is the last part of the first type that a list of them names.
func typeName(s string) string {
	for name := range strings.FieldsSeq(s) {
		if name = name[strings.LastIndexAny(name, ":/#")+1:]; name != "" {
			return name
		}
	}
	return ""
}

// dialects in the order in which they are believed.
var dialects = []dialect{
	{ // microdata
		starts: func(e *element) string {
			if !e.has("itemscope") && !e.has("itemtype") {
				return ""
			}
			if t := typeName(e.get("itemtype")); t != "" {
				return t
			}
			return "Thing"
		},
		says: func(e *element) []string { return properties(e.get("itemprop")) },
	},
	{ // RDFa
		starts: func(e *element) string { return typeName(e.get("typeof")) },
		says:   func(e *element) []string { return properties(e.get("property")) },
	},
	ofClasses([]string{"h-recipe"}, map[string]string{
		"p-name": "name", "p-ingredient": "recipeIngredient", "e-instructions": "recipeInstructions", "p-instructions": "recipeInstructions", "p-yield": "recipeYield",
		"dt-duration": "totalTime", "u-photo": "image", "p-summary": "description", "dt-published": "datePublished", "p-category": "recipeCategory",
	}, false),
	ofClasses([]string{"wprm-recipe"}, map[string]string{
		"wprm-recipe-name": "name", "wprm-recipe-ingredient": "recipeIngredient", "wprm-recipe-instruction-text": "recipeInstructions",
		"wprm-recipe-servings": "recipeYield", "wprm-recipe-total-time-container": "totalTime", "wprm-recipe-prep-time-container": "prepTime",
		"wprm-recipe-cook-time-container": "cookTime", "wprm-recipe-summary": "description", "wprm-recipe-course": "recipeCategory", "wprm-recipe-cuisine": "recipeCuisine",
	}, false),
	ofClasses([]string{"tasty-recipes"}, map[string]string{
		"tasty-recipes-title": "name", "tasty-recipes-ingredients": "recipeIngredient", "tasty-recipes-instructions": "recipeInstructions", "tasty-recipes-yield": "recipeYield",
		"tasty-recipes-total-time": "totalTime", "tasty-recipes-prep-time": "prepTime", "tasty-recipes-cook-time": "cookTime", "tasty-recipes-description": "description",
	}, true),
	ofClasses([]string{"mv-create-card"}, map[string]string{
		"mv-create-title": "name", "mv-create-ingredients": "recipeIngredient", "mv-create-instructions": "recipeInstructions", "mv-create-yield": "recipeYield",
		"mv-create-time-total": "totalTime", "mv-create-time-prep": "prepTime", "mv-create-time-active": "cookTime", "mv-create-description": "description",
	}, true),
	ofClasses([]string{"hrecipe", "easyrecipe", "zlrecipe-container"}, map[string]string{
		"fn": "name", "ERSName": "name", "ingredient": "recipeIngredient", "instruction": "recipeInstructions", "instructions": "recipeInstructions", "yield": "recipeYield",
		"duration": "totalTime", "totaltime": "totalTime", "preptime": "prepTime", "cooktime": "cookTime", "photo": "image", "summary": "description", "published": "datePublished",
	}, true),
	ofClasses([]string{"blog-yumprint-recipe"}, map[string]string{
		"blog-yumprint-recipe-title": "name", "blog-yumprint-ingredient-item": "recipeIngredient", "blog-yumprint-method-item": "recipeInstructions",
		"blog-yumprint-serves": "recipeYield", "blog-yumprint-total-time": "totalTime",
	}, false),
}

// ofClasses is a dialect that is written by the classes of elements.
func ofClasses(begin []string, names map[string]string, whole bool) dialect {
	return dialect{
		whole: whole,
		starts: func(e *element) string {
			for _, class := range begin {
				if e.classed(class) {
					return "Recipe"
				}
			}
			return ""
		},
		says: func(e *element) []string {
			var all []string
			for class := range strings.FieldsSeq(e.get("class")) {
				if name := names[class]; name != "" {
					all = append(all, name)
				}
			}
			return all
		},
	}
}

// written reads the recipes that stand in the elements of a page, by the first
// dialect that has any.
func written(root *element) []node {
	for _, d := range dialects {
		var found []node
		root.each(func(e *element) bool {
			if len(found) >= maxRecipes || !(node{"@type": d.starts(e)}).is("Recipe") {
				return len(found) < maxRecipes
			}
			n := node{"@type": "Recipe"}
			d.gather(e, n, 0)
			if n.tellsSomething() {
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

// tellsSomething reports whether a recipe has more than a name.
func (n node) tellsSomething() bool {
	return n["recipeIngredient"] != nil || n["recipeInstructions"] != nil
}

// gather reads the properties of a thing from what is below its element.
func (d dialect) gather(e *element, n node, depth int) {
	for _, c := range e.children {
		if c.tag == "" || depth > maxParents {
			continue
		}
		names := d.says(c)
		if thing := d.starts(c); thing != "" {
			inner := node{"@type": thing}
			d.gather(c, inner, depth+1)
			for _, name := range names {
				n.add(name, d.settle(inner, c))
			}
			continue
		}
		whole := false
		for _, name := range names {
			if long := name == "recipeIngredient" || name == "recipeInstructions"; long && d.within(c, name) {
				continue
			} else if long {
				whole = true
			}
			n.add(name, d.value(c, name))
		}
		if !whole {
			d.gather(c, n, depth+1)
		}
	}
}

// within reports whether something below an element says the same property: a
// container and its entries may both be marked.
func (d dialect) within(e *element, name string) (found bool) {
	for _, c := range e.children {
		c.each(func(c *element) bool {
			found = found || slices.Contains(d.says(c), name)
			return !found
		})
	}
	return found
}

// settle is a thing that is a value, or its text where it tells no properties.
func (d dialect) settle(inner node, e *element) any {
	if len(inner) > 1 {
		return map[string]any(inner)
	}
	return e.shown()
}

// add notes a value. Later ones stand beside the first.
func (n node) add(name string, v any) {
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

// value is what an element says of a property.
func (d dialect) value(e *element, name string) any {
	switch {
	case e.get("content") != "":
		return e.get("content")
	case e.tag == "time" && e.get("datetime") != "":
		return e.get("datetime")
	case (e.tag == "data" || e.tag == "meter") && e.get("value") != "":
		return e.get("value")
	}
	if link := e.address(name); link != "" {
		return link
	}
	if title := e.valueTitle(); title != "" {
		return title
	}
	if d.whole && (name == "recipeIngredient" || name == "recipeInstructions") {
		if all := e.entries(); len(all) > 0 {
			return all
		}
	}
	return e.shown()
}

// address is where an element leads, for properties that are addresses.
func (e *element) address(name string) string {
	switch name {
	case "image", "url", "contentUrl", "embedUrl", "thumbnailUrl", "mainEntityOfPage", "sameAs", "suitableForDiet":
	default:
		return ""
	}
	for _, key := range []string{"data-lazy-src", "data-src", "src", "href", "resource"} {
		if link := e.get(key); link != "" && !strings.HasPrefix(link, "data:") {
			return link
		}
	}
	return ""
}

// valueTitle is what microformats hide in a title beside what people see.
func (e *element) valueTitle() (title string) {
	e.each(func(c *element) bool {
		if title == "" && (c.classed("value-title") || c.tag == "abbr") {
			title = c.get("title")
		}
		return title == ""
	})
	return title
}

// entries are the texts of the innermost entries of the lists of an element.
func (e *element) entries() (all []any) {
	e.each(func(c *element) bool {
		if c.tag != "li" {
			return true
		}
		if inner := c.lists(); inner {
			return true
		}
		if s := c.shown(); s != "" && len(all) < maxLines {
			all = append(all, s)
		}
		return false
	})
	return all
}

// lists reports whether an entry holds a list of its own and no text.
func (e *element) lists() bool {
	own, inner := false, false
	for _, c := range e.children {
		switch {
		case c.tag == "ul" || c.tag == "ol":
			inner = true
		case c.tag != "" && strings.TrimSpace(c.words()) != "", strings.TrimSpace(c.text) != "":
			own = true
		}
	}
	return inner && !own
}
