package people

import (
	"strconv"
	"strings"
	"time"
)

// Limits of passkeys.
const (
	// MaxPasskeys is how many one person has.
	MaxPasskeys = 20
	// MaxPasskeyLabel is how many characters say which it is.
	MaxPasskeyLabel = 60
)

// Passkey is a key that a device of somebody's keeps, by which they sign in
// without a password. What is known of it here opens nothing.
type Passkey struct {
	// ID is made like that of a person; Label says to its owner which it is.
	ID    string `json:"id"`
	Label string `json:"label"`
	// Host is where it was made: browsers offer it nowhere else.
	Host    string    `json:"host"`
	Created time.Time `json:"created"`
	// Used is when it last let somebody in; zero before the first time.
	Used time.Time `json:"used,omitzero"`
	// Credential and Public are the device's own name of the key, and the half of
	// it that is no secret; Uses is how often the device says to have signed, and
	// Flags what it says of itself.
	Credential []byte `json:"credential"`
	Public     []byte `json:"public"`
	Uses       uint32 `json:"uses,omitempty"`
	Flags      byte   `json:"flags,omitempty"`
}

// LabelPasskey returns a label as it is kept; a Refusal of the field "label" where
// it can't be.
func LabelPasskey(label string) (string, error) {
	label = strings.TrimSpace(label)
	switch {
	case label == "":
		return "", newRefusal("label", "name_missing")
	case !isLine(label):
		return "", newRefusal("label", "characters")
	case len([]rune(label)) > MaxPasskeyLabel:
		return "", newRefusal("label", "passkey_label", "max", strconv.Itoa(MaxPasskeyLabel))
	}
	return label, nil
}
