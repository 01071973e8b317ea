package smstwilio

import (
	"context"
	"net/url"
	"time"

	"keypull/web/messengers"
)

const mostDoubts = 1000

// left asks for a message that may have left: its SID where Twilio has it, ""
// where it has not, or does not say.
func (n *Number) left(ctx context.Context, s messengers.Sending) string {
	at := n.doubts.Get(s.Key)
	if at.IsZero() || s.Text == "" {
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
			n.doubts.Drop(s.Key)
			return m.SID
		}
	}
	return ""
}
