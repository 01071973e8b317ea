package recipe_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/sourcetest"
)

// shownPages tell one and the same pie, each in another way to mark it up.
func shownPages() map[string]string {
	body := func(s string) string {
		return `<!doctype html><html><head><title>Leek pie - Site</title><meta property="og:title" content="Leek pie"><style>p{}</style></head><body><nav><ul><li>Home<li>Recipes</ul></nav>` + s + `<footer><p>About</p></footer></body></html>`
	}
	return map[string]string{
		"microdata": body(`<article itemscope itemtype="http://schema.org/Recipe"><h1 itemprop="name">Leek pie</h1>
			<div itemprop="author" itemscope itemtype="http://schema.org/Person"><span itemprop="name">Ann</span></div>
			<img itemprop="image" src="/a.jpg"><meta itemprop="recipeYield" content="4 servings"><time itemprop="totalTime" datetime="PT1H10M">about an hour</time>
			<ul><li itemprop="recipeIngredient"><b>3</b> leeks<li itemprop="recipeIngredient">200&nbsp;g flour &amp; salt</ul>
			<ol itemprop="recipeInstructions"><li>Wash the leeks.</li><li>Bake for 40&nbsp;min.</li></ol>
			<div itemprop="aggregateRating" itemscope itemtype="http://schema.org/AggregateRating"><span itemprop="ratingValue">4,5</span> (<span itemprop="ratingCount">12</span>)</div></article>`),
		"microdata without a heading of the method": body(`<article itemscope itemtype="http://schema.org/Recipe"><h1 itemprop="name">Leek pie</h1><meta itemprop="recipeYield" content="4 servings"><time itemprop="totalTime" datetime="PT70M">an hour</time>
			<h2>Ingredients</h2><ul><li itemprop="recipeIngredient">3 leeks<li itemprop="recipeIngredient">200 g flour &amp; salt</ul>
			<div itemprop="recipeInstructions"><ol><li>Wash the leeks.</li><li>Bake for 40 min.</li></ol></div></article>`),
		"microdata of steps": body(`<div itemscope itemtype="https://schema.org/WebPage"><div itemprop="mainEntity" itemscope itemtype="https://schema.org/Recipe"><h2 itemprop="name">Leek pie</h2>
			<span itemprop="recipeYield">4 servings</span><meta itemprop="totalTime" content="PT70M">
			<p itemprop="ingredients">3 leeks</p><p itemprop="ingredients">200 g flour & salt</p>
			<div itemprop="recipeInstructions" itemscope itemtype="https://schema.org/HowToStep"><p itemprop="text">Wash the leeks.</p></div>
			<div itemprop="recipeInstructions" itemscope itemtype="https://schema.org/HowToStep"><p itemprop="text">Bake for 40 min.</p></div></div></div>`),
		"a container and its entries": body(`<div itemscope itemtype="http://data-vocabulary.org/Recipe"><h1 itemprop="name">Leek pie</h1><p>Serves <span itemprop="yield">4 servings</span></p>
			<meta itemprop="totalTime" content="PT1H10M"><div itemprop="ingredients"><span itemprop="ingredient">3 leeks</span><br><span itemprop="ingredient">200 g flour & salt</span></div>
			<div itemprop="instructions">Wash the leeks.<br>Bake for 40 min.</div></div>`),
		"RDFa": body(`<div vocab="http://schema.org/" typeof="Recipe"><h1 property="name">Leek pie</h1><span property="recipeYield">4 servings</span><span property="totalTime" content="PT70M">1 h 10</span>
			<ul><li property="recipeIngredient">3 leeks</li><li property="recipeIngredient">200 g flour &amp; salt</li></ul>
			<div property="recipeInstructions"><p>Wash the leeks.</p><p>Bake for 40 min.</p></div></div>`),
		"h-recipe": body(`<article class="h-recipe"><h1 class="p-name">Leek pie</h1><data class="p-yield" value="4 servings">four</data><time class="dt-duration" datetime="PT70M">70 min</time>
			<ul><li class="p-ingredient">3 leeks</li><li class="p-ingredient">200 g flour &amp; salt</li></ul><div class="e-instructions"><ol><li>Wash the leeks.</li><li>Bake for 40 min.</li></ol></div></article>`),
		"hrecipe": body(`<div class="hrecipe"><h1 class="fn">Leek pie</h1><span class="yield">4 servings</span><span class="duration">70 min<span class="value-title" title="PT70M"></span></span>
			<ul><li class="ingredient">3 leeks</li><li class="ingredient">200 g flour &amp; salt</li></ul><div class="instructions"><ol><li class="instruction">Wash the leeks.</li><li class="instruction">Bake for 40 min.</li></ol></div></div>`),
		"a card of lists": body(`<h1>Leek pie</h1><div class="tasty-recipes"><h2 class="tasty-recipes-title">Leek pie</h2><span class="tasty-recipes-yield">4 servings</span><span class="tasty-recipes-total-time">1 hour 10 minutes</span>
			<div class="tasty-recipes-ingredients"><h3>Ingredients</h3><ul><li>3 leeks</li><li>200 g flour &amp; salt</li></ul></div>
			<div class="tasty-recipes-instructions"><h3>Method</h3><ol><li>Wash the leeks.</li><li>Bake for 40 min.</li></ol></div></div>`),
		"a card of parts": body(`<div class="wprm-recipe-container"><div class="wprm-recipe wprm-recipe-x"><h2 class="wprm-recipe-name">Leek pie</h2>
			<div class="wprm-recipe-total-time-container"><span>Total Time</span> <span>1 hour</span> <span>10 minutes</span></div><span class="wprm-recipe-servings">4</span> servings
			<ul><li class="wprm-recipe-ingredient"><span>3</span> <span>leeks</span></li><li class="wprm-recipe-ingredient"><span>200</span> <span>g</span> <span>flour &amp; salt</span></li></ul>
			<ul><li><div class="wprm-recipe-instruction-text">Wash the leeks.</div></li><li><div class="wprm-recipe-instruction-text">Bake for 40 min.</div></li></ul></div></div>`),
		"headings": body(`<h1>Leek pie</h1><p>Serves: 4 servings</p><p>Total time: 70 min</p><h2>Ingredients (for 4)</h2><h3>Filling</h3><ul><li>3 leeks</li></ul><h3>Crust</h3><ul><li>200 g flour &amp; salt</li></ul>
			<h2>Method</h2><ol><li><p>Wash the leeks.</p></li><li><p>Bake for 40 min.</p></li></ol><h2>Comments</h2><ol><li>So good!</li></ol>`),
		"headings without lists": body(`<h1>Leek pie</h1><div><b>Serves</b></div><div>4 servings</div><div>Total time: 70 min</div><p><strong>Zutaten:</strong><br>3 leeks<br>200 g flour &amp; salt</p><p><strong>So wird's gemacht</strong></p><p>Wash the leeks.</p><p>Bake for 40 min.</p><h3>Tips</h3><p>Eat.</p>`),
		"data without a method": body(`<script type="application/ld+json">{"@type":"Recipe","name":"Leek pie","recipeYield":"4 servings","totalTime":"PT70M","recipeIngredient":["3 leeks","200 g flour & salt"],"recipeInstructions":""}</script>
			<h1>Leek pie</h1><h2>Ingrédients</h2><ul><li>3 leeks</li><li>200 g flour &amp; salt</li></ul><h2>Préparation</h2><p>Wash the leeks.</p><p>Bake for 40 min.</p>`),
		"data without times": body(`<script type="application/ld+json">{"@type":"Recipe","name":"Leek pie","recipeIngredient":["3 leeks","200 g flour & salt"],"recipeInstructions":["Wash the leeks.","Bake for 40 min."]}</script>
			<div class="mv-create-card"><h2 class="mv-create-title">Leek pie</h2><span class="mv-create-yield">4 servings</span><div class="mv-create-time-total">1 hour 10 minutes</div><div class="mv-create-ingredients"><ul><li>3 leeks</li></ul></div></div>`),
	}
}

func lettersOf(it what.Item, fact string) string {
	f, _ := it.Facts.Find(fact)
	return strings.Join(append(f.List, f.Text), "|")
}

func TestRecipesAreReadFromWhatPagesShow(t *testing.T) {
	for name, page := range shownPages() {
		t.Run(name, func(t *testing.T) {
			s, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil)
			if err != nil || len(s.Items) != 1 {
				t.Fatalf("%d recipes, %v", len(s.Items), err)
			}
			sourcetest.Inspect(t, s.Items)
			it := s.Items[0]
			for fact, want := range map[string]string{
				"ingredients": "3 leeks|200 g flour & salt|", "steps": "Wash the leeks.|Bake for 40 min.|", "total_minutes": "70",
			} {
				if got := lettersOf(it, fact); got != want {
					t.Errorf("%s: %q, want %q", fact, got, want)
				}
			}
			if got := it.Facts.Text("yield"); it.Title != "Leek pie" || !strings.HasPrefix(got, "4") {
				t.Errorf("%q for %q", it.Title, got)
			}
		})
	}
}

// TestOneAmountMakesARecipe: of what everybody has at home a page names no amounts.
func TestOneAmountMakesARecipe(t *testing.T) {
	s, err := saved(t, []byte(`<h1>Pollo</h1><h2>Ingredienti</h2><ul><li>1 pollo</li><li>pomodori</li><li>olive</li><li>rosmarino</li></ul><h2>Procedimento</h2><ol><li>Rosolare.</li><li>Stufare.</li></ol>`)).Fetch(t.Context(), "book", nil)
	if err != nil || len(s.Items) != 1 {
		t.Fatalf("%d recipes, %v", len(s.Items), err)
	}
	if of, how := lettersOf(s.Items[0], "ingredients"), lettersOf(s.Items[0], "steps"); of != "1 pollo|pomodori|olive|rosmarino|" || how != "Rosolare.|Stufare.|" {
		t.Errorf("it is made of %q: %q", of, how)
	}
}

func TestPagesOfOtherThingsHoldNoRecipe(t *testing.T) {
	for name, page := range map[string]string{
		"ingredients alone":   `<h1>X</h1><h2>Ingredients</h2><ul><li>a</li><li>b</li></ul>`,
		"a method alone":      `<h1>X</h1><h2>Method</h2><p>We asked 100 people.</p>`,
		"another thing":       `<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">X</h1></div>`,
		"a recipe of a name":  `<div itemscope itemtype="http://schema.org/Recipe"><h1 itemprop="name">X</h1></div>`,
		"a soap":              `<h1>X</h1><div class="ingredients">Ingredients: Aqua, Sodium Laureth Sulfate, Glycerin, Parfum</div><div class="directions">Directions: massage into wet hair, rinse, repeat.</div>`,
		"a lotion":            `<h1>X</h1><h2>Ingredients</h2><ul><li>Aqua</li><li>2-Propanol</li><li>Urea</li><li>Parfum</li></ul><h2>Directions</h2><p>Massage into wet hair, rinse, repeat.</p>`,
		"a table of measures": `<h1>X</h1><table><tr><td>Product</td><td>Cup</td><td>Spoon</td></tr><tr><td>Flour</td><td>150 g</td><td>9 g</td></tr><tr><td>Sugar</td><td>220 g</td><td>14 g</td></tr><tr><td>Honey</td><td>360 g</td><td>22 g</td></tr></table><p>An ounce is 28 g, and a stick of butter has 113 g in all kitchens.</p>`,
		"measures told once":  `<h1>X</h1><ul><li>1 cup flour = 125 g</li><li>1 cup sugar = 220 g</li><li>1 tbsp honey = 21 g</li></ul><p>An ounce is 28 g, and a stick of butter has 113 g in all kitchens.</p>`,
		"headings in a menu":  `<nav><h2>Ingredients</h2><ul><li>a</li><li>b</li></ul><h2>Method</h2><p>x</p></nav>`,
	} {
		if s, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil); err == nil {
			t.Errorf("%s: read as %q", name, titles(s))
		}
	}
}

func TestWhatElseIsKnownOfARecipe(t *testing.T) {
	page := `{"@type":"Recipe","name":"X","recipeInstructions":"Boil it for 10 minutes.","recipeCategory":["Dessert","dessert, Cake"],"recipeCuisine":"Italian","suitableForDiet":["https://schema.org/GlutenFreeDiet","vegan"],
		"keywords":"a, b,,c","aggregateRating":{"ratingValue":"4,7","reviewCount":"31"},"nutrition":{"calories":"320 kcal","fatContent":"12 g"},"recipeIngredient":[{"@type":"PropertyValue","name":"flour","value":200,"unitText":"g"},{"name":"salt"}],
		"recipeYield":["12","12 muffins","1 pan of twelve"],"video":{"@type":"VideoObject","name":"How to","contentUrl":"https://x.example/v.mp4","duration":"PT1M5S"}}`
	s, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	it := s.Items[0]
	for fact, want := range map[string]string{
		"category": "Dessert|Cake|", "cuisine": "Italian|", "diet": "gluten free|vegan|", "keywords": "a|b|c|", "rating": "4.7", "ratings": "31", "calories": "320 kcal", "fat": "12 g",
		"ingredients": "200 g flour|salt|", "yield": "12 muffins",
	} {
		if got := lettersOf(it, fact); got != want {
			t.Errorf("%s: %q, want %q", fact, got, want)
		}
	}
	if len(it.Media) != 1 || it.Media[0] != (what.Media{Type: what.Video, URL: "https://x.example/v.mp4", Seconds: 65, Alt: "How to"}) {
		t.Errorf("media: %+v", it.Media)
	}
}

func TestGroupsOfIngredientsAreToldBelowTheirHeadings(t *testing.T) {
	for name, c := range map[string]struct{ ingredients, want string }{
		"none":              {`["3 leeks","1 egg"]`, "Ingredients|3 leeks|1 egg"},
		"listed headings":   {`["For the filling:","3 leeks","1 egg","Crust：","200 g flour"]`, "Ingredients: For the filling|3 leeks|1 egg|Crust|200 g flour"},
		"some without":      {`["1 egg","Crust:","200 g flour"]`, "Ingredients|1 egg|Crust|200 g flour"},
		"with a number":     {`["Eggs: 2","Salt: 1 g:"]`, "Ingredients|Eggs: 2|Salt: 1 g:"},
		"one without lines": {`["1 egg","Crust:"]`, "Ingredients|1 egg|Crust:"},
	} {
		source := saved(t, []byte(`{"@type":"Recipe","name":"X","recipeIngredient":`+c.ingredients+`}`))
		s, err := source.Fetch(t.Context(), "book", nil)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, b := range source.(pull.Speaker).Say(s.Items, pull.Voice{Language: "en", Zone: time.UTC}).Blocks {
			if b.Kind == pull.Bullets {
				said = append(append(said, b.Text), b.Lines...)
			}
		}
		if got := strings.Join(said, "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
