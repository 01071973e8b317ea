package shown_test

import (
	"encoding/json"
	"testing"

	"keypull/sources/recipe/shown"
)

func TestWhatAPageShowsIsGuessed(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"groups":               {`<h2>Ingredients</h2><h3>Filling</h3><ul><li>3 leeks<li>1 egg</ul><p><b>Crust</b></p><ul><li>200 g flour</ul>`, `{"@type":"Recipe","recipeIngredient":[{"@type":"Heading","name":"Filling"},"3 leeks","1 egg",{"@type":"Heading","name":"Crust"},"200 g flour"]}`},
		"a heading for people": {`<h3>Zutaten für 4 Personen:</h3><p>3 Stangen Lauch<br>1 Ei</p>`, `{"@type":"Recipe","recipeIngredient":["3 Stangen Lauch","1 Ei"],"recipeYield":"4 Personen"}`},
		"sections of a method": {`<div class="recipe-steps"><h4>Dough</h4><ol><li>Mix it.<li>Rest it for an hour.</ol><p>Do not hurry.</p><h4>Pie</h4><ol><li>Fill & bake.</ol></div>`, `{"@type":"Recipe","recipeInstructions":["Dough: Mix it.","Rest it for an hour.","Do not hurry.","Pie: Fill \u0026amp; bake."]}`},
		"labels in a line":     {`<p>Prep 10 min | Cook 1 h 5 min | Serves 4-6</p>`, `{"@type":"Recipe","cookTime":"1 h 5 min","prepTime":"10 min","recipeYield":"4-6"}`},
		"a method of minutes":  {`<ul><li>Préparation : 20 min<li>Cuisson : 1 h</ul><div>Preparación</div><div>5 min</div><h3>Préparation</h3><p>Lavez les poireaux.</p>`, `{"@type":"Recipe","cookTime":"1 h","prepTime":"20 min","recipeInstructions":["Lavez les poireaux."]}`},
		"a sentence":           {`<p>It serves 4 purposes, and cooks for 10 minutes.</p><p>Total war lasted 5 years, they say.</p>`, `{"@type":"Recipe"}`},
		"numbers in words":     {`<p>Dinner for four, in half an hour</p><p>For 3 generations my family has cooked this on the first Sunday of May, rain or shine.</p>`, `{"@type":"Recipe","recipeYield":"4"}`},
		"years":                {`<p>For 20 years we lived by the sea.</p><p>Makes me think of 3 of us.</p><p>Öffnen um 9 für 2 Stunden</p>`, `{"@type":"Recipe"}`},
		"a tin and its pieces": {`<p>Das ist gut! Ergibt eine Form (26 cm), ca. 12 Stücke.</p>`, `{"@type":"Recipe","recipeYield":"12 Stücke"}`},
		"a dozen and one":      {`<p>Yield: about 2 dozen</p>`, `{"@type":"Recipe","recipeYield":"24"}`},
		"one and no article":   {`<p>Makes one large loaf</p>`, `{"@type":"Recipe","recipeYield":"1 large"}`},
		"an article":           {`<p>Serves one purpose</p><p>Makes one think of home.</p>`, `{"@type":"Recipe"}`},
		"a tin's size":         {`<dl><dt>Yield</dt><dd>one 8-inch pan (9 squares)</dd></dl>`, `{"@type":"Recipe","recipeYield":"9 squares"}`},
		"facts in one line":    {`<p>30 st | 60 minuter | Medel</p>`, `{"@type":"Recipe","recipeYield":"30 st"}`},
		"a heading for two":    {`<h2>Ingredients (for two)</h2><ul><li>3 leeks<li>1 egg</ul>`, `{"@type":"Recipe","recipeIngredient":["3 leeks","1 egg"],"recipeYield":"2"}`},
		"about ten of them":    {`<h2>Ingrédients</h2><p>Pour une dizaine de crêpes</p><ul><li>3 poireaux<li>1 œuf</ul>`, `{"@type":"Recipe","recipeIngredient":["3 poireaux","1 œuf"],"recipeYield":"10"}`},
		"what it is cut into":  {`<p>Per circa 20 biscotti</p>`, `{"@type":"Recipe","recipeYield":"20 biscotti"}`},
		"places at a table":    {`<ul><li>4 couverts<li>30 min</ul>`, `{"@type":"Recipe","recipeYield":"4 couverts"}`},
		"what is below a tip":  {`<h2>Tips</h2><ul><li>Total time: 5 min</ul>`, `{"@type":"Recipe"}`},
		"a field of servings":  {`<input class="servings-input" value="4"><option class="yield" value="x">`, `{"@type":"Recipe","recipeYield":"4"}`},
		"offers of a shop":     {`<div class="ingredients"><button>Add all</button><ul><li>Add to cart<li>3 leeks<li>1 egg</ul></div>`, `{"@type":"Recipe","recipeIngredient":["3 leeks","1 egg"]}`},
		"classes of a post":    {`<article class="post-7 hentry ingredient-leek category-method"><ul><li>Home<li>About</ul></article>`, `{"@type":"Recipe"}`},
	} {
		got, err := json.Marshal(shown.Read([]byte(c.page)).Guessed())
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got  %s, %v\nwant %s", name, got, err, c.want)
		}
	}
}

func TestAPageIsCalledByItsHeading(t *testing.T) {
	for page, want := range map[string]string{
		`<title>Pie | Site</title><h1>Pie</h1>`:                                                                     "Pie",
		`<title>Pie | Site</title><h1>Site</h1><h1>Pie</h1>`:                                                        "Pie",
		`<meta property="og:site_name" content="Site"><meta property="og:title" content="Pie - Site"><h1>Site</h1>`: "Pie",
		`<title>Pie</title><h1>Pie (for 4)</h1>`:                                                                    "Pie",
		`<title>Pie</title><h1>Pie (take 2)</h1>`:                                                                   "Pie (take 2)",
		`<title>Pie - Site</title>`:                                                                                 "Pie",
		`<title>Site: all pies</title><h1>Leek pie</h1>`:                                                            "Leek pie",
		`<meta property="og:title" content="Salt & pie">`:                                                           "Salt &amp; pie",
		`<title>Stew - with leeks</title><h1>A stew!</h1>`:                                                          "A stew!",
		`<p>Nothing</p>`: "",
	} {
		if got := shown.Read([]byte(page)).Heading(); got != want {
			t.Errorf("%s is called %q; want %q", page, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`<h2>Ingredients (4)</h2><ul><li><b>A:</b><li>1 b</ul><table><tr><th>Serves<th>Time<tr><td>4<td>5</table><div class="step">x`))
	f.Add([]byte(`<script type="application/json">{"title":"x","ingredients":[{"amount":1,"name":"b"},"c"],"steps":[{"text":"d"}]}</script>`))
	f.Add([]byte(`<div class="wprm-recipe"><h4>A</h4><li class="wprm-recipe-ingredient">1<dl class=ingredients><dt>a<dd>b`))
	f.Add([]byte("<p>Serves: 4 / Prep 5 min • Cook: 1 h<p>Zutaten für 4: a, b<p>\u00bd"))
	f.Fuzz(func(t *testing.T, page []byte) {
		p := shown.Read(page)
		all := append(p.Written(), p.Guessed(), p.State(), map[string]any{"name": p.Heading()})
		if _, err := json.Marshal(all); err != nil {
			t.Error(err)
		}
	})
}
