package line

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// client calls the Messaging API.
func (b *bot) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "line", Base: s.APIBase, HTTP: env.Client, Clock: env.Clock, Timeout: 15 * time.Second, Words: own,
		Secret: s.Token, Field: "channel_access_token", Auth: httpapi.Bearer, Read: answerOf, Account: b.ask,
		Faults: httpapi.Faults{
			{Status: http.StatusForbidden, Means: messengers.TokenInvalid},
			{Status: http.StatusBadRequest, Saying: "failed to send messages", Means: messengers.Blocked},
			// Replies are free and go on: only this push can't be sent.
			{Status: http.StatusTooManyRequests, Saying: "monthly limit", Means: messengers.Permanent, Key: "monthly"},
		},
	}
}

// answerOf reads why LINE says no, and of what in the request.
func answerOf(res outside.Response) (httpapi.Answer, bool) {
	if res.Status == http.StatusOK {
		return httpapi.Answer{}, true
	}
	var no struct {
		Message string `json:"message"`
		Details []struct {
			Message  string `json:"message"`
			Property string `json:"property"`
		} `json:"details"`
	}
	err := json.Unmarshal(res.Body, &no)
	for _, d := range no.Details {
		no.Message += "; " + d.Property + ": " + d.Message
	}
	return httpapi.Answer{Text: no.Message}, err == nil
}

// ofPicture says that LINE refuses a message because of a picture in it.
func ofPicture(err error) bool {
	return httpapi.Fits(err, httpapi.Fault{Status: http.StatusBadRequest, Saying: "ContentUrl"}) ||
		httpapi.Fits(err, httpapi.Fault{Status: http.StatusBadRequest, Saying: "previewImageUrl"})
}

// sent posts messages and returns what LINE calls the first of them. A key that
// LINE has taken before says that the message is on its way.
func (b *bot) sent(ctx context.Context, path string, body any, key string) (string, error) {
	var answer struct {
		Sent []struct {
			ID string `json:"id"`
		} `json:"sentMessages"`
	}
	header := map[string]string{}
	if key != "" {
		header["X-Line-Retry-Key"] = key
	}
	err := b.Call(ctx, httpapi.Request{Path: path, Header: header, Body: body}, &answer)
	if no, refused := httpapi.Refused(err); refused && no.Status == http.StatusConflict && key != "" {
		err = nil
		_ = json.Unmarshal(no.Response.Body, &answer)
	}
	if err != nil || len(answer.Sent) == 0 {
		return "", err
	}
	return answer.Sent[0].ID, nil
}
