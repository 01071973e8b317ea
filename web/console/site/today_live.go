package site

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// todayLive is the part of the page that follows the day. What readers wrote
// stands in it as plain text.
type todayLive struct {
	// Again is where the next state of it is fetched, Reload the whole page.
	Again, Reload string
	Tiles         []pages.Tile
	Hours         pages.Spark
	HourMarks     []string
	// Bare says that there is nothing to list yet.
	Bare     bool
	Keywords []todayCount
	Channels []todayHealth
	Sources  []todayHealth
	Misses   []todayCount
	// Others are how many asks or things each list leaves out.
	OtherKeywords, OtherMisses, OtherChannels, OtherSources int
	SourcesHref, ChannelsHref                               string
	Damaged                                                 console.Damaged
}

// todayCount is how often something was asked.
type todayCount struct {
	Name, Href string
	Asks       int
	Last       time.Time
}

// todayHealth is how a source or channel is doing.
type todayHealth struct {
	ID, Href, Kind, Text string
	Badge                pages.Badge
	Asks                 int
	Good                 time.Time
}

func (v *visit) todayLiveOf(a console.TodayAnswer) todayLive {
	b := todayLive{
		Again: v.at("today", "live") + "?" + url.Values{"version": {a.Version}}.Encode(), Reload: v.at("today"),
		Damaged: a.Damaged, Tiles: v.todayTiles(a.Day), Hours: v.todayHours(a.Day), Bare: a.Day.Asks == 0 && len(a.Sources) == 0,
		OtherKeywords: a.Day.Keywords.Other, OtherMisses: a.Day.Misses.Other,
		Keywords: counts(a.Day.Keywords, func(id string) string { return v.thing("keywords", id) }),
		Misses:   counts(a.Day.Misses, v.keywordFor),
	}
	if !v.mayChange() {
		for n := range b.Misses {
			b.Misses[n].Href = ""
		}
	}
	for _, hour := range []int{0, 6, 12, 18} {
		b.HourMarks = append(b.HourMarks, time.Date(1, 1, 1, hour, 0, 0, 0, time.UTC).Format("15:04"))
	}
	for _, s := range a.Sources {
		b.Sources = append(b.Sources, todayHealth{ID: s.ID, Href: v.thing("sources", s.ID), Kind: v.kindTitle(v.Kinds.Sources, s.Kind),
			Text: healthSentence(s.SourceHealth), Badge: v.stateBadge(s.State), Good: s.Good})
	}
	for _, c := range a.Channels {
		b.Channels = append(b.Channels, todayHealth{ID: c.ID, Href: v.thing("channels", c.ID), Kind: v.kindTitle(v.Kinds.Messengers, c.Kind),
			Text: c.Error, Badge: v.stateBadge(c.State), Asks: asksOf(a.Day.Channels, c.ID), Good: c.Live.Good})
	}
	b.SourcesHref, b.ChannelsHref = v.at("sources"), v.at("channels")
	b.Sources, b.OtherSources = worst(b.Sources)
	b.OtherSources += a.MoreSources
	b.Channels, b.OtherChannels = worst(b.Channels)
	return b
}

// mostHealth bounds the lists of sources and channels on the page of the day.
const mostHealth = 12

// worst puts what needs somebody first, and returns how many it leaves out.
func worst(all []todayHealth) (shown []todayHealth, others int) {
	rank := func(h todayHealth) int { return slices.Index([]string{"bad", "warning", "ok", "idle"}, h.Badge.State) }
	slices.SortStableFunc(all, func(a, b todayHealth) int { return cmp.Compare(rank(a), rank(b)) })
	n := min(len(all), mostHealth)
	return all[:n], len(all) - n
}

func asksOf(r journal.Ranked, name string) int {
	i := slices.IndexFunc(r.Top, func(c journal.Count) bool { return c.Name == name })
	if i < 0 {
		return 0
	}
	return r.Top[i].Asks
}

func counts(r journal.Ranked, href func(string) string) []todayCount {
	var all []todayCount
	for _, c := range r.Top {
		all = append(all, todayCount{Name: c.Name, Href: href(c.Name), Asks: c.Asks, Last: c.Last})
	}
	return all
}

func (v *visit) todayTiles(d journal.Day) []pages.Tile {
	return append(v.countTiles(d.Counts, pages.Plural(v.language, "today.first", d.First)),
		v.spreadTile("today.took", d.Took, v.span), v.spreadTile("today.age", d.Age, v.age))
}

// countTiles tell what became of asks. Shares are of those that wanted content:
// commands and greetings are no failures.
func (v *visit) countTiles(c journal.Counts, first string) []pages.Tile {
	tile := func(key string, n int) pages.Tile {
		t := pages.Tile{Label: v.t(key), Value: v.number(n)}
		if c.Wanted > 0 {
			t.Hint = v.t("today.share", "percent", v.number(100*n/c.Wanted))
		}
		return t
	}
	return []pages.Tile{
		{Label: v.t("today.asks"), Value: v.number(c.Asks), Hint: first},
		tile("today.answered", c.Answered), tile("demand.offered", c.Offered), tile("demand.refused", c.Refused), tile("today.missed", c.Missed),
		{Label: v.t("today.commands"), Value: v.number(c.Commands), Hint: pages.Plural(v.language, "today.greetings", c.Greetings)},
	}
}

// spreadTile tells how values are spread: half of them are below the figure.
func (v *visit) spreadTile(key string, s journal.Spread, told func(journal.Millis) string) pages.Tile {
	t := pages.Tile{Label: v.t(key), Value: "–", Hint: v.t(key + "_none")}
	if s.Count > 0 {
		t.Value, t.Hint = told(s.P50), v.t("today.spread", "most", told(s.P99))
	}
	return t
}

// age tells how old an answer was, as readers are told it: nobody is told
// milliseconds.
func (v *visit) age(ms journal.Millis) string {
	const second = 1e3
	if ms < second {
		return v.t("unit.under", "n", 1)
	}
	return v.span(ms)
}

func (v *visit) number(n int) string {
	text, err := pages.Number(v.language, n)
	if err != nil {
		return strconv.Itoa(n)
	}
	return text
}

// span tells milliseconds by the unit that fits, with two figures at least.
func (v *visit) span(ms journal.Millis) string {
	const second, minute, hour, day = 1e3, 60e3, 3600e3, 86400e3
	value, unit := float64(ms), "ms"
	switch {
	case value >= 2*day:
		value, unit = value/day, "d"
	case value >= 2*hour:
		value, unit = value/hour, "h"
	case value >= 2*minute:
		value, unit = value/minute, "min"
	case value >= second:
		value, unit = value/second, "s"
	}
	if value < 10 {
		value = math.Round(value*10) / 10
	} else {
		value = math.Round(value)
	}
	text, err := pages.Number(v.language, value)
	if err != nil {
		text = strconv.FormatFloat(value, 'f', -1, 64)
	}
	return v.t("unit."+unit, "n", text)
}

// hoursOfDay is how many bars the day has, those to come among them.
const hoursOfDay = 24

func (v *visit) todayHours(d journal.Day) pages.Spark {
	s := pages.Spark{Values: make([]int, max(hoursOfDay, len(d.Hours)))}
	most, at := 0, ""
	for n, h := range d.Hours {
		if s.Values[n] = h.Asks; h.Asks > most {
			most, at = h.Asks, h.Start.Format("15:04")
		}
	}
	if s.Label = v.t("today.hours_none"); most > 0 {
		s.Label = pages.Plural(v.language, "today.hours_most", most, "at", at)
	}
	return s
}
