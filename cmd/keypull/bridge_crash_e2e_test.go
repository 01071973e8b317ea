package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/pull/outside"
)

// bridgeWord is what both sides of a bridge sign with.
const bridgeWord = "a-long-word-that-both-sides-know"

// backOffice is a system to which conversations are carried. Each id counts once there; upon is
// told of each call before it is answered, and has the process killed by returning true.
type backOffice struct {
	*httptest.Server
	upon func() (killed bool)

	mu      sync.Mutex
	threads map[string][]string
	tokens  map[string]string
	// keys are the ids under which a text came, again how often one came once more.
	keys  map[string]map[string]bool
	again int
}

var askedThere = regexp.MustCompile(`question-\d+-\d`)

func newBackOffice(t *testing.T) *backOffice {
	t.Helper()
	o := &backOffice{threads: map[string][]string{}, tokens: map[string]string{}, keys: map[string]map[string]bool{}, upon: func() bool { return false }}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if o.upon() {
			return
		}
		var told struct {
			Data struct{ Conversation, Token, Text string }
		}
		said := ""
		if json.Unmarshal(body, &told) == nil {
			said = "HUMAN " + told.Data.Conversation
			if all := askedThere.FindAllString(told.Data.Text, -1); len(all) > 0 {
				said = all[len(all)-1] // what stands before it was asked before
			}
		}
		id := r.Header.Get("Webhook-Id")
		o.mu.Lock()
		if o.keys[said] == nil {
			o.keys[said] = map[string]bool{}
		}
		if o.keys[said][id] {
			o.again++
		} else {
			o.keys[said][id] = true
			o.threads[told.Data.Conversation] = append(o.threads[told.Data.Conversation], said)
			o.tokens[said] = told.Data.Token
		}
		o.mu.Unlock()
		o.upon() // it stands there, and the process may end before it hears so
	}))
	t.Cleanup(o.Close)
	return o
}

// tokenOf returns by what a question may be answered; "" while it is not there.
func (o *backOffice) tokenOf(question string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.tokens[question]
}

// suspects counts at how many ends of the process an ask was being computed, as its log tells. At
// the second it is resolved alone, and given up if the process ends then too, whoever ended it.
type suspects map[string]int

var atTheEnd = regexp.MustCompile(`"asks":\[([0-9,]+)\]`)

// grew reports whether there are more of them, by the log so far.
func (s suspects) grew(log string) bool {
	before, ends := len(s), map[string]int{}
	for _, asks := range atTheEnd.FindAllStringSubmatch(log, -1) {
		for ask := range strings.SplitSeq(asks[1], ",") {
			if ends[ask]++; ends[ask] > 1 {
				s[ask] = ends[ask]
			}
		}
	}
	return len(s) > before
}

// Two hundred conversations over a bridge, with the process killed again and again at what it says
// to the outside: before the other side has it, and before it hears that the other side has it.
// Nothing is lost, all is in order, and nothing stands twice where ids are known.
func TestKillingTheServerLosesNothingOnABridge(t *testing.T) {
	const conversations, side, every = 200, 10, 37
	api, book, office := newBotAPI(t), newLogBook(t), newBackOffice(t)
	config := writeConfig(t, "[publisher.person]\nhours = [\"mon-sun 00:00-24:00\"]\n[publisher.person.bridge]\nkind = \"webhook\"\n[publisher.person.bridge.settings]\n",
		quoted("url", office.URL), "\n", quoted("secret", bridgeWord), "\n", textBlock("hours", "Open from 9 to 17."), telegramBlock(api.URL))
	w := &crowdOfWriters{t: t}
	p := startProcess(t, book, config)
	w.url.Store(&p.url)
	var calls, kills atomic.Int64
	wanted, done := make(chan chan struct{}), make(chan struct{})
	// Each 37th call to the outside finds the process gone: as 37 is prime, it is each step in turn.
	upon := func() bool {
		if calls.Add(1)%every != 0 {
			return false
		}
		gone := make(chan struct{})
		select {
		case wanted <- gone:
			<-gone
			return true
		case <-done:
			return false
		}
	}
	office.upon = upon
	api.answer(func(call botCall, _ http.ResponseWriter) bool {
		return strings.HasPrefix(call.Text, "answer-") && upon() && kills.Load()%2 == 0
	})
	suspected := suspects{}
	var killer sync.WaitGroup
	killer.Go(func() {
		for {
			select {
			case gone := <-wanted:
				if suspected.grew(book.String()) {
					time.Sleep(5 * time.Second) // its turn comes within two
				}
				p.kill()
				close(gone)
				kills.Add(1)
				p = startProcess(t, book, config)
				w.url.Store(&p.url)
			case <-done:
				return
			}
		}
	})
	chats := make([]int64, conversations)
	for i := range chats {
		chats[i] = newChat()
	}
	answered := func(chat int64, text string) bool {
		return slices.ContainsFunc(api.sent(chat), func(s string) bool { return strings.HasPrefix(s, text) })
	}
	turn := make(chan int, conversations)
	var talking sync.WaitGroup
	for range side {
		talking.Go(func() {
			for i := range turn {
				w.send(messageUpdate(newUpdate(), chats[i], "HUMAN"))
				for n := range 2 {
					question, answer := fmt.Sprintf("question-%d-%d", i, n), fmt.Sprintf("answer-%d-%d", i, n)
					w.send(messageUpdate(newUpdate(), chats[i], question+" of a reader whose paper is wet"))
					eventually(t, question+" is carried", func() bool { return office.tokenOf(question) != "" })
					body := fmt.Sprintf(`{"token":%q,"text":%q,"by":"Ann"}`, office.tokenOf(question), answer)
					eventually(t, answer+" is taken", func() bool {
						stamp := strconv.FormatInt(time.Now().Unix(), 10)
						got, err := tryRequest(http.MethodPost, *w.url.Load()+"/bridge/lecker", body, map[string]string{
							"webhook-id": answer, "webhook-timestamp": stamp,
							"webhook-signature": outside.WebhookSignature(outside.WebhookKey(bridgeWord), answer, stamp, []byte(body)),
						})
						return err == nil && got.status == http.StatusOK
					})
					upon() // it is taken, and the process may end before the reader has it
					eventually(t, answer+" arrives", func() bool { return answered(chats[i], answer) })
				}
			}
		})
	}
	for i := range conversations {
		turn <- i
	}
	close(turn)
	talking.Wait()
	close(done)
	killer.Wait()
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the last server ended with %d", code)
	}
	twice := 0
	for i, chat := range chats {
		var order []string
		for _, text := range api.sent(chat) {
			if text, _, _ = strings.Cut(text, "\n"); !strings.HasPrefix(text, "answer-") {
				continue
			}
			if slices.Contains(order, text) {
				twice++
				continue
			}
			order = append(order, text)
		}
		if want := []string{fmt.Sprintf("answer-%d-0", i), fmt.Sprintf("answer-%d-1", i)}; !slices.Equal(order, want) {
			t.Errorf("reader %d has %q", i, order)
		}
	}
	if len(office.threads) != conversations {
		t.Errorf("%d threads", len(office.threads))
	}
	for _, thread := range office.threads {
		thread = slices.DeleteFunc(thread, func(said string) bool { return strings.HasPrefix(said, "HUMAN") })
		if len(thread) != 2 || strings.TrimSuffix(thread[0], "-0") != strings.TrimSuffix(thread[1], "-1") {
			t.Errorf("a thread holds %q", thread)
		}
	}
	t.Logf("%d kills in %d calls; %d posts came again under their ids, %d answers reached a reader twice", kills.Load(), calls.Load(), office.again, twice)
	// Telegram knows no keys: what was under way when the process ended may come twice, and is at
	// most one message of each conversation that was going on.
	if kills.Load() < 20 || int64(twice) > kills.Load()*side {
		t.Errorf("%d kills, %d answers came twice", kills.Load(), twice)
	}
}
