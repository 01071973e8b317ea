package teams

import "keypull/web/messengers"

// guide is how a bot comes about.
var guide = messengers.Guide{
	Cost:     "The Azure Bot resource is free (F0), and the Teams channel of it takes nothing for messages.",
	Approval: "Inside an organisation its Teams administrator allows the app. For readers of other organisations Microsoft reviews it for the store.",
	Live:     "An hour inside your own organisation; some weeks by the store.",
	Steps: []string{
		"In the Azure portal create an Azure Bot, of type Single Tenant. It makes an app registration: copy its application ID into app_id and its directory ID into tenant.",
		"In that registration, under Certificates & secrets, make a client secret and copy its value, not its ID, into app_secret. Note when it expires.",
		"In the bot's Configuration set the messaging endpoint to {hook}.",
		"In the bot's Channels add Microsoft Teams.",
		"Take the app package that keypull makes of your featured keywords, and upload it: Teams, Apps, Manage your apps, Upload an app; or the Teams admin centre, for everybody.",
		"Where one bot is installed in the organisations of several publishers, give the bot as an [[app]] of kind teams, set the messaging endpoint to /hook/app/<id>, and each channel's tenant to its organisation's.",
	},
	Events: []string{"message", "messageUpdate", "messageDelete", "messageReaction", "conversationUpdate", "installationUpdate"},
	Test:   "Open the bot in Teams and write one of your keywords. In a team or group chat write @ and its name first.",
}

// icon is a speech bubble with a T.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 4v2h4v6h2V9h4V7z"/></svg>`
