package words_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/words"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// counting returns a set in four languages of very different plurals.
func counting(t *testing.T) *words.Set {
	t.Helper()
	set, err := words.Load(fstest.MapFS{
		"en/a.json": file(`{"near": {"one": "{n} entry near {place}", "other": "{n} entries near {place}"}, "bare": "Nothing"}`),
		"fr/a.json": file(`{"near": {"one": "{n} fiche près de {place}", "other": "{n} fiches près de {place}"}, "bare": "Rien"}`),
		"pl/a.json": file(`{"near": {"one": "{n} wpis koło {place}", "few": "{n} wpisy koło {place}", "many": "{n} wpisów koło {place}", "other": "{n} wpisu koło {place}"}, "bare": "Nic"}`),
		"ar/a.json": file(`{"near": {"zero": "لا شيء قرب {place}", "one": "عنصر واحد قرب {place}", "two": "عنصران قرب {place}", "few": "{n} عناصر قرب {place}", "many": "{n} عنصرًا قرب {place}", "other": "{n} عنصر قرب {place}"}, "bare": "لا شيء"}`),
		"ja/a.json": file(`{"near": {"other": "{place}の近くに{n}件"}, "bare": "なし"}`),
	}, "en", "fr", "pl", "ar", "ja")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestThisPackagesFilesAreWhole(t *testing.T) {
	all, err := words.Load(words.Files())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range all.Keys("") {
		for _, tag := range words.Readers() {
			if said := all.Say(tag, key, nil); said == "" || said == key {
				t.Errorf("%s: %s says %q", tag, key, said)
			}
		}
	}
}

func TestANumberChoosesTheFormThatItsLanguageHas(t *testing.T) {
	set := counting(t)
	for _, c := range []struct {
		tag  string
		n    any
		want string
	}{
		{"en", 1, "1 entry near X"}, {"en", 0, "0 entries near X"}, {"en", 1.5, "1.5 entries near X"},
		{"fr", 0, "0 fiche près de X"}, {"fr-CA", 2, "2 fiches près de X"},
		{"pl", 22, "22 wpisy koło X"}, {"pl", 12, "12 wpisów koło X"}, {"pl_PL", 1.5, "1,5 wpisu koło X"},
		{"ar", 2, "عنصران قرب \u2068X\u2069"}, {"ar", 103, "103 عناصر قرب \u2068X\u2069"},
		{"ja", 12345678, "Xの近くに12,345,678件"},
		{"sw", 2, "2 entries near X"}, {"en", "two", "two entries near X"},
	} {
		if got := set.Say(c.tag, "near", words.Args{"n": c.n, "place": "X"}); got != c.want {
			t.Errorf("%s %v: got %q, want %q", c.tag, c.n, got, c.want)
		}
	}
}

func TestLoadNamesEverySentenceThatIsWrong(t *testing.T) {
	_, err := words.Load(fstest.MapFS{
		"en/a.json": file(`{"both": "{one} and {two}", "n": {"one": "{n} day", "other": "{n} days"}, "gone": "Gone", "open": "An {Open brace", "twice": "a", "twice": "b"}`),
		"de/a.json": file(`{"both": "{one} und {drei}", "n": {"one": "{n} Tag"}, "extra": "Zu viel", "open": "gut", "twice": "c"}`),
		"pl/a.json": file(`{"both": "{one} i {two}", "n": "{n} dni", "gone": "", "open": "dobrze", "twice": "c"}`),
		"de/b.json": file(`{}`),
	}, "en", "de", "pl", "tr")
	if err == nil {
		t.Fatal("nothing is found wrong")
	}
	for _, want := range []string{
		"de/a.json: both fills in [drei one], and English [one two]",
		`de/a.json: n lacks the plural form "other"`,
		"de/a.json: extra is too many", "de/a.json: gone is missing",
		"pl/a.json: n counts: it needs plural forms", "pl/a.json: gone: it says nothing",
		"tr/a.json: the file is missing", "en/a.json: twice stands there twice",
		"en/a.json: open:", "de/b.json: English has no such file",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named in:\n%v", want, err)
		}
	}
}

func TestATextTravelsWithWhatFillsIt(t *testing.T) {
	at := time.Date(2026, 5, 1, 14, 30, 0, 0, time.UTC)
	set := counting(t)
	sent := set.Text("near", words.Args{
		"n": 3, "place": words.Text{Key: "form.list_last", Args: words.Args{"before": "a", "last": at}},
	})
	b, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	var got words.Text
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if want := "3 entries near a and 1 May 2026, 14:30"; got.In("pl") != want {
		t.Errorf("a text whose set stayed behind says %q, want %q", got.In("pl"), want)
	}
	if want := "3 wpisy koło a i 1 maja 2026, 14:30"; sent.In("pl") != want {
		t.Errorf("a text with its set says %q, want %q", sent.In("pl"), want)
	}
	core := words.Text{Key: "form.list_last", Args: words.Args{"before": []string{"a", "b"}, "last": 2.5}}
	if b, err = json.Marshal(core); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &got); err != nil || !got.Equal(core) || got.In("fr") != "a et b et 2,5" {
		t.Errorf("got %q (%v), equal %v", got.In("fr"), err, got.Equal(core))
	}
}

func TestWhatIsOfTheOtherDirectionStandsByItself(t *testing.T) {
	set := counting(t)
	for _, c := range []struct{ tag, place, want string }{
		{"ar", "غراتس", "3 عناصر قرب غراتس"},
		{"ar", "Graz", "3 عناصر قرب \u2068Graz\u2069"},
		{"ar", "2026-05-01", "3 عناصر قرب \u20682026-05-01\u2069"},
		{"ar", "14:30", "3 عناصر قرب 14:30"},
		{"en", "غراتس", "3 entries near \u2068غراتس\u2069"},
		{"en", "Graz é 東京", "3 entries near Graz é 東京"},
	} {
		if got := set.Say(c.tag, "near", words.Args{"n": 3, "place": c.place}); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.tag, c.place, got, c.want)
		}
	}
}

func TestNumbersAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	for _, c := range []struct{ tag, number, want string }{
		{"en", "1234567.80", "1,234,567.80"}, {"de", "-1234.5", "-1.234,5"}, {"fr", "12345", "12\u202f345"},
		{"hi", "123456789", "12,34,56,789"}, {"es", "1234", "1234"}, {"es", "12345", "12.345"},
		{"pl", "12345.6", "12\u00a0345,6"}, {"ja", "1e6", "1e6"}, {"de", "", ""}, {"de", "1.", "1."},
	} {
		if got := words.Number(c.tag, c.number); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.tag, c.number, got, c.want)
		}
	}
}

// Whatever fills a sentence arrives unchanged, in any language, and nothing of
// it is read as a place again.
func TestWhatFillsASentenceArrivesUnchanged(t *testing.T) {
	set := counting(t)
	rapid.Check(t, func(t *rapid.T) {
		tag := rapid.SampledFrom([]string{"en", "fr", "pl", "ar", "ja", "xx", "fr-CA", ""}).Draw(t, "tag")
		place := rapid.String().Draw(t, "place")
		n := rapid.OneOf(rapid.Int().AsAny(), rapid.Float64().AsAny(), rapid.String().AsAny()).Draw(t, "n")
		said := set.Say(tag, "near", words.Args{"n": n, "place": place})
		if !strings.Contains(said, place) {
			t.Fatalf("%q lost %q", said, place)
		}
		if strings.Contains(strings.ReplaceAll(said, place, ""), "{place}") {
			t.Fatalf("%q is not filled in", said)
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add(`{"a": "{b}"}`, "x")
	f.Add(`{"a": {"one": "{n}", "other": "{n}s"}}`, "{n}")
	f.Add(`{"a": {"few": "}"}}`, "\u2068")
	f.Fuzz(func(_ *testing.T, content, value string) {
		set, err := words.Load(fstest.MapFS{"en/a.json": file(content)}, "en")
		if err != nil {
			return
		}
		for _, key := range set.Keys("") {
			_ = set.Say("en", key, words.Args{"n": value, "b": value})
		}
	})
}
