package sealed_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/store"
	"keypull/store/sealed"
)

// ringed is a ring of two readers, of whom one was erased, and two days, with what it sealed and
// what it calls people by.
type ringed struct {
	*sealed.Ring

	path, old  string // the key file, and a copy of the one before
	ann, gone  store.Slot
	texts      map[string][]byte
	token      []byte
	name, pair string
	hash       []byte
	slots      []byte // as they were before
}

func ringedRing(t *testing.T) *ringed {
	t.Helper()
	ring, path := fresh(t)
	r := &ringed{Ring: ring, path: path, old: filepath.Join(t.TempDir(), "old.key")}
	r.ann, r.gone = must[store.Slot](t)(r.NewReader()), must[store.Slot](t)(r.NewReader())
	r.Keep(r.ann, r.gone)
	r.texts = map[string][]byte{"ann": ofReader(t, ring, r.ann, "ann"), "gone": ofReader(t, ring, r.gone, "gone")}
	for _, day := range []int{0, 1} {
		_ = ofDay(t, ring, noon.AddDate(0, 0, day), "day")
	}
	r.texts["day"] = ofDay(t, ring, noon, "day")
	r.token, r.name, r.pair, r.hash = r.Seal("token", []byte("secret")), r.Pseudonym("lecker", "tg", "1"), r.Pair(), r.HashKey()
	if err := errors.Join(r.EraseReaders(r.gone), r.Belong()); err != nil {
		t.Fatal(err)
	}
	copyTo(t, path, r.old)
	r.slots = must[[]byte](t)(os.ReadFile(path + ".slots")) //nolint:gosec // of this test
	return r
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	b := must[[]byte](t)(os.ReadFile(from)) //nolint:gosec // of this test
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// opens fails where a ring does not know what was sealed before.
func (r *ringed) opens(t *testing.T, when string, ring *sealed.Ring) {
	t.Helper()
	text, _, err := ring.OpenReader(here, r.texts["ann"])
	if err != nil || string(text) != "ann" {
		t.Errorf("%s: the reader's is %q, %v", when, text, err)
	}
	if text, err := ring.OpenDay(here, r.texts["day"]); err != nil || string(text) != "day" {
		t.Errorf("%s: the day's is %q, %v", when, text, err)
	}
	if _, _, err := ring.OpenReader(here, r.texts["gone"]); !errors.Is(err, sealed.ErrErased) {
		t.Errorf("%s: what was erased is back: %v", when, err)
	}
	if text, err := ring.Unseal("token", r.token); err != nil || string(text) != "secret" {
		t.Errorf("%s: the secret is %q, %v", when, text, err)
	}
	if ring.Pseudonym("lecker", "tg", "1") != r.name || ring.Pair() != r.pair || !bytes.Equal(ring.HashKey(), r.hash) {
		t.Errorf("%s: readers, ids or the store are called by other names", when)
	}
}

// placeNext makes a new master key, and puts it into the key file.
func (r *ringed) placeNext(t *testing.T) {
	t.Helper()
	if err := sealed.PlaceNext(r.path, sealed.NextKey(must[[]byte](t)(sealed.ReadKey(r.path)))); err != nil {
		t.Fatal(err)
	}
}

func untold(int, int) {}

func TestAfterARotationTheOldMasterKeyOpensNothing(t *testing.T) {
	r := ringedRing(t)
	r.opens(t, "before", r.Ring)
	if again := must[bool](t)(r.TakeNext()); again {
		t.Error("there was a new key before one was made")
	}
	r.placeNext(t)
	r.opens(t, "not taken up", again(t, r.path))
	if taken := must[bool](t)(r.TakeNext()); !taken || !r.Rotating() {
		t.Fatal("the new key was not taken up")
	}
	r.opens(t, "taken up", r.Ring)
	bob := must[store.Slot](t)(r.NewReader())
	r.Keep(bob)
	bobs := ofReader(t, r.Ring, bob, "bob")
	if err := r.WrapAnew(t.Context(), untold); err != nil || r.Rotating() {
		t.Fatalf("%v, rotating %v", err, r.Rotating())
	}
	r.DropReady()
	r.opens(t, "after", r.Ring)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	next := open(t, r.path)
	r.opens(t, "the next process", next)
	if text, _, err := next.OpenReader(here, bobs); err != nil || string(text) != "bob" || next.Rotating() {
		t.Errorf("a reader of meanwhile: %q, %v, rotating %v", text, err, next.Rotating())
	}
	if anew, ok := next.SealAnew("token", r.token); !ok || string(must[[]byte](t)(next.Unseal("token", anew))) != "secret" {
		t.Error("the secret is not sealed anew")
	} else if _, ok := next.SealAnew("token", anew); ok {
		t.Error("a secret of the latest key is sealed once more")
	} else if old := again(t, r.oldFiles(t)); must[string](t)(unsealed(old, anew)) != "" {
		t.Error("the old key opens it")
	}
	if n, err := sealed.OpenedBy(r.old, r.path+".slots"); err != nil || n != 0 {
		t.Errorf("the old key opens %d slots, %v", n, err)
	}
	copyTo(t, r.path+".slots", r.old+".slots")
	if _, err := sealed.Open(sealed.Options{Path: r.old}); !errors.Is(err, sealed.ErrLost) {
		t.Errorf("the old key file with the slots: %v", err)
	}
}

// oldFiles are both files as they were before.
func (r *ringed) oldFiles(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "before.key")
	copyTo(t, r.old, path)
	if err := os.WriteFile(path+".slots", r.slots, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// unsealed returns what a secret of a token says; "" where it does not open.
func unsealed(ring *sealed.Ring, secret []byte) (string, error) {
	text, err := ring.Unseal("token", secret)
	if errors.Is(err, sealed.ErrOtherKey) || errors.Is(err, sealed.ErrTampered) {
		return "", nil
	}
	return string(text), err
}

// Whatever slots were on the disk when the machine went, the key file of then opens them, and a
// rotation goes on to its end.
func TestARotationThatWasBrokenOffGoesOn(t *testing.T) {
	r := ringedRing(t)
	r.placeNext(t)
	if err := errors.Join(second(r.TakeNext()), r.WrapAnew(t.Context(), untold)); err != nil {
		t.Fatal(err)
	}
	after := must[[]byte](t)(os.ReadFile(r.path + ".slots"))
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // to be the same each time
	const slot = 64
	for round := range 20 {
		mixed := bytes.Clone(r.slots)
		for at := 0; at < len(mixed); at += slot {
			if round == 1 || round > 1 && at > 0 && random.IntN(2) == 0 { // slot 0 comes last
				copy(mixed[at:at+slot], after[at:])
			}
		}
		path := filepath.Join(t.TempDir(), "keypull.key")
		copyTo(t, r.path, path)
		if err := os.WriteFile(path+".slots", mixed, 0o600); err != nil {
			t.Fatal(err)
		}
		ring := open(t, path)
		if ring.Rotating() != (round != 1) {
			t.Errorf("round %d: rotating %v", round, ring.Rotating())
		}
		r.opens(t, "broken off", ring)
		if err := ring.WrapAnew(t.Context(), untold); err != nil {
			t.Fatal(err)
		}
		ring.DropReady()
		r.opens(t, "gone on", ring)
		if n, err := sealed.OpenedBy(r.old, path+".slots"); err != nil || n != 0 {
			t.Errorf("round %d: the old key opens %d slots, %v", round, n, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestARotationMeetsWhatHappensMeanwhile(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, r *ringed)
	}{
		{"a reader is erased", func(t *testing.T, r *ringed) {
			bob := must[store.Slot](t)(r.NewReader())
			r.texts["gone"] = ofReader(t, r.Ring, bob, "bob")
			r.placeNext(t)
			if err := errors.Join(second(r.TakeNext()), r.EraseReaders(bob)); err != nil {
				t.Fatal(err)
			}
		}},
		{"another rotation begins", func(t *testing.T, r *ringed) {
			r.placeNext(t)
			r.placeNext(t)
			if err := second(r.TakeNext()); err != nil {
				t.Fatal(err)
			}
			r.placeNext(t)
			if err := second(r.TakeNext()); err != nil {
				t.Fatal(err)
			}
		}},
		{"the disk fails for a while", func(t *testing.T, r *ringed) {
			r.placeNext(t)
			r.FailSync(errors.New("the disk is gone"))
			if err := errors.Join(second(r.TakeNext()), r.WrapAnew(t.Context(), untold)); err == nil || !r.Rotating() {
				t.Errorf("%v, rotating %v", err, r.Rotating())
			}
			r.FailSync(nil)
		}},
		{"it is told to end", func(t *testing.T, r *ringed) {
			r.placeNext(t)
			ended, end := context.WithCancel(t.Context())
			end()
			if err := second(r.TakeNext()); err != nil {
				t.Fatal(err)
			}
			if err := r.WrapAnew(ended, untold); !errors.Is(err, context.Canceled) || !r.Rotating() {
				t.Errorf("%v, rotating %v", err, r.Rotating())
			}
		}},
		{"slot 0 is damaged", func(t *testing.T, r *ringed) {
			r.placeNext(t)
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			f := must[*os.File](t)(os.OpenFile(r.path+".slots", os.O_RDWR, 0))
			if _, err := f.WriteAt([]byte("damaged"), 20); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			r.Ring = open(t, r.path)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ringedRing(t)
			c.do(t, r)
			r.DropReady()
			r.opens(t, "meanwhile", r.Ring)
			if err := r.WrapAnew(t.Context(), untold); err != nil || r.Rotating() {
				t.Fatalf("%v, rotating %v", err, r.Rotating())
			}
			r.DropReady()
			r.opens(t, "after", r.Ring)
			r.opens(t, "the next process", again(t, r.path))
			if n, err := sealed.OpenedBy(r.old, r.path+".slots"); err != nil || n != 0 {
				t.Errorf("the old key opens %d slots, %v", n, err)
			}
		})
	}
}

func TestAKeyFileThatDoesNotGoOnIsRefused(t *testing.T) {
	r := ringedRing(t)
	_, strange := fresh(t)
	key := must[[]byte](t)(sealed.ReadKey(strange))
	if err := sealed.PlaceNext(r.path, sealed.NextKey(key)); err == nil || !strings.Contains(err.Error(), "does not go on") {
		t.Errorf("a key of another file was placed: %v", err)
	}
	many := must[[]byte](t)(sealed.ReadKey(r.path))
	for range 64 {
		many = sealed.NextKey(many)
	}
	if err := sealed.PlaceNext(r.path, many); err == nil {
		t.Error("65 keys were placed")
	}
	copyTo(t, strange, r.path)
	if _, err := r.TakeNext(); !errors.Is(err, sealed.ErrLost) {
		t.Errorf("a key of another file was taken up: %v", err)
	}
	r.opens(t, "as before", r.Ring)
}

func FuzzParseKey(f *testing.F) {
	line := strings.Repeat("ab", 32)
	for _, text := range []string{"", line, line + "\n", line + "\n" + line, line + "\n\n" + line, strings.Repeat(line+"\n", 64), strings.Repeat(line+"\n", 65), line + "\r\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		key, ok := sealed.ParseKey(text)
		if !ok {
			return
		}
		var written strings.Builder
		for at := 0; at < len(key); at += 32 {
			written.WriteString(hex.EncodeToString(key[at:at+32]) + "\n")
		}
		if got := strings.ToLower(strings.TrimSuffix(string(text), "\n")) + "\n"; got != written.String() {
			t.Errorf("%q is read as %q", text, written.String())
		}
	})
}
