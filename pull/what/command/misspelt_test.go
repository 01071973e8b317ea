package command_test

import (
	"testing"

	"keypull/pull/what/command"
	"keypull/pull/what/textform"
)

//nolint:misspell // that is what it is about
func TestCommandsAreForgivenASlipInALongWord(t *testing.T) {
	for text, want := range map[string]command.Command{
		"unsubscirbe":                      command.Stop,
		"please delte all my persnal data": command.Forget,
		"langauge":                         command.Lang,
		"i want to speak to an oprator":    command.Human,
		"mneu":                             command.Menu, "bjaa": command.Stop,
		"abbestelen": command.Stop,
		"désaboner":  command.Stop,
	} {
		if got, ok := command.Misspelt(textform.Normal(text)); !ok || got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"menk",              // too short to tell
		"canal",             // a word of its own
		"personnel",         // of another language than one thinks
		"stopp the presses", // no wording
		"helium",
		"leeds", // a town, one letter from a language
	} {
		if got, ok := command.Misspelt(textform.Normal(text)); ok {
			t.Errorf("%q is %q, want nothing", text, got)
		}
	}
}
