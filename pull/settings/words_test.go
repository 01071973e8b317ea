package settings_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// lamp has a field of each sort that words speak of.
type lamp struct {
	Mode  string `name:"mode" label:"Mode" help:"How it shines." choices:",bright,dim"`
	Bulbs []bulb `name:"bulbs" label:"Bulbs" help:"What shines." more:"true"`
}

type bulb struct {
	Watt int `name:"watt" label:"Watt" help:"How much it takes."`
}

func said(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func lampFiles() fstest.MapFS {
	return fstest.MapFS{
		"words/en/own.json": said(`{"mode.choice.": "Whatever", "dark": "No {thing} shines."}`),
		"words/fr/own.json": said(`{"mode.choice.": "Au choix", "dark": "Aucune {thing} n'éclaire."}`),
		"words/de/own.json": said(`{"mode.choice.": "Egal", "dark": "Keine {thing} leuchtet."}`),
		"words/es/own.json": said(`{"mode.choice.": "Da igual", "dark": "Ninguna {thing} alumbra."}`),
		"words/fr/fields.json": said(`{"mode.label": "Mode", "mode.help": "Comment elle éclaire.",
			"bulbs.label": "Ampoules", "bulbs.help": "Ce qui éclaire.", "bulbs.watt.label": "Watts", "bulbs.watt.help": "Ce qu'elle consomme."}`),
		"words/de/fields.json": said(`{"mode.label": "Art", "mode.help": "Wie sie leuchtet.",
			"bulbs.label": "Birnen", "bulbs.help": "Was leuchtet.", "bulbs.watt.label": "Watt", "bulbs.watt.help": "Was sie braucht."}`),
		"words/es/fields.json": said(`{"mode.label": "Modo", "mode.help": "Cómo alumbra.",
			"bulbs.label": "Bombillas", "bulbs.help": "Lo que alumbra.", "bulbs.watt.label": "Vatios", "bulbs.watt.help": "Lo que gasta."}`),
	}
}

func lampWords(t *testing.T) *words.Set {
	t.Helper()
	set, err := settings.Load(lampFiles(), &lamp{})
	if err != nil {
		t.Fatal(err)
	}
	return set
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
		{"it", "Mode/How it shines./Whatever Bulbs/What shines. Watt/How much it takes."},
		{"", "Mode/How it shines./Whatever Bulbs/What shines. Watt/How much it takes."},
	}
	for _, tt := range tests {
		mode, bulbs := settings.Translate(fields, lampWords(t), tt.language, "")[0], settings.Translate(fields, lampWords(t), tt.language, "")[1]
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

func TestLoadNamesWhatIsMissingOrTooMuch(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"a field of a row", "words/fr/fields.json", `{"mode.label": "M", "mode.help": "M", "bulbs.label": "A", "bulbs.help": "A", "bulbs.watt.label": "W"}`, "fr/fields.json: bulbs.watt.help is missing"},
		{"a field that is gone", "words/fr/fields.json", `{"size.label": "Taille"}`, "fr/fields.json: size.label is too many"},
		{"other places", "words/de/own.json", `{"mode.choice.": "Egal", "dark": "Nichts leuchtet."}`, "de/own.json: dark fills in"},
		{"no file", "words/es/fields.json", "", "es/fields.json: the file is missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := lampFiles()
			if files[tt.file] = said(tt.text); tt.text == "" {
				delete(files, tt.file)
			}
			if _, err := settings.Load(files, &lamp{}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
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

func TestAProblemIsToldInALanguage(t *testing.T) {
	tests := []struct {
		problem      settings.Problem
		language     string
		want         string
		wantInNobody string
	}{
		{settings.NewProblem("a", "required"), "fr", "Remplissez ce champ : il est obligatoire.", "Fill this in: it is required."},
		{settings.NewProblem("a", "text", "got", words.Text{Key: "got.number"}), "de-AT", `Schreiben Sie einen Text, etwa "abc", nicht eine Zahl.`, `Write a text, such as "abc", not a number.`},
		{settings.NewProblem("a", "id", "got", `"a list"`), "fr", `Écrivez 1 à 32 lettres minuscules sans accent, chiffres ou tirets, sans tiret au début, et non "a list".`,
			`Write 1 to 32 small letters, digits or hyphens, the first no hyphen, not "a list".`},
		{settings.NewProblem("a", "check", "reason", "Not now", "check", "tide"), "fr", "Not now.", "Not now."},
		{settings.NewProblem("a", "check", "reason", "Not now", "check", "store"), "fr", "Écrivez bolt: et un fichier, par exemple bolt:keypull.db, ou postgres:// et une base de données.", "Write bolt: and a file, such as bolt:keypull.db, or postgres:// and a database."},
	}
	for _, tt := range tests {
		if got := tt.problem.In(tt.language); got != tt.want {
			t.Errorf("in %s got %q, want %q", tt.language, got, tt.want)
		}
		if got := tt.problem.In("xx"); got != tt.wantInNobody || got != tt.problem.Message {
			t.Errorf("in a language that nobody speaks got %q, want %q", got, tt.wantInNobody)
		}
	}
	ps := settings.Problems{settings.Wrong("a", lampWords(t).Text("dark", words.Args{"thing": "LED"})), settings.NewProblem("b", "required")}
	told := ps.In("fr")
	if told[0].Message != "Aucune LED n'éclaire." || told[1].Message != "Remplissez ce champ : il est obligatoire." || ps[0].Message != "No LED shines." {
		t.Errorf("got %v of %v", told, ps)
	}
}
