package meta

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// timeout bounds every call.
const timeout = 20 * time.Second

// GraphURL is where the Graph API is.
const GraphURL = "https://graph.facebook.com"

// Graph calls the Graph API, or one that speaks it, for one account.
type Graph struct {
	Client *outside.Client
	Clock  func() time.Time
	// Base is the API's address, Version the first step of every path; a provider
	// may have none.
	Base, Version string
	Token         settings.Secret
	// KeyHeader carries the token where that is not "Authorization: Bearer".
	KeyHeader string
	// Secret is the app's, by which calls prove that the token was not stolen; no
	// call does where it is empty.
	Secret string

	// renewed is the token in place of Token, once it was exchanged.
	renewed atomic.Pointer[settings.Secret]
	// limits counts how often in a row the platform asked for a pause.
	limits atomic.Int32
	left   left
}

// Key is the token that calls are made by.
func (g *Graph) Key() string {
	if renewed := g.renewed.Load(); renewed != nil {
		return renewed.Reveal()
	}
	return g.Token.Reveal()
}

// Renew has calls be made by another token.
func (g *Graph) Renew(token settings.Secret) { g.renewed.Store(&token) }

// errUnclear is an answer that is not the API's.
var errUnclear error = &pull.Error{Kind: pull.Unusable, Field: "api_base", Hint: own.Text("unclear", nil)}

// Get asks for fields of an object.
func (g *Graph) Get(ctx context.Context, path string, query url.Values, result any) error {
	return g.call(ctx, http.MethodGet, path, query, nil, result)
}

// Post calls an edge with a body and reads its answer into result, unless that is
// nil. The error is a *Refusal, an *outside.Error or the context's.
func (g *Graph) Post(ctx context.Context, path string, body, result any) error {
	return g.call(ctx, http.MethodPost, path, nil, body, result)
}

// Delete calls an edge to have something removed.
func (g *Graph) Delete(ctx context.Context, path string, body any) error {
	return g.call(ctx, http.MethodDelete, path, nil, body, nil)
}

func (g *Graph) call(ctx context.Context, method, path string, query url.Values, body, result any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	token := g.Key()
	request := outside.Request{Method: method, Header: g.proven(), Redact: token, Single: true}
	if body != nil {
		request.Body, request.Header["Content-Type"] = messengers.JSON(body), "application/json"
	}
	request.URL = g.address(path, query)
	res, err := g.Client.Do(ctx, request)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.Status < http.StatusOK || res.Status >= http.StatusMultipleChoices || refuses(res.Body) {
		return g.refusal(path, res)
	}
	if result != nil && json.Unmarshal(res.Body, result) != nil {
		return fmt.Errorf("%s %s: %w", method, path, errUnclear)
	}
	return nil
}

// proven are the headers by which the API knows us.
func (g *Graph) proven() map[string]string {
	if g.KeyHeader != "" {
		return map[string]string{g.KeyHeader: g.Key()}
	}
	return map[string]string{"Authorization": "Bearer " + g.Key()}
}

// address is where a path is called.
func (g *Graph) address(path string, query url.Values) string {
	address := strings.TrimRight(g.Base, "/")
	if g.Version != "" {
		address += "/" + url.PathEscape(g.Version)
	}
	address += path
	if g.Secret != "" {
		if query == nil {
			query = url.Values{}
		}
		query.Set("appsecret_proof", hex.EncodeToString(sum(g.Secret, []byte(g.Key()))))
	}
	if len(query) == 0 {
		return address
	}
	return address + "?" + query.Encode()
}

// Answers takes whatever the API says for an answer, but that it has failed
// itself.
func (g *Graph) Answers(ctx context.Context, path string) error {
	err := g.Get(ctx, path, nil, nil)
	var refused *Refusal
	if errors.As(err, &refused) && refused.Status < http.StatusInternalServerError {
		return nil
	}
	return err
}
