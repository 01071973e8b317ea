package messengers

import (
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
)

// Limits say what a platform can carry and how. What is left out it can not.
type Limits struct {
	// Text is the most of a message's text, counted in Unit, markup left out but
	// where Marked says that it counts.
	Text   int
	Unit   Unit
	Marked bool
	// Messages is into how many messages one reply may be split; the rest is
	// cut at a sentence end. Zero means 4.
	Messages int
	// Together is how many of them one call carries; zero means one.
	Together int
	Markup   Markup
	// Subject is how many runes the title of a message may have.
	Subject int
	// Speech: what is sent is spoken, and Message.Voice is wanted.
	Speech bool
	// Buttons is how many one message may have; LabelRunes how long a label.
	// Zero buttons: they become rows, or a numbered or worded list in the text.
	Buttons    int
	LabelRunes int
	// LinksInText: a button sends words back and can open no page; one that would
	// stands in the text.
	LinksInText bool
	// LinkAlone: it can where it is the only button.
	LinkAlone bool
	// Opens tells whether a button can open an address, for platforms that refuse
	// some; one that can't stands in the text. Nil: all.
	Opens func(url string) bool
	// ButtonText is the most of the text beside buttons or rows, in Unit; where
	// there is more, they stand in it. Zero: as much as Text.
	ButtonText int
	// Rows is how many entries a list to choose from may have, for what are too
	// many buttons; RowRunes how long a label, DetailRunes what stands below it.
	Rows        int
	RowRunes    int
	DetailRunes int
	// Media are the types that can be sent by URL, each with the most bytes; 0
	// for any size. What is too large is told as a link. Caption is the most of
	// the text beside a picture.
	Media   map[what.MediaType]int64
	Caption int
	// Cards is how many pictures of pieces can stand at the links of a text.
	Cards int
	// Taps are the signs of which, before a word, the platform makes a tap: "@" of a
	// person, "/" of a command.
	Taps string
	// SMS: the channel bills by segment and knows no STOP but the final one.
	SMS bool
	// Folded: letters that the alphabet of short messages lacks lose their marks,
	// as an editor chose.
	Folded bool
	// PlainLinks: links lead straight to where they are of, and are not counted unless an
	// editor says so: each sign costs, or a program follows them.
	PlainLinks bool
	// Codes: the code by which an answer is checked stands behind its age.
	Codes bool
	// InBand is the most that the platform waits for an answer in its own
	// request; zero if there is no such answer.
	InBand time.Duration
	// Window is for how long after a reader's last message the platform takes
	// messages; zero if it always does. After are the reasons for which one
	// may be sent even then, Template the name of the approved text that any
	// other is put into; without one it is a dead letter.
	Window   time.Duration
	After    []Why
	Template string
	// Human is for how long after it a person may write, where After lets one; zero without
	// end.
	Human time.Duration
	// Rate is how many messages per second the account may send; zero: any.
	Rate float64
	// Guests: whoever writes is a new reader as often as they like, and what is
	// kept of one who agreed to nothing ends soon.
	Guests bool
	// Proxy: programs ask in the place of readers, of whom they say nothing: what
	// is a reader's own, STOP among it, is not for there. Data: they are told what
	// a reply is made of, by Sending.Reply.
	Proxy bool
	Data  bool
	// Files are how many bytes of files can go along with a message to people of the publisher; 0
	// where they are told by links.
	Files int64
	// Idempotent: the platform itself drops a repeated key.
	Idempotent bool
	// OneID: the platform gives no two messages of the account the same id, whoever
	// wrote them. Elsewhere each reader's ids count for themselves.
	OneID bool
}

// Carries reports whether a medium can be sent as it is.
func (l Limits) Carries(m what.Media) bool {
	most, carried := l.Media[m.Type]
	return carried && (most == 0 || m.Bytes <= most)
}

// Choices returns how many a message has to choose from, as buttons or in a list; 0
// where they stand in the text.
func (l Limits) Choices() int {
	const few = 4 // buttons, too few to list what there is
	if most := max(l.Buttons, l.Rows); most >= few && !l.SMS {
		return most
	}
	return 0
}

// Room returns about how many characters one reply may have, in all its messages.
func (l Limits) Room() int {
	l = l.complete()
	if l.Unit == Segment {
		const segment = 67 // of an alphabet that needs the most
		return l.Text * l.Messages * segment
	}
	return l.Text * l.Messages
}

// Unmarked returns the limits of a channel whose texts are what a reader of this one
// sees.
func (l Limits) Unmarked() Limits {
	seen := Markup{Bullet: l.Markup.Bullet}
	if l.Markup.Link != "" {
		seen.Link = "{text}"
	}
	l.Markup = seen
	return l
}

// Readable returns the limits of a channel whose texts show in HTML what a reader of this
// one sees: strong, slanted and linked words where the channel has such.
func (l Limits) Readable() Limits {
	seen := Markup{Name: HTML.Name, Bullet: l.Markup.Bullet, Escape: HTML.Escape, EscapeURL: HTML.EscapeURL}
	if l.Markup.Bold[0] != "" {
		seen.Bold = HTML.Bold
	}
	if l.Markup.Italic[0] != "" {
		seen.Italic = HTML.Italic
	}
	if l.Markup.Link != "" {
		seen.Link = HTML.Link
	}
	l.Markup, l.Marked = seen, false
	return l
}

// Open reports whether a message may be sent as it is at a moment: within the
// window, or for a reason that the platform takes at any time.
func (l Limits) Open(why Why, asked, at time.Time) bool {
	switch since := at.Sub(asked); {
	case l.Window == 0, asked.IsZero(), since <= l.Window:
		return true
	case why == Human:
		return slices.Contains(l.After, why) && (l.Human == 0 || since <= l.Human)
	}
	return slices.Contains(l.After, why)
}

// HumanWindow returns for how long after a reader's message a person may write; 0 without end.
func (l Limits) HumanWindow() time.Duration {
	if slices.Contains(l.After, Human) {
		return l.Human
	}
	return l.Window
}

// LaterWindow returns for how long after a reader's message what was ordered for a time may
// be sent; 0 without end. No approved text carries that.
func (l Limits) LaterWindow() time.Duration {
	if slices.Contains(l.After, Later) {
		return 0
	}
	return l.Window
}

// Unit is what a platform counts text in.
type Unit string

// The units.
const (
	Runes   Unit = "runes"
	UTF16   Unit = "utf16"
	Bytes   Unit = "bytes"
	Segment Unit = "segments"
)

// Markup is how a platform's text is set. The zero Markup is plain text.
type Markup struct {
	// Name is what the markup is called; previews know "html".
	Name string
	// Bold and Italic are what stands before and after such text.
	Bold, Italic [2]string
	// Link is how a labelled link is written, with {text} before or after {url};
	// empty where none can be, and the address stands in the text.
	Link string
	// Bullet begins a line of a list; "• " where empty.
	Bullet string
	// Escape writes text so that none of it is taken for markup, EscapeURL an
	// address in {url}, Address one that stands in the text: by the one
	// before it where nil. No address is ever among what Escape writes.
	Escape    func(string) string
	EscapeURL func(string) string
	Address   func(string) string
}

// HTML is Telegram's subset: b, i, a; & < > escaped.
//
//nolint:gochecknoglobals // a value that nobody changes
var HTML = Markup{
	Name: "html", Bold: [2]string{"<b>", "</b>"}, Italic: [2]string{"<i>", "</i>"}, Link: `<a href="{url}">{text}</a>`,
	Escape:    strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace,
	EscapeURL: strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace,
}

// Text writes text that is no markup.
func (m Markup) Text(s string) string {
	if m.Escape == nil {
		return s
	}
	return m.Escape(s)
}

// address writes a URL that stands in the text so that it can be followed.
func (m Markup) address(url string) string {
	if m.Address == nil {
		return m.target(url)
	}
	return m.Address(url)
}

// target writes a URL that words lead to.
func (m Markup) target(url string) string {
	if m.EscapeURL == nil {
		return m.Text(url)
	}
	return m.EscapeURL(url)
}

// Whole writes text in which addresses stand.
func (m Markup) Whole(s string) string { return around(s, m.Text, m.address) }

// around returns what a link is written between.
func (m Markup) around(url string) (before, after string) {
	url = m.target(url)
	before, after, _ = strings.Cut(m.Link, "{text}")
	return strings.ReplaceAll(before, "{url}", url), strings.ReplaceAll(after, "{url}", url)
}

// bullet begins a line of a list.
func (l Limits) bullet() string {
	switch {
	case l.SMS:
		return "- "
	case l.Markup.Bullet != "":
		return l.Markup.Bullet
	}
	return "• "
}
