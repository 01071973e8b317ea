package messenger

import (
	"context"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// Front compares and puts right where the page's app delivers to, which events
// the page tells it, and what people see before they write: the greeting, the
// button that begins, questions to ask and the menu.
func (p *page) Front(ctx context.Context, f messengers.Face, mend bool) ([]messengers.Drift, error) {
	return p.Direct.Front(ctx, f, meta.Shown{Greeting: true}, meta.Hooked{
		Object: meta.Page, URL: p.hook, Secret: p.Proof.AppSecret(), Verify: p.Proof.Token(), Events: events,
	}, mend)
}

// preview is a page without account, which shows what would be sent.
func preview() messengers.Messenger {
	return &page{
		Settings: Settings{TextLimit: maxText},
		Direct:   &meta.Direct{Graph: &meta.Graph{Base: meta.GraphURL, Version: meta.Version, Clock: time.Now}, Object: meta.Page},
	}
}

// icon is a bubble with a flash.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" fill-rule="evenodd" d="M12 2C6.3 2 2 6.1 2 11.6c0 2.900 1.200 5.400 3.100 7.100V22l2.900-1.600c1.200.4 2.600.6 4 .6 5.700 0 10-4.100 10-9.400S17.700 2 12 2zm-6 12 4.500-4.800 2.600 2.600L18 9l-4.900 5-2.500-2.600z"/></svg>`
