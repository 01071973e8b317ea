package main

import (
	"net"
	"path/filepath"
	"testing"
	"time"
)

func TestASupervisorHearsThatTheServerServesLivesAndEnds(t *testing.T) {
	at := filepath.Join(t.TempDir(), "n")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: at, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	told := make(chan string, 1<<16) // what is not taken is not told
	go func() {
		b := make([]byte, 100)
		for n, err := conn.Read(b); err == nil; n, err = conn.Read(b) {
			told <- string(b[:n])
		}
	}()
	hear := func() string {
		select {
		case state := <-told:
			return state
		case <-time.After(patience):
			t.Fatal("nothing was heard")
			return ""
		}
	}
	t.Setenv("NOTIFY_SOCKET", at)
	t.Setenv("WATCHDOG_USEC", "20000")
	p := startProcess(t, newLogBook(t), writeConfig(t))
	for _, want := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1"} {
		if got := hear(); got != want {
			t.Fatalf("heard %s, want %s", got, want)
		}
	}
	if code, _ := p.end(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	for heard := hear(); heard != "STOPPING=1"; heard = hear() {
		if heard != "WATCHDOG=1" {
			t.Fatalf("heard %s at the end", heard)
		}
	}
}
