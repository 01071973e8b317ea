package teams

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// service calls the service of Teams, wherever that is for a conversation.
func service(env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "teams", HTTP: env.Client, Clock: env.Clock, Words: own, Header: map[string]string{"Accept": "application/json"},
		Auth: httpapi.Bearer, Read: answerOf, Faults: faults,
	}
}

// faults are what the service's refusals mean otherwise than on most platforms.
var faults = httpapi.Faults{
	{Codes: "BotDisabledByAdmin", Means: messengers.TokenInvalid},
	{Status: http.StatusPreconditionFailed, Means: messengers.Temporary}, // come again
}

// Rows returns the faults that the service's refusals are sorted by.
func (*Bot) Rows() httpapi.Faults { return faults }

// codeWord is how the service names a reason; what is none is not repeated.
var codeWord = regexp.MustCompile(`^[A-Za-z]{1,60}$`)

// answerOf reads the reason of a refusal. Of what was taken the service may say nothing.
func answerOf(res outside.Response) (httpapi.Answer, bool) {
	if res.Status < http.StatusMultipleChoices {
		if len(res.Body) == 0 {
			res.Body = []byte("{}")
		}
		return httpapi.Answer{Result: res.Body}, true
	}
	var no struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	if json.Unmarshal(res.Body, &no) != nil || !codeWord.MatchString(no.Error.Code) {
		return httpapi.Answer{}, false
	}
	return httpapi.Answer{Code: no.Error.Code}, true
}

// post sends an activity with our token, which it gets anew once where the
// service does not take it. No other host gets it.
func (b *Bot) post(ctx context.Context, to target, o outgoing) (sent id, err error) {
	host, ok := b.hosts.allow(to.service)
	if !ok {
		return sent, &messengers.SendError{Fault: messengers.Permanent, Err: &pull.Error{Kind: pull.Invalid, Field: "allow_service_hosts", Hint: own.Text("unknown_host", nil)}}
	}
	r := httpapi.Request{Name: "activities", Path: host + "/v3/conversations/" + messengers.Query(to.conversation) + "/activities", Body: o}
	if o.ReplyTo != "" {
		r.Path += "/" + messengers.Query(o.ReplyTo)
	}
	for range 2 {
		if r.Secret, err = b.token.Token(ctx, r.Secret); err != nil {
			return sent, unsent(err)
		}
		err = b.api.Call(ctx, r, &sent)
		if no, refused := httpapi.Refused(err); !refused || no.Status != http.StatusUnauthorized {
			break
		}
	}
	if httpapi.Unclear(err) {
		err = &messengers.SendError{Fault: messengers.Uncertain, Err: &pull.Error{Kind: pull.Unusable, Hint: own.Text("unclear_answer", nil)}}
	}
	return sent, err
}
