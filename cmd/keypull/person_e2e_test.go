package main

import (
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// personDesk is a publisher whose people answer its readers over the API.
type personDesk struct {
	*service
	api *botAPI
}

func openPersonDesk(t *testing.T, lines ...string) *personDesk {
	t.Helper()
	api := newBotAPI(t)
	d := &personDesk{api: api, service: serveConfig(t, append(append([]string{}, lines...), textBlock("hours", "Open from 9 to 17."), telegramBlock(api.URL))...)}
	return d
}

// conversations lists them.
func (d *personDesk) conversations(c caller, query string) (all []object) {
	d.t.Helper()
	listed, _ := c.want(http.StatusOK, http.MethodGet, "/publishers/lecker/conversations"+query, nil).object["conversations"].([]any)
	for _, one := range listed {
		all = append(all, one.(object))
	}
	return all
}

// at is where a chat's conversation is.
func (d *personDesk) at(chat int64) string {
	key := string(d.readerKey("lecker", "tg", fmt.Sprint(chat)))
	return "/publishers/lecker/conversations/" + strings.TrimPrefix(key, "lecker.")
}

// mode returns who answers a chat.
func (d *personDesk) mode(chat int64) string {
	d.t.Helper()
	r, _, err := d.ledger.Reader(d.t.Context(), d.readerKey("lecker", "tg", fmt.Sprint(chat)))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(r.Mode)
}

// silent tells something that nobody answers.
func (d *personDesk) silent(chat int64, text string) {
	d.t.Helper()
	before := len(d.api.sent(chat))
	d.tell(chat, text)
	d.replies(d.api, chat, before)
}

// takeOver has the person in charge of a chat, who then tells something.
func (d *personDesk) takeOver(editor caller, chat int64, text string) {
	d.t.Helper()
	d.reply(d.api, chat, "hours")
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/take", nil)
	d.silent(chat, text)
}

func TestAReaderIsHandedToAPersonAndBack(t *testing.T) {
	d := openPersonDesk(t)
	chat := newChat()
	editor := d.program("lecker", "editor")
	if got := d.reply(d.api, chat, "HUMAN"); !strings.Contains(got, "No person reads along here.") {
		t.Fatalf("before anybody has answered: %q", got)
	}
	d.reply(d.api, chat, "hours")
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/take", nil)
	d.restart()
	if d.silent(chat, "is somebody there?"); d.mode(chat) != "human" {
		t.Fatal(d.mode(chat))
	}
	d.restart()
	shown := editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/replies", object{"text": "Good morning.", "key": "a"})
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/replies", object{"text": "Good morning.", "key": "a"})
	if got := d.replies(d.api, chat, 3)[2]; !strings.HasPrefix(got, "Good morning.\n") || !strings.Contains(got, "MENU brings the automatic answers back") {
		t.Errorf("%q arrived", got)
	}
	if !strings.Contains(shown.body, "is somebody there?") || !strings.Contains(shown.body, "Open from 9 to 17.") {
		t.Errorf("what was said, and asked before, is not there: %s", shown.body)
	}
	d.restart()
	// Two people at once: both arrive, in the order in which they stand there.
	var wait sync.WaitGroup
	for _, text := range []string{"one", "two", "three", "four"} {
		wait.Go(func() { editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/replies", object{"text": text}) })
	}
	wait.Wait()
	got := d.replies(d.api, chat, 7)[3:]
	var stand []string
	lines, _ := editor.want(http.StatusOK, http.MethodGet, d.at(chat), nil).object["lines"].([]any)
	for _, l := range lines {
		if l := l.(object); l["from"] == "person" {
			stand = append(stand, fmt.Sprint(l["text"]))
		}
	}
	if !slices.Equal(got, stand[1:]) {
		t.Errorf("%q arrived, %q stand there", got, stand)
	}
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/release", nil)
	d.restart()
	if got := d.reply(d.api, chat, "hours"); !strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("after the release: %q", got)
	}
	// By now somebody answers, so that another reader is handed over alone.
	other := newChat()
	if got := d.reply(d.api, other, "HUMAN"); !strings.Contains(got, "A person of ") || d.mode(other) != "waiting" {
		t.Errorf("another reader: %q", got)
	}
	d.restart()
	if got := d.reply(d.api, other, "my paper is wet"); !strings.Contains(got, "I pass that on") {
		t.Errorf("%q", got)
	}
	all := d.conversations(editor, "")
	if len(all) != 2 || all[0]["state"] != "waiting" || all[1]["state"] != "over" {
		t.Errorf("%v", all)
	}
	if found := d.conversations(editor, "?q=WET"); len(found) != 1 {
		t.Errorf("%v", found)
	}
	if fails := editor.want(http.StatusOK, http.MethodGet, "/publishers/lecker/failures", nil).body; !strings.Contains(fails, `"code":"waiting"`) || !strings.Contains(fails, "1 reader waits for a person.") {
		t.Errorf("that one waits is not told: %s", fails)
	}
	d.reply(d.api, other, "STOP")
	if got := editor.send(http.MethodPost, d.at(other)+"/replies", object{"text": "Hello?"}); got.status != http.StatusConflict {
		t.Errorf("to who said STOP: %d %s", got.status, got.body)
	}
	editor.want(http.StatusNotFound, http.MethodPost, "/publishers/lecker/conversations/aaaaaaaaaaaaaaaaaaaaaaaaaa/take", nil)
	d.program("lecker", "viewer").want(http.StatusForbidden, http.MethodGet, "/publishers/lecker/conversations", nil)
}

func TestAConversationEndsByTimeAndLeavesNothingAfterForgetMe(t *testing.T) {
	d := openPersonDesk(t)
	chat := newChat()
	editor := d.program("lecker", "editor")
	d.takeOver(editor, chat, "my name is quetzalmark")
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/replies", object{"text": "Thank you, quetzalmark."})
	d.replies(d.api, chat, 2)
	d.restart()
	d.clock.advance(23 * time.Hour)
	d.silent(chat, "hours")
	d.clock.advance(2 * time.Hour)
	waits := func(when string, want bool) {
		t.Helper()
		fails := editor.want(http.StatusOK, http.MethodGet, "/publishers/lecker/failures", nil).body
		if all := d.conversations(editor, "?state=waiting"); (len(all) == 1) != want || strings.Contains(fails, `"code":"waiting"`) != want {
			t.Errorf("%s: %v, %s", when, all, fails)
		}
	}
	waits("nobody answered for a day", true)
	if got := d.reply(d.api, chat, "hours"); !strings.Contains(got, "Nobody has written for a day") || !strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("after a day: %q", got)
	}
	d.restart()
	waits("the service is back", true)
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/replies", object{"text": "Here again, quetzalmark."})
	d.replies(d.api, chat, 4)
	waits("it is answered", false)
	d.restart()
	d.reply(d.api, chat, "FORGET ME")
	if got := d.reply(d.api, chat, "yes"); !strings.Contains(got, "has erased all") {
		t.Fatalf("%q", got)
	}
	eventually(t, "the conversation is gone", func() bool { return editor.send(http.MethodGet, d.at(chat), nil).status == http.StatusNotFound })
	if all := d.conversations(editor, ""); len(all) != 0 {
		t.Errorf("%v", all)
	}
	editor.want(http.StatusNotFound, http.MethodPost, d.at(chat)+"/replies", object{"text": "Are you there?"})
	d.restart()
	if all := d.conversations(editor, ""); len(all) != 0 {
		t.Errorf("after a restart: %v", all)
	}
}

// A calendar of people goes before the hours.
func TestTheCalendarOfAnOfficeSaysWhenItsPeopleAreThere(t *testing.T) {
	now := time.Now()
	works := fmt.Sprintf(`holidays = ["%s..%s works"]`, now.AddDate(0, -1, 0).Format(time.DateOnly), now.AddDate(0, 6, 0).Format(time.DateOnly))
	for name, c := range map[string]struct{ holidays, want string }{
		"open":             {"", "A person of "},
		"closed for works": {works, "Nobody of "},
	} {
		t.Run(name, func(t *testing.T) {
			d := openPersonDesk(t, `person = { calendar = "office", hours = ["mon-sun 00:00-24:00"] }`,
				sourceBlock("office", "calendar", "", `hours = ["mon-sun 00:00-24:00"]`, c.holidays))
			editor, first := d.program("lecker", "editor"), newChat()
			d.reply(d.api, first, "hours")
			editor.want(http.StatusOK, http.MethodPost, d.at(first)+"/take", nil)
			editor.want(http.StatusOK, http.MethodPost, d.at(first)+"/replies", object{"text": "Good morning."})
			d.replies(d.api, first, 2)
			if got := d.reply(d.api, newChat(), "HUMAN"); !strings.Contains(got, c.want) {
				t.Error(got)
			}
		})
	}
}

// A page that stands open lets go of a reader who is forgotten, and lets answer one who is back.
func TestAnOpenConversationFollowsItsReader(t *testing.T) {
	d := openPersonDesk(t)
	chat := newChat()
	d.takeOver(d.program("lecker", "editor"), chat, "my name is quetzalmark")
	cookie := d.firstAdmin()
	at := d.URL + "/console/p" + strings.TrimPrefix(d.at(chat), "/publishers")
	follow := func() (again string) {
		t.Helper()
		page := request(t, http.MethodGet, at, "", map[string]string{"Cookie": cookie})
		_, rest, _ := strings.Cut(page.body, `hx-get="`)
		again, _, _ = strings.Cut(rest, `"`)
		return d.URL + html.UnescapeString(again)
	}
	wants := func(when, again string, status int, anew bool) {
		t.Helper()
		got := request(t, http.MethodGet, again, "", map[string]string{"Cookie": cookie, "HX-Request": "true"})
		if got.status != status || got.header.Get("HX-Refresh") == "true" != anew {
			t.Errorf("%s: %d %v", when, got.status, got.header)
		}
	}
	again := follow()
	wants("nothing is new", again, http.StatusNoContent, false)
	d.reply(d.api, chat, "STOP")
	wants("the reader said STOP", again, http.StatusOK, false)
	again = follow()
	d.reply(d.api, chat, "START")
	wants("the reader is back", again, http.StatusNoContent, true)
	again = follow()
	d.reply(d.api, chat, "FORGET ME")
	d.reply(d.api, chat, "yes")
	eventually(t, "the reader is forgotten", func() bool {
		return request(t, http.MethodGet, again, "", map[string]string{"Cookie": cookie}).status == http.StatusNotFound
	})
	wants("the reader is forgotten", again, http.StatusNotFound, true)
}
