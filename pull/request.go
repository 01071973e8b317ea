package pull

import (
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/proof"
	"keypull/pull/request"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/moment"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/when"
	"keypull/pull/who"
)

// Requests are what readers asked publishers to see to.
type Requests interface {
	// Has reports whether a request of a publisher has that number.
	Has(publisher string, number proof.Code) bool
	// Find returns the request with a number, and whether it is of that reader; Unknown is none,
	// and Limited that the reader has tried too often.
	Find(ctx context.Context, publisher string, by who.Key, number proof.Code) (r request.Request, own bool, err error)
	// Of returns the requests of a reader, the latest last.
	Of(ctx context.Context, key who.Key) ([]request.Request, error)
	// Booked returns the times of a calendar that appointments have taken but for that of an ask.
	Booked(ctx context.Context, publisher, calendar string, but uint64) ([]when.Stretch, error)
	// Book takes a time of a calendar for the ask of an appointment; false if another has it.
	Book(ctx context.Context, publisher, calendar string, at when.Stretch, ask uint64) (bool, error)
	// Cancel takes back a reader's request, which an ask confirmed.
	Cancel(ctx context.Context, key who.Key, ask uint64) (request.Request, error)
	// AppointmentPage is where one is for the reader's calendar; "" where nothing is served.
	AppointmentPage(publisher, number string) string
}

// Bookable is the option of a source that tells times at which an appointment may be.
type Bookable interface {
	// HasTimes reports whether it tells any.
	HasTimes() bool
	// TimeOf returns the time that an item is of; false where it is none that is free.
	TimeOf(it *what.Item) (when.Stretch, bool)
}

// Taker is the option of a source that requests of readers can be handed to.
type Taker interface {
	// TakesRequests reports whether that is so.
	TakesRequests() bool
	// TakeRequest hands one over. What comes again has the same number. It returns how the request
	// stands by now and what the reader is told of it, both "" for as before.
	TakeRequest(ctx context.Context, r *request.Request) (request.State, string, error)
}

// commandRequest is what a message about a request is noted as.
const commandRequest command.Command = "request"

// Bounds of what is taken down of a request: characters of an answer, times that are offered at
// once, and those that are looked through.
const (
	answerRunes  = 200
	timesAtOnce  = 4
	timesLooked  = 400
	spanWords    = 4
	mostTimesOff = 200
)

// noSource stands for the source of a keyword that takes requests, which has none.
type noSource struct{}

// Key implements Source.
func (noSource) Key(Query) (string, error) { return "", &Error{Kind: Unknown, Op: "ask a request"} }

// Fetch implements Source.
func (noSource) Fetch(context.Context, string, *Snapshot) (Snapshot, error) {
	return Snapshot{}, &Error{Kind: Unknown, Op: "ask a request"}
}

// Select implements Source.
func (noSource) Select(context.Context, Snapshot, Query) (Selection, error) { return Selection{}, nil }

// takesRequests reports whether a keyword takes something down of readers.
func (k *keyword) takesRequests() bool { return k.Request.Kind != "" }

// requestMeant returns the keyword that takes requests which a match runs; nil where it runs
// another, or none.
func (e *Edition) requestMeant(m what.Match) *keyword {
	if m.Decision != what.Run || len(m.Candidates) != 1 {
		return nil
	}
	if k := e.keywordByID(m.Candidates[0].Keyword); k != nil && k.takesRequests() {
		return k
	}
	return nil
}

// requesting takes requests of readers down, and tells how they stand.
type requesting struct{ *work }

// beginRequest begins to take down a request by a keyword. What the argument says of it is not
// asked again.
func (w requesting) beginRequest(ctx context.Context, k *keyword, argument string) *Reply {
	w.reader.Cursor, w.happened = nil, k.Request.Kind == catalogue.Incident
	switch {
	case w.ask.Group:
		return w.refuseWith(wordAside, "publisher", w.edition.Name)
	case w.channel.Proxy:
		return w.refuseWith(wordElsewhere, "publisher", w.edition.Name)
	case w.edition.UnderAge:
		return answering(w).withMenu(w.refuseWith(wordKeepsNothing))
	case w.later != nil, w.beside != nil, w.dated:
		reply := w.refuseWith(wordRequestAlone, "keyword", w.local.keywordName(k))
		reply.Buttons = append(reply.Buttons, Button{Label: w.local.keywordName(k), Send: tapKeyword + k.ID})
		return reply
	case !w.keeps():
		w.ask.Tap, w.ask.Text = "", strings.TrimSpace(w.local.keywordName(k)+" "+argument)
		return instructing(w).askConsent(ctx)
	}
	if refusal := w.refuseMany(ctx); refusal != nil {
		return refusal
	}
	w.trace.Outcome, w.trace.What.Argument = journal.Answered, ""
	a := who.Asking{Keyword: k.ID, Answers: make([]string, len(k.Request.Ask))}
	w.fillAnswers(k, &a, argument)
	return w.askNext(ctx, k, a)
}

// refuseMany refuses a further request of a reader who has too many; nil where that is not so.
func (w requesting) refuseMany(ctx context.Context) *Reply {
	if w.requests == nil {
		return nil
	}
	all, err := w.requests.Of(ctx, w.ask.Reader)
	if err != nil {
		w.noteFailure(err)
		return w.refuseWith(wordBroken)
	}
	open := 0
	for i := range all {
		if all[i].Open() && all[i].Ask != w.ask.ID {
			open++
		}
	}
	if open >= request.MaxOpen {
		return answering(w).withMenu(w.refuseWith(wordRequestFull, "n", open))
	}
	return nil
}

// fillAnswers takes what stands beside the phrase for answers: a choice by its name, a day, a
// number or an amount wherever it stands, and what is left for the first text. A day beside that
// of an appointment is the one on which it is to be.
func (w requesting) fillAnswers(k *keyword, a *who.Asking, argument string) {
	said := strings.Fields(argument)
	if k.Request.Kind == catalogue.Appointment {
		a.On, said = w.cutDay(said)
	}
	for i := range k.Request.Ask {
		q := &k.Request.Ask[i]
		if w.takesAnyWords(q) {
			continue
		}
		if value, at, n := w.valueAmong(q, said); n > 0 {
			a.Answers[i], said = value, slices.Delete(slices.Clone(said), at, at+n)
		}
	}
	rest := strings.Join(said, " ")
	if rest == "" {
		return
	}
	for i := range k.Request.Ask {
		if q := &k.Request.Ask[i]; a.Answers[i] == "" && w.takesAnyWords(q) {
			a.Answers[i] = clipRunes(rest, answerRunes)
			return
		}
	}
	if k.Request.Kind == catalogue.Appointment {
		a.On = clipRunes(strings.TrimSpace(a.On+" "+rest), labelRunes)
	}
}

// cutDay returns the words that name a day, the longest of them, and the others.
func (w requesting) cutDay(said []string) (day string, rest []string) {
	for n := min(len(said), spanWords); n > 0; n-- {
		for at := 0; at+n <= len(said); at++ {
			words := strings.Join(said[at:at+n], " ")
			if _, ok := w.readSlot(slot.Date, words); ok {
				return clipRunes(words, labelRunes), slices.Delete(slices.Clone(said), at, at+n)
			}
		}
	}
	return "", said
}

// isText reports whether any words answer a question.
func isText(q *catalogue.Question) bool {
	return q.Slot == "" || slot.Kind(q.Slot) == slot.Text || slot.Kind(q.Slot) == slot.Place
}

// takesAnyWords reports whether any words answer a question, as none of a few choices does.
func (w requesting) takesAnyWords(q *catalogue.Question) bool {
	return isText(q) && len(w.choicesOf(q)) == 0
}

func (w requesting) choicesOf(q *catalogue.Question) []string {
	return q.ChoicesIn(w.language, w.edition.Languages...)
}

// readValue returns what some words answer a question with; false where they do not.
func (w requesting) readValue(q *catalogue.Question, said string) (string, bool) {
	if choices := w.choicesOf(q); len(choices) > 0 {
		i := slices.IndexFunc(choices, func(c string) bool { return textform.SameName(c, said) })
		if i < 0 {
			return "", false
		}
		return choices[i], true
	}
	if isText(q) {
		said = clipRunes(strings.Join(strings.Fields(said), " "), answerRunes)
		return said, said != ""
	}
	return w.readSlot(slot.Kind(q.Slot), said)
}

// readSlot reads the value of a slot; a day of what has happened is one before.
func (w requesting) readSlot(of slot.Kind, said string) (string, bool) {
	if of == slot.Date && w.happened {
		return slot.ParsePast(said, w.ask.At.In(w.edition.Zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	}
	return slot.Parse(of, said, w.ask.At.In(w.edition.Zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
}

// askNext asks for what is missing: an answer, the time of an appointment, and at last whether
// all of it is right.
func (w requesting) askNext(ctx context.Context, k *keyword, a who.Asking) *Reply {
	if i := slices.Index(a.Answers, ""); i >= 0 {
		return w.askQuestion(k, a, i, "")
	}
	if k.Request.Kind == catalogue.Appointment && a.From.IsZero() {
		return w.offerTimes(ctx, k, a, wordRequestTimes)
	}
	return w.sumUp(k, a)
}

// keepAsking words a step of a request, and waits for what the reader says to it.
func (w requesting) keepAsking(a who.Asking, text string, options []who.Option) *Reply {
	w.wordless = true
	reply := &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Own: true, Text: text}}}
	reply.Buttons = questions(w).keepOpen(who.Question{Asks: &a, Options: options})
	return reply
}

// withCancel puts the way out below a step.
func (w requesting) withCancel(reply *Reply) *Reply {
	if q := w.reader.Question; q != nil && !w.channel.SMS {
		reply.Buttons = append(reply.Buttons, Button{Label: w.local.textOf(wordRequestCancel), Send: optionPayload(0, q.Token, who.Option{})})
	}
	return reply
}

// askQuestion asks a question of a keyword, below what was wrong with the answer before.
func (w requesting) askQuestion(k *keyword, a who.Asking, i int, wrong Word) *Reply {
	q := &k.Request.Ask[i]
	var options []who.Option
	for _, c := range w.choicesOf(q) {
		options = append(options, who.Option{Label: c})
	}
	text := w.questionText(q)
	if wrong != "" {
		text = w.local.textOf(wrong) + " " + text
	}
	return w.withCancel(w.keepAsking(a, text, options))
}

func (w requesting) questionText(q *catalogue.Question) string {
	for _, tag := range append([]string{w.language}, w.edition.Languages...) {
		if text := q.Text.In(tag); text != "" {
			return text
		}
	}
	return q.Text.Any()
}

// openTimes returns the times of an appointment's calendar that nobody has taken; refusal says why
// there are none.
func (w requesting) openTimes(ctx context.Context, k *keyword, on string) (free []when.Stretch, refusal *Reply) {
	times, ok := k.source.Source.(Bookable)
	if !ok || k.source.Problem != nil {
		return nil, answering(w).refuseFailed(ctx, k, Found{}, firstError(k.source.Problem, &Error{Kind: Unavailable, Op: "look for free times"}), "")
	}
	q := asking(w).newQuery(k, on)
	q.Count = timesLooked
	kept, err := asking(w).bringSnapshot(ctx, k, q)
	if err != nil {
		return nil, answering(w).refuseFailed(ctx, k, kept, err, "")
	}
	found, err := w.cache.Select(ctx, w.edition.ID, k.Source, k.source.Source, *kept.Snapshot, q)
	if err != nil {
		return nil, answering(w).refuseFailed(ctx, k, kept, err, "")
	}
	var taken []when.Stretch
	if w.requests != nil {
		if taken, err = w.requests.Booked(ctx, w.edition.ID, k.Source, w.ask.ID); err != nil {
			w.noteFailure(err)
			return nil, w.refuseWith(wordBroken)
		}
	}
	for i := range found.Items {
		at, is := times.TimeOf(&found.Items[i])
		meets := func(other when.Stretch) bool { return other.From.Before(at.To) && at.From.Before(other.To) }
		if is && at.From.After(w.ask.At) && !slices.ContainsFunc(taken, meets) {
			free = append(free, at)
		}
	}
	return free, nil
}

// offerTimes offers times of an appointment to choose from, below what leads to them.
func (w requesting) offerTimes(ctx context.Context, k *keyword, a who.Asking, leads ...Word) *Reply {
	a.From, a.SumsUp = time.Time{}, false
	free, refusal := w.openTimes(ctx, k, a.On)
	if refusal == nil && len(free) <= a.Skip && (a.Skip > 0 || a.On != "") {
		// Nothing is behind what was passed over, or on that day.
		leads, a.Skip, a.On = []Word{wordRequestNotThen}, 0, ""
		free, refusal = w.openTimes(ctx, k, "")
	}
	switch {
	case refusal != nil:
		return refusal
	case len(free) == 0:
		return answering(w).withMenu(w.refuseWith(wordRequestNoTime, "keyword", w.local.keywordName(k)))
	}
	var options []who.Option
	for _, at := range free[a.Skip:min(len(free), a.Skip+timesAtOnce)] {
		options = append(options, who.Option{Argument: at.From.UTC().Format(time.RFC3339), Label: w.timeText(at.From)})
	}
	if len(free) > a.Skip+timesAtOnce && a.Skip < mostTimesOff {
		options = append(options, who.Option{Label: w.local.textOf(wordRequestLater)})
	}
	var said []string
	for _, lead := range leads {
		said = append(said, w.local.textOf(lead))
	}
	return w.withCancel(w.keepAsking(a, strings.Join(said, " "), options))
}

// timeText words a time in the publisher's zone.
func (w requesting) timeText(at time.Time) string {
	return when.Dated(at, w.ask.At, w.edition.Zone, w.local.servedLanguage())
}

// fieldsOf returns the answers of a request as they are read.
func (w requesting) fieldsOf(k *keyword, a *who.Asking) (all []request.Field) {
	for i, value := range a.Answers {
		text := value
		if day, err := time.ParseInLocation(time.DateOnly, value, w.edition.Zone); err == nil && slot.Kind(k.Request.Ask[i].Slot) == slot.Date {
			text = when.Day(day, w.ask.At, w.edition.Zone, w.local.servedLanguage())
		}
		all = append(all, request.Field{Question: w.questionText(&k.Request.Ask[i]), Text: text, Value: value})
	}
	return all
}

// sumUp tells a request back, and asks once whether it is right.
func (w requesting) sumUp(k *keyword, a who.Asking) *Reply {
	a.SumsUp = true
	reply := w.keepAsking(a, w.local.textOf(wordRequestSum, "keyword", w.local.keywordName(k)), nil)
	var lines []string
	for _, f := range w.fieldsOf(k, &a) {
		lines = append(lines, f.Text)
	}
	if !a.From.IsZero() {
		lines = append(lines, w.timeText(a.From))
	}
	if len(lines) > 0 {
		reply.Blocks = slices.Insert(reply.Blocks, 0, Block{Kind: Paragraph, Own: true, Text: w.local.keywordName(k) + ": " + strings.Join(lines, " · ")})
	}
	reply.Buttons = questions(w).yesOrNo()
	return reply
}

// readStep takes a message for what the reader says to a step of a request; nil where it is
// something else.
func (w requesting) readStep(ctx context.Context, q who.Question) *Reply {
	if w.ask.Text == "" && w.ask.Location != nil {
		w.ask.Text = w.ask.Location.asArgument()
	}
	c := questions(w).readChoice(q)
	switch {
	case q.Asks.SumsUp || q.Asks.Ends != 0:
		if c == choiceNone {
			c = questions(w).readAgreement()
		}
		switch c {
		case choiceYes:
			return w.takeStep(ctx, q, 1)
		case choiceNo:
			return w.takeStep(ctx, q, 0)
		}
	case c > 0 && !w.saysTime(q.Asks):
		return w.takeStep(ctx, q, int(c))
	}
	k := w.edition.keywordByID(q.Asks.Keyword)
	if q.Asks.Ends != 0 || k == nil || w.asksOther(q.Asks) || strings.TrimSpace(w.ask.Text) == "" {
		return nil
	}
	return w.readWords(ctx, k, q, c)
}

// asksOther reports whether a message asks for something else than a step of a request: it is a
// keyword's phrase and no more, or, where words alone answer nothing, anything that a keyword
// answers.
func (w requesting) asksOther(a *who.Asking) bool {
	m := w.match
	if m.Decision != what.Run || m.Corrected || len(m.Candidates) != 1 {
		return false
	}
	k := w.edition.keywordByID(a.Keyword)
	if i := slices.Index(a.Answers, ""); i >= 0 && k != nil && i < len(k.Request.Ask) && w.takesAnyWords(&k.Request.Ask[i]) {
		return textform.SameName(m.Candidates[0].Phrase, w.ask.Text)
	}
	return true
}

// readWords takes the words of a message for a step of a request.
func (w requesting) readWords(ctx context.Context, k *keyword, q who.Question, c choice) *Reply {
	a := *q.Asks
	w.noteStep()
	w.happened = k.Request.Kind == catalogue.Incident
	if len(a.Answers) != len(k.Request.Ask) {
		return w.beginRequest(ctx, k, "") // its questions are others by now
	}
	i := slices.Index(a.Answers, "")
	switch {
	case a.SumsUp:
		return w.amendRequest(ctx, k, a)
	case i >= 0:
		asked := &k.Request.Ask[i]
		value, ok := w.readValue(asked, w.ask.Text)
		if !ok && c == 0 {
			value, ok = w.onlyValue(asked, strings.Fields(w.ask.Text))
		}
		switch {
		case ok && w.takesAnyWords(asked) && (w.asksBack() || w.isSmallTalk()):
		case ok:
			a.Answers = slices.Clone(a.Answers)
			a.Answers[i] = value
			return w.askNext(ctx, k, a)
		case c == choiceNo:
			return w.dropRequest()
		}
		return w.askQuestion(k, a, i, wordRequestUnfit)
	case c == choiceNo:
		return w.dropRequest()
	}
	return w.readTime(ctx, k, a)
}

// readTime takes the words of a message for the time of an appointment. Where no day is in them,
// and nothing is free that they may name, the same times are offered again, or those behind them
// where something is refused: "none of these".
func (w requesting) readTime(ctx context.Context, k *keyword, a who.Asking) *Reply {
	if reply := w.takeTimeSaid(ctx, k, a, w.ask.Text); reply != nil {
		return reply
	}
	before, on := a, clipRunes(strings.Join(strings.Fields(w.ask.Text), " "), labelRunes)
	a.On, a.Skip = on, 0
	if day, _ := w.cutDay(strings.Fields(on)); day != "" || w.refuses(on) {
		if a.On = textform.Trim(day); day == "" {
			a.On, a.Skip = before.On, before.Skip+timesAtOnce
		}
		return w.offerTimes(ctx, k, a, wordRequestTimes)
	}
	if free, refusal := w.openTimes(ctx, k, on); refusal == nil && len(free) == 0 {
		return w.offerTimes(ctx, k, before, wordRequestUnfit, wordRequestTimes)
	}
	return w.offerTimes(ctx, k, a, wordRequestTimes)
}

// isSmallTalk reports whether a message is nothing but polite, beside a yes or no: "ok thanks bye".
func (w requesting) isSmallTalk() bool {
	tokens := textform.Tokenise(w.ask.Text, nil)
	speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	polite := conversation(w).isAside()
	return !slices.ContainsFunc(tokens, func(t textform.Token) bool {
		is := speech.IsPolite(t.Normal) || t.Roles&(speech.Greeting|speech.Thanks) != 0
		polite = polite || is && choiceWords()[t.Folded] == choiceNone
		return !is && !asides()[t.Folded] && choiceWords()[t.Folded] == choiceNone
	}) && polite
}

// momentSaid returns the time that a text says, beside the day that it says, if it does.
func (w requesting) momentSaid(text string) (at time.Time, day string, ok bool) {
	m, ok := moment.Read(text, w.ask.At.In(w.edition.Zone), w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	if !ok || m.Recurs || m.Wait || m.Vague || m.At.IsZero() {
		return at, "", false
	}
	day, _ = w.cutDay(strings.Fields(text))
	return m.At, day, true
}

// saysTime reports whether a message at the times of an appointment says one: "at three" is none of
// the third place.
func (w requesting) saysTime(a *who.Asking) bool {
	k := w.edition.keywordByID(a.Keyword)
	if k == nil || k.Request.Kind != catalogue.Appointment || slices.Contains(a.Answers, "") {
		return false
	}
	_, _, ok := w.momentSaid(w.ask.Text)
	return ok
}

// takeTimeSaid takes the free time that a text says, "tomorrow at half past three"; where nothing is
// free then, those of the day are offered. It is nil where the text says none.
func (w requesting) takeTimeSaid(ctx context.Context, k *keyword, a who.Asking, text string) *Reply {
	at, day, ok := w.momentSaid(text)
	if !ok {
		return nil
	}
	on := a.On
	if day != "" {
		on = textform.Trim(day)
	}
	free, refusal := w.openTimes(ctx, k, "")
	if refusal != nil {
		return refusal
	}
	const half = 12
	date, _ := w.readSlot(slot.Date, on)
	for _, hour := range []int{at.Hour(), (at.Hour() + half) % (2 * half)} {
		for _, f := range free {
			from := f.From.In(w.edition.Zone)
			if from.Hour() == hour && from.Minute() == at.Minute() && (date == "" || from.Format(time.DateOnly) == date) {
				a.From, a.On, a.Skip = f.From, on, 0
				return w.sumUp(k, a)
			}
		}
	}
	a.On, a.Skip = on, 0
	return w.offerTimes(ctx, k, a, wordRequestNotThen)
}

// refuses reports whether a text says no to something.
func (w requesting) refuses(text string) bool {
	tokens := textform.Tokenise(text, nil)
	speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	return slices.ContainsFunc(tokens, func(t textform.Token) bool { return t.Roles&(speech.Negation|speech.NegationBehind) != 0 })
}

// asksBack reports whether a message is a question itself: "what do you need that for?"
func (w requesting) asksBack() bool {
	tokens := textform.Tokenise(w.ask.Text, nil)
	speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	return textform.EndsAsking(w.ask.Text) && beginsAsking(tokens)
}

// noteStep notes that the message is a step of a request.
func (w requesting) noteStep() { ordering(w).noteCommand(commandRequest); w.wordless = true }

// dropRequest ends the taking down of a request.
func (w requesting) dropRequest() *Reply {
	ordering(w).noteCommand(command.Drop)
	reply := w.local.replyOf(wordDropped)
	w.local.addMenu(reply)
	return reply
}

// takeStep takes the n-th of what a step of a request offers, yes being the first; 0 is no.
func (w requesting) takeStep(ctx context.Context, q who.Question, n int) *Reply {
	a := *q.Asks
	if a.Ends != 0 {
		return w.answerEnding(ctx, a, n == 1)
	}
	k := w.edition.keywordByID(a.Keyword)
	w.noteStep()
	switch {
	case k == nil || !k.takesRequests() || len(a.Answers) != len(k.Request.Ask):
		return w.refuseWith(wordQuestionOver)
	case n == 0, a.SumsUp && n != 1:
		return w.dropRequest()
	case a.SumsUp:
		return w.fileRequest(ctx, k, a)
	case n > len(q.Options):
		return w.refuseWith(wordQuestionOver)
	}
	o := q.Options[n-1]
	if i := slices.Index(a.Answers, ""); i >= 0 {
		a.Answers = slices.Clone(a.Answers)
		a.Answers[i] = o.Label
		return w.askNext(ctx, k, a)
	}
	from, err := time.Parse(time.RFC3339, o.Argument)
	if err != nil {
		a.Skip += timesAtOnce
		return w.offerTimes(ctx, k, a, wordRequestTimes)
	}
	a.From = from
	return w.sumUp(k, a)
}

// fileRequest hands a request over that the reader has confirmed, and tells by which number it is
// known. The time of an appointment is taken first; who comes second is offered others.
func (w requesting) fileRequest(ctx context.Context, k *keyword, a who.Asking) *Reply {
	if w.requests == nil || w.proofs == nil {
		return w.refuseWith(wordBroken)
	}
	if refusal := w.refuseMany(ctx); refusal != nil {
		return refusal
	}
	number := w.proofs.CodeOf(ctx, w.edition.ID, w.ask.ID, w.ask.At)
	if number == "" {
		return w.refuseWith(wordBroken)
	}
	r := request.Request{
		Head:   request.Head{Ask: w.ask.ID, At: w.ask.At, State: request.Received, Changed: w.ask.At, Unsent: k.Request.Hook != ""},
		Number: number.String(), Kind: k.Request.Kind, Keyword: k.ID, Name: w.local.keywordName(k), Language: w.language,
		Fields: w.fieldsOf(k, &a), Hook: k.Request.Hook,
	}
	if k.Request.Kind == catalogue.Appointment {
		var refusal *Reply
		if r.From, r.To, refusal = w.bookTime(ctx, k, a); refusal != nil {
			return refusal
		}
		r.Calendar = k.Source
		r.Fields = append(r.Fields, request.Field{Text: w.timeText(r.From), Value: r.From.UTC().Format(time.RFC3339)})
	}
	w.handed = &Handed{Said: r.Lines(), Request: &r}
	reply := w.local.replyOf(wordRequestSent, "number", r.Number)
	return w.withCalendar(reply, &r)
}

// bookTime takes the time of an appointment; else the reply offers others.
func (w requesting) bookTime(ctx context.Context, k *keyword, a who.Asking) (from, to time.Time, refusal *Reply) {
	free, refusal := w.openTimes(ctx, k, "")
	if refusal != nil {
		return from, to, refusal
	}
	at := when.Stretch{From: a.From}
	if i := slices.IndexFunc(free, func(s when.Stretch) bool { return s.From.Equal(a.From) }); i >= 0 {
		at = free[i]
	}
	booked := !at.To.IsZero()
	if booked {
		var err error
		if booked, err = w.requests.Book(ctx, w.edition.ID, k.Source, at, w.ask.ID); err != nil {
			w.noteFailure(err)
			return from, to, w.refuseWith(wordBroken)
		}
	}
	if !booked {
		return from, to, w.offerTimes(ctx, k, a, wordRequestTaken)
	}
	return at.From, at.To, nil
}

// withCalendar adds where an appointment is for the reader's own calendar.
func (w requesting) withCalendar(reply *Reply, r *request.Request) *Reply {
	if page := w.requests.AppointmentPage(w.edition.ID, r.Number); page != "" && !r.From.IsZero() && r.Open() {
		reply.Blocks = append(reply.Blocks, Block{Kind: Paragraph, Own: true, Text: w.local.textOf(wordRequestCalendar)}, Block{Kind: Link, URL: page, Tight: true})
	}
	return reply
}
