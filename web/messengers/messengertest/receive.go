package messengertest

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
)

// nowhere is an API that nothing is sent to.
const nowhere = "http://127.0.0.1:9"

func (c Case) receives(t T, logs *record) {
	m := c.open(t, nowhere, nil, logs)
	t.Run("what the platform sends", func(t T) { c.genuine(t, m) })
	t.Run("what stands in the delivery", func(t T) { c.traced(t, logs) })
	for _, g := range c.Groups {
		t.Run("in a group, "+g.Name, func(t T) { c.grouped(t, m, g) })
	}
	t.Run("corrections without an answer", func(t T) { c.edited(t, m) })
	t.Run("nothing where nobody asked", func(t T) { c.unasked(t, m) })
	t.Run("what comes in place of words", func(t T) { c.brings(t, m) })
	t.Run("the press of a button", func(t T) { c.pressed(t, m) })
	t.Run("two presses of one reader", func(t T) { c.presses(t, m) })
	t.Run("the press of another tool's button", func(t T) { c.foreign(t, m) })
	t.Run("what became of a message", func(t T) { c.became(t, m) })
	t.Run("nothing of a forger", func(t T) { c.forged(t, m) })
	t.Run("the very bytes that were signed", func(t T) { c.signed(t, m) })
	t.Run("the same however its JSON is written", func(t T) { c.respells(t, logs) })
	t.Run("the words of a reader as they are", func(t T) { c.typed(t, c.open(t, nowhere, nil, logs)) })
	t.Run("nothing that is said again later", func(t T) { c.replayed(t, m) })
	t.Run("garbage without a failure of its own", func(t T) { c.garbage(t, m) })
	t.Run("without keeping the delivery's memory", func(t T) { c.ownership(t, m) })
	t.Run("from many at once", func(t T) { c.crowd(t, m) })
}

// copied returns a delivery that shares no memory with d.
func copied(d messengers.Delivery) messengers.Delivery {
	d.Body = slices.Clone(d.Body)
	d.Header = cloned(d.Header)
	d.Query = cloned(d.Query)
	if d.At.IsZero() {
		d.At = Now()
	}
	return d
}

// signedAnew makes a changed delivery genuine again, which it owns.
func (c Case) signedAnew(d messengers.Delivery) messengers.Delivery {
	if c.Sign == nil {
		return d
	}
	return c.Sign(d)
}

func cloned(m map[string][]string) map[string][]string {
	m = maps.Clone(m)
	for name, values := range m {
		m[name] = slices.Clone(values)
	}
	return m
}

func (c Case) receive(t T, m messengers.Messenger, d messengers.Delivery) (r messengers.Receipt) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("a delivery breaks the kind down: %v\n%s %q", p, d.Method, shortened(d.Body))
		}
	}()
	r, err := m.Receive(background(t), d)
	if err != nil {
		t.Fatalf("a delivery is never our failure: %v", err)
	}
	for _, e := range r.Events {
		if wrong := amiss(e); wrong != "" {
			t.Errorf("the event %+v %s", e, wrong)
		}
	}
	for i := range r.Asks {
		if r.Asks[i].Workspace != "" && !c.Kind.Workspaces {
			t.Errorf("it tells the workspace %q, and its kind does not say so", r.Asks[i].Workspace)
		}
	}
	return r
}

// amiss says what an event lacks of what the service goes by.
func amiss(e messengers.Event) string {
	switch e.Kind {
	case messengers.Gone, messengers.Back:
		if e.Reader == "" {
			return "is about nobody"
		}
	case messengers.Moved:
		if e.Reader == "" || e.To == "" && e.Address == "" {
			return "does not say who moved, or where to"
		}
	case messengers.Delivered, messengers.Read, messengers.Clicked, messengers.Reacted, messengers.Undelivered, messengers.Deleted:
		if e.Message == "" {
			return "is about no message"
		}
	case messengers.Revoked, messengers.Suspended, messengers.Restored:
	default:
		return "is of no kind that the service knows"
	}
	return ""
}

func shortened(b []byte) []byte {
	const most = 300
	return b[:min(len(b), most)]
}

// answered returns the messages of a receipt that get an answer.
func answered(r messengers.Receipt) []messengers.Incoming {
	return slices.DeleteFunc(slices.Clone(r.Asks), func(in messengers.Incoming) bool { return in.Overheard || in.Edit })
}

func (c Case) genuine(t T, m messengers.Messenger) {
	seen := map[string]int{}
	for i, d := range c.Deliveries {
		first := c.receive(t, m, copied(d))
		if len(answered(first)) == 0 || first.Status >= http.StatusBadRequest {
			t.Fatalf("delivery %d: status %d, %d asks; want at least one", i, first.Status, len(first.Asks))
		}
		for _, in := range first.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" {
				t.Errorf("delivery %d: an ask without id, reader or address: %+v", i, in)
			}
			if other, twice := seen[in.ID]; twice && other != i {
				t.Errorf("deliveries %d and %d have the same id %q: one of them would never be answered", other, i, in.ID)
			}
			seen[in.ID] = i
			c.identifies(t, m, in)
		}
		again := c.receive(t, m, copied(d))
		if diff := cmp.Diff(first.Asks, again.Asks); diff != "" {
			t.Errorf("delivery %d, repeated, means something else: %s", i, diff)
		}
	}
}

// identifies holds a kind that reads ids in other spellings against those that
// it gives itself: a reader who tells one must be found.
func (c Case) identifies(t T, m messengers.Messenger, in messengers.Incoming) {
	of, ok := m.(messengers.Identifier)
	if !ok {
		return
	}
	if id, ok := of.Identify(in.Reader); !ok || id != in.Reader {
		t.Errorf("the reader %q is identified as %q, %v", in.Reader, id, ok)
	}
	if id, ok := of.Identify(""); ok {
		t.Errorf("nobody is identified as %q", id)
	}
}

// grouped checks that a group is one reader, and not one of its members.
func (c Case) grouped(t T, m messengers.Messenger, g Group) {
	one := func(d messengers.Delivery) messengers.Incoming {
		asks := c.receive(t, m, copied(d)).Asks
		if len(asks) != 1 {
			t.Fatalf("%d asks, want one", len(asks))
		}
		return asks[0]
	}
	member, other, private := one(g.Member), one(g.Other), one(g.Private)
	if !member.Group || !other.Group || private.Group {
		t.Errorf("group says %v and %v in the group, %v in private", member.Group, other.Group, private.Group)
	}
	if member.Reader != other.Reader || member.Address != other.Address {
		t.Errorf("two members are %q at %q and %q at %q, want the group both times", member.Reader, member.Address, other.Reader, other.Address)
	}
	if member.Reader == private.Reader || member.Address == private.Address {
		t.Errorf("the group is its member %q at %q", private.Reader, private.Address)
	}
	if private.Thread != "" && member.Thread == "" || private.Quote != "" && member.Quote == "" {
		t.Errorf("in private an answer quotes %q and stands in %q, and in the group nowhere", private.Quote, private.Thread)
	}
	if member.Language != "" || member.Consent != "" {
		t.Errorf("the group has its member's language %q and consent %q", member.Language, member.Consent)
	}
}

func (c Case) edited(t T, m messengers.Messenger) {
	brought := map[string]messengers.Incoming{}
	for _, d := range c.Deliveries {
		for _, in := range c.receive(t, m, copied(d)).Asks {
			brought[in.ID] = in
		}
	}
	for i, d := range c.Edits {
		r := c.receive(t, m, copied(d))
		for _, e := range r.Events {
			if e.Kind != messengers.Deleted {
				continue
			}
			switch of, known := brought[e.Message]; {
			case !known:
				t.Errorf("correction %d takes back %q, which is the id of none of the deliveries", i, e.Message)
			case e.Reader != "" && of.Reader != e.Reader:
				t.Errorf("correction %d of %q is by %q, and the message by %q", i, e.Message, e.Reader, of.Reader)
			}
		}
		for _, in := range r.Asks {
			if of, known := brought[in.ID]; in.Edit && !in.Overheard && (!known || of.Reader != in.Reader) {
				t.Errorf("correction %d is of %q by %q, which is none of the deliveries", i, in.ID, in.Reader)
			}
		}
		if n := len(answered(r)); n > 0 || r.Status >= http.StatusBadRequest {
			t.Errorf("correction %d: status %d, and %d messages to answer; want none", i, r.Status, n)
		}
	}
}

// nothing fails where a receipt is more than a refusal.
func nothing(t T, r messengers.Receipt, what string) {
	t.Helper()
	if len(r.Asks) > 0 || len(r.Events) > 0 {
		t.Errorf("%s brings %d asks and %d events: only the very proof of the platform is believed, compared whole", what, len(r.Asks), len(r.Events))
	}
}

// signed changes bytes that mean nothing: a kind that checks what it has parsed
// sees no difference.
func (c Case) signed(t T, m messengers.Messenger) {
	if c.Sign == nil {
		return
	}
	for i, d := range c.Deliveries {
		if len(d.Body) == 0 {
			continue
		}
		d = copied(d)
		if d.Body[0] == '{' {
			d.Body = append([]byte("{ "), d.Body[1:]...)
		} else {
			d.Body = append(d.Body, "&unknown=1"...)
		}
		changed := c.receive(t, m, copied(d))
		nothing(t, changed, fmt.Sprintf("delivery %d, changed after it was signed,", i))
		again := c.receive(t, m, c.Sign(copied(d)))
		if len(answered(again)) == 0 && d.Body[0] == '{' {
			t.Errorf("delivery %d, with a space in its body and signed anew, brings nothing", i)
		}
	}
}

// replayed repeats a delivery when its moment has passed.
func (c Case) replayed(t T, m messengers.Messenger) {
	if c.Replay == 0 {
		return
	}
	for i, d := range c.Deliveries {
		for _, late := range []time.Duration{c.Replay - time.Second, c.Replay + 2*time.Second, -c.Replay - 2*time.Second} {
			again := copied(d)
			again.At = again.At.Add(late)
			r := c.receive(t, m, again)
			if within := late.Abs() < c.Replay; within != (len(r.Asks) > 0) {
				t.Errorf("delivery %d, said again after %s, brings %d asks; it is believed for %s", i, late, len(r.Asks), c.Replay)
			}
		}
	}
}

// ownership overwrites a delivery after Receive, as servers do.
func (c Case) ownership(t T, m messengers.Messenger) {
	d := copied(c.Deliveries[0])
	r := c.receive(t, m, d)
	before := fmt.Sprintf("%+v %q", r.Asks, r.Body)
	for i := range d.Body {
		d.Body[i] = 'X'
	}
	for _, values := range d.Header {
		for i := range values {
			values[i] = "X"
		}
	}
	if after := fmt.Sprintf("%+v %q", r.Asks, r.Body); after != before {
		t.Errorf("the receipt changed with the delivery's bytes:\n%s\n%s", before, after)
	}
}

func (c Case) crowd(t T, m messengers.Messenger) {
	want := c.receive(t, m, copied(c.Deliveries[0])).Asks
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				r, err := m.Receive(t.Context(), copied(c.Deliveries[0]))
				if err != nil || r.Status == 0 && !reflect.DeepEqual(r.Asks, want) {
					t.Errorf("got %+v, %v", r.Asks, err)
					return
				}
			}
		})
	}
	group.Wait()
}
