package undo

import (
	"context"
	"encoding/json"
	"fmt"

	"keypull/web/console"
)

// Snapshots believe what is held back of a source, and doubt it again.
type Snapshots interface {
	Accept(publisher, source string) int
	// Doubt is false where the source has brought something else since.
	Doubt(publisher, source string) bool
}

// Doubts returns the asides of accepting and doubting, each of which undoes the other.
func Doubts(s Snapshots) map[string]Aside {
	return map[string]Aside{
		console.AsideAccepted: doubtAside(console.AsideDoubted, s.Doubt),
		console.AsideDoubted:  doubtAside(console.AsideAccepted, func(publisher, source string) bool { return s.Accept(publisher, source) > 0 }),
	}
}

func doubtAside(counter string, f func(publisher, source string) bool) Aside {
	return func(ctx context.Context, publisher string, data json.RawMessage) error {
		var source string
		if err := json.Unmarshal(data, &source); err != nil {
			return fmt.Errorf("decode which source it was: %w", err)
		}
		if !f(publisher, source) {
			return conflictError("undo.held", nil)
		}
		console.RecordAside(ctx, counter, publisher, source)
		return nil
	}
}
