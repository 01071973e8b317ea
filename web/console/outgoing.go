package console

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/words"
)

// OutgoingStore holds what is kept of messages.
type OutgoingStore interface {
	// Outgoing returns up to limit messages of a publisher from a place on. Since kept
	// every record is there.
	Outgoing(ctx context.Context, publisher string, from pipeline.OutgoingPlace, limit int, kept time.Time) (pipeline.OutgoingPage, error)
}

// Outgoing is what "send.list" works with.
type Outgoing struct {
	Catalogue Catalogue
	Held      OutgoingStore
	Clock     func() time.Time
	// Kept is for how long records are.
	Kept time.Duration
}

// SendList is the input of "send.list".
type SendList struct {
	Of
	Page
	Latest bool `json:"latest,omitempty" query:"latest" doc:"Begin with the last message and go back."`
}

// SendsListed is the output.
type SendsListed struct {
	Sends []SendEntry `json:"sends"`
	Next  string      `json:"next,omitempty" doc:"The cursor of what follows, also where this page is empty."`
}

// SendEntry is a message and what caused it, without its reader and its words.
type SendEntry struct {
	Ask       uint64        `json:"ask" doc:"Number of the ask, or of what it caused."`
	Publisher string        `json:"publisher"`
	Channel   string        `json:"channel"`
	Kind      string        `json:"kind" enum:"asked,form,later,owed,late,human,alarm" doc:"asked answers a message; form a step of a form; later was ordered for a time; owed could not be answered when it was asked; late follows an answer that promised it; human is what a person wrote; alarm tells somebody of the publisher what fails, who asked for that."`
	Cause     uint64        `json:"cause,omitempty" doc:"The ask that caused it: itself, where it answers one; missing where no more than a count is kept."`
	CauseKept bool          `json:"cause_kept" doc:"The record of its cause is kept still."`
	At        time.Time     `json:"at"`
	Fate      pipeline.Fate `json:"fate,omitempty" doc:"sent, handed, gone, dead, discarded or folded; missing where it has not left."`
	Orphan    bool          `json:"orphan" doc:"It names nothing of this publisher that can have caused it."`
}

// ListSends is the operation "send.list".
var ListSends = Declare[SendList, SendsListed](Declaration{
	Name: "send.list", Permission: Own, Method: http.MethodGet, Path: "/publishers/{publisher}/sends",
	Summary: "List the messages to readers that are kept, and the ask that caused each.",
	Help:    "They are kept for 30 days. Nothing is told of readers, nor of what they wrote or were told.",
})

// Operation returns it.
func (o Outgoing) Operation() Bound { return ListSends.Bind(o.listSends) }

func (o Outgoing) listSends(ctx context.Context, in SendList) (SendsListed, error) {
	out := SendsListed{Sends: []SendEntry{}}
	if _, err := publisherOf(o.Catalogue, in.Publisher); err != nil {
		return out, err
	}
	from, limit, err := in.place()
	if err != nil {
		return out, err
	}
	page, err := o.Held.Outgoing(ctx, in.Publisher, from, limit, o.Clock().Add(-o.Kept))
	if err != nil {
		return out, err
	}
	for _, m := range page.Messages {
		out.Sends = append(out.Sends, SendEntry{
			Ask: m.Ask, Publisher: in.Publisher, Channel: m.Channel, Kind: cmp.Or(string(m.Kind), "asked"), Cause: m.Cause, CauseKept: m.CauseKept,
			At: m.At.UTC(), Fate: m.Fate, Orphan: m.Orphan,
		})
	}
	if page.More {
		out.Next = base64.RawURLEncoding.EncodeToString([]byte(cursorOfPlace(page.Next)))
	}
	return out, nil
}

// What begins a cursor: that it goes back, and that no more than a count is kept of what
// follows.
const (
	backMark    = "b"
	countedMark = "c"
)

func cursorOfPlace(p pipeline.OutgoingPlace) string {
	mark := ""
	if p.Back {
		mark += backMark
	}
	if p.Counted {
		mark += countedMark
	}
	return mark + strconv.FormatUint(p.Position, 10)
}

// place returns where the page begins and how long it is.
func (in SendList) place() (from pipeline.OutgoingPlace, limit int, err error) {
	if in.Latest {
		from = pipeline.LastOutgoing()
	}
	var wrong error
	l, err := in.startListing(func(last string) int {
		last, from.Back = strings.CutPrefix(last, backMark)
		last, from.Counted = strings.CutPrefix(last, countedMark)
		from.Position, wrong = strconv.ParseUint(last, 10, 64)
		return 0
	})
	if err == nil && wrong != nil {
		err = &pull.Error{Kind: pull.Invalid, Field: "cursor", Hint: words.Text{Key: "refusal.cursor"}, Err: wrong}
	}
	if err != nil {
		return from, 0, err
	}
	return from, l.limit, nil
}
