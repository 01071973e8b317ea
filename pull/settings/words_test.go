package settings_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/settings"
)

// lamp has a field of each sort that words speak of.
type lamp struct {
	Mode  string `name:"mode" label:"Mode" help:"How it shines." choices:",bright,dim"`
	Bulbs []bulb `name:"bulbs" label:"Bulbs" help:"What shines." more:"true"`
}

type bulb struct {
	Watt int `name:"watt" label:"Watt" help:"How much it takes."`
}

func lampWords() settings.Words {
	return settings.Words{
		"en": {"mode.choice.": "Whatever"},
		"fr": {
			"title": "Lampe", "help": "Elle éclaire.", "mode.label": "Mode", "mode.help": "Comment elle éclaire.", "mode.choice.": "Au choix",
			"bulbs.label": "Ampoules", "bulbs.help": "Ce qui éclaire.", "bulbs.watt.label": "Watts", "bulbs.watt.help": "Ce qu'elle consomme.",
			"problem.No {thing} shines.": "Aucune {thing} n'éclaire.",
		},
	}
}

func TestTranslateSaysFieldsAndChoicesInALanguage(t *testing.T) {
	fields, err := settings.Fields(&lamp{})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ language, want string }{
		{"fr", "Mode/Comment elle éclaire./Au choix Ampoules/Ce qui éclaire. Watts/Ce qu'elle consomme."},
		{"fr-CA", "Mode/Comment elle éclaire./Au choix Ampoules/Ce qui éclaire. Watts/Ce qu'elle consomme."},
		{"en", "Mode/How it shines./Whatever Bulbs/What shines. Watt/How much it takes."},
		{"de", "Mode/How it shines./Whatever Bulbs/What shines. Watt/How much it takes."},
		{"", "Mode/How it shines./Whatever Bulbs/What shines. Watt/How much it takes."},
	}
	for _, tt := range tests {
		mode, bulbs := settings.Translate(fields, lampWords(), tt.language)[0], settings.Translate(fields, lampWords(), tt.language)[1]
		watt := bulbs.Fields[0]
		got := strings.Join([]string{mode.Label, "/", mode.Help, "/", mode.ChoiceLabels[""], " ", bulbs.Label, "/", bulbs.Help, " ", watt.Label, "/", watt.Help}, "")
		if got != tt.want {
			t.Errorf("in %q got %q, want %q", tt.language, got, tt.want)
		}
		if _, said := mode.ChoiceLabels["dim"]; said {
			t.Errorf("in %q a choice without words has some", tt.language)
		}
	}
	if fields[0].ChoiceLabels != nil || fields[1].Fields[0].Label != "Watt" {
		t.Error("the fields that were given have changed")
	}
	if fields[0].More || !fields[1].More {
		t.Error("bulbs alone are folded away as more")
	}
}

func TestCompleteFindsWhatIsMissingOrTooMuch(t *testing.T) {
	tests := []struct {
		name      string
		change    func(settings.Words)
		languages []string
		want      string
	}{
		{"nothing", func(settings.Words) {}, []string{"fr"}, ""},
		{"a language", func(settings.Words) {}, []string{"fr", "de"}, "de lacks bulbs.help"},
		{"a field of a row", func(w settings.Words) { delete(w["fr"], "bulbs.watt.label") }, []string{"fr"}, "fr lacks bulbs.watt.label"},
		{"an empty text", func(w settings.Words) { w["fr"]["title"] = "" }, []string{"fr"}, "fr lacks title"},
		{"a choice that English says", func(w settings.Words) { w["en"]["mode.choice.dim"] = "Dim" }, []string{"fr"}, "fr lacks mode.choice.dim"},
		{"a field that is gone", func(w settings.Words) { w["fr"]["size.label"] = "Taille" }, []string{"fr"}, "fr has size.label, which nobody asks for"},
		{"a choice that is gone", func(w settings.Words) { w["fr"]["mode.choice.off"] = "x" }, []string{"fr"}, "fr has mode.choice.off"},
		{"other placeholders", func(w settings.Words) { w["fr"]["problem.No {thing} shines."] = "Rien." }, []string{"fr"}, "fr has other placeholders in problem.No {thing} shines."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := lampWords()
			tt.change(w)
			err := w.Complete(&lamp{}, tt.languages...)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestWordsOfAStructServeWhereItIsAField(t *testing.T) {
	type house struct {
		Lamp lamp `name:"lamp" label:"Lamp" help:"Its lamp."`
	}
	own := settings.Words{"fr": {"title": "Maison", "help": "On y vit.", "lamp.label": "Lampe", "lamp.help": "Sa lampe."}}
	w := settings.Join(own, lampWords().At("lamp"))
	if err := w.Complete(&house{}, "fr"); err != nil {
		t.Error(err)
	}
	if got := w.Say("fr", "title", ""); got != "Maison" {
		t.Errorf("got the title %q", got)
	}
	p := settings.NewProblem("lamp", "No {thing} shines.", "thing", "LED")
	if got, want := p.In("fr", w), "Aucune LED n'éclaire."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVerifyRefusesToFoldWhatMustBeFilledIn(t *testing.T) {
	err := settings.Verify(&struct {
		A string `name:"a" label:"A" help:"A." check:"required" example:"a" more:"true"`
	}{}, nil)
	if err == nil || !strings.Contains(err.Error(), "can't be folded") {
		t.Errorf("got %v", err)
	}
}

func TestEverySentenceIsThereInEveryLanguageWithTheSameBlanks(t *testing.T) {
	blanks := regexp.MustCompile(`\{\w+\}`)
	in := func(text string) []string {
		found := blanks.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for key, texts := range settings.Sentences() {
		for _, language := range []string{"en", "fr", "de"} {
			if !strings.HasSuffix(texts[language], ".") && !strings.HasSuffix(texts[language], "?") {
				t.Errorf("%s in %s is no sentence: %q", key, language, texts[language])
			}
			if diff := cmp.Diff(in(texts["en"]), in(texts[language])); diff != "" {
				t.Errorf("%s in %s has other blanks:\n%s", key, language, diff)
			}
		}
		if len(texts) != 3 {
			t.Errorf("%s has %d languages", key, len(texts))
		}
	}
}

func TestAProblemIsToldInALanguage(t *testing.T) {
	tests := []struct {
		problem      settings.Problem
		language     string
		want         string
		wantInNobody string
	}{
		{settings.NewProblem("a", "required"), "fr", "Une valeur est obligatoire.", "A value is required."},
		{settings.NewProblem("a", "text", "got", "a number"), "de-AT", `Schreiben Sie einen Text, etwa "abc", nicht eine Zahl.`, `Write a text, such as "abc", not a number.`},
		{settings.NewProblem("a", "id", "got", `"a list"`), "fr", `Écrivez 1 à 32 lettres minuscules sans accent, chiffres ou tirets, sans tiret au début, et non "a list".`,
			`Write 1 to 32 small letters, digits or hyphens, the first no hyphen, not "a list".`},
		{settings.NewProblem("a", "Turn it on."), "fr", "Turn it on.", "Turn it on."},
		{settings.NewProblem("a", "check", "reason", "Not now", "check", "cron"), "fr", "Not now.", "Not now."},
	}
	for _, tt := range tests {
		if got := tt.problem.In(tt.language); got != tt.want {
			t.Errorf("in %s got %q, want %q", tt.language, got, tt.want)
		}
		if got := tt.problem.In("xx", settings.Words{}); got != tt.wantInNobody || got != tt.problem.Message {
			t.Errorf("in a language that nobody speaks got %q, want %q", got, tt.wantInNobody)
		}
	}
	own := settings.Words{"fr": {"problem.Turn it on.": "Allumez-la.", "problem.required": "Il faut la lampe."}}
	ps := settings.Problems{settings.NewProblem("a", "Turn it on."), settings.NewProblem("b", "required")}
	said := ps.In("fr", own)
	if said[0].Message != "Allumez-la." || said[1].Message != "Il faut la lampe." || ps[0].Message != "Turn it on." {
		t.Errorf("got %v of %v", said, ps)
	}
}
