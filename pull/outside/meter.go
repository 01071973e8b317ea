package outside

import (
	"net"
	"net/netip"
	"sync/atomic"
)

// ErrTooLarge is what a metered connection reads behind its limit.
var ErrTooLarge = errTooLarge

// Metered bounds what is read from a connection of Dialer between two writes:
// the answer to one request, for protocols whose clients would take one of any
// size. A read beyond it is ErrTooLarge.
func Metered(conn net.Conn, limit int64) net.Conn {
	m := &metered{Conn: conn, limit: limit}
	m.left.Store(limit)
	return m
}

type metered struct {
	net.Conn
	limit int64
	left  atomic.Int64
}

// Read reads no more than is left.
func (m *metered) Read(p []byte) (int, error) {
	left := m.left.Load()
	if left <= 0 {
		return 0, ErrTooLarge
	}
	n, err := m.Conn.Read(p[:min(int64(len(p)), left)])
	m.left.Add(int64(-n))
	return n, err //nolint:wrapcheck // as the connection has it
}

// Write begins another request.
func (m *metered) Write(p []byte) (int, error) {
	m.left.Store(m.limit)
	return m.Conn.Write(p) //nolint:wrapcheck // as the connection has it
}

// OnThisMachine reports whether a host, without a port, is the machine that asks.
func OnThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Near reports whether a connection stays within this machine or its private
// network, where nobody in between reads along.
func Near(conn net.Conn) bool {
	if conn.RemoteAddr().Network() == "unix" {
		return true
	}
	at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	ip := at.Addr().Unmap()
	return err == nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast())
}
