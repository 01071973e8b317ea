package publishing

import (
	"context"
	"time"

	"keypull/web/messengers"
)

// setReaderKey gives a channel its key and lets it ask who its readers are.
func (n opener) setReaderKey(env *messengers.Env) {
	publisher, channel := env.Publisher, env.ID
	if n.ChannelKey != nil {
		env.Key = func(purpose string) []byte { return n.ChannelKey(publisher, channel, purpose) }
	}
	if n.Place != nil {
		env.Place = n.Place(publisher, channel)
	}
	if n.Known != nil {
		env.Known = func(ctx context.Context, reader string) (bool, error) {
			return n.Known(ctx, publisher, channel, reader)
		}
	}
	if n.Sent != nil {
		env.Sent = func(ctx context.Context, reader string, since time.Time) ([]messengers.Past, error) {
			return n.Sent(ctx, publisher, channel, reader, since)
		}
	}
}
