package smstwilio

import (
	"context"

	"keypull/web/messengers"
)

// Prove tells that an account is on trial: it then writes only to numbers that
// somebody has verified in Twilio's console.
func (n *Number) Prove(ctx context.Context) ([]messengers.Doubt, error) {
	var account struct {
		Type string `json:"type"`
	}
	if err := n.Get(ctx, ".json", &account); err != nil {
		return nil, n.Tried(err)
	}
	if account.Type != "Trial" {
		return nil, nil
	}
	return []messengers.Doubt{{Step: messengers.StepAnswered, Soon: true, Said: own.Text("trial", nil)}}, nil
}
