package telegram_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

func TestSetUpRegistersTheHookWithItsSecret(t *testing.T) {
	api := newAPI(t, nil)
	if err := open(t, api.URL).(*telegram.Bot).SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []call{{"setWebhook", `{"allowed_updates":["message","edited_message","callback_query","my_chat_member","message_reaction"],"max_connections":40,` +
		`"secret_token":"` + secret + `","url":"https://example.org/hook/lecker/test"}`}, {"getMe", "{}"}}
	if diff := cmp.Diff(want, api.all()); diff != "" {
		t.Error(diff)
	}
}

func TestSetUpOfAPollingBotRemovesTheHook(t *testing.T) {
	api := newAPI(t, nil)
	if err := poller(t, api.URL).SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"deleteWebhook"}, api.methods()); diff != "" {
		t.Error(diff)
	}
}

func TestSettingsAreRefusedWithTheFieldThatIsWrong(t *testing.T) {
	tests := map[string]struct {
		values map[string]any
		fields []string
	}{
		"a token that is none":         {map[string]any{"token": "no token", "secret_token": "x"}, []string{"token"}},
		"a token that leaves its path": {map[string]any{"token": "1:a/../b", "secret_token": "x"}, []string{"token"}},
		"a webhook without secret":     {map[string]any{"token": token}, []string{"secret_token"}},
		"a secret with a space":        {map[string]any{"token": token, "secret_token": "a b"}, []string{"secret_token"}},
		"polling needs no secret":      {map[string]any{"token": token, "updates": "poll"}, nil},
		"no token at all":              {map[string]any{"updates": "poll"}, []string{"token"}},
		"another way of updates":       {map[string]any{"token": token, "secret_token": "x", "updates": "mail"}, []string{"updates"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var problems settings.Problems
			err := settings.Fill(telegram.Kind.New(), tc.values)
			if err != nil && !errors.As(err, &problems) {
				t.Fatal(err)
			}
			var fields []string
			for _, p := range problems {
				fields = append(fields, p.Field)
			}
			if diff := cmp.Diff(tc.fields, fields); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnlyAPollerListens(t *testing.T) {
	if _, ok := open(t, nowhere).(messengers.Listener); ok {
		t.Error("a bot with a webhook must not poll")
	}
}

func TestWhateverTelegramSaysIsAnAnswer(t *testing.T) {
	for status, want := range map[int]bool{200: true, 401: true, 404: true, 429: true, 500: false, 502: false} {
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"ok":false,"error_code":` + strconv.Itoa(status) + `,"description":"no"}`))
		}))
		bot := open(t, api.URL).(*telegram.Bot)
		if err := bot.Answers(t.Context()); (err == nil) != want {
			t.Errorf("%d: %v", status, err)
		}
		api.Close()
		if err := bot.Answers(t.Context()); err == nil {
			t.Error("a server that is not there answers")
		}
	}
}

func TestATokenIsToldWhoseItIsOrWhatIsWrongWithIt(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer string
		status int
		kind   pull.ErrorKind
		says   string
	}{
		{"good", `{"ok":true,"result":{"id":7,"is_bot":true,"first_name":"Lecker News","username":"lecker_bot"}}`, 200, "", "@lecker_bot, the bot called “Lecker News”"},
		{"unknown", `{"ok":false,"error_code":401,"description":"Unauthorized"}`, 401, pull.Denied, "knows no bot by this token"},
		{"ill-formed", `{"ok":false,"error_code":404,"description":"Not Found"}`, 404, pull.Denied, "knows no bot by this token"},
		{"somebody else", `<html>nothing here</html>`, 404, pull.Unusable, "is not Telegram"},
		{"broken", `{"ok":false,"error_code":502,"description":"Bad Gateway"}`, 502, pull.Unavailable, "a fault of its own"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.answer))
			}))
			t.Cleanup(api.Close)
			bot, ok := open(t, api.URL).(*telegram.Bot)
			if !ok {
				t.Fatal("it is no bot")
			}
			err := bot.Try(t.Context())
			said := bot.Whose().String()
			if err != nil {
				said = words.Said(err).String()
			}
			if !strings.Contains(said, tt.says) || tt.kind != "" && pull.KindOf(err) != tt.kind || (err == nil) != (tt.kind == "") {
				t.Errorf("it says %q: %v", said, err)
			}
		})
	}
}

func TestABotOfAServerThatNobodyReachesBeginsWithPolling(t *testing.T) {
	s := &telegram.Settings{}
	s.BeginUnreached()
	s.Token = "1:a"
	if found := s.Check(); len(found) > 0 {
		t.Errorf("it is not complete: %v", found)
	}
}
