package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// siren is a program of an outlet that is told by a webhook what fails.
type siren struct {
	*httptest.Server
	t testing.TB

	mu     sync.Mutex
	secret string
	heard  []string
	ids    map[string]bool
	// down has it answer with 500.
	down bool
}

func newSiren(t testing.TB) *siren {
	s := &siren{t: t, ids: map[string]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *siren) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.secret, "whsec_"))
	sum := hmac.New(sha256.New, key)
	_, _ = io.WriteString(sum, r.Header.Get("Webhook-Id")+"."+r.Header.Get("Webhook-Timestamp")+"."+string(body))
	if want := "v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil)); r.Header.Get("Webhook-Signature") != want {
		s.t.Errorf("%s is signed by %s", body, r.Header.Get("Webhook-Signature"))
	}
	if id := r.Header.Get("Webhook-Id"); s.ids[id] || id == "" {
		s.t.Errorf("the id %q came twice", id)
	} else {
		s.ids[id] = true
	}
	var told struct {
		Type string `json:"type"`
		Data struct {
			Publisher, Page string
			Failures        []struct{ Noun, ID, Code, Text, Mend string }
		}
	}
	if err := json.Unmarshal(body, &told); err != nil || told.Data.Publisher != "lecker" || !strings.HasSuffix(told.Data.Page, "/console/p/lecker/today") {
		s.t.Errorf("told %s: %v", body, err)
	}
	if len(told.Data.Failures) == 0 {
		s.heard = append(s.heard, told.Type)
	}
	for _, f := range told.Data.Failures {
		s.heard = append(s.heard, told.Type+" "+f.Noun+"/"+f.Code+" "+f.ID)
		if f.Text == "" || (f.Mend == "") != (told.Type == "alarm.over") {
			s.t.Errorf("%s does not say what is wrong, or what to do", body)
		}
	}
	if strings.Contains(string(body), "unheard-of") {
		s.t.Errorf("an alarm has a reader's words in it: %s", body)
	}
}

// all returns what was heard so far.
func (s *siren) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
}

// count returns how often something was heard.
func (s *siren) count(what string) (n int) {
	for _, h := range s.all() {
		if strings.HasPrefix(h, what) {
			n++
		}
	}
	return n
}

// hears waits until all of these were heard, while time goes by.
func (s *siren) hears(of *service, what ...string) {
	s.t.Helper()
	for _, w := range what {
		eventually(s.t, "the alarm "+w, func() bool { return s.count(w) > 0 })
	}
}

// rings has the publisher's alarms go to a siren.
func (s *service) rings(c caller, more object) *siren {
	s.t.Helper()
	hook := newSiren(s.t)
	in := object{"way": "webhook", "url": hook.URL + "/a-secret-place"}
	maps.Copy(in, more)
	made := c.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/alarms", in)
	hook.secret = textOf(made.object, "secret")
	if !strings.HasPrefix(hook.secret, "whsec_") || strings.Contains(c.get("/publishers/lecker/alarms").body, "secret") {
		s.t.Fatalf("got %s", made.body)
	}
	return hook
}

// alarmHouse is an outlet with a web chat and a bot.
func alarmHouse(t *testing.T) (*service, caller, *botAPI) {
	t.Helper()
	s, api := serveConsole(t), newBotAPI(t)
	c := s.admin()
	c.outlet("lecker")
	c.unlimited("lecker")
	c.add("lecker", "channel", botDoc("tg", api, nil))
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	return s, c, api
}

// passes lets time go by in steps, after each of which it is looked what fails.
func (s *service) passes(d time.Duration) {
	step := max(15*time.Second, d/20)
	for ; d > 0; d -= step {
		s.clock.advance(step)
		seen := s.alarms.Looked()
		eventually(s.t, "it is looked what fails", func() bool { return s.alarms.Looked() >= seen+2 })
	}
}

func TestEachWayToFailRingsOnceAndOnceWhenItIsOver(t *testing.T) {
	s, c, api := alarmHouse(t)
	site := newNewsSite(t)
	hook := s.rings(c, nil)
	page := func(status int, body string) func(*newsFeed) {
		return func(f *newsFeed) {
			f.raw = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}
		}
	}
	sources := map[string]func(*newsFeed){
		"cut":     func(f *newsFeed) { f.down = true },
		"error":   page(http.StatusInternalServerError, "no"),
		"away":    page(http.StatusServiceUnavailable, ""),
		"gone":    page(http.StatusNotFound, "nothing"),
		"closed":  page(http.StatusForbidden, "members only"),
		"website": page(http.StatusOK, "<!DOCTYPE html><html><head><title>Hello</title></head><body><p>Hello</p></body></html>"),
		"damaged": page(http.StatusOK, `{"items": [`),
	}
	feeds := map[string]*newsFeed{}
	for id := range sources {
		feeds[id] = site.feed(id, "All is well at "+id)
		c.add("lecker", "source", feedDoc(id, feeds[id].url()))
		c.add("lecker", "keyword", wordDoc(id, id))
		s.says("a-reader-of-all", id)
	}
	chat := newChat()
	s.reply(api, chat, "hours")
	s.passes(3 * time.Minute)
	if heard := hook.all(); len(heard) != 0 {
		t.Fatalf("without a cause it rang: %v", heard)
	}

	for id, broken := range sources {
		feeds[id].change(broken)
		s.says("a-reader-of-all", id)
	}
	api.answer(func(call botCall, w http.ResponseWriter) bool {
		botRefusal(w, http.StatusUnauthorized, "Unauthorized", "")
		return true
	})
	s.tell(chat, "hours")
	var want []string
	for id := range sources {
		want = append(want, "alarm.raised source/failing "+id)
	}
	want = append(want, "alarm.raised channel/refused tg")
	eventually(t, "all of it fails", func() bool { return len(s.fails(c)) >= len(want) })
	s.passes(2 * time.Minute)
	hook.hears(s, want...)

	// The word of a reader that nothing knows is nobody's alarm, and what comes again is told
	// no second time.
	for range 3 {
		s.says("a-reader-of-all", "unheard-of")
		for id := range sources {
			s.says("a-reader-of-all", id)
		}
		s.passes(5 * time.Minute)
	}
	s.restart()
	s.passes(5 * time.Minute)

	for _, f := range feeds {
		f.change(func(f *newsFeed) { f.down, f.raw = false, nil })
	}
	api.answer(nil)
	for id := range sources {
		s.passes(time.Minute)
		s.says("a-reader-of-all", id)
	}
	s.tell(newChat(), "hours")
	eventually(t, "all is well again", func() bool { s.passes(time.Minute); return len(s.fails(c)) == 0 })
	s.passes(30 * time.Minute)
	over := make([]string, len(want))
	for i, w := range want {
		over[i] = strings.Replace(w, "raised", "over", 1)
	}
	eventually(t, "it is told that it is over", func() bool {
		s.passes(time.Minute)
		return !slices.ContainsFunc(over, func(w string) bool { return hook.count(w) == 0 })
	})
	s.passes(3 * time.Hour)
	for _, w := range append(want, over...) {
		if n := hook.count(w); n != 1 {
			t.Errorf("%s rang %d times in %v", w, n, hook.all())
		}
	}
	if n := len(hook.all()); n != 2*len(want) {
		t.Errorf("rang %d times: %v", n, hook.all())
	}
}

func TestWhatNoSourceHasRingsOnceAndOnceWhenItIsOver(t *testing.T) {
	s, c, _ := alarmHouse(t)
	const peak, usual = 100, 2
	for range 4 {
		s.crowd("lecker", "hours", usual)
		s.clock.advance(24 * time.Hour)
	}
	hook := s.rings(c, nil)
	s.says("a-reader-of-hours", "hours")
	s.passes(3 * time.Minute)
	if heard := hook.all(); len(heard) != 0 {
		t.Fatalf("without a cause it rang: %v", heard)
	}

	s.crowd("lecker", "hours", peak)
	s.dies("a-reader-of-hours", 9001, 9002)
	gone := c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/withdraw", object{"text": "Open from 9 to 17."}).text("id")
	want := []string{"alarm.raised demand/peak", "alarm.raised dead/letters web", "alarm.raised item/withdrawn " + gone}
	eventually(t, "all of it fails", func() bool { s.clock.advance(time.Minute); return len(s.fails(c)) >= len(want) })
	s.passes(2 * time.Minute)
	hook.hears(s, want...)
	s.restart()

	for _, ask := range []uint64{9001, 9002} {
		if err := s.resources.dead.Remove(t.Context(), "lecker", ask); err != nil {
			t.Fatal(err)
		}
	}
	c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/restore", object{"withdrawal": gone})
	s.passes(3 * time.Hour)
	for _, w := range want {
		over := strings.Replace(w, "raised", "over", 1)
		if raised, ended := hook.count(w), hook.count(over); raised != 1 || ended != 1 {
			t.Errorf("%s rang %d times, and %d times that it is over: %v", w, raised, ended, hook.all())
		}
	}
	if n := len(hook.all()); n != 2*len(want) {
		t.Errorf("rang %d times: %v", n, hook.all())
	}
}

func TestAnEditorIsToldOnAChannelByACodeAndSTOPEndsIt(t *testing.T) {
	s, c, api := alarmHouse(t)
	site := newNewsSite(t)
	feed := site.feed("news", "All is well")
	c.add("lecker", "source", feedDoc("news", feed.url()))
	c.add("lecker", "keyword", wordDoc("news", "news"))
	made := c.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/alarms", object{"way": "account"})
	code, id := textOf(made.object, "code"), textOf(made.table("alarm"), "id")
	if !regexp.MustCompile(`^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$`).MatchString(code) || textOf(made.table("alarm"), "state") != "waits" {
		t.Fatalf("got %s", made.body)
	}
	chat, other := newChat(), newChat()
	if got := s.reply(api, chat, strings.ToLower(code)); !strings.Contains(got, "told here when something fails at Lecker") {
		t.Errorf("the code is answered by %s", got)
	}
	if got := s.reply(api, other, code); !strings.Contains(got, "not good any more") {
		t.Errorf("the second who sends the code is told %s", got)
	}
	fail := func(broken bool) {
		feed.change(func(f *newsFeed) { f.down = broken })
		s.passes(time.Minute)
		s.says("a-reader", "news")
		s.passes(3 * time.Minute)
	}
	last := func(prefix string) func() bool {
		return func() bool {
			s.passes(10 * time.Second)
			sent := api.sent(chat)
			return strings.Contains(sent[len(sent)-1], prefix)
		}
	}
	fail(true)
	eventually(t, "the editor is told", last("Source news: it fails"))
	fail(false)
	eventually(t, "the editor is told that it is over", last("Source news: it is over"))
	c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/alarms/"+id+"/try", nil)
	eventually(t, "the trial arrives", last("Nothing fails"))

	// All three name the ask with the code as their cause, and nothing left without one.
	t.Logf("%s", c.get("/publishers/lecker/sends").body)

	s.reply(api, chat, "stop")
	before := len(api.sent(chat))
	eventually(t, "the address has ended", func() bool {
		return strings.Contains(c.get("/publishers/lecker/alarms").body, `"state": "stopped"`) || strings.Contains(c.get("/publishers/lecker/alarms").body, `"state":"stopped"`)
	})
	fail(true)
	s.passes(10 * time.Minute)
	if after := api.sent(chat); len(after) != before {
		t.Errorf("after STOP came %v", after[before:])
	}
	if code, out, _ := command(t.Context(), "audit", "sends", "-c", s.path, "--orphans"); strings.Contains(out, "alarm") {
		t.Errorf("%d %s", code, out)
	}
}
