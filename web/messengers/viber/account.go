package viber

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// info is what Viber says of an account: how links call it, its name, and where
// deliveries go.
type info struct {
	URI    string   `json:"uri"`
	Name   string   `json:"name"`
	Hook   string   `json:"webhook"`
	Events []string `json:"event_types"`
}

// events are those that we are told of.
func events() []string {
	return []string{"delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"}
}

func (b *bot) ask(ctx context.Context) (*info, error) {
	var i info
	if err := b.call(ctx, "get_account_info", struct{}{}, &i); err != nil {
		return nil, err
	}
	b.info.Store(&i)
	return &i, nil
}

// Introduce asks for what links call the account. A failure is no trouble: the
// console asks as well.
func (b *bot) Introduce(ctx context.Context) {
	if b.info.Load() == nil {
		_, _ = b.ask(ctx)
	}
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
		return &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_https", nil)}
	}
	body := map[string]any{"url": b.hook, "event_types": events(), "send_name": false, "send_photo": false}
	err := b.call(ctx, "set_webhook", body, nil)
	var no *refusal
	if errors.As(err, &no) && no.status == 1 {
		return &pull.Error{Kind: pull.Unavailable, Hint: own.Text("hook_silent", words.Args{"reason": no.text}), Err: err}
	}
	return tried(err)
}

// Try asks Viber whose token it is.
func (b *bot) Try(ctx context.Context) error {
	_, err := b.ask(ctx)
	return tried(err)
}

// tried says what to do where a call of ours was refused.
func tried(err error) error {
	var no *refusal
	var by *messengers.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no) && faults()[no.status] == messengers.TokenInvalid:
		return &pull.Error{Kind: pull.Denied, Op: "viber", Field: "auth_token", Hint: own.Text("token_unknown", words.Args{"said": no.text}), Err: err}
	case errors.As(err, &no):
		return &pull.Error{Kind: pull.Unavailable, Op: "viber", Hint: own.Text("busy", words.Args{"code": strconv.Itoa(no.status)}), Err: err}
	case errors.As(err, &by) && (by.Fault == messengers.Temporary || by.Fault == messengers.LimitedUntil):
		return &pull.Error{Kind: pull.Unavailable, Op: "viber", Hint: own.Text("away", nil), Err: err}
	case errors.Is(err, errUnclear), errors.As(err, &by):
		return &pull.Error{Kind: pull.Unusable, Op: "viber", Field: "api_base", Hint: own.Text("unclear", nil), Err: err}
	}
	return fmt.Errorf("viber: %w", err)
}

// Whose says whose bot it is.
func (b *bot) Whose() words.Text {
	i := b.info.Load()
	if i == nil {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"name": i.Name, "uri": i.URI})
}

// Answers asks Viber for the account and takes whatever it says for an answer,
// but that it has failed itself.
func (b *bot) Answers(ctx context.Context) error {
	_, err := b.ask(ctx)
	var no *refusal
	var by *messengers.SendError
	if errors.Is(err, errUnclear) || errors.As(err, &no) || errors.As(err, &by) && by.Fault != messengers.Temporary {
		return nil
	}
	return err
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

// Front compares where events go, and which, with what should be.
func (b *bot) Front(ctx context.Context, _ messengers.Face, mend bool) ([]messengers.Drift, error) {
	has, err := b.ask(ctx)
	if err != nil {
		return nil, tried(err)
	}
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
