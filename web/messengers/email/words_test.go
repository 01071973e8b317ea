package email_test

import (
	"os"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/web/messengers/email"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	set, err := settings.Load(os.DirFS("."), email.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: settings.Keys(email.Kind.New())})
}
