package messenger

import (
	"context"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// SyncProfile compares and puts right where the page's app delivers to, which events
// the page tells it, and what people see before they write: the greeting, the
// button that begins, questions to ask and the menu.
func (p *page) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	return p.Direct.SyncProfile(ctx, f, meta.Shown{Greeting: true}, meta.Hooked{
		Object: meta.Page, URL: p.hook, Secret: p.Proof.AppSecret(), Verify: p.Proof.Token(), Events: events,
	}, mend)
}

// preview returns a page without account, which shows what would be sent.
func preview() messengers.Messenger {
	return &page{
		Settings: Settings{TextLimit: maxText},
		Direct:   &meta.Direct{Graph: meta.NewGraph(messengers.Env{Clock: time.Now}, meta.GraphURL, meta.Version, ""), Object: meta.Page},
	}
}
