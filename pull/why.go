package pull

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// whyLooksBack is how many asks WHY looks back for the last one that was no command.
const whyLooksBack = 6

// explainLast says how the reader's last answer came about, from its trace: how the words
// were understood, how fresh it was, why in that language, and what is kept of it.
func (w ordering) explainLast(ctx context.Context) *Reply {
	for t := range w.settledBefore(ctx, whyLooksBack) {
		if q := w.asked; q != nil && len(q.Options) > 0 && q.Options[0].Keyword == "" && q.Options[0].Argument == w.ask.Text && t.Outcome == journal.Offered {
			continue // the question that WHY was offered by
		}
		if t.Outcome != journal.Ordered && t.Outcome != journal.Silent && t.Thumb == 0 {
			return w.explainAsk(&t)
		}
	}
	return w.local.replyOf(wordWhyNothing)
}

func (w ordering) explainAsk(t *journal.Trace) *Reply {
	lines := []string{w.understoodText(t)}
	if fresh := w.freshText(t); fresh != "" {
		lines = append(lines, fresh)
	}
	if value := w.rememberedText(t); value != "" {
		lines = append(lines, w.local.textOf(wordWhyRemembered, "value", value))
	}
	if from, ok := whyLanguages[t.Who.From]; ok {
		lines = append(lines, w.local.textOf(from))
	}
	lines = append(lines, w.local.textOf(wordWhyKept, "moment", w.local.momentText(t.At.Add(w.past.Kept()))))
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Bullets, Own: true, Lines: lines}}}
}

// rememberedText words what of an answer came from what the reader had told to remember, as long
// as that is so still.
func (w ordering) rememberedText(t *journal.Trace) string {
	var all []string
	for _, name := range t.Who.Remembered {
		if value := w.reader.Preferences[name]; value != "" {
			all = append(all, preferring(w).factLabel(name)+" "+value)
		}
	}
	return strings.Join(all, ", ")
}

// whyLanguages says where the language of an answer came from.
var whyLanguages = map[string]Word{ //nolint:gochecknoglobals // it does not change
	"phrase": wordWhyPhrase, "message": wordWhyPhrase, "reader": wordWhyChosen, "platform": wordWhyPlatform, "publisher": wordWhyPublisher,
}

// understoodText says how the words of an ask were understood.
func (w ordering) understoodText(t *journal.Trace) string {
	said := cmp.Or(t.What.Said, t.What.Core, strings.TrimSpace(t.What.Phrase+" "+t.What.Argument))
	name := w.tracedName(t)
	switch {
	case name == "" && t.Outcome == journal.Offered:
		return w.local.textOf(wordWhyOffered, "said", said)
	case name == "":
		return w.local.textOf(wordWhyMissed, "said", said)
	}
	word := wordWhySense
	switch tier := what.Tier(t.What.Tier); tier {
	case "tap", tierChoice:
		word = wordWhyTaken
	case tierChosen:
		word = wordWhyBefore
	case what.TierExact, what.TierFolded, what.TierVocabulary, what.TierArgument:
		word = wordWhyExact
	case what.TierTyping:
		word = wordWhySpelling
	}
	if said == "" { // a button such as More
		word = wordWhyTaken
	}
	return w.local.textOf(word, "said", said, "keyword", name)
}

// tracedName returns what readers call what an ask was answered with; "" if that was no
// keyword that is there still.
func (w ordering) tracedName(t *journal.Trace) string {
	wishes := t.Wishes
	if len(wishes) == 0 {
		wishes = []journal.Wish{{Keyword: t.What.Keyword, Argument: t.What.Argument}}
	}
	var names []string
	for _, wish := range wishes {
		k := w.edition.keywordByID(wish.Keyword)
		if k == nil {
			continue
		}
		argument := wish.Argument
		if argument == k.Query {
			argument = ""
		}
		if name := w.local.candidateName(k, what.Candidate{Keyword: wish.Keyword, Argument: argument}); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// freshText says when the source of an answer was asked; "" where none was.
func (w ordering) freshText(t *journal.Trace) string {
	if t.Outcome == journal.Refused {
		return w.local.textOf(wordWhyRefused)
	}
	if t.Outcome != journal.Answered || t.When.Fetched.IsZero() {
		return ""
	}
	answered := t.At.Add(time.Duration(float64(t.Took.Total) * float64(time.Millisecond)))
	switch t.When.Asked {
	case "fetched", "joined":
		before := max(0, answered.Sub(t.When.Fetched)).Seconds()
		return w.local.textOf(wordWhyAsked, "seconds", words.Number(w.local.servedLanguage(), strconv.FormatFloat(before, 'f', 1, 64)))
	}
	word := wordWhyHeld
	if t.When.Stale {
		word = wordWhyStale
	}
	return w.local.textOf(word, "moment", w.local.momentText(t.When.Fetched))
}

// noteSaid writes down what the reader wrote, where it was understood otherwise than by
// its letters: WHY quotes it. Of what was not understood the trace has the core.
func (w noting) noteSaid() {
	t := &w.trace.What
	if w.ask.Group || w.ask.Tap != "" || t.Core != "" || t.Command != "" && t.Keyword == "" || !w.keeps() {
		return
	}
	said := clipRunes(strings.Join(strings.Fields(w.ask.Text), " "), aliasRunes)
	if textform.Fold(said) != textform.Fold(strings.TrimSpace(t.Phrase+" "+t.Argument)) {
		t.Said = said
	}
}
