// Package command knows the words of the service itself, in every language at
// once, and how readers say in whole sentences that they want no more. It tells
// what a message says; whether a publisher carries it out is decided elsewhere.
package command

// Command is a word of the service itself, the same for every publisher.
type Command string

// The commands. Their words stand with the languages, in commands.txt.
const (
	Stop   Command = "stop"
	Start  Command = "start"
	Help   Command = "help"
	Menu   Command = "menu"
	More   Command = "more"
	Save   Command = "save"
	My     Command = "my"
	MyData Command = "mydata"
	Forget Command = "forget"
	Lang   Command = "lang"
	Human  Command = "human"
	Why    Command = "why"
	Link   Command = "link"
	Unlink Command = "unlink"
	// Unsave has no word of its own: it is a wish to stop with a keyword
	// behind it.
	Unsave Command = "unsave"
)

// All lists the commands that have words of their own.
func All() []Command {
	return []Command{
		Stop, Start, Help, Menu, More, Save, My, MyData, Forget,
		Lang, Human, Why, Link, Unlink,
	}
}
