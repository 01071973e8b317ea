package site

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/messengers"
)

// publisherPages make, set up and remove a publisher.
type publisherPages struct{ *request }

// newPublisherPath is where a publisher is made.
const newPublisherPath = Root + "/new"

func (s *Site) publisherRoutes() {
	s.route("GET "+newPublisherPath, gatedFor(console.CreatePublisher, pageAction(publisherPages.newPage)))
	s.route("POST "+newPublisherPath, gatedFor(console.CreatePublisher, pageAction(publisherPages.newPublisher)))
	at := Root + "/p/{publisher}/settings"
	s.route("GET "+at, pageAction(publisherPages.settingsPage))
	s.route("POST "+at, pageAction(publisherPages.saveSettings))
	s.route("POST "+at+"/consent", pageAction(consentPart.saveConsent))
	s.route("GET "+at+"/delete", gatedFor(console.DeletePublisher, pageAction(publisherPages.askDelete)))
	s.route("POST "+at+"/delete", gatedFor(console.DeletePublisher, pageAction(publisherPages.delete)))
}

// publisherPage is what the pages for making and for setting up a publisher show.
type publisherPage struct {
	Head   pages.Header
	Action string
	Form   inputs
	// More are the fields of a new publisher that can wait.
	More inputs
	// Message is what belongs to no field.
	Message string
	Version string
	// Opened is what the form showed as it was opened.
	Opened string
	// Locked says why nothing can be changed here; "" if it can.
	Locked string
	Facts  []pages.Fact
	// Findings are what the settings lack as they stand.
	Findings []pages.Finding
	Consent  *consent
	Proof    string
	Crisis   string
	Alarms   string
	Delete   string
}

// Complaints returns those of all its fields.
func (b publisherPage) Complaints() []pages.Complaint {
	return append(b.Form.Complaints(), b.More.Complaints()...)
}

func (r publisherPages) newPage() error {
	return r.showNew(http.StatusOK, publisherForm{Languages: []string{r.language}, Zone: r.by.Zone, Autocorrect: "confident", Clicks: messengers.Reachable(r.PublicURL)}, nil, "")
}

func (r publisherPages) showNew(status int, f publisherForm, problems settings.Problems, message string) error {
	form := r.publisherForm(f, newPublisher)
	rest := form.addProblems(renameToPublisherForm(problems))
	needed := len(r.publisherForm(f, welcomePublisher))
	if message == "" || len(rest) > 0 {
		message = strings.TrimSpace(message + " " + strings.Join(rest, " "))
	}
	return r.showAs(status, "page_publisher_new", pages.Page{Title: r.t("publisher.new"), Body: publisherPage{
		Head: pages.Header{Title: r.t("publisher.new"), Lead: r.t("publisher.new_lead")}, Action: newPublisherPath, Form: form[:needed], More: form[needed:], Message: message,
	}})
}

func (r publisherPages) createPublisher(f publisherForm) (console.PublisherEntry, error) {
	return console.CreatePublisher.Call(r.callContext(), console.PublisherCreate{Publisher: f.typedDoc()})
}

// beginningOf returns where the first steps of a new publisher are: the set that was chosen, or
// the search of what its website has.
func (r publisherPages) beginningOf(made console.PublisherEntry, f publisherForm, query url.Values) string {
	query.Set("first", "1")
	at := []string{sourceSection, "new"}
	if slices.ContainsFunc(r.Kinds.Starters(), func(set settings.StarterSet) bool { return set.Name == f.Begin }) {
		at = []string{starterPlace, f.Begin}
	}
	return publisherPath(made.Publisher.Text("id"), at...) + "?" + query.Encode()
}

func (r publisherPages) newPublisher() error {
	posted, _, asked := pages.ApplyButtons(r.PostForm)
	f := r.postedPublisher(posted)
	if asked {
		return r.showNew(http.StatusOK, f, nil, "")
	}
	entry, err := r.createPublisher(f)
	if err == nil {
		return r.redirectDone(r.beginningOf(entry, f, url.Values{}), "publisher_made")
	}
	if problems, ok := r.problemsOf(err, "publisher"); ok {
		return r.showNew(http.StatusUnprocessableEntity, f, problems, "")
	}
	return err
}

// settingsOf reads the publisher and the form that shows it.
func (r publisherPages) settingsOf() (console.PublisherEntry, publisherPage, error) {
	entry, err := console.GetPublisher.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return entry, publisherPage{}, err
	}
	b := publisherPage{Head: pages.Header{Title: r.t("nav.settings"), Lead: r.t("settings.lead")}, Action: r.pathTo("settings"),
		Version: entry.Version, Proof: r.pathTo("settings", proofPlace), Crisis: r.pathTo("settings", crisisPlace), Alarms: r.pathTo("settings", alarmPlace), Facts: []pages.Fact{{Label: r.t("settings.id"), Value: r.publisher, Code: true}}}
	switch {
	case entry.Provisioned:
		b.Locked = r.t("settings.provisioned")
	case !r.mayDo(console.UpdatePublisher):
		b.Locked = r.t("settings.owners_only")
	}
	b.Head.Actions = r.historyAction(console.UpdatePublisher, r.pathTo("settings", historyPlace))
	if r.mayDo(console.DeletePublisher) && !entry.Provisioned {
		b.Delete = r.pathTo("settings", "delete")
	}
	labels := r.publisherFields()
	for _, f := range entry.Findings {
		b.Findings = append(b.Findings, pages.Finding{Level: string(f.Severity), Text: f.Labelled(r.fieldLabelOf).In(r.language), Where: labels[f.Path].Label, Href: "#f-" + f.Path})
	}
	b.Consent, err = consentPart(r).findConsent(entry.Provisioned)
	return entry, b, err
}

func (r publisherPages) showSettings(status int, b publisherPage) error {
	if b.Locked != "" {
		b.Form.disableAll()
	}
	return r.showAs(status, "page_settings", pages.Page{Title: r.t("nav.settings"), Body: b})
}

func (r publisherPages) settingsPage() error {
	entry, b, err := r.settingsOf()
	if err != nil {
		return err
	}
	shown := publisherFormOf(entry.Publisher)
	b.Form, b.Opened = r.publisherForm(shown, oldPublisher), openedAs(shown.typedDoc())
	return r.showSettings(http.StatusOK, b)
}

func (r publisherPages) saveSettings() error {
	entry, b, err := r.settingsOf()
	if err != nil {
		return err
	}
	posted, _, asked := pages.ApplyButtons(r.PostForm)
	f := r.postedPublisher(posted)
	f.ID = ""
	b.Form, b.Version, b.Opened = r.publisherForm(f, oldPublisher), r.PostForm.Get("version"), r.PostForm.Get(openedInput)
	if asked {
		return r.showSettings(http.StatusOK, b)
	}
	if line := f.wrongParameter(); line != "" {
		return r.refuseSettings(b, settings.Problems{settings.Wrong("utm", words.Text{Key: "publisher.utm_line", Args: words.Args{"line": line}})})
	}
	stale := b.Version != entry.Version && b.Version != anyVersion
	m := mergeDocs(entry.Publisher, f.typedDoc(), publisherFormOf(entry.Publisher).typedDoc(), b.Opened, stale)
	if stale && (m.clashes || b.Opened == "") {
		return r.showStaleSettings(m.doc, entry)
	}
	in := console.PublisherUpdate{ID: r.publisher, Publisher: m.doc}
	in.Version = entry.Version
	_, err = console.UpdatePublisher.Call(r.callContext(), in)
	var faster *console.Stale
	switch {
	case err == nil && m.along:
		return r.redirectDone(r.pathTo("settings"), "saved_along")
	case err == nil:
		return r.redirectDone(r.pathTo("settings"), "saved")
	case errors.As(err, &faster):
		if current, ok := faster.Current.(console.PublisherEntry); ok {
			entry = current
		}
		return r.showStaleSettings(m.doc, entry)
	}
	return r.refuseSettings(b, err)
}

// showStaleSettings shows what was typed beside what somebody else has saved.
func (r publisherPages) showStaleSettings(mine console.Doc, theirs console.PublisherEntry) error {
	return r.showStale(r.pathTo("settings"), nil, indentedJSON(mine), indentedJSON(theirs.Publisher), theirs.Standing)
}

// refuseSettings shows the settings again with what was refused.
func (r publisherPages) refuseSettings(b publisherPage, err error) error {
	if problems, ok := r.problemsOf(err, "publisher"); ok {
		b.Message = strings.Join(b.Form.addProblems(renameToPublisherForm(problems)), " ")
		return r.showSettings(http.StatusUnprocessableEntity, b)
	}
	message, ok := r.refusalText(err)
	if !ok {
		return err
	}
	b.Message = message
	return r.showSettings(console.StatusOf(err), b)
}

// publisherEnd is what the page shows that asks before a publisher is removed.
type publisherEnd struct {
	Name, ID, Version, Cancel, Message string
	Form                               inputs
	Facts                              []pages.Fact
}

func (r publisherPages) publisherEnd() (publisherEnd, error) {
	entry, err := console.GetPublisher.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return publisherEnd{}, err
	}
	if entry.Provisioned {
		return publisherEnd{}, &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "settings.provisioned"}}
	}
	b := publisherEnd{Name: entry.Publisher.Text("name"), ID: r.publisher, Version: entry.Version, Cancel: r.pathTo("settings"),
		Form: inputs{{Name: "id", Label: r.t("publisher.type_id", "id", r.publisher), Type: "text", Autocomplete: "off", Required: true},
			{Name: "leave", Label: r.t("publisher.leave"), Help: r.t("publisher.leave_help"), Type: "toggle"}}}
	if o := r.summary(); o != nil {
		b.Facts = []pages.Fact{{Label: r.t("nav.sources"), Value: strconv.Itoa(o.Sources)}, {Label: r.t("nav.keywords"), Value: strconv.Itoa(o.Keywords)},
			{Label: r.t("nav.channels"), Value: strconv.Itoa(o.Channels)}}
	}
	return b, nil
}

func (r publisherPages) showEnd(status int, b publisherEnd) error {
	return r.showAs(status, "page_publisher_delete", pages.Page{Title: r.t("publisher.delete"), Body: b,
		Crumbs: []pages.Crumb{{Label: r.t("nav.settings"), Href: r.pathTo("settings")}, {Label: r.t("publisher.delete")}}})
}

func (r publisherPages) askDelete() error { return showRead(r.publisherEnd, r.showEnd) }

func (r publisherPages) delete() error {
	b, err := r.publisherEnd()
	if err != nil {
		return err
	}
	b.Form.fillPosted(r.PostForm)
	if b.Form[0].Value != r.publisher {
		b.Form[0].Problems = []string{r.t("publisher.wrong_id", "id", r.publisher)}
		return r.showEnd(http.StatusUnprocessableEntity, b)
	}
	if b.Form[1].Value != "" {
		return r.leave()
	}
	in := console.PublisherDelete{Of: r.publisherInput()}
	in.Version = r.PostForm.Get("version")
	_, err = console.DeletePublisher.Call(r.callContext(), in)
	var stale *console.Stale
	switch {
	case err == nil:
		return r.redirectDone(Root, "publisher_deleted")
	case errors.As(err, &stale):
		b.Version, b.Message = stale.Version, r.t("hint.stale")
		return r.showEnd(http.StatusConflict, b)
	}
	return err
}

// leave removes the publisher for good, and shows the receipt.
func (r publisherPages) leave() error {
	left, err := console.LeavePublisher.Call(r.callContext(), console.PublisherLeave{Of: r.publisherInput(), Confirm: r.publisher})
	if err != nil {
		return err
	}
	title := r.t("publisher.left_title", "name", left.Name)
	r.publisher = "" // there is none any more that the page could be of
	return r.showPage("page_publisher_left", pages.Page{Title: title, Body: publisherLeft{left, Root,
		[]pages.Fact{{Label: r.t("settings.id"), Value: left.Publisher, Code: true}, {Label: r.t("publisher.left_readers"), Value: strconv.Itoa(left.Held["readers"])}}}})
}

// publisherLeft is what the page shows once a publisher has left.
type publisherLeft struct {
	console.PublisherLeft

	Back  string
	Facts []pages.Fact
}
