package who

import (
	"slices"
	"strings"
	"time"
)

// Limits of what is remembered of choices.
const (
	MaxChoices = 20
	// ChoiceKept is for how long a choice is remembered that is not used.
	ChoiceKept = 90 * 24 * time.Hour
	// choiceTaken is how often an option was taken until it is the reader's own word.
	choiceTaken = 2
)

// Choice is the option that a reader takes when a message may mean several.
type Choice struct {
	// Said is the message, folded.
	Said     string `json:"m"`
	Keyword  string `json:"k"`
	Argument string `json:"a,omitempty"`
	// Times is how often in a row it was taken, as far as that matters.
	Times int `json:"n"`
	// At is when it was taken or used last.
	At time.Time `json:"t"`
}

// ChoiceDetail parts the argument of an option from what of it may be left out, and makes no other option of it.
const ChoiceDetail = "\n"

// Choose returns r with an option taken for what was said. Another one that was taken
// before is forgotten.
func (r Reader) Choose(said string, o Option, at time.Time) Reader {
	taken := Choice{Said: said, Keyword: o.Keyword, Argument: o.Argument, Times: 1, At: at}
	if i := r.choiceAt(said, at); i >= 0 && r.Choices[i].isOf(o) {
		taken.Times = min(r.Choices[i].Times+1, choiceTaken)
	}
	rest := r.Unchoose(said).Choices
	r.Choices = append([]Choice{taken}, rest[:min(len(rest), MaxChoices-1)]...)
	return r
}

// Chosen returns which of some options the reader has always taken of late for what was
// said, or -1.
func (r Reader) Chosen(said string, options []Option, at time.Time) int {
	i := r.choiceAt(said, at)
	if i < 0 || r.Choices[i].Times < choiceTaken {
		return -1
	}
	return slices.IndexFunc(options, r.Choices[i].isOf)
}

// KnownChoices returns what is answered at once at a moment, the latest first.
func (r Reader) KnownChoices(at time.Time) (all []Choice) {
	for _, c := range r.Choices {
		if c.Times >= choiceTaken && at.Sub(c.At) < ChoiceKept {
			all = append(all, c)
		}
	}
	return all
}

// Unchoose returns r without what was taken for a message.
func (r Reader) Unchoose(said string) Reader {
	r.Choices = slices.DeleteFunc(slices.Clone(r.Choices), func(c Choice) bool { return c.Said == said })
	return r
}

func (r Reader) choiceAt(said string, at time.Time) int {
	return slices.IndexFunc(r.Choices, func(c Choice) bool { return c.Said == said && said != "" && at.Sub(c.At) < ChoiceKept })
}

func (c Choice) isOf(o Option) bool {
	taken, _, _ := strings.Cut(c.Argument, ChoiceDetail)
	offered, _, _ := strings.Cut(o.Argument, ChoiceDetail)
	return c.Keyword == o.Keyword && taken == offered
}
