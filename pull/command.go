package pull

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
)

// Lengths of lists, and how long a question stays open.
const (
	offerAtMost  = 3
	menuPage     = 10
	questionOpen = 10 * time.Minute
)

// stop ends everything unasked. It is confirmed once; saying it again changes
// nothing and needs no second word.
func (w *work) stop() *Reply {
	w.ordered(what.CommandStop)
	var news bool
	if w.reader, news = w.reader.Stop(w.ask.At); !news {
		w.trace.Outcome = journal.Silent
		return nil
	}
	reply := w.say(wordStopDone, "publisher", w.edition.Name)
	if !w.channel.SMS {
		reply.Buttons = []Button{w.startButton()}
	}
	return reply
}

// stopped answers a reader who said STOP and asks again: nothing on a channel
// that bills by segment, elsewhere one line with the way back, once a day.
func (w *work) stopped() *Reply {
	w.trace.Outcome = journal.Silent
	if w.channel.SMS {
		return nil
	}
	var due bool
	if w.reader, due = w.reader.Remind(w.ask.At); !due {
		return nil
	}
	reply := w.say(wordStopped, "publisher", w.edition.Name)
	reply.Buttons = []Button{w.startButton()}
	return reply
}

func (w *work) startButton() Button {
	return Button{Label: w.words(wordButtonStart), Send: tapCommand + string(what.CommandStart)}
}

// order carries out a command.
func (w *work) order(c what.Command) *Reply {
	w.ordered(c)
	switch c {
	case what.CommandStart:
		w.reader = w.reader.Start(w.ask.At)
		return w.say(wordStart, "publisher", w.edition.Name)
	case what.CommandHelp:
		return w.say(wordHelp, "publisher", w.edition.Name)
	case what.CommandMenu:
		return w.menu()
	case commandDrop:
		return w.say(wordDropped)
	}
	return w.say(wordUnserved)
}

func (w *work) ordered(c what.Command) {
	w.trace.Outcome = journal.Ordered
	w.trace.What.Command, w.trace.What.Tier = string(c), string(what.TierCommand)
}

// menu lists the keywords, a page at a time.
func (w *work) menu() *Reply {
	page := 0
	if _, p, ok := strings.Cut(strings.TrimPrefix(w.ask.Tap, tapCommand), ":"); ok {
		page, _ = strconv.Atoi(p)
	}
	all := w.edition.order
	from := min(max(page, 0)*menuPage, len(all))
	to := min(from+menuPage, len(all))
	reply := w.say(wordMenu, "publisher", w.edition.Name)
	for _, k := range all[from:to] {
		reply.Buttons = append(reply.Buttons, Button{Label: w.name(k), Send: tapKeyword + k.ID})
	}
	if to < len(all) {
		reply.Buttons = append(reply.Buttons, Button{
			Label: w.words(wordMenuMore),
			Send:  fmt.Sprintf("%s%s:%d", tapCommand, what.CommandMenu, page+1),
		})
	}
	return reply
}

// offer asks which of several keywords was meant, and keeps the question open.
func (w *work) offer(candidates []what.Candidate) *Reply {
	w.trace.Outcome = journal.Offered
	q := who.Question{Token: strconv.FormatUint(w.ask.ID, 36), Expires: w.ask.At.Add(questionOpen)}
	reply := w.say(wordOffer)
	for i, c := range candidates[:min(len(candidates), offerAtMost)] {
		k := w.edition.keywords[c.Keyword]
		if k == nil {
			continue
		}
		label := w.name(k)
		if c.Argument != "" {
			label += " " + cut(c.Argument, 40)
		}
		w.trace.What.Offered = append(w.trace.What.Offered, c.Keyword)
		q.Options = append(q.Options, who.Option{Keyword: c.Keyword, Argument: cut(c.Argument, 60), Label: label})
		reply.Buttons = append(reply.Buttons, Button{Label: label, Send: fmt.Sprintf("%s%d:%s", tapOption, i+1, q.Token)})
	}
	w.reader.Question = &q
	return reply
}

// chosen returns the option of the open question that a tap or a number takes.
func (w *work) chosen() (who.Option, bool) {
	q := w.reader.Question
	if q == nil || w.ask.At.After(q.Expires) {
		return who.Option{}, false
	}
	number := strings.TrimSpace(w.ask.Text)
	if rest, ok := strings.CutPrefix(w.ask.Tap, tapOption); ok {
		n, token, _ := strings.Cut(rest, ":")
		if token != q.Token {
			return who.Option{}, false
		}
		number = n
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(q.Options) {
		return who.Option{}, false
	}
	w.trace.What.Tier = "choice"
	w.reader.Question = nil
	return q.Options[n-1], true
}

// Warm fetches ahead of demand what a keyword's query or the source's whole
// vocabulary needs.
func (r *Resolver) Warm(ctx context.Context, e *Edition, source string) error {
	var first error
	seen := map[string]bool{}
	for _, k := range e.order {
		if k.Source != source || k.source.Problem != nil {
			continue
		}
		key, err := k.source.Key(Query{Argument: k.Query, Count: max(k.Count, 1), Language: e.Languages[0], At: r.Clock()})
		if err != nil || seen[key] {
			continue
		}
		seen[key] = true
		if err := r.Keeper.Refresh(ctx, Want{Place: k.source.Place(e.ID, source, key),
			Source: k.source.Source, Freshness: k.freshness, At: r.Clock()}); err != nil && first == nil {
			first = err
		}
	}
	return first
}
