package pull

import (
	"strings"

	"keypull/pull/what"
	"keypull/pull/what/command"
)

// Payloads of buttons: they fit the 64 bytes of the strictest platform.
const (
	tapKeyword = "k:"
	tapCommand = "c:"
	tapOption  = "o:"
)

// untap takes a payload that came as text, as web pages send it, for a tap, and a
// tap whose payload is not ours for its words: what is written on the button, else
// the payload. It returns such a payload where there are both.
func (w *work) untap() (foreign string) {
	switch {
	case w.ask.Tap == "" && len(w.ask.Text) <= maxPayload && ours(w.ask.Text) && !strings.ContainsAny(w.ask.Text, " \n\t"):
		w.ask.Tap = w.ask.Text
	case w.ask.Tap == "" || ours(w.ask.Tap):
	case strings.TrimSpace(w.ask.Text) == "" || w.ask.Text == w.ask.Tap:
		w.ask.Text, w.ask.Tap = w.ask.Tap, ""
	default:
		foreign, w.ask.Tap = w.ask.Tap, ""
	}
	return foreign
}

// ours reports whether a button of ours sends such a payload.
func ours(payload string) bool {
	if c, ok := strings.CutPrefix(payload, tapCommand); ok {
		name, _, _ := strings.Cut(c, ":")
		return command.Command(name).IsKnown()
	}
	return strings.HasPrefix(payload, tapKeyword) || strings.HasPrefix(payload, tapOption)
}

// heed reads the payload of a button that is not ours where what is written on it
// says nothing.
func (w *work) heed(foreign string) {
	if foreign == "" || w.match.Decision == what.Run || w.match.Decision == what.Reserved {
		return
	}
	m := w.edition.index.Match(foreign, w.preferred()...)
	if m.Decision == what.Run || m.Decision == what.Reserved {
		w.ask.Text, w.match = foreign, m
	}
}
