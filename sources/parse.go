package sources

import (
	"context"
	"fmt"
	"runtime"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
)

// parsers is how many documents are parsed at a time: one parse costs as much
// as a hundred messages, so parsing must leave most of the machine to them.
var parsers = make(chan struct{}, max(1, runtime.NumCPU()/2))

// RunParser runs parse in the pool that all sources share, as soon as there is
// room or until ctx ends. What was fetched under ctx is done with after it. A
// parser that panics is an error, not the end of the process.
func RunParser[T any](ctx context.Context, op string, parse func() (T, error)) (result T, err error) {
	if ctx.Value(aloneKey{}) == nil {
		select {
		case parsers <- struct{}{}:
		default:
			if err := turn(ctx); err != nil {
				return result, &pull.Error{Kind: pull.Crowded, Op: op, Hint: words.Text{Key: "source.no_time"}, Err: err}
			}
		}
		defer func() { <-parsers }()
	}
	e := outside.ErrandOf(ctx)
	defer e.Bodies.Release()
	defer func() {
		if p := recover(); p != nil {
			err = &pull.Error{Kind: pull.Unusable, Op: op, Hint: words.Text{Key: "source.parser_fails"}, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	defer e.NoteComputing()()
	if err := ctx.Err(); err != nil {
		return result, &pull.Error{Kind: pull.Crowded, Op: op, Hint: words.Text{Key: "source.no_time"}, Err: err}
	}
	return parse()
}

type aloneKey struct{}

// SkipParserQueue returns a context under which RunParser does not wait for its turn: for
// a command that has the machine to itself and bounds by itself how much it does at a time.
func SkipParserQueue(ctx context.Context) context.Context {
	return context.WithValue(ctx, aloneKey{}, true)
}

// turn waits for a place in the pool.
func turn(ctx context.Context) error {
	defer outside.ErrandOf(ctx).Pause()()
	select {
	case parsers <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
