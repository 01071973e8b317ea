package shown

import (
	"bytes"
	"cmp"
	_ "embed"
	"slices"

	"keypull/pull/what/textform"
)

// Marks by which a page shows that one of the dialects may be there.
var signs = [][]byte{
	[]byte("itemprop"), []byte("data-vocabulary.org"), []byte("typeof"), []byte("hrecipe"), []byte("h-recipe"),
	[]byte("wprm-recipe"), []byte("tasty-recipes"), []byte("zlrecipe"),
	[]byte("ingredient-group"),
}

// Marked reports whether a page shows marks of a recipe, beside what it tells as
// JSON-LD.
func Marked(body []byte) bool {
	return slices.ContainsFunc(signs, func(sign []byte) bool { return bytes.Contains(body, sign) })
}

//go:embed names.txt
var nameTable string

// synonyms are what others call the properties of schema.org's Recipe.
var synonyms = textform.ByWord(nameTable, "properties")

// dialects in the order in which they are believed.
var dialects = []dialect{
	{ // microdata
		starts: func(e *element) string {
			if !e.hasAttr("itemscope") && !e.hasAttr("itemtype") {
				return ""
			}
			return cmp.Or(typeName(e.attrOf("itemtype")), "Thing")
		},
		says: func(e *element) []string { return propertyNames(e.attrOf("itemprop")) },
	},
	{ // RDFa
		starts: func(e *element) string { return typeName(e.attrOf("typeof")) },
		says:   func(e *element) []string { return propertyNames(e.attrOf("property") + " " + e.attrOf("rel")) },
	},
	ofClasses([]string{"h-recipe"}, "h-recipe", false),
	ofClasses([]string{"wprm-recipe"}, "wprm-recipe", false),
	ofClasses([]string{"tasty-recipes"}, "tasty-recipes", true),
	ofClasses([]string{"hrecipe", "zlrecipe-container", "zlrecipe-container-border"}, "hrecipe", true),
}
