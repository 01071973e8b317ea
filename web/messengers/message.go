package messengers

import (
	"time"

	"keypull/pull"
	"keypull/pull/what"
)

// Message is one message within a channel's limits. A part that Limits do not
// ask for is never there.
type Message struct {
	// Subject is the title of the answer, for platforms that show one.
	Subject string `json:"subject,omitempty"`
	// Text is plain, or in the channel's markup as Limits.Markup says.
	Text string `json:"text"`
	// Voice is the text as it is to be spoken: without addresses and signs.
	Voice string `json:"voice,omitempty"`
	// Media are at most one of each type, within Limits.Media, a picture first.
	Media []what.Media `json:"media,omitempty"`
	// Cards are the pictures of pieces that the text tells, by their links.
	Cards []pull.Card `json:"cards,omitempty"`
	// Buttons stand below the text, or Rows where there are too many of them.
	Buttons []pull.Button `json:"buttons,omitempty"`
	Rows    []Row         `json:"rows,omitempty"`
	// Consent is what the reader has just said to the channel's text, for a page that
	// shows it: "given", "refused", or nothing.
	Consent string `json:"consent,omitempty"`
	// Template is what is sent in place of the text: one that the platform has
	// approved.
	Template *Template `json:"template,omitempty"`
}

// Row is an entry of a list to choose from.
type Row struct {
	Label string `json:"label"`
	// Detail is the whole label where that had to be cut.
	Detail string `json:"detail,omitempty"`
	// Send is what choosing it sends.
	Send string `json:"send"`
}

// Template is a text that the platform has approved, by name, with what is
// filled into it.
type Template struct {
	Name     string   `json:"name"`
	Language string   `json:"language"`
	Values   []string `json:"values,omitempty"`
}

// Why is the reason for which a message leaves. Each names an ask that caused
// it: nothing is sent that nobody asked for.
type Why string

// The reasons.
const (
	// Answer is the answer to what the reader just asked.
	Answer Why = "answer"
	// Interim says that the answer follows.
	Interim Why = "interim"
	// Late is the answer after an interim word, or after a response that the
	// answer came too late for.
	Late Why = "late"
	// Later is what the reader ordered for a time, or for when something fails.
	Later Why = "later"
	// Human is what a person of the publisher wrote.
	Human Why = "human"
	// Trial is what an editor sends to try a channel.
	Trial Why = "trial"
	// Staff is what the publisher's own people are told of a conversation that they have with a
	// reader.
	Staff Why = "staff"
)

// Sending is one message on its way to a reader.
type Sending struct {
	Message
	// Rest is what follows it in the same reply, to be sent in the same call, where
	// Limits.Together say that one carries more than a message.
	Rest []Message
	// Address is where Incoming said to answer.
	Address string
	// Key is the idempotency key: the same key is the same message.
	Key string
	Why Why
	// Asked is when the reader last wrote; zero if nobody knows.
	Asked    time.Time
	Language string
	// Quote and Thread are those of the message that it answers.
	Quote  string
	Thread string
	// Reply is the whole that the messages of an answer were made of, with its
	// data: with the first of those that travel in the response, where Limits.Data
	// asks for it.
	Reply *pull.Reply
	// Files go along with it, of at most Limits.Files bytes together.
	Files []Attachment
}

// Attachment is a file that goes along with a message. Link is where it lies, for an account that
// may not bring it.
type Attachment struct {
	Name, Mime, Link string
	Body             []byte
}
