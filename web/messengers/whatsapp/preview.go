package whatsapp

import (
	"embed"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own, _ = settings.Load(files, &Settings{})

// preview is a number without account, which shows what would be sent.
func preview() messengers.Messenger {
	return &number{Settings: Settings{Auth: bearer}, Graph: &meta.Graph{Base: meta.GraphURL, Version: meta.Version, Clock: time.Now}}
}

// icon is a receiver in a bubble.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="2" d="M12 3a9 9 0 0 0-7.7 13.6L3 21l4.5-1.200A9 9 0 1 0 12 3z"/><path fill="currentColor" d="M9 7.5c-.8 0-1.7.9-1.7 2.200 0 2.600 4 6.800 7 6.800 1.300 0 2.200-.8 2.200-1.700l-2.300-1.500-1.200 1c-1.300-.5-2.400-1.700-2.900-2.900l.9-1.200z"/></svg>`

// events are those to subscribe to.
var events = []string{"messages"}

var guide = messengers.Guide{
	Cost:     "Until October 2026 answers within a day of the reader’s message cost nothing. Since 1 October 2026 Meta is said to bill each at its market’s utility rate (a fraction of a cent to some cents) beyond the first 1,000 a month and number; look at your own rate card. A reply is one message. Templates are billed by market. 360dialog adds a monthly licence for each number.",
	Approval: "Business verification in Meta Business Suite, a display name that Meta approves, and a number that no WhatsApp app uses. Templates for late answers are approved one by one.",
	Live:     "An hour with Meta’s test number, two to ten working days until your own number answers everybody.",
	Steps: []string{
		"Create an app of the type Business at developers.facebook.com, add the product WhatsApp, and add your number: its id stands in API setup, the app secret in App settings, Basic.",
		"In Meta Business Suite create a system user, give it the app and the WhatsApp account, and make a token that never expires with whatsapp_business_messaging and whatsapp_business_management.",
		"Write phone_number_id, access_token, app_secret and a verify_token of your own into the channel; or an [[app]] of the kind meta once, and app = \"…\" in every channel that it carries. With account_id setup can connect the business account to the app.",
		"By 360dialog: write auth = \"d360\", the number’s API key as access_token, and a hook_secret of your own. 360dialog signs nothing, so that keypull demands that header and refuses deliveries without it.",
		"Run keypull channel setup: it registers {hook} for the number and publishes description, questions and commands. By hand: write {hook} and the verify token into WhatsApp, Configuration, and tick the events below.",
		"For answers that come later than a day after the reader’s message: have a utility template with one place in its body approved in each language, and write its name as template.",
	},
	Events: events,
	Test:   "Write a word to the number from any telephone, or, with Meta’s test number, from one of the five that you listed; keypull channel check says whether the token is good and where Meta delivers to.",
}
