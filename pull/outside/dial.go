package outside

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"syscall"
)

// dialer opens connections to addresses that its guard allows. The check is
// made on the address about to be connected to, so that no name, redirect or
// second answer of the DNS can lead round it.
type dialer struct {
	guard guard
	base  net.Dialer
}

func newDialer(o Options, ports []uint16) dialer {
	return dialer{guard: newGuard(o.AllowPrivate, ports), base: net.Dialer{Timeout: connectTimeout, Resolver: o.Resolver}}
}

// DialContext connects to the first allowed address of the name that answers.
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	var allowed atomic.Bool
	base := d.base
	base.ControlContext = func(_ context.Context, network, address string, _ syscall.RawConn) error {
		if err := d.guard.checkAddress(network, address); err != nil {
			return err
		}
		allowed.Store(true)
		return nil
	}
	conn, err := base.DialContext(ctx, network, address)
	if err == nil {
		return conn, nil
	}
	// A name may have a forbidden address beside an allowed one: what failed
	// then is the connection to the allowed one.
	var refused *Error
	if errors.As(err, &refused) && allowed.Load() {
		return nil, errUnreachable
	}
	return nil, err
}

var errUnreachable = errors.New("no allowed address of the host answers")
