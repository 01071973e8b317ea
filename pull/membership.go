package pull

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// Joinable is the option of a source whose members readers become by sending a code.
type Joinable interface {
	// Code returns the mark of the code that a text is, whose text is kept nowhere; false
	// where it is none. How long it takes tells nothing of the codes.
	Code(text string) (mark string, ok bool)
	// HasForm reports whether a text is of the form of a code, so that trying it is a guess. One
	// of another form is no code.
	HasForm(text string) bool
	// Counts reports whether a mark is that of a code that still makes members.
	Counts(mark string) bool
	// Called returns what readers call the members of the source; "" where nobody has said.
	Called(language string) string
}

func joinableOf(sources map[string]Opened) map[string]Joinable {
	var all map[string]Joinable
	for id, s := range sources {
		if j, ok := s.Source.(Joinable); ok && s.Problem == nil {
			if all == nil {
				all = map[string]Joinable{}
			}
			all[id] = j
		}
	}
	return all
}

// commandJoin is what a message with the code of a membership is noted as.
const commandJoin command.Command = "join"

// How long a text may be that is a code, in bytes, how many of the form of one that are none a
// reader may try in a while, and for how many at once that is counted.
const (
	maxCodeText  = 200
	maxGuesses   = 10
	guessesFor   = time.Hour
	guessesAtAll = 4096
)

// LooksLikeCode reports whether a text could be the code of a membership: eight signs or more,
// letters and digits among them, in three words at most. What looks so and is no keyword is
// never written down, since it may be a code with a typing error.
func LooksLikeCode(text string) bool {
	const fewest, words = 8, 3
	letters, digits := 0, 0
	for _, r := range text {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case r > ' ' && r != '-':
			letters++
		}
	}
	return len(text) <= maxCodeText && letters > 0 && digits > 0 && letters+digits >= fewest && len(strings.Fields(text)) <= words
}

// readCode reads a message that is the code of a membership. Its words are gone with that, so
// that nothing can keep them. Who has tried too many is told no right one apart: none is tried.
func (w hearing) readCode() bool {
	if !w.hasCodeForm() || !w.cache.members.mayGuess(w.guesser(), w.ask.At, false) {
		return false
	}
	w.tried = true
	for id, by := range w.edition.joinable {
		if mark, ok := by.Code(w.ask.Text); ok {
			w.entering = who.NewMembership(id, mark)
		}
	}
	if w.entering != "" {
		w.ask.Text = ""
		return true
	}
	if w.subscribed == nil { // else it was counted as the ask was heard first
		w.cache.members.mayGuess(w.guesser(), w.ask.At, true)
	}
	return false
}

// hasCodeForm reports whether a message is of the form of a code that makes members.
func (w hearing) hasCodeForm() bool {
	if w.ask.Tap != "" || !LooksLikeCode(w.ask.Text) {
		return false
	}
	for _, by := range w.edition.joinable {
		if by.HasForm(w.ask.Text) {
			return true
		}
	}
	return false
}

// refusesCode keeps what looks like a code and means nothing else from being written down, and
// reports whether it is of the form of one, was not tried since too many were, and is nothing
// that anybody waits for: a person, or a question.
func (w hearing) refusesCode() bool {
	if len(w.edition.joinable) == 0 || w.ask.Tap != "" || w.match.Decision != what.None || !LooksLikeCode(w.ask.Text) {
		return false
	}
	w.wordless, w.owing = true, nil
	if w.tried || !w.hasCodeForm() || w.reader.Mode != who.Bot {
		return false
	}
	if q := questions(w).openQuestion(); q != nil && !q.Past {
		return false
	}
	w.guessing, w.ask.Text = true, ""
	return true
}

// guesser is by whom guesses are counted: where anybody may be many readers, by the address.
func (w *work) guesser() string { return cmp.Or(w.ask.budgetPayer(), string(w.ask.Reader)) }

// enterMembership makes the reader a member by the code that was sent, where that may be kept.
func (w instructing) enterMembership() *Reply {
	ordering(w).noteCommand(commandJoin)
	switch {
	case w.guessing:
		return w.refuseWith(wordGuessed, "moment", w.local.momentText(w.ask.At.Add(guessesFor)))
	case w.ask.Group:
		return w.refuseWith(wordJoinAlone)
	case w.ask.Proxied:
		return w.refuseWith(wordElsewhere, "publisher", w.edition.Name)
	case w.edition.UnderAge:
		return answering(w).withMenu(w.local.replyOf(wordKeepsNothing))
	case !w.mayKeep():
		reply := questions(w).askReader(wordConsent, who.Question{Joins: w.entering}, "text", w.channel.Consent)
		reply.Buttons = questions(w).yesOrNo()
		return reply
	}
	var news bool
	w.reader, news = w.reader.Join(w.entering)
	word := wordJoined
	if !news {
		word = wordJoinedBefore
	}
	return answering(w).withMenu(w.local.replyOf(word, "names", w.membershipName(w.entering)))
}

// joinSilently makes the reader a member while a person is in charge, who is told nothing of the
// code.
func (w instructing) joinSilently() {
	ordering(w).noteCommand(commandJoin)
	if w.trace.Outcome = journal.Silent; w.mayKeep() && w.isApart() {
		w.reader, _ = w.reader.Join(w.entering)
	}
}

// answerJoin makes the reader a member who agrees that it is kept.
func (w instructing) answerJoin(membership string, yes bool) *Reply {
	w.entering = membership
	said := w.noteDecision(yes)
	var reply *Reply
	if yes {
		reply = w.enterMembership()
	} else {
		ordering(w).noteCommand(command.Drop)
		reply = answering(w).withMenu(w.local.replyOf(wordNotKept))
	}
	reply.Consent = said
	return reply
}

// membershipName returns what readers call a membership.
func (w *work) membershipName(m string) string {
	source := who.MembershipSource(m)
	if by := w.edition.joinable[source]; by != nil {
		return cmp.Or(by.Called(w.language), w.edition.Name)
	}
	return source
}

// membershipNames returns what the reader's memberships are called.
func (w *work) membershipNames() (names []string) {
	for _, m := range w.reader.Memberships {
		if name := w.membershipName(m); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// members is what is known in memory of who belongs to what: who tries codes, and what the
// sources of subscribers have said of late.
type members struct {
	seed maphash.Seed
	// group returns the key of a group by its id, as the platform calls it.
	group func(publisher, channel, id string) who.Key

	mu      sync.Mutex
	guesses [guessesAtAll]guesses
	known   map[subscriberID]said
}

// isGroup reports whether an ask came from the group of that id, as its platform calls it
// within the workspace.
func (m *members) isGroup(a *Ask, id string) bool {
	is := func(id string) bool { return m.group(a.Publisher, a.Channel, id) == a.Reader }
	return m.group != nil && (is(id) || a.Workspace != "" && is(a.Workspace+"/"+id))
}

// guesses are those of whoever falls on one place; that two do makes it but stricter.
type guesses struct {
	since time.Time
	n     int
}

func newMembers() *members {
	return &members{seed: maphash.MakeSeed(), known: map[subscriberID]said{}}
}

// mayGuess reports whether somebody may send a code at a moment, and counts one that is none.
func (m *members) mayGuess(by string, at time.Time, wrong bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	g := &m.guesses[maphash.String(m.seed, by)%guessesAtAll]
	if at.Sub(g.since) > guessesFor {
		*g = guesses{since: at}
	}
	if g.n >= maxGuesses {
		return false
	}
	if wrong {
		g.n++
	}
	return true
}
