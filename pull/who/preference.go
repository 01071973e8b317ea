package who

import (
	"maps"
	"time"
)

// Limits of preferences: how many there are beside language and time zone, how long a name
// and a value are, in bytes, and for how long one is remembered that is not used.
const (
	MaxPreferences  = 8
	MaxName         = 32
	MaxValue        = 120
	PreferenceKept  = 365 * 24 * time.Hour
	preferenceFresh = 24 * time.Hour
)

// The names of preferences that the service itself heeds; any other is of the sources that
// ask for it.
const (
	// City is where the reader is, and fills what is asked for a place.
	City = "city"
	// Length is how long answers are: Short, Long, or "" for as they come.
	Length = "length"
	// Plainly is set where the reader wants plain language.
	Plainly = "plain"
)

// The values of Length.
const (
	Short = "short"
	Long  = "long"
)

// Prefer returns r with a preference told at a moment; an empty value forgets it. Full says
// that r has as many as there may be.
func (r Reader) Prefer(name, value string, at time.Time) (_ Reader, full bool) {
	_, known := r.Preferences[name]
	if value != "" && !known && len(r.Preferences) >= MaxPreferences {
		return r, true
	}
	r.Preferences, r.Heeded = maps.Clone(r.Preferences), maps.Clone(r.Heeded)
	if value == "" {
		delete(r.Preferences, name)
		delete(r.Heeded, name)
		return r, false
	}
	if r.Preferences == nil {
		r.Preferences = map[string]string{}
	}
	r.Preferences[name] = value
	return r.Heed(name, at), false
}

// Heed returns r with the note that a preference was used at a moment, to the day.
func (r Reader) Heed(name string, at time.Time) Reader {
	if at.Sub(r.Heeded[name]) < preferenceFresh || r.Preferences[name] == "" {
		return r
	}
	r.Heeded = maps.Clone(r.Heeded)
	if r.Heeded == nil {
		r.Heeded = map[string]time.Time{}
	}
	r.Heeded[name] = at.Truncate(preferenceFresh)
	return r
}

// withoutUnheeded returns r without the preferences that were not used for so long.
func (r Reader) withoutUnheeded(at time.Time) Reader {
	for name := range r.Preferences {
		if heeded := r.Heeded[name]; !heeded.IsZero() && at.Sub(heeded) >= PreferenceKept {
			r, _ = r.Prefer(name, "", at)
		}
	}
	return r
}
