package teams

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

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

// login gives the token that the service takes from us.
func (b *Bot) login(base string, env messengers.Env) *httpapi.Client {
	return &httpapi.Client{
		Name: "sign in", Base: base, HTTP: env.Client, Clock: env.Clock, Words: own, Header: map[string]string{"Accept": "application/json"},
		Secret: b.app.secret, Field: "app_secret", Read: whyNoToken, Faults: httpapi.Faults{
			{Codes: "AADSTS700016 AADSTS90013 AADSTS900971", Means: messengers.TokenInvalid, Key: "unknown_app", Field: "app_id"},
			{Codes: "AADSTS90002 AADSTS900023 AADSTS900021", Means: messengers.TokenInvalid, Key: "unknown_tenant", Field: "tenant"},
			{Codes: "AADSTS7000215", Means: messengers.TokenInvalid, Key: "wrong_secret"},
			{Codes: "AADSTS7000222", Means: messengers.TokenInvalid, Key: "expired_secret"},
			{Codes: "*", Means: messengers.TokenInvalid, Key: "refused"},
			// What says no without a reason is not Microsoft's.
			{Status: http.StatusUnauthorized, Means: messengers.Permanent},
			{Status: http.StatusForbidden, Means: messengers.Permanent},
		},
	}
}

// number is what Microsoft calls a reason by.
var number = regexp.MustCompile(`AADSTS\d{1,9}`)

// whyNoToken reads the number that a refusal begins with; where the service has too
// much to do or is broken, its status tells more.
func whyNoToken(res outside.Response) (httpapi.Answer, bool) {
	var no struct {
		Error string `json:"error"`
		Said  string `json:"error_description"`
	}
	err := json.Unmarshal(res.Body, &no)
	if res.Status == http.StatusTooManyRequests || res.Status >= http.StatusInternalServerError || no.Error == "" {
		return httpapi.Answer{}, err == nil
	}
	return httpapi.Answer{Code: cmp.Or(number.FindString(no.Said), "invalid_client")}, true
}

// scopeOf returns what our token is for, in the cloud that it comes from.
func scopeOf(login string) string {
	switch u, err := url.Parse(login); {
	case err == nil && strings.HasSuffix(u.Hostname(), ".us"):
		return "https://api.botframework.us/.default"
	case err == nil && strings.HasSuffix(u.Hostname(), ".cn"):
		return "https://api.botframework.azure.cn/.default"
	}
	return "https://api.botframework.com/.default"
}

// renewBefore is how long before its end a token is not used any more.
const renewBefore = 5 * time.Minute

// newToken gets a token for our secret.
func (b *Bot) newToken(ctx context.Context) (string, time.Duration, error) {
	var got struct {
		Token string `json:"access_token"`
		Lasts int64  `json:"expires_in"`
	}
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {b.app.id}, "client_secret": {b.app.secret.Reveal()}, "scope": {scopeOf(b.signIn.Base)},
	}
	err := b.signIn.Call(ctx, httpapi.Request{Name: "sign in", Path: "/" + b.app.home + "/oauth2/v2.0/token", Body: form}, &got)
	if err == nil && got.Token == "" {
		err = b.signIn.Unclear()
	}
	const usual, longest = 3600, 24 * 3600
	return got.Token, time.Duration(min(max(cmp.Or(got.Lasts, usual), 1), longest)) * time.Second, b.signIn.Tried(err)
}

// unsent sorts what kept us from a token: no message has left yet.
func unsent(err error) *messengers.SendError {
	e := &messengers.SendError{Fault: messengers.Temporary, Err: err}
	if kind := pull.KindOf(err); kind == pull.Denied || kind == pull.Unusable {
		e.Fault = messengers.TokenInvalid
	}
	return e
}

// escaped and unescaped write a conversation's id so that no slash stands in it.
var (
	escaped   = strings.NewReplacer("%", "%25", "/", "%2F")
	unescaped = strings.NewReplacer("%2F", "/", "%25", "%")
)

// addressOf returns where a conversation is answered: its id, and behind a slash the
// service that it was told of by. It is regional and may change: each activity
// brings the newest.
func addressOf(conversation, service string) string {
	return escaped.Replace(conversation) + "/" + strings.TrimSuffix(service, "/")
}

// target is a conversation, with its thread, and the service to reach it by.
type target struct{ conversation, service string }

// where reads an address as Receive made it, or a conversation's id alone.
func (b *Bot) where(address, thread string) (target, bool) {
	id, service, _ := strings.Cut(address, "/")
	t := target{unescaped.Replace(id), service}
	if t.service == "" {
		t.service = strings.TrimSuffix(b.service, "/")
	}
	if thread != "" {
		t.conversation += threadMark + thread
	}
	return t, id != "" && !strings.ContainsAny(id, " \n")
}

// hosts are those that our token may go to beside Microsoft's.
type hosts []string

// serviceHosts are Microsoft's: the names, and all below them.
var serviceHosts = []string{"botframework.com", "smba.trafficmanager.net", "teams.microsoft.com", "teams.microsoft.us", "botframework.us", "botframework.azure.cn"}

// hostsOf reads hosts as people write them down, as addresses too.
func hostsOf(written []string) hosts {
	var all hosts
	for _, w := range written {
		if _, rest, ok := strings.Cut(w, "://"); ok {
			w = rest
		}
		w, _, _ = strings.Cut(w, "/")
		if w = strings.ToLower(strings.TrimSpace(w)); w != "" {
			all = append(all, w)
		}
	}
	return all
}

// allow returns the address of a service that our token may go to, without the
// slash at its end. It is https, but on networks of the operator's own.
func (h hosts) allow(service string) (string, bool) {
	u, err := url.Parse(service)
	if err != nil || u.User != nil || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	name := strings.ToLower(u.Hostname())
	own := slices.Contains(h, name) || slices.Contains(h, strings.ToLower(strings.TrimSuffix(u.Host, ".")))
	if u.Scheme != "https" && (u.Scheme != "http" || !own || !near(name)) {
		return "", false
	}
	return strings.TrimSuffix(service, "/"), own || u.Port() == "" && microsofts(name)
}

func microsofts(name string) bool {
	return slices.ContainsFunc(serviceHosts, func(host string) bool { return name == host || strings.HasSuffix(name, "."+host) })
}

// near reports whether a host is of this machine, or of a network of one's own.
func near(name string) bool {
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.IsLoopback() || ip.IsPrivate()
	}
	return !strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost") || strings.HasSuffix(name, ".internal")
}
