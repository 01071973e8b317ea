package smstwilio

import (
	"context"
	"net/url"
	"sync"
	"time"

	"keypull/web/messengers"
)

// doubts are the keys of messages whose requests left and were not answered, and
// when. Twilio drops no repeated message, and can be asked what it has.
type doubts struct {
	mu sync.Mutex
	of map[string]time.Time
}

const mostDoubts = 1000

func (d *doubts) add(key string, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of == nil || len(d.of) >= mostDoubts {
		d.of = map[string]time.Time{}
	}
	if _, known := d.of[key]; !known {
		d.of[key] = at
	}
}

func (d *doubts) drop(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.of, key)
}

// since returns when a message may first have left.
func (d *doubts) since(key string) (time.Time, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, ok := d.of[key]
	return at, ok
}

// left asks for a message that may have left: its SID where Twilio has it, ""
// where it has not, or does not say.
func (n *Number) left(ctx context.Context, s messengers.Sending) string {
	at, doubtful := n.doubts.since(s.Key)
	if !doubtful || s.Text == "" {
		return ""
	}
	query := url.Values{"To": {s.Address}, "DateSent>": {at.UTC().AddDate(0, 0, -1).Format(time.DateOnly)}, "PageSize": {"20"}}
	var page struct {
		Messages []struct {
			SID  string `json:"sid"`
			Body string `json:"body"`
			Made string `json:"date_created"`
		} `json:"messages"`
	}
	if n.Get(ctx, "/Messages.json?"+query.Encode(), &page) != nil {
		return ""
	}
	const slack = 2 * time.Minute // between their clock and ours
	for _, m := range page.Messages {
		made, err := time.Parse(time.RFC1123Z, m.Made)
		if err == nil && m.Body == s.Text && made.After(at.Add(-slack)) {
			n.doubts.drop(s.Key)
			return m.SID
		}
	}
	return ""
}
