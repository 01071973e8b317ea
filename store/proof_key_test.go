package store_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"keypull/pull/proof"
	"keypull/store"
	"keypull/store/mem"
)

// vault seals by turning bytes round, for one purpose; another one opens nothing.
type vault struct{ name string }

func (v vault) Seal(purpose string, plain []byte) []byte {
	sealed := []byte(v.name + "/" + purpose + "\x00")
	for _, b := range plain {
		sealed = append(sealed, ^b)
	}
	return sealed
}

func (v vault) Unseal(purpose string, sealed []byte) ([]byte, error) {
	head := v.name + "/" + purpose + "\x00"
	if len(sealed) < len(head) || string(sealed[:len(head)]) != head {
		return nil, store.ErrUnreadable
	}
	plain := make([]byte, 0, len(sealed))
	for _, b := range sealed[len(head):] {
		plain = append(plain, ^b)
	}
	return plain, nil
}

// Keys are made once, stay over a restart, and their public halves for good: also where
// the secret ones cannot be opened any more.
func TestProofKeysStayAndOldOnesVerify(t *testing.T) {
	ctx, now := context.Background(), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	backend := mem.Open(store.Options{Clock: func() time.Time { return now }})
	open := func(name string) *store.ProofKeys {
		return store.NewProofKeys(backend, vault{name}, func() time.Time { return now }, rand.Reader)
	}
	of := func(k *store.ProofKeys) proof.Keys {
		t.Helper()
		keys, err := k.Of(ctx, "lecker")
		if err != nil {
			t.Fatal(err)
		}
		return keys
	}
	first := of(open("keys"))
	again := of(open("keys"))
	if code := first.Codes.Code(4711, now); code == "" || code != again.Codes.Code(4711, now) || !first.Private.Equal(again.Private) || len(again.Public) != 1 {
		t.Fatalf("after a restart there are %+v and %+v", first.Public, again.Public)
	}
	text, err := proof.Sign(first.Private, proof.Statement{Publisher: "lecker", Sent: now.Unix()})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	k := open("keys")
	renewed, err := k.Renew(ctx, "lecker")
	if err != nil || len(renewed.Public) != 2 || renewed.Private.Equal(first.Private) || renewed.Codes.Code(4711, now) != first.Codes.Code(4711, now) {
		t.Fatalf("renewed are %+v, %v", renewed.Public, err)
	}
	later, err := proof.Sign(first.Private, proof.Statement{Publisher: "lecker", Sent: now.Add(time.Minute).Unix()})
	if err != nil {
		t.Fatal(err)
	}
	other := of(open("other keys"))
	if len(other.Public) != 3 || other.Codes.Code(4711, now) == first.Codes.Code(4711, now) {
		t.Errorf("with another key file there are %+v", other.Public)
	}
	all, err := open("keys").All(ctx)
	if err != nil || len(all["lecker"]) != 3 {
		t.Fatalf("all are %+v, %v", all, err)
	}
	for said, want := range map[string]bool{text: true, later: false} {
		read, err := proof.Parse(said)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read.Verify(all["lecker"]); (err == nil) != want {
			t.Errorf("it is verified: %v, want %v", err, want)
		}
	}
}
