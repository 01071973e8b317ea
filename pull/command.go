package pull

import (
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

// menuSize returns how many a page lists on a channel, what leads to the next one left
// aside.
func (w ordering) menuSize() int {
	if w.channel.Choices > 1 {
		return min(menuPage, w.channel.Choices-1)
	}
	return menuPage
}

// stop ends everything unasked. It is confirmed once; saying it again changes
// nothing and needs no second word, but to those who wait for one.
func (w ordering) stop() *Reply {
	w.ordered(command.Stop)
	w.reader.Miss = nil
	var news bool
	if w.reader, news = w.reader.Stop(w.ask.At); !news {
		w.trace.Outcome = journal.Silent
		if w.ask.InBand {
			return w.stopped()
		}
		return nil
	}
	done := wordStopDone
	if w.ask.Group {
		done = wordStopGroup
	}
	reply := w.local.say(done, "publisher", w.edition.Name)
	if !w.channel.SMS {
		reply.Buttons = []Button{w.startButton()}
	}
	if w.ask.Tap == "" && command.StopsNaming(textform.Normal(w.ask.Text)) {
		reply.Blocks[0].Text += " " + w.local.text(wordStopPaid, "publisher", w.edition.Name)
		reply.Buttons = append(reply.Buttons, w.paidButton())
	}
	return reply
}

// stopped answers a reader who said STOP and asks again: nothing on a channel
// that bills by segment, nor in a group, where others said it; elsewhere one
// line with the way back, once a day. Who waits for an answer in the request
// itself gets that line each time: their page would be dead without.
func (w ordering) stopped() *Reply {
	w.trace.Outcome = journal.Silent
	if w.channel.SMS || w.ask.Group {
		return nil
	}
	var due bool
	if w.reader, due = w.reader.Remind(w.ask.At); !due && !w.ask.InBand {
		return nil
	}
	reply := w.local.say(wordStopped, "publisher", w.edition.Name)
	reply.Buttons = []Button{w.startButton()}
	return reply
}

func (w ordering) startButton() Button {
	return Button{Label: w.local.text(wordButtonStart), Send: tapCommand + string(command.Start)}
}

// first says what comes before everything else: that a reader's own is not served to
// programs, that the messages end, or have. It is done where nothing else is said.
func (w ordering) first(wanted command.Command) (reply *Reply, done bool) {
	switch {
	case hearing{w.work}.elsewhere():
		return w.notHere(wanted), true
	case wanted == command.Stop:
		return w.stop(), true
	}
	if w.ask.Start {
		w.reader = w.reader.Start(w.ask.At)
	}
	if w.reader.State == who.Stopped && wanted != command.Start && (!claims(wanted) || w.ask.Group) {
		return w.stopped(), true
	}
	w.reader = w.reader.Return(w.ask.At)
	return nil, false
}

// order does what a command says: of what is paid for, of one member of a group
// alone, of a keyword that is named beside it, or for itself.
func (w ordering) order(ctx context.Context, c command.Command) *Reply {
	switch {
	case c == command.Paid:
		return w.paid(ctx)
	case w.ask.Group && personal(c):
		return w.aside(c)
	case len(w.match.Candidates) > 0:
		return w.keepsake(c)
	}
	return w.carryOut(ctx, c)
}

// carryOut carries out a command.
func (w ordering) carryOut(ctx context.Context, c command.Command) *Reply {
	w.ordered(c)
	switch c {
	case command.Start:
		w.reader = w.reader.Start(w.ask.At)
		return w.presented(wordStart)
	case command.Help:
		return w.presented(wordHelp)
	case command.Menu:
		return w.menu()
	case command.More:
		return answering{w.work}.more(ctx)
	case command.Drop:
		reply := w.local.say(wordDropped)
		w.local.addMenu(reply)
		return reply
	case command.Bot:
		return w.right(w.local.text(wordBot, "publisher", w.edition.Name))
	case command.Abuse:
		return w.calm()
	case command.Human:
		if !w.edition.Desk {
			return w.right(w.local.text(wordRightNobody))
		}
	}
	if lead, ok := rights[c]; ok {
		return w.right(w.local.text(lead))
	}
	reply := w.local.say(wordUnserved)
	w.local.addMenu(reply)
	return reply
}

// presented says who answers and how to ask. In a group words reach the service
// only where they are meant for it.
func (w ordering) presented(word Word) *Reply {
	if w.ask.Group {
		return w.local.say(wordGroup, "publisher", w.edition.Name)
	}
	reply := w.local.say(word, "publisher", w.edition.Name)
	m := menu{w.local}
	if example := m.specimen(); example != "" {
		reply.Blocks[0].Text += " " + w.local.text(wordExample, "example", example)
	}
	m.addFeatured(reply)
	if w.reader.State == who.Stopped && !w.channel.SMS {
		// Help is all that this reader gets: without the way back it would be
		// the last thing said.
		reply.Buttons = []Button{w.startButton()}
	}
	return reply
}

// keepsake answers who wants to save a keyword, or to let one go. Nothing can
// be saved yet, so that a keyword is offered, and there is nothing to let go of.
func (w ordering) keepsake(c command.Command) *Reply {
	if c != command.Unsave {
		w.trace.What.Tier = string(what.TierCommand)
		return conversation{w.work}.offer(w.match)
	}
	w.ordered(c)
	name := w.match.Candidates[0].Phrase
	if k := w.edition.keyword(w.match.Candidates[0].Keyword); k != nil {
		name = w.local.keywordName(k)
	}
	return w.local.say(wordUnsaved, "keyword", name)
}

func (w ordering) ordered(c command.Command) {
	w.trace.Outcome = journal.Ordered
	w.trace.What.Command, w.trace.What.Tier = string(c), string(what.TierCommand)
}

// menu lists what there is to ask, a page at a time.
func (w ordering) menu() *Reply {
	page := 0
	if _, p, ok := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapCommand), ":"); ok {
		page, _ = strconv.Atoi(p)
	}
	return w.menuFrom(min(max(page, 0), mostPages) * w.menuSize())
}

// menuFrom lists a page of it; MORE brings the next one.
func (w ordering) menuFrom(from int) *Reply {
	reply := w.local.say(wordMenu, "publisher", w.edition.Name)
	n, size := 0, w.menuSize()
	if w.reader.Cursor != nil && w.reader.Cursor.Menu() {
		w.reader.Cursor = nil
	}
	m := menu{w.local}
	for b := range m.entries() {
		if n >= from {
			reply.Buttons = append(reply.Buttons, b)
		}
		if n++; n > from+menuPage {
			break
		}
	}
	if next := from + size; n > next && (n > from+menuPage || n-from > w.channel.Choices) {
		reply.Buttons = append(reply.Buttons[:size], Button{
			Label: w.local.text(wordMenuMore),
			Send:  fmt.Sprintf("%s%s:%d", tapCommand, command.Menu, next/size),
		})
		w.reader.Cursor = &who.Cursor{Place: who.Place{Offset: next, Began: w.ask.At, Language: w.language}, Expires: w.ask.At.Add(moreOpen)}
	}
	return reply
}

// entry returns an entry of its vocabulary by which a keyword is shown that entries
// alone call: the one that it answers by itself, else one of the language.
func (k *keyword) entry(language string) (what.Term, bool) {
	terms := k.terms.Terms()
	if !k.Bare || len(terms) == 0 {
		return what.Term{}, false
	}
	at := -1
	if k.Query != "" {
		at = slices.IndexFunc(terms, func(t what.Term) bool { return t.Value == k.Query })
	}
	if at < 0 {
		at = max(0, slices.IndexFunc(terms, func(t what.Term) bool { return base(t.Language) == base(language) }))
	}
	return terms[at], true
}

// way returns what the button of a keyword sends, with an argument where there is
// one; false if there is no room for that.
func way(keyword, argument string) (string, bool) {
	if argument == "" {
		return tapKeyword + keyword, true
	}
	send := payload(0, "", who.Option{Keyword: keyword, Argument: argument})
	return send, strings.HasSuffix(send, "."+coded(argument))
}

// Warm fetches ahead of demand what a keyword's query or the source's whole
// vocabulary needs, for the keywords that may be asked at this moment.
func (r *Resolver) Warm(ctx context.Context, e *Edition, source string) error {
	var first error
	seen := map[string]bool{}
	for _, k := range e.order {
		if k.Source != source || k.source.Problem != nil || !k.answers(r.Clock(), e.Zone) {
			continue
		}
		argument, own := k.standing()
		if own {
			argument = e.name(k, e.Languages[0])
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

// personal reports whether a command is about one reader alone, so that its
// answer must not be given before others.
func personal(c command.Command) bool {
	switch c {
	case command.MyData, command.Forget, command.Human, command.Why,
		command.Save, command.Unsave, command.My, command.Link, command.Unlink:
		return true
	}
	return false
}

// notHere says that a program can't have what is a reader's own, and whom the
// reader may turn to who is owed it.
func (w ordering) notHere(c command.Command) *Reply {
	w.ordered(c)
	if claims(c) {
		return w.right(w.local.text(wordElsewhere, "publisher", w.edition.Name))
	}
	return w.local.say(wordElsewhere, "publisher", w.edition.Name)
}

// aside asks the member of a group who wants something of their own to write in
// private.
func (w ordering) aside(c command.Command) *Reply {
	w.ordered(c)
	return w.local.say(wordAside, "publisher", w.edition.Name)
}
