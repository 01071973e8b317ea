package webchat

import (
	"strings"

	"keypull/pull/words"
)

// What readers are told who have to wait.
const (
	manyAsks     = "busy.asks"
	manySessions = "busy.sessions"
	manyStreams  = "busy.streams"
	tooFast      = "busy.fast"
)

// Tongue is the language that a reader is told something in: the one of the
// message, else the first of the browser's in which readers are served.
func Tongue(language string, header map[string][]string) string {
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
