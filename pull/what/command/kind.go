// Package command knows the words of the service itself, in every language at
// once, and how readers say in whole sentences that they want no more. It tells
// what a message says; whether a publisher carries it out is decided elsewhere.
package command

import "slices"

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
	// Proof asks for the code of the last answer; Check takes such a code, or a
	// signed text, behind it.
	Proof  Command = "proof"
	Check  Command = "check"
	Link   Command = "link"
	Unlink Command = "unlink"
	// Unsave has no word of its own: it is a wish to stop with a keyword
	// behind it.
	Unsave Command = "unsave"
	// Drop closes what is open, and does nothing else: never mind.
	Drop Command = "drop"
	// Bot asks whether a machine answers.
	Bot Command = "bot"
	// Abuse asks for nothing, and is answered calmly.
	Abuse Command = "abuse"
	// Danger tells that somebody may die, or wants to. It is found among other words alone.
	Danger Command = "danger"
	// Later lists what was ordered for a time, Unlater takes some of it back.
	Later   Command = "later"
	Unlater Command = "unlater"
	// Owe has the reader told once what could not be answered, when it can.
	Owe Command = "owe"
	// About asks who answers, and for the outlet's own figures. It yields to whatever a
	// publisher calls so, and is worded in instructions.txt.
	About Command = "about"
	// Paid wants something that is paid for to end; paid.txt has its words.
	Paid Command = "paid"
)

// All lists the commands that publishers may give further words.
func All() []Command {
	return []Command{
		Stop, Start, Help, Menu, More, Save, My, MyData, Forget,
		Lang, Human, Why, Proof, Check, Link, Unlink,
	}
}

// IsKnown reports whether a name is that of a command, with words of its own or
// without.
func (c Command) IsKnown() bool {
	return slices.Contains(All(), c) || c == Unsave || c == Drop || c == Bot || c == Abuse || c == Danger || c == Paid || c == Later || c == Unlater || c == Owe || c == About
}
