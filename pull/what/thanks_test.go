package what_test

import (
	"testing"

	"keypull/pull/what"
)

func TestThanksForSomethingAreNoWish(t *testing.T) {
	ix := transit()
	for text, want := range map[string]what.Decision{
		"thanks for the weather yesterday, spot on": what.None,
		"thank you so much for the traffic news":    what.None,
		"danke für weather":                         what.None,
		"weather için teşekkürler":                  what.None,
		"thanks, and the weather please":            what.Run,
		"thanks for the traffic, weather please":    what.Run,
		"weather please, thanks for your help":      what.Run,
		"thanks in advance for the weather":         what.Run,
	} {
		if m := ix.Match(text); m.Decision != want {
			t.Errorf("%q: %s of %v, want %s", text, m.Decision, m.Candidates, want)
		}
	}
}

func TestWhoAsksHowItGoesTodayWantsNothing(t *testing.T) {
	ix := transit()
	for _, text := range []string{"how are you today", "hallo, wie gehts heute?", "ça va ce soir ?", "ciao come va oggi", "привет, как дела сегодня", "今日は元気ですか", "à demain", "bis morgen"} {
		if m := ix.Match(text); m.Decision != what.None || m.Core != "" {
			t.Errorf("%q: %s with %q left", text, m.Decision, m.Core)
		}
	}
}
