package pull

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/when"
	"keypull/pull/who"
	"keypull/pull/words"
)

// How much one reply with saved words takes: characters, where the channel carries as many,
// and answers.
const (
	myRunes    = 2500
	myRunesSMS = 420
	myAnswers  = 10
)

// gathering is a reply with what a reader keeps on its way.
type gathering struct {
	answering
	list  string
	reply *Reply
	room  int
	ran   []journal.Wish
	// alike are the names of what has not changed, by since when, and dead what could not
	// be told. held is how many wait for MORE.
	alike []sinceNames
	dead  []deadWord
	held  int
}

// deadWord is a word that can't be told now, with why in one line.
type deadWord struct{ name, why string }

func namesOf(dead []deadWord) (names []string) {
	for _, d := range dead {
		names = append(names, d.name)
	}
	return names
}

// sinceNames are names of what is as it was told at the same time.
type sinceNames struct {
	since string
	names []string
}

// answerSaved pulls what the reader keeps on a list, "" for the saved words, in one reply:
// what is new first. What was pulled since a moment, where that is set, is left out: it
// stood in the reply that goes on. On a list all is told, new or not.
func (w answering) answerSaved(ctx context.Context, list string, since time.Time) *Reply {
	all := slices.DeleteFunc(w.reader.SavedOn(list), func(s who.Saved) bool {
		return w.edition.keywordByID(s.Keyword) == nil || !since.IsZero() && !s.Pulled.Before(since)
	})
	ordering(w).noteCommand(command.My)
	if len(all) == 0 {
		return instructing(w).refuseNothingSaved(list, since)
	}
	wishes := make([]wish, 0, len(all))
	for _, s := range all {
		wishes = append(wishes, wish{Candidate: what.Candidate{Keyword: s.Keyword, Argument: s.Argument}})
	}
	w.bringBeside(ctx, wishes)
	w.dated = true
	g := gathering{answering: w, list: list, reply: &Reply{Language: w.language}, room: w.roomForSaved()}
	for i, s := range all {
		g.addSaved(ctx, s, wishes[i])
	}
	w.beside, w.dated = nil, false
	return g.finish(since)
}

// roomForSaved returns how many characters a reply with saved words may have.
func (w answering) roomForSaved() int {
	switch {
	case w.channel.SMS && w.channel.Room > 0:
		return min(w.channel.Room, myRunesSMS)
	case w.channel.SMS:
		return myRunesSMS
	case w.channel.Room > 0:
		return min(w.channel.Room, myRunes)
	}
	return myRunes
}

// addSaved answers a saved word in its place: told if it is new, named if it is as it was,
// a line if it can't be told.
func (g *gathering) addSaved(ctx context.Context, s who.Saved, one wish) {
	told, part := g.answerOneOf(ctx, one)
	k := g.edition.keywordByID(s.Keyword)
	name := g.local.candidateName(k, what.Candidate{Keyword: s.Keyword, Argument: s.Argument})
	g.failure = firstError(g.failure, part.failure)
	g.trace.Took.When += part.trace.Took.When
	g.trace.Took.Say += part.trace.Took.Say
	after := s
	if at := part.reader.SavedAt(s.List, s.Keyword, s.Argument); at >= 0 {
		after = part.reader.Saved[at]
	}
	switch size := replyRunes(told); {
	case part.trace.Outcome != journal.Answered:
		g.dead = append(g.dead, deadWord{name, refusalLine(name, told)})
	case g.list == "" && s.Mark != "" && s.Mark == after.Mark && !s.Pulled.IsZero():
		g.addAlike(name, s.Pulled)
	case len(g.reply.Answers) > 0 && (size > g.room || len(g.reply.Answers) == myAnswers):
		g.held++
		return
	default:
		g.room -= size
		g.reply.joinAnswer(s.Keyword, *told)
	}
	g.private = g.private || part.private
	g.ran = append(g.ran, answering{part}.traceWish())
	g.reader = part.reader
}

// addAlike notes that a word is as it was told at a moment.
func (g *gathering) addAlike(name string, since time.Time) {
	told := when.Moment(since, g.ask.At, g.zone, g.language)
	at := slices.IndexFunc(g.alike, func(a sinceNames) bool { return a.since == told })
	if at < 0 {
		at = len(g.alike)
		g.alike = append(g.alike, sinceNames{since: told})
	}
	g.alike[at].names = append(g.alike[at].names, name)
}

// finish closes the reply: what could not be told and what is as it was, and the way to the
// rest.
func (g *gathering) finish(since time.Time) *Reply {
	r := g.reply
	if len(g.dead) > 0 {
		line := g.dead[0].why
		if len(g.dead) > 1 {
			line = g.local.textOf(wordNoneNow, "names", strings.Join(namesOf(g.dead), ", "))
		}
		r.Blocks = append(r.Blocks, Block{Kind: Note, Own: true, Text: line})
	}
	var alike []string
	for _, a := range g.alike {
		alike = append(alike, g.local.textOf(wordNamesSince, "names", strings.Join(a.names, ", "), "moment", a.since))
	}
	if len(alike) > 0 {
		r.Blocks = append(r.Blocks, Block{Kind: Note, Own: true, Text: g.local.textOf(wordUnchangedOf, "names", strings.Join(alike, ", "))})
	}
	g.reader.Question, g.reader.Cursor = nil, nil
	if g.held > 0 {
		if since.IsZero() {
			since = g.ask.At
		}
		g.reader.Cursor = &who.Cursor{
			Place: who.Place{Argument: tapSaved + g.list, Began: since, Language: g.language}, Expires: g.ask.At.Add(moreOpen),
		}
		r.Buttons = append(r.Buttons, g.local.commandButton(wordMenuMore, command.More))
	}
	if len(g.ran) > 0 {
		g.trace.Join(g.ran)
	}
	return r
}

// tapSaved tells the place of saved words from that of a menu, and their lists apart.
const tapSaved = "my:"

// goesOnSaved returns the list whose words MORE goes on with.
func goesOnSaved(c *who.Cursor) (list string, ok bool) {
	if c == nil || c.Keyword != "" {
		return "", false
	}
	return strings.CutPrefix(c.Argument, tapSaved)
}

// refusalLine is why a word can't be told, in one line that names it.
func refusalLine(name string, told *Reply) string {
	why := ""
	for _, b := range told.Blocks {
		if b.Text != name && b.Text != "" {
			why = b.Text
			break
		}
	}
	if strings.Contains(why, name) {
		return why
	}
	return name + ": " + why
}

// replyRunes is about how many characters a reply takes.
func replyRunes(r *Reply) (n int) {
	for _, b := range r.Blocks {
		n += utf8.RuneCountInString(b.Text) + len(b.URL) + 2
		for _, l := range b.Lines {
			n += utf8.RuneCountInString(l) + 3
		}
		for _, f := range b.Facts {
			n += utf8.RuneCountInString(f.Label) + utf8.RuneCountInString(f.Value) + 3
		}
	}
	return n
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// listNames joins names as a language does.
func (w instructing) listNames(names []string) string {
	return words.List(w.local.servedLanguage(), names)
}
