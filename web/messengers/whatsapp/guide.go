package whatsapp

import "keypull/web/messengers"

// guide is how an account comes about.
var guide = messengers.Guide{
	Cost:     "Until October 2026 answers within a day of the reader’s message cost nothing. Since 1 October 2026 Meta is said to bill each at its market’s utility rate (a fraction of a cent to some cents) beyond the first 1,000 a month and number; look at your own rate card. A reply is one message. Templates are billed by market. 360dialog adds a monthly licence for each number.",
	Approval: "Business verification in Meta Business Suite, a display name that Meta approves, and a number that no WhatsApp app uses. Templates for late answers are approved one by one.",
	Live:     "An hour with Meta’s test number, two to ten working days until your own number answers everybody.",
	Steps: []string{
		"Create an app at developers.facebook.com with the use case “Connect with customers through WhatsApp” and your business portfolio, and add your number: its id stands under Use cases, Customize, API Setup, the app secret under App settings, Basic. An app of before has the same under its product WhatsApp.",
		"In Meta Business Suite create a system user, give it the app and the WhatsApp account, and make a token that never expires with whatsapp_business_messaging and whatsapp_business_management.",
		"Write phone_number_id, access_token, app_secret and a verify_token of your own into the channel; or an [[app]] of the kind meta once, and app = \"…\" in every channel that it carries. With account_id setup can connect the business account to the app.",
		"By 360dialog: write auth = \"d360\", the number’s API key as access_token, and a hook_secret of your own. 360dialog signs nothing, so that keypull demands that header and refuses deliveries without it.",
		"Run keypull channel setup: it registers {hook} for the number and publishes description, questions and commands. By hand: write {hook} and the verify token under Use cases, Customize, Configuration, and tick the events below.",
		"For answers that come later than a day after the reader’s message: have a utility template with one place in its body approved in each language, and write its name as template.",
	},
	Events: events,
	Test:   "Write a word to the number from any telephone, or, with Meta’s test number, from one of the five that you listed; keypull channel check says whether the token is good and where Meta delivers to.",
}
