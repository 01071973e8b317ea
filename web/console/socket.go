package console

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/private"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// Limits of the socket: a line of JSON each way.
const (
	maxLine       = 4 << 20
	socketTimeout = 10 * time.Minute
)

// request and response are what travels over the socket, a line each.
type request struct {
	Op string          `json:"op"`
	In json.RawMessage `json:"in"`
	// Token is whose name it is asked in; the operator's where empty.
	Token string `json:"token,omitempty"`
	// Language is what the caller reads; English where empty.
	Language string `json:"language,omitempty"`
}

type response struct {
	Out   json.RawMessage `json:"out,omitempty"`
	Error *wireError      `json:"error,omitempty"`
	Undo  Receipt         `json:"undo,omitzero"`
}

// Bearer tells who holds a token of a program. An unknown one is refused with
// pull.Denied, whatever is wrong with it.
type Bearer func(ctx context.Context, token, address string) (Principal, error)

// Socket offers a Console on a unix socket to the user who runs the server: the
// file's mode lets nobody else open it.
type Socket struct {
	console  *Console
	bearer   Bearer
	listener net.Listener
	life     context.Context
	end      context.CancelFunc
	wait     sync.WaitGroup
}

// Listen opens the socket at path, for the user alone. What a dead server left there is
// removed; the caller holds the store, so nobody else can be alive. A request
// without a token is the operator's, since the file lets nobody else
// ask; one with a token is whose bearer says, and no token is known where
// bearer is nil.
func Listen(path string, c *Console, bearer Bearer) (*Socket, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("clear the socket: %w", err)
	}
	ln, err := new(net.ListenConfig).Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, fmt.Errorf("open the socket: %w", err)
	}
	if err := private.Socket(path); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	s := &Socket{console: c, bearer: bearer, listener: ln}
	s.life, s.end = context.WithCancel(context.Background())
	s.wait.Go(s.accept)
	return s, nil
}

// Close ends the operations under way and removes the socket.
func (s *Socket) Close() error {
	s.end()
	err := s.listener.Close()
	s.wait.Wait()
	if err != nil {
		return fmt.Errorf("close the socket: %w", err)
	}
	return nil
}

func (s *Socket) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.wait.Go(func() { s.serve(conn) })
	}
}

// serve answers one request.
func (s *Socket) serve(conn net.Conn) {
	stop := context.AfterFunc(s.life, func() { _ = conn.Close() })
	defer stop()
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(socketTimeout))
	line, err := readLine(conn)
	if err != nil {
		_ = json.NewEncoder(conn).Encode(response{Error: toWire(err, "")})
		return
	}
	_, _ = conn.Write(s.Answer(s.life, line))
}

// Answer answers a request of a Client, as it does what comes to the socket: the
// caller has proved to be who runs the server.
func (s *Socket) Answer(ctx context.Context, asked []byte) []byte {
	var (
		q request
		r response
	)
	err := json.Unmarshal(asked, &q)
	if err == nil {
		r.Out, r.Undo, err = s.runRequest(ctx, q)
	}
	if err != nil {
		r = response{Error: toWire(err, q.Language)}
	}
	return append(encodeOrNil(r), '\n')
}

func (s *Socket) runRequest(ctx context.Context, q request) (out []byte, undo Receipt, err error) {
	defer pull.Caught(q.Op, &err)
	p, err := s.principalOf(ctx, q)
	if err != nil {
		return nil, undo, err
	}
	out, err = s.console.Do(WithCaller(WithReceipt(ctx, &undo), p), q.Op, q.In)
	return out, undo, err
}

func (s *Socket) principalOf(ctx context.Context, q request) (p Principal, err error) {
	defer func() { p.Language = cmp.Or(q.Language, p.Language) }()
	token := q.Token
	if token == "" {
		return Operator(), nil
	}
	if s.bearer == nil {
		return Principal{}, &pull.Error{Kind: pull.Denied, Field: "token", Hint: words.Text{Key: "refusal.no_tokens"}}
	}
	p, err = s.bearer(ctx, token, string(FaceSocket))
	if err != nil {
		return Principal{}, err
	}
	p.Face = FaceSocket
	return p, nil
}

func readLine(conn net.Conn) ([]byte, error) {
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("read the socket: %w", err)
		}
		return nil, errors.New("read the socket: nothing came")
	}
	return lines.Bytes(), nil
}

// ErrNoServer says that nobody listens at the socket.
var ErrNoServer = words.Fail(nil, "refusal.no_server", nil)

// Client carries operations out at the server behind a socket. It returns the
// errors that the Console of this process would; the Current of a Stale is a
// json.RawMessage.
type Client struct {
	Path string
	// Send, where set, has another machine's Socket.Answer what is asked, in place of
	// the socket at Path.
	Send func(ctx context.Context, asked []byte) (answer []byte, err error)
	// Token is whose name it asks in; the operator's where empty.
	Token string
	// Language is what the answers are read in; English where empty.
	Language string
}

// Do has the server carry an operation out.
func (c Client) Do(ctx context.Context, name string, in []byte) ([]byte, error) {
	// What is no JSON can't travel within a request.
	if err := decodeStrictly(in, new(json.RawMessage)); err != nil {
		return nil, notUnderstood(name, err)
	}
	asked, err := json.Marshal(request{Op: name, In: in, Token: c.Token, Language: c.Language})
	if err != nil {
		return nil, brokenOff(name, err)
	}
	answer, err := c.exchange(ctx, name, asked)
	if err != nil {
		return nil, err
	}
	var r response
	if err := json.Unmarshal(answer, &r); err != nil {
		return nil, brokenOff(name, err)
	}
	if r.Error != nil {
		return nil, r.Error.asError()
	}
	handOverReceipt(ctx, r.Undo)
	return r.Out, nil
}

// exchange sends what is asked, and returns what is answered.
func (c Client) exchange(ctx context.Context, name string, asked []byte) ([]byte, error) {
	if c.Send != nil {
		return c.Send(ctx, asked)
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", c.Path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoServer, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(socketTimeout))
	if _, err := conn.Write(append(asked, '\n')); err != nil {
		return nil, brokenOff(name, err)
	}
	answer, err := readLine(conn)
	if err != nil {
		return nil, brokenOff(name, err)
	}
	return answer, nil
}

// brokenOff returns a server that went away before it answered: whether it carried
// the operation out is not known.
func brokenOff(name string, err error) error {
	return &pull.Error{Kind: pull.Unavailable, Op: name, Hint: words.Text{Key: "refusal.server_ended"}, Err: err}
}

// wireError is an error of an operation on its way over the socket: one of
// Problems, Stale, or the rest, which is a pull.Error.
type wireError struct {
	Kind    pull.ErrorKind `json:"kind"`
	Op      string         `json:"op,omitempty"`
	Field   string         `json:"field,omitempty"`
	Hint    words.Text     `json:"hint,omitzero"`
	RetryAt time.Time      `json:"retry_at,omitzero"`
	// Cause is the text of what lies beneath.
	Cause    string            `json:"cause,omitempty"`
	Problems settings.Problems `json:"problems,omitempty"`
	Stale    *wireStale        `json:"stale,omitempty"`
}

type wireStale struct {
	Current json.RawMessage `json:"current"`
	Version string          `json:"version"`
}

func toWire(err error, language string) *wireError {
	w := &wireError{Kind: KindOf(err)}
	var (
		problems settings.Problems
		stale    *Stale
		e        *pull.Error
	)
	switch {
	case errors.As(err, &problems):
		w.Problems = problems.In(language)
	case errors.As(err, &stale):
		w.Stale = &wireStale{Current: encodeOrNil(stale.Current), Version: stale.Version}
	case errors.As(err, &e):
		w.Op, w.Field, w.Hint, w.RetryAt = e.Op, e.Field, inWords(e.Hint, language), e.RetryAt
		if e.Err != nil {
			w.Cause = e.Err.Error()
		}
		// What this machine said is told in words of ours; other causes travel as they are.
		if said := words.Said(err); e.Hint.IsZero() && said.Key != "quoted" {
			w.Hint = inWords(said, language)
		}
	default:
		w.Hint = inWords(words.Said(err), language)
	}
	return w
}

// inWords returns a text that says the same in every language: the other side need not
// have the message files of a kind.
func inWords(said words.Text, language string) words.Text {
	if said.IsZero() {
		return said
	}
	return words.Verbatim(said.In(language))
}

// asError returns the way back.
func (w *wireError) asError() error {
	switch {
	case len(w.Problems) > 0:
		return w.Problems
	case w.Stale != nil:
		return &Stale{Current: w.Stale.Current, Version: w.Stale.Version}
	}
	e := &pull.Error{Kind: w.Kind, Op: w.Op, Field: w.Field, Hint: w.Hint, RetryAt: w.RetryAt}
	if w.Cause != "" {
		e.Err = errors.New(w.Cause)
	}
	return e
}
