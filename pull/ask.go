package pull

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/who"
)

// Ask is one message of a reader, stamped on arrival. Nothing that answers it
// looks at any other clock.
type Ask struct {
	// ID is the ask's place in the queue: unique, growing, given when the ask
	// was accepted. It is the idempotency key of everything that follows.
	ID        uint64 `json:"id"`
	Publisher string `json:"publisher"`
	Channel   string `json:"channel"`
	// Reader is the pseudonym of who wrote, or of the group: nothing of the ask
	// tells which member of it did.
	Reader who.Key `json:"reader"`
	// From tells apart whose budget of new keys the ask counts against, where
	// that is not the reader: a keyed hash of a client's address that means
	// nothing after the process has ended. 0 is the reader's own.
	From uint64    `json:"from,omitempty"`
	At   time.Time `json:"at"`
	// OneID says that no two readers of the channel ever have a message of the same
	// id; Aliases are other keys of the same reader, under which the first delivery
	// of the message may stand.
	OneID   bool      `json:"-"`
	Aliases []who.Key `json:"-"`
	// Tries is how often its reply was taken by the platform and not brought, Parts
	// how many of its messages have arrived all the same.
	Tries int `json:"tries,omitempty"`
	Parts int `json:"parts,omitempty"`
	// Thumb is 1 where it is no message but a sign that the reader thinks well of an answer,
	// and -1 where it is one of the contrary. About is the ask that was answered so; 0 where
	// nobody knows.
	Thumb int    `json:"thumb,omitempty"`
	About uint64 `json:"about,omitempty"`
	// Incoming is what the messenger told of it.
	Incoming
}

// redelivered is for how long platforms bring a message again that was not taken.
// What is said to be older was dated by no clock.
const redelivered = 7 * 24 * time.Hour

// Written returns when the reader wrote: by the platform's clock where that tells, and
// never after the message arrived.
func (a *Ask) Written() time.Time {
	if a.Sent.IsZero() || !a.At.IsZero() && (a.Sent.After(a.At) || a.At.Sub(a.Sent) > redelivered) {
		return a.At
	}
	return a.Sent
}

// Askable is a keyword as a channel may show it before anything is asked.
type Askable struct {
	ID string
	// Title is its name in the language that it was asked for in.
	Title string
	// Featured: the publisher puts it first.
	Featured bool
	// Argument says whether words go with it, Slot what they are; Example is one
	// that is answered, "" where none is known.
	Argument what.Argument
	Slot     string
	Example  string
	// Entries are what it answers, by the names that readers know, where they are
	// few enough to choose from.
	Entries []string
}

// maxEntries is how many entries of a vocabulary are few enough to choose from.
const maxEntries = 50

// Askables walks what can be asked in a language, in the order of the menu: what
// the publisher puts first, then the others. What answers at another hour alone
// is there as well.
func (e *Edition) Askables(language string) iter.Seq[Askable] {
	tag := e.answerLanguage(language)
	return func(yield func(Askable) bool) {
		for _, id := range e.featured {
			if k := e.keywordByID(id); k != nil && e.keywordName(k, tag) != "" && !yield(e.askable(k, tag)) {
				return
			}
		}
		for _, k := range e.menuKeywords(tag) {
			if !slices.Contains(e.featured, k.ID) && !yield(e.askable(k, tag)) {
				return
			}
		}
	}
}

// AskableByID returns a keyword by its id, whomever it is for; false where readers have no name
// for it.
func (e *Edition) AskableByID(id, language string) (Askable, bool) {
	all := e.everything()
	tag := all.answerLanguage(language)
	if k := all.keywordByID(id); k != nil && all.keywordName(k, tag) != "" {
		return all.askable(k, tag), true
	}
	return Askable{}, false
}

func (e *Edition) askable(k *keyword, language string) Askable {
	a := Askable{
		ID: k.ID, Title: e.keywordName(k, language), Featured: slices.Contains(e.featured, k.ID),
		Argument: cmp.Or(what.Argument(k.Argument), what.ArgumentNone), Slot: k.Slot,
	}
	terms := k.terms.Terms()
	if a.Argument == what.ArgumentNone || len(terms) == 0 {
		return a
	}
	a.Example = termShown(terms[max(0, slices.IndexFunc(terms, func(t what.Term) bool { return baseLanguage(t.Language) == baseLanguage(language) }))])
	if len(terms) <= maxEntries {
		for _, t := range terms {
			a.Entries = append(a.Entries, termShown(t))
		}
	}
	return a
}

// termShown returns what readers call an entry of a vocabulary.
func termShown(t what.Term) string {
	if len(t.Names) > 0 {
		return t.Names[0]
	}
	return t.Value
}

// Asking returns the payload of a button that runs a keyword with an argument; false
// where it would be longer than platforms take: then the title and the argument,
// as text, ask for the same.
func (a Askable) Asking(argument string) (string, bool) {
	return keywordPayload(a.ID, strings.TrimSpace(argument))
}
