package smskannel

import (
	"context"
	"net/url"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

const plainText = "text/plain; charset=utf-8"

// atItsEnd are the bits of a report's mask that ask for word of a message when
// it has arrived, and when it can't any more.
const atItsEnd = "19"

// Answer returns the text of the response. Headers say that it is not in the alphabet
// of short messages, and where its arrival is told; an empty one is no answer.
func (r *Replier) Answer(receipt messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	receipt.ContentType = plainText
	var texts []string
	for i := range said {
		texts = append(texts, said[i].Text)
	}
	text := strings.Join(texts, "\n")
	receipt.Body = []byte(text)
	if text == "" {
		return receipt
	}
	receipt.Header = map[string]string{}
	if coding(text) == ucs2 {
		receipt.Header["X-Kannel-Coding"] = ucs2
	}
	if said[0].Why == messengers.Answer && r.hook != "" {
		receipt.Header["X-Kannel-DLR-Mask"] = atItsEnd
		receipt.Header["X-Kannel-DLR-Url"] = r.report(said[0].Key)
	}
	return receipt
}

// report returns where the gateway tells of a message, by our key: its own ids are
// others each time.
func (g *Gateway) report(key string) string {
	return g.hook + "/" + g.settings.Secret.Reveal() + "/" + reportPath + "?status=%d&message=" + url.QueryEscape(key)
}

// ucs2 is Kannel's number for what does not fit the alphabet of short messages.
const ucs2 = "2"

// coding returns how a text travels.
func coding(text string) string {
	if _, encoding := messengers.Segments(text); encoding == messengers.UCS2 {
		return ucs2
	}
	return "0"
}

// form returns what is told of a message, without who tells it.
func (g *Gateway) form(s messengers.Sending) url.Values {
	q := url.Values{"to": {s.Address}, "text": {s.Text}, "charset": {"UTF-8"}, "coding": {coding(s.Text)}}
	if g.settings.From != "" {
		q.Set("from", g.settings.From)
	}
	return q
}

// Send asks the gateway for one message, and for word of its arrival.
func (g *Gateway) Send(ctx context.Context, s messengers.Sending) (string, error) {
	q := g.form(s)
	if g.hook != "" {
		q.Set("dlr-mask", atItsEnd)
		q.Set("dlr-url", g.report(s.Key))
	}
	if err := g.Call(ctx, httpapi.Request{Query: q}, nil); err != nil {
		return "", g.SendError(err)
	}
	return s.Key, nil
}

// Wire returns the query of the request that Send would make, without the
// password.
func (g *Gateway) Wire(s messengers.Sending) ([]byte, error) {
	return []byte(g.form(s).Encode()), nil
}
