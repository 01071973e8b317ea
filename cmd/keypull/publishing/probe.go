package publishing

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Probe asks a source once: for what it brings without an argument, else for
// the first entry of its vocabulary. A source that has neither is left alone.
// What it brings tells Terms. It is asked as for a reader who waits that long
// for it, of which no queue of ours takes anything.
func (n *Publishers) Probe(ctx context.Context, p catalogue.Publisher, id string, wait time.Duration) error {
	ed := n.currentEdition(p.ID)
	s := ed.sources[id]
	if s.Problem != nil {
		return s.Problem
	}
	if fed, ok := s.Source.(pull.Passive); ok && fed.IsPassive() {
		return nil // there is nobody to ask
	}
	q := pull.Query{Count: 1, Language: p.Languages[0], At: n.Clock()}
	key, err := s.Key(q)
	if v, ok := s.Source.(pull.Vocabulary); ok && err != nil {
		if terms := v.Terms(nil); len(terms) > 0 {
			q.Argument = terms[0].Value
			key, err = s.Key(q)
		}
	}
	if err != nil {
		return nil //nolint:nilerr // only a reader's argument would tell
	}
	place := s.SnapshotID(p.ID, id, key)
	if _, err := n.Cache.Bring(ctx, pull.Want{ID: place, Source: s.Source, At: q.At, Wait: wait}); err != nil {
		return err
	}
	n.Changed(place)
	return nil
}

// Knock asks a channel's platform whether the account is good.
func (n *Publishers) Knock(ctx context.Context, p catalogue.Publisher, id string) error {
	channel := n.Channels.Find(p.ID, id)
	if channel == nil {
		return &pull.Error{Kind: pull.Invalid, Op: "open", Hint: words.Text{Key: "refusal.cannot_open"}}
	}
	t, ok := channel.Messenger.(messengers.Trier)
	if !ok {
		return nil
	}
	return t.Try(ctx)
}
