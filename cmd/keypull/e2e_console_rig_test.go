package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/consoletest"
)

// consoleHead begins a configuration in which no publisher stands.
const consoleHead = `
[server]
listen = "127.0.0.1:0"
[store]
url = "bolt:keypull.db"
[secrets]
key_file = "keypull.key"
[fetch]
allow_private = ["127.0.0.1/32"]
`

// object is a JSON object.
type object = map[string]any

// serveConsole starts the service on an installation without publishers; the
// test ends it.
func serveConsole(t testing.TB, parts ...string) *service {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte(consoleHead+strings.Join(parts, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &service{t: t, path: file, clock: &testClock{}, log: newLogBook(t)}
	s.start()
	s.log.keepOut(path.Base(s.Welcome))
	t.Cleanup(s.stop)
	return s
}

// operator returns who holds the machine, at the socket.
func (s *service) operator() console.Client {
	return console.Client{Path: socketPath(s.config.OwnPath())}
}

// atSocket carries an operation out at the socket.
func atSocket[In, Out any](s *service, name string, in In) Out {
	s.t.Helper()
	out, err := consoletest.Call[In, Out](context.Background(), s.operator(), name, in)
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	return out
}

// admin returns a program that may do everything.
func (s *service) admin() caller {
	s.t.Helper()
	return s.holder(atSocket[accounts.TokenIssue, accounts.NewToken](s, "token.issue", accounts.TokenIssue{Name: "the admin's script"}))
}

// program has a role at one publisher.
func (s *service) program(publisher, role string) caller {
	s.t.Helper()
	return s.holder(atSocket[accounts.TokenCreate, accounts.NewToken](s, "token.create",
		accounts.TokenCreate{Of: console.Of{Publisher: publisher}, Name: role + " of " + publisher, Role: role}))
}

func (s *service) holder(made accounts.NewToken) caller {
	s.t.Helper()
	s.log.keepOut(made.Secret)
	return caller{t: s.t, url: func() string { return s.URL }, token: made.Secret, id: made.Token.ID}
}

// caller speaks the API with one token, as a program does.
type caller struct {
	t         testing.TB
	url       func() string
	token, id string
}

// reply is an answer of the API.
type reply struct {
	posted
	object
}

// header returns what every request of the caller has.
func (c caller) header(more ...string) map[string]string {
	h := map[string]string{"Content-Type": "application/json"}
	if c.token != "" {
		h["Authorization"] = "Bearer " + c.token
	}
	for i := 0; i < len(more); i += 2 {
		h[more[i]] = more[i+1]
	}
	return h
}

// send asks once; a body that is a string goes as it is, no body at all where
// it is nil.
func (c caller) send(method, path string, body any, header ...string) reply {
	c.t.Helper()
	text, ok := body.(string)
	h := c.header(header...)
	switch {
	case body == nil:
		delete(h, "Content-Type")
	case !ok:
		text = asJSON(c.t, body)
	}
	got, err := tryRequest(method, c.url()+"/api/v1"+path, text, h)
	if err != nil {
		c.t.Errorf("%s %s: %v", method, path, err)
		return reply{}
	}
	r := reply{posted: got}
	if got.body != "" && !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") {
		if err := json.Unmarshal([]byte(got.body), &r.object); err != nil {
			c.t.Errorf("%s %s was answered %d %s: %v", method, path, got.status, got.body, err)
		}
	}
	return r
}

// want is send for an answer of that status.
func (c caller) want(status int, method, path string, body any, header ...string) reply {
	c.t.Helper()
	r := c.send(method, path, body, header...)
	if r.status != status {
		c.t.Fatalf("%s %s was answered %d, want %d: %s", method, path, r.status, status, r.body)
	}
	return r
}

func (c caller) get(path string) reply {
	c.t.Helper()
	return c.want(http.StatusOK, http.MethodGet, path, nil)
}

// put replaces a thing by what change makes of it, and returns the answer.
func (c caller) put(path, resource string, change func(doc object)) reply {
	c.t.Helper()
	now := c.get(path)
	doc := now.table(resource)
	change(doc)
	return c.want(http.StatusOK, http.MethodPut, path, object{resource: doc}, "If-Match", now.header.Get("Etag"))
}

func (r reply) table(name string) object { return tableOf(r.object, name) }

func (r reply) text(name string) string { return textOf(r.object, name) }

// entries returns the objects of a list.
func (r reply) entries(name string) []object { return entriesOf(r.object, name) }

// faults returns the fields that a problem names, with what it says of them.
func (r reply) faults() map[string]string {
	all := map[string]string{}
	for _, f := range r.entries("errors") {
		all[textOf(f, "field")] = textOf(f, "message")
	}
	return all
}

func tableOf(o object, name string) object { t, _ := o[name].(object); return t }

func textOf(o object, name string) string { s, _ := o[name].(string); return s }

func entriesOf(o object, name string) (all []object) {
	list, _ := o[name].([]any)
	for _, e := range list {
		entry, _ := e.(object)
		all = append(all, entry)
	}
	return all
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// outlet adds a publisher, which has a web chat from the beginning.
func (c caller) outlet(id string) {
	c.t.Helper()
	c.want(http.StatusCreated, http.MethodPost, "/publishers", object{"publisher": object{
		"id": id, "name": strings.ToUpper(id[:1]) + id[1:], "languages": []string{"en", "fr"}, "time_zone": "Europe/Paris",
	}})
}

// unlimited takes the budget from a publisher's web chat: all readers of a test
// come from one address.
func (c caller) unlimited(publisher string) {
	c.t.Helper()
	c.put("/publishers/"+publisher+"/channels/web", "channel", func(doc object) {
		tableOf(doc, "settings")["budget"] = object{"asks": 0, "sessions": 0, "streams": 0}
	})
}

// add adds a thing to a publisher.
func (c caller) add(publisher, resource string, doc object) reply {
	c.t.Helper()
	return c.want(http.StatusCreated, http.MethodPost, "/publishers/"+publisher+"/"+resource+"s", object{resource: doc})
}

// feedDoc returns a feed that is asked anew each time.
func feedDoc(id, url string) object {
	return object{"id": id, "kind": "feed", "max_age": "0s", "settings": object{"url": url}}
}

// textDoc returns a written answer.
func textDoc(id, text string) object {
	return object{"id": id, "kind": "text", "settings": object{"answers": []object{{"text": text}}}}
}

// wordDoc returns a keyword whose English phrase is its id.
func wordDoc(id, source string, more ...object) object {
	doc := object{"id": id, "source": source, "phrases": object{"en": []string{id}}}
	for _, m := range more {
		maps.Copy(doc, m)
	}
	return doc
}

// botDoc returns a channel at the stand-in for Telegram.
func botDoc(id string, api *botAPI, more object) object {
	settings := object{"token": botToken, "secret_token": hookSecret, "api_base": api.URL}
	maps.Copy(settings, more)
	return object{"id": id, "kind": "telegram", "settings": settings}
}

// tryAsk asks a web chat as somebody who was never there before.
func tryAsk(url, publisher, words string) (string, error) {
	got, err := tryRequest(http.MethodPost, url+"/chat/"+publisher+"/web/messages", fmt.Sprintf(`{"text":%q}`, words), jsonHeader)
	if err != nil {
		return "", err
	}
	var a chatAnswer
	if err := json.Unmarshal([]byte(got.body), &a); err != nil || got.status != http.StatusOK {
		return "", fmt.Errorf("the chat answered %d %s", got.status, got.body)
	}
	return a.text(), nil
}

// asks asks a web chat and looks for what must stand in the answer.
func asks(t testing.TB, url, publisher, words string, want ...string) {
	t.Helper()
	got, err := tryAsk(url, publisher, words)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%q was answered %q, want %q in it", words, got, w)
		}
	}
}

// acts returns the newest lines of the audit log.
func (c caller) acts() []object {
	c.t.Helper()
	return c.get("/acts?limit=200").entries("acts")
}

// settledPerson lets somebody join by an invite, and returns the person's id.
func (s *service) settledPerson(link, name, email string) string {
	s.t.Helper()
	secret := path.Base(link)
	s.log.keepOut(secret, personPassword)
	entry, err := s.gate.Accept(context.Background(), secret, accounts.Newcomer{Name: name, Email: email, Password: personPassword}, accounts.Browser{})
	if err != nil {
		s.t.Fatal(err)
	}
	return entry.Person.ID
}

const personPassword = "correct horse battery staple"

// described is one operation of the API's own description.
type described struct {
	id, method, path string
	body             any
	guarded          bool
}

// description reads what the API says of itself.
func description(t testing.TB, url string) []described {
	t.Helper()
	got := request(t, http.MethodGet, url+"/api/v1/openapi.json", "", nil)
	var doc object
	if err := json.Unmarshal([]byte(got.body), &doc); err != nil || got.status != http.StatusOK {
		t.Fatalf("the description: %d, %v", got.status, err)
	}
	var all []described
	for place, item := range tableOf(doc, "paths") {
		methods, _ := item.(object)
		for method, spec := range methods {
			o, _ := spec.(object)
			d := described{id: textOf(o, "operationId"), method: strings.ToUpper(method), path: place}
			if content := tableOf(tableOf(tableOf(o, "requestBody"), "content"), "application/json"); content != nil {
				d.body = content["example"]
			}
			d.guarded = slices.ContainsFunc(entriesOf(o, "parameters"), func(p object) bool { return textOf(p, "name") == "If-Match" })
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b described) int { return strings.Compare(a.id, b.id) })
	if len(all) < 40 {
		t.Fatalf("the description has %d operations", len(all))
	}
	return all
}

// at returns the path with its places filled.
func (d described) at(values map[string]string) string {
	place := d.path
	for name, value := range values {
		place = strings.ReplaceAll(place, "{"+name+"}", value)
	}
	return place
}

// inAnHour returns a moment to end at.
func (s *service) inAnHour() time.Time { return s.clock.Now().Add(time.Hour) }
