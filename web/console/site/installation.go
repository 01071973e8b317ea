package site

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// installation is where the admins' pages live.
const installation = Root + "/installation"

func (s *Site) installationRoutes() {
	s.page("GET "+installation, (*visit).installationPage)
	person := installation + "/people/{person}"
	s.page("GET "+person, (*visit).personPage)
	s.page("POST "+person, (*visit).changePerson)
	s.page("POST "+person+"/reset", (*visit).resetPerson)
	s.page("GET "+person+"/remove", (*visit).erasePersonPage)
	s.page("POST "+person+"/remove", (*visit).erasePerson)
	s.page("GET "+installation+"/acts", (*visit).acts)
	s.inviteRoutes(installation)
	s.tokenRoutes(installation + "/tokens")
}

// installationBody is what the page of everybody shows.
type installationBody struct {
	Head    pages.Header
	Tabs    pages.Tabs
	People  []everybody
	Others  int
	Invites inviteDesk
}

// everybody is one line of the list.
type everybody struct {
	console.Person
	Href, What string
}

func (v *visit) installationTabs(current string) pages.Tabs {
	return pages.Tabs{Label: v.t("nav.installation"), Items: []pages.Tab{
		{Label: v.t("people.people"), Href: installation, Current: current == "people"},
		{Label: v.t("people.programs"), Href: installation + "/tokens", Current: current == "tokens"},
		{Label: v.t("nav.audit"), Href: installation + "/acts", Current: current == "acts"},
	}}
}

// rolesInWords are roles by publisher: "lecker: Owner, kiosk: Viewer".
func (v *visit) rolesInWords(roles map[string]people.Role) string {
	words := make([]string, 0, len(roles))
	for _, publisher := range slices.Sorted(maps.Keys(roles)) {
		words = append(words, v.t("people.role_at", "publisher", publisher, "role", v.t("role."+string(roles[publisher]))))
	}
	const most = 5
	if len(words) > most {
		words = append(words[:most], "…")
	}
	return strings.Join(words, ", ")
}

func (v *visit) readInstallation() (installationBody, error) {
	listed, err := do[console.PersonAll, console.Persons](v, "person.all", console.PersonAll{})
	if err != nil {
		return installationBody{}, err
	}
	b := installationBody{Head: pages.Header{Title: v.t("nav.installation"), Lead: v.t("installation.lead")}, Tabs: v.installationTabs("people")}
	const most = 200
	b.Others = max(0, len(listed.People)-most)
	for _, p := range listed.People[:min(len(listed.People), most)] {
		e := everybody{Person: p, Href: installation + "/people/" + p.ID, What: v.rolesInWords(p.Roles)}
		if p.Admin {
			e.What = v.t("role.admin")
		}
		b.People = append(b.People, e)
	}
	b.Invites, err = v.inviteDesk()
	return b, err
}

func (v *visit) showInstallation(status int, b installationBody) error {
	return v.showAs(status, "page_installation", pages.Page{Title: v.t("nav.installation"), Body: b})
}

func (v *visit) installationPage() error {
	b, err := v.readInstallation()
	if err != nil {
		return err
	}
	return v.showInstallation(http.StatusOK, b)
}
