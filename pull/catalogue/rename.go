package catalogue

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// MostFormer is how many ids a thing may have had before the one it has: each of
// them leads to it for as long as it is there.
const MostFormer = 20

// renamed is a thing that keeps the ids that it had before.
type renamed interface{ formerIDs() []string }

func (k *Keyword) formerIDs() []string { return k.Formerly }

func (s *Source) formerIDs() []string { return s.Formerly }

// Renames says whether things of the resource may be given other ids.
func (n Resource) Renames() bool { return n.tableRow().renames }

// formerOf reads the ids that a publisher's things had, when first asked.
func formerOf(p *Publisher) func() map[Resource]map[string]string {
	of := *p
	return sync.OnceValue(func() map[Resource]map[string]string {
		all := map[Resource]map[string]string{}
		for _, r := range parts {
			all[r.resource] = map[string]string{}
			for now, ids := range r.former(&of) {
				for _, id := range ids {
					all[r.resource][id] = now
				}
			}
		}
		return all
	})
}

// Renamed reports whether any thing of the resource had another id.
func (s *Setup) Renamed(n Resource) bool { return len(s.former()[n]) > 0 }

// Now returns the id that a thing has today which had this one: the same where there
// is such a thing, and where there never was one.
func (s *Setup) Now(n Resource, id string) string {
	if now, moved := s.former()[n][id]; moved {
		if _, there := s.Place(n, id); !there {
			return now
		}
	}
	return id
}

// Moved returns the id of the thing that had this one before, where it is that
// of none today.
func (s *Setup) Moved(n Resource, id string) (now string, moved bool) {
	now = s.Now(n, id)
	return now, now != id
}

// Name returns what a keyword is called: its first phrase in the first of the languages
// that has one, else in any, else its id.
func (k *Keyword) Name(languages []string) string {
	for _, l := range languages {
		if name := cmp.Or(k.Phrases[l]...); name != "" {
			return name
		}
	}
	for _, l := range slices.Sorted(maps.Keys(k.Phrases)) {
		if name := cmp.Or(k.Phrases[l]...); name != "" {
			return name
		}
	}
	return k.ID
}
