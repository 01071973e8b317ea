package who

import (
	"cmp"
	"slices"
	"time"
)

// Limits of a reader's document.
const (
	// MaxBytes is the size of the encoded document.
	MaxBytes = 4 << 10
	// MaxRecent is how many pulls are remembered.
	MaxRecent = 12
	// MaxSettled is how many settled asks are remembered; it is larger than
	// MaxUnsent, so that a repeated ask is known while its reply waits.
	MaxSettled = 24
	// MaxWaiting is how many replies wait in full, MaxUnsent how many may be
	// unsent: these, and one that may have arrived.
	MaxWaiting = 8
	MaxUnsent  = MaxWaiting + 1
)

// State says whether a reader may be answered.
type State string

// The states.
const (
	// Active readers get an answer to every ask.
	Active State = ""
	// Stopped readers said STOP.
	Stopped State = "stopped"
	// Gone readers blocked the account or left the platform.
	Gone State = "gone"
)

// Mode says who answers: the service, nobody yet, or a person.
type Mode string

// The modes.
const (
	Bot     Mode = ""
	Waiting Mode = "waiting"
	Human   Mode = "human"
)

// Reader is one person, or one group, on one channel: all the context that an
// answer may use. Of a group there is no more than Shared leaves.
// A Reader is a value: changes give a new one and leave the slices of the old
// one alone.
type Reader struct {
	// Language is what the reader chose; empty until then.
	Language string `json:"lang,omitempty"`
	TimeZone string `json:"tz,omitempty"`
	// First is when the reader was first answered; zero before that, and without
	// consent. Greeted: who answers, and that nothing comes unasked, was told.
	First   time.Time `json:"first,omitzero"`
	Greeted bool      `json:"greeted,omitempty"`
	// Asked is the day on which the reader asked last, as a number (journal.DemandDay): by
	// it returning readers are counted.
	Asked   int       `json:"asked,omitempty"`
	State   State     `json:"state,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Noticed time.Time `json:"noticed,omitzero"`
	Consent Consent   `json:"consent,omitzero"`
	// Guest: it is a session that nobody has agreed to keep, as anybody may have
	// as many as they like; it ends soon after the last ask.
	Guest bool `json:"guest,omitempty"`
	// Address is where the reader was last written to.
	Address string `json:"addr,omitempty"`
	// Recent lists what was pulled, the latest first.
	Recent []Pull `json:"recent,omitempty"`
	// Settled are the asks that have their answer, the latest last; Unsent
	// those of them whose reply is not known to have left.
	Settled []uint64 `json:"settled,omitempty"`
	Unsent  []uint64 `json:"unsent,omitempty"`
	// Earlier counts answers that gave way to newer ones while these waited; the
	// first of them that has not left yet tells of it.
	Earlier int `json:"earlier,omitempty"`
	// Met is the latest correction of something they saw that the reader was told.
	Met time.Time `json:"met,omitzero"`

	Question *Question `json:"question,omitempty"`
	Miss     *Miss     `json:"miss,omitempty"`
	Cursor   *Cursor   `json:"cursor,omitempty"`
	// Preferences are what the reader told to remember, by name; Heeded is when each
	// was told or used last.
	Preferences map[string]string    `json:"prefs,omitempty"`
	Heeded      map[string]time.Time `json:"heeded,omitempty"`
	Saved       []Saved              `json:"saved,omitempty"`
	// Invited: it was said that words can be saved, and told what that is.
	Invited bool `json:"invited,omitempty"`
	Mode    Mode `json:"mode,omitempty"`
	// Talk is the reader's last conversation with a person; Missed is how many messages in a
	// row were not understood.
	Talk   *Talk `json:"talk,omitempty"`
	Missed int   `json:"missed,omitempty"`
	// Memberships are those of codes that the reader has sent.
	Memberships []string `json:"member,omitempty"`
	Laters      []Later  `json:"laters,omitempty"`
	// Lapsed are those of them that could not be brought; the reader is told with the
	// next answer.
	Lapsed []Later `json:"lapsed,omitempty"`
	// Names are other keys of the same reader or group, of late.
	Names []Name `json:"names,omitempty"`
	// Choices are the options that the reader took, the latest first.
	Choices []Choice `json:"choices,omitempty"`
	// Leaves is when the reader wanted all of it erased; zero if not. The document
	// goes as soon as everything that was said is brought.
	Leaves time.Time `json:"leaves,omitzero"`
}

// AskedOn returns the day on which the reader asked last, as its midnight in UTC.
func (r *Reader) AskedOn() time.Time { return time.Unix(int64(r.Asked)*24*60*60, 0).UTC() }

// Name is another key under which messages of the same reader may have been
// accepted, and when that was found out.
type Name struct {
	Key Key       `json:"k"`
	At  time.Time `json:"t"`
}

// NamesKept is for how long other names are of use: messages do not come again
// after that. maxNames is how many are kept.
const (
	NamesKept = 7 * 24 * time.Hour
	maxNames  = 4
)

// Called returns r with another name, that of a moment, and without those that are
// of no use any more.
func (r Reader) Called(also Key, at time.Time) Reader {
	names := []Name{{also, at}}
	for _, n := range r.Names {
		if n.Key != also && at.Sub(n.At) < NamesKept && len(names) < maxNames {
			names = append(names, n)
		}
	}
	r.Names = names
	return r
}

// Known returns r without the names and preferences that are of no use any more at a
// moment.
func (r Reader) Known(at time.Time) Reader {
	r.Names = slices.DeleteFunc(slices.Clone(r.Names), func(n Name) bool { return at.Sub(n.At) >= NamesKept })
	return r.withoutUnheeded(at)
}

// Aliases returns the other names that are of use at a moment.
func (r Reader) Aliases(at time.Time) (keys []Key) {
	for _, n := range r.Names {
		if at.Sub(n.At) < NamesKept {
			keys = append(keys, n.Key)
		}
	}
	return keys
}

// Pull is one answered ask, as far as it is remembered.
type Pull struct {
	Keyword  string    `json:"k"`
	Argument string    `json:"a,omitempty"`
	At       time.Time `json:"t"`
	// Items are the ids of the items shown, shortened to 16 characters of hash.
	Items []string `json:"i,omitempty"`
	// Language is the one that it was answered in.
	Language string `json:"l,omitempty"`
	// Mark stands for what the items told, Fact is the value of the main one: what
	// has changed since is told by them.
	Mark string `json:"m,omitempty"`
	Fact string `json:"f,omitempty"`
	// Times is how often it was pulled, as far as that matters.
	Times int `json:"n,omitempty"`
	// Asked is what was told of it when it was asked for, where the answer since was a part of
	// that or went on in it: Mark and Fact are of that answer.
	Asked *Asked `json:"b,omitempty"`
}

// Asked is when a pull was asked for, and the items that it showed.
type Asked struct {
	At    time.Time `json:"t"`
	Items []string  `json:"i,omitempty"`
}

// LastAsked returns when a pull was asked for, and what it showed then.
func (p *Pull) LastAsked() Asked {
	if p.Asked != nil {
		return *p.Asked
	}
	return Asked{At: p.At, Items: p.Items}
}

// FollowedBy returns an answer that was a part of p, or went on in it, as a pull that knows
// what p told.
func (p *Pull) FollowedBy(follows Pull) Pull {
	if p.Mark != "" {
		asked := p.LastAsked()
		follows.Mark, follows.Fact, follows.Asked = p.Mark, p.Fact, &asked
	}
	return follows
}

// PullMoment returns a moment as pulls have it: to the millisecond.
func PullMoment(at time.Time) time.Time { return at.Truncate(time.Millisecond) }

// IsOf reports whether a pull is that of an ask at a moment.
func (p *Pull) IsOf(at time.Time) bool { return p.At.Equal(PullMoment(at)) }

// Question is what the service asked back and waits to be told.
type Question struct {
	// Token tells taps on this question from taps on older ones.
	Token   string    `json:"t"`
	Options []Option  `json:"o"`
	Expires time.Time `json:"x"`
	// Core is what was asked when the question arose, in normal form.
	Core string `json:"c,omitempty"`
	// Language is the one it was asked in.
	Language string `json:"g,omitempty"`
	// Corrected: it stands below an answer, and asks whether that was meant.
	Corrected bool `json:"b,omitempty"`
	// Again: the reader said yes, and was asked once more to which.
	Again bool `json:"r,omitempty"`
	// Slot is the keyword that waits for what it is asked for; "" if the question is
	// which option is meant.
	Slot string `json:"s,omitempty"`
	// Due is when that keyword is to be answered, zero for at once.
	Due time.Time `json:"u,omitzero"`
	// Said is the message, folded, for which the reader's choice is remembered; "" if
	// it is not. Chosen: it was answered by a choice of before.
	Said   string `json:"m,omitempty"`
	Chosen bool   `json:"h,omitempty"`
	// Wish is the message, or the payload of the tap, that needs the reader's consent to be
	// carried out, where that is what is asked. Last is the answer that it is about.
	Wish string `json:"w,omitempty"`
	Last *Pull  `json:"p,omitempty"`
	// Need is the fact of the reader that the slot's keyword cannot do without, where
	// that is what is asked; with a Wish and no Slot, the fact that Wish is to be remembered as.
	Need string `json:"n,omitempty"`
	// Renews: it asks whether the reader agrees to another text than before.
	Renews bool `json:"v,omitempty"`
	// Moves is the code of what is taken over from another channel, where that is what is
	// asked.
	Moves string `json:"k,omitempty"`
	// Erase: it asks whether all that is held of the reader is to go.
	Erase bool `json:"e,omitempty"`
	// Joins is the membership whose code was sent, where it asks whether that may be kept.
	Joins string `json:"j,omitempty"`
	// Asks is the request that is being taken down, where it asks for that.
	Asks *Asking `json:"q,omitempty"`
	// Past: something else was asked since, and the question is open still.
	Past bool `json:"d,omitempty"`
}

// WantsYesOrNo reports whether it is answered by yes or no alone.
func (q *Question) WantsYesOrNo() bool {
	return q.Wish != "" || q.Erase || q.Renews || q.Moves != "" || q.Joins != "" || q.Asks != nil && (q.Asks.SumsUp || q.Asks.Ends != 0)
}

// Asking is a request of the reader's as far as it has been taken down.
type Asking struct {
	Keyword string `json:"k"`
	// Answers are those to the keyword's questions, "" for what is still to be asked.
	Answers []string `json:"a,omitempty"`
	// From is the time that was chosen; zero before that. Skip is how many of those that are
	// free the reader has passed over, On what they said of the time.
	From time.Time `json:"f,omitzero"`
	Skip int       `json:"n,omitempty"`
	On   string    `json:"d,omitempty"`
	// Sums up: all of it was told back, and waits to be confirmed.
	SumsUp bool `json:"c,omitempty"`
	// Ends is the ask of a request of before that the reader may take back here.
	Ends uint64 `json:"e,omitempty"`
}

// Miss is what a reader asked in vain, kept for the ask that follows at once
// and may tell what was meant.
type Miss struct {
	// Core is the ask in normal form, without words that only ask.
	Core string    `json:"c"`
	At   time.Time `json:"t"`
}

// Option is one possible answer to a question.
type Option struct {
	Keyword  string `json:"k"`
	Argument string `json:"a,omitempty"`
	// Item is the mark of an item that the keyword is to tell; "" for what its
	// argument asks for.
	Item  string `json:"i,omitempty"`
	Label string `json:"l"`
}

// Cursor is where MORE goes on.
type Cursor struct {
	Place
	Expires time.Time `json:"x"`
	// Beside is where it goes on with what was answered in the same reply.
	Beside []Place `json:"n,omitempty"`
	// Cut is the ask whose answer the channel had no room for; its rest comes first. 0 where
	// it was told whole.
	Cut uint64 `json:"c,omitempty"`
}

// Menu reports whether it is the menu that goes on.
func (c *Cursor) Menu() bool { return c.Keyword == "" && c.Argument == "" && c.Cut == 0 }

// Place is how far into a list an answer has come. That of no keyword is the menu, or
// nowhere behind an answer that was cut.
type Place struct {
	Keyword  string `json:"k"`
	Argument string `json:"a,omitempty"`
	Offset   int    `json:"o"`
	// Language is that of the answer: the list goes on as it began.
	Language string `json:"l,omitempty"`
	// Began is when the list was asked for first.
	Began time.Time `json:"b,omitzero"`
}

// All returns the places where MORE goes on, none where c is nil.
func (c *Cursor) All() []Cursor {
	if c == nil {
		return nil
	}
	all := []Cursor{{Place: c.Place, Expires: c.Expires}}
	for _, p := range c.Beside {
		all = append(all, Cursor{Place: p, Expires: c.Expires})
	}
	return all
}

// With returns the cursor that goes on at next as well; either may be nil.
func (c *Cursor) With(next *Cursor) *Cursor {
	if c == nil || next == nil {
		return cmp.Or(c, next)
	}
	both := *c
	both.Beside = append(slices.Clip(c.Beside), next.Place)
	if next.Expires.After(both.Expires) {
		both.Expires = next.Expires
	}
	return &both
}

// Saved is a keyword that the reader keeps.
type Saved struct {
	Keyword  string    `json:"k"`
	Argument string    `json:"a,omitempty"`
	At       time.Time `json:"t"`
	// List is the reader's own list that it stands on; "" for the saved words.
	List string `json:"l,omitempty"`
	// Mark stands for what was told of it last. Pulled is when that was told first, or by MY;
	// empty before that.
	Mark   string    `json:"m,omitempty"`
	Pulled time.Time `json:"p,omitzero"`
}

// Later is a pull that the reader ordered for a time.
type Later struct {
	Entry uint64    `json:"e"`
	Due   time.Time `json:"d"`
	// Keyword and Argument are what is pulled then; At is when it was ordered, and
	// tells it from others.
	Keyword  string    `json:"k,omitempty"`
	Argument string    `json:"a,omitempty"`
	At       time.Time `json:"t,omitzero"`
	// Said is what nobody could answer, where the answer is told as soon as there is one,
	// and given up when it is Due; it has no keyword then.
	Said string `json:"s,omitempty"`
}

// IsOwed reports whether it is an answer that nobody has yet.
func (l *Later) IsOwed() bool { return l.Said != "" }

// mostTimes is up to where it is counted how often something was pulled.
const mostTimes = 9

// Remember returns r with p as its latest pull. What was pulled before with
// the same keyword and argument is replaced.
func (r Reader) Remember(p Pull) Reader {
	recent := make([]Pull, 0, min(len(r.Recent)+1, MaxRecent))
	p.Times = 1
	recent = append(recent, p)
	for _, old := range r.Recent {
		switch {
		case old.Keyword == p.Keyword && old.Argument == p.Argument:
			recent[0].Times = min(old.Times+1, mostTimes)
		case len(recent) < MaxRecent:
			recent = append(recent, old)
		}
	}
	r.Recent = recent
	return r
}

// Bare returns what may be kept of a reader who gave no consent: that the
// asks were answered, that the service said who it is, a wish to be left
// alone, and as long as it is open the question for that consent.
func (r Reader) Bare() Reader {
	bare := Reader{
		State: r.State, Since: r.Since, Noticed: r.Noticed, Consent: r.Consent, Greeted: r.Greeted, Guest: r.Guest,
		Settled: r.Settled, Unsent: r.Unsent, Earlier: r.Earlier, Names: r.Names,
	}
	if r.Question != nil && (r.Question.Wish != "" || r.Question.Erase || r.Question.Joins != "") {
		bare.Question = r.Question
	}
	bare.Leaves = r.Leaves
	return bare
}

// Unkept returns what may be kept of a reader who can allow no more: what Bare does, with
// no consent and no question for it, as if all that was ever given were taken back.
func (r Reader) Unkept() Reader {
	r.Consent = Consent{}
	bare := r.Bare()
	if bare.Question != nil && !bare.Question.Erase {
		bare.Question = nil
	}
	return bare
}

// Tombstone returns what is left of a reader who wants all of it erased, until that is
// done: that asks were answered, and a wish to be left alone.
func (r Reader) Tombstone() Reader {
	return Reader{
		State: r.State, Since: r.Since, Noticed: r.Noticed, Greeted: r.Greeted, Guest: r.Guest,
		Settled: r.Settled, Unsent: r.Unsent, Earlier: r.Earlier, Names: r.Names, Leaves: r.Leaves,
	}
}

// Anonymous reports whether nobody is known behind the document: a guest, or a
// reader who gave no consent, as an earlier keypull wrote them down.
func (r Reader) Anonymous() bool {
	return !r.Consent.Given && (r.Guest || r.Greeted && r.Address == "" && r.First.IsZero())
}

// Shared returns what may be kept of a group: its language, whether it is to be
// left alone, and that its asks were answered. Nothing in it is of a member.
func (r Reader) Shared() Reader {
	return Reader{Language: r.Language, State: r.State, Since: r.Since, Settled: r.Settled, Unsent: r.Unsent, Earlier: r.Earlier, Names: r.Names}
}

// Inherit returns r, a group or person under its new name, with what was kept
// of it under its former one. What was said under the new one stands; who was
// answered under it already has a context of their own.
func (r Reader) Inherit(former Reader) Reader {
	if r.First.IsZero() && !former.First.IsZero() {
		heir := former
		heir.State, heir.Since, heir.Language, heir.Earlier = r.State, r.Since, r.Language, r.Earlier
		heir.Settled, heir.Unsent, heir.Names = r.Settled, r.Unsent, append(slices.Clip(r.Names), former.Names...)
		if r.Address != "" {
			heir.Address = r.Address
		}
		r = heir
	}
	if r.Since.IsZero() {
		r.State, r.Since = former.State, former.Since
	}
	if r.Language == "" {
		r.Language = former.Language
	}
	return r
}
