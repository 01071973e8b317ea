package messengers

import (
	"io/fs"
	"strings"
)

// Guide is how an account of a kind comes about: it stands on the kind's page of
// the docs, and "keypull channel kinds" prints it. All in English, in sentences.
type Guide struct {
	// Cost is what the platform takes, Approval what it wants before readers can
	// write, Live how long that takes.
	Cost     string `json:"cost"`
	Approval string `json:"approval"`
	Live     string `json:"live"`
	// Steps lead from nothing to an account that answers; {hook} is where the
	// platform is told to deliver.
	Steps []string `json:"steps"`
	// Proven names for each of Steps the step of a proof that fails where it was not
	// done; "" where none does.
	Proven []Step `json:"proven"`
	// Events are those to subscribe to, as the platform calls them.
	Events []string `json:"events,omitempty"`
	// Test is how to see that it works.
	Test string `json:"test"`
}

// guideFile holds a guide, a line for each of its parts: "Cost: …", "Step: …", or
// "Step webhook: …" of what the step of a proof shows.
const guideFile = "words/en/guide.txt"

// Guide returns how an account comes about, as far as the kind says so.
func (k Kind) Guide() Guide {
	var g Guide
	if k.Files == nil {
		return g
	}
	text, _ := fs.ReadFile(k.Files, guideFile) // without, there is nothing to say
	for line := range strings.Lines(string(text)) {
		part, said, _ := strings.Cut(strings.TrimSpace(line), ": ")
		part, proves, _ := strings.Cut(part, " ")
		switch part {
		case "Cost":
			g.Cost = said
		case "Approval":
			g.Approval = said
		case "Live":
			g.Live = said
		case "Step":
			g.Steps, g.Proven = append(g.Steps, said), append(g.Proven, Step(proves))
		case "Event":
			g.Events = append(g.Events, said)
		case "Test":
			g.Test = said
		}
	}
	g.Events = append(g.Events, k.Events...)
	return g
}

// Of returns the steps that a step of a proof shows to be done, by their numbers
// from 1.
func (g Guide) Of(step Step) (all map[int]string) {
	all = map[int]string{}
	for i, proven := range g.Proven {
		if proven == step {
			all[i+1] = g.Steps[i]
		}
	}
	return all
}
