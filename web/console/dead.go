package console

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
)

// DeadLetters keeps dead letters: what could not be brought to readers.
type DeadLetters interface {
	// List returns up to limit letters, the oldest ask first, behind the ask
	// after, of one channel unless that is ""; more says that others follow.
	List(ctx context.Context, publisher, channel string, after uint64, limit int) (letters []pipeline.DeadLetter, more bool, err error)
	// Queue marks a letter to be sent again and says whether it was not marked
	// already; pull.Invalid where it may not be, pull.Unknown where it is not
	// there. Unqueue takes the mark back.
	Queue(ctx context.Context, publisher string, ask uint64) (newly bool, err error)
	Unqueue(ctx context.Context, publisher string, ask uint64) error
	// Counts are how many there are by channel.
	Counts(ctx context.Context, publisher string) (map[string]int, error)
	// Dropped is how many went since the start because there were too many.
	Dropped(publisher string) int
}

// DeadLetterOps is what "dead.list", "dead.resend" and "dead.release" work with.
type DeadLetterOps struct {
	Catalogue Catalogue
	Letters   DeadLetters
	// Resend hands a letter that has just been queued to the running service,
	// which brings it to the reader's line and returns at once. Nil where none
	// runs: what is queued is then sent by the next start.
	Resend func(ctx context.Context, publisher string, ask uint64) error
}

// DeadList is the input of "dead.list".
type DeadList struct {
	Of
	Channel string `json:"channel,omitempty" query:"channel" doc:"Id of a channel, to list its letters alone."`
	Page
}

// DeadListed is the output.
type DeadListed struct {
	Dead     []DeadEntry `json:"dead"`
	Next     string      `json:"next,omitempty"`
	Channels []DeadCount `json:"channels" doc:"How many there are of each channel that has any."`
	Dropped  int         `json:"dropped" doc:"How many of the oldest went since the start, because their channel had more than are kept."`
}

// DeadEntry is a dead letter.
type DeadEntry struct {
	Ask     uint64         `json:"ask" doc:"Number of the ask, by which it is sent again."`
	Channel string         `json:"channel"`
	Reader  who.Key        `json:"reader" doc:"The reader's pseudonym."`
	Asked   time.Time      `json:"asked" doc:"When the reader asked."`
	Since   time.Time      `json:"since" doc:"When it was given up."`
	Why     string         `json:"why" doc:"Why it could not be sent, or what ended while the ask was answered."`
	Text    string         `json:"text" doc:"What the reader was to be told; empty where the ask was never answered, or nothing of it is kept."`
	Queued  bool           `json:"queued,omitempty" doc:"It is on its way again, or is sent at the next start."`
	Ended   bool           `json:"ended,omitempty" doc:"Answering it ended the process: it is not answered again, and the reader can ask anew."`
	Lost    bool           `json:"lost,omitempty" doc:"Nothing of the ask can be read any more, or the reader has not agreed that anything is kept: it can't be sent again."`
	Trace   *journal.Trace `json:"trace,omitempty" doc:"How far the ask got, without the reader's words."`
}

// DeadCount is how many dead letters a channel has.
type DeadCount struct {
	Channel string `json:"channel"`
	Letters int    `json:"letters"`
}

// The operations dead.*.
var (
	ListDead = Declare[DeadList, DeadListed](Declaration{
		Name: "dead.list", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/dead",
		Summary: "List the answers that could not be brought to readers, and asks that could not be answered, the oldest first.",
		Help:    "They are kept for 30 days, and up to 10,000 of a channel.",
	})

	ResendDead = Declare[DeadOf, DeadResent](Declaration{
		Name: "dead.resend", Permission: Write, Audit: true, Method: http.MethodPost, Path: "/publishers/{publisher}/dead/{ask}/resend",
		Summary: "Send a dead letter again; it stays listed, as queued, until it has left.",
		Help:    "Refused for readers who have said STOP, or whom the platform reaches no more.",
	})

	ReleaseDead = Declare[DeadRelease, DeadResent](Declaration{
		Name: "dead.release", Permission: Write, Audit: true, Slow: true, Method: http.MethodPost,
		Path:    "/publishers/{publisher}/channels/{channel}/dead/resend",
		Summary: "Send all dead letters of a channel again, each reader's in the order of the asks.",
		Help:    "Those that may not be sent are left as they are, and counted.",
	})
)

// Operations returns them.
func (d DeadLetterOps) Operations() []Bound {
	return []Bound{
		ListDead.Bind(d.listDead),
		ResendDead.Bind(d.resendLetter),
		ReleaseDead.Bind(d.releaseChannel),
	}
}

func (d DeadLetterOps) listDead(ctx context.Context, in DeadList) (DeadListed, error) {
	out := DeadListed{Dead: []DeadEntry{}, Channels: []DeadCount{}}
	if _, err := publisherOf(d.Catalogue, in.Publisher); err != nil {
		return out, err
	}
	after, limit, err := in.position()
	if err != nil {
		return out, err
	}
	letters, more, err := d.Letters.List(ctx, in.Publisher, in.Channel, after, limit)
	if err != nil {
		return out, err
	}
	for i := range letters {
		out.Dead = append(out.Dead, deadEntry(&letters[i], CallerLanguage(ctx)))
	}
	if more {
		out.Next = base64.RawURLEncoding.EncodeToString(strconv.AppendUint(nil, letters[len(letters)-1].Ask, 10))
	}
	counts, err := d.Letters.Counts(ctx, in.Publisher)
	for channel, n := range counts {
		out.Channels = append(out.Channels, DeadCount{channel, n})
	}
	slices.SortFunc(out.Channels, func(a, b DeadCount) int { return strings.Compare(a.Channel, b.Channel) })
	out.Dropped = d.Letters.Dropped(in.Publisher)
	return out, err
}

// position returns where the page begins and how long it is.
func (in DeadList) position() (after uint64, limit int, err error) {
	var wrong error
	l, err := in.startListing(func(last string) int {
		after, wrong = strconv.ParseUint(last, 10, 64)
		return 0
	})
	if err != nil {
		return 0, 0, err
	}
	if wrong != nil {
		return 0, 0, &pull.Error{Kind: pull.Invalid, Field: "cursor", Hint: words.Text{Key: "refusal.cursor"}, Err: wrong}
	}
	return after, l.limit, nil
}

// deadEntry leaves the reader's words out of the trace.
func deadEntry(l *pipeline.DeadLetter, language string) DeadEntry {
	e := DeadEntry{
		Ask: l.Ask, Channel: l.Channel, Reader: l.Reader, Asked: l.At, Since: l.Since, Why: l.Why.In(language), Text: l.Text, Queued: l.Queued, Ended: l.Ended, Lost: l.Lost,
	}
	if l.Trace != nil {
		t := l.Trace.Wordless()
		e.Trace = &t
	}
	return e
}
