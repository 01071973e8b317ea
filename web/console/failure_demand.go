package console

import (
	"context"
	"fmt"
	"slices"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/words"
)

// What is asked peaks where an hour has so many times as many asks as the busiest of a
// usual day, or of the same day a week before, and no fewer than leastPeak. What is usual is
// known after knownDays of the last week.
const (
	peakFactor     = 5
	peakSameDay    = 3
	leastPeak      = 100
	knownDays      = 3
	daysOfWeek     = 7
	usualFor       = time.Minute
	channelSilence = 24 * time.Hour
	// busyDay is how many asks a channel has on each day of a week whose silence means
	// something.
	busyDay = 10
)

// usualCounts are those of publishers, as they were read last. It is not copied.
type usualCounts struct{ of map[string]*usualCount }

// usualCount is what is usual at a publisher, and what is asked now.
type usualCount struct {
	publisher *catalogue.Setup
	at        time.Time
	now       time.Time
	// hours are the asks of this hour and of the one before, limit is from how many on they
	// peak; 0 is where nobody knows.
	hours [2]int
	limit int
	// channels are the asks of today, yesterday, and the seven days before that, by channel.
	channels map[string]*[2 + daysOfWeek]int
	others   [2]int
}

// usualOf returns what is usual at a publisher, read anew once a minute.
func (f *Failures) usualOf(ctx context.Context, pub *catalogue.Setup) (*usualCount, error) {
	if f.Counts == nil {
		return &usualCount{}, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.Clock().In(ZoneOf(pub))
	if held := f.usual.of[pub.ID]; held != nil && held.publisher == pub && now.Sub(held.at).Abs() < usualFor {
		return held, nil
	}
	c, err := readUsual(ctx, f.Counts, pub, now)
	if err != nil {
		return nil, err
	}
	if f.usual.of == nil {
		f.usual.of = map[string]*usualCount{}
	}
	f.usual.of[pub.ID] = c
	return c, nil
}

// readUsual counts the last nine days.
func readUsual(ctx context.Context, counts FigureCounts, pub *catalogue.Setup, now time.Time) (*usualCount, error) {
	c := &usualCount{publisher: pub, at: now, now: now, channels: map[string]*[2 + daysOfWeek]int{}}
	today, hour := journal.DemandDay(now), int(now.Sub(journal.StartOfDay(now))/time.Hour)
	var busiest [2 + daysOfWeek]int
	known := 0
	err := counts.Figures(ctx, pub.ID, today-daysOfWeek-1, today+1, func(day int, of journal.DayFigures) {
		ago := today - day
		for h := range of.Hours {
			asks, recent := of.Hours[h].Asks, ago*hoursOfDay+hour-h
			if recent >= 0 && recent < len(c.hours) {
				c.hours[recent] += asks
				continue
			}
			busiest[ago] = max(busiest[ago], asks)
		}
		if ago > 0 && ago <= daysOfWeek && len(of.Hours) > 0 {
			known++
		}
		for id, sums := range of.Channels {
			id = pub.Now(catalogue.ResourceChannel, id)
			if c.channels[id] == nil {
				c.channels[id] = &[2 + daysOfWeek]int{}
			}
			if c.channels[id][ago] += sums.Asks; ago < len(c.others) {
				c.others[ago] += sums.Asks
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("look what is usual: %w", err)
	}
	if known >= knownDays {
		week := slices.Sorted(slices.Values(busiest[1 : daysOfWeek+1]))
		c.limit = max(leastPeak, peakFactor*week[daysOfWeek/2], peakSameDay*busiest[daysOfWeek])
	}
	return c, nil
}

// hoursOfDay is how many hours a day has, as a rule.
const hoursOfDay = 24

// peaks returns that far more is asked than usual, where it is.
func (f *Failures) peaks(ctx context.Context, c *usualCount) []Failure {
	most := max(c.hours[0], c.hours[1])
	if c.limit == 0 || most < c.limit {
		return nil
	}
	return []Failure{{
		Resource: "demand", Code: "peak", Count: most, Mend: mendOf(ctx, "peak"),
		Text: words.Text{Key: "fails.peak", Args: words.Args{"n": most}}.In(CallerLanguage(ctx)),
	}}
}

// isSilent reports whether a channel that is asked every day, and was last heard at a moment,
// has not been for a day, while others have.
func (c *usualCount) isSilent(channel string, heard time.Time) bool {
	days := c.channels[channel]
	if days == nil {
		return false
	}
	for _, asks := range days[2:] {
		if asks < busyDay {
			return false
		}
	}
	if others := c.others[0] + c.others[1] - days[0] - days[1]; others < busyDay {
		return false
	}
	if !heard.IsZero() {
		return c.now.Sub(heard) > channelSilence
	}
	return days[0] == 0 && days[1] == 0
}
