package viber

import (
	"context"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// info is what Viber says of an account: how links call it, its name, and where
// deliveries go.
type info struct {
	URI    string   `json:"uri"`
	Name   string   `json:"name"`
	Hook   string   `json:"webhook"`
	Events []string `json:"event_types"`
}

// events returns those that we are told of.
func events() []string {
	return []string{"delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"}
}

// ask asks Viber whose token it is.
func (b *bot) ask(ctx context.Context) error {
	var i info
	if err := b.Post(ctx, "/get_account_info", struct{}{}, &i); err != nil {
		return err
	}
	b.info.Store(&i)
	b.Belongs(own.Text("whose", words.Args{"name": i.Name, "uri": i.URI}))
	return nil
}

// SetUp tells Viber where to bring events. Viber calls that address before it
// answers, so the server must be there.
func (b *bot) SetUp(ctx context.Context) error {
	b.Introduce(ctx)
	return b.tell(ctx)
}

// tell sets the webhook. What readers are called and look like is not asked for.
func (b *bot) tell(ctx context.Context) error {
	if !strings.HasPrefix(b.hook, "https://") {
		return messengers.Invalid(own.Text("no_https", nil))
	}
	body := map[string]any{"url": b.hook, "event_types": events(), "send_name": false, "send_photo": false}
	err := b.Post(ctx, "/set_webhook", body, nil)
	if no, refused := httpapi.Refused(err); refused && no.Code == "1" {
		return &pull.Error{Kind: pull.Unavailable, Hint: own.Text("hook_silent", words.Args{"reason": no.Text}), Err: err}
	}
	return b.Tried(err)
}

// Link opens the chat with the words ready to be sent; they come as its context
// as well, and are asked at once where the chat is new. There is none before
// Viber has told what links call the account.
func (b *bot) Link(asked string) string {
	i := b.info.Load()
	if i == nil || i.URI == "" {
		return ""
	}
	link := "viber://pa?chatURI=" + messengers.Query(i.URI)
	if asked != "" {
		link += "&context=" + messengers.Query(asked) + "&text=" + messengers.Query(asked)
	}
	return link
}

// SyncProfile compares where events go, and which, with what should be.
func (b *bot) SyncProfile(ctx context.Context, _ messengers.Profile, mend bool) ([]messengers.Drift, error) {
	if err := b.Try(ctx); err != nil {
		return nil, err
	}
	has := b.info.Load()
	var all []messengers.Drift
	if has.Hook != b.hook {
		all = append(all, messengers.Drift{Part: "webhook", Has: has.Hook, Wants: b.hook})
	}
	missing := func(e string) bool { return !slices.Contains(has.Events, e) }
	if slices.ContainsFunc(events(), missing) {
		all = append(all, messengers.Drift{Part: "events", Has: strings.Join(has.Events, ", "), Wants: strings.Join(events(), ", ")})
	}
	if len(all) == 0 || !mend {
		return all, nil
	}
	return all, b.tell(ctx)
}
