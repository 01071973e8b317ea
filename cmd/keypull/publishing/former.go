package publishing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// secretsKept are the secrets of a channel or app whose former ones are taken for a while.
type secretsKept struct {
	Now    map[string]string `json:"now"`
	Former map[string]string `json:"former,omitempty"`
	Until  time.Time         `json:"until,omitzero"`
}

// placeOfSecrets is by what name the place of these goes, which is no channel's.
func placeOfSecrets(channel string) string { return "secrets/" + channel }

// overlapSecrets has a channel take what its secrets from before a change prove, for as
// long as it says.
func (n opener) overlapSecrets(channel *messengers.Channel, c catalogue.Channel) error {
	i := slices.IndexFunc(n.Messengers, func(k messengers.Kind) bool { return k.Name == c.Kind })
	was, until, err := n.formerSettings(channel.Publisher, c.ID, n.Messengers[i].New(), c.Settings, c.Overlap)
	if err != nil || was == nil {
		return err
	}
	c.Settings, channel.FormerUntil = was, until
	if channel.Former, err = n.openChannel(channel.Publisher, c); err != nil {
		return fmt.Errorf("open the account by its former secrets: %w", err)
	}
	return nil
}

// formerSettings returns settings with the secrets that they had before these changed, and
// until when what those prove is taken; nil where it is not. What they are is kept over
// restarts, sealed, and only where an overlap is set.
func (n opener) formerSettings(publisher, id string, filled any, values map[string]any, overlap time.Duration) (was map[string]any, until time.Time, err error) {
	if n.Place == nil {
		return nil, until, nil
	}
	place := n.Place(publisher, placeOfSecrets(id))
	b, err := place.Load(context.Background())
	if err != nil {
		return nil, until, fmt.Errorf("read the former secrets: %w", err)
	}
	if overlap <= 0 {
		if len(b) > 0 {
			err = place.Keep(context.Background(), nil)
		}
		return nil, until, err //nolint:wrapcheck // it says what was tried
	}
	var kept secretsKept
	_ = json.Unmarshal(b, &kept) // what can't be read is none
	now := map[string]string{}
	if _, err := settings.Secrets(filled, values, func(path, text string) (string, error) {
		now[path] = text
		return text, nil
	}); err != nil {
		return nil, until, fmt.Errorf("read the secrets: %w", err)
	}
	next := kept
	switch {
	case !maps.Equal(kept.Now, now) && len(kept.Now) > 0:
		next = secretsKept{Now: now, Former: kept.Now, Until: n.Clock().Add(overlap)}
	case !n.Clock().Before(kept.Until):
		next = secretsKept{Now: now}
	}
	if !maps.Equal(kept.Now, next.Now) || !maps.Equal(kept.Former, next.Former) {
		if b, err = json.Marshal(next); err == nil {
			err = place.Keep(context.Background(), b)
		}
		if err != nil {
			return nil, until, fmt.Errorf("keep the former secrets: %w", err)
		}
		kept = next
	}
	if len(kept.Former) == 0 {
		return nil, until, nil
	}
	was, err = settings.Secrets(filled, values, func(path, text string) (string, error) {
		if former := kept.Former[path]; former != "" {
			return former, nil
		}
		return text, nil
	})
	return was, kept.Until, err //nolint:wrapcheck // it names the field
}

// closeMessengers closes what a channel holds open.
func closeMessengers(c *messengers.Channel) (err error) {
	for _, m := range []messengers.Messenger{c.Messenger, c.Former} {
		if closer, ok := m.(messengers.Closer); ok {
			err = errors.Join(err, closer.Close())
		}
	}
	return err
}
