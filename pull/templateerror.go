package pull

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// TemplateError is a template that is not understood, and the place at which
// it is not.
type TemplateError struct {
	// Line and Column count from 1, the column in characters; both are 0 where
	// the whole text is at fault.
	Line, Column int
	// Message says what is wrong there, without the place.
	Message string
	Err     error

	// unplaced: the message tells by itself what it speaks of.
	unplaced bool
}

// Error tells the line, where that helps, and what is wrong.
func (e *TemplateError) Error() string {
	if e.Line == 0 || e.unplaced {
		return e.Message
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Message)
}

// Unwrap returns what the engine said, nil where the check itself found it.
func (e *TemplateError) Unwrap() error { return e.Err }

// mistake is something wrong at a byte of a text.
type mistake struct {
	at      int
	message string
}

func (m *mistake) Error() string { return m.message }

func mistaken(at int, format string, args ...any) *mistake {
	return &mistake{at: at, message: fmt.Sprintf(format, args...)}
}

// placed turns a byte of a text into line and column.
func placed(text string, at int) (line, column int) {
	before := text[:at]
	begin := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[begin:])
}

// engineSays is what the engine puts before its errors; the lines that it
// counts begin at one place with 0, at another with 1.
var engineSays = regexp.MustCompile(`^Liquid error(?: \(line \d+\))?: `)

// notUnderstood is an error of the engine with its place: it ends in the tag
// or output that it is about.
func notUnderstood(text string, err error) error {
	says := engineSays.ReplaceAllString(err.Error(), "")
	e := &TemplateError{Err: err}
	for _, m := range templatePart.FindAllStringIndex(text, -1) {
		if short, ok := strings.CutSuffix(says, " in "+text[m[0]:m[1]]); ok {
			says = short
			e.Line, e.Column = placed(text, m[0])
			break
		}
	}
	e.Message = "not understood: " + says
	return e
}
