package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
	"keypull/store/mem"
)

// apart is a back end that can't write a batch as one, and that notes the order
// in which it is called.
type apart struct {
	store.Backend
	calls *[]string
}

func (p apart) Put(ctx context.Context, key string, value []byte, when store.Revision) (store.Revision, error) {
	*p.calls = append(*p.calls, "put "+key)
	return p.Backend.Put(ctx, key, value, when)
}

func (p apart) Delete(ctx context.Context, key string, when store.Revision) error {
	*p.calls = append(*p.calls, "delete "+key)
	return p.Backend.Delete(ctx, key, when)
}

func (p apart) Log(name string) store.Log { return apartLog{p.Backend.Log(name), p.calls} }

func (p apart) Queue(name string) store.Queue { return apartQueue{p.Backend.Queue(name), p.calls} }

type apartLog struct {
	store.Log
	calls *[]string
}

func (p apartLog) Append(ctx context.Context, r store.Record) (uint64, error) {
	*p.calls = append(*p.calls, "append "+r.ID)
	return p.Log.Append(ctx, r)
}

func (p apartLog) Reduce(ctx context.Context, id string, data []byte) error {
	*p.calls = append(*p.calls, "reduce "+id)
	return p.Log.Reduce(ctx, id, data)
}

type apartQueue struct {
	store.Queue
	calls *[]string
}

func (p apartQueue) Ack(ctx context.Context, seqs ...uint64) error {
	*p.calls = append(*p.calls, "acknowledge")
	return p.Queue.Ack(ctx, seqs...)
}

func wholeBatch(when store.Revision) store.Batch {
	return store.Batch{
		Puts:    []store.Pair{{Key: "a", Value: []byte("v"), Revision: when}},
		Appends: []store.Append{{Log: "l", Record: store.Record{ID: "r", Data: []byte("text")}}},
		Reduces: []store.Append{{Log: "l", Record: store.Record{ID: "r"}}},
		Deletes: []string{"b"},
		Acks:    []store.Acked{{Queue: "q", Seqs: []uint64{1}}},
	}
}

func TestWhereABatchCanNotBeOneWriteItsOrderIsKept(t *testing.T) {
	for name, write := range map[string]func(context.Context, store.Backend, store.Batch) error{
		"now": func(ctx context.Context, b store.Backend, batch store.Batch) error {
			_, err := store.Commit(ctx, b, batch)
			return err
		},
		"later": store.CommitLater,
	} {
		t.Run(name, func(t *testing.T) {
			var calls []string
			if err := write(t.Context(), apart{mem.Open(store.Options{}), &calls}, wholeBatch(store.Any)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"append r", "put a", "reduce r", "delete b", "acknowledge"}, calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAConflictLeavesWhatABatchWouldTakeAway(t *testing.T) {
	var calls []string
	back := apart{mem.Open(store.Options{}), &calls}
	if _, err := store.Commit(t.Context(), back, wholeBatch(7)); !errors.Is(err, store.ErrConflict) {
		t.Errorf("error %v, want ErrConflict", err)
	}
	if diff := cmp.Diff([]string{"append r", "put a"}, calls); diff != "" {
		t.Error(diff)
	}
	calls = nil
	if err := store.CommitLater(t.Context(), back, wholeBatch(7)); err == nil || len(calls) > 0 {
		t.Errorf("error %v after %v, want a batch with a revision refused for later", err, calls)
	}
}
