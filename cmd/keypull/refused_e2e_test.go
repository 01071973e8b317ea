package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
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

	"keypull/web/console"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// fails returns what fails now, as the API tells it: "resource/id/code/count", with a mend.
func (s *service) fails(c caller) (all []string) {
	s.t.Helper()
	s.clock.advance(3 * time.Second) // dead letters are counted for a moment
	var listed console.FailureListed
	if err := json.Unmarshal([]byte(c.get("/publishers/lecker/failures").body), &listed); err != nil {
		s.t.Fatal(err)
	}
	for _, f := range listed.Failures {
		if f.Text == "" || f.Mend == "" {
			s.t.Errorf("%+v does not say what is wrong, or what to do", f)
		}
		all = append(all, fmt.Sprintf("%s/%s/%s/%d", f.Resource, f.ID, f.Code, f.Count))
	}
	return all
}

// health returns how a channel fares, as /readyz tells it.
func (s *service) health(channel string) messengers.Health {
	s.t.Helper()
	for _, h := range s.ready(http.StatusOK).Channels {
		if h.Channel == channel {
			return h
		}
	}
	s.t.Fatalf("no channel %s", channel)
	return messengers.Health{}
}

// refusals returns how often the log tells that an account is refused.
func (s *service) refusals() (n int) {
	for line := range strings.SplitSeq(s.log.String(), "\n") {
		if strings.Contains(line, `"level":"ERROR"`) && strings.Contains(line, "account is refused") && strings.Contains(line, `"mend":"`) {
			n++
		}
	}
	return n
}

func TestARevokedTokenIsToldWhereSomebodyLooksAndTriedAtGrowingPauses(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	bad := site.feed("bad.xml", "")
	bad.down = true
	s := serveConfig(t, textBlock("hours", "Open from 9 to 17."), feedBlock("bad", bad.url(), ""), keywordBlock("bad", "bad"), telegramBlock(api.URL), chatBlock())
	c, cookie := s.admin(), s.firstAdmin()
	today := func() string {
		got := request(t, http.MethodGet, s.URL+"/console/p/lecker/today", "", map[string]string{"Cookie": cookie})
		if got.status != http.StatusOK {
			t.Fatalf("the page is %d", got.status)
		}
		return got.body
	}
	if got := s.fails(c); len(got) != 0 || strings.Contains(today(), "today-failing") {
		t.Errorf("at first %q fail", got)
	}
	api.answer(func(_ botCall, w http.ResponseWriter) bool {
		botRefusal(w, http.StatusUnauthorized, "Unauthorized", "")
		return true
	})
	s.chat(`{"text":"bad"}`)
	chat := newChat()
	s.tell(chat, "hours")
	for _, pause := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second} {
		eventually(t, "it is refused, and tried again in "+pause.String(), func() bool {
			h := s.health("tg")
			return !h.Refused.IsZero() && h.Paused.Sub(h.Bad) == pause
		})
		if h := s.health("tg"); !strings.Contains(h.Error, "401") || h.Waiting != 1 {
			t.Errorf("%+v", h)
		}
		s.clock.advance(pause)
	}
	if n := s.refusals(); n != 1 {
		t.Errorf("the log tells it %d times", n)
	}
	if got := strings.Join(s.fails(c), " "); got != "channel/tg/refused/0 source/bad/failing/0" {
		t.Errorf("what fails is %q", got)
	}
	page := today()
	_, band, _ := strings.Cut(page, `aria-labelledby="today-failing"`)
	band, _, _ = strings.Cut(band, "</section>")
	for _, want := range []string{"2 things fail", "/channels/tg", "/sources/bad", "Enter a valid token"} {
		if !strings.Contains(band, want) {
			t.Errorf("the band on Today does not tell %q: %s", want, band)
		}
	}
	if strings.Index(page, "today-failing") > strings.Index(page, `class="figures`) && strings.Contains(page, `class="figures`) {
		t.Error("it does not stand on top")
	}
	api.answer(nil)
	bad.change(func(f *newsFeed) { f.down = false })
	s.clock.advance(10 * time.Minute)
	if got := s.replies(api, chat, 1); !strings.Contains(got[0], "Open from 9") {
		t.Errorf("got %q", got)
	}
	s.chat(`{"text":"bad"}`)
	if h := s.health("tg"); !h.Refused.IsZero() || h.Error != "" || s.refusals() != 1 {
		t.Errorf("after it is taken again: %+v", h)
	}
	if got := s.fails(c); len(got) != 0 || strings.Contains(today(), "today-failing") {
		t.Errorf("in the end %q fail", got)
	}
}

const (
	numberID   = "106540352242922"
	businessID = "102290129340398"
)

// cloud is a number at Meta, served: what is sent to it, and what it tells.
type cloud struct {
	*service
	mu   sync.Mutex
	sent []string
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	m := &cloud{}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !strings.HasSuffix(r.URL.Path, "/messages") || strings.Contains(string(body), "typing_indicator") {
			_, _ = io.WriteString(w, `{"success":true}`)
			return
		}
		m.mu.Lock()
		m.sent = append(m.sent, string(body))
		n := len(m.sent)
		m.mu.Unlock()
		_, _ = fmt.Fprintf(w, `{"messages":[{"id":"wamid.O%d"}]}`, n)
	}))
	t.Cleanup(api.Close)
	m.service = serveConfig(t, textBlock("hours", "Open from 9 to 17."), textBlock("maize", "Nairobi: KES 4,100 a bag."), kindBlock("whatsapp", "", quoted("phone_number_id", numberID),
		quoted("account_id", businessID), quoted("access_token", kindToken), quoted("app_secret", kindSecret), quoted("verify_token", "e2e-word"), quoted("template", "late_answer"), quoted("api_base", api.URL)))
	return m
}

// all returns what was sent so far.
func (m *cloud) all() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.sent...)
}

// tells has Meta tell of a change, and returns how that is answered.
func (m *cloud) tells(field, value string) int {
	m.t.Helper()
	body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":%q,"changes":[{"field":%q,"value":%s}]}]}`, businessID, field, value)
	mac := hmac.New(sha256.New, []byte(kindSecret))
	mac.Write([]byte(body))
	return request(m.t, http.MethodPost, m.URL+"/hook/lecker/whatsapp", body, map[string]string{
		"Content-Type": "application/json", "X-Hub-Signature-256": "sha256=" + hex.EncodeToString(mac.Sum(nil)),
	}).status
}

// number tells of something that is about the number.
func (m *cloud) number(what string) int {
	m.t.Helper()
	return m.tells("messages", `{"metadata":{"display_phone_number":"4930901820","phone_number_id":"`+numberID+`"},`+what+`}`)
}

// wrote has a reader write, by a telephone number and by another id where there is one.
func (m *cloud) wrote(phone, also, id, text string) {
	m.t.Helper()
	m.log.keepOut(phone)
	if also != "" {
		also = `"from_user_id":"` + also + `",`
	}
	if got := m.number(fmt.Sprintf(`"messages":[{"from":%q,%s"id":%q,"timestamp":"%d","type":"text","text":{"body":%q}}]`, phone, also, id, m.clock.Now().Unix(), text)); got != http.StatusOK {
		m.t.Fatalf("the message is answered %d", got)
	}
}

func (m *cloud) failed(message string, code int) int {
	m.t.Helper()
	return m.number(fmt.Sprintf(`"statuses":[{"id":%q,"status":"failed","recipient_id":"4915112345678","errors":[{"code":%d}]}]`, message, code))
}

func TestWhatWhatsAppTookAndDidNotBringIsADeadLetterOrLeavesOnceMore(t *testing.T) {
	m := newCloud(t)
	c := m.admin()
	m.wrote("4915112345678", "", "wamid.I1", "hours")
	eventually(t, "it is answered", func() bool { return len(m.all()) == 1 })
	m.settled()
	// It is written down before Meta hears that we know, so that no end of ours loses it.
	if got := m.failed("wamid.O1", 131051); got != http.StatusOK {
		t.Fatal(got)
	}
	m.breakOff()
	m.start()
	for range 2 {
		if got := strings.Join(m.fails(c), " "); got != "dead/whatsapp/letters/1" {
			t.Fatalf("what fails is %q", got)
		}
		if got := m.failed("wamid.O1", 131051); got != http.StatusOK { // told twice
			t.Fatal(got)
		}
	}
	m.wrote("4915112345678", "", "wamid.I2", "maize")
	eventually(t, "the second is answered", func() bool { return len(m.all()) == 2 })
	m.settled()
	if got := m.failed("wamid.O2", 131047); got != http.StatusOK {
		t.Fatal(got)
	}
	eventually(t, "it leaves in the approved text", func() bool { return len(m.all()) == 3 })
	if last := m.all()[2]; !strings.Contains(last, `"late_answer"`) || !strings.Contains(last, "Nairobi") {
		t.Errorf("it leaves as %s", last)
	}
	eventually(t, "one dead letter is left", func() bool { return strings.Join(m.fails(c), " ") == "dead/whatsapp/letters/1" })
	if h := m.health("whatsapp"); h.Undelivered != 1 {
		t.Errorf("%+v", h)
	}
}

func TestABannedBusinessIsARefusedAccountUntilItIsGivenBack(t *testing.T) {
	m := newCloud(t)
	c := m.admin()
	ban := func(state string) int {
		return m.tells("account_update", `{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"`+state+`"}}`)
	}
	for range 2 { // Meta may say so again
		if got := ban("DISABLE"); got != http.StatusOK {
			t.Fatal(got)
		}
	}
	if h := m.health("whatsapp"); h.Refused.IsZero() || !strings.Contains(h.Error, "DISABLE") || m.refusals() != 1 {
		t.Errorf("%+v, told %d times", h, m.refusals())
	}
	if got := strings.Join(m.fails(c), " "); got != "channel/whatsapp/refused/0" {
		t.Errorf("what fails is %q", got)
	}
	if ban("REINSTATE") != http.StatusOK {
		t.Fatal("it is not acknowledged")
	}
	if got := m.fails(c); len(got) != 0 || !m.health("whatsapp").Refused.IsZero() {
		t.Errorf("what fails is %q", got)
	}
	m.wrote("4915112345678", "", "wamid.I1", "hours")
	eventually(t, "it answers", func() bool { return len(m.all()) == 1 })
	m.settled()
}

// revocation is how a platform says of a channel of the storm that its account is
// refused, how it takes whatever comes, the delivery that has it send an answer, and
// what its settings need more.
type revocation struct {
	status                     int
	body, good, file, settings string
}

func revocations() map[string]revocation {
	const meta = `{"error":{"code":190,"error_subcode":460,"type":"OAuthException","message":"Session has expired"}}`
	return map[string]revocation{
		"telegram":   {401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, `{"ok":true,"result":{"message_id":1,"id":1,"is_bot":true,"username":"keys"}}`, "message", ""},
		"whatsapp":   {401, meta, `{"messages":[{"id":"wamid.1"}],"display_phone_number":"4930901820","verified_name":"Lecker"}`, "text", ""},
		"messenger":  {401, meta, `{"message_id":"m","id":"102030405060708","name":"Lecker"}`, "text", ""},
		"instagram":  {401, meta, `{"message_id":"m","user_id":"17841400000000000","username":"lecker"}`, "text", ""},
		"slack":      {200, `{"ok":false,"error":"token_revoked"}`, `{"ok":true,"ts":"1.1","channel":"D1"}`, "direct", ""},
		"line":       {401, `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`, `{"sentMessages":[{"id":"1"}],"userId":"U1","displayName":"Lecker"}`, "text", ""},
		"viber":      {200, `{"status":2,"status_message":"invalidAuthToken"}`, `{"status":0,"message_token":1,"name":"Lecker"}`, "text", ""},
		"matrix":     {401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Unknown access token"}`, `{"event_id":"$1","user_id":"@keys:example.org"}`, "text", ""},
		"http":       {401, ``, `{}`, "message", `reply = "url"`},
		"sms-kannel": {403, `Authorization failed for sendsms`, `0: Accepted for delivery`, "message", `reply = "sendsms"`},
		"sms-twilio": {401, `{"code":20003,"message":"Authenticate"}`, `{"sid":"SM1","status":"active"}`, "message", `reply = "api"`},
	}
}

// stamps are the moments in the deliveries of the kinds' tests.
var stamps = regexp.MustCompile(`17951\d{5}`)

func TestElevenKindsWhoseAccountIsRefusedAreToldAndComeBack(t *testing.T) {
	var taken atomic.Bool
	parts, kinds := []string{textBlock("hours", "Open from 9 to 17.")}, revocations()
	for id, k := range kinds {
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if taken.Load() {
				_, _ = io.WriteString(w, k.good)
				return
			}
			w.WriteHeader(k.status)
			_, _ = io.WriteString(w, k.body)
		}))
		t.Cleanup(api.Close)
		parts = append(parts, fmt.Sprintf("\n[[publisher.channel]]\nid = %q\nkind = %q\n[publisher.channel.settings]\n%s%s\n", id, id, stormed(api.URL)[id].settings, k.settings))
	}
	s := serveConfig(t, parts...)
	s.weathered = map[string]int{}
	c, ids := s.admin(), slices.Sorted(maps.Keys(kinds))
	for _, id := range ids {
		of := stormed("")[id]
		folder := of.folder
		if !strings.Contains(folder, "/") {
			folder += "/testdata"
		}
		d, err := messengertest.Load("../../web/messengers/" + folder + "/" + kinds[id].file + ".http")
		if err != nil {
			t.Fatal(err)
		}
		s.storm(t, id, of, d, stamps.ReplaceAll(d.Body, []byte(strconv.FormatInt(s.clock.Now().Unix(), 10))))
	}
	for _, id := range ids {
		eventually(t, id+" is told as refused", func() bool { return !s.health(id).Refused.IsZero() })
	}
	fails := strings.Join(s.fails(c), " ")
	for _, id := range ids {
		if !strings.Contains(fails, "channel/"+id+"/refused/") || s.health(id).Error == "" {
			t.Errorf("%s: what fails is %q, and /readyz tells %+v", id, fails, s.health(id))
		}
	}
	s.clock.advance(time.Minute)
	taken.Store(true)
	s.clock.advance(time.Hour)
	for _, id := range ids {
		eventually(t, id+" is taken again", func() bool { return s.health(id).Refused.IsZero() })
	}
	if n := s.refusals(); n != len(ids) {
		t.Errorf("the log tells of %d refusals of %d accounts", n, len(ids))
	}
	if fails := strings.Join(s.fails(c), " "); strings.Contains(fails, "refused") {
		t.Errorf("what fails is %q", fails)
	}
}
