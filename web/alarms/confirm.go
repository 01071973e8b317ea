package alarms

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"net/http"

	"keypull/pull/alarm"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Root is the address of the page by which a mailbox is confirmed.
const Root = "/alarm"

//go:embed static
var static embed.FS

var views = template.Must(template.ParseFS(static, "static/*.html"))

// confirmed is what the page shows.
type confirmed struct{ Language, Title, Text string }

// Handler serves the page.
func (s *Alarms) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Cache-Control", "no-store")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Robots-Tag", "noindex")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		if r.Method != http.MethodGet || messengers.Previews(r.UserAgent()) {
			// Who only looks at what a link leads to confirms nothing.
			w.WriteHeader(http.StatusNoContent)
			return
		}
		query := r.URL.Query()
		language, ok := s.confirmMailbox(r.Context(), query.Get("p"), query.Get("t"))
		if language == "" {
			language = words.Accepted(r.Header.Get("Accept-Language"))
		}
		status, title, text := http.StatusOK, "alarm.confirmed_title", "alarm.confirmed"
		if !ok {
			status, title, text = http.StatusNotFound, "alarm.link_over_title", "alarm.link_over"
		}
		var body bytes.Buffer
		_ = views.ExecuteTemplate(&body, "confirmed.html", confirmed{language, wordsIn(language, title, nil), wordsIn(language, text, nil)}) // memory never fails
		header.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write(body.Bytes())
	})
}

// confirmMailbox has the mailbox be told that a word is of, and returns its language. A link that
// is followed again says the same.
func (s *Alarms) confirmMailbox(ctx context.Context, publisher, word string) (language string, ok bool) {
	s.mu.Lock()
	id := ""
	if err := s.loadAddresses(ctx); err == nil {
		for _, a := range s.byPublisher[publisher] {
			if a.Way == alarm.Mailbox && isProof(a, word, s.Clock()) {
				id = a.ID
			}
		}
	}
	s.mu.Unlock()
	if id == "" {
		return "", false
	}
	a, err := s.changeAddress(ctx, publisher, id, func(a *alarm.Address) error {
		if a.Confirmed.IsZero() {
			a.Confirmed = s.Clock()
		}
		return nil
	})
	return a.Language, err == nil
}
