package sealed_test

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"keypull/store"
	"keypull/store/sealed"
	"keypull/store/storetest"
)

// pair is a ring at pages, and the key file of another folder, which may take over.
type pair struct {
	*testing.T
	pages       *storetest.KeptPages
	ring        *sealed.Ring
	path, other string
	has         func(key string) bool
	asked       []string
}

func newPair(t *testing.T) *pair {
	p := &pair{T: t, pages: &storetest.KeptPages{}, path: keyPath(t), other: keyPath(t)}
	o := pagedOptions(p.path, p.pages, noon)
	o.Have = func(_ context.Context, key string) bool {
		p.asked = append(p.asked, key)
		return p.has != nil && p.has(key)
	}
	p.ring = must[*sealed.Ring](t)(sealed.Open(o))
	t.Cleanup(func() { _ = p.ring.Close() })
	if err := os.WriteFile(p.other, must[[]byte](t)(os.ReadFile(p.path)), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *pair) wrap(now time.Time) (pages int) {
	p.Helper()
	return must[int](p.T)(p.ring.WrapPages(p.Context(), now))
}

// give has the other folder take the wrapping keys.
func (p *pair) give(keys []byte) error {
	return sealed.TakeWrapping(p.other, keys, must[[]string](p.T)(p.pages.Wrappers(p.Context())))
}

func (p *pair) held(path string) []string {
	p.Helper()
	return must[[]string](p.T)(sealed.HeldWrapping(path))
}

// takeOver opens the other folder, at a copy of the pages.
func (p *pair) takeOver(now time.Time) *sealed.Ring {
	p.Helper()
	o := pagedOptions(p.other, p.pages.Copy(), now)
	o.Fresh = false
	r := must[*sealed.Ring](p.T)(sealed.Open(o))
	p.Cleanup(func() { _ = r.Close() })
	return r
}

// A new key wraps nothing before others have it, or were waited for in vain.
func TestAKeyIsHeldBackUntilOthersHaveIt(t *testing.T) {
	night := noon.Add(23 * time.Hour)
	for name, c := range map[string]struct {
		has  func(p *pair) bool
		then time.Duration
	}{
		"until they have it":  {func(p *pair) bool { return p.give(p.ring.WrappingKeys()) == nil }, time.Minute},
		"until it is in vain": {func(*pair) bool { return false }, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			f := addReaders(t, p.ring, 300)
			if p.wrap(night) != 0 || p.wrap(night.Add(10*time.Second)) != 0 {
				t.Fatal("pages are wrapped by a key that others do not have")
			}
			f.erase(t, p.ring, 3)
			if by := must[[]string](t)(p.pages.Wrappers(t.Context())); len(by) != 1 || len(p.asked) != 2 || slices.Contains(by, p.asked[0]) {
				t.Errorf("wrapped by %q, and asked for %q", by, p.asked)
			}
			p.has = func(string) bool { return c.has(p) }
			if n := p.wrap(night.Add(c.then)); n == 0 {
				t.Error("nothing was wrapped")
			}
			if by := must[[]string](t)(p.pages.Wrappers(t.Context())); !slices.Equal(by, p.asked[:1]) {
				t.Errorf("wrapped by %q, want by %q", by, p.asked[0])
			}
			p.wrap(night.Add(2 * time.Hour))
			if got := p.held(p.path); !slices.Equal(got, p.asked[:1]) {
				t.Errorf("%q are left, want %q", got, p.asked[0])
			}
			f.opens(t, "wrapped", p.ring)
		})
	}
}

// Whatever was given last, who takes over opens everything, goes on with the wrapping that was begun,
// and keeps no key that was destroyed.
func TestAnotherFolderTakesOverAtEachStep(t *testing.T) {
	night := noon.Add(23 * time.Hour)
	for name, c := range map[string]struct {
		before, after []time.Duration // of night: what is wrapped before and after the keys are given
		opened        time.Duration
		left          int // keys, once it is open
	}{
		"before a new key":                {nil, nil, 0, 1},
		"a new key is offered":            {[]time.Duration{0}, nil, time.Minute, 2},
		"taken up since":                  {[]time.Duration{0}, []time.Duration{time.Minute}, 2 * time.Minute, 2},
		"taken up, and the former gone":   {[]time.Duration{0}, []time.Duration{time.Minute, 2 * time.Hour}, 2 * time.Hour, 1},
		"given with both":                 {[]time.Duration{0, time.Minute}, nil, 2 * time.Minute, 2},
		"given with both, away for hours": {[]time.Duration{0, time.Minute}, []time.Duration{2 * time.Hour}, 30 * time.Hour, 1},
		"given after the former is gone":  {[]time.Duration{0, time.Minute, 2 * time.Hour}, nil, 3 * time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			f := addReaders(t, p.ring, 300)
			step := func(at []time.Duration) {
				for _, later := range at {
					p.has = func(string) bool { return later > 0 }
					p.wrap(night.Add(later))
				}
			}
			step(c.before)
			if err := p.give(p.ring.WrappingKeys()); err != nil {
				t.Fatal(err)
			}
			step(c.after)
			f.erase(t, p.ring, 9)
			now := night.Add(c.opened)
			r := p.takeOver(now)
			f.opens(t, "taken over", r)
			if got := p.held(p.other); len(got) != c.left {
				t.Errorf("%q are held, want %d", got, c.left)
			}
			held := p.held(p.other)
			for later := time.Duration(0); later < 24*time.Hour; later += 10 * time.Minute {
				if _, err := r.WrapPages(t.Context(), now.Add(later)); err != nil {
					t.Fatal(later, err)
				}
			}
			f.opens(t, "wrapped there", r)
			if got := p.held(p.other); slices.ContainsFunc(got, func(id string) bool { return slices.Contains(held, id) }) {
				t.Errorf("of %q there are %q a day later", held, got)
			}
		})
	}
}

// What is of no use is not taken, and nothing is lost by it.
func TestWrappingKeysThatOpenNothingAreNotTaken(t *testing.T) {
	p, stranger := newPair(t), newPair(t)
	f := addReaders(t, p.ring, 20)
	addReaders(t, stranger.ring, 1)
	good := p.ring.WrappingKeys()
	if err := p.give(good); err != nil {
		t.Fatal(err)
	}
	bent := slices.Clone(good)
	bent[40] ^= 1
	for name, keys := range map[string][]byte{
		"none": nil, "empty": make([]byte, len(good)), "cut short": good[:len(good)-1], "longer": append(slices.Clone(good), 0), "bent": bent, "another's": stranger.ring.WrappingKeys(),
	} {
		if err := p.give(keys); err == nil {
			t.Errorf("%s: they were taken", name)
		}
	}
	p.has = func(string) bool { return true }
	p.wrap(noon.Add(23 * time.Hour))
	p.wrap(noon.Add(25 * time.Hour))
	if err := p.give(good); err == nil {
		t.Error("keys that were destroyed since were taken")
	}
	if err := p.give(p.ring.WrappingKeys()); err != nil {
		t.Fatal(err)
	}
	f.opens(t, "taken over", p.takeOver(noon.Add(25*time.Hour)))
	wants(t, "give to who works", sealed.TakeWrapping(p.path, good, nil), store.ErrInUse)
	if len(p.held(keyPath(t))) > 0 {
		t.Error("a folder without them has some")
	}
	r := must[*sealed.Ring](t)(sealed.Open(sealed.Options{Path: keyPath(t), Fresh: true}))
	if keys := r.WrappingKeys(); keys != nil {
		t.Errorf("keys in the folder are wrapped by %d bytes", len(keys))
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}
