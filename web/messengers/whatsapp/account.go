package whatsapp

import (
	"context"
	"net/url"

	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// d360Hook is where 360dialog keeps the address that it delivers to.
const d360Hook = "/v1/configs/webhook"

// ask asks Meta what the number is called; 360dialog, whether it knows the key.
func (n *number) ask(ctx context.Context) error {
	if n.Auth == d360 {
		return n.Get(ctx, d360Hook, nil, nil)
	}
	var me struct {
		Number string `json:"display_phone_number"`
		Title  string `json:"verified_name"`
	}
	if err := n.Get(ctx, n.path, url.Values{"fields": {"display_phone_number,verified_name"}}, &me); err != nil {
		return err
	}
	n.learn(me.Number)
	if phone := n.phone.Load(); phone != nil {
		n.Belongs(own.Text("whose", words.Args{"number": "+" + *phone, "title": me.Title}))
	}
	return nil
}

// Introduce asks what the number is called, unless that is known.
func (n *number) Introduce(ctx context.Context) {
	if n.phone.Load() == nil {
		_ = n.ask(ctx)
	}
}

// learn keeps the number itself.
func (n *number) learn(typed string) {
	number := digits(typed)
	if known := n.phone.Load(); number != "" && (known == nil || *known != number) {
		n.phone.Store(&number)
	}
}

// learned keeps what a delivery tells of the number.
func (n *number) learned(business meta.Word, u update) {
	if n.Number == "" {
		n.learn(string(u.Metadata.Number))
	}
	if id := string(business); n.business.Load() == nil && id != "" {
		n.business.Store(&id)
	}
}

// Link opens a conversation with the words ready to be sent. There is none before
// the number is known.
func (n *number) Link(asked string) string {
	phone := n.phone.Load()
	if phone == nil {
		return ""
	}
	link := "https://wa.me/" + *phone
	if asked == "" {
		return link
	}
	return link + "?text=" + messengers.Query(asked)
}

// SyncProfile compares and puts right where deliveries go, and what readers see before
// they write.
func (n *number) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	if err := meta.Public(n.hook); err != nil {
		return nil, err
	}
	if n.Auth == d360 {
		return n.Sync(ctx, mend, n.hookedAt360)
	}
	return n.Sync(ctx, mend, n.hooked, n.subscribed, n.profiled(f), n.prompted(f))
}
