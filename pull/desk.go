package pull

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/request"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/what/textform"
	"keypull/pull/when"
	"keypull/pull/who"
)

// Desk knows of the people of publishers who answer readers.
type Desk interface {
	// Staffed reports whether one has answered a reader of a publisher within the seven days
	// before a moment.
	Staffed(publisher string, at time.Time) bool
}

// Handed is what of an ask goes to a person of the publisher: it stands in the conversation
// before the answer counts.
type Handed struct {
	// Said is what the reader wrote, Attached what came with it.
	Said     string
	Attached []what.Media
	// Began is what began a conversation; "" where one goes on.
	Began Began
	// Request is what the reader has confirmed that is to be seen to; nil where that is nothing.
	Request *request.Request
}

// Began is what began a conversation.
type Began string

// What begins one.
const (
	// BeganAsked: the reader asked for a person. BeganLeft: nobody was there, and the reader left
	// a message.
	BeganAsked Began = "asked"
	BeganLeft  Began = "left"
	// BeganKeyword: a keyword was asked that hands over. BeganMissed: three messages in a row
	// were not understood. BeganComplaint: the reader complained.
	BeganKeyword   Began = "keyword"
	BeganMissed    Began = "missed"
	BeganComplaint Began = "complaint"
	// BeganTaken: an editor took over.
	BeganTaken Began = "taken"
)

// mostMissed is how many messages in a row are not understood before a person is asked for.
const mostMissed = 3

// leftWords is of how many words a message is taken for the one that the reader was asked to
// leave, although a keyword answers it.
const leftWords = 4

// people are the person settings of an edition, made ready.
type people struct {
	catalogue.Person

	hours when.Hours
	// calendar says when they are there, before the hours; nil where no source does.
	calendar *Opened
}

// declared reports whether the publisher says when its people are there, or where they sit: what
// is left for them is read.
func (p *people) declared() bool {
	return len(p.Hours)+len(p.Away) > 0 || p.calendar != nil || p.Bridge.Kind != ""
}

// reach says how a person can be reached for a reader.
type reach int

const (
	// reachNobody: nobody answers here. reachAway: somebody does, but not now. reachThere:
	// somebody does, and is there.
	reachNobody reach = iota
	reachAway
	reachThere
)

// desking hands readers over to people of the publisher, and back.
type desking struct{ *work }

// reachPerson says how a person can be reached for the reader of the ask, and when the next is
// there where nobody is now.
func (w desking) reachPerson(ctx context.Context) (at reach, next time.Time) {
	if !w.mayReachPerson() {
		return reachNobody, next
	}
	if !w.takesMessages() {
		return reachNobody, next
	}
	p := w.lookForPeople(ctx)
	if p.there && w.desk.Staffed(w.edition.ID, w.ask.At) {
		return reachThere, next
	}
	return reachAway, p.next
}

// takesMessages reports whether what is left for people of the publisher is read by some.
func (w desking) takesMessages() bool {
	return w.edition.people.declared() || w.desk.Staffed(w.edition.ID, w.ask.At)
}

// mayReachPerson reports whether the reader of the ask may be handed over at all.
func (w desking) mayReachPerson() bool {
	const shortest = time.Hour
	return w.desk != nil && w.reader.State == who.Active && !w.ask.Group && !w.channel.Proxy && !w.ask.Fleeting &&
		!w.edition.UnderAge && (w.channel.Window == 0 || w.channel.Window >= shortest)
}

// offersPerson reports whether a reply may offer a person: not before one has answered
// readers of late, and within the hours; what the calendar says is looked up for who wants
// one.
func (w desking) offersPerson() bool {
	people := &w.edition.people
	return w.reader.Mode == who.Bot && w.mayReachPerson() && w.desk.Staffed(w.edition.ID, w.ask.At) &&
		(people.calendar != nil || people.hours.Open(w.ask.At, w.edition.Zone))
}

// now returns the present moment; an ask may have stood in its queue for long.
func (w desking) now() time.Time {
	if now := w.clock(); now.After(w.ask.At) {
		return now
	}
	return w.ask.At
}

// lapse brings the service back where a person has been silent, or was waited for, for too long.
// That nobody came is told with a message of the reader's: what was ordered came meanwhile too.
func (w desking) lapse() {
	w.mode, w.talk = w.reader.Mode, w.reader.Talk
	if w.ask.Group || w.later != nil && w.mode == who.Waiting {
		return
	}
	var lapsed bool
	if w.reader, lapsed = w.reader.LapseTalk(w.now()); lapsed {
		w.talkNote = map[who.Mode]Word{who.Human: wordTalkLapsed, who.Waiting: wordTalkVain}[w.mode]
	}
}

// takeUpLapsed has what the reader writes be left for the people who have been silent for too long:
// the first words after that may well be for them. MENU is for the service, and ends it.
func (w desking) takeUpLapsed(wanted command.Command) {
	switch {
	case w.talkNote == "" || w.later != nil || !w.keeps():
	case wanted == command.Menu:
		w.hand("")
	case w.mayReachPerson() && w.takesMessages():
		w.turnTo(who.TurnLeft)
	}
}

// wasAway reports whether the reader has been told within the hour that nobody is there.
func (w desking) wasAway() bool {
	return w.talkNote == "" && w.reader.Talk.Leaves(w.ask.At)
}

// turnTo changes who answers the reader.
func (w desking) turnTo(t who.Turn) (changed bool) {
	w.reader, changed = w.reader.Turn(t, w.ask.At, w.ask.ID)
	return changed
}

// hand tells a person of the publisher what the reader wrote.
func (w desking) hand(began Began) {
	w.handed = &Handed{Began: began}
	if w.ask.Tap == "" || w.ask.Tap != w.ask.Text {
		w.handed.Said = w.ask.Text
	}
	w.handed.Attached = w.ask.Attachments
}

// passOn leaves a message to the person who is in charge; it is done if the service says
// nothing to it. MENU brings the service back, and FORGET ME is the service's in any case, as is
// what is asked beside the conversation.
func (w desking) passOn(wanted command.Command) (done bool) {
	if w.later != nil || w.ask.Group || w.reader.Mode != who.Human {
		return false
	}
	switch {
	case wanted == command.Menu:
		w.turnTo(who.TurnBack)
		w.hand("")
		w.talkNote = wordTalkBack
		return false
	case wanted == command.Forget, ordering(w).answersForget():
		return false
	case w.isAside():
		return false
	case w.entering != "":
		instructing(w).joinSilently()
		return true
	}
	w.trace.Outcome, w.trace.What.Command = journal.Silent, string(command.Human)
	w.reader = w.reader.PassOn(w.now())
	w.hand("")
	return true
}

// isAside reports whether the answer to the ask stands in no conversation that a person is in
// charge of: who asks sees it alone, and would else see nothing.
func (w desking) isAside() bool { return w.ask.Aside || w.ask.Fleeting }

// staysSilent reports whether not even that an ask broke down is said: the reader wants no
// messages, or a person is in charge of the conversation, who is told what was asked.
func (w desking) staysSilent() bool {
	if w.reader.Mode == who.Human && !w.ask.Group && !w.isAside() {
		if w.later == nil {
			w.hand("")
		}
		return true
	}
	return w.reader.State == who.Stopped
}

// answerHuman answers a reader who asks for a person.
func (w desking) answerHuman(ctx context.Context) *Reply {
	at, next := w.reachPerson(ctx)
	switch {
	case w.reader.Mode == who.Human && !w.ask.Group:
		w.hand("")
		return w.local.replyOf(wordTalkPerson, "publisher", w.edition.Name)
	case at == reachNobody:
		return w.addTopics(ordering(w).answerNobody(ctx))
	case w.reader.Mode == who.Waiting:
		w.hand("")
		return w.local.replyOf(wordTalkWaits, "publisher", w.edition.Name, "moment", w.local.momentText(w.reader.Talk.Since))
	case !w.keeps():
		w.ask.Text = w.local.textOf(wordButtonHuman)
		return instructing(w).askConsent(ctx)
	}
	reply := &Reply{Language: w.language}
	w.handOver(BeganAsked, at, next, reply)
	return reply
}

// handOver hands the reader over, or says below a reply when somebody is there again. How a person
// is asked for needs no saying then.
func (w desking) handOver(began Began, at reach, next time.Time, reply *Reply) {
	if at != reachNobody {
		w.local.dropDesk(reply)
	}
	switch at {
	case reachThere:
		w.turnTo(who.TurnAsked)
		w.hand(began)
		reply.Blocks = append(reply.Blocks, Block{Kind: Paragraph, Own: true, Text: w.local.textOf(wordTalkAsked, "publisher", w.edition.Name)})
	case reachAway:
		told := w.wasAway()
		w.turnTo(who.TurnLeft)
		reply.Blocks = append(reply.Blocks, w.awayBlocks(next, told)...)
	case reachNobody:
	}
}

// awayBlocks say that nobody is there, when somebody is, whom else to turn to, and that a
// message may be left. Who was told within the hour is told no more than when, and that it may.
func (w desking) awayBlocks(next time.Time, told bool) []Block {
	if told {
		var blocks []Block
		if !next.IsZero() {
			blocks = []Block{{Kind: Paragraph, Own: true, Text: w.nextText(next)}}
		}
		return append(blocks, w.leaveBlock())
	}
	text := w.edition.people.Away.In(w.language)
	if text == "" {
		text = w.local.textOf(wordTalkAway, "publisher", w.edition.Name)
	}
	return append(w.elsewhereBlocks(text, next), w.leaveBlock())
}

// elsewhereBlocks say below a text when somebody is there, and whom else to turn to.
func (w desking) elsewhereBlocks(text string, next time.Time) []Block {
	if !next.IsZero() {
		text += " " + w.nextText(next)
	}
	blocks := []Block{{Kind: Paragraph, Own: true, Text: text}}
	if w.edition.Contact != "" {
		blocks = append(blocks, Block{Kind: Paragraph, Own: true, Text: ordering(w).contactText()})
	}
	if topics := w.topicLines(); len(topics) > 0 {
		blocks = append(blocks, Block{Kind: Bullets, Lines: topics, Tight: true})
	}
	return blocks
}

// nextText says when somebody is there again, with the day of the week where that is another one.
func (w desking) nextText(next time.Time) string {
	return w.local.textOf(wordTalkNext, "moment", when.Weekday(next, w.ask.At, w.edition.Zone, w.local.servedLanguage()))
}

// leaveBlock says that a message may be left.
func (w desking) leaveBlock() Block {
	return Block{Kind: Paragraph, Own: true, Text: w.local.textOf(wordTalkLeave)}
}

// noteBlocks say above a reply how the conversation has ended, and to who waited in vain what else
// there is to do, as far as the reply does not.
func (w desking) noteBlocks(ctx context.Context, reply *Reply) []Block {
	text := w.local.textOf(w.talkNote, "publisher", w.edition.Name)
	if w.talkNote != wordTalkVain {
		return []Block{{Kind: Note, Text: text}}
	}
	leave := w.leaveBlock()
	if slices.ContainsFunc(reply.Blocks, func(b Block) bool { return b.Text == leave.Text }) || w.reader.Mode == who.Waiting {
		return []Block{{Kind: Paragraph, Own: true, Text: text}}
	}
	_, next := w.reachPerson(ctx)
	blocks := w.elsewhereBlocks(text, next)
	if w.handed == nil && w.reader.Talk.Leaves(w.ask.At) {
		blocks = append(blocks, leave)
	}
	return blocks
}

// topicWords are the topics that the service has a name for.
var topicWords = map[string]Word{ //nolint:gochecknoglobals // it does not change
	"subscription": wordTopicSubscription, "delivery": wordTopicDelivery, "newsroom": wordTopicNewsroom,
}

// topicLines say whom to turn to about what.
func (w desking) topicLines() (lines []string) {
	contacts := w.edition.people.Contacts
	for _, topic := range slices.Sorted(maps.Keys(contacts)) {
		name := topic
		if word, known := topicWords[topic]; known {
			name = w.local.textOf(word)
		}
		lines = append(lines, name+": "+contacts[topic])
	}
	return lines
}

// asksAboutTopic reports whether a message asks for a person and names a topic that there is a
// contact for: "HUMAN delivery".
func (w desking) asksAboutTopic() bool {
	wanted, about, ok := command.Split(w.ask.Text)
	if !ok || wanted != command.Human {
		return false
	}
	about = textform.Normal(about)
	for topic := range w.edition.people.Contacts {
		if word, known := topicWords[topic]; about == textform.Normal(topic) || known && about == textform.Normal(w.local.textOf(word)) {
			return true
		}
	}
	return false
}

func (w desking) addTopics(reply *Reply) *Reply {
	if topics := w.topicLines(); len(topics) > 0 {
		reply.Blocks = append(reply.Blocks, Block{Kind: Bullets, Lines: topics, Tight: true})
	}
	return reply
}

// passMessage takes a message that no keyword knows for one to the person who is asked for, or
// for the one that the reader was asked to leave; nil if there is neither.
func (w desking) passMessage() *Reply {
	switch {
	case w.ask.Group || w.later != nil || !w.keeps():
		return nil
	case w.reader.Mode == who.Waiting:
		ordering(w).noteCommand(command.Human)
		w.hand("")
		return w.local.replyOf(wordTalkPassed, "publisher", w.edition.Name)
	case w.reader.Mode == who.Human: // asked aside
		ordering(w).noteCommand(command.Human)
		w.hand("")
		return w.local.replyOf(wordTalkPerson, "publisher", w.edition.Name)
	case w.reader.Talk.Leaves(w.ask.At):
		ordering(w).noteCommand(command.Human)
		w.hand(BeganLeft)
		return w.local.replyOf(wordTalkLeft, "publisher", w.edition.Name)
	}
	return nil
}

// endWaiting answers a reader who waits for a person and wants nothing any more; nil if the
// reader does not.
func (w desking) endWaiting() *Reply {
	if w.reader.Mode != who.Waiting || !w.turnTo(who.TurnBack) {
		return nil
	}
	w.hand("")
	return w.local.replyOf(wordTalkDropped)
}

// answerComplaint hands a reader over who complains; nil where nobody can be reached.
func (w desking) answerComplaint(ctx context.Context) *Reply {
	at, next := w.reachPerson(ctx)
	if at == reachNobody || w.reader.Mode != who.Bot || w.wasAway() || !w.keeps() {
		return nil
	}
	ordering(w).noteCommand(command.Human)
	reply := w.local.replyOf(wordTalkSorry)
	w.handOver(BeganComplaint, at, next, reply)
	return reply
}

// finishTalk does what a conversation asks for once the reply is there: it hands the reader
// over whose keyword says so or who was not understood too often, and says while a reader
// waits that somebody is asked for.
func (w desking) finishTalk(ctx context.Context, reply *Reply) {
	switch {
	case w.talkNote == "" || w.later == nil && reply != nil:
	case reply != nil:
		reply.Blocks = append(reply.Blocks, w.noteBlocks(ctx, reply)...)
	case w.reader.State == who.Active: // it counts once it can be told
		w.reader.Mode, w.reader.Talk = w.mode, w.talk
	}
	if w.ask.Group || w.later != nil || !w.reader.Leaves.IsZero() {
		return
	}
	w.countMissed()
	if reply == nil || w.reader.State != who.Active {
		if w.mode != who.Bot && w.reader.Mode == who.Bot {
			w.hand("") // STOP
		}
		return
	}
	leaving := w.reader.Talk.Leaves(w.ask.At) // before this message
	if began := w.beginsBy(); began != "" && w.handed == nil && w.reader.Mode == who.Bot && !w.wasAway() && w.keeps() {
		at, next := w.reachPerson(ctx)
		w.handOver(began, at, next, reply)
	}
	switch {
	case w.handed != nil:
	case w.reader.Mode == who.Waiting:
		w.hand("")
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: w.local.textOf(wordTalkStill, "publisher", w.edition.Name)})
	case leaving && w.ask.Tap == "" && w.isForPerson() && len(strings.Fields(w.ask.Text)) >= leftWords && w.keeps():
		w.hand(BeganLeft)
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: w.local.textOf(wordTalkLeft, "publisher", w.edition.Name)})
	}
	if w.talkNote != "" {
		reply.Blocks = slices.Insert(reply.Blocks, 0, w.noteBlocks(ctx, reply)...)
	}
}

// isForPerson reports whether a message is one to leave for a person: no command was carried
// out, but a greeting answered, or what is paid for told of, which only a person can see to.
func (w desking) isForPerson() bool {
	switch command.Command(w.trace.What.Command) {
	case "", commandGreet, command.Paid:
		return true
	}
	return false
}

// countMissed counts how many messages in a row were not understood.
func (w desking) countMissed() {
	switch w.trace.Outcome {
	case journal.Missed:
		w.reader.Missed = min(w.reader.Missed+1, mostMissed)
	case journal.Silent:
	default:
		w.reader.Missed = 0
	}
}

// beginsBy returns what of the ask begins a conversation by itself; "" if nothing does.
func (w desking) beginsBy() Began {
	if w.trace.Outcome == journal.Missed && w.reader.Missed >= mostMissed {
		w.reader.Missed = 0
		return BeganMissed
	}
	for ran := range w.trace.Ran() {
		k := w.edition.keywordByID(ran.Keyword)
		if k != nil && k.Human && (ran.Outcome == journal.Answered || ran.Outcome == journal.Refused) {
			return BeganKeyword
		}
	}
	if w.match.Decision == what.Run && slices.ContainsFunc(w.match.Instructions, func(in instruction.Instruction) bool { return in.Kind == instruction.Complaint }) {
		return BeganComplaint
	}
	return ""
}

// hearPerson notes that a person of the publisher writes to the reader, who is told so with
// the first of it; false where there is no such conversation any more.
func hearPerson(e *Edition, entry *Entry, reader who.Reader) (who.Reader, *Reply, bool) {
	if reader.Talk == nil || reader.State != who.Active {
		return reader, nil, false
	}
	if reader.Talk.Over { // the reader wanted the service back meanwhile
		return reader, entry.Reply, true
	}
	reader, _ = reader.Turn(who.TurnTaken, entry.At, entry.Cause)
	reply := *entry.Reply
	if !reader.Talk.Told && e != nil {
		reader.Talk.Told = true // Turn has made it anew
		tag := e.answerLanguage(reply.Language)
		note := wordTalkPerson.inLanguage(e.servedLanguage(tag, entry.Language), "publisher", e.Name)
		reply.Blocks = append(slices.Clone(reply.Blocks), Block{Kind: Note, Text: note})
	}
	return reader, &reply, true
}
