package pull

import (
	"strings"

	"keypull/pull/what/command"
)

// Payloads of buttons: they fit the 64 bytes of the strictest platform.
const (
	tapKeyword = "k:"
	tapCommand = "c:"
	tapOption  = "o:"
	// tapRemember is followed by a fact's name and value.
	tapRemember = "m:"
)

// isOwnPayload reports whether a button of ours sends such a payload.
func isOwnPayload(payload string) bool {
	if c, ok := strings.CutPrefix(payload, tapCommand); ok {
		name, _, _ := strings.Cut(c, ":")
		return command.Command(name).IsKnown() || command.Command(name) == commandRequest
	}
	return strings.HasPrefix(payload, tapKeyword) || strings.HasPrefix(payload, tapOption) || strings.HasPrefix(payload, tapRemember)
}
