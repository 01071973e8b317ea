package smstwilio

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// client calls the REST API for what is the account's.
func (n *Number) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "twilio", Base: strings.TrimRight(s.APIBase, "/") + "/2010-04-01/Accounts/" + url.PathEscape(s.AccountSID), HTTP: env.Client, Clock: env.Clock, Words: own,
		Header: map[string]string{"Accept": "application/json"}, Secret: s.AuthToken, Field: "auth_token", Auth: httpapi.Basic(s.AccountSID),
		Read: answerOf, Account: n.ask, Faults: faults,
	}
}

// Fetch fetches what came with a message, from Twilio alone.
func (n *Number) Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error) {
	if !n.Near(m.Ref) {
		return nil, &pull.Error{Kind: pull.Unknown, Op: "fetch a file"}
	}
	return n.Download(ctx, httpapi.Request{Path: m.Ref}, most)
}

// aboutMedia are the codes of a message that may pass without its picture.
const aboutMedia = "12300 21620 21623 21655 63019 63034 63037"

// faults are what Twilio's codes mean for who sends: those of short messages, of
// the API, and of channels such as WhatsApp.
var faults = httpapi.Faults{
	{Codes: "63038", Means: messengers.LimitedUntil, Wait: time.Hour}, // a day's share
	{Status: http.StatusTooManyRequests, Means: messengers.LimitedUntil},
	{Codes: "14107 20429 21611 30001 63017 63018", Means: messengers.LimitedUntil},
	{Codes: "20404", Means: messengers.TokenInvalid, Key: "account_unknown", Field: "account_sid"},
	{Codes: "20003 20005 21212 21606 21659 21660 21703 30002 63001 63002 63007 63008 63020 63026 63035", Means: messengers.TokenInvalid},
	{Codes: "30004 63014 63032 63033", Means: messengers.Blocked},
	{Codes: "63016", Means: messengers.WindowClosed},
	{Codes: "20500 20503 30003 63009 63010 63012", Means: messengers.Temporary},
	// The reader said STOP to the carrier, or to Twilio in its place. What readers are
	// owed after STOP, such as MYDATA, does not get through either: that is told to the
	// editor, as a letter that can't be delivered.
	{Codes: "21610", Means: messengers.Permanent, Key: "carrier_stopped"},
	{Codes: "21608", Means: messengers.Permanent, Key: "unverified"}, // a trial account
	{Codes: "21211 21408 21602 21612 21614 21617 30005 30006 30007 30008 " +
		"63003 63005 63006 63013 63021 63024 63027 63028 63036 " + aboutMedia, Means: messengers.Permanent},
	{Status: http.StatusNotFound, Means: messengers.TokenInvalid, Key: "account_unknown", Field: "account_sid"},
	{Status: http.StatusForbidden, Means: messengers.TokenInvalid},
}

// answerOf reads why Twilio says no.
func answerOf(res outside.Response) (httpapi.Answer, bool) {
	if res.Status < http.StatusMultipleChoices {
		return httpapi.Answer{}, true
	}
	var no struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(res.Body, &no) != nil || no.Message == "" {
		return httpapi.Answer{Text: http.StatusText(res.Status)}, false
	}
	return httpapi.Answer{Code: codeOf(no.Code), Text: no.Message}, true
}

// codeOf returns a code as faults have it; "" of 0, which is none.
func codeOf(number int) string { return strings.TrimLeft(strconv.Itoa(number), "0") }

// ask asks Twilio whose account it is.
func (n *Number) ask(ctx context.Context) error {
	var account struct {
		Name   string `json:"friendly_name"`
		Status string `json:"status"`
	}
	switch err := n.Get(ctx, ".json", &account); {
	case err != nil:
		return err
	case account.Status == "":
		return n.Unclear()
	case account.Status != "active":
		return &pull.Error{Kind: pull.Denied, Field: "account_sid", Hint: own.Text("suspended", words.Args{"status": account.Status})}
	}
	n.Belongs(own.Text("whose", words.Args{"title": account.Name, "sender": n.settings.From}))
	return nil
}
