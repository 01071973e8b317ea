package pull_test

import (
	"testing"

	"keypull/pull"
	"keypull/pull/what/command"
	"keypull/pull/what/languages"
)

func TestEveryWayToSayANumberTakesTheOption(t *testing.T) {
	for answer, said := range map[string][]string{
		quoted: {
			"1", " 1. ", "#1", "１", "(1)", "1️⃣", "①", "№ 1", "no. 1", "No 1", "nr. 1", "n° 1", "1.)", "/1", "١", "१", "๑", "option 1", "第1", "1番", "1st", "1º",
			"one", "One!", "first", "the first", "the first one", "le premier", "la première", "premiere", "eins", "das erste", "Erste",
			"uno", "el primero", "primero", "il primo", "um", "o primeiro", "een", "de eerste", "pierwszy", "birinci", "satu", "yang pertama",
			"первый", "один", "الأول", "واحد", "पहला", "एक", "一つ目", "最初", "第一个", "一", "อันแรก", "หนึ่ง", "1 paris (capital)",
		},
		sap: {
			"2", "2️⃣", "２", "two", "second", "le deuxième", "deux", "zwei", "das zweite", "el segundo", "dos", "il secondo", "due", "o segundo", "dois",
			"de tweede", "twee", "drugi", "dwa", "ikinci", "iki", "kedua", "dua", "второй", "два", "الثاني", "दूसरा", "二つ目", "第二个", "อันที่สอง", "last", "das letzte",
		},
	} {
		for _, text := range said {
			k := newQuestionTalk(t)
			k.say("paris")
			if got := k.say(text); got != answer {
				t.Errorf("%q got %s", text, got)
			}
			if k.last.Trace.What.Tier != "choice" || k.reader.Question != nil {
				t.Errorf("%q: %+v", text, k.last.Trace.What)
			}
		}
	}
}

func TestYesAndNoAreUnderstoodInManyLanguages(t *testing.T) {
	for answer, said := range map[string][]string{
		quoted: {"yes", "Y", "ok", "OK!", "yes please", "oui", "d’accord", "ja", "ja bitte", "sí", "si", "sì", "sim", "tak", "evet", "ya", "да", "نعم", "हाँ", "はい", "是", "ใช่", "네", "👍🏽"},
		declined: {"no", "No.", "n", "none", "neither", "no thanks", "non", "non merci", "nein", "nein, danke", "keins davon", "ninguno", "nessuno", "não", "nee", "nie",
			"hayır", "tidak", "нет", "لا", "नहीं", "いいえ", "不是", "ไม่", "아니요", "👎"},
	} {
		for _, text := range said {
			k := newQuestionTalk(t)
			k.say("wiprp")
			if got := labels(k.say(text)); got != answer {
				t.Errorf("%q got %s", text, got)
			}
		}
	}
}

func TestNoWordAnswersAQuestionInTwoWays(t *testing.T) {
	for word, choices := range pull.Choices() {
		if len(choices) > 1 {
			t.Errorf("%q says %v", word, choices)
		}
		if command, ok := command.Lookup(word); ok {
			t.Errorf("%q is the command %s", word, command)
		}
	}
}

// TestPolitenessAroundAChoiceIsNoPartOfIt says each ordinal of each language with its politeness
// around it.
func TestPolitenessAroundAChoiceIsNoPartOfIt(t *testing.T) {
	t.Parallel()
	three := []string{"paris (capital)", "Paris (psg)", "SAP"}
	tried, k := 0, newQuestionTalk(t)
	begins := k.reader
	for _, tag := range languages.Tags() {
		var polite []string
		for _, word := range languages.Lines(tag, "polite.txt", "polite") {
			polite = append(polite, word)
		}
		for i, section := range []string{"first", "second", "third"} {
			for _, word := range languages.Lines(tag, "choice.txt", section) {
				if len(polite) == 0 {
					continue
				}
				for _, text := range []string{word + " " + polite[0], word + ", " + polite[0] + "!", polite[0] + " " + word} {
					k.reader = begins
					k.say("which")
					q := k.reader.Question
					if q == nil || len(q.Options) != len(three) {
						t.Fatalf("%+v", q)
					}
					tried++
					if got := k.say(text); k.last.Trace.What.Tier != "choice" || k.last.Trace.What.Keyword != q.Options[i].Keyword {
						t.Errorf("%s: %q got %s", tag, text, got)
					}
				}
			}
		}
	}
	if tried < 300 {
		t.Errorf("%d ways were tried", tried)
	}
}
