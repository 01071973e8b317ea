package jsonapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/places"
)

// Limits of what a token server says.
const (
	maxTokenBytes  = 64 << 10
	maxTokenLength = 16 << 10
	// tokenSlack is how long before its end a token is no longer used, usualLife
	// how long one is that does not say.
	tokenSlack = 30 * time.Second
	usualLife  = 10 * time.Minute
	// mostRest is how long a server is left alone at most: what lies further ahead
	// was noted by a clock that has been set back.
	mostRest = 24 * time.Hour
	opToken  = "ask for a token"
)

// tokens brings the token that requests carry. One is asked for at a time.
type tokens struct {
	settings OAuth
	env      sources.Env
	// turn is held by whoever asks, and guards what follows.
	turn    chan struct{}
	token   string
	until   time.Time
	refresh string
	loaded  bool
	// rest is until when the server that refused wants to be left alone.
	rest time.Time
	// inBody says that the server wants client and secret in the body.
	inBody bool
}

func newTokens(o OAuth, env sources.Env) *tokens {
	if o.TokenURL == "" {
		return nil
	}
	return &tokens{settings: o, env: env, turn: make(chan struct{}, 1), refresh: o.RefreshToken.Reveal()}
}

// getToken returns a token that counts, and how many requests that took; spent is
// one that was refused, "" where none was.
func (t *tokens) getToken(ctx context.Context, spent string) (token string, requests int, err error) {
	select {
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		return "", 0, sources.GivenUpError(opToken, ctx.Err())
	}
	defer func() { <-t.turn }()
	if t.token != "" && t.token != spent && t.env.Clock().Before(t.until) {
		return t.token, 0, nil
	}
	if left := t.rest.Sub(t.env.Clock()); left > 0 && left <= mostRest {
		return "", 0, &pull.Error{Kind: pull.Limited, Op: opToken, Field: "oauth", RetryAt: t.rest,
			Hint: words.Text{Key: "outside.resting", Args: words.Args{"until": t.rest.UTC().Format(time.RFC3339)}}}
	}
	if err := t.loadToken(ctx); err != nil {
		return "", 0, err
	}
	answer, requests, err := t.askForToken(ctx)
	if err != nil {
		return "", requests, err
	}
	t.token, t.until = answer.AccessToken, t.env.Clock().Add(answer.life())
	if answer.RefreshToken != "" && answer.RefreshToken != t.refresh {
		t.refresh = answer.RefreshToken
		if err := t.keepToken(ctx); err != nil {
			return "", requests, err
		}
	}
	return t.token, requests, nil
}

// granted is what a token server answers.
type granted struct {
	AccessToken  string          `json:"access_token"`
	RefreshToken string          `json:"refresh_token"`
	ExpiresIn    json.RawMessage `json:"expires_in"`
	Error        string          `json:"error"`
}

// life returns how long a token counts; some servers write the seconds as a text.
func (g granted) life() time.Duration {
	seconds, err := strconv.ParseFloat(strings.Trim(string(g.ExpiresIn), `"`), 64)
	const most = 365 * 24 * 3600
	if err != nil || seconds < 0 || seconds > most {
		return usualLife
	}
	life := time.Duration(seconds * float64(time.Second))
	return max(life-tokenSlack, life/2)
}

// askForToken asks for a token; where the server does not take client and secret as a
// header, once more with them in the body.
func (t *tokens) askForToken(ctx context.Context) (granted, int, error) {
	answer, res, err := t.postForm(ctx)
	requests := 1
	if err == nil && !t.inBody && t.settings.ClientSecret != "" && (answer.Error == "invalid_client" || answer.Error == "invalid_request" || res.Status == http.StatusUnauthorized) {
		t.inBody = true
		answer, res, err = t.postForm(ctx)
		requests++
	}
	t.rest = time.Time{}
	switch {
	case err != nil:
		return granted{}, requests, sources.Failed(opToken, "oauth", err)
	case res.Status == http.StatusTooManyRequests || res.Status >= 500:
		t.rest = res.RetryAt
		return granted{}, requests, sources.Refused(opToken, "oauth", res)
	case answer.AccessToken == "" || len(answer.AccessToken) > maxTokenLength || !httpguts.ValidHeaderFieldValue("Bearer "+answer.AccessToken):
		t.inBody, t.rest = false, res.RetryAt
		return granted{}, requests, &pull.Error{Kind: pull.Unusable, Op: opToken, Field: "oauth", RetryAt: res.RetryAt,
			Hint: own.Text("oauth_refused", words.Args{"status": strconv.Itoa(res.Status), "said": sources.Shorten(sources.Line(answer.Error), 60)})}
	}
	return answer, requests, nil
}

func (t *tokens) postForm(ctx context.Context) (granted, outside.Response, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if t.refresh != "" {
		form = url.Values{"grant_type": {"refresh_token"}, "refresh_token": {t.refresh}}
	}
	if t.settings.Scope != "" {
		form.Set("scope", t.settings.Scope)
	}
	header := map[string]string{"Content-Type": places.Form, "Accept": "application/json"}
	id, secret := t.settings.ClientID, t.settings.ClientSecret.Reveal()
	switch {
	case t.inBody || secret == "":
		if id != "" {
			form.Set("client_id", id)
		}
		if secret != "" {
			form.Set("client_secret", secret)
		}
	default:
		pair := url.QueryEscape(id) + ":" + url.QueryEscape(secret)
		header["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
	}
	// Single: what acts is not sent twice, nor to where a redirect leads.
	res, err := t.env.Client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: t.settings.TokenURL, Header: header, Body: []byte(form.Encode()), MaxBytes: maxTokenBytes, Single: true, Redact: secret,
	})
	if err != nil {
		return granted{}, res, err
	}
	var answer granted
	_ = json.Unmarshal(bytes.TrimPrefix(res.Body, []byte("\xEF\xBB\xBF")), &answer) // what it does not say is told of as that
	return answer, res, nil
}

// keptToken is a refresh token that took another's place, and whose.
type keptToken struct {
	Of    string `json:"of"`
	Token string `json:"token"`
}

// tokenOwner tells by which settings a refresh token was had: others begin with their
// own.
func (t *tokens) tokenOwner() string {
	sum := sha256.Sum256([]byte(t.settings.TokenURL + "\x00" + t.settings.ClientID + "\x00" + t.settings.RefreshToken.Reveal()))
	return hex.EncodeToString(sum[:16])
}

// loadToken reads the refresh token that took the place of the one in the settings.
func (t *tokens) loadToken(ctx context.Context) error {
	if t.loaded || t.env.Place == nil || t.refresh == "" {
		return nil
	}
	b, err := t.env.Place.Load(ctx)
	if err != nil {
		return sources.GivenUpError(opToken, err)
	}
	var k keptToken
	if json.Unmarshal(b, &k) == nil && k.Of == t.tokenOwner() && k.Token != "" {
		t.refresh = k.Token
	}
	t.loaded = true
	return nil
}

func (t *tokens) keepToken(ctx context.Context) error {
	if t.env.Place == nil {
		return nil
	}
	b, err := json.Marshal(keptToken{Of: t.tokenOwner(), Token: t.refresh})
	if err == nil {
		// The old one is spent: this must be kept, whoever gave up waiting.
		err = t.env.Place.Keep(context.WithoutCancel(ctx), b)
	}
	if err != nil {
		return &pull.Error{Kind: pull.Internal, Op: opToken, Hint: own.Text("oauth_not_kept", nil), Err: err}
	}
	return nil
}
