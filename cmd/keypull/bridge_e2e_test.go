package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/store"
)

// postRoom is an SMTP server that takes letters, unless it is closed.
type postRoom struct {
	address string
	mu      sync.Mutex
	letters []string
	closed  bool
}

func newPostRoom(t *testing.T) *postRoom {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postRoom{address: l.Addr().String()}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { p.speak(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close() })
	return p
}

// speak takes the letters of one connection.
func (p *postRoom) speak(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewScanner(conn)
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say("220 here")
	for in.Scan() {
		p.mu.Lock()
		closed := p.closed
		p.mu.Unlock()
		switch command := strings.ToUpper(strings.Fields(in.Text() + " x")[0]); {
		case closed:
			say("421 come again")
			return
		case command == "DATA":
			say("354 go on")
			var letter strings.Builder
			for in.Scan() && in.Text() != "." {
				letter.WriteString(strings.TrimPrefix(in.Text(), ".") + "\r\n")
			}
			p.mu.Lock()
			p.letters = append(p.letters, letter.String())
			p.mu.Unlock()
			say("250 taken")
		case command == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (p *postRoom) shut(closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = closed
}

// all returns the letters as people read them: the header and the plain text.
func (p *postRoom) all(t *testing.T) (all []*mail.Message, texts []string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, raw := range p.letters {
		m, err := mail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		_, boundary, _ := strings.Cut(m.Header.Get("Content-Type"), `boundary="`)
		part, err := multipart.NewReader(m.Body, strings.TrimSuffix(boundary, `"`)).NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		all, texts = append(all, m), append(texts, string(text))
	}
	return all, texts
}

// raw returns every byte that was sent.
func (p *postRoom) raw() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.letters, "\n")
}

const mailSecret = "mail-secret-that-no-log-may-hold"

// openMailBridge is a publisher whose people answer by mail.
func openMailBridge(t *testing.T) (*personDesk, *postRoom) {
	t.Helper()
	p := newPostRoom(t)
	return openPersonDesk(t, "[publisher.person.bridge]\nkind = \"channel\"\n[publisher.person.bridge.settings]\nchannel = \"email\"\nto = \"desk@outlet.example\"\nfrom = [\"outlet.example\", \"chief@home.example\"]\n",
		kindBlock("email", "", quoted("address", "news@lecker.example"), quoted("smtp", p.address), quoted("smtp_login", "none"), quoted("tls", "none"),
			quoted("verifier", "mx.lecker.example"), "plus = true", quoted("hook_secret", mailSecret))), p
}

// letter is an answer by mail.
type letter struct {
	from, subject, inReplyTo, to, text string
	// by is who found it genuine; "" is nobody.
	by string
	id string
}

var letterNumber int

func (d *personDesk) post(l letter) posted {
	d.t.Helper()
	letterNumber++
	if l.id == "" {
		l.id = fmt.Sprint("answer", letterNumber, "@outlet.example")
	}
	if l.to == "" {
		l.to = "news@lecker.example"
	}
	head := ""
	if l.by != "" {
		head = "Authentication-Results: " + l.by + "; dmarc=pass header.from=" + strings.Trim(l.from[strings.LastIndex(l.from, "@"):], "@>") + "\r\n"
	}
	if l.inReplyTo != "" {
		head += "In-Reply-To: " + l.inReplyTo + "\r\nReferences: " + l.inReplyTo + "\r\n"
	}
	return request(d.t, http.MethodPost, d.URL+"/hook/lecker/email", head+"From: "+l.from+"\r\nTo: "+l.to+"\r\nSubject: "+l.subject+"\r\nMessage-ID: <"+l.id+">\r\n\r\n"+l.text,
		map[string]string{"Authorization": "Bearer " + mailSecret, "Content-Type": "message/rfc822"})
}

// returned posts the report of a server that could not deliver a letter to people (RFC 3464).
func (d *personDesk) returned(id string) {
	d.t.Helper()
	letterNumber++
	report := strings.ReplaceAll(`From: MAILER-DAEMON@lecker.example
To: news@lecker.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <report`+strconv.Itoa(letterNumber)+`@lecker.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.lecker.example

Final-Recipient: rfc822; desk@outlet.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: `+id+`
To: <desk@outlet.example>

--b--
`, "\n", "\r\n")
	got := request(d.t, http.MethodPost, d.URL+"/hook/lecker/email", report, map[string]string{"Authorization": "Bearer " + mailSecret, "Content-Type": "message/rfc822"})
	if got.status != http.StatusOK {
		d.t.Fatalf("%+v", got)
	}
}

var tokenInSubject = regexp.MustCompile(`\[(talk-([a-z2-7]{26}))\]`)

func TestPeopleAnswerReadersByMail(t *testing.T) {
	d, mails := openMailBridge(t)
	editor, chat := d.program("lecker", "editor"), newChat()
	d.log.keepOut(mailSecret)
	d.takeOver(editor, chat, "my paper is wet")
	letters := func(n int) ([]*mail.Message, []string) {
		eventually(t, fmt.Sprintf("%d letters", n), func() bool { all, _ := mails.all(t); return len(all) >= n })
		return mails.all(t)
	}
	all, texts := letters(1)
	first := all[0]
	for _, want := range []string{"Reader: my paper is wet", "Open from 9 to 17.", "Channel: tg", "“release”"} {
		if !strings.Contains(texts[0], want) {
			t.Errorf("%q is not there: %s", want, texts[0])
		}
	}
	if first.Header.Get("To") != "<desk@outlet.example>" || first.Header.Get("Auto-Submitted") != "auto-generated" || first.Header.Get("List-Unsubscribe") != "" {
		t.Errorf("%v", first.Header)
	}
	token := tokenInSubject.FindStringSubmatch(first.Header.Get("Subject"))
	if token == nil {
		t.Fatalf("%q", first.Header.Get("Subject"))
	}
	if got, want := first.Header.Get("Reply-To"), "<news+"+token[1]+"@lecker.example>"; got != want {
		t.Errorf("it is answered to %q, want %q", got, want)
	}
	d.restart()
	good := letter{from: "Ann <ann@outlet.example>", subject: "Re: " + first.Header.Get("Subject"), inReplyTo: first.Header.Get("Message-Id"), by: "mx.lecker.example"}
	answer := func(change func(*letter)) {
		l := good
		change(&l)
		if got := d.post(l); got.status != http.StatusOK {
			t.Fatalf("%+v", got)
		}
	}
	before := len(d.api.sent(chat))
	// A mark of the right form that is surely another at every letter.
	other := strings.Map(func(r rune) rune {
		if r == 'a' {
			return 'b'
		}
		return 'a'
	}, token[2])
	// Forged and stale ones, each of which would reach the reader but for one thing.
	forged := []func(*letter){
		func(l *letter) { l.by = "" },
		func(l *letter) { l.by = "mx.elsewhere.example" },
		func(l *letter) { l.from = "mallory@elsewhere.example" },
		func(l *letter) { l.from = "ann@sub.outlet.example" },
		func(l *letter) { l.from = "ann@outlet.example.evil.example" },
		func(l *letter) { l.from = "boss@home.example" },
		func(l *letter) {
			l.inReplyTo, l.subject = strings.Replace(l.inReplyTo, token[2], other, 1), "Re: hello"
		},
		func(l *letter) { l.inReplyTo, l.subject = "", strings.ToUpper(l.subject) },
		func(l *letter) { l.inReplyTo, l.subject = "", strings.Replace(l.subject, token[2], token[2][:20], 1) },
		func(l *letter) {
			l.inReplyTo, l.subject = "", strings.Replace(l.subject, token[2], other[:1]+token[2][1:], 1)
		},
		func(l *letter) {
			l.inReplyTo, l.subject, l.to = "", "hours", "news+talk-"+strings.Repeat("b", 26)+"@lecker.example"
		},
		func(l *letter) { l.inReplyTo, l.subject = "", "[talk-]" },
	}
	for _, change := range forged {
		answer(func(l *letter) { l.text = "forged"; change(l) })
	}
	d.settled()
	if got := d.api.sent(chat); len(got) != before {
		t.Fatalf("a forged answer reached the reader: %q", got[before:])
	}
	if all, _ := mails.all(t); len(all) != 1 {
		t.Errorf("%d letters were answered", len(all)-1)
	}
	if fails := editor.want(http.StatusOK, http.MethodGet, "/publishers/lecker/failures", nil).body; !strings.Contains(fails, `"code":"unheard"`) || !strings.Contains(fails, `"count":12`) {
		t.Errorf("%s", fails)
	}
	answer(func(l *letter) {
		l.text, l.id = "A dry one is on its way.\r\n\r\n-- \r\nAnn\r\n\r\nOn Wed, Nov 25, 2026 at 10:00 AM Lecker wrote:\r\n> my paper is wet\r\n", "once@outlet.example"
	})
	answer(func(l *letter) { l.text, l.id = "A dry one is on its way.", "once@outlet.example" })
	if got := d.replies(d.api, chat, before+1)[before]; !strings.HasPrefix(got, "A dry one is on its way.") || strings.Contains(got, "Ann") || strings.Contains(got, "wet") {
		t.Errorf("%q", got)
	}
	// By the subject alone, and by the address alone; and the chief from home.
	answer(func(l *letter) { l.inReplyTo, l.text, l.from = "", "By the subject.", "chief@home.example" })
	answer(func(l *letter) {
		l.inReplyTo, l.subject, l.to, l.text = "", "hours", "news+"+token[1]+"@lecker.example", "By the address."
	})
	if got := d.replies(d.api, chat, before+3)[before+1:]; got[0] != "By the subject." || got[1] != "By the address." {
		t.Errorf("%q", got)
	}
	// The bridge is down, and comes back after a restart: nothing is lost, all is in its thread.
	mails.shut(true)
	d.silent(chat, "and the crossword?")
	d.silent(chat, "and the weather?")
	eventually(t, "that the bridge is down is told", func() bool {
		return strings.Contains(editor.want(http.StatusOK, http.MethodGet, "/publishers/lecker/failures", nil).body, `"code":"bridge"`)
	})
	d.restart()
	mails.shut(false)
	d.clock.advance(5 * time.Minute)
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/replies", object{"text": "From the console."})
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/notes", object{"text": "a secret note"})
	all, texts = letters(4)
	if !strings.Contains(texts[1], "and the crossword?") || !strings.Contains(texts[2], "and the weather?") || !strings.Contains(texts[3], "From the console.") {
		t.Errorf("%q", texts[1:])
	}
	for _, m := range all[1:] {
		if m.Header.Get("In-Reply-To") != first.Header.Get("Message-Id") || m.Header.Get("Subject") != first.Header.Get("Subject") {
			t.Errorf("%v is not in the thread", m.Header)
		}
	}
	// A letter that comes back is told in the conversation and among what fails, and reaches nobody.
	said0 := len(d.api.sent(chat))
	for range 2 {
		d.returned(all[2].Header.Get("Message-Id"))
	}
	// Until the last post is noted as carried, the bridge is told as down.
	eventually(t, "the letter that came back is told", func() bool {
		return strings.Contains(editor.want(http.StatusOK, http.MethodGet, "/publishers/lecker/failures", nil).body, "came back (5.1.1)")
	})
	if shown := editor.want(http.StatusOK, http.MethodGet, d.at(chat), nil).body; strings.Count(shown, "came back (5.1.1)") != 1 {
		t.Errorf("%s", shown)
	}
	if d.settled(); len(d.api.sent(chat)) != said0 {
		t.Errorf("%q", d.api.sent(chat)[said0:])
	}
	answer(func(l *letter) { l.text = "Goodbye.\r\nRelease\r\n" })
	eventually(t, "the service is back", func() bool { return d.mode(chat) == "" })
	d.replies(d.api, chat, before+5)
	letters(5)
	// FORGET ME ends the token, tells the thread so, and leaves nothing.
	d.reply(d.api, chat, "FORGET ME")
	d.reply(d.api, chat, "yes")
	d.restart()
	_, texts = letters(6)
	if !strings.Contains(texts[5], "Please delete this thread") {
		t.Errorf("%q", texts[5])
	}
	said := len(d.api.sent(chat))
	answer(func(l *letter) { l.text = "Are you there?" })
	d.settled()
	if got := d.api.sent(chat); len(got) != said {
		t.Errorf("%q", got[said:])
	}
	key := string(d.readerKey("lecker", "tg", fmt.Sprint(chat)))
	_, pseudonym, _ := strings.Cut(key, ".")
	for _, what := range []string{fmt.Sprint(chat), pseudonym, pseudonym[:8], "Ada", "a secret note"} {
		if strings.Contains(mails.raw(), what) {
			t.Errorf("%q stands in a letter", what)
		}
	}
	eventually(t, "the thread of the conversation is gone", func() bool {
		left, err := store.NewTalks(d.ledger).Farewells(t.Context())
		return err == nil && len(left) == 0
	})
	d.stop()
	wantNowhere(t, filepath.Dir(d.path), token[2], "crossword", "A dry one")
}

// wantNowhere looks for words in every file of a folder.
func wantNowhere(t *testing.T, folder string, all ...string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // a file of this test
		for _, what := range all {
			if strings.Contains(string(content), what) {
				t.Errorf("%q stands in %s", what, e.Name())
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// slackRoom stands in for Slack's API: every post gets a stamp.
type slackRoom struct {
	*httptest.Server
	mu    sync.Mutex
	posts []object
	// named counts how often it was asked what somebody is called.
	named int
}

func newSlackRoom(t *testing.T) *slackRoom {
	t.Helper()
	s := &slackRoom{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/users.info") {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.named++
			if r.URL.Query().Get("user") == "U2" && r.Header.Get("Authorization") == "Bearer xoxb-"+kindToken {
				_, _ = io.WriteString(w, `{"ok":true,"user":{"id":"U2","name":"ann","real_name":"Ann Archer","profile":{"display_name":""}}}`)
				return
			}
			_, _ = io.WriteString(w, `{"ok":false,"error":"user_not_found"}`)
			return
		}
		var post object
		if json.NewDecoder(r.Body).Decode(&post) == nil && strings.HasSuffix(r.URL.Path, "/chat.postMessage") {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.posts = append(s.posts, post)
			_, _ = fmt.Fprintf(w, `{"ok":true,"channel":"C7DESK","ts":"1700.%06d"}`, len(s.posts))
			return
		}
		_, _ = io.WriteString(w, `{"ok":true,"team_id":"T1","user_id":"UBOT","url":"https://x.slack.com/","team":"x","user":"bot"}`)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *slackRoom) all() []object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]object(nil), s.posts...)
}

func TestPeopleAnswerReadersInTheThreadsOfTheirWorkspace(t *testing.T) {
	room := newSlackRoom(t)
	d := openPersonDesk(t, "[publisher.person.bridge]\nkind = \"channel\"\n[publisher.person.bridge.settings]\nchannel = \"slack\"\nto = \"C7DESK\"\n",
		kindBlock("slack", "", quoted("bot_token", "xoxb-"+kindToken), quoted("signing_secret", kindSecret), quoted("api_base", room.URL)))
	editor := d.program("lecker", "editor")
	event := func(channel, user, ts, thread, text, more string) {
		t.Helper()
		body := fmt.Sprintf(`{"type":"event_callback","team_id":"T1","api_app_id":"A1","authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}]%s,"event":{"type":"message","channel_type":"channel","channel":%q,"user":%q,"ts":%q,"thread_ts":%q,"text":%q}}`,
			more, channel, user, ts, thread, text)
		stamp := strconv.FormatInt(d.clock.Now().Unix(), 10)
		mac := hmac.New(sha256.New, []byte(kindSecret))
		_, _ = mac.Write([]byte("v0:" + stamp + ":" + body))
		got := request(t, http.MethodPost, d.URL+"/hook/lecker/slack", body, map[string]string{
			"Content-Type": "application/json", "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=" + hex.EncodeToString(mac.Sum(nil)),
		})
		if got.status != http.StatusOK {
			t.Fatalf("%+v", got)
		}
	}
	posts := func(n int) []object {
		eventually(t, fmt.Sprintf("%d posts", n), func() bool { return len(room.all()) >= n })
		return room.all()
	}
	ann, ben := newChat(), newChat()
	for i, chat := range []int64{ann, ben} {
		d.takeOver(editor, chat, fmt.Sprint("question *", i, "* of <mine>"))
		posts(i + 1)
	}
	d.silent(ann, "one more")
	all := posts(3)
	if all[0]["thread_ts"] != nil || all[1]["thread_ts"] != nil || all[2]["thread_ts"] != "1700.000001" || !strings.Contains(fmt.Sprint(all[0]["text"]), "question ∗0∗ of &lt;mine&gt;") {
		t.Errorf("%v", all)
	}
	// In another thread, in none, in another channel, and of a guest from elsewhere.
	event("C7DESK", "U1", "1701.1", "1600.000001", "forged", "")
	event("C7DESK", "U1", "1701.2", "", "forged", "")
	event("C8", "U1", "1701.3", "1700.000001", "forged", "")
	event("C7DESK", "UBOT", "1701.4", "1700.000001", "forged", "")
	event("C7DESK", "U1", "1701.5", "1700.000001", "forged", `,"is_ext_shared_channel":true`)
	d.settled()
	if got := len(d.api.sent(ann)) + len(d.api.sent(ben)); got != 2 {
		t.Fatalf("%d texts arrived", got)
	}
	named := room.named
	event("C7DESK", "U1", "1702.1", "1700.000002", "To the second reader", "")
	event("C7DESK", "U2", "1702.2", "1700.000001", "To the first reader &amp; nobody else", "")
	event("C7DESK", "U2", "1702.2", "1700.000001", "To the first reader &amp; nobody else", "")
	d.restart()
	if got := d.replies(d.api, ann, 2)[1]; !strings.HasPrefix(got, "To the first reader &amp; nobody else") {
		t.Errorf("%q", got)
	}
	if got := d.replies(d.api, ben, 2)[1]; !strings.HasPrefix(got, "To the second reader") {
		t.Errorf("%q", got)
	}
	shown := editor.want(http.StatusOK, http.MethodGet, d.at(ann), nil).body
	if other := editor.want(http.StatusOK, http.MethodGet, d.at(ben), nil).body; !strings.Contains(shown, `"by":"Ann Archer"`) || !strings.Contains(other, `"by":"Slack U1"`) || room.named-named > 1 {
		t.Errorf("%s, %s, asked %d times", shown, other, room.named-named)
	}
	d.reply(d.api, ann, "FORGET ME")
	d.reply(d.api, ann, "yes")
	eventually(t, "the thread is told of it", func() bool {
		all := room.all()
		last := all[len(all)-1]
		return last["thread_ts"] == "1700.000001" && strings.Contains(fmt.Sprint(last["text"]), "delete this thread")
	})
}
