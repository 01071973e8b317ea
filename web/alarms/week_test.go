package alarms_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/mem"
	"keypull/web/alarms"
	"keypull/web/console"
	"keypull/web/console/consoletest"
	"keypull/web/messengers"
)

// bot is a messenger without limits.
type bot struct{ messengers.Messenger }

func (bot) Limits() messengers.Limits { return messengers.Limits{Text: 4000, Unit: messengers.Runes} }

// newsroom is an outlet whose sources do as a test says, and an editor who is told.
type newsroom struct {
	console.Catalogue
	t        *testing.T
	setup    *catalogue.Setup
	figures  *consoletest.Figures
	kv       store.KV
	room     func() error
	alarms   *alarms.Alarms
	failures *console.Failures
	channels messengers.Channels
	end      context.CancelFunc
	ended    chan struct{}

	mu     sync.Mutex
	health map[string]pull.Health
	// upstream says whether a source answers; nil is always.
	upstream func(source string, at time.Time) error
	looked   map[string]int
	told     []string
}

func newNewsroom(t *testing.T, sources ...string) *newsroom {
	t.Helper()
	n := &newsroom{t: t, kv: mem.Open(store.Options{}), health: map[string]pull.Health{}, looked: map[string]int{}, figures: &consoletest.Figures{Publisher: "lecker", Zone: time.UTC}}
	p := catalogue.Publisher{ID: "lecker", Name: "Lecker", Languages: []string{"en"}, TimeZone: "UTC", Channels: []catalogue.Channel{{ID: "tg", Kind: "telegram"}}}
	for _, id := range sources {
		p.Sources = append(p.Sources, catalogue.Source{ID: id, Kind: "feed"})
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: id, Source: id, Phrases: map[string][]string{"en": {id}}})
	}
	n.setup = catalogue.NewSetup(p, nil)
	n.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "tg", "telegram", bot{})})
	n.start()
	return n
}

// Publisher and Publishers are the outlet.
func (n *newsroom) Publisher(id string) *catalogue.Setup {
	if id != "lecker" {
		return nil
	}
	return n.setup
}

func (n *newsroom) Publishers() []*catalogue.Setup { return []*catalogue.Setup{n.setup} }

// HealthOf implements console.Health.
func (n *newsroom) HealthOf(string) map[string]pull.Health {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.health)
}

// fetch asks a source, as readers and looks do.
func (n *newsroom) fetch(source string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := n.health[source]
	var err error
	if n.upstream != nil {
		err = n.upstream(source, time.Now())
	}
	if err != nil {
		h.Bad, h.Error = time.Now(), words.Verbatim(err.Error())
	} else {
		h.Good, h.Error = time.Now(), words.Text{}
	}
	n.health[source] = h
	return err
}

// start has a process look what fails.
func (n *newsroom) start() {
	n.failures = &console.Failures{Catalogue: n, Health: n, Channels: &n.channels, Counts: n.figures, Store: n.room, Clock: time.Now}
	n.alarms = alarms.New(alarms.Options{
		Addresses: store.NewAlarms(n.kv, consoletest.Vault{}), Catalogue: n, Failures: n.failures, Health: n, Channels: &n.channels,
		Look: func(_ context.Context, _, source string) error {
			n.mu.Lock()
			n.looked[source]++
			n.mu.Unlock()
			return n.fetch(source)
		},
		Reader: func(publisher, channel, reader string) who.Key { return who.Key(publisher + channel + reader) },
		Page:   func(string) string { return "https://example.org/today" }, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	n.failures.Untold = n.alarms.Untold
	ctx, end := context.WithCancel(n.t.Context())
	n.end, n.ended = end, make(chan struct{})
	go func() {
		defer close(n.ended)
		n.alarms.Run(ctx, n.put)
	}()
}

func (n *newsroom) stop() {
	n.end()
	<-n.ended
}

// put takes what an account is told.
func (n *newsroom) put(_ context.Context, e pull.Entry, _ int) (pipeline.Accepted, error) {
	if err := e.Check(); err != nil || e.Kind != pull.Alarm || e.Cause != 7 {
		n.t.Errorf("%+v: %v", e, err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, b := range e.Reply.Blocks {
		n.told = append(n.told, b.Lines...)
	}
	return pipeline.Accepted{}, nil
}

func (n *newsroom) heard() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.told, "\n")
}

func (n *newsroom) operator() context.Context {
	by := console.Operator()
	by.Language = "en"
	return console.WithCaller(console.WithDoer(n.t.Context(), console.New(console.Options{}, n.alarms.Operations()...)), by)
}

// join has an editor send the code.
func (n *newsroom) join(in alarms.AlarmCreate) alarms.Alarm {
	n.t.Helper()
	in.Publisher, in.Way = "lecker", "account"
	made, err := alarms.CreateAlarm.Call(n.operator(), in)
	if err != nil {
		n.t.Fatal(err)
	}
	code, _, ok := pull.FindMoveCode(made.Code)
	ask := pull.Ask{ID: 7, Publisher: "lecker", Channel: "tg", Reader: "lecker.editor", At: time.Now(), Incoming: pull.Incoming{Address: "editor"}}
	if joined, err := n.alarms.Join(n.t.Context(), &ask, code); !ok || !joined || err != nil {
		n.t.Fatalf("%v %v %v", ok, joined, err)
	}
	return made.Alarm
}

// reads has readers ask for a while: few by night, many by day, each source in turn.
func (n *newsroom) reads(d time.Duration, chance *rand.Rand) {
	sources := slices.Sorted(maps.Keys(n.setup.Counts()))
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(20 * time.Minute) {
		asks := 1
		if h := time.Now().Hour(); h >= 7 && h < 23 {
			asks = 3 + chance.IntN(4)
		}
		for range asks {
			n.figures.Add(journal.Trace{At: time.Now(), Channel: "tg", Outcome: journal.Answered})
		}
		_ = n.fetch(sources[chance.IntN(len(sources))])
	}
}

func TestAWeekWithoutCauseIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, "news", "weather", "recipes", "prices")
		n.join(alarms.AlarmCreate{})
		// Now and then a source does not answer, for a moment.
		blips, last := rand.New(rand.NewPCG(1, 2)), map[string]time.Time{} //nolint:gosec // the same week each time
		n.upstream = func(source string, at time.Time) error {
			if at.Sub(last[source]) > time.Minute && blips.IntN(200) == 0 {
				last[source] = at
				return errors.New("cut off")
			}
			return nil
		}
		chance := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // as above
		for range 7 {
			n.reads(24*time.Hour, chance)
			n.stop()
			n.start() // once a day the server is updated
		}
		if heard := n.heard(); heard != "" {
			t.Errorf("it rang:\n%s", heard)
		}
		n.mu.Lock()
		for id, times := range n.looked {
			if times < 500 {
				t.Errorf("%s was looked at %d times in a week", id, times)
			}
		}
		n.mu.Unlock()
		n.stop()
	})
}

// fullDisk is a store that takes nothing while it is full.
type fullDisk struct {
	store.KV
	full atomic.Bool
}

// Room returns what keeps it from taking anything.
func (d *fullDisk) Room() error {
	if d.full.Load() {
		return store.ErrFull
	}
	return nil
}

// Put implements store.KV.
func (d *fullDisk) Put(ctx context.Context, key string, value []byte, when store.Revision) (store.Revision, error) {
	if err := d.Room(); err != nil {
		return 0, err
	}
	return d.KV.Put(ctx, key, value, when)
}

// TestAFullStoreRingsOnceAndOnceWhenItIsOver: what was told can't be written down meanwhile.
func TestAFullStoreRingsOnceAndOnceWhenItIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, "news")
		n.stop()
		disk := &fullDisk{KV: n.kv}
		n.kv, n.room = disk, disk.Room
		n.start()
		n.join(alarms.AlarmCreate{})
		time.Sleep(time.Hour)
		if heard := n.heard(); heard != "" {
			t.Errorf("without a cause it rang:\n%s", heard)
		}
		disk.full.Store(true)
		time.Sleep(2 * time.Minute)
		const fails, over = "The store: nothing can be written (since", "The store: it is over"
		if heard := n.heard(); strings.Count(heard, fails) != 1 {
			t.Errorf("within two minutes it rang:\n%s", heard)
		}
		time.Sleep(5 * time.Hour)
		disk.full.Store(false)
		time.Sleep(5 * time.Hour)
		n.stop()
		n.start() // what was told is written down by now
		time.Sleep(time.Hour)
		if heard := n.heard(); strings.Count(heard, fails) != 1 || strings.Count(heard, over) != 1 || strings.Count(heard, "\n") != 1 {
			t.Errorf("it rang:\n%s", heard)
		}
		n.stop()
	})
}

func TestASourceIsLookedAtAnewWhileNobodyAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, "news", "weather")
		n.join(alarms.AlarmCreate{})
		down := func(source string, _ time.Time) error {
			if source == "news" {
				return fmt.Errorf("no answer about %s", "a reader's words")
			}
			return nil
		}
		set := func(f func(string, time.Time) error) {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.upstream = f
		}
		time.Sleep(time.Hour)
		set(down)
		time.Sleep(17 * time.Minute)
		heard := n.heard()
		if strings.Count(heard, "\n") != 0 || !strings.HasPrefix(heard, "Source news: it fails (since ") || !strings.HasSuffix(heard, "asked again by itself.") {
			t.Errorf("it rang:\n%s", heard)
		}
		// An ask that meets it is heard within two minutes.
		set(nil)
		time.Sleep(10 * time.Minute)
		set(func(string, time.Time) error { return errors.New("no") })
		_ = n.fetch("weather")
		time.Sleep(2 * time.Minute)
		heard = n.heard()
		if !strings.Contains(heard, "Source news: it is over") || strings.Count(heard, "Source weather: it fails") != 1 || strings.Contains(heard, "reader") {
			t.Errorf("it rang:\n%s", heard)
		}
		n.stop()
	})
}

func TestSTOPEndsWhatAnAccountIsTold(t *testing.T) {
	for name, o := range map[string]pull.Resolved{
		"STOP": {Reader: who.Reader{State: who.Stopped}}, "FORGET ME": {Reader: who.Reader{Leaves: time.Now()}}, "the account is gone": {Reader: who.Reader{State: who.Gone}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNewsroom(t, "news")
				n.join(alarms.AlarmCreate{})
				n.alarms.Watch(pull.Ask{ID: 9, Publisher: "lecker", Channel: "tg", Reader: "lecker.other", At: time.Now()}, o)
				n.alarms.Watch(pull.Ask{ID: 8, Publisher: "lecker", Channel: "tg", Reader: "lecker.editor", At: time.Now()}, o)
				time.Sleep(time.Minute)
				n.stop()
				n.start()
				n.upstream = func(string, time.Time) error { return errors.New("no") }
				time.Sleep(time.Hour)
				listed, err := alarms.ListAlarms.Call(n.operator(), console.Of{Publisher: "lecker"})
				if err != nil || len(listed.Alarms) != 1 || listed.Alarms[0].State != "stopped" || n.heard() != "" {
					t.Errorf("%+v %v, it rang:\n%s", listed, err, n.heard())
				}
				n.stop()
			})
		})
	}
}

func TestAddressesAreFewAndRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNewsroom(t, "news")
		for _, c := range []struct {
			in    alarms.AlarmCreate
			field string
		}{
			{alarms.AlarmCreate{Way: "pigeon"}, "way"},
			{alarms.AlarmCreate{Way: "webhook", URL: "http://example.org/hook"}, "url"},
			{alarms.AlarmCreate{Way: "webhook", URL: "https://user:word@example.org/"}, "url"},
			{alarms.AlarmCreate{Way: "webhook", URL: "ftp://example.org/"}, "url"},
			{alarms.AlarmCreate{Way: "mailbox", Mailbox: "desk@example.org"}, "channel"},
			{alarms.AlarmCreate{Way: "account", AlarmKept: alarms.AlarmKept{Quiet: "at night"}}, "quiet"},
			{alarms.AlarmCreate{Way: "account", AlarmKept: alarms.AlarmKept{Language: "tlh"}}, "language"},
		} {
			c.in.Publisher = "lecker"
			if _, err := alarms.CreateAlarm.Call(n.operator(), c.in); err == nil || !strings.Contains(fmt.Sprintf("%+v", err), c.field) {
				t.Errorf("%+v: %v, want a problem of %s", c.in, err, c.field)
			}
		}
		for i := range 12 {
			_, err := alarms.CreateAlarm.Call(n.operator(), alarms.AlarmCreate{Of: console.Of{Publisher: "lecker"}, Way: "webhook", URL: fmt.Sprintf("https://example.org/%d", i)})
			if (err != nil) != (i >= 10) {
				t.Errorf("address %d: %v", i, err)
			}
		}
		n.stop()
	})
}
