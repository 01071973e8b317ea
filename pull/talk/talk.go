// Package talk holds what is kept of a reader's conversation with people of a publisher: who
// said what, and how far it has been brought.
//
// It stores and sends nothing itself. Who answers a reader is in the reader's own document;
// what stands here follows it.
package talk

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/request"
	"keypull/pull/what"
	"keypull/pull/who"
)

// Limits of what is kept of a conversation.
const (
	// MaxLines and MaxBytes are how much of it is kept; the oldest goes first.
	MaxLines = 200
	MaxBytes = 64 << 10
	// MaxWaiting is how much of it is kept while it has still to go somewhere.
	MaxWaiting = 512 << 10
	// MaxText is how long one text may be, in characters; what a reader wrote is cut there.
	MaxText = 4000
	// mostBot is how much of an answer of the service's own is kept.
	mostBot = 400
	// Kept is for how long it is kept after its last line.
	Kept = 30 * 24 * time.Hour
	// StaffedFor is for how long a publisher counts as one whose people answer readers after one
	// of them has.
	StaffedFor = 7 * 24 * time.Hour
)

// State says how a conversation stands.
type State string

// The states.
const (
	// Waiting: the reader waits for a person, also for one who fell silent, or in vain. Left: one
	// left a message while nobody was there.
	Waiting State = "waiting"
	Left    State = "left"
	// Person: a person is in charge. Requested: a request of the reader is open. Over: the service
	// answers again.
	Person    State = "person"
	Requested State = "request"
	Over      State = "over"
)

// Head is what can be known of a conversation without opening it.
type Head struct {
	Reader  who.Key  `json:"reader"`
	Channel string   `json:"channel"`
	Mode    who.Mode `json:"mode,omitempty"`
	// Talk is the reader's own, as it stood last.
	who.Talk

	// Wrote is when the reader wrote last; Waits is since when nobody has answered, zero where
	// somebody has.
	Wrote time.Time `json:"wrote,omitzero"`
	Waits time.Time `json:"waits,omitzero"`
	// Last is when the last line came, and Lines the number of it.
	Last  time.Time `json:"last"`
	Lines int       `json:"lines"`
	// Unput: something that a person wrote has not reached the reader's queue yet.
	Unput bool `json:"unput,omitempty"`
	// Uncarried: something has not been carried to the publisher's bridge yet; Bridged is how the
	// conversation stands there, nil where nothing was.
	Uncarried bool     `json:"uncarried,omitempty"`
	Bridged   *Bridged `json:"bridged,omitempty"`
	// Requests are the reader's, as they stand.
	Requests []request.Head `json:"requests,omitempty"`
	// Unfetched: a file is to be fetched still; Held are those that are kept.
	Unfetched bool   `json:"unfetched,omitempty"`
	Held      []Held `json:"held,omitempty"`
	// Renewed is when what was said was sealed last.
	Renewed time.Time `json:"renewed,omitzero"`
}

// Publisher returns whose reader it is.
func (h *Head) Publisher() string {
	publisher, _, _ := strings.Cut(string(h.Reader), ".")
	return publisher
}

// ID returns what the conversation is called: the reader's pseudonym.
func (h *Head) ID() string {
	_, id, _ := strings.Cut(string(h.Reader), ".")
	return id
}

// StateAt returns how the conversation stands at a moment.
func (h *Head) StateAt(at time.Time) State {
	switch {
	case h.Over:
	case h.Mode == who.Human && !h.HasLapsed(h.Mode, at):
		return Person
	case h.Mode == who.Waiting, h.Mode == who.Human && !h.Waits.IsZero():
		return Waiting
	case !h.Waits.IsZero():
		return Left
	}
	if slices.ContainsFunc(h.Requests, func(r request.Head) bool { return r.Open() }) {
		return Requested
	}
	return Over
}

// WaitsSince returns since when nobody has answered, or looked at a request; zero where somebody
// has.
func (h *Head) WaitsSince() time.Time {
	since := h.Waits
	for _, r := range h.Requests {
		if r.State == request.Received && (since.IsZero() || r.At.Before(since)) {
			since = r.At
		}
	}
	return since
}

// Ends returns until when the conversation is kept.
func (h *Head) Ends() time.Time {
	ends := h.Last.Add(Kept)
	for _, r := range h.Requests {
		if until := r.Ends(); until.After(ends) {
			ends = until
		}
	}
	return ends
}

// From says whose a line is.
type From string

// Whose lines are.
const (
	Reader From = "reader"
	Bot    From = "bot"
	Staff  From = "person"
	// Note is for the publisher's people alone.
	Note From = "note"
)

// Line is something that was said.
type Line struct {
	Number int       `json:"n"`
	From   From      `json:"from"`
	At     time.Time `json:"at"`
	Text   string    `json:"text,omitempty"`
	// Attached is what came with it that no file is of, such as a contact. Files are the others.
	Attached []what.MediaType `json:"attached,omitempty"`
	Files    []File           `json:"files,omitempty"`
	// Ask is what a line of the reader or of the service belongs to; By is whose a line of the
	// publisher's people is, and Key what it was handed in with, so that it counts once.
	Ask uint64 `json:"ask,omitempty"`
	By  string `json:"by,omitempty"`
	Key string `json:"key,omitempty"`
	// Began is what began the conversation, where this line did.
	Began pull.Began `json:"began,omitempty"`
	// Unput: it has not reached the reader's queue yet. Uncarried: the publisher's bridge has not
	// got it yet.
	Unput     bool `json:"unput,omitempty"`
	Uncarried bool `json:"uncarried,omitempty"`
}

// waits reports whether a line has still to go somewhere.
func (l *Line) waits() bool { return l.Unput || l.Uncarried }

// Incomplete reports whether a file of it is to be fetched before it goes anywhere.
func (l *Line) Incomplete() bool {
	return slices.ContainsFunc(l.Files, func(f File) bool { return f.Unfetched() })
}

// Talk is a conversation.
type Talk struct {
	Head
	Inside
}

// Inside is what of it is sealed.
type Inside struct {
	// Address and Platform are where what is written to the reader goes, Language what the reader
	// is answered in.
	Address  string `json:"address,omitempty"`
	Platform string `json:"platform_thread,omitempty"`
	Language string `json:"language,omitempty"`
	Said     []Line `json:"said,omitempty"`
	// Filed are the reader's requests, the latest last.
	Filed []request.Request `json:"requests_filed,omitempty"`
}

// Note takes down what of an ask a person is told, and what the service answered; once for each
// ask. With carry, the publisher's bridge is to have it; token draws one for each of its files.
func (t *Talk) Note(a *pull.Ask, o *pull.Resolved, carry bool, token func() string) {
	t.Reader, t.Channel, t.Mode = a.Reader, a.Channel, o.Reader.Mode
	if o.Reader.Talk != nil {
		t.Talk = *o.Reader.Talk
	} else {
		t.Over = true
	}
	t.Address, t.Platform, t.Wrote = a.Address, a.Thread, a.Written()
	if o.Reply != nil {
		t.Language = o.Reply.Language
	} else if t.Language == "" {
		t.Language = a.Language
	}
	var before []File
	t.Said = slices.DeleteFunc(t.Said, func(l Line) bool {
		same := l.Ask == a.ID && l.Ask != 0
		carry = carry && (!same || l.Uncarried)
		if same {
			before = append(before, l.Files...)
		}
		return same
	})
	h := o.Handed
	if text := clip(h.Said, MaxText); text != "" || len(h.Attached) > 0 || h.Began != "" {
		l := Line{From: Reader, At: a.At, Text: text, Ask: a.ID, Began: h.Began, Uncarried: carry}
		if l.Attach(h.Attached, token); len(before) > 0 {
			l.Files = before
		}
		t.appendLine(l)
	}
	if text := clip(TextOf(o.Reply), mostBot); text != "" {
		t.appendLine(Line{From: Bot, At: a.At, Text: text, Ask: a.ID, Uncarried: carry})
	}
	if h.Request != nil {
		t.File(*h.Request)
	}
	switch {
	case t.Over:
		t.Waits = time.Time{}
	case t.Waits.IsZero() && (h.Request == nil || t.Mode != who.Bot): // a request waits by itself
		t.Waits = a.At
	}
}

// Attach notes what came with a line, as files that are to be fetched where that is possible.
func (l *Line) Attach(all []what.Media, token func() string) {
	for _, m := range all {
		if m.Ref == "" && m.URL == "" || m.Type == what.Contact {
			l.Attached = append(l.Attached, m.Type)
			continue
		}
		f := File{Token: token(), Type: m.Type, Name: cmp.Or(m.Name, m.Alt), Bytes: m.Bytes, From: m}
		switch {
		case len(l.Files) >= MaxFiles:
			f.Lost, f.From = "file.many", what.Media{}
		case m.Bytes > MaxFile:
			f.Lost, f.From = "file.large", what.Media{}
		}
		l.Files = append(l.Files, f)
	}
}

// Write takes down what a person of the publisher wrote to the reader, or for the others; false
// where that was handed in before.
func (t *Talk) Write(l Line) bool {
	if l.Key != "" && slices.ContainsFunc(t.Said, func(o Line) bool { return o.Key == l.Key && o.From == l.From }) {
		return false
	}
	if l.From == Staff {
		l.Unput, t.Unput = true, true
		t.Waits, t.Heard = time.Time{}, l.At
	}
	t.appendLine(l)
	return true
}

// appendLine adds a line.
func (t *Talk) appendLine(l Line) {
	t.Lines++
	l.Number = t.Lines
	t.Uncarried = t.Uncarried || l.Uncarried
	t.Unfetched = t.Unfetched || l.Incomplete()
	if l.At.After(t.Last) {
		t.Last = l.At
	}
	t.Said = append(t.Said, l)
	t.dropLines()
}

// dropLines drops what is too much, from the beginning, but for what has not arrived.
func (t *Talk) dropLines() {
	bytes := 0
	for i := range t.Said {
		bytes += len(t.Said[i].Text)
	}
	for len(t.Said) > 1 && (len(t.Said) > MaxLines || bytes > MaxBytes) && (!t.Said[0].waits() || bytes > MaxWaiting) {
		bytes -= len(t.Said[0].Text)
		t.Said = t.Said[1:]
	}
}

// Turned notes who answers the reader by now.
func (t *Talk) Turned(r who.Reader) {
	if t.Mode = r.Mode; r.Talk != nil {
		t.Talk = *r.Talk
	}
	if t.Over {
		t.Waits = time.Time{}
	}
}

// TextOf returns a reply as lines of text.
func TextOf(r *pull.Reply) string {
	if r == nil {
		return ""
	}
	var lines []string
	for _, b := range r.Blocks {
		for _, text := range append([]string{b.Text}, b.Lines...) {
			if text = strings.TrimSpace(text); text != "" {
				lines = append(lines, text)
			}
		}
		for _, f := range b.Facts {
			lines = append(lines, f.Label+": "+f.Value)
		}
	}
	return strings.Join(lines, "\n")
}

// clip returns the beginning of a text.
func clip(s string, runes int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes-1]) + "…"
}
