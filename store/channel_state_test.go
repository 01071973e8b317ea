package store_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/mem"
	"keypull/store/sealed"
)

func TestAChannelFindsInItsPlaceWhatItLeftThereAndNobodyElseDoes(t *testing.T) {
	ring, err := sealed.Open(sealed.Options{Path: filepath.Join(t.TempDir(), "keys"), Fresh: true})
	must(t, err)
	db := mem.Open(store.Options{})
	places := store.NewChannelStates(db, ring)
	mine, other := places.Of("lecker", "gw"), places.Of("lecker", "tg")
	must(t, mine.Keep(t.Context(), []byte("cursor-41")))
	must(t, mine.Keep(t.Context(), []byte("cursor-42")))
	got, err := places.Of("lecker", "gw").Load(t.Context())
	if err != nil || string(got) != "cursor-42" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := other.Load(t.Context()); got != nil || err != nil {
		t.Errorf("another channel reads %q, %v", got, err)
	}
	pair, err := db.Get(t.Context(), "place.lecker.gw")
	if err != nil || bytes.Contains(pair.Value, []byte("cursor")) {
		t.Errorf("it lies open: %q, %v", pair.Value, err)
	}
	_, err = db.Put(t.Context(), "place.lecker.tg", pair.Value, store.Any)
	must(t, err)
	if got, err := other.Load(t.Context()); got != nil || err != nil {
		t.Errorf("what was moved to another channel opens there: %q, %v", got, err)
	}
	must(t, mine.Keep(t.Context(), nil))
	if got, err := mine.Load(t.Context()); got != nil || err != nil {
		t.Errorf("what was removed is %q, %v", got, err)
	}
}
