package whatsapp

import (
	"context"
	"net/url"

	"keypull/web/messengers"
)

// Prove tells what Meta says of the token, and whether the number is one to try with,
// which only listed readers get answers from.
func (n *number) Prove(ctx context.Context) ([]messengers.Doubt, error) {
	if n.Auth == d360 {
		return nil, n.Tried(n.ask(ctx))
	}
	found, err := n.ProveToken(ctx, "whatsapp_business_messaging", "whatsapp_business_management")
	if err != nil {
		return nil, err
	}
	var told struct {
		Mode string `json:"account_mode"`
	}
	if err := n.Get(ctx, n.path, url.Values{"fields": {"account_mode"}}, &told); err != nil {
		return found, n.Tried(err)
	}
	if told.Mode == "SANDBOX" {
		found = append(found, messengers.Doubt{Step: messengers.StepAnswered, Soon: true, Said: own.Text("test_number", nil)})
	}
	return found, nil
}
