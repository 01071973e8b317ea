package store

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// storedPublisher is what a publisher's own fields are called in keys and values,
// as the first version called them.
const storedPublisher = "outlet"

// prefixOf returns what a resource is called in keys and values.
func prefixOf(n catalogue.Resource) string {
	if n == catalogue.ResourcePublisher {
		return storedPublisher
	}
	return string(n)
}

const noThing = "hint.no_thing"

// Stored is one thing that was set up in the console.
type Stored struct {
	Resource  catalogue.Resource `json:"noun"`
	Publisher string             `json:"publisher"`
	// ID is empty for a publisher's own fields.
	ID string `json:"id,omitempty"`
	// Value is the thing as JSON; nothing here knows what stands in it, and
	// whoever writes it seals the secrets.
	Value json.RawMessage `json:"value"`
	// Revision is that of the store; it is no part of what is written.
	Revision uint64    `json:"-"`
	Changed  time.Time `json:"changed"`
	By       string    `json:"by,omitempty"`
}

// Publishers keeps what is set up in the console, a value for each thing.
type Publishers struct{ kv keyCommitter }

// keyCommitter is what Publishers need of a back end.
type keyCommitter interface {
	KV
	Committer
}

// NewPublishers returns what a back end keeps.
func NewPublishers(kv keyCommitter) *Publishers { return &Publishers{kv: kv} }

// storedKey is "outlet.<publisher>", "source.<publisher>.<id>" and so on.
func storedKey(n catalogue.Resource, publisher, id string) string {
	if n == catalogue.ResourcePublisher {
		return prefixOf(n) + "." + keySegment(publisher)
	}
	return prefixOf(n) + "." + keySegment(publisher) + "." + keySegment(id)
}

// checkStored refuses what would get a key that is another's.
func checkStored(op string, n catalogue.Resource, publisher, id string) error {
	if publisher != "" && slices.Contains(catalogue.Resources(), n) && (id == "") == (n == catalogue.ResourcePublisher) {
		return nil
	}
	return &pull.Error{Kind: pull.Invalid, Op: op, Hint: words.Text{Key: "store.name_one"}}
}

// Load goes through everything: the own fields of all publishers, then what they
// have, resource by resource. What hangs below a publisher that is not there is told too. After an
// error, which names the value that cannot be read, it goes on if the caller
// does.
func (p *Publishers) Load(ctx context.Context) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		for _, resource := range catalogue.Resources() {
			for d, err := range documentsBelow[Stored](ctx, p.kv, prefixOf(resource), "load "+prefixOf(resource)) {
				d.value.Resource, d.value.Revision = resource, uint64(d.revision)
				if !yield(d.value, err) {
					return
				}
			}
		}
		// It is read once: what of a file it was read from need not stand in memory.
		if file, ok := p.kv.(interface{ Release() }); ok {
			file.Release()
		}
	}
}

// Get returns one thing, or pull.Unknown.
func (p *Publishers) Get(ctx context.Context, resource catalogue.Resource, publisher, id string) (Stored, error) {
	op := "read " + prefixOf(resource)
	if err := checkStored(op, resource, publisher, id); err != nil {
		return Stored{}, err
	}
	d, err := readDocument[Stored](ctx, p.kv, storedKey(resource, publisher, id), op, noThing)
	d.value.Resource, d.value.Revision = resource, uint64(d.revision)
	return d.value, err
}

// Put writes a thing that is at revision when, 0 for one that must not be there
// yet, and returns the new revision; pull.Conflict where it is at another.
// Whether there is the publisher that it hangs below is the caller's to know,
// since publishers may stand in the configuration file.
func (p *Publishers) Put(ctx context.Context, k Stored, when uint64) (uint64, error) {
	op := "write " + prefixOf(k.Resource)
	if err := checkStored(op, k.Resource, k.Publisher, k.ID); err != nil {
		return 0, err
	}
	key := storedKey(k.Resource, k.Publisher, k.ID)
	k.Resource = catalogue.Resource(prefixOf(k.Resource))
	return writeDocument(ctx, p.kv, key, op, k, when)
}

// Writing is one thing that is written or, where Gone, removed, at revision When.
type Writing struct {
	Stored
	When uint64
	Gone bool
}

// Write writes and removes things, each by the rules of Put and Delete, and
// returns the new revisions of those that are written. Where the back end can
// write a batch as one, a conflict or a crash leaves all as it was. Elsewhere what
// is written comes before what is removed, so that a crash halfway loses nothing.
// A publisher's own fields are not removed by it.
func (p *Publishers) Write(ctx context.Context, all []Writing) ([]uint64, error) {
	const op = "write a batch"
	var b Batch
	for _, w := range all {
		if err := checkStored(op, w.Resource, w.Publisher, w.ID); err != nil {
			return nil, err
		}
		key := storedKey(w.Resource, w.Publisher, w.ID)
		if w.Gone {
			b.Deletes = append(b.Deletes, key)
			continue
		}
		w.Resource = catalogue.Resource(prefixOf(w.Resource))
		value, err := json.Marshal(w.Stored)
		if err != nil {
			return nil, fmt.Errorf("%s: encode %s: %w", op, key, err)
		}
		b.Puts = append(b.Puts, Pair{Key: key, Value: value, Revision: Revision(w.When)})
	}
	made, err := p.kv.Commit(ctx, b)
	if err != nil {
		return nil, writeError(op, err)
	}
	revisions, n := make([]uint64, len(all)), 0
	for i, w := range all {
		if !w.Gone {
			revisions[i], n = uint64(made[n]), n+1
		}
	}
	return revisions, nil
}

// Delete removes a thing that is at revision when; pull.Unknown where it is not
// there, pull.Conflict where it is at another. A publisher
// takes all that it has along.
func (p *Publishers) Delete(ctx context.Context, resource catalogue.Resource, publisher, id string, when uint64) error {
	op := "delete " + prefixOf(resource)
	if err := checkStored(op, resource, publisher, id); err != nil {
		return err
	}
	if resource == catalogue.ResourcePublisher {
		return p.deleteWhole(ctx, publisher, when)
	}
	return deleteDocument(ctx, p.kv, storedKey(resource, publisher, id), op, noThing, Revision(when))
}

// deleteWhole removes a publisher that is at revision when, and all that it has.
// Its own fields go last: after a crash they are there still and can be removed
// again.
func (p *Publishers) deleteWhole(ctx context.Context, publisher string, when uint64) error {
	const op = "delete publisher"
	own, err := p.Get(ctx, catalogue.ResourcePublisher, publisher, "")
	if err != nil {
		return err
	}
	if Revision(when) != Any && when != own.Revision {
		return &pull.Error{Kind: pull.Conflict, Op: op, Err: ErrConflict}
	}
	for _, resource := range catalogue.Parts() {
		var doomed []Pair
		for pair, err := range pairsBelow(ctx, p.kv, prefixOf(resource)+"."+keySegment(publisher), "", op) {
			if err != nil {
				return err
			}
			doomed = append(doomed, Pair{Key: pair.Key, Revision: Any})
		}
		if _, err := removeAll(ctx, p.kv, op, doomed); err != nil {
			return err
		}
	}
	return deleteDocument(ctx, p.kv, storedKey(catalogue.ResourcePublisher, publisher, ""), op, noThing, Revision(when))
}
