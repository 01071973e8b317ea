package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/who"
)

// newGroup returns the id of a group: those of groups are negative.
func newGroup() int64 { return -1_000_000_000_000 - newChat() }

// groupUpdate returns a command or words in answer to the bot, as Telegram's own
// servers word them.
func groupUpdate(person, group int64, text string) string {
	words, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	id := newUpdate()
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Ada","language_code":"fr"},`+
		`"chat":{"id":%d,"title":"Readers","type":"supergroup"},"date":1790000000,"text":%s,`+
		`"reply_to_message":{"message_id":1,"from":{"id":123456,"is_bot":true,"first_name":"Lecker","username":"LeckerBot"}}}}`, id, id, person, group, words)
}

func groupTap(person, group int64, data string) string {
	id := newUpdate()
	return fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"Ada","language_code":"fr"},`+
		`"message":{"message_id":7,"chat":{"id":%d,"type":"supergroup"},"date":1790000000},"chat_instance":"1","data":%q}}`, id, id, person, group, data)
}

// say delivers what a member writes or presses, which must be taken.
func (s *service) say(person, group int64, text string) {
	s.t.Helper()
	update := groupUpdate(person, group, text)
	if data, pressed := strings.CutPrefix(text, "tap "); pressed {
		update = groupTap(person, group, data)
	}
	s.log.keepOut(strconv.FormatInt(person, 10), strconv.FormatInt(group, 10))
	if status := deliver(s.t, s.URL, update); status != http.StatusOK {
		s.t.Fatalf("the webhook answered %d", status)
	}
}

// groupService answers two keywords of one name, and the hours.
func groupService(t *testing.T) (*service, *botAPI) {
	t.Helper()
	api := newBotAPI(t)
	return serveConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`),
		keywordBlock("hours", "hours"),
		"\n[[publisher.keyword]]\nid = \"city\"\nsource = \"hours\"\nphrases = { en = [\"paris\", \"capital\"] }\ntie = true\n",
		"\n[[publisher.keyword]]\nid = \"club\"\nsource = \"hours\"\nphrases = { en = [\"paris\", \"psg\"], de = [\"verein\"] }\ntie = true\n",
		telegramBlock(api.URL)), api
}

// private is a reader's document and what the store calls its state.
type private struct {
	Reader   who.Reader
	Revision uint64
}

// pasts are what readers have had with the bot in private.
var pasts = map[string]func(s *service, api *botAPI, chat int64){
	"STOP":        func(s *service, api *botAPI, chat int64) { s.reply(api, chat, "stop") },
	"a question":  func(s *service, api *botAPI, chat int64) { s.reply(api, chat, "paris") },
	"a history":   func(s *service, api *botAPI, chat int64) { s.reply(api, chat, "hours") },
	"a miss":      func(s *service, api *botAPI, chat int64) { s.reply(api, chat, "zeppelin") },
	"a language":  past(func(r who.Reader) who.Reader { r.Language = "de"; return r }),
	"a refusal":   past(func(r who.Reader) who.Reader { r.Consent = who.Consent{Refused: true, Text: "x"}; return r }),
	"preferences": past(func(r who.Reader) who.Reader { r.Preferences = map[string]string{"city": "Graz"}; return r }),
	"a block":     past(func(r who.Reader) who.Reader { return r.Leave(time.Now()) }),
}

func past(change func(who.Reader) who.Reader) func(*service, *botAPI, int64) {
	return func(s *service, api *botAPI, chat int64) {
		s.t.Helper()
		s.reply(api, chat, "hours")
		if err := s.pipeline.Change(context.Background(), s.readerKey("lecker", "tg", strconv.FormatInt(chat, 10)), change); err != nil {
			s.t.Fatal(err)
		}
	}
}

// Five groups of readers with a past and five of people whom the bot has never
// met say the same, in the same order: they must hear the same.
func TestNothingOfPrivateChatsAppearsOrEndsInGroups(t *testing.T) {
	s, api := groupService(t)
	known := map[int64]private{}
	var members []int64
	for _, make := range pasts {
		chat := newChat()
		make(s, api, chat)
		members = append(members, chat)
	}
	s.settled()
	for _, m := range members {
		r, revision := s.document(m)
		known[m] = private{r, revision}
	}
	before := len(api.arrived())

	const groups, rounds = 5, 100
	texts := []string{"hours", "/hours", "hours", "paris", "1", "2", "yes", "no", "zeppelin", "capital", "verein", "menu", "help", "tap k:city", "tap c:menu",
		"tap o:1:x.club", "tap o:1:1", "mydata", "forget me", "human", "save hours", "/stop", "/start", "/start", "tap c:start", "tap c:stop", "hello", "lang", ""}
	random := rand.New(rand.NewPCG(9, 16)) //nolint:gosec // a test repeats itself
	var met, strange [groups]int64
	for i := range groups {
		met[i], strange[i] = newGroup(), newGroup()
	}
	strangers := []int64{newChat(), newChat()}
	for range rounds {
		var said [groups]string
		var by [groups]int64
		for i := range groups {
			said[i], by[i] = texts[random.IntN(len(texts))], members[random.IntN(len(members))]
		}
		inParallel(groups, func(i int) {
			s.say(by[i], met[i], said[i])
			s.say(strangers[i%2], strange[i], said[i])
		})
		s.settled()
	}

	for i := range groups {
		if got := api.sent(met[i]); len(got) < rounds/10 {
			t.Errorf("group %d heard %d texts", i, len(got))
		}
		if diff := cmp.Diff(api.sent(strange[i]), api.sent(met[i])); diff != "" {
			t.Errorf("group %d hears of its members: %s", i, diff)
		}
		if r, _ := s.document(met[i]); !cmp.Equal(r, r.Shared()) {
			t.Errorf("group %d keeps %+v", i, r)
		}
	}
	for _, m := range members {
		r, revision := s.document(m)
		if diff := cmp.Diff(known[m], private{r, revision}); diff != "" {
			t.Errorf("a private document changed: %s", diff)
		}
	}
	for _, m := range strangers {
		if _, revision := s.document(m); revision != 0 {
			t.Error("a document was made of somebody who wrote in a group alone")
		}
	}
	if arrived := len(api.arrived()); arrived != before+2*groups {
		t.Errorf("texts went to %d chats, want the %d before and the groups", arrived, before)
	}
}

func TestStopInAGroupIsForEverybodyThereAndNobodyElse(t *testing.T) {
	s, api := groupService(t)
	ada, bob, cy := newChat(), newChat(), newChat()
	here, there := newGroup(), newGroup()
	heard := func(group int64, n int) []string {
		t.Helper()
		s.settled()
		texts := api.sent(group)
		if len(texts) != n {
			t.Fatalf("%d texts arrived, want %d: %q", len(texts), n, texts)
		}
		return texts
	}
	s.say(ada, here, "/stop@LeckerBot")
	if texts := heard(here, 1); !strings.Contains(texts[0], "START") {
		t.Errorf("STOP is confirmed by %q", texts[0])
	}
	for _, member := range []int64{ada, bob, cy} {
		for _, text := range []string{"hours", "/stop", "help", "tap k:hours", "tap c:menu"} {
			s.say(member, here, text)
		}
	}
	heard(here, 1)
	s.restart()
	s.clock.advance(50 * time.Hour)
	s.say(bob, here, "hours")
	heard(here, 1)

	s.say(bob, there, "hours")
	heard(there, 1)
	for _, person := range []int64{ada, bob} {
		if got := s.reply(api, person, "hours"); !strings.Contains(got, "Open from 9") {
			t.Errorf("in private somebody got %q", got)
		}
	}

	s.say(cy, here, "/start")
	heard(here, 2)
	s.say(ada, here, "hours")
	if texts := heard(here, 3); texts[2] != "Open from 9 to 17." {
		t.Errorf("after /start a member got %q", texts[2])
	}
}

func TestPrivateStopStandsWhateverIsSaidInAGroup(t *testing.T) {
	s, api := groupService(t)
	ada, group := newChat(), newGroup()
	s.reply(api, ada, "stop")
	for _, text := range []string{"/start", "tap c:start", "/start hours", "hours"} {
		s.say(ada, group, text)
	}
	s.settled()
	if texts := api.sent(group); len(texts) != 4 || texts[3] != "Open from 9 to 17." {
		t.Errorf("the group heard %q", texts)
	}
	if r, _ := s.document(ada); r.State != who.Stopped || r.Address != "" {
		t.Errorf("in private the reader is %+v", r)
	}
}

func TestASilentGroupStaysSilentUnderItsNewName(t *testing.T) {
	s, api := groupService(t)
	ada, former, now := newChat(), newGroup(), newGroup()
	s.say(ada, former, "/stop")
	s.settled()
	moves := []string{
		fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"from":{"id":%d},"chat":{"id":%d,"type":"group"},"date":1,"migrate_to_chat_id":%d}}`, newUpdate(), ada, former, now),
		fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"from":{"id":1087968824,"is_bot":true},"sender_chat":{"id":%d,"type":"supergroup"},"chat":{"id":%d,"type":"supergroup"},"date":1,"migrate_from_chat_id":%d}}`, newUpdate(), now, now, former),
	}
	for _, order := range [][]string{moves, {moves[1], moves[0]}} {
		for _, update := range order {
			if status := deliver(t, s.URL, update); status != http.StatusOK {
				t.Fatalf("the webhook answered %d", status)
			}
		}
		s.say(ada, now, "hours")
		s.settled()
		if texts := api.sent(now); len(texts) != 0 {
			t.Fatalf("the group heard %q", texts)
		}
	}
	s.say(ada, now, "/start")
	if status := deliver(t, s.URL, moves[0]); status != http.StatusOK {
		t.Fatalf("the webhook answered %d", status)
	}
	s.say(ada, now, "hours")
	s.settled()
	if texts := api.sent(now); len(texts) != 2 || !slices.Contains(texts, "Open from 9 to 17.") {
		t.Errorf("after /start the group heard %q", texts)
	}
}

func TestAGroupThatSentTheBotAwayIsAnsweredWhenItIsBack(t *testing.T) {
	s, api := groupService(t)
	ada, group := newChat(), newGroup()
	s.say(ada, group, "hours")
	s.settled()
	moved := func(status string) {
		t.Helper()
		update := fmt.Sprintf(`{"update_id":%d,"my_chat_member":{"chat":{"id":%d,"type":"supergroup"},"from":{"id":%d,"is_bot":false},"date":1,`+
			`"old_chat_member":{"status":"member"},"new_chat_member":{"status":%q,"user":{"id":123456,"is_bot":true,"username":"LeckerBot"}}}}`, newUpdate(), group, ada, status)
		if got := deliver(t, s.URL, update); got != http.StatusOK {
			t.Fatalf("the webhook answered %d", got)
		}
	}
	moved("kicked")
	if r, _ := s.document(group); r.State != who.Gone {
		t.Fatalf("after it was sent away the group is %q", r.State)
	}
	moved("member")
	if r, _ := s.document(group); r.State != who.Active {
		t.Fatalf("after it is back the group is %q", r.State)
	}
	if _, revision := s.document(ada); revision != 0 {
		t.Error("the member who did it has a document")
	}
	s.say(ada, group, "hours")
	s.settled()
	if texts := api.sent(group); len(texts) != 2 {
		t.Errorf("the group heard %q", texts)
	}
}
