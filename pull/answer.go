package pull

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/who"
	"keypull/pull/withdrawal"
)

// answerCandidate answers a keyword that was recognised.
func (w answering) answerCandidate(ctx context.Context, c what.Candidate) *Reply {
	k := w.edition.keywordByID(c.Keyword)
	if k == nil {
		w.trace.Outcome = journal.Missed
		return w.withMenu(w.local.replyOf(wordUnknown, "word", shortenText(w.ask.Text, quotedRunes)))
	}
	argument, own := w.parseArgument(k, c.Argument), false
	place := ""
	if w.namesNoPlace(k, argument) {
		argument = ""
	}
	if argument == "" && w.item == "" && w.ask.Tap == "" && w.match.Tier != what.TierExact {
		argument = conversation(w).timeMeant(k, c.Phrase)
	}
	if argument == "" && w.item == "" {
		place = preferring(w).rememberedPlace(k)
		argument = place
	}
	if argument == "" {
		argument, own = k.defaultArgument()
	}
	w.trace.What.Keyword, w.trace.What.Argument, w.trace.What.Phrase = k.ID, argument, c.Phrase
	w.trace.When.Source, w.trace.What.Variants = k.Source, w.edition.variantsOf(k)
	if reply := w.answerShut(k); reply != nil {
		return reply
	}
	if reply := w.answerStandIn(k, argument); reply != nil {
		return reply
	}
	return w.addStandIn(k, w.answerKeyword(ctx, k, c.Phrase, argument, own, place))
}

// answerKeyword answers what a keyword itself has to tell. The argument is its own where the
// reader named none, or the place that is remembered of the reader.
func (w answering) answerKeyword(ctx context.Context, k *keyword, phrase, argument string, own bool, place string) *Reply {
	if reply := w.refuseOutsideTime(k); reply != nil {
		return reply
	}
	if k.takesRequests() {
		return requesting(w).beginRequest(ctx, k, argument)
	}
	if w.item != "" {
		return w.answerItem(ctx, k, w.item)
	}
	if argument == "" && what.Argument(k.Argument) == what.ArgumentRequired {
		return w.askForArgument(k)
	}
	if own {
		return w.answerByPhrase(ctx, k, phrase)
	}
	reply := w.answerArgument(ctx, k, argument)
	if place != "" {
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: w.local.textOf(wordForPlace, "place", place)})
	}
	return reply
}

// parseArgument returns an argument as sources get it: dates and numbers in one
// spelling, and anything that cannot be read as typed.
func (w answering) parseArgument(k *keyword, argument string) string {
	if argument == "" || k.Slot == "" {
		return argument
	}
	if value, ok := slot.Parse(slot.Kind(k.Slot), argument, w.ask.At.In(w.zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...); ok {
		return value
	}
	return argument
}

// namesNoPlace reports whether the argument of a keyword that is asked for by a place is none: a
// day, words that name nothing, as "for me" and "here", or a particle alone: 今日の天気は.
func (w answering) namesNoPlace(k *keyword, argument string) bool {
	if argument == "" || slot.Kind(k.Slot) != slot.Place {
		return false
	}
	if _, known := w.local.namedTerm(k, argument); known {
		return false
	}
	read := w.edition.readingLanguages(w.reader.Language, w.ask.Language)
	if textform.Normal(what.DayIn(argument, read...)) == textform.Normal(argument) || slices.Contains(besidePlace().ends, argument) {
		return true
	}
	return saysOnly(argument, read, speech.IsFunction)
}

// saysOnly reports whether all words of a text are such words of some languages.
func saysOnly(text string, languages []string, such func(folded string, tongues speech.Tongues) bool) bool {
	var tongues speech.Tongues
	for _, tag := range languages {
		tongues |= speech.Of(tag)
	}
	return !slices.ContainsFunc(textform.Tokenise(text, nil), func(t textform.Token) bool { return !such(t.Folded, tongues) })
}

// refuseOutsideTime answers for a keyword outside its time.
func (w answering) refuseOutsideTime(k *keyword) *Reply {
	at := w.ask.At
	switch {
	case k.From != nil && at.Before(*k.From):
		return w.withMenu(w.refuseWith(wordNotYet, "keyword", w.local.keywordName(k), "next", w.local.momentText(*k.From)))
	case k.Until != nil && at.After(*k.Until):
		return w.withMenu(w.refuseWith(wordOver, "keyword", w.local.keywordName(k)))
	case !k.hours.Open(at, w.edition.Zone):
		if w.closed = closedAt(k, at, w.edition.Zone); w.closed != nil && k.source.tellsFactTime() {
			return nil
		}
		return w.refuseClosed(k)
	}
	return nil
}

// refuseClosed says when a keyword answers again.
func (w answering) refuseClosed(k *keyword) *Reply {
	if w.closed == nil || w.closed.opens.IsZero() {
		return w.withMenu(w.refuseWith(wordOver, "keyword", w.local.keywordName(k)))
	}
	return w.withMenu(w.refuseWith(wordClosed, "keyword", w.local.keywordName(k), "next", w.local.momentText(w.closed.opens)))
}

func (w answering) answerArgument(ctx context.Context, k *keyword, argument string) *Reply {
	q := asking(w).newQuery(k, argument)
	kept, err := asking(w).bringSnapshot(ctx, k, q)
	if err != nil {
		if KindOf(err) == Unknown && w.onlyAsks(k, argument, nil) {
			return w.answerArgument(ctx, k, "")
		}
		if name := (preferring(w)).missingFact(k, q); KindOf(err) == Invalid && name != "" {
			return preferring(w).askForFact(k, name)
		}
		return w.refuseFailed(ctx, k, kept, err, argument)
	}
	found, err := w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, *kept.Snapshot, q)
	if err != nil {
		return w.refuseFailed(ctx, k, kept, err, argument)
	}
	if len(found.Items)+len(found.Choices) == 0 && found.Asked == "" && found.Note == "" && w.onlyAsks(k, argument, kept.Snapshot.Items) {
		return w.answerArgument(ctx, k, "")
	}
	return w.tellSelection(ctx, k, kept, found, q)
}

// onlyAsks reports whether an argument says no more than that something is asked for, as it is
// now: "inflation now", "petrol prices today please". One as short as a code may be one: "quote DE".
// Of items that have a day of their own, none is of today.
func (w answering) onlyAsks(k *keyword, argument string, items []what.Item) bool {
	const longestCode = 2
	if textform.Weight(argument) <= longestCode || !k.takesArgument() || k.takesDays() {
		return false
	}
	read := w.edition.readingLanguages(w.reader.Language, w.ask.Language)
	if day := what.DayIn(argument, read...); day != "" {
		now := w.ask.At.In(w.zone)
		if at, ok := slot.Parse(slot.Date, day, now, read...); !ok || at != now.Format(time.DateOnly) || slices.ContainsFunc(items, func(it what.Item) bool { return !it.Published.IsZero() }) {
			return false
		}
	}
	return saysOnly(argument, read, speech.Surrounds)
}

// newQuery returns what a keyword asks its source for in this ask.
func (w asking) newQuery(k *keyword, argument string) Query {
	q := Query{Argument: argument, Keyword: k.ID, Phrase: w.trace.What.Phrase, Count: max(k.Count, 1), Language: w.language, At: w.ask.At, Reader: w.readerFacts(k)}
	if w.count > 0 {
		q.Count = w.count
	}
	if p, ok := k.source.Source.(Plural); ok {
		q.Count = max(q.Count, min(p.Entries(q), maxNamed))
	}
	if c := w.from; c != nil {
		q.Offset, q.Began = c.Offset, c.Began
	}
	return q
}

// otherDay returns the day that a message names, if it is not today and the keyword knows nothing
// of it: what is told is of now, and has to say so. Else it is "".
func (w answering) otherDay(k *keyword, argument string) string {
	if w.ask.Tap != "" || w.match.Tier == what.TierExact || k.takesDays() {
		return ""
	}
	read := w.edition.readingLanguages(w.reader.Language, w.ask.Language)
	day := what.DayIn(w.ask.Text, read...)
	if day == "" || strings.Contains(textform.Normal(argument), textform.Normal(day)) {
		return ""
	}
	now := w.ask.At.In(w.zone)
	if at, ok := slot.Parse(slot.Date, day, now, read...); !ok || at == now.Format(time.DateOnly) {
		return ""
	}
	return day
}

// isOfDay reports whether a fact is of a day that a message names, which may be the last such day.
func (w answering) isOfDay(fact time.Time, day string) bool {
	now := w.ask.At.In(w.zone)
	at, ok := slot.ParsePast(day, now, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	return ok && at == fact.In(w.zone).Format(time.DateOnly)
}

// maxNamed is how many entries that are named in one ask a reply takes.
const maxNamed = 20

// tellSelection words what the source selected for a query.
func (w answering) tellSelection(ctx context.Context, k *keyword, kept Found, found Selection, q Query) *Reply {
	items, argument := found.Items, q.Argument
	w.trace.What.Inside = found.Evidence
	switch {
	case w.strays(items):
		return w.refuseRefined(k, found)
	case len(items) > 0:
	case len(found.Choices) > 0:
		reply := w.askWhich(ctx, k, found, q)
		if found.Near && kept.Snapshot.Unfinished {
			reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: w.local.readingProgress(k, kept.Snapshot)})
		}
		return reply
	case q.Offset > 0:
		return w.withMenu(w.local.replyOf(wordNoMore))
	case kept.Snapshot.Unfinished:
		return w.refuseUnread(k, kept.Snapshot)
	case argument != "":
		return w.refuseNothingFound(ctx, k, found, argument)
	default:
		return w.withMenu(w.refuseWith(wordNothingNow, "keyword", w.local.keywordName(k)))
	}
	began := w.clock()
	told := telling{
		edition: w.edition, keyword: k, items: items, kept: kept, argument: argument,
		language: w.language, zone: w.zone, at: w.answerTime(), closed: w.closed, dated: w.dated,
		length: w.reader.Preferences[who.Length],
	}
	day := w.otherDay(k, argument)
	told.dated = told.dated || !told.wantsStamp() && day != ""
	reply, err := told.composeReply(ctx)
	if day != "" && told.ages() && !w.isOfDay(told.factTime(), day) {
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: w.local.textOf(wordOtherDay, "day", day)})
	}
	w.trace.Took.Say = journal.Since(w.clock().Sub(began))
	if err != nil {
		w.noteFailure(err) // what there is to tell is told without the template
	}
	if w.channel.Data {
		reply.Data = &Data{Pieces: told.dataPieces()}
	}
	reply.Tells, reply.Cards = itemsTold(k, items), cardsOf(items)
	w.addCorrections(ctx, k, items, &reply)
	w.trace.Outcome = journal.Answered
	w.trace.When.AsOf = told.factTime()
	w.addSince(&reply, k, w.rememberPull(k, argument, items), items)
	w.keepCursor(k, found, q, len(found.Items))
	reply.Buttons = append(reply.Buttons, w.sourceButtons(k, found.Buttons)...)
	addSelectionNote(&reply, found)
	return &reply
}

// strays reports whether what is found for the last answer, with more said of it, is another thing:
// "without raisins" behind a strudel is no pancake. One that is named alike is another kind of it.
func (w answering) strays(items []what.Item) bool {
	if w.refined == "" || len(w.reader.Recent) == 0 || len(w.reader.Recent[0].Items) != 1 {
		return false
	}
	name := textform.Fold(w.refinedName())
	return !slices.ContainsFunc(items, func(it what.Item) bool {
		return itemMarks([]what.Item{it})[0] == w.reader.Recent[0].Items[0] || strings.Contains(textform.Fold(it.Title), name)
	})
}

// refinedName returns what the last answer was asked for before anything was said of it.
func (w answering) refinedName() string {
	last := w.reader.Recent[0]
	name := last.Argument
	for _, p := range w.reader.Recent {
		if p.Keyword == last.Keyword && p.Argument != "" && strings.HasPrefix(name, p.Argument+" ") {
			name = p.Argument
		}
	}
	return name
}

// refuseRefined says that there is nothing of the last answer with what is said of it.
func (w answering) refuseRefined(k *keyword, found Selection) *Reply {
	reply := w.refuseWith(wordNothing, "keyword", w.local.keywordName(k), "argument", w.refinedName()+", "+w.refined)
	if len(found.Items) == 0 {
		addSelectionNote(reply, found)
	}
	return w.withMenu(reply)
}

// bringSnapshot has the Cache bring the snapshot, and writes down how.
func (w asking) bringSnapshot(ctx context.Context, k *keyword, q Query) (Found, error) {
	w.tellsPrivately(k, q)
	key, err := w.snapshotKey(k, q)
	if err != nil {
		return Found{}, err
	}
	return w.bringKey(ctx, k, key)
}

// bringKey is bringSnapshot of a key.
func (w asking) bringKey(ctx context.Context, k *keyword, key string) (Found, error) {
	began := w.clock()
	freshness := k.freshness
	if w.closed != nil {
		freshness = w.closed.lastValueFreshness(freshness, w.answerTime())
	}
	place := k.source.SnapshotID(w.edition.ID, k.Source, key)
	w.private = w.private || isPrivate(place)
	kept, err := w.bringWanted(ctx, Want{
		ID:     place,
		Source: k.source.Source, Freshness: freshness, Asked: w.ask.At, At: w.answerTime(), Wait: freshness.Wait(), Asker: string(w.ask.Reader),
		NewKeys: k.source.NewKeys, Payer: w.ask.budgetPayer(), Shared: k.source.Shared, Computing: w.computing,
	})
	t := &w.trace.When
	t.Verdict, t.Asked, t.Requests, t.Stale, t.Closed = kept.Verdict.String(), kept.Asked, kept.Requests, kept.Stale, w.closed != nil
	if k.freshness.MaxAge != nil {
		t.MaxAge = journal.Since(*k.freshness.MaxAge)
	}
	if kept.Snapshot != nil {
		t.Fetched = kept.Snapshot.Fetched
	}
	if kept.Err != nil {
		w.noteFailure(kept.Err)
	}
	w.trace.Took.When = journal.Since(w.clock().Sub(began))
	return kept, err
}

// refuseNothingFound says that a keyword has nothing about what it was asked for, and what
// it does have something about: why, where its source knows, else an example, which might
// be what was not wished for.
func (w answering) refuseNothingFound(ctx context.Context, k *keyword, found Selection, argument string) *Reply {
	if reply := conversation(w).offerInstruction(ctx, argument, nil); reply != nil {
		return reply
	}
	if found.Asked == "" && found.Note == "" {
		if reply := conversation(w).offerNear(ctx, k, argument, true); reply != nil {
			return reply
		}
		for _, offer := range []func() *Reply{
			func() *Reply { return conversation(w).offerOther(ctx, k, argument) },
			func() *Reply { return conversation(w).offerNear(ctx, k, argument, false) },
			func() *Reply { return conversation(w).offerAnswering(ctx) },
		} {
			reply := offer()
			if reply == nil {
				continue
			}
			if w.trace.Outcome == journal.Offered && !slices.Contains(w.trace.What.Offered, k.ID) {
				nothing := w.local.textOf(wordNothing, "keyword", w.local.keywordName(k), "argument", w.local.argumentName(k, argument))
				reply.Blocks[0].Text = nothing + " " + reply.Blocks[0].Text
			}
			return reply
		}
		w.noteUnmet(k, argument)
	}
	reply := w.refuseWith(wordNothing, "keyword", w.local.keywordName(k), "argument", cmp.Or(found.Asked, w.local.argumentName(k, argument)))
	if addSelectionNote(reply, found); found.Note != "" {
		return w.withMenu(reply)
	}
	t, ok := w.local.sampleTerm(k)
	switch {
	case ok && k.hasJudged(termShown(t), argument):
		return w.withMenu(reply)
	case ok:
		reply.Blocks[0].Text += " " + w.local.textOf(wordExample, "example", w.local.exampleAsk(k))
	}
	return w.withExample(reply, k)
}

// withExample puts below a refusal what the keyword would answer, and the menu: of questions all of them, and what other
// keywords tell that are called after it, as "cinema prices" is.
func (w answering) withExample(reply *Reply, k *keyword) *Reply {
	if q, ok := k.source.Source.(Questioned); ok && q.ByQuestion() && !w.channel.SMS {
		for _, other := range append([]*keyword{k}, w.edition.order...) {
			if send, ok := keywordPayload(other.ID, ""); ok && len(reply.Buttons) < offerAtMost && conversation(w).mayTell(other) && (other == k && len(reply.Buttons) == 0 || other.isCalledAfter(k)) {
				reply.Buttons = append(reply.Buttons, Button{Label: w.local.keywordName(other), Send: send})
			}
		}
	}
	if t, ok := w.local.sampleTerm(k); ok && !w.channel.SMS {
		if send, ok := keywordPayload(k.ID, t.Value); ok {
			label := w.local.candidateName(k, what.Candidate{Keyword: k.ID, Argument: t.Value})
			reply.Buttons = append(reply.Buttons, Button{Label: label, Send: send})
		}
	}
	return w.withMenu(reply)
}

// isCalledAfter reports whether a phrase of a keyword is one of another with something behind it.
func (k *keyword) isCalledAfter(other *keyword) bool {
	for tag, phrases := range k.Phrases {
		for _, phrase := range other.Phrases[tag] {
			if k != other && slices.ContainsFunc(phrases, func(own string) bool { return strings.HasPrefix(textform.Fold(own), textform.Fold(phrase)+" ") }) {
				return true
			}
		}
	}
	return false
}

// withMenu puts the menu below a reply that would be a dead end without.
func (w answering) withMenu(reply *Reply) *Reply {
	w.local.addMenu(reply)
	return reply
}

// vocabularyPlace returns where the snapshot lies that a source takes its
// vocabulary from.
func (e *Edition) vocabularyPlace(k *keyword) SnapshotID {
	place, _ := k.source.VocabularyPlace(e.ID, k.Source, e.Languages)
	return place
}

// itemMarks returns the items of an answer as the reader's document keeps them.
func itemMarks(items []what.Item) []string {
	ids := make([]string, 0, len(items))
	for _, it := range items {
		ids = append(ids, withdrawal.Mark(it.ID))
	}
	return ids
}

// textVersion names a text by a short hash, as proof of which one was agreed to.
func textVersion(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// Bounds of what MORE goes on with: for how long after an answer, how far into
// its list, and how long an argument the reader's document keeps for it, in
// characters.
const (
	moreOpen  = 30 * time.Minute
	moreAtAll = 10_000
	moreRunes = 60
)

// keepCursor keeps where MORE goes on, behind so many that were told: it always means
// the last answer.
func (w answering) keepCursor(k *keyword, found Selection, q Query, told int) {
	w.reader.Cursor = nil
	next := q.Offset + told
	if !found.More || next > moreAtAll || utf8.RuneCountInString(q.Argument) > moreRunes {
		return
	}
	w.reader.Cursor = &who.Cursor{
		Place: who.Place{Keyword: k.ID, Argument: q.Argument, Offset: next, Began: q.First(), Language: q.Language}, Expires: w.ask.At.Add(moreOpen),
	}
}

// answerMore answers with what stands behind the last answer, or behind each of those
// that the last reply joined.
func (w answering) answerMore(ctx context.Context) *Reply {
	if c := w.reader.Cursor; c != nil && c.Cut != 0 && !w.ask.At.After(c.Expires) {
		if reply := w.answerRest(ctx, c); reply != nil {
			return reply
		}
	}
	c := w.reader.Cursor
	list, saved := goesOnSaved(c)
	switch {
	case c == nil || w.ask.At.After(c.Expires):
	case saved:
		return w.answerSaved(ctx, list, c.Began)
	case c.Menu():
		return ordering(w).menuPageFrom(c.Offset)
	}
	var all []wish
	for _, c := range w.reader.Cursor.All() {
		if !w.ask.At.After(c.Expires) && w.edition.keywordByID(c.Keyword) != nil {
			all = append(all, wish{from: &c})
		}
	}
	w.reader.Cursor = nil
	var reply *Reply
	switch len(all) {
	case 0:
		return w.withMenu(w.local.replyOf(wordNoMore))
	case 1:
		reply = w.continueList(ctx, all[0].from)
	default:
		reply = w.answerTogether(ctx, all)
	}
	if w.reader.Cursor != nil && w.trace.Outcome != journal.Refused {
		reply.Buttons = append(reply.Buttons, w.local.commandButton(wordMenuMore, command.More))
	}
	return reply
}

// continueList answers with what stands behind an answer.
func (w answering) continueList(ctx context.Context, c *who.Cursor) *Reply {
	k := w.edition.keywordByID(c.Keyword)
	w.from = c
	w.trace.What.Keyword, w.trace.What.Argument, w.trace.When.Source = k.ID, c.Argument, k.Source
	if reply := w.answerShut(k); reply != nil {
		return reply
	}
	if reply := w.answerStandIn(k, c.Argument); reply != nil {
		return reply
	}
	if reply := w.refuseOutsideTime(k); reply != nil {
		return reply
	}
	reply := w.addStandIn(k, w.answerArgument(ctx, k, c.Argument))
	if w.trace.Outcome == journal.Refused && k.shut == nil {
		// Upstream may be back in a moment: MORE still goes on from here.
		w.reader.Cursor = c
	}
	return reply
}
