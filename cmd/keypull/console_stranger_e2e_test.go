package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
)

// strangerTries is how often somebody of one publisher tries the doors of another.
const strangerTries = 1000

// attempt is one request of a stranger: the same over the API and the socket.
type attempt struct {
	described
	publisher string
	// values fill the places of the path beside the publisher.
	values map[string]string
	body   object
}

// aimed says that it names something of the other publisher in its address.
func (a attempt) aimed() bool {
	return strings.Contains(a.path, "{publisher}") && a.publisher != "alpha" || len(a.values) > 0
}

func (a attempt) place() string {
	values := map[string]string{"publisher": a.publisher}
	maps.Copy(values, a.values)
	return a.at(values)
}

// input returns what the socket takes.
func (a attempt) input() object {
	in := object{}
	maps.Copy(in, a.body)
	if strings.Contains(a.path, "{publisher}") {
		if in["publisher"] = a.publisher; a.id == "publisher.update" {
			in["id"], in["publisher"] = a.publisher, a.body["publisher"]
		}
	}
	for name, value := range a.values {
		resource, _, _ := strings.Cut(a.id, ".")
		if name == resource && slices.Contains([]string{"source", "keyword", "channel", "reader", "alarm"}, name) {
			name = "id"
		}
		in[name] = value
	}
	if a.guarded {
		in["version"] = "*"
	}
	return in
}

// guess returns an id that nobody has, as long as the given one.
func guess(random *rand.Rand, like string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	b := []byte(like)
	for i := range b {
		if b[i] != '-' {
			b[i] = letters[random.IntN(len(letters))]
		}
	}
	return string(b)
}

// draw makes an attempt with real ids of the second publisher and guessed ones.
func (h *twoHouses) draw(t *testing.T, random *rand.Rand) attempt {
	t.Helper()
	d := h.all[random.IntN(len(h.all))]
	a := attempt{described: d, publisher: []string{"bravo", "bravo", "alpha", guess(random, "bravo")}[random.IntN(4)], values: map[string]string{}}
	for place, id := range h.ids {
		if !strings.Contains(d.path, "{"+place+"}") {
			continue
		}
		if a.values[place] = id; random.IntN(4) == 0 {
			a.values[place] = guess(random, id)
		}
	}
	if body := h.input(d, "alpha"); body != nil {
		if err := json.Unmarshal([]byte(asJSON(t, body)), &a.body); err != nil {
			t.Fatal(err)
		}
	}
	if random.IntN(2) == 0 {
		h.names(a)
	}
	return a
}

// names puts what the other publisher has into the body: no way in either.
func (h *twoHouses) names(a attempt) {
	resource, verb, _ := strings.Cut(a.id, ".")
	switch {
	case slices.Contains([]string{"try", "check", "preview"}, verb) && a.body != nil:
		a.body["id"] = h.ids[resource]
	case verb == "rename" && a.body != nil:
		a.body["to"] = h.ids[resource]
	case a.id == "keyword.bulk":
		row, _ := a.body["rows"].([]any)[0].(map[string]any)
		row["keyword"] = object{"source": h.ids["source"]}
	case a.id == "keyword.import":
		a.body["csv"] = strings.ReplaceAll(fmt.Sprint(a.body["csv"]), "src-of-alpha", h.ids["source"])
	case a.id == "keyword.stand_in":
	case resource == "keyword" && a.body != nil:
		tableOf(a.body, "keyword")["source"] = h.ids["source"]
	case resource == "ask":
		a.body["channel"] = h.ids["channel"]
	}
}

// told is what came back: a status, or the kind of an error, and all words.
type told struct {
	status int
	text   string
}

func (a attempt) overAPI(c caller) told {
	var header []string
	if a.guarded {
		header = []string{"If-Match", "*"}
	}
	var body any
	if a.body != nil {
		body = a.body
	}
	got := c.send(a.method, a.place(), body, header...)
	return told{got.status, fmt.Sprint(got.body, got.header)}
}

func (a attempt) overSocket(t *testing.T, s *service, c caller) told {
	t.Helper()
	client := s.operator()
	client.Token = c.token
	out, err := client.Do(t.Context(), a.id, []byte(asJSON(t, a.input())))
	if err == nil {
		return told{http.StatusOK, string(out)}
	}
	status := map[pull.ErrorKind]int{pull.Unknown: http.StatusNotFound, pull.Denied: http.StatusForbidden}[console.KindOf(err)]
	text := err.Error()
	if problems, ok := err.(settings.Problems); ok { //nolint:errorlint // the client makes it itself
		text = asJSON(t, problems)
	}
	return told{status, text}
}

func TestNobodySeesAnotherHouse(t *testing.T) {
	h := openTwoHouses(t)
	admin := h.admin()
	people := []caller{h.program("alpha", "viewer"), h.program("alpha", "editor"), h.program("alpha", "owner")}
	before := h.belongings(admin)
	seed := rand.Uint64()                    //nolint:gosec // it only has to differ
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // which door is tried next
	t.Logf("the doors are tried in the order of %d", seed)
	aimed := 0
	for range strangerTries {
		a := h.draw(t, random)
		c := people[random.IntN(len(people))]
		got := a.overAPI(c)
		h.heard(t, a, "API", got)
		h.heard(t, a, "socket", a.overSocket(t, h.service, c))
		if a.aimed() {
			aimed++
			h.sameAsNothing(t, a, c, got, random)
		}
	}
	if aimed < strangerTries/3 {
		t.Errorf("only %d tries were aimed at the other publisher", aimed)
	}
	if after := h.belongings(admin); after != before {
		t.Errorf("the other publisher was changed:\n%s\nbefore:\n%s", after, before)
	}
	asks(t, h.URL, "bravo", "key-of-bravo", "Words of bravo alone")
}

// belongings returns all that the second publisher has.
func (h *twoHouses) belongings(c caller) string {
	var all strings.Builder
	for _, place := range []string{"", "/sources", "/keywords", "/channels", "/people", "/invites", "/tokens"} {
		all.WriteString(c.get("/publishers/bravo" + place).body)
	}
	return all.String()
}

// heard judges one answer.
func (h *twoHouses) heard(t *testing.T, a attempt, face string, got told) {
	t.Helper()
	refused := []int{http.StatusNotFound, http.StatusForbidden, http.StatusUnauthorized}
	if a.aimed() && !slices.Contains(refused, got.status) {
		t.Errorf("%s %s %s %v over the %s was answered %d %s", a.id, a.method, a.place(), a.body, face, got.status, got.text)
	}
	said := a.place() + asJSON(t, a.body)
	// One's own record tells what one has said before.
	if h.said += said; a.id == "act.list" {
		said = h.said
	}
	for _, mark := range h.marks {
		if strings.Contains(got.text, mark) && !strings.Contains(said, mark) {
			t.Errorf("%s %s %s %v over the %s tells %q: %s", a.id, a.method, a.place(), a.body, face, mark, got.text)
		}
	}
}

// sameAsNothing compares the answer about what is there with the one about
// what is nowhere.
func (h *twoHouses) sameAsNothing(t *testing.T, a attempt, c caller, got told, random *rand.Rand) {
	t.Helper()
	other := a
	other.values = map[string]string{}
	said := got.text
	for place, id := range a.values {
		other.values[place] = guess(random, id)
		said = replaceWord(said, id, other.values[place])
	}
	if a.publisher != "alpha" {
		other.publisher = guess(random, a.publisher)
		said = replaceWord(said, a.publisher, other.publisher)
	}
	again := other.overAPI(c)
	date := func(text string) string { before, _, _ := strings.Cut(text, "Date:["); return before }
	if again.status != got.status || date(again.text) != date(said) {
		t.Errorf("%s %s is answered %d %s, and %s %d %s", a.id, a.place(), got.status, got.text, other.place(), again.status, again.text)
	}
}

// replaceWord replaces a word where it is no part of another: a guessed id may be that of "unknown".
func replaceWord(text, word, by string) string {
	return regexp.MustCompile(`\b`+regexp.QuoteMeta(word)+`\b`).ReplaceAllLiteralString(text, by)
}

// smuggled are fields that nobody may send, and that some programs take all
// the same.
func smuggled() object {
	return object{"admin": true, "roles": object{"bravo": "owner"}, "role": "owner", "publisher": "bravo", "id": "smuggled", "provisioned": true,
		"by": "smuggled", "version": "99", "person": "smuggled", "who": "smuggled", "ID": "smuggled", "Publisher": "bravo"}
}

func TestFieldsThatAreNobodysToSendHaveNoEffect(t *testing.T) {
	h := openTwoHouses(t)
	owner, admin := h.program("alpha", "owner"), h.admin()
	before := h.belongings(admin)
	tried := 0
	for _, d := range h.all {
		raw := h.input(d, "alpha")
		if raw == nil {
			continue
		}
		for field, value := range smuggled() {
			for _, path := range []string{"", firstResource(d)} {
				var body object
				if err := json.Unmarshal([]byte(asJSON(t, raw)), &body); err != nil {
					t.Fatal(err)
				}
				into := body
				if path != "" {
					into = tableOf(body, path)
				}
				if _, its := into[field]; into == nil || its {
					continue
				}
				into[field] = value
				tried++
				h.smuggles(t, d, owner, body, field)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d bodies were tried", tried)
	}
	if after := h.belongings(admin); after != before {
		t.Errorf("the other publisher was changed:\n%s\nbefore:\n%s", after, before)
	}
	if everywhere := admin.get("/publishers").body + admin.get("/people").body + admin.get("/tokens").body; strings.Contains(everywhere, "smuggled") {
		t.Errorf("something was smuggled in: %s", everywhere)
	}
	if me := owner.send(http.MethodGet, "/people", nil); me.status != http.StatusForbidden {
		t.Errorf("the owner of one publisher may list everybody: %d", me.status)
	}
}

// firstResource returns the document within an operation's body, or "" if there is none.
func firstResource(d described) string {
	resource, _, _ := strings.Cut(d.id, ".")
	if slices.Contains([]string{"source", "keyword", "channel", "publisher"}, resource) {
		return resource
	}
	return ""
}

// smuggles sends a body with one field too many.
func (h *twoHouses) smuggles(t *testing.T, d described, c caller, body object, field string) {
	t.Helper()
	values := map[string]string{"publisher": "alpha"}
	for place, id := range h.ids {
		values[place] = strings.Replace(id, "bravo", "alpha", 1)
	}
	var header []string
	if d.guarded {
		header = []string{"If-Match", "*"}
	}
	got := c.send(d.method, d.at(values), body, header...)
	if got.status >= 400 && got.status < 500 {
		return
	}
	// What is answered of a thing may be sent back with it, and changes nothing.
	if d.method == http.MethodPut && slices.Contains([]string{"provisioned", "by", "version"}, field) {
		return
	}
	// A check says what is wrong without refusing; a trial has ids of its own.
	problems := asJSON(t, got.object["problems"])
	switch {
	case d.id == "keyword.check" && (strings.Contains(problems, field) || strings.Contains(asJSON(t, got.object), `"problems":[]`) && field == "id"):
	default:
		t.Errorf("%s took the field %q: %d %s", d.id, field, got.status, got.body)
	}
}
