package store

import (
	"errors"
	"fmt"
)

// Errors of a Sealer that last; any other may pass.
var (
	// ErrUnreadable: what was sealed cannot be opened, now or ever: its key is
	// gone or damaged, or these are not the bytes that were sealed.
	ErrUnreadable = errors.New("store: sealed bytes that cannot be opened any more")
	// ErrErased: its key was destroyed on purpose, or was never there.
	ErrErased = fmt.Errorf("store: the key is destroyed: %w", ErrUnreadable)
)
