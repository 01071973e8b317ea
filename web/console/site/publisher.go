package site

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

func (s *Site) publisherRoutes() {
	s.page("GET "+Root+"/new", (*visit).newOutletPage)
	s.page("POST "+Root+"/new", (*visit).newOutlet)
	at := Root + "/p/{publisher}/settings"
	s.page("GET "+at, (*visit).settingsPage)
	s.page("POST "+at, (*visit).saveSettings)
	s.page("POST "+at+"/consent", (*visit).saveConsent)
	s.page("GET "+at+"/delete", (*visit).deleteOutletPage)
	s.page("POST "+at+"/delete", (*visit).deleteOutlet)
}

// outletPage is what the pages for making and for setting up a publisher show.
type outletPage struct {
	Head   pages.Header
	Action string
	Form   inputs
	// Message is what belongs to no field.
	Message string
	Version string
	// Locked says why nothing can be changed here; "" where it can.
	Locked string
	Facts  []pages.Fact
	// Findings are what the settings lack as they stand.
	Findings []pages.Finding
	Consent  *consent
	Delete   string
}

var errAdmins = &pull.Error{Kind: pull.Denied, Hint: "only an admin of the installation can do this"}

func (v *visit) newOutletPage() error {
	if !v.by.Admin {
		return errAdmins
	}
	return v.showNewOutlet(http.StatusOK, outletForm{Languages: []string{v.language}, Zone: v.by.Zone, Autocorrect: "confident"}, nil, "")
}

func (v *visit) showNewOutlet(status int, f outletForm, problems settings.Problems, message string) error {
	form := v.outletForm(f, newOutlet)
	rest := form.refuse(inOutletForm(problems))
	if message == "" || len(rest) > 0 {
		message = strings.TrimSpace(message + " " + strings.Join(rest, " "))
	}
	return v.showAs(status, "page_publisher_new", pages.Page{Title: v.t("publisher.new"), Body: outletPage{
		Head: pages.Header{Title: v.t("publisher.new"), Lead: v.t("publisher.new_lead")}, Action: Root + "/new", Form: form, Message: message,
	}})
}

func (v *visit) createOutlet(f outletForm) (console.PublisherEntry, error) {
	return do[console.PublisherCreate, console.PublisherEntry](v, "publisher.create", console.PublisherCreate{Publisher: f.doc()})
}

func (v *visit) newOutlet() error {
	posted, _, asked := pages.Edited(v.r.PostForm)
	f := postedOutlet(posted)
	if asked {
		return v.showNewOutlet(http.StatusOK, f, nil, "")
	}
	entry, err := v.createOutlet(f)
	if err == nil {
		return v.leave(place(textOf(entry.Publisher, "id"), "sources", "new")+"?first=1", "publisher_made")
	}
	if problems, ok := v.problems(err, "publisher", outletWords); ok {
		return v.showNewOutlet(http.StatusUnprocessableEntity, f, problems, "")
	}
	return err
}

// settingsOf reads the publisher and the form that shows it.
func (v *visit) settingsOf() (console.PublisherEntry, outletPage, error) {
	entry, err := do[console.PublisherGet, console.PublisherEntry](v, "publisher.get", console.PublisherGet{Of: v.of()})
	if err != nil {
		return entry, outletPage{}, err
	}
	b := outletPage{Head: pages.Header{Title: v.t("nav.settings"), Lead: v.t("settings.lead")}, Action: v.at("settings"),
		Version: entry.Version, Facts: []pages.Fact{{Label: v.t("settings.id"), Value: v.publisher, Code: true}}}
	switch {
	case entry.Provisioned:
		b.Locked = v.t("settings.provisioned")
	case !v.may(console.Own):
		b.Locked = v.t("settings.owners_only")
	}
	if v.by.Admin && !entry.Provisioned {
		b.Delete = v.at("settings", "delete")
	}
	labels := v.outletFields()
	for _, f := range entry.Findings {
		b.Findings = append(b.Findings, pages.Finding{Level: string(f.Severity), Text: f.In(v.language), Where: labels[f.Path].Label, Href: "#f-" + f.Path})
	}
	b.Consent, err = v.consent(entry.Provisioned)
	return entry, b, err
}

func (v *visit) showSettings(status int, b outletPage) error {
	if b.Locked != "" {
		b.Form.disable()
	}
	return v.showAs(status, "page_settings", pages.Page{Title: v.t("nav.settings"), Body: b})
}

func (v *visit) settingsPage() error {
	entry, b, err := v.settingsOf()
	if err != nil {
		return err
	}
	b.Form = v.outletForm(outletOf(entry.Publisher), oldOutlet)
	return v.showSettings(http.StatusOK, b)
}

func (v *visit) saveSettings() error {
	entry, b, err := v.settingsOf()
	if err != nil {
		return err
	}
	posted, _, asked := pages.Edited(v.r.PostForm)
	f := postedOutlet(posted)
	f.ID = ""
	b.Form, b.Version = v.outletForm(f, oldOutlet), v.r.PostForm.Get("version")
	if asked {
		return v.showSettings(http.StatusOK, b)
	}
	in := console.PublisherUpdate{ID: v.publisher, Publisher: f.doc()}
	if words, ok := entry.Publisher["reserved"]; ok {
		// The form does not ask for them, and must not take them away.
		in.Publisher["reserved"] = words
	}
	in.Version = b.Version
	_, err = do[console.PublisherUpdate, console.PublisherEntry](v, "publisher.update", in)
	if err == nil {
		return v.leave(v.at("settings"), "saved")
	}
	var stale *console.Stale
	if errors.As(err, &stale) {
		return v.showStaleSettings(entry, f, stale.Version)
	}
	return v.refuseSettings(b, err)
}

// refuseSettings shows the settings again with what was refused.
func (v *visit) refuseSettings(b outletPage, err error) error {
	if problems, ok := v.problems(err, "publisher", outletWords); ok {
		b.Message = strings.Join(b.Form.refuse(inOutletForm(problems)), " ")
		return v.showSettings(http.StatusUnprocessableEntity, b)
	}
	message, ok := v.told(err)
	if !ok {
		return err
	}
	b.Message = message
	status, _ := statusOf(err)
	return v.showSettings(status, b)
}

// showStaleSettings shows what was typed beside what somebody else has made of
// the publisher meanwhile.
func (v *visit) showStaleSettings(theirs console.PublisherEntry, mine outletForm, version string) error {
	doc := mine.doc()
	doc["id"] = v.publisher
	at := v.at("settings")
	body := stalePage{
		Head:   pages.Header{Title: v.t("stale.title"), Lead: v.t("stale.lead_nobody")},
		Diff:   pages.NewDiff(v.t("stale.mine"), pretty(doc), v.t("stale.theirs"), pretty(theirs.Publisher)),
		Action: at, Theirs: at, Hidden: v.resend(version),
	}
	if theirs.By != "" {
		body.Head.Lead = v.t("stale.lead", "who", theirs.By, "when", v.ago(theirs.Changed))
	}
	return v.showAs(http.StatusConflict, "page_stale", pages.Page{Title: body.Head.Title, Body: body})
}

// resend is the form that was sent, for another version.
func (v *visit) resend(version string) []pages.Hidden {
	var all []pages.Hidden
	for _, name := range slices.Sorted(maps.Keys(v.r.PostForm)) {
		if name == "_csrf" || name == "version" {
			continue
		}
		for _, value := range v.r.PostForm[name] {
			all = append(all, pages.Hidden{Name: name, Value: value})
		}
	}
	return append(all, pages.Hidden{Name: "version", Value: version})
}
