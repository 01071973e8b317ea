package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

// killRounds is how often the server is killed; KEYPULL_KILL_ROUNDS raises it.
const killRounds = 12

// crowdOfWriters posts updates as Telegram does: each again and again until it
// is acknowledged, some once more after that.
type crowdOfWriters struct {
	t     *testing.T
	url   atomic.Pointer[string]
	over  atomic.Bool
	wait  sync.WaitGroup
	acks  atomic.Int64
	again atomic.Int64

	mu    sync.Mutex
	acked []int64
}

// start lets writers post until rest; each reader asks once, so that every
// answer can be told from every other.
func (w *crowdOfWriters) start(writers int) {
	for range writers {
		w.wait.Go(func() {
			for !w.over.Load() {
				w.write(newUpdate(), newChat())
			}
		})
	}
}

func (w *crowdOfWriters) write(update, chat int64) {
	body := messageUpdate(update, chat, "news")
	if !w.send(body) {
		return
	}
	w.mu.Lock()
	w.acked = append(w.acked, chat)
	w.mu.Unlock()
	if update%3 == 0 {
		w.again.Add(1)
		w.post(body)
	}
}

// send posts an update until it is acknowledged.
func (w *crowdOfWriters) send(body string) bool {
	until := time.Now().Add(patience)
	for !w.post(body) {
		if time.Now().After(until) {
			w.t.Errorf("an update was not taken within %s", patience)
			return false
		}
		// The next process must come up first.
		time.Sleep(time.Millisecond)
	}
	w.acks.Add(1)
	return true
}

func (w *crowdOfWriters) post(body string) bool {
	got, err := tryRequest(http.MethodPost, *w.url.Load()+"/hook/lecker/tg", body, telegramHeader())
	return err == nil && got.status == http.StatusOK
}

// rest ends the writing and returns the chats whose asks were acknowledged.
func (w *crowdOfWriters) rest() []int64 {
	w.over.Store(true)
	w.wait.Wait()
	return w.acked
}

// sameAnswers checks that every chat has an answer and none has two different
// ones, and returns how many came twice.
func sameAnswers(t *testing.T, api *botAPI, chats []int64) (duplicates int) {
	t.Helper()
	var arrived map[int64][]string
	eventually(t, "every acknowledged ask is answered", func() bool {
		arrived = api.arrived()
		return !slices.ContainsFunc(chats, func(chat int64) bool { return len(arrived[chat]) == 0 })
	})
	for chat, texts := range arrived {
		duplicates += len(texts) - 1
		if slices.ContainsFunc(texts, func(text string) bool { return text != texts[0] }) {
			t.Errorf("chat %d got different answers to one ask: %q", chat, texts)
		}
	}
	return duplicates
}

// changingNews returns a configuration whose answer is another one at every fetch.
func changingNews(t *testing.T, api *botAPI) (config string, feed *newsFeed) {
	t.Helper()
	feed = newNewsSite(t).feed("feed.xml", "")
	feed.each = func(request int) string { return fmt.Sprintf("Edition %d", request) }
	return writeConfig(t, feedBlock("news", feed.url(), `max_age = "0s"`), keywordBlock("news", "news"), telegramBlock(api.URL)), feed
}

func TestKillingTheServerLosesNoAcknowledgedAsk(t *testing.T) {
	rounds := killRounds
	if n, err := strconv.Atoi(os.Getenv("KEYPULL_KILL_ROUNDS")); err == nil && n > 0 {
		rounds = n
	}
	api, book := newBotAPI(t), newLogBook(t)
	config, feed := changingNews(t, api)
	w := &crowdOfWriters{t: t}
	p := startProcess(t, book, config)
	w.url.Store(&p.url)
	w.start(8)
	for range rounds {
		// A random number of asks is a random moment.
		until := w.acks.Load() + 1 + rand.Int64N(150) //nolint:gosec // any moment will do
		eventually(t, "the load goes on", func() bool { return w.acks.Load() >= until })
		p.kill()
		p = startProcess(t, book, config)
		w.url.Store(&p.url)
	}
	chats := w.rest()
	duplicates := sameAnswers(t, api, chats)
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the last server ended with %d", code)
	}
	t.Logf("%d kills, %d asks acknowledged, all answered; %d deliveries repeated; %d answers came twice, none differently; %d editions fetched",
		rounds, len(chats), w.again.Load(), duplicates, feed.count())
	// A crash between sending and marking repeats at most what was in the air.
	if limit := rounds * 64; duplicates > limit {
		t.Errorf("%d duplicates, want at most %d", duplicates, limit)
	}
}

var unheardOf = regexp.MustCompile(`unheard-of-\d\d`)

// inOrder returns the words that were answered at a chat, each where it came
// first.
func inOrder(api *botAPI, chat int64) []string {
	var order []string
	for _, text := range api.sent(chat) {
		if got := unheardOf.FindString(text); !slices.Contains(order, got) {
			order = append(order, got)
		}
	}
	return order
}

func TestKillingTheServerKeepsTheOrderOfAReadersAnswers(t *testing.T) {
	const readers, asks = 8, 25
	api, book := newBotAPI(t), newLogBook(t)
	config, _ := changingNews(t, api)
	w := &crowdOfWriters{t: t}
	p := startProcess(t, book, config)
	w.url.Store(&p.url)
	chats := make([]int64, readers)
	for i := range chats {
		chats[i] = newChat()
		// Nobody knows these words: each answer repeats its own.
		w.wait.Go(func() {
			for n := range asks {
				w.send(messageUpdate(newUpdate(), chats[i], fmt.Sprintf("unheard-of-%02d", n)))
				// Of more than eight that wait, the oldest would be dropped.
				for until := time.Now().Add(patience); n-len(inOrder(api, chats[i])) > 4 && time.Now().Before(until); {
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	answered := func() (n int) {
		for _, chat := range chats {
			n += len(inOrder(api, chat))
		}
		return n
	}
	for range 5 {
		until := min(w.acks.Load()+1+rand.Int64N(60), readers*asks) //nolint:gosec // any moment will do
		eventually(t, "the load goes on", func() bool { return w.acks.Load() >= until })
		p.kill()
		p = startProcess(t, book, config)
		w.url.Store(&p.url)
		// An ask that was resolved each time that the process ended is given up: those at the end are resolved before the next.
		before := answered()
		eventually(t, "the load is answered", func() bool { n := answered(); return n > before+readers || n == readers*asks })
	}
	w.wait.Wait()
	for _, chat := range chats {
		eventually(t, "every answer", func() bool { return len(inOrder(api, chat)) == asks })
		if order := inOrder(api, chat); !slices.IsSorted(order) {
			t.Errorf("the answers came as %q", order)
		}
	}
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the last server ended with %d", code)
	}
}
