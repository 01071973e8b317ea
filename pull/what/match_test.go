package what_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what"
	"keypull/pull/what/slot"
)

// kiosk returns the catalogue of a local paper with a kitchen and a finance desk.
func kiosk(mode what.Autocorrect) *what.Index {
	stops := what.NewVocabulary([]what.Term{
		{Value: "ZRH-1", Names: []string{"Paradeplatz", "Zürich Paradeplatz"}},
		{Value: "ZRH-2", Names: []string{"Bellevue"}},
		{Value: "ZRH-3", Names: []string{"Bellerive"}},
	})
	return what.NewIndex([]what.Keyword{
		{ID: "tiramisu", Phrases: phrases("it", "tiramisù")},
		{ID: "choco", Phrases: phrases("fr", "gâteau au chocolat")},
		{ID: "fondue", Phrases: map[string][]string{"fr": {"fondue moitié-moitié"}, "de": {"Käsefondue"}}},
		{ID: "strudel", Phrases: phrases("de", "Apfelstrudel", "Strudel mit Äpfeln")},
		{ID: "pie", Phrases: phrases("en", "apple pie", "apple tart")},
		{ID: "pelmeni", Phrases: phrases("ru", "пельмени")},
		{ID: "solyanka", Phrases: phrases("ru", "рыбная солянка")},
		{ID: "gyoza", Phrases: phrases("ja", "焼き餃子")},
		{ID: "mapo", Phrases: phrases("zh", "麻婆豆腐")},
		{ID: "tomyum", Phrases: phrases("th", "ต้มยำกุ้ง")},
		{ID: "kabsa", Phrases: phrases("ar", "كبسة الدجاج")},
		{ID: "chole", Phrases: phrases("hi", "छोले भटूरे")},
		{ID: "weather", Argument: what.ArgumentRequired, Phrases: map[string][]string{"en": {"weather"}, "de": {"Wetter"}, "zh": {"天气"}}},
		{ID: "tram", Argument: what.ArgumentRequired, Vocabulary: stops, Phrases: phrases("de", "Tram")},
		{ID: "tides", Argument: what.ArgumentOptional, Slot: slot.Date, Phrases: phrases("en", "tides")},
		{ID: "harbour", Phrases: phrases("en", "harbour festival")},
		{ID: "harvest", Phrases: phrases("en", "harvest festival")},
		{ID: "allstate", Phrases: phrases("en", "Allstate", "ALL")},
		{ID: "visa", Phrases: phrases("en", "Visa", "V")},
		{ID: "delta", Phrases: phrases("en", "Delta Air Lines", "DAL")},
		{ID: "lilly", Phrases: phrases("en", "Lilly")}, {ID: "lille", Phrases: phrases("fr", "Lille")},
		{ID: "lobster", Phrases: phrases("en", "🦞")},
	}, what.Options{Autocorrect: mode})
}

// told returns a match in a few words: "run weather Graz (argument)".
func told(m what.Match) string {
	words := []string{string(m.Decision)}
	for _, c := range m.Candidates {
		words = append(words, strings.TrimSpace(c.Keyword+" "+c.Argument))
		if m.Decision == what.Run {
			words = append(words, "("+string(m.Tier)+")")
		}
	}
	if m.Decision == what.Reserved {
		words = append(words, string(m.Command))
	}
	if m.Decision == what.None || m.Decision == what.Offer {
		words = append(words, "("+string(m.Reason)+")")
	}
	return strings.Join(words, " ")
}

func TestReadersAreUnderstoodByTiers(t *testing.T) {
	for _, tt := range []struct{ message, want string }{
		// Words that only ask.
		{"please send me the tiramisù recipe", "run tiramisu (filler)"},
		{"Je voudrais la recette du gâteau au chocolat, svp !", "run choco (filler)"},
		{"Könnten Sie mir bitte das Rezept für Apfelstrudel schicken?", "run strudel (filler)"},
		{"как приготовить пельмени", "run pelmeni (filler)"},
		{"焼き餃子の作り方を教えて", "run gyoza (filler)"},
		{"请给我麻婆豆腐的做法", "run mapo (filler)"},
		{"ขอสูตรต้มยำกุ้งหน่อยค่ะ", "run tomyum (filler)"},
		{"طريقة عمل كبسة الدجاج من فضلك", "run kabsa (filler)"},
		{"छोले भटूरे की रेसिपी भेजो", "run chole (filler)"},
		{"what is the price of Allstate today?", "run allstate (filler)"},
		{"Hi all! Long time reader here. Could you tell me about Lille? Kind regards, Ann", "run lille (filler)"},
		// Word order, articles and spaces aside.
		{"chocolat gâteau", "run choco (order)"},
		{"the apple pie", "run pie (order)"},
		{"festival of the harbour", "run harbour (order)"},
		{"applepie", "run pie (folded)"},
		{"a p p l e p i e", "run pie (folded)"},
		// Arguments.
		{"weather in New York please", "run weather New York (argument)"},
		{"Graz weather", "run weather Graz (argument)"},
		{"wie wird das Wetter in Wien", "run weather Wien (argument)"},
		{"北京天气", "run weather 北京 (argument)"},
		{"tram paradeplatz", "run tram ZRH-1 (argument)"},
		{"paradplatz tram", "run tram ZRH-1 (argument)"},
		{"tides tomorrow", "run tides tomorrow (argument)"},
		{"wether in graz", "run weather graz (typing)"},
		// Inflection.
		{"apple pies", "run pie (stem)"},
		{"gâteaux au chocolat", "run choco (stem)"},
		{"рыбной солянки", "run solyanka (stem)"},
		{"الكبسة دجاج", "run kabsa (stem)"},
		// Typing errors.
		{"tirramisu", "run tiramisu (typing)"},
		{"appel pie", "run pie (typing)"},
		{"gateau au chcolat", "run choco (typing)"},
		{"harbor festivel", "run harbour (typing)"},
		{"Apfelstrduel", "run strudel (typing)"},
		// Scripts, keyboards, disguises.
		{"pelmeni", "run pelmeni (script)"},
		{"gtkmvtyb", "run pelmeni (script)"},
		{"тирамису", "run tiramisu (script)"},
		{"ｔｉｒａｍｉｓｕ", "run tiramisu (folded)"},
		{"tirаmisu", "run tiramisu (folded)"},
		{"t1ram1su", "run tiramisu (folded)"},
		{"tiramisuuuuu", "run tiramisu (folded)"},
		{"🦞🦞🦞", "run lobster (filler)"},
		// Offers.
		{"apple", "offer pie (part)"},
		{"festival", "offer harbour harvest (part)"},
		{"lilli", "offer lille lilly (tie)"},
		{"tiramisu or apple pie?", "offer tiramisu pie (tie)"},
		{"my aunt hates tiramisu", "none (common)"},
		{"tram bellevie", "run tram ZRH-2 (argument)"},
		// Quiet.
		{"château", "none (unknown)"},
		{"that is all", "none (common)"},
		{"all the best", "none (common)"},
		{"please don't send tiramisu", "none (negated)"},
		{"good morning", "none (unknown)"},
		{"thank you so much", "none (unknown)"},
		{"moving boxes", "none (unknown)"},
	} {
		if got := told(kiosk("").Match(tt.message)); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.message, got, tt.want)
		}
	}
}

// TestACodeBesideAnotherWishIsOfferedWithIt holds whatever asks for both.
func TestACodeBesideAnotherWishIsOfferedWithIt(t *testing.T) {
	t.Parallel()
	ix := quotes()
	for _, text := range []string{"wipro and news", "wipro and the news please", "please news and wipro", "can i have infosys and the news", "news, wipro please", "news und wipro bitte"} {
		if m := ix.Match(text, "en", "de"); m.Decision != what.Offer || len(m.Candidates) != 2 {
			t.Errorf("%q is %s of %+v", text, m.Decision, m.Candidates)
		}
	}
}

// TestADayAloneIsNotWhatIsOfThatDay: the other words of "la une de demain" are small ones.
func TestADayAloneIsNotWhatIsOfThatDay(t *testing.T) {
	t.Parallel()
	ix := what.NewIndex([]what.Keyword{{ID: "tomorrow", Phrases: map[string][]string{"fr": {"la une de demain"}}}}, what.Options{})
	for text, want := range map[string]what.Decision{
		"demain": what.Offer, "et demain ?": what.Offer, "la une de demain": what.Run,
	} {
		if m := ix.Match(text, "fr"); m.Decision != want {
			t.Errorf("%q is %s, want %s", text, m.Decision, want)
		}
	}
}

// Portuguese "preço", a price, has the letters of Slovak "prečo", why.
func TestAPhraseGoesBeforeACommandThatIsSpeltOtherwise(t *testing.T) {
	t.Parallel()
	priced := what.NewIndex([]what.Keyword{{ID: "price", Phrases: map[string][]string{"pt": {"preço"}}}}, what.Options{})
	for _, text := range []string{"preço", "PREÇO", "preco", "qual o preço"} {
		if m := priced.Match(text, "pt"); m.Decision != what.Run || m.Candidates[0].Keyword != "price" {
			t.Errorf("%q is %s %s %v", text, m.Decision, m.Command, m.Candidates)
		}
	}
	for _, ix := range []*what.Index{priced, what.NewIndex(nil, what.Options{})} {
		if m := ix.Match("prečo", "sk"); m.Command != "why" {
			t.Errorf("prečo is %s %v", m.Decision, m.Candidates)
		}
	}
	stopped := what.NewIndex([]what.Keyword{{ID: "best", Phrases: map[string][]string{"pt": {"cancelár"}}}}, what.Options{})
	if m := stopped.Match("cancelar", "pt"); m.Command != "stop" {
		t.Errorf("STOP yields to %v", m.Candidates)
	}
}

func TestAutocorrectDecidesOnTypingErrors(t *testing.T) {
	for mode, want := range map[what.Autocorrect]string{
		what.AutocorrectConfident: "run tiramisu (typing)",
		what.AutocorrectOffer:     "offer tiramisu (unsure)",
		what.AutocorrectOff:       "none (unknown)",
	} {
		if got := told(kiosk(mode).Match("tirramisu")); got != want {
			t.Errorf("%s: %s, want %s", mode, got, want)
		}
	}
	ix := what.NewIndex([]what.Keyword{
		{ID: "price", Phrases: phrases("en", "copper price"), Autocorrect: what.AutocorrectOffer},
		{ID: "soup", Phrases: phrases("en", "pumpkin soup")},
	}, what.Options{})
	for message, want := range map[string]string{"coper price": "offer price (unsure)", "pmupkin soup": "run soup (typing)"} {
		if got := told(ix.Match(message)); got != want {
			t.Errorf("%q: %s, want %s", message, got, want)
		}
	}
}

func TestAKeywordBehindACommandIsSavedOrLetGo(t *testing.T) {
	for message, want := range map[string]string{
		"subscribe apple pie": "reserved pie save", "save the tiramisu": "reserved tiramisu save", "abonnieren Apfelstrudel": "reserved strudel save",
		"unsubscribe from apple pie": "reserved pie unsave", "stop sending me tiramisu": "reserved tiramisu unsave",
		"subscribe": "reserved start", "unsubscribe": "reserved stop", "unsubscribe me please": "reserved stop",
	} {
		if got := told(kiosk("").Match(message)); got != want {
			t.Errorf("%q: %s, want %s", message, got, want)
		}
	}
}

func TestACorrectedMatchSaysSo(t *testing.T) {
	m := kiosk("").Match("tirramisu please")
	if !m.Corrected || m.Core != "tirramisu" {
		t.Errorf("got corrected %v, core %q", m.Corrected, m.Core)
	}
	if m := kiosk("").Match("tiramisu please"); m.Corrected {
		t.Error("a word without accents is no mistake")
	}
}

func TestACodeNeverFiresInsideASentence(t *testing.T) {
	for _, message := range []string{
		"that's all folks", "v for victory", "all my friends", "are you all there", "we all like dal with rice",
	} {
		if m := kiosk("").Match(message); m.Decision != what.None {
			t.Errorf("%q: %s", message, told(m))
		}
	}
	for message, want := range map[string]string{
		"ALL": "run allstate (exact)", "$ALL": "run allstate (exact)", "price of all": "run allstate (filler)", "all please": "run allstate (filler)", "DAL?": "run delta (exact)",
	} {
		if got := told(kiosk("").Match(message)); got != want {
			t.Errorf("%q: %s, want %s", message, got, want)
		}
	}
}

// crowd returns a catalogue of many keywords of three phrases each.
func crowd(n int) []what.Keyword {
	parts := strings.Fields("ba co di fu ga le mi no pa ri sa to ve zu chi ster mon tal ker lin dor pan qui rus bel tra gno fel ham wick")
	word := func(i int) string {
		var b strings.Builder
		for i = i*7919 + 12345; i > 0; i /= len(parts) {
			b.WriteString(parts[i%len(parts)])
		}
		return b.String()
	}
	ks := make([]what.Keyword, n)
	for i := range ks {
		ks[i] = what.Keyword{ID: fmt.Sprint("k", i), Phrases: phrases("en",
			word(3*i), word(3*i+1)+" "+word(i), word(3*i+2)+" of "+word(2*i))}
	}
	return ks
}

func TestProbesOfAMisspeltMessageDoNotGrowWithTheCatalogue(t *testing.T) {
	small, large := what.NewIndex(crowd(200), what.Options{}), what.NewIndex(crowd(20_000), what.Options{})
	for _, k := range crowd(200) {
		for _, phrase := range k.Phrases["en"] {
			text := phrase[:len(phrase)-2] + phrase[len(phrase)-1:]
			a, b := small.Match(text), large.Match(text)
			if told(a) == told(b) && a.Probes != b.Probes {
				t.Fatalf("%q: %d probes among 200 keywords, %d among 20,000", text, a.Probes, b.Probes)
			}
		}
	}
}

func TestAKeywordsOwnPhraseRunsIt(t *testing.T) {
	ks := crowd(2_000)
	ix := what.NewIndex(ks, what.Options{})
	for _, k := range ks {
		for _, phrase := range k.Phrases["en"] {
			m := ix.Match(phrase)
			if !slices.ContainsFunc(m.Candidates, func(c what.Candidate) bool { return c.Keyword == k.ID }) {
				t.Fatalf("%q: %s, want %s", phrase, told(m), k.ID)
			}
		}
	}
}

func TestAWordOfSeveralEntriesOffersThemWhereTheyCallAlone(t *testing.T) {
	dishes := what.NewVocabulary([]what.Term{
		{Value: "Gâteau au chocolat", Names: []string{"Gâteau au chocolat", "Fondant au chocolat"}}, {Value: "Mousse au chocolat"}, {Value: "Tarte Tatin"}, {Value: "Ratatouille"},
	})
	for _, bare := range []bool{true, false} {
		ix := what.NewIndex([]what.Keyword{{ID: "recipe", Phrases: map[string][]string{"fr": {"recette"}}, Argument: what.ArgumentOptional, Vocabulary: dishes, Bare: bare}}, what.Options{})
		for text, want := range map[string]string{
			"chocolat": "Gâteau au chocolat, Mousse au chocolat", "CHOCOLAT svp": "Gâteau au chocolat, Mousse au chocolat", "tatin": "Tarte Tatin",
			"chocolat noir": "", "au": "", "merci": "",
		} {
			m := ix.Match(text, "fr")
			var offered []string
			for _, c := range m.Candidates {
				offered = append(offered, c.Argument)
			}
			slices.Sort(offered)
			if !bare {
				want = ""
			}
			if got := strings.Join(offered, ", "); got != want || want != "" && (m.Decision != what.Offer || m.Reason != what.ReasonPart) {
				t.Errorf("bare %v: %q is %s by %s (%s): %q; want %q", bare, text, m.Decision, m.Tier, m.Reason, got, want)
			}
		}
	}
}

func TestAWishIsHandedOnWithItsNo(t *testing.T) {
	dishes := what.NewVocabulary([]what.Term{{Value: "Chocolate cake"}, {Value: "Cake without a case"}, {Value: "Nut bread"}})
	// A source that knows of "without" and of nuts and eggs, beside the names of its dishes.
	wish := func(text string, alone bool, known func(string) bool) bool {
		left, out := 0, 0
		for _, word := range strings.Fields(strings.ToLower(text)) {
			switch {
			case word == "without":
				out++
			case known(word):
				left++
			case word != "nuts" && word != "eggs":
				return false
			}
		}
		return out > 0 && (left > 0 || !alone)
	}
	ix := what.NewIndex([]what.Keyword{
		{ID: "recipe", Phrases: phrases("en", "recipe"), Argument: what.ArgumentOptional, Vocabulary: dishes, Wish: wish, Bare: true},
		{ID: "news", Phrases: phrases("en", "news"), Argument: what.ArgumentOptional},
	}, what.Options{})
	for text, want := range map[string]string{
		"recipe without nuts": "recipe:without nuts", "without nuts recipe please": "recipe:without nuts", "do you have a recipe for chocolate cake without eggs?": "recipe:chocolate cake without eggs",
		"cake without nuts": "recipe:cake without nuts", "cake without nuts please": "recipe:cake without nuts", "cake without a case": "recipe:Cake without a case", "chocolate cake": "recipe:Chocolate cake",
		"without nuts": "", "life without nuts": "", "a recipe book without pages": "", "news without nuts": "",
	} {
		m, got := ix.Match(text, "en"), ""
		if m.Decision == what.Run {
			got = m.Candidates[0].Keyword + ":" + m.Candidates[0].Argument
		}
		if got != want {
			t.Errorf("%q: %s %q by %s (%s), want %q", text, m.Decision, got, m.Tier, m.Reason, want)
		}
	}
}

func TestAWordIsOfferedThatIsWrittenAsItIsHeard(t *testing.T) {
	var ks []what.Keyword
	for _, w := range []string{"caterpillar", "croissant", "bouillabaisse", "spaghetti", "mayonnaise", "zucchini", "rhubarb", "philosophy"} {
		ks = append(ks, what.Keyword{ID: w, Phrases: phrases("en", w)})
	}
	ix := what.NewIndex(ks, what.Options{})
	for typed, want := range map[string]string{
		"catterpila": "caterpillar", "crewsant": "croissant", "bullabess": "bouillabaisse", "spagety": "spaghetti",
		"mayonaze": "", "zookeeny": "", "filosofie": "philosophy", "any crewsants please": "croissant",
		"correspondent": "", "capitulate": "", "crescent": "", "they serve crewsant at my aunt's": "", "creations": "", "curtain": "",
	} {
		m := ix.Match(typed, "en")
		got := ""
		if len(m.Candidates) > 0 {
			got = m.Candidates[0].Keyword
		}
		if got != want {
			t.Errorf("%q: %s %q, want %q", typed, m.Decision, got, want)
		}
	}
}

func TestAWordInsideEntriesOffersThem(t *testing.T) {
	cakes := what.NewVocabulary([]what.Term{
		{Value: "Gâteau au chocolat"}, {Value: "Gâteau de Savoie"}, {Value: "Mousse au chocolat"},
		{Value: "Tarte au chocolat et poires"}, {Value: "Chocolat chaud épicé"}, {Value: "Tarte aux pommes"},
	})
	ix := what.NewIndex([]what.Keyword{{
		ID: "recipe", Phrases: map[string][]string{"fr": {"recette"}}, Argument: what.ArgumentOptional, Vocabulary: cakes, Bare: true,
	}}, what.Options{})
	for text, want := range map[string]struct {
		first   string
		fitting int
	}{
		"chocolat":                    {"Gâteau au chocolat", 4},
		"chocolta":                    {"Gâteau au chocolat", 4},
		"gateaux":                     {"Gâteau de Savoie", 2},
		"une tarte s'il vous plaît":   {"Tarte aux pommes", 2},
		"pomme":                       {"Tarte aux pommes", 1},
		"on a mangé une tarte hier":   {},
		"tarte chocolat framboises":   {},
		"je n'aime pas le chocolat":   {},
		"le chocolat, c'est la santé": {},
	} {
		m := ix.Match(text, "fr")
		first := ""
		if m.Decision == what.Offer {
			first = m.Candidates[0].Argument
		}
		if m.Decision == what.Run || first != want.first || m.Fitting != want.fitting {
			t.Errorf("%q: %s %q of %d, want %q of %d", text, m.Decision, first, m.Fitting, want.first, want.fitting)
		}
	}
}

// TestAnEntryOfTwoKeywordsIsOfferedInASentenceToo: one of them writes it as a code.
func TestAnEntryOfTwoKeywordsIsOfferedInASentenceToo(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{
		{ID: "earnings", Phrases: phrases("en", "earnings calendar"), Argument: what.ArgumentOptional, Vocabulary: what.NewVocabulary([]what.Term{{Value: "Wipro"}, {Value: "TCS"}}), Bare: true},
		{ID: "shares", Phrases: phrases("en", "shares"), Argument: what.ArgumentOptional, Vocabulary: what.NewVocabulary([]what.Term{{Value: "WIPRO", Names: []string{"Wipro Ltd"}}, {Value: "TCS"}}), Bare: true},
	}, what.Options{})
	for text, want := range map[string]string{
		"wipro": "Wipro, WIPRO", "wipro please": "Wipro, WIPRO", "price of wipro": "Wipro, WIPRO", "please wipro now": "Wipro, WIPRO", "tcs please": "TCS, TCS",
	} {
		m := ix.Match(text, "en")
		var offered []string
		for _, c := range m.Candidates {
			offered = append(offered, c.Argument)
		}
		if got := strings.Join(offered, ", "); m.Decision != what.Offer || got != want {
			t.Errorf("%q: %s %s by %s, want both offered", text, m.Decision, got, m.Tier)
		}
	}
	named := what.NewIndex([]what.Keyword{
		{ID: "wipro", Phrases: phrases("en", "wipro"), Argument: what.ArgumentNone},
		{ID: "shares", Phrases: phrases("en", "shares"), Argument: what.ArgumentOptional, Vocabulary: what.NewVocabulary([]what.Term{{Value: "WIPRO", Names: []string{"Wipro Ltd"}}}), Bare: true},
	}, what.Options{})
	if m := named.Match("wipro share price today", "en"); m.Decision != what.Run || m.Candidates[0].Keyword != "wipro" {
		t.Errorf("a keyword that is called so: %s %v by %s", m.Decision, m.Candidates, m.Tier)
	}
}

func TestWhatIsOnlyOfferedIsOfferedByTheNameInIt(t *testing.T) {
	shares := what.NewVocabulary([]what.Term{{Value: "SAP"}, {Value: "INFY", Names: []string{"Infosys"}}})
	ix := what.NewIndex([]what.Keyword{{
		ID: "quote", Phrases: map[string][]string{"de": {"Kurs", "Aktie"}}, Argument: what.ArgumentOptional, Vocabulary: shares, Bare: true,
	}}, what.Options{})
	for text, want := range map[string]string{
		"wie steht die sap aktie":         "offer quote:SAP",
		"was macht die infosys aktie":     "offer quote:INFY",
		"aktie sap":                       "run quote:SAP",
		"wie steht die sap infosys aktie": "offer quote:steht die sap infosys",
	} {
		if got := asked(ix.Match(text, "de")); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
