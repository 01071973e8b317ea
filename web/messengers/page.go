package messengers

import (
	"strings"

	"keypull/pull/words"
)

// StreamEvent is one message of the stream that a messenger's own page listens to.
type StreamEvent struct {
	// ID grows with each event of a session, across restarts too.
	ID uint64
	// Data is the JSON object {"replies": […]}, in one line. It must not be
	// changed.
	Data []byte
}

// Stream is the stream of a page.
type Stream struct {
	Events <-chan StreamEvent
	// Close ends it, and must be called.
	Close func()
}

// ReaderLanguage returns the language that a reader is told something in: the one
// of the message, else the first of Accept-Language in which readers are served.
func ReaderLanguage(language string, header map[string][]string) string {
	wanted := []string{language}
	for _, line := range header["Accept-Language"] {
		wanted = append(wanted, strings.Split(line, ",")...)
	}
	for _, tag := range wanted {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		if words.Serves(tag) {
			return words.Base(tag)
		}
	}
	return "en"
}
