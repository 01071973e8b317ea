package store

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"keypull/pull"
)

// The nouns of what is set up in the console; an outlet is a publisher itself.
const (
	OutletNoun  = "outlet"
	SourceNoun  = "source"
	KeywordNoun = "keyword"
	ChannelNoun = "channel"
)

// parts lists what hangs below an outlet.
func parts() []string { return []string{SourceNoun, KeywordNoun, ChannelNoun} }

const notKept = "there is no such thing; it may have been removed meanwhile"

// Kept is one thing that was set up in the console.
type Kept struct {
	Noun      string `json:"noun"`
	Publisher string `json:"publisher"`
	// ID is empty for an outlet.
	ID string `json:"id,omitempty"`
	// Value is the thing as JSON; nothing here knows what stands in it, and
	// whoever writes it seals the secrets.
	Value json.RawMessage `json:"value"`
	// Revision is that of the store; it is no part of what is written.
	Revision uint64    `json:"-"`
	Changed  time.Time `json:"changed"`
	By       string    `json:"by,omitempty"`
}

// Outlets keeps what is set up in the console, a value for each thing.
type Outlets struct{ kv KV }

// NewOutlets returns what a back end keeps.
func NewOutlets(kv KV) *Outlets { return &Outlets{kv: kv} }

// keptKey is "outlet.<publisher>", "source.<publisher>.<id>" and so on.
func keptKey(noun, publisher, id string) string {
	if noun == OutletNoun {
		return noun + "." + segment(publisher)
	}
	return noun + "." + segment(publisher) + "." + segment(id)
}

// checkKept refuses what would get a key that is another's.
func checkKept(op, noun, publisher, id string) error {
	known := noun == OutletNoun && id == ""
	for _, part := range parts() {
		known = known || noun == part && id != ""
	}
	if !known || publisher == "" {
		return &pull.Error{Kind: pull.Invalid, Op: op, Hint: "name an outlet, or a source, keyword or channel with its id, of a publisher"}
	}
	return nil
}

// Load goes through everything: all outlets, then all sources, keywords and
// channels. What hangs below an outlet that is not there is told too. After an
// error, which names the value that cannot be read, it goes on if the caller
// does.
func (o *Outlets) Load(ctx context.Context) iter.Seq2[Kept, error] {
	return func(yield func(Kept, error) bool) {
		for _, noun := range append([]string{OutletNoun}, parts()...) {
			for d, err := range documentsBelow[Kept](ctx, o.kv, noun, "load "+noun) {
				d.value.Revision = uint64(d.revision)
				if !yield(d.value, err) {
					return
				}
			}
		}
	}
}

// Get returns one thing, or pull.Unknown.
func (o *Outlets) Get(ctx context.Context, noun, publisher, id string) (Kept, error) {
	op := "read " + noun
	if err := checkKept(op, noun, publisher, id); err != nil {
		return Kept{}, err
	}
	d, err := readDocument[Kept](ctx, o.kv, keptKey(noun, publisher, id), op, notKept)
	d.value.Revision = uint64(d.revision)
	return d.value, err
}

// Put writes a thing that is at revision when, 0 for one that must not be there
// yet, and returns the new revision; pull.Conflict where it is at another.
// Whether there is the outlet that it hangs below is the caller's to know,
// since outlets may stand in the configuration file.
func (o *Outlets) Put(ctx context.Context, k Kept, when uint64) (uint64, error) {
	op := "write " + k.Noun
	if err := checkKept(op, k.Noun, k.Publisher, k.ID); err != nil {
		return 0, err
	}
	return writeDocument(ctx, o.kv, keptKey(k.Noun, k.Publisher, k.ID), op, k, when)
}

// Delete removes a thing that is at revision when; pull.Unknown where it is not
// there, pull.Conflict where it is at another. An outlet goes as DeleteOutlet
// does it.
func (o *Outlets) Delete(ctx context.Context, noun, publisher, id string, when uint64) error {
	op := "delete " + noun
	if err := checkKept(op, noun, publisher, id); err != nil {
		return err
	}
	if noun == OutletNoun {
		return o.DeleteOutlet(ctx, publisher, when)
	}
	return deleteDocument(ctx, o.kv, keptKey(noun, publisher, id), op, notKept, Revision(when))
}

// DeleteOutlet removes an outlet that is at revision when, and all that hangs
// below it. The outlet goes last: after a crash it is there still and can be
// removed again.
func (o *Outlets) DeleteOutlet(ctx context.Context, publisher string, when uint64) error {
	const op = "delete outlet"
	outlet, err := o.Get(ctx, OutletNoun, publisher, "")
	if err != nil {
		return err
	}
	if Revision(when) != Any && when != outlet.Revision {
		return &pull.Error{Kind: pull.Conflict, Op: op, Err: ErrConflict}
	}
	for _, noun := range parts() {
		var doomed []Pair
		for pair, err := range pairsBelow(ctx, o.kv, noun+"."+segment(publisher), "", op) {
			if err != nil {
				return err
			}
			doomed = append(doomed, Pair{Key: pair.Key, Revision: Any})
		}
		if _, err := removeAll(ctx, o.kv, op, doomed); err != nil {
			return err
		}
	}
	return deleteDocument(ctx, o.kv, keptKey(OutletNoun, publisher, ""), op, notKept, Revision(when))
}
