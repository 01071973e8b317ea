package telegram_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

func poller(t testing.TB, base string) *telegram.Poller {
	t.Helper()
	return suite().Open(t, base, map[string]any{"updates": "poll", "secret_token": ""}).(*telegram.Poller)
}

func batch(updates ...string) string {
	return `{"ok":true,"result":[` + strings.Join(updates, ",") + `]}`
}

func TestPollingMovesOnOnlyWhenABatchWasTaken(t *testing.T) {
	first := batch(update("5", reader+","+private+`,"text":"a"`), `{"update_id":6,"unheard_of":{}}`)
	api := newAPI(t, map[string][]string{"getUpdates": {first, first, batch(), "hang"}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got [][]messengers.Incoming
	done := make(chan error, 1)
	go func() {
		done <- poller(t, api.URL).Listen(ctx, func(_ context.Context, r messengers.Receipt) error {
			got = append(got, r.Asks)
			if len(got) == 1 {
				return errors.New("the disk is full")
			}
			return nil
		})
	}()
	var offsets []string
	for range 4 {
		offsets = append(offsets, api.await(t, "getUpdates").Body)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Listen ended with %v", err)
	}
	rest := `"timeout":25,"limit":100,"allowed_updates":["message","edited_message","callback_query","my_chat_member","message_reaction"]}`
	want := []string{"{" + rest, "{" + rest, `{"offset":7,` + rest, `{"offset":7,` + rest}
	if diff := cmp.Diff(want, offsets); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]messengers.Incoming{{ask("a")}, {ask("a")}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPollingRemovesAWebhookFirstAndAgainOnConflict(t *testing.T) {
	conflict := `{"ok":false,"error_code":409,"description":"Conflict: can't use getUpdates method while webhook is active"}`
	api := newAPI(t, map[string][]string{"deleteWebhook": {broken}, "getUpdates": {conflict, "hang"}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- poller(t, api.URL).Listen(ctx, func(context.Context, messengers.Receipt) error { return nil })
	}()
	api.await(t, "getUpdates")
	api.await(t, "getUpdates")
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Listen ended with %v", err)
	}
	want := []string{"getMe", "deleteWebhook", "deleteWebhook", "getUpdates", "deleteWebhook", "getUpdates"}
	if diff := cmp.Diff(want, api.methods()); diff != "" {
		t.Error(diff)
	}
}

func TestPollingEndsWhereTheTokenIsDead(t *testing.T) {
	api := newAPI(t, map[string][]string{"deleteWebhook": {`{"ok":false,"error_code":401,"description":"Unauthorized"}`}})
	err := poller(t, api.URL).Listen(t.Context(), func(context.Context, messengers.Receipt) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "401") || strings.Contains(err.Error(), token) {
		t.Errorf("got %v", err)
	}
}
