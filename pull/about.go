package pull

import (
	"context"
	"time"

	"keypull/pull/journal"
	"keypull/pull/words"
)

// Counted knows what was counted of publishers' last days.
type Counted interface {
	// LastDays returns what was asked in the last AboutDays days, today among them.
	LastDays(ctx context.Context, publisher string) (journal.Sums, error)
}

// AboutDays is how many days readers are told of who ask about the outlet.
const AboutDays = 30

// tellAbout tells in two lines who answers, how much was asked of late, and how fresh the
// answers were. No one is told of where few have asked.
func (w ordering) tellAbout(ctx context.Context) *Reply {
	reply := w.local.replyOf(wordAboutWho, "publisher", w.edition.Name, "n", len(w.edition.menuKeywords(w.language)))
	if w.counted == nil {
		return reply
	}
	sums, err := w.counted.LastDays(ctx, w.edition.ID)
	if err != nil {
		w.noteFailure(err)
		return reply
	}
	line := w.local.textOf(wordAboutFew, "n", journal.KnownReaders)
	if sums.Wanted >= journal.KnownReaders {
		const all = 100
		line = w.local.textOf(wordAboutAsked, "asked", sums.Wanted, "percent", all*(sums.Answered+sums.Helped)/sums.Wanted)
		if age := sums.Age.Spread(); age.Count >= journal.KnownReaders {
			line += " " + w.local.textOf(wordAboutAge, "age", w.durationText(age.P50))
		}
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Paragraph, Own: true, Tight: true, Text: line})
	return reply
}

// durationText words a time in minutes, rounded up, or in hours.
func (w ordering) durationText(ms journal.Millis) string {
	minutes := max(int(time.Duration(float64(ms)*float64(time.Millisecond)+float64(time.Minute)-1)/time.Minute), 1)
	say := func(key string, n int) string {
		return words.Core().Say(w.local.servedLanguage(), key, words.Args{"n": n})
	}
	const hour, most = 60, 3
	if minutes < most*hour {
		return say("duration.minutes", minutes)
	}
	return say("duration.hours", (minutes+hour-1)/hour)
}
