package line

import (
	"cmp"
	"context"
	"net/url"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// info is what LINE says of an account: its id for people, and its name.
type info struct {
	ID      string `json:"basicId"`
	Premium string `json:"premiumId"`
	Name    string `json:"displayName"`
}

// ask asks LINE whose account it is.
func (b *bot) ask(ctx context.Context) error {
	var i info
	if err := b.Get(ctx, "/v2/bot/info", &i); err != nil {
		return err
	}
	if i.ID == "" {
		return b.Unclear()
	}
	b.info.Store(&i)
	b.Belongs(own.Text("whose", words.Args{"name": i.Name, "id": i.ID}))
	return nil
}

// SetUp asks for the account's id. Where deliveries go is set by SyncProfile, which the
// operator calls: an account may answer elsewhere until then.
func (b *bot) SetUp(ctx context.Context) error {
	b.Introduce(ctx)
	return nil
}

// Link opens the chat with the words ready to be sent, or the account to be
// followed. There is none before LINE has told the account's id.
func (b *bot) Link(asked string) string {
	i := b.info.Load()
	if i == nil {
		return ""
	}
	id := cmp.Or(i.Premium, i.ID)
	if asked == "" {
		return "https://line.me/R/ti/p/" + url.PathEscape(id)
	}
	return "https://line.me/R/oaMessage/" + url.QueryEscape(id) + "/?" + messengers.Query(asked)
}
