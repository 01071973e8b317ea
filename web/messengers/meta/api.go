package meta

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// GraphURL is where the Graph API is.
const GraphURL = "https://graph.facebook.com"

// Graph calls the Graph API, or one that speaks it, for one account.
type Graph struct {
	*httpapi.Client
	// Version is the first step of every path; a provider may have none.
	Version string
	// KeyHeader carries the token where that is not "Authorization: Bearer".
	KeyHeader string
	// ProvenBy is the app's secret, by which calls prove that the token was not stolen;
	// no call does where it is empty.
	ProvenBy string

	// renewed is the token in place of Secret, once it was exchanged.
	renewed atomic.Pointer[settings.Secret]
	// limits counts how often in a row the platform asked for a pause.
	limits atomic.Int32
	// left is how many parts have left of the last messages, by their keys.
	left messengers.Recent[string, int]
}

// NewGraph returns the API at an address.
func NewGraph(env messengers.Env, base, version string, token settings.Secret) *Graph {
	g := &Graph{Version: version}
	g.Client = &httpapi.Client{
		Name: "meta", Base: base, HTTP: env.Client, Clock: env.Clock, Words: own,
		Secret: token, Field: "access_token", Auth: g.prove, Read: g.answerOf, Faults: faults,
	}
	return g
}

// faults are what codes and their subcodes mean.
var faults = httpapi.Faults{
	{Codes: "10/2018278 10/2534022 131047", Means: messengers.WindowClosed},         // so long after the reader's last message
	{Codes: "100/33 33 133010", Means: messengers.TokenInvalid, Key: "number_gone"}, // no such object, or not for this token
	{Codes: "551 131026", Means: messengers.Blocked},                                // does not take it: blocked, away, or not on the platform
	{Codes: "131056", Means: messengers.LimitedUntil, Wait: 6 * time.Second, Alone: true},
	{Codes: "4 17 32 613 130429 131048 133016 80000..80014", Means: messengers.LimitedUntil}, // the last of one use case each
	{Codes: "1 2 1200 131000 131016 131057 133004", Means: messengers.Temporary},
	{Codes: "100 130472 131008 131009 131021 131049 131051 131052 131053 132000..132999", Means: messengers.Permanent}, // the last of templates
	{Codes: "368 131031 /1893063", Means: messengers.TokenInvalid, Key: "locked"},
	{Codes: "131030", Means: messengers.Permanent, Key: "not_listed"}, // a test number's readers are listed
	{Codes: "131042", Means: messengers.TokenInvalid, Key: "payment"},
	{Codes: "0 102 190 463 467 /463 /467", Means: messengers.TokenInvalid},
	{Codes: "3 10 131005 131045 200..299", Means: messengers.TokenInvalid, Key: "permission"},
	{Status: http.StatusForbidden, Means: messengers.TokenInvalid},
}

// FaultOf returns what a code means by itself, as statuses tell it of a message that
// was taken before; "" of one that is not known.
func FaultOf(code int) messengers.Fault { return faults.Meaning(strconv.Itoa(code)) }

// Key returns the token that calls are made by.
func (g *Graph) Key() string {
	if renewed := g.renewed.Load(); renewed != nil {
		return renewed.Reveal()
	}
	return g.Secret.Reveal()
}

// Renew has calls be made by another token.
func (g *Graph) Renew(token settings.Secret) { g.renewed.Store(&token) }

// Get asks for fields of an object.
func (g *Graph) Get(ctx context.Context, path string, query url.Values, result any) error {
	return g.Call(ctx, httpapi.Request{Path: path, Query: query, Secret: g.Key()}, result)
}

// Post calls an edge with a body and reads its answer into result, unless that is
// nil.
func (g *Graph) Post(ctx context.Context, path string, body, result any) error {
	return g.Call(ctx, httpapi.Request{Method: http.MethodPost, Path: path, Body: body, Secret: g.Key()}, result)
}

// Delete calls an edge to have something removed.
func (g *Graph) Delete(ctx context.Context, path string, body any) error {
	return g.Call(ctx, httpapi.Request{Method: http.MethodDelete, Path: path, Body: body, Secret: g.Key()}, nil)
}

// FetchFile asks where a file lies, and fetches it from there with the account's token: at a provider,
// behind the provider's own address.
func (g *Graph) FetchFile(ctx context.Context, m what.Media, most int64) ([]byte, error) {
	var lies struct {
		URL string `json:"url"`
	}
	if err := g.Get(ctx, "/"+url.PathEscape(m.Ref), nil, &lies); err != nil {
		return nil, httpapi.Unfetched(err)
	}
	r := httpapi.Request{Path: lies.URL, Bare: true, Secret: g.Key(), Header: map[string]string{"Authorization": "Bearer " + g.Key()}}
	if at, err := url.Parse(lies.URL); err == nil && g.KeyHeader != "" {
		r.Path, r.Header = at.RequestURI(), map[string]string{g.KeyHeader: g.Key()}
	}
	return g.Download(ctx, r, most)
}

// prove has the API know us.
func (g *Graph) prove(r *httpapi.Request, header map[string]string) {
	if g.KeyHeader != "" {
		header[g.KeyHeader] = r.Secret
	} else {
		httpapi.Bearer(r, header)
	}
	if g.Version != "" {
		r.Path = "/" + url.PathEscape(g.Version) + r.Path
	}
	if g.ProvenBy != "" {
		query := url.Values{"appsecret_proof": {messengers.Signature{Secret: settings.Secret(g.ProvenBy)}.Of([]byte(r.Secret))}}
		maps.Copy(query, r.Query)
		r.Query = query
	}
}

// answerOf reads an error as the API words it, whatever the status says. A provider
// words one about its key in a frame of its own.
func (g *Graph) answerOf(res outside.Response) (httpapi.Answer, bool) {
	if res.Status < http.StatusMultipleChoices && !bytes.Contains(res.Body, []byte(`"error"`)) {
		return httpapi.Answer{}, true
	}
	var said struct {
		Error *struct {
			Code      int
			Subcode   int `json:"error_subcode"`
			Message   string
			Transient bool                     `json:"is_transient"`
			Data      struct{ Details string } `json:"error_data"`
		}
		Meta struct {
			Message string `json:"developer_message"`
		}
	}
	if !Decode(res.Body, &said) {
		return httpapi.Answer{}, res.Status < http.StatusMultipleChoices
	}
	no := said.Error
	if no == nil {
		return httpapi.Answer{Text: said.Meta.Message}, true
	}
	answer := httpapi.Answer{Refused: true, Text: no.Message, Wait: regained(res.Header), Code: strconv.Itoa(no.Code)}
	if details := no.Data.Details; details != "" && details != no.Message {
		answer.Text += ": " + details
	}
	broken := no.Transient || res.Status >= http.StatusInternalServerError
	switch {
	case no.Transient:
		answer.Status = http.StatusServiceUnavailable
	case no.Code == 0 && (broken || res.Status == http.StatusTooManyRequests):
		answer.Code = ""
	}
	if no.Subcode != 0 {
		answer.Code += "/" + strconv.Itoa(no.Subcode)
	}
	return answer, true
}

// regained returns how long it takes until the API takes calls again by the usage that it
// tells; 0 if it does not.
func regained(header http.Header) time.Duration {
	var usage map[string][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	most := 0
	if json.Unmarshal([]byte(header.Get("X-Business-Use-Case-Usage")), &usage) == nil {
		for _, of := range usage {
			for _, u := range of {
				most = max(most, u.Minutes)
			}
		}
	}
	return time.Duration(min(most, 24*60)) * time.Minute
}

const (
	// shortPause is how long the API is left alone after the first refusal for which
	// it names no time; each that follows doubles it.
	shortPause   = 5 * time.Second
	longestPause = 15 * time.Minute
)

// SendError sorts an error of a call, and waits longer each time that a limit was met.
func (g *Graph) SendError(err error) error {
	err = g.Client.SendError(err)
	var send *messengers.SendError
	no, refused := httpapi.Refused(err)
	if !refused || !errors.As(err, &send) || send.Fault != messengers.LimitedUntil || send.Alone {
		return err
	}
	times := min(g.limits.Add(1)-1, 10)
	if no.Wait == 0 && no.Response.RetryAt.IsZero() {
		send.RetryAt = g.Clock().Add(min(shortPause<<times, longestPause))
	}
	return err
}

// Tried returns what an account's check makes of an error: whatever the API refuses for
// good is a refusal of the account.
func (g *Graph) Tried(err error) error {
	if no, refused := httpapi.Refused(err); refused && cmp.Or(no.Code, no.Text) != "" && no.Fault.Means == messengers.Permanent {
		return no.Denied()
	}
	return g.Client.Tried(err)
}

// Try asks Meta whose account it is.
func (g *Graph) Try(ctx context.Context) error { return g.Tried(g.Account(ctx)) }
