package messengertest_test

import (
	"bytes"
	"context"
	"strings"

	"keypull/web/messengers"
)

// lies6 are about words and ids that are changed on their way, and about JSON
// that is not parsed.
func lies6() map[string]lie {
	spaced := func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
		r, err := h.Receive(context.Background(), d)
		if bytes.HasPrefix(d.Body, []byte("{")) && !bytes.HasPrefix(d.Body, []byte(`{"event":{"channel"`)) {
			r.Asks = nil
		}
		return r, err
	}
	text := func(f func(string) string) liar {
		return liar{said: eachAsk(func(in *messengers.Incoming) { in.Text = f(in.Text) })}
	}
	return map[string]lie{
		"words are written small":      {text(strings.ToLower), "words are not changed on their way in"},
		"words are cut":                {text(func(s string) string { return s[:min(len(s), 40)] }), "words are not changed on their way in"},
		"words lose their signs":       {text(func(s string) string { return strings.NewReplacer("?", "", "%", "", ",", "").Replace(s) }), "words are not changed on their way in"},
		"words are those of a keyword": {text(func(string) string { return "news" }), "at least one has its very words"},
		"JSON has one spelling":        {liar{receive: spaced}, "means something else with its JSON"},
		"every message is called the same": {liar{sent: func(_ messengers.Sending, id string, err error) (string, error) {
			if err == nil {
				id = "180.5"
			}
			return id, err
		}}, `calls the message "180.6", and Send "180.5"`},
	}
}
