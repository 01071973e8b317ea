package instagram

import (
	"context"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// SyncProfile compares and puts right which events the account tells its app, and what
// people see before they write: questions to ask and the menu. Where the app
// delivers to can be told by Facebook's login alone; an app with Instagram's own
// has its dashboard for it.
func (a *account) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	want := meta.Hooked{Object: meta.Instagram, Events: events}
	if a.Login == byFacebook {
		want.URL, want.Secret, want.Verify = a.hook, a.Proof.AppSecret(), a.Proof.Token()
	}
	return a.Direct.SyncProfile(ctx, f, meta.Shown{Platform: "instagram"}, want, mend)
}

// preview returns an account without token, which shows what would be sent.
func preview() messengers.Messenger {
	return &account{
		Settings: Settings{TextLimit: maxText},
		Direct:   &meta.Direct{Graph: meta.NewGraph(messengers.Env{Clock: time.Now}, ownURL, meta.Version, ""), Object: meta.Instagram},
	}
}
