package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	teamsApp    = "11111111-2222-3333-4444-555555555555"
	teamsTenant = "99999999-8888-7777-6666-555555555555"
	teamsRoom   = "19:desk@thread.tacv2"
)

// connector stands in for Microsoft's: it signs us in, takes activities, and signs its own.
type connector struct {
	*httptest.Server
	key *rsa.PrivateKey
	mu  sync.Mutex
	// posts are the texts by conversation, in order; signIns counts the tokens given.
	posts   []object
	signIns int
}

func newConnector(t *testing.T) *connector {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c := &connector{key: key}
	encode := base64.RawURLEncoding.EncodeToString
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		conversation, isPost := strings.CutPrefix(r.URL.EscapedPath(), "/v3/conversations/")
		switch {
		case r.URL.Path == "/openid":
			_ = json.NewEncoder(w).Encode(object{"issuer": "https://api.botframework.com", "jwks_uri": c.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
		case r.URL.Path == "/keys":
			_ = json.NewEncoder(w).Encode(object{"keys": []object{{"kty": "RSA", "use": "sig", "kid": "k1", "endorsements": []string{"msteams"}, "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes())}}})
		case isPost && r.Header.Get("Authorization") == "Bearer ours":
			var post object
			_ = json.NewDecoder(r.Body).Decode(&post)
			in, _, _ := strings.Cut(conversation, "/activities")
			in, _ = url.PathUnescape(in)
			post["in"] = in
			c.posts = append(c.posts, post)
			_, _ = fmt.Fprintf(w, `{"id":"1700%d"}`, len(c.posts))
		case strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token"):
			c.signIns++
			_, _ = io.WriteString(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"ours"}`)
		default:
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *connector) all() []object {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]object(nil), c.posts...)
}

// sign returns the header of an activity, as the connector proves it.
func (c *connector) sign(t *testing.T, key *rsa.PrivateKey, at time.Time) string {
	t.Helper()
	part := func(v object) string {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	signed := part(object{"alg": "RS256", "typ": "JWT", "kid": "k1"}) + "." +
		part(object{"iss": "https://api.botframework.com", "aud": teamsApp, "serviceurl": c.URL, "nbf": at.Unix() - 10, "exp": at.Unix() + 600})
	sum := sha256.Sum256([]byte(signed))
	by, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + signed + "." + base64.RawURLEncoding.EncodeToString(by)
}

// spoken is what somebody writes in Teams.
type spoken struct {
	id, in, thread, text, tenant, name string
	key                                *rsa.PrivateKey
}

func TestPeopleAnswerReadersInTheThreadsOfTheirTeam(t *testing.T) {
	c := newConnector(t)
	host := strings.TrimPrefix(c.URL, "http://")
	d := openPersonDesk(t, "[publisher.person.bridge]\nkind = \"channel\"\n[publisher.person.bridge.settings]\nchannel = \"teams\"\nto = \""+teamsRoom+"\"\n",
		kindBlock("teams", "", quoted("app_id", teamsApp), quoted("app_secret", kindSecret), quoted("tenant", teamsTenant), quoted("api_base", c.URL),
			quoted("openid_url", c.URL+"/openid"), quoted("service_url", c.URL), fmt.Sprintf("allow_service_hosts = [%q]", host)))
	d.log.keepOut(kindSecret)
	editor := d.program("lecker", "editor")
	say := func(s spoken, want int) {
		t.Helper()
		if s.key == nil {
			s.key = c.key
		}
		if s.tenant == "" {
			s.tenant = teamsTenant
		}
		in := s.in
		if s.thread != "" {
			in += ";messageid=" + s.thread
		}
		body, err := json.Marshal(object{
			"type": "message", "id": s.id, "channelId": "msteams", "serviceUrl": c.URL, "text": "<at>Paper</at> " + s.text, "textFormat": "plain",
			"from":         object{"id": "29:" + s.name, "aadObjectId": "u-" + s.name, "name": s.name},
			"recipient":    object{"id": "28:" + teamsApp, "name": "Paper"},
			"conversation": object{"id": in, "isGroup": true, "conversationType": "channel", "tenantId": s.tenant},
			"entities":     []object{{"type": "mention", "text": "<at>Paper</at>", "mentioned": object{"id": "28:" + teamsApp, "name": "Paper"}}},
			"channelData":  object{"tenant": object{"id": s.tenant}, "team": object{"id": teamsRoom}},
		})
		if err != nil {
			t.Fatal(err)
		}
		got := request(t, http.MethodPost, d.URL+"/hook/lecker/teams", string(body), map[string]string{"Content-Type": "application/json", "Authorization": c.sign(t, s.key, d.clock.Now())})
		if got.status != want {
			t.Fatalf("%d, want %d: %+v", got.status, want, got)
		}
	}
	posts := func(n int) []object {
		eventually(t, fmt.Sprintf("%d posts", n), func() bool { return len(c.all()) >= n })
		return c.all()
	}
	ann, ben := newChat(), newChat()
	for i, chat := range []int64{ann, ben} {
		d.takeOver(editor, chat, fmt.Sprint("question *", i, "* of <mine>"))
		posts(i + 1)
	}
	d.silent(ann, "one more")
	all := posts(3)
	thread := func(post object) string { _, id, _ := strings.Cut(fmt.Sprint(post["in"]), ";messageid="); return id }
	if all[0]["in"] != teamsRoom || all[1]["in"] != teamsRoom || thread(all[2]) != "17001" || !strings.Contains(fmt.Sprint(all[0]), "hours") {
		t.Errorf("%v", all)
	}
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	// In another thread, in none, in another channel, of another directory, and by nobody's key.
	say(spoken{id: "1", in: teamsRoom, thread: "16000", text: "forged", name: "Eve"}, http.StatusOK)
	say(spoken{id: "2", in: teamsRoom, text: "forged", name: "Eve"}, http.StatusOK)
	say(spoken{id: "3", in: "19:other@thread.tacv2", thread: "17001", text: "forged", name: "Eve"}, http.StatusOK)
	say(spoken{id: "4", in: teamsRoom, thread: "17001", text: "forged", name: "Eve", tenant: "another"}, http.StatusOK)
	say(spoken{id: "5", in: teamsRoom, thread: "17001", text: "forged", name: "Eve", key: foreign}, http.StatusUnauthorized)
	d.settled()
	if got := len(d.api.sent(ann)) + len(d.api.sent(ben)); got != 2 {
		t.Fatalf("%d texts arrived", got)
	}
	say(spoken{id: "6", in: teamsRoom, thread: "17002", text: "To the second reader", name: "Bo"}, http.StatusOK)
	for range 2 {
		say(spoken{id: "7", in: teamsRoom, thread: "17001", text: "To the first reader & nobody else", name: "Cleo"}, http.StatusOK)
	}
	d.restart()
	if got := d.replies(d.api, ann, 2)[1]; !strings.HasPrefix(got, "To the first reader &amp; nobody else") {
		t.Errorf("%q", got)
	}
	if got := d.replies(d.api, ben, 2)[1]; !strings.HasPrefix(got, "To the second reader") {
		t.Errorf("%q", got)
	}
	if shown := editor.want(http.StatusOK, http.MethodGet, d.at(ann), nil).body; !strings.Contains(shown, `"by":"Cleo"`) {
		t.Errorf("%s", shown)
	}
	d.reply(d.api, ann, "FORGET ME")
	d.reply(d.api, ann, "yes")
	eventually(t, "the thread is told of it", func() bool {
		all := c.all()
		last := all[len(all)-1]
		return thread(last) == "17001" && strings.Contains(fmt.Sprint(last), "delete this thread")
	})
	if c.mu.Lock(); c.signIns == 0 || c.signIns > 3 {
		t.Errorf("%d tokens were asked for", c.signIns)
	}
	c.mu.Unlock()
}
