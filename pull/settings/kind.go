package settings

import (
	"io/fs"
	"time"

	"keypull/pull/words"
)

// Kind is a plug-in made of one Settings struct: E is what an instance is
// given of the world, T what it becomes.
type Kind[E, T any] struct {
	// Name is the word in configuration files. Title and Help are for people,
	// in English, where Words has no "title" and "help".
	Name  string
	Title string
	Help  string
	// Words are what the kind and its settings say, see Load; nil if the
	// struct's tags say all of it.
	Words *words.Set
	// Files are what the kind brings beside its code: "icon.svg", and in the folder
	// words what it says.
	Files fs.FS
	// New returns a pointer to a Settings struct that holds the defaults. It
	// has no side effects.
	New func() Opener[E, T]
	// StaleIfError is for how long a source of the kind that an address is adopted
	// for goes on telling its last good answers while the address fails.
	StaleIfError time.Duration
}

// In returns the title and help in a language, in English where it lacks them.
func (k Kind[E, T]) In(language string) (title, help string) {
	return Said(k.Words, language, "title", k.Title), Said(k.Words, language, "help", k.Help)
}

// Icon returns a small picture of the kind, an SVG document, or "" if there is none.
func (k Kind[E, T]) Icon() string { return Icon(k.Files) }

// Opener is a pointer to a filled and checked Settings struct.
type Opener[E, T any] interface {
	Open(env E) (T, error)
}
