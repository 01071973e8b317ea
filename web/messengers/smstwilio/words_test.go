package smstwilio_test

import (
	"os"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/web/messengers/smstwilio"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	set, err := settings.Load(os.DirFS("."), smstwilio.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: settings.Keys(smstwilio.Kind.New())})
}
