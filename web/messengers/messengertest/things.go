package messengertest

import (
	"context"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/web/messengers"
)

// What readers send in place of words; see Case.Brings and, where a platform has no message
// for one of them, Case.Lacks.
const (
	// Things: readers send words, and nothing else.
	Things     = "things"
	Pictures   = "pictures"
	Recordings = "recordings"
	Videos     = "videos"
	Files      = "files"
	Stickers   = "stickers"
	Contacts   = "contacts"
	Places     = "places"
)

// attached is what each thing arrives as but a place, which is no attachment.
var attached = map[string]what.MediaType{ //nolint:gochecknoglobals // it does not change
	Pictures: what.Image, Recordings: what.Sound, Videos: what.Video, Files: what.Document, Stickers: what.Sticker, Contacts: what.Contact,
}

// brings: whoever sends a thing in place of words is told that nobody looks at such a
// thing, and so it arrives as what it is.
func (c Case) brings(t T, m messengers.Messenger) {
	if _, none := c.Lacks[Things]; none {
		shown := ""
		for of := range c.Brings {
			shown = of
		}
		c.lacks(t, Things, shown, "")
		return
	}
	for of := range c.Brings {
		if attached[of] == "" && of != Places {
			t.Errorf("a case brings %q, which is none of the things that readers send", of)
		}
	}
	p := newPaper(t, m.Limits())
	for _, of := range []string{Pictures, Recordings, Videos, Files, Stickers, Contacts, Places} {
		shown := ""
		d, ok := c.Brings[of]
		if ok {
			shown = "one"
		}
		if c.lacks(t, of, shown, "a case says by Brings how "+of+" arrive that come without words") {
			continue
		}
		asks := answered(c.receive(t, m, copied(d)))
		if len(asks) != 1 {
			t.Errorf("of %s that come without words %d asks arrive: who sent them waits for an answer", of, len(asks))
			continue
		}
		bare := messengers.Incoming{Location: &pull.Location{}}
		if kind := attached[of]; kind != "" {
			bare = messengers.Incoming{Attachments: []what.Media{{Type: kind}}}
		}
		for _, a := range asks[0].Attachments {
			if _, fetches := m.(messengers.Fetcher); a.Ref != "" && !fetches {
				t.Errorf("%s are told by what the platform calls them, and the messenger is no Fetcher", of)
			}
		}
		if got, want := p.tells(asks[0]), p.tells(bare); got != want {
			t.Errorf("who sends %s is told %q, in place of %q: %+v arrives", of, got, want, asks[0])
		}
	}
}

// tells returns what is said in answer to what came, to somebody who has been here before.
func (p paper) tells(in messengers.Incoming) string {
	in = messengers.Incoming{Text: in.Text, Tap: in.Tap, Attachments: in.Attachments, Location: in.Location}
	got := p.resolver.Resolve(context.Background(), pull.Request{Edition: p.edition, Ask: pull.Ask{ID: 1, Publisher: "lecker", Channel: "test", At: Now(), Incoming: in}, Reader: who.Reader{}})
	if got.Reply == nil {
		return ""
	}
	var all []string
	for _, b := range got.Reply.Blocks {
		all = append(all, b.Text)
	}
	return strings.Join(all, "\n")
}
