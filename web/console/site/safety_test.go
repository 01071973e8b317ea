package site_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"keypull/pull/journal"
	"keypull/pull/people"
)

// mutations are forms of this half of the console that would change something
// were they obeyed; whoever sends them well is an admin and owner.
func mutations(v *visitor) map[string]url.Values {
	form := func(pairs ...string) url.Values {
		f := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			f.Add(pairs[i], pairs[i+1])
		}
		return f
	}
	id := v.person.ID
	return map[string]url.Values{
		"/console/new":                                   form("outlet", "New", "languages", "en", "time_zone", "UTC"),
		"/console/p/lecker/settings":                     form("outlet", "X", "languages", "en", "time_zone", "UTC", "version", "*"),
		"/console/p/lecker/settings/consent":             form("consent", "X", "version", "*"),
		"/console/p/lecker/settings/delete":              form("id", "lecker", "version", "*"),
		"/console/p/lecker/people/" + id:                 form("role", "viewer"),
		"/console/p/lecker/people/" + id + "/remove":     form(),
		"/console/p/lecker/people/invites":               form("email", "x@example.org", "role", "owner"),
		"/console/p/lecker/people/invites/x/revoke":      form(),
		"/console/p/lecker/people/tokens":                form("name", "x", "role", "owner"),
		"/console/p/lecker/people/tokens/x/revoke":       form(),
		"/console/installation/invites":                  form("email", "x@example.org"),
		"/console/installation/invites/x/revoke":         form(),
		"/console/installation/people/" + id:             form("admin", ""),
		"/console/installation/people/" + id + "/reset":  form(),
		"/console/installation/people/" + id + "/remove": form(),
		"/console/installation/tokens":                   form("name", "x"),
		"/console/installation/tokens/x/revoke":          form(),
		"/console/me":                                    form("name", "X"),
		"/console/me/password":                           form("current", goodPassword, "new", "tram bell oven"),
		"/console/me/sessions/x/revoke":                  form(),
		"/console/sign-out":                              form(),
	}
}

// state returns what must stay as it is: publishers, people, invites, tokens and
// sessions.
func (r *rig) state() string {
	r.t.Helper()
	ctx := r.t.Context()
	var b strings.Builder
	for _, o := range r.Publishers() {
		fmt.Fprintln(&b, o.Publisher, o.Meta)
	}
	everybody, err := r.gate.People.All(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	slices.SortFunc(everybody, func(a, b people.Person) int { return strings.Compare(a.ID, b.ID) })
	for _, p := range everybody {
		sessions, err := r.gate.Sessions.Of(ctx, p.ID)
		if err != nil {
			r.t.Fatal(err)
		}
		fmt.Fprintln(&b, p, len(sessions))
	}
	invites, err := r.gate.Invites.All(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	tokens, err := r.gate.Tokens.All(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	fmt.Fprintln(&b, len(invites), len(tokens))
	return b.String()
}

func TestNoFormOfAnotherSiteIsObeyed(t *testing.T) {
	r := newRig(t)
	ann := r.as("admin", "lecker owner")
	bob := r.as("lecker owner")
	before := r.state()
	for name, spoil := range map[string]func(v *visitor, f url.Values){
		"no origin":        func(v *visitor, _ url.Values) { v.header = http.Header{"Origin": nil} },
		"foreign origin":   func(v *visitor, _ url.Values) { v.header = http.Header{"Origin": {"https://evil.example"}} },
		"origin null":      func(v *visitor, _ url.Values) { v.header = http.Header{"Origin": {"null"}} },
		"origin of a port": func(v *visitor, _ url.Values) { v.header = http.Header{"Origin": {"http://127.0.0.1:1"}} },
		"cross-site":       func(v *visitor, _ url.Values) { v.header = http.Header{"Sec-Fetch-Site": {"cross-site"}} },
		"same-site":        func(v *visitor, _ url.Values) { v.header = http.Header{"Sec-Fetch-Site": {"same-site"}} },
		"no token":         func(_ *visitor, f url.Values) { f.Set("_csrf", "") },
		"another's token":  func(_ *visitor, f url.Values) { f.Set("_csrf", bob.csrf) },
		"a stale token":    func(_ *visitor, f url.Values) { f.Set("_csrf", r.visit(ann.person).csrf) },
	} {
		t.Run(name, func(t *testing.T) {
			for path, form := range mutations(ann) {
				spoiled := *ann
				form = maps.Clone(form)
				spoil(&spoiled, form)
				spoiled.submit(path, form).wants(t, http.StatusForbidden)
			}
		})
	}
	for path, form := range map[string]url.Values{"/console/sign-in": {"email": {ann.person.Email}, "password": {goodPassword}}, "/console/welcome/x": {}} {
		s := r.stranger()
		s.header = http.Header{"Origin": {"https://evil.example"}}
		if a := s.submit(path, form).wants(t, http.StatusForbidden); a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: a cookie was set", path)
		}
	}
	// The stale tokens have made sessions.
	sessions, err := r.gate.Sessions.Of(t.Context(), ann.person.ID)
	if err != nil {
		t.Fatal(err)
	}
	after := strings.Replace(r.state(), fmt.Sprintf("} %d\n", len(sessions)), "} 1\n", 1)
	if after != before {
		t.Errorf("something was changed:\n%s\n%s", before, after)
	}
}

func TestEveryPageAsksWhoComes(t *testing.T) {
	r := newRig(t)
	ann := r.as("admin")
	for path := range mutations(ann) {
		r.stranger().submit(path, url.Values{}).leads(t, "/console/sign-in")
	}
	for _, path := range looks() {
		if a := r.stranger().get(path); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/console/sign-in") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	s := r.stranger()
	s.header = http.Header{"Hx-Request": {"true"}}
	if a := s.get("/console/p/lecker/today/live"); a.status != http.StatusUnauthorized || a.header.Get("Keypull-Session") != "lost" {
		t.Errorf("%d %v", a.status, a.header)
	}
}

func TestNobodyDoesMoreThanTheirRole(t *testing.T) {
	// The status of each page and form by role: viewer, editor, owner, admin of
	// lecker, and an owner of another publisher.
	r := newRig(t, lecker(), empty("kiosk"))
	viewer, editor, owner := r.as("lecker viewer"), r.as("lecker editor"), r.as("lecker owner")
	admin, other := r.as("admin"), r.as("kiosk owner")
	all := []*visitor{viewer, editor, owner, admin, other}
	const room = "/console/p/lecker"
	for path, want := range map[string][]int{
		room: {303, 303, 303, 303, 303}, room + "/today": {200, 200, 200, 200, 404}, room + "/today/live": {303, 303, 303, 303, 404},
		room + "/settings": {200, 200, 200, 200, 404}, room + "/demand": {200, 200, 200, 200, 404}, room + "/settings/delete": {403, 403, 403, 200, 404},
		room + "/people": {403, 403, 200, 200, 404}, room + "/people/" + viewer.person.ID + "/remove": {403, 403, 200, 200, 404},
		room + "/people/tokens": {403, 403, 200, 200, 404}, room + "/people/tokens/x/revoke": {403, 403, 404, 404, 404},
		room + "/audit": {403, 403, 200, 200, 404}, "/console/installation": {403, 403, 403, 200, 403},
		"/console/installation/people/" + viewer.person.ID:             {403, 403, 403, 200, 403},
		"/console/installation/people/" + viewer.person.ID + "/remove": {403, 403, 403, 200, 403},
		"/console/installation/tokens":                                 {403, 403, 403, 200, 403}, "/console/installation/tokens/x/revoke": {403, 403, 403, 404, 403},
		"/console/installation/acts": {403, 403, 403, 200, 403}, "/console/new": {403, 403, 403, 200, 403},
		"/console/me": {200, 200, 200, 200, 200},
	} {
		for i, v := range all {
			if got := v.get(path); got.status != want[i] {
				t.Errorf("GET %s as %d: %d, want %d", path, i, got.status, want[i])
			}
		}
	}
	for path, form := range mutations(viewer) {
		if strings.HasPrefix(path, "/console/me") || path == "/console/sign-out" || path == room+"/settings/consent" {
			continue
		}
		before := r.state()
		for i, v := range []*visitor{viewer, editor, other} {
			if got := v.submit(path, maps.Clone(form)); got.status < 400 {
				t.Errorf("POST %s as %d: %d", path, i, got.status)
			}
		}
		if strings.HasPrefix(path, "/console/installation") || path == "/console/new" || path == room+"/settings/delete" {
			if got := owner.submit(path, maps.Clone(form)); got.status < 400 {
				t.Errorf("POST %s as owner: %d", path, got.status)
			}
		}
		if after := r.state(); before != after {
			t.Errorf("POST %s has changed something", path)
		}
	}
	viewer.post(room+"/settings/consent", "consent", "x", "version", "*").wants(t, http.StatusForbidden)
	other.post(room+"/settings/consent", "consent", "x", "version", "*").wants(t, http.StatusNotFound)
}

func TestAPublisherSeesNothingOfAnother(t *testing.T) {
	kiosk := lecker()
	kiosk.ID, kiosk.Name = "kiosk", "Secret Kiosk"
	r := newRig(t, lecker(), kiosk)
	ann, kim := r.as("lecker owner"), r.as("kiosk owner")
	kim.post("/console/p/kiosk/people/tokens", "name", "kiosk-program", "role", "viewer").wants(t, 200)
	kim.post("/console/p/kiosk/people/invites", "email", "kiosk-guest@example.org", "role", "viewer").wants(t, 200)
	r.tally.Add("kiosk", journal.Trace{At: r.clock(), Outcome: journal.Missed, What: journal.What{Unknown: "kiosk-miss"}})
	for _, path := range []string{"today", "people", "people/tokens", "audit", "settings"} {
		ann.get("/console/p/lecker/"+path).wants(t, 200).lacks(t, "iosk", kim.person.Email, kim.person.ID)
	}
	tokens, err := r.gate.Tokens.All(t.Context())
	if err != nil || len(tokens) != 1 {
		t.Fatal(tokens, err)
	}
	ann.get("/console/p/lecker/people/tokens/"+tokens[0].ID+"/revoke").wants(t, http.StatusNotFound)
	ann.post("/console/p/lecker/people/tokens/"+tokens[0].ID+"/revoke").wants(t, http.StatusNotFound)
	ann.post("/console/p/lecker/people/"+kim.person.ID, "role", "viewer").wants(t, http.StatusNotFound)
	ann.get("/console/p/lecker/people/"+kim.person.ID+"/remove").wants(t, http.StatusNotFound)
}

func TestAFormTakesNoMoreThanItsFields(t *testing.T) {
	r := newRig(t, lecker(), empty("kiosk"))
	ann := r.as("lecker editor")
	ann.post("/console/me", "name", "Ann", "language", "fr", "zone", "Europe/Paris", "admin", "on", "roles", "owner", "roles.lecker", "owner", "role", "owner",
		"email", "evil@example.org", "hash", "x", "id", "x").leads(t, "/console/me?done=saved")
	p, _, err := r.gate.People.Get(t.Context(), ann.person.ID)
	if err != nil || p.Admin || p.Email != ann.person.Email || len(p.Roles) != 1 || p.Roles["lecker"] != people.Editor || p.Hash != ann.person.Hash || p.Name != "Ann" {
		t.Errorf("%+v, %v", p, err)
	}
	owner := r.as("lecker owner")
	owner.post("/console/p/lecker/people/"+ann.person.ID, "role", "admin").wants(t, http.StatusUnprocessableEntity, "admin is a right of the whole installation")
	owner.post("/console/p/lecker/people/"+ann.person.ID, "role", "viewer", "admin", "on", "publisher", "kiosk", "person", owner.person.ID).leads(t, "/console/p/lecker/people?done=saved")
	owner.post("/console/p/lecker/people/invites", "email", "x@example.org", "role", "viewer", "admin", "on", "publisher", "kiosk", "roles", "kiosk").wants(t, 200)
	invites, err := r.gate.Invites.All(t.Context())
	if err != nil || len(invites) != 1 || invites[0].Admin || len(invites[0].Roles) != 1 || invites[0].Roles["lecker"] != people.Viewer {
		t.Errorf("%+v, %v", invites, err)
	}
	owner.post("/console/p/lecker/people/tokens", "name", "x", "role", "admin").wants(t, http.StatusUnprocessableEntity)
	owner.post("/console/p/lecker/settings", "outlet", "Lecker", "languages", "en", "time_zone", "UTC", "version", "*", "id", "kiosk", "source", "x", "provisioned", "on").leads(t, "/console/p/lecker/settings?done=saved")
	if o := r.Publisher("lecker"); o.ID != "lecker" || len(o.Sources) != 2 || o.Provisioned {
		t.Errorf("%+v", o.Publisher)
	}
}

func TestWhatPeopleAndReadersWriteStaysText(t *testing.T) {
	p := lecker()
	p.Name = hostile
	p.Channels[0].Settings["consent"] = "</textarea>" + hostile
	r := newRig(t, p)
	admin := r.as("admin", "lecker owner")
	admin.post("/console/me", "name", "<script>name</script>", "language", "en").wants(t, 303)
	admin.post("/console/p/lecker/people/invites", "email", `"<script>"@example.org`, "name", "<script>guest</script>", "role", "viewer").wants(t, 200).lacks(t, "<script>guest", `"<script>"@`)
	admin.post("/console/p/lecker/people/tokens", "name", "<script>token</script>", "role", "viewer").wants(t, 200).lacks(t, "<script>token")
	s := r.visit(admin.person)
	s.header = http.Header{"User-Agent": {"<script>agent</script>"}}
	r.tally.Add("lecker", journal.Trace{At: r.clock(), Channel: "web", Outcome: journal.Missed, What: journal.What{Unknown: hostile}})
	r.wait(1000000000)
	for name, path := range looks() {
		page := admin.get(path)
		if i := strings.Index(page.body, "<script>"); i >= 0 {
			t.Errorf("%s: %.200s", name, page.body[i:])
		}
		if strings.Contains(page.body, "<img src=x") || strings.Contains(page.body, `javascript:`) {
			t.Errorf("%s holds markup of somebody else", name)
		}
	}
	admin.post("/console/p/lecker/settings/delete", "id", hostile).wants(t, http.StatusUnprocessableEntity).lacks(t, "<script>document")
	r.stranger().post("/console/sign-in", "email", `"><script>x</script>`, "password", "x", "next", `"><script>`).wants(t, 401).lacks(t, "<script>x", `"><script>`)
	admin.get("/console/p/lecker/audit?cursor=%3Cscript%3E&trail=%3Cscript%3E").lacks(t, "<script>")
	admin.get("/console/p/lecker/today?done=%3Cscript%3E").wants(t, 200).lacks(t, "<script>")
}
