package what_test

import (
	"os"
	"strings"
	"testing"

	"keypull/pull/what"
	"keypull/pull/what/command"
)

// TestStopIsStopWithWhateverLittleStandsBehindIt reads what begins with STOP: up to two
// words behind it leave it one, unless they make a phrase of the outlet or a saying.
func TestStopIsStopWithWhateverLittleStandsBehindIt(t *testing.T) {
	text, err := os.ReadFile("testdata/stops.txt")
	if err != nil {
		t.Fatal(err)
	}
	half, count, languages := "", map[string]int{}, map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			half = strings.Trim(line, "[]")
		}
		language, message, ok := strings.Cut(line, "\t")
		if !ok {
			continue
		}
		message, phrase, _ := strings.Cut(message, "\t")
		count[half]++
		languages[language] = true
		keywords := []what.Keyword{{ID: "news", Phrases: map[string][]string{language: {"headlines of today"}}}}
		if phrase != "" {
			keywords = append(keywords, what.Keyword{ID: "own", Phrases: map[string][]string{language: {phrase}}})
		}
		m := what.NewIndex(keywords, what.Options{Publisher: "Courier"}).Match(message, language)
		if stops := m.Decision == what.Reserved && m.Command == command.Stop; stops != (half == "stop") {
			t.Errorf("%s: %q is %s %s", language, message, m.Decision, m.Command)
		}
		if own := m.Decision == what.Run && m.Candidates[0].Keyword == "own"; phrase != "" && !own {
			t.Errorf("%s: %q does not run %q", language, message, phrase)
		}
	}
	if count["stop"] < 60 || count["else"] < 60 || len(languages) < 12 {
		t.Errorf("%d of STOP and %d others in %d languages", count["stop"], count["else"], len(languages))
	}
}

func TestStopWithThePublishersNameBehindItIsStop(t *testing.T) {
	ix := what.NewIndex(nil, what.Options{Publisher: "The Weekly Courier of Newtown"})
	if m := ix.Match("STOP the weekly courier of newtown"); m.Command != command.Stop {
		t.Errorf("got %+v", m)
	}
	if m := ix.Match("stop the weekly market of newtown"); m.Command == command.Stop {
		t.Errorf("got %+v", m)
	}
}

// TestAnEndBesideWordsToSomebodyElseIsToBeSurest reads who is addressed, and messages of three words: what
// ends the messages is told from what ends something else.
func TestAnEndBesideWordsToSomebodyElseIsToBeSurest(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{{ID: "news", Phrases: phrases("en", "headlines of today")}}, what.Options{})
	for message, stops := range map[string]bool{
		"lieber Bot, streich mich aus deinem Adressbuch und melde dich nicht mehr":        true,
		"my dear friends, please take my number off your list, the phone keeps waking me": true,
		"mon ami, retire mon numéro de ta liste s'il te plaît":                            true,
		"wrong number sorry":                                    true,
		"mum says please take her off your list":                false,
		"Honey, take the milk off your list please":             false,
		"darling, stop sending me these pictures of your lunch": false,
		"wrong number plate":                                    false,
		"remove the onions":                                     false,
		"annulez ma réservation":                                false,
		"unsubscribe from netflix":                              false,
	} {
		if m := ix.Match(message, "en", "de", "fr"); (m.Decision == what.Reserved && m.Command == command.Stop) != stops {
			t.Errorf("%q is %s %s", message, m.Decision, m.Command)
		}
	}
}
