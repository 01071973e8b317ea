package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// answerPatience is how long the stand-in waits for another answer before it
// counts the rest as missing.
const answerPatience = 20 * time.Second

// standIn is a messenger's API and an upstream in one: it takes every message
// and brings one feed. It speaks as much HTTP as that needs and no more, so
// that it costs the machine little.
type standIn struct {
	listener, secure net.Listener
	// root is what whoever calls the secure one has to trust.
	root []byte

	mu      sync.Mutex
	job     job
	arrived []time.Time
	// turn counts the answers to each reader, whose asks are answered in order.
	turn  []int
	count int
	news  chan struct{}
}

func newStandIn(ctx context.Context) (*standIn, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("stand-in: %w", err)
	}
	own, root, err := selfSigned()
	if err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	secure, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS13})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("stand-in: %w", err), ln.Close())
	}
	s := &standIn{listener: ln, secure: secure, root: root, news: make(chan struct{}, 1)}
	go s.accept(ln)
	go s.accept(secure)
	return s, nil
}

// place is where a stand-in listens.
type place struct {
	Plain, Secure string
	Root          []byte
}

// Place returns where it listens.
func (s *standIn) Place() place {
	return place{"http://" + s.listener.Addr().String(), "https://" + s.secure.Addr().String(), s.root}
}

// Close ends it.
func (s *standIn) Close() { _, _ = s.listener.Close(), s.secure.Close() }

// expectReplies forgets what came and waits for the answers of a job.
func (s *standIn) expectReplies(j job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.job, s.count, s.turn = j, 0, make([]int, j.Readers)
	s.arrived = make([]time.Time, j.Count)
}

// awaitReplies waits until every ask has its answer and returns when each came; what
// is missing has the zero time left out.
func (s *standIn) awaitReplies(ctx context.Context) (arrived []time.Time, missing int) {
	for {
		s.mu.Lock()
		arrived, missing = s.arrived, s.job.Count-s.count
		s.mu.Unlock()
		if missing == 0 {
			return arrived, 0
		}
		t := time.NewTimer(answerPatience)
		select {
		case <-s.news:
			t.Stop()
		case <-t.C:
			return nil, missing
		case <-ctx.Done():
			return nil, missing
		}
	}
}

// countReplies returns how many answers each reader has, and when each ask got its first.
func (s *standIn) countReplies() (turn []int, arrived []time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.turn), slices.Clone(s.arrived)
}

func (s *standIn) accept(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = conn.Close() }()
			_ = s.serve(conn)
		}()
	}
}

const (
	// textPath is where a gateway fetches what it answers.
	textPath = "/text"
	// standInSays is in every true answer, whoever gives it.
	standInSays = "The headline of the moment"
	standInText = standInSays + ": what happened, in one sentence that says it all."
	standInOK   = `{"ok":true,"result":{"message_id":1,"date":1790000000,"chat":{"id":1,"type":"private"}}}`
	standInFeed = `<?xml version="1.0"?><rss version="2.0"><channel><title>Bench</title><link>http://127.0.0.1/</link>` +
		`<item><guid>1</guid><title>` + standInSays + `</title><link>http://127.0.0.1/1</link>` +
		`<description>What happened, in one sentence that says it all.</description><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>`
)

// serve answers the requests of one connection.
func (s *standIn) serve(conn net.Conn) error {
	in := bufio.NewReaderSize(conn, 8192)
	feed, text, ok := standInAnswer("application/json", standInFeed), standInAnswer("text/plain", standInText), standInAnswer("application/json", standInOK)
	var body []byte
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		answer := ok
		switch {
		case bytes.HasPrefix(line, []byte("GET "+textPath)):
			answer = text
		case bytes.HasPrefix(line, []byte("GET ")):
			answer = feed
		}
		length, err := readHeader(in)
		if err != nil {
			return err
		}
		body = slices.Grow(body[:0], length)[:length]
		if _, err := io.ReadFull(in, body); err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if len(body) > 0 {
			s.noteReply(body)
		}
		if _, err := conn.Write(answer); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
}

func standInAnswer(kind, body string) []byte {
	return []byte("HTTP/1.1 200 OK\r\nContent-Type: " + kind + "\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}

// noteReply writes down that the next answer of a reader has come.
func (s *standIn) noteReply(body []byte) {
	const mark = `"chat_id":`
	i := bytes.Index(body, []byte(mark))
	if i < 0 || !bytes.Contains(body, []byte(standInSays)) {
		return
	}
	digits := body[i+len(mark):]
	if j := bytes.IndexAny(digits, ",}"); j >= 0 {
		digits = digits[:j]
	}
	reader, err := strconv.ParseInt(string(bytes.Trim(digits, `" `)), 10, 64)
	if err != nil {
		return
	}
	at := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	who := int(reader - s.job.readerAt(0))
	if s.job.Readers == 0 || who < 0 || who >= len(s.turn) {
		return
	}
	i = who + s.turn[who]*s.job.Readers
	s.turn[who]++
	if i < 0 || i >= len(s.arrived) {
		return
	}
	s.arrived[i] = at
	if s.count++; s.count == s.job.Count {
		select {
		case s.news <- struct{}{}:
		default:
		}
	}
}

var errHeader = errors.New("a header is not understood")

// readHeader reads the lines up to the empty one and returns Content-Length.
func readHeader(in *bufio.Reader) (length int, err error) {
	name := []byte("content-length:")
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, fmt.Errorf("read: %w", err)
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return length, nil
		}
		if len(line) > len(name) && bytes.EqualFold(line[:len(name)], name) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(name):]))); err != nil {
				return 0, errHeader
			}
		}
	}
}

// readResponse reads one response and returns its status.
func readResponse(in *bufio.Reader) (status int, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, fmt.Errorf("read: %w", err)
	}
	const from, to = len("HTTP/1.1 "), len("HTTP/1.1 200")
	if len(line) < to {
		return 0, errHeader
	}
	if status, err = strconv.Atoi(string(line[from:to])); err != nil {
		return 0, errHeader
	}
	length, err := readHeader(in)
	if err != nil {
		return 0, err
	}
	if _, err := in.Discard(length); err != nil {
		return 0, fmt.Errorf("read: %w", err)
	}
	return status, nil
}
