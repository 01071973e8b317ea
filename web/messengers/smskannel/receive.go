package smskannel

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"keypull/web/messengers"
)

// reportPath is where the gateway tells what became of messages.
const reportPath = "dlr"

// maxBody is the most that a gateway brings: some hundred parts of a message.
const maxBody = 64 << 10

// Receive reads a message, or what became of one that was sent.
func (g *Gateway) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	secret, rest, _ := strings.Cut(d.Path, "/")
	if !messengers.Same(secret, g.settings.Secret.Reveal()) {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	q := url.Values(d.Query)
	if rest == reportPath {
		return messengers.Receipt{Events: became(q.Get("status"), messengers.Clean(q.Get("message")))}, nil
	}
	if senderOf(d, q) == "" {
		// A get-url that was written without it: no message would ever be answered.
		return messengers.Problem{Status: http.StatusBadRequest, Said: own.Text("no_from", nil), Field: "from"}.Receipt(d.Language()), nil
	}
	in, ok := g.read(d, q)
	if !ok {
		return messengers.Receipt{ContentType: plainText}, nil
	}
	return messengers.Receipt{ContentType: plainText, Asks: []messengers.Incoming{in}}, nil
}

// became returns what the gateway tells of a message by the bits of its reports.
func became(status, id string) []messengers.Event {
	const delivered, undelivered, refused = "1", "2", "16"
	switch {
	case id == "":
	case status == delivered:
		return []messengers.Event{{Kind: messengers.Delivered, Message: id}}
	case status == undelivered || status == refused:
		return []messengers.Event{{Kind: messengers.Undelivered, Message: id}}
	}
	return nil
}

// read returns the message of a delivery, or false if there is none that somebody
// could be answered.
func (g *Gateway) read(d messengers.Delivery, q url.Values) (messengers.Incoming, bool) {
	header := func(name string) string { return strings.Join(d.Header[name], ",") }
	var text string
	switch d.Method {
	case http.MethodGet:
		text = decoded(q.Get("text"), q.Get("coding"), q.Get("charset"))
	case http.MethodPost:
		if len(d.Body) > maxBody {
			return messengers.Incoming{}, false
		}
		_, params, _ := mime.ParseMediaType(header("Content-Type"))
		text = decoded(string(d.Body), header("X-Kannel-Coding"), cmp.Or(params["charset"], "UTF-8"))
	default:
		return messengers.Incoming{}, false
	}
	from := senderOf(d, q)
	reader, ok := g.Identify(from)
	if !ok || text == "" {
		return messengers.Incoming{}, false
	}
	id := messengers.Clean(q.Get("id"))
	if id == "" {
		// A service that does not tell its ids: what is the same within a second is.
		sum := sha256.Sum256([]byte(from + "\x00" + q.Get("ts") + "\x00" + text))
		id = hex.EncodeToString(sum[:16])
	}
	return messengers.Incoming{ID: id, Reader: reader, Address: from, Text: text, InBand: g.settings.Reply != bySendSMS}, true
}

// senderOf returns who wrote; "" where nothing says so.
func senderOf(d messengers.Delivery, q url.Values) string {
	from := q.Get("from")
	if d.Method == http.MethodPost {
		from = cmp.Or(from, strings.Join(d.Header["X-Kannel-From"], ","))
	}
	return strings.TrimSpace(from)
}

// decoded returns a text as it was written: in UTF-8, in UTF-16 where the gateway
// says UCS-2 and has not recoded it, else byte for byte.
func decoded(raw, coding, charset string) string {
	charset = strings.ToUpper(charset)
	wide := strings.HasPrefix(charset, "UTF-16") || strings.HasPrefix(charset, "UCS-2") || charset == "ISO-10646-UCS-2"
	switch {
	case wide || coding == "2" && charset != "UTF-8":
		raw = fromUTF16(raw, strings.HasSuffix(charset, "LE"))
	case !utf8.ValidString(raw):
		runes := make([]rune, len(raw))
		for i := range len(raw) {
			runes[i] = rune(raw[i])
		}
		raw = string(runes)
	}
	return messengers.Clean(raw)
}

func fromUTF16(raw string, little bool) string {
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		high, low := raw[i], raw[i+1]
		if little {
			high, low = low, high
		}
		units = append(units, uint16(high)<<8|uint16(low))
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
}
