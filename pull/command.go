package pull

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// menuPage is how many keywords one page of the menu lists at most.
const menuPage = 10

// mostPages is more than any menu has.
const mostPages = 1000

// menuPageSize returns how many keywords a page lists on a channel, besides the button
// of the next page.
func (w ordering) menuPageSize() int {
	if w.channel.Choices > 1 {
		return min(menuPage, w.channel.Choices-1)
	}
	return menuPage
}

// stopReader ends everything unasked. It is confirmed once; saying it again changes
// nothing and needs no second word, but to those who wait for one.
func (w ordering) stopReader() *Reply {
	w.noteCommand(command.Stop)
	w.reader.Miss = nil
	var news bool
	if w.reader, news = w.reader.Stop(w.ask.At); !news {
		w.trace.Outcome = journal.Silent
		if w.ask.InBand {
			return w.remindStopped()
		}
		return nil
	}
	done := wordStopDone
	if w.ask.Group {
		done = wordStopGroup
	}
	reply := w.local.replyOf(done, "publisher", w.edition.Name)
	if !w.channel.SMS {
		reply.Buttons = []Button{w.startButton()}
	}
	if w.ask.Tap == "" && (command.StopsNaming(textform.Normal(w.ask.Text)) || command.Ends(w.ask.Text) && w.wasToldOfPaid()) {
		reply.Blocks[0].Text += " " + w.local.textOf(wordStopPaid, "publisher", w.edition.Name)
		reply.Buttons = append(reply.Buttons, w.paidButton())
	}
	return reply
}

// wasToldOfPaid reports whether the last answer told of what readers pay for: "subscription", and
// then "cancel".
func (w ordering) wasToldOfPaid() bool {
	last := conversation(w).lastAnswered()
	return last != nil && slices.ContainsFunc(w.edition.paid(), func(c what.Candidate) bool { return c.Keyword == last.ID })
}

// remindStopped answers a reader who said STOP and asks again, with one line and the
// way back, once a day. On SMS, which bills by segment, and in a group nothing is said.
// A reader whose request waits for its answer gets the line each time.
func (w ordering) remindStopped() *Reply {
	w.trace.Outcome = journal.Silent
	if w.channel.SMS || w.ask.Group {
		return nil
	}
	var due bool
	if w.reader, due = w.reader.Remind(w.ask.At); !due && !w.ask.InBand {
		return nil
	}
	reply := w.local.replyOf(wordStopped, "publisher", w.edition.Name)
	reply.Buttons = []Button{w.startButton()}
	return reply
}

func (w ordering) startButton() Button { return w.local.commandButton(wordButtonStart, command.Start) }

// checkStopped answers what comes before everything else: STOP itself, a reader who has
// said it, and a program that wants what is a reader's own. It is done if no more is
// to be said.
func (w ordering) checkStopped(wanted command.Command) (reply *Reply, done bool) {
	switch {
	case hearing(w).wantsPersonal():
		return w.refusePersonal(wanted), true
	case wanted == command.Stop:
		return w.stopReader(), true
	}
	if w.ask.Start {
		w.reader = w.reader.Start(w.ask.At)
	}
	if w.reader.State == who.Stopped && wanted != command.Start && (!isClaim(wanted) || w.ask.Group || w.asksMove) && !w.answersForget() {
		return w.remindStopped(), true
	}
	w.reader = w.reader.Return(w.ask.At)
	return nil, false
}

// runCommand carries out a command; some are answered otherwise in a group, or where a
// keyword is named beside them.
func (w ordering) runCommand(ctx context.Context, c command.Command) *Reply {
	switch {
	case c == command.Stop: // chosen among what was offered
		return w.stopReader()
	case c == command.Paid:
		return w.answerPaid(ctx)
	case w.ask.Group && (isPersonalCommand(c) || w.instruction.Kind != "" && c != command.Lang):
		return w.askInPrivate(c)
	case w.guessing || w.entering != "":
		return instructing(w).enterMembership()
	case w.joining != "":
		return instructing(w).joinAlarms(ctx)
	case w.asksMove && w.past != nil:
		return instructing(w).askMove(ctx)
	case c == commandRequest:
		return requesting(w).runRequest(ctx)
	}
	if w.edition.UnderAge && isKeeping(c) {
		return instructing(w).refuseKeeping(ctx, c)
	}
	if c == command.Unsave {
		if reply := requesting(w).answerTakingBack(ctx); reply != nil {
			return reply
		}
	}
	if reply := (instructing(w)).carryOut(ctx); reply != nil {
		return reply
	}
	switch c {
	case command.Save, command.Unsave, command.My:
		return instructing(w).keepWords(ctx, c)
	}
	return w.doCommand(ctx, c)
}

// doCommand carries out a command.
func (w ordering) doCommand(ctx context.Context, c command.Command) *Reply {
	if c == command.Help || c == command.Menu {
		if reply := conversation(w).answerMeant(ctx); reply != nil {
			return reply // "what can I do tomorrow" is no call for help where a calendar knows
		}
	}
	w.noteCommand(c)
	switch c {
	case command.Start:
		w.reader = w.reader.Start(w.ask.At)
		return w.introduceService(wordStart)
	case command.Help:
		return w.introduceService(wordHelp)
	case command.Menu:
		return w.menuReply()
	case command.More:
		return answering(w).answerMore(ctx)
	case command.Lang:
		return w.chooseLanguage(ctx)
	case command.Later:
		return planning(w).answerLater(ctx)
	case command.Unlater:
		return planning(w).answerUnlater()
	case command.About:
		return w.tellAbout(ctx)
	case command.Owe:
		_, said, _ := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapCommand), ":")
		return planning(w).orderOwed(ctx, cmp.Or(said, planning(w).missedLately()))
	case command.Drop:
		w.settled = true
		if w.asked == nil || w.asked.Past {
			if reply := requesting(w).answerTakingBack(ctx); reply != nil {
				return reply
			}
		}
		if w.asked == nil || w.asked.Past {
			if reply := desking(w).endWaiting(); reply != nil {
				return reply
			}
		}
		if l := planning(w).justOrdered(); l != nil && (w.asked == nil || w.asked.Past) {
			return planning(w).dropLater(*l)
		}
		reply := w.local.replyOf(wordDropped)
		w.local.addMenu(reply)
		return reply
	case command.Bot:
		return w.answerRight(w.local.textOf(wordBot, "publisher", w.edition.Name))
	case command.Abuse:
		return w.answerAbuse()
	case command.Danger:
		return w.local.replyOf(wordDanger)
	case command.Why:
		if w.past != nil {
			return w.withProof(ctx, w.explainLast(ctx))
		}
	case command.MyData:
		if w.past != nil {
			return w.tellHeld()
		}
	case command.Forget:
		if w.past != nil {
			return w.askForget()
		}
	case command.Proof:
		return w.tellProof(ctx)
	case command.Check:
		return w.checkProof(ctx)
	case command.Human:
		return desking(w).answerHuman(ctx)
	}
	if lead, ok := rights[c]; ok {
		reply := w.answerRight(w.local.textOf(lead))
		if c == command.MyData {
			reply.Blocks = append(reply.Blocks, w.rememberedChoices()...)
		}
		if c == command.Why {
			return w.withProof(ctx, reply)
		}
		return reply
	}
	reply := w.local.replyOf(wordUnserved)
	w.local.addMenu(reply)
	return reply
}

// introduceService says who answers and how to ask.
func (w ordering) introduceService(word Word) *Reply {
	if w.ask.Group {
		return w.local.replyOf(wordGroup, "publisher", w.edition.Name)
	}
	reply := w.local.replyOf(word, "publisher", w.edition.Name)
	if w.edition.StaffOnly {
		reply.Blocks[0].Text += " " + w.local.textOf(wordStaffOnly)
	}
	m := menu{w.local}
	if example := m.sampleWord(); example != "" {
		reply.Blocks[0].Text += " " + w.local.textOf(wordExample, "example", example)
	}
	m.addFeatured(reply)
	if w.reader.State == who.Stopped && !w.channel.SMS {
		// This reader gets no other answer that has the way back.
		reply.Buttons = []Button{w.startButton()}
	}
	return reply
}

func (w ordering) noteCommand(c command.Command) {
	w.trace.Outcome = journal.Ordered
	w.trace.What.Command, w.trace.What.Tier = string(c), string(what.TierCommand)
}

// menuReply lists what there is to ask, a page at a time.
func (w ordering) menuReply() *Reply {
	page := 0
	if _, p, ok := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapCommand), ":"); ok {
		page, _ = strconv.Atoi(p)
	}
	return w.menuPageFrom(min(max(page, 0), mostPages) * w.menuPageSize())
}

// menuPageFrom lists a page of the menu; MORE brings the next one.
func (w ordering) menuPageFrom(from int) *Reply {
	reply := w.local.replyOf(wordMenu, "publisher", w.edition.Name)
	n, size := 0, w.menuPageSize()
	if w.reader.Cursor != nil && w.reader.Cursor.Menu() {
		w.reader.Cursor = nil
	}
	m := menu{w.local}
	for b := range m.menuButtons() {
		if n >= from {
			reply.Buttons = append(reply.Buttons, b)
		}
		if n++; n > from+menuPage {
			break
		}
	}
	if next := from + size; n > next && (n > from+menuPage || n-from > w.channel.Choices) {
		reply.Buttons = append(reply.Buttons[:size], Button{
			Label: w.local.textOf(wordMenuMore),
			Send:  fmt.Sprintf("%s%s:%d", tapCommand, command.Menu, next/size),
		})
		w.reader.Cursor = &who.Cursor{Place: who.Place{Offset: next, Began: w.ask.At, Language: w.language}, Expires: w.ask.At.Add(moreOpen)}
	}
	return reply
}

// shownTerm returns an entry of its vocabulary by which a keyword is shown that entries
// alone call: the one that it answers by itself, else one of the language.
func (k *keyword) shownTerm(language string) (what.Term, bool) {
	terms := k.terms.Terms()
	if !k.Bare || len(terms) == 0 {
		return what.Term{}, false
	}
	at := -1
	if k.Query != "" {
		at = slices.IndexFunc(terms, func(t what.Term) bool { return t.Value == k.Query })
	}
	if at < 0 {
		at = max(0, slices.IndexFunc(terms, func(t what.Term) bool { return baseLanguage(t.Language) == baseLanguage(language) }))
	}
	return terms[at], true
}

// keywordPayload returns what the button of a keyword sends, with its argument if any;
// false if there is no room for that.
func keywordPayload(keyword, argument string) (string, bool) {
	if argument == "" {
		return tapKeyword + keyword, true
	}
	send := optionPayload(0, "", who.Option{Keyword: keyword, Argument: argument})
	return send, strings.HasSuffix(send, "."+encodeArgument(argument))
}

// Warm fetches ahead of demand what a keyword's query or the source's whole
// vocabulary needs, for the keywords that may be asked at this moment.
func (r *Resolver) Warm(ctx context.Context, e *Edition, source string) error {
	var first error
	seen := map[string]bool{}
	for _, k := range e.everything().order {
		if k.Source != source || k.source.Problem != nil || !k.isAvailable(r.Clock(), e.Zone) {
			continue
		}
		argument, own := k.defaultArgument()
		if own {
			argument = e.keywordName(k, e.Languages[0])
		}
		key, err := k.source.Key(Query{Argument: argument, Keyword: k.ID, Count: max(k.Count, 1), Language: e.Languages[0], At: r.Clock()})
		if err != nil || seen[key] {
			continue
		}
		seen[key] = true
		if err := r.Cache.Refresh(ctx, Want{ID: k.source.SnapshotID(e.ID, source, key), Shared: k.source.Shared,
			Source: k.source.Source, Freshness: k.freshness, At: r.Clock()}); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// isPersonalCommand reports whether a command is about one reader alone, so that its
// answer must not be given before others.
func isPersonalCommand(c command.Command) bool {
	switch c {
	case command.MyData, command.Forget, command.Human, command.Why,
		command.Save, command.Unsave, command.My, command.Link, command.Unlink, command.Later, command.Unlater, command.Owe, commandRequest:
		return true
	}
	return false
}

// isKeeping reports whether a command is about what is kept of a reader, by the reader's own
// wish alone.
func isKeeping(c command.Command) bool {
	switch c {
	case command.Save, command.Unsave, command.My, command.Later, command.Unlater, command.Owe, command.Link, command.Unlink:
		return true
	}
	return false
}

// refusePersonal says that programs are not served what is a reader's own, and whom the
// reader may turn to.
func (w ordering) refusePersonal(c command.Command) *Reply {
	w.noteCommand(c)
	if isClaim(c) {
		return w.answerRight(w.local.textOf(wordElsewhere, "publisher", w.edition.Name))
	}
	return w.local.replyOf(wordElsewhere, "publisher", w.edition.Name)
}

// askInPrivate asks the member of a group who wants something of their own to write in
// private.
func (w ordering) askInPrivate(c command.Command) *Reply {
	w.noteCommand(c)
	return w.local.replyOf(wordAside, "publisher", w.edition.Name)
}
