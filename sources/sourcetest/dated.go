package sourcetest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
)

// The parts of a case that a kind over HTTP may have nothing for; see Case.Lacks.
const (
	Hostile  = "Hostile"
	Zoneless = "Zoneless"
	Ahead    = "Ahead"
	Twins    = "Twins"
	Dated    = "Dated"
	// Order: the pieces of Dated stand in an order of their own, not the newest first.
	Order = "Order"
	// Place: what a piece is called depends on where it stands.
	Place = "Place"
)

// Because gives one reason why a kind lacks parts.
func Because(reason string, parts ...string) map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		all[part] = reason
	}
	return all
}

// part runs a part that a case shows; one that it does not show must have a reason.
func (c Case) part(t *testing.T, name string, shown bool, check string, run func(*testing.T)) {
	t.Helper()
	reason, lacks := c.Lacks[name]
	switch {
	case lacks && shown:
		t.Errorf("the case lacks %s, and shows it", name)
	case lacks && len(strings.Fields(reason)) < 3:
		t.Errorf("the case lacks %s: say in a sentence why, instead of %q", name, reason)
	case !lacks && !shown:
		t.Errorf("a case says by %s what its kind makes of it, or by Lacks[sourcetest.%s] why there is nothing of the kind", name, name)
	case lacks:
		t.Logf("%s is not checked: %s", name, reason)
	}
	if shown && run != nil {
		t.Run(check, run)
	}
}

// optional runs the parts that a kind may lack.
func (c overHTTP) optional(t *testing.T) {
	c.part(t, Hostile, len(c.Hostile) > 0, "", nil)
	c.part(t, Zoneless, c.Zoneless != "", "a time of an unknown zone is no time", c.zoneless)
	c.part(t, Ahead, c.Ahead != "", "what is to come stands behind what is out", c.ahead)
	c.part(t, Twins, c.Twins != "", "pieces that share an id are told apart", c.twins)
	c.part(t, Dated, c.Dated != nil, "a piece keeps its time, its place and its id", c.dates)
	if c.Dated == nil {
		t.Run("a kind without dates has none", c.undated)
	}
}

// undated: whoever says that there are no dates to show has none.
func (c overHTTP) undated(t *testing.T) {
	r := c.start(t)
	for _, it := range r.choose(t, r.fetch(t), r.Query) {
		if !it.Published.IsZero() {
			t.Errorf("%q came out at %v: say by Dated how a document tells that", it.Title, it.Published)
		}
	}
}

// dates: each piece came out when the document says, is the same piece wherever it
// stands, and the newest is told first.
func (c overHTTP) dates(t *testing.T) {
	east, west := time.FixedZone("", 19800), time.FixedZone("", -25200)
	old, late, last := time.Date(2026, 3, 2, 9, 59, 59, 0, time.UTC), time.Date(2026, 3, 10, 4, 0, 0, 0, east), time.Date(2026, 7, 4, 21, 0, 0, 0, west)
	known, r := map[string]string{}, c.start(t)
	for _, at := range [][]time.Time{{old}, {late, old}, {old, late, last}, {last, old, late}} {
		s := r.bring(t, c.Dated(at...), nil)
		if len(s.Items) != len(at) {
			t.Fatalf("%d pieces are there, of a document of %d", len(s.Items), len(at))
		}
		for _, it := range s.Items {
			moment := momentOf(it)
			if !slices.ContainsFunc(at, moment.Equal) {
				t.Errorf("%q is of %v; the document says %v", it.Title, moment, at)
			}
			when := moment.UTC().Format(time.RFC3339)
			if id, seen := known[when]; seen && id != it.ID && c.Lacks[Place] == "" {
				t.Errorf("the piece of %s had the id %q, and has %q in another place of the list", when, id, it.ID)
			}
			known[when] = it.ID
		}
		r.newestFirst(t, s)
	}
}

func momentOf(it what.Item) time.Time {
	if it.Published.IsZero() {
		return it.AsOf
	}
	return it.Published
}

func (r rig) newestFirst(t *testing.T, s pull.Snapshot) {
	t.Helper()
	if r.Lacks[Order] != "" {
		return
	}
	q := r.Query
	q.Count, q.At = len(s.Items), time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	items := r.choose(t, s, q)
	if len(items) != len(s.Items) {
		t.Errorf("the query finds %d pieces of %d: its argument stands in each piece of Dated", len(items), len(s.Items))
	}
	for i := 1; i < len(items); i++ {
		if momentOf(items[i]).After(momentOf(items[i-1])) {
			t.Errorf("%q of %v stands behind %q of %v; the newest comes first", items[i].Title, momentOf(items[i]), items[i-1].Title, momentOf(items[i-1]))
		}
	}
}

// wrong: what is none of the kind's documents is a failure, never a list of nothing.
func (c overHTTP) wrong(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"nothing":             send("", ""),
		"a page to sign in":   send("text/html", `<!doctype html><title>Sign in</title><form method=post><input name=password></form>`),
		"a picture":           send("image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
		"an error in JSON":    send("application/json", `{"error":{"code":401,"message":"Invalid API key"}}`),
		"an error in XML":     send("application/xml", `<?xml version="1.0"?><error><code>401</code></error>`),
		"an error in a line":  send("text/plain", "Service temporarily unavailable"),
		"half of a document":  c.half,
		"a word in its place": send("application/json", `"OK"`),
	} {
		t.Run(name, func(t *testing.T) {
			r := c.start(t)
			key := r.key(t)
			r.upstream.turn(answer)
			if s, err := r.safely(t, key, nil); err == nil && len(s.Items) == 0 && len(s.Warnings) == 0 && !s.Unfinished {
				t.Error("it is taken for an answer with nothing in it: what can't be read is a pull.Error of kind Unusable")
			}
		})
	}
}

// half sends half of what the healthy upstream does.
func (c overHTTP) half(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	c.Upstream.ServeHTTP(answer, r)
	_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
}
