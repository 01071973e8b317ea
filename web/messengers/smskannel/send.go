package smskannel

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

const plainText = "text/plain; charset=utf-8"

// atItsEnd are the bits of a report's mask that ask for word of a message when
// it has arrived, and when it can't any more.
const atItsEnd = "19"

// Answer is the text of the response. Headers say that it is not in the alphabet
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

// report is where the gateway tells of a message, by our key: its own ids are
// others each time.
func (g *Gateway) report(key string) string {
	return g.hook + "/" + g.settings.Secret.Reveal() + "/" + reportPath + "?status=%d&message=" + url.QueryEscape(key)
}

// ucs2 is Kannel's number for what does not fit the alphabet of short messages.
const ucs2 = "2"

// coding is how a text travels.
func coding(text string) string {
	if _, encoding := messengers.Segments(text); encoding == messengers.UCS2 {
		return ucs2
	}
	return "0"
}

// form is what is told of a message, without who tells it.
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
	res, err := g.call(ctx, q)
	if err != nil {
		return "", messengers.Failed(err)
	}
	if res.Status >= http.StatusOK && res.Status < http.StatusMultipleChoices {
		return s.Key, nil
	}
	if res.Status == http.StatusForbidden || res.Status == http.StatusNotFound {
		res.Status = http.StatusUnauthorized // it is we who are refused
	}
	return "", messengers.Judged(res, g.clock())
}

// call makes one request of sendsms. The password stands in its address: none of
// its query is told in errors.
func (g *Gateway) call(ctx context.Context, q url.Values) (outside.Response, error) {
	q.Set("username", g.settings.Username)
	q.Set("password", g.settings.Password.Reveal())
	query := q.Encode()
	return g.client.Do(ctx, outside.Request{URL: g.sendsms() + "?" + query, Redact: query, Single: true})
}

// sendsms is the address of the service; the setting may leave its path out.
func (g *Gateway) sendsms() string {
	base := strings.TrimRight(g.settings.SendURL, "/")
	if u, err := url.Parse(base); err == nil && u.Path == "" {
		base += "/cgi-bin/sendsms"
	}
	return base
}

// Wire returns the query of the request that Send would make, without the
// password.
func (g *Gateway) Wire(s messengers.Sending) ([]byte, error) {
	return []byte(g.form(s).Encode()), nil
}

// Try asks for a message to nobody: who may send is told that a receiver is
// missing.
func (g *Gateway) Try(ctx context.Context) error {
	res, err := g.call(ctx, url.Values{"text": {""}})
	switch {
	case err != nil:
		return fmt.Errorf("kannel: %w", err)
	case res.Status == http.StatusForbidden || res.Status == http.StatusUnauthorized:
		return &pull.Error{Kind: pull.Denied, Op: "sendsms", Field: "password", Hint: own.Text("not_allowed", nil)}
	case res.Status == http.StatusNotFound:
		return &pull.Error{Kind: pull.Unusable, Op: "sendsms", Field: "sendsms_url", Hint: own.Text("no_sendsms", nil)}
	case res.Status >= http.StatusInternalServerError:
		return &pull.Error{Kind: pull.Unavailable, Op: "sendsms", Hint: own.Text("busy", words.Args{"code": strconv.Itoa(res.Status)})}
	}
	return nil
}

// Answers asks the same, and takes whatever the gateway says for an answer, but
// that it has failed itself.
func (g *Gateway) Answers(ctx context.Context) error {
	err := g.Try(ctx)
	if kind := pull.KindOf(err); kind == pull.Denied || kind == pull.Unusable {
		return nil
	}
	return err
}
