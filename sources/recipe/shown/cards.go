package shown

import (
	"bytes"
	"cmp"
	"slices"
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

// synonyms are what others call the properties of schema.org's Recipe.
var synonyms = map[string]string{
	"ingredient": "recipeIngredient", "ingredients": "recipeIngredient", "recipeingredients": "recipeIngredient", "recipeingredient": "recipeIngredient",
	"instruction": "recipeInstructions", "instructions": "recipeInstructions", "recipeinstruction": "recipeInstructions", "recipeinstructions": "recipeInstructions", "method": "recipeInstructions",
	"yield": "recipeYield", "recipeyield": "recipeYield", "photo": "image", "summary": "description", "published": "datePublished",
	"preptime": "prepTime", "cooktime": "cookTime", "totaltime": "totalTime", "duration": "totalTime", "fn": "name", "zlrecipe-title": "name", "zlrecipe-yield": "recipeYield", "zlrecipe-total-time": "totalTime", "zlrecipe-prep-time": "prepTime", "zlrecipe-cook-time": "cookTime",
	"recipetype": "recipeCategory", "recipecategory": "recipeCategory", "recipecuisine": "recipeCuisine",
}

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
	ofClasses([]string{"hrecipe", "zlrecipe-container", "zlrecipe-container-border"}, map[string]string{
		"fn":         "name",
		"ingredient": "recipeIngredient", "instruction": "recipeInstructions", "instructions": "recipeInstructions", "yield": "recipeYield",
		"duration": "totalTime", "totaltime": "totalTime", "preptime": "prepTime", "cooktime": "cookTime", "photo": "image", "summary": "description", "published": "datePublished",
	}, true),
}
