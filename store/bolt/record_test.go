package bolt_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"keypull/store"
	"keypull/store/bolt"
)

var moments = rapid.Custom(func(t *rapid.T) time.Time {
	if rapid.Bool().Draw(t, "none") {
		return time.Time{}
	}
	seconds := rapid.Int64Range(-62135596800, 253402300799).Draw(t, "seconds") // years 1 to 9999
	return time.Unix(seconds, rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC()
})

func TestEntriesComeBackFromTheirBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := store.Entry{
			Seq: rapid.Uint64().Draw(t, "seq"), ID: rapid.String().Draw(t, "id"), Partition: rapid.String().Draw(t, "partition"),
			Due: moments.Draw(t, "due"), At: moments.Draw(t, "at"), Payload: rapid.SliceOf(rapid.Byte()).Draw(t, "payload"),
		}
		b := bolt.EncodeEntry(want)
		got, err := bolt.DecodeEntry(want.Seq, b)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
	})
}

func TestRecordsComeBackFromTheirBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := store.Record{
			Position: rapid.Uint64().Draw(t, "position"), ID: rapid.OneOf(ids, rapid.StringN(1, -1, -1)).Draw(t, "id"),
			At: moments.Draw(t, "at"), Data: rapid.SliceOf(rapid.Byte()).Draw(t, "data"),
		}
		got, err := bolt.DecodeRecord(want.Position, bolt.EncodeRecord(want.At, want.ID, want.Data))
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(bolt.EncodeEntry(store.Entry{ID: "id", Partition: "p", At: time.Unix(1, 2), Payload: []byte("payload")}))
	f.Add(bolt.EncodeRecord(time.Unix(1, 2), "id", []byte("data")))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := bolt.DecodeEntry(1, b); err == nil && len(e.ID)+len(e.Partition)+len(e.Payload) > len(b) {
			t.Errorf("%x became %+v", b, e)
		}
		if r, err := bolt.DecodeRecord(1, b); err == nil && len(r.ID)+len(r.Data) > len(b)+16 {
			t.Errorf("%x became %+v", b, r)
		}
	})
}
