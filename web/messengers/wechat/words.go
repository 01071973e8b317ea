package wechat

import (
	"embed"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// icon is two speech bubbles.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M9 3C4.6 3 1 6 1 9.7c0 2.1 1.2 3.9 3 5.1L3.3 17l2.6-1.3c.9.2 1.7.3 2.6.3a6 6 0 0 1-.3-1.8c0-3.7 3.4-6.5 7.6-6.5h.6C15.6 5 12.6 3 9 3zm14 11.2c0-2.9-2.9-5.2-6.5-5.2S10 11.3 10 14.2s2.9 5.2 6.5 5.2c.7 0 1.4-.1 2.1-.3l2 1-.5-1.8c1.7-.9 2.9-2.4 2.9-4.1z"/></svg>`

// guide is how an official account comes about.
var guide = messengers.Guide{
	Cost:     "Messages are free. The verification of an account costs a fee each year (300 yuan, 99 dollars for accounts from abroad).",
	Approval: "Tencent examines the company behind the account. Answers that take longer than 15 seconds need a verified service account, which alone may send customer service messages.",
	Live:     "One to four weeks.",
	Steps: []string{
		"Register a service account at mp.weixin.qq.com with the papers of your company, and have it verified.",
		"Under Settings and Development, Basic configuration, copy the AppID and the AppSecret into the channel, and add this server's address to the IP whitelist.",
		"Think of a token, write it into the channel, and save the channel first: WeChat calls it at once.",
		"At Server configuration write {hook} as the URL, the token, and choose the encryption: in compatible or security mode the EncodingAESKey goes into the channel, in plain mode it stays empty there.",
		"Submit, then enable the server configuration; automatic replies of the admin panel end with that.",
	},
	Events: []string{"subscribe", "unsubscribe", "SCAN", "CLICK"},
	Test:   "Follow the account with a phone and write one of your keywords.",
}
