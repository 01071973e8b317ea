package smskannel

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// client calls sendsms. The statuses by which it says no are about us.
func (g *Gateway) client(s *Settings, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "kannel", Base: sendsms(s.SendURL), BaseField: "sendsms_url", HTTP: env.Client, Clock: env.Clock, Words: own,
		Secret: s.Password, Field: "password", Auth: g.prove, Account: g.ask,
		Faults: httpapi.Faults{
			{Status: http.StatusForbidden, Means: messengers.TokenInvalid},
			{Status: http.StatusNotFound, Means: messengers.TokenInvalid},
		},
	}
}

// sendsms returns the address of the service; the setting may leave its path out.
func sendsms(address string) string {
	address = strings.TrimRight(address, "/")
	if u, err := url.Parse(address); err == nil && u.Path == "" {
		address += "/cgi-bin/sendsms"
	}
	return address
}

// prove puts the password into the query, of which none is told in errors.
func (g *Gateway) prove(r *httpapi.Request, _ map[string]string) {
	r.Query.Set("username", g.settings.Username)
	r.Query.Set("password", r.Secret)
	r.Secret = r.Query.Encode()
}

// ask asks for a message to nobody: who may send is told that a receiver is
// missing.
func (g *Gateway) ask(ctx context.Context) error {
	err := g.Call(ctx, httpapi.Request{Query: url.Values{"text": {""}}}, nil)
	if no, refused := httpapi.Refused(err); refused && no.Fault.Means == messengers.Permanent {
		return nil
	}
	return err
}
