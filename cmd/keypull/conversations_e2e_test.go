package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateConversations = flag.Bool("update-conversations", false, "write testdata/conversations anew")

// A conversation is a file of testdata/conversations: what a reader says, each line
// behind a ">", and below it what is answered on each of four channels.
type heldConversation struct {
	path string
	says []string
	told map[string][]string // by channel, an answer for each of what is said
}

// whatVaries are parts of answers that differ from one run to the next.
var whatVaries = []struct {
	is   *regexp.Regexp
	mask string
}{
	{regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4,5}(-[0-9A-HJKMNP-TV-Z]{1,5}){1,3}\b`), "CODE"},
	{regexp.MustCompile(`\b7000\d{5}\b`), "CHAT"},
	{regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S+`), "ADDRESS"},
	{regexp.MustCompile(`\b\d{1,2}:\d\d\b`), "CLOCK"},
	{regexp.MustCompile(`\b((Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? )?\d{1,2} [A-Z][a-z]{2,8}( \d{4})?\b|\b\d{1,2}\. \p{Lu}\p{Ll}{1,8}\.?`), "DAY"},
	{regexp.MustCompile(`\b\d+ (second|minute)s?\b|\b\d+ s\b`), "PASSED"},
}

func readConversations(t *testing.T) (all []*heldConversation) {
	t.Helper()
	paths, err := filepath.Glob("testdata/conversations/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d conversations, %v", len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path) //nolint:gosec // of the test's own
		if err != nil {
			t.Fatal(err)
		}
		c := &heldConversation{path: path, told: map[string][]string{}}
		for line := range strings.Lines(string(text)) {
			if said, ok := strings.CutPrefix(line, "> "); ok {
				c.says = append(c.says, strings.TrimSpace(said))
			}
		}
		all = append(all, c)
	}
	return all
}

// written is the file of a conversation, as it was held.
func (c *heldConversation) written(channels []string) string {
	var b strings.Builder
	for i, said := range c.says {
		fmt.Fprintf(&b, "> %s\n", said)
		for at, channel := range channels {
			text := c.told[channel][i]
			if at > 0 && text == c.told[channels[at-1]][i] {
				fmt.Fprintf(&b, "%s: as above\n", channel)
				continue
			}
			fmt.Fprintf(&b, "%s:\n\t%s\n", channel, strings.ReplaceAll(text, "\n", "\n\t"))
		}
		b.WriteString("\n")
	}
	return strings.ReplaceAll(b.String(), "\t\n", "\n")
}

// conversationChannels are where conversations are held, in the order of the files.
var conversationChannels = []string{"telegram", "webchat", "http", "sms-kannel"}

// talkers returns how a reader, by their number, says something on each channel and is answered.
func talkers(api *botAPI) map[string]func(s *service, reader, step int, text string) string {
	chats := map[int]int64{}
	byPhone := func(kind string) func(*service, int, int, string) string {
		w := idWorlds()[kind]
		return func(s *service, reader, step int, text string) string {
			return w.ask(s, fmt.Sprintf("+2547110%05d", reader), "", fmt.Sprintf("m%d-%d", reader, step), text)
		}
	}
	return map[string]func(*service, int, int, string) string{
		"telegram": func(s *service, reader, _ int, text string) string {
			if chats[reader] == 0 {
				chats[reader] = newChat()
			}
			return s.reply(api, chats[reader], text)
		},
		"webchat": func(s *service, reader, _ int, text string) string {
			s.knownReader("web", talkerSession(reader))
			return s.chat(asJSON(s.t, object{"text": text, "session": talkerSession(reader), "consent": true})).text()
		},
		"http": byPhone("http"), "sms-kannel": byPhone("sms-kannel"),
	}
}

func talkerSession(reader int) string { return fmt.Sprintf("conversation-session-%05d", reader) }

// conversationFeed is a feed of five items that never changes.
func conversationFeed(t *testing.T) string {
	t.Helper()
	var items strings.Builder
	for i, title := range []string{"Ferry back in service", "Museum opens its cellar", "Bakery wins a prize", "Bridge closed on Sunday", "Choir looks for basses"} {
		fmt.Fprintf(&items, "<item><guid>%d</guid><title>%s</title><link>https://news.example/%d</link></item>", i, title, i)
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = fmt.Fprintf(w, `<rss version="2.0"><channel><title>News</title>%s</channel></rss>`, &items)
	}))
	t.Cleanup(site.Close)
	return site.URL
}

// walkText is longer than what a short message tells.
func walkText() string {
	stops := []string{"harbour", "fish market", "old customs house", "rope walk", "lighthouse", "chapel of the pilots", "dry dock", "sailmaker's loft", "ferry pier", "salt store", "east gate", "mill pond"}
	var b strings.Builder
	for i, stop := range stops {
		fmt.Fprintf(&b, "Stop %d is the %s, where a plate tells what went on there a hundred years ago. ", i+1, stop)
	}
	return strings.TrimSpace(b.String())
}

// conversationService serves what the conversations are about, on four channels.
func conversationService(t *testing.T) (*service, *botAPI) {
	t.Helper()
	api, worlds := newBotAPI(t), idWorlds()
	s := serveConfig(t, feedBlock("news", conversationFeed(t), "max_age = \"1h\"\ndeadline = \"20s\""),
		keywordBlock("news", "news", "count = 2", `argument = "optional"`),
		textBlock("hours", "Open from 9 to 17."), textBlock("walk", walkText()),
		"\n[[publisher.keyword]]\nid = \"city\"\nsource = \"hours\"\nphrases = { en = [\"paris\", \"capital\"] }\ntie = true\n",
		"\n[[publisher.keyword]]\nid = \"club\"\nsource = \"walk\"\nphrases = { en = [\"paris\", \"psg\"], de = [\"verein\"] }\ntie = true\n",
		sourceBlock("tables", "calendar", "", `hours = ["mon-sun 10:00-14:00"]`, `slots = "2h"`),
		"\n[[publisher.keyword]]\nid = \"pothole\"\nphrases = { en = [\"report a pothole\"] }\nrequest = { kind = \"incident\", ask = [{ text = \"Seen on which day?\", slot = \"date\" }, { text = \"Which street?\" }] }\n",
		"\n[[publisher.keyword]]\nid = \"rolls\"\nphrases = { en = [\"order rolls\"] }\nrequest = { kind = \"order\", ask = [{ text = \"What shall it be?\" }, { text = \"When?\", choices = { en = [\"Morning\", \"Evening\"] } }] }\n",
		"\n[[publisher.keyword]]\nid = \"table\"\nsource = \"tables\"\nphrases = { en = [\"book a table\"] }\nrequest = { kind = \"appointment\" }\n",
		telegramBlock(api.URL), chatBlock(`consent = "May we remember you?"`), kindBlock("http", "", quoted("secret", partnerSecret), quoted("reply_url", api.URL+"/partner")), strings.Replace(worlds["sms-kannel"].block, "kind = ", "laters = true\nkind = ", 1))
	s.log.keepOut(partnerSecret, kannelSecret, kannelPassword)
	return s, api
}

// holdConversations holds all of them beside each other, a step at a time, and calls between
// after each.
func holdConversations(t *testing.T, all []*heldConversation, between func(s *service)) {
	t.Helper()
	s, api := conversationService(t)
	s.clock.untilNoon()
	s.restart() // what was fetched before noon is old
	ways := talkers(api)
	for step := 0; ; step++ {
		going := false
		for n, c := range all {
			if step >= len(c.says) {
				continue
			}
			going = true
			for at, channel := range conversationChannels {
				text := ways[channel](s, n*10+at, step, c.says[step])
				for _, v := range whatVaries {
					text = v.is.ReplaceAllString(text, v.mask)
				}
				c.told[channel] = append(c.told[channel], text)
			}
		}
		if !going {
			return
		}
		s.settled()
		between(s)
	}
}

// What was said before is known after each restart: the same words on every channel.
func TestConversationsAreTheSameThroughRestarts(t *testing.T) {
	through, without := readConversations(t), readConversations(t)
	holdConversations(t, through, func(s *service) { s.restart() })
	holdConversations(t, without, func(*service) {})
	for i, c := range through {
		got := c.written(conversationChannels)
		if diff := cmp.Diff(without[i].written(conversationChannels), got); diff != "" {
			t.Errorf("%s is another one with restarts:\n%s", c.path, diff)
		}
		if *updateConversations {
			if err := os.WriteFile(c.path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(c.path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s:\n%s", c.path, diff)
		}
	}
}
