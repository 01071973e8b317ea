// Package servertest runs real servers for tests, each in a folder of its own and as
// somebody who may do nothing else. It leaves alone what the tests have them do.
package servertest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Server is a process of a server.
type Server struct {
	// Name is what it is called in errors, and its folder below Root.
	Name, Root string
	// Kill: it is not worth an orderly end.
	Kill bool

	Folder string
	Port   int
	cmd    *exec.Cmd
	out    bytes.Buffer
	// ended is closed when the process has.
	ended chan struct{}
}

// Ports that no system gives a connection that goes out: one of those may be taken between
// being found free and being listened on.
const firstPort, portAfter = 10_000, 32_768

// FreePort returns a port of this machine that nobody listens on.
func FreePort() (port int, err error) {
	for range 100 {
		port = firstPort + rand.IntN(portAfter-firstPort) //nolint:gosec // guards nothing
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, err
}

// Newest returns the program of the highest version that is installed.
func Newest(patterns ...string) (string, error) {
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", fmt.Errorf("nothing is installed at %q", patterns)
}

// Prepare makes the server's folder, which belongs to whom it runs as: no server here
// runs as root.
func (s *Server) Prepare() (err error) {
	if s.Port, err = FreePort(); err != nil {
		return err
	}
	s.Folder = filepath.Join(s.Root, s.Name)
	if err = os.Mkdir(s.Folder, 0o700); err != nil || os.Geteuid() != 0 {
		return err
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return os.Chown(s.Folder, uid, gid)
}

func (s *Server) command(program string, args ...string) *exec.Cmd {
	if os.Geteuid() == 0 {
		args = append([]string{"--reuid=nobody", "--regid=nogroup", "--clear-groups", program}, args...)
		program = "setpriv"
	}
	cmd := exec.Command(program, args...) //nolint:gosec // the servers of the tests
	cmd.Dir, cmd.Env = s.Folder, append(os.Environ(), "HOME="+s.Folder, "TZ=UTC", "LC_ALL=C")
	return cmd
}

// Run runs a program as the server does, to its end.
func (s *Server) Run(program string, args ...string) error {
	if out, err := s.command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// Serve starts the server and waits until ready succeeds, or fails for good.
func (s *Server) Serve(ready func() (forGood bool, err error), program string, args ...string) error {
	s.cmd = s.command(program, args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) { defer close(ended); _ = cmd.Wait() }(s.cmd, s.ended)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	patience := time.NewTimer(2 * time.Minute)
	defer patience.Stop()
	for {
		forGood, err := ready()
		if err == nil || forGood {
			return err
		}
		select {
		case <-again.C:
		case <-s.ended:
			return fmt.Errorf("%s ended: %w: %s", s.Name, err, s.out.Bytes())
		case <-patience.C:
			return fmt.Errorf("%s does not answer: %w", s.Name, err)
		}
	}
}

// Stop ends the server.
func (s *Server) Stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGQUIT)
	if s.Kill {
		_ = s.cmd.Process.Kill() // what it keeps goes with it
	}
	<-s.ended
	s.cmd = nil
}

// ServePostgres makes a PostgreSQL cluster with a superuser "owner" of that password, and
// serves it without flushing anything to the disk.
func (s *Server) ServePostgres(password string, ready func() (forGood bool, err error), options ...string) error {
	initdb, err := Newest("/usr/lib/postgresql/*/bin/initdb", "/usr/local/pgsql/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb")
	if err != nil {
		return err
	}
	if err := s.Prepare(); err != nil {
		return err
	}
	data, secret := filepath.Join(s.Folder, "data"), filepath.Join(s.Folder, "password")
	if err := os.WriteFile(secret, []byte(password), 0o644); err != nil { //nolint:gosec // the server reads it
		return err
	}
	if err := s.Run(initdb, "-D", data, "-U", "owner", "-A", "scram-sha-256", "--pwfile="+secret, "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return err
	}
	return s.startPostgres(ready, data, options...)
}

// CopyPostgres makes a base backup of a cluster, as it is at this moment, into a server of its own.
func (s *Server) CopyPostgres(address string) error { return s.copyPostgres(address) }

// FollowPostgres serves a standby of a cluster, which takes no writes until it is promoted.
func (s *Server) FollowPostgres(address string, ready func() (forGood bool, err error)) error {
	if err := s.copyPostgres(address, "--write-recovery-conf"); err != nil {
		return err
	}
	return s.ServeCopy(ready)
}

func (s *Server) copyPostgres(address string, options ...string) error {
	program, err := Newest("/usr/lib/postgresql/*/bin/pg_basebackup", "/usr/local/pgsql/bin/pg_basebackup", "/opt/homebrew/opt/postgresql*/bin/pg_basebackup")
	if err != nil {
		return err
	}
	if err := s.Prepare(); err != nil {
		return err
	}
	return s.Run(program, append(options, "-d", address, "-D", filepath.Join(s.Folder, "data"), "--checkpoint=fast", "--no-sync")...)
}

// ServeCopy serves what CopyPostgres has made.
func (s *Server) ServeCopy(ready func() (forGood bool, err error)) error {
	return s.startPostgres(ready, filepath.Join(s.Folder, "data"))
}

func (s *Server) startPostgres(ready func() (forGood bool, err error), data string, options ...string) error {
	program, err := Newest("/usr/lib/postgresql/*/bin/postgres", "/usr/local/pgsql/bin/postgres", "/opt/homebrew/opt/postgresql*/bin/postgres")
	if err != nil {
		return err
	}
	args := []string{"-D", data, "-p", strconv.Itoa(s.Port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + s.Folder,
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB", "-c", "max_wal_size=32MB", "-c", "autovacuum=off"}
	for _, o := range options {
		args = append(args, "-c", o)
	}
	return s.Serve(ready, program, args...)
}

// ServeBuckets serves folders as buckets by S3, to one access key, in region us-east-1. Its
// program is built by the check of this repository.
func (s *Server) ServeBuckets(access, secret string, ready func() (forGood bool, err error)) error {
	tools, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	program, err := os.ReadFile(filepath.Join(tools, "keypull", "bin", "versitygw")) //nolint:gosec // as the check put it there
	if err != nil {
		return err
	}
	if err := s.Prepare(); err != nil {
		return err
	}
	// Who runs it may not look into the home of who built it.
	own := filepath.Join(s.Folder, "versitygw")
	if err := os.WriteFile(own, program, 0o755); err != nil { //nolint:gosec // it is run
		return err
	}
	if err := s.Run("mkdir", "buckets", "versions", "meta"); err != nil {
		return err
	}
	return s.Serve(ready, own, "--access", access, "--secret", secret, "--port", "127.0.0.1:"+strconv.Itoa(s.Port), "--quiet",
		"posix", "--versioning-dir", filepath.Join(s.Folder, "versions"), "--sidecar", filepath.Join(s.Folder, "meta"), filepath.Join(s.Folder, "buckets"))
}
