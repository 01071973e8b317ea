package pull

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// mostJoints is at how many places a message is tried to be split in two.
const mostJoints = 6

// splitOrders returns what a message tells to do one after another: "my city is Lyon and speak
// French". It is nil where it tells one thing, runs a keyword, or is for a group.
func (w hearing) splitOrders() []string {
	if w.ask.Tap != "" || w.ask.Group || w.channel.Proxy || w.later != nil || w.match.Decision == what.Run || w.match.Command == command.Stop ||
		w.edition.UnderAge || w.reader.Question != nil && w.reader.Question.Asks != nil || utf8.RuneCountInString(w.ask.Text) > optionRunes {
		return nil
	}
	if w.match.Decision == what.None && len(w.match.Instructions) == 0 {
		if _, timed := planning(w).readMoment(w.ask.Text); !timed {
			return nil // to look at each part of what means nothing would take long
		}
	}
	return w.splitAtJoints(w.ask.Text)
}

// splitAtJoints parts a text where words join sentences, or signs end one, if each part is an
// order by itself; else it is nil.
func (w hearing) splitAtJoints(text string) []string {
	tokens := textform.Tokenise(text, nil)
	speech.Mark(tokens, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	tried := 0
	for i := len(tokens) - 1; i > 0 && tried < mostJoints; i-- {
		end, from := tokens[i-1].End, tokens[i].Start
		if tokens[i].Roles&speech.And != 0 && i+1 < len(tokens) {
			from = tokens[i+1].Start
		} else if !strings.ContainsAny(text[end:from], ".!?;,:\n。！？，、；،؟।") {
			continue
		}
		tried++
		first, second := text[:end], strings.TrimFunc(text[from:], unicode.IsSpace)
		if !w.isOrder(second) {
			continue
		}
		if w.isOrder(first) {
			return append(orWhole(w.splitAtJoints(first), first), second)
		}
		if more := w.splitAtJoints(first); more != nil {
			return append(more, second)
		}
	}
	return nil
}

// orWhole returns the parts of a text, or all of it where it has none.
func orWhole(parts []string, text string) []string {
	if parts == nil {
		return []string{text}
	}
	return parts
}

// isOrder reports whether a text tells to remember something, to keep words or let them go, or to
// send something at a time.
func (w hearing) isOrder(text string) bool {
	m := w.edition.index.Match(text, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	switch {
	case m.Decision == what.Reserved && (m.Command == command.Save || m.Command == command.Unsave):
		return len(m.Candidates) > 0
	case m.Command == command.Lang:
		return ordering(w).languageNamedIn(text, likeliest(m)) != ""
	case m.Decision != what.Run && len(m.Instructions) > 0 && preferring(w).tellsSomething(likeliest(m)):
		return true
	}
	at, ok := planning(w).readMoment(text)
	if !ok || at.Vague || at.Bare || at.Recurs || at.Rest == "" {
		return false
	}
	_, ok = planning(w).ordered(at)
	return ok
}

// followOrders carries out what a message tells to do, one after another. Where one of them is
// asked about, those behind it are a tap away.
func (w *work) followOrders(ctx context.Context, orders []string) *Reply {
	text := w.ask.Text
	defer func() { w.ask.Text = text }()
	reply := w.decideJoined(ctx, orders[0])
	for i, order := range orders[1:] {
		if reply == nil {
			return nil
		}
		if w.reader.Question != nil || w.passing.Question != nil {
			for _, left := range orders[i+1:] {
				reply.Buttons = append(reply.Buttons, Button{Label: left, Send: left})
			}
			break
		}
		next := w.decideJoined(ctx, order)
		if next == nil {
			break
		}
		reply.Language = next.Language
		reply.Blocks = append(reply.Blocks, next.Blocks...)
		for _, b := range next.Buttons {
			if !slices.ContainsFunc(reply.Buttons, func(other Button) bool { return other.Label == b.Label }) {
				reply.Buttons = append(reply.Buttons, b)
			}
		}
	}
	return reply
}

// decideJoined decides what is replied to one of the orders of a message.
func (w *work) decideJoined(ctx context.Context, order string) *Reply {
	w.ask.Text = order
	hearing{w}.hearMessage(ctx)
	return w.decideReply(ctx)
}
