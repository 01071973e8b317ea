package smstwilio

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// hooked is where Twilio brings the messages of a number.
type hooked struct {
	SID    string `json:"sid"`
	URL    string `json:"sms_url"`
	Method string `json:"sms_method"`
	// App is set where an application's address counts in place of the number's.
	App string `json:"sms_application_sid"`
}

func (h hooked) String() string {
	if h.App != "" {
		return h.App
	}
	return strings.TrimSpace(h.Method + " " + h.URL)
}

// Line is a Number that can be dialled: Twilio tells by its API where the
// messages of one go. Those of a messaging service, of a WhatsApp sender and of a
// short code are led here in Twilio's console alone.
type Line struct {
	*Number
	dialled
}

// ReplyingLine is a Line that answers in the response to what Twilio brings.
type ReplyingLine struct {
	*Replier
	dialled
}

// dialled leads the messages of a number.
type dialled struct{ of *Number }

// SyncProfile tells where the number's messages go otherwise than to our hook, and
// leads them there.
func (l dialled) SyncProfile(ctx context.Context, _ messengers.Profile, mend bool) ([]messengers.Drift, error) {
	n := l.of
	number, _ := messengers.Phone(n.settings.From, "")
	has, err := n.hooked(ctx, number)
	if err != nil {
		return nil, err
	}
	wants := hooked{URL: n.hook, Method: http.MethodPost}
	if has.String() == wants.String() {
		return nil, nil
	}
	drift := []messengers.Drift{{Part: "webhook", Has: has.String(), Wants: wants.String()}}
	if !mend {
		return drift, nil
	}
	form := url.Values{"SmsUrl": {n.hook}, "SmsMethod": {http.MethodPost}}
	if has.App != "" {
		form.Set("SmsApplicationSid", "")
	}
	return drift, n.Tried(n.Post(ctx, "/IncomingPhoneNumbers/"+url.PathEscape(has.SID)+".json", form, nil))
}

// hooked asks for a number of the account.
func (n *Number) hooked(ctx context.Context, number string) (hooked, error) {
	var page struct {
		Numbers []hooked `json:"incoming_phone_numbers"`
	}
	if err := n.Get(ctx, "/IncomingPhoneNumbers.json?"+url.Values{"PhoneNumber": {number}}.Encode(), &page); err != nil {
		return hooked{}, n.Tried(err)
	}
	if len(page.Numbers) == 0 {
		return hooked{}, &pull.Error{Kind: pull.Denied, Field: "from", Hint: own.Text("not_yours", words.Args{"number": number})}
	}
	return page.Numbers[0], nil
}

// Link opens a message to the number with the words in it, or the chat with it.
func (n *Number) Link(words string) string {
	number, ok := messengers.Phone(bare(n.settings.From), "")
	switch {
	case !ok || n.settings.service():
		return ""
	case n.settings.onWhatsApp():
		return withWords("https://wa.me/"+number[1:], "?text=", words)
	case !strings.HasPrefix(n.settings.From, "+"):
		number = n.settings.From
	}
	return withWords("sms:"+number, "?body=", words)
}

func withWords(address, sign, words string) string {
	if words == "" {
		return address
	}
	return address + sign + messengers.Query(words)
}
