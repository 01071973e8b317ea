package settings

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// Mask is what anybody sees of a secret who did not ask for it by Reveal.
// Handed back by a form it means "as it is": see KeepSecrets.
const Mask = "••••"

// Secret is a value that must not be seen: a token, a password. Printed,
// logged or marshalled in any way it shows a mask, and an empty one nothing;
// only Reveal gives it away.
type Secret string

// Reveal returns the secret itself, to be handed to whom it is meant for.
func (s Secret) Reveal() string { return string(s) }

// String returns the mask.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return Mask
}

// GoString returns the mask, for %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// Format writes the mask whatever the verb, so that %x and %q tell nothing.
func (s Secret) Format(w fmt.State, verb rune) {
	text := s.String()
	if verb == 'q' || verb == 'v' && w.Flag('#') {
		text = s.GoString()
	}
	// A fmt.State keeps no error that a caller could look at.
	_, _ = io.WriteString(w, text)
}

// MarshalJSON writes the mask.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalText writes the mask, for every other encoding.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue gives the mask to slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

var (
	_ fmt.Formatter  = Secret("")
	_ json.Marshaler = Secret("")
	_ slog.LogValuer = Secret("")
)
