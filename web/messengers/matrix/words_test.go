package matrix_test

import (
	"os"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/web/messengers/matrix"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	set, err := settings.Load(os.DirFS("."), matrix.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: settings.Keys(matrix.Kind.New())})
}
