package catalogue_test

import (
	"errors"
	"os"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/pull/words/wordstest"
)

func TestTheMessageFilesOfTheCatalogueAreWhole(t *testing.T) {
	set, err := settings.Load(os.DirFS("."), &catalogue.Publisher{})
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: settings.Keys(&catalogue.Publisher{})})
}

func TestWhatChecksOfOthersSayIsTranslated(t *testing.T) {
	bad := func(string) error { return words.Fail(nil, "cron.one_zone", nil) }
	var p catalogue.Publisher
	err := settings.Draft(&p, map[string]any{
		"id": "p", "name": "P", "languages": []any{"en"}, "time_zone": "UTC",
		"source":  []any{map[string]any{"id": "s", "kind": "feed", "refresh": "x"}},
		"keyword": []any{map[string]any{"id": "k", "source": "s", "phrases": map[string]any{"en": []any{"k"}}, "hours": []any{"x"}}},
	}, settings.Checks{"cron": bad, "hours": bad})
	var problems settings.Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Fatalf("got %v, want two problems", err)
	}
	got := problems.In("fr-CA")
	if want := "Écrivez une ligne cron de cinq champs, par exemple */5 6-22 * * *, ou @every 5m, et non \"x\" : un fuseau horaire suffit."; got[0].Message != want {
		t.Errorf("got %q, want %q", got[0].Message, want)
	}
	if want := "Écrivez des jours et des heures, par exemple mon-fri 09:15-15:30, et non \"x\" : un fuseau horaire suffit."; got[1].Message != want {
		t.Errorf("got %q, want %q", got[1].Message, want)
	}
	if got, want := problems.In("it")[0].Message, "Write a cron line of five fields, such as */5 6-22 * * *, or @every 5m, not \"x\": one time zone is enough."; got != want {
		t.Errorf("without words got %q, want %q", got, want)
	}
}
