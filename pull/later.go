package pull

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/moment"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/when"
	"keypull/pull/who"
)

// MaxLaters is how many pulls a reader may have ordered at a time, LongestLater
// for how long ahead.
const (
	MaxLaters    = 5
	LongestLater = 14 * 24 * time.Hour
)

// Bounds of an order: how long before the end of a channel's window it is due at the latest,
// how soon, and how long after its time it is given up.
const (
	windowSlack  = 5 * time.Minute
	soonestLater = 10 * time.Second
	// soonestSent is how long ahead a part of a day is at least that something is to be sent in.
	soonestSent = 6 * time.Hour
	laterGrace  = time.Hour
)

// answerOrder takes a message that names a moment for an order, or for the wish to take one
// back; nil where it is neither. Commands go before it, and what the keyword itself takes
// as its argument.
func (w planning) answerOrder(ctx context.Context, wanted command.Command) *Reply {
	if reply := w.amendJustOrdered(ctx, wanted); reply != nil {
		return reply
	}
	if w.ask.Tap != "" || w.channel.Proxy || w.ask.Text == "" || wanted != "" && wanted != command.Drop && wanted != command.Unlater && wanted != command.Save || w.isWhole() || w.answersQuestion() {
		return nil
	}
	m, ok := w.readMoment(w.ask.Text)
	switch {
	case !ok:
		return nil
	case w.wantsBack(m):
		return w.takeBack(m)
	case w.amendsOrder(m):
		return w.amendOrder(ctx, m)
	case wanted != "" && (wanted != command.Save || m.Bare || m.Vague), m.Recurs && !m.Sent && w.isQuestion():
		return nil // "is your office open on fridays"
	}
	c, ok := w.ordered(m)
	both, also, twice := w.orderedTwice(m, c)
	if twice {
		c, ok = both, true
	}
	if !ok {
		return nil
	}
	if m.Rest != "" {
		w.speakAsOrdered(m, c)
	}
	switch {
	case m.Vague && (!m.Sent || m.At.Sub(w.ask.At) < soonestSent) || m.Bare && !twice && w.edition.keywordByID(c.Keyword).takesArguments():
		return w.answerAndOfferOnce(ctx, c, m)
	case w.ask.Group:
		return ordering(w).askInPrivate(command.Later)
	}
	if w.edition.UnderAge {
		return instructing(w).refuseKeeping(ctx, command.Later, c)
	}
	if twice && !w.channel.SMS && !w.ask.Fleeting {
		first, second := also, m.At
		if second.Before(first) {
			first, second = second, first
		}
		return w.withOnce(w.withOnce(answering(w).answerCandidate(ctx, c), c, first), c, second)
	}
	ordering(w).noteCommand(command.Later)
	if m.Recurs {
		return w.refuseRecurring(c, m)
	}
	return w.orderLater(ctx, c, m.At)
}

// isQuestion reports whether a message begins with a word that asks a question, after a greeting, and is no request, or
// ends as a question about a weekday: "¿cuál es el horario los viernes?".
func (w planning) isQuestion() bool {
	tokens := textform.Tokenise(w.ask.Text, nil)
	read := w.edition.readingLanguages(w.reader.Language, w.ask.Language)
	speech.Mark(tokens, read...)
	for _, t := range tokens {
		if t.Roles&speech.Greeting == 0 || t.Roles&speech.Question != 0 {
			asks := t.Roles&(speech.Question|speech.Greeting) == speech.Question
			return asks && (t.Roles&speech.Request == 0 || textform.EndsAsking(w.ask.Text) && what.DayIn(w.ask.Text, read...) != "")
		}
	}
	return false
}

// rathers are words around what an order is to be instead: "make it 7".
var rathers = sync.OnceValue(func() map[string]bool { return saidInQuestions("rather") })

// amendJustOrdered takes a message right behind an order for what it is to be instead, or for taking
// it back: "actually half past seven", "scrap it". It is nil where the message is about anything else.
func (w planning) amendJustOrdered(ctx context.Context, wanted command.Command) *Reply {
	last := w.justOrdered()
	if last == nil || w.ask.Tap != "" || w.channel.Proxy || w.ask.Group || wanted == command.Stop || w.answersQuestion() ||
		len(w.reader.Recent) > 0 && w.reader.Recent[0].At.After(who.PullMoment(last.At)) {
		return nil
	}
	if (questions(w)).readAgreement() == choiceNo && choiceWords()[textform.Fold(w.ask.Text)] == choiceNone {
		ordering(w).noteCommand(command.Unlater)
		return w.dropLater(*last)
	}
	said, cut := w.cutRather(speech.WithoutPoliteness(textform.Normal(w.ask.Text)))
	if !cut {
		return nil
	}
	m, ok := w.readMoment(said)
	if hour, isHour := slot.Parse(slot.Number, said, w.ask.At, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...); !ok && isHour {
		m, ok = w.readMoment(hour + ":00")
	}
	if !ok || m.Rest != "" || m.Recurs || m.Vague || m.At.IsZero() {
		return nil
	}
	return w.amendOrder(ctx, m)
}

// cutRather returns what a text says without the words around what an order is to be instead, and
// whether it has some.
func (w planning) cutRather(text string) (said string, cut bool) {
	tokens := textform.Tokenise(text, nil)
	from, to := 0, len(tokens)
	for ends := false; !ends && from < to; {
		ends = true
		for n := min(longestRun, to-from); n > 0; n-- {
			if rathers()[foldedRun(tokens[from:from+n])] {
				from, ends, cut = from+n, false, true
				break
			}
			if rathers()[foldedRun(tokens[to-n:to])] {
				to, ends, cut = to-n, false, true
				break
			}
		}
	}
	if from >= to {
		return "", cut
	}
	return text[tokens[from].Start:tokens[to-1].End], cut
}

// answersQuestion reports whether the open question waits for words, or the message takes all of
// its options: "as duas" is both, and two o'clock.
func (w planning) answersQuestion() bool {
	return w.asked != nil && !w.asked.Past && (w.asked.Slot != "" || w.asked.Asks != nil || takesAll(choiceWords()[textform.Fold(w.ask.Text)], w.asked.Options))
}

// amendsOrder reports whether a message only says another moment for what was ordered a moment ago:
// "no, at 10".
func (w planning) amendsOrder(m moment.Moment) bool {
	said, corrects := w.saidInstead(m.Rest)
	return w.justOrdered() != nil && corrects && said == "" && !m.Recurs && !w.ask.Group
}

// amendOrder has the latest order come at another moment, on its day where no other is said.
func (w planning) amendOrder(ctx context.Context, m moment.Moment) *Reply {
	last := *w.justOrdered()
	due, on := m.At, last.Due.In(m.At.Location())
	if day, _ := requesting(w).cutDay(strings.Fields(w.ask.Text)); day == "" {
		const noon = 12
		hour := due.Hour()
		if on.Hour() >= noon && hour < noon && !w.saysPart(w.ask.Text) {
			hour += noon // "at seven" is in the evening where the order was
		}
		if same := time.Date(on.Year(), on.Month(), on.Day(), hour, due.Minute(), 0, 0, due.Location()); same.After(w.ask.At) {
			due = same
		}
	}
	ordering(w).noteCommand(command.Later)
	before := w.reader.Laters
	w.reader.Laters = slices.DeleteFunc(slices.Clone(before), func(l who.Later) bool { return l == last })
	reply := w.orderLater(ctx, what.Candidate{Keyword: last.Keyword, Argument: last.Argument}, due)
	if len(w.orders) == 0 {
		w.reader.Laters = before // it is refused
	}
	return reply
}

// saysPart reports whether a text says a part of the day, "7am" and "morgens", or an hour as clocks
// write it: "09:00".
func (w planning) saysPart(text string) bool {
	read := w.edition.readingLanguages(w.reader.Language, w.ask.Language)
	text = textform.Figures(textform.Normal(text))
	number := strings.IndexFunc(text, unicode.IsDigit)
	if number >= 0 {
		behind := strings.TrimLeft(text[number:], "0123456789:. ")
		if text[number] == '0' || strings.ReplaceAll(firstWord(behind), ".", "") == "am" {
			return true
		}
	}
	return slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }), func(word string) bool {
		_, says := moment.ReadPart(word, true, read...)
		return says
	})
}

// readMoment reads a text for a moment, in the reader's zone and languages.
func (w planning) readMoment(text string) (moment.Moment, bool) {
	return moment.Read(text, w.ask.At.In(w.zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
}

// orderedTwice returns the keyword of a message that names another moment also, which would be taken
// for what it is asked for: "news at 9am and 5pm". Each is offered.
func (w planning) orderedTwice(m moment.Moment, c what.Candidate) (both what.Candidate, also time.Time, ok bool) {
	if m.Recurs || m.Vague || c.Keyword != "" && c.Argument == "" {
		return c, also, false
	}
	other, ok := w.readMoment(m.Rest)
	if !ok || m.Bare && other.Bare || other.Recurs || other.Vague || other.Rest == "" || !other.At.After(w.ask.At) {
		return c, also, false
	}
	other.Bare = false // the clock beside it says what it is
	words := strings.Fields(other.Rest)
	if last := len(words) - 1; last > 0 && speech.Joins(textform.Fold(words[last]), speech.Of(m.Language)) {
		other.Rest = strings.Join(words[:last], " ") // "and" is left of what stood between them
	}
	both, ok = w.ordered(other)
	return both, other.At, ok
}

// ordered returns the keyword that a message orders for a moment.
func (w planning) ordered(m moment.Moment) (c what.Candidate, ok bool) {
	if m.Rest == "" {
		last := instructing(w).lastPulled()
		if last == nil || m.Bare || w.edition.keywordByID(last.Keyword) == nil || w.ask.At.Sub(last.At) > questionOpen {
			return c, false
		}
		return what.Candidate{Keyword: last.Keyword, Argument: last.Argument}, true
	}
	found := w.edition.index.Match(m.Rest, append([]string{m.Language}, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)...)
	if found.Decision == what.Reserved && found.Command == command.Save {
		found.Decision = what.Run // what is to be kept for a moment comes then
	}
	if m.Recurs && found.Decision == what.None && found.Tier == what.TierPart && len(found.Runners) == 1 {
		found.Decision, found.Candidates = what.Offer, found.Runners // it is not run, but told what is possible
	}
	if len(found.Candidates) != 1 || found.Decision != what.Run && (found.Decision != what.Offer || m.Bare || m.Vague || found.Reason == what.ReasonNegated || found.Corrected) {
		return c, false
	}
	c = found.Candidates[0]
	k := w.edition.keywordByID(c.Keyword)
	if k == nil || (m.Vague || m.Noon || m.Bare && k.takesArguments()) && k.takesDays() {
		return c, false
	}
	if w.isLength(k, c, m) {
		return c, false
	}
	if argument := answering(w).parseArgument(k, c.Argument); argument != "" {
		c.Argument = argument
	}
	return c, true
}

// speakAsOrdered has an order answered in the language in which it names the moment, or the keyword.
func (w planning) speakAsOrdered(m moment.Moment, c what.Candidate) {
	for _, language := range []string{m.Language, c.Language} {
		if tag, ok := w.edition.matchLanguage(language); ok {
			w.language, w.trace.Who.Language, w.trace.Who.From = tag, tag, "phrase"
			w.setLocalizer()
			break
		}
	}
}

// isLength reports whether a time to wait is how long what is asked for may take: "soup in 20 minutes".
func (w planning) isLength(k *keyword, c what.Candidate, m moment.Moment) bool {
	source, refines := k.source.Source.(Refined)
	if !refines || !m.Wait || !k.takesWords() {
		return false
	}
	said := strings.TrimSpace(strings.Replace(w.ask.Text, m.Rest, "", 1))
	_, fits := source.Refine(c.Argument, said)
	return fits
}

// isWhole reports whether the message is the name of a keyword with all that stands in
// it.
func (w planning) isWhole() bool {
	if w.match.Decision != what.Run || len(w.match.Candidates) != 1 || w.match.Candidates[0].Argument != "" {
		return false
	}
	switch w.match.Tier {
	case what.TierExact, what.TierFolded, what.TierVocabulary:
		return true
	}
	return false
}

// orderLater orders a keyword for a time, or says why it can't be.
func (w planning) orderLater(ctx context.Context, c what.Candidate, due time.Time) *Reply {
	k := w.edition.keywordByID(c.Keyword)
	if k == nil {
		return answering(w).withMenu(w.refuseWith(wordLaterNone))
	}
	if reply := w.refuseOrder(ctx, k, c, due); reply != nil {
		return reply
	}
	if w.lacksArgument(k, c) {
		reply := answering(w).askForArgument(k)
		if q := w.reader.Question; q != nil && q.Slot == k.ID {
			q.Due = due
		}
		return reply
	}
	later := who.Later{Due: due, Keyword: k.ID, Argument: shortenText(c.Argument, optionRunes), At: w.ask.At}
	before := w.reader.Laters
	w.reader.Laters = append(slices.Clip(before), later)
	if !w.reader.Fits() {
		w.reader.Laters = before
		return w.refuseWith(wordKeptFull)
	}
	w.orders = append(w.orders, w.newLaterEntry(later, due))
	reply := w.local.replyOf(wordLaterDone, "keyword", w.laterName(later), "when", w.datedText(due))
	if !w.channel.SMS {
		reply.Buttons = []Button{w.unlaterButton(later, false)}
	}
	return reply
}

// lacksArgument reports whether a keyword has no answer without an argument, and would get none.
func (w planning) lacksArgument(k *keyword, c what.Candidate) bool {
	own, byPhrase := k.defaultArgument()
	return c.Argument+own == "" && !byPhrase && what.Argument(k.Argument) == what.ArgumentRequired && preferring(w).rememberedPlace(k) == ""
}

// newLaterEntry returns the entry of an order: it is due for whoever ordered it, where it was
// ordered, its workspace included, and is answered in the language of that unless the reader has chosen one by then.
func (w planning) newLaterEntry(l who.Later, due time.Time) Entry {
	kind := Later
	if l.IsOwed() {
		kind = Owed
	}
	return Entry{Kind: kind, Cause: w.ask.ID, Due: due, Ask: Ask{
		Publisher: w.ask.Publisher, Channel: w.ask.Channel, Reader: w.ask.Reader, At: l.At,
		Incoming: Incoming{Address: w.ask.Address, Text: w.laterName(l), Language: w.language, Thread: w.ask.Thread, Workspace: w.ask.Workspace, Sent: w.ask.Written(), Greeted: true},
	}}
}

// refuseOrder says in one sentence why something can't be ordered, and what is possible;
// nil where it can.
func (w planning) refuseOrder(ctx context.Context, k *keyword, c what.Candidate, due time.Time) *Reply {
	name := w.local.candidateName(k, c)
	until, bounded := w.writesUntil()
	switch {
	case w.ask.Fleeting, w.channel.SMS && !w.channel.Laters:
		return w.withNow(w.refuseWith(wordLaterNever, "keyword", name), c)
	case due.Before(w.ask.At.Add(soonestLater)):
		return w.withNow(w.refuseWith(wordLaterPast, "when", w.datedText(due)), c)
	case bounded && due.After(until):
		return w.withNow(w.refuseWith(wordLaterWindow, "when", w.datedText(until), "keyword", name), c)
	case w.isFar(due):
		return w.refuseFar(c)
	case !(instructing(w)).mayKeep():
		return instructing(w).askConsent(ctx)
	case w.countLaters(false) >= MaxLaters:
		return w.withList(w.refuseWith(wordLaterFull, "n", MaxLaters))
	}
	return nil
}

func (w planning) isFar(due time.Time) bool { return due.After(w.ask.At.Add(LongestLater)) }

// refuseFar says up to when something can be ordered.
func (w planning) refuseFar(c what.Candidate) *Reply {
	return w.withNow(w.refuseWith(wordLaterFar, "when", w.datedText(w.ask.At.Add(LongestLater))), c)
}

// writesUntil returns until when something may be sent that is no answer; bounded is false
// where that is at any time.
func (w planning) writesUntil() (until time.Time, bounded bool) {
	if w.channel.Window == 0 {
		return time.Time{}, false
	}
	return w.ask.Written().Add(w.channel.Window - windowSlack), true
}

// withNow puts below a refusal what the keyword would answer now.
func (w planning) withNow(reply *Reply, c what.Candidate) *Reply {
	if k := w.edition.keywordByID(c.Keyword); k != nil && !w.channel.SMS {
		if send, ok := keywordPayload(c.Keyword, c.Argument); ok {
			reply.Buttons = append(reply.Buttons, Button{Label: w.local.candidateName(k, c), Send: send})
		}
	}
	return reply
}

// refuseRecurring tells who wants something to come again and again what there is
// instead, with one reminder at the next such time.
func (w planning) refuseRecurring(c what.Candidate, m moment.Moment) *Reply {
	k := w.edition.keywordByID(c.Keyword)
	if k == nil {
		return nil
	}
	due := m.At
	if due.IsZero() {
		due = w.ask.At.In(w.zone).AddDate(0, 0, 1)
	}
	return w.withOnce(w.withNow(w.local.replyOf(wordLaterRecurs, "keyword", w.local.candidateName(k, c)), c), c, due)
}

// answerAndOfferOnce answers at once who names a day and a part of it, as in "news tomorrow evening",
// or a clock that may be what is asked for, as in "train 9:30", and offers to send it then, where
// the keyword told nothing of that time. It is nil where the message is not that keyword alone.
func (w planning) answerAndOfferOnce(ctx context.Context, c what.Candidate, m moment.Moment) *Reply {
	runs := w.match.Decision == what.Run && len(w.match.Candidates) == 1 && w.match.Candidates[0].Keyword == c.Keyword
	if !runs && m.Vague || !m.At.After(w.ask.At) {
		return nil
	}
	asked := c
	if runs && !m.Vague {
		asked = w.match.Candidates[0]
	}
	reply := answering(w).answerCandidate(ctx, asked)
	told := w.trace.Outcome == journal.Answered && asked.Argument != c.Argument
	if told || w.trace.Outcome != journal.Answered && w.trace.Outcome != journal.Refused || w.ask.Group || w.ask.Fleeting || w.channel.Proxy || w.edition.UnderAge {
		return reply
	}
	return w.withOnce(reply, c, m.At)
}

// answerDay answers the keyword of a message that is not understood since a day stands beside it,
// which it takes none of, and offers it once for then: "wipro in 3 days".
func (w planning) answerDay(ctx context.Context) *Reply {
	if w.ask.Tap != "" || w.ask.Group || w.ask.Fleeting || w.channel.Proxy || w.edition.UnderAge {
		return nil
	}
	m, ok := moment.ReadDay(w.ask.Text, w.ask.At.In(w.zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	if !ok || m.Recurs || m.Rest == "" || !m.At.After(w.ask.At) {
		return nil
	}
	c, ok := w.ordered(m)
	switch {
	case !ok:
		return nil
	case w.isFar(m.At):
		return w.refuseFar(c)
	}
	return w.withOnce(answering(w).answerCandidate(ctx, c), c, m.At)
}

// withOnce puts below a reply the button that orders a keyword once.
func (w planning) withOnce(reply *Reply, c what.Candidate, due time.Time) *Reply {
	send := laterPayload(due, c)
	if !w.channel.SMS && len(send) <= maxPayload {
		reply.Buttons = append(reply.Buttons, Button{Label: w.local.textOf(wordLaterOnce, "when", w.datedOnly(due)), Send: send})
	}
	return reply
}

// laterPayload returns what a button sends that orders a keyword once.
func laterPayload(due time.Time, c what.Candidate) string {
	return tapCommand + string(command.Later) + ":" + strconv.FormatInt(due.Unix(), 36) + "." + c.Keyword + "." + encodeArgument(c.Argument)
}

// answerLater carries a button out that orders, or lists what is ordered.
func (w planning) answerLater(ctx context.Context) *Reply {
	_, order, ok := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapCommand), ":")
	if !ok || w.ask.Tap == "" {
		return w.listLaters()
	}
	at, rest, _ := strings.Cut(order, ".")
	seconds, err := strconv.ParseInt(at, 36, 64)
	_, _, o := readOptionPayload(tapOption + "0:." + rest)
	if err != nil || w.edition.keywordByID(o.Keyword) == nil {
		return w.listLaters()
	}
	return w.orderLater(ctx, what.Candidate{Keyword: o.Keyword, Argument: o.Argument}, time.Unix(seconds, 0).In(w.zone))
}

// answerDue answers what was ordered for now, as an ask of now, with a line that says why
// it comes.
func (w planning) answerDue(ctx context.Context) *Reply {
	l := *w.later
	k := w.edition.keywordByID(l.Keyword)
	if k == nil {
		return w.refuseWith(wordLaterLapsed, "keyword", cmp.Or(w.ask.Text, l.Argument, w.edition.Name), "when", w.datedText(l.Due))
	}
	w.trace.What.Tier = tierLater
	reply := answering(w).answerCandidate(ctx, what.Candidate{Keyword: l.Keyword, Argument: l.Argument, Phrase: w.local.keywordName(k)})
	if reply != nil {
		reply.addHeadline(w.local.textOf(wordLaterCame, "when", w.datedOnly(l.At)))
	}
	return reply
}

// holdLater has an order wait that comes due while a person is in charge, a while at a time. It is
// given up, and told of with the next answer, where nothing may be sent by then any more.
func (w planning) holdLater() *Reply {
	l, next := *w.later, w.answerTime().Add(owedRetry)
	until, bounded := w.writesUntil()
	if last := l.At.Add(LongestLater + who.PersonSilent); !bounded || last.Before(until) {
		until = last
	}
	switch {
	case l.IsOwed() && next.After(l.Due), next.After(until):
		w.reader = w.reader.Lapse(l)
	case l.IsOwed():
		w.reorder(l, next)
	default:
		l.Due = next
		w.reorder(l, next)
	}
	w.trace.Outcome = journal.Silent
	return nil
}

// reorder has an order wait on, until a moment.
func (w planning) reorder(l who.Later, next time.Time) {
	l.Entry = 0
	w.reader.Laters = append(slices.Clip(w.reader.Laters), l)
	w.orders = append(w.orders, w.newLaterEntry(l, next))
}

// tierLater says in a trace that it was ordered before.
const tierLater = "later"

// datedText words a time with its date and the zone in which it is meant.
func (w planning) datedText(t time.Time) string { return w.datedOnly(t) + " (" + w.zone.String() + ")" }

func (w planning) datedOnly(t time.Time) string {
	return when.Dated(t, w.ask.At, w.zone, w.local.servedLanguage())
}

// laterName returns what readers call what was ordered.
func (w planning) laterName(l who.Later) string {
	if l.IsOwed() {
		return l.Said
	}
	if k := w.edition.keywordByID(l.Keyword); k != nil {
		return w.local.candidateName(k, what.Candidate{Keyword: l.Keyword, Argument: l.Argument})
	}
	return cmp.Or(l.Argument, w.edition.Name)
}
