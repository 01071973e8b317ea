package store

import "fmt"

// ErrErased is the ErrUnreadable of what was sealed with a key that was destroyed
// on purpose, or was never there.
var ErrErased = fmt.Errorf("store: the key is destroyed: %w", ErrUnreadable)
