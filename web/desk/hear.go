package desk

import (
	"cmp"
	"context"
	"strings"

	"keypull/pull"
	"keypull/pull/talk"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
)

// Hear takes what people of a publisher answer in the thread of a conversation, and has it
// written down before it returns. What shows a mark that does not count is counted, and reaches
// nobody.
func (d *Desk) Hear(ctx context.Context, c *messengers.Channel, in *messengers.Incoming) (taken bool, err error) {
	b, o := d.overhearing(c.Publisher)
	if o == nil {
		return false, nil
	}
	h, ok := o.Overhear(c, in)
	if !ok {
		return false, nil
	}
	if n, knows := c.Messenger.(messengers.Naming); knows && h.Allowed {
		h.By = n.NameOf(ctx, h.By)
	}
	return true, d.takeHeard(ctx, b, h)
}

// Return notes in a conversation, and among what fails, that a post did not arrive in its thread
// although it had left.
func (d *Desk) Return(ctx context.Context, c *messengers.Channel, key, code string) error {
	b, o := d.overhearing(c.Publisher)
	token, _, _ := strings.Cut(strings.TrimPrefix(key, messengers.StaffKey), "-")
	if o == nil || !o.Over(c) {
		return nil
	}
	named, err := d.namedBy(ctx, c.Publisher, []string{token}, nil)
	if err != nil || len(named) != 1 {
		return err
	}
	why := words.Text{Key: "bridge.returned", Args: words.Args{"code": cmp.Or(code, "?")}}
	defer d.lockTalk(named[0])()
	_, err = d.changeTalk(ctx, named[0], false, func(t *talk.Talk) (bool, error) {
		return t.Write(talk.Line{From: talk.Note, At: d.Clock(), Text: d.sayTo(t, why), Key: "returned/" + key}), nil
	})
	if pull.KindOf(err) == pull.Unknown {
		return nil
	}
	if err == nil {
		b.returns(d.Clock(), why)
	}
	return err
}

// namedBy returns whose conversations answers are of that show some tokens, or stand in some threads.
func (d *Desk) namedBy(ctx context.Context, publisher string, tokens, threads []string) (named []who.Key, err error) {
	heads, err := d.headsOf(ctx, publisher)
	if err != nil {
		return nil, err
	}
	tokens, threads = fingerprintsOf(tokens), fingerprintsOf(threads)
	for i := range heads {
		if heads[i].Takes(tokens, threads, d.Clock()) {
			named = append(named, heads[i].Reader)
		}
	}
	return named, nil
}

// fingerprintsOf returns those of tokens or threads.
func fingerprintsOf(all []string) (prints []string) {
	for _, one := range all {
		prints = append(prints, talk.Fingerprint(one))
	}
	return prints
}

// HearsIn reports whether people of its publisher answer readers by a channel.
func (d *Desk) HearsIn(c *messengers.Channel) bool {
	_, o := d.overhearing(c.Publisher)
	return o != nil && o.Over(c)
}

// overhearing returns the bridge of a publisher whose answers come by a channel; nil where it has
// none, or none that works.
func (d *Desk) overhearing(publisher string) (*openBridge, Overhearing) {
	b := d.bridgeOf(publisher)
	if b == nil {
		return nil, nil
	}
	o, _ := b.Bridge.(Overhearing)
	return b, o
}

// takeHeard brings an answer to the reader of its conversation.
func (d *Desk) takeHeard(ctx context.Context, b *openBridge, h Heard) error {
	named, err := d.namedBy(ctx, b.publisher, h.Tokens, h.Threads)
	if err != nil {
		return err
	}
	if len(named) != 1 || !h.Allowed || h.Key == "" {
		d.noteStaffed(b.publisher, talk.Staffed.Refuse)
		d.Logger.Warn("an answer to a conversation does not count", "publisher", b.publisher, "conversations", len(named), "allowed", h.Allowed)
		return nil
	}
	key := named[0]
	t, _, err := d.Talks.Get(ctx, key)
	if pull.KindOf(err) == pull.Unknown || err == nil && (t.Has(h.Key) || t.Has(noticeKey(h.Key))) {
		return nil // it is gone, or this came before
	}
	if err != nil {
		return err
	}
	if err := d.Hold(ctx, key, h.Files); err != nil {
		return err
	}
	return d.answerFor(ctx, &t, h)
}

// noticeKey returns that of what is said back to an answer.
func noticeKey(of string) string { return of + "#back" }

// answerFor does what an answer says: its text goes to the reader, and a line with the word for it
// alone hands the reader back. What can't be done is said back in the thread.
func (d *Desk) answerFor(ctx context.Context, t *talk.Talk, h Heard) error {
	text, release := d.cutRelease(t, writtenOf(h.Text))
	var back []string
	say := func(key string) { back = append(back, d.sayTo(t, words.Text{Key: key})) }
	line := talk.Line{From: talk.Staff, By: h.By, Key: h.Key}
	line.Attach(h.Files, d.newToken)
	lost := len(line.Attached) > 0
	line.Attached = nil
	switch written, err := checkText(text); {
	case err == nil || text == "" && len(line.Files) > 0:
		line.Text = written
		_, err := d.writeLine(ctx, t.Reader, line)
		if refused := refusalOf(err); refused != "" {
			back = append(back, d.sayTo(t, words.Text{Key: "bridge.not_passed", Args: words.Args{"reason": words.Said(err)}}))
		} else if err != nil {
			return err
		}
	case text != "":
		back = append(back, d.sayTo(t, words.Text{Key: "bridge.not_passed", Args: words.Args{"reason": words.Text{Key: "conversation.long", Args: words.Args{"most": talk.MaxText}}}}))
	case len(h.Files) == 0 && !release && !h.Release:
		say("bridge.empty")
	}
	if lost {
		say("bridge.no_files")
	}
	if release {
		if _, err := d.release(ctx, t.Reader); err != nil && refusalOf(err) == "" {
			return err
		}
		say("bridge.released")
	}
	if h.Release { // where it was said knows
		if _, err := d.release(ctx, t.Reader); err != nil && refusalOf(err) == "" {
			return err
		}
	}
	if len(back) == 0 {
		return nil
	}
	return d.sayBack(ctx, t.Reader, strings.Join(back, " "), noticeKey(h.Key))
}

// refusalOf returns the kind of an error that trying again does not mend; "" of others.
func refusalOf(err error) pull.ErrorKind {
	switch kind := pull.KindOf(err); kind {
	case pull.Conflict, pull.Unknown, pull.Invalid, pull.Denied:
		return kind
	}
	return ""
}

// sayTo words a sentence for the people of a conversation's publisher.
func (d *Desk) sayTo(t *talk.Talk, said words.Text) string {
	if pub := d.Catalogue.Publisher(t.Publisher()); pub != nil {
		return said.In(languageOf(pub))
	}
	return said.In("en")
}

// cutRelease returns a text without the lines that say to hand the reader back, and whether there
// were any.
func (d *Desk) cutRelease(t *talk.Talk, text string) (rest string, release bool) {
	word := d.sayTo(t, words.Text{Key: "bridge.release"})
	var kept []string
	for line := range strings.Lines(text) {
		said := strings.Trim(strings.TrimSpace(line), "/.!")
		if strings.EqualFold(said, word) {
			release = true
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "")), release
}

// writtenOf returns what is new in an answer: without what it quotes, and without the signature
// and what is below it. Posts promise that, whatever the bridge.
func writtenOf(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if strings.TrimRight(line, " \t\r\n") == "--" {
			break
		}
		if !strings.HasPrefix(line, ">") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

// sayBack leaves a line for the thread of a conversation, where its people read it too.
func (d *Desk) sayBack(ctx context.Context, key who.Key, text, once string) error {
	defer d.lockTalk(key)()
	_, err := d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		return t.Write(talk.Line{From: talk.Note, At: d.Clock(), Text: text, Key: once, Uncarried: true}), nil
	})
	d.stir()
	if pull.KindOf(err) == pull.Unknown {
		return nil
	}
	return err
}

// bridgeFailures returns what fails of a publisher's bridge, in a language.
func (d *Desk) bridgeFailures(publisher, language string) (all []console.Failure) {
	b := d.bridgeOf(publisher)
	if b == nil {
		return nil
	}
	if since, why := b.failing(d.Clock()); !why.IsZero() {
		all = append(all, console.Failure{Resource: "conversation", ID: "bridge", Code: "bridge", Since: since,
			Text: words.Text{Key: "fails.bridge", Args: words.Args{"reason": why}}.In(language), Mend: console.MendOf("bridge", language)})
	}
	d.mu.Lock()
	n, since := d.staffed[publisher].Refused(d.Clock())
	d.mu.Unlock()
	if n > 0 {
		all = append(all, console.Failure{Resource: "conversation", ID: "bridge", Code: "unheard", Count: n, Since: since,
			Text: words.Text{Key: "fails.unheard", Args: words.Args{"n": n}}.In(language), Mend: console.MendOf("unheard", language)})
	}
	return all
}

var _ messengers.Threads = (*Desk)(nil)

// carries reports whether a publisher has a bridge.
func (d *Desk) carries(publisher string) bool { return d.bridgeOf(publisher) != nil }
