package catalogue

import (
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// MostCrisis is for how long a crisis text may stand.
const MostCrisis = 72 * time.Hour

// mostCrisisText is how long one may be, in characters: one message of SMS, with what
// stands before it.
const mostCrisisText = 130

// Crisis is a text that stands before answers for a while.
type Crisis struct {
	Text     Localised  `name:"text" label:"Text" help:"What readers are told before each answer, marked as a notice, one text or one per language: up to 130 characters, so that it fits one message of SMS." settings:"localised" check:"keys=language" example:"The bridge is closed. Avoid the town centre." more:"true" json:",omitempty"`
	Keywords []string   `name:"keywords" label:"Before the answers of" help:"Ids of the keywords whose answers it stands before. Not set: all." check:"id,max=100" example:"news" more:"true" json:",omitempty"`
	Until    *time.Time `name:"until" label:"Until" help:"When it goes by itself, at most 72 hours from now. Take the text away to end it at once." example:"2026-12-24T18:00:00+01:00" more:"true" json:",omitempty"`
	Proposed string     `name:"proposed" label:"Proposed by" help:"Who proposed it, where two people are wanted: it does not stand before another one puts it up." check:"max=100" more:"true" json:",omitempty"`
}

// Check finds what no single field shows.
func (c *Crisis) Check() settings.Problems {
	var problems settings.Problems
	for _, text := range c.Text {
		if utf8.RuneCountInString(text) > mostCrisisText || strings.ContainsAny(text, "\r\n") {
			problems = append(problems, settings.Wrong("text", words.Text{Key: "catalogue.crisis_text", Args: words.Args{"most": mostCrisisText}}))
			break
		}
	}
	if len(c.Text) > 0 && c.Until == nil {
		problems = append(problems, settings.Wrong("until", words.Text{Key: "catalogue.crisis_until"}))
	}
	return problems
}

// CheckUntil finds a text that is to stand for longer than it may from now on.
func (c *Crisis) CheckUntil(now time.Time) settings.Problems {
	return c.Text.checkUntil(c.Until, MostCrisis, now, "catalogue.crisis_until")
}

// TextAt returns what stands before answers at a moment, in a language; "" for nothing.
func (c *Crisis) TextAt(at time.Time, language string) string {
	if c.Proposed != "" {
		return ""
	}
	return c.Text.standing(c.Until, MostCrisis, at, language)
}
