package messengers

import (
	"context"

	"keypull/pull"
)

// sent has a messenger send. One that breaks down at a message would at every
// try, and it is that message's fault alone.
func sent(ctx context.Context, m Messenger, address string, message Message, key string) error {
	var broke error
	err := func() error {
		defer pull.Caught("send", &broke)
		return m.Send(ctx, address, message, key)
	}()
	if broke != nil {
		return &SendError{Fault: Permanent, Err: broke}
	}
	return err
}
