package pull

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"keypull/pull/proof"
	"keypull/pull/request"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// stateWords say how a request stands.
var stateWords = map[request.State]Word{ //nolint:gochecknoglobals // it does not change
	request.Received: wordRequestReceived, request.InWork: wordRequestInWork, request.Done: wordRequestDone, request.Cancelled: wordRequestCancelled,
}

// readNumber reads a message that names the number of a request, whatever stands beside it: it
// can mean nothing else. What looks like a number and is none is one with a mistake, where nothing
// else is meant.
func (w hearing) readNumber() bool {
	if w.ask.Tap != "" || w.requests == nil {
		return false
	}
	number, rest, ok := proof.Find(w.ask.Text)
	switch {
	case !ok:
		return false
	case number != "" && w.requests.Has(w.edition.ID, number):
		w.asksNumber, w.number, w.besideNumber = true, number, rest
		return true
	case number == "" && w.asksWords():
		return false // it is what was asked for: "3º B"
	case !w.edition.takes || number != "" && rest == "":
		return false // it may be the code of an answer
	case number == "" && (w.hasCodeForm() || !slices.ContainsFunc(strings.Fields(w.ask.Text), mixesSigns)):
		return false // words and figures: "WIPRO every 5 minutes"
	}
	languages := w.edition.readingLanguages(w.reader.Language, w.ask.Language)
	_, checks := command.AsksToCheck(rest)
	if checks || w.edition.index.Match(w.ask.Text, languages...).Decision != what.None || rest != "" && w.edition.index.Match(rest, languages...).Decision != what.None {
		return false
	}
	w.asksNumber = true
	return true
}

// asksWords reports whether the reader is asked for words of a request.
func (w hearing) asksWords() bool {
	q := (questions(w)).openQuestion()
	return q != nil && q.Asks != nil && q.Asks.Ends == 0
}

// mixesSigns reports whether a word has letters and figures, or is joined by a hyphen, as parts
// of numbers of requests do.
func mixesSigns(word string) bool {
	return strings.Contains(word, "-") || strings.ContainsFunc(word, unicode.IsLetter) && strings.ContainsFunc(word, unicode.IsDigit)
}

// runRequest tells how a request stands, or takes one back by a tap.
func (w requesting) runRequest(ctx context.Context) *Reply {
	if w.asksNumber {
		return w.tellRequest(ctx)
	}
	w.noteStep()
	_, said, _ := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapCommand), ":")
	ask, err := strconv.ParseUint(said, 36, 64)
	if r := w.ownRequest(ctx, ask); err == nil && r != nil && r.Open() {
		return w.askEnding(r)
	}
	return w.refuseWith(wordQuestionOver)
}

// answerTakingBack asks whether a request is to be taken back that a message may end: the last of
// the keyword that it names, or one that was made a moment ago. It is nil where there is none.
func (w requesting) answerTakingBack(ctx context.Context) *Reply {
	if w.ask.Tap != "" || w.ask.Group || !command.Closes(w.ask.Text) && !command.Ends(w.ask.Text) {
		return nil
	}
	if r := w.requestMeant(ctx); r != nil {
		w.noteStep()
		return w.askEnding(r)
	}
	return nil
}

// requestMeant returns the reader's latest open request of a keyword that the message names, or, where it
// names none, the one that was made as lately as a question would be open.
func (w requesting) requestMeant(ctx context.Context) (meant *request.Request) {
	if w.requests == nil || !w.edition.takes {
		return nil
	}
	all, err := w.requests.Of(ctx, w.ask.Reader)
	if err != nil {
		w.noteFailure(err)
	}
	named := slices.Concat(w.match.Candidates, w.match.Runners)
	for i := range all {
		r := &all[i]
		isNamed := slices.ContainsFunc(named, func(c what.Candidate) bool { return c.Keyword == r.Keyword })
		isLate := len(named) == 0 && w.ask.At.Sub(r.At) <= questionOpen
		if r.Open() && (isNamed || isLate) && (meant == nil || r.At.After(meant.At)) {
			meant = r
		}
	}
	return meant
}

// askEnding asks whether a request is to be taken back.
func (w requesting) askEnding(r *request.Request) *Reply {
	reply := w.keepAsking(who.Asking{Ends: r.Ask}, w.local.textOf(wordRequestEnd, "keyword", r.Name), nil)
	reply.Buttons = questions(w).yesOrNo()
	return reply
}

// ownRequest returns the reader's request that an ask confirmed; nil where there is none.
func (w requesting) ownRequest(ctx context.Context, ask uint64) *request.Request {
	if w.requests == nil {
		return nil
	}
	all, err := w.requests.Of(ctx, w.ask.Reader)
	if err != nil {
		w.noteFailure(err)
	}
	if i := slices.IndexFunc(all, func(r request.Request) bool { return r.Ask == ask }); i >= 0 {
		return &all[i]
	}
	return nil
}

// answerEnding takes a request back, or leaves it as it is.
func (w requesting) answerEnding(ctx context.Context, a who.Asking, yes bool) *Reply {
	w.noteStep()
	if !yes {
		return w.local.replyOf(wordDropped)
	}
	if w.requests == nil {
		return w.refuseWith(wordBroken)
	}
	r, err := w.requests.Cancel(ctx, w.ask.Reader, a.Ends)
	switch {
	case KindOf(err) == Unknown:
		return w.refuseWith(wordQuestionOver)
	case err != nil:
		w.noteFailure(err)
		return w.refuseWith(wordBroken)
	}
	return w.statusOf(&r)
}

// tellRequest tells how the request stands whose number the message names: all of it to the
// reader who made it, who may take it back by that, and the state alone to others.
func (w requesting) tellRequest(ctx context.Context) *Reply {
	w.noteStep()
	if w.number == "" {
		return w.refuseWith(wordRequestUnknown, "publisher", w.edition.Name)
	}
	r, own, err := w.requests.Find(ctx, w.edition.ID, w.ask.Reader, w.number)
	switch KindOf(err) {
	case Unknown:
		return w.refuseWith(wordRequestUnknown, "publisher", w.edition.Name)
	case Limited:
		return w.refuseWith(wordProofLimited)
	}
	switch {
	case err != nil:
		w.noteFailure(err)
		return w.refuseWith(wordBroken)
	case !own:
		return w.local.replyOf(stateWords[r.State])
	case r.Open() && w.takesBack() && instructing(w).mayKeep():
		return w.askEnding(&r)
	}
	return w.statusOf(&r)
}

// takesBack reports whether what stands beside the number of a request takes it back: "stornieren",
// but not "ist das storniert?".
func (w requesting) takesBack() bool {
	asks := textform.EndsAsking(w.ask.Text)
	return slices.ContainsFunc(strings.Fields(w.besideNumber), command.Closes) || !asks && command.Ends(w.besideNumber) || textform.Normal(w.besideNumber) == textform.Normal(w.local.textOf(wordRequestTakeBack))
}

// statusOf tells a reader how a request of theirs stands.
func (w requesting) statusOf(r *request.Request) *Reply {
	var said []string
	for _, f := range r.Fields {
		said = append(said, f.Text)
	}
	reply := w.local.replyOf(wordRequestOf, "keyword", r.Name, "moment", w.timeText(r.At))
	if len(said) > 0 {
		reply.Blocks = append(reply.Blocks, Block{Kind: Paragraph, Own: true, Tight: true, Text: strings.Join(said, " · ")})
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Paragraph, Own: true, Text: w.local.textOf(stateWords[r.State])})
	if r.Text != "" {
		reply.Blocks = append(reply.Blocks, Block{Kind: Paragraph, Text: r.Text})
	}
	reply = w.withCalendar(reply, r)
	if r.Open() && !w.channel.SMS {
		reply.Buttons = append(reply.Buttons, Button{Label: w.local.textOf(wordRequestTakeBack), Send: tapCommand + string(commandRequest) + ":" + strconv.FormatUint(r.Ask, 36)})
	}
	return reply
}

// heldText lists the requests that are kept of the reader.
func (w requesting) heldText() string {
	if w.requests == nil {
		return ""
	}
	all, err := w.requests.Of(context.Background(), w.ask.Reader)
	if err != nil {
		w.noteFailure(err)
	}
	var names []string
	for _, r := range all {
		names = append(names, r.Name+" "+r.Number+" ("+w.timeText(r.At)+")")
	}
	return strings.Join(names, ", ")
}
