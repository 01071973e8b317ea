package page_test

import (
	"os"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/sources/page"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	set, err := settings.Load(os.DirFS("."), page.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: append(settings.Keys(page.Kind.New()), "phrase_")})
}
