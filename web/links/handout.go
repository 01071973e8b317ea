package links

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull/who"
	"keypull/web/messengers"
)

// Handout is where a reader fetches all that is held of them.
const Handout = "/mydata"

// HandoutOpen is for how long a link or a code is good, mostGrants how many of either are at
// a time: the oldest gives way.
const (
	HandoutOpen = 15 * time.Minute
	mostGrants  = 4096
)

// tokenBytes is how much chance there is in a link.
const tokenBytes = 16

// Held gives all that is held of a reader, as one document.
type Held func(ctx context.Context, publisher, channel string, key who.Key) (any, error)

// Handouts gives out files, each once and for a short time. It is not copied.
type Handouts struct {
	PublicURL string
	Held      Held
	Clock     func() time.Time
	Random    io.Reader

	grants grants
}

// Link returns a new link to a reader's file, and until when it is good; "" where chance
// fails. Former links of the reader are good no more.
func (h *Handouts) Link(publisher, channel string, key who.Key) (string, time.Time) {
	token := make([]byte, tokenBytes)
	if _, err := io.ReadFull(h.Random, token); err != nil {
		return "", time.Time{}
	}
	word := base64.RawURLEncoding.EncodeToString(token)
	until := h.Clock().Add(HandoutOpen)
	h.grants.give(word, grant{publisher: publisher, channel: channel, key: key, until: until})
	return strings.TrimSuffix(h.PublicURL, "/") + Handout + "?t=" + word, until
}

// Forget ends the links of a reader.
func (h *Handouts) Forget(key who.Key) { h.grants.forget(key) }

// Handler serves the files.
func (h *Handouts) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Cache-Control", "no-store")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Robots-Tag", "noindex")
		if r.Method != http.MethodGet || looksAhead(r) {
			// Who only looks at what a link leads to must not use it up.
			w.WriteHeader(http.StatusNoContent)
			return
		}
		g, ok := h.grants.takeGrant(r.URL.Query().Get("t"), h.Clock())
		if !ok {
			writeProblem(w, r, http.StatusNotFound, "web.handout_over")
			return
		}
		held, err := h.Held(r.Context(), g.publisher, g.channel, g.key)
		if err != nil {
			writeProblem(w, r, http.StatusNotFound, "web.handout_over")
			return
		}
		body, err := json.MarshalIndent(held, "", "  ")
		if err != nil {
			writeProblem(w, r, http.StatusInternalServerError, "web.internal")
			return
		}
		header.Set("Content-Type", "application/json; charset=utf-8")
		header.Set("Content-Disposition", `attachment; filename="mydata.json"`)
		_, _ = w.Write(append(body, '\n'))
	})
}

// looksAhead reports whether a program asks that shows readers what a link leads to: by its
// name, or since it is neither a browser nor a tool that fetches files.
func looksAhead(r *http.Request) bool {
	agent := strings.ToLower(r.UserAgent())
	begins := func(name string) bool { return strings.HasPrefix(agent, name) }
	return agent != "" && !slices.ContainsFunc([]string{"mozilla/", "curl/", "wget/"}, begins) || messengers.Previews(agent)
}
