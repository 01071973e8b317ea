package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"keypull/pull/who"
)

// Where files of conversations lie: what is known of each, and its pieces.
const (
	filePrefix  = "talkfile"
	piecePrefix = "talkpiece"
	// pieceBytes leave room for the seal.
	pieceBytes = MaxValueBytes - 4<<10
)

// heldFile is what is known of a file without opening it.
type heldFile struct {
	At     time.Time `json:"at"`
	Pieces int       `json:"pieces"`
}

func fileKey(key who.Key, mark string) string { return filePrefix + "." + string(key) + "." + mark }

func pieceKey(key who.Key, mark string, n int) string {
	return piecePrefix + "." + string(key) + "." + mark + "." + strconv.Itoa(n)
}

// KeepFile keeps a file of a reader's conversation under a mark, sealed as the conversation is;
// pull.Unknown says that nothing is held of the reader.
func (t *Talks) KeepFile(ctx context.Context, key who.Key, mark string, body []byte) error {
	own := &t.ledger.own
	h, known := own.cachedKey(key)
	if !known {
		var err error
		if h, err = own.reserveKey(ctx, key, true); err != nil {
			return fmt.Errorf("keep a file: %w", err)
		}
	}
	defer own.releaseKey(key, h, 0, false)
	return t.keepFile(ctx, key, h.slot, mark, body)
}

// HoldFile keeps a file that came with a message until it is known whether the message is part of
// a conversation: nothing else may be kept of its reader yet, so that it is sealed with the key of
// the day alone.
func (t *Talks) HoldFile(ctx context.Context, key who.Key, mark string, body []byte) error {
	return t.keepFile(ctx, key, 0, mark, body)
}

// keepFile writes what is known of a file first, so that no piece is ever without.
func (t *Talks) keepFile(ctx context.Context, key who.Key, slot Slot, mark string, body []byte) error {
	const op = "keep a file"
	at := t.ledger.clock()
	pieces := max((len(body)+pieceBytes-1)/pieceBytes, 1)
	if _, err := writeDocument(ctx, t.kv, fileKey(key, mark), op, heldFile{at.UTC(), pieces}, uint64(Any)); err != nil {
		return err
	}
	for n := range pieces {
		place := pieceKey(key, mark, n)
		sealed, err := sealRecord(t.ledger.sealer, slot, at, place, body[n*pieceBytes:min((n+1)*pieceBytes, len(body))])
		if errors.Is(err, ErrUnreadable) {
			return unknownError(op, noTalk)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
		if _, err := t.kv.Put(ctx, place, sealed, Any); err != nil {
			return writeError(op, err)
		}
	}
	return nil
}

// File returns a file, or pull.Unknown.
func (t *Talks) File(ctx context.Context, key who.Key, mark string) (body []byte, err error) {
	const op = "read a file"
	held, err := readDocument[heldFile](ctx, t.kv, fileKey(key, mark), op, noTalk)
	if err != nil {
		return nil, err
	}
	for n := range held.value.Pieces {
		place := pieceKey(key, mark, n)
		pair, err := t.kv.Get(ctx, place)
		if errors.Is(err, ErrNotFound) {
			return nil, unknownError(op, noTalk)
		}
		if err != nil {
			return nil, backendError(op, err)
		}
		part, err := OpenRecord(t.ledger.sealer, place, pair.Value)
		if errors.Is(err, ErrUnreadable) {
			return nil, unknownError(op, noTalk)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op, err)
		}
		body = append(body, part...)
	}
	return body, nil
}

// DropFile removes a file.
func (t *Talks) DropFile(ctx context.Context, key who.Key, mark string) error {
	return dropFile(ctx, t.kv, fileKey(key, mark))
}

// dropFile removes the pieces of a file, and then what is known of it.
func dropFile(ctx context.Context, kv KV, at string) error {
	const op = "drop a file"
	held, err := findDocument[heldFile](ctx, kv, at, op)
	if err != nil {
		return err
	}
	for n := range held.value.Pieces {
		place := piecePrefix + strings.TrimPrefix(at, filePrefix) + "." + strconv.Itoa(n)
		if err := kv.Delete(ctx, place, Any); err != nil {
			return backendError(op, err)
		}
	}
	return backendError(op, kv.Delete(ctx, at, Any))
}

// dropFiles removes all files of a reader.
func dropFiles(ctx context.Context, kv KV, key who.Key) error {
	const op = "drop files"
	for d, err := range documentsBelow[heldFile](ctx, kv, filePrefix+"."+string(key), op) {
		if err != nil {
			return err
		}
		if err := dropFile(ctx, kv, d.key); err != nil {
			return err
		}
	}
	return nil
}

// Files walks the files of all conversations: whose each is, its mark, and since when it is kept.
func (t *Talks) Files(ctx context.Context, each func(key who.Key, mark string, at time.Time)) error {
	for d, err := range documentsBelow[heldFile](ctx, t.kv, filePrefix, "list files") {
		if err != nil {
			return err
		}
		rest := strings.TrimPrefix(d.key, filePrefix+".")
		if end := strings.LastIndexByte(rest, '.'); end > 0 {
			each(who.Key(rest[:end]), rest[end+1:], d.value.At)
		}
	}
	return nil
}
