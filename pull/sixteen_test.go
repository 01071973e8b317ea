package pull_test

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what/command"
	"keypull/pull/who"
	"keypull/pull/words"
)

// sentences returns the stretches of what is said to readers in a language, places
// cut out, by the language.
func sentences(t *testing.T) map[string][]string {
	t.Helper()
	place := regexp.MustCompile(`\{[^}]*\}`)
	all := map[string][]string{}
	for _, language := range words.Readers() {
		names, err := fs.Glob(words.Files(), language+"/reader*.json")
		if err != nil || len(names) == 0 {
			t.Fatal(language, err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(words.Files(), name)
			if err != nil {
				t.Fatal(err)
			}
			var texts map[string]any
			if err := json.Unmarshal(b, &texts); err != nil {
				t.Fatal(err)
			}
			for _, said := range texts {
				forms, ok := said.(map[string]any)
				if !ok {
					forms = map[string]any{"": said}
				}
				for _, form := range forms {
					all[language] = append(all[language], place.Split(form.(string), -1)...)
				}
			}
		}
	}
	return all
}

// foreign returns a stretch of a text that stands in another language's files
// and not in its own.
func foreign(all map[string][]string, language, text string) string {
	for other, stretches := range all {
		for _, s := range stretches {
			s = strings.TrimSpace(s)
			if other == language || utf8.RuneCountInString(s) < 4 || !strings.ContainsFunc(s, unicode.IsLetter) || !strings.Contains(text, s) {
				continue
			}
			if !slices.ContainsFunc(all[language], func(own string) bool { return strings.Contains(own, s) }) {
				return other + ": " + s
			}
		}
	}
	return ""
}

func TestNoSentenceStandsInTwoLanguages(t *testing.T) {
	at := map[string]string{}
	for language, stretches := range sentences(t) {
		for _, s := range stretches {
			s = strings.Trim(s, " .,:;!?¿¡«»“”„‘’()")
			if !strings.Contains(s, " ") {
				continue
			}
			other, ok := at[s]
			if near := "es pt"; ok && len(s) <= 20 && strings.Contains(near, other) && strings.Contains(near, language) {
				continue
			}
			if ok && other != language {
				t.Errorf("%q stands in %s and in %s", s, other, language)
			}
			at[s] = language
		}
	}
}

// inOne makes the publisher of the tests one of a single language.
func inOne(t *testing.T, language string) *talk {
	t.Helper()
	k := newTalk(t)
	p := publisher()
	p.Languages, p.Contact, p.Privacy = []string{language}, "4711", "https://example.org/x"
	p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "parts", Source: "exchange", Query: "SAP", Phrases: map[string][]string{"en": {"tabula"}},
		Reply: []catalogue.Part{{Show: "title"}, {Show: "price"}, {Show: "stamp"}}})
	past := monday.Add(-time.Hour)
	p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "past", Source: "exchange", Query: "SAP", Until: &past, Phrases: map[string][]string{"en": {"finis"}}})
	for i := range p.Keywords {
		p.Keywords[i].Phrases = map[string][]string{language: p.Keywords[i].Phrases["en"]}
	}
	e, err := k.edit(p)
	if err != nil {
		t.Fatal(err)
	}
	k.edition = e
	return k
}

// wordFor returns the word by which readers of a language are told to send one.
func wordFor(language, name string) string {
	return words.Core().Say(language, "command."+name, nil)
}

func TestReadersOfEveryLanguageHearNoOther(t *testing.T) {
	all := sentences(t)
	for _, language := range words.Readers() {
		t.Run(language, func(t *testing.T) {
			told := 0
			hold := func(what, text string) {
				t.Helper()
				told++
				if text == "" {
					t.Errorf("%s: nothing is said", what)
				}
				if other := foreign(all, language, text); other != "" {
					t.Errorf("%s: %q says %q", what, text, other)
				}
			}
			for what, ask := range map[string]pull.Incoming{
				"menu": {Text: wordFor(language, "menu")}, "help": {Text: wordFor(language, "help")}, "start": {Text: wordFor(language, "start")},
				"stop": {Text: wordFor(language, "stop")}, "human": {Text: wordFor(language, "human")}, "my data": {Tap: "c:mydata"},
				"forget": {Tap: "c:forget"}, "why": {Tap: "c:why"}, "proof": {Tap: "c:proof"}, "check": {Tap: "c:check"}, "language": {Tap: "c:lang"}, "more": {Tap: "c:more"},
				"nothing": {Text: " "}, "unknown": {Text: "zeppelin"}, "near": {Text: "templatum"}, "misspelt": {Text: "embargoo"},
				"no such entry": {Text: "quote ACME"}, "no argument": {Text: "must"}, "not yet": {Text: "embargo"}, "over": {Text: "finis"},
				"tie": {Text: "paris"}, "fresh": {Text: "wipro now"}, "template": {Text: "template"}, "parts": {Text: "tabula"},
				"a button of old": {Tap: "o:1:zz"}, "a greeting": {Text: "hello"}, "drop": {Tap: "c:drop"}, "unsave": {Tap: "c:unsave"},
				"group start": {Text: wordFor(language, "start"), Group: true}, "group stop": {Text: wordFor(language, "stop"), Group: true},
				"aside": {Tap: "c:mydata", Group: true},
			} {
				k := inOne(t, language)
				k.reader = who.Reader{}
				text := k.send(pull.Ask{Incoming: ask})
				for _, b := range k.last.Reply.Blocks {
					for _, f := range b.Facts {
						text += " | " + f.Label + ": " + f.Value
					}
				}
				hold(what, text)
			}
			for what, says := range conversationsIn(t, language) {
				hold(what, says)
			}
			if told < 35 {
				t.Errorf("only %d asks", told)
			}
		})
	}
}

// conversationsIn are answers that need a past, as they end.
func conversationsIn(t *testing.T, language string) map[string]string {
	t.Helper()
	said := map[string]string{}
	k := inOne(t, language)
	k.say("paris")
	said["no"] = k.say(wordFor(language, "no"))
	k.say(wordFor(language, "stop"))
	said["stopped"] = k.say("paris")
	k = inOne(t, language)
	k.source.down = true
	said["silent"] = k.say("wipro now")
	k.source.down = false
	k.at = k.at.Add(time.Minute)
	k.say("wipro now")
	k.source.down, k.at = true, k.at.Add(2*time.Minute)
	said["minutes"] = k.say("wipro now")
	k.at = k.at.Add(400 * 24 * time.Hour)
	said["too old"] = k.say("wipro now")
	k = inOne(t, language)
	k.say("floor")
	k.at = monday.Add(24 * time.Hour)
	said["closed"] = k.say("floor")
	reply := pull.Reply{Language: language, Blocks: []pull.Block{{}}, Told: &pull.Told{Dated: "4711"}}
	for n, what := range map[int]string{1: "one earlier", 2: "two earlier", 5: "five earlier", 22: "many earlier"} {
		said[what] = reply.Earlier(n).Blocks[0].Text
	}
	overdue, _ := k.edition.Overdue(reply, k.last.Trace, k.at)
	said["overdue"] = overdue.Blocks[0].Text
	said["working"] = k.edition.Working(language).Blocks[0].Text
	return said
}

// What a text tells readers to send is understood as that, in their language.
func TestReadersAreToldToSendWhatIsUnderstood(t *testing.T) {
	for _, language := range words.Readers() {
		for name, want := range map[string]command.Command{
			"menu": command.Menu, "stop": command.Stop, "start": command.Start, "help": command.Help, "human": command.Human, "save": command.Save, "my": command.My, "forget": command.Forget, "mydata": command.MyData,
		} {
			if got, ok := command.Lookup(wordFor(language, name)); !ok || got != want {
				t.Errorf("%s: %q is understood as %q, want %q", language, wordFor(language, name), got, want)
			}
		}
		if _, asks := command.AsksToCheck(wordFor(language, "check")); !asks {
			t.Errorf("%s: %q checks no code", language, wordFor(language, "check"))
		}
		k := inOne(t, language)
		k.say("paris")
		k.say(wordFor(language, "no"))
		if k.last.Trace.What.Command != "drop" {
			t.Errorf("%s: %q is no refusal: %+v", language, wordFor(language, "no"), k.last.Trace.What)
		}
	}
}

// A sentence names commands by the words of its language alone: none is
// written out in it, in capitals or in the letters of another script.
func TestSentencesNameCommandsByKey(t *testing.T) {
	latin := regexp.MustCompile(`[A-Za-z]{2,}`)
	capitals := regexp.MustCompile(`\p{Lu}{3,}`)
	for language, stretches := range sentences(t) {
		own := []string{"URL"}
		for _, name := range []string{"menu", "stop", "start", "help", "human", "check", "forget", "mydata", "yes", "no", "save", "my"} {
			own = append(own, wordFor(language, name))
		}
		for _, s := range stretches {
			if slices.Contains(own, s) {
				continue
			}
			if found := capitals.FindString(s); found != "" {
				t.Errorf("%s: %q writes %s out", language, s, found)
			}
			readers := strings.Contains(s, "|") // wordings that people write, in Latin letters as well
			if script := []string{"ar", "hi", "ja", "ru", "th", "zh"}; slices.Contains(script, language) && !readers {
				if found := latin.FindString(strings.ReplaceAll(s, "/start", "")); found != "" {
					t.Errorf("%s: %q has %s in it", language, s, found)
				}
			}
		}
	}
}

// Whoever asks in a language that the publisher has is answered in it, whatever
// the client says of the reader; one that the publisher lacks changes nothing.
func TestAQuestionIsAnsweredInTheLanguageInWhichItWasAsked(t *testing.T) {
	k := newTalk(t)
	p := publisher()
	p.Languages = words.Readers()
	p.Keywords = p.Keywords[:1]
	p.Keywords[0].Phrases = map[string][]string{}
	for i, language := range p.Languages {
		p.Keywords[0].Phrases[language] = []string{"frase" + string(rune('a'+i))}
	}
	var err error
	if k.edition, err = k.edit(p); err != nil {
		t.Fatal(err)
	}
	for i, language := range p.Languages {
		for _, client := range []string{"", "en-US", "sv", p.Languages[(i+5)%16]} {
			k.language = client
			k.say("frase" + string(rune('a'+i)) + " ACME")
			if got := k.last.Reply.Language; got != language {
				t.Errorf("client %q: asked in %s, answered in %s", client, language, got)
			}
		}
	}
	lacking := inOne(t, "it")
	lacking.language = "de"
	if got := lacking.say("zeppelin"); !strings.HasPrefix(got, "Non conosco") {
		t.Errorf("a client of a language that the publisher lacks: %s", got)
	}
	unserved := inOne(t, "sv")
	unserved.language = "pl"
	if got := unserved.say("zeppelin"); !strings.HasPrefix(got, "Nie znam") {
		t.Errorf("a publisher of no language that is served: %s", got)
	}
}

// TestWhatIsNotKnownIsAnsweredInItsOwnLanguage greets, and asks for nothing that there
// is, in sentences of another language than the client's.
func TestWhatIsNotKnownIsAnsweredInItsOwnLanguage(t *testing.T) {
	k := newTalk(t)
	p := publisher()
	p.Languages = words.Readers()
	var err error
	if k.edition, err = k.edit(p); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Guten Abend": "de", "Bonsoir à tous": "fr", "Buenas tardes": "es", "Dzień dobry": "pl", "こんばんは": "ja",
		"gestern war ich mit meiner Tante im Garten": "de",
		"hier je suis allé chez ma grand-mère":       "fr",
		"zeppelin":                                   "tr", // a word alone tells nothing: the client's
	} {
		k.language = "tr"
		k.say(text)
		if got := k.last.Reply.Language; got != want {
			t.Errorf("%q is answered in %s, want %s", text, got, want)
		}
	}
	for _, c := range []string{"o:1:zz", "k:quote", "c:menu"} {
		k.send(pull.Ask{Incoming: pull.Incoming{Tap: c}})
		if got := k.last.Reply.Language; got != "tr" {
			t.Errorf("tap %s is answered in %s", c, got)
		}
	}
}
