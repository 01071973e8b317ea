package alarms

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"html/template"
	"net/http"

	"keypull/pull/alarm"
	"keypull/pull/words"
)

// Root is the address of the page by which a mailbox is confirmed.
const Root = "/alarm"

//go:embed static
var static embed.FS

var views = template.Must(template.ParseFS(static, "static/*.html"))

// linkPage is what the page of a link shows; Do is on its button, "" where there is none.
type linkPage struct{ Language, Title, Text, Do string }

// Handler serves the page: it asks whether the mailbox shall be told, and its button
// confirms that. Whoever only looks at what a letter leads to, as its scanners do, confirms
// nothing.
func (s *Alarms) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Cache-Control", "no-store")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Robots-Tag", "noindex")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
		find := s.mailboxOf
		switch r.Method {
		case http.MethodGet, http.MethodHead:
		case http.MethodPost:
			find = s.confirmMailbox
		default:
			header.Set("Allow", "GET, HEAD, POST")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		query := r.URL.Query()
		a, ok := find(r.Context(), query.Get("p"), query.Get("t"))
		status := http.StatusOK
		if !ok {
			status = http.StatusNotFound
		}
		var body bytes.Buffer
		_ = views.ExecuteTemplate(&body, "link.html", pageOfLink(a, ok, r)) // memory never fails
		header.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write(body.Bytes())
	})
}

// pageOfLink words the page of a mailbox's link; ok is false where the link is over.
func pageOfLink(a alarm.Address, ok bool, r *http.Request) linkPage {
	p := linkPage{Language: cmp.Or(a.Language, words.Accepted(r.Header.Get("Accept-Language")))}
	say := func(key string) string { return wordsIn(p.Language, key, words.Args{"mailbox": a.Mailbox}) }
	switch {
	case !ok:
		p.Title, p.Text = say("alarm.link_over_title"), say("alarm.link_over")
	case a.Confirmed.IsZero():
		p.Title, p.Text, p.Do = say("alarm.confirm_title"), say("alarm.confirm_text"), say("alarm.confirm")
	default:
		p.Title, p.Text = say("alarm.confirmed_title"), say("alarm.confirmed")
	}
	return p
}

// mailboxOf returns the mailbox that a word is of; ok is false where the word is over, or
// of none.
func (s *Alarms) mailboxOf(ctx context.Context, publisher, word string) (found alarm.Address, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.loadAddresses(ctx); err != nil {
		return found, false
	}
	for _, a := range s.byPublisher[publisher] {
		if a.Way == alarm.Mailbox && isProof(a, word, s.Clock()) {
			return *a, true
		}
	}
	return found, false
}

// confirmMailbox has the mailbox be told that a word is of, and returns it. Who presses the
// button again is told the same.
func (s *Alarms) confirmMailbox(ctx context.Context, publisher, word string) (alarm.Address, bool) {
	a, ok := s.mailboxOf(ctx, publisher, word)
	if !ok {
		return a, false
	}
	a, err := s.changeAddress(ctx, publisher, a.ID, func(a *alarm.Address) error {
		if a.Confirmed.IsZero() {
			a.Confirmed = s.Clock()
		}
		return nil
	})
	return a, err == nil
}
