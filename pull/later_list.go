package pull

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/what/command"
	"keypull/pull/what/moment"
	"keypull/pull/who"
	"keypull/pull/words"
)

// listLaters lists what the reader has ordered, each with its way back.
func (w planning) listLaters() *Reply {
	if len(w.reader.Laters) == 0 {
		return w.refuseNoLater()
	}
	reply := w.local.replyOf(wordLaterList, "zone", w.zone.String())
	list := Block{Kind: Bullets, Tight: true}
	for _, l := range w.sortedLaters() {
		line := w.datedOnly(l.Due) + ": " + w.laterName(l)
		if l.IsOwed() {
			line = w.local.textOf(wordOwedLine, "said", l.Said, "when", w.datedOnly(l.Due))
		}
		list.Lines = append(list.Lines, line)
		if !w.channel.SMS {
			reply.Buttons = append(reply.Buttons, w.unlaterButton(l, len(w.reader.Laters) > 1))
		}
	}
	reply.Blocks = append(reply.Blocks, list)
	return reply
}

func (w planning) refuseNoLater() *Reply {
	reply := w.local.replyOf(wordLaterNone)
	w.local.addMenu(reply)
	return reply
}

// sortedLaters returns what is ordered, the next first.
func (w planning) sortedLaters() []who.Later {
	all := slices.Clone(w.reader.Laters)
	slices.SortStableFunc(all, func(a, b who.Later) int { return a.Due.Compare(b.Due) })
	return all
}

// unlaterButton takes an order back; its label says which, where there are several.
func (w planning) unlaterButton(l who.Later, several bool) Button {
	label := w.local.textOf(wordButtonUnlater)
	if several {
		label += " " + w.orderMark(l)
	}
	return Button{Label: label, Send: tapCommand + string(command.Unlater) + ":" + laterToken(l)}
}

// orderMark tells an order from the reader's others by as little as does: the clock, the day
// with it, or what it is for.
func (w planning) orderMark(l who.Later) string {
	if !l.IsOwed() {
		for _, mark := range []func(time.Time) string{
			func(t time.Time) string { return words.Clock(w.local.servedLanguage(), t.In(w.zone)) }, w.datedOnly,
		} {
			alike := func(o who.Later) bool { return !o.IsOwed() && !o.At.Equal(l.At) && mark(o.Due) == mark(l.Due) }
			if !slices.ContainsFunc(w.reader.Laters, alike) {
				return mark(l.Due)
			}
		}
	}
	return shortenText(w.laterName(l), labelRunes)
}

// laterToken tells an order from the reader's others.
func laterToken(l who.Later) string { return strconv.FormatInt(l.At.UnixNano(), 36) }

// answerUnlater takes an order back: that of a button, or the only one; where there are
// several, it asks which.
func (w planning) answerUnlater() *Reply {
	_, token, tapped := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapCommand), ":")
	if tapped = tapped && w.ask.Tap != ""; tapped {
		i := slices.IndexFunc(w.reader.Laters, func(l who.Later) bool { return laterToken(l) == token })
		if i < 0 {
			return w.refuseNoLater()
		}
		return w.dropLater(w.reader.Laters[i])
	}
	switch len(w.reader.Laters) {
	case 0:
		return w.refuseNoLater()
	case 1:
		return w.dropLater(w.reader.Laters[0])
	}
	return w.listLaters()
}

// wantsBack reports whether a message with a clock takes an order back: "cancel the 9:00
// one".
func (w planning) wantsBack(m moment.Moment) bool {
	if len(w.reader.Laters) == 0 || m.Recurs || m.Rest == "" || w.ask.Group {
		return false
	}
	if first, _, _ := strings.Cut(m.Rest, " "); command.Closes(first) {
		return true
	}
	c, ok := command.Lookup(m.Rest)
	return ok && (c == command.Unlater || c == command.Drop)
}

// takeBack drops the order of the clock that a message names; where none has it, it lists
// them.
func (w planning) takeBack(m moment.Moment) *Reply {
	ordering(w).noteCommand(command.Unlater)
	for _, l := range w.sortedLaters() {
		if l.Due.Equal(m.At) {
			return w.dropLater(l)
		}
	}
	for _, l := range w.sortedLaters() {
		if l.Due.In(w.zone).Format("15:04") == m.At.In(w.zone).Format("15:04") {
			return w.dropLater(l)
		}
	}
	return w.listLaters()
}

// dropLater takes an order out of the reader's document: an entry that no document names
// is dropped when it is due.
func (w planning) dropLater(l who.Later) *Reply {
	w.reader.Laters = slices.DeleteFunc(slices.Clone(w.reader.Laters), func(o who.Later) bool { return o.Entry == l.Entry && o.At.Equal(l.At) })
	if l.IsOwed() {
		return w.local.replyOf(wordOwedDropped, "said", l.Said)
	}
	return w.local.replyOf(wordLaterDropped, "keyword", w.laterName(l), "when", w.datedOnly(l.Due))
}

// justOrdered returns the latest order as long as a question would be open, for CANCEL to
// close it; nil where there is none.
func (w planning) justOrdered() *who.Later {
	var last *who.Later
	for i, l := range w.reader.Laters {
		if age := w.ask.At.Sub(l.At); !l.At.IsZero() && age >= 0 && age <= questionOpen && (last == nil || !l.At.Before(last.At)) {
			last = &w.reader.Laters[i]
		}
	}
	return last
}

// tellLapsed tells a reader above the answer which orders could not be brought, once: those
// that are noted, and those whose time is long over and that nothing took up.
func (w noting) tellLapsed(reply *Reply) {
	if reply == nil || w.ask.Group || w.reader.State != who.Active || len(w.reader.Lapsed)+len(w.reader.Laters) == 0 {
		return
	}
	lapsed, stand, now := w.reader.Lapsed, w.reader.Laters, w.answerTime()
	isPast := func(l who.Later) bool {
		return w.later == nil && now.After(l.Due.Add(laterGrace)) && w.ask.At.After(l.Due.Add(laterGrace))
	}
	if slices.ContainsFunc(stand, isPast) {
		past, yet := []who.Later(nil), []who.Later(nil)
		for _, l := range stand {
			if isPast(l) {
				past = append(past, l)
			} else {
				yet = append(yet, l)
			}
		}
		lapsed, stand = slices.Concat(lapsed, past), yet
	}
	if len(lapsed) == 0 {
		return
	}
	w.reader.Laters, w.reader.Lapsed = stand, nil
	for _, l := range slices.Backward(lapsed) {
		if l.IsOwed() {
			reply.addHeadline(w.local.textOf(wordOwedLapsed, "said", l.Said))
			continue
		}
		reply.addHeadline(w.local.textOf(wordLaterLapsed, "keyword", planning(w).laterName(l), "when", planning(w).datedOnly(l.Due)))
	}
}
