package whatsapp

import (
	"context"
	"regexp"
	"strings"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// Send sends one message.
func (n *number) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if !named(s.Address) {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_reader", nil)}}
	}
	steps := n.bodies(s)
	if len(steps) == 0 {
		return "", meta.Empty()
	}
	return n.Deliver(ctx, s.Key, steps)
}

// Wire returns the body of the first request that Send would make.
func (n *number) Wire(s messengers.Sending) ([]byte, error) {
	steps := n.bodies(s)
	if len(steps) == 0 {
		return nil, &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_reader", nil)}
	}
	return meta.Last(steps), nil
}

// Before returns the bodies of the requests that Send would make before that.
func (n *number) Before(s messengers.Sending) [][]byte { return meta.Before(n.bodies(s)) }

// Type marks what was asked as read, and shows that an answer is being written:
// for 25 seconds, or until it is there.
func (n *number) Type(ctx context.Context, s messengers.Sending) error {
	if s.Quote == "" {
		return nil
	}
	return n.Post(ctx, n.path+"/messages", map[string]any{
		"messaging_product": "whatsapp", "status": "read", "message_id": s.Quote, "typing_indicator": map[string]string{"type": "text"},
	}, nil)
}

// businessID is how a business calls somebody who shows it no number: a country
// and letters.
var businessID = regexp.MustCompile(`^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$`)

// named tells whether an address is one that Receive makes.
func named(address string) bool {
	if group, in := strings.CutPrefix(address, groupPrefix); in {
		return group != ""
	}
	return isPhone(address) || businessID.MatchString(address)
}

func isPhone(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// digits returns a telephone number as WhatsApp writes it, or empty if it is none.
func digits(typed string) string {
	number, ok := messengers.Phone(typed, "")
	if !ok {
		return ""
	}
	return strings.TrimPrefix(number, "+")
}

// Identify takes a telephone number in any spelling, the id of somebody who shows
// none, and the address of a group.
func (*number) Identify(typed string) (string, bool) {
	if businessID.MatchString(typed) || strings.HasPrefix(typed, groupPrefix) && named(typed) {
		return typed, true
	}
	number := digits(typed)
	return number, number != ""
}
