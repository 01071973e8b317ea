package smstwilio

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// statusPath is where Twilio tells what became of messages; behind it stands
// the key of one that travelled in a response.
const statusPath = "status"

// sentPath is where it tells that of one of our requests, with its key behind it.
const sentPath = statusPath + "/of/"

// Receive verifies a delivery and reads the message, or what became of one.
func (n *Number) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	fields, ok := n.verified(d)
	if !ok {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	if fields.Get("MessageStatus") != "" {
		return messengers.Receipt{Events: became(fields, d.Path)}, nil
	}
	r := twiML(nil)
	in, ok := n.read(fields)
	if !ok {
		return r, nil
	}
	switch n.optedOut(fields, in.Text) {
	case stopped:
		r.Events = []messengers.Event{{Kind: messengers.Gone, Reader: in.Reader}}
	case started:
		r.Events = []messengers.Event{{Kind: messengers.Back, Reader: in.Reader}}
	case helped:
	case agreed:
		r.Events = []messengers.Event{{Kind: messengers.Back, Reader: in.Reader}}
		fallthrough
	case said:
		r.Asks = []messengers.Incoming{in}
	}
	return r, nil
}

// read returns the message that fields tell, or false if there is none that somebody
// could be answered.
func (n *Number) read(fields url.Values) (messengers.Incoming, bool) {
	address, id := messengers.Clean(fields.Get("From")), messengers.Clean(cmp.Or(fields.Get("MessageSid"), fields.Get("SmsMessageSid")))
	reader, ok := n.Identify(address)
	if own, _ := n.Identify(n.settings.From); !ok || id == "" || reader == own {
		return messengers.Incoming{}, false
	}
	in := messengers.Incoming{ID: id, Reader: reader, Address: address, InBand: n.inResponse()}
	if person := messengers.Clean(fields.Get("ExternalUserId")); scoped(person) && person != reader {
		// It stays when somebody hides their number.
		in.Reader, in.Also = person, []string{reader}
	}
	in.Text = unpacked(messengers.Clean(fields.Get("Body")))
	switch payload, item, label := messengers.Clean(fields.Get("ButtonPayload")), messengers.Clean(fields.Get("ListId")), messengers.Clean(fields.Get("ButtonText")); {
	case payload != "":
		in.Tap, in.Text = payload, label
	case item != "":
		in.Tap, in.Text = item, fields.Get("ListTitle")
	case label != "":
		in.Text = label
	}
	in.Location = place(fields)
	in.Attachments = attachments(fields)
	return in, in.Text != "" || in.Tap != "" || in.Location != nil || len(in.Attachments) > 0
}

// place returns where the reader is, or what they point to.
func place(fields url.Values) *pull.Location {
	name := cmp.Or(messengers.Clean(fields.Get("Label")), messengers.Clean(fields.Get("Address")))
	return messengers.LocationOf(fields.Get("Latitude"), fields.Get("Longitude"), name)
}

// attachments came with the words. It takes the account to fetch one.
func attachments(fields url.Values) (all []what.Media) {
	const most = 10
	count, err := strconv.Atoi(fields.Get("NumMedia"))
	if err != nil {
		return nil
	}
	for i := range min(max(count, 0), most) {
		all = append(all, what.Media{Type: messengers.MediaOf(strings.ToLower(fields.Get("MediaContentType" + strconv.Itoa(i)))), Ref: fields.Get("MediaUrl" + strconv.Itoa(i))})
	}
	return all
}

// became returns what Twilio tells of a message that was sent.
func became(fields url.Values, path string) []messengers.Event {
	id := messengers.Clean(fields.Get("MessageSid"))
	sent, ours := strings.CutPrefix(path, sentPath)
	if key, ok := strings.CutPrefix(path, statusPath+"/"); ok && key != "" && !ours {
		id = key
	}
	e := messengers.Event{Message: id}
	switch fields.Get("MessageStatus") {
	case "delivered":
		e.Kind = messengers.Delivered
	case "read":
		e.Kind = messengers.Read
	case "failed", "undelivered", "canceled":
		code, _ := strconv.Atoi(fields.Get("ErrorCode"))
		e.Kind, e.Code, e.Key, e.Address = messengers.Undelivered, codeOf(code), sent, messengers.Clean(fields.Get("To"))
		e.Fault = faults.Meaning(e.Code)
		e.Reader, _ = (&Number{}).Identify(e.Address)
	}
	if e.Kind == "" || id == "" {
		return nil
	}
	return []messengers.Event{e}
}

// unpacked decodes a long text that came in base64, as some of several parts do.
// Nobody writes so many letters in a row.
func unpacked(text string) string {
	const long = 64
	packed := strings.ReplaceAll(text, "\n", "")
	if len(packed) < long || len(packed)%4 != 0 {
		return text
	}
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil || !utf8.Valid(raw) || strings.ContainsFunc(string(raw), func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) {
		return text
	}
	return messengers.Clean(string(raw))
}

// consent is what a message says of whether its reader wants more.
type consent int

const (
	said consent = iota // nothing of the kind
	stopped
	started
	helped
	agreed // or an answer to a question of ours
)

// consents are the words that Twilio itself answers.
var consents = map[string]consent{
	"STOP": stopped, "STOPALL": stopped, "UNSUBSCRIBE": stopped, "CANCEL": stopped, "END": stopped, "QUIT": stopped, "REVOKE": stopped, "OPTOUT": stopped,
	"START": started, "UNSTOP": started, "YES": agreed, "HELP": helped, "INFO": helped,
}

// optedOut reads those words, as a whole message. Where Twilio says so, whatever the
// words were.
func (n *Number) optedOut(fields url.Values, text string) consent {
	if told := consents[fields.Get("OptOutType")]; told != said || !n.answersStop(fields) {
		return told
	}
	return consents[strings.ToUpper(strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }))]
}

// answersStop says that Twilio does, on the number that a message came to.
func (n *Number) answersStop(fields url.Values) bool {
	to := fields.Get("To")
	short := !strings.HasPrefix(bare(to), "+") && fields.Get("MessagingServiceSid") == ""
	return n.settings.OptOut != optOutOwn && !strings.HasPrefix(fields.Get("From"), whatsapp) && !strings.HasPrefix(to, whatsapp) && !short
}
