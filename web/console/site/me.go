package site

import (
	"net/http"
	"strings"

	"keypull/web/console"
	"keypull/web/console/pages"
)

func (s *Site) meRoutes() {
	at := Root + "/me"
	s.page("GET "+at, (*visit).mePage)
	s.page("POST "+at, (*visit).saveMe)
	s.page("POST "+at+"/password", (*visit).savePassword)
	s.page("POST "+at+"/sessions/{session}/revoke", (*visit).revokeSession)
}

// meBody is what the page about oneself shows.
type meBody struct {
	Head     pages.Header
	Form     inputs
	Password inputs
	// Message is about the first form, PasswordMessage about the second.
	Message, PasswordMessage string
	Email                    string
	Sessions                 []sessionRow
}

// sessionRow is a browser in which one is signed in.
type sessionRow struct {
	console.OpenSession
	Browser, Revoke string
}

func (v *visit) readMe() (meBody, error) {
	me, err := do[console.MeGet, console.Me](v, "me.get", console.MeGet{})
	if err != nil {
		return meBody{}, err
	}
	open, err := do[console.SessionList, console.OpenSessions](v, "session.list", console.SessionList{})
	if err != nil {
		return meBody{}, err
	}
	b := meBody{Head: pages.Header{Title: v.t("me.title"), Lead: me.Email}, Email: me.Email, Form: v.meForm(me), Password: inputs{
		{Name: "current", Label: v.t("me.current"), Type: "password", Autocomplete: "current-password", Required: true},
		{Name: "new", Label: v.t("me.new"), Help: v.t("welcome.password_help"), Type: "password", Autocomplete: "new-password", Required: true},
	}}
	const most = 50
	for _, s := range open.Sessions[:min(len(open.Sessions), most)] {
		b.Sessions = append(b.Sessions, sessionRow{OpenSession: s, Browser: v.browserName(s.Agent), Revoke: Root + "/me/sessions/" + s.ID + "/revoke"})
	}
	return b, nil
}

func (v *visit) meForm(me console.Me) inputs {
	language := input{Name: "language", Label: v.t("me.language"), Type: "select", Options: []pages.Option{v.option("", "me.browsers")}}
	for _, l := range pages.Languages() {
		language.Options = append(language.Options, v.option(l, "language."+l))
	}
	choose(language.Options, me.Language)
	return inputs{
		{Name: "name", Label: v.t("welcome.name"), Type: "text", Autocomplete: "name", Value: me.Name, Required: true},
		language,
		{Name: "zone", Label: v.t("me.zone"), Help: v.t("me.zone_help"), Type: "zone", Options: zoneOptions(), Value: me.Zone},
	}
}

// browserName tells browsers apart as people do; the whole name is beside it.
func (v *visit) browserName(agent string) string {
	system := ""
	for _, s := range []struct{ sign, name string }{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
		{"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, s.sign) {
			system = s.name
			break
		}
	}
	for _, b := range []struct{ sign, name string }{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
		{"Chrome", "Chrome"}, {"CriOS", "Chrome"}, {"Safari", "Safari"}} {
		if strings.Contains(agent, b.sign) {
			if system == "" {
				return b.name
			}
			return v.t("me.browser_on", "browser", b.name, "system", system)
		}
	}
	return v.t("me.some_browser")
}

func (v *visit) showMe(status int, b meBody) error {
	return v.showAs(status, "page_me", pages.Page{Title: v.t("me.title"), Body: b})
}

func (v *visit) mePage() error {
	b, err := v.readMe()
	if err != nil {
		return err
	}
	return v.showMe(http.StatusOK, b)
}

func (v *visit) saveMe() error {
	in := console.MeUpdate{Name: strings.TrimSpace(v.posted("name")), Language: v.posted("language"), Zone: strings.TrimSpace(v.posted("zone"))}
	_, refusal := do[console.MeUpdate, console.Me](v, "me.update", in)
	if refusal == nil {
		return v.leave(Root+"/me", "saved")
	}
	b, err := v.readMe()
	if err != nil {
		return err
	}
	b.Form.fill(v.r.PostForm)
	if problems, ok := v.problems(refusal, ""); ok {
		b.Message = strings.Join(b.Form.refuse(problems), " ")
	} else if b.Message, ok = v.told(refusal); !ok {
		return refusal
	}
	status, _ := statusOf(refusal)
	return v.showMe(status, b)
}

func (v *visit) savePassword() error {
	in := console.MePassword{Current: v.posted("current"), New: v.posted("new")}
	_, refusal := do[console.MePassword, console.None](v, "me.password", in)
	if refusal == nil {
		// The mark of the old password has ended with it.
		v.remark()
		return v.leave(Root+"/me", "password")
	}
	b, err := v.readMe()
	if err != nil {
		return err
	}
	status, _ := statusOf(refusal)
	if problems, ok := v.problems(refusal, ""); ok {
		b.PasswordMessage = strings.Join(b.Password.refuse(problems), " ")
		return v.showMe(status, b)
	}
	if status == http.StatusTooManyRequests {
		b.PasswordMessage = v.throttled(refusal)
	} else if b.PasswordMessage, _ = v.told(refusal); b.PasswordMessage == "" {
		return refusal
	}
	return v.showMe(status, b)
}

func (v *visit) revokeSession() error {
	_, err := do[console.SessionRevoke, console.None](v, "session.revoke", console.SessionRevoke{Session: v.r.PathValue("session")})
	if err != nil {
		return err
	}
	return v.leave(Root+"/me", "session_revoked")
}
