package alarm

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// How long something must fail before it is told, and be well before that is told; how much
// longer each time that it comes back, how long at most, and for how long it is known that
// it did. What a new process has not seen fail yet is not over before unseen has passed.
const (
	settles     = 30 * time.Second
	calm        = time.Minute
	calmFactor  = 4
	longestCalm = time.Hour
	flapsKnown  = 3 * time.Hour
	unseen      = 15 * time.Minute
)

// Trouble is one thing that fails.
type Trouble struct {
	// Resource, ID and Code are those of the list of what fails; Name is what people call it.
	Resource string `json:"noun"`
	ID       string `json:"id,omitempty"`
	Code     string `json:"code"`
	Name     string `json:"name,omitempty"`
	// Since is since when it fails.
	Since time.Time `json:"since"`
}

// Key names what fails and how.
func (t *Trouble) Key() string { return t.Resource + "/" + t.ID + "/" + t.Code }

// Known is what an address knows of a trouble.
type Known struct {
	Trouble
	// Met is when it was first seen to fail, Gone when it was first seen not to any more.
	Met  time.Time `json:"met"`
	Gone time.Time `json:"gone,omitzero"`
	// Told is when it was told, Over when it was told that it is over; Flaps is how often it
	// came back.
	Told  time.Time `json:"told,omitzero"`
	Over  time.Time `json:"over,omitzero"`
	Flaps int       `json:"flaps,omitempty"`

	// seen: this process has seen it fail.
	seen bool
}

// calmFor returns for how long it must be well before that is told.
func (k *Known) calmFor() time.Duration {
	wait := calm
	for range k.Flaps {
		wait = min(wait*calmFactor, longestCalm)
	}
	if !k.seen {
		wait = max(wait, unseen)
	}
	return wait
}

// Fails reports whether it was told that it fails, and not that it is over.
func (k *Known) Fails() bool { return !k.Told.IsZero() }

// Judge notes what fails at a moment, and puts what the address is to be told among its
// notices; quiet says that it is told nothing now. It reports whether anything is to be kept.
func (a *Address) Judge(failing []Trouble, at time.Time, quiet bool) (changed bool) {
	if a.Known == nil {
		a.Known = map[string]*Known{}
	}
	there := map[string]bool{}
	var raised, over []Trouble
	for i := range failing {
		key := failing[i].Key()
		there[key] = true
		if a.meetTrouble(key, failing[i], at, quiet) {
			raised = append(raised, failing[i])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(a.Known)) {
		if k := a.Known[key]; !there[key] && a.missTrouble(key, k, at, quiet) {
			over = append(over, k.Trouble)
		}
	}
	for i := range raised {
		raised[i].Since = a.Known[raised[i].Key()].Since
	}
	a.addNotices(Raised, raised, at)
	a.addNotices(Over, a.withdrawUntold(over), at)
	return len(raised)+len(over) > 0
}

// meetTrouble notes that something fails, and reports whether that is to be told.
func (a *Address) meetTrouble(key string, t Trouble, at time.Time, quiet bool) bool {
	k := a.Known[key]
	if k == nil {
		k = &Known{Trouble: t, Met: at}
		a.Known[key] = k
	}
	if !k.Over.IsZero() && !k.Gone.IsZero() {
		k.Met, k.Since = at, t.Since
		k.Flaps++
	}
	if k.Since.IsZero() || k.Since.After(k.Met) {
		k.Since = k.Met
	}
	k.Gone, k.Over, k.seen, k.Name = time.Time{}, time.Time{}, true, t.Name
	if quiet || k.Fails() || at.Sub(k.Met) < settles {
		return false
	}
	k.Told = at
	return true
}

// missTrouble notes that something does not fail, and reports whether that is to be told.
func (a *Address) missTrouble(key string, k *Known, at time.Time, quiet bool) bool {
	if k.Gone.IsZero() {
		k.Gone = at
	}
	gone := at.Sub(k.Gone)
	switch {
	case k.Fails() && !quiet && gone >= k.calmFor():
		k.Told, k.Over = time.Time{}, at
		return true
	case !k.Over.IsZero() && gone >= flapsKnown, k.Over.IsZero() && !k.Fails() && (gone >= calm || k.Resource != "channel"):
		// A channel whose platform is away seems to be well while it is tried.
		delete(a.Known, key)
	}
	return false
}

// Due reports whether a source is to be looked at since the address waits to hear how it
// is doing, whatever it knows of others.
func (a *Address) Due(resource, id string) bool {
	for _, k := range a.Known {
		if k.Resource == resource && k.ID == id && k.Over.IsZero() {
			return true
		}
	}
	return false
}

// sortTroubles puts what is worst first.
func sortTroubles(all []Trouble) {
	rank := []string{"store", "channel", "source", "item", "dead", "demand"}
	slices.SortStableFunc(all, func(a, b Trouble) int {
		return cmp.Or(cmp.Compare(slices.Index(rank, a.Resource), slices.Index(rank, b.Resource)), cmp.Compare(a.ID, b.ID))
	})
}
