package line

import (
	"context"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// SyncProfile compares the webhook's address and the menu below the chat with what
// they should be.
func (b *bot) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	menu, err := b.syncMenu(ctx, f, mend)
	if err != nil {
		return menu, err
	}
	hook, err := b.syncHook(ctx, mend)
	return append(menu, hook...), err
}

// syncHook sees to where deliveries go, and has LINE try a new address. That
// they go at all is switched on by hand, and said where it is not.
func (b *bot) syncHook(ctx context.Context, mend bool) ([]messengers.Drift, error) {
	var has struct {
		Endpoint string `json:"endpoint"`
		Active   *bool  `json:"active"`
	}
	if err := b.Get(ctx, "/v2/bot/channel/webhook/endpoint", &has); err != nil && !missing(err) {
		return nil, b.Tried(err)
	}
	if has.Endpoint == b.hook {
		if has.Active != nil && !*has.Active {
			return nil, messengers.Invalid(own.Text("hook_off", nil))
		}
		return nil, nil
	}
	drift := []messengers.Drift{{Part: "webhook", Has: has.Endpoint, Wants: b.hook}}
	if !mend {
		return drift, nil
	}
	if !strings.HasPrefix(b.hook, "https://") {
		return drift, messengers.Invalid(own.Text("no_https", nil))
	}
	if err := b.Call(ctx, httpapi.Request{Method: http.MethodPut, Path: "/v2/bot/channel/webhook/endpoint", Body: map[string]string{"endpoint": b.hook}}, nil); err != nil {
		return drift, b.Tried(err)
	}
	var test struct {
		Success bool   `json:"success"`
		Reason  string `json:"reason"`
	}
	if err := b.Post(ctx, "/v2/bot/channel/webhook/test", map[string]string{"endpoint": b.hook}, &test); err != nil {
		return drift, b.Tried(err)
	}
	if !test.Success {
		return drift, &pull.Error{Kind: pull.Unavailable, Hint: own.Text("hook_silent", words.Args{"reason": test.Reason})}
	}
	return drift, nil
}

// missing says that LINE has nothing of what was asked for.
func missing(err error) bool { return httpapi.Fits(err, httpapi.Fault{Status: http.StatusNotFound}) }
