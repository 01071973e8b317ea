package matrix

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// clientPath is where the client-server API is.
const clientPath = "/_matrix/client/v3/"

// client calls the homeserver, and it alone, with the token.
func (a *account) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "matrix", Base: s.Homeserver, BaseField: "homeserver", HTTP: env.Client, Clock: env.Clock, Words: own,
		Header: map[string]string{"Accept": "application/json"}, Secret: s.AccessToken, Field: "access_token", Auth: httpapi.Bearer,
		Read: answerOf, Account: a.whoami, Faults: faults,
	}
}

// Fetch fetches a file from the homeserver, by the server that it was sent from and its id there
// (client-server API, GET /_matrix/client/v1/media/download).
func (a *account) Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error) {
	server, id, _ := strings.Cut(m.Ref, "/")
	return a.Download(ctx, httpapi.Request{Path: "/_matrix/client/v1/media/download/" + url.PathEscape(server) + "/" + url.PathEscape(id)}, most)
}

// unrecognized is the code of what is no client-server API, or not of our version.
const unrecognized = "M_UNRECOGNIZED"

// faults are what refusals mean (client-server API, standard error response). A token
// that is only to be renewed (soft_logout) is dead for us as well.
var faults = httpapi.Faults{
	{Codes: "M_UNKNOWN_TOKEN M_MISSING_TOKEN M_USER_DEACTIVATED M_USER_SUSPENDED M_USER_LOCKED M_CONSENT_NOT_GIVEN", Means: messengers.TokenInvalid},
	{Codes: "M_LIMIT_EXCEEDED", Means: messengers.LimitedUntil},
	{Codes: "M_RESOURCE_LIMIT_EXCEEDED", Means: messengers.Temporary},
	{Codes: "M_TOO_LARGE M_BAD_JSON M_NOT_JSON " + unrecognized, Means: messengers.Permanent},
	{Codes: "M_FORBIDDEN M_GUEST_ACCESS_FORBIDDEN", Means: messengers.Blocked},
	{Status: http.StatusConflict, Means: messengers.Permanent},
}

// answerOf reads the code that every refusal has.
func answerOf(res outside.Response) (httpapi.Answer, bool) {
	var no struct {
		Code    string `json:"errcode"`
		Text    string `json:"error"`
		RetryMS int64  `json:"retry_after_ms"`
	}
	err := json.Unmarshal(res.Body, &no)
	return httpapi.Answer{Code: no.Code, Text: no.Text, Wait: time.Duration(no.RetryMS) * time.Millisecond}, err == nil && no.Code != unrecognized
}

// call asks the homeserver for something and reads its answer into result,
// unless that is nil. The steps of the path are ids as they are.
func (a *account) call(ctx context.Context, method string, path []string, body, result any) error {
	steps := make([]string, len(path))
	for i, step := range path {
		steps[i] = url.PathEscape(step)
	}
	return a.Call(ctx, httpapi.Request{Name: path[0], Method: method, Path: clientPath + strings.Join(steps, "/"), Body: body, MaxBytes: maxAnswer}, result)
}

// maxAnswer is the most that the homeserver says at once.
const maxAnswer = 8 << 20

// absent tells whether the homeserver says that there is no such thing.
func absent(err error) bool {
	no, refused := httpapi.Refused(err)
	return refused && (no.Code == "M_NOT_FOUND" || no.Status == http.StatusNotFound)
}

// lost tells whether the homeserver says that a room is not, or no more, for us.
func lost(err error) bool {
	no, refused := httpapi.Refused(err)
	return refused && (no.Status == http.StatusForbidden || no.Status == http.StatusNotFound) && !httpapi.Denies(err)
}
