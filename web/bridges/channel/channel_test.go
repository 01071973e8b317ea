package channel_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words/wordstest"
	"keypull/web/bridges/bridgetest"
	"keypull/web/bridges/channel"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// forum is a messenger with threads: a workspace's, or one of mailboxes.
type forum struct {
	mu      sync.Mutex
	mails   bool
	proves  bool
	limits  messengers.Limits
	sent    []messengers.Sending
	threads []string
	down    bool
}

func (f *forum) Receive(context.Context, messengers.Delivery) (messengers.Receipt, error) {
	return messengers.Receipt{}, nil
}

func (f *forum) Limits() messengers.Limits { return f.limits }

func (f *forum) Send(ctx context.Context, s messengers.Sending) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down || ctx.Err() != nil {
		return "", &messengers.SendError{Fault: messengers.Permanent}
	}
	f.sent = append(f.sent, s)
	id := s.Address + "/" + s.Key
	if f.mails {
		id = s.Key
	}
	at := s.Thread + s.Quote
	if at == "" {
		at = id
	}
	f.threads = append(f.threads, at)
	return id, nil
}

func (f *forum) Below(_, sent string) (thread, quote string) {
	if f.mails {
		return "", sent
	}
	return sent, ""
}

func (f *forum) posts(thread string) (all []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, s := range f.sent {
		if f.threads[i] == thread {
			all = append(all, s.Text)
		}
	}
	return all
}

// files returns the files of a thread, and its links.
func (f *forum) files(thread string) (all []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, s := range f.sent {
		if f.threads[i] != thread {
			continue
		}
		all = append(all, s.Text)
		for _, file := range s.Files {
			all = append(all, string(file.Body))
		}
	}
	return all
}

// post is a forum of mailboxes.
type post struct{ *forum }

func (p post) Mailbox(typed string) (string, bool) { return typed, strings.Contains(typed, "@") }
func (p post) Proves() bool                        { return p.proves }

// world returns what a bridge over a messenger reaches.
func world(m messengers.Messenger) desk.BridgeEnv {
	c := messengers.NewChannel("p", "desk", "forum", m)
	return desk.BridgeEnv{Publisher: "p", Clock: bridgetest.Now, Channel: func(id string) *messengers.Channel {
		if id != "desk" {
			return nil
		}
		return c
	}}
}

// hear has the bridge overhear an answer.
func hear(b desk.Bridge, env desk.BridgeEnv, in messengers.Incoming) []desk.Heard {
	h, ok := b.(desk.Overhearing).Overhear(env.Channel("desk"), &in)
	if !ok {
		return nil
	}
	return []desk.Heard{h}
}

func TestAWorkspaceKeepsThePromisesOfABridge(t *testing.T) {
	bridgetest.Run(t, bridgetest.Case{
		Kind: channel.Kind, Settings: map[string]any{"channel": "desk", "to": "C1"},
		Open: func(bridgetest.T) bridgetest.Platform {
			f := &forum{limits: messengers.Limits{Text: 3000, Unit: messengers.Runes, Messages: 3}}
			env := world(f)
			below := func(proven bool) func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard {
				return func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard {
					return hear(b, env, messengers.Incoming{ID: "C1/" + id, Group: true, Overheard: true,
						Posted: &pull.Posted{Below: []string{p.Thread}, By: "U1", Proven: proven, Whole: text}})
				}
			}
			return bridgetest.Platform{Env: env, Posts: f.posts, Files: f.files, Down: func(down bool) { f.down = down }, Answer: below(true), Stranger: below(false),
				Attach: func(b desk.Bridge, p desk.Post, id, name string) []desk.Heard {
					return hear(b, env, messengers.Incoming{ID: "C1/" + id, Attachments: []what.Media{{Type: what.Image, Alt: name, Ref: "https://files.example/" + name}}, Posted: &pull.Posted{Below: []string{p.Thread}, By: "U1", Proven: true}})
				}}
		},
	})
}

func TestAMailboxKeepsThePromisesOfABridge(t *testing.T) {
	bridgetest.Run(t, bridgetest.Case{
		Kind: channel.Kind, Settings: map[string]any{"channel": "desk", "to": "desk@example.org", "from": []any{"example.org"}},
		Open: func(bridgetest.T) bridgetest.Platform {
			f := &forum{mails: true, proves: true, limits: messengers.Limits{Text: 12_000, Unit: messengers.Runes, Messages: 1, Subject: 100, Files: 20}}
			env := world(post{f})
			from := func(address string) func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard {
				return func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard {
					return hear(b, env, messengers.Incoming{ID: id, Posted: &pull.Posted{Below: []string{p.Key + "-0"}, Staff: true, By: address, Proven: true, Whole: text}})
				}
			}
			return bridgetest.Platform{Env: env, Posts: f.posts, Files: f.files, Down: func(down bool) { f.down = down }, Answer: from("ann@example.org"), Stranger: from("ann@example.com"),
				Attach: func(b desk.Bridge, p desk.Post, id, name string) []desk.Heard {
					return hear(b, env, messengers.Incoming{ID: id, Attachments: []what.Media{{Type: what.Image, Name: name, Data: "x"}}, Posted: &pull.Posted{Below: []string{p.Key + "-0"}, Staff: true, By: "ann@example.org", Proven: true}})
				}}
		},
	})
}

func TestABridgeSaysWhatItLacks(t *testing.T) {
	mailing := map[string]any{"channel": "desk", "to": "desk@example.org", "from": []any{"example.org"}}
	for _, one := range []struct {
		what   string
		m      messengers.Messenger
		values map[string]any
		want   string
	}{
		{"a channel that is not there", &forum{}, map[string]any{"channel": "other", "to": "C1"}, "not there"},
		{"a channel without threads", struct{ messengers.Messenger }{&forum{}}, map[string]any{"channel": "desk", "to": "C1"}, "no threads"},
		{"mail to no mailbox", post{&forum{mails: true, proves: true}}, map[string]any{"channel": "desk", "to": "C1", "from": []any{"example.org"}}, "mail address"},
		{"mail of anybody", post{&forum{mails: true, proves: true}}, map[string]any{"channel": "desk", "to": "desk@example.org"}, "who may answer"},
		{"mail that nobody verifies", post{&forum{mails: true}}, mailing, "verifying server"},
		{"mail as it should be", post{&forum{mails: true, proves: true}}, mailing, ""},
	} {
		filled := channel.Kind.New()
		if err := settings.Fill(filled, one.values); err != nil {
			t.Fatal(err)
		}
		b, err := filled.Open(world(one.m))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.(desk.Standing).Stands(); (err == nil) != (one.want == "") || err != nil && !strings.Contains(err.Error(), one.want) {
			t.Errorf("%s: %v", one.what, err)
		}
	}
	for _, from := range []string{"example", "@", "ann@", "<ann@example.org>", "exa mple.org", ""} {
		if err := settings.Fill(channel.Kind.New(), map[string]any{"channel": "desk", "to": "C1", "from": []any{from}}); err == nil {
			t.Errorf("%q may answer", from)
		}
	}
}

// What the kind says stands in every language.
func TestItsMessageFilesAreWhole(t *testing.T) {
	wordstest.Run(t, wordstest.Case{Set: channel.Kind.Words, Code: []string{"."}, Built: settings.Keys(channel.Kind.New())})
}
