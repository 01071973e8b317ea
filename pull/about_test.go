package pull_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
	"keypull/pull/words"
)

// counted tells what was asked of late, or that it can't.
type counted struct {
	sums journal.Sums
	err  error
}

func (c counted) LastDays(context.Context, string) (journal.Sums, error) { return c.sums, c.err }

// sumsOf returns those of so many asks, of which some were answered with what was so old.
func sumsOf(asked, answered int, age time.Duration) journal.Sums {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var day journal.DayFigures
	for n := range asked {
		t := journal.Trace{At: at, Outcome: journal.Missed}
		if n < answered {
			t.Outcome, t.When.Fetched = journal.Answered, at.Add(-age)
		}
		day.AddAsk(&t)
	}
	return day.Hours[9]
}

func TestReadersMayAskWhoAnswersAndHowWell(t *testing.T) {
	const lead = "This is Paper. Keywords answered here: "
	for _, tt := range []struct {
		name, text string
		of         counted
		want       string
		lacks      string
	}{
		{"in one word", "ABOUT", counted{sums: sumsOf(200, 150, 11*time.Minute)}, "Questions in the last 30 days: 200; answered: 75%. Half of the answers were no older than 12 min.", "Fewer"},
		{"in a sentence", "who are you?", counted{sums: sumsOf(5, 5, 20*time.Hour)}, "5; answered: 100%. Half of the answers were no older than ", "Fewer"},
		{"where few have asked", "about", counted{sums: sumsOf(4, 4, time.Minute)}, "Fewer than 5 questions in the last 30 days", "100"},
		{"where figures can't be read", "about", counted{err: errors.New("the disk")}, lead, "disk"},
	} {
		k := newTalk(t)
		k.resolver.Counted = tt.of
		got := k.say(tt.text)
		if !strings.Contains(got, lead) || !strings.Contains(got, tt.want) || strings.Contains(got, tt.lacks) {
			t.Errorf("%s: %q is answered %q", tt.name, tt.text, got)
		}
	}
}

func TestReadersAreToldWhoAnswersInEachLanguage(t *testing.T) {
	for language, text := range map[string]string{
		"en": "about", "de": "über euch", "fr": "à propos de vous", "es": "quiénes sois", "it": "chi siete", "pt": "sobre este serviço", "nl": "wie zijn jullie",
		"pl": "kim jesteście", "ru": "кто вы", "tr": "siz kimsiniz", "ar": "من أنتم", "hi": "आप कौन हैं", "id": "siapa anda", "ja": "このサービスについて", "th": "คุณคือใคร", "zh": "你们是谁",
	} {
		p := publisher()
		p.Languages = []string{language}
		k := newTalk(t)
		var err error
		if k.edition, err = k.edit(p); err != nil {
			t.Fatal(err)
		}
		k.resolver.Counted, k.language = counted{sums: sumsOf(200, 150, 11*time.Minute)}, language
		got := k.say(text)
		want := words.Core().Say(language, "about.asked", words.Args{"asked": 200, "percent": 75})
		if k.last.Trace.What.Command != "about" || !strings.Contains(got, want) {
			t.Errorf("%s: %q is %s, answered %q", language, text, k.last.Trace.What.Command, got)
		}
	}
}

// What a publisher calls so itself goes before, and a word that leads to another asks for that.
func TestAPublishersOwnWordsGoBeforeAbout(t *testing.T) {
	k := newTalk(t)
	k.resolver.Counted = counted{}
	for text, command := range map[string]string{"about": "about", "about wipro": "", "tell me about": "", "über": "", "about the bridge": ""} {
		if k.say(text); k.last.Trace.What.Command != command {
			t.Errorf("%q is %q, want %q", text, k.last.Trace.What.Command, command)
		}
	}
	p := publisher()
	p.Keywords[1].Phrases = map[string][]string{"en": {"about", "who are you"}, "de": {"über uns"}}
	var err error
	if k.edition, err = k.edit(p); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"about", "ABOUT!", "who are you", "über uns"} {
		if k.say(text); k.last.Trace.What.Keyword != "wipro-now" {
			t.Errorf("%q is answered by %q %q", text, k.last.Trace.What.Keyword, k.last.Trace.What.Command)
		}
	}
}

// Whether readers come back is counted by the day on which they asked last.
func TestVisitsAreCountedByDayAndMonth(t *testing.T) {
	k := newTalk(t)
	k.reader = who.Reader{}
	for _, step := range []struct {
		after time.Duration
		want  journal.Visit
	}{
		{0, journal.FirstOfDay | journal.FirstOfMonth}, {time.Hour, 0}, {24 * time.Hour, journal.FirstOfDay | journal.BackOnDay},
		{31 * 24 * time.Hour, journal.FirstOfDay | journal.BackOnDay | journal.FirstOfMonth | journal.BackInMonth},
	} {
		k.at = monday.Add(step.after)
		if k.say("wipro now"); k.last.Trace.Who.Visit != step.want {
			t.Errorf("after %s it is %b, want %b", step.after, k.last.Trace.Who.Visit, step.want)
		}
	}
	k.channel, k.reader = "asking", who.Reader{}
	if k.say("wipro now"); k.last.Trace.Who.Visit != 0 || k.last.Reader.Asked != 0 {
		t.Errorf("of who agreed to nothing it is %b, and %d is kept", k.last.Trace.Who.Visit, k.last.Reader.Asked)
	}
}
