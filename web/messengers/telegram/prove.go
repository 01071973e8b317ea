package telegram

import (
	"context"
	"time"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// errorsFor is for how long a failed delivery is told of that was made up for.
const errorsFor = 24 * time.Hour

// Prove tells why Telegram could not bring updates to the webhook last.
func (b *Bot) Prove(ctx context.Context) ([]messengers.Doubt, error) {
	var has struct {
		URL     string `json:"url"`
		Pending int    `json:"pending_update_count"`
		At      int64  `json:"last_error_date"`
		Said    string `json:"last_error_message"`
	}
	if err := b.Post(ctx, "/getWebhookInfo", struct{}{}, &has); err != nil {
		return nil, b.Tried(err)
	}
	at := time.Unix(has.At, 0)
	if has.URL != b.hook || has.At == 0 || has.Pending == 0 && b.Clock().Sub(at) > errorsFor {
		return nil, nil
	}
	return []messengers.Doubt{{Step: messengers.StepReach, Soon: has.Pending == 0, Said: own.Text("not_brought", words.Args{
		"moment": at.UTC().Format("2006-01-02 15:04"), "said": has.Said, "waiting": has.Pending,
	})}}, nil
}
