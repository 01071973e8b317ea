package site

import (
	"net/http"
	"net/url"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/console/presignin"
)

// tryPages have a phone answer words of a site before anybody has an account.
type tryPages struct{ *request }

// tryAt is where a site is tried.
const tryAt = Root + "/try"

func (s *Site) tryRoutes() {
	s.openRoute("GET "+tryAt, pageAction(tryPages.tryPage))
	s.openRoute("POST "+tryAt, pageAction(tryPages.trySite))
}

// What a site that was tried hands on to the form that makes it a publisher: its address,
// what it calls itself and the language that it is written in.
const (
	triedAddress = "site"
	triedName    = "called"
	triedIn      = "in"
)

// siteTry is what the page shows.
type siteTry struct {
	Address input
	Action  string
	// Key is the secret of the first owner's link, where that let the visitor in.
	Key     string
	Message string
	// Sought says that a site was tried, Phone what it answered; nil if nothing.
	Sought bool
	Phone  *pages.Preview
	// Next is where an account is made, "" where that is not known here.
	Next string
}

// Complaints returns those of the box.
func (s siteTry) Complaints() []pages.Complaint { return inputs{s.Address}.Complaints() }

// mayTry reports whether the visitor may try a site: on an installation without an owner
// whoever sits at this machine, or has the first owner's link; in the demo whoever sits at
// this machine.
func (r tryPages) mayTry() (bool, error) {
	if r.TrySite == nil {
		return false, nil
	}
	unowned, err := r.Gate.Unowned(r.Context())
	if err != nil || !unowned && !r.Framed {
		return false, err
	}
	if r.isLocal() {
		return true, nil
	}
	return unowned && r.isFirstKey(r.key()), nil
}

// isFirstKey reports whether a text is the secret of the first owner's link.
func (r tryPages) isFirstKey(secret string) bool {
	if secret == "" {
		return false
	}
	i, err := r.Gate.Invited(r.Context(), secret)
	return err == nil && isFirstInvite(i)
}

// key returns the secret that came along.
func (r tryPages) key() string {
	if r.PostForm != nil {
		return r.postedValue("key")
	}
	return r.URL.Query().Get("key")
}

// isLocal reports whether a request comes from this machine and was meant for it by name,
// so that no foreign name leads here.
func (r *request) isLocal() bool {
	return presignin.Loopback(r.RemoteAddr) && presignin.Loopback(r.Host)
}

func (r tryPages) body(address string) siteTry {
	b := siteTry{Action: tryAt, Key: r.key(),
		Address: input{Name: "address", Label: r.t("discover.address"), Help: r.t("site_try.help"), Type: "text", Value: address}}
	if b.Key != "" && r.isFirstKey(b.Key) {
		b.Next = Root + "/welcome/" + b.Key
	}
	return b
}

func (r tryPages) show(status int, b siteTry) error {
	return r.showAs(status, "page_try", pages.Page{Title: r.t("site_try.title"), Body: b, Bare: true})
}

func (r tryPages) tryPage() error {
	may, err := r.mayTry()
	if err != nil {
		return err
	}
	if !may {
		return &pull.Error{Kind: pull.Unknown}
	}
	return r.show(http.StatusOK, r.body(r.URL.Query().Get("address")))
}

func (r tryPages) trySite() error {
	may, err := r.mayTry()
	if err != nil {
		return err
	}
	if !may {
		return &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "site_try.denied"}}
	}
	b := r.body(strings.TrimSpace(r.postedValue("address")))
	select {
	case r.trying <- struct{}{}:
		defer func() { <-r.trying }()
	default:
		b.Message = r.t("site_try.busy")
		return r.show(http.StatusTooManyRequests, b)
	}
	tried, err := r.TrySite(r.Context(), b.Address.Value, r.language)
	if problems, ok := r.problemsOf(err, ""); ok {
		form := inputs{b.Address}
		form.addProblems(problems)
		b.Address = form[0]
		return r.show(http.StatusUnprocessableEntity, b)
	}
	if err != nil {
		return err
	}
	b.Sought, b.Address.Value = true, tried.Address
	if b.Next != "" && len(tried.Turns) > 0 {
		b.Next += "?" + url.Values{triedAddress: {tried.Address}, triedName: {tried.Name}, triedIn: {tried.Language}}.Encode()
	}
	b.Phone = r.phoneOf(tried)
	return r.show(http.StatusOK, b)
}

// phoneOf shows what was asked and answered as a conversation; nil where nothing was.
func (r tryPages) phoneOf(tried console.SiteTried) *pages.Preview {
	if len(tried.Turns) == 0 {
		return nil
	}
	phone := &pages.Preview{Title: tried.Name, Channel: tried.Turns[0].Kind, Look: r.lookOf(tried.Turns[0].Kind)}
	for _, turn := range tried.Turns {
		phone.Messages = append(phone.Messages, pages.Bubble{Mine: true, Text: turn.Word})
		for _, m := range turn.Answers {
			phone.Messages = append(phone.Messages, bubbleOf(m, phone.Look))
		}
	}
	return phone
}
