package site_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull/catalogue"
)

func TestAnOwnerSaysWhoMayDoWhat(t *testing.T) {
	r := newRig(t)
	owner, bob := r.as("lecker owner"), r.as("lecker viewer")
	const room = "/console/p/lecker/people"
	owner.get(room).wants(t, 200, bob.person.Email, "you", `<option value="viewer" selected>`)
	owner.post(room+"/"+bob.person.ID, "role", "editor").leads(t, room+"?done=saved")
	bob.get("/console/p/lecker/settings/consent")
	bob.post("/console/p/lecker/settings/consent", "version", "*", "consent", "x").wants(t, http.StatusSeeOther)

	// The last owner stays.
	owner.post(room+"/"+owner.person.ID, "role", "viewer").wants(t, http.StatusConflict, "This is the last owner of the publisher")
	owner.get(room+"/"+owner.person.ID+"/remove").wants(t, 200, "This is you")
	owner.post(room+"/"+owner.person.ID+"/remove").wants(t, http.StatusConflict, "This is the last owner of the publisher")

	owner.get(room+"/"+bob.person.ID+"/remove").wants(t, 200, "Remove "+bob.person.Name+"?", `action="`+room+"/"+bob.person.ID+`/remove"`)
	owner.post(room+"/"+bob.person.ID+"/remove").leads(t, room+"?done=removed")
	bob.get("/console/p/lecker/today").wants(t, http.StatusNotFound)
	bob.get("/console").wants(t, 200, "Nothing to work on yet")
	owner.post(room+"/"+bob.person.ID, "role", "viewer").wants(t, http.StatusNotFound)
}

func TestInvitesAreRefusedAtTheirFieldAndWithdrawn(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	const room = "/console/p/lecker/people"
	owner.post(room+"/invites", "email", "nonsense", "name", "N", "role", "owner").wants(t, http.StatusUnprocessableEntity,
		`value="nonsense"`, `value="N"`, "with one @", `href="#f-email"`, `<option value="owner" selected>`)
	owner.post(room+"/invites", "email", owner.person.Email, "role", "owner").wants(t, http.StatusUnprocessableEntity, "is here already")
	page := owner.post(room+"/invites", "email", "new@example.org", "role", "viewer").wants(t, 200)
	path := welcomePath(t, page)
	revoke := room + "/invites/" + between(t, page.body, room+"/invites/", `"`)
	owner.post(revoke).leads(t, room+"?done=invite_revoked")
	owner.post(revoke).wants(t, http.StatusNotFound)
	r.stranger().get(path).wants(t, http.StatusGone)
}

func TestATokenIsShownOnce(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	const room = "/console/p/lecker/people/tokens"
	owner.get(room).wants(t, 200, "No program yet")
	owner.post(room, "name", "", "role", "editor", "expires", "2020-01-01").wants(t, http.StatusUnprocessableEntity, `value="2020-01-01"`, `href="#f-name"`, `href="#f-expires"`)
	owner.post(room, "name", "Search", "role", "editor", "expires", "soon").wants(t, http.StatusUnprocessableEntity, `value="Search"`, "year-month-day")
	page := owner.post(room, "name", "Search", "role", "editor", "expires", "2026-12-31").wants(t, 200, "shown this once")
	secret := between(t, page.body, `aria-label="Search">`, "<")
	p, err := r.gate.Bearer(t.Context(), secret, "")
	if err != nil || p.Admin || p.Roles["lecker"] != "editor" {
		t.Fatalf("%q: %+v, %v", secret, p, err)
	}
	listed := owner.get(room).wants(t, 200, "Search", "1 January 2027, 00:00").lacks(t, secret)
	revoke := room + "/" + between(t, listed.body, room+"/", `"`)
	owner.get(revoke).wants(t, 200, "Revoke the token “Search”?")
	owner.post(revoke).leads(t, room+"?done=token_revoked")
	if _, err := r.gate.Bearer(t.Context(), secret, ""); err == nil {
		t.Error("the token lets in")
	}
}

func TestAnAdminSaysWhoMayDoWhatEverywhere(t *testing.T) {
	r := newRig(t, lecker(), empty("kiosk"))
	admin, bob := r.as("admin"), r.as("lecker viewer")
	const room = "/console/installation"
	at := room + "/people/" + bob.person.ID
	admin.get(room).wants(t, 200, bob.person.Email, "lecker: Viewer")
	admin.get(at).wants(t, 200, `name="role.lecker"`, `name="role.kiosk"`)
	admin.post(at, "role.lecker", "", "role.kiosk", "owner", "role.nowhere", "owner").leads(t, room+"?done=saved")
	p, _, err := r.gate.People.Get(t.Context(), bob.person.ID)
	if err != nil || p.Admin || len(p.Roles) != 1 || p.Roles["kiosk"] != "owner" {
		t.Errorf("%+v, %v", p, err)
	}
	admin.post(at, "role.kiosk", "king").wants(t, http.StatusUnprocessableEntity, `href="#f-role-kiosk"`)
	admin.post(room+"/people/"+admin.person.ID, "role.lecker", "").wants(t, http.StatusConflict, "This is the last admin of the installation")
	admin.post(room+"/people/"+admin.person.ID+"/remove").wants(t, http.StatusConflict, "This is the last admin of the installation")

	admin.post(room+"/invites", "email", "two@example.org", "publisher", "kiosk", "role", "editor").wants(t, 200, "kiosk: Editor")
	admin.post(room+"/invites", "email", "all@example.org", "publisher", "", "role", "viewer").wants(t, 200, "Admin")
	admin.post(room+"/invites", "email", "no@example.org", "publisher", "nowhere", "role", "viewer").wants(t, http.StatusUnprocessableEntity)

	admin.get(at+"/remove").wants(t, 200, "from the installation?")
	admin.post(at+"/remove").leads(t, room+"?done=removed")
	bob.get("/console").leads(t, "/console/sign-in")
	admin.get(at).wants(t, http.StatusNotFound)
}

func TestAnAdminFindsAPublisherThatAFormHasNoRoomFor(t *testing.T) {
	all := []catalogue.Publisher{lecker()}
	for i := range 250 {
		all = append(all, empty(fmt.Sprintf("p%03d", i)))
	}
	r := newRig(t, all...)
	admin, bob := r.as("admin"), r.as("lecker viewer")
	const room = "/console/installation"
	at := room + "/people/" + bob.person.ID
	admin.get(room).wants(t, 200, "Find a publisher", `value="p100"`).lacks(t, `value="p240"`)
	admin.get(room+"?q=p240").wants(t, 200, `<option value="p240"`, `action="`+room+`/invites?q=p240"`).lacks(t, "The whole installation")
	admin.post(room+"/invites?q=p240", "email", "two@example.org", "publisher", "p240", "role", "editor").wants(t, 200, "p240: Editor")
	// A search that finds nothing leaves nothing to choose, and makes nobody an admin.
	admin.post(room+"/invites?q=nothing", "email", "no@example.org", "role", "editor").wants(t, http.StatusUnprocessableEntity)

	admin.get(at+"?q=p240").wants(t, 200, `name="role.p240"`, `name="role.lecker"`)
	admin.post(at+"?q=p240", "role.p240", "owner", "role.lecker", "viewer").leads(t, room+"?done=saved")
	admin.get(at).wants(t, 200, `name="role.p240"`, `name="role.lecker"`)
	if p, _, err := r.gate.People.Get(t.Context(), bob.person.ID); err != nil || len(p.Roles) != 2 || p.Roles["p240"] != "owner" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestPeopleChangeWhatIsTheirs(t *testing.T) {
	r := newRig(t)
	ann := r.as("lecker owner")
	other := r.visit(ann.person)
	page := ann.get("/console/me").wants(t, 200, ann.person.Email, "this one", "Chrome on Linux")
	if n := strings.Count(page.body, "this one</span>"); n < 1 {
		t.Errorf("this session is marked %d times", n)
	}
	ann.post("/console/me", "name", "", "language", "xx", "zone", "Mars/City").wants(t, http.StatusUnprocessableEntity, `href="#f-name"`, `href="#f-language"`, `value="Mars/City"`)
	ann.post("/console/me", "name", "Ann", "language", "de", "zone", "Asia/Tokyo").leads(t, "/console/me?done=saved")
	ann.get("/console/me?done=saved").wants(t, 200, "Gespeichert.", `<html lang="de"`, "21:00")

	other.get("/console/me").wants(t, 200)
	ann.post("/console/me/password", "current", "wrong", "new", "tram bell oven").wants(t, http.StatusUnprocessableEntity, "nicht Ihr Passwort")
	ann.post("/console/me/password", "current", goodPassword, "new", "short").wants(t, http.StatusUnprocessableEntity, "mindestens 10 Zeichen").lacks(t, `value="short"`, goodPassword)
	ann.post("/console/me/password", "current", goodPassword, "new", "tram bell oven").leads(t, "/console/me?done=password")
	ann.get("/console/me").wants(t, 200)
	other.get("/console/me").wants(t, http.StatusSeeOther)
	for range 8 {
		ann.post("/console/me/password", "current", "wrong", "new", "tram bell oven 2")
	}
	if a := ann.post("/console/me/password", "current", "wrong", "new", "tram bell oven 2").wants(t, http.StatusTooManyRequests, "Zu viele Versuche"); a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}

	other = r.visit(ann.person)
	listed := ann.get("/console/me")
	ann.post("/console/me/sessions/"+between(t, listed.body, "/console/me/sessions/", "/")+"/revoke").leads(t, "/console/me?done=session_revoked")
	other.get("/console/me").wants(t, http.StatusSeeOther)
	stranger := r.as("lecker viewer")
	stranger.post("/console/me/sessions/"+between(t, listed.body, "/console/me/sessions/", "/")+"/revoke").wants(t, http.StatusNotFound)
	r.wait(13 * time.Hour)
	ann.get("/console/me").wants(t, http.StatusSeeOther)
}
