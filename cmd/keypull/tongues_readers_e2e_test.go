package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull/words"
)

// What readers of each language are told by a web chat, from the first word on,
// has no word of English, and none in letters of another script.
func TestReadersOfEveryLanguageAreAnsweredInItByTheWebChat(t *testing.T) {
	site := newNewsSite(t)
	f := site.feed("n.xml", "4711")
	recipe := site.feed("r.html", "")
	recipe.raw = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `<script type="application/ld+json">{"@type":"Recipe","name":"Qxr","prepTime":"PT20M","cookTime":"PT1H5M","totalTime":"PT85M",
			"recipeYield":"4","recipeIngredient":["4711","0815"],"recipeInstructions":["1","2","3"]}</script>`)
	}
	told := 0
	for _, language := range words.Readers() {
		f.change(func(f *newsFeed) { f.down = false })
		s := serveInOne(t, language, f.url(), recipe.url())
		ask := chatting(t, s, language)
		command := func(name string) string { return words.Core().Say(language, "command."+name, nil) }
		for _, text := range []string{
			"zzn", command("menu"), command("help"), command("start"), command("human"), "c:mydata", "c:forget", "c:why", "c:lang", "c:more", "c:save", "c:drop", "c:unsave",
			"zzunknown", "zznn", "zzq", "zzq ACMEE", "zzq ACME", "zzr", "zzr Qxr", "zzt", "zzto", "zzo", "zzl", "zzp", "zzh", "o:1:zz", "zzn zzt", command("no"),
			command("stop"), "zzn", command("start"), "zzn",
		} {
			said := codesIn.ReplaceAllString(ask(text), "")
			told++
			if odd := foreignWords(language, said); said == "" || len(odd) > 0 {
				t.Errorf("%s: %q was answered %q, with %q", language, text, said, odd)
			}
		}
		f.change(func(f *newsFeed) { f.down = true })
		s.clock.advance(3 * time.Hour)
		for _, text := range []string{"zzn", "zzd"} {
			said := codesIn.ReplaceAllString(ask(text), "")
			told++
			if odd := foreignWords(language, said); said == "" || len(odd) > 0 {
				t.Errorf("%s, with the source away: %q was answered %q, with %q", language, text, said, odd)
			}
		}
		s.stop()
	}
	t.Logf("%d answers", told)
}

// codesIn finds what is no word: the codes of answers and readers.
var codesIn = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}(?:-[0-9A-Z])?|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|/mydata\?t=[\w-]+`)

// serveInOne serves a publisher of one language.
func serveInOne(t *testing.T, language, feed, recipe string) *service {
	t.Helper()
	keyword := func(id, source string, lines ...string) string {
		return strings.Replace(keywordBlock(id, source, lines...), "{ en =", "{ "+language+" =", 1)
	}
	s := newService(t, feedBlock("n", feed, `max_age = "1h"`), feedBlock("d", feed, `max_age = "0s"`),
		sourceBlock("r", "recipe", "", fmt.Sprintf("urls = [%q]", recipe)),
		sourceBlock("t", "text", "", `answers = [{ text = "4711" }]`),
		keyword("zzn", "n"), keyword("zzd", "d"), keyword("zzr", "r", `argument = "optional"`), keyword("zzt", "t"), keyword("zzto", "t", "from = 2030-01-01T00:00:00Z"),
		keyword("zzo", "t", "until = 2020-01-01T00:00:00Z"), keyword("zzl", "n", "count = 3"), keyword("zzp", "r", `reply = [{ show = "title" }, { show = "total_minutes" }, { show = "ingredients" }]`),
		keyword("zzh", "t", `hours = ["mon 03:00-03:01"]`), keyword("zzq", "r", `argument = "required"`), chatBlock())
	text, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	whole := strings.NewReplacer(`["en", "fr", "de"]`, `["`+language+`"]`, `"Lecker"`, `"Qx"`, "Ada Example, reader@example.org", "4711").Replace(string(text))
	if err := os.WriteFile(s.path, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	s.start()
	return s
}

// chatting returns one reader's session.
func chatting(t *testing.T, s *service, language string) func(text string) string {
	session := ""
	return func(text string) string {
		s.clock.advance(time.Second)
		b, _ := json.Marshal(map[string]any{"text": text, "session": session, "language": language, "consent": "given"})
		got := request(t, http.MethodPost, s.URL+"/chat/lecker/web/messages", string(b), jsonHeader)
		var a struct {
			Session string
			Replies []struct {
				Text    string
				Buttons []struct{ Label string }
			}
		}
		if err := json.Unmarshal([]byte(got.body), &a); err != nil || got.status != http.StatusOK {
			t.Fatalf("%s: %d %s", text, got.status, got.body)
		}
		session = a.Session
		var all []string
		for _, r := range a.Replies {
			all = append(all, r.Text)
			for _, b := range r.Buttons {
				all = append(all, b.Label)
			}
		}
		return strings.Join(all, "\n")
	}
}

var (
	latin = regexp.MustCompile(`[A-Za-z]{2,}`)
	// The publisher's own words.
	ownWords = regexp.MustCompile(`(?i)https?://\S+|\b(?:zz\w*|qxr?|acmee?|lecker|/start)\b`)
)

// foreignWords returns those of an answer that are English, or in letters that the language has not.
func foreignWords(language, said string) (odd []string) {
	said = ownWords.ReplaceAllString(said, " ")
	if slices.Contains(strings.Fields("ar hi ja ru th zh"), language) {
		return latin.FindAllString(said, -1)
	}
	if language == "en" {
		return nil
	}
	for _, w := range strings.Fields(said) {
		if w = strings.ToLower(strings.Trim(w, ".,;:!?()…“”„«»'")); slices.Contains(strings.Fields("the this that with there have which you your send please answer again what nothing right now will from where minutes hours ago and"), w) {
			odd = append(odd, w)
		}
	}
	return odd
}
