package site

import (
	"math"
	"strconv"
	"time"

	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// locale tells things in the language and the zone of whoever reads.
type locale struct {
	language string
	zone     *time.Location
	clock    func() time.Time
}

// t is the sentence of a key.
func (l locale) t(key string, args ...any) string { return pages.T(l.language, key, args...) }

// plural is the sentence of a key for that many.
func (l locale) plural(key string, n int, args ...any) string {
	return pages.Plural(l.language, key, n, args...)
}

// ago tells how long ago a moment was, in the visitor's language and zone.
func (l locale) ago(at time.Time) string {
	return pages.Ago(l.language, at, l.clock().In(l.zone))
}

func (l locale) number(n int) string {
	text, err := pages.Number(l.language, n)
	if err != nil {
		return strconv.Itoa(n)
	}
	return text
}

// span tells milliseconds by the unit that fits, with two figures at least.
func (l locale) span(ms journal.Millis) string {
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
	text, err := pages.Number(l.language, value)
	if err != nil {
		text = strconv.FormatFloat(value, 'f', -1, 64)
	}
	return l.t("unit."+unit, "n", text)
}

// millis tells a duration as people do.
func (l locale) millis(m journal.Millis) string {
	const second = 1000
	if m < second {
		return l.t("trial.ms", "n", int(m+.5))
	}
	const tenths = 10
	text, err := pages.Number(l.language, float64(int(float64(m)/second*tenths+.5))/tenths)
	if err != nil {
		return ""
	}
	return l.t("trial.seconds", "n", text)
}

// age tells how old an answer was, as readers are told it: nobody is told
// milliseconds.
func (l locale) age(ms journal.Millis) string {
	const second = 1e3
	if ms < second {
		return l.t("unit.under", "n", 1)
	}
	return l.span(ms)
}

// tongue is the name of a language in the visitor's.
func (l locale) tongue(tag string) string {
	key := "language." + tag
	if name := l.t(key); name != key {
		return name
	}
	return tag
}

// option makes one choice with its word.
func (l locale) option(value, key string) pages.Option {
	return pages.Option{Value: value, Label: l.t(key)}
}

// kindTitle is what a kind is called in the visitor's language.
func (l locale) kindTitle(kinds []console.Kind, name string) string {
	for _, k := range kinds {
		if k.Name == name {
			title, _ := k.In(l.language)
			return title
		}
	}
	return name
}

// stateBadge tells a state by a sign and a word.
func (l locale) stateBadge(s console.State) pages.Badge {
	switch s {
	case console.OK:
		return pages.Badge{State: "ok", Text: l.t("state.ok")}
	case console.Doubtful:
		return pages.Badge{State: "warning", Text: l.t("state.warning")}
	case console.Bad:
		return pages.Badge{State: "bad", Text: l.t("state.bad")}
	}
	return pages.Badge{State: "idle", Text: l.t("state.idle")}
}
