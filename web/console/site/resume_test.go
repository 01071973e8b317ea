package site_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"keypull/pull/people"
	"keypull/web/console/presignin"
)

// losses returns the ways in which a session goes while a form is filled in, with
// what the page says of each.
func losses() []func(v *visitor) (why string) {
	return []func(v *visitor) string{
		func(v *visitor) string { v.secret = ""; return "no longer has the cookie" },
		func(v *visitor) string {
			if _, err := v.gate.Sessions.DeleteOf(v.t.Context(), v.person.ID, ""); err != nil {
				v.t.Fatal(err)
			}
			return "ended in another browser"
		},
		func(v *visitor) string { v.wait(people.IdleLimit); return "nothing happened here for 12 hours" },
		func(v *visitor) string { v.secret = strings.Repeat("x", 43); return "this server no longer has it" },
	}
}

// over returns the form for signing in that a page carries what was typed in, filled
// in.
func (a answer) over(t testing.TB, v *visitor) (action string, form url.Values) {
	t.Helper()
	p := a.page(t)
	fields := p.all(func(n *html.Node) bool { name, _ := attribute(n, "name"); return name == presignin.Carried })
	if len(fields) == 0 {
		t.Fatalf("the page carries nothing: %d\n%.3000s", a.status, a.main())
	}
	carried, _ := attribute(fields[0], "value")
	for parent := fields[0].Parent; parent != nil; parent = parent.Parent {
		if parent.Data == "form" {
			action, _ = attribute(parent, "action")
		}
	}
	return action, url.Values{presignin.Carried: {carried}, "email": {v.person.Email}, "password": {goodPassword}}
}

// inAs returns a browser that has signed in over a form, with what it was answered.
func (v *visitor) inAs(action string, form url.Values) (*visitor, answer) {
	v.t.Helper()
	in := &visitor{rig: v.rig, person: v.person}
	done := in.send(http.MethodPost, action, form)
	return in, done
}

func TestNothingTypedIsLostWithASession(t *testing.T) {
	r, ann, world := atWork(t)
	ann.person = r.person("owner@example.org", "admin", "lecker owner")
	forms := map[string]func(v *visitor) url.Values{
		room + "keywords": func(v *visitor) url.Values {
			return v.changed(room+"keywords/new?source=news", "phrases.en", "gazpacho\nsoup")
		},
		room + "keywords/news": func(v *visitor) url.Values {
			return v.changed(room+"keywords/news", "phrases.en", "news\nlatest")
		},
		room + "sources": func(v *visitor) url.Values {
			return v.changed(room+"sources/new?kind=feed", "settings.url", world+"/feed.xml")
		},
		room + "channels/web": func(v *visitor) url.Values {
			return v.changed(room+"channels/web", "settings.title", "Anew")
		},
		room + "settings":              typed("outlet", "Lecker Anew", "languages", "en", "time_zone", "UTC", "version", "*"),
		"/console/new":                 typed("outlet", "Another", "languages", "en", "time_zone", "UTC"),
		room + "people/invites":        typed("email", "guest@example.org", "role", "viewer"),
		room + "people/tokens":         typed("name", "a program", "role", "viewer"),
		"/console/installation/tokens": typed("name", "another program", "role", "admin"),
		"/console/me":                  typed("name", "Ann Anew", "language", "en", "zone", "Europe/Paris"),
		room + "demand/adopt":          typed("text", "gazpacho", "keyword", "news", "language", "en"),
		room + "channels/dead":         typed("channel", "tg", "all", "on"),
		room + "sources/try": func(v *visitor) url.Values {
			return v.changed(room+"sources/new?kind=feed", "settings.url", world+"/feed.xml")
		},
		room + "keywords/preview": func(v *visitor) url.Values {
			return v.changed(room+"keywords/news", "phrases.en", "gazpacho")
		},
	}
	// The ways take turns, since each sign-in takes its time on purpose.
	for i, path := range slices.Sorted(maps.Keys(forms)) {
		t.Run(path, func(t *testing.T) {
			v := r.visit(ann.person)
			form := forms[path](v)
			form.Set(presignin.Token, v.csrf)
			why := losses()[i%len(losses())](v)
			asked := v.send(http.MethodPost, path, form).wants(t, http.StatusUnauthorized, why, "What you typed is kept")
			action, over := asked.over(t, v)
			got, ok := presignin.Uncarry(over.Get(presignin.Carried))
			if !ok || got.Encode() != form.Encode() || action != path {
				t.Errorf("%v is carried of %v, to %s", got, form, action)
			}
			in, done := v.inAs(action, over)
			if done.status == http.StatusUnauthorized || done.status == http.StatusForbidden || strings.Contains(done.body, presignin.Carried) {
				t.Errorf("it did not go on: %d %.2000s", done.status, done.main())
			}
			in.entered(done).get("/console/me").wants(t, 200)
		})
	}
}

func typed(pairs ...string) func(*visitor) url.Values {
	return func(*visitor) url.Values {
		form := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		return form
	}
}

func TestANewPasswordIsTakenOverASessionThatHasEnded(t *testing.T) {
	r := newRig(t)
	v := r.as("lecker owner")
	form := url.Values{"current": {goodPassword}, "new": {"tram bell oven"}, "_sure": {"on"}, presignin.Token: {v.csrf}}
	v.secret = ""
	a := v.send(http.MethodPost, "/console/me/password", form).lacks(t, goodPassword, "tram bell")
	action, over := a.over(t, v)
	over.Set("password", "a wrong one")
	action, over = v.send(http.MethodPost, action, over).wants(t, http.StatusUnauthorized, "password is wrong").over(t, v)
	_, done := v.inAs(action, over)
	done.leads(t, "/console/me?done=password")
	r.stranger().post("/console/sign-in", "email", v.person.Email, "password", "tram bell oven").leads(t, "/console")
	if log := r.log.String(); strings.Contains(log, "tram bell") || strings.Contains(log, goodPassword) {
		t.Errorf("the log tells a password: %s", log)
	}
}

func TestWhoeverElseSignsInIsAskedBeforeItIsSent(t *testing.T) {
	r := newRig(t)
	ann, bob := r.as("lecker owner"), r.as("lecker owner")
	form := url.Values{"name": {"Typed by Ann"}, presignin.Token: {ann.csrf}}
	ann.secret = ""
	action, over := ann.send(http.MethodPost, "/console/me", form).over(t, ann)
	over.Set("email", bob.person.Email)
	in, asked := ann.inAs(action, over)
	asked.wants(t, http.StatusForbidden, "typed by somebody else", bob.person.Name)
	again := in.entered(asked)
	if p, _, err := r.gate.People.Get(t.Context(), bob.person.ID); err != nil || p.Name != bob.person.Name {
		t.Fatalf("%+v, %v", p, err)
	}
	action, over = asked.over(t, ann)
	again.submit(action, url.Values{presignin.Carried: over[presignin.Carried]}).leads(t, "/console/me?done=saved")
	if p, _, err := r.gate.People.Get(t.Context(), bob.person.ID); err != nil || p.Name != "Typed by Ann" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAFormOfAnEarlierSessionIsSentAfterAQuestion(t *testing.T) {
	r := newRig(t)
	old := r.as("lecker owner")
	now := r.visit(old.person)
	asked := now.submit("/console/me", url.Values{"name": {"Kept"}, presignin.Token: {old.csrf}}).wants(t, http.StatusForbidden, "signed in anew")
	action, over := asked.over(t, now)
	now.submit(action, url.Values{presignin.Carried: over[presignin.Carried]}).leads(t, "/console/me?done=saved")
	part := *now
	part.header = http.Header{"Hx-Request": {"true"}, "X-Csrf-Token": {old.csrf}}
	if a := part.send(http.MethodPost, room+"keywords/check", url.Values{}); a.status != http.StatusForbidden || a.header.Get("Keypull-Session") != "lost" {
		t.Errorf("%d %v", a.status, a.header)
	}
	part.header = http.Header{"X-Csrf-Token": {old.csrf}}
	if a := part.get("/console/session").wants(t, http.StatusNoContent); a.header.Get("X-Csrf-Token") != now.csrf {
		t.Errorf("%v", a.header)
	}
}

func TestNoOtherSiteHasAFormSentOverASignIn(t *testing.T) {
	r := newRig(t)
	v := r.as("lecker owner")
	form := url.Values{"name": {"Evil"}, presignin.Token: {"x." + v.person.ID}}
	for name, header := range map[string]http.Header{
		"foreign": {"Origin": {"https://evil.example"}}, "none": {"Origin": nil}, "cross-site": {"Sec-Fetch-Site": {"cross-site"}},
	} {
		s := &visitor{rig: r, person: v.person, header: header}
		s.send(http.MethodPost, "/console/me", form).wants(t, http.StatusForbidden).lacks(t, presignin.Carried)
		carried, _ := presignin.Carry(form)
		over := url.Values{presignin.Carried: {carried}, "email": {v.person.Email}, "password": {goodPassword}}
		if a := s.send(http.MethodPost, "/console/me", over).wants(t, http.StatusForbidden); a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: somebody is signed in", name)
		}
	}
	// What no page has sent is nothing to go on with, and a right that somebody
	// lacks is not lent by the way.
	r.stranger().send(http.MethodPost, "/console/me", url.Values{"name": {"x"}}).leads(t, "/console/sign-in")
	viewer := r.as("lecker viewer")
	form = url.Values{"name": {"x"}, "role": {"owner"}, presignin.Token: {viewer.csrf}}
	viewer.secret = ""
	action, over := viewer.send(http.MethodPost, room+"people/tokens", form).over(t, viewer)
	_, done := viewer.inAs(action, over)
	done.wants(t, http.StatusForbidden, "You may not do this")
	r.stranger().send(http.MethodPost, "/console/me", url.Values{presignin.Carried: {"!"}}).wants(t, http.StatusUnprocessableEntity)
	large := url.Values{"name": {strings.Repeat("x", presignin.MaxCarried)}, presignin.Token: {"x"}}
	r.stranger().send(http.MethodPost, "/console/me", large).wants(t, http.StatusUnprocessableEntity, "more than 4 MiB")
}

func TestStayingSignedInIsAChoice(t *testing.T) {
	r := newRig(t)
	ann := r.person("ann@example.org", "lecker owner")
	r.stranger().get("/console/sign-in").wants(t, 200, "Stay signed in", `name="stay"`, "For 30 days")
	s := r.stranger()
	in := s.post("/console/sign-in", "email", ann.Email, "password", goodPassword, "stay", "on").leads(t, "/console")
	if set := in.header.Get("Set-Cookie"); !strings.Contains(set, "Max-Age=2592000") {
		t.Errorf("the cookie is %s", set)
	}
	stays := s.entered(in)
	r.wait(people.AbsoluteLimit + time.Hour)
	stays.get("/console/me").wants(t, 200, "stays signed in until")
	r.wait(people.StayLimit)
	stays.get("/console/me").wants(t, 303)
	stays.get("/console/sign-in").wants(t, 200, "the 30 days for which you stayed signed in are over")
}

func TestInstallationsOfOneHostKeepTheirOwnCookies(t *testing.T) {
	one, other := presignin.CookiesOf([]byte("one")), presignin.CookiesOf([]byte("other"))
	if one.SessionName() == other.SessionName() || one.DeviceName() == other.DeviceName() || one.SessionName() == one.DeviceName() {
		t.Errorf("%s and %s share a name", one.SessionName(), other.SessionName())
	}
	if again := presignin.CookiesOf([]byte("one")); again != one || !strings.HasPrefix(one.SessionName(), "__Host-keypull-") {
		t.Errorf("%s, then %s", one.SessionName(), again.SessionName())
	}
}
