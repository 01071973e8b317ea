package machine

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// Supervisor is who has started this process and wants to hear how it fares:
// systemd, by the protocol of sd_notify(3). The zero value is nobody.
type Supervisor struct {
	socket string
	every  time.Duration
}

// SupervisorOf reads the variables by which systemd says where it listens, and
// forgets them, so that no process that is started from here answers for this one.
func SupervisorOf() Supervisor {
	s := Supervisor{socket: os.Getenv("NOTIFY_SOCKET")}
	micros, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	pid := os.Getenv("WATCHDOG_PID")
	if err == nil && micros > 0 && (pid == "" || pid == strconv.Itoa(os.Getpid())) {
		s.every = time.Duration(micros) * time.Microsecond / 2
	}
	for _, name := range []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} {
		_ = os.Unsetenv(name)
	}
	return s
}

// Every returns how often the supervisor has to be told "WATCHDOG=1", or it takes
// the process for stuck; 0 if it does not ask for that.
func (s Supervisor) Every() time.Duration {
	if s.socket == "" {
		return 0
	}
	return s.every
}

// longestTell is how long a supervisor that does not listen is waited for.
const longestTell = time.Second

// Tell says a state, such as "READY=1". Nobody is told where nobody listens; one that does not take
// what it was told before is given up after a second.
func (s Supervisor) Tell(state string) error {
	if s.socket == "" {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("tell systemd %s: %w", state, err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetWriteDeadline(time.Now().Add(longestTell)) // a socket takes one
	if _, err := conn.Write([]byte(state)); err != nil {
		return fmt.Errorf("tell systemd %s: %w", state, err)
	}
	return nil
}
