package words

import (
	"errors"
	"fmt"
)

// Failure is an error that people are told: its text, and what caused it, if
// anything did. The cause is for programs; what it says stands in the text.
type Failure struct {
	Text Text
	Err  error
}

// Fail makes a Failure of one of this package's sentences. Where args name a
// "reason", it is for the caller to say it, mostly as Said(cause).
func Fail(cause error, key string, args Args) error {
	return &Failure{Text: Text{Key: key, Args: args}, Err: cause}
}

// Error returns the text in English, for logs.
func (f *Failure) Error() string { return f.Text.String() }

// Said returns the text.
func (f *Failure) Said() Text { return f.Text }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Said returns what people are told of an error: what the first of its chain says
// that has something to say, else the sentence for what this machine said, else
// what it began with, quoted: what was put before that on its way is for logs.
func Said(err error) Text {
	var told interface{ Said() Text }
	for at := err; errors.As(at, &told); at = errors.Unwrap(at) {
		if said := told.Said(); !said.IsZero() {
			return said
		}
	}
	if said, ok := systemErrorText(err); ok {
		return said
	}
	for passed := fmt.Errorf("%w", err); fmt.Sprintf("%T", err) == fmt.Sprintf("%T", passed); {
		err = errors.Unwrap(err)
	}
	return Quoted(err.Error())
}
