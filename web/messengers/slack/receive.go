package slack

import (
	"cmp"
	"context"
	"mime"
	"net/url"
	"strings"

	"keypull/web/messengers"
)

// Receive reads an event, a slash command, or the press of a button. What cannot
// be read is acknowledged all the same: Slack would only repeat it. It knows its
// repetitions by their ids, so that the header which counts them is not needed.
func (b *Bot) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if !b.carried || !d.Verified {
		if refused := d.Refused(trusts(b.signing, d)); refused != 0 {
			return messengers.Receipt{Status: refused}, nil
		}
	}
	form, ok := formOf(d)
	switch {
	case ok && form.Get("payload") != "":
		return b.interacted(form.Get("payload")), nil
	case ok:
		return b.commanded(form), nil
	}
	var e envelope
	switch read := messengers.Decode(d.Body, &e); {
	case !read: // what is not understood is acknowledged
		return messengers.Receipt{}, nil
	case e.Type == handshake:
		return e.accept(), nil
	case e.Type != "event_callback" || !b.at(e.workspace()):
		return messengers.Receipt{}, nil
	}
	if me := b.me.Load(); isID(e.App) && (me == nil || me.App == "") {
		b.me.Store(&self{App: e.App, Team: e.workspace()})
	}
	return e.read(), nil
}

// at tells whether a workspace is the bot's own.
func (b *Bot) at(team string) bool { return isID(team) && (b.team == "" || b.team == team) }

// formOf reads a body that is a form, as commands and presses come.
func formOf(d messengers.Delivery) (url.Values, bool) {
	header := d.Header["Content-Type"]
	if len(header) != 1 {
		return nil, false
	}
	if kind, _, err := mime.ParseMediaType(header[0]); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, false
	}
	form, err := url.ParseQuery(string(d.Body))
	if err != nil {
		return url.Values{}, true
	}
	return form, true
}

// commandTeam returns the workspace of a command; where an app is installed for a
// whole organisation, that is it.
func commandTeam(form url.Values) string {
	return cmp.Or(form.Get("team_id"), form.Get("enterprise_id"))
}

// menu is what somebody asks for who writes a command with nothing behind it.
const menu = "c:menu"

// commanded reads a slash command. Its caller alone sees the answer, wherever it
// is given, so that it is never of the group. Slack's own check that a
// certificate is good brings nothing.
func (b *Bot) commanded(form url.Values) messengers.Receipt {
	team, user, channel := commandTeam(form), form.Get("user_id"), form.Get("channel_id")
	if !b.at(team) || !isID(user) || !isID(channel) || form.Get("trigger_id") == "" {
		return messengers.Receipt{}
	}
	in := messengers.Incoming{
		ID: form.Get("trigger_id"), Reader: team + "/" + user, Address: b.private(user, channel, form.Get("response_url")),
		Text: messengers.Clean(plain(form.Get("text"))), InBand: true, Aside: true, Workspace: team,
	}
	if in.Text == "" {
		in.Tap = menu
	}
	return asking(in)
}

// private returns where an answer reaches one person alone: whom, in which channel,
// and where Slack takes it for a while.
func (b *Bot) private(user, channel, hook string) string {
	to := user + "/" + channel
	if hook != "" && b.hooks(hook) {
		to += "/" + hook
	}
	return to
}

// interacted reads the press of a button or the choice from a list, of former
// messages too, and the shortcut that asks about a message.
func (b *Bot) interacted(payload string) messengers.Receipt {
	var p interaction
	if !messengers.Decode([]byte(payload), &p) || !b.at(p.workspace()) || !isID(p.User.ID) || !isID(p.Channel.ID) {
		return messengers.Receipt{}
	}
	in := messengers.Incoming{ID: p.Trigger, Reader: p.workspace() + "/" + p.User.ID, Address: p.Channel.ID, Thread: p.thread(), Workspace: p.home()}
	alone := p.Container.Ephemeral
	switch {
	case p.Type == "message_action":
		in.Text, in.Thread, alone = plain(p.Message.Text), "", true
	case p.Type != "block_actions" && p.Type != "interactive_message" || len(p.Actions) == 0:
		return messengers.Receipt{}
	default:
		a := p.Actions[0]
		if in.Tap = messengers.Clean(a.value()); in.Tap == "" && a.URL != "" && isStamp(p.Message.TS) {
			return messengers.Receipt{Events: []messengers.Event{{Kind: messengers.Clicked, Reader: in.Reader, Message: p.Channel.ID + "/" + p.Message.TS}}}
		}
		in.Text = a.label()
		if in.ID == "" && isStamp(a.TS) {
			in.ID = p.User.ID + "/" + a.TS
		}
	}
	switch {
	case in.ID == "" || in.Text == "" && in.Tap == "":
		return messengers.Receipt{}
	case alone:
		in.Address, in.Aside = b.private(p.User.ID, p.Channel.ID, p.Hook), true
	case !direct(p.Channel.ID):
		in.Reader, in.Group = p.workspace()+"/"+p.Channel.ID, true
		if in.Thread == "" && isStamp(p.Message.TS) {
			in.Thread = p.Message.TS
		}
	}
	return asking(in)
}

func asking(in messengers.Incoming) messengers.Receipt {
	return messengers.Receipt{Asks: []messengers.Incoming{in}}
}

// direct tells a conversation with one person from all others.
func direct(channel string) bool { return strings.HasPrefix(channel, "D") }

// maxID is longer than any id of Slack's.
const maxID = 64

// isID tells whether a word may be an id of Slack's: capitals and digits.
func isID(s string) bool {
	return s != "" && len(s) <= maxID && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// isStamp tells whether a word may name a message: seconds, a dot, and digits.
func isStamp(s string) bool {
	return s != "" && len(s) <= maxID && strings.Trim(s, "0123456789.") == ""
}
