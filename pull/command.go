package pull

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
)

// menuPage is how many keywords one page of the menu lists.
const menuPage = 10

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
	reply := w.say(done, "publisher", w.edition.Name)
	if !w.channel.SMS {
		reply.Buttons = []Button{w.startButton()}
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
	reply := w.say(wordStopped, "publisher", w.edition.Name)
	reply.Buttons = []Button{w.startButton()}
	return reply
}

func (w ordering) startButton() Button {
	return Button{Label: w.words(wordButtonStart), Send: tapCommand + string(command.Start)}
}

// order carries out a command.
func (w ordering) order(ctx context.Context, c command.Command) *Reply {
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
		return w.answering().more(ctx)
	case commandDrop:
		return w.say(wordDropped)
	}
	if lead, ok := rights[c]; ok {
		return w.right(lead)
	}
	return w.say(wordUnserved)
}

// presented says who answers and how to ask. In a group words reach the service
// only where they are meant for it.
func (w ordering) presented(word Word) *Reply {
	if w.ask.Group {
		word = wordGroup
	}
	return w.say(word, "publisher", w.edition.Name)
}

// keepsake answers who wants to save a keyword, or to let one go. Nothing can
// be saved yet, so that a keyword is offered, and there is nothing to let go of.
func (w ordering) keepsake(c command.Command) *Reply {
	if c != command.Unsave {
		w.trace.What.Tier = string(what.TierCommand)
		return w.conversation().offer(w.match)
	}
	w.ordered(c)
	name := w.match.Candidates[0].Phrase
	if k := w.edition.keywords[w.match.Candidates[0].Keyword]; k != nil {
		name = w.name(k)
	}
	return w.say(wordUnsaved, "keyword", name)
}

func (w ordering) ordered(c command.Command) {
	w.trace.Outcome = journal.Ordered
	w.trace.What.Command, w.trace.What.Tier = string(c), string(what.TierCommand)
}

// menu lists the keywords that have a name, a page at a time.
func (w ordering) menu() *Reply {
	page := 0
	if _, p, ok := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapCommand), ":"); ok {
		page, _ = strconv.Atoi(p)
	}
	all := w.edition.listed
	from := min(max(page, 0)*menuPage, len(all))
	to := min(from+menuPage, len(all))
	reply := w.say(wordMenu, "publisher", w.edition.Name)
	for _, k := range all[from:to] {
		reply.Buttons = append(reply.Buttons, Button{Label: w.name(k), Send: tapKeyword + k.ID})
	}
	if to < len(all) {
		reply.Buttons = append(reply.Buttons, Button{
			Label: w.words(wordMenuMore),
			Send:  fmt.Sprintf("%s%s:%d", tapCommand, command.Menu, page+1),
		})
	}
	return reply
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
		key, err := k.source.Key(Query{Argument: argument, Count: max(k.Count, 1), Language: e.Languages[0], At: r.Clock()})
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

// rights are the commands by which readers claim what is theirs, with what is
// said before whom to turn to: people serve them until the service does.
var rights = map[command.Command]Word{
	command.MyData: wordRightData,
	command.Forget: wordRightForget,
	command.Human:  wordRightHuman,
	command.Why:    wordRightWhy,
}

// right names who serves a claim: the publisher's contact, and where its notice
// stands. Addresses end their lines, so that no sign is taken for part of them.
func (w ordering) right(lead Word) *Reply {
	text := w.words(lead) + " "
	if w.edition.Contact == "" {
		text += w.words(wordTurnTo, "publisher", w.edition.Name)
	} else {
		text += w.words(wordWriteTo, "publisher", w.edition.Name, "contact", w.edition.Contact)
	}
	if w.edition.Privacy != "" {
		text += "\n" + w.words(wordNotice, "privacy", w.edition.Privacy)
	}
	return &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Text: text}}}
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

// aside asks the member of a group who wants something of their own to write in
// private.
func (w ordering) aside(c command.Command) *Reply {
	w.ordered(c)
	return w.say(wordAside, "publisher", w.edition.Name)
}
