package console

import (
	"time"

	"keypull/pull/who"
)

// ReaderHeld is a reader's document in words.
type ReaderHeld struct {
	Language string `json:"language,omitempty" doc:"What the reader chose."`
	TimeZone string `json:"time_zone,omitempty"`
	State    string `json:"state" enum:"active,stopped,gone" doc:"stopped: the reader said STOP; gone: the platform reaches the reader no more."`
	// Since is when that state began.
	Since   time.Time      `json:"since,omitzero"`
	Consent *ReaderConsent `json:"consent,omitempty" doc:"What the reader allowed; missing where nobody asked."`
	First   time.Time      `json:"first_contact,omitzero" doc:"When the reader was first answered."`
	Greeted bool           `json:"greeted,omitempty" doc:"The reader was told who answers, and that nothing comes unasked."`
	Invited bool           `json:"invited,omitempty" doc:"The reader was told that words can be saved."`
	Guest   bool           `json:"guest,omitempty" doc:"It is a session that nobody agreed to keep; it ends thirty days after the last question."`
	Asked   string         `json:"last_day,omitempty" doc:"The day on which the reader asked last, by which returning readers are counted."`
	Noticed time.Time      `json:"noticed,omitzero" doc:"When the reader was last told how to come back after STOP."`
	Address string         `json:"address,omitempty" doc:"Where answers go."`
	Recent  []ReaderPull   `json:"recent" doc:"What was pulled, the latest first."`
	Saved   []ReaderPull   `json:"saved" doc:"Keywords that the reader keeps."`
	// Question is what the service asked back, Missed what was asked in vain.
	Question    *ReaderQuestion   `json:"question,omitempty" doc:"What was asked back, as long as it is open."`
	Missed      *ReaderMiss       `json:"missed,omitempty" doc:"What was last asked in vain, in normal form."`
	Cursor      *ReaderCursor     `json:"cursor,omitempty" doc:"Where MORE goes on."`
	Preferences map[string]string `json:"preferences,omitempty"`
	// Heeded is when each of them was told or used last.
	Heeded      map[string]time.Time `json:"preferences_used,omitempty" doc:"When each of them was told or used last."`
	Leaves      time.Time            `json:"leaves,omitzero" doc:"When the reader wanted all erased; it is done as soon as the confirmation has left."`
	Memberships []string             `json:"memberships,omitempty"`
	Mode        string               `json:"mode" enum:"bot,waiting,human" doc:"Who answers."`
	Talk        *ReaderTalk          `json:"conversation,omitempty" doc:"The last conversation with a person of the publisher."`
	NotHeard    int                  `json:"missed_in_a_row,omitempty" doc:"How many messages in a row were not understood."`
	Settled     []uint64             `json:"settled" doc:"Numbers of the last asks that have their answer."`
	Unsent      []uint64             `json:"unsent" doc:"Those of them whose reply is not known to have left."`
	Earlier     int                  `json:"earlier,omitempty" doc:"How many waiting answers gave way to newer ones; the next answer says so."`
	Met         time.Time            `json:"met,omitzero" doc:"The latest correction that the reader was told."`
	Laters      []ReaderLater        `json:"laters,omitempty" doc:"Pulls that were ordered for a time."`
	Lapsed      []ReaderLater        `json:"lapsed,omitempty" doc:"Those that could not be brought; the next answer says so."`
	Choices     []ReaderChoice       `json:"choices,omitempty" doc:"Options that the reader took where a message may mean several things; from twice on the same is answered at once."`
	Names       []ReaderName         `json:"names,omitempty" doc:"Other pseudonyms under which the reader's messages may have come in the last seven days."`
}

// ReaderTalk is a conversation with a person of the publisher.
type ReaderTalk struct {
	Ask   uint64    `json:"ask" doc:"The ask that it goes back to."`
	Since time.Time `json:"since"`
	Heard time.Time `json:"heard,omitzero" doc:"When the person wrote last."`
	Leave time.Time `json:"leave,omitzero" doc:"Until when the reader may leave a message."`
	Wrote time.Time `json:"wrote,omitzero" doc:"When the reader wrote last that the person in charge has not answered."`
	Over  bool      `json:"over,omitempty" doc:"It has ended."`
	Told  bool      `json:"told,omitempty" doc:"The reader was told that a person answers."`
}

// ReaderConsent is what a reader allowed.
type ReaderConsent struct {
	Given   bool      `json:"given"`
	Refused bool      `json:"refused,omitempty" doc:"The reader said no."`
	Text    string    `json:"text,omitempty" doc:"Version of the text that was shown."`
	Channel string    `json:"channel,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Asked   string    `json:"asked,omitempty" doc:"Version of a later text that was shown since, and not answered."`
}

// ReaderPull is a keyword that was pulled, or is kept.
type ReaderPull struct {
	Keyword  string    `json:"keyword"`
	Argument string    `json:"argument,omitempty"`
	At       time.Time `json:"at"`
	Items    []string  `json:"items,omitempty" doc:"Hashes of the items that were shown."`
	List     string    `json:"list,omitempty" doc:"The reader's own list that a kept keyword stands on."`
	Language string    `json:"language,omitempty" doc:"The language that it was answered in."`
	Mark     string    `json:"mark,omitempty" doc:"A hash of what was told, by which it is known what has changed since."`
	Fact     string    `json:"fact,omitempty" doc:"The value that was told first, such as a price."`
	Times    int       `json:"times,omitempty" doc:"How often it was pulled; 9 is enough, and counted no further."`
	// Asked and Before are of who.Asked.
	Asked  time.Time `json:"asked,omitzero" doc:"When it was asked for, where the answer since was a part of that or went on in it."`
	Before []string  `json:"before,omitempty" doc:"Hashes of the items that were shown then."`
	Pulled time.Time `json:"pulled,omitzero" doc:"When a kept keyword was pulled by MY last, or first told what it tells now."`
}

// ReaderQuestion is what a reader was asked back.
type ReaderQuestion struct {
	Asked     string         `json:"asked,omitempty" doc:"The ask that it arose from, in normal form."`
	Options   []ReaderOption `json:"options"`
	Expires   time.Time      `json:"expires"`
	Language  string         `json:"language,omitempty" doc:"The language that it was asked in."`
	Token     string         `json:"token,omitempty" doc:"By what a tap on it is told from a tap on an older question."`
	Corrected bool           `json:"corrected,omitempty" doc:"It stands below an answer, and asks whether that was meant."`
	Again     bool           `json:"again,omitempty" doc:"The reader said yes, and was asked to which."`
	Slot      string         `json:"slot,omitempty" doc:"The keyword that waits for what is asked."`
	Said      string         `json:"said,omitempty" doc:"The message for which the reader's choice is remembered, in normal form."`
	Chosen    bool           `json:"chosen,omitempty" doc:"It was answered by a choice of before."`
	Wish      string         `json:"wish,omitempty" doc:"The message, or what a button sends, that is carried out once the reader has agreed."`
	Last      *ReaderPull    `json:"last,omitempty" doc:"The answer that it is about."`
	Need      string         `json:"need,omitempty" doc:"What the keyword must know of the reader."`
	Renews    bool           `json:"renews,omitempty" doc:"It asks for consent to a text that has changed."`
	Moves     string         `json:"moves,omitempty" doc:"The code of what is to be taken over from another channel."`
	Joins     string         `json:"joins,omitempty" doc:"The membership that is kept if the reader agrees."`
	Erase     bool           `json:"erase,omitempty" doc:"It asks whether all is to be erased."`
	Asks      *ReaderAsking  `json:"asks,omitempty" doc:"The request that is being taken down."`
	Past      bool           `json:"past,omitempty" doc:"Something else was asked since."`
	Due       time.Time      `json:"due,omitzero" doc:"When the keyword is to be answered."`
}

// ReaderAsking is a request of a reader's as far as it has been taken down.
type ReaderAsking struct {
	Keyword string    `json:"keyword"`
	Answers []string  `json:"answers,omitempty" doc:"What the reader has answered."`
	From    time.Time `json:"from,omitzero" doc:"The time that was chosen."`
	Skip    int       `json:"skip,omitempty" doc:"How many free times the reader has passed over."`
	On      string    `json:"on,omitempty" doc:"What the reader said of the time."`
	SumsUp  bool      `json:"sums_up,omitempty" doc:"All of it was told back, and waits to be confirmed."`
	Ends    uint64    `json:"ends,omitempty" doc:"The ask of a request that the reader may take back."`
}

// ReaderOption is one possible answer.
type ReaderOption struct {
	Keyword  string `json:"keyword"`
	Argument string `json:"argument,omitempty"`
	Item     string `json:"item,omitempty" doc:"A hash of the item that is to be told."`
	Label    string `json:"label"`
}

// ReaderMiss is an ask in vain.
type ReaderMiss struct {
	Asked string    `json:"asked"`
	At    time.Time `json:"at"`
}

// ReaderCursor is a place in a longer answer.
type ReaderCursor struct {
	ReaderPlace
	Expires time.Time `json:"expires"`
	// Beside are those of what was answered in the same reply.
	Beside []ReaderPlace `json:"beside,omitempty"`
	Cut    uint64        `json:"cut,omitempty" doc:"The ask whose answer the channel had no room for: its rest comes first."`
}

// ReaderPlace is how far a longer answer has come.
type ReaderPlace struct {
	Keyword  string    `json:"keyword"`
	Argument string    `json:"argument,omitempty"`
	Offset   int       `json:"offset"`
	Language string    `json:"language,omitempty" doc:"The language of the answer."`
	Began    time.Time `json:"began,omitzero" doc:"When it was asked for first."`
}

// ReaderLater is a pull that was ordered for a time.
type ReaderLater struct {
	Entry    uint64    `json:"entry"`
	Due      time.Time `json:"due"`
	Keyword  string    `json:"keyword,omitempty"`
	Argument string    `json:"argument,omitempty"`
	Ordered  time.Time `json:"ordered,omitzero" doc:"When the reader ordered it."`
	Said     string    `json:"said,omitempty" doc:"What nobody could answer, where the answer is told once there is one, until it is due."`
}

// ReaderChoice is an option that a reader took.
type ReaderChoice struct {
	Asked    string    `json:"asked" doc:"The message, in normal form."`
	Keyword  string    `json:"keyword"`
	Argument string    `json:"argument,omitempty"`
	Times    int       `json:"times" doc:"How often it was taken in a row; 2 is enough, and counted no further."`
	At       time.Time `json:"at"`
}

// ReaderName is another pseudonym of a reader, and when it was found to be one.
type ReaderName struct {
	Pseudonym string    `json:"pseudonym"`
	At        time.Time `json:"at"`
}

// heldOf tells a document whole: a field that the document gets has a word here.
func heldOf(r who.Reader) ReaderHeld {
	h := ReaderHeld{
		Language: r.Language, TimeZone: r.TimeZone, State: stateWord(r.State), Since: r.Since, First: r.First, Greeted: r.Greeted, Invited: r.Invited, Guest: r.Guest, Noticed: r.Noticed,
		Address: r.Address, Recent: []ReaderPull{}, Saved: []ReaderPull{}, Preferences: r.Preferences, Heeded: r.Heeded, Leaves: r.Leaves, Memberships: r.Memberships,
		Mode: modeWord(r.Mode), Settled: numbers(r.Settled), Unsent: numbers(r.Unsent), Earlier: r.Earlier, Met: r.Met,
	}
	if r.Asked != 0 {
		h.Asked = r.AskedOn().Format(time.DateOnly)
	}
	if h.NotHeard = r.Missed; r.Talk != nil {
		h.Talk = &ReaderTalk{r.Talk.Ask, r.Talk.Since, r.Talk.Heard, r.Talk.Leave, r.Talk.Unanswered, r.Talk.Over, r.Talk.Told}
	}
	if !r.Consent.IsZero() {
		h.Consent = &ReaderConsent{Given: r.Consent.Given, Refused: r.Consent.Refused, Text: r.Consent.Text, Channel: r.Consent.Channel, At: r.Consent.At, Asked: r.Consent.Asked}
	}
	for i := range r.Recent {
		h.Recent = append(h.Recent, pullOf(&r.Recent[i]))
	}
	for _, s := range r.Saved {
		h.Saved = append(h.Saved, ReaderPull{Keyword: s.Keyword, Argument: s.Argument, At: s.At, List: s.List, Mark: s.Mark, Pulled: s.Pulled})
	}
	for _, l := range r.Laters {
		h.Laters = append(h.Laters, ReaderLater{l.Entry, l.Due, l.Keyword, l.Argument, l.At, l.Said})
	}
	for _, l := range r.Lapsed {
		h.Lapsed = append(h.Lapsed, ReaderLater{l.Entry, l.Due, l.Keyword, l.Argument, l.At, l.Said})
	}
	for _, c := range r.Choices {
		h.Choices = append(h.Choices, ReaderChoice{c.Said, c.Keyword, c.Argument, c.Times, c.At})
	}
	for _, n := range r.Names {
		h.Names = append(h.Names, ReaderName{string(n.Key), n.At})
	}
	if q := r.Question; q != nil {
		h.Question = questionOf(q)
	}
	if m := r.Miss; m != nil {
		h.Missed = &ReaderMiss{m.Core, m.At}
	}
	if c := r.Cursor; c != nil {
		h.Cursor = &ReaderCursor{ReaderPlace: ReaderPlace(c.Place), Expires: c.Expires, Cut: c.Cut}
		for _, p := range c.Beside {
			h.Cursor.Beside = append(h.Cursor.Beside, ReaderPlace(p))
		}
	}
	return h
}

func pullOf(p *who.Pull) ReaderPull {
	pull := ReaderPull{Keyword: p.Keyword, Argument: p.Argument, At: p.At, Items: p.Items, Language: p.Language, Mark: p.Mark, Fact: p.Fact, Times: p.Times}
	if p.Asked != nil {
		pull.Asked, pull.Before = p.Asked.At, p.Asked.Items
	}
	return pull
}

func questionOf(q *who.Question) *ReaderQuestion {
	told := &ReaderQuestion{
		Asked: q.Core, Options: []ReaderOption{}, Expires: q.Expires, Language: q.Language, Token: q.Token, Corrected: q.Corrected, Again: q.Again,
		Slot: q.Slot, Said: q.Said, Chosen: q.Chosen, Wish: q.Wish, Need: q.Need, Renews: q.Renews, Moves: q.Moves, Joins: q.Joins, Erase: q.Erase, Past: q.Past, Due: q.Due,
	}
	if q.Last != nil {
		last := pullOf(q.Last)
		told.Last = &last
	}
	if q.Asks != nil {
		asks := ReaderAsking(*q.Asks)
		told.Asks = &asks
	}
	for _, o := range q.Options {
		told.Options = append(told.Options, ReaderOption(o))
	}
	return told
}

func stateWord(s who.State) string {
	if s == who.Active {
		return "active"
	}
	return string(s)
}

func modeWord(m who.Mode) string {
	if m == who.Bot {
		return "bot"
	}
	return string(m)
}

// numbers returns a list that is never null.
func numbers(ids []uint64) []uint64 {
	if ids == nil {
		return []uint64{}
	}
	return ids
}
