package alarms

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/alarm"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
)

// deliverFor is how long it is tried to bring one notice.
const deliverFor = 20 * time.Second

// deliverNotice brings a notice to an address; why says what kept it from arriving.
func (s *Alarms) deliverNotice(ctx context.Context, a *alarm.Address, n alarm.Notice) (why words.Text) {
	ctx, cancel := context.WithTimeout(ctx, deliverFor)
	defer cancel()
	var err error
	switch a.Way {
	case alarm.Mailbox:
		err = s.postLetter(ctx, a, s.replyOf(a, n), "alarm-"+a.ID+"-"+strconv.Itoa(n.Number))
	case alarm.Webhook:
		err = s.callWebhook(ctx, a, n)
	case alarm.Account:
		err = s.tellAccount(ctx, a, n)
	}
	if err == nil {
		return words.Text{}
	}
	// The platform's own words say more than the name of the fault.
	var failed *messengers.SendError
	if errors.As(err, &failed) && failed.Err != nil {
		err = failed.Err
	}
	return words.Said(err)
}

// errChannel says that the channel of an address is not there, or does not work.
func errChannel() error { return words.Fail(nil, "alarm.no_channel", nil) }

// postLetter sends a mailbox a letter.
func (s *Alarms) postLetter(ctx context.Context, a *alarm.Address, reply pull.Reply, key string) error {
	c := s.channelOf(a)
	if c == nil {
		return errChannel()
	}
	messages := messengers.Shape(reply, c.Limits)
	if len(messages) == 0 {
		return errChannel()
	}
	message := messages[0]
	message.Subject = reply.Blocks[0].Text
	_, err := c.Messenger.Send(ctx, messengers.Sending{Message: message, Address: a.Mailbox, Why: messengers.Later, Language: a.Language, Key: key})
	return err //nolint:wrapcheck // a SendError says what it is
}

// tellAccount puts a notice into the queue of whoever asked for it, where the platform lets
// them be told now. The ask by which they did is its cause.
func (s *Alarms) tellAccount(ctx context.Context, a *alarm.Address, n alarm.Notice) error {
	c, now := s.channelOf(a), s.Clock()
	if c == nil || s.put == nil {
		return errChannel()
	}
	if h := c.Health(); !h.Refused.IsZero() || !h.Why.IsZero() && h.Paused.After(now) {
		return errChannel()
	}
	if !c.Limits.Open(messengers.Later, a.Joined.Wrote, now) {
		return words.Fail(nil, "alarm.window", nil)
	}
	reply := s.replyOf(a, n)
	_, err := s.put(ctx, pull.Entry{Kind: pull.Alarm, Cause: a.Joined.Ask, Reply: &reply, Ask: pull.Ask{
		Publisher: a.Publisher, Channel: c.ID, Reader: a.Reader, At: now,
		Incoming: pull.Incoming{Address: a.Joined.Address, Thread: a.Joined.Thread, Language: a.Language, Sent: a.Joined.Wrote, Greeted: true},
	}}, n.Number)
	return err
}

// hookEvent is what a webhook is told.
type hookEvent struct {
	Type      string      `json:"type"`
	Timestamp time.Time   `json:"timestamp"`
	Data      hookFailure `json:"data"`
}

// hookFailure is what fails, or did.
type hookFailure struct {
	Publisher string        `json:"publisher"`
	Failures  []hookTrouble `json:"failures"`
	Page      string        `json:"page"`
}

// hookTrouble is one thing, with what to do about it.
type hookTrouble struct {
	alarm.Trouble

	Text string `json:"text"`
	Mend string `json:"mend,omitempty"`
}

// callWebhook posts a notice as Standard Webhooks has it.
func (s *Alarms) callWebhook(ctx context.Context, a *alarm.Address, n alarm.Notice) error {
	if a.Secret == "" {
		return words.Fail(nil, "alarm.no_secret", nil)
	}
	told := hookFailure{Publisher: a.Publisher, Failures: []hookTrouble{}, Page: s.Page(a.Publisher)}
	for _, t := range n.Troubles {
		one := hookTrouble{Trouble: t, Text: howText(t.Code, a.Language)}
		if n.Event == alarm.Raised {
			one.Mend = console.MendOf(t.Code, a.Language)
		}
		told.Failures = append(told.Failures, one)
	}
	body, err := json.Marshal(hookEvent{Type: "alarm." + string(n.Event), Timestamp: n.At.UTC(), Data: told})
	if err != nil {
		return fmt.Errorf("write a notice: %w", err)
	}
	id, stamp := "alarm_"+a.ID+"_"+strconv.Itoa(n.Number), strconv.FormatInt(s.Clock().Unix(), 10)
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(a.Secret, secretPrefix))
	if err != nil {
		return fmt.Errorf("read a secret: %w", err)
	}
	const mostAnswered = 64 << 10
	res, err := s.Client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: a.URL, Body: body, MaxBytes: mostAnswered, Redact: a.URL, Single: true,
		Header: map[string]string{
			"Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": outside.WebhookSignature(key, id, stamp, body),
		},
	})
	switch {
	case err != nil:
		return err //nolint:wrapcheck // it says what it is
	case res.Status < http.StatusOK || res.Status >= http.StatusMultipleChoices:
		return words.Fail(nil, "send.answered", words.Args{"status": strconv.Itoa(res.Status)})
	}
	return nil
}

// secretPrefix begins what webhooks are signed with.
const secretPrefix = "whsec_"
