package site_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull/catalogue"
)

// entered returns the browser that got a cookie, signed in.
func (v *visitor) entered(a answer) *visitor {
	v.t.Helper()
	secret, ok := strings.CutPrefix(a.header.Get("Set-Cookie"), v.cookies().SessionName()+"=")
	secret, _, _ = strings.Cut(secret, ";")
	_, session, err := v.gate.Session(v.t.Context(), secret)
	if !ok || err != nil {
		v.t.Fatalf("nobody is signed in: %d %q %v\n%.2000s", a.status, a.header.Get("Set-Cookie"), err, a.body)
	}
	p, _, err := v.gate.People.Get(v.t.Context(), session.Person)
	if err != nil {
		v.t.Fatal(err)
	}
	return &visitor{rig: v.rig, person: p, secret: secret, csrf: session.CSRF}
}

// path returns a link without the server's address.
func (r *rig) path(link string) string {
	r.t.Helper()
	path, ok := strings.CutPrefix(link, r.server.URL)
	if !ok {
		r.t.Fatalf("the link is %q", link)
	}
	return path
}

// founding returns the form of the first owner, filled well.
func founding(changes ...string) []string {
	fields := map[string]string{"name": "Ann", "email": "ann@example.org", "password": goodPassword, "outlet": "Le Monde", "languages": "fr", "more_languages": "pt-BR, es",
		"time_zone": "Europe/Paris"}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	var all []string
	for name, value := range fields {
		all = append(all, name, value)
	}
	return all
}

func firstOf(t *testing.T) (r *rig, s *visitor, path string) {
	t.Helper()
	r = rigOf(t, newMemory(), "")
	link, ok, err := r.first()
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return r, r.stranger(), r.path(link)
}

func TestTheFirstOwnerMakesAPublisherInOneForm(t *testing.T) {
	r, s, path := firstOf(t)
	for range 2 {
		s.get(path).wants(t, 200, `autocomplete="username"`, `autocomplete="new-password"`, `name="outlet"`, `name="time_zone"`).lacks(t, "/console/me")
	}
	in := s.post(path, founding()...).leads(t, "/console/p/le-monde/sources/new?first=1")
	ann := s.entered(in)
	if !ann.person.Admin || ann.person.Name != "Ann" || ann.person.Zone != "Europe/Paris" || ann.person.Language != "en" {
		t.Errorf("%+v", ann.person)
	}
	o := r.Publisher("le-monde")
	if o == nil || o.Name != "Le Monde" || strings.Join(o.Languages, " ") != "fr pt-BR es" || o.TimeZone != "Europe/Paris" || len(o.Channels) != 1 {
		t.Fatalf("%+v", o)
	}
	ann.get("/console").leads(t, "/console/p/le-monde/today")
	s.get(path).wants(t, http.StatusGone, "This link does not work any more", "keypull user invite")
	s.post(path, founding()...).wants(t, http.StatusGone)
}

func TestEverythingWrongIsToldAtOnceAndTheLinkStays(t *testing.T) {
	r, s, path := firstOf(t)
	page := s.post(path, founding("name", "", "email", "nonsense", "password", "short", "outlet", "", "time_zone", "Nowhere/City", "languages", "12")...).
		wants(t, http.StatusUnprocessableEntity, `value="nonsense"`, `value="Nowhere/City"`, "6 things need your attention", `href="#f-email"`, `href="#f-time_zone"`, `href="#f-languages"`)
	page.lacks(t, "short\"")
	if all := r.Publishers(); len(all) > 0 {
		t.Errorf("%d publishers", len(all))
	}
	// What only the person has wrong leaves no publisher behind either.
	s.post(path, founding("password", "short")...).wants(t, http.StatusUnprocessableEntity, "at least 10 characters", `value="Le Monde"`)
	if all := r.Publishers(); len(all) > 0 {
		t.Errorf("%d publishers", len(all))
	}
	s.post(path, founding()...).leads(t, "/console/p/le-monde/sources/new?first=1")
}

func TestTheOrderOfLanguagesIsChosenWithoutScript(t *testing.T) {
	r, s, path := firstOf(t)
	form := append(founding("languages", "en"), "languages", "de", "_up", "languages=de")
	page := s.post(path, form...).wants(t, 200)
	if strings.Index(page.body, `value="de" checked`) > strings.Index(page.body, `value="en" checked`) {
		t.Error("German is not first")
	}
	if len(r.Publishers()) > 0 {
		t.Error("a button made a publisher")
	}
}

func TestWhoIsInGoesOnWhereThePublisherCouldNotBeMade(t *testing.T) {
	r, s, path := firstOf(t)
	r.Fails[catalogue.ResourcePublisher] = errors.New("the disk is full")
	in := s.post(path, founding()...).wants(t, http.StatusUnprocessableEntity, "could not be created", `action="/console/new"`, `value="Le Monde"`, `value="pt-BR, es"`)
	ann := s.entered(in)
	delete(r.Fails, catalogue.ResourcePublisher)
	ann.get("/console").leads(t, "/console/new")
	ann.post("/console/new", "outlet", "Le Monde", "languages", "fr", "time_zone", "Europe/Paris").
		leads(t, "/console/p/le-monde/sources/new?first=1&done=publisher_made")
}

func TestTheFirstOwnerOfAFurnishedInstallationMakesNoPublisher(t *testing.T) {
	r := newRig(t)
	link, _, err := r.first()
	if err != nil {
		t.Fatal(err)
	}
	s := r.stranger()
	s.get(r.path(link)).wants(t, 200).lacks(t, `name="outlet"`)
	in := s.post(r.path(link), "name", "Ann", "email", "ann@example.org", "password", goodPassword).leads(t, "/console")
	s.entered(in).get("/console").leads(t, "/console/p/lecker/today")
}

func TestAnInvitedPersonSetsAPasswordOnce(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	page := owner.post("/console/p/lecker/people/invites", "email", "Bob@Example.org", "name", "Bob", "role", "editor").wants(t, 200, "Give this link to Bob@Example.org")
	owner.get("/console/p/lecker/people").wants(t, 200, "bob@example.org").lacks(t, "/console/welcome/")
	path := welcomePath(t, page)
	s := r.stranger()
	s.get(path).wants(t, 200, `value="Bob"`, `value="bob@example.org"`, "work on Lecker").lacks(t, `name="outlet"`)
	s.post(path, "name", "Bob", "password", "short").wants(t, http.StatusUnprocessableEntity, "at least 10 characters", `value="Bob"`)
	in := s.post(path, "name", "Bob B.", "password", goodPassword, "email", "evil@example.org", "zone", "Europe/Berlin", "admin", "on", "roles", "owner").leads(t, "/console")
	bob := s.entered(in)
	if bob.person.Email != "bob@example.org" || bob.person.Admin || bob.person.Roles["lecker"] != "editor" || bob.person.Zone != "Europe/Berlin" {
		t.Errorf("%+v", bob.person)
	}
	s.get(path).wants(t, http.StatusGone)

	page = owner.post("/console/p/lecker/people/invites", "email", "late@example.org", "role", "viewer").wants(t, 200)
	r.wait(8 * 24 * time.Hour)
	s.get(welcomePath(t, page)).wants(t, http.StatusGone, "ask whoever sent you the link")
}

// welcomePath returns the link that stands on the page.
func welcomePath(t *testing.T, page answer) string {
	t.Helper()
	const begin = "/console/welcome/"
	_, rest, ok := strings.Cut(page.body, begin)
	if !ok {
		t.Fatalf("no link on the page:\n%s", page.body)
	}
	secret, _, _ := strings.Cut(rest, "<")
	return begin + secret
}

func TestALostPasswordIsSetByALinkOfAnAdmin(t *testing.T) {
	r := newRig(t)
	admin, ann := r.as("admin"), r.as("lecker editor")
	page := admin.post("/console/installation/people/"+ann.person.ID+"/reset").wants(t, 200, "Give this link to")
	s := r.stranger()
	path := welcomePath(t, page)
	s.get(path).wants(t, 200, "Choose a new password", ann.person.Email).lacks(t, `name="name"`)
	in := s.post(path, "password", "tram bell oven").leads(t, "/console")
	s.entered(in).get("/console/me").wants(t, 200)
	ann.get("/console/me").leads(t, "/console/sign-in?next=%2Fconsole%2Fme")
	s.post("/console/sign-in", "email", ann.person.Email, "password", "tram bell oven").leads(t, "/console")
}

func TestWhoHasAnAccountTakesAnInviteWithItsPassword(t *testing.T) {
	r := newRig(t, lecker(), empty("kiosk"))
	bob := r.person("bob@example.org", "kiosk viewer")
	page := r.as("lecker owner").post("/console/p/lecker/people/invites", "email", "bob@example.org", "role", "editor").wants(t, 200)
	s, path := r.stranger(), welcomePath(t, page)
	s.post(path, "name", "Mallory", "password", "another password").wants(t, http.StatusUnprocessableEntity, "has an account already")
	s.entered(s.post(path, "password", goodPassword).leads(t, "/console")).get("/console").wants(t, 200, "Kiosk", "Lecker")
	p, _, err := r.gate.People.Get(t.Context(), bob.ID)
	if err != nil || p.Roles["lecker"] != "editor" || p.Name != "Bob" {
		t.Errorf("%+v, %v", p, err)
	}
}
