package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/demo"
	"keypull/pull"
	"keypull/pull/alarm"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/talk"
	"keypull/store"
	"keypull/web/alarms"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/presignin"
	"keypull/web/console/site"
)

// Who works in the demo's console, and who is said to have set it up.
const (
	demoEditorEmail = "editor@demo.invalid"
	demoEditorName  = "Demo editor"
	demoFounder     = "the demo"
)

// setUpDemo puts the demo's publisher into the store, as an editor would have
// done it in the console, and the editor with it. What is there already stays
// as it is.
func setUpDemo(ctx context.Context, c *config.Config, worldURL string, logger *slog.Logger) (err error) {
	h, err := openInstallation(ctx, c, logger, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	editor, revision, err := h.resources.people.ByEmail(ctx, demoEditorEmail)
	if err != nil && pull.KindOf(err) != pull.Unknown {
		return err
	}
	crowd := demo.CrowdConfig(worldURL, c.Folder, c.Server.Listen)
	if err := setUp(ctx, c, h, demo.CrowdID, crowd); err != nil {
		return err
	}
	// The editor comes last: where there is one, all else is there too, or was
	// removed on purpose.
	if editor.ID != "" && h.room.Publisher(demo.PublisherID) != nil {
		return nil
	}
	own, err := demo.Config(worldURL, c.Folder, c.Server.Listen)
	if err != nil {
		return err
	}
	if err := setUp(ctx, c, h, demo.PublisherID, own); err != nil {
		return err
	}
	if err := setUpAlarm(ctx, h, worldURL+demo.Sirens); err != nil {
		return err
	}
	if err := setUpPast(ctx, h); err != nil {
		return err
	}
	// Its people have just answered a reader, so that HUMAN hands over to the console.
	if err := store.NewTalks(h.ledger).NoteStaffed(ctx, demo.PublisherID, talk.Staffed{At: h.clock().UTC()}); err != nil {
		return err
	}
	if editor.ID == "" {
		now := h.clock()
		editor = people.Person{ID: people.NewID(rand.Reader), Email: demoEditorEmail, Name: demoEditorName, Zone: demo.Zone, Created: now}
	}
	editor.Roles, editor.Changed = map[string]people.Role{demo.PublisherID: people.Owner}, h.clock()
	_, err = h.resources.people.Put(ctx, editor, revision)
	return err
}

// setUpAlarm has the outlet's own program be told what fails, in the demo's own words.
func setUpAlarm(ctx context.Context, h *installation, url string) error {
	by := console.Operator()
	by.Name, by.Language = demoFounder, "en"
	ctx = console.WithCaller(console.WithDoer(ctx, h.console), by)
	of := console.Of{Publisher: demo.PublisherID}
	listed, err := alarms.ListAlarms.Call(ctx, of)
	if err != nil || len(listed.Alarms) > 0 {
		return err
	}
	_, err = alarms.CreateAlarm.Call(ctx, alarms.AlarmCreate{Of: of, Way: string(alarm.Webhook), URL: url})
	return err
}

// setUp saves what is not there yet of the publisher that a configuration tells.
func setUp(ctx context.Context, c *config.Config, h *installation, id, text string) error {
	changes, err := demoChanges(c, text)
	if err != nil {
		return err
	}
	for _, change := range changes {
		if o := h.room.Publisher(id); o != nil && o.MetaOf(change.Resource, change.ID).Version != 0 {
			continue
		}
		if _, err := h.room.Save(ctx, change); err != nil {
			return err
		}
	}
	return nil
}

// demoChanges returns a publisher of the demo piece by piece, in the order in which
// they lean on each other.
func demoChanges(c *config.Config, text string) ([]catalogue.Change, error) {
	whole, found := config.Read(c.Path, []byte(text), os.LookupEnv, allKinds())
	if found.Errors() > 0 || len(whole.Publishers) != 1 {
		return nil, fmt.Errorf("the demo's publisher: %s", found)
	}
	p := whole.Publishers[0]
	own := p
	own.Sources, own.Keywords, own.Channels = nil, nil, nil
	changes := []catalogue.Change{{Resource: catalogue.ResourcePublisher, ID: p.ID, Value: own}}
	for _, s := range p.Sources {
		changes = append(changes, catalogue.Change{Resource: catalogue.ResourceSource, ID: s.ID, Value: s})
	}
	for _, s := range p.Channels {
		changes = append(changes, catalogue.Change{Resource: catalogue.ResourceChannel, ID: s.ID, Value: s})
	}
	for _, k := range p.Keywords {
		changes = append(changes, catalogue.Change{Resource: catalogue.ResourceKeyword, ID: k.ID, Value: k})
	}
	for i := range changes {
		changes[i].Publisher, changes[i].By = p.ID, demoFounder
	}
	return changes, nil
}

// demoDoor lets who sits at this machine into the demo's console, signed in.
type demoDoor struct{ server atomic.Pointer[Server] }

var _ http.Handler = (*demoDoor)(nil)

func (d *demoDoor) setServer(s *Server) { d.server.Store(s) }

// ServeHTTP hands the browser a session and sends it to the console: to the
// page that "to" names, or to the publisher's first one.
func (d *demoDoor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'")
	s := d.server.Load()
	switch {
	case s == nil:
		http.Error(w, "The demo is just starting. Reload this page.", http.StatusServiceUnavailable)
		return
	case !isLocalRequest(r):
		http.Error(w, "The demo's console opens signed in only from the demo's own page, on the computer that the demo runs on.", http.StatusForbidden)
		return
	}
	if err := d.signIn(s, w, r); err != nil {
		s.logger.Error("the demo's editor could not be signed in", "error", err)
		http.Error(w, "The demo's editor is not there any more. Start the demo anew.", http.StatusServiceUnavailable)
		return
	}
	http.Redirect(w, r, consolePage(r.URL.Query().Get("to")), http.StatusSeeOther) //nolint:gosec // a page of the console and nothing else
}

// signIn sets the cookie of a session. Whoever is signed in already stays so.
func (d *demoDoor) signIn(s *Server, w http.ResponseWriter, r *http.Request) error {
	cookies := presignin.CookiesOf(s.gate.DeviceKey)
	if _, _, err := s.gate.Session(r.Context(), presignin.Value(r, cookies.SessionName())); err == nil {
		return nil
	}
	editor, _, err := s.resources.people.ByEmail(r.Context(), demoEditorEmail)
	if err != nil {
		return err
	}
	entry, err := s.gate.Admit(r.Context(), editor.ID, accounts.Browser{Address: r.RemoteAddr, Agent: r.UserAgent()})
	if err != nil {
		return err
	}
	http.SetCookie(w, cookies.Session(entry.Secret, 0))
	return nil
}

// isLocalRequest says whether a request comes from this machine, was meant for it by
// name, so that no foreign name leads here, and was sent by a page of this
// server or by hand.
func isLocalRequest(r *http.Request) bool {
	from := r.Header.Get("Sec-Fetch-Site")
	return (from == "same-origin" || from == "none") && presignin.Loopback(r.RemoteAddr) && presignin.Loopback(r.Host)
}

// consolePage returns a page of the console: the one that is asked for, or the
// publisher's first where that is no such page.
func consolePage(to string) string {
	first := site.Root + "/p/" + demo.PublisherID + "/today"
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || strings.ContainsAny(to, "\\\r\n\t") {
		return first
	}
	if !strings.HasPrefix(u.Path, site.Root+"/") || strings.Contains(u.Path, "//") || strings.Contains(u.Path, "..") {
		return first
	}
	return u.RequestURI()
}
