package recipe_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

// kitchen returns a site of a few recipes in several languages.
func kitchen(t *testing.T) (pull.Source, pull.Snapshot) {
	t.Helper()
	web := newSite(t)
	var urls strings.Builder
	for n, r := range []struct{ name, language, ingredients, more string }{
		{"Tiramisu classico", "it", "6 tuorli; mascarpone", `,"recipeYield":"4 porzioni"`},
		{"Tiramisu with berries", "en", "3 egg yolks; 250 g mascarpone; salt; 1 1/2 cups (180 g) berries", `,"recipeYield":"Serves 4"`},
		{"Creamed spinach", "en", "500g spinach; cream", ""},
		{"Potato curry", "en", "potatoes; 2 handfuls of spinach leaves", `,"keywords":"indian, quick"`},
		{"Carrot cake", "en", "carrots; flour", `,"suitableForDiet":"https://schema.org/VeganDiet","recipeYield":"24 cookies"`},
		{"Chocolate cake", "en", "chocolate; eggs", ""},
		{"Émincé de poulet au citron", "fr", "400 g de poulet; 1 citron", `,"recipeYield":"2 personnes"`},
		{"Apfelkuchen vom Blech", "de", "1,5 kg Äpfel; ½ TL Zimt; 2-3 EL Zucker", `,"recipeYield":"Für 4 Personen"`},
		{"肉じゃが", "ja", "牛肉 200g; じゃがいも 3個", `,"recipeYield":"2人分"`},
		{"Борщ с говядиной", "ru", "500 г говядины; 2 свёклы", ""},
		{"Bread", "en", "flour", `,"datePublished":"2026-01-01"`},
		{"Bread", "en", "rye", `,"datePublished":"2026-02-01"`},
	} {
		path := fmt.Sprintf("/r%d", n)
		list := `"` + strings.ReplaceAll(r.ingredients, "; ", `","`) + `"`
		web.pages[path] = fmt.Sprintf(`<script type="application/ld+json">{"@type":"Recipe","name":%q,"inLanguage":%q,"recipeIngredient":[%s],"recipeInstructions":"1. Cook it."%s}</script>`, r.name, r.language, list, r.more)
		_, _ = fmt.Fprintf(&urls, "<url><loc>{site}%s</loc></url>", path)
	}
	web.pages["/s.xml"] = "<urlset>" + urls.String() + "</urlset>"
	env := sourcetest.Env(t, "")
	env.Languages = []string{"en", "fr", "de", "it", "ja", "ru"}
	source := sourcetest.Open(t, recipe.Kind, env, values{"sitemap": web.server.URL + "/s.xml"})
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	return source, s
}

// found returns the titles that an argument finds; those of a choice in brackets.
func found(t *testing.T, source pull.Source, s pull.Snapshot, argument, language string) string {
	t.Helper()
	got, err := source.Select(t.Context(), s, pull.Query{Argument: argument, Count: 1, Language: language})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, it := range got.Items {
		all = append(all, it.Title)
	}
	for _, c := range got.Choices {
		all = append(all, "["+c.Value+"]")
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestRecipesAreFoundByWhatTheyAre(t *testing.T) {
	source, s := kitchen(t)
	for _, tt := range []struct{ language, argument, want string }{
		{"en", "carrot cakes", "Carrot cake"}, {"en", "something with spinach", "Creamed spinach"}, {"en", "indian", "Potato curry"},
		{"en", "vegan cake", "Carrot cake"}, {"en", "vegan dinner", "Carrot cake"}, {"de", "veganes Abendessen", "Carrot cake"}, {"tr", "vegan akşam yemeği", "Carrot cake"}, {"hi", "vegan रात का खाना", "Carrot cake"}, {"de", "veganer kuchen", "Carrot cake"}, {"en", "cake", "[Carrot cake] [Chocolate cake]"}, {"en", "vegan", "Carrot cake"},
		{"en", "tiramisu", "Tiramisu with berries"}, {"ru", "tiramisu", "[Tiramisu classico] [Tiramisu with berries]"}, {"it", "tiramisù", "Tiramisu classico"},
		{"fr", "que cuisiner avec des restes de poulet", "Émincé de poulet au citron"}, {"fr", "poulets citrons", "Émincé de poulet au citron"}, {"en", "emince", "Émincé de poulet au citron"},
		{"de", "kuchen", "Apfelkuchen vom Blech"}, {"de", "etwas mit Äpfeln", "Apfelkuchen vom Blech"}, {"de", "aepfel zimt", "Apfelkuchen vom Blech"},
		{"ja", "じゃがいも", "肉じゃが"}, {"ja", "牛肉の料理", "肉じゃが"}, {"ru", "говядина", "Борщ с говядиной"}, {"ru", "что приготовить из говядины", "Борщ с говядиной"},
		{"en", "bread", "[Bread (2026-01-01)] [Bread (2026-02-01)]"}, {"en", "bread (2026-02-01)", "Bread"}, {"en", "unicorn", ""}, {"en", "unicorn cake", ""}, {"en", "?", ""},
		{"en", "potatoes and spinach", "Potato curry"}, {"en", "chocolate flour", ""},
	} {
		if got := found(t, source, s, tt.argument, tt.language); got != tt.want {
			t.Errorf("%s: %q finds %q, want %q", tt.language, tt.argument, got, tt.want)
		}
	}
	if got := found(t, source, pull.Snapshot{Extra: []byte(`{"of":"https://another.example"}`)}, "cake", "en"); got != "" {
		t.Errorf("another site's snapshot finds %q", got)
	}
}

func TestARecipeIsWorkedOutForSoMany(t *testing.T) {
	source, s := kitchen(t)
	for _, tt := range []struct{ language, argument, want string }{
		{"en", "tiramisu with berries for 8", "6 egg yolks|500 g mascarpone|salt|3 cups (360 g) berries|"},
		{"en", "tiramisu with berries for 6 people", "4 ½ egg yolks|375 g mascarpone|salt|2 ¼ cups (270 g) berries|"},
		{"en", "8 servings tiramisu with berries", "6 egg yolks|500 g mascarpone|salt|3 cups (360 g) berries|"},
		{"de", "Apfelkuchen für 8", "3 kg Äpfel|1 TL Zimt|4-6 EL Zucker|"}, {"de", "apfelkuchen für 2 personen", "0,75 kg Äpfel|¼ TL Zimt|1-1 ½ EL Zucker|"},
		{"fr", "émincé de poulet pour 3", "600 g de poulet|1 ½ citron|"}, {"ja", "肉じゃが 4人分", "牛肉 400g|じゃがいも 6個|"},
		{"en", "carrot cake for 8", "carrots|flour|"},
	} {
		got, err := source.Select(t.Context(), s, pull.Query{Argument: tt.argument, Count: 1, Language: tt.language})
		if err != nil || len(got.Items) != 1 {
			t.Fatalf("%q: %d recipes, %d choices, %v", tt.argument, len(got.Items), len(got.Choices), err)
		}
		if told := lettersOf(got.Items[0], "ingredients"); told != tt.want {
			t.Errorf("%q: %q, want %q", tt.argument, told, tt.want)
		}
		reply := fmt.Sprint(source.(pull.Speaker).Say(got.Items, pull.Voice{Language: tt.language, Zone: time.UTC}).Blocks)
		for fact, says := range map[string]string{"scaled_from": got.Items[0].Facts.Text("scaled_from")} {
			_, ok := got.Items[0].Facts.Find(fact)
			if strings.Contains(tt.argument, "carrot") == ok || ok && !strings.Contains(reply, strings.TrimPrefix(says, "Serves ")) {
				t.Errorf("%q says %s", tt.argument, reply)
			}
		}
		if strings.Contains(reply, "1. Cook") {
			t.Errorf("a step is numbered twice: %s", reply)
		}
	}
	if got := found(t, source, s, "tiramisu for 8", "ru"); got != "[Tiramisu classico for 8] [Tiramisu with berries for 8]" {
		t.Errorf("several fit, and are offered as %s", got)
	}
}

func TestABookIsSearchedAsASiteIs(t *testing.T) {
	source := saved(t, []byte(`[{"@type":"Recipe","name":"Leek soup","recipeIngredient":["3 leeks"],"recipeYield":4},{"@type":"Recipe","name":"Pea soup","recipeIngredient":["peas","leek"]}]`))
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	for argument, want := range map[string]string{"soups": "[Leek soup] [Pea soup]", "soup with peas": "Pea soup", "leek": "Leek soup", "leek soup for 2": "Leek soup"} {
		if got := found(t, source, s, argument, "en"); got != want {
			t.Errorf("%q finds %q, want %q", argument, got, want)
		}
	}
}

// TestAJoinedWordAsksForBothOfItsParts asks in one word for what recipes say in two, or join
// otherwise.
func TestAJoinedWordAsksForBothOfItsParts(t *testing.T) {
	var pages []string
	for _, r := range [][3]string{
		{"de", "Schokoladenkuchen vom Blech", "200 g Schokolade"}, {"de", "Saftiger Kuchen mit Birnen", "4 Birnen"}, {"de", "Auflauf mit Brokkoli", "1 Brokkoli"}, {"de", "Eintopf", "1 Kohl"},
		{"de", "Suppe aus Möhren", "1 Ei"}, {"nl", "Taart met rabarber", "500 g rabarber"}, {"nl", "Soep van knolselderij", "1 knolselderij"}, {"sv", "Kladdkaka med choklad", "choklad"},
		{"sv", "Kaka med äpplen", "4 äpplen"}, {"da", "Suppe med hokkaido", "1 hokkaido"},
	} {
		pages = append(pages, fmt.Sprintf(`{"@type":"Recipe","name":%q,"inLanguage":%q,"recipeIngredient":[%q,"1 Prise Salz"]}`, r[1], r[0], r[2]))
	}
	source := saved(t, []byte("["+strings.Join(pages, ",")+"]"), "de", "nl", "sv", "da")
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ language, argument, want string }{
		{"de", "schokokuchen", "Schokoladenkuchen vom Blech"}, {"de", "birnenkuchen", "Saftiger Kuchen mit Birnen"}, {"de", "rezept für brokkoliauflauf", "Auflauf mit Brokkoli"},
		{"de", "schokokuchen ohne eier", "Schokoladenkuchen vom Blech"}, {"de", "möhrensuppe", "Suppe aus Möhren"}, {"de", "möhrensuppe ohne eier", ""}, {"de", "kohlkuchen", ""}, {"de", "schokosuppe", ""},
		{"nl", "rabarbertaart", "Taart met rabarber"}, {"nl", "knolselderijsoep", "Soep van knolselderij"}, {"sv", "chokladkaka", "Kladdkaka med choklad"}, {"sv", "äppelkaka", "Kaka med äpplen"},
		{"da", "hokkaidosuppe", "Suppe med hokkaido"}, {"da", "hokkaidokage", ""},
	} {
		if got := found(t, source, s, tt.argument, tt.language); got != tt.want {
			t.Errorf("%s: %q finds %q, want %q", tt.language, tt.argument, got, tt.want)
		}
	}
}
