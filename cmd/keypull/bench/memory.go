package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"keypull/pull"
)

// memoryKeywords is the large catalogue whose memory is measured.
const memoryKeywords = 100_000

// startPatience is how long a server may take to be ready.
const startPatience = 60 * time.Second

// measureMemory measures a server at rest, with one keyword and with 100,000, and how
// it starts with these.
func (b *bencher) measureMemory(ctx context.Context) error {
	small, err := b.startedServer(ctx, "rest-1", 0)
	if err != nil {
		return err
	}
	var took, peaks, rests values
	var missing string
	for range b.rounds {
		s, err := b.startedServer(ctx, "rest-100000", memoryKeywords)
		if err != nil {
			return err
		}
		took, peaks, rests = append(took, s.took.Seconds()), append(peaks, float64(s.peak)/mib), append(rests, float64(s.rest)/mib)
		missing = s.missing
	}
	b.report.addFigure(figure{Name: "memory at rest", Unit: "MiB", Detail: "resident set of serve with one keyword"}.withValues(float64(small.rest)/mib).atMost(60, 0).unlessMissing(missing))
	b.report.addFigure(figure{Name: "memory with 100,000 keywords", Unit: "MiB", Sense: "≤", Detail: "at rest"}.withValues(rests...).unlessMissing(missing))
	perKeyword := (rests.medianValue()*mib - float64(small.rest)) / 1024 / memoryKeywords
	b.report.addFigure(figure{Name: "memory of a keyword", Unit: "KiB"}.withValues(perKeyword).atMost(1.3, 0).unlessMissing(missing))
	b.report.addFigure(figure{Name: "start with 100,000 keywords", Unit: "s", Detail: "from the command to the first answer; the first round makes the store"}.withValues(took...).atMost(1.2, 0.8))
	b.report.addFigure(figure{Name: "start with 100,000 keywords, peak", Unit: "MiB"}.withValues(peaks...).atMost(300, 220).unlessMissing(missing))
	return nil
}

// startedServer is how a server came up.
type startedServer struct {
	took       time.Duration
	peak, rest int64
	missing    string
}

// startedServer starts a server as its operator would, and looks at its memory when it
// has come to rest.
func (b *bencher) startedServer(ctx context.Context, name string, keywords int) (s startedServer, err error) {
	address, err := portFor(ctx)
	if err != nil {
		return s, err
	}
	path, err := b.writeConfig(name, strings.Replace(configText("http://127.0.0.1:9", manyKeywords(keywords)), "127.0.0.1:0", address, 1))
	if err != nil {
		return s, err
	}
	self, err := os.Executable()
	if err != nil {
		return s, fmt.Errorf("find the own binary: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, "serve", "-c", path) //nolint:gosec // the own binary
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return s, fmt.Errorf("start: %w", err)
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		err = errors.Join(err, cmd.Wait())
	}()
	if err := awaitReachable(ctx, address); err != nil {
		return s, err
	}
	s.took = time.Since(began)
	// What loading left behind is given back within moments.
	time.Sleep(settleTime) //nolint:forbidigo // nothing tells when it is
	var untold [2]error
	s.rest, untold[0] = residentMemory(cmd.Process.Pid)
	s.peak, untold[1] = peakMemory(cmd.Process.Pid)
	if errors.Join(untold[:]...) != nil {
		s.missing = onLinux
	}
	return s, nil
}

const settleTime = 3 * time.Second

func manyKeywords(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, "  [[publisher.keyword]]\n  id = \"k%d\"\n  source = \"news\"\n  phrases = { en = [%q] }\n", i, phraseAt(i))
	}
	return s.String()
}

// portFor returns an address that was free a moment ago.
func portFor(ctx context.Context) (string, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port: %w", err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String(), nil
}

// awaitReachable waits until somebody answers: an address may be taken long before.
func awaitReachable(ctx context.Context, address string) error {
	for {
		err := awaitAnswer(ctx, address)
		if err == nil {
			return nil
		}
		if pull.Sleep(ctx, 10*time.Millisecond); ctx.Err() != nil {
			return fmt.Errorf("the server did not come up: %w", errors.Join(ctx.Err(), err))
		}
	}
}

func awaitAnswer(ctx context.Context, address string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: "+address+"\r\n\r\n"); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	until, _ := ctx.Deadline()
	if err := conn.SetReadDeadline(until); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}
