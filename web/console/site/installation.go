package site

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull/people"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// installationPages are those of everybody here.
type installationPages struct{ *request }

// installation is where the admins' pages live.
const installation = Root + "/installation"

func (s *Site) installationRoutes() {
	s.page("GET "+installation, on(installationPages.installationPage))
	person := installation + "/people/{person}"
	s.page("GET "+person, on(personPages.personPage))
	s.page("POST "+person, on(personPages.changePerson))
	s.page("POST "+person+"/reset", on(personPages.resetPerson))
	s.page("GET "+person+"/remove", on(personPages.erasePersonPage))
	s.page("POST "+person+"/remove", on(personPages.erasePerson))
	s.page("GET "+installation+"/acts", on(auditPages.acts))
	s.inviteRoutes(installation)
	s.tokenRoutes(installation + "/tokens")
}

// installationBody is what the page of everybody shows.
type installationBody struct {
	Head    pages.Header
	Tabs    pages.Tabs
	People  []everybody
	Others  int
	Invites invitesPart
}

// everybody is one line of the list.
type everybody struct {
	accounts.Person
	Href, What string
}

func (r installationPages) installationTabs(current string) pages.Tabs {
	return pages.Tabs{Label: r.t("nav.installation"), Items: []pages.Tab{
		{Label: r.t("people.people"), Href: installation, Current: current == "people"},
		{Label: r.t("people.programs"), Href: installation + "/tokens", Current: current == "tokens"},
		{Label: r.t("nav.audit"), Href: installation + "/acts", Current: current == "acts"},
	}}
}

// rolesInWords are roles by publisher: "lecker: Owner, kiosk: Viewer".
func (r locale) rolesInWords(roles map[string]people.Role) string {
	words := make([]string, 0, len(roles))
	for _, publisher := range slices.Sorted(maps.Keys(roles)) {
		words = append(words, r.t("people.role_at", "publisher", publisher, "role", r.t("role."+string(roles[publisher]))))
	}
	const most = 5
	if len(words) > most {
		words = append(words[:most], "…")
	}
	return strings.Join(words, ", ")
}

func (r installationPages) readInstallation() (installationBody, error) {
	listed, err := do[accounts.PersonAll, accounts.Persons](r.request, "person.all", accounts.PersonAll{})
	if err != nil {
		return installationBody{}, err
	}
	b := installationBody{Head: pages.Header{Title: r.t("nav.installation"), Lead: r.t("installation.lead")}, Tabs: r.installationTabs("people")}
	const most = 200
	b.Others = max(0, len(listed.People)-most)
	for _, p := range listed.People[:min(len(listed.People), most)] {
		e := everybody{Person: p, Href: installation + "/people/" + p.ID, What: r.rolesInWords(p.Roles)}
		if p.Admin {
			e.What = r.t("role.admin")
		}
		b.People = append(b.People, e)
	}
	b.Invites, err = invitePages{r.request}.invitesPart()
	return b, err
}

func (r installationPages) showInstallation(status int, b installationBody) error {
	return r.showAs(status, "page_installation", pages.Page{Title: r.t("nav.installation"), Body: b})
}

func (r installationPages) installationPage() error {
	b, err := r.readInstallation()
	if err != nil {
		return err
	}
	return r.showInstallation(http.StatusOK, b)
}
