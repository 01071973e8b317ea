package settings

// Kind is a plug-in made of one Settings struct: E is what an instance is
// given of the world, T what it becomes.
type Kind[E, T any] struct {
	// Name is the word in configuration files; Title and Help are for people.
	Name  string
	Title string
	Help  string
	// New returns a pointer to a Settings struct that holds the defaults. It
	// has no side effects.
	New func() Opener[E, T]
}

// Opener is a pointer to a filled and checked Settings struct.
type Opener[E, T any] interface {
	Open(env E) (T, error)
}
