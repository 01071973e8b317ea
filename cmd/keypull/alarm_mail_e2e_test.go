package main

import (
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailServer is an SMTP server that takes every letter.
type mailServer struct {
	net.Listener
	mu      sync.Mutex
	letters []string
	open    sync.WaitGroup
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // for this test alone
	if err != nil {
		t.Fatal(err)
	}
	m := &mailServer{Listener: l}
	m.open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			m.open.Go(func() { m.serveClient(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close() })
	return m
}

// serveClient speaks SMTP with one client until it quits.
func (m *mailServer) serveClient(c net.Conn) {
	defer func() { _ = c.Close() }()
	text := textproto.NewConn(c)
	_ = text.PrintfLine("220 mail.example ESMTP")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		answer := "250 yes"
		switch verb, _, _ := strings.Cut(strings.ToUpper(line), " "); verb {
		case "DATA":
			_ = text.PrintfLine("354 go on")
			letter, err := io.ReadAll(text.DotReader())
			if err != nil {
				return
			}
			m.mu.Lock()
			m.letters = append(m.letters, string(letter))
			m.mu.Unlock()
		case "QUIT":
			_ = text.PrintfLine("221 goodbye")
			return
		}
		if text.PrintfLine("%s", answer) != nil {
			return
		}
	}
}

// taken returns the letters so far.
func (m *mailServer) taken() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.letters...)
}

var alarmLink = regexp.MustCompile(`/alarm\?p=[a-z]+&t=[A-Za-z0-9_-]+`)

// TestAMailboxIsToldAfterAPressAndNotByAScanner has a letter go by SMTP, its link looked
// at as a scanner of mail does, and then its button pressed.
func TestAMailboxIsToldAfterAPressAndNotByAScanner(t *testing.T) {
	s, c, _ := alarmHouse(t)
	mail := newMailServer(t)
	c.add("lecker", "channel", object{"id": "post", "kind": "email", "settings": object{
		"address": "answers@lecker.example", "smtp": mail.Addr().String(), "tls": "none", "hook_secret": "a-secret-of-the-hook-1"}})
	feed := newNewsSite(t).feed("wire", "All is well")
	c.add("lecker", "source", feedDoc("wire", feed.url()))
	c.add("lecker", "keyword", wordDoc("wire", "wire"))
	s.says("a-reader", "wire")
	c.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/alarms", object{"way": "mailbox", "mailbox": "desk@paper.example"})
	eventually(t, "the letter with the link comes", func() bool { return len(mail.taken()) == 1 })
	link := alarmLink.FindString(strings.ReplaceAll(strings.NewReplacer("=\n", "", "=3D", "=").Replace(mail.taken()[0]), "=\r\n", ""))
	if link == "" {
		t.Fatalf("the letter has no link: %s", mail.taken()[0])
	}
	s.log.keepOut(url.QueryEscape(link[strings.Index(link, "t=")+2:]))

	if got := request(t, http.MethodGet, s.URL+link, "", nil); got.status != http.StatusOK || !strings.Contains(got.body, `<form method="post">`) {
		t.Errorf("the page of the link is %d %s", got.status, got.body)
	}
	feed.change(func(f *newsFeed) { f.down = true })
	s.says("a-reader", "wire")
	eventually(t, "the source fails", func() bool { return len(s.fails(c)) > 0 })
	s.passes(2 * time.Minute)
	if n := len(mail.taken()); n != 1 {
		t.Errorf("%d letters before the button was pressed", n)
	}
	if got := request(t, http.MethodPost, s.URL+link, "", nil); got.status != http.StatusOK || strings.Contains(got.body, "<form") {
		t.Errorf("the button is answered %d %s", got.status, got.body)
	}
	s.passes(2 * time.Minute)
	eventually(t, "the alarm comes by mail", func() bool { return len(mail.taken()) == 2 })
	if got := mail.taken()[1]; !strings.Contains(got, "wire") || !strings.Contains(got, "To: <desk@paper.example>") {
		t.Errorf("the alarm is %s", got)
	}
}
