package pull

import (
	"context"
	"slices"
	"strings"

	"keypull/pull/journal"
	"keypull/pull/signs"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// A move code has eleven signs and one more by which errors are found, in groups of four.
const (
	moveSigns = 12
	moveGroup = 4
)

// MoveCode is a code by which a reader takes over on another channel what was told to keep
// on one, as twelve capital signs.
type MoveCode string

// NewMoveCode returns the code of so much chance; false where it would be no code that is
// known among words, and another number is to be taken.
func NewMoveCode(chance uint64) (MoveCode, bool) {
	code := signs.Write(chance, moveSigns)
	_, looks := signs.ReadGroups(code, moveGroup, moveGroup, moveGroup)
	return MoveCode(code), looks
}

// String returns the code as people read it: 7F3K-92XQ-8M4T.
func (c MoveCode) String() string {
	if len(c) != moveSigns {
		return string(c)
	}
	return strings.Join([]string{string(c[:moveGroup]), string(c[moveGroup : 2*moveGroup]), string(c[2*moveGroup:])}, "-")
}

// FindMoveCode returns the move code that a message names, and the message without it. Of
// what looks like one and has a wrong sign it is "".
func FindMoveCode(text string) (c MoveCode, rest string, ok bool) {
	code, rest, ok := signs.Find(text, func(one string) (string, bool) {
		code, looks := signs.ReadGroups(one, moveGroup, moveGroup, moveGroup)
		if _, given := signs.ReadGroups(code, moveGroup, moveGroup, moveGroup); !given {
			code = "" // none that NewMoveCode makes
		}
		return code, looks
	})
	return MoveCode(code), rest, ok
}

// readMove reads a message that takes over what the reader keeps on another channel: a move
// code alone, or beside the words for MYDATA. One with a wrong sign is none where a keyword
// is meant, or the code of a membership may be.
func (w hearing) readMove() bool {
	if w.ask.Tap != "" {
		return false
	}
	code, rest, ok := FindMoveCode(w.ask.Text)
	if !ok {
		return false
	}
	if rest != "" {
		m := w.edition.index.Match(rest, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
		ok = m.Decision == what.Reserved && m.Command == command.MyData
	} else if code == "" {
		ok = !w.hasCodeForm() && w.edition.index.Match(w.ask.Text, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...).Decision == what.None
	}
	w.asksMove, w.moving = ok, code
	return ok
}

// offerMove says by which code what the reader has told to keep is taken over on another
// channel, where there are both.
func (w ordering) offerMove() (text string, ok bool) {
	others := 0
	for _, c := range w.edition.Channels {
		if !c.Proxy {
			others++
		}
	}
	if others < 2 || len(w.movedLines()) == 0 || !instructing(w).mayKeep() { //nolint:mnd // this one, and another
		return "", false
	}
	code, until := w.past.MoveCode(&w.ask)
	if code == "" {
		return "", false
	}
	return w.local.textOf(wordMoveCode, "publisher", w.edition.Name, "code", code.String(), "moment", w.local.momentText(until)), true
}

// movedLines words what of the reader's document is taken over.
func (w ordering) movedLines() (lines []string) {
	for _, told := range []struct {
		word  Word
		value string
	}{{wordDataLanguage, w.reader.Language}, {wordDataZone, w.reader.TimeZone}, {wordDataSettings, w.preferenceText()}, {wordDataMember, strings.Join(w.membershipNames(), ", ")}, {wordDataSaved, w.savedText("")}} {
		if told.value != "" {
			lines = append(lines, w.local.textOf(told.word, "value", told.value))
		}
	}
	for _, list := range w.listNames() {
		lines = append(lines, list+": "+w.savedText(list))
	}
	return lines
}

// askMove asks once whether what a move code is of is taken over here, together with the
// consent that the channel asks for.
func (w instructing) askMove(ctx context.Context) *Reply {
	if w.edition.UnderAge {
		return w.refuseKeeping(ctx, command.MyData)
	}
	ordering(w).noteCommand(command.MyData)
	moved, refusal := w.findMoved(ctx, w.moving, false)
	if refusal != nil {
		return refusal
	}
	there := *w.work
	there.reader = moved
	lines := ordering{&there}.movedLines()
	if len(lines) == 0 {
		return w.refuseWith(wordMoveOver)
	}
	var reply *Reply
	if w.mayKeep() {
		w.trace.Outcome = journal.Offered
		reply = questions(w).askReader(wordMoveAsk, who.Question{Moves: string(w.moving)})
		reply.Buttons = questions(w).yesOrNo()
	} else {
		w.ask.Text = w.moving.String()
		reply = w.askConsent(ctx)
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Bullets, Own: true, Tight: true, Lines: lines})
	return reply
}

// findMoved returns the document that a move code is of; else what is said of that. With
// take it is used up.
func (w instructing) findMoved(ctx context.Context, code MoveCode, take bool) (moved who.Reader, refusal *Reply) {
	if code == "" {
		return moved, w.refuseWith(wordMoveOver)
	}
	key, moved, err := w.past.Moved(ctx, &w.ask, code, take)
	switch KindOf(err) {
	case Unknown, Invalid, Denied:
		return moved, w.refuseWith(wordMoveOver)
	case Limited:
		return moved, w.refuseWith(wordProofLimited)
	}
	switch {
	case err != nil:
		w.noteFailure(err)
		return moved, w.refuseWith(wordBroken)
	case key == w.ask.Reader:
		return moved, w.refuseWith(wordMoveHere, "publisher", w.edition.Name)
	}
	moved.Saved = slices.DeleteFunc(slices.Clone(moved.Saved), func(s who.Saved) bool { return w.edition.keywordByID(s.Keyword) == nil })
	return moved, nil
}

// answerMove takes over what a move code is of, or leaves all as it is. What is told on
// another channel counts from now on, and what has no room here is named.
func (w instructing) answerMove(ctx context.Context, code MoveCode, yes bool) *Reply {
	ordering(w).noteCommand(command.MyData)
	if !yes {
		return w.local.replyOf(wordForgetKept)
	}
	moved, refusal := w.findMoved(ctx, code, true)
	if refusal != nil {
		return refusal
	}
	var left []string
	reader, preferences, saved := w.reader.TakeOver(moved)
	for _, name := range preferences {
		left = append(left, preferring(w).factLabel(name)+" "+moved.Preferences[name])
	}
	for _, s := range saved {
		left = append(left, w.savedName(s))
	}
	w.reader = reader
	if tag, ok := w.edition.matchLanguage(moved.Language); ok {
		w.language, w.trace.Who.Language = tag, tag
		w.setLocalizer()
	}
	reply := w.local.replyOf(wordMoveDone)
	if len(left) > 0 {
		reply.Blocks[0].Text += " " + w.local.textOf(wordNoRoom, "names", w.listNames(left))
	}
	return reply
}
