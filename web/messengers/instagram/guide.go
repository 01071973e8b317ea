package instagram

import "keypull/web/messengers"

// guide is how an account comes about.
var guide = messengers.Guide{
	Cost:     "Meta takes nothing for messages on Instagram.",
	Approval: "The account must be a professional one (business or creator), with access to messages allowed in its settings. Meta reviews the app once: business verification, and advanced access to the permission for messages with a screencast. Until then only people with a role in the app get answers.",
	Live:     "Minutes for your own people, five to ten working days until everybody gets answers.",
	Steps: []string{
		"In the Instagram app make the account a professional one, and switch on Settings, Messages, Connected tools, Allow access to messages.",
		"Create an app at developers.facebook.com with the use case “Manage messaging & content on Instagram” and your business portfolio; an app of before has the product Instagram in its place. With Instagram’s own login copy the Instagram app secret and generate a token for the account there; with Facebook’s login link the account to a page and use that page’s token.",
		"Write account_id, login, access_token, app_secret and a verify_token of your own into the channel; or an [[app]] of the kind meta once, and app = \"…\" in every channel that it carries.",
		"Write {hook} and the verify token under Use cases, Customize, API setup, tick the events below, and publish the app: an app that is not published gets nothing.",
		"Run keypull channel setup: it subscribes the account and publishes questions and menu, without which links with a word lose their word.",
		"A token of Instagram’s own login lasts 60 days; keypull exchanges it every week while the account answers. After two months of silence generate a new one. One of a page can be made not to expire.",
	},
	Events: events,
	Test:   "Write a word to the account from the personal account of somebody with a role in the app; keypull channel check says whether the token is good.",
}
