package site

import (
	"encoding/json"
	"fmt"
	"net/http"

	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/desk"
)

// readerPages are those of what is held of one reader.
type readerPages struct{ *request }

// readerSection is where owners carry out what readers have a right to.
const readerSection = "readers"

// readerRoutes take the reader's id by POST alone: addresses are written into
// logs and histories, and the id belongs in neither.
func (s *Site) readerRoutes() {
	const section = Root + "/p/{publisher}/" + readerSection
	s.route("GET "+section, gatedFor(console.ShowReader, pageAction(readerPages.readersPage)))
	s.route("POST "+section, gatedFor(console.ShowReader, pageAction(readerPages.showReader)))
	s.route("POST "+section+"/export", gatedFor(console.ExportReader, pageAction(readerPages.exportReader)))
	s.route("POST "+section+"/change", gatedFor(console.ChangeReader, pageAction(readerPages.changeReader)))
	s.route("POST "+section+"/forget", gatedFor(console.ForgetReader, pageAction(readerPages.askForgetReader)))
	s.route("POST "+section+"/erase", gatedFor(console.ForgetReader, pageAction(readerPages.forgetReader)))
}

// readersBody is what the page shows: a form, and what is held of the reader
// whom it named.
type readersBody struct {
	Head    pages.Header
	Action  string
	Message string
	// Done says what was changed a moment ago.
	Done  string
	Form  inputs
	Shown *readerView
}

// readerView is what is held of one reader. What the reader wrote stands in it
// as plain text.
type readerView struct {
	console.ReaderShown
	ID             string
	State, Consent string
	// Export, Change and Forget are where forms go.
	Export, Change, Forget string
	// Talk is where the reader is taken over; "" for who may not.
	Talk      string
	Pulls     []string
	Languages []pages.Option
	// Kept is what may be removed: preferences, saved words, orders.
	Kept []keptPart
}

func (r readerPages) readersBody() (readersBody, error) {
	channels, err := channelEntries(r.request)
	if err != nil {
		return readersBody{}, err
	}
	var options []pages.Option
	for _, c := range channels {
		id := c.Channel.Text("id")
		options = append(options, pages.Option{Value: id, Label: id})
	}
	b := readersBody{
		Head: pages.Header{Title: r.t("nav.readers"), Lead: r.t("reader.lead")}, Action: r.pathTo(readerSection),
		Form: inputs{
			{Name: "channel", Label: r.t("channel.one"), Type: "select", Options: options},
			{Name: "id", Label: r.t("reader.id"), Help: r.t("reader.id_help"), Type: "text", Autocomplete: "off", Required: true},
		},
	}
	b.Form.fillPosted(r.PostForm)
	return b, nil
}

func (r readerPages) showReaders(status int, b readersBody) error {
	page := pages.Page{Title: b.Head.Title, Body: b}
	if b.Done != "" {
		page.Toasts = []pages.Toast{{State: "ok", Text: b.Done}}
	}
	return r.showAs(status, "page_readers", page)
}

func (r readerPages) readersPage() error { return showRead(r.readersBody, r.showReaders) }

// reader is whom the form names.
func (r readerPages) reader() console.ReaderOf {
	return console.ReaderOf{Of: r.publisherInput(), Channel: r.postedValue("channel"), ID: r.postedValue("id")}
}

func (r readerPages) showReader() error {
	b, err := r.readersBody()
	if err != nil {
		return err
	}
	shown, refusal := console.ShowReader.Call(r.callContext(), r.reader())
	if refusal != nil {
		return r.refuseReader(b, refusal)
	}
	b.Shown = r.readerView(shown)
	return r.showReaders(http.StatusOK, b)
}

// refuseReader tells at the form why nobody is shown.
func (r readerPages) refuseReader(b readersBody, refusal error) error {
	switch console.KindOf(refusal) {
	case pull.Unknown, pull.Invalid:
		b.Message = r.hintText(refusal)
		return r.showReaders(console.StatusOf(refusal), b)
	}
	return refusal
}

func (r readerPages) readerView(shown console.ReaderShown) *readerView {
	held := shown.Held
	view := &readerView{ReaderShown: shown, ID: r.postedValue("id"), State: r.t("reader.state_" + held.State),
		Export: r.pathTo(readerSection, "export"), Change: r.pathTo(readerSection, "change"), Forget: r.pathTo(readerSection, "forget"),
		Languages: r.readerLanguages(held.Language), Kept: r.keptParts(held)}
	if r.mayDo(desk.TakeConversation) && !held.First.IsZero() { // neither a group, nor who has not agreed that anything is kept
		view.Talk = r.pathTo(conversationSection, shown.Pseudonym, "take")
	}
	if c := held.Consent; c != nil && c.Given {
		view.Consent = r.t("reader.consent_given")
	} else if c != nil {
		view.Consent = r.t("reader.consent_refused")
	}
	for _, p := range held.Recent {
		view.Pulls = append(view.Pulls, r.calledSo(p.Keyword, p.Argument))
	}
	return view
}

// exportReader hands out a file for the reader.
func (r readerPages) exportReader() error {
	all, err := console.ExportReader.Call(r.callContext(), r.reader())
	if err != nil {
		b, failed := r.readersBody()
		if failed != nil {
			return failed
		}
		return r.refuseReader(b, err)
	}
	body, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("encode what is held: %w", err)
	}
	r.w.Header().Set("Content-Type", "application/json")
	r.w.Header().Set("Content-Disposition", `attachment; filename="reader.json"`)
	_, _ = r.w.Write(body)
	return nil
}

// askForgetReader asks before anything is erased.
func (r readerPages) askForgetReader() error {
	in := r.reader()
	body := pages.Confirm{
		Title: r.t("reader.forget_title"), Text: r.t("reader.forget_text"), Yes: r.t("reader.forget"), Danger: true,
		Action: r.pathTo(readerSection, "erase"), Cancel: r.pathTo(readerSection), CSRF: r.session.CSRF,
		Hidden: []pages.Hidden{{Name: "channel", Value: in.Channel}, {Name: "id", Value: in.ID}},
		Facts:  []pages.Fact{{Label: r.t("channel.one"), Value: in.Channel}, {Label: r.t("reader.id"), Value: in.ID}},
	}
	return r.showPage("page_confirm", pages.Page{Title: body.Title, Body: body})
}

func (r readerPages) forgetReader() error {
	if _, err := console.ForgetReader.Call(r.callContext(), r.reader()); err != nil {
		b, failed := r.readersBody()
		if failed != nil {
			return failed
		}
		return r.refuseReader(b, err)
	}
	return r.redirectDone(r.pathTo(readerSection), "reader_forgotten")
}
