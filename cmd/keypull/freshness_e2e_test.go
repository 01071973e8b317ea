package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// newsroomUnderTest is a publisher with one feed, asked over Telegram.
type newsroomUnderTest struct {
	*service
	api  *botAPI
	site *newsSite
	feed *newsFeed
}

// openNewsroom serves the keyword "news" with the given freshness words.
func openNewsroom(t *testing.T, words string) *newsroomUnderTest {
	t.Helper()
	n := &newsroomUnderTest{api: newBotAPI(t), site: newNewsSite(t)}
	n.feed = n.site.feed("feed.xml", "First edition")
	n.service = serveConfig(t, feedBlock("news", n.feed.url(), words), keywordBlock("news", "news"), telegramBlock(n.api.URL))
	return n
}

// later moves every clock of the test on.
func (n *newsroomUnderTest) later(d time.Duration) {
	n.clock.advance(d)
	n.site.clock.advance(d)
}

func (n *newsroomUnderTest) asks(want ...string) {
	n.t.Helper()
	got := n.reply(n.api, newChat(), "news")
	for _, w := range want {
		if !strings.Contains(got, w) {
			n.t.Errorf("the reply is %q, want %q in it", got, w)
		}
	}
}

func (n *newsroomUnderTest) requests(want int) {
	n.t.Helper()
	if got := n.feed.count(); got != want {
		n.t.Errorf("the server saw %d requests, want %d", got, want)
	}
}

func TestTheReplyHoldsTheNewestItemAtThatMoment(t *testing.T) {
	n := openNewsroom(t, `max_age = "60s"`)
	n.asks("First edition", "https://news.example/feed.xml")
	n.feed.change(func(f *newsFeed) { f.title = "Second edition" })

	n.later(59 * time.Second)
	n.asks("First edition")
	n.requests(1)

	n.later(2 * time.Second)
	n.asks("Second edition")
	n.requests(2)
}

func TestAThousandReadersAtOnceCostOneRequest(t *testing.T) {
	n := openNewsroom(t, "max_age = \"60s\"\ndeadline = \"60s\"")
	// Nobody is answered before all have asked.
	n.feed.change(func(f *newsFeed) { f.hold = make(chan struct{}) })
	const readers = 1000
	chats := make([]int64, readers)
	for i := range chats {
		chats[i] = newChat()
	}
	inParallel(readers, func(i int) { n.tell(chats[i], "news") })
	n.feed.change((*newsFeed).release)
	eventually(t, "every reader has a reply", func() bool { return len(n.api.arrived()) == readers })
	n.settled()
	answers := n.api.arrived()
	for _, chat := range chats {
		if got := answers[chat]; len(got) != 1 || !strings.Contains(got[0], "First edition") {
			t.Fatalf("a reader got %q, want the one answer", got)
		}
	}
	n.requests(1)
}

func TestAnUnchangedFeedIsNotFetchedAgain(t *testing.T) {
	const lastModified = "Tue, 17 Nov 2026 09:00:00 GMT"
	for _, tt := range []struct{ name, etag string }{
		{"a strong validator", `"33a64df5"`},
		{"a weak one keeps its mark", `W/"0815-x"`},
		{"an odd one comes back byte for byte", `W/"ä b;,=/<>'"`},
		{"one without quotes, as some servers send it", `33a64df5-gzip`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := openNewsroom(t, `max_age = "60s"`)
			n.feed.change(func(f *newsFeed) { f.etag, f.lastModified = tt.etag, lastModified })
			n.asks("First edition")
			n.later(61 * time.Second)
			n.asks("First edition")
			headers, statuses := n.feed.asked()
			if len(headers) != 2 || statuses[1] != http.StatusNotModified {
				t.Fatalf("the server answered %v, want 200 and 304", statuses)
			}
			if got := headers[1].Get("If-None-Match"); got != tt.etag {
				t.Errorf("If-None-Match is %q, want %q", got, tt.etag)
			}
			if got := headers[1].Get("If-Modified-Since"); got != lastModified {
				t.Errorf("If-Modified-Since is %q, want %q", got, lastModified)
			}
			// The 304 counts as fresh: nothing is asked for another minute.
			n.later(59 * time.Second)
			n.asks("First edition")
			n.requests(2)
		})
	}
}

func TestTheValidatorsOutliveARestart(t *testing.T) {
	n := openNewsroom(t, `max_age = "60s"`)
	n.feed.change(func(f *newsFeed) { f.etag = `"v1"` })
	n.asks("First edition")
	n.restart()
	n.asks("First edition")
	n.requests(1)
	n.later(61 * time.Second)
	n.asks("First edition")
	if _, statuses := n.feed.asked(); len(statuses) != 2 || statuses[1] != http.StatusNotModified {
		t.Errorf("the server answered %v, want 200 and 304", statuses)
	}
}

func TestWhileTheServerIsDownTheLastGoodItemComesWithItsAge(t *testing.T) {
	n := openNewsroom(t, "max_age = \"60s\"\nstale_if_error = \"1h\"\ndeadline = \"20s\"")
	n.asks("First edition")
	n.feed.change(func(f *newsFeed) { f.down = true })

	n.later(20 * time.Minute)
	n.asks("First edition", "not current: as of ", "20 min ago")
	n.restart()
	n.later(10 * time.Minute)
	n.asks("First edition", "not current: as of ", "30 min ago")

	n.later(31 * time.Minute)
	n.asks("There is no current answer for “news”", "its source does not respond", "as of ", "is too old", "ask again")
	n.feed.change(func(f *newsFeed) { f.down, f.title = false, "Second edition" })
	n.later(2 * time.Second)
	n.asks("Second edition")
}

func TestWithoutAnythingKeptTheRefusalSaysSo(t *testing.T) {
	n := openNewsroom(t, "max_age = \"60s\"\nstale_if_error = \"1h\"\ndeadline = \"20s\"")
	n.feed.change(func(f *newsFeed) { f.down = true })
	n.asks("There is no answer for “news” right now", "its source does not respond", "ask again")
}

func TestWhileItIsRevalidatedTheLastItemComesAtOnce(t *testing.T) {
	n := openNewsroom(t, "max_age = \"60s\"\nstale_while_revalidate = \"1h\"\ndeadline = \"20s\"")
	n.asks("First edition")
	n.feed.change(func(f *newsFeed) { f.title, f.hold = "Second edition", make(chan struct{}) })
	n.later(10 * time.Minute)
	// The server does not answer, and nobody waits for it.
	n.asks("First edition")
	n.asks("First edition")
	eventually(t, "the feed is asked behind", func() bool { return n.feed.count() == 2 })
	n.feed.change((*newsFeed).release)
	eventually(t, "the next ask has the new item", func() bool {
		return strings.Contains(n.reply(n.api, newChat(), "news"), "Second edition")
	})
	n.requests(2)
}

func TestAServerThatAsksToBeLeftAloneIs(t *testing.T) {
	n := openNewsroom(t, "max_age = \"60s\"\nstale_if_error = \"1h\"")
	n.asks("First edition")
	n.feed.change(func(f *newsFeed) {
		f.raw = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	n.later(2 * time.Minute)
	n.asks("First edition", "not current: as of ", "2 min ago")
	n.later(9 * time.Minute)
	n.asks("First edition", "not current: as of ", "11 min ago")
	n.requests(2)
	n.feed.change(func(f *newsFeed) { f.raw, f.title = nil, "Second edition" })
	n.later(2 * time.Minute)
	n.asks("Second edition")
	n.requests(3)
}

func TestASlowServerHoldsNobodyBeyondTheDeadline(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	slow, quick := site.feed("slow.xml", "Slow edition"), site.feed("quick.xml", "Quick edition")
	const words = "max_age = \"60s\"\nstale_if_error = \"1h\"\ndeadline = "
	s := serveConfig(t,
		feedBlock("slow", slow.url(), words+`"300ms"`), keywordBlock("slow", "slow"),
		feedBlock("quick", quick.url(), words+`"20s"`), keywordBlock("quick", "quick"),
		sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"),
		telegramBlock(api.URL))
	// The server never answers: whatever comes, comes by the deadline.
	slow.change(func(f *newsFeed) { f.hold = make(chan struct{}) })

	began := time.Now()
	if got := s.reply(api, newChat(), "slow"); !strings.Contains(got, "There is no answer for “slow” right now") {
		t.Errorf("got %q, want a refusal", got)
	}
	if took := time.Since(began); took < 250*time.Millisecond {
		t.Errorf("the refusal took %s, want 300 ms", took)
	}
	for _, other := range []struct{ word, want string }{{"hours", "Open from 9"}, {"quick", "Quick edition"}} {
		if got := s.reply(api, newChat(), other.word); !strings.Contains(got, other.want) {
			t.Errorf("%s: got %q beside a slow server", other.word, got)
		}
	}
	if n := slow.count(); n != 1 {
		t.Errorf("the slow server saw %d requests, want the one under way", n)
	}
	// The fetch ran on behind, well beyond the deadline by which all of them were
	// answered: once it lands, the next ask has the item.
	slow.change((*newsFeed).release)
	eventually(t, "the late answer is kept", func() bool {
		return strings.Contains(s.reply(api, newChat(), "slow"), "Slow edition")
	})
	if n := slow.count(); n != 1 {
		t.Errorf("the slow server saw %d requests, want one", n)
	}
}

func TestASlowServerHoldsOnlyTheReaderWhoAskedForIt(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	slow := site.feed("slow.xml", "Slow edition")
	s := serveConfig(t, feedBlock("slow", slow.url(), `deadline = "20s"`), keywordBlock("slow", "slow"),
		sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"),
		telegramBlock(api.URL))
	slow.change(func(f *newsFeed) { f.hold = make(chan struct{}) })
	waiting, other := newChat(), newChat()
	s.tell(waiting, "slow")
	s.tell(waiting, "hours")
	s.tell(other, "hours")
	eventually(t, "another reader is answered meanwhile", func() bool { return len(api.sent(other)) == 1 })
	if got := api.sent(waiting); len(got) != 0 {
		t.Errorf("the replies of one reader changed their order: %q", got)
	}
	slow.change((*newsFeed).release)
	if got := s.replies(api, waiting, 2); !strings.Contains(got[0], "Slow edition") || !strings.Contains(got[1], "Open from 9") {
		t.Errorf("got %q, want the replies in the order of the asks", got)
	}
}
