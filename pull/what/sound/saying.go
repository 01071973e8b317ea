package sound

import (
	"cmp"
	"slices"
)

// utterance is one way to say the beginning of a text.
type utterance struct {
	said string
	// kind is by which reading its last character was read.
	kind kind
	cost int
}

// kind tells readings apart that do not go together well.
type kind byte

const (
	kindOther kind = iota
	// kindOn is a reading that came from China, kindKun one that did not.
	kindOn
	kindKun
)

// sayings are the likeliest ways to say a text as far as it was read.
type sayings []utterance

// maxSayings bounds them while a text is read.
const maxSayings = 24

// extended returns the ways to say what was said and one of some options behind
// it.
func (s sayings) extended(options []utterance, join func(before, next utterance) []utterance) sayings {
	var all sayings
	for _, before := range s {
		for _, next := range options {
			all = append(all, join(before, next)...)
		}
	}
	return all.likeliest(maxSayings)
}

func (s sayings) texts() []string {
	all := make([]string, 0, len(s))
	for _, u := range s {
		all = append(all, u.said)
	}
	return all
}

// behind says one after the other.
func behind(before, next utterance) []utterance {
	return []utterance{{before.said + next.said, next.kind, before.cost + next.cost}}
}

// likeliest keeps the best of some sayings, in their order, each once.
func (s sayings) likeliest(most int) sayings {
	slices.SortStableFunc(s, func(a, b utterance) int { return cmp.Compare(a.cost, b.cost) })
	kept := s[:0]
	for _, u := range s {
		if len(kept) == most {
			break
		}
		same := func(other utterance) bool { return other.said == u.said && other.kind == u.kind }
		if !slices.ContainsFunc(kept, same) {
			kept = append(kept, u)
		}
	}
	return kept
}
