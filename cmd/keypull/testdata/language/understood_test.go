package what_test

import (
	"testing"

	"keypull/pull/what"
)

func TestEsperantoIsUnderstood(t *testing.T) {
	var all []what.Keyword
	for id, phrase := range map[string]string{"news": "novaĵoj", "traffic": "trafiko", "tickets": "biletoj", "weather": "vetero"} {
		k := what.Keyword{ID: id, Phrases: map[string][]string{"eo": {phrase}}}
		if id == "weather" {
			k.Argument = what.ArgumentOptional
		}
		all = append(all, k)
	}
	ix := what.NewIndex(all, what.Options{})
	for text, want := range map[string]string{
		"saluton, novaĵoj": "run news", "bonvolu sendi al mi la novaĵojn": "run news", "mi ŝatus havi la novaĵoj, dankon": "run news",
		"montru al mi trafiko mi petas": "run traffic", "mi bezonas biletoj por morgaŭ": "run tickets", "ĉu estas biletoj?": "run tickets",
		"novajoj bonvole": "run news", "vetero en Lisbono": "run weather Lisbono", "ne la trafiko, sed la novaĵoj": "run news",
		"novaĵoj kaj trafiko": "offer news traffic", "koran dankon": "none", "hieraŭ la vetero estis terura ĉe mia onklino": "none",
		"haltu": "reserved stop", "bonvolu ne sendu al mi pliajn mesaĝojn": "reserved stop", "ĉesu sendi mesaĝojn": "reserved stop",
		"forviŝu ĉiujn miajn datumojn": "reserved forget", "mi volas paroli kun homo": "reserved human", "kiel tio funkcias": "reserved help",
	} {
		m := ix.Match(text, "eo")
		got := string(m.Decision)
		if m.Decision == what.Reserved {
			got += " " + string(m.Command)
		}
		for _, c := range m.Candidates {
			got += " " + c.Keyword
			if c.Argument != "" {
				got += " " + c.Argument
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
