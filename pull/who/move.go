package who

import (
	"cmp"
	"maps"
	"slices"
)

// TakeOver returns r with what the same person told to keep on another channel: language,
// time zone, preferences, saved words and memberships. What was told there counts; left is what r has no
// room for.
func (r Reader) TakeOver(there Reader) (_ Reader, left []string, unsaved []Saved) {
	r.Language, r.TimeZone = cmp.Or(there.Language, r.Language), cmp.Or(there.TimeZone, r.TimeZone)
	for _, name := range slices.Sorted(maps.Keys(there.Preferences)) {
		kept, full := r.Prefer(name, there.Preferences[name], there.Heeded[name])
		if full || !kept.Fits() {
			left = append(left, name)
			continue
		}
		r = kept
	}
	for _, s := range there.Saved {
		kept, did := r.Keep(s)
		if did != Kept && did != KeptBefore {
			unsaved = append(unsaved, s)
		}
		r = kept
	}
	for _, m := range there.Memberships {
		r, _ = r.Join(m)
	}
	r.Invited = r.Invited || len(r.Saved) > 0
	return r, left, unsaved
}
