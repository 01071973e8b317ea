package console

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"keypull/pull"
)

// Limits of the socket: a line of JSON each way.
const (
	maxLine       = 4 << 20
	socketTimeout = 10 * time.Minute
	socketMode    = 0o600
)

// request and response are what travels over the socket, a line each.
type request struct {
	Op string          `json:"op"`
	In json.RawMessage `json:"in"`
}

type response struct {
	Out   json.RawMessage `json:"out,omitempty"`
	Error *wireError      `json:"error,omitempty"`
}

type wireError struct {
	Kind  pull.ErrorKind `json:"kind"`
	Field string         `json:"field,omitempty"`
	Text  string         `json:"text"`
}

// Socket offers a Console on a unix socket, to whoever may open the file: the
// user who runs the server.
type Socket struct {
	console  *Console
	listener net.Listener
	life     context.Context
	end      context.CancelFunc
	wait     sync.WaitGroup
}

// Listen opens the socket at path, mode 0600. What a dead server left there is
// removed; the caller holds the store, so nobody else can be alive.
func Listen(path string, c *Console) (*Socket, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("clear the socket: %w", err)
	}
	ln, err := new(net.ListenConfig).Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, fmt.Errorf("open the socket: %w", err)
	}
	if err := os.Chmod(path, socketMode); err != nil {
		_ = ln.Close()
		return nil, fmt.Errorf("protect the socket: %w", err)
	}
	s := &Socket{console: c, listener: ln}
	s.life, s.end = context.WithCancel(context.Background())
	s.wait.Add(1)
	go s.accept()
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
	defer s.wait.Done()
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.wait.Add(1)
		go s.serve(conn)
	}
}

// serve answers one request.
func (s *Socket) serve(conn net.Conn) {
	defer s.wait.Done()
	stop := context.AfterFunc(s.life, func() { _ = conn.Close() })
	defer stop()
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(socketTimeout))
	var (
		q request
		r response
	)
	err := readLine(conn, &q)
	if err == nil {
		r.Out, err = s.console.Do(s.life, q.Op, q.In)
	}
	if err != nil {
		r = response{Error: toWire(err)}
	}
	_ = json.NewEncoder(conn).Encode(r)
}

func toWire(err error) *wireError {
	w := &wireError{Kind: pull.KindOf(err), Text: err.Error()}
	var e *pull.Error
	if errors.As(err, &e) {
		w.Field = e.Field
	}
	return w
}

func readLine(conn net.Conn, v any) error {
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return fmt.Errorf("read the socket: %w", err)
		}
		return errors.New("read the socket: nothing came")
	}
	if err := json.Unmarshal(lines.Bytes(), v); err != nil {
		return fmt.Errorf("read the socket: %w", err)
	}
	return nil
}

// ErrNoServer says that nobody listens at the socket.
var ErrNoServer = errors.New("no server is running")

// Client carries operations out at the server behind a socket.
type Client struct{ Path string }

// Do has the server carry an operation out.
func (c Client) Do(ctx context.Context, name string, in []byte) ([]byte, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", c.Path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoServer, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(socketTimeout))
	if err := json.NewEncoder(conn).Encode(request{Op: name, In: in}); err != nil {
		return nil, brokenOff(name, err)
	}
	var r response
	if err := readLine(conn, &r); err != nil {
		return nil, brokenOff(name, err)
	}
	if r.Error != nil {
		return nil, &pull.Error{Kind: r.Error.Kind, Hint: r.Error.Text}
	}
	return r.Out, nil
}

// brokenOff is a server that went away before it answered: whether it carried
// the operation out is not known.
func brokenOff(name string, err error) error {
	return &pull.Error{Kind: pull.Unavailable, Op: name, Hint: "the server ended before it answered; try again", Err: err}
}

// Doer carries operations out: a Console in this process, or a Client.
type Doer interface {
	Do(ctx context.Context, name string, in []byte) ([]byte, error)
}

// Call carries an operation out with typed values.
func Call[In, Out any](ctx context.Context, d Doer, name string, in In) (Out, error) {
	var out Out
	raw, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("%s: encode the input: %w", name, err)
	}
	b, err := d.Do(ctx, name, raw)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return out, fmt.Errorf("%s: decode the output: %w", name, err)
	}
	return out, nil
}
