// Package slack is the messenger kind for apps of Slack: events, slash commands
// and pressed buttons in, chat.postMessage out.
//
// A command is answered in the response to it, which its caller alone sees; what
// is later than Slack waits goes to the command's own response_url, and to the
// reader's direct messages once that has ended.
package slack

import (
	"embed"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:       "slack",
	Words:      own,
	Writers:    messengers.Members,
	Workspaces: true,
	Files:      files,
	Look:       messengers.Wide,
	Events:     events(),
	New:        func() messengers.Opener { return &Settings{APIBase: "https://slack.com/api"} },
	Preview:    func() messengers.Messenger { return &Bot{} },
	App:        &AppKind,
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Settings configure one app in one workspace.
type Settings struct {
	BotToken      settings.Secret `name:"bot_token" label:"Bot token" help:"Stands under OAuth & Permissions once the app is installed, and begins with xoxb-." example:"xoxb-…" check:"required"`
	SigningSecret settings.Secret `name:"signing_secret" label:"Signing secret" help:"Stands under Basic Information; Slack signs by it what it delivers. Leave it empty only where an app of this installation carries the channel." example:"8f742231b10e8888abcd99yyyzzz85a5"`
	TeamID        string          `name:"team_id" label:"Workspace" help:"The workspace’s id, a T with digits and letters. Needed where an app carries the channel; elsewhere, what comes from other workspaces is then ignored." example:"T061EG9R6"`
	APIBase       string          `name:"api_base" label:"API address" help:"Another one only for tests, or for Slack’s own cloud of a government." example:"https://slack.com/api" check:"required,url" more:"true"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	var found settings.Problems
	if strings.ContainsFunc(s.BotToken.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		found = append(found, settings.Wrong("bot_token", own.Text("odd_token", nil)))
	}
	if s.TeamID != "" && !isID(s.TeamID) {
		found = append(found, settings.Wrong("team_id", own.Text("odd_team", nil)))
	}
	return found
}

// Bot is one app in one workspace.
type Bot struct {
	*httpapi.Client
	signing settings.Secret
	team    string
	hook    string
	carried bool

	// me is what Slack calls the app here, known once it was told.
	me atomic.Pointer[self]
	// rights are the scopes of the token, as Slack said last.
	rights atomic.Pointer[string]
	// names are what people are called who answered in threads.
	names names
}

// self is what Slack calls the app that a token belongs to, and its workspace.
type self struct{ App, Team string }

// Account returns the workspace, by which an app's deliveries are told apart.
func (b *Bot) Account() string { return b.team }

// Open returns a *Bot.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	b := &Bot{signing: s.SigningSecret, team: s.TeamID, hook: env.Hook, carried: env.App != nil}
	switch {
	case b.carried && b.team == "":
		return nil, complaint("no_team")
	case !b.carried && b.signing.Reveal() == "":
		return nil, complaint("no_signing_secret")
	}
	b.Client = b.client(s, env)
	return b, nil
}

// maxFiles is how much of files goes along with a message to people of the publisher, in bytes.
const maxFiles = 50 << 20

// patience is how long Slack waits for the answer to a command.
const patience = 3 * time.Second

// Limits returns those of blocks: sections of 3,000 characters, labels of 75. Slack
// takes 25 buttons in a row, of which nobody finds the right one: more than ten
// are a list to choose from. All of an answer to a command is one message, whose
// blocks hold about 13,000 characters.
func (*Bot) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Codes: true, Text: maxSection, Unit: messengers.UTF16, Marked: true, Messages: 3, Markup: mrkdwn,
		Buttons: 10, LabelRunes: maxLabel, Opens: func(url string) bool { return len(url) <= maxURL }, Taps: "@", Rows: 100, RowRunes: maxLabel, DetailRunes: maxLabel,
		Media: map[what.MediaType]int64{what.Image: 0}, Caption: maxSection, InBand: patience, Files: maxFiles,
	}
}

// hooks tells whether an address is where Slack takes answers to a command or
// to a pressed button: on hosts of its own, or beside the API.
func (b *Bot) hooks(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || len(address) > maxAddress {
		return false
	}
	if u.Scheme == "https" && (u.Host == "hooks.slack.com" || u.Host == "hooks.slack-gov.com") {
		return true
	}
	base, err := url.Parse(b.Base)
	return err == nil && u.Host != "" && u.Scheme == base.Scheme && u.Host == base.Host
}

// maxAddress is longer than any address that Slack answers at.
const maxAddress = 500
