package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull/people"
	"keypull/web/alarms"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/consoletest"
)

// permissions returns who may do what, as the contract of the console has it.
func permissions() map[string]string {
	all := map[string]string{}
	for needed, names := range map[string]string{
		"self":  "me.get me.update me.password passkey.list passkey.remove filter.list filter.save filter.remove session.list session.revoke",
		"read":  "publisher.list publisher.get kind.list starter.list source.list source.get source.names keyword.list keyword.get keyword.check keyword.also channel.list channel.get channel.drift today.get thing.find thing.names keyword.ways keyword.export ask.run demand.list demand.looked source.drill item.find figures.get figures.export figures.asked dead.list trace.show source.health item.withdrawn failure.list alarm.list proof.get",
		"write": "request.list request.get request.set conversation.list conversation.get conversation.take conversation.reply conversation.release conversation.note source.discover source.adopt starter.adopt source.rename keyword.rename keyword.bulk keyword.import change.list change.get change.undo change.restore keyword.stand_in keyword.end_stand_in history.list history.restore source.create source.update source.delete source.try source.accept keyword.create keyword.update keyword.delete keyword.preview channel.create channel.update channel.delete channel.check channel.setup channel.test demand.adopt demand.look dead.resend dead.release source.refresh source.refuse item.withdraw item.correct item.restore",
		"own":   "publisher.update publisher.rehearse_crisis person.list person.get person.update person.remove person.invite invite.list invite.revoke token.list token.create token.revoke act.list send.list reader.show reader.export reader.change reader.forget trace.replay proof.renew alarm.create alarm.update alarm.delete alarm.try alarm.renew",
		"admin": "publisher.create publisher.delete publisher.leave person.all person.change person.erase person.enrol person.reset invite.all invite.withdraw token.all token.issue token.withdraw act.all change.all",
	} {
		for name := range strings.FieldsSeq(names) {
			all[name] = needed
		}
	}
	return all
}

// twoHouses is an installation with two publishers that must know nothing of
// each other.
type twoHouses struct {
	*service
	api *botAPI
	all []described
	// ids are the real ones of the second by the places of paths, marks what
	// nobody of the first may ever read.
	ids   map[string]string
	marks []string
	// said is all that strangers sent.
	said string
}

func openTwoHouses(t *testing.T) *twoHouses {
	t.Helper()
	h := &twoHouses{service: serveConsole(t), api: newBotAPI(t)}
	h.all = description(t, h.URL)
	c := h.admin()
	for _, id := range []string{"alpha", "bravo"} {
		c.outlet(id)
		c.add(id, "source", textDoc("src-of-"+id, "Words of "+id+" alone"))
		c.add(id, "keyword", wordDoc("key-of-"+id, "src-of-"+id))
		c.add(id, "channel", botDoc("tg-of-"+id, h.api, object{"token": "4711:token-of-" + id + "-alone", "secret_token": "secret-of-" + id + "-alone"}))
		h.log.keepOut("4711:token-of-"+id+"-alone", "secret-of-"+id+"-alone")
	}
	owner := h.join("bravo", "owner", "Berta of Bravo", "berta@bravo.example")
	h.join("bravo", "editor", "Bruno of Bravo", "bruno@bravo.example")
	h.join("alpha", "owner", "Anna of Alpha", "anna@alpha.example")
	token := h.program("bravo", "viewer")
	invited := atSocket[accounts.PersonInvite, accounts.Invitation](h.service, "person.invite",
		accounts.PersonInvite{Of: console.Of{Publisher: "bravo"}, Email: "waiting@bravo.example", Role: "editor"})
	h.log.keepOut(invited.Link)
	pending := atSocket[console.Of, accounts.PendingInvites](h.service, "invite.list", console.Of{Publisher: "bravo"})
	atSocket[console.AskRun, console.AskAnswer](h.service, "ask.run", console.AskRun{
		Of: console.Of{Publisher: "bravo"}, Channel: "tg-of-bravo", Reader: "424242424242", Text: "help", Keep: true})
	h.diesOf("bravo", "tg-of-bravo", "424242424242", 9001)
	told := atSocket[alarms.AlarmCreate, alarms.AlarmMade](h.service, "alarm.create", alarms.AlarmCreate{Of: console.Of{Publisher: "bravo"}, Way: "account"})
	h.ids = map[string]string{"reader": "424242424242", "source": "src-of-bravo", "keyword": "key-of-bravo", "channel": "tg-of-bravo",
		"person": owner, "token": token.id, "invite": pending.Invites[0].ID, "session": "abcdefgh", "ask": "9001", "alarm": told.Alarm.ID}
	h.marks = []string{"src-of-bravo", "key-of-bravo", "tg-of-bravo", "Words of bravo", "of-bravo-alone", "of Bravo", "bravo.example",
		owner, token.id, token.token, pending.Invites[0].ID, "Bravo"}
	return h
}

// join invites somebody, who comes.
func (h *twoHouses) join(publisher, role, name, email string) string {
	h.t.Helper()
	invited := atSocket[accounts.PersonInvite, accounts.Invitation](h.service, "person.invite",
		accounts.PersonInvite{Of: console.Of{Publisher: publisher}, Email: email, Name: name, Role: role})
	return h.settledPerson(invited.Link, name, email)
}

// input returns a body that an operation takes, of a publisher.
func (h *twoHouses) input(d described, publisher string) any {
	resource, verb, _ := strings.Cut(d.id, ".")
	switch resource {
	case "source":
		if verb == "discover" {
			return object{"address": "not an address"}
		}
		if verb == "adopt" {
			return object{"sources": []object{textDoc("src-of-"+publisher, "Words of "+publisher)}}
		}
		return bodyOf(d, renamed(verb, "src-of-"+publisher, object{"source": textDoc("src-of-"+publisher, "Words of "+publisher)}))
	case "keyword":
		word := wordDoc("key-of-"+publisher, "src-of-"+publisher)
		switch verb {
		case "bulk":
			return object{"rows": []object{{"do": "merge", "id": word["id"], "version": "*", "keyword": word}}}
		case "import":
			return object{"csv": fmt.Sprintf("id,source,phrases.en\n%[1]s,src-of-%[2]s,%[1]s\n", word["id"], publisher)}
		}
		if verb == "stand_in" {
			return object{"stand_in": object{"text": "Of " + publisher, "until": time.Now().Add(time.Hour).Format(time.RFC3339)}}
		}
		return bodyOf(d, renamed(verb, "key-of-"+publisher, object{"keyword": word}))
	case "channel":
		if verb == "test" {
			return object{"address": "4711"}
		}
		return bodyOf(d, object{"channel": botDoc("tg-of-"+publisher, h.api, nil)})
	case "publisher":
		if verb == "rehearse_crisis" {
			return object{"crisis": object{"text": "Of " + publisher, "until": time.Now().Add(time.Hour).Format(time.RFC3339)}}
		}
		if verb == "leave" {
			return object{"confirm": "not " + publisher}
		}
		return bodyOf(d, object{"publisher": object{"id": publisher, "name": publisher, "languages": []string{"en"}, "time_zone": "UTC"}})
	case "item":
		if verb == "withdraw" || verb == "correct" {
			return object{"id": "nothing-of-this", "say": "It is so."}
		}
	case "ask":
		return object{"channel": "", "reader": "1", "text": "help"}
	}
	return d.body
}

// renamed returns the input of what gives a thing another id: the one that it has, so
// that all others find it; of anything else it is body.
func renamed(verb, id string, body object) object {
	if verb == "rename" {
		return object{"to": id}
	}
	return body
}

// bodyOf returns the body of an operation that takes one.
func bodyOf(d described, body object) any {
	if d.body == nil {
		return nil
	}
	return body
}

// asker is somebody who asks for every operation on the first publisher.
type asker struct {
	name string
	caller
	// known tokens are good; role is at publisher, "admin" everywhere.
	known           bool
	role, publisher string
}

func (h *twoHouses) askers() []asker {
	expired := h.holder(atSocket[accounts.TokenIssue, accounts.NewToken](h.service, "token.issue",
		accounts.TokenIssue{Name: "ends soon", Expires: h.inAnHour()}))
	revoked := h.admin()
	atSocket[accounts.TokenWithdraw, console.None](h.service, "token.withdraw", accounts.TokenWithdraw{Token: revoked.id})
	h.clock.advance(2 * time.Hour)
	with := func(token string) caller { return caller{t: h.t, url: func() string { return h.URL }, token: token} }
	owner := h.program("alpha", "owner")
	return []asker{
		{name: "nobody", caller: with("")},
		{name: "garbage", caller: with("kp_garbage")},
		{name: "a token with another secret", caller: with(owner.token[:len(owner.token)-4] + "AAAA")},
		{name: "an expired token", caller: expired},
		{name: "a revoked token", caller: revoked},
		{name: "the token of an owner who was removed", caller: h.orphan()},
		{name: "a viewer", caller: h.program("alpha", "viewer"), known: true, role: "viewer", publisher: "alpha"},
		{name: "an editor", caller: h.program("alpha", "editor"), known: true, role: "editor", publisher: "alpha"},
		{name: "an owner", caller: owner, known: true, role: "owner", publisher: "alpha"},
		{name: "an owner of another publisher", caller: h.program("bravo", "owner"), known: true, role: "owner", publisher: "bravo"},
		{name: "an admin", caller: h.admin(), known: true, role: "admin"},
	}
}

// orphan returns a token whose maker has gone.
func (h *twoHouses) orphan() caller {
	h.t.Helper()
	id := h.join("alpha", "owner", "Gone", "gone@alpha.example")
	ctx := console.WithCaller(context.Background(), console.Principal{ID: id, Person: id, Roles: map[string]people.Role{"alpha": people.Owner}})
	made, err := consoletest.Call[accounts.TokenCreate, accounts.NewToken](ctx, h.console, "token.create",
		accounts.TokenCreate{Of: console.Of{Publisher: "alpha"}, Name: "left behind", Role: "owner"})
	if err != nil {
		h.t.Fatal(err)
	}
	orphan := h.holder(made)
	orphan.get("/publishers/alpha")
	atSocket[accounts.PersonGet, console.None](h.service, "person.remove", accounts.PersonGet{Of: console.Of{Publisher: "alpha"}, Person: id})
	return orphan
}

// allowed stands for every answer but a refusal of the caller.
const allowed = 0

// refusalOf returns the status by which somebody is refused, or allowed.
func (a asker) refusalOf(d described, needed string) int {
	rank := map[string]int{"viewer": 1, "editor": 2, "owner": 3, "read": 1, "write": 2, "own": 3, "admin": 4}
	scoped := strings.Contains(d.path, "{publisher}")
	switch {
	case !a.known:
		return http.StatusUnauthorized
	case needed == "self":
		return http.StatusForbidden
	case a.role == "admin", !scoped && needed == "read":
		return allowed
	case scoped && a.publisher != "alpha":
		return http.StatusNotFound
	case rank[a.role] < rank[needed]:
		return http.StatusForbidden
	}
	return allowed
}

func TestEverybodyMayDoWhatTheirRoleSaysAndNothingElse(t *testing.T) {
	h := openTwoHouses(t)
	rights := permissions()
	askers := h.askers()
	for _, d := range h.all {
		needed, ok := rights[d.id]
		if !ok {
			t.Errorf("%s is new: say in this test who may", d.id)
		}
		delete(rights, d.id)
		for _, a := range askers {
			t.Run(fmt.Sprintf("%s by %s", d.id, a.name), func(t *testing.T) { h.tries(t, a, d, a.refusalOf(d, needed)) })
		}
	}
	if len(rights) > 0 {
		t.Errorf("the description lacks %v", rights)
	}
	asks(t, h.URL, "alpha", "key-of-alpha", "Words of alpha alone")
	asks(t, h.URL, "bravo", "key-of-bravo", "Words of bravo alone")
}

// tries asks for an operation. Who may is given nothing to change: a version
// that is none, or an id that nobody has.
func (h *twoHouses) tries(t *testing.T, a asker, d described, want int) {
	t.Helper()
	values := map[string]string{"publisher": "alpha", "noun": "source"}
	for place, id := range h.ids {
		values[place] = strings.Replace(id, "bravo", "alpha", 1)
		if want == allowed && !strings.Contains(id, "bravo") {
			values[place] = "nobody22"
		}
	}
	version := `"*"`
	if want != allowed {
		version = "*"
	}
	var header []string
	if d.guarded {
		header = []string{"If-Match", version}
	}
	got := a.send(d.method, d.at(values), h.input(d, "alpha"), header...)
	hidden := strings.Contains(got.text("detail"), "There is no publisher")
	switch {
	case want == allowed && (got.status == http.StatusUnauthorized || got.status == http.StatusForbidden || got.status >= 500 || hidden):
		t.Errorf("it was refused with %d %s", got.status, got.body)
	case want != allowed && got.status != want, want == http.StatusNotFound && !hidden:
		t.Errorf("it was answered %d %s, want %d", got.status, got.body, want)
	case want == http.StatusUnauthorized && got.header.Get("Www-Authenticate") == "":
		t.Error("the answer does not say how to prove who asks")
	case (strings.Contains(d.path, "{change}") || strings.Contains(d.path, "{kept}")) && got.status == http.StatusNotFound: // nothing was changed that could be undone
	case d.guarded && want == allowed && got.status != http.StatusPreconditionFailed:
		t.Errorf("a version that is none was answered %d %s", got.status, got.body)
	}
}
