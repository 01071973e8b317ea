// Package metatest is Meta as the tests of its kinds need it: what it signs, and
// an account's settings as it keeps them.
package metatest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
)

// The secrets of a channel's own app, and of one that carries channels.
const (
	Secret    = "app-secret-0123456789"
	AppSecret = "carrier-secret-0123456789"
	Verify    = "verify-0123456789"
	Token     = "EAAG-token-0123456789" //nolint:gosec // of tests
)

// Sign returns the signature of a body.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Signed returns a delivery with the signature of a secret, where it has a body.
func Signed(secret string) func(messengers.Delivery) messengers.Delivery {
	return func(d messengers.Delivery) messengers.Delivery {
		if d.Method != http.MethodPost {
			return d
		}
		if d.Header == nil {
			d.Header = map[string][]string{}
		}
		d.Header["X-Hub-Signature-256"] = []string{Sign(secret, d.Body)}
		return d
	}
}

// Delivery returns one of a body, signed by the channel's own app.
func Delivery(body string) messengers.Delivery { return signed(Secret, body) }

// AppDelivery returns one of a body, signed by the app that carries channels.
func AppDelivery(body string) messengers.Delivery { return signed(AppSecret, body) }

func signed(secret, body string) messengers.Delivery {
	return Signed(secret)(messengers.Delivery{
		Method: http.MethodPost, At: messengertest.Now(), Header: map[string][]string{"Content-Type": {"application/json"}}, Body: []byte(body),
	})
}

// Handshake returns how an address is registered.
func Handshake() messengers.Delivery {
	return messengers.Delivery{Method: http.MethodGet, At: messengertest.Now(), Query: map[string][]string{
		"hub.mode": {"subscribe"}, "hub.verify_token": {Verify}, "hub.challenge": {"1158201444"},
	}}
}

// Forge turns one bit of what proves a delivery.
func Forge(d messengers.Delivery) messengers.Delivery {
	if d.Method == http.MethodGet {
		d.Query["hub.verify_token"] = []string{Verify[:len(Verify)-1] + "8"}
		return d
	}
	shown := []byte(d.Header["X-Hub-Signature-256"][0])
	last := len(shown) - 1
	shown[last] = map[bool]byte{true: '1', false: '0'}[shown[last] == '0']
	d.Header["X-Hub-Signature-256"] = []string{string(shown)}
	return d
}

// Refused returns the body of a refusal.
func Refused(code, subcode int) string {
	body, _ := json.Marshal(map[string]any{"error": map[string]any{ // strings and numbers always can be
		"message": "(#" + "x) no, " + Token, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "A1",
	}})
	return string(body)
}

// Words returns how the Graph API words a refusal that a row is about.
func Words(no httpapi.Fault) (status int, body string) {
	first, second, _ := strings.Cut(no.Codes, "/")
	code, _ := strconv.Atoi(first)
	subcode, _ := strconv.Atoi(second)
	if no.Codes == "" {
		return no.Status, ""
	}
	return http.StatusBadRequest, Refused(code, subcode)
}

// Site keeps what Meta keeps of a page or an account of Instagram: where its app
// delivers to, what the account tells the app, and what people see of it.
type Site struct {
	App, Object string
	Hook        string
	AppFields   []string
	Fields      []string
	Profile     map[string]json.RawMessage
}

// Platform returns the site for the suite, as others have left it.
func (s *Site) Platform() messengertest.Platform {
	return messengertest.Platform{
		Handler: s, Changes: func(r *http.Request) bool { return r.Method != http.MethodGet },
		Kept: func() string {
			kept, _ := json.Marshal(s) // it is made of texts
			return string(kept)
		},
		Others: "Scrivi una parola",
		Spoil: map[string]func(){
			"webhook": func() { s.Hook = "https://other.example/" },
			"events":  func() { s.Fields = s.Fields[:1] },
			"words":   func() { delete(s.Profile, "ice_breakers") },
			"menu": func() {
				s.Profile["persistent_menu"] = json.RawMessage(strings.Replace(string(s.Profile["persistent_menu"]), "k:tiramisu", "k:other", 1))
			},
		},
	}
}

// ServeHTTP answers as the Graph API does.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	var body map[string]json.RawMessage
	if r.Method != http.MethodGet && json.NewDecoder(r.Body).Decode(&body) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	switch path {
	case "app":
		answer(w, map[string]string{"id": s.App, "name": "App"})
	case s.App + "/subscriptions":
		s.subscriptions(w, r, body)
	case "me/subscribed_apps":
		if r.Method == http.MethodPost {
			s.Fields = list(body["subscribed_fields"])
		}
		answer(w, map[string]any{"success": true, "data": []any{map[string]any{"id": s.App, "subscribed_fields": s.Fields}, map[string]any{"id": "1", "subscribed_fields": []string{"feed"}}}})
	case "me/messenger_profile":
		s.profile(w, r, body)
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(Refused(2500, 0)))
	}
}

func answer(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) }

func list(raw json.RawMessage) []string {
	var text string
	_ = json.Unmarshal(raw, &text)
	return strings.Split(text, ",")
}

// subscriptions are the app's own, which its own token alone may see.
func (s *Site) subscriptions(w http.ResponseWriter, r *http.Request, body map[string]json.RawMessage) {
	if r.Header.Get("Authorization") != "Bearer "+s.App+"|"+Secret {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(Refused(200, 0)))
		return
	}
	if r.Method == http.MethodPost {
		_ = json.Unmarshal(body["callback_url"], &s.Hook)
		s.AppFields = list(body["fields"])
	}
	fields := make([]any, 0, len(s.AppFields))
	for _, f := range s.AppFields {
		fields = append(fields, map[string]string{"name": f, "version": "v25.0"})
	}
	answer(w, map[string]any{"success": true, "data": []any{map[string]any{"object": s.Object, "callback_url": s.Hook, "active": true, "fields": fields}}})
}

func (s *Site) profile(w http.ResponseWriter, r *http.Request, body map[string]json.RawMessage) {
	switch r.Method {
	case http.MethodPost:
		for name, value := range body {
			if name != "platform" {
				s.Profile[name] = value
			}
		}
	case http.MethodDelete:
		var names []string
		_ = json.Unmarshal(body["fields"], &names)
		for _, name := range names {
			delete(s.Profile, name)
		}
	}
	shown := map[string]json.RawMessage{}
	for name, value := range s.Profile {
		if slices.Contains(strings.Split(r.URL.Query().Get("fields"), ","), name) {
			shown[name] = value
		}
	}
	answer(w, map[string]any{"data": []any{shown}})
}
