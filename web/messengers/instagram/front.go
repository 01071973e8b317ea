package instagram

import (
	"context"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// Front compares and puts right which events the account tells its app, and what
// people see before they write: questions to ask and the menu. Where the app
// delivers to can be told by Facebook's login alone; an app with Instagram's own
// has its dashboard for it.
func (a *account) Front(ctx context.Context, f messengers.Face, mend bool) ([]messengers.Drift, error) {
	want := meta.Hooked{Object: meta.Instagram, Events: events}
	if a.Login == byFacebook {
		want.URL, want.Secret, want.Verify = a.hook, a.Proof.AppSecret(), a.Proof.Token()
	}
	return a.Direct.Front(ctx, f, meta.Shown{Platform: "instagram"}, want, mend)
}

// preview is an account without token, which shows what would be sent.
func preview() messengers.Messenger {
	return &account{
		Settings: Settings{TextLimit: maxText},
		Direct:   &meta.Direct{Graph: &meta.Graph{Base: ownURL, Version: meta.Version, Clock: time.Now}, Object: meta.Instagram},
	}
}

// icon is a camera.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="2" d="M8 3h8a5 5 0 0 1 5 5v8a5 5 0 0 1-5 5H8a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5zm4 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"/><circle cx="17" cy="7" r="1.2" fill="currentColor"/></svg>`

var guide = messengers.Guide{
	Cost:     "Meta takes nothing for messages on Instagram.",
	Approval: "The account must be a professional one (business or creator), with access to messages allowed in its settings. Meta reviews the app once: business verification, and advanced access to the permission for messages with a screencast. Until then only people with a role in the app get answers.",
	Live:     "Minutes for your own people, five to ten working days until everybody gets answers.",
	Steps: []string{
		"In the Instagram app make the account a professional one, and switch on Settings, Messages, Connected tools, Allow access to messages.",
		"Create an app of the type Business at developers.facebook.com and add the product Instagram. With Instagram’s own login copy the Instagram app secret and generate a token for the account there; with Facebook’s login link the account to a page and use that page’s token.",
		"Write account_id, login, access_token, app_secret and a verify_token of your own into the channel; or an [[app]] of the kind meta once, and app = \"…\" in every channel that it carries.",
		"Write {hook} and the verify token into Webhooks, object Instagram, tick the events below, and publish the app: an app that is not published gets nothing.",
		"Run keypull channel setup: it subscribes the account and publishes questions and menu, without which links with a word lose their word.",
		"A token of Instagram’s own login lasts 60 days; keypull exchanges it every week while the account answers. After two months of silence generate a new one. One of a page can be made not to expire.",
	},
	Events: events,
	Test:   "Write a word to the account from the personal account of somebody with a role in the app; keypull channel check says whether the token is good.",
}
