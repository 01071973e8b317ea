package pull

import "keypull/pull/what"

// Reply is the channel-neutral answer to an ask. A messenger's limits are not
// known here: shaping is the last step before sending.
type Reply struct {
	Language string  `json:"language"`
	Blocks   []Block `json:"blocks"`
	// Media of the main item, best first.
	Media   []what.Media `json:"media,omitempty"`
	Buttons []Button     `json:"buttons,omitempty"`
	// Rest is where the whole text of the one item stands that is told; a
	// channel that cannot carry all of it names it. "" where there is none.
	Rest string `json:"rest,omitempty"`
	// Told is how the age is told where it leaves late; nil where it has none.
	Told *Told `json:"told,omitempty"`
	// Answers are those that the reply joins, each with its own age in the place
	// of Told; empty where it is one.
	Answers []Answer `json:"answers,omitempty"`
}

// BlockKind says how a block is set.
type BlockKind string

// The kinds of blocks. A channel without markup shows all of them as plain
// lines.
const (
	// Title is the first line of an item, set strong.
	Title BlockKind = "title"
	// Paragraph is running text; a blank line within it splits paragraphs.
	Paragraph BlockKind = "paragraph"
	// Bullets and Steps list Lines, unnumbered and numbered.
	Bullets BlockKind = "bullets"
	Steps   BlockKind = "steps"
	// FactLines shows Facts, one "label: value" a line.
	FactLines BlockKind = "facts"
	// Link is a URL on a line of its own; Text is its label where one is shown.
	Link BlockKind = "link"
	// Stamp is the line that tells the age; Note any other small print.
	Stamp BlockKind = "stamp"
	Note  BlockKind = "note"
)

// Block is one part of a reply, separated from the next by an empty line,
// save where Tight joins it to the block before.
type Block struct {
	Kind  BlockKind      `json:"kind"`
	Text  string         `json:"text,omitempty"`
	Lines []string       `json:"lines,omitempty"`
	Facts []LabelledFact `json:"facts,omitempty"`
	URL   string         `json:"url,omitempty"`
	Tight bool           `json:"tight,omitempty"`
}

// LabelledFact is a fact in the reader's language.
type LabelledFact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Button is a tap offered below a reply: it sends words back, or opens a URL.
type Button struct {
	Label string `json:"label"`
	// Send is what a tap sends; at most 64 bytes. "k:<keyword>" runs a
	// keyword, "c:<command>" a command.
	Send string `json:"send,omitempty"`
	URL  string `json:"url,omitempty"`
}
