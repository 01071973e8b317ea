package pull

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"keypull/pull/proof"
	"keypull/pull/what"
	"keypull/pull/withdrawal"
)

// Reply is the channel-neutral answer to an ask. A messenger's limits are not
// known here: shaping is the last step before sending.
type Reply struct {
	Language string  `json:"language"`
	Blocks   []Block `json:"blocks"`
	// Media of the main item, best first.
	Media   []what.Media `json:"media,omitempty"`
	Buttons []Button     `json:"buttons,omitempty"`
	// Cards are the pictures of several items, for channels that show them at their links.
	Cards []Card `json:"cards,omitempty"`
	// Rest is where the whole text of the one item stands that is told; a
	// channel that cannot carry all of it names it. "" where there is none.
	Rest string `json:"rest,omitempty"`
	// Told is how the age is told where it leaves late; nil if it has none.
	Told *Told `json:"told,omitempty"`
	// Answers are those that the reply joins, each with its own age in the place
	// of Told; empty if it is one.
	Answers []Answer `json:"answers,omitempty"`
	// Data is what is told as programs read it; nil but on channels that want it.
	Data *Data `json:"data,omitempty"`
	// Consent is what the reader has just said to the channel's text: "given",
	// "refused", or nothing.
	Consent string `json:"consent,omitempty"`
	// Tells are the items that it tells; of joined answers each has its own.
	Tells []withdrawal.Told `json:"tells,omitempty"`
	// Proof is the code by which anybody can check it; "" where nobody can.
	Proof proof.Code `json:"proof,omitempty"`
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
	// Own says that the words are the service's: what others wrote may be no tap.
	Own bool `json:"own,omitempty"`
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

// Card is the picture of an item that a reply tells beside others.
type Card struct {
	Title string     `json:"title,omitempty"`
	Link  string     `json:"link"`
	Image what.Media `json:"image"`
}

// mostCards is how many pictures a reply has, since it is stored on its way.
const mostCards = 20

// cardsOf returns the pictures of items that are told together.
func cardsOf(items []what.Item) (all []Card) {
	for i := range items {
		it := &items[i]
		at := slices.IndexFunc(it.Media, func(m what.Media) bool { return m.Type == what.Image })
		if len(items) > 1 && at >= 0 && it.Link != "" && len(all) < mostCards {
			all = append(all, Card{Title: clipRunes(it.Title, labelRunes), Link: it.Link, Image: it.Media[at]})
		}
	}
	return all
}

// Data is a reply as programs read it: how the ask ended, and what its text is
// made of.
type Data struct {
	Status Status  `json:"status"`
	Pieces []Piece `json:"pieces,omitempty"`
	// RetryAt is when to ask again; zero if nobody knows.
	RetryAt time.Time `json:"retry_at,omitzero"`
}

// Status is how an ask ended, for a program that has to say so.
type Status string

// The statuses.
const (
	// StatusFound: here is what was asked for, StatusChoice: one of several has to
	// be chosen first.
	StatusFound  Status = "found"
	StatusChoice Status = "choice"
	// StatusLimited: too much was asked in too short a time, StatusUnavailable: the
	// source has no honest answer now. Either may be asked again.
	StatusLimited     Status = "limited"
	StatusUnavailable Status = "unavailable"
	// StatusRefused: there is nothing to be told about it.
	StatusRefused Status = "refused"
)

// Piece is an item that a reply tells. Facts are in the order in which they are
// told, each a text or a list.
type Piece struct {
	ID        string       `json:"id"`
	Title     string       `json:"title,omitempty"`
	Summary   string       `json:"summary,omitempty"`
	Link      string       `json:"link,omitempty"`
	Media     []what.Media `json:"media,omitempty"`
	Facts     []PieceFact  `json:"facts,omitempty"`
	Published time.Time    `json:"published,omitzero"`
	// AsOf is the moment for which it was true; Stale says that it must not pass
	// for current.
	AsOf  time.Time `json:"as_of"`
	Stale bool      `json:"stale,omitempty"`
	// Source is who says so, SourceURL where they do.
	Source    string `json:"source"`
	SourceURL string `json:"source_url,omitempty"`
}

// PieceFact is a fact of a piece; Number says that Text is a whole number.
type PieceFact struct {
	Name   string   `json:"name"`
	Text   string   `json:"text,omitempty"`
	Number bool     `json:"number,omitempty"`
	List   []string `json:"list,omitempty"`
}

// Bounds of a piece, since a reply is stored on its way: how long a text may be,
// in characters, and how many facts and entries of a list there are.
const (
	pieceRunes = 1000
	pieceFacts = 40
	pieceLines = 100
)

// dataPieces returns the items of an answer, for channels that want its data.
func (t telling) dataPieces() []Piece {
	all := make([]Piece, 0, len(t.items))
	for i := range t.items {
		all = append(all, t.dataPiece(&t.items[i]))
	}
	return all
}

func (t telling) dataPiece(it *what.Item) Piece {
	asOf, _ := t.keyword.source.factTime(t.kept.Snapshot, []what.Item{*it})
	p := Piece{
		ID: clipRunes(it.ID, pieceRunes), Title: clipRunes(it.Title, pieceRunes), Summary: clipRunes(cmp.Or(it.Summary, it.Body), pieceRunes),
		Link: it.Link, Media: it.Media[:min(len(it.Media), 4)], Published: it.Published, AsOf: asOf, Stale: t.kept.Stale, Source: t.edition.Name,
	}
	if u, err := url.Parse(it.Link); err == nil && u.Host != "" {
		p.Source, p.SourceURL = u.Hostname(), u.Scheme+"://"+u.Host+"/"
	}
	for _, f := range it.Facts[:min(len(it.Facts), pieceFacts)] {
		fact := PieceFact{Name: f.Name, Text: clipRunes(f.Text, pieceRunes), Number: f.Kind == what.Integer}
		if f.Kind == what.List {
			fact.List = slices.Clone(f.List[:min(len(f.List), pieceLines)])
			for i, line := range fact.List {
				fact.List[i] = clipRunes(line, pieceRunes)
			}
		}
		p.Facts = append(p.Facts, fact)
	}
	return p
}
