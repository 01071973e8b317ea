package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	// liveAsks is how many asks a second come while changes are saved.
	liveAsks = 200
	// liveSaves is how often each thing is saved.
	liveSaves = 50
)

// editions returns a site whose every address is a feed that names the address.
func editions(t *testing.T) string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		_, _ = fmt.Fprint(w, rssFeed(rssItem("Edition "+strings.Trim(r.URL.Path, "/")+".", "https://news.example/", time.Now())))
	}))
	t.Cleanup(site.Close)
	return site.URL
}

// liveDesk is a publisher that is changed while it is asked.
type liveDesk struct {
	t   *testing.T
	url string
	// sent and saved are the last edition that was sent to be saved, and the
	// last one whose saving was answered.
	sent, saved atomic.Int64
	asked       atomic.Int64
}

func TestSavingNeverDisturbsAnAsk(t *testing.T) {
	s, site := serveConsole(t), editions(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", feedDoc("news", site+"/0"))
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("news", "news"))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	c.unlimited("lecker")
	d := &liveDesk{t: t, url: s.URL}
	asks(t, s.URL, "lecker", "news", "Edition 0.")
	over := d.load()
	for n := range int64(liveSaves) {
		d.save(c, n+1, site)
	}
	over()
	asks(t, s.URL, "lecker", "news", fmt.Sprintf("Edition %d.", liveSaves))
	asks(t, s.URL, "lecker", fmt.Sprint("word ", liveSaves), "Edition")
	if n := d.asked.Load(); n < liveSaves {
		t.Errorf("only %d asks came while %d changes were saved", n, 3*liveSaves)
	}
	t.Logf("%d asks came while %d changes were saved", d.asked.Load(), 3*liveSaves)
}

// save saves a source, a keyword and a channel.
func (d *liveDesk) save(c caller, n int64, site string) {
	d.t.Helper()
	d.sent.Store(n)
	c.put("/publishers/lecker/sources/news", "source", func(doc object) { doc["settings"] = object{"url": fmt.Sprintf("%s/%d", site, n)} })
	d.saved.Store(n)
	word := fmt.Sprint("word ", n)
	c.put("/publishers/lecker/keywords/news", "keyword", func(doc object) { doc["phrases"] = object{"en": []string{"news", word}} })
	asks(d.t, d.url, "lecker", word, "Edition ")
	c.put("/publishers/lecker/channels/web", "channel", func(doc object) { tableOf(doc, "settings")["title"] = word })
}

// load asks at a steady pace until it is told to end.
func (d *liveDesk) load() (end func()) {
	var wait sync.WaitGroup
	over := make(chan struct{})
	tick := time.NewTicker(time.Second / liveAsks)
	for range 16 {
		wait.Go(func() {
			for {
				select {
				case <-over:
					return
				case <-tick.C:
					d.ask(d.asked.Add(1)%2 == 0)
				}
			}
		})
	}
	return func() { close(over); wait.Wait(); tick.Stop() }
}

// ask asks once; what was saved before must be there, and nothing that was not
// sent.
func (d *liveDesk) ask(hours bool) {
	if hours {
		if got, err := tryAsk(d.url, "lecker", "hours"); err != nil || !strings.Contains(got, "Open from 9") {
			d.t.Errorf("hours were answered %q, %v", got, err)
		}
		return
	}
	least := d.saved.Load()
	got, err := tryAsk(d.url, "lecker", "news")
	var edition int64
	if _, found, ok := strings.Cut(got, "Edition "); ok {
		_, _ = fmt.Sscanf(found, "%d.", &edition)
	}
	if most := d.sent.Load(); err != nil || !strings.Contains(got, "Edition ") || edition < least || edition > most {
		d.t.Errorf("news were answered %q, %v; want an edition from %d to %d", got, err, least, most)
	}
}

// pollAPI stands in for Telegram where bots fetch their updates.
type pollAPI struct {
	*httptest.Server
	mu      sync.Mutex
	polls   map[string]int
	waiting map[string][]string
	sent    []string
}

func newPollAPI(t *testing.T) *pollAPI {
	t.Helper()
	a := &pollAPI{polls: map[string]int{}, waiting: map[string][]string{}}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *pollAPI) serve(w http.ResponseWriter, r *http.Request) {
	token, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	var body struct {
		Offset int64
		Text   string
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch method {
	case "getUpdates":
		a.polls[token]++
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":[%s]}`, strings.Join(a.waiting[token], ","))
		delete(a.waiting, token)
	case "sendMessage":
		a.sent = append(a.sent, body.Text)
		_, _ = fmt.Fprint(w, `{"ok":true,"result":{"message_id":1,"chat":{"id":1,"type":"private"}}}`)
	default:
		_, _ = fmt.Fprint(w, `{"ok":true,"result":true}`)
	}
}

func (a *pollAPI) count(token string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.polls[token]
}

// hand puts an update where the bot fetches it, and waits for the answer.
func (a *pollAPI) hand(t *testing.T, token, words, want string) {
	t.Helper()
	a.mu.Lock()
	before := len(a.sent)
	a.waiting[token] = append(a.waiting[token], messageUpdate(newUpdate(), newChat(), words))
	a.mu.Unlock()
	eventually(t, "a polled ask is answered", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return len(a.sent) > before && strings.Contains(a.sent[before], want)
	})
}

const (
	firstBot  = "1001:the-first-bot-that-polls"
	secondBot = "1002:the-second-bot-that-polls"
)

func TestAChannelThatPollsBeginsAndEndsWhileTheServerRuns(t *testing.T) {
	s, api := serveConsole(t), newPollAPI(t)
	s.log.keepOut(firstBot, secondBot)
	c := s.admin()
	for _, id := range []string{"lecker", "other"} {
		c.outlet(id)
		c.add(id, "source", textDoc("hours", "Open from 9 to 17."))
		c.add(id, "keyword", wordDoc("hours", "hours"))
	}
	bot := func(token, updates string) object {
		return object{"id": "tg", "kind": "telegram", "settings": object{"token": token, "secret_token": hookSecret, "api_base": api.URL, "updates": updates}}
	}
	const one = "/publishers/lecker/channels/tg"
	c.add("lecker", "channel", bot(firstBot, "poll"))
	api.hand(t, firstBot, "hours", "Open from 9")
	c.put(one, "channel", func(doc object) { tableOf(doc, "settings")["token"] = secondBot })
	api.hand(t, secondBot, "hours", "Open from 9")
	api.ended(t, firstBot, secondBot)
	// The mask stands for the token that is there.
	c.put(one, "channel", func(doc object) { tableOf(doc, "settings")["rate"] = 20 })
	api.hand(t, secondBot, "hours", "Open from 9")
	c.put(one, "channel", func(doc object) { tableOf(doc, "settings")["updates"] = "webhook" })
	c.add("other", "channel", bot(firstBot, "poll"))
	api.hand(t, firstBot, "hours", "Open from 9")
	api.ended(t, secondBot, firstBot)
	c.put(one, "channel", func(doc object) { tableOf(doc, "settings")["updates"] = "poll" })
	api.hand(t, secondBot, "hours", "Open from 9")
	c.want(http.StatusNoContent, http.MethodDelete, one, nil, "If-Match", "*")
	api.ended(t, secondBot, firstBot)
	s.restart()
	api.hand(t, firstBot, "hours", "Open from 9")
	api.ended(t, secondBot, firstBot)
}

// ended makes sure that one bot asks no more while another goes on; a request
// that was on its way is none.
func (a *pollAPI) ended(t *testing.T, silent, other string) {
	t.Helper()
	before, until := a.count(silent), a.count(other)+4
	eventually(t, "the other bot polls on", func() bool { return a.count(other) >= until })
	if after := a.count(silent); after > before+1 {
		t.Errorf("a bot that is no more polled %d times", after-before)
	}
}
