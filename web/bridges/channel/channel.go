// Package channel is the kind of bridge over a channel that the publisher has already: its people
// read conversations in a mailbox, or in a channel of their workspace, and answer in the thread.
//
// The channel proves who wrote; whose answers count of those who write mail, the publisher lists.
package channel

import (
	"context"
	"embed"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = desk.Kind{
	Name:  "channel",
	Words: own,
	Files: files,
	New:   func() desk.Opener { return &Settings{} },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Settings say where the publisher's people sit.
type Settings struct {
	Channel string   `name:"channel" label:"Channel" help:"Id of the channel of yours that conversations go over: one of e-mail, Slack or Teams." check:"required,id" example:"mail" is:"channel"`
	To      string   `name:"to" label:"Where your people sit" help:"Their mail address, or the id of their channel in the workspace: in Slack it begins with C, in Teams with 19:." check:"required,max=254" example:"desk@example.org"`
	From    []string `name:"from" label:"Who may answer by mail" help:"Addresses, or whole domains, whose answers reach readers. Needed for mail; in a workspace whoever writes in the thread may answer." check:"max=50" example:"example.org"`
}

// Check finds what no single field shows.
func (s *Settings) Check() (found settings.Problems) {
	for i, from := range s.From {
		if _, ok := listed(from); !ok {
			found = append(found, settings.Wrong("from["+strconv.Itoa(i)+"]", own.Text("odd_from", nil)))
		}
	}
	return found
}

// bridge leads over one channel.
type bridge struct {
	Settings
	env desk.BridgeEnv
	// from are the addresses and domains, as they are compared.
	from []string
}

// Open returns the bridge.
func (s *Settings) Open(env desk.BridgeEnv) (desk.Bridge, error) {
	b := &bridge{Settings: *s, env: env}
	for _, from := range s.From {
		if one, ok := listed(from); ok {
			b.from = append(b.from, one)
		}
	}
	return b, nil
}

// listed returns an address or a domain as it is compared: an address has a sign before its
// domain.
func listed(written string) (one string, ok bool) {
	written = strings.ToLower(strings.TrimSpace(written))
	at := strings.LastIndexByte(written, '@')
	if at > 0 {
		if _, err := mail.ParseAddress(written); err != nil {
			return "", false
		}
	}
	domain, err := idna.Lookup.ToASCII(written[at+1:])
	if err != nil || !strings.Contains(domain, ".") {
		return "", false
	}
	if at <= 0 {
		return domain, true
	}
	return written[:at] + "@" + domain, true
}

// proving is what a messenger of mailboxes can say of whether it knows who wrote.
type proving interface{ Proves() bool }

// findChannel returns the channel, which has threads.
func (b *bridge) findChannel() (*messengers.Channel, messengers.Threading, error) {
	c := b.env.Channel(b.Channel)
	if c == nil {
		return nil, nil, words.Fail(nil, "conversation.no_channel", nil)
	}
	t, threads := c.Messenger.(messengers.Threading)
	if !threads {
		return nil, nil, messengers.Invalid(own.Text("no_threads", words.Args{"channel": b.Channel}))
	}
	m, mails := c.Messenger.(messengers.Mailing)
	if !mails {
		return c, t, nil
	}
	p, proves := c.Messenger.(proving)
	switch _, ok := m.Mailbox(b.To); {
	case !ok:
		return nil, nil, messengers.Invalid(own.Text("no_mailbox", nil))
	case len(b.from) == 0:
		return nil, nil, messengers.Invalid(own.Text("no_from", nil))
	case !proves || !p.Proves():
		return nil, nil, messengers.Invalid(own.Text("no_verifier", words.Args{"channel": b.Channel}))
	}
	return c, t, nil
}

// Stands says what is missing.
func (b *bridge) Stands() error {
	_, _, err := b.findChannel()
	return err
}

// Carry sends a post, in as many messages as the channel needs. The first of a conversation
// begins its thread.
func (b *bridge) Carry(ctx context.Context, p desk.Post) (thread string, err error) {
	c, t, err := b.findChannel()
	if err != nil {
		return "", err
	}
	thread = p.Thread
	along, err := filesOf(ctx, &p, c.Limits)
	if err != nil {
		return "", err
	}
	for i, m := range messengers.Shape(replyOf(p), c.Limits) {
		s := messengers.Sending{Message: m, Address: b.To, Why: messengers.Staff, Language: p.Language, Key: p.Key + "-" + strconv.Itoa(i), Files: along}
		along = nil
		if c.Limits.Subject > 0 {
			s.Subject = p.Title + " [" + messengers.StaffKey + p.Token + "]" // an answer without our id in it is known by this
		}
		if thread != "" {
			s.Thread, s.Quote = t.Below(b.To, thread)
		}
		sent, err := c.Post(ctx, s, b.env.Clock)
		if err != nil {
			return "", err //nolint:wrapcheck // a SendError says what it is
		}
		if thread == "" {
			thread = sent
		}
	}
	return thread, nil
}

// filesOf returns the files of a post that go along with its message, and leaves in it those that
// are told by their links.
func filesOf(ctx context.Context, p *desk.Post, l messengers.Limits) (along []messengers.Attachment, err error) {
	var links []desk.File
	for _, f := range p.Files {
		if l.Files -= f.Bytes; l.Files < 0 {
			links = append(links, f)
			continue
		}
		body, err := f.Read(ctx)
		if pull.KindOf(err) == pull.Unknown {
			continue // it has been erased meanwhile
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // the store says what it is
		}
		along = append(along, messengers.Attachment{Name: f.Name, Mime: f.Mime, Link: f.Link, Body: body})
	}
	p.Files = links
	return along, nil
}

// Fetch fetches what people attach to an answer, with the account of the channel.
func (b *bridge) Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error) {
	c, _, err := b.findChannel()
	if err != nil {
		return nil, err
	}
	return messengers.Fetch(ctx, c.Messenger, b.env.Client, m, most)
}

// replyOf returns a post as a channel shapes it. Where no subject shows the title, it begins the
// thread.
func replyOf(p desk.Post) pull.Reply {
	r := pull.Reply{Language: p.Language}
	if p.Thread == "" {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: p.Title})
	}
	for _, part := range strings.Split(p.Text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: part})
		}
	}
	for _, f := range p.Files {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Link, Text: f.Name, URL: f.Link})
	}
	return r
}

// Overhear reads what was answered to a post, or written below one.
func (b *bridge) Overhear(c *messengers.Channel, in *messengers.Incoming) (desk.Heard, bool) {
	if in.Posted == nil || !b.Over(c) {
		return desk.Heard{}, false
	}
	_, mails := c.Messenger.(messengers.Mailing)
	if mails && !in.Posted.Staff || !mails && !b.within(in.Posted.Below) {
		return desk.Heard{}, false
	}
	h := desk.Heard{Key: in.ID, By: in.Posted.By, Text: in.Posted.Whole, Files: in.Attachments, Allowed: in.Posted.Proven}
	if mails {
		h.Allowed = h.Allowed && b.lists(in.Posted.By)
	}
	for _, below := range in.Posted.Below {
		if token, ok := strings.CutPrefix(below, messengers.StaffKey); ok {
			token, _, _ = strings.Cut(token, "-")
			h.Tokens = append(h.Tokens, token)
		} else if !mails {
			h.Threads = append(h.Threads, below)
		}
	}
	return h, true
}

// Over reports whether it is the channel that the bridge leads over.
func (b *bridge) Over(c *messengers.Channel) bool {
	now := b.env.Channel(b.Channel)
	return now != nil && now.ID == c.ID
}

// within reports whether messages stand in the channel where the publisher's people sit.
func (b *bridge) within(below []string) bool {
	return slices.ContainsFunc(below, func(id string) bool { return strings.HasPrefix(id, b.To+"/") })
}

// lists reports whether somebody who writes from an address may answer.
func (b *bridge) lists(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	return address != "" && (slices.Contains(b.from, address) || domain != "" && slices.Contains(b.from, domain))
}
