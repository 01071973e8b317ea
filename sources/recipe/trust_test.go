package recipe_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull/outside"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

// What sites put where a recipe should be. Each page is of one dish; what is
// wanted are its ingredients, its steps and its times, as they are told: where one of
// the first two is in doubt it is told without both, by title and link.
func TestWhatIsNoRecipeIsNeverToldAsOne(t *testing.T) {
	const (
		of  = `"recipeIngredient":["200 g flour","2 eggs","1 pinch of salt","300 ml milk","40 g butter"]`
		how = `"recipeInstructions":[{"@type":"HowToStep","text":"Whisk flour and eggs."},{"@type":"HowToStep","text":"Add the milk and bake for 3 minutes."}]`
		all = "200 g flour|2 eggs|1 pinch of salt|300 ml milk|40 g butter"
		do  = "Whisk flour and eggs.|Add the milk and bake for 3 minutes."
	)
	data := func(parts ...string) string {
		return `<html><head><title>Crêpes</title><script type="application/ld+json">{"@context":"https://schema.org","@type":"Recipe","name":"Crêpes",` + strings.Join(parts, ",") + `}</script></head><body><h1>Crêpes</h1></body></html>`
	}
	for name, c := range map[string]struct{ page, of, how, total string }{
		"as it should be":                   {data(of, how, `"prepTime":"PT10M","totalTime":"PT30M"`), all, do, "30"},
		"JSON as the method":                {data(of, `"recipeInstructions":"[{\"@type\":\"HowToStep\",\"text\":\"Whisk flour and eggs.\"},{\"@type\":\"HowToStep\",\"text\":\"Add the milk and bake for 3 minutes.\"}]"`), all, do, ""},
		"JSON with entities":                {data(of, `"recipeInstructions":"[{&quot;text&quot;:&quot;Whisk flour and eggs.&quot;},{&quot;text&quot;:&quot;Add the milk and bake for 3 minutes.&quot;}]"`), all, do, ""},
		"half of JSON as the method":        {data(of, `"recipeInstructions":["{\"@type\":\"HowToStep\",\"text\":\"Whisk","and bake\"},{\"@type\":\"HowToStep\",\"text\":\"x\"}"]`), "", "", ""},
		"JSON among steps":                  {data(of, `"recipeInstructions":["Whisk flour and eggs.","Add the milk and bake for 3 minutes.","{\"@type\":\"VideoObject\",\"name\":\"x\"}"]`), all, do, ""},
		"code among steps":                  {data(of, `"recipeInstructions":["Whisk flour and eggs.","Add the milk and bake for 3 minutes.","window.dataLayer.push(1)"]`), all, do, ""},
		"a short code among steps":          {data(of, `"recipeInstructions":["Whisk flour and eggs.","[wprm-recipe-nutrition id=4]","Add the milk and bake for 3 minutes."]`), all, do, ""},
		"JSON as the ingredients":           {data(`"recipeIngredient":"[\"200 g flour\",\"2 eggs\",\"1 pinch of salt\",\"300 ml milk\",\"40 g butter\"]"`, how), all, do, ""},
		"a login as the method":             {data(of, `"recipeInstructions":["Subscribe or log in to read the rest."]`), "", "", ""},
		"a login behind the first step":     {data(of, `"recipeInstructions":["Whisk flour and eggs.","Already a subscriber? Sign in"]`), "", "", ""},
		"a login in German":                 {data(of, `"recipeInstructions":["Jetzt abonnieren und weiterlesen!"]`), "", "", ""},
		"a login in French":                 {data(of, `"recipeInstructions":["Cet article est réservé aux abonnés."]`), "", "", ""},
		"a login as an ingredient":          {data(`"recipeIngredient":["200 g flour","Log in to view all ingredients"]`, how), "", "", ""},
		"a list that goes on":               {data(`"recipeIngredient":["200 g flour","2 eggs","1 pinch of salt","+ 10 more"]`, how), "", "", ""},
		"a list that goes on, in German":    {data(`"recipeIngredient":["200 g Mehl","2 Eier","1 Prise Salz","10 weitere Zutaten"]`, how), "", "", ""},
		"a method that is told elsewhere":   {data(of, `"recipeInstructions":["View the full recipe at example.org"]`), "", "", ""},
		"a lone time as a step":             {data(of, `"recipeInstructions":["15 min","Whisk flour and eggs.","PT20M","Add the milk and bake for 3 minutes.","1 hour 10 minutes","00:45"]`), all, do, ""},
		"labelled times as steps":           {data(of, `"recipeInstructions":["Prep Time: 10 mins","Cook time: 1 hour","Whisk flour and eggs.","Add the milk and bake for 3 minutes."]`), all, do, ""},
		"times alone as the method":         {data(of, `"recipeInstructions":["15 min","20 min"]`), "", "", ""},
		"heads of a table as ingredients":   {data(`"recipeIngredient":["Ingredient","Amount","200 g flour","2 eggs","1 pinch of salt","300 ml milk","40 g butter"]`, how), all, do, ""},
		"heads of a table in one line":      {data(`"recipeIngredient":["Zutaten / Menge","200 g flour","2 eggs","1 pinch of salt","300 ml milk","40 g butter"]`, how), all, do, ""},
		"cells of a table as ingredients":   {data(`"recipeIngredient":["200 g","flour","2","eggs","1 pinch","salt"]`, how), "", "", ""},
		"amounts that are lost":             {data(`"recipeIngredient":["g flour","tsp salt","ml milk","eggs","g butter"]`, how), "", "", ""},
		"ingredients without amounts":       {data(`"recipeIngredient":["lettuce","tomatoes","olive oil","salt","vinegar"]`, how), "lettuce|tomatoes|olive oil|salt|vinegar", do, ""},
		"numbers of steps":                  {data(of, `"recipeInstructions":[{"@type":"HowToStep","name":"Step 1:","text":"Whisk flour and eggs."},{"@type":"HowToStep","name":"STEP 2","itemListElement":[{"@type":"HowToDirection","text":"Add the milk and bake for 3 minutes."}]}]`), all, do, ""},
		"numbers of steps as steps":         {data(of, `"recipeInstructions":["Step 1","Whisk flour and eggs.","Step 2:","Add the milk and bake for 3 minutes."]`), all, do, ""},
		"the introduction as the method":    {data(of, `"description":"These are the pancakes of my childhood in Brittany, and there is nothing better on a rainy Sunday.","recipeInstructions":"These are the pancakes of my childhood in Brittany, and there is nothing better on a rainy Sunday."`), "", "", ""},
		"what an author tells of himself":   {data(of, `"recipeInstructions":["I grew up in Brittany, where my grandmother made these every Sunday.","When I moved to Paris I missed them so much.","My kids love them."]`), "", "", ""},
		"an author who cooks":               {data(of, `"recipeInstructions":["Whisk flour and eggs; I use a fork.","Add the milk and stir.","Bake until golden."]`), all, "Whisk flour and eggs; I use a fork.|Add the milk and stir.|Bake until golden.", ""},
		"a part that takes longer than all": {data(of, how, `"prepTime":"PT10M","cookTime":"PT3H","totalTime":"PT30M"`), all, do, ""},
		"preparing longer than all":         {data(of, how, `"prepTime":"PT50M","totalTime":"PT30M"`), all, do, ""},
	} {
		s, err := saved(t, []byte(c.page)).Fetch(t.Context(), "book", nil)
		if err != nil || len(s.Items) != 1 {
			t.Errorf("%s: %d recipes, %v", name, len(s.Items), err)
			continue
		}
		it := s.Items[0]
		ingredients, _ := it.Facts.Find("ingredients")
		steps, _ := it.Facts.Find("steps")
		if it.Title != "Crêpes" || it.Link == "" || strings.Join(ingredients.List, "|") != c.of || strings.Join(steps.List, "|") != c.how || it.Facts.Text("total_minutes") != c.total {
			t.Errorf("%s: %q of %q by %q in %q", name, it.Title, ingredients.List, steps.List, it.Facts.Text("total_minutes"))
		}
		doubtful := c.of == "" || c.how == "" || strings.Contains(name, "longer than all")
		if doubtful != (len(s.Warnings) == 1) {
			t.Errorf("%s: the editor is told %v", name, s.Warnings)
		}
	}
}

func TestAStepIsNoNameOfARecipe(t *testing.T) {
	for _, name := range []string{"Step 1:", "Ingredients", "2.", "15 min", `{\"@type\":\"Thing\"}`} {
		page := `<html><head><title>Crêpes | The Valley Post</title><script type="application/ld+json">{"@type":"Recipe","name":"` + name + `","recipeIngredient":["200 g flour","2 eggs"],"recipeInstructions":["Whisk.","Bake for 3 minutes."]}</script></head><body><h1>Crêpes</h1></body></html>`
		s, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil)
		if err != nil || len(s.Items) != 1 || s.Items[0].Title != "Crêpes" {
			t.Errorf("%s: it is called %v, %v", name, s.Items, err)
		}
	}
}

func TestTheFirstOfAListAreNotAllOfIt(t *testing.T) {
	page := `<html><head><script type="application/ld+json">{"@type":"Recipe","name":"Crêpes","recipeYield":"4","totalTime":"PT30M","recipeIngredient":["200 g flour","2 eggs","1 pinch of salt"],"recipeInstructions":["Whisk.","Bake for 3 minutes."]}</script></head>
<body><h1>Crêpes</h1><h2>Ingredients</h2><ul><li>200 g flour</li><li>2 eggs</li><li>1 pinch of salt</li><li>300 ml milk</li><li>40 g butter</li><li>2 tbsp sugar</li></ul><h2>Method</h2><ol><li>Whisk.</li><li>Bake for 3 minutes.</li></ol></body></html>`
	s, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil)
	if err != nil || len(s.Items) != 1 {
		t.Fatal(s.Items, err)
	}
	if f, _ := s.Items[0].Facts.Find("ingredients"); len(f.List) != 6 {
		t.Errorf("it is made of %q", f.List)
	}
}

func TestGroupsOfIngredientsGoOnBelowHeadingsOfTheSameHeight(t *testing.T) {
	page := `<html><head><title>Lasagne</title></head><body><h1>Lasagne</h1><h3>Ingredients</h3><ul><li>1 onion</li><li>2 carrots</li><li>500 g beef</li></ul>
<h3>For the sauce</h3><ul><li>50 g butter</li><li>50 g flour</li><li>600 ml milk</li></ul><h3>To assemble</h3><ul><li>12 sheets of pasta</li><li>100 g cheese</li></ul>
<h3>Method</h3><ol><li>Brown the beef with onion and carrots.</li><li>Make the sauce.</li><li>Bake for 40 minutes.</li></ol>
<h3>More like this</h3><ul><li>1. Moussaka</li><li>2. Cannelloni</li></ul></body></html>`
	s, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil)
	if err != nil || len(s.Items) != 1 {
		t.Fatal(s.Items, err)
	}
	of, _ := s.Items[0].Facts.Find("ingredients")
	how, _ := s.Items[0].Facts.Find("steps")
	if len(of.List) != 8 || len(how.List) != 3 {
		t.Errorf("it is made of %q by %q", of.List, how.List)
	}
}

// TestTheEditorIsToldForAsLongAsAPageIsInDoubt fetches a page that is in doubt, does not
// change, and is mended.
func TestTheEditorIsToldForAsLongAsAPageIsInDoubt(t *testing.T) {
	const page = `<html><head><script type="application/ld+json">{"@type":"Recipe","name":"Crêpes","recipeIngredient":["200 g flour","2 eggs","300 ml milk"],"recipeInstructions":["HOW"]}</script></head><body></body></html>`
	status, how := http.StatusOK, "Subscribe or log in to read the rest."
	env := sourcetest.Env(t, "")
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{
			Status: status, URL: r.URL, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, ETag: `"1"`, Body: []byte(strings.Replace(page, "HOW", how, 1)), Fetched: time.Now(),
		}, nil
	}})
	source := sourcetest.Open(t, recipe.Kind, env, map[string]any{"urls": []any{"https://example.org/crepes"}})
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || len(s.Warnings) != 1 {
		t.Fatalf("the editor is told %v, %v", s.Warnings, err)
	}
	status = http.StatusNotModified
	for range 2 {
		if s, err = source.Fetch(t.Context(), "book", &s); err != nil || len(s.Items) != 1 || len(s.Warnings) != 1 {
			t.Fatalf("of a page that is as it was the editor is told %v, %v", s.Warnings, err)
		}
	}
	status, how = http.StatusOK, "Whisk all and bake for 3 minutes."
	if s, err = source.Fetch(t.Context(), "book", &s); err != nil || len(s.Items) != 1 || len(s.Warnings) != 0 {
		t.Fatalf("of a page that was mended the editor is told %v, %v", s.Warnings, err)
	}
}
