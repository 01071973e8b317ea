//go:build unix

package outside

import (
	"errors"
	"syscall"
)

// canLook says that idle connections can be looked at on this system.
const canLook = true

// isSilent reports whether nothing has come over a connection, not even its end,
// without waiting for it or taking anything of it.
func isSilent(raw syscall.RawConn) bool {
	quiet := false
	err := raw.Read(func(fd uintptr) bool {
		var one [1]byte
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		quiet = errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR)
		return true
	})
	return err == nil && quiet
}
