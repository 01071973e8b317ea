package site

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// tokenPages are those of programs: of a publisher, or of the installation
// where none is at work.
type tokenPages struct{ *request }

// tokenRoutes adds those of tokens: of a publisher, or of the installation.
func (s *Site) tokenRoutes(at string) {
	s.route("GET "+at, pageAction(tokenPages.tokensPage))
	s.route("POST "+at, gatedBy(accounts.CreateToken, accounts.IssueToken, confirmFirst(func(r *request) pages.Confirm {
		if r.postedValue("name") == "" {
			return pages.Confirm{}
		}
		return pages.Confirm{Title: r.t("asks.token", "name", r.postedValue("name")), Text: r.t("asks.token_text"), Yes: r.t("token.make"), Cancel: r.peopleAt("tokens")}
	}, pageAction(tokenPages.makeToken))))
	s.route("GET "+at+"/{token}/revoke", pageAction(tokenPages.revokeTokenPage))
	s.route("POST "+at+"/{token}/revoke", pageAction(tokenPages.revokeToken))
}

// tokensBody is what the page of programs shows.
type tokensBody struct {
	Head    pages.Header
	Tabs    pages.Tabs
	Action  string
	Form    inputs
	Message string
	// Made is the token that was just made, shown this once.
	Made   *pages.Code
	Tokens []tokenRow
	// Everywhere says that the list is that of the whole installation.
	Everywhere bool
}

type tokenRow struct {
	accounts.Token
	Badge  pages.Badge
	Revoke string
}

func (r tokenPages) listTokens() ([]accounts.Token, error) {
	if r.publisher == "" {
		listed, err := accounts.ListAllTokens.Call(r.callContext(), console.None{})
		return listed.Tokens, err
	}
	listed, err := accounts.ListTokens.Call(r.callContext(), r.publisherInput())
	return listed.Tokens, err
}

func (r tokenPages) readTokens() (tokensBody, error) {
	all, err := r.listTokens()
	if err != nil {
		return tokensBody{}, err
	}
	b := tokensBody{Head: pages.Header{Title: r.t("token.title"), Lead: r.t("token.lead")}, Action: r.peopleAt("tokens"),
		Form: r.tokenForm(), Everywhere: r.publisher == ""}
	if b.Tabs = peoplePages(r).peopleTabs("tokens"); b.Everywhere {
		b.Tabs = installationPages(r).installationTabs("tokens")
	}
	const most = 200
	for _, t := range all[:min(len(all), most)] {
		b.Tokens = append(b.Tokens, tokenRow{Token: t, Badge: r.tokenBadge(t), Revoke: r.peopleAt("tokens", t.ID, "revoke")})
	}
	return b, nil
}

func (r tokenPages) tokenBadge(t accounts.Token) pages.Badge {
	switch {
	case t.Expired:
		return pages.Badge{State: "bad", Text: r.t("token.expired")}
	case t.Suspended:
		return pages.Badge{State: "warning", Text: r.t("token.suspended")}
	case t.Used.IsZero():
		return pages.Badge{State: "idle", Text: r.t("token.unused")}
	}
	return pages.Badge{State: "ok", Text: r.t("token.good")}
}

func (r tokenPages) tokenForm() inputs {
	form := inputs{{Name: "name", Label: r.t("token.name"), Help: r.t("token.name_help"), Type: "text", Autocomplete: "off", Required: true}}
	if r.publisher != "" {
		form = append(form, input{Name: "role", Label: r.t("token.role"), Help: r.t("people.roles_help"), Type: "select", Options: append([]pages.Option{r.labelledOption(string(people.Asker), "role.asker")}, r.roleOptions("viewer")...)})
	}
	return append(form, input{Name: "expires", Label: r.t("token.expires"), Help: r.t("token.expires_help"), Type: "date", Autocomplete: "off"})
}

func (r tokenPages) showTokens(status int, b tokensBody) error {
	return r.showAs(status, "page_tokens", pages.Page{Title: r.t("token.title"), Body: b})
}

func (r tokenPages) tokensPage() error { return showRead(r.readTokens, r.showTokens) }

// lastDay returns the end of the day that was typed, in the editor's zone; zero
// where none was.
func (r tokenPages) lastDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, r.zone)
	if err != nil {
		return time.Time{}, settings.Problems{settings.Wrong("expires", words.Text{Key: "token.no_day"})}
	}
	return day.AddDate(0, 0, 1), nil
}

func (r tokenPages) createToken() (accounts.NewToken, error) {
	name, ends := strings.TrimSpace(r.postedValue("name")), r.postedValue("expires")
	expires, err := r.lastDay(ends)
	if err != nil {
		return accounts.NewToken{}, err
	}
	if r.publisher == "" {
		return accounts.IssueToken.Call(r.callContext(), accounts.TokenIssue{Name: name, Expires: expires})
	}
	return accounts.CreateToken.Call(r.callContext(), accounts.TokenCreate{Of: r.publisherInput(), Name: name, Role: r.postedValue("role"), Expires: expires})
}

func (r tokenPages) makeToken() error {
	made, refusal := r.createToken()
	b, err := r.readTokens()
	if err != nil {
		return err
	}
	if refusal == nil {
		b.Made = &pages.Code{ID: "token-secret", Label: made.Token.Name, Text: made.Secret}
		return r.showTokens(http.StatusOK, b)
	}
	b.Form.fillPosted(r.PostForm)
	var ok bool
	if b.Message, ok = r.refuseForm(b.Form, refusal); !ok {
		return refusal
	}
	return r.showTokens(console.StatusOf(refusal), b)
}

func (r tokenPages) revokeTokenPage() error {
	all, err := r.listTokens()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(t accounts.Token) bool { return t.ID == r.PathValue("token") })
	if i < 0 {
		return &pull.Error{Kind: pull.Unknown, Hint: words.Text{Key: "hint.no_token"}}
	}
	facts := []pages.Fact{{Label: r.t("people.role"), Value: r.t("role." + string(all[i].Role))}, {Label: r.t("token.by"), Value: all[i].By}}
	return r.showConfirm(pages.Confirm{Title: r.t("token.revoke_title", "name", all[i].Name), Text: r.t("token.revoke_text"), Yes: r.t("token.revoke"),
		Cancel: r.peopleAt("tokens"), Danger: true, Facts: facts})
}

func (r tokenPages) revokeToken() error {
	id := r.PathValue("token")
	var err error
	if r.publisher == "" {
		_, err = accounts.WithdrawToken.Call(r.callContext(), accounts.TokenWithdraw{Token: id})
	} else {
		_, err = accounts.RevokeToken.Call(r.callContext(), accounts.TokenRevoke{Of: r.publisherInput(), Token: id})
	}
	if err != nil {
		return err
	}
	return r.redirectDone(r.peopleAt("tokens"), "token_revoked")
}
