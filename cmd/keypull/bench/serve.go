package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/machine"
)

// order is what the server's process is asked, one a line.
type order struct {
	// Forward moves its clock, and has dropped what is then past its time.
	Forward time.Duration `json:"forward,omitempty"`
}

// used is what it answers: what the process has used so far.
type used struct {
	Micros  int64  `json:"micros"`
	Flushes int64  `json:"flushes"`
	Error   string `json:"error,omitempty"`
}

// child is what goes on in the server's process.
type child struct {
	service Service
	file    string
	bare    bool
	hold    bool
	pending int
	sync    time.Duration
	flushes atomic.Int64
	ahead   atomic.Int64
}

// NewServeCommand returns the second process of bench: the server alone, so that
// what it uses is its own. It ends with its input.
func NewServeCommand(of Service) *cobra.Command {
	c := &child{service: of}
	cmd := &cobra.Command{
		Use: "bench-serve", Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(c.runServer(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout()))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.file, "config", "", "configuration `file`")
	flags.BoolVar(&c.bare, "bare", false, "serve the yardstick")
	flags.BoolVar(&c.hold, "hold", false, "accept alone")
	flags.Var(cli.Number(&c.pending, 0, most), "pending", "unfinished asks")
	flags.Var(cli.Duration(&c.sync), "sync", "how long each flush takes longer")
	return cmd
}

// runServer says where the server listens, and then answers orders.
func (c *child) runServer(ctx context.Context, in io.Reader, out io.Writer) (err error) {
	answers := json.NewEncoder(out)
	say := func(v any) error {
		if err := answers.Encode(v); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		return nil
	}
	c.service.Tune()
	if c.bare {
		return c.runBareServer(ctx, in, say)
	}
	starting, end := context.WithCancel(ctx)
	defer end()
	waits := false
	s, err := c.service.Start(starting, c.file, StartOptions{Hold: c.hold, Pending: c.pending, Sync: c.flush, Clock: c.now, Waiting: func(address string) {
		if waits {
			return
		}
		waits = true
		_ = say(address) // who does not hear it ends the process
		go func() {
			defer end()
			_ = c.handleOrders(in, say, func(time.Duration) error { return nil })
		}()
	}})
	if waits && starting.Err() != nil {
		return nil // it waited until its input ended
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := say(s.Address()); err != nil {
		return err
	}
	return c.handleOrders(in, say, func(ahead time.Duration) error {
		c.ahead.Add(int64(ahead))
		return s.Sweep(ctx, c.now())
	})
}

// runBareServer serves the bare server.
func (c *child) runBareServer(ctx context.Context, in io.Reader, say func(any) error) error {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- bareServer(ln, secret) }()
	err = say(ln.Addr().String())
	if err == nil {
		err = c.handleOrders(in, say, func(time.Duration) error { return nil })
	}
	return errors.Join(err, ln.Close(), <-done)
}

func (c *child) handleOrders(in io.Reader, say func(any) error, forward func(time.Duration) error) error {
	orders := json.NewDecoder(in)
	for {
		var o order
		if err := orders.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read an order: %w", err)
		}
		var u used
		if o.Forward > 0 {
			if err := forward(o.Forward); err != nil {
				u.Error = err.Error()
			}
		}
		u.Micros, u.Flushes = machine.CPUTime().Microseconds(), c.flushes.Load()
		if err := say(u); err != nil {
			return err
		}
	}
}

// flush counts the flushes of the store, and makes them slow.
func (c *child) flush() {
	if c.sync > 0 {
		time.Sleep(c.sync) //nolint:forbidigo // the disk would not be interrupted either
	}
	c.flushes.Add(1)
}

func (c *child) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// serverProcess is the server's process, seen from outside.
type serverProcess struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	orders  *json.Encoder
	answers *json.Decoder
	address string
	said    *lastWords
}

// launchServer starts a server in a process of its own, and returns once it listens.
// Where it refuses to, what it said is in the error.
func (b *bencher) launchServer(ctx context.Context, args ...string) (*serverProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the own binary: %w", err)
	}
	if b.sync > 0 {
		args = append(args, "--sync", b.sync.String())
	}
	p := &serverProcess{cmd: exec.CommandContext(ctx, self, append([]string{"bench-serve"}, args...)...), said: &lastWords{}} //nolint:gosec // the own binary
	p.cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+b.root)
	p.cmd.Stderr = p.said
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	p.in, p.orders, p.answers = in, json.NewEncoder(in), json.NewDecoder(out)
	if err := p.answers.Decode(&p.address); err != nil {
		return nil, &refusal{p.Close(), p.said.String(), p.cmd.ProcessState.ExitCode()}
	}
	return p, nil
}

// refusal is a server that did not start.
type refusal struct {
	err  error
	said string
	code int
}

func (r *refusal) Error() string {
	return fmt.Sprintf("the server does not start: %s: %v", r.said, r.err)
}

// Used asks what the process has used; forward moves its clock first.
func (p *serverProcess) Used(forward time.Duration) (u used, err error) {
	if err = p.orders.Encode(order{forward}); err == nil {
		err = p.answers.Decode(&u)
	}
	if err == nil && u.Error != "" {
		err = errors.New(u.Error)
	}
	if err != nil {
		return u, fmt.Errorf("server: %w %s", err, p.said)
	}
	return u, nil
}

// Kill ends the process as a power cut would end it, were the disk no part of it.
func (p *serverProcess) Kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// Close has the server finish.
func (p *serverProcess) Close() error {
	_ = p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("server: %w %s", err, p.said)
	}
	return nil
}

// lastWords keeps the end of what a process said.
type lastWords struct {
	mu   sync.Mutex
	said []byte
}

const lastWordsBytes = 2000

// Write keeps the end.
func (l *lastWords) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, p...)
	l.said = bytes.Clone(l.said[max(0, len(l.said)-lastWordsBytes):])
	return len(p), nil
}

// String returns the end.
func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(bytes.TrimSpace(l.said))
}
