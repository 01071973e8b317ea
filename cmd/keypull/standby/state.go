package standby

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"keypull/pull/private"
)

// State is what a standby knows of itself, in a file beside its store.
type State struct {
	// Name tells one standby from another.
	Name string `json:"name"`
	// Of is where the primary is reached.
	Of string `json:"of"`
	// Epoch is that of the primary.
	Epoch uint64 `json:"epoch"`
	// Whole: there was a moment at which all was there. Behind: the primary was met again, and
	// not all keys that it has destroyed since are destroyed here.
	Whole  bool `json:"whole"`
	Behind bool `json:"behind"`
	// Promoted: it is a primary, and follows nobody.
	Promoted bool `json:"promoted"`
	// Key names the master key of the primary, which whoever takes over has to have.
	Key string `json:"key,omitempty"`
	// Taken is the moment up to which it has everything.
	Taken time.Time `json:"taken,omitzero"`
}

// StateFile returns the file that belongs to a store.
func StateFile(store string) string { return store + ".standby" }

// ReadState reads the state of a store; there is none where ok is false.
func ReadState(store string) (s State, ok bool, err error) {
	b, err := os.ReadFile(StateFile(store))
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		return s, false, fmt.Errorf("read %s: %w", StateFile(store), err)
	}
	return s, true, nil
}

// Write writes it, whole or not at all.
func (s State) Write(store string) error {
	path := StateFile(store)
	part, err := private.WriteBeside(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(s) })
	if err == nil {
		err = errors.Join(os.Rename(part, path), private.SyncOf(path))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
