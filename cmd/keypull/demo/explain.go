package demo

import (
	"fmt"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
)

// Part is one part of an ask's life in plain words, with what it cost.
type Part struct {
	// Name is Queue, What, Who, When or Reply.
	Name   string         `json:"name"`
	Text   string         `json:"text"`
	Millis journal.Millis `json:"millis"`
}

// Explain tells a trace in plain English, in the order in which it happened;
// keywords called by their names; said is whether the reader was told anything.
func Explain(t journal.Trace, name func(keyword string) string, said bool) []Part {
	return []Part{
		{Name: "Queue", Text: "Written down safely, then taken up.", Millis: t.Took.Queue},
		{Name: "What", Text: explainWhat(t, name), Millis: t.Took.What},
		{Name: "Who", Text: explainWho(t.Who), Millis: t.Took.Who},
		{Name: "When", Text: explainWhen(t), Millis: t.Took.When},
		{Name: "Reply", Text: explainReply(t, said), Millis: t.Took.Say},
	}
}

func explainWhat(t journal.Trace, name func(keyword string) string) string {
	w := t.What
	var offered []string
	for _, id := range w.Offered {
		offered = append(offered, name(id))
	}
	switch {
	case w.Command != "":
		return fmt.Sprintf("A word of the service itself: %s.", strings.ToUpper(w.Command))
	case t.Outcome == journal.Offered:
		return fmt.Sprintf("%s: %s. The reader is asked which.", offerWords[what.Reason(w.Reason)], strings.Join(offered, ", "))
	case w.Keyword == "" && len(w.Offered) > 0:
		return fmt.Sprintf("%s It is written down as a miss; nearest: %s.", missWords[what.Reason(w.Reason)], strings.Join(offered, ", "))
	case w.Keyword == "":
		return missWords[what.Reason(w.Reason)] + " It is written down as a miss, and the reader is told the way to the menu."
	}
	text := fmt.Sprintf("Keyword “%s”", name(w.Keyword))
	if w.Argument != "" {
		text += fmt.Sprintf(" with “%s”", w.Argument)
	}
	if how := tierWords[what.Tier(w.Tier)]; how != "" {
		text += ", " + how
	}
	if w.Corrected {
		text += ", so the answer names it and gives the way back"
	}
	return text + "."
}

// offerWords say why keywords were offered, missWords why none was.
var (
	offerWords = map[what.Reason]string{
		"":                  "More than one keyword would fit",
		what.ReasonTie:      "More than one keyword would fit",
		what.ReasonUnsure:   "Perhaps a typing error, but not surely",
		what.ReasonPart:     "Some words of a phrase",
		what.ReasonSentence: "A phrase inside a sentence that may not ask for it",
		what.ReasonCommon:   "An ordinary word as well",
	}
	missWords = map[what.Reason]string{
		"":                  "No keyword says this.",
		what.ReasonUnknown:  "No keyword says this.",
		what.ReasonPart:     "Too many keywords have this word.",
		what.ReasonSentence: "A sentence that does not ask for anything.",
		what.ReasonCommon:   "An ordinary word within a sentence, not the keyword of that name.",
		what.ReasonNegated:  "The sentence says not to.",
	}
)

// tierWords say by which rule a keyword was found.
var tierWords = map[what.Tier]string{
	what.TierExact:      "word for word",
	what.TierFolded:     "accents and capitals set aside",
	what.TierVocabulary: "known by its argument alone",
	what.TierFiller:     "among words that only ask for it",
	what.TierOrder:      "its words in another order, articles aside",
	what.TierArgument:   "the rest is the argument",
	what.TierStem:       "in another inflection",
	what.TierTyping:     "a typing error away",
	what.TierScript:     "in another script, or on another keyboard",
	"choice":            "chosen from the offer",
	"tap":               "by a tap",
	"matcher":           "proposed by the publisher’s own matcher",
}

func explainWho(w journal.Who) string {
	reader := "A reader who has asked before"
	if w.First {
		reader = "A new reader"
	}
	text := reader
	if w.Language != "" {
		text += ", answered in " + languageName(w.Language) + fromWords[w.From]
	}
	if w.Zone != "" {
		text += ", times as in " + w.Zone
	}
	return text + "."
}

// fromWords say where the language came from.
var fromWords = map[string]string{
	"reader":    " (their choice)",
	"platform":  " (the messenger says so)",
	"phrase":    " (the language of the keyword)",
	"message":   " (the language of the message)",
	"publisher": " (the publisher’s default)",
}

func languageName(tag string) string {
	name, _, _ := strings.Cut(tag, "-")
	switch name {
	case "en":
		return "English"
	case "fr":
		return "French"
	case "de":
		return "German"
	}
	return tag
}

func explainWhen(t journal.Trace) string {
	w := t.When
	if w.Source == "" {
		return "No source was needed."
	}
	if text, ok := askedWords[w.Asked]; ok {
		return fmt.Sprintf(text, w.Source) + explainAge(t)
	}
	return fmt.Sprintf("Answered from “%s”.", w.Source) + explainAge(t)
}

// askedWords say what was done upstream; %s is the source.
var askedWords = map[string]string{
	"no":       "“%s” was asked a moment ago; that answer is still fresh.",
	"":         "“%s” was asked a moment ago; that answer is still fresh.",
	"fetched":  "“%s” was asked just now.",
	"joined":   "“%s” was being asked for somebody else; this reader shares that answer.",
	"behind":   "Answered at once; “%s” is asked again behind the reader’s back.",
	"failed":   "“%s” could not be reached.",
	"deadline": "“%s” took too long; the fetch runs on for the next reader.",
}

// explainAge tells how old what was served is, and whether it was marked.
func explainAge(t journal.Trace) string {
	w := t.When
	text := ""
	if w.Stale {
		text = " The last good answer is given, marked as old."
	}
	asOf := w.AsOf
	if asOf.IsZero() {
		asOf = w.Fetched
	}
	if asOf.IsZero() || t.At.IsZero() {
		return text
	}
	return text + fmt.Sprintf(" As of %s, %s.", formatClock(asOf, t.Who.Zone), formatAge(t.At.Sub(asOf)))
}

// formatClock writes a time of day in the reader's zone, where it is known.
func formatClock(at time.Time, zone string) string {
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		location = time.UTC
	}
	return at.In(location).Format("15:04:05 MST")
}

func formatAge(d time.Duration) string {
	switch {
	case d < time.Second:
		return "less than a second before the ask"
	case d < time.Minute:
		return fmt.Sprintf("%d s before the ask", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min before the ask", int(d.Minutes()))
	}
	return fmt.Sprintf("%d h before the ask", int(d.Hours()))
}

func explainReply(t journal.Trace, said bool) string {
	switch {
	case t.Error != "":
		return t.Error
	case t.Outcome == journal.Silent && said:
		return "This reader said STOP. A page that waits for an answer is told the way back each time; a messenger stays silent."
	}
	return outcomeWords[t.Outcome]
}

// outcomeWords say how the ask ended.
var outcomeWords = map[journal.Outcome]string{
	journal.Answered: "One answer to one ask. Nothing follows.",
	journal.Refused:  "An honest refusal rather than a wrong answer.",
	journal.Offered:  "A choice of at most three.",
	journal.Missed:   "Says which word it did not know, and where to go from here.",
	journal.Ordered:  "The order is carried out.",
	journal.Silent:   "Nothing is said.",
}
