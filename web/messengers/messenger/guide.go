package messenger

import "keypull/web/messengers"

// guide is how an account comes about.
var guide = messengers.Guide{
	Cost:     "Meta takes nothing for messages in Messenger.",
	Approval: "Meta reviews the app once: business verification, and advanced access to pages_messaging with a screencast. Until then only people with a role in the app get answers. One app may carry pages of any number of publishers.",
	Live:     "Minutes for your own people, five to ten working days until everybody gets answers.",
	Steps: []string{
		"Create an app at developers.facebook.com with the use case “Engage with customers on Messenger from Meta” and your business portfolio, and copy the app secret from App settings, Basic. An app of before has the product Messenger in its place.",
		"In Meta Business Suite create a system user, give it the page and the app, and make a token that never expires with pages_messaging, pages_manage_metadata and pages_read_engagement; ask it for the page’s own token (GET /me/accounts).",
		"Write page_id, access_token, app_secret and a verify_token of your own into the channel; or an [[app]] of the kind meta once, and app = \"…\" in every channel that it carries.",
		"Run keypull channel setup: it registers {hook}, subscribes the page and publishes greeting, questions and menu. By hand: write {hook} and the verify token under Use cases, Customize, Messenger API Settings, and tick the events below.",
		"Say on the page that answers come from a program, where your law asks for it; keypull’s first answer says so as well.",
	},
	Events: events,
	Test:   "Write a word to the page from the personal account of somebody with a role in the app; keypull channel check says whether the token is good and where Meta delivers to.",
}
