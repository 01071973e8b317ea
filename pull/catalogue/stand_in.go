package catalogue

import (
	"time"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// MostStandIn is for how long a stand-in may be put up.
const MostStandIn = 31 * 24 * time.Hour

// StandIn is a text that answers for a keyword for a while.
type StandIn struct {
	Text   Localised  `name:"text" label:"Text" help:"What readers are told, one text or one per language." settings:"localised" check:"keys=language,max=1000" example:"The pool is closed today." more:"true" json:",omitempty"`
	Before bool       `name:"before" label:"Before the answer" help:"It stands before the keyword's own answer; otherwise in its place, whatever its hours and its source say." more:"true" json:",omitempty"`
	Until  *time.Time `name:"until" label:"Until" help:"When it goes by itself, at most 31 days from now." example:"2026-12-24T18:00:00+01:00" more:"true" json:",omitempty"`
}

// Check finds what no single field shows.
func (s *StandIn) Check() settings.Problems {
	if len(s.Text) > 0 && s.Until == nil {
		return settings.Problems{settings.Wrong("until", words.Text{Key: "catalogue.stand_in_until"})}
	}
	return nil
}

// CheckUntil finds a text that is to stand for longer than it may from now on.
func (s *StandIn) CheckUntil(now time.Time) settings.Problems {
	return s.Text.checkUntil(s.Until, MostStandIn, now, "catalogue.stand_in_until")
}

// TextAt returns what is told at a moment, in a language; "" for nothing.
func (s *StandIn) TextAt(at time.Time, language string) string {
	return s.Text.standing(s.Until, MostStandIn, at, language)
}

// checkUntil finds a text that is to stand for longer than the most it may from now on, and
// says so by a key.
func (l Localised) checkUntil(until *time.Time, most time.Duration, now time.Time, key string) settings.Problems {
	if len(l) == 0 || until == nil || !until.After(now.Add(most)) {
		return nil
	}
	return settings.Problems{settings.Wrong("until", words.Text{Key: key})}
}

// standing returns a text that stands until a moment, for so long at most, in a language, or
// in any other; "" where it does not stand.
func (l Localised) standing(until *time.Time, most time.Duration, at time.Time, language string) string {
	if until == nil || !at.Before(*until) || until.Sub(at) > most {
		return ""
	}
	if text := l.In(language); text != "" {
		return text
	}
	return l.Any()
}
