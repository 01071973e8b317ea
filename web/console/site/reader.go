package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// readerRoom is where owners carry out what readers have a right to.
const readerRoom = "readers"

// readerRoutes take the reader's id by POST alone: addresses are written into
// logs and histories, and the id belongs in neither.
func (s *Site) readerRoutes() {
	const room = Root + "/p/{publisher}/" + readerRoom
	s.page("GET "+room, owning((*visit).readersPage))
	s.page("POST "+room, owning((*visit).showReader))
	s.page("POST "+room+"/export", owning((*visit).exportReader))
	s.page("POST "+room+"/forget", owning((*visit).askForgetReader))
	s.page("POST "+room+"/erase", owning((*visit).forgetReader))
}

// owning is an action that only owners carry out.
func owning(f action) action {
	return func(v *visit) error {
		switch {
		case v.summary() == nil:
			return console.NoPublisher(v.publisher)
		case !v.may(console.Own):
			return &pull.Error{Kind: pull.Denied, Hint: "only an owner of this publisher can do this"}
		}
		return f(v)
	}
}

// readersBody is what the page shows: a form, and what is held of the reader
// whom it named.
type readersBody struct {
	Head    pages.Header
	Action  string
	Message string
	Form    inputs
	Shown   *readerView
}

// readerView is what is held of one reader. What the reader wrote stands in it
// as plain text.
type readerView struct {
	console.ReaderShown
	ID             string
	State, Consent string
	Export, Forget string
	Pulls          []string
}

func (v *visit) readersBody() (readersBody, error) {
	channels, err := v.channelEntries()
	if err != nil {
		return readersBody{}, err
	}
	var options []pages.Option
	for _, c := range channels {
		id := textOf(c.Channel, "id")
		options = append(options, pages.Option{Value: id, Label: id})
	}
	b := readersBody{
		Head: pages.Header{Title: v.t("nav.readers"), Lead: v.t("reader.lead")}, Action: v.at(readerRoom),
		Form: inputs{
			{Name: "channel", Label: v.t("channel.one"), Type: "select", Options: options},
			{Name: "id", Label: v.t("reader.id"), Help: v.t("reader.id_help"), Type: "text", Autocomplete: "off", Required: true},
		},
	}
	b.Form.fill(v.r.PostForm)
	return b, nil
}

func (v *visit) showReaders(status int, b readersBody) error {
	return v.showAs(status, "page_readers", pages.Page{Title: b.Head.Title, Body: b})
}

func (v *visit) readersPage() error {
	b, err := v.readersBody()
	if err != nil {
		return err
	}
	return v.showReaders(http.StatusOK, b)
}

// reader is whom the form names.
func (v *visit) reader() console.ReaderOf {
	return console.ReaderOf{Of: v.of(), Channel: v.posted("channel"), ID: v.posted("id")}
}

func (v *visit) showReader() error {
	b, err := v.readersBody()
	if err != nil {
		return err
	}
	shown, refusal := do[console.ReaderOf, console.ReaderShown](v, "reader.show", v.reader())
	if refusal != nil {
		return v.refuseReader(b, refusal)
	}
	b.Shown = v.readerView(shown)
	return v.showReaders(http.StatusOK, b)
}

// refuseReader tells at the form why nobody is shown.
func (v *visit) refuseReader(b readersBody, refusal error) error {
	switch console.KindOf(refusal) {
	case pull.Unknown, pull.Invalid:
		b.Message = v.hint(hint(refusal))
		status, _ := statusOf(refusal)
		return v.showReaders(status, b)
	}
	return refusal
}

func (v *visit) readerView(shown console.ReaderShown) *readerView {
	held := shown.Held
	r := &readerView{ReaderShown: shown, ID: v.posted("id"), State: v.t("reader.state_" + held.State),
		Export: v.at(readerRoom, "export"), Forget: v.at(readerRoom, "forget")}
	if c := held.Consent; c != nil && c.Given {
		r.Consent = v.t("reader.consent_given")
	} else if c != nil {
		r.Consent = v.t("reader.consent_refused")
	}
	for _, p := range held.Recent {
		r.Pulls = append(r.Pulls, strings.TrimSpace(p.Keyword+" "+p.Argument))
	}
	return r
}

// exportReader hands out a file for the reader.
func (v *visit) exportReader() error {
	all, err := do[console.ReaderOf, console.ReaderExport](v, "reader.export", v.reader())
	if err != nil {
		b, failed := v.readersBody()
		if failed != nil {
			return failed
		}
		return v.refuseReader(b, err)
	}
	body, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("encode what is held: %w", err)
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", `attachment; filename="reader.json"`)
	_, _ = v.w.Write(body)
	return nil
}

// askForgetReader asks before anything is erased.
func (v *visit) askForgetReader() error {
	in := v.reader()
	body := pages.Confirm{
		Title: v.t("reader.forget_title"), Text: v.t("reader.forget_text"), Yes: v.t("reader.forget"), Danger: true,
		Action: v.at(readerRoom, "erase"), Cancel: v.at(readerRoom), CSRF: v.session.CSRF,
		Hidden: []pages.Hidden{{Name: "channel", Value: in.Channel}, {Name: "id", Value: in.ID}},
		Facts:  []pages.Fact{{Label: v.t("channel.one"), Value: in.Channel}, {Label: v.t("reader.id"), Value: in.ID}},
	}
	return v.show("page_confirm", pages.Page{Title: body.Title, Body: body})
}

func (v *visit) forgetReader() error {
	if _, err := do[console.ReaderOf, console.None](v, "reader.forget", v.reader()); err != nil {
		b, failed := v.readersBody()
		if failed != nil {
			return failed
		}
		return v.refuseReader(b, err)
	}
	return v.leave(v.at(readerRoom), "reader_forgotten")
}
