package pull

import (
	"context"
	"encoding/json"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
)

// Limits of what a source may hand over.
const (
	MaxKeyBytes      = 512
	MaxSnapshotItems = 2000
	// MaxButtons is how many buttons a source may put below an answer.
	MaxButtons = 10
	// MaxChoices is how many choices a list shows that was asked for without an
	// argument.
	MaxChoices = 10
)

// Query is what a keyword asks of its source.
type Query struct {
	// Argument is what the reader typed beside the phrase, or the vocabulary's
	// Value for it, or the keyword's own query.
	Argument string
	// Phrase is what the reader called the keyword by, in the editor's spelling: one
	// that is called "events" and "opening hours" is asked for either. "" where
	// nobody knows, as where MORE goes on.
	Phrase string
	// Keyword is the id of the keyword that asks; "" if nobody asks by one.
	Keyword string
	// Item is the mark of one item of the snapshot, which alone is asked for. The Cache
	// picks it, and no source is asked.
	Item string
	// Count is how many items the reply takes; at least 1. Offset is how many,
	// best first, the reader has had already: MORE asks for those behind them.
	Count, Offset int
	// Language is the reader's, as a BCP 47 tag of the publisher's list. Of items
	// that fit alike, a source that knows their language tells those of it first.
	Language string
	// Reader holds what a Personal source is told of who asks, by name; nil for
	// any other. A key that it goes into is made by PrivateKey.
	Reader map[string]string
	// At is the moment of the ask; Began that of the one whose list MORE goes on
	// with, zero where this is the first.
	At, Began time.Time
	// Gone reports of an item, as much as is known of it, that it is withdrawn; nil where
	// nothing is. Items that a source picks are held to it anyway; one that knows more
	// of them than it tells, or names those that it does not tell, asks by itself.
	Gone func(*what.Item) bool
}

// First returns the moment of the ask that a list began with: what orders it by the
// moment orders it by this, so that MORE goes on in the same list.
func (q Query) First() time.Time {
	if q.Began.IsZero() {
		return q.At
	}
	return q.Began
}

// Source is one configured place that content comes from. Implementations are
// safe for concurrent use and own none of the slices they are given or return.
type Source interface {
	// Key names the snapshot that answers q: at most MaxKeyBytes, opaque to
	// the caller, holding all that Fetch needs. A bad argument is an Error of
	// kind Invalid or Unknown whose Hint says what would do, and one that fits
	// several keys an Error of kind Several with its Choices.
	Key(q Query) (string, error)
	// Fetch brings the snapshot of that key. Where last is not nil and carries
	// validators, the request is conditional, and an unchanged answer is last
	// with its times renewed and Unchanged set. An empty source is not an error.
	Fetch(ctx context.Context, key string, last *Snapshot) (Snapshot, error)
	// Select picks what answers q. It uses no network and no clock: the same
	// snapshot and query have the same answer at any time. Nothing found is not
	// an error.
	Select(ctx context.Context, s Snapshot, q Query) (Selection, error)
}

// ChoiceDetail parts the Value of a choice from what of it may be left out.
const ChoiceDetail = who.ChoiceDetail

// Selection is what a source picked for a query.
type Selection struct {
	// Items answer it, best first, at most q.Count, without the q.Offset that
	// stand before them.
	Items []what.Item
	// More says that others follow behind these.
	More bool
	// Choices stand in place of Items where the argument fits several entries
	// and none by its name: the reader is asked which, best first. The Value of
	// each one is an argument that asks for it alone, its first name is what the
	// reader sees. Without an argument they are a list: at most MaxChoices, behind
	// the q.Offset that stand before them, and More follows behind these.
	// What stands behind ChoiceDetail in a Value is left out where a button has no room for it.
	Choices []what.Term
	// Alone asks for the first of Items alone, where that is shorter, or lasts longer, than the question that it answers.
	Alone what.Term
	// Asked says in q.Language what there is nothing of, where that is not what the reader
	// wrote: the day that is meant by "what is on on monday".
	Asked string
	// Near says of Choices that none of them fits: they are what comes nearest.
	Near bool
	// Evidence is what spoke for the best of what was found, where the source weighs that:
	// keypull ask --explain tells it.
	Evidence *journal.Inside
	// Note is a sentence in q.Language that holds for what was picked, or for the
	// choice, or says why there is neither; it ends the answer.
	Note string
	// Buttons stand below the answer, at most MaxButtons. One opens a URL, http or
	// https, or its Send is what a reader would write, or WayTo a keyword. One
	// without a label is called what it asks for. What leads nowhere is left out.
	Buttons []Button
}

// Snapshot is what one fetch brought.
type Snapshot struct {
	Items []what.Item `json:"items"`
	// AsOf is the source's own time; zero if it gave none.
	AsOf time.Time `json:"as_of,omitzero"`
	// Fetched is when the response left its origin: its arrival less its age.
	Fetched time.Time `json:"fetched"`
	// Expires is upstream's own end of freshness, NotBefore its Retry-After.
	Expires    time.Time  `json:"expires,omitzero"`
	NotBefore  time.Time  `json:"not_before,omitzero"`
	Validators Validators `json:"validators,omitzero"`
	// Extra is the kind's own, kept with the snapshot: validators of further
	// pages, for one.
	Extra json.RawMessage `json:"extra,omitempty"`
	// Revision tells the state of an index of the source's own, which Select
	// reads, from the one before: Items may be the same while that has changed.
	Revision string `json:"revision,omitempty"`
	// Warnings tell the editor what was odd but did not stop the fetch.
	Warnings []words.Text `json:"warnings,omitempty"`
	// Unfinished says that this is a part of what there is, more each time: it is
	// served, and the next fetch, which is begun at once and behind, goes on with
	// this as last.
	Unfinished bool `json:"unfinished,omitempty"`
	// Read says of an unfinished one how much was read of what is Listed: pages,
	// or the entries of a vocabulary. Listed is 0 where nobody knows.
	Read   int `json:"read,omitempty"`
	Listed int `json:"listed,omitempty"`
	// Unchanged says that upstream confirmed the last snapshot.
	Unchanged bool `json:"-"`
	// Requests counts the requests that the fetch sent upstream.
	Requests int `json:"-"`
}

// Validators make the next request conditional; kept byte for byte.
type Validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
}

// Vocabulary is the option of a source that knows the arguments it answers.
type Vocabulary interface {
	// Terms lists them. last is the snapshot of Key(Query{}); nil if there
	// is none yet; a source whose vocabulary stands in its settings ignores it.
	Terms(last *Snapshot) []what.Term
}

// Named is the option of a source with a Vocabulary whose entries are asked for
// by name, each for itself, as recipes and quotes are.
type Named interface {
	// ByName reports whether that is so. A keyword of such a source that has no
	// query is its own argument: it asks for the entry that its phrase names.
	ByName() bool
}

// Wished is the option of a source with a Vocabulary that finds its entries by what
// they are and are not, too: "cake without nuts".
type Wished interface {
	// IsWish reports whether a text asks for that and for nothing else: that each of
	// its words is one by which people ask such a source, or stands in the name of an
	// entry. Without a phrase beside it, it is alone, and must say what it asks for.
	IsWish(text string, alone bool, known func(folded string) bool) bool
}

// Refined is the option of a source of whose last answer more may be said: "for 8",
// "without nuts".
type Refined interface {
	// Refine returns the argument that asks for the same as another one, with what a
	// message says of it; false where the message says anything else.
	Refine(argument, said string) (refined string, ok bool)
}

// Plural is the option of a source that one ask may name several entries of:
// "WIPRO, INFY". They are answered in one reply, each with its own time.
type Plural interface {
	// Entries is how many entries an argument names; 1 or less where it names no
	// more. A reply takes at least as many items, however few the keyword asks
	// for.
	Entries(q Query) int
}

// Noted is the option of a source of which something must be told with every
// answer, whatever its template says: that its prices are late.
type Noted interface {
	// Note is that in a sentence, in v.Language; "" if there is nothing to
	// tell.
	Note(items []what.Item, v Voice) string
}

// Questioned is the option of a source whose arguments are questions, so that
// the words which only ask are part of them.
type Questioned interface {
	// ByQuestion reports whether that is so.
	ByQuestion() bool
}

// Passages is the option of a source that looks for an answer in texts of any length, and weighs by itself
// whether it has one: its selections have Evidence then, and Alone beside Items, by which the text is offered.
type Passages interface {
	// FindsPassages reports whether that is so.
	FindsPassages() bool
}

// Daily is the option of a source that answers for days, so that a day is its
// argument wherever it stands in a message: "tomorrow's opening hours".
type Daily interface {
	// ByDay reports whether that is so.
	ByDay() bool
}

// Meant is the option of a source that knows by a message alone that it is asked: a day
// means a calendar.
type Meant interface {
	// IsMeant reports whether a message, written in one of some languages, asks the
	// source, and nothing else.
	IsMeant(text string, at time.Time, languages ...string) bool
}

// Ranking is the option of a source whose entries have figures that they may be ordered by.
type Ranking interface {
	// AsksRank returns the words by which a message, written in one of some languages, asks which of the entries
	// that were brought last have most or least of something, by what these are called; "" where it
	// asks for anything else.
	AsksRank(last *Snapshot, text string, called []string, languages ...string) string
}

// Reached is the option of a source that may tell how the publisher is reached.
type Reached interface {
	// TellsContact reports whether it tells that and nothing else.
	TellsContact() bool
}

// Speaker is the option of a source whose items deserve a reply of their own
// in place of title, summary and link.
type Speaker interface {
	// Say words the items, which are at least one, in v.Language, falling back
	// to English. It leaves the stamp to the resolver.
	Say(items []what.Item, v Voice) Reply
}

// Timed is the option of a source that can tell the time of the fact itself.
type Timed interface {
	// TimeOfFact reports whether AsOf, of items and snapshots, is the time of
	// the fact, as that of a trade is. Such an answer is told with its stamp
	// unless its keyword says otherwise, and always when AsOf is older than
	// max_age; outside its hours the last one is told, as closed. For any other
	// source the age of an answer is that of its fetch.
	TimeOfFact() bool
}

// Voice is whom a reply speaks to, and when.
type Voice struct {
	// Language is a BCP 47 tag; Zone the reader's, never nil.
	Language string
	Zone     *time.Location
	At       time.Time
	Argument string
}

// Findable is the option of a source whose items may be offered to a reader who asks
// for one of them in words that are no keyword, where the editor does not say
// otherwise.
type Findable interface {
	// FoundByItself reports whether that is so.
	FoundByItself() bool
}

// Titled is the option of a source whose items have more of a name than their title:
// an event has its time.
type Titled interface {
	// TitleOf returns what one item is called in v.Language, in a line.
	TitleOf(it what.Item, v Voice) string
}

// Leaver is the option of a source that arranged something elsewhere, such as a
// subscription.
type Leaver interface {
	// Leave undoes that, since the source was removed, and returns when that is
	// done or ctx ends. Close follows.
	Leave(ctx context.Context)
}

// Closer is the option of a source that holds something open.
type Closer interface {
	Close() error
}
