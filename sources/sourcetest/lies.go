package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
)

const (
	// patience is how long is waited for a server that stalls, and for all others.
	patience, ages = 250 * time.Millisecond, 20 * time.Second
	// sideBySide is how many lies are told at a time: most of them wait.
	sideBySide = 12
	// mostMade is how much memory may be asked for in all while one answer is read
	// and understood, most of it one after another.
	mostMade = 24 * outside.DefaultMaxBytes
	// swordfish is what no stranger may see.
	swordfish = "swordfish-3141592653"
)

// lies: whatever a server does, a fetch ends in an error that says what is wrong
// or in clean items, within its time, bytes and memory; what was known before
// goes on being told; nobody inside is asked, and no stranger sees a secret; and
// once the server is honest again, so is the answer.
func (c overHTTP) lies(t *testing.T) {
	w := newWorld(t, c.Upstream, nil)
	all, known := allLies(), c.known(t, w)
	nothing() // what it costs to make is not what it costs to read
	// Those that wait begin first; what is measured has the place to itself.
	slices.SortStableFunc(all, func(a, b lie) int { return order(a) - order(b) })
	first := slices.IndexFunc(all, func(a lie) bool { return a.heavy })
	queue := make(chan lie)
	var work sync.WaitGroup
	for range sideBySide {
		work.Go(func() {
			for a := range queue {
				t.Run(a.name, func(t *testing.T) { c.judge(t, w, a, known) })
			}
		})
	}
	for _, a := range all[:first] {
		queue <- a
	}
	close(queue)
	work.Wait()
	for _, a := range all[first:] {
		t.Run(a.name, func(t *testing.T) { c.judge(t, w, a, known) })
	}
	for _, leak := range w.leaked() {
		t.Error(leak)
	}
}

func order(a lie) int {
	switch {
	case a.stalls:
		return 0
	case a.heavy:
		return 2
	}
	return 1
}

// trial is a source whose server is about to lie.
type trial struct {
	rig
	liar  *liar
	known known
	key   string
	cache *pull.Cache
	// ahead is how far the clock of all has been put forward.
	ahead *atomic.Int64
}

func (c overHTTP) judge(t *testing.T, w *world, a lie, known known) {
	r := c.tried(t, w, a)
	r.known = known
	r.cold(t)
	if !r.passes(t) && (known.single || a.sample) {
		r.warm(t)
	}
	if taken := r.liar.taken.Load(); taken > mostTaken {
		t.Errorf("%d bytes of one answer were taken; at most %d may be", taken, mostTaken)
	}
	for _, secret := range append(r.secretValues(t), swordfish) {
		if strings.Contains(r.log.String(), secret) {
			t.Errorf("a secret stands in the log: %s", r.log)
		}
	}
}

// tried opens a source at a server that is honest so far.
func (c overHTTP) tried(t *testing.T, w *world, a lie) trial {
	t.Helper()
	r := trial{liar: newLiar(t, w, c.Upstream, a), ahead: new(atomic.Int64)}
	now := func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }
	r.rig = rig{Case: c.Case, env: Env(t, c.Base), settings: c.withSecrets(t, c.Settings(r.liar.address)), log: &logBook{}}
	r.env.Client = outside.New(outside.Options{
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Clock: now, Roots: w.proofs.roots(), Resolver: r.liar.resolver(),
	})
	t.Cleanup(r.env.Client.Close)
	r.env.Clock, r.env.Logger = now, slog.New(slog.NewTextHandler(r.log, nil))
	r.env.Inbox = func() string { return "https://reader.example/in/p/test" }
	r.Query.Count, r.Query.At = max(r.Query.Count, 1), time.Now()
	if !c.Query.At.IsZero() {
		r.Query.At = c.Query.At
	}
	r.source = Open(t, r.Kind, r.env, r.settings)
	r.key = r.rig.key(t)
	r.cache = pull.NewCache(nil, now)
	t.Cleanup(r.cache.Close)
	return r
}

// withSecrets gives requests what proves who asks, where the kind can.
func (c overHTTP) withSecrets(t *testing.T, values map[string]any) map[string]any {
	t.Helper()
	fields, err := settings.Fields(c.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	values = maps.Clone(values)
	for name, value := range map[string]any{"bearer": swordfish, "headers": map[string]any{"X-Api-Key": swordfish}} {
		_, set := values[name]
		if _, other := values["username"]; name == "bearer" && other {
			continue // who asks is said in one way alone
		}
		if !set && slices.ContainsFunc(fields, func(f settings.Field) bool { return f.Name == name }) {
			values[name] = value
		}
	}
	return values
}

// cold fetches while nothing is known.
func (r trial) cold(t *testing.T) {
	t.Helper()
	honest := r.known.items
	if honest == nil || r.liar.keeps {
		honest = r.brings(t).Items
		r.env.Folder = t.TempDir()
		r.source = r.reopened(t)
	}
	r.liar.begin()
	defer r.liar.repent()
	limit := ages
	if r.liar.stalls {
		limit = patience
	}
	var before, after runtime.MemStats
	if r.liar.heavy {
		runtime.ReadMemStats(&before)
	}
	s, err := r.within(t, limit, nil)
	if r.liar.heavy {
		runtime.ReadMemStats(&after)
		if made := after.TotalAlloc - before.TotalAlloc; made > mostMade {
			t.Errorf("%d MB of memory were asked for; at most %d may be", made>>20, mostMade>>20)
		}
	}
	r.follows(t, s, err, honest)
}

// follows holds what came of a lie to what must.
func (r trial) follows(t *testing.T, s pull.Snapshot, err error, honest []what.Item) {
	t.Helper()
	want := r.liar.follows
	if want == leads {
		want = brings
		if r.liar.posts.Load() || !r.known.anywhere {
			want = bears
		}
	}
	switch {
	case err != nil && want == brings:
		t.Errorf("the answer is refused: %v", err)
	case err != nil:
		told(t, err, pull.Unavailable, pull.Unusable, pull.Limited, pull.Unknown, pull.Crowded, pull.Denied)
	case want == fails && len(s.Items) > 0 && frozen(t, ids(s.Items)) != frozen(t, ids(honest)[:min(len(s.Items), len(honest))]):
		t.Errorf("it brings %d items, and should fail", len(s.Items))
	case want == fails && !r.liar.robots:
		t.Errorf("it brings %d items, and should fail: %v", len(s.Items), s.Warnings)
	case want == barren && len(s.Items) > 0:
		t.Errorf("it brings %d items out of nothing", len(s.Items))
	case want == brings && len(s.Items) > 0 && r.known.parts && among(s.Items, honest):
	case want == brings && !alike(s.Items, honest):
		t.Errorf("it brings %d items other than the %d that are there", len(s.Items), len(honest))
	}
	if text := fmt.Sprint(err) + frozen(t, s); strings.Contains(text, swordfish) || slices.ContainsFunc(r.secretValues(t), func(secret string) bool { return strings.Contains(text, secret) }) {
		t.Errorf("a secret is told: %.500s", text)
	}
	r.clean(t, s)
}

// clean looks at what would be told of a snapshot.
func (r trial) clean(t *testing.T, s pull.Snapshot) {
	t.Helper()
	Inspect(t, s.Items)
	inspectWarnings(t, s)
	found, err := r.source.Select(t.Context(), s, r.Query)
	if err != nil {
		told(t, err, pull.Unknown, pull.Unusable, pull.Invalid)
	}
	speaker, ok := r.source.(pull.Speaker)
	for _, it := range found.Items {
		if ok {
			inspectReply(t, speaker.Say([]what.Item{it}, pull.Voice{Zone: time.UTC, At: r.Query.At}), "en")
		}
	}
}

// within fetches in a time; one that panics fails.
func (r trial) within(t *testing.T, limit time.Duration, last *pull.Snapshot) (s pull.Snapshot, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("the fetch breaks down: %v", p)
			err = errors.New("it broke down")
		}
	}()
	s, err = r.source.Fetch(ctx, r.key, last)
	return s, err //nolint:wrapcheck // as the source has it
}
