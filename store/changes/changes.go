// Package changes keeps what things were before an act, so that the act can be
// taken back: a head for each, and what was before beside it, sealed and in
// parts that a back end takes. All of it is bounded, in age and in bytes.
package changes

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/store"
)

const (
	headPrefix = "change"
	partPrefix = "change-part"
	// partBytes leaves room for the seal in what a value may hold.
	partBytes = store.MaxValueBytes - 1<<10
	// atLeast is what the smallest change counts for.
	atLeast = 4 << 10
)

// The bounds of what is kept: of one change, and of all.
const (
	MaxBytes = 32 << 20
	AllBytes = 128 << 20
)

// Vault seals what is kept for one purpose.
type Vault interface {
	Seal(purpose string, plaintext []byte) []byte
	Unseal(purpose string, sealed []byte) ([]byte, error)
}

// Changes keeps changes. Their ids begin with the time counted backwards, so
// that a scan gives the latest first. One Changes writes to a back end at a
// time.
type Changes struct {
	kv     store.KV
	vault  Vault
	random io.Reader
	all    int64

	mu sync.Mutex
	// kept are all changes with their bytes, the latest first, once looked for.
	kept  []kept
	total int64
}

type kept struct {
	id    string
	bytes int64
}

// New returns what a back end keeps; ids are drawn from random.
func New(kv store.KV, vault Vault, random io.Reader) *Changes {
	return &Changes{kv: kv, vault: vault, random: random, all: AllBytes}
}

// Keep writes a change with what was before, under a new id, which it returns.
// The parts come first: a crash leaves some that nobody finds, and the sweep
// takes them. The oldest changes make room.
func (c *Changes) Keep(ctx context.Context, head people.Change, before []byte) (string, error) {
	const op = "keep a change"
	if len(before) > MaxBytes {
		return "", &pull.Error{Kind: pull.Invalid, Op: op, Hint: words.Text{Key: "store.too_long"}}
	}
	head.ID = backwards(head.At) + people.NewID(c.random)
	head.Bytes = len(before)
	for part := range slices.Chunk(before, partBytes) {
		place := partKey(head.ID, head.Parts)
		if _, err := c.kv.Put(ctx, place, c.vault.Seal(place, part), store.Absent); err != nil {
			return "", fmt.Errorf("%s: %w", op, err)
		}
		head.Parts++
	}
	if err := c.write(ctx, head, store.Absent); err != nil {
		return "", fmt.Errorf("%s: %w", op, err)
	}
	return head.ID, c.bound(ctx, head)
}

func (c *Changes) write(ctx context.Context, head people.Change, when store.Revision) error {
	b, err := json.Marshal(head)
	if err == nil {
		_, err = c.kv.Put(ctx, headKey(head.ID), b, when)
	}
	return err //nolint:wrapcheck // the callers say what it is about
}

// Head returns a change, or pull.Unknown.
func (c *Changes) Head(ctx context.Context, id string) (people.Change, error) {
	pair, err := c.kv.Get(ctx, headKey(id))
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
		return people.Change{}, none()
	}
	if err != nil {
		return people.Change{}, fmt.Errorf("read a change: %w", err)
	}
	return decoded(pair)
}

func none() error {
	return &pull.Error{Kind: pull.Unknown, Op: "read a change", Field: "change", Hint: words.Text{Key: "undo.none"}}
}

func decoded(pair store.Pair) (people.Change, error) {
	var head people.Change
	if err := json.Unmarshal(pair.Value, &head); err != nil {
		return head, fmt.Errorf("decode %s: %w", pair.Key, err)
	}
	return head, nil
}

// Before returns what was before a change.
func (c *Changes) Before(ctx context.Context, head people.Change) ([]byte, error) {
	all := make([]byte, 0, head.Bytes)
	for part := range head.Parts {
		place := partKey(head.ID, part)
		pair, err := c.kv.Get(ctx, place)
		if errors.Is(err, store.ErrNotFound) {
			return nil, none()
		}
		if err != nil {
			return nil, fmt.Errorf("read a change: %w", err)
		}
		plain, err := c.vault.Unseal(place, pair.Value)
		if err != nil {
			return nil, &pull.Error{Kind: pull.Unavailable, Op: "read a change", Field: "change", Hint: words.Text{Key: "undo.sealed"}, Err: err}
		}
		all = append(all, plain...)
	}
	return all, nil
}

// Undo notes when a change was taken back; the zero time, that it holds again.
func (c *Changes) Undo(ctx context.Context, id string, at time.Time) error {
	head, err := c.Head(ctx, id)
	if err != nil {
		return err
	}
	head.Undone = at
	if err := c.write(ctx, head, store.Any); err != nil {
		return fmt.Errorf("note that a change was undone: %w", err)
	}
	return nil
}

// Since returns up to limit changes that came at a moment or after it, the
// latest first: those that are wanted.
func (c *Changes) Since(ctx context.Context, at time.Time, limit int, wanted func(people.Change) bool) ([]people.Change, error) {
	var found []people.Change
	for pair, err := range store.Pairs(ctx, c.kv, headPrefix, "", limit) {
		if err != nil {
			return nil, fmt.Errorf("list changes: %w", err)
		}
		head, err := decoded(pair)
		switch {
		case err != nil:
			// One that can't be read keeps nobody from the others.
		case head.At.Before(at) || len(found) == limit:
			return found, nil
		case wanted(head):
			found = append(found, head)
		}
	}
	return found, nil
}

// Sweep drops what is older than a moment, and returns how many changes that
// were.
func (c *Changes) Sweep(ctx context.Context, before time.Time) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	oldest := backwards(before.Add(-1))
	n, err := c.drop(ctx, headPrefix, oldest)
	if err == nil {
		_, err = c.drop(ctx, partPrefix, oldest)
	}
	c.kept = nil
	return n, err
}

// DropOf drops the changes of a publisher that leaves, and returns how many they were.
func (c *Changes) DropOf(ctx context.Context, publisher string) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = nil
	for pair, err := range store.Pairs(ctx, c.kv, headPrefix, "", store.MaxPage) {
		if err != nil {
			return n, understood(err)
		}
		head, err := decoded(pair)
		if err != nil || head.Publisher != publisher {
			continue // one that can't be read goes by its age
		}
		// The head goes last: after a crash it names what is left.
		for part := range head.Parts {
			if err := c.kv.Delete(ctx, partKey(head.ID, part), store.Any); err != nil {
				return n, understood(err)
			}
		}
		if err := c.kv.Delete(ctx, pair.Key, store.Any); err != nil {
			return n, understood(err)
		}
		n++
	}
	return n, nil
}

// drop removes all keys below a prefix from one on.
func (c *Changes) drop(ctx context.Context, prefix, from string) (n int, err error) {
	for {
		page, err := c.kv.Scan(ctx, prefix, prefix+"."+from, store.MaxPage)
		if err != nil || len(page) == 0 {
			return n, understood(err)
		}
		for _, pair := range page {
			if err := c.kv.Delete(ctx, pair.Key, store.Any); err != nil {
				return n, understood(err)
			}
			n++
		}
	}
}

func understood(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("drop old changes: %w", err)
}

// bound counts a change that was written, and drops the oldest where all
// together are too large.
func (c *Changes) bound(ctx context.Context, head people.Change) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		if err := c.look(ctx); err != nil {
			return err
		}
	} else {
		c.count(head)
	}
	for c.total > c.all && len(c.kept) > 1 {
		last := c.kept[len(c.kept)-1]
		if err := c.kv.Delete(ctx, headKey(last.id), store.Any); err != nil {
			return understood(err)
		}
		for part := range int(last.bytes/partBytes) + 1 {
			if err := c.kv.Delete(ctx, partKey(last.id, part), store.Any); err != nil {
				return understood(err)
			}
		}
		c.kept, c.total = c.kept[:len(c.kept)-1], c.total-last.bytes
	}
	return nil
}

func (c *Changes) count(head people.Change) {
	k := kept{head.ID, int64(max(head.Bytes, atLeast))}
	at, _ := slices.BinarySearchFunc(c.kept, k, func(a, b kept) int { return cmp.Compare(a.id, b.id) })
	c.kept, c.total = slices.Insert(c.kept, at, k), c.total+k.bytes
}

// look counts what is there.
func (c *Changes) look(ctx context.Context) error {
	c.kept, c.total = []kept{}, 0
	for pair, err := range store.Pairs(ctx, c.kv, headPrefix, "", store.MaxPage) {
		if err != nil {
			return fmt.Errorf("count changes: %w", err)
		}
		// One that can't be read goes by its age.
		if head, err := decoded(pair); err == nil {
			c.count(head)
		}
	}
	return nil
}

// backwards writes a time in 16 digits that sort the latest first.
func backwards(at time.Time) string {
	return fmt.Sprintf("%016x", math.MaxInt64-max(0, at.UnixNano()))
}

// headKey is of an id as somebody wrote it; one that can't be an id names
// nothing.
func headKey(id string) string {
	if strings.ContainsAny(id, ".") {
		return ""
	}
	return headPrefix + "." + id
}

func partKey(id string, part int) string {
	return partPrefix + "." + id + "." + strconv.Itoa(part)
}
