package pull

import (
	"keypull/pull/catalogue"
	"keypull/pull/what"
)

// Understand puts f before the index of an edition; f says whether it knows
// the message.
func (e *Edition) Understand(f func(text string) (what.Match, bool)) {
	e.index = understanding{e.index, f}
}

type understanding struct {
	matcher
	first func(text string) (what.Match, bool)
}

func (u understanding) Match(text string, languages ...string) what.Match {
	if m, ok := u.first(text); ok {
		return m
	}
	return u.matcher.Match(text, languages...)
}

// Choices returns how often each folded word is listed as an answer to a
// question, by what it answers.
func Choices() map[string]map[int]bool {
	all := map[string]map[int]bool{}
	for _, s := range choiceSections {
		for text := range saidInQuestions(s.section) {
			if all[text] == nil {
				all[text] = map[int]bool{}
			}
			all[text][int(s.choice)] = true
		}
	}
	return all
}

// HeldBytes is about how much memory the snapshots take.
func (c *Cache) HeldBytes() uint64 {
	c.memory.cached.CleanUp()
	return c.memory.cached.WeightedSize()
}

// Held returns how many snapshots are in memory.
func (c *Cache) Held() int {
	c.memory.cached.CleanUp()
	return c.memory.cached.EstimatedSize()
}

// Cut returns a text in so much room.
func Cut(text string, room int) string { return (&sheet{room: room}).fitText(text) }

// PutStandIn puts a text up for a keyword.
func (e *Edition) PutStandIn(id string, s catalogue.StandIn) { e.keywordByID(id).StandIn = s }

// Ungated returns the edition as it would be if nobody asked for whom its keywords are.
func (e *Edition) Ungated() *Edition { return e.everything() }
