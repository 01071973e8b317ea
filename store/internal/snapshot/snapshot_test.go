package snapshot

import (
	"bytes"
	"compress/gzip"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/compact/compacttest"
	"keypull/pull/what"
	"keypull/pull/words"
)

func sameTexts(a, b words.Text) bool { return a.String() == b.String() }

func TestSnapshotsComeBackWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var want pull.Snapshot
		v := reflect.ValueOf(&want).Elem()
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Name != "Warnings" && f.Tag.Get("json") != "-" {
				compacttest.Fill(t, v.Field(i))
			}
		}
		packed, err := Pack(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Unpack(Version, packed)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatal(err, diff)
		}
	})
}

func TestWarningsKeepTheirArguments(t *testing.T) {
	t.Parallel()
	want := pull.Snapshot{Warnings: []words.Text{
		words.Verbatim("as it is"),
		{Key: "dead.absent", Args: words.Args{"keep": "a day", "at": time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), "list": []string{"a", "b"}, "n": 3}},
	}}
	packed, err := Pack(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Unpack(Version, packed)
	if diff := cmp.Diff(want.Warnings, got.Warnings, cmp.Comparer(sameTexts)); diff != "" || err != nil || got.Warnings[1].Args["n"] != int64(3) {
		t.Fatal(err, diff)
	}
}

// sample has something in each field.
func sample() pull.Snapshot {
	at := time.Date(2026, 3, 1, 12, 0, 0, 250_000_000, time.FixedZone("", 3600))
	return pull.Snapshot{
		Items: []what.Item{
			{ID: "https://example.org/a", Title: "Gâteau au chocolat", Language: "fr", Summary: "En bref", Body: "Un\n\nDeux", Link: "https://example.org/a",
				Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Bytes: 4711, Seconds: 3, Alt: "Gâteau"}},
				Facts: what.Facts{{Name: "price", Kind: what.Decimal, Text: "1.50"}, {Name: "steps", Kind: what.List, List: []string{"un", "deux"}}}, Published: at, AsOf: at.Add(time.Minute), ToMinute: true},
			{ID: "b", Title: "Tiramisù", Seen: at},
		},
		AsOf: at, Fetched: at.Add(time.Second), Expires: at.Add(time.Hour), NotBefore: at.Add(2 * time.Hour),
		Validators: pull.Validators{ETag: "\"\xff\"", LastModified: "Sun, 01 Mar 2026 11:00:00 GMT"},
		Extra:      json.RawMessage(`{"page":2}`), Revision: "r1", Warnings: []words.Text{words.Verbatim("odd")}, Unfinished: true,
	}
}

func TestTheFormOfSnapshotsStays(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/snapshot.hex")
	if err != nil {
		t.Fatal(err)
	}
	want, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	got, err := encode(sample())
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v; it is written as\n%x", err, got)
	}
	back, err := decode(want)
	if diff := cmp.Diff(sample(), back, cmp.Comparer(sameTexts)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestSnapshotsOfEarlierVersionsAreRead(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if err := gob.NewEncoder(z).Encode(sample()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := Unpack(versionGob, packed.Bytes())
	if diff := cmp.Diff(sample(), got, cmp.Comparer(sameTexts)); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, err := Unpack(Version+1, packed.Bytes()); err == nil {
		t.Error("a later version was read")
	}
}

func FuzzDecode(f *testing.F) {
	whole, err := encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range [][]byte{whole, whole[:len(whole)-1], {}, {1, 2}} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decode(b)
		if err != nil {
			return
		}
		again, err := encode(s)
		if err != nil {
			t.Fatal(err)
		}
		same, err := decode(again)
		if diff := cmp.Diff(s, same, cmp.Comparer(sameTexts)); diff != "" || err != nil {
			t.Error(err, diff)
		}
	})
}
