package discord

import (
	"context"
	"strings"

	"keypull/web/messengers"
)

// menu is what somebody asks for who sends a command with nothing in it.
const menu = "c:menu"

// Receive reads what somebody did with the app. What is being typed is answered
// at once, all else by what the ask is answered with.
func (b *Bot) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if !b.carried || !d.Verified {
		if refused := d.Refused(trusts(b.key, d)); refused != 0 {
			return messengers.Receipt{Status: refused}, nil
		}
	}
	var i interaction
	if !messengers.Decode(d.Body, &i) || i.Application != "" && i.Application != b.application {
		return messengers.Receipt{}, nil // what is not understood is acknowledged
	}
	if i.Event != nil {
		return i.became(), nil
	}
	if r, asked := i.handshake(); !asked {
		return r, nil
	}
	// Of an app, only what names the server is the channel's.
	if server := i.server(); b.guild != "" && server != b.guild && (server != "" || d.Verified) {
		return i.stranger(), nil
	}
	if i.Type == autocomplete {
		return b.completed(&i), nil
	}
	return i.asked(), nil
}

// became reads that a person added the app to themselves, or took it off.
func (i *interaction) became() messengers.Receipt {
	r, _ := i.handshake()
	kind := map[string]messengers.EventKind{"APPLICATION_AUTHORIZED": messengers.Back, "APPLICATION_DEAUTHORIZED": messengers.Gone}[i.Event.Type]
	if id := i.Event.Data.User.ID; kind != "" && isID(id) {
		r.Events = []messengers.Event{{Kind: kind, Reader: id}}
	}
	return r
}

// completed tells what can be asked that begins with what somebody is typing.
func (b *Bot) completed(i *interaction) messengers.Receipt {
	all := []option{}
	if b.suggest != nil {
		for _, w := range b.suggest(i.Locale, focused(i.Data.Options), maxOptions) {
			if name := messengers.Short(w.Label, maxOption); name != "" && len(all) < maxOptions {
				all = append(all, option{Name: name, Value: name})
			}
		}
	}
	return answering(response{Type: choices, Data: &message{Choices: &all}})
}

// asked reads a command, a pressed button, a choice or a form. In a server the
// asker alone sees the answer, so that it is never of the server.
func (i *interaction) asked() messengers.Receipt {
	user := i.user()
	in := messengers.Incoming{
		ID: i.ID, Reader: user.ID, Address: user.ID, Thread: i.Token, Language: i.Locale, InBand: true, Workspace: i.Guild,
	}
	if !isID(in.ID) || !isID(user.ID) || user.Bot || !isToken(in.Thread) {
		return messengers.Receipt{}
	}
	if i.among() && isID(i.Channel) {
		in.Address, in.Aside = in.Address+"/"+i.Channel, true
	}
	silent := response{Type: reply, Data: &message{Content: "✓", Flags: ephemeral}}
	switch i.Type {
	case component:
		silent = response{Type: nothing}
		in.Tap = payload(i.Data.CustomID)
		if len(i.Data.Values) > 0 {
			in.Tap = i.Data.Values[0]
		}
		if in.Text = label(i.Message.Components, in.Tap); in.Tap == "" {
			return answering(silent)
		}
	case modal:
		in.Text = strings.Join(filled(i.Data.Components), " ")
	default:
		in.Text, in.Attachments = i.Data.asks(), i.Data.attached()
	}
	if in.Text == "" && in.Tap == "" && len(in.Attachments) == 0 {
		in.Tap = menu
	}
	r := answering(silent)
	r.Asks = []messengers.Incoming{in}
	return r
}

// isToken tells whether a word may be an interaction's token.
func isToken(s string) bool {
	const longest, letters = 1000, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-=.:+~"
	return s != "" && len(s) <= longest && strings.Trim(s, letters) == "" && s != "." && s != ".."
}
