package site

import (
	"net"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// mePages are those about oneself.
type mePages struct{ *request }

func (s *Site) meRoutes() {
	at := Root + "/me"
	s.route("GET "+at, pageAction(mePages.mePage))
	s.route("POST "+at, pageAction(mePages.saveMe))
	s.route("POST "+at+"/password", pageAction(mePages.savePassword))
	s.passkeyRoutes(at + "/passkeys")
	s.route("POST "+at+"/sessions/{session}/revoke", confirmFirst(func(r *request) pages.Confirm {
		return pages.Confirm{Title: r.t("asks.session"), Text: r.t("asks.session_text"), Yes: r.t("me.end_session"), Cancel: at, Danger: true}
	}, pageAction(mePages.revokeSession)))
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
	Passkeys                 passkeysBody
}

// sessionRow is a browser in which one is signed in.
type sessionRow struct {
	accounts.OpenSession
	Browser, Revoke string
}

func (r mePages) readMe() (meBody, error) {
	me, err := accounts.GetMe.Call(r.callContext(), console.None{})
	if err != nil {
		return meBody{}, err
	}
	open, err := accounts.ListSessions.Call(r.callContext(), console.None{})
	if err != nil {
		return meBody{}, err
	}
	b := meBody{Head: pages.Header{Title: r.t("me.title"), Lead: me.Email}, Email: me.Email, Form: r.meForm(me), Password: inputs{
		{Name: "current", Label: r.t("me.current"), Type: "password", Autocomplete: "current-password", Required: true},
		{Name: "new", Label: r.t("me.new"), Help: r.t("welcome.password_help"), Type: "password", Autocomplete: "new-password", Required: true},
	}}
	if b.Passkeys, err = passkeyPages(r).readPasskeys(); err != nil {
		return meBody{}, err
	}
	const most = 50
	for _, s := range open.Sessions[:min(len(open.Sessions), most)] {
		b.Sessions = append(b.Sessions, sessionRow{OpenSession: s, Browser: r.browserName(s.Agent), Revoke: Root + "/me/sessions/" + s.ID + "/revoke"})
	}
	return b, nil
}

func (r mePages) meForm(me accounts.Me) inputs {
	language := input{Name: "language", Label: r.t("me.language"), Type: "select", Options: []pages.Option{r.labelledOption("", "me.browsers")}}
	for _, l := range pages.Languages() {
		language.Options = append(language.Options, r.labelledOption(l, "language."+l))
	}
	selectOption(language.Options, me.Language)
	return inputs{
		{Name: "name", Label: r.t("welcome.name"), Type: "text", Autocomplete: "name", Value: me.Name, Required: true},
		language,
		{Name: "zone", Label: r.t("me.zone"), Help: r.t("me.zone_help"), Type: "zone", Options: r.zoneOptions(), Value: me.Zone},
		{Name: "single_keys", Label: r.t("me.single_keys"), Help: r.t("me.single_keys_help"), Type: "toggle", Value: map[bool]string{true: "on"}[me.SingleKeys]},
	}
}

// browserName tells browsers apart as people do; the whole name is beside it.
func (r mePages) browserName(agent string) string {
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
			return r.t("me.browser_on", "browser", b.name, "system", system)
		}
	}
	return r.t("me.some_browser")
}

func (r mePages) showMe(status int, b meBody) error {
	return r.showAs(status, "page_me", pages.Page{Title: r.t("me.title"), Body: b})
}

func (r mePages) mePage() error { return showRead(r.readMe, r.showMe) }

func (r mePages) saveMe() error {
	keys := r.postedValue("single_keys") == "on"
	in := accounts.MeUpdate{SingleKeys: &keys, Name: strings.TrimSpace(r.postedValue("name")), Language: r.postedValue("language"), Zone: r.zoneMeant(strings.TrimSpace(r.postedValue("zone")))}
	_, refusal := accounts.UpdateMe.Call(r.callContext(), in)
	if refusal == nil {
		return r.redirectDone(Root+"/me", "saved")
	}
	return showRefused(r.request, refusal, r.readMe, func(b *meBody) (inputs, *string) { return b.Form, &b.Message }, r.showMe)
}

func (r mePages) savePassword() error {
	if r.postedValue(sureParam) == "" {
		return r.askPassword()
	}
	in := accounts.MePassword{Current: r.postedValue("current"), New: r.postedValue("new")}
	_, refusal := accounts.ChangePassword.Call(r.callContext(), in)
	if refusal == nil {
		// The mark of the old password has ended with it.
		entrance(r).renewDeviceMark()
		return r.redirectDone(Root+"/me", "password")
	}
	b, err := r.readMe()
	if err != nil {
		return err
	}
	status := console.StatusOf(refusal)
	if problems, ok := r.problemsOf(refusal, ""); ok {
		b.PasswordMessage = strings.Join(b.Password.addProblems(problems), " ")
		return r.showMe(status, b)
	}
	if status == http.StatusTooManyRequests {
		b.PasswordMessage = r.waitText(refusal)
	} else if b.PasswordMessage, _ = r.refusalText(refusal); b.PasswordMessage == "" {
		return refusal
	}
	return r.showMe(status, b)
}

// askPassword asks beside the passwords, which go into no page: who has no
// script ticks the answer and types them again.
func (r mePages) askPassword() error {
	b, err := r.readMe()
	if err != nil {
		return err
	}
	b.PasswordMessage = r.t("asks.password_tick")
	return r.showMe(http.StatusUnprocessableEntity, b)
}

func (r mePages) revokeSession() error {
	_, err := accounts.RevokeSession.Call(r.callContext(), accounts.SessionRevoke{Session: r.PathValue("session")})
	if err != nil {
		return err
	}
	return r.redirectDone(Root+"/me", "session_revoked")
}

// passkeyPages are where people add and remove the keys of their devices.
type passkeyPages struct{ *request }

func (s *Site) passkeyRoutes(at string) {
	s.route("POST "+at, pageAction(passkeyPages.addPasskey))
	s.route("POST "+at+"/question", pageAction(passkeyPages.offerPasskey))
	s.route("GET "+at+"/{passkey}/remove", pageAction(passkeyPages.removePage))
	s.route("POST "+at+"/{passkey}/remove", pageAction(passkeyPages.removePasskey))
}

// passkeysBody is what the page about oneself shows of passkeys.
type passkeysBody struct {
	Rows []passkeyRow
	// Label is what a new one is called unless somebody has a better name.
	Label   string
	Longest int
	// Possible says that browsers have passkeys for this address; Elsewhere is the
	// one of this machine for which they would.
	Possible           bool
	Elsewhere, Message string
}

type passkeyRow struct {
	accounts.OwnPasskey
	Remove string
}

func (r passkeyPages) readPasskeys() (passkeysBody, error) {
	list, err := accounts.ListPasskeys.Call(r.callContext(), console.None{})
	if err != nil {
		return passkeysBody{}, err
	}
	b := passkeysBody{Label: mePages(r).browserName(r.UserAgent()), Longest: people.MaxPasskeyLabel}
	for _, k := range list.Passkeys {
		b.Rows = append(b.Rows, passkeyRow{OwnPasskey: k, Remove: Root + "/me/passkeys/" + k.ID + "/remove"})
	}
	if _, b.Possible = entrance(r).passkeyParty(); !b.Possible {
		b.Elsewhere = r.byName()
	}
	return b, nil
}

// byName returns the address of this page by the name of this machine, where it was
// asked for by its number.
func (r passkeyPages) byName() string {
	host, port, err := net.SplitHostPort(r.Host)
	if ip := net.ParseIP(strings.Trim(host, "[]")); err != nil || ip == nil || !ip.IsLoopback() {
		return ""
	}
	return "http://localhost:" + port + Root + "/me"
}

func (r passkeyPages) offerPasskey() error {
	at, _ := entrance(r).passkeyParty()
	question, err := r.Gate.OfferPasskey(r.Context(), at, r.by.Person)
	if err != nil {
		return err
	}
	return entrance(r).writeJSON(question)
}

func (r passkeyPages) addPasskey() error {
	at, _ := entrance(r).passkeyParty()
	refusal := r.Gate.AddPasskey(r.Context(), at, r.by.Person, r.postedValue("label"), []byte(r.postedValue("passkey")))
	if refusal == nil {
		return r.redirectDone(Root+"/me", "passkey_added")
	}
	b, err := mePages(r).readMe()
	if err != nil {
		return err
	}
	b.Passkeys.Label = r.postedValue("label")
	status := console.StatusOf(refusal)
	if problems, ok := r.problemsOf(refusal, ""); ok {
		b.Passkeys.Message = problems[0].Message
	} else if b.Passkeys.Message = hintOf(refusal).In(r.language); b.Passkeys.Message == "" {
		return refusal
	}
	return mePages(r).showMe(status, b)
}

// removePage asks before a passkey is removed.
func (r passkeyPages) removePage() error {
	list, err := accounts.ListPasskeys.Call(r.callContext(), console.None{})
	if err != nil {
		return err
	}
	for _, k := range list.Passkeys {
		if k.ID != r.PathValue("passkey") {
			continue
		}
		title := r.t("passkey.remove_title", "label", k.Label)
		return r.showPage("page_confirm", pages.Page{Title: title, Body: pages.Confirm{
			Title: title, Text: r.t("passkey.remove_text"), Action: r.URL.Path, Yes: r.t("passkey.remove"), Cancel: Root + "/me", CSRF: r.session.CSRF, Danger: true,
		}})
	}
	return &pull.Error{Kind: pull.Unknown, Hint: words.Text{Key: "passkey.none"}}
}

func (r passkeyPages) removePasskey() error {
	_, err := accounts.RemovePasskey.Call(r.callContext(), accounts.PasskeyRemove{Passkey: r.PathValue("passkey")})
	if err != nil {
		return err
	}
	return r.redirectDone(Root+"/me", "passkey_removed")
}
