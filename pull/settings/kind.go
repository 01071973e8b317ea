package settings

// Kind is a plug-in made of one Settings struct: E is what an instance is
// given of the world, T what it becomes.
type Kind[E, T any] struct {
	// Name is the word in configuration files; Title and Help are for people,
	// in English, Words what they and the settings say in other languages.
	Name  string
	Title string
	Help  string
	Words Words
	// New returns a pointer to a Settings struct that holds the defaults. It
	// has no side effects.
	New func() Opener[E, T]
}

// In returns the title and help in a language, in English where it lacks them.
func (k Kind[E, T]) In(language string) (title, help string) {
	return k.Words.Say(language, "title", k.Title), k.Words.Say(language, "help", k.Help)
}

// Opener is a pointer to a filled and checked Settings struct.
type Opener[E, T any] interface {
	Open(env E) (T, error)
}
