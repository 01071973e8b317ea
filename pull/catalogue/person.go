package catalogue

// Person says how readers reach a person of the publisher.
type Person struct {
	Hours    []string          `name:"hours" label:"Hours of people" help:"When your people answer readers, in the publisher's zone. Outside them readers are told when somebody is back, and may leave a message. Not set: always." check:"hours" example:"mon-fri 09:00-17:00" more:"true" json:",omitempty"`
	Calendar string            `name:"calendar" label:"Calendar of people" help:"Id of a source of opening hours or events. Your people answer while it is open, or while one of its events lasts; it goes before the hours, which hold while it can't be asked." check:"max=32" example:"front-desk" more:"true" json:",omitempty"`
	Away     Localised         `name:"away" label:"Away text" help:"What readers are told who ask for a person when nobody is there, one text or one per language. Not set: one of the service's own." settings:"localised" check:"keys=language,max=1000" example:"Our front office is closed." more:"true" json:",omitempty"`
	Contacts map[string]string `name:"contacts" label:"Contacts by topic" help:"Whom readers may turn to about what: a mail address, a telephone number or the address of a page by topic. subscription, delivery and newsroom have a name in every language; others stand as they are." check:"max=8,keys=id" example:"{ subscription = \"abo@example.org\", delivery = \"+49 30 1234\" }" more:"true" json:",omitempty"`
	Bridge   Bridge            `name:"bridge" label:"Bridge" help:"Where conversations with readers are carried to, a thread for each, and answered from. Not set: they are answered in the console alone." more:"true" json:",omitzero"`
}

// Bridge is where conversations with readers are carried to.
type Bridge struct {
	Kind     string         `name:"kind" label:"Kind" help:"What kind of bridge it is: channel, a channel of yours that has threads, of e-mail, Slack or Teams; chatwoot, an inbox there; or webhook, a system of your own." example:"channel" more:"true" json:",omitempty"`
	Settings map[string]any `name:"settings" label:"Settings" help:"The kind's own settings." more:"true" json:",omitempty"`
}
