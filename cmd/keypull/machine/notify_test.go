//go:build unix

package machine_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"keypull/cmd/keypull/machine"
)

// listenAsSupervisor returns a socket that states are told to, and where it is.
func listenAsSupervisor(t *testing.T) (at string, conn *net.UnixConn) {
	t.Helper()
	at = filepath.Join(t.TempDir(), "n")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: at, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return at, conn
}

func TestASupervisorIsToldWhatItAskedFor(t *testing.T) {
	at, conn := listenAsSupervisor(t)
	self := strconv.Itoa(os.Getpid())
	for _, tt := range []struct {
		name, socket, micros, pid string
		every                     time.Duration
		told, fails               bool
	}{
		{"nobody has started it", "", "", "", 0, false, false},
		{"nobody listens, whatever else is set", "", "1000000", self, 0, false, false},
		{"one without a watchdog", at, "", "", 0, true, false},
		{"one with a watchdog", at, "30000000", self, 15 * time.Second, true, false},
		{"a watchdog for anybody", at, "30000000", "", 15 * time.Second, true, false},
		{"a watchdog for another process", at, "30000000", "1", 0, true, false},
		{"a watchdog of nonsense", at, "soon", self, 0, true, false},
		{"one that has gone", at + ".gone", "", "", 0, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("NOTIFY_SOCKET", tt.socket)
			t.Setenv("WATCHDOG_USEC", tt.micros)
			t.Setenv("WATCHDOG_PID", tt.pid)
			s := machine.SupervisorOf()
			if s.Every() != tt.every {
				t.Errorf("every %v, want %v", s.Every(), tt.every)
			}
			if name, there := os.LookupEnv("NOTIFY_SOCKET"); there {
				t.Errorf("children would answer to %s", name)
			}
			if err := s.Tell("READY=1"); (err != nil) != tt.fails {
				t.Fatal(err)
			}
			if !tt.told {
				return
			}
			heard := make([]byte, 100)
			n, err := conn.Read(heard)
			if err != nil || string(heard[:n]) != "READY=1" {
				t.Errorf("heard %q, %v", heard[:n], err)
			}
		})
	}
}

func TestASupervisorThatDoesNotListenHoldsNobodyUp(t *testing.T) {
	at, _ := listenAsSupervisor(t)
	t.Setenv("NOTIFY_SOCKET", at)
	s := machine.SupervisorOf()
	err := s.Tell("WATCHDOG=1")
	for ; err == nil; err = s.Tell("WATCHDOG=1") {
		continue // until nothing more fits into the socket
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("it came to %v", err)
	}
}
