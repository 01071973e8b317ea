package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"keypull/pull/talk"
	"keypull/pull/who"
)

// Where conversations with people lie, and how people of a publisher answer.
const (
	talkPrefix    = "talk"
	staffedPrefix = "staffed"

	noTalk = "hint.no_conversation"
)

// Talks keep conversations with people, a document for each reader, sealed with the key of the
// reader and that of the day.
type Talks struct {
	kv     KV
	ledger *Ledger
}

// NewTalks returns the conversations of a ledger's readers.
func NewTalks(l *Ledger) *Talks { return &Talks{l.backend, l} }

// talkDocument is one as it is written: what has to be found without a key stands beside what is
// sealed.
type talkDocument struct {
	talk.Head

	Sealed []byte `json:"sealed"`
}

func talkKey(key who.Key) string { return talkPrefix + "." + string(key) }

// Get returns a reader's conversation and its revision, or pull.Unknown.
func (t *Talks) Get(ctx context.Context, key who.Key) (talk.Talk, uint64, error) {
	found, err := readDocument[talkDocument](ctx, t.kv, talkKey(key), "read conversation", noTalk)
	if err != nil {
		return talk.Talk{}, 0, err
	}
	one := talk.Talk{Head: found.value.Head}
	plain, err := OpenRecord(t.ledger.sealer, talkKey(key), found.value.Sealed)
	if err != nil {
		if errors.Is(err, ErrUnreadable) {
			return talk.Talk{}, uint64(found.revision), unknownError("open conversation", noTalk)
		}
		return one, 0, fmt.Errorf("open conversation: %w", err)
	}
	if err := json.Unmarshal(plain, &one.Inside); err != nil {
		return one, 0, fmt.Errorf("decode conversation: %w", err)
	}
	return one, uint64(found.revision), nil
}

// Put writes a conversation that is at that revision, 0 for a new one; pull.Conflict says that
// it is not, and pull.Unknown that nothing is held of the reader.
func (t *Talks) Put(ctx context.Context, of talk.Talk, revision uint64) (uint64, error) {
	const op = "write conversation"
	inside, err := json.Marshal(of.Inside)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	own := &t.ledger.own
	h, known := own.cachedKey(of.Reader)
	if !known {
		if h, err = own.reserveKey(ctx, of.Reader, true); err != nil {
			return 0, fmt.Errorf("%s: %w", op, err)
		}
	}
	defer own.releaseKey(of.Reader, h, 0, false)
	sealed, err := sealRecord(t.ledger.sealer, h.slot, t.ledger.clock(), talkKey(of.Reader), inside)
	if errors.Is(err, ErrUnreadable) {
		return 0, unknownError(op, noTalk)
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	return writeDocument(ctx, t.kv, talkKey(of.Reader), op, talkDocument{of.Head, sealed}, revision)
}

// Heads returns what can be known of all conversations without opening them.
func (t *Talks) Heads(ctx context.Context) (all []talk.Head, err error) {
	const op, page = "list conversations", 100
	for pair, err := range pagesBelow(ctx, t.kv, talkPrefix, "", op, page) {
		if err != nil {
			return nil, err
		}
		d, err := decodeDocument[struct{ talk.Head }](pair, op)
		if err != nil {
			t.ledger.logger.Warn("a conversation can't be read", "error", err)
			continue
		}
		all = append(all, d.value.Head)
	}
	return all, nil
}

// Drop removes a conversation that is past its time.
func (t *Talks) Drop(ctx context.Context, key who.Key) error {
	if err := dropFiles(ctx, t.kv, key); err != nil {
		return err
	}
	return backendError("drop conversation", t.kv.Delete(ctx, talkKey(key), Any))
}

// NoteStaffed notes how people of a publisher answer readers.
func (t *Talks) NoteStaffed(ctx context.Context, publisher string, as talk.Staffed) error {
	_, err := writeDocument(ctx, t.kv, staffedPrefix+"."+keySegment(publisher), "note who answers", as, uint64(Any))
	return err
}

// Staffed returns how people of publishers answer readers.
func (t *Talks) Staffed(ctx context.Context) (map[string]talk.Staffed, error) {
	all := map[string]talk.Staffed{}
	for d, err := range documentsBelow[talk.Staffed](ctx, t.kv, staffedPrefix, "read who answers") {
		if err != nil {
			return nil, err
		}
		all[strings.TrimPrefix(d.key, staffedPrefix+".")] = d.value
	}
	return all, nil
}

// farewellPrefix is where the threads of erased conversations lie, until they are told so.
const farewellPrefix = "farewell"

func farewellKey(publisher, id string) string {
	return farewellPrefix + "." + keySegment(publisher) + "." + keySegment(id)
}

// eraseTalk removes the conversation of a reader, and its files. Where it had a thread elsewhere, that is kept
// first, without anything of the reader.
func (l *Ledger) eraseTalk(ctx context.Context, d erasing) error {
	const op = "erase conversation"
	pair, err := l.backend.Get(ctx, talkKey(d.Key))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return backendError(op, err)
	}
	var held talkDocument
	if err == nil && json.Unmarshal(pair.Value, &held) != nil {
		held = talkDocument{} // it goes as well
	}
	if at := held.Bridged; at != nil && len(at.Marks) > 0 {
		if err := keepFarewell(ctx, l.backend, talk.Farewell{Publisher: d.Publisher, ID: at.Marks[0], At: l.clock().UTC(), Sealed: at.Sealed}); err != nil {
			return err
		}
	}
	if err := dropFiles(ctx, l.backend, d.Key); err != nil {
		return err
	}
	return backendError(op, l.backend.Delete(ctx, talkKey(d.Key), Any))
}

// Farewells returns the threads of erased conversations that have not been told so.
func (t *Talks) Farewells(ctx context.Context) (all []talk.Farewell, err error) {
	for d, err := range documentsBelow[talk.Farewell](ctx, t.kv, farewellPrefix, "read threads of erased conversations") {
		if err != nil {
			return nil, err
		}
		all = append(all, d.value)
	}
	return all, nil
}

// KeepFarewell keeps one.
func (t *Talks) KeepFarewell(ctx context.Context, f talk.Farewell) error {
	return keepFarewell(ctx, t.kv, f)
}

func keepFarewell(ctx context.Context, kv KV, f talk.Farewell) error {
	_, err := writeDocument(ctx, kv, farewellKey(f.Publisher, f.ID), "keep the thread of an erased conversation", f, uint64(Any))
	return err
}

// DropFarewell removes one that has been told.
func (t *Talks) DropFarewell(ctx context.Context, f talk.Farewell) error {
	return backendError("drop a thread", t.kv.Delete(ctx, farewellKey(f.Publisher, f.ID), Any))
}
