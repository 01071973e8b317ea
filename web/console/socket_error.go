package console

import (
	"encoding/json"
	"errors"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// wireError is an error of an operation on its way over the socket: one of
// Problems, Stale, or the rest, which is a pull.Error.
type wireError struct {
	Kind    pull.ErrorKind `json:"kind"`
	Op      string         `json:"op,omitempty"`
	Field   string         `json:"field,omitempty"`
	Hint    words.Text     `json:"hint,omitzero"`
	RetryAt time.Time      `json:"retry_at,omitzero"`
	// Cause is the text of what lies beneath.
	Cause    string            `json:"cause,omitempty"`
	Problems settings.Problems `json:"problems,omitempty"`
	Stale    *wireStale        `json:"stale,omitempty"`
}

type wireStale struct {
	Current json.RawMessage `json:"current"`
	Version string          `json:"version"`
}

func toWire(err error, language string) *wireError {
	w := &wireError{Kind: KindOf(err)}
	var (
		problems settings.Problems
		stale    *Stale
		e        *pull.Error
	)
	switch {
	case errors.As(err, &problems):
		w.Problems = problems.In(language)
	case errors.As(err, &stale):
		w.Stale = &wireStale{Current: encoded(stale.Current), Version: stale.Version}
	case errors.As(err, &e):
		w.Op, w.Field, w.Hint, w.RetryAt = e.Op, e.Field, inWords(e.Hint, language), e.RetryAt
		if e.Err != nil {
			w.Cause = e.Err.Error()
		}
		// What this machine said is told in words of ours; other causes travel as they are.
		if said := words.Said(err); e.Hint.IsZero() && said.Key != "quoted" {
			w.Hint = inWords(said, language)
		}
	default:
		w.Hint = inWords(words.Said(err), language)
	}
	return w
}

// inWords is a text that says the same in every language: the other side need not
// have the message files of a kind.
func inWords(said words.Text, language string) words.Text {
	if said.IsZero() {
		return said
	}
	return words.Verbatim(said.In(language))
}

// err is the way back.
func (w *wireError) err() error {
	switch {
	case len(w.Problems) > 0:
		return w.Problems
	case w.Stale != nil:
		return &Stale{Current: w.Stale.Current, Version: w.Stale.Version}
	}
	e := &pull.Error{Kind: w.Kind, Op: w.Op, Field: w.Field, Hint: w.Hint, RetryAt: w.RetryAt}
	if w.Cause != "" {
		e.Err = errors.New(w.Cause)
	}
	return e
}
