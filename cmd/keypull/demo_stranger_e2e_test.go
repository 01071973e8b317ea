package main

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"keypull/pull/words"
)

// stranger is somebody who opens the demo's chat with a browser of a language.
type stranger struct {
	t                 *testing.T
	url               string
	language, session string
}

// heard is what one message was answered with.
type heard struct {
	Text    string
	Buttons []struct{ Label, Send string }
}

func (h heard) labels() (all []string) {
	for _, b := range h.Buttons {
		all = append(all, b.Label)
	}
	return all
}

// say sends a message, and returns all that came back as one.
func (s *stranger) say(text, tap string) heard {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"text": text, "tap": tap, "session": s.session, "language": s.language})
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/chat/demo/web/messages", strings.NewReader(string(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var got struct {
		Session string
		Replies []heard
	}
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil || res.StatusCode != http.StatusOK || len(got.Replies) == 0 {
		s.t.Fatalf("%q: %d, %v, %+v", text, res.StatusCode, err, got)
	}
	s.session = got.Session
	var one heard
	for _, r := range got.Replies {
		one.Text, one.Buttons = one.Text+r.Text+"\n", append(one.Buttons, r.Buttons...)
	}
	return one
}

// visit opens the chat anew, greeted already.
func visit(t *testing.T, url, language string) *stranger {
	t.Helper()
	s := &stranger{t: t, url: url, language: language}
	s.say("WIPRO", "")
	return s
}

// saidIn returns the stretches of what readers are told in each language, by the
// service and in recipes, places cut out.
func saidIn(t *testing.T) map[string][]string {
	t.Helper()
	place := regexp.MustCompile(`\{[^}]*\}`)
	all := map[string][]string{}
	for _, from := range []fs.FS{words.Files(), os.DirFS("../../sources/recipe/words")} {
		for _, language := range words.Readers() {
			names, err := fs.Glob(from, language+"/reader*.json")
			if err != nil || len(names) == 0 {
				t.Fatal(language, err)
			}
			for _, name := range names {
				b, err := fs.ReadFile(from, name)
				if err != nil {
					t.Fatal(err)
				}
				// Where a number decides, a text has several forms: what stands
				// between quotes is all that matters here.
				for _, m := range regexp.MustCompile(`: "((?:[^"\\]|\\.)*)"`).FindAllStringSubmatch(string(b), -1) {
					all[language] = append(all[language], place.Split(m[1], -1)...)
				}
			}
		}
	}
	return all
}

// mixed returns a stretch of a text that stands in another language's files and
// not in its own.
func mixed(all map[string][]string, language, text string) string {
	for other, stretches := range all {
		for _, s := range stretches {
			s = strings.TrimSpace(s)
			if other == language || utf8.RuneCountInString(s) < 6 || !strings.ContainsFunc(s, unicode.IsLetter) || !says(text, s) {
				continue
			}
			if !slices.ContainsFunc(all[language], func(own string) bool { return strings.Contains(own, s) }) {
				return other + ": " + s
			}
		}
	}
	return ""
}

// says reports whether a stretch stands in a text, and is no part of a word: "product" is none of "producteurs".
func says(text, stretch string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], stretch)
		if at < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+at])
		behind, _ := utf8.DecodeRuneInString(text[from+at+len(stretch):])
		if !unicode.IsLetter(before) && !unicode.IsLetter(behind) {
			return true
		}
		from += at + len(stretch)
	}
}

// strangers are what people who never saw the demo write into it: their
// language, the message, the language that they are answered in, and what must
// stand in the answer. That of an item needs no next step.
var strangers = []struct {
	reader, message, answer, want string
	item                          bool
}{
	{"en", "MENU", "en", "answers to", false},
	{"en", "HELP", "en", "For example: Wipro", false},
	{"fr", "help", "fr", "Par exemple : Wipro", false},
	{"en", "hello", "en", "At your service", false},
	{"en", "WIPRO", "en", "INR", true},
	{"en", "quote Wipro", "en", "INR", true},
	{"en", "what is the price of Infosys", "en", "INR", true},
	{"en", "apple stock", "en", "“apple”", false},
	{"en", "bitcoin", "en", "“bitcoin”", false},
	{"en", "tiramisu", "en", "Ingredients", true},
	{"en", "recipe", "en", "Ingredients", true},
	{"en", "recipe with eggs", "en", "fit “recipe with eggs”. Is it one of these?", false},
	{"en", "news", "en", "/c/demo/", true},
	{"en", "latest news", "en", "/c/demo/", true},
	{"en", "weather in Paris", "en", "°C", true},
	{"en", "opening hours", "en", "Monday", true},
	{"en", "who are you", "en", "keypull", true},
	{"en", "what can you do", "en", "For example", false},
	{"en", "wirpo", "en", "“Wipro”", false},
	{"en", "thanks", "en", "You are welcome", true},
	{"en", "quote", "en", "Which one? For example: ", false},
	{"en", "more", "en", "nothing more", false},
	{"en", "my data", "en", "Loopback Lane", false},
	{"en", "👍", "en", "Thank you. It is counted", true},
	{"en", "pizza", "en", "“pizza”", false},
	{"en", "talk to a human", "en", "A person of The Daily Pull is asked for", true},
	{"fr", "MENU", "fr", "répond à", false},
	{"fr", "AIDE", "fr", "Par exemple : Wipro", false},
	{"fr", "bonjour", "fr", "À votre service", false},
	{"fr", "cours Wipro", "fr", "INR", true},
	{"fr", "gâteau au chocolat", "fr", "Ingrédients", true},
	{"fr", "gateau choclat", "fr", "« Gâteau au chocolat »", false},
	{"fr", "météo à Paris", "fr", "°C", true},
	{"fr", "les nouvelles", "fr", "/c/demo/", true},
	{"fr", "recette", "fr", "Ingrédients", true},
	{"fr", "recette oeufs", "fr", "vont avec « oeufs »", false},
	{"fr", "qui es-tu", "fr", "keypull", true},
	{"fr", "mes données", "fr", "Loopback Lane", false},
	{"de", "MENÜ", "de", "antwortet auf", false},
	{"de", "HILFE", "de", "Zum Beispiel: Wipro", false},
	{"de", "hallo", "de", "Gern zu Diensten", false},
	{"de", "Kurs Wipro", "de", "INR", true},
	{"de", "rezept", "de", "Zutaten", true},
	{"de", "rezept mit eiern", "de", "Zu „rezept mit eiern“ passen ", false},
	{"de", "tiramisu", "en", "Ingredients", true},
	{"de", "Kartoffelsuppe", "de", "Zutaten", true},
	{"de", "kartofelsupe", "de", "„Kartoffelsuppe“", false},
	{"de", "wetter in Berlin", "de", "°C", true},
	{"de", "was kannst du", "de", "Zum Beispiel", false},
	{"de", "datenschutz", "de", "speichern", true},
	{"es", "MENÚ", "en", "answers to", false},
	{"es", "hola", "en", "At your service", false},
	{"es", "noticias", "en", "“noticias”", false},
	{"es", "receta", "fr", "Ingrédients", true},
	{"hi", "नमस्ते", "en", "At your service", false},
	{"hi", "विप्रो", "en", "“Wipro”", false},
	{"hi", "समाचार", "en", "समाचार", false},
	{"ja", "ヘルプ", "en", "For example: Wipro", false},
	{"ja", "ティラミス", "en", "“Tiramisu”", false},
	{"ja", "ニュース", "en", "ニュース", false},
}

func TestAStrangerIsAnsweredInOneLanguageWithANextStep(t *testing.T) {
	d := runningAt(t, t.TempDir())
	t.Cleanup(func() { d.end(t) })
	all := saidIn(t)
	eventually(t, "the recipes are there", func() bool {
		return strings.Contains(visit(t, d.server.URL, "en").say("tiramisu", "").Text, "mascarpone")
	})
	for _, tt := range strangers {
		got := visit(t, d.server.URL, tt.reader).say(tt.message, "")
		name := tt.reader + ", " + tt.message
		if !strings.Contains(got.Text, tt.want) {
			t.Errorf("%s: got %q, want %q in it", name, got.Text, tt.want)
		}
		if other := mixed(all, tt.answer, got.Text); other != "" {
			t.Errorf("%s: %q says %q", name, got.Text, other)
		}
		if hint := strings.Contains(got.Text, "Loopback Lane"); !tt.item && !hint && len(got.Buttons) == 0 {
			t.Errorf("%s: %q leads nowhere", name, got.Text)
		}
		for _, b := range got.Buttons {
			if next := visit(t, d.server.URL, tt.reader).say(b.Label, b.Send); next.Text == "\n" || mixed(all, tt.answer, next.Text) != "" {
				t.Errorf("%s: its button %s leads to %q", name, b.Label, next.Text)
			}
		}
	}
}

func TestTheMenuIsInOneLanguageWithTheBestFirst(t *testing.T) {
	d := runningAt(t, t.TempDir())
	t.Cleanup(func() { d.end(t) })
	eventually(t, "the recipes are there", func() bool {
		return strings.Contains(visit(t, d.server.URL, "en").say("tiramisu", "").Text, "mascarpone")
	})
	for language, want := range map[string]struct {
		word string
		best []string
		none string
	}{
		"en": {"MENU", []string{"Wipro", "Tiramisu", "news"}, "über uns"},
		"fr": {"MENU", []string{"Wipro", "Gâteau au chocolat", "actus"}, "about"},
		"de": {"MENÜ", []string{"Wipro", "Apfelstrudel", "nachrichten"}, "about"},
		"es": {"MENÚ", []string{"Wipro", "Tiramisu", "news"}, "über uns"},
	} {
		labels := visit(t, d.server.URL, language).say(want.word, "").labels()
		if len(labels) < 5 || !slices.Equal(labels[:3], want.best) || slices.Contains(labels, want.none) {
			t.Errorf("%s: the menu shows %q", language, labels)
		}
	}
}

func TestAFloodOfLettersIsNotEchoed(t *testing.T) {
	d := runningAt(t, t.TempDir())
	t.Cleanup(func() { d.end(t) })
	if got := visit(t, d.server.URL, "en").say(strings.Repeat("x", 3000), ""); len(got.Text) > 150 || len(got.Buttons) == 0 {
		t.Errorf("got %q, %q", got.Text, got.labels())
	}
}

func TestWhoSaidStopIsToldTheWayBackEachTimeInTheWebChat(t *testing.T) {
	d := runningAt(t, t.TempDir())
	t.Cleanup(func() { d.end(t) })
	s := visit(t, d.server.URL, "en")
	for _, message := range []string{"STOP", "WIPRO", "hello", "STOP", "HELP", "MENU"} {
		if got := s.say(message, ""); !slices.Equal(got.labels(), []string{"START"}) {
			t.Errorf("%s: %q with %q, want the way back", message, got.Text, got.labels())
		}
	}
	if got := s.say("START", "c:start"); !strings.Contains(got.Text, "This is The Daily Pull") || !slices.Contains(got.labels(), "Wipro") {
		t.Errorf("back again: %q with %q", got.Text, got.labels())
	}
	if got := s.say("WIPRO", ""); !strings.Contains(got.Text, "INR") {
		t.Errorf("back again: %q", got.Text)
	}
}
