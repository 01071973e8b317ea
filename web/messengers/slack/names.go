package slack

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"keypull/web/messengers"
)

// byPrefix stands before the id of who wrote in a thread.
const byPrefix = "Slack "

// A name is known for a day, that nobody tells one for an hour; so many are held, each of so many
// characters, and it is waited for so long: Slack repeats what takes three seconds.
const (
	namedFor   = 24 * time.Hour
	unnamedFor = time.Hour
	mostNames  = 1000
	longName   = 80
	nameWithin = 1500 * time.Millisecond
)

// names are what people are called, by their ids.
type names struct {
	mu    sync.Mutex
	known map[string]name
}

type name struct {
	text  string
	until time.Time
}

// recall returns what somebody is called; false where that is not known by now.
func (n *names) recall(id string, now time.Time) (text string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known, ok := n.known[id]
	return known.text, ok && now.Before(known.until)
}

// keep remembers what somebody is called; of too many, all are asked anew.
func (n *names) keep(id, text string, until time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) >= mostNames {
		n.known = map[string]name{}
	}
	n.known[id] = name{text, until}
}

// NameOf asks Slack what its people call somebody, where the app may know (users:read).
func (b *Bot) NameOf(ctx context.Context, by string) string {
	id, ours := strings.CutPrefix(by, byPrefix)
	if !ours || !isID(id) {
		return by
	}
	now := b.Clock()
	if text, ok := b.names.recall(id, now); ok {
		return text
	}
	var got struct {
		User struct {
			Name    string `json:"name"`
			Real    string `json:"real_name"`
			Profile struct {
				Display string `json:"display_name"`
			} `json:"profile"`
		} `json:"user"`
	}
	ctx, cancel := context.WithTimeout(ctx, nameWithin)
	defer cancel()
	err := b.Get(ctx, "/users.info?"+url.Values{"user": {id}}.Encode(), &got)
	text := messengers.Short(messengers.Clean(cmp.Or(got.User.Profile.Display, got.User.Real, got.User.Name)), longName)
	if err != nil || text == "" {
		b.names.keep(id, by, now.Add(unnamedFor))
		return by
	}
	b.names.keep(id, text, now.Add(namedFor))
	return text
}
