package httpjson

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// values returns what templates are filled with, for messages that go together.
func (p *Partner) values(said []messengers.Sending) map[string]any {
	all := map[string]any{"session": "end", "id": ""}
	for name, value := range p.settings.Values {
		all[name] = value
	}
	var messages []map[string]any
	for i := range said {
		s := &said[i]
		m := map[string]any{"text": s.Text, "buttons": buttons(s, false), "sends": buttons(s, true)}
		var media []map[string]any
		for _, one := range s.Media {
			media = append(media, map[string]any{"type": string(one.Type), "url": one.URL, "alt": one.Alt})
		}
		m["media"] = media
		messages = append(messages, m)
		if i == 0 {
			all["id"], all["ask"], all["to"], all["number"] = s.Key, s.Quote, s.Address, strings.TrimPrefix(s.Address, "+")
			maps.Copy(all, m)
		}
		if slices.ContainsFunc(s.Buttons, func(b pull.Button) bool { return b.Send != "" && b.Send != menuTap }) {
			all["session"] = "continue"
		}
	}
	all["messages"] = messages
	return all
}

// buttons returns those of a message that lead anywhere, or those alone that send.
func buttons(s *messengers.Sending, sends bool) (all []map[string]any) {
	for _, b := range s.Buttons {
		if b.Send != "" || b.URL != "" && !sends {
			all = append(all, map[string]any{"label": b.Label, "send": b.Send, "url": b.URL})
		}
	}
	return all
}

// Answer returns the response with an answer, signed as the message was; empty where
// the answer follows at the reply address.
func (r *Replier) Answer(receipt messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	if r.profile.Screens != nil {
		return r.screen(receipt, said)
	}
	if len(said) > 0 && said[0].Why == messengers.Interim && r.settings.ReplyURL != "" {
		receipt.Status = http.StatusAccepted
		return receipt
	}
	for i := range said {
		if said[i].Why == messengers.Interim { // nothing follows: who hears so asks again
			said[i].Text = words.Core().Say(said[i].Language, "reply.again_soon", nil)
		}
	}
	values := r.values(said)
	if len(receipt.Asks) > 0 {
		values["ask"] = receipt.Asks[0].ID
	}
	receipt.ContentType = "application/json"
	receipt.Body = messengers.JSON(filled(r.profile.Reply, values))
	id, _ := values["id"].(string)
	receipt.Header = r.signature(cmp.Or(id, "none"), receipt.Body)
	return receipt
}

// signature returns the headers of Standard Webhooks.
func (p *Partner) signature(id string, body []byte) map[string]string {
	stamp := strconv.FormatInt(p.clock().Unix(), 10)
	h := map[string]string{"webhook-id": id, "webhook-timestamp": stamp}
	if len(p.secrets) > 0 {
		h["webhook-signature"] = outside.WebhookSignature(keyOf(p.secrets[0]), id, stamp, body)
	}
	return h
}

// writesLater reports whether a message can be sent that is no answer to a request.
func (p *Partner) writesLater() bool { return p.settings.ReplyURL != "" && p.profile.Send != nil }

// Send posts one message to the reply address. The same key is the same message.
func (p *Partner) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if !p.writesLater() {
		return "", &messengers.SendError{Fault: messengers.WindowClosed, Err: &pull.Error{Kind: pull.Invalid, Field: "reply_url", Hint: own.Text("nowhere", nil)}}
	}
	res, err := p.post(ctx, s.Key, p.body(s))
	if err != nil {
		return "", messengers.Failed(err)
	}
	if fault, known := p.profile.Faults[strconv.Itoa(res.Status)]; known {
		return "", &messengers.SendError{Fault: fault, Err: words.Fail(nil, "send.answered", words.Args{"status": strconv.Itoa(res.Status)})}
	}
	if res.Status == http.StatusConflict && p.profile.Idempotent {
		return s.Key, nil // it was taken before
	}
	if err := messengers.Judged(res, p.clock()); err != nil {
		return "", err
	}
	if len(p.profile.Sent) == 0 {
		return s.Key, nil
	}
	v, _ := parsed(res.Body, "json")
	id := text(v, p.profile.Sent)
	if id == "" {
		return "", &messengers.SendError{Fault: messengers.Uncertain, Err: &pull.Error{Kind: pull.Unusable, Field: "reply_url", Hint: own.Text("unclear", nil)}}
	}
	return id, nil
}

func (p *Partner) body(s messengers.Sending) []byte {
	return messengers.JSON(filled(p.profile.Send, p.values([]messengers.Sending{s})))
}

// post posts a signed body.
func (p *Partner) post(ctx context.Context, id string, body []byte) (outside.Response, error) {
	token := p.settings.Token.Reveal()
	h := p.signature(id, body)
	h["Content-Type"] = "application/json"
	if token != "" {
		h["Authorization"] = token
	}
	address := p.settings.ReplyURL
	if p.profile.Path != "" {
		address = strings.TrimRight(address, "/") + fmt.Sprint(filledText(p.profile.Path, p.values(nil)))
	}
	return p.client.Do(ctx, outside.Request{Method: http.MethodPost, URL: address, Header: h, Body: body, Single: true, Redact: token})
}

// Wire returns the body that Send would post, or that a response would have.
func (p *Partner) Wire(s messengers.Sending) ([]byte, error) {
	if p.profile.Send == nil {
		return []byte(plainScreen(s.Text)), nil
	}
	return p.body(s), nil
}

// Try posts a signed sample that no reader gets, to a partner that takes one; of
// any other it asks whether it is there.
func (p *Partner) Try(ctx context.Context) error {
	switch {
	case p.settings.ReplyURL == "":
		return nil
	case p.profile.Ping == nil:
		res, err := p.client.Do(ctx, outside.Request{URL: p.settings.ReplyURL, Single: true})
		if err == nil && res.Status >= http.StatusInternalServerError {
			return messengers.Judged(res, p.clock())
		}
		return err
	}
	res, err := p.post(ctx, "ping", messengers.JSON(filled(p.profile.Ping, p.values(nil))))
	switch {
	case err != nil:
		return fmt.Errorf("http: %w", err)
	case res.Status == http.StatusUnauthorized || res.Status == http.StatusForbidden:
		return &pull.Error{Kind: pull.Denied, Op: "ping", Field: "secret", Hint: own.Text("not_believed", nil)}
	case res.Status >= http.StatusInternalServerError:
		return messengers.Judged(res, p.clock())
	case res.Status >= http.StatusMultipleChoices:
		return &pull.Error{Kind: pull.Unusable, Op: "ping", Field: "reply_url", Hint: own.Text("ping_refused", words.Args{"code": strconv.Itoa(res.Status)})}
	}
	return nil
}

// Answers posts the same, and takes whatever the partner says for an answer, but
// that it has failed itself.
func (p *Partner) Answers(ctx context.Context) error {
	err := p.Try(ctx)
	var e *pull.Error
	if errors.As(err, &e) {
		return nil
	}
	return err
}

// filled returns a template of a profile with values in its places. A text that is
// one place alone, "{buttons}", is its value; others hold theirs as text. An object
// {"each": "buttons", "of": …} is a list of one for each, {"if": "buttons",
// "then": …, "else": …} one of two. What is empty is left out of objects.
func filled(template any, values map[string]any) any {
	switch t := template.(type) {
	case string:
		return filledText(t, values)
	case []any:
		out := make([]any, 0, len(t))
		for _, one := range t {
			out = append(out, filled(one, values))
		}
		return out
	case map[string]any:
		if name, ok := t["each"].(string); ok {
			list, _ := values[name].([]map[string]any)
			out := make([]any, 0, len(list))
			for _, one := range list {
				scope := maps.Clone(values)
				maps.Copy(scope, one)
				out = append(out, filled(t["of"], scope))
			}
			return out
		}
		if name, ok := t["if"].(string); ok {
			if empty(values[name]) {
				return filled(t["else"], values)
			}
			return filled(t["then"], values)
		}
		out := make(map[string]any, len(t))
		for key, one := range t {
			if value := filled(one, values); !empty(value) {
				out[key] = value
			}
		}
		return out
	}
	return template
}

func filledText(t string, values map[string]any) any {
	if name, ok := strings.CutPrefix(t, "{"); ok && strings.Count(t, "{") == 1 && strings.HasSuffix(name, "}") {
		return values[strings.TrimSuffix(name, "}")]
	}
	var pairs []string
	for name, value := range values {
		if text, ok := value.(string); ok {
			pairs = append(pairs, "{"+name+"}", text)
		}
	}
	return strings.NewReplacer(pairs...).Replace(t)
}

func empty(v any) bool {
	of := reflect.ValueOf(v)
	switch of.Kind() {
	case reflect.Invalid:
		return true
	case reflect.String, reflect.Slice, reflect.Map:
		return of.Len() == 0
	}
	return false
}
