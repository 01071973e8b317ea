package alarm

import (
	"time"

	"keypull/pull/who"
	"keypull/pull/words"
)

// MaxAddresses is how many a publisher may have.
const MaxAddresses = 10

// Way is how an address is told.
type Way string

// The ways.
const (
	// Mailbox is told by letters over a channel of the publisher that sends such.
	Mailbox Way = "mailbox"
	// Webhook is told by signed requests.
	Webhook Way = "webhook"
	// Account is somebody who wrote to a channel of the publisher, and is told there.
	Account Way = "account"
)

// Address is somebody who is told what fails, or a program.
type Address struct {
	ID        string `json:"id"`
	Publisher string `json:"publisher"`
	Way       Way    `json:"way"`
	// Mailbox is a mailbox's address, Channel the channel over which it or an account is
	// told, URL where a webhook is reached and Secret what its requests are signed with.
	Mailbox string `json:"mailbox,omitempty"`
	Channel string `json:"channel,omitempty"`
	URL     string `json:"url,omitempty"`
	Secret  string `json:"secret,omitempty"`
	// Language is what it is told in.
	Language string    `json:"language"`
	Quiet    Quiet     `json:"quiet,omitzero"`
	By       string    `json:"by,omitempty"`
	Made     time.Time `json:"made"`
	// Confirmed is since when it is told: zero until somebody there has said so.
	Confirmed time.Time `json:"confirmed,omitzero"`
	// Proof is the hash of what confirms it, once and before Until.
	Proof []byte    `json:"proof,omitempty"`
	Until time.Time `json:"until,omitzero"`
	// Reader is who an account or a mailbox is on its channel; Joined is what is known of the
	// ask by which an account came to be told: it is the cause of all that it is told.
	Reader who.Key `json:"reader,omitempty"`
	Joined Joined  `json:"joined,omitzero"`
	// Known is what it was told, or is to be, by the keys of troubles; Notices wait to be
	// delivered, of which Number counts all.
	Known   map[string]*Known `json:"known,omitempty"`
	Notices []Notice          `json:"notices,omitempty"`
	Number  int               `json:"number,omitempty"`
	// Failed is since when it can't be told, and Why; zero where it can.
	Failed time.Time  `json:"failed,omitzero"`
	Why    words.Text `json:"why,omitzero"`
	// Told is when it was last told something.
	Told time.Time `json:"told,omitzero"`
}

// Joined is an ask by which somebody wanted to be told, and where the answer goes.
type Joined struct {
	Ask     uint64 `json:"ask"`
	Address string `json:"address"`
	Thread  string `json:"thread,omitempty"`
	// Wrote is when they last wrote, by which platforms count how long they may be told.
	Wrote time.Time `json:"wrote"`
}

// IsTold reports whether it is told what fails.
func (a *Address) IsTold() bool { return !a.Confirmed.IsZero() }

// Quiet are the hours of a day in which nothing is told, in the publisher's zone: from a
// minute since midnight until another. Where both are the same there are none.
type Quiet struct {
	From  int `json:"from"`
	Until int `json:"until"`
}

// Covers reports whether a moment, in the publisher's zone, is in them.
func (q Quiet) Covers(at time.Time) bool {
	const hour = 60
	minute := at.Hour()*hour + at.Minute()
	if q.From <= q.Until {
		return minute >= q.From && minute < q.Until
	}
	return minute >= q.From || minute < q.Until
}

// Text writes the hours as 22:00-07:00; "" where there are none.
func (q Quiet) Text() string {
	if q.From == q.Until {
		return ""
	}
	return clockText(q.From) + "-" + clockText(q.Until)
}

func clockText(minute int) string {
	return time.Date(1, 1, 1, 0, minute, 0, 0, time.UTC).Format("15:04")
}

// ParseQuiet reads what Text writes.
func ParseQuiet(text string) (q Quiet, ok bool) {
	if text == "" {
		return q, true
	}
	const length = len("22:00-07:00")
	if len(text) != length || text[5] != '-' {
		return q, false
	}
	for _, end := range []struct {
		text   string
		minute *int
	}{{text[:5], &q.From}, {text[6:], &q.Until}} {
		at, err := time.Parse("15:04", end.text)
		if err != nil {
			return Quiet{}, false
		}
		*end.minute = at.Hour()*60 + at.Minute() //nolint:mnd // minutes of an hour
	}
	return q, true
}
