package links

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull/who"
)

// Handout is where a reader fetches all that is held of them.
const Handout = "/mydata"

// HandoutOpen is for how long a link is good, mostHandouts how many are at a time: the
// oldest gives way.
const (
	HandoutOpen  = 15 * time.Minute
	mostHandouts = 4096
)

// tokenBytes is how much chance there is in a link.
const tokenBytes = 16

// Held gives all that is held of a reader, as one document.
type Held func(ctx context.Context, publisher, channel string, key who.Key) (any, error)

// Handouts gives out files, each once and for a short time. Links are kept in memory
// alone, hashed: an end of the process ends them all. It is not copied.
type Handouts struct {
	PublicURL string
	Held      Held
	Clock     func() time.Time
	Random    io.Reader

	mu   sync.Mutex
	open map[[sha256.Size]byte]grant
	// order has the oldest first.
	order [][sha256.Size]byte
}

// grant is whose file a link opens.
type grant struct {
	publisher, channel string
	key                who.Key
	until              time.Time
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
	h.Forget(key)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open == nil {
		h.open = map[[sha256.Size]byte]grant{}
	}
	if len(h.order) >= mostHandouts {
		delete(h.open, h.order[0])
		h.order = h.order[1:]
	}
	mark := sha256.Sum256([]byte(word))
	h.open[mark] = grant{publisher: publisher, channel: channel, key: key, until: until}
	h.order = append(h.order, mark)
	return strings.TrimSuffix(h.PublicURL, "/") + Handout + "?t=" + word, until
}

// Forget ends the links of a reader.
func (h *Handouts) Forget(key who.Key) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.order = slices.DeleteFunc(h.order, func(mark [sha256.Size]byte) bool {
		if h.open[mark].key != key {
			return false
		}
		delete(h.open, mark)
		return true
	})
}

// take uses a link up.
func (h *Handouts) take(word string) (grant, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	mark := sha256.Sum256([]byte(word))
	g, ok := h.open[mark]
	if !ok {
		return g, false
	}
	delete(h.open, mark)
	h.order = slices.DeleteFunc(h.order, func(m [sha256.Size]byte) bool { return m == mark })
	return g, h.Clock().Before(g.until)
}

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
		g, ok := h.take(r.URL.Query().Get("t"))
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
	has := func(name string) bool { return strings.Contains(agent, name) }
	return agent != "" && !slices.ContainsFunc([]string{"mozilla/", "curl/", "wget/"}, begins) ||
		slices.ContainsFunc([]string{"bot", "preview", "externalhit", "crawler", "spider", "poker"}, has)
}
