package proofs_test

import (
	"os"
	"testing"

	"keypull/pull/words"
	"keypull/pull/words/wordstest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	set, err := words.Load(os.DirFS("words"))
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}})
}
