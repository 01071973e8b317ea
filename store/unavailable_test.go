package store_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/store"
	"keypull/store/mem"
)

// calls makes one call of each kind on every resource of the console and returns
// their errors by name.
func calls(ctx context.Context, kv store.KV) map[string]error {
	errs := map[string]error{}
	all, sessions, tokens := store.NewPeople(kv), store.NewSessions(kv), store.NewTokens(kv)
	_, _, errs["person get"] = all.Get(ctx, "a")
	_, _, errs["person by email"] = all.ByEmail(ctx, "a@b")
	_, errs["person all"] = all.All(ctx)
	_, errs["person put"] = all.Put(ctx, anna(), 0)
	errs["person delete"] = all.Delete(ctx, "a", 1)
	_, _, errs["session get"] = sessions.Get(ctx, "a")
	_, errs["session put"] = sessions.Put(ctx, session("a", "b", monday), 0)
	errs["session delete"] = sessions.Delete(ctx, "a")
	_, errs["session of"] = sessions.Of(ctx, "a")
	_, errs["session delete of"] = sessions.DeleteOf(ctx, "a", "")
	_, errs["session sweep"] = sessions.Sweep(ctx, monday)
	_, _, errs["token get"] = tokens.Get(ctx, "a")
	_, errs["token put"] = tokens.Put(ctx, people.Token{ID: "a"}, 0)
	errs["token delete"] = tokens.Delete(ctx, "a")
	_, errs["token all"] = tokens.All(ctx)
	maps.Copy(errs, moreCalls(ctx, kv))
	return errs
}

func moreCalls(ctx context.Context, kv store.KV) map[string]error {
	errs := map[string]error{}
	invites, acts := store.NewInvites(kv), store.NewActs(kv, rand.Reader)
	publishers, answered := store.NewPublishers(kv.(store.Backend)), store.NewAnswered(kv)
	errs["invite put"] = invites.Put(ctx, invite("a"))
	_, errs["invite get"] = invites.Get(ctx, "a", monday)
	_, errs["invite take"] = invites.Take(ctx, "a", monday)
	_, errs["invite all"] = invites.All(ctx)
	errs["invite delete"] = invites.Delete(ctx, "a")
	_, errs["invite sweep"] = invites.Sweep(ctx, monday)
	errs["act append"] = acts.Append(ctx, act("a", 1))
	_, _, errs["act page"] = acts.Page(ctx, "a", "", 1)
	_, errs["act trim"] = acts.Trim(ctx, monday)
	_, errs["publisher get"] = publishers.Get(ctx, catalogue.ResourceSource, "a", "b")
	_, errs["publisher put"] = publishers.Put(ctx, kept(catalogue.ResourceSource, "a", "b"), 0)
	errs["publisher delete"] = publishers.Delete(ctx, catalogue.ResourceSource, "a", "b", 1)
	errs["publisher delete whole"] = publishers.Delete(ctx, catalogue.ResourcePublisher, "a", "", 1)
	for _, err := range publishers.Load(ctx) {
		errs["outlet load"] = err
	}
	_, _, errs["answer get"] = answered.Get(ctx, "a")
	_, _, errs["answer reserve"] = answered.Reserve(ctx, "a", "f", monday)
	errs["answer put"] = answered.Put(ctx, "a", answer(), 1)
	errs["answer release"] = answered.Release(ctx, "a", 1)
	_, errs["answer sweep"] = answered.Sweep(ctx, monday)
	return errs
}

func TestAClosedStoreIsToldAsUnavailable(t *testing.T) {
	kv := mem.Open(store.Options{})
	must(t, kv.Close())
	for name, err := range calls(t.Context(), kv) {
		wantKind(t, name, err, pull.Unavailable)
	}
}

// Every write that fails is told, at whichever place it stands.
func TestNoFailedWriteIsTakenForDone(t *testing.T) {
	for writes := range int32(2) {
		t.Run(fmt.Sprintf("after %d writes", writes), func(t *testing.T) {
			kv := newFailing(mem.Open(store.Options{}), writes)
			for name, try := range map[string]func() error{
				"person": func() error { _, err := store.NewPeople(kv).Put(t.Context(), anna(), 0); return err },
				"act":    func() error { return store.NewActs(kv, rand.Reader).Append(t.Context(), act("a", 1)) },
			} {
				kv.left.Store(writes)
				wantKind(t, name, try(), pull.Unavailable)
			}
		})
	}
}

func TestADamagedValueIsNamed(t *testing.T) {
	kv := mem.Open(store.Options{})
	for key, read := range map[string]func() error{
		"person.a":   func() error { _, err := store.NewPeople(kv).All(t.Context()); return err },
		"session.a":  func() error { _, err := store.NewSessions(kv).Of(t.Context(), "a"); return err },
		"token.a":    func() error { _, _, err := store.NewTokens(kv).Get(t.Context(), "a"); return err },
		"invite.a":   func() error { _, err := store.NewInvites(kv).Sweep(t.Context(), monday); return err },
		"act.0-a":    func() error { _, _, err := store.NewActs(kv, rand.Reader).Page(t.Context(), "", "", 1); return err },
		"source.a.b": func() error { _, err := store.NewPublishers(kv).Get(t.Context(), "source", "a", "b"); return err },
		"answered.a": func() error { _, _, err := store.NewAnswered(kv).Reserve(t.Context(), "a", "f", monday); return err },
	} {
		_, err := kv.Put(t.Context(), key, []byte("{"), store.Any)
		must(t, err)
		err = read()
		if pull.KindOf(err) != pull.Internal || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}
