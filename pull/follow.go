package pull

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/what"
	"keypull/pull/what/instruction"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// mostLast is how many entries are told at most when somebody asks for the last ones.
const mostLast = 10

// tierFollow says in a trace that a message was understood by the answer before it.
const tierFollow = "follow"

// goOn carries out what is about the last answer; nil where there is none that it could be
// about, or where the message is a keyword by itself.
func (w instructing) goOn(ctx context.Context) *Reply {
	k := conversation(w).lastAnswered()
	if k == nil {
		return nil
	}
	in, plain := w.instruction, w.match.Decision != what.Run || w.match.Corrected
	switch in.Kind {
	case instruction.Also:
		return w.answerAlso(ctx, k, in.Gaps[instruction.Words])
	case instruction.Last:
		if plain {
			return w.answerLast(ctx, k, in.Gaps[instruction.Number])
		}
	case instruction.Nth:
		if plain {
			return w.answerEntry(ctx, k, in.Gaps[instruction.Number], true)
		}
	case instruction.Again:
		if plain {
			return w.answerAgain(ctx, k)
		}
	case instruction.NotThat:
		return w.answerOther(ctx, k)
	case instruction.Wrong:
		return w.markWrong(ctx, k)
	case "":
		if plain {
			return w.answerEntry(ctx, k, w.ask.Text, false)
		}
	}
	return nil
}

// answerAlso answers the keyword that was answered last about something else: "and infosys?".
// What is a keyword by itself goes before.
func (w instructing) answerAlso(ctx context.Context, k *keyword, said string) *Reply {
	text, core, decision := w.ask.Text, w.match.Core, w.match.Decision
	w.ask.Text, w.match.Core = said, textform.Normal(said)
	_, named := conversation(w).termSaid(k)
	_, refined := conversation(w).refinedArgument(k)
	var reply *Reply
	if decision != what.Run || named && w.match.Candidates[0].Argument != "" || refined && w.match.Candidates[0].Keyword == k.ID {
		w.match.Decision = what.None
		reply = conversation(w).fillLast(ctx)
	}
	w.ask.Text = text
	if reply == nil {
		w.match.Core, w.match.Decision = core, decision
	}
	return reply
}

// answerOther answers who wanted another thing than what was answered last: what stands behind
// it, else the choice of what is named alike, else another entry where more is said of those, as of
// recipes, else the menu.
func (w instructing) answerOther(ctx context.Context, k *keyword) *Reply {
	p := w.reader.Recent[0]
	if c := w.reader.Cursor; c != nil && c.Cut == 0 && c.Keyword == k.ID && c.Argument == p.Argument && !w.ask.At.After(c.Expires) {
		w.trace.What.Tier = tierFollow
		return answering(w).answerMore(ctx)
	}
	told := what.Candidate{Keyword: k.ID, Argument: p.Argument}
	if usual, _ := k.defaultArgument(); usual == p.Argument {
		told.Argument = ""
	}
	name := w.local.candidateName(k, told)
	alike := w.edition.index.Match(name, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	others := slices.DeleteFunc(questions(w).optionsOf(alike.Candidates), func(o who.Option) bool {
		return o.Keyword == k.ID && strings.Contains(textform.Fold(told.Argument), textform.Fold(o.Argument))
	})
	if other, ok := w.otherEntry(k); ok && len(others) == 0 {
		w.trace.What.Tier = tierFollow
		return answering(w).answerCandidate(ctx, other)
	}
	return conversation(w).answerNo(who.Question{Corrected: true, Options: others})
}

// otherEntry returns an entry of a keyword of whose answers more is said, as of recipes, that was not
// told lately.
func (w instructing) otherEntry(k *keyword) (what.Candidate, bool) {
	if _, refines := k.source.Source.(Refined); !refines || !k.takesWords() {
		return what.Candidate{}, false
	}
	for _, t := range w.local.sampleTerms(k, mostEntries) {
		told := func(p who.Pull) bool {
			return p.Keyword == k.ID && strings.Contains(textform.Fold(p.Argument), textform.Fold(t.Value))
		}
		if !slices.ContainsFunc(w.reader.Recent, told) {
			return what.Candidate{Keyword: k.ID, Argument: t.Value}, true
		}
	}
	return what.Candidate{}, false
}

// answerLast answers the keyword that was answered last with so many entries.
func (w instructing) answerLast(ctx context.Context, k *keyword, number string) *Reply {
	n, err := strconv.Atoi(digitsOf(number))
	if err != nil || n < 1 {
		return w.answerEntry(ctx, k, w.ask.Text, false) // "the last one"
	}
	w.count, w.trace.What.Tier = min(n, mostLast), tierFollow
	defer func() { w.count = 0 }()
	return answering(w).answerCandidate(ctx, what.Candidate{Keyword: k.ID, Argument: w.reader.Recent[0].Argument})
}

// answerAgain answers what was answered last anew; nil where it was too long to be kept.
func (w instructing) answerAgain(ctx context.Context, k *keyword) *Reply {
	argument := w.reader.Recent[0].Argument
	if strings.HasSuffix(argument, dots) {
		return nil
	}
	w.trace.What.Tier = tierFollow
	return answering(w).answerCandidate(ctx, what.Candidate{Keyword: k.ID, Argument: argument})
}

// answerEntry tells the entry of that number of the last answer, alone. Where that had no
// list it is nil, and where the list is shorter, it is said if surely an entry was asked for.
func (w instructing) answerEntry(ctx context.Context, k *keyword, said string, sure bool) *Reply {
	i := w.lastList()
	if i < 0 {
		return nil
	}
	p := w.reader.Recent[i]
	n := entryNumber(said, len(p.Items))
	if n == 0 || strings.HasSuffix(p.Argument, dots) {
		return nil
	}
	if !sure {
		if _, fits := conversation(w).fittingArgument(k); fits {
			return nil // it is what the keyword is asked for
		}
	}
	if n > len(p.Items) {
		return answering(w).withMenu(w.refuseWith(wordNoEntry, "n", n))
	}
	if k = w.edition.keywordByID(p.Keyword); k == nil {
		return nil
	}
	w.trace.What.Tier = tierFollow
	return answering(w).answerListed(ctx, k, i, p.Items[n-1])
}

// lastList returns the place of the latest answer that lists entries, as long as a question
// would be open; -1 where there is none, or where others came with it.
func (w instructing) lastList() int {
	recent := w.reader.Recent
	i := slices.IndexFunc(recent, func(p who.Pull) bool { return len(p.Items) > 1 })
	if i < 0 || who.PullMoment(w.ask.At).Sub(recent[i].At) > questionOpen ||
		slices.ContainsFunc(recent, func(p who.Pull) bool {
			return p.Keyword+" "+p.Argument != recent[i].Keyword+" "+recent[i].Argument && p.At.Equal(recent[i].At)
		}) {
		return -1
	}
	return i
}

// answerListed tells an item of an answer of before that had several.
func (w answering) answerListed(ctx context.Context, k *keyword, i int, item string) *Reply {
	p := w.reader.Recent[i]
	w.trace.What.Keyword, w.trace.What.Argument, w.trace.When.Source = k.ID, p.Argument, k.Source
	if reply := w.refuseOutsideTime(k); reply != nil {
		return reply
	}
	q := asking(w).newQuery(k, p.Argument)
	kept, err := asking(w).bringSnapshot(ctx, k, q)
	if err != nil {
		return w.refuseFailed(ctx, k, kept, err, p.Argument)
	}
	q.Item, q.Count, w.item = item, 1, item
	found, err := w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, *kept.Snapshot, q)
	if err != nil {
		return w.refuseFailed(ctx, k, kept, err, p.Argument)
	}
	if len(found.Items) == 0 {
		return w.withMenu(w.refuseWith(wordNothingNow, "keyword", w.local.keywordName(k)))
	}
	cursor, recent := w.reader.Cursor, slices.Insert(slices.Delete(slices.Clone(w.reader.Recent), i, i+1), 0, p)
	reply := w.tellSelection(ctx, k, kept, found, q)
	// The list stays the last answer, or is it again, and goes on as it would have.
	recent[0] = p.FollowedBy(p)
	recent[0].At = w.ask.At
	w.reader.Cursor, w.reader.Recent = cursor, recent
	return reply
}

// mostEntries is more than any answer lists.
const mostEntries = 99

// entryNumber reads which entry of a list is meant: a number, or a word such as "second"; 0
// if none is.
func entryNumber(said string, listed int) int {
	for _, form := range []string{textform.Fold(said), plainly(said)} {
		if n := countedOption(form, make([]who.Option, mostEntries)); n > 0 {
			return int(n)
		}
		switch c := choiceWords()[form]; {
		case c == choiceLast:
			return listed
		case c > 0:
			return int(c)
		}
	}
	return 0
}

// digitsOf returns a number of any script in digits that are read everywhere.
func digitsOf(number string) string {
	var all []byte
	for _, r := range number {
		if v := digitValue(r); v > 0 || strings.ContainsRune("0٠०۰๐", r) {
			all = append(all, byte('0'+v)) //nolint:gosec // a digit
		}
	}
	return string(all)
}

// markWrong notes that a reader says that the last answer is not right, with the keyword and
// the ask that was answered so: editors find both, and nobody the reader.
func (w instructing) markWrong(ctx context.Context, k *keyword) *Reply {
	ordering(w).noteCommand(commandWrong)
	w.trace.Wrong, w.trace.Cause = k.ID, w.askOf(ctx, &w.reader.Recent[0])
	return w.local.replyOf(wordWrong)
}

// answerThanks answers who says thank you, in one line.
func (w instructing) answerThanks() *Reply {
	ordering(w).noteCommand(commandGreet)
	w.trace.What.Reason = ""
	return w.local.replyOf(wordWelcome)
}
