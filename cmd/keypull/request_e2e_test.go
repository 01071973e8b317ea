package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull/talk"
	"keypull/store"
)

// requestBlocks are keywords that take a request of each kind.
func requestBlocks(hook string) string {
	var b strings.Builder
	b.WriteString(sourceBlock("times", "calendar", "", `hours = ["mon-sun 09:00-12:00"]`, `slots = "30m"`))
	handed := ""
	if hook != "" {
		b.WriteString(sourceBlock("crm", "hook", "", fmt.Sprintf("url = %q", hook), `secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"`))
		handed = `, hook = "crm"`
	}
	for _, k := range []string{
		`id = "paper"
phrases = { en = ["missing paper"] }
request = { kind = "incident", ask = [{ text = { en = "Which day?" }, slot = "date" }, { text = { en = "Your address?" } }]` + handed + ` }`,
		`id = "rolls"
phrases = { en = ["bakery order"] }
request = { kind = "order", ask = [{ text = { en = "What?" } }, { text = { en = "When?" }, choices = { en = ["Morning", "Evening"] } }] }`,
		`id = "passport"
source = "times"
phrases = { en = ["passport appointment"] }
request = { kind = "appointment" }`,
	} {
		b.WriteString("\n[[publisher.keyword]]\n" + k + "\n")
	}
	return b.String()
}

var numberSaid = regexp.MustCompile(`Your number is ([0-9A-Z-]{13})`)

// numberIn returns the number that an answer tells.
func numberIn(t testing.TB, told string) string {
	t.Helper()
	found := numberSaid.FindStringSubmatch(told)
	if found == nil {
		t.Fatalf("no number in %q", told)
	}
	return found[1]
}

// requests lists those of the publisher.
func (d *personDesk) requests(c caller, query string) (all []object) {
	d.t.Helper()
	listed, _ := c.want(http.StatusOK, http.MethodGet, "/publishers/lecker/requests"+query, nil).object["requests"].([]any)
	for _, one := range listed {
		all = append(all, one.(object))
	}
	return all
}

// head returns what of a chat's conversation is known without opening it; nil if there is none.
func (d *personDesk) head(chat int64) *talk.Head {
	d.t.Helper()
	all, err := store.NewTalks(d.ledger).Heads(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	for i := range all {
		if all[i].Reader == d.readerKey("lecker", "tg", fmt.Sprint(chat)) {
			return &all[i]
		}
	}
	return nil
}

func TestARequestIsTakenOnceThroughRestartsAndItsReaderMayAskHowItStands(t *testing.T) {
	t.Parallel()
	d := openPersonDesk(t, requestBlocks(""))
	editor, chat := d.program("lecker", "editor"), newChat()
	told := ""
	for _, said := range []string{"missing paper yesterday", "12 Quetzal Street", "yes"} {
		update := messageUpdate(newUpdate(), chat, said)
		d.log.keepOut(said)
		before := len(d.api.sent(chat))
		for range 2 {
			deliver(t, d.URL, update)
		}
		told = d.replies(d.api, chat, before+1)[before]
		d.restart()
		deliver(t, d.URL, update)
		d.settled()
	}
	number := numberIn(t, told)
	all := d.requests(editor, "")
	if len(all) != 1 || all[0]["number"] != number || all[0]["state"] != "received" || !strings.Contains(fmt.Sprint(all[0]["fields"]), "12 Quetzal Street") {
		t.Fatalf("%v", all)
	}
	if talks := d.conversations(editor, "?state=request"); len(talks) != 1 || "/publishers/lecker/conversations/"+fmt.Sprint(talks[0]["id"]) != d.at(chat) {
		t.Errorf("%v", talks)
	}
	if fails := editor.want(http.StatusOK, http.MethodGet, "/publishers/lecker/failures", nil).body; !strings.Contains(fails, `"code":"waiting"`) {
		t.Errorf("that a reader waits is not told: %s", fails)
	}
	at := "/publishers/lecker/requests/" + strings.ToLower(strings.ReplaceAll(number, "-", ""))
	editor.want(http.StatusOK, http.MethodPut, at, object{"state": "done", "text": "A paper comes with the post tomorrow."})
	if got := editor.send(http.MethodPut, at, object{"state": "eaten"}); got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity {
		t.Errorf("a state that is none: %d %s", got.status, got.body)
	}
	d.program("lecker", "viewer").want(http.StatusForbidden, http.MethodGet, "/publishers/lecker/requests", nil)
	d.restart()
	if got := d.reply(d.api, chat, "status "+strings.ToLower(number)); !strings.Contains(got, "It is done.") || !strings.Contains(got, "with the post tomorrow") || !strings.Contains(got, "12 Quetzal Street") {
		t.Errorf("the reader is told %q", got)
	}
	other := newChat()
	if got := d.reply(d.api, other, number); !strings.Contains(got, "It is done.") || strings.Contains(got, "Quetzal") || strings.Contains(got, "post") {
		t.Errorf("another reader is told %q", got)
	}
	for range 12 {
		told = d.reply(d.api, other, number)
	}
	if !strings.Contains(told, "many codes") {
		t.Errorf("after many tries: %q", told)
	}
	// It stays for 90 days after it was closed, whatever keys of days go meanwhile, and not longer.
	for range 8 {
		d.clock.advance(11 * 24 * time.Hour)
		d.restart()
		eventually(t, "what is kept is sealed anew", func() bool {
			h := d.head(chat)
			return h != nil && d.clock.Now().Sub(h.Renewed) < 24*time.Hour
		})
	}
	if got := d.requests(editor, ""); len(got) != 1 || !strings.Contains(fmt.Sprint(got[0]["fields"]), "12 Quetzal Street") {
		t.Errorf("after 88 days: %v", got)
	}
	d.clock.advance(3 * 24 * time.Hour)
	d.restart()
	eventually(t, "it is gone", func() bool { return len(d.requests(editor, "")) == 0 })
}

func TestAnAppointmentIsInTheReadersCalendarAndGivesItsTimeBack(t *testing.T) {
	d := openPersonDesk(t, requestBlocks(""))
	editor := d.program("lecker", "editor")
	chats := []int64{newChat(), newChat(), newChat()}
	for _, chat := range chats {
		d.reply(d.api, chat, "passport appointment")
		d.reply(d.api, chat, "1")
	}
	var wait sync.WaitGroup
	for _, chat := range chats {
		wait.Go(func() { d.tell(chat, "yes") })
	}
	wait.Wait()
	got, lost := "", 0
	var winner, loser int64
	for _, chat := range chats {
		if told := d.replies(d.api, chat, 3)[2]; strings.Contains(told, "Your number is") {
			got, winner = told, chat
		} else if strings.Contains(told, "has just been taken") {
			lost, loser = lost+1, chat
		}
	}
	if got == "" || lost != len(chats)-1 {
		t.Fatalf("%q, and %d others were offered the next", got, lost)
	}
	link := strings.TrimPrefix(regexp.MustCompile(`http://\S+\.ics`).FindString(got), d.URL)
	fetch := func(link string) posted { return request(t, http.MethodGet, d.URL+link, "", nil) }
	file := fetch(link)
	if file.status != http.StatusOK || !strings.HasPrefix(file.header.Get("Content-Type"), "text/calendar") || strings.Count(file.body, "BEGIN:VEVENT") != 1 {
		t.Fatalf("%d %s", file.status, file.body)
	}
	if wrong := fetch(strings.Replace(link, "/lecker/", "/other/", 1)); wrong.status != http.StatusNotFound {
		t.Errorf("of another publisher: %d", wrong.status)
	}
	from, _ := d.requests(editor, "?keyword=passport")[0]["from"].(string)
	begins, err := time.Parse(time.RFC3339, from)
	if err != nil || !strings.Contains(file.body, "\r\nDTSTART:"+begins.UTC().Format("20060102T150405Z")+"\r\n") {
		t.Errorf("%q, %v: %s", from, err, file.body)
	}
	number := numberIn(t, got)
	if read := readCalendar(t, file.body); read != (calendarEvent{1, begins.UTC().Format(time.RFC3339), 30, read.Summary, "CONFIRMED", read.UID}) || !strings.Contains(read.UID, number) || !strings.Contains(read.Summary, "Lecker") {
		t.Errorf("an independent reader of calendars reads %+v", read)
	}
	d.restart()
	editor.want(http.StatusOK, http.MethodPut, "/publishers/lecker/requests/"+number, object{"state": "cancelled"})
	if again := fetch(link); !strings.Contains(again.body, "STATUS:CANCELLED") {
		t.Errorf("cancelled: %s", again.body)
	}
	first := d.offeredFirst()
	d.reply(d.api, loser, "cancel")
	// book takes the first time that there is.
	book := func() (told string) {
		d.reply(d.api, loser, "passport appointment")
		d.reply(d.api, loser, "1")
		return d.reply(d.api, loser, "yes")
	}
	for _, words := range []string{"cancel appointment ", "stornieren "} {
		d.reply(d.api, loser, words+numberIn(t, book()))
		d.reply(d.api, loser, "yes")
		if freed := d.offeredFirst(); freed != first {
			t.Errorf("after %q %q is offered, not %q", words, freed, first)
		}
	}
	link = strings.TrimPrefix(regexp.MustCompile(`http://\S+\.ics`).FindString(book()), d.URL)
	if next := d.offeredFirst(); next == first {
		t.Errorf("%q is offered although it is taken", next)
	}
	d.restart()
	d.reply(d.api, loser, "FORGET ME")
	d.reply(d.api, loser, "yes")
	eventually(t, "the appointment is gone", func() bool { return fetch(link).status == http.StatusNotFound })
	if freed := d.offeredFirst(); freed != first {
		t.Errorf("after FORGET ME %q is offered, not %q", freed, first)
	}
	if all := d.requests(editor, "?keyword=passport"); len(all) != 1 { // FORGET ME took the cancelled ones along
		t.Errorf("%d of chat %d stay", len(all), winner)
	}
}

// offeredFirst returns the time that somebody who comes new is offered first.
func (d *personDesk) offeredFirst() string {
	d.t.Helper()
	chat := newChat()
	d.reply(d.api, chat, "passport appointment")
	told := d.reply(d.api, chat, "1")
	found := regexp.MustCompile(`passport appointment: (.+)`).FindStringSubmatch(told)
	if found == nil {
		d.t.Fatalf("no time in %q", told)
	}
	return found[1]
}

func TestARequestReachesAnEndpointThatIsBackAndOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	down, came := true, map[string]int{}
	system := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		var said struct {
			Type    string
			Request struct {
				Number string
				Fields []struct{ Value string }
			}
		}
		if down || json.Unmarshal(body, &said) != nil || said.Type != "request" || len(said.Request.Fields) != 2 || said.Request.Fields[1].Value != "4 Heron Lane" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		came[r.Header.Get("Idempotency-Key")+" "+r.Header.Get("Webhook-Id")]++
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"state": "in_work", "text": "With the carrier."}`)
	}))
	defer system.Close()
	d := openPersonDesk(t, requestBlocks(system.URL))
	d.log.keepOut("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "4 Heron Lane")
	editor, chat := d.program("lecker", "editor"), newChat()
	d.reply(d.api, chat, "missing paper yesterday 4 Heron Lane")
	number := numberIn(t, d.reply(d.api, chat, "yes"))
	eventually(t, "why it can't be handed over is told", func() bool {
		all := d.requests(editor, "")
		return len(all) == 1 && all[0]["unsent"] == true && fmt.Sprint(all[0]["why"]) != "<nil>"
	})
	d.restart()
	mu.Lock()
	down = false
	mu.Unlock()
	eventually(t, "it is handed over", func() bool {
		d.clock.advance(time.Minute)
		all := d.requests(editor, "")
		return len(all) == 1 && all[0]["unsent"] == nil
	})
	d.restart()
	if got := d.reply(d.api, chat, number); !strings.Contains(got, "It is being looked at.") || !strings.Contains(got, "With the carrier.") {
		t.Errorf("the reader is told %q", got)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(came) != 1 || came[number+" request_"+number] != 1 {
		t.Errorf("%v came", came)
	}
}

// calendarEvent is what an independent reader of calendars reads in a file of one event.
type calendarEvent struct {
	Events               int
	Begins               string
	Minutes              int
	Summary, Status, UID string
}

// readCalendar reads a file by ical.js, which takes no line that is not as RFC 5545 has it.
func readCalendar(t *testing.T, file string) (read calendarEvent) {
	t.Helper()
	const script = `
import("ical.js").then(({ default: ICAL }) => {
  ICAL.design.strict = true;
  const all = new ICAL.Component(ICAL.parse(require("fs").readFileSync(0, "utf8"))).getAllSubcomponents("vevent");
  const e = new ICAL.Event(all[0], { strictExceptions: true });
  process.stdout.write(JSON.stringify({ Events: all.length, Begins: e.startDate.toJSDate().toISOString().replace(".000", ""),
    Minutes: e.duration.toSeconds() / 60, Summary: e.summary, Status: all[0].getFirstPropertyValue("status"), UID: e.uid }));
});`
	cmd := exec.CommandContext(t.Context(), "node", "-e", script)
	cmd.Dir, cmd.Stdin, cmd.Stderr = npmFolder(t), strings.NewReader(file), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatal(err)
	}
	return read
}
