package stem_test

import (
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

func TestFormsOfOneWordShareTheirStem(t *testing.T) {
	tests := map[string][]string{
		"en": {"recipe recipes", "share shares", "price prices", "story stories", "dumpling dumplings", "tomato tomatoes", "company companies", "bakery bakeries"},
		"fr": {"recette recettes", "gâteau gâteaux", "crêpe crêpes", "sauté sautée sautés sautées", "farci farcie farcis farcies", "cheval chevaux",
			"action actions", "feu feux", "journal journaux", "français française", "chou choux", "végétarien végétarienne"},
		"de": {"Torte Torten", "Nuss Nüsse Nuesse", "Apfel Äpfel Aepfel", "Rezept Rezepte Rezepten", "Kuchen Kuchens", "Knödel Knödeln Knoedel",
			"Kloß Klöße Kloesse", "Aktie Aktien", "gefüllt gefüllte gefüllter gefülltes gefüllten", "Kurs Kurse Kursen"},
		"es": {"receta recetas", "canción canciones", "jamón jamones", "pez peces", "empanada empanadas", "acción acciones", "relleno rellena rellenos rellenas", "noticia noticias"},
		"it": {"ricetta ricette", "gnocco gnocchi", "torta torte", "fungo funghi", "ripieno ripiena ripieni ripiene", "notizia notizie", "azione azioni"},
		"pt": {"receita receitas", "pão pães", "limão limões", "pastel pastéis", "ação ações", "bolo bolos", "jornal jornais", "recheado recheada recheados", "nuvem nuvens"},
		"nl": {"recept recepten", "taart taarten", "koek koeken", "pannenkoek pannenkoeken", "brood broden", "aandeel aandelen", "gevuld gevulde"},
		"ru": {"блин блины блинов блинами блинам", "грибной грибного грибному грибная", "суп супа супы супов", "рецепт рецепта рецепты", "пирог пироги пирогов",
			"акция акции акций", "новость новости новостей", "ёжик ежики", "вареник вареники вареников"},
		"uk": {"вареник вареники вареників варениками", "борщ борщу борщі борщем", "рецепт рецепта рецепти", "новина новини новину", "грибний грибного грибна", "акція акції акцій"},
		"pl": {"pieróg pierogi pierogów pierogami", "zupa zupy zupę", "przepis przepisy przepisu przepisów", "grzybowy grzybowa grzybowego", "akcja akcji akcje", "bigos bigosu bigosem"},
		"cs": {"knedlík knedlíky knedlíků", "polévka polévky polévku", "recept recepty receptu", "plněný plněná plněné"},
		"sv": {"köttbulle köttbullar köttbullarna", "recept receptet", "kaka kakor kakan", "aktie aktier"},
		"da": {"kage kager kagen", "aktie aktier", "opskrift opskrifter opskriften", "bolle boller"},
		"nb": {"kake kaker kaken", "oppskrift oppskrifter", "bolle boller"},
		"no": {"aksje aksjer"},
		"fi": {"resepti reseptit reseptin", "piirakka piirakat piirakan", "kakku kakut"},
		"hu": {"recept receptek receptet", "alma almák almát", "leves levesek levest"},
		"ro": {"rețetă rețete rețetele", "ciorbă ciorbe"},
		"tr": {"çorba çorbası çorbalar", "kebap kebabı kebaplar", "börek böreği börekler", "tarif tarifi tarifleri", "haber haberler haberleri", "ankara ankarada ankaradan"},
		"el": {"συνταγή συνταγές συνταγών", "μετοχή μετοχές", "πίτα πίτες πίτας"},
		"ar": {"وصفة الوصفة وصفات", "خبر الخبر والخبر بالخبر للخبر", "لبناني اللبنانية لبنانية", "طبخة الطبخات"},
		"fa": {"کتاب کتابها کتابهای", "خبر خبرها خبرهای"},
		"he": {"מתכון מתכונים המתכון", "עוגה עוגות העוגה", "חדשה חדשות"},
		"hi": {"समोसा समोसे समोसों", "रोटी रोटियां रोटियाँ रोटियों", "खबर खबरें खबरों", "मिठाई मिठाइयां", "पूरी पुरी", "शेयर शेयरों"},
		"id": {"resep resepnya", "harga harganya"},
		"ko": {"김치 김치를 김치는 김치가 김치의", "비빔밥 비빔밥을 비빔밥은 비빔밥이"},
	}
	for language, groups := range tests {
		for _, group := range groups {
			words := strings.Fields(group)
			want := stem.Of(textform.Fold(words[0]), language)
			for _, word := range words[1:] {
				if got := stem.Of(textform.Fold(word), language); got != want {
					t.Errorf("%s: stem(%s) = %q, stem(%s) = %q", language, words[0], want, word, got)
				}
			}
		}
	}
}

func TestOtherWordsKeepOtherStems(t *testing.T) {
	tests := map[string][]string{
		"en": {"price prize", "cheese cheer", "pasta pastry", "news new", "butter butler"},
		"fr": {"gateau chateau", "poisson poison", "chocolat chocolatine"},
		"de": {"kuchen knochen", "torte tor", "suppe sappe"},
		"ru": {"суп супруг", "блин близко", "борщ боры"},
		"es": {"pollo polo", "pez pesa"},
		"ar": {"لبن لبنان", "خبز خبر"},
		"hi": {"रोटी रोज", "दाल दाग"},
		"tr": {"corba corap"},
		"ko": {"김치 김밥"},
		"pl": {"zupa zapas", "bigos biegacz"},
	}
	for language, pairs := range tests {
		for _, pair := range pairs {
			one, other, _ := strings.Cut(pair, " ")
			if stem.Of(textform.Fold(one), language) == stem.Of(textform.Fold(other), language) {
				t.Errorf("%s: %s and %s have the stem %q", language, one, other, stem.Of(textform.Fold(one), language))
			}
		}
	}
}

func TestWordsWithoutInflectionStay(t *testing.T) {
	for _, tt := range []struct{ word, language string }{
		{"ab", "en"}, {"gas", "en"}, {"a1s", "en"}, {"2024", "de"}, {"phở", "vi"}, {"pho", "vi"}, {"寿司", "ja"}, {"饺子", "zh"}, {"ผัดไทย", "th"},
		{"recipes", "xx"}, {"recipes", ""}, {"", "en"}, {"이", "ko"}, {"c++", "en"}, {strings.Repeat("s", 500), "en"},
	} {
		if got := stem.Of(tt.word, tt.language); got != tt.word {
			t.Errorf("stem(%.20q, %s) = %q", tt.word, tt.language, got)
		}
	}
}

func TestStemLightTakesPluralsAndGenitivesOffNames(t *testing.T) {
	for word, want := range map[string]string{
		"lobianis": "lobiani", "nusstorten": "nusstorte", "blodpalts": "blodpalt", "gateaux": "gateau", "tomatoes": "tomato", "quiches": "quiche",
		"pizzas": "pizza", "boxes": "box", "congress": "congress", "bus": "bus", "gas": "gas", "gass": "gass", "taxs": "tax", "ten": "ten", "men": "men",
		"hummus": "hummus", "hex": "hex", "chou": "chou", "choux": "chou", "": "", "блинs": "блинs", "a1s2s": "a1s2s", "pies": "pie",
	} {
		if got := stem.Light(word); got != want {
			t.Errorf("stemLight(%q) = %q; want %q", word, got, want)
		}
	}
}

// languagesWithStems are all languages with rules, and one without.
const languagesWithStems = "ar cs da de el en es fa fi fr he hi hu id it ko ms nb nl nn no pl pt ro ru sk sv tr uk ja"

func TestStemNeverPanicsOrEmptiesAWord(t *testing.T) {
	languages := strings.Fields(languagesWithStems)
	rapid.Check(t, func(t *rapid.T) {
		word := textform.Fold(rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z]{1,14}`), rapid.StringMatching(`[а-я]{1,14}`),
			rapid.StringMatching(`[ء-ي]{1,9}`), rapid.StringMatching(`[ऀ-ॿ]{1,9}`), rapid.StringMatching(`[α-ω]{1,9}`), rapid.StringMatching(`[א-ת]{1,9}`)).Draw(t, "word"))
		for _, language := range languages {
			got := stem.Of(word, language)
			if word != "" && got == "" || utf8.ValidString(word) && !utf8.ValidString(got) {
				t.Fatalf("stem(%q, %s) = %q", word, language, got)
			}
		}
		if got := stem.Light(word); word != "" && got == "" || len(got) > len(word) {
			t.Fatalf("stemLight(%q) = %q", word, got)
		}
	})
}

func FuzzStem(f *testing.F) {
	f.Add("recipes", "en")
	f.Add("\xff\xfe", "tr")
	f.Fuzz(func(t *testing.T, word, language string) {
		if got := stem.Of(word, language); (got == "") != (word == "") {
			t.Errorf("stem(%q, %s) = %q", word, language, got)
		}
	})
}

func TestStemsAreTheSameForManyAtOnce(t *testing.T) {
	want := stem.Of("knodeln", "de")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				stem.Of("recettes", "fr")
				if got := stem.Of("knodeln", "de"); got != want {
					t.Errorf("stem = %q; want %q", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkStem(b *testing.B) {
	for _, tt := range []struct{ word, language string }{
		{"recipes", "en"}, {"recettes", "fr"}, {"nusstorten", "de"}, {"блинами", "ru"}, {"pierogow", "pl"}, {"koreanisches", "de"}, {"reseptin", "fi"}, {"receptek", "hu"},
		{"canciones", "es"}, {"ricette", "it"}, {"receitas", "pt"}, {"retetele", "ro"}, {"tarifleri", "tr"}, {"recepten", "nl"}, {"kakor", "sv"},
	} {
		b.Run(tt.language, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				stem.Of(tt.word, tt.language)
			}
		})
	}
}
