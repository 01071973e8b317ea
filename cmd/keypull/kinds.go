package main

import (
	"keypull/cmd/keypull/config"
	"keypull/sources"
	"keypull/sources/archive"
	"keypull/sources/calendar"
	"keypull/sources/feed"
	"keypull/sources/hook"
	"keypull/sources/jsonapi"
	"keypull/sources/members"
	"keypull/sources/page"
	"keypull/sources/quote"
	"keypull/sources/recipe"
	"keypull/sources/sqldb"
	tables "keypull/sources/table"
	"keypull/sources/text"
	"keypull/web/bridges/channel"
	"keypull/web/bridges/chatwoot"
	"keypull/web/bridges/webhook"
	"keypull/web/desk"
	"keypull/web/messengers"
	"keypull/web/messengers/alexa"
	"keypull/web/messengers/discord"
	"keypull/web/messengers/email"
	"keypull/web/messengers/httpjson"
	"keypull/web/messengers/instagram"
	"keypull/web/messengers/line"
	"keypull/web/messengers/matrix"
	"keypull/web/messengers/mcp"
	"keypull/web/messengers/messenger"
	"keypull/web/messengers/slack"
	"keypull/web/messengers/smskannel"
	"keypull/web/messengers/smstwilio"
	"keypull/web/messengers/teams"
	"keypull/web/messengers/telegram"
	"keypull/web/messengers/viber"
	"keypull/web/messengers/webchat"
	"keypull/web/messengers/wechat"
	"keypull/web/messengers/whatsapp"
)

// allKinds returns the plug-ins of this binary, in the order of menus.
func allKinds() config.Kinds {
	return config.Kinds{
		Sources: append([]sources.Kind{
			feed.Kind,
			recipe.Kind,
			quote.Kind,
			text.Kind,
			jsonapi.Kind,
			page.Kind,
			sqldb.Kind,
			tables.Kind,
			archive.Kind,
			calendar.Kind,
			hook.Kind,
			members.Kind,
		}, planted...),
		Messengers: append([]messengers.Kind{
			webchat.Kind,
			telegram.Kind,
			whatsapp.Kind,
			messenger.Kind,
			instagram.Kind,
			smstwilio.Kind,
			smskannel.Kind,
			slack.Kind,
			teams.Kind,
			discord.Kind,
			matrix.Kind,
			line.Kind,
			viber.Kind,
			wechat.Kind,
			email.Kind,
			alexa.Kind,
			mcp.Kind,
			httpjson.Kind,
		}, plantedMessengers...),
		Bridges: []desk.Kind{
			channel.Kind,
			chatwoot.Kind,
			webhook.Kind,
		},
	}
}

// planted and plantedMessengers are kinds that tests add to those of the binary.
var (
	planted           []sources.Kind
	plantedMessengers []messengers.Kind
)
