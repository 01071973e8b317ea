package main

import (
	"keypull/cmd/keypull/config"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/quote"
	"keypull/sources/recipe"
	"keypull/sources/text"
	"keypull/web/messengers"
	"keypull/web/messengers/mcp"
	"keypull/web/messengers/telegram"
	"keypull/web/messengers/webchat"
)

// allKinds are the plug-ins of this binary, in the order of menus.
func allKinds() config.Kinds {
	return config.Kinds{
		Sources: append([]sources.Kind{
			feed.Kind,
			recipe.Kind,
			quote.Kind,
			text.Kind,
		}, planted...),
		Messengers: append([]messengers.Kind{
			webchat.Kind,
			telegram.Kind,
			mcp.Kind,
		}, plantedMessengers...),
	}
}

// planted and plantedMessengers are kinds that tests add to those of the binary.
var (
	planted           []sources.Kind
	plantedMessengers []messengers.Kind
)
