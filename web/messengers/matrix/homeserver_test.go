package matrix_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/matrix"
	"keypull/web/messengers/messengertest"
)

// homeserver is a stand-in that refuses what a homeserver would, and clients
// could not show.
type homeserver struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	members map[string][]string
	secret  map[string]bool
	inRooms int
	name    string
	// batches are the answers to syncs, in order; behind the last it waits.
	batches []string
	// asked are the syncs' since, calls all else but questions.
	asked []string
	calls []string
	sent  []sentEvent
	// no answers a call in place of the homeserver: status and body.
	no   func(path string) (int, string)
	news chan struct{}
}

type sentEvent struct {
	Room, Key string
	Content   map[string]any
	Raw       string
}

func serve(t *testing.T) *homeserver {
	t.Helper()
	h := &homeserver{t: t, members: map[string][]string{direct: {bot, ann}, crowd: {bot, ann, bob}}, secret: map[string]bool{}, name: "Lecker Bot", news: make(chan struct{}, 1000)}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *homeserver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, answer := h.answer(r)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
	h.news <- struct{}{}
}

const unknownToken = `{"errcode":"M_UNKNOWN_TOKEN","error":"Unknown access token","soft_logout":false}`

func (h *homeserver) answer(r *http.Request) (int, string) {
	body, _ := io.ReadAll(r.Body)
	if r.Header.Get("Authorization") != "Bearer "+token {
		return 401, unknownToken
	}
	path := strings.TrimPrefix(r.URL.Path, "/_matrix/client/v3/")
	if path == "sync" {
		return h.sync(r)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.no != nil {
		if status, said := h.no(path); status != 0 {
			return status, said
		}
	}
	steps := strings.Split(path, "/")
	if r.Method != http.MethodGet {
		h.calls = append(h.calls, r.Method+" "+path)
	}
	switch {
	case path == "account/whoami":
		return 200, `{"user_id":"` + bot + `","device_id":"D"}`
	case path == "joined_rooms":
		return 200, `{"joined_rooms":[` + strings.TrimSuffix(strings.Repeat(`"!r:x",`, h.inRooms), ",") + `]}`
	case steps[0] == "profile" && r.Method == http.MethodGet:
		return 200, `{"displayname":"` + h.name + `"}`
	case steps[0] == "profile":
		var said struct{ Displayname string }
		_ = json.Unmarshal(body, &said)
		h.name = said.Displayname
	case strings.HasSuffix(path, "/joined_members"):
		joined := map[string]any{}
		for _, user := range h.members[steps[1]] {
			joined[user] = map[string]string{"display_name": map[bool]string{true: "Lecker Bot", false: "x"}[user == bot]}
		}
		all, _ := json.Marshal(map[string]any{"joined": joined})
		return 200, string(all)
	case strings.Contains(path, "/state/m.room.encryption"):
		if h.secret[steps[1]] {
			return 200, `{"algorithm":"m.megolm.v1.aes-sha2"}`
		}
		return 404, `{"errcode":"M_NOT_FOUND","error":"Event not found"}`
	case strings.Contains(path, "/send/m.room.message/"):
		return h.take(steps[1], steps[4], body)
	case r.URL.Path == "/_matrix/media/v3/upload":
		return 200, `{"content_uri":"mxc://lecker.example/` + r.URL.Query().Get("filename") + `"}`
	}
	return 200, "{}"
}

func (h *homeserver) sync(r *http.Request) (int, string) {
	h.mu.Lock()
	if h.no != nil {
		if status, said := h.no("sync"); status != 0 {
			h.mu.Unlock()
			return status, said
		}
	}
	h.asked = append(h.asked, r.URL.Query().Get("since"))
	if !json.Valid([]byte(r.URL.Query().Get("filter"))) {
		h.t.Errorf("a filter that is no JSON: %s", r.URL.Query().Get("filter"))
	}
	if len(h.batches) > 0 {
		next := h.batches[0]
		h.batches = h.batches[1:]
		h.mu.Unlock()
		return 200, next
	}
	h.mu.Unlock()
	<-r.Context().Done()
	return 200, "{}"
}

var allowed = regexp.MustCompile(`^(</?(b|i|br)>|<a href="[^"<>]+">|</a>|[^<>])*$`)

// take holds an event against what the specification says of it.
func (h *homeserver) take(room, key string, body []byte) (int, string) {
	e := sentEvent{Room: room, Key: key, Raw: string(body)}
	wrong := func(what string) (int, string) {
		h.t.Errorf("%s: %s", what, body)
		return 400, `{"errcode":"M_BAD_JSON","error":"` + what + `"}`
	}
	if json.Unmarshal(body, &e.Content) != nil || len(body) > 60_000 {
		return wrong("no object, or too large")
	}
	text, _ := e.Content["body"].(string)
	page, _ := e.Content["formatted_body"].(string)
	kind, _ := e.Content["msgtype"].(string)
	mentions, _ := e.Content["m.mentions"].(map[string]any)
	switch {
	case text == "" || !slices.Contains([]string{"m.notice", "m.text", "m.image"}, kind):
		return wrong("no message")
	case mentions == nil || len(mentions) > 0:
		return wrong("somebody is mentioned, or everybody may be")
	case page != "" && (e.Content["format"] != "org.matrix.custom.html" || !allowed.MatchString(page)):
		return wrong("HTML that no client shows")
	}
	if uri, _ := e.Content["url"].(string); (kind == "m.image") != strings.HasPrefix(uri, "mxc://") {
		return wrong("a picture that is not there")
	}
	if relates, ok := e.Content["m.relates_to"].(map[string]any); ok {
		reply, _ := relates["m.in_reply_to"].(map[string]any)
		if id, _ := reply["event_id"].(string); !strings.HasPrefix(id, "$") {
			return wrong("an answer to nothing")
		}
		if relates["rel_type"] != nil && relates["rel_type"] != "m.thread" {
			return wrong("an odd relation")
		}
	}
	for _, earlier := range h.sent {
		if earlier.Room == room && earlier.Key == key {
			return 200, `{"event_id":"$of-` + key + `"}`
		}
	}
	h.sent = append(h.sent, e)
	return 200, `{"event_id":"$of-` + key + `"}`
}

// eventually waits until the homeserver has seen what is looked for.
func (h *homeserver) eventually(what string, seen func() bool) {
	h.t.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		h.mu.Lock()
		yes := seen()
		h.mu.Unlock()
		if yes {
			return
		}
		select {
		case <-h.news:
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			h.t.Fatalf("%s: never; calls %q, syncs %q", what, h.calls, h.asked)
		}
	}
}

// open returns an account on the homeserver that syncs.
func (h *homeserver) open(place messengers.Place, set map[string]any) messengers.Messenger {
	h.t.Helper()
	values := map[string]any{"homeserver": h.URL, "access_token": token}
	maps.Copy(values, set)
	opener := matrix.Kind.New()
	if err := settings.Fill(opener, values); err != nil {
		h.t.Fatal(err)
	}
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	h.t.Cleanup(client.Close)
	m, err := opener.Open(messengers.Env{Client: client, Clock: messengertest.Now, Place: place})
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// batch returns an answer to a sync.
func batch(next, join, rest string) string {
	return `{"next_batch":"` + next + `","rooms":{"join":{` + join + `}` + rest + `}}`
}

func timeline(room string, events ...string) string {
	return `"` + room + `":{"timeline":{"events":[` + strings.Join(events, ",") + `],"limited":false},"state":{"events":[]}}`
}

var errFull = errors.New("the disk is full")
