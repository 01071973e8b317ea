package sourcetest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/sources"
)

// Case is a kind to be put through the suite.
type Case struct {
	Kind sources.Kind
	// Settings returns valid settings; upstream is the address of the server
	// that runs Upstream.
	Settings func(upstream string) map[string]any
	// Upstream answers as a healthy source does; nil for a kind that asks
	// nobody.
	Upstream http.Handler
	// Query is one that finds at least one item.
	Query pull.Query
	// Other is an argument that finds other items than the Query's, "" where
	// arguments change nothing; Several one that fits several entries, "" where
	// none can.
	Other, Several string
	// Names is how many entries a vocabulary has that comes by page; 0 if nobody
	// knows.
	Names int
	// Down takes away what a kind without HTTP asks: the file, the database.
	// Nil for one that asks nobody, and for one that reads files below Base.
	Down func(t *testing.T, env sources.Env, settings map[string]any)
	// Push makes a push that a pull.Receiver takes, another one each time, about
	// what the Query finds; nil for any other kind.
	Push func(settings map[string]any) pull.Push
	// Bad are settings to be refused.
	Bad []Bad
	// Hostile are documents in the kind's own format that hold scripts, bad
	// links and other traps, by name.
	Hostile map[string]string
	// Zoneless is a document whose times stand in zones that nobody can know,
	// Ahead one of pieces that are out and others that are to come more than an
	// hour later, Twins one of two pieces that share an id.
	Zoneless, Ahead, Twins string
	// Dated makes a document of one piece for each moment, in that order, which the
	// Query finds: the same piece for the same moment, which stands there in its zone.
	Dated func(at ...time.Time) string
	// Lacks says of Hostile, Zoneless, Ahead, Twins, Dated, Order and Place why a kind over
	// HTTP has nothing of it; see Because.
	Lacks map[string]string
	// Discovered are documents for a kind that is a sources.Discoverer.
	Discovered []Discovered
	// Base is what relative paths in Settings count from.
	Base string
}

// Bad are settings with one mistake.
type Bad struct {
	Name     string
	Settings map[string]any
	// Field is the name that the refusal must give.
	Field string
}

// Run puts a kind through the suite.
func Run(t *testing.T, c Case) {
	t.Helper()
	t.Run("every setting is explained", c.explained)
	stepwise(t, "bad settings are refused by field", c.refusesBadSettings)
	stepwise(t, "the key is deterministic and short", c.keys)
	t.Run("a fetch brings what the query finds", c.brings)
	t.Run("a fetch ends with its context", c.endsWithContext)
	t.Run("a fetch leaves the last snapshot alone", c.leavesLastAlone)
	t.Run("nothing returned is still the source's own", c.ownsNothing)
	t.Run("select asks nobody", c.selectAsksNobody)
	t.Run("select keeps to the count", c.selectCounts)
	t.Run("an empty snapshot answers nothing", c.emptySnapshot)
	t.Run("many use it at once", c.concurrent)
	stepwise(t, "what breaks it down costs one answer", c.breaksAlone)
	stepwise(t, "replies are worded in every language", c.speaks)
	t.Run("a text is told whole, or marked where it ends", c.tellsWhole)
	t.Run("an argument changes the answer", c.arguments)
	t.Run("the key stands", c.keyStands)
	t.Run("select reads no clock", c.clockless)
	t.Run("select answers from the snapshot it is given", c.asGiven)
	t.Run("select leaves the snapshot alone", c.leavesSnapshot)
	t.Run("MORE walks everything once", c.goesOn)
	t.Run("what has not changed stands", c.stands)
	t.Run("no secret is told", c.discreet)
	t.Run("what is told of a reader stays private", c.personal)
	t.Run("what it says of itself is so", c.keepsItsWord)
	t.Run("a push is taken from its sender alone", c.receives)
	t.Run("what can be tapped leads somewhere", c.taps)
	if c.Several != "" {
		t.Run("what fits several is asked for", c.choices)
	}
	if c.Upstream == nil && (c.Down != nil || c.Base != "") {
		t.Run("what is asked without HTTP is told of when it is down", c.downs)
	}
	t.Run("terms can be asked for", c.terms)
	t.Run("a vocabulary by page comes to an end", c.paged)
	t.Run("an entry is asked for by its name", c.named)
	t.Run("a wish is made of words that it knows", c.wished)
	t.Run("several entries that are named are told at once", telling{c}.plural)
	t.Run("a note is told in every language", telling{c}.notes)
	stepwise(t, "a document shows what it is good for", c.discovers)
	if c.Upstream == nil {
		return
	}
	stepwise(t, "an unchanged upstream renews the times", (overHTTP{c}).renews)
	stepwise(t, "an answer is as old as its cache says", (overHTTP{c}).ages)
	t.Run("a clock that is off is no age", (overHTTP{c}).clocks)
	t.Run("an upstream that asks for rest has it", (overHTTP{c}).rests)
	t.Run("requests are counted", c.counted)
	t.Run("a silent upstream is given up with the context", c.patient)
	t.Run("an upstream that is down is told of", (overHTTP{c}).down)
	stepwise(t, "refusals of the upstream are told of", (overHTTP{c}).refusals)
	stepwise(t, "hostile answers do no harm", (overHTTP{c}).hostile)
	stepwise(t, "what is no answer is a failure", (overHTTP{c}).wrong)
	stepwise(t, "a server that lies does no harm", (overHTTP{c}).lies)
	t.Run("secrets stay with their host", (overHTTP{c}).keepsSecrets)
	t.Run("what a kind may lack has a reason", (overHTTP{c}).optional)
}

// stepwise runs a part that does one thing after the other. The race detector sees
// nothing in it, and would make it several times slower: it is left out there, and
// runs without.
func stepwise(t *testing.T, name string, part func(t *testing.T)) {
	t.Helper()
	if !raced {
		t.Run(name, part)
	}
}

func (c Case) explained(t *testing.T) {
	fields, err := settings.Fields(c.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	title, help := c.Kind.In("en")
	if c.Kind.Name == "" || title == "" || help == "" {
		t.Errorf("the kind lacks name, title or help: %+v", c.Kind)
	}
	for _, f := range fields {
		if f.Label == "" || f.Help == "" {
			t.Errorf("field %q lacks label or help", f.Name)
		}
	}
}

func (c Case) refusesBadSettings(t *testing.T) {
	for _, bad := range c.Bad {
		t.Run(bad.Name, func(t *testing.T) {
			s := c.Kind.New()
			err := settings.Fill(s, bad.Settings)
			if err == nil {
				_, err = s.Open(Env(t, c.Base))
			}
			if err == nil {
				t.Fatalf("the settings %v were taken", bad.Settings)
			}
			if !names(err, bad.Field) {
				t.Errorf("the refusal %q does not name the field %q", err, bad.Field)
			}
		})
	}
}

// names says whether an error is about a field.
func names(err error, field string) bool {
	var problems settings.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			if p.Field == field || strings.HasPrefix(p.Field, field+"[") {
				return true
			}
		}
		return false
	}
	var e *pull.Error
	return errors.As(err, &e) && e.Field == field
}

func (c Case) keys(t *testing.T) {
	first, second := c.start(t), c.start(t)
	key := first.key(t)
	if other := second.key(t); other != key {
		t.Errorf("one query has two keys: %q and %q", key, other)
	}
	if key == "" || len(key) > pull.MaxKeyBytes {
		t.Errorf("the key has %d bytes; 1 to %d are allowed", len(key), pull.MaxKeyBytes)
	}
	for _, argument := range []string{strings.Repeat("a", 4096), "\xff\xfe", "a\x00b", "../..", "{symbol}", "😀"} {
		key, err := first.source.Key(pull.Query{Argument: argument, Count: 1})
		var e *pull.Error
		if err != nil && (!errors.As(err, &e) || e.Kind != pull.Invalid && e.Kind != pull.Unknown || e.Hint.IsZero()) {
			t.Errorf("the argument %.20q gives %v; want an error of kind invalid or unknown with a hint", argument, err)
		}
		if len(key) > pull.MaxKeyBytes {
			t.Errorf("the argument %.20q makes a key of %d bytes", argument, len(key))
		}
	}
}

func (c Case) brings(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	if s.Fetched.IsZero() {
		t.Error("the snapshot does not say when it was fetched")
	}
	if s.Unchanged {
		t.Error("a first fetch says unchanged")
	}
	if c.Upstream != nil && s.Requests == 0 {
		t.Error("no request was counted")
	}
	if len(r.choose(t, s, r.Query)) == 0 {
		t.Error("the query finds nothing")
	}
	Inspect(t, s.Items)
}

func (c Case) endsWithContext(t *testing.T) {
	r := c.start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.source.Fetch(ctx, r.key(t), nil); err == nil {
		t.Error("a fetch whose context has ended succeeds")
	}
}
