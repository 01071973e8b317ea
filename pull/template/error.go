package template

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"keypull/pull/words"
)

// Error is a template that is not understood, and the place at which it is not.
type Error struct {
	// Line and Column count from 1, the column in characters; both are 0 where
	// the whole text is at fault.
	Line, Column int
	// Message says what is wrong there, without the place.
	Message words.Text

	// unplaced: the message tells by itself what it speaks of.
	unplaced bool
}

// Error tells the line, where that helps, and what is wrong.
func (e *Error) Error() string {
	return e.Said().String()
}

// Said returns the same as a text.
func (e *Error) Said() words.Text {
	if e.Line == 0 || e.unplaced {
		return e.Message
	}
	return words.Text{Key: "template.at_line", Args: words.Args{"line": strconv.Itoa(e.Line), "reason": e.Message}}
}

// mistake is something wrong at a byte of a text.
type mistake struct {
	at       int
	message  words.Text
	unplaced bool
}

func newMistake(at int, said words.Text) *mistake {
	return &mistake{at: at, message: said}
}

// withPlace tells the line and column of a mistake.
func (m *mistake) withPlace(text string) *Error {
	before := text[:m.at]
	begin := strings.LastIndexByte(before, '\n') + 1
	return &Error{
		Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(before[begin:]),
		Message: m.message, unplaced: m.unplaced,
	}
}
