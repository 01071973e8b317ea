package recipe_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"keypull/pull"
	"keypull/sources/fulltext"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

// cooked is a recipe of testdata/kitchen, and what its writer says that it is and that
// is in it; of what is in maybe nobody can tell.
type cooked struct {
	language  string
	lines     []string
	is, maybe map[string]bool
}

var kitchenLanguages = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl"}

// rows returns the lines of a file of testdata/kitchen, cut at their bars.
func rows(t testing.TB, name string) (all [][]string) {
	t.Helper()
	for line := range strings.Lines(string(read(t, "kitchen/"+name+".txt"))) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "|")
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		all = append(all, row)
	}
	return all
}

// larder opens the recipes of testdata/kitchen.
func larder(t testing.TB) (pull.Source, pull.Snapshot, map[string]cooked) {
	t.Helper()
	all, folder := map[string]cooked{}, t.TempDir()
	for _, language := range kitchenLanguages {
		var pages []any
		for _, row := range rows(t, language) {
			c := cooked{language: language, lines: strings.Split(row[1], "; "), is: map[string]bool{}, maybe: map[string]bool{}}
			for tag := range strings.FieldsSeq(row[2]) {
				name, doubtful := strings.CutPrefix(tag, "?")
				c.is[name], c.maybe[name] = !doubtful, doubtful
			}
			all[row[0]] = c
			page := map[string]any{
				"@type": "Recipe", "@id": "https://kitchen.example/" + row[0], "name": row[0], "inLanguage": language, "recipeIngredient": c.lines,
				"recipeInstructions": []string{"Mix.", "Cook."}, "recipeYield": row[3], "totalTime": "PT" + row[4] + "M", "recipeCategory": row[5],
			}
			if len(row) > 6 && row[6] != "" {
				page["suitableForDiet"] = "https://schema.org/" + row[6]
			}
			if row[0] == "Spaghetti carbonara" || row[0] == "Sernik krakowski" {
				page["nutrition"] = map[string]any{"calories": "420 kcal"}
			}
			pages = append(pages, page)
		}
		text, err := json.Marshal(pages)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, language+".json"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := sourcetest.Env(t, folder)
	env.Languages = kitchenLanguages
	source := sourcetest.Open(t, recipe.Kind, env, values{"folder": "."})
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || len(s.Items) != len(all) {
		t.Fatal(len(s.Items), len(all), err)
	}
	return source, s, all
}

// offeredFor returns the recipes that a wish brings, as many as are told or offered.
func offeredFor(t testing.TB, source pull.Source, s pull.Snapshot, argument, language string) (names []string, note string) {
	t.Helper()
	const offered = 3
	picked, err := source.Select(t.Context(), s, pull.Query{Argument: argument, Count: 1, Language: language})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range picked.Items {
		names = append(names, it.Title)
	}
	for _, c := range picked.Choices[:min(len(picked.Choices), offered)] {
		names = append(names, append(slices.Clone(c.Names), c.Value)[0])
	}
	return names, picked.Note
}

// TestADishIsAskedOf asks how a dish is made, what goes into it and how much of it: it is no wish for what no recipe is
// called, and of how much is asked between the two.
func TestADishIsAskedOf(t *testing.T) {
	source, s, _ := larder(t)
	source.(pull.Vocabulary).Terms(&s)
	wish := func(text string, alone bool) bool {
		return source.(pull.Wished).IsWish(text, alone, func(string) bool { return false })
	}
	for text, dish := range map[string]string{
		"en|how do I make a lemon drizzle loaf": "Lemon drizzle loaf", "en|ingredients for carbonara": "Spaghetti carbonara", "en|how many carrots go into the walnut cake?": "Walnut carrot cake",
		"de|Zutaten für Linzer Torte": "Linzer Torte", "de|wie macht man Mohnkuchen": "Mohnkuchen mit Marzipan", "de|wie viel Mehl kommt in die Linzer Torte?": "Linzer Torte",
		"fr|comment faire une tarte tatin": "Tarte Tatin", "fr|combien de pommes pour la tarte tatin": "Tarte Tatin", "es|cómo se hace la tarta de Santiago": "Tarta de Santiago",
		"it|ingredienti della torta caprese": "Torta caprese", "pt|como fazer brigadeiro": "Brigadeiro", "pt|quantas cenouras vão no bolo de cenoura": "Bolo de cenoura", "nl|hoe maak ik appeltaart": "Appeltaart",
		"pl|składniki na sernik": "Sernik krakowski", "pl|jak zrobić szarlotkę": "Szarlotka", "pl|ile cukru do sernika": "Sernik krakowski", "pl|ile kalorii ma sernik": "Sernik krakowski", "en|how many calories does a carbonara have": "Spaghetti carbonara", "pl|receita de szarlotka": "Szarlotka",
	} {
		language, text, _ := strings.Cut(text, "|")
		if names, _ := offeredFor(t, source, s, text, language); !wish(text, true) || len(names) != 1 || names[0] != dish {
			t.Errorf("%q is a wish: %v, and brings %q", text, wish(text, true), names)
		}
	}
	for _, text := range []string{
		"how to make an appointment", "ingredients of success", "how much is the lemon drizzle loaf", "how much is the walnut cake", "how many carrots", "how many calories in a walnut cake", "wie viel kostet die Linzer Torte",
		"wie macht man Urlaub", "comment faire une demande", "ile kosztuje sernik", "ile cukru", "quanto costa la torta caprese",
	} {
		if wish(text, true) {
			t.Errorf("%q is a wish", text)
		}
	}
	if !wish("for a carbonara", false) || wish("for a goulash", false) || wish("loved your carbonara", false) || wish("", false) {
		t.Error("beside a phrase a dish is asked for that there is")
	}
}

// TestWishesLeaveOut asks what people ask, in eight languages, of recipes of which their
// writer says what is in them. The halves are counted apart: one of them was not read
// while the tables were written.
func TestWishesLeaveOut(t *testing.T) {
	source, s, all := larder(t)
	known := source.(pull.Vocabulary).Terms(&s)
	words := map[string]bool{}
	for _, term := range known {
		for _, word := range fulltext.Words(term.Value) {
			words[word] = true
		}
	}
	var right, asked [2]int
	for n, row := range slices.Concat(rows(t, "wishes"), rows(t, "more")) {
		language, wish := row[0], row[1]
		var wanted, out []string
		for tag := range strings.FieldsSeq(row[2]) {
			if name, ok := strings.CutPrefix(tag, "-"); ok {
				out = append(out, strings.TrimPrefix(name, "?"))
			} else {
				wanted = append(wanted, tag)
			}
		}
		fits := func(c cooked) (sure, doubtful bool) {
			if slices.ContainsFunc(wanted, func(tag string) bool { return !c.is[tag] }) || slices.ContainsFunc(out, func(tag string) bool { return c.is[tag] }) {
				return false, false
			}
			doubtful = slices.ContainsFunc(out, func(tag string) bool { return c.maybe[tag] })
			return !doubtful, doubtful
		}
		some := false
		for _, c := range all {
			sure, _ := fits(c)
			some = some || sure && c.language == language
		}
		names, note := offeredFor(t, source, s, wish, language)
		half := n % 2
		asked[half]++
		good := !some || len(names) > 0
		for i, name := range names {
			if slices.ContainsFunc(out, func(tag string) bool { return all[name].is[tag] }) {
				t.Errorf("%s: %q offers %q, in which there is what it leaves out", language, wish, name)
			}
			sure, doubtful := fits(all[name])
			good = good && (sure || doubtful) && (i > 0 || sure || !some)
		}
		if understood := source.(pull.Wished).IsWish(wish, true, func(word string) bool { return words[word] }); !understood && len(out) > 0 {
			good = false
			if half == 0 {
				t.Logf("%s: %q is no wish", language, wish)
			}
		}
		if good = good && (len(names) == 0 || (note != "") == (len(out) > 0)); good {
			right[half]++
		} else if half == 0 {
			t.Logf("%s: %q offers %q", language, wish, names)
		}
	}
	t.Logf("rightly offered: %d of %d, and of those that were not read %d of %d", right[0], asked[0], right[1], asked[1])
	for half := range right {
		if right[half]*100 < asked[half]*90 {
			t.Errorf("half %d: %d of %d", half, right[half], asked[half])
		}
	}
}

// TestNothingListsWhatIsLeftOut asks for everything without everything, and holds the
// answers to what stands in the lists, letter for letter.
func TestNothingListsWhatIsLeftOut(t *testing.T) {
	source, s, all := larder(t)
	for language, words := range map[string]struct {
		with, without []string
		how           string
	}{
		"en": {[]string{"cake", "soup", "salad", "something with rice", "pasta", "dessert", "potatoes"}, []string{"eggs", "milk", "butter", "cheese", "sugar", "flour", "onion", "garlic", "walnuts", "bacon", "wine", "carrots", "mayonnaise"}, "without"},
		"de": {[]string{"kuchen", "suppe", "salat", "was mit reis", "nudeln", "plätzchen", "kartoffeln"}, []string{"eier", "milch", "butter", "käse", "zucker", "mehl", "zwiebeln", "lauch", "mandeln", "schinken", "rotwein", "möhren", "mayonnaise"}, "ohne"},
		"fr": {[]string{"gâteau", "soupe", "salade", "plat de riz", "pâtes", "dessert au chocolat", "tarte"}, []string{"œufs", "lait", "beurre", "fromage", "sucre", "farine", "oignon", "ail", "noix", "lardons", "vin", "carottes", "pesto"}, "sans"},
		"es": {[]string{"bizcocho", "sopa", "ensalada", "arroz", "pasta", "postre", "patatas"}, []string{"huevos", "leche", "mantequilla", "queso", "azúcar", "harina", "cebolla", "ajo", "nueces", "chorizo", "vino", "zanahoria", "gambas"}, "sin"},
		"it": {[]string{"torta", "zuppa", "insalata", "riso", "pasta", "dolce", "melanzane"}, []string{"uova", "latte", "burro", "mozzarella", "zucchero", "farina", "cipolla", "aglio", "noci", "guanciale", "vino", "carote", "tonno"}, "senza"},
		"pl": {[]string{"ciasto", "zupa", "sałatka", "coś z ryżem", "makaron", "deser", "pierogi"}, []string{"jajek", "mleka", "masła", "sera", "cukru", "mąki", "cebuli", "czosnku", "orzechów", "kiełbasy", "wina", "marchewki", "śmietany"}, "bez"},
	} {
		for _, with := range words.with {
			for i, out := range words.without {
				second := words.without[(i+1)%len(words.without)]
				for _, wish := range []string{with + " " + words.how + " " + out, words.how + " " + out + " " + with, with + " " + words.how + " " + out + " " + words.how + " " + second} {
					names, _ := offeredFor(t, source, s, wish, language)
					for _, name := range names {
						for _, line := range all[name].lines {
							if slices.Contains(strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) }), out) {
								t.Errorf("%q brings %q, whose list has %q", wish, name, line)
							}
						}
					}
				}
			}
		}
	}
}

// TestIngredientsAreAskedFor asks for what is made with something, of recipes that have it.
func TestIngredientsAreAskedFor(t *testing.T) {
	source, s, all := larder(t)
	source.(pull.Vocabulary).Terms(&s)
	nobody := func(string) bool { return false }
	for wish, tag := range map[string]string{
		"en|something with mushrooms": "mushroom", "en|what can I make with red lentils?": "lentil", "de|was mit kürbis": "pumpkin", "de|was kann ich mit möhren kochen": "carrot", "fr|que faire avec des poireaux": "", "fr|un plat avec du saumon": "salmon",
		"es|algo con calabaza": "pumpkin", "es|qué hago con garbanzos": "bean", "it|qualcosa con le melanzane": "aubergine", "pt|algo com frango": "chicken", "nl|iets met prei": "leek", "nl|wat kan ik maken met zalm": "salmon", "pl|coś z dyni": "pumpkin", "pl|co zrobić z ciecierzycy": "bean",
	} {
		language, text, _ := strings.Cut(wish, "|")
		if got := source.(pull.Wished).IsWish(text, true, nobody); got != (tag != "") {
			t.Errorf("%q is a wish: %v", text, got)
		}
		names, _ := offeredFor(t, source, s, text, language)
		if tag != "" && (len(names) == 0 || !all[names[0]].is[tag]) {
			t.Errorf("%q offers %q", text, names)
		}
	}
	for _, text := range []string{"something with my account", "was mit medien", "quelque chose avec des roues", "I want something", "algo con mi factura", "iets met computers", "what can I do with my old newspapers", "coś z gwarancją"} {
		if source.(pull.Wished).IsWish(text, true, nobody) {
			t.Errorf("%q is a wish", text)
		}
	}
}

func TestANameThatLeavesOutMayListIt(t *testing.T) {
	t.Parallel()
	source := saved(t, []byte(`[{"@type":"Recipe","name":"Dip without sesame","inLanguage":"en","recipeIngredient":["2 tbsp tahini","chickpeas"]},{"@type":"Recipe","name":"Spread without sesame","inLanguage":"en","recipeIngredient":["beans"]},
		{"@type":"Recipe","name":"Potato salad","inLanguage":"en","recipeIngredient":["potatoes","mayonnaise"]},{"@type":"Recipe","name":"Warm potato salad","inLanguage":"en","recipeIngredient":["potatoes","oil"]}]`))
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	for argument, want := range map[string]string{"dip without sesame": "Dip without sesame", "spread without sesame": "Spread without sesame", "potato salad without eggs": "Warm potato salad"} {
		names, note := offeredFor(t, source, s, argument, "en")
		if len(names) == 0 || names[0] != want || strings.Contains(note, "its name leaves out") != (argument == "dip without sesame") {
			t.Errorf("%q finds %q (%s)", argument, names, note)
		}
	}
}

func TestADishIsTheMainOneWhereSomeAre(t *testing.T) {
	t.Parallel()
	source := saved(t, []byte(`[{"@type":"Recipe","name":"Crêpes","inLanguage":"fr","recipeCategory":"Dessert","recipeIngredient":["farine","lait"]},
		{"@type":"Recipe","name":"Quiche","inLanguage":"fr","recipeCategory":"Plat principal","recipeIngredient":["œufs","lait"]},{"@type":"Recipe","name":"Tajine","inLanguage":"fr","recipeCategory":"Plat","recipeIngredient":["ail","agneau"]}]`))
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	for argument, want := range map[string][]string{"plat sans ail": {"Quiche"}, "recette sans agneau": {"Crêpes", "Quiche"}, "plat sans œufs ni ail": {"Crêpes"}} {
		if names, _ := offeredFor(t, source, s, argument, "fr"); !slices.Equal(slices.Sorted(slices.Values(names)), want) {
			t.Errorf("%q finds %q", argument, names)
		}
	}
}

func TestAWordThatLeavesOutMayBeAName(t *testing.T) {
	source, s, _ := larder(t)
	for _, tt := range []struct{ language, argument, want string }{
		{"fr", "tarte sans pâte aux courgettes", "Tarte sans pâte aux courgettes"}, {"de", "geschichten ohne worte", "Geschichten ohne Worte"},
		{"fr", "oreillettes sans souci", "Oreillettes sans souci"}, {"en", "tarte without a case", "Tarte without a case"}, {"fr", "oreillettes sans soucis", "Oreillettes sans souci"},
		{"nl", "chocoladetaart zonder bloem", "Chocoladetaart zonder bloem"}, {"pl", "ciasto czekoladowe bez jajek", "Ciasto czekoladowe bez jajek"}, {"en", "flourless chocolate cake", "Flourless chocolate cake"},
		{"fr", "gâteau avec des œufs", "Fondant au chocolat"},
	} {
		names, note := offeredFor(t, source, s, tt.argument, tt.language)
		if len(names) == 0 || names[0] != tt.want {
			t.Errorf("%s: %q finds %q", tt.language, tt.argument, names)
		}
		if named := strings.EqualFold(tt.argument, tt.want); named && note != "" {
			t.Errorf("%q is a name, and judged: %s", tt.argument, note)
		}
	}
}

// TestATapKeepsTheWish takes each of the choices of a wish.
func TestATapKeepsTheWish(t *testing.T) {
	source, s, all := larder(t)
	for _, tt := range []struct{ language, argument, out string }{
		{"en", "cake without eggs for 16", "egg"}, {"de", "kuchen ohne nüsse für 24", "nuts"}, {"fr", "soupe sans crème pour 12 personnes", "cream"}, {"pl", "zupa bez mięsa dla 12 osób", "meat"},
		{"nl", "pasta zonder vlees voor 8 personen", "meat"}, {"es", "arroz sin carne para 8", "meat"}, {"it", "insalata senza formaggio per 8 persone", "cheese"}, {"pt", "sopa sem carne para 8 pessoas", "meat"},
	} {
		picked, err := source.Select(t.Context(), s, pull.Query{Argument: tt.argument, Count: 1, Language: tt.language})
		if err != nil || len(picked.Choices) == 0 && len(picked.Items) == 0 {
			t.Errorf("%q brings %+v, %v", tt.argument, picked, err)
		}
		for _, c := range picked.Choices {
			taken, err := source.Select(t.Context(), s, pull.Query{Argument: c.Value, Count: 1, Language: tt.language})
			if err != nil || len(taken.Items) != 1 || taken.Note == "" || all[taken.Items[0].Title].is[tt.out] || taken.Items[0].Title != c.Names[0] || taken.Items[0].Facts.Text("servings") == "" {
				t.Errorf("%q: %q brings %+v, %v", tt.argument, c.Value, taken, err)
			}
		}
	}
}

// TestEachLanguageLeavesOut asks one source in each further language.
func TestEachLanguageLeavesOut(t *testing.T) {
	for _, tt := range []struct{ language, with, without, asks string }{
		{"ru", "Пирог с яблоками: 3 яйца; 200 г муки; 4 яблока", "Пирог постный: 200 г муки; 3 яблока; вода", "пирог без яиц;пирог с яблоками без яйца;рецепт пирога без яиц"},
		{"tr", "Havuçlu kek: 3 yumurta; 2 su bardağı un; 3 havuç", "Kakaolu kek: 2 su bardağı un; kakao; su", "yumurtasız kek;yumurta olmadan kek;kek yumurta içermeyen"},
		{"ar", "كيك الجزر: 3 بيضات; 2 كوب دقيق; جزر", "كيك الشوكولاتة: 2 كوب دقيق; كاكاو; ماء", "كيك بدون بيض;كيك من غير بيض;كيك خالي من البيض"},
		{"hi", "गाजर केक: 3 अंडे; 2 कप मैदा; गाजर", "चॉकलेट केक: 2 कप मैदा; कोको; पानी", "बिना अंडे का केक;केक अंडे के बिना;एगलेस केक"},
		{"id", "Bolu wortel: 3 butir telur; 200 g terigu; wortel", "Bolu kukus: 200 g terigu; gula; air", "bolu tanpa telur;resep bolu tanpa telur;bolu tidak pakai telur"},
		{"ja", "にんじんケーキ: 卵 3個; 薄力粉 200g; にんじん", "豆腐ケーキ: 豆腐 1丁; 薄力粉 200g", "卵なしケーキ;卵を使わないケーキ;卵抜きのケーキ"},
		{"ja", "チーズケーキ: バター 50g; クリームチーズ 200g", "米粉ケーキ: 米粉 200g; 砂糖 50g", "バターなしケーキ;バター なし ケーキ;チーズを使わないケーキ"},
		{"zh", "胡萝卜蛋糕: 鸡蛋 3个; 面粉 200克; 胡萝卜", "巧克力蛋糕: 面粉 200克; 可可粉; 水", "不含鸡蛋的蛋糕;无蛋蛋糕;不加鸡蛋的蛋糕"},
		{"th", "เค้กแครอท: ไข่ไก่ 3 ฟอง; แป้งสาลี 200 กรัม", "เค้กกล้วย: แป้งสาลี 200 กรัม; กล้วย 3 ลูก", "เค้กไม่ใส่ไข่;สูตรเค้กไม่มีไข่;เค้ก ปราศจาก ไข่"},
		{"sv", "Morotskaka: 3 ägg; 3 dl vetemjöl; 2 morötter", "Äppelkaka: 3 dl vetemjöl; 3 äpplen; vatten", "recept utan ägg;kaka utan ägg;äggfri kaka;kaka till barn med äggallergi"},
		{"da", "Gulerodskage: 3 æg; 200 g hvedemel; 2 gulerødder", "Æblekage: 200 g hvedemel; 3 æbler; vand", "opskrift uden æg;kage uden æg;ægfri kage"},
		{"nb", "Gulrotkake: 3 egg; 200 g hvetemel; 2 gulrøtter", "Eplekake: 200 g hvetemel; 3 epler; vann", "oppskrift uten egg;kake uten egg;eggfri kake"},
		{"fi", "Porkkanakakku: 3 kananmunaa; 3 dl vehnäjauhoja; 2 porkkanaa", "Omenakakku: 3 dl vehnäjauhoja; 3 omenaa; vettä", "kakku ilman kananmunaa;kakku ilman munia;munaton kakku;resepti ilman munaa"},
		{"cs", "Mrkvový koláč: 3 vejce; 200 g mouky; 2 mrkve", "Jablečný koláč: 200 g mouky; 3 jablka; voda", "koláč bez vajec;recept bez vajíček;bezvaječný koláč"},
		{"ro", "Prăjitură cu morcovi: 3 ouă; 200 g făină; 2 morcovi", "Prăjitură cu mere: 200 g făină; 3 mere; apă", "prăjitură fără ouă;rețetă fără ou;prajitura fara oua"},
		{"uk", "Пиріг з морквою: 3 яйця; 200 г борошна; морква", "Пиріг з яблуками: 200 г борошна; 3 яблука; вода", "пиріг без яєць;рецепт без яйця;безяєчний пиріг"},
		{"el", "Κέικ καρότου: 3 αυγά; 200 γρ. αλεύρι; 2 καρότα", "Κέικ μήλου: 200 γρ. αλεύρι; 3 μήλα; νερό", "κέικ χωρίς αυγά;συνταγή δίχως αυγό;κέικ που δεν έχει αυγά"},
		{"hu", "Répatorta: 3 tojás; 200 g liszt; 2 répa", "Almatorta: 200 g liszt; 3 alma; víz", "torta tojás nélkül;tojásmentes torta;recept tojás nélkül"},
		{"ko", "당근 케이크: 계란 3개; 밀가루 200g; 당근", "사과 케이크: 밀가루 200g; 사과 3개; 물", "계란 없이 케이크;계란 빼고 케이크;계란없는 케이크;달걀을 안 넣은 케이크"},
		{"vi", "Bánh cà rốt: 3 quả trứng; 200 g bột mì; cà rốt", "Bánh táo: 200 g bột mì; 3 quả táo; nước", "bánh không trứng;công thức bánh không có trứng;bánh không dùng trứng"},
		{"sk", "Mrkvový koláč: 3 vajcia; 200 g múky; 2 mrkvy", "Jablkový koláč: 200 g múky; 3 jablká; voda", "koláč bez vajec;recept bez vajíčok;bezvaječný koláč"},
		{"hr", "Kolač od mrkve: 3 jaja; 200 g brašna; 2 mrkve", "Kolač od jabuka: 200 g brašna; 3 jabuke; voda", "kolač bez jaja;recept bez jaja;kolač koji nema jaja"},
		{"bg", "Кекс с моркови: 3 яйца; 200 г брашно; моркови", "Кекс с ябълки: 200 г брашно; 3 ябълки; вода", "кекс без яйца;рецепта без яйце;кекс който не съдържа яйца"},
		{"he", "עוגת גזר: 3 ביצים; 2 כוסות קמח; גזר", "עוגת תפוחים: 2 כוסות קמח; תפוחים; מים", "עוגה בלי ביצים;עוגה ללא ביצים;מתכון בלי ביצים"},
		{"fa", "کیک هویج: 3 عدد تخم مرغ; 2 پیمانه آرد; هویج", "کیک سیب: 2 پیمانه آرد; سیب; آب", "کیک بدون تخم مرغ;دستور پخت بدون تخم مرغ;کیکی که تخم مرغ ندارد"},
	} {
		var pages []any
		free, _, _ := strings.Cut(tt.without, ": ")
		for _, r := range []string{tt.with, tt.without} {
			name, list, _ := strings.Cut(r, ": ")
			pages = append(pages, map[string]any{"@type": "Recipe", "@id": "#" + name, "name": name, "inLanguage": tt.language, "recipeIngredient": strings.Split(list, "; "), "recipeInstructions": []string{"…", "Mix."}})
		}
		folder := t.TempDir()
		text, err := json.Marshal(pages)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "page.json"), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		env := sourcetest.Env(t, folder)
		env.Languages = []string{tt.language}
		source := sourcetest.Open(t, recipe.Kind, env, values{"folder": "."})
		s, err := source.Fetch(t.Context(), "book", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, ask := range strings.Split(tt.asks, ";") {
			if names, note := offeredFor(t, source, s, ask, tt.language); !slices.Equal(names, []string{free}) || note == "" {
				t.Errorf("%s: %q finds %q (%s)", tt.language, ask, names, note)
			}
		}
	}
}

// TestServingsAreSaidInWords asks for so many in the words of each language.
func TestServingsAreSaidInWords(t *testing.T) {
	t.Parallel()
	for wish, servings := range map[string]string{
		"en|tiramisu for two": "2", "en|tiramisu for twelve people": "12", "en|tiramisu for one": "1", "en|tiramisu for a friend": "", "de|tiramisu für vier": "4", "de|tiramisu für ein abendessen": "", "fr|tiramisu pour quatre personnes": "4",
		"fr|tiramisu pour un goûter": "", "es|tiramisu para seis": "6", "it|tiramisu per due": "2", "nl|tiramisu voor acht": "8", "pl|tiramisu dla czterech osób": "4", "ru|tiramisu на двоих": "2", "ru|tiramisu для четверых": "4", "tr|iki kişilik tiramisu": "2",
		"sv|tiramisu för fyra": "4", "da|tiramisu til seks": "6", "fi|tiramisu neljälle hengelle": "4", "cs|tiramisu pro dvě osoby": "2", "uk|tiramisu на двох": "2", "hu|tiramisu négy főre": "4", "el|tiramisu για τέσσερα άτομα": "4", "vi|tiramisu cho bốn người": "4",
		"zh|tiramisu四人份": "4", "zh|tiramisu 4人份": "4", "ja|tiramisu十二人分": "12", "ko|tiramisu 네 명": "4", "en|tiramisu for to": "",
	} {
		language, argument, _ := strings.Cut(wish, "|")
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "page.json"), []byte(`[{"@type":"Recipe","name":"Tiramisu","recipeYield":"3","recipeIngredient":["3 eggs"]}]`), 0o600); err != nil {
			t.Fatal(err)
		}
		env := sourcetest.Env(t, folder)
		env.Languages = []string{language}
		source := sourcetest.Open(t, recipe.Kind, env, values{"folder": "."})
		s, err := source.Fetch(t.Context(), "book", nil)
		if err != nil {
			t.Fatal(err)
		}
		picked, err := source.Select(t.Context(), s, pull.Query{Argument: argument, Count: 1, Language: language})
		got := ""
		if len(picked.Items) == 1 {
			got = picked.Items[0].Facts.Text("servings")
		}
		if err != nil || got != servings || servings != "" && len(picked.Items) != 1 {
			t.Errorf("%s: %q is for %q: %+v, %v", language, argument, got, picked, err)
		}
	}
}

// TestEachFoodIsLeftOutByItsNames leaves out each name of each food, as its language does: many are ordinary words of
// another one, or of their own.
func TestEachFoodIsLeftOutByItsNames(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("kitchen/??.txt")
	if err != nil || len(files) < 32 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		language, section, before, behind := strings.TrimSuffix(filepath.Base(file), ".txt"), "", "", ""
		for line := range strings.Lines(string(read(t, "../"+file))) {
			line = strings.TrimSpace(line)
			first, _, _ := strings.Cut(line, ",")
			switch {
			case strings.HasPrefix(line, "["):
				section = strings.Trim(line, "[]")
				continue
			case section == "without" && before == "" && language != "ja":
				before = first + " "
			case section == "behind" && behind == "":
				behind = " " + first
			}
			food, named := strings.CutPrefix(section, "food ")
			if !named || line == "" || strings.ContainsAny(line[:1], "+~?-!=") {
				continue
			}
			for name := range strings.SplitSeq(line, ",") {
				wish := before + strings.Trim(strings.TrimSpace(name), "*")
				if before == "" {
					wish = strings.TrimSpace(wish) + behind
				}
				if foods, diet := recipe.LeftOut(language, wish); !diet && !slices.Contains(foods, food) {
					t.Errorf("%s: %q leaves out %q and not %s", language, wish, foods, food)
				}
			}
		}
	}
}

// TestLinesHoldWhatTheirFoodIsMadeOf reads lines of ingredients in each language: what hides a food, and what only
// sounds like it.
func TestLinesHoldWhatTheirFoodIsMadeOf(t *testing.T) {
	t.Parallel()
	for _, row := range rows(t, "lines") {
		if got := recipe.Holds(row[0], row[1], row[2]); got != row[3] {
			t.Errorf("%s: %q holds %s: %s, not %s", row[0], row[2], row[1], got, row[3])
		}
	}
}

// BenchmarkWish asks what leaves out half of all that there is.
func BenchmarkWish(b *testing.B) {
	source, s, _ := larder(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Select(b.Context(), s, pull.Query{Argument: "cake without eggs", Count: 1, Language: "en"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNoWish reads a message that wishes for nothing.
func BenchmarkNoWish(b *testing.B) {
	source, _, _ := larder(b)
	wished := source.(pull.Wished)
	b.ReportAllocs()
	for b.Loop() {
		if wished.IsWish("could you tell me when the library opens again after the holidays", true, func(string) bool { return false }) {
			b.Fatal("it is none")
		}
	}
}

func TestManyAreCountedAndNarrowed(t *testing.T) {
	var pages []string
	for n := range 90 {
		course := []string{"Dessert", "Goûter", "Petit déjeuner"}[min(n%4, 2)]
		pages = append(pages, fmt.Sprintf(`{"@type":"Recipe","name":"Gâteau numéro %d au chocolat et à la poire","inLanguage":"fr","recipeIngredient":["chocolat"],"recipeCategory":%q,"totalTime":"PT%dM"}`, n, course, n+1))
	}
	pages = append(pages, `{"@type":"Recipe","name":"Chocolat chaud","inLanguage":"fr","recipeIngredient":["chocolat"],"recipeCategory":"Boisson"}`,
		`{"@type":"Recipe","name":"Mousse au chocolat","inLanguage":"fr","recipeIngredient":["chocolat"],"recipeCategory":"Dessert","aggregateRating":{"ratingValue":"4.5","ratingCount":"900"}}`)
	source := saved(t, []byte("["+strings.Join(pages, ",")+"]"))
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(argument string) pull.Selection {
		picked, err := source.Select(t.Context(), s, pull.Query{Argument: argument, Count: 1, Language: "fr"})
		if err != nil {
			t.Fatal(err)
		}
		return picked
	}
	all := ask("chocolat")
	if len(all.Choices) != 92 || all.Choices[0].Value != "Mousse au chocolat" || all.Choices[1].Value != "Chocolat chaud" {
		t.Errorf("%d fit, first %q", len(all.Choices), all.Choices[:2])
	}
	if none := ask("gâteau à la poire sans chocolat"); len(none.Choices)+len(none.Items) > 0 || !strings.Contains(none.Note, "90") {
		t.Errorf("%d list what is left out, and of 90 it is said %q", len(none.Choices)+len(none.Items), none.Note)
	}
	for _, narrower := range []string{"chocolat Dessert", "chocolat rapide"} {
		if fewer := len(ask(narrower).Choices); !strings.Contains(all.Note, narrower) || fewer < 2 || fewer >= len(all.Choices) {
			t.Errorf("%q is told by %q and leaves %d", narrower, all.Note, fewer)
		}
	}
}

// TestEachLanguageLeavesOutTheSame reads the tables of all languages: none lacks a food that
// another one has a word for that people leave out.
func TestEachLanguageLeavesOutTheSame(t *testing.T) {
	files, err := filepath.Glob("kitchen/??.txt")
	if err != nil || len(files) < 16 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // a file of this folder
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range []string{"made", "measures", "energy", "idle", "with", "and", "quick", "minutes", "servings", "vegan", "vegetarian", "gluten free", "low lactose", "dish"} {
			if !strings.Contains(string(text), "["+section+"]\n") {
				t.Errorf("%s has no section %s", file, section)
			}
		}
		if !strings.Contains(string(text), "[without]\n") && !strings.Contains(string(text), "[behind]\n") {
			t.Errorf("%s leaves nothing out", file)
		}
		for _, food := range []string{"egg", "milk", "gluten", "nuts", "peanut", "meat", "pork", "fish", "shellfish", "soy", "sugar", "alcohol", "chicken", "rice", "cheese", "butter", "cream", "sesame", "celery", "mustard", "gelatine", "almond", "hazelnut", "corn", "coconut", "honey", "mushroom"} {
			if !strings.Contains(string(text), "[food "+food+"]\n") {
				t.Errorf("%s has no words for %s", file, food)
			}
		}
	}
}
