package telegram_test

import (
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/telegram"
)

func picture(text string) messengers.Message {
	return messengers.Message{Text: text, Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}}
}

func TestAMessageBecomesOneRequest(t *testing.T) {
	tests := map[string]struct {
		address string
		message messengers.Message
		want    call
	}{
		"text without a preview of its links": {
			"7", messengers.Message{Text: `<b>A</b> "b" &amp; c`},
			call{"sendMessage", `{"chat_id":7,"text":"<b>A</b> \"b\" &amp; c","parse_mode":"HTML","link_preview_options":{"is_disabled":true}}`},
		},
		"a topic of a group": {
			"-100200/9", messengers.Message{Text: "A"},
			call{"sendMessage", `{"chat_id":-100200,"message_thread_id":9,"text":"A","parse_mode":"HTML","link_preview_options":{"is_disabled":true}}`},
		},
		"one button a row, links to real hosts only": {
			"7", messengers.Shape(pull.Reply{Blocks: []pull.Block{{Text: "A"}}, Buttons: []pull.Button{
				{Label: "News", Send: "k:news"}, {Label: "Site", URL: "https://example.org"},
				{Label: "Near", URL: "http://localhost/x?a&b"}, {Label: "Long", Send: strings.Repeat("x", 65)},
			}}, telegram.Kind.Preview().Limits())[0],
			call{"sendMessage", `{"chat_id":7,"text":"A\n\n<a href=\"http://localhost/x?a&amp;b\">Near</a>","parse_mode":"HTML","link_preview_options":{"is_disabled":true},` +
				`"reply_markup":{"inline_keyboard":[[{"text":"News","callback_data":"k:news"}],[{"text":"Site","url":"https://example.org"}]]}}`},
		},
		"a picture with its caption": {
			"7", picture("A"),
			call{"sendPhoto", `{"chat_id":7,"photo":"https://example.org/a.jpg","caption":"A","parse_mode":"HTML"}`},
		},
		"a picture alone": {"7", picture(""), call{"sendPhoto", `{"chat_id":7,"photo":"https://example.org/a.jpg"}`}},
		"a caption too long for a picture": {
			"7", picture(strings.Repeat("a", 1025)),
			call{"sendMessage", `{"chat_id":7,"text":"` + strings.Repeat("a", 1025) + `","parse_mode":"HTML","link_preview_options":{"is_disabled":true}}`},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			api := newAPI(t, nil)
			m := open(t, api.URL)
			if _, err := m.Send(t.Context(), messengers.Sending{Message: tc.message, Address: tc.address, Key: "1-1"}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]call{tc.want}, api.all()); diff != "" {
				t.Error(diff)
			}
			wire, err := m.(messengers.Presenter).Wire(messengers.Sending{Message: tc.message, Address: tc.address})
			if err != nil || string(wire) != tc.want.Body {
				t.Errorf("the preview differs: %s, %v", wire, err)
			}
		})
	}
}

func TestAnIndependentClientReadsTheBodiesTheSame(t *testing.T) {
	wire, err := open(t, nowhere).(messengers.Presenter).Wire(messengers.Sending{Address: "7", Message: messengers.Message{
		Text: "A", Buttons: []pull.Button{{Label: "News", Send: "k:news"}, {Label: "Site", URL: "https://example.org"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		bot.SendMessageParams
		ReplyMarkup models.InlineKeyboardMarkup `json:"reply_markup"`
	}
	if err := json.Unmarshal(wire, &got); err != nil {
		t.Fatal(err)
	}
	want := models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
		{{Text: "News", CallbackData: "k:news"}}, {{Text: "Site", URL: "https://example.org"}},
	}}
	if diff := cmp.Diff(want, got.ReplyMarkup); diff != "" {
		t.Error(diff)
	}
	if got.Text != "A" || got.ParseMode != models.ParseModeHTML || got.ChatID != 7.0 || got.LinkPreviewOptions == nil || !*got.LinkPreviewOptions.IsDisabled {
		t.Errorf("got %+v", got.SendMessageParams)
	}
}

const (
	unparsable = `{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: Unsupported start tag"}`
	noPicture  = `{"ok":false,"error_code":400,"description":"Bad Request: failed to get HTTP URL content"}`
	noChat     = `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`
	moved      = `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-100300}}`
	broken     = `{"ok":false,"error_code":500,"description":"Internal Server Error"}`
)

func TestWhatTelegramCannotShowIsSentInSimplerForm(t *testing.T) {
	tests := map[string]struct {
		script  map[string][]string
		message messengers.Message
		want    []string
		last    string
	}{
		"markup that cannot be parsed": {
			map[string][]string{"sendMessage": {unparsable}}, messengers.Message{Text: `<b>A</b> &amp; <a href="https://example.org">b</a>`},
			[]string{"sendMessage", "sendMessage"}, `"text":"A & b: https://example.org"`,
		},
		"a picture that cannot be fetched": {
			map[string][]string{"sendPhoto": {noPicture}}, picture("A"), []string{"sendPhoto", "sendMessage"}, `"text":"A"`,
		},
		"a picture that Telegram stumbles over": {
			map[string][]string{"sendPhoto": {broken}}, picture("A"), []string{"sendPhoto", "sendMessage"}, `"text":"A"`,
		},
		"a picture alone becomes its address": {
			map[string][]string{"sendPhoto": {noPicture}}, picture(""), []string{"sendPhoto", "sendMessage"}, `"text":"https://example.org/a.jpg"`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			api := newAPI(t, tc.script)
			if _, err := open(t, api.URL).Send(t.Context(), messengers.Sending{Message: tc.message, Address: "7", Key: "1-1"}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, api.methods()); diff != "" {
				t.Error(diff)
			}
			if calls := api.all(); !strings.Contains(calls[len(calls)-1].Body, tc.last) {
				t.Errorf("last request %s, want %s in it", calls[len(calls)-1].Body, tc.last)
			}
		})
	}
}

func TestRefusalsThatOnlyTelegramKnows(t *testing.T) {
	tests := map[string]struct {
		address string
		script  map[string][]string
		message messengers.Message
		want    messengers.SendError
	}{
		"a chat that moved":                {"7", map[string][]string{"sendMessage": {moved}}, messengers.Message{Text: "A"}, messengers.SendError{Fault: messengers.Temporary, Address: "-100300"}},
		"a picture for a chat that moved":  {"7", map[string][]string{"sendPhoto": {moved}}, picture("A"), messengers.SendError{Fault: messengers.Temporary, Address: "-100300"}},
		"a picture for a chat that is not": {"7", map[string][]string{"sendPhoto": {noChat}}, picture("A"), messengers.SendError{Fault: messengers.Permanent}},
		"a limit without a time":           {"7", map[string][]string{"sendMessage": {`{"ok":false,"error_code":429}`}}, messengers.Message{Text: "A"}, messengers.SendError{Fault: messengers.LimitedUntil, RetryAt: messengertest.Now().Add(5 * time.Second)}},
		"an answer that is not Telegram's": {"7", map[string][]string{"sendMessage": {`<html>`}}, messengers.Message{Text: "A"}, messengers.SendError{Fault: messengers.Uncertain}},
		"an address that is no chat":       {"ann", nil, messengers.Message{Text: "A"}, messengers.SendError{Fault: messengers.Permanent}},
		"a topic that is none":             {"7/x", nil, messengers.Message{Text: "A"}, messengers.SendError{Fault: messengers.Permanent}},
		"a message without content":        {"7", nil, messengers.Message{}, messengers.SendError{Fault: messengers.Permanent}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			api := newAPI(t, tc.script)
			var got *messengers.SendError
			if _, err := open(t, api.URL).Send(t.Context(), messengers.Sending{Message: tc.message, Address: tc.address, Key: "1-1"}); !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			if got.Fault != tc.want.Fault || got.Address != tc.want.Address || !got.RetryAt.Equal(tc.want.RetryAt) {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if n := len(api.all()); n > 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestEveryTapIsAcknowledged(t *testing.T) {
	api := newAPI(t, map[string][]string{"answerCallbackQuery": {`{"ok":false,"error_code":400,"description":"query is too old"}`}})
	m := open(t, api.URL).(*telegram.Bot)
	for range 3 {
		receive(t, m, `{"update_id":5,"callback_query":{"id":"q1",`+reader+`,"data":"k:news"}}`)
	}
	for range 3 {
		if got := api.await(t, "answerCallbackQuery").Body; got != `{"callback_query_id":"q1"}` {
			t.Errorf("got %s", got)
		}
	}
	for m.Counts().Taps+m.Counts().TapErrors < 3 {
		runtime.Gosched()
	}
	if c := m.Counts(); c.Taps != 2 || c.TapErrors != 1 {
		t.Errorf("got %+v, want 2 taps and 1 error", c)
	}
}

func TestCloseEndsWhatRunsBehindTheScenes(t *testing.T) {
	api := newAPI(t, map[string][]string{"answerCallbackQuery": {"hang", "hang", "hang", "hang", "hang"}})
	m := open(t, api.URL).(*telegram.Bot)
	for range 6 {
		receive(t, m, `{"update_id":5,"callback_query":{"id":"q1",`+reader+`,"data":"k:news"}}`)
	}
	api.await(t, "answerCallbackQuery")
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	receive(t, m, `{"update_id":5,"callback_query":{"id":"q1",`+reader+`,"data":"k:news"}}`)
	if c := m.Counts(); c.TapErrors != 7 {
		t.Errorf("got %+v, want 7 given up", c)
	}
}

func TestTheBotLearnsItsNameFromWhatItSent(t *testing.T) {
	api := newAPI(t, map[string][]string{"sendMessage": {`{"ok":true,"result":{"message_id":1,"from":{"id":123456,"is_bot":true,"username":"KeypullBot"}}}`}})
	m := open(t, api.URL)
	if _, err := m.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "A"}, Address: "7", Key: "1-1"}); err != nil {
		t.Fatal(err)
	}
	if r := receive(t, m, update("5", reader+","+group+`,"text":"/news@OtherBot"`)); len(r.Asks) > 0 {
		t.Errorf("got %+v for another bot's command", r.Asks)
	}
}

func BenchmarkWire(b *testing.B) {
	p := open(b, nowhere).(messengers.Presenter)
	m := messengers.Message{Text: strings.Repeat("Some text of a reply. ", 30), Buttons: []pull.Button{{Label: "News", Send: "k:news"}, {Label: "Site", URL: "https://example.org"}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Wire(messengers.Sending{Message: m, Address: "123456789"}); err != nil {
			b.Fatal(err)
		}
	}
}
