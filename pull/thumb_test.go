package pull_test

import (
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
)

func TestSignsSayWhatIsThoughtOfAnAnswer(t *testing.T) {
	t.Parallel()
	for signs, want := range map[string]int{
		"👍": 1, "👍🏽": 1, "❤️": 1, "❤️‍🔥": 1, "🔥": 1, "👏👏": 1, "🎉 🙏": 1, "😍": 1, "👎": -1, "👎🏿": -1, "😡": -1, "💩": -1, "🤮": -1,
		"": 0, " ": 0, "👍👎": 0, "👎 👍": 0, "😂": 0, "👍 wipro": 0, "1": 0, "🏽": 0,
	} {
		if got := pull.ThumbOf(signs); got != want {
			t.Errorf("%q says %d, want %d", signs, got, want)
		}
	}
}

func TestReadersSayWhatTheyThinkOfAnAnswer(t *testing.T) {
	t.Parallel()
	const noted = "Thank you. It is counted without your name."
	for name, c := range map[string]conversation{
		"by words":             {{"news", headlines}, {"good answer!", noted}, {"2", "Second headline"}},
		"by a sign":            {{"news", headlines}, {"👎🏽", noted}},
		"in German":            {{"nachrichten", headlines}, {"Daumen runter", noted}},
		"after hours":          {{"news", headlines}, {"+23h that was not helpful", noted}},
		"of nothing":           {{"thumbs down", unknownWord("thumbs")}},
		"of what is long past": {{"news", headlines}, {"+25h thumbs down", unknownWord("thumbs")}},
	} {
		t.Run(name, func(t *testing.T) {
			k, _, _ := newSavingTalk(t)
			c.hold(t, k)
		})
	}
}

// rated is what a trace tells of a thumb.
type rated struct {
	Thumb   int
	Rated   string
	Cause   uint64
	Outcome journal.Outcome
}

func TestAThumbIsTiedToTheAnswerThatItIsOf(t *testing.T) {
	t.Parallel()
	k, _, _ := newSavingTalk(t)
	say := func(a pull.Ask) (got rated, item, said string) {
		said = k.send(a)
		tr := k.last.Trace
		k.reader = k.reader.Settle(k.asked, false)
		k.resolver.Past.(remembered)[k.asked] = k.last
		return rated{tr.Thumb, tr.Rated, tr.Cause, tr.Outcome}, tr.Item, said
	}
	k.resolver.Past = remembered{}
	text := func(s string) pull.Ask { return pull.Ask{Incoming: pull.Incoming{Text: s}} }
	say(text("weather"))
	k.at = k.at.Add(time.Minute)
	say(text("papers"))
	k.at = k.at.Add(time.Minute)
	say(text("thanks"))
	first := k.reader
	for name, tt := range map[string]struct {
		ask  pull.Ask
		want rated
	}{
		"words":                    {text("good answer"), rated{1, "papers", 2, journal.Ordered}},
		"words that it is wrong":   {text("that's wrong"), rated{0, "", 2, journal.Ordered}},
		"a reaction to the last":   {pull.Ask{Thumb: -1}, rated{-1, "papers", 2, journal.Told}},
		"a reaction to another":    {pull.Ask{Thumb: 1, About: 1}, rated{1, "weather", 1, journal.Told}},
		"a reaction to a thanks":   {pull.Ask{Thumb: 1, About: 3}, rated{0, "", 0, journal.Told}},
		"a reaction to the lost":   {pull.Ask{Thumb: 1, About: 77}, rated{0, "", 0, journal.Told}},
		"a reaction among members": {pull.Ask{Thumb: 1, About: 1, Incoming: pull.Incoming{Group: true}}, rated{1, "weather", 1, journal.Told}},
	} {
		k.reader = first
		got, item, said := say(tt.ask)
		if got != tt.want || (item != "") != (tt.want.Thumb != 0 && !tt.ask.Group) {
			t.Errorf("%s: %+v, item %q, want %+v", name, got, item, tt.want)
		}
		if tt.ask.Thumb != 0 && said != "" {
			t.Errorf("%s is answered by %q", name, said)
		}
	}
	k.reader, k.at = first, k.at.Add(25*time.Hour)
	if got, _, said := say(pull.Ask{Thumb: 1}); got.Thumb != 0 || said != "" || got.Outcome != journal.Told {
		t.Errorf("a day later: %+v, %q", got, said)
	}
}
