package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// memoryKeywords is the large catalogue whose memory is measured.
const memoryKeywords = 100_000

// startPatience is how long a server may take to be ready.
const startPatience = 60 * time.Second

// memory measures a server at rest, with one keyword and with 100,000.
func (b *bencher) memory(ctx context.Context) error {
	small, err := b.resident(ctx, "rest-1", 0)
	if err != nil {
		return err
	}
	large, err := b.resident(ctx, "rest-100000", memoryKeywords)
	if err != nil {
		return err
	}
	const mib = 1 << 20
	b.report.add(figure{Name: "memory at rest", Value: float64(small) / mib, Unit: "MiB", Goal: "goal ≤ 60",
		Detail: "resident set of serve with one keyword"})
	b.report.add(figure{Name: "memory with 100,000 keywords", Value: float64(large) / mib, Unit: "MiB",
		Detail: fmt.Sprintf("%.2f KiB a keyword", float64(large-small)/1024/memoryKeywords)})
	return nil
}

// resident starts a server of its own process and returns its resident set
// once it is ready.
func (b *bencher) resident(ctx context.Context, name string, keywords int) (bytes int64, err error) {
	address, err := portFor(ctx)
	if err != nil {
		return 0, err
	}
	path, err := b.write(name, strings.Replace(configText("http://127.0.0.1:9", manyKeywords(keywords)), "127.0.0.1:0", address, 1))
	if err != nil {
		return 0, err
	}
	self, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("find the own binary: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, "serve", "-c", path) //nolint:gosec // the own binary
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("start: %w", err)
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		err = errors.Join(err, cmd.Wait())
	}()
	if err := reachable(ctx, address); err != nil {
		return 0, err
	}
	// What loading left behind is given back within moments.
	time.Sleep(settleTime) //nolint:forbidigo // nothing tells when it is
	return residentSet(cmd.Process.Pid)
}

const settleTime = 3 * time.Second

func manyKeywords(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, "  [[publisher.keyword]]\n  id = \"k%d\"\n  source = \"news\"\n  phrases = { en = [%q] }\n", i, phrase(i))
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

// reachable waits until somebody listens.
func reachable(ctx context.Context, address string) error {
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			return conn.Close()
		}
		t := time.NewTimer(50 * time.Millisecond)
		select {
		case <-t.C:
		case <-ctx.Done():
			return fmt.Errorf("the server did not come up: %w", err)
		}
	}
}

// residentSet reads what a process holds in memory, in bytes.
func residentSet(pid int) (int64, error) {
	f, err := os.Open("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, fmt.Errorf("memory is measured on Linux: %w", err)
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 3 && fields[0] == "VmRSS:" {
			kib, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				return 0, fmt.Errorf("memory: %w", err)
			}
			return kib << 10, nil
		}
	}
	return 0, errors.New("memory: the system does not tell")
}
