package site

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// tokenRoutes adds those of tokens: of a publisher, or of the installation.
func (s *Site) tokenRoutes(at string) {
	s.page("GET "+at, (*visit).tokensPage)
	s.page("POST "+at, (*visit).makeToken)
	s.page("GET "+at+"/{token}/revoke", (*visit).revokeTokenPage)
	s.page("POST "+at+"/{token}/revoke", (*visit).revokeToken)
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
	console.Token
	Badge  pages.Badge
	Revoke string
}

func (v *visit) listTokens() ([]console.Token, error) {
	if v.publisher == "" {
		listed, err := do[console.TokenAll, console.TokenEntries](v, "token.all", console.TokenAll{})
		return listed.Tokens, err
	}
	listed, err := do[console.TokenList, console.TokenEntries](v, "token.list", console.TokenList{Of: v.of()})
	return listed.Tokens, err
}

func (v *visit) readTokens() (tokensBody, error) {
	all, err := v.listTokens()
	if err != nil {
		return tokensBody{}, err
	}
	b := tokensBody{Head: pages.Header{Title: v.t("token.title"), Lead: v.t("token.lead")}, Action: v.desk("tokens"),
		Form: v.tokenForm(), Everywhere: v.publisher == ""}
	if b.Tabs = v.peopleTabs("tokens"); b.Everywhere {
		b.Tabs = v.installationTabs("tokens")
	}
	const most = 200
	for _, t := range all[:min(len(all), most)] {
		b.Tokens = append(b.Tokens, tokenRow{Token: t, Badge: v.tokenBadge(t), Revoke: v.desk("tokens", t.ID, "revoke")})
	}
	return b, nil
}

func (v *visit) tokenBadge(t console.Token) pages.Badge {
	switch {
	case t.Expired:
		return pages.Badge{State: "bad", Text: v.t("token.expired")}
	case t.Suspended:
		return pages.Badge{State: "warning", Text: v.t("token.suspended")}
	case t.Used.IsZero():
		return pages.Badge{State: "idle", Text: v.t("token.unused")}
	}
	return pages.Badge{State: "ok", Text: v.t("token.good")}
}

func (v *visit) tokenForm() inputs {
	form := inputs{{Name: "name", Label: v.t("token.name"), Help: v.t("token.name_help"), Type: "text", Autocomplete: "off", Required: true}}
	if v.publisher != "" {
		form = append(form, input{Name: "role", Label: v.t("token.role"), Help: v.t("people.roles_help"), Type: "select", Options: v.roleOptions("viewer")})
	}
	return append(form, input{Name: "expires", Label: v.t("token.expires"), Help: v.t("token.expires_help"), Type: "date", Autocomplete: "off"})
}

func (v *visit) showTokens(status int, b tokensBody) error {
	return v.showAs(status, "page_tokens", pages.Page{Title: v.t("token.title"), Body: b})
}

func (v *visit) tokensPage() error {
	b, err := v.readTokens()
	if err != nil {
		return err
	}
	return v.showTokens(http.StatusOK, b)
}

// lastDay is the end of the day that was typed, in the editor's zone; zero
// where none was.
func (v *visit) lastDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, v.zone)
	if err != nil {
		return time.Time{}, settings.Problems{settings.NewProblem("expires", v.t("token.no_day"))}
	}
	return day.AddDate(0, 0, 1), nil
}

func (v *visit) mint() (console.NewToken, error) {
	name, ends := strings.TrimSpace(v.posted("name")), v.posted("expires")
	expires, err := v.lastDay(ends)
	if err != nil {
		return console.NewToken{}, err
	}
	if v.publisher == "" {
		return do[console.TokenIssue, console.NewToken](v, "token.issue", console.TokenIssue{Name: name, Expires: expires})
	}
	return do[console.TokenCreate, console.NewToken](v, "token.create",
		console.TokenCreate{Of: v.of(), Name: name, Role: v.posted("role"), Expires: expires})
}

func (v *visit) makeToken() error {
	made, refusal := v.mint()
	b, err := v.readTokens()
	if err != nil {
		return err
	}
	if refusal == nil {
		b.Made = &pages.Code{ID: "token-secret", Label: made.Token.Name, Text: made.Secret}
		return v.showTokens(http.StatusOK, b)
	}
	b.Form.fill(v.r.PostForm)
	if problems, ok := v.problems(refusal, ""); ok {
		b.Message = strings.Join(b.Form.refuse(problems), " ")
	} else if b.Message, ok = v.told(refusal); !ok {
		return refusal
	}
	status, _ := statusOf(refusal)
	return v.showTokens(status, b)
}

func (v *visit) revokeTokenPage() error {
	all, err := v.listTokens()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(t console.Token) bool { return t.ID == v.r.PathValue("token") })
	if i < 0 {
		return &pull.Error{Kind: pull.Unknown, Hint: "there is no such token"}
	}
	facts := []pages.Fact{{Label: v.t("people.role"), Value: v.t("role." + string(all[i].Role))}, {Label: v.t("token.by"), Value: all[i].By}}
	return v.confirm(pages.Confirm{Title: v.t("token.revoke_title", "name", all[i].Name), Text: v.t("token.revoke_text"), Yes: v.t("token.revoke"),
		Cancel: v.desk("tokens"), Danger: true, Facts: facts})
}

func (v *visit) revokeToken() error {
	id := v.r.PathValue("token")
	var err error
	if v.publisher == "" {
		_, err = do[console.TokenWithdraw, console.None](v, "token.withdraw", console.TokenWithdraw{Token: id})
	} else {
		_, err = do[console.TokenRevoke, console.None](v, "token.revoke", console.TokenRevoke{Of: v.of(), Token: id})
	}
	if err != nil {
		return err
	}
	return v.leave(v.desk("tokens"), "token_revoked")
}
