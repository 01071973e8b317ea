package meta

import (
	"context"
	"maps"
	"strings"
	"time"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Direct is an account that people write to directly: a page, or an account of
// Instagram. Both get and send the same.
type Direct struct {
	*Graph
	Proof Proof
	// Object is what its deliveries are about, Own what Meta calls the account.
	Object, Own string
}

// Window is for how long after a reader's last message Meta takes answers; those
// of a person of the publisher for some days more.
const Window = 24 * time.Hour

// HumanWindow is for how long after it a person may write, as HUMAN_AGENT.
const HumanWindow = 7 * 24 * time.Hour

// Account returns what Meta calls the account.
func (d *Direct) Account() string { return d.Own }

// Receive reads what is for this account.
func (d *Direct) Receive(_ context.Context, of messengers.Delivery) (messengers.Receipt, error) {
	r, proven := d.Proof.Judge(of)
	if !proven {
		return r, nil
	}
	e, _ := Read(of.Body)
	if e.Object != d.Object {
		return r, nil
	}
	for _, entry := range e.Entries {
		if string(entry.ID) != d.Own {
			continue
		}
		for _, raw := range entry.events() {
			var one event
			if Decode(raw, &one) {
				one.read(d.Own, &r)
			}
		}
	}
	return r, nil
}

// body is that of a request (Send API), or a part of one.
type body map[string]any

// reason returns what Meta wants to be told: what answers at once, what comes a
// little later, and what a person wrote after the window.
func (d *Direct) reason(s messengers.Sending) (kind, tag string) {
	switch s.Why {
	case messengers.Late, messengers.Later:
		return "UPDATE", ""
	case messengers.Human:
		if !s.Asked.IsZero() && d.Clock().Sub(s.Asked) > Window {
			return "MESSAGE_TAG", "HUMAN_AGENT"
		}
	case messengers.Answer, messengers.Interim, messengers.Trial:
	}
	return "RESPONSE", ""
}

// bodies returns the requests of a message: one for each medium, which has no words
// beside it, then the text; what can be pressed stands below the last.
func (d *Direct) bodies(s messengers.Sending) []Step {
	frame := body{"recipient": body{"id": s.Address}}
	kind, tag := d.reason(s)
	if frame["messaging_type"] = kind; tag != "" {
		frame["tag"] = tag
	}
	message := func(content body) body {
		all := maps.Clone(frame)
		all["message"] = content
		return all
	}
	var steps []Step
	for _, m := range s.Media {
		attached := body{"attachment": body{"type": types[m.Type], "payload": body{"url": m.URL}}}
		steps = append(steps, Step{Path: messagesPath, Body: message(attached), Instead: message(body{"text": Linked(m.Alt, m.URL)})})
	}
	if s.Text != "" {
		steps = append(steps, Step{Path: messagesPath, Body: message(body{"text": s.Text})})
	}
	if len(steps) == 0 {
		return nil
	}
	var quick []body
	for _, b := range s.Buttons {
		if b.Send != "" {
			quick = append(quick, body{"content_type": "text", "title": b.Label, "payload": b.Send})
		}
	}
	for _, last := range []any{steps[len(steps)-1].Body, steps[len(steps)-1].Instead} {
		if of, ok := last.(body); ok && quick != nil {
			of["message"].(body)["quick_replies"] = quick
		}
	}
	return steps
}

const messagesPath = "/me/messages"

// Linked returns an address as a line of text, behind what it is, unless that is long.
func Linked(label, url string) string {
	const long = 200
	if label == "" || len(label) > long {
		return url
	}
	return label + ": " + url
}

// Send sends one message.
func (d *Direct) Send(ctx context.Context, s messengers.Sending) (string, error) {
	steps := d.bodies(s)
	if len(steps) == 0 || s.Address == "" {
		return "", Empty()
	}
	return d.Deliver(ctx, s.Key, steps)
}

// Empty returns a message that there is nothing of to send, or nobody to send it to.
func Empty() error {
	return &messengers.SendError{Fault: messengers.Permanent, Err: &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_text", nil)}}
}

// Wire returns the body of the last request that Send would make: that with the text.
func (d *Direct) Wire(s messengers.Sending) ([]byte, error) {
	steps := d.bodies(s)
	if len(steps) == 0 {
		return nil, &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_text", nil)}
	}
	return Last(steps), nil
}

// Before returns the bodies of the requests that Send would make before that.
func (d *Direct) Before(s messengers.Sending) [][]byte { return Before(d.bodies(s)) }

// Type shows that an answer is being written: for 20 seconds, or until it is
// there.
func (d *Direct) Type(ctx context.Context, s messengers.Sending) error {
	return d.Post(ctx, messagesPath, body{"recipient": body{"id": s.Address}, "sender_action": "typing_on"}, nil)
}

// Answers asks whether the API is there.
func (d *Direct) Answers(ctx context.Context) error {
	return httpapi.Heard(d.Get(ctx, "/me", nil, nil))
}

// Identify takes the id of a person as Meta tells it to this account: digits.
func (*Direct) Identify(typed string) (string, bool) {
	return typed, typed != "" && len(typed) <= 64 && strings.Trim(typed, "0123456789") == ""
}
