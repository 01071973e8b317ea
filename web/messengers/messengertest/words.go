package messengertest

import (
	"os"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/words/wordstest"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Words holds the message files in the test's folder to what its kind says; built
// are the beginnings of keys that its code puts together.
func Words(t *testing.T, k messengers.Kind, built ...string) {
	t.Helper()
	set, err := settings.Load(os.DirFS("."), k.New())
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Run(t, wordstest.Case{Set: set, Code: []string{"."}, Built: append(httpapi.Keys(settings.Keys(k.New())...), built...)})
}
