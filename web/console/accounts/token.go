package accounts

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
)

// maxTokens bounds how many tokens a publisher, or the installation, has.
const maxTokens = 200

// Token is a token as it may be shown.
type Token struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Publisher is where the token counts; empty for the whole installation.
	Publisher string      `json:"publisher,omitempty"`
	Role      people.Role `json:"role"`
	Created   time.Time   `json:"created"`
	// By is the name of the token's owner; empty if they are gone.
	By      string    `json:"by,omitempty"`
	Used    time.Time `json:"used,omitzero"`
	Expires time.Time `json:"expires,omitzero"`
	Expired bool      `json:"expired,omitempty"`
	// Suspended says that the token's owner may no longer give its role: until they
	// may again, it lets nobody in.
	Suspended bool `json:"suspended,omitempty"`
}

// NewToken is the output of what makes a token.
type NewToken struct {
	Token Token `json:"token"`
	// Secret is the whole token, as programs send it. It is shown this once.
	Secret string `json:"secret"`
}

// TokenEntries is the output of "token.list" and "token.all".
type TokenEntries struct {
	Tokens []Token `json:"tokens"`
}

// TokenCreate is the input of "token.create".
type TokenCreate struct {
	console.Of
	Name    string    `json:"name" required:"true" doc:"What the token is for."`
	Role    string    `json:"role" required:"true" enum:"asker,viewer,editor,owner" doc:"What the program may do, at most what you may; an asker asks as a reader does, at /say alone."`
	Expires time.Time `json:"expires,omitzero" doc:"When the token ends; never where not given."`
}

// TokenRevoke is the input of "token.revoke".
type TokenRevoke struct {
	console.Of
	Token string `json:"token" path:"token" doc:"Id of the token."`
}

// TokenIssue is the input of "token.issue".
type TokenIssue struct {
	Name    string    `json:"name" required:"true" doc:"What the token is for."`
	Expires time.Time `json:"expires,omitzero" doc:"When the token ends; never where not given."`
}

// TokenWithdraw is the input of "token.withdraw".
type TokenWithdraw struct {
	Token string `json:"token" path:"token" doc:"Id of the token."`
}

const tokensPath = "/publishers/{publisher}/tokens"

// The operations token.*.
var (
	ListTokens = console.Declare[console.Of, TokenEntries](console.Declaration{
		Name: "token.list", Permission: console.Own, Method: http.MethodGet, Path: tokensPath,
		Summary: "List the tokens by which programs act for a publisher.",
	})

	CreateToken = console.Declare[TokenCreate, NewToken](console.Declaration{
		Name: "token.create", Permission: console.Own, Audit: true, Method: http.MethodPost, Path: tokensPath, Status: http.StatusCreated,
		Summary: "Make a token for a program; it is shown this once.",
		Help:    "It counts as long as whoever made it may give its role.",
	})

	RevokeToken = console.Declare[TokenRevoke, console.None](console.Declaration{
		Name: "token.revoke", Permission: console.Own, Audit: true, Method: http.MethodDelete, Path: tokensPath + "/{token}",
		Summary: "End a token of a publisher.",
	})

	ListAllTokens = console.Declare[console.None, TokenEntries](console.Declaration{
		Name: "token.all", Permission: console.Admin, Method: http.MethodGet, Path: "/tokens",
		Summary: "List the tokens of the installation and of every publisher.",
	})

	IssueToken = console.Declare[TokenIssue, NewToken](console.Declaration{
		Name: "token.issue", Permission: console.Admin, Audit: true, Method: http.MethodPost, Path: "/tokens", Status: http.StatusCreated,
		Summary: "Make a token that may do whatever an admin may; it is shown this once.",
	})

	WithdrawToken = console.Declare[TokenWithdraw, console.None](console.Declaration{
		Name: "token.withdraw", Permission: console.Admin, Audit: true, Method: http.MethodDelete, Path: "/tokens/{token}",
		Summary: "End any token.",
	})
)

func (s tokens) operations() []console.Bound {
	return []console.Bound{
		ListTokens.Bind(ifPublisherExists(s.Staff, s.listTokens)),
		CreateToken.Bind(ifPublisherExists(s.Staff, s.createToken)),
		RevokeToken.Bind(ifPublisherExists(s.Staff, s.revokeToken)),
		ListAllTokens.Bind(s.allTokens),
		IssueToken.Bind(s.issueToken),
		WithdrawToken.Bind(s.withdrawToken),
	}
}

func (s tokens) listTokens(ctx context.Context, in console.Of) (TokenEntries, error) {
	return s.listTokenEntries(ctx, func(t people.Token) bool { return t.Publisher == in.Publisher })
}

func (s tokens) allTokens(ctx context.Context, _ console.None) (TokenEntries, error) {
	return s.listTokenEntries(ctx, func(people.Token) bool { return true })
}

// listTokenEntries shows the tokens that which picks, the newest first.
func (s tokens) listTokenEntries(ctx context.Context, which func(people.Token) bool) (TokenEntries, error) {
	out := TokenEntries{Tokens: []Token{}}
	all, err := s.Tokens.All(ctx)
	if err != nil {
		return out, err
	}
	names, err := s.namesByID(ctx)
	if err != nil {
		return out, err
	}
	for _, t := range all {
		if !which(t) {
			continue
		}
		e, err := s.tokenEntry(ctx, t, names)
		if err != nil {
			return out, err
		}
		out.Tokens = append(out.Tokens, e)
	}
	slices.SortFunc(out.Tokens, func(a, b Token) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

func (s tokens) tokenEntry(ctx context.Context, t people.Token, names map[string]string) (Token, error) {
	stands, err := s.tokenStands(ctx, t)
	return Token{ID: t.ID, Name: t.Name, Publisher: t.Publisher, Role: t.Role, Created: t.Created, By: names[t.By],
		Used: t.Used, Expires: t.Expires, Expired: t.Expired(s.Clock()), Suspended: !stands}, err
}

func (s tokens) createToken(ctx context.Context, in TokenCreate) (NewToken, error) {
	role, err := parseRoleToGive(ctx, in.Publisher, in.Role, people.TokenRoles())
	if err != nil {
		return NewToken{}, err
	}
	return s.createTokenLike(ctx, people.Token{Name: in.Name, Publisher: in.Publisher, Role: role, Expires: in.Expires})
}

func (s tokens) issueToken(ctx context.Context, in TokenIssue) (NewToken, error) {
	return s.createTokenLike(ctx, people.Token{Name: in.Name, Role: people.Admin, Expires: in.Expires})
}

// createTokenLike makes a token like the given one.
func (s tokens) createTokenLike(ctx context.Context, like people.Token) (NewToken, error) {
	by, _ := console.Caller(ctx)
	t, text := people.NewToken(s.Rand, s.Clock())
	t.Name, t.Publisher, t.Role, t.Expires = like.Name, like.Publisher, like.Role, like.Expires
	var err error
	if t.By, err = s.makerOf(ctx, by); err != nil {
		return NewToken{}, err
	}
	found := problemsOf(t.Check())
	if len(found) > 0 {
		return NewToken{}, found
	}
	all, err := s.Tokens.All(ctx)
	if err != nil {
		return NewToken{}, err
	}
	others := slices.DeleteFunc(all, func(o people.Token) bool { return o.Publisher != t.Publisher })
	if len(others) >= maxTokens {
		return NewToken{}, settings.Problems{newProblem("name", "tokens_many")}
	}
	names, err := s.namesByID(ctx)
	if err != nil {
		return NewToken{}, err
	}
	if _, err := s.Tokens.Put(ctx, t, 0); err != nil {
		return NewToken{}, err
	}
	console.NoteAudit(ctx, "token "+t.ID, nil, tokenDoc(t))
	e, err := s.tokenEntry(ctx, t, names)
	return NewToken{Token: e, Secret: text}, err
}

// tokenDoc returns what the audit log tells of a token.
func tokenDoc(t people.Token) console.Doc {
	d := console.Doc{"name": t.Name, "role": string(t.Role)}
	if !t.Expires.IsZero() {
		d["expires"] = t.Expires
	}
	return d
}

func (s tokens) revokeToken(ctx context.Context, in TokenRevoke) (console.None, error) {
	return s.endToken(ctx, in.Token, func(t people.Token) bool { return t.Publisher == in.Publisher })
}

func (s tokens) withdrawToken(ctx context.Context, in TokenWithdraw) (console.None, error) {
	return s.endToken(ctx, in.Token, func(people.Token) bool { return true })
}

// endToken removes a token where it is one of those that which picks.
func (s tokens) endToken(ctx context.Context, id string, which func(people.Token) bool) (console.None, error) {
	console.NoteAudit(ctx, "token "+id, nil, nil)
	none := &pull.Error{Kind: pull.Unknown, Field: "token", Hint: words.Text{Key: "hint.no_token"}}
	t, _, err := s.Tokens.Get(ctx, id)
	if err != nil {
		return console.None{}, turnedAway(err, none)
	}
	if !which(t) {
		return console.None{}, none
	}
	if err := s.Tokens.Delete(ctx, id); err != nil {
		return console.None{}, turnedAway(err, none)
	}
	console.NoteAudit(ctx, "token "+id, tokenDoc(t), nil)
	return console.None{}, nil
}
