package viber

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"keypull/pull/outside"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// client calls the REST API, which says no with the HTTP status 200.
func (b *bot) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "viber", Base: s.APIBase, HTTP: env.Client, Clock: env.Clock, Timeout: 15 * time.Second, Words: own,
		Secret: s.Token, Field: "auth_token", Auth: httpapi.Header("X-Viber-Auth-Token", ""), Read: answerOf, Account: b.ask,
		Faults: faults,
	}
}

// tooOld are the codes of a reader's app that can't show the message, and may show
// less.
const tooOld = "11 13 14"

// faults are what the codes mean (REST API, error codes); any other is a fault of
// Viber's own, as it says itself. A status of HTTP is about the account, never
// about a reader.
var faults = httpapi.Faults{
	{Status: http.StatusForbidden, Means: messengers.TokenInvalid},
	{Codes: "2 7 8 9 10 15 22", Means: messengers.TokenInvalid},
	{Codes: "1 3 4 5 20 21 " + tooOld, Means: messengers.Permanent},
	{Codes: "6", Means: messengers.Blocked},
	{Codes: "12 19", Means: messengers.LimitedUntil, Wait: time.Minute},
	{Codes: "23 24", Means: messengers.WindowClosed},
	{Codes: "*", Means: messengers.Temporary},
}

// answerOf reads the status in the body; 0 is a yes.
func answerOf(res outside.Response) (httpapi.Answer, bool) {
	var no struct {
		Status *int   `json:"status"`
		Text   string `json:"status_message"`
	}
	if json.Unmarshal(res.Body, &no) != nil || no.Status == nil {
		return httpapi.Answer{}, false
	}
	said := httpapi.Answer{Text: no.Text}
	if res.Status == http.StatusOK && *no.Status != 0 {
		said.Code = strconv.Itoa(*no.Status)
	}
	return said, true
}
