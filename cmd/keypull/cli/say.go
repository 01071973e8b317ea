package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
)

// Language returns what whoever runs a command reads: what LC_ALL says, else
// LC_MESSAGES, else LANG, where it is one of words.Editors; English otherwise.
func Language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := os.Getenv(name); locale != "" {
			// fr_CH.UTF-8@euro
			tag := locale[:len(locale)-len(strings.TrimLeft(locale, letters))]
			return words.Accepted(strings.ReplaceAll(tag, "_", "-"))
		}
	}
	return words.Accepted("")
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

// Say returns one of the commands' sentences in the language of who runs them.
func Say(key string, args words.Args) string {
	return words.Text{Key: key, Args: args}.In(Language())
}

type notesKey struct{}

// WithNotes has what a command opens print there what whoever runs it must know.
func WithNotes(ctx context.Context, w io.Writer) context.Context {
	return context.WithValue(ctx, notesKey{}, w)
}

// Note prints a sentence where WithNotes says, and nowhere without it.
func Note(ctx context.Context, key string, args words.Args) {
	if w, ok := ctx.Value(notesKey{}).(io.Writer); ok {
		_, _ = fmt.Fprintln(w, Say(key, args))
	}
}

// Misused returns a command line that is wrong in a way that a sentence tells.
func Misused(key string, args words.Args) error {
	return &Exit{Code: Usage, Err: words.Fail(nil, key, args)}
}

// Tell prints what an error says, in the language of who runs the command:
// a line for each of several that say something else.
func Tell(w io.Writer, err error) {
	var lines []string
	for _, one := range told(err) {
		if line := one.In(Language()); !slices.Contains(lines, line) {
			lines = append(lines, line)
			_, _ = fmt.Fprintln(w, "keypull:", line)
		}
	}
}

// told returns the sentences of an error: one for each of several, unless what holds them
// says one of its own.
func told(err error) []words.Text {
	for at := err; at != nil; at = errors.Unwrap(at) {
		if own, ok := at.(interface{ Said() words.Text }); ok && !own.Said().IsZero() {
			break
		}
		several, ok := at.(interface{ Unwrap() []error })
		if !ok || !strings.Contains(at.Error(), "\n") {
			continue
		}
		var all []words.Text
		for _, one := range several.Unwrap() {
			all = append(all, told(one)...)
		}
		return all
	}
	said := words.Said(err)
	var e *pull.Error
	if !errors.As(err, &e) {
		return []words.Text{said}
	}
	if e.Hint.IsZero() && e.Err == nil {
		said = words.Text{Key: "api.title." + string(e.Kind)}
	}
	if e.Field != "" {
		said = words.Text{Key: "cli.field", Args: words.Args{"field": e.Field, "reason": said}}
	}
	return []words.Text{said}
}
