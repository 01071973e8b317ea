package pull

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// How many options a question lists, how long it stays open, and what of a
// name and an argument the reader's document keeps, in characters.
const (
	offerAtMost  = 3
	questionOpen = 10 * time.Minute
	labelRunes   = 60
	otherRunes   = 16
	optionRunes  = 120
	// questionBytes is more than a question takes, unless it is made up to fill
	// the document.
	questionBytes = 3000
)

// answerKeywordTap answers a press of a keyword's button.
func (w conversation) answerKeywordTap(ctx context.Context) *Reply {
	id := strings.TrimPrefix(w.ask.Tap, tapKeyword)
	if w.edition.keywordByID(id) == nil {
		return w.answerStaleTap(ctx)
	}
	w.trace.What.Tier = "tap"
	return answering(w).answerCandidate(ctx, what.Candidate{Keyword: id})
}

// answerMessage takes a message for a place, for the answer to the question that was
// open, if one was, or for what the index says of it.
func (w conversation) answerMessage(ctx context.Context, question *who.Question) *Reply {
	if question != nil && question.Asks != nil {
		if reply := requesting(w).readStep(ctx, *question); reply != nil {
			return reply
		}
		question = nil
	}
	reply := w.answerLocation(ctx)
	if reply == nil && question != nil && question.Slot != "" {
		reply = instructing(w).carryOutFact(ctx) // "my city is Lyon" fills the slot, and is remembered
	}
	if reply == nil && question != nil {
		reply = w.readAnswer(ctx, *question)
	}
	w.settled = reply != nil || choiceWords()[textform.Fold(firstWord(w.ask.Text))] == choiceNo && !w.isAside() // "no, I mean news"
	if reply == nil && !w.ask.Group && !w.channel.Proxy {
		reply = instructing(w).carryOut(ctx)
	}
	if reply == nil && w.ask.Group {
		reply = instructing(w).askAside()
	}
	if reply == nil {
		reply = w.answerMatch(ctx)
		if question != nil && !question.Past {
			w.noteTaken(question)
		}
	}
	return reply
}

// firstWord returns the first word of a text, without what stands around it.
func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return strings.TrimFunc(word, unicode.IsPunct)
}

// answerMatch does what the index says of the message.
func (w conversation) answerMatch(ctx context.Context) *Reply {
	if m, ok := w.askMatcher(ctx, w.edition.Matcher); ok {
		w.match = m
	}
	m := w.match
	t := &w.trace.What
	t.Probes, t.Tier, t.Reason, t.Corrected = m.Probes, string(m.Tier), string(m.Reason), m.Corrected
	for _, c := range m.Runners {
		t.Runners = append(t.Runners, c.Keyword)
	}
	switch m.Decision {
	case what.Run:
		if len(m.Candidates) > 1 {
			return answering(w).answerTogether(ctx, wishesOf(m))
		}
		if w.isOfAnother(m.Candidates[0]) {
			if reply := w.answerMeant(ctx); reply != nil {
				return reply
			}
		}
		if reply := w.answerFurther(ctx, m); reply != nil {
			return reply
		}
		c := w.narrowCandidate(ctx, w.entryBefore(m.Candidates[0]))
		if reply := w.offerTelling(ctx, c); reply != nil {
			return reply
		}
		reply := answering(w).answerCandidate(ctx, c)
		if m.Corrected {
			return w.addCorrectionNote(reply, m)
		}
		return reply
	case what.Offer:
		if (desking(w)).wasAway() {
			if reply := (desking(w)).passMessage(); reply != nil {
				return reply
			}
		}
		if reply := w.fillLast(ctx); reply != nil {
			return reply
		}
		return w.offerCandidates(ctx, m)
	}
	return w.answerMissed(ctx)
}

// answerFurther answers or offers what has more of a message than the entries that called keywords by themselves; nil
// where nothing has.
func (w conversation) answerFurther(ctx context.Context, m what.Match) *Reply {
	found, sure := w.lookFurther(ctx, m.Candidates)
	if len(found) == 0 {
		return w.offerTexts(ctx, m)
	}
	if o := found[0].option; sure {
		w.trace.What.Tier, w.item = string(tierInside), o.Item
		return answering(w).answerCandidate(ctx, what.Candidate{Keyword: o.Keyword, Argument: o.Argument, Language: w.language})
	}
	return w.offerInside(ctx, found, questions(w).optionsOf(m.Candidates))
}

// offerTexts offers what texts answer, and behind it the entries that called keywords by themselves, where none of these has
// something else that the message names: "is the Lindenhof in Linz any good" is not the market of Linz. Of one entry that is a
// rare word, and it is nil where no text answers. What is only wanted of a thing, as its price, nobody lacks.
func (w conversation) offerTexts(ctx context.Context, m what.Match) *Reply {
	_, _, rest := w.namedEntries(m.Candidates)
	one, asked := len(m.Candidates) == 1, w.readInside(w.ask.Text)
	if m.Tier == what.TierTyping || m.Tier == what.TierScript || asked.refuses || len(rest) == 0 || utf8.RuneCountInString(w.ask.Text) > insideRunes {
		return nil // the rest may be a slip
	}
	within, cancel := context.WithTimeout(ctx, w.lookTime)
	defer cancel()
	var names []string
	for _, c := range m.Candidates {
		said, ok := w.entryWords(within, c)
		if !ok {
			return nil
		}
		names = append(names, said...)
	}
	lacked := ""
	for _, word := range rest {
		if (!one || word.Weight > ordinaryWeight) && !slices.Contains(asked.aspects, word.Text) && !textform.BeginsSpaceless(word.Text) && !isForm(word.Text, names, w.edition.readingLanguages(w.language)) {
			lacked = strings.TrimSpace(lacked + " " + word.Text)
		}
	}
	if lacked == "" {
		return nil
	}
	options := w.askTexts(ctx)
	if len(options) == 0 && one && !asked.questions {
		return nil
	}
	return w.offerBefore(ctx, options, m.Candidates, lacked)
}

// offerBefore offers texts, and behind them what a message calls, which lacks some word of it.
func (w conversation) offerBefore(ctx context.Context, texts []who.Option, called []what.Candidate, lacked string) *Reply {
	texts = texts[:min(len(texts), offerAtMost-1)]
	options := append(slices.Clone(texts), questions(w).optionsOf(called)...)
	options = options[:min(len(options), offerAtMost)]
	if reply := w.answerChosen(ctx, options); reply != nil {
		return reply
	}
	if len(texts) > 0 {
		w.trace.What.Tier, w.trace.What.Reason = string(tierInside), ""
	}
	w.trace.Outcome = journal.Offered
	return w.offerBehindUnknown(lacked, options, w.noteCore())
}

// answerChosen tells the options of a question apart, and answers the one that the reader chose before; nil where there is none.
func (w conversation) answerChosen(ctx context.Context, options []who.Option) *Reply {
	questions(w).distinguishLabels(options)
	return answering(w).answerAsChosen(ctx, w.choiceKey(), options)
}

// textMore is how much more of a message the texts have that are offered before the keyword that it calls.
const textMore = 0.3

// offerTelling offers the texts that answer a message, or come nearest to it, and behind them the keyword that it calls, where
// that tells much less of what stands in the message; the keyword alone where one of its entries was called, or it with something
// joined to it, that lacks some of a question: "who leads the choir of Leeds" is not Leeds, and "the phone number of the museum" not
// that of the paper. It is nil where the rest may be a slip, or what is not wanted.
func (w conversation) offerTelling(ctx context.Context, c what.Candidate) *Reply {
	k := w.edition.keywordByID(c.Keyword)
	if k == nil || findsPassages(k.source.Source) || w.ask.Tap != "" || w.match.Tier == what.TierExact || w.match.Tier == what.TierTyping || w.match.Tier == what.TierScript {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, w.lookTime)
	defer cancel()
	names, ok := w.entryWords(within, c)
	if !ok {
		return nil
	}
	languages := w.edition.readingLanguages(w.language)
	if day := what.DayIn(c.Argument, languages...); day != "" {
		names = append(names, strings.Fields(textform.Fold(day))...)
	}
	said := w.readInside(w.ask.Text)
	share, lacked := said.sharesOf(names, languages)
	if lacked == "" || said.refuses {
		return nil
	}
	var options []who.Option
	for _, hit := range w.searchTexts(ctx, said) {
		if hit.Evidence.Coverage >= share+textMore && (hit.Evidence.Coverage >= insideMost || hit.Evidence.Certainty >= textLikely) {
			if len(options) == 0 {
				w.trace.What.Inside = hit.Evidence
			}
			options = append(options, hit.options()...)
		}
	}
	if len(options) == 0 {
		ofAnother := c.Argument != "" && !k.isCalled(c.Phrase) || c.Argument == "" && w.match.Certainty.IsNarrowed() && w.tellsItems(within, k)
		if lacked = said.withoutAspects(lacked); lacked == "" || !said.questions || !ofAnother {
			return nil
		}
	}
	return w.offerBefore(ctx, options, []what.Candidate{c}, lacked)
}

// offerAnswering offers what texts answer to a message whose keyword has nothing of it; nil where none does.
func (w conversation) offerAnswering(ctx context.Context) *Reply {
	options := w.askTexts(ctx)
	if len(options) == 0 {
		return nil
	}
	options = options[:min(len(options), offerAtMost)]
	if reply := w.answerChosen(ctx, options); reply != nil {
		return reply
	}
	return questions(w).offerOptions(who.Question{Options: options, Core: w.noteCore(), Said: w.choiceKey()})
}

// offerOptions asks which of the options of a question is meant, or whether the one is.
func (w questions) offerOptions(q who.Question) *Reply {
	w.trace.Outcome = journal.Offered
	lead := wordOffer
	if len(q.Options) == 1 {
		lead = wordMean
	}
	return w.askReader(lead, q, "keyword", q.Options[0].Label)
}

// offerCandidates asks which keyword was meant.
func (w conversation) offerCandidates(ctx context.Context, m what.Match) *Reply {
	options := questions(w).optionsOf(m.Candidates)
	if len(options) == 0 {
		return w.answerMissed(ctx)
	}
	said := w.choiceKey()
	if reply := answering(w).answerAsChosen(ctx, said, options); reply != nil {
		return reply
	}
	if m.Reason == what.ReasonTie {
		if reply := w.answerFurther(ctx, m); reply != nil {
			return reply
		}
	}
	if isWeak(m) {
		if reply := w.answerMeant(ctx); reply != nil {
			return reply
		}
		if found := w.withoutSome(ctx, w.withoutOptions(w.lookInside(ctx), options), options); len(found) > 0 {
			return w.offerInside(ctx, found, w.withoutNothing(ctx, withoutFound(options, found)))
		}
		if options = w.withoutNothing(ctx, options); len(options) == 0 {
			return w.answerMissed(ctx)
		}
		if reply := planning(w).answerDay(ctx); reply != nil {
			return reply
		}
		if reply := w.offerInstruction(ctx, cmp.Or(m.Unknown, w.ask.Text), options); reply != nil {
			return reply
		}
	}
	if m.Fitting <= len(options) {
		options = append(options, w.askTexts(ctx)...)
		options = options[:min(len(options), offerAtMost)]
		if reply := w.answerChosen(ctx, options); reply != nil {
			return reply
		}
	}
	w.trace.Outcome = journal.Offered
	lead := wordOffer
	if len(options) == 1 {
		lead = wordMean
		switch m.Reason {
		case what.ReasonSentence, what.ReasonNegated, what.ReasonCommon:
			lead = wordWant
		}
	}
	if m.Fitting > len(options) && len(options) == offerAtMost {
		lead = wordSeveralMore
	}
	reply := questions(w).askReader(lead, who.Question{Options: options, Core: w.noteCore(), Said: said}, "keyword", options[0].Label, "argument", shortenText(m.Core, labelRunes), "n", m.Fitting)
	if m.Reason != "" && m.Reason != what.ReasonTie {
		reply.Buttons = append(reply.Buttons, w.local.menuButton())
	}
	return reply
}

// isWeak reports whether an offer is of keywords that have only a part of the message, or
// stand in it by the way.
func isWeak(m what.Match) bool {
	switch m.Reason {
	case what.ReasonPart, what.ReasonSentence, what.ReasonCommon, what.ReasonUnknown:
		return true
	}
	return false
}

// askReader words a question, its options as buttons, and keeps it open.
func (w questions) askReader(lead Word, q who.Question, pairs ...any) *Reply {
	reply := w.local.replyOf(lead, pairs...)
	reply.Buttons = w.keepOpen(q)
	return reply
}

// keepOpen leaves a question open and returns the buttons that answer it. In a
// group none stays open: a number would be another member's answer as well, so
// that each button says all by itself.
func (w questions) keepOpen(q who.Question) []Button {
	if w.asked != nil && w.asked.Renews && !w.settled {
		w.reader.Consent.Asked = "" // it is asked once more, since nobody could answer it
	}
	q.Token, q.Expires, q.Language, q.Past = strconv.FormatUint(w.ask.ID, 36), w.ask.At.Add(questionOpen), w.language, false
	w.reader.Question = &q
	if b, err := json.Marshal(q); err != nil || len(b) > questionBytes {
		w.reader.Question = nil
	}
	buttons := make([]Button, 0, len(q.Options)+1)
	for i, o := range q.Options {
		send := optionPayload(i+1, q.Token, o)
		if w.ask.Group && o.Argument+o.Item == "" {
			send = tapKeyword + o.Keyword
		}
		buttons = append(buttons, Button{Label: o.Label, Send: send})
		if !q.Corrected && q.Asks == nil && o.Keyword != "" && w.trace.Outcome == journal.Offered && !slices.Contains(w.trace.What.Offered, o.Keyword) {
			w.trace.What.Offered = append(w.trace.What.Offered, o.Keyword)
		}
	}
	if q.Chosen && !w.ask.Group {
		buttons = append(buttons, Button{Label: w.local.textOf(wordNotThat), Send: optionPayload(0, q.Token, who.Option{})})
	}
	return buttons
}

// saysNo is the number of the NO below a question; the YES before it has the first.
const saysNo = 2

// yesOrNo returns the buttons of the question that was just left open, neither of them
// before the other in size or look.
func (w questions) yesOrNo() []Button {
	token := ""
	if q := w.reader.Question; q != nil {
		token = q.Token
	}
	return []Button{
		{Label: w.local.textOf(wordYes), Send: optionPayload(1, token, who.Option{})},
		{Label: w.local.textOf(wordNo), Send: optionPayload(saysNo, token, who.Option{})},
	}
}

// optionsOf makes up to three options of candidates, no two of the same name.
func (w questions) optionsOf(candidates []what.Candidate) []who.Option {
	var options []who.Option
	for _, c := range candidates {
		k := w.edition.keywordByID(c.Keyword)
		if k == nil || len(options) == offerAtMost || hasOption(options, c) {
			continue
		}
		if label := w.local.candidateName(k, c); label != "" {
			options = append(options, who.Option{Keyword: c.Keyword, Argument: clipRunes(c.Argument, optionRunes), Label: label})
		}
	}
	w.distinguishLabels(options)
	return options
}

func hasOption(options []who.Option, c what.Candidate) bool {
	argument := clipRunes(c.Argument, optionRunes)
	return slices.ContainsFunc(options, func(o who.Option) bool { return o.Keyword == c.Keyword && o.Argument == argument })
}

// distinguishLabels adds to options of one label what tells them apart: their keyword's name, or another of its
// phrases, where no other of them is of the same keyword, else the option's number.
func (w questions) distinguishLabels(options []who.Option) {
	alike := slices.Clone(options)
	for i, o := range alike {
		if onlyOption(textform.Fold(o.Label), alike, sameName) != choiceNone {
			continue
		}
		name, other := "", ""
		if k := w.edition.keywordByID(o.Keyword); !hasTwin(alike, i) {
			name, other = w.local.keywordName(k), w.otherPhrase(k)
		}
		if o.Argument != "" && name != "" { // rows of several tables
			named := shortenText(name+": "+o.Label, labelRunes)
			if !slices.ContainsFunc(options, func(other who.Option) bool { return sameName(textform.Fold(other.Label), textform.Fold(named)) }) {
				options[i].Label = named
				continue
			}
		}
		label := shortenText(o.Label, labelRunes-otherRunes)
		options[i].Label = label + " (" + other + ")"
		if other == "" || onlyOption(textform.Fold(options[i].Label), options, sameName) != choice(i+1) {
			options[i].Label = label + " (" + strconv.Itoa(i+1) + ")"
		}
	}
}

// hasTwin reports whether another option has the label of one and is of the same keyword.
func hasTwin(options []who.Option, i int) bool {
	one := options[i]
	for j, o := range options {
		if j != i && o.Keyword == one.Keyword && sameName(textform.Fold(o.Label), textform.Fold(one.Label)) {
			return true
		}
	}
	return false
}

// otherPhrase is another of a keyword's phrases than its name; "" if it has
// one alone.
func (w questions) otherPhrase(k *keyword) string {
	name := textform.Fold(w.local.keywordName(k))
	for phrase := range w.edition.keywordNames(k, w.language) {
		if textform.Fold(phrase) != name {
			return shortenText(phrase, otherRunes)
		}
	}
	return ""
}

// keepAsked leaves the question open that was there before, until its time is over, where the
// message has not answered it and nothing else was asked. What erases, and what a request asks
// for, is said at once; what stands below an answer is over with the next of another keyword.
func (w questions) keepAsked() {
	q := w.asked
	switch {
	case q == nil, w.settled, w.reader.Question != nil, w.ask.Group, w.reader.State != who.Active, w.reader.Mode != who.Bot, q.Erase, q.Asks != nil:
		return
	case w.trace.Outcome != journal.Answered:
	case q.Slot != "" && q.Slot == w.trace.What.Keyword, slices.ContainsFunc(q.Options, func(o who.Option) bool { return o.Keyword == w.trace.What.Keyword }):
		return
	case q.Corrected && !w.answersAgain():
		return
	}
	past := *q
	past.Past = past.Past || !conversation(w).isAside()
	w.reader.Question = &past
}

// answersAgain reports whether the answer is one of the same keyword as that which the open
// question stands below.
func (w questions) answersAgain() bool {
	asked := w.asked.Expires.Add(-questionOpen)
	for i := range w.reader.Recent {
		if p := &w.reader.Recent[i]; p.IsOf(asked) {
			return p.Keyword == w.trace.What.Keyword
		}
	}
	return len(w.reader.Recent) > 0 && w.reader.Recent[0].Times > 1
}

// listsSince reports whether an answer that came with a question, or after it, lists several
// entries: a number is one of them then.
func (w questions) listsSince(q *who.Question) bool {
	asked := who.PullMoment(q.Expires.Add(-questionOpen))
	return slices.ContainsFunc(w.reader.Recent, func(p who.Pull) bool { return len(p.Items) > 1 && !p.At.Before(asked) })
}

// openQuestion returns the question that the reader has not answered yet, or nil.
func (w questions) openQuestion() *who.Question {
	q := cmp.Or(w.reader.Question, w.passing.Question)
	if q == nil || w.ask.At.After(q.Expires) {
		return nil
	}
	return q
}

// readAnswer takes a message as an answer to q, and returns nil if it is not one.
func (w conversation) readAnswer(ctx context.Context, q who.Question) *Reply {
	if k := w.edition.keywordByID(q.Slot); k != nil {
		if _, named := w.local.namedTerm(k, w.ask.Text); named {
			return w.fillSlot(ctx, q) // a name may be a number
		}
	}
	switch c := (questions(w)).readChoice(q); {
	case q.WantsYesOrNo() && (c == choiceYes || c == choiceNo):
		return w.decideQuestion(ctx, q, c == choiceYes)
	case q.WantsYesOrNo():
		return nil
	case c > 0:
		return w.takeOption(ctx, q, q.Options[c-1])
	case c == choiceAll:
		return w.takeAll(ctx, q)
	case c == choiceNo, w.instruction.Kind == instruction.NotThat && w.match.Decision != what.Run && q.Slot == "" && (!q.Past || q.Corrected):
		return w.answerNo(q)
	case q.Slot != "":
		return w.fillSlot(ctx, q)
	case c == choiceYes && q.Corrected:
		return nil
	case c == choiceYes && namesOne(q.Options):
		return w.takeOption(ctx, q, q.Options[0])
	case c == choiceYes && !q.Again:
		q.Again = true
		w.trace.Outcome = journal.Offered
		return questions(w).askReader(wordWhich, q)
	}
	return w.refineOptions(q)
}

// refineOptions asks which of the options again, with what the message says of any of them: "for 4
// people". It is nil where it says anything else.
func (w conversation) refineOptions(q who.Question) *Reply {
	q.Options = slices.Clone(q.Options)
	for i := range q.Options {
		o := &q.Options[i]
		k := w.edition.keywordByID(o.Keyword)
		if k == nil || o.Argument == "" {
			return nil
		}
		source, refines := k.source.Source.(Refined)
		if !refines {
			return nil
		}
		if o.Argument, refines = source.Refine(o.Argument, w.ask.Text); !refines {
			return nil
		}
	}
	if len(q.Options) == 0 {
		return nil
	}
	w.trace.Outcome = journal.Offered
	return questions(w).askReader(wordWhich, q)
}

// decideQuestion does what a question that wants yes or no was about, or lets it be.
func (w conversation) decideQuestion(ctx context.Context, q who.Question, yes bool) *Reply {
	switch {
	case q.Wish != "":
		return instructing(w).answerConsent(ctx, q, yes)
	case q.Erase:
		return ordering(w).answerForget(yes)
	case q.Renews:
		return instructing(w).answerRenewal(yes)
	case q.Moves != "":
		return instructing(w).answerMove(ctx, MoveCode(q.Moves), yes)
	}
	return instructing(w).answerJoin(q.Joins, yes)
}

// takeOption runs the option that the reader took.
func (w conversation) takeOption(ctx context.Context, q who.Question, o who.Option) *Reply {
	if o.Keyword == "" {
		return instructing(w).doWanted(ctx, who.Question{Wish: o.Argument}, true)
	}
	w.trace.What.Tier, w.trace.What.Accepted = tierChoice, q.Core
	if w.item = o.Item; w.item != "" {
		w.trace.What.Accepted = ""
	}
	reply := answering(w).answerCandidate(ctx, what.Candidate{Keyword: o.Keyword, Argument: o.Argument})
	w.noteTaken(&q)
	return reply
}

// namesOne reports whether the first of some options is what yes takes: an instruction, or the only
// keyword, beside STOP.
func namesOne(options []who.Option) bool {
	return len(options) > 0 && (options[0].Keyword == "" || !slices.ContainsFunc(options[1:], func(o who.Option) bool { return o.Keyword != "" }))
}

// takeAll runs all options of a question in one reply.
func (w conversation) takeAll(ctx context.Context, q who.Question) *Reply {
	w.trace.What.Tier = tierChoice
	var all []wish
	for _, o := range q.Options {
		all = append(all, wish{Candidate: what.Candidate{Keyword: o.Keyword, Argument: o.Argument}, item: o.Item})
	}
	return answering(w).answerTogether(ctx, all)
}

// tierChoice says in a trace that the reader took an option.
const tierChoice = "choice"

// answerNo closes a question that the reader answered with no. If an answer stood
// above it, the next candidates are offered, or the menu.
func (w conversation) answerNo(q who.Question) *Reply {
	if q.Chosen {
		w.reader = w.reader.Unchoose(q.Said)
	}
	switch {
	case !q.Corrected:
		ordering(w).noteCommand(command.Drop)
		reply := w.local.replyOf(wordDeclined)
		w.local.addMenu(reply)
		return reply
	case len(q.Options) == 0:
		ordering(w).noteCommand(command.Menu)
		return ordering(w).menuReply()
	}
	q.Corrected, q.Chosen = false, false
	reply := questions(w).offerOptions(q)
	w.local.addMenu(reply)
	return reply
}

// answerOptionTap answers a press of an option's button of q, which is nil where no question
// is open. One of a question that is over is understood as long as the payload tells
// the option.
func (w conversation) answerOptionTap(ctx context.Context, q *who.Question) *Reply {
	n, token, o := readOptionPayload(w.ask.Tap)
	w.settled = q != nil && token == q.Token
	switch {
	case !w.settled || token == "":
	case q.WantsYesOrNo() && q.Asks == nil:
		return w.decideQuestion(ctx, *q, n == 1)
	case q.Asks != nil:
		return requesting(w).takeStep(ctx, *q, n)
	case n == 0:
		return w.answerNo(*q)
	case n <= len(q.Options):
		return w.takeOption(ctx, *q, q.Options[n-1])
	}
	if w.edition.keywordByID(o.Keyword) != nil {
		w.trace.What.Tier, w.item = tierChoice, o.Item
		return answering(w).answerCandidate(ctx, what.Candidate{Keyword: o.Keyword, Argument: o.Argument})
	}
	return w.answerStaleTap(ctx)
}

// answerStaleTap answers a press of a button that leads nowhere any more, by its label
// if that is understood.
func (w conversation) answerStaleTap(ctx context.Context) *Reply {
	if w.match.Decision == what.Run || w.match.Decision == what.Offer {
		return w.answerMatch(ctx)
	}
	reply := w.refuseWith(wordQuestionOver)
	w.local.addMenu(reply)
	return reply
}

// maxPayload is what the strictest platform lets a button send, in bytes.
const maxPayload = 64

// optionPayload returns what the button of an option sends: its number, the token of the
// question, and, where there is room, the option itself, so that it can be
// told when the question is forgotten.
func optionPayload(n int, token string, o who.Option) string {
	short := fmt.Sprintf("%s%d:%s", tapOption, n, token)
	if o.Keyword == "" {
		return short
	}
	whole := short + "." + o.Keyword
	if o.Argument+o.Item != "" {
		whole += "." + encodeArgument(o.Argument)
	}
	if o.Item != "" {
		whole += "." + o.Item
	}
	if len(whole) > maxPayload {
		if value, _, more := strings.Cut(o.Argument, ChoiceDetail); more {
			o.Argument = value
			return optionPayload(n, token, o)
		}
		return short
	}
	return whole
}

// encodeArgument returns an argument as a payload carries it.
func encodeArgument(argument string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(argument))
}

// readOptionPayload reads what optionPayload wrote; what it cannot read stays empty.
func readOptionPayload(tap string) (n int, token string, o who.Option) {
	number, rest, _ := strings.Cut(strings.TrimPrefix(tap, tapOption), ":")
	n, err := strconv.Atoi(number)
	if err != nil {
		n = 0
	}
	token, rest, _ = strings.Cut(rest, ".")
	id, coded, _ := strings.Cut(rest, ".")
	coded, item, _ := strings.Cut(coded, ".")
	argument, err := base64.RawURLEncoding.DecodeString(coded)
	if err != nil {
		return n, token, who.Option{}
	}
	return n, token, who.Option{Keyword: id, Argument: strings.ToValidUTF8(string(argument), ""), Item: item}
}
