package pull

import (
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/proof"
	"keypull/pull/what"
	"keypull/pull/what/instruction"
	"keypull/pull/who"
	"keypull/pull/words"
)

// work is what is known of one ask on its way to a reply: a record that the steps
// below embed for its fields. What they do is theirs, and not the record's.
type work struct {
	cache   *Cache
	clock   func() time.Time
	edition *Edition
	channel Channel
	ask     Ask
	reader  who.Reader
	match   what.Match
	// instruction is the one of the match that is looked at.
	instruction instruction.Instruction
	trace       journal.Trace
	failure     error
	language    string
	zone        *time.Location
	// local words texts for the reader, from when the language is known.
	local localizer
	// began is when the work on the ask began, by the clock, and waited how
	// long the ask had stood in its queue by then.
	began  time.Time
	waited time.Duration
	// computing is where it is noted that the ask is being computed.
	computing *outside.Computation
	// from is where MORE goes on, nil for any other ask.
	from *who.Cursor
	// closed is there for a keyword that tells its last answer outside its hours.
	closed *closed
	// beside is what was brought for several keywords at once; nil for one alone. dated:
	// each of them tells its age.
	beside map[SnapshotID]brought
	dated  bool
	// count is how many entries were asked for; 0 for as many as the keyword tells.
	count int
	// items finds what sources hold; nil where nothing does. item is the mark of the one
	// that a reader took.
	items ItemIndex
	item  string
	// lookTime is how long looking inside may take.
	lookTime time.Duration
	// asked is the question that was open when the message came, nil where none was; settled:
	// the message has answered it, or ended it.
	asked   *who.Question
	settled bool
	// passing is what the ask before left to this one, and this one leaves to the next, of a
	// reader of whom nothing may be kept.
	passing who.Passing
	// facts are what the reader says of themselves for this ask alone.
	facts map[string]string
	// past is what is kept of asks of before; nil where nobody keeps any.
	past Past
	// proofs prove answers; nil where nothing does. private: what is told depends on
	// who asks. checked is what the message wants to be proved, where asksProof, and
	// checkedIn the language that it says so in.
	proofs    Proofs
	private   bool
	asksProof bool
	checked   Checked
	checkedIn string
	// refined is what the message says more of the last answer.
	refined string
	// happened: a request is taken down about what has happened.
	happened bool
	// shownIn is the language of the reply whose button the message names; "" where it names none.
	shownIn string
	// moving is the code of what the message takes over from another channel, where
	// asksMove; "" is one with a wrong sign.
	moving   MoveCode
	asksMove bool
	// later is the order that is carried out, nil for any other ask; orders are what
	// the reader orders now.
	later  *who.Later
	orders []Entry
	// owing says whether more may be waited for; nil where nobody can wait.
	owing Owing
	// alarms tell people of the publisher what fails; nil where nothing does. joining is the
	// code by which the message asks for that; "" where it does not.
	alarms  Alarms
	joining MoveCode
	// desk knows of people who answer readers; nil where nobody does. handed is what of the ask
	// goes to one, and talkNote what is said above the reply of a conversation that has ended; mode
	// and talk are how that stood before.
	desk     Desk
	handed   *Handed
	talkNote Word
	mode     who.Mode
	talk     *who.Talk
	// requests are what readers asked publishers to see to; nil where nobody keeps any. number is
	// that of one which the message names, where asksNumber; "" is one that nobody knows.
	requests Requests
	// besideNumber is what the message says beside it.
	number       proof.Code
	asksNumber   bool
	besideNumber string
	// counted knows what was asked of late; nil where nothing does.
	counted Counted
	// unsure are the sources that are to say whether the reader is a subscriber before it
	// is answered, and subscribed is what they said. entering is the membership whose code the message is; tried: it was
	// compared with the codes; guessing: it is refused, since the reader has tried too many that are none.
	unsure     []string
	subscribed map[string]subscription
	entering   string
	tried      bool
	guessing   bool
	// wordless: what the message says is written down nowhere.
	wordless bool
}

// The steps of an ask, by what they are about: the keyword that it runs, the source
// that is asked for that, the question that a reader is asked back, what was said to
// no keyword, an order of the service, one with something in it, one for a time, or what
// a reader tells of themselves.
type (
	answering    struct{ *work }
	asking       struct{ *work }
	questions    struct{ *work }
	conversation struct{ *work }
	ordering     struct{ *work }
	instructing  struct{ *work }
	preferring   struct{ *work }
	planning     struct{ *work }
)

// setLocalizer has texts worded in the language of the answer from now on.
func (w *work) setLocalizer() {
	w.local = localizer{
		edition: w.edition, cache: w.cache, language: w.language, client: w.ask.Language, zone: w.zone, at: w.ask.At,
		said: w.ask.Text, tap: w.ask.Tap, sms: w.channel.SMS, group: w.ask.Group, noteFailure: w.noteFailure,
		desk: desking{w}.offersPerson(),
	}
}

// answerTime returns the moment of the ask and what has passed since: an answer is no
// younger for having been asked for long ago.
func (w *work) answerTime() time.Time { return w.ask.At.Add(w.waited + w.clock().Sub(w.began)) }

// shortenText shortens a reader's word for quoting it back.
func shortenText(s string, runes int) string {
	return words.Shorten(strings.Join(strings.Fields(s), " "), runes)
}

// refuseWith returns a reply that says why there is no answer.
func (w *work) refuseWith(word Word, pairs ...any) *Reply {
	w.trace.Outcome = journal.Refused
	return w.local.replyOf(word, pairs...)
}

// noteFailure notes what kept the answer from being what it should.
func (w *work) noteFailure(err error) { w.failure, w.trace.Error = err, err.Error() }
