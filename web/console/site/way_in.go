package site

import (
	"net/http"

	"keypull/web/console/pages"
)

// wayInPages tell how somebody comes in, as long as nobody has an account.
type wayInPages struct{ *request }

// wayIn is what the page at the bare address shows until there is an owner.
type wayIn struct {
	// Start prints the link anew, Invite makes one for an address.
	Start, Invite pages.Code
	// Try is where a site is tried first; "" for who may not.
	Try string
}

// Commands by which the first owner comes in.
const (
	startCommand  = "keypull serve"
	inviteCommand = "keypull user invite you@example.org --admin"
)

// Front answers the bare address of the server: it leads to the console, or says how
// the first owner comes in.
func (s *Site) Front() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.setHeaders(w.Header())
		s.newRequest(w, r).carryOut(pageAction(wayInPages.showFront))
	})
}

func (r wayInPages) showFront() error {
	unowned, err := r.Gate.Unowned(r.Context())
	if err != nil {
		return err
	}
	if !unowned {
		return r.redirectDone(Root, "")
	}
	try := ""
	if may, err := (tryPages(r)).mayTry(); err == nil && may {
		try = tryAt
	}
	return r.showPage("page_way_in", pages.Page{Title: r.t("way_in.title"), Bare: true, Body: wayIn{
		Try:    try,
		Start:  pages.Code{ID: "way-in-start", Label: r.t("way_in.start"), Text: startCommand},
		Invite: pages.Code{ID: "way-in-invite", Label: r.t("way_in.invite"), Text: inviteCommand},
	}})
}
