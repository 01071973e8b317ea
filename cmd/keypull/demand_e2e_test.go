package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/retention"
	"keypull/store"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/presignin"
)

// demandOf lists a publisher's demand at the socket.
func (s *service) demandOf(publisher string) console.DemandAnswer {
	s.t.Helper()
	return atSocket[console.DemandList, console.DemandAnswer](s, "demand.list", console.DemandList{Of: console.Of{Publisher: publisher}})
}

// crowd has so many readers who were never there before write a text.
func (s *service) crowd(publisher, text string, readers int) {
	s.t.Helper()
	for range readers {
		if _, err := tryAsk(s.URL, publisher, text); err != nil {
			s.t.Fatal(err)
		}
	}
	s.settled()
}

// deskOf returns a session of an editor, as a browser's headers.
func (s *service) deskOf(publisher string) map[string]string {
	s.t.Helper()
	invited := atSocket[accounts.PersonInvite, accounts.Invitation](s, "person.invite",
		accounts.PersonInvite{Of: console.Of{Publisher: publisher}, Email: "ed@" + publisher + ".example", Role: "editor"})
	secret := path.Base(invited.Link)
	s.log.keepOut(secret)
	entry, err := s.gate.Accept(s.t.Context(), secret, accounts.Newcomer{Name: "Ed", Email: "ed@" + publisher + ".example", Password: personPassword}, accounts.Browser{})
	if err != nil {
		s.t.Fatal(err)
	}
	c := presignin.CookiesOf(s.gate.DeviceKey).Session(entry.Secret, 0)
	return map[string]string{"Cookie": c.Name + "=" + c.Value, "Origin": s.URL, "Content-Type": "application/x-www-form-urlencoded"}
}

func TestAMissBecomesAnAliasInOneClickAndIsAnswered(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	desk := s.deskOf("lecker")
	s.crowd("lecker", "Gazpacho!", 4)
	const at = "/console/p/lecker/demand"
	before := request(t, http.MethodGet, s.URL+at, "", desk)
	if before.status != http.StatusOK || strings.Contains(strings.ToLower(before.body), "gazpacho") || !strings.Contains(before.body, "fewer than 5") {
		t.Fatalf("of four readers the page shows %d %s", before.status, before.body)
	}
	s.crowd("lecker", "gazpacho", 1)
	page := request(t, http.MethodGet, s.URL+at, "", desk)
	if !strings.Contains(page.body, "<bdi>gazpacho</bdi>") || !strings.Contains(page.body, "keywords/new?phrase=gazpacho") {
		t.Fatalf("of five readers the page shows %s", page.body)
	}
	_, rest, _ := strings.Cut(page.body, `name="_csrf" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	form := url.Values{"_csrf": {token}, "keyword": {"hours"}, "text": {"gazpacho"}, "language": {"en"}}
	clicked := request(t, http.MethodPost, s.URL+at+"/adopt", form.Encode(), desk)
	if clicked.status != http.StatusSeeOther || !strings.HasPrefix(clicked.header.Get("Location"), at+"?done=demand_adopted&undo=") {
		t.Fatalf("the click was answered %d %s", clicked.status, clicked.body)
	}
	asks(t, s.URL, "lecker", "gazpacho", "Open from 9 to 17.")
	after := s.demandOf("lecker")
	if d := after.Demand; len(d.Unmet) != 0 || d.Missed != 5 || d.Answered != 1 {
		t.Errorf("after the click: %+v", d)
	}
	if acts := c.acts(); textOf(acts[0], "operation") != "demand.adopt" || textOf(acts[0], "target") != "keyword hours" {
		t.Errorf("the audit log says %v", acts[0])
	}
}

func TestDemandTellsProgramsItsVersion(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	first := c.get("/publishers/lecker/demand?days=7").header.Get("Etag")
	if again := c.get("/publishers/lecker/demand?days=7").header.Get("Etag"); first == "" || again != first {
		t.Errorf("versions %q and %q", first, again)
	}
	s.crowd("lecker", "gazpacho", 1)
	if now := c.get("/publishers/lecker/demand?days=7").header.Get("Etag"); now == first {
		t.Error("an ask changed no version")
	}
	c.want(http.StatusUnprocessableEntity, http.MethodGet, "/publishers/lecker/demand?days=91", nil)
	c.want(http.StatusNotFound, http.MethodPost, "/publishers/lecker/demand/adopt", object{"keyword": "hours", "text": "gazpacho"})
}

func TestOfReadersWithoutConsentCountsAloneAreKept(t *testing.T) {
	s, _ := changingChat(t, `consent = "May we remember what you ask?"`)
	for range 6 {
		s.crowd("lecker", "gazpacho", 1)
		s.crowd("lecker", "news", 1)
	}
	for range 5 {
		s.chat(`{"text":"polenta bowl","consent":true}`)
	}
	s.settled()
	s.restart()
	d := s.demandOf("lecker").Demand
	if d.Asks != 17 || d.Missed != 11 || d.Answered != 6 || d.Bare != 6 {
		t.Errorf("got %+v", d)
	}
	if len(d.Unmet) != 1 || d.Unmet[0].Text != "polenta bowl" || len(d.Keywords) != 1 || d.Keywords[0].Answered != 6 {
		t.Errorf("got %+v and %+v", d.Unmet, d.Keywords)
	}
}

func TestWhatReadersTakeAfterAMissIsProposed(t *testing.T) {
	s, _ := changingChat(t)
	for range 5 {
		session := s.chat(`{"text":"gazpacho"}`).Session
		s.chat(`{"text":"news","session":"` + session + `"}`)
	}
	s.settled()
	d := s.demandOf("lecker").Demand
	if len(d.Proposals) != 1 || d.Proposals[0].Text != "gazpacho" || d.Proposals[0].Keyword != "news" || d.Proposals[0].Times != 5 || d.Proposals[0].Readers != 5 {
		t.Errorf("got %+v", d.Proposals)
	}
	if len(d.Unmet) != 1 || d.Unmet[0].Readers != 5 || d.Answered != 5 {
		t.Errorf("got %+v", d)
	}
}

func TestDemandSurvivesServersThatBreakOff(t *testing.T) {
	s, _ := changingChat(t)
	for n := range 4 {
		s.crowd("lecker", "gazpacho", 2)
		if n%2 == 0 {
			s.demandOf("lecker")
		}
		s.crowd("lecker", "news", 1)
		s.breakOff()
		s.start()
	}
	d := s.demandOf("lecker").Demand
	if d.Asks != 12 || d.Missed != 8 || len(d.Unmet) != 1 || d.Unmet[0].Asks != 8 || d.Unmet[0].Readers != 8 {
		t.Errorf("got %+v", d)
	}
	s.clock.advance(91 * 24 * time.Hour)
	if err := s.forgetBefore(t.Context(), s.clock.Now().Add(-textRetention)); err != nil {
		t.Fatal(err)
	}
	if err := s.sweepExpired(t.Context(), s.clock.Now(), retention.NewAbsence(&store.Retention{}, s.clock.Now())); err != nil {
		t.Fatal(err)
	}
	if d := s.demandOf("lecker").Demand; d.Asks != 0 || len(d.Unmet) != 0 {
		t.Errorf("kept too long: %+v", d)
	}
}

func TestTheCommandListsDemandWithAServerAndWithout(t *testing.T) {
	s, _ := changingChat(t)
	if _, stdout, _ := command(t.Context(), "demand", "-c", s.path, "--publisher", "lecker", "--json"); strings.Contains(stdout, "null") {
		t.Errorf("a list of nothing is no list: %s", stdout)
	}
	s.crowd("lecker", "gazpacho", 5)
	s.crowd("lecker", "panettone", 2)
	s.crowd("lecker", "news", 3)
	check := func() {
		t.Helper()
		code, stdout, stderr := command(t.Context(), "demand", "-c", s.path, "--days", "7")
		if code != cli.Done || stderr != "" {
			t.Fatalf("it ended with %d and said %q", code, stderr)
		}
		for _, want := range []string{"lecker, ", ": 10 asks, 3 answered, 0 offered, 0 helped, 0 refused, 7 not found", "\ngazpacho       5      5 ",
			"\n(not shown)    2      fewer than 5  ", "\nnews     3      3         0        0"} {
			if !strings.Contains(stdout, want) {
				t.Errorf("got %s\nwant %q in it", stdout, want)
			}
		}
		if strings.Contains(stdout, "panettone") {
			t.Errorf("it shows what two readers wrote: %s", stdout)
		}
		code, stdout, _ = command(t.Context(), "demand", "-c", s.path, "--publisher", "lecker", "--json")
		var a publishedDemand
		if err := json.Unmarshal([]byte(stdout), &a); err != nil || code != cli.Done {
			t.Fatalf("%d %s: %v", code, stdout, err)
		}
		if a.Publisher != "lecker" || a.Days != 30 || a.Demand.Asks != 10 || len(a.Demand.Unmet) != 2 {
			t.Errorf("got %+v", a)
		}
	}
	check()
	s.stop()
	check()
	for args, want := range map[string]int{"--days=0": cli.Usage, "--days=91": cli.Usage, "--publisher=nobody": cli.Findings} {
		if code, _, stderr := command(t.Context(), "demand", "-c", s.path, args); code != want || stderr == "" {
			t.Errorf("%s ended with %d and said %q", args, code, stderr)
		}
	}
}

// TestAnAliasAsksForWhatReadersTook has a text that readers took one of several entries
// for: adopted, it asks for that one, for everybody.
func TestAnAliasAsksForWhatReadersTook(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", object{"id": "prices", "kind": "text", "settings": object{"answers": []object{
		{"title": "Infosys Ltd", "text": "Infosys: 1500 rupees"}, {"title": "Infosys BPM", "text": "BPM: 30 rupees"}, {"title": "Tata Motors", "text": "Tata: 700 rupees"},
	}}})
	c.add("lecker", "keyword", wordDoc("price", "prices", object{"argument": "required", "bare": true, "stamp": "never"}))
	for range 5 {
		session := s.chat(`{"text":"infosys"}`).Session
		if got := s.chat(`{"text":"1","session":"` + session + `"}`).text(); !strings.Contains(got, "Infosys: 1500 rupees") {
			t.Fatalf("the option was answered %s", got)
		}
	}
	s.settled()
	d := s.demandOf("lecker").Demand
	if len(d.Proposals) != 1 || d.Proposals[0].Text != "infosys" || d.Proposals[0].Keyword != "price" || d.Proposals[0].Argument == "" || d.Proposals[0].Readers != 5 {
		t.Fatalf("got %+v", d.Proposals)
	}
	p := d.Proposals[0]
	for range 2 { // once more changes nothing
		c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/demand/adopt", object{"keyword": p.Keyword, "text": p.Text, "argument": p.Argument})
	}
	for text, want := range map[string]string{"infosys": "Infosys: 1500 rupees", "infosys bpm": "BPM: 30 rupees", "price tata motors": "Tata: 700 rupees"} {
		asks(t, s.URL, "lecker", text, want)
	}
}
