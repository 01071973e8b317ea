package words_test

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"keypull/pull/words"
)

func TestWhatMayNotBeUsedIsNamedAsItIs(t *testing.T) {
	denied := os.NewSyscallError("bind", syscall.EACCES)
	at := func(op, network string) error {
		if network == "unix" {
			return &net.OpError{Op: op, Net: network, Addr: &net.UnixAddr{Name: "/var/lib/keypull/keypull.db.sock", Net: network}, Err: denied}
		}
		return &net.OpError{Op: op, Net: network, Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}, Err: denied}
	}
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"a file":                                {&fs.PathError{Op: "open", Path: "/var/lib/keypull/keypull.key", Err: syscall.EACCES}, "use /var/lib/keypull/keypull.key;"},
		"a file that may not be made":           {&fs.PathError{Op: "make a file in", Path: "/var/lib/keypull", Err: fs.ErrPermission}, "write to the folder /var/lib/keypull;"},
		"a folder that may not be made":         {&fs.PathError{Op: "mkdir", Path: "/var/lib/keypull/archives", Err: syscall.EACCES}, "write to the folder /var/lib/keypull;"},
		"a socket in a folder of others":        {at("listen", "unix"), "write to the folder /var/lib/keypull;"},
		"the socket of another user's server":   {at("dial", "unix"), "use /var/lib/keypull/keypull.db.sock;"},
		"a port of those that are the system's": {at("listen", "tcp"), "listen on 127.0.0.1:80; choose a port from 1024 on"},
	} {
		if got := words.Said(fmt.Errorf("begin: %w", tt.err)).In("en"); !strings.Contains(got, "this user may not "+tt.want) {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
