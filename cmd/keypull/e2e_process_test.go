package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// asProcess makes the test binary the program itself.
const asProcess = "E2E_AS_PROCESS"

func TestMain(m *testing.M) {
	// What commands say is looked for in English, wherever the tests run.
	for _, name := range []string{"LC_MESSAGES", "LANG"} {
		_ = os.Unsetenv(name)
	}
	if os.Getenv(asProcess) == "" {
		_ = os.Setenv("LC_ALL", "C")
	}
	waits.drain, waits.ready, waits.address, waits.source, waits.forward = patience, patience, patience, patience, patience
	waits.alarm = 20 * time.Millisecond
	if os.Getenv(asProcess) != "" {
		_ = os.Unsetenv("GOMEMLIMIT")
		main()
		return
	}
	// This process holds many servers, most of which have ended: were it to stay within
	// what each of them may take, the collector had more to do than all tests.
	_ = os.Setenv("GOMEMLIMIT", "off")
	os.Exit(m.Run())
}

// process is the program as a process of its own.
type process struct {
	t    testing.TB
	cmd  *exec.Cmd
	url  string
	done chan error
}

// startProcess runs "keypull serve" on a configuration, and returns once it
// serves. Its log goes into the book.
func startProcess(t testing.TB, book *logBook, config string) *process {
	t.Helper()
	p := launch(t, book, "serve", "-c", config)
	if p.url == "" {
		t.Fatalf("the server does not start: %v\n%s", <-p.done, book)
	}
	return p
}

// launch runs a command line, and returns once it serves or has ended.
func launch(t testing.TB, book *logBook, args ...string) *process {
	t.Helper()
	p := &process{t: t, done: make(chan error, 1)}
	p.cmd = exec.Command(os.Args[0], args...) //nolint:gosec // the test binary itself
	p.cmd.Env = append(os.Environ(), asProcess+"=1")
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serving := make(chan string, 1)
	go func() {
		readLog(stderr, book, serving)
		p.done <- p.cmd.Wait()
	}()
	t.Cleanup(p.kill)
	p.url = <-serving
	return p
}

// readLog copies a log into the book and tells the address that it names, or
// "" where the log ends without one.
func readLog(log io.Reader, book *logBook, serving chan<- string) {
	lines := bufio.NewReader(log)
	for told := false; ; {
		line, err := lines.ReadBytes('\n')
		_, _ = book.Write(line)
		var entry struct{ Msg, URL string }
		if !told && json.Unmarshal(line, &entry) == nil && (entry.Msg == "serving" || entry.Msg == "following" || entry.Msg == "waiting") {
			serving <- entry.URL
			told = true
		}
		if err != nil {
			if !told {
				serving <- ""
			}
			return
		}
	}
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.done //nolint:errcheck // a killed process always fails
	p.cmd = nil
}

// end asks the process to end and returns its exit code and how long it took.
func (p *process) end() (code int, took time.Duration) {
	p.t.Helper()
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	return p.wait(), time.Since(began)
}

// wait returns the exit code of a process that ends by itself.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case err := <-p.done:
		p.cmd = nil
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		if err != nil {
			p.t.Fatal(err)
		}
		return 0
	case <-time.After(patience):
		p.t.Fatal("the process does not end")
		return -1
	}
}
