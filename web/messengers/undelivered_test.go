package messengers_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/web/messengers"
)

// late has a platform tell of messages that it took that they did not arrive.
func late(t *testing.T, limits messengers.Limits, events ...messengers.Event) (n *noted, again []string, h messengers.Health) {
	t.Helper()
	k := &cache{platform: platform{limits: limits}}
	courier, channel := opened(k)
	p := parcel("ann", "One two. Three four.")
	p.Ask.Reader, p.Ask.At = "reader", time.Now()
	if got := courier.Deliver(t.Context(), p); got.Fate != pipeline.Sent {
		t.Fatal(got)
	}
	n = &noted{}
	hook := hookOf(n)
	hook.Again = func(a pull.Ask, after time.Duration) { again = append(again, after.String()) }
	for _, e := range events {
		if err := hook.Note(t.Context(), channel, []messengers.Event{e}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	return n, again, channel.Health()
}

func TestAFailureThatComesLaterIsOneOfASend(t *testing.T) {
	plain := messengers.Limits{Text: 10, Unit: messengers.Runes, Messages: 3, Window: 24 * time.Hour}
	approved := plain
	approved.Template = "late_answer"
	failed := func(id string, f messengers.Fault) messengers.Event {
		return messengers.Event{Kind: messengers.Undelivered, Message: id, Fault: f, Code: "131000"}
	}
	for name, tt := range map[string]struct {
		limits messengers.Limits
		events []messengers.Event
		want   string
		again  []string
	}{
		"a passing one":      {plain, []messengers.Event{failed("m7.1", messengers.Temporary)}, "7 of reader to ann, try 1 from part 1, again true", []string{"5s"}},
		"a limit":            {plain, []messengers.Event{failed("m7.0", messengers.LimitedUntil)}, "7 of reader to ann, try 1 from part 0, again true", []string{"5s"}},
		"for good":           {plain, []messengers.Event{failed("m7.0", messengers.Permanent)}, "7 of reader to ann, try 1 from part 0, again false", nil},
		"not said why":       {plain, []messengers.Event{failed("m7.0", "")}, "7 of reader to ann, try 1 from part 0, again false", nil},
		"blocked":            {plain, []messengers.Event{failed("m7.0", messengers.Blocked)}, "7 of reader to ann, try 1 from part 0, again false", nil},
		"too late":           {plain, []messengers.Event{failed("m7.0", messengers.WindowClosed)}, "7 of reader to ann, try 1 from part 0, again false", nil},
		"too late, approved": {approved, []messengers.Event{failed("m7.1", messengers.WindowClosed)}, "7 of reader to ann, try 1 from part 0, again true", []string{"5s"}},
		"a refused account":  {plain, []messengers.Event{failed("m7.0", messengers.TokenInvalid)}, "7 of reader to ann, try 1 from part 0, again true", []string{"5s"}},
		"told twice, of both messages": {plain, []messengers.Event{
			failed("m7.0", messengers.Temporary), failed("m7.0", messengers.Temporary), failed("m7.1", messengers.Temporary),
		}, "7 of reader to ann, try 1 from part 0, again true", []string{"5s"}},
		"the last try": {plain, []messengers.Event{{Kind: messengers.Undelivered, Message: "unknown", Key: "8.0.3", Reader: "bob", Address: "bob", Fault: messengers.Temporary, Code: "131000"}},
			"8 of p.cbob to bob, try 4 from part 0, again false", nil},
		"after a restart": {plain, []messengers.Event{{Kind: messengers.Undelivered, Message: "unknown", Key: "8.1", Reader: "bob", Address: "bob", Fault: messengers.Temporary, Code: "131000"}},
			"8 of p.cbob to bob, try 1 from part 1, again true", []string{"5s"}},
		"a trial":         {plain, []messengers.Event{{Kind: messengers.Undelivered, Message: "x", Key: "test-abc", Fault: messengers.Temporary}}, "", nil},
		"nobody's":        {plain, []messengers.Event{{Kind: messengers.Undelivered, Message: "x", Fault: messengers.Temporary}}, "", nil},
		"a key of no ask": {plain, []messengers.Event{{Kind: messengers.Undelivered, Message: "x", Key: "0.0", Fault: messengers.Temporary}, {Kind: messengers.Undelivered, Message: "x", Key: "7.-1", Fault: messengers.Temporary}}, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			n, again, h := late(t, tt.limits, tt.events...)
			got := strings.Join(n.failed, "; ")
			if tt.want != "" && (!strings.HasPrefix(got, tt.want+": ") || len(n.failed) != 1) || tt.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if tt.want != "" && tt.events[0].Code != "" && !strings.Contains(got, "131000") {
				t.Errorf("%q does not tell the platform's code", got)
			}
			if diff := cmp.Diff(tt.again, again); diff != "" {
				t.Error(diff)
			}
			if refused := tt.events[0].Fault == messengers.TokenInvalid; refused == h.Refused.IsZero() {
				t.Errorf("refused since %v", h.Refused)
			}
			if closed := tt.events[0].Fault == messengers.WindowClosed; closed && tt.limits.Open(messengers.Answer, n.sentAt, time.Now()) {
				t.Errorf("asked at %v the window is open", n.sentAt)
			}
		})
	}
}

func TestAReplyThatThePlatformFindsTooLateLeavesInTheApprovedText(t *testing.T) {
	limits := messengers.Limits{Text: 10, Unit: messengers.Runes, Messages: 3, Window: 24 * time.Hour, Template: "late_answer"}
	late := &messengers.SendError{Fault: messengers.WindowClosed, Err: errors.New("131047")}
	for name, tt := range map[string]struct {
		faults []*messengers.SendError
		fate   pipeline.Fate
		tries  int
	}{
		"once": {[]*messengers.SendError{late}, pipeline.Sent, 2}, "and that as well": {[]*messengers.SendError{late, late}, pipeline.Dead, 2},
		"its second message": {[]*messengers.SendError{nil, late}, pipeline.Dead, 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := &platform{limits: limits, faults: tt.faults, began: time.Now()}
			courier, _ := opened(p)
			if got := courier.Deliver(t.Context(), parcel("ann", "One two. Three four.")); got.Fate != tt.fate || len(p.log) != tt.tries {
				t.Errorf("%v after %q", got, p.log)
			}
		})
	}
}

func TestTheWindowCountsFromWhenTheReaderWrote(t *testing.T) {
	limits := messengers.Limits{Text: 100, Unit: messengers.Runes, Window: 24 * time.Hour}
	now := time.Now()
	for name, tt := range map[string]struct {
		sent time.Time
		fate pipeline.Fate
	}{
		"now": {now, pipeline.Sent}, "a day ago, and delivered now": {now.Add(-25 * time.Hour), pipeline.Dead},
		"by no clock": {time.Unix(1, 0), pipeline.Sent}, "not told": {time.Time{}, pipeline.Sent}, "by a clock that is ahead": {now.Add(48 * time.Hour), pipeline.Sent},
	} {
		courier, _ := opened(&platform{limits: limits, began: now})
		p := parcel("ann", "hello")
		p.Ask.At, p.Ask.Sent = now, tt.sent
		if got := courier.Deliver(t.Context(), p); got.Fate != tt.fate {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAMomentIsReadWhereItIsOne(t *testing.T) {
	bad := []string{"", "x", "-1", "0", "99999999999999999", "1e9"}
	if slices.ContainsFunc(bad, func(s string) bool {
		return !messengers.Seconds(s).IsZero() || !messengers.Millis(s).IsZero() && s != "99999999999999999"
	}) {
		t.Error("no moment is one")
	}
	if at := messengers.Seconds("1795165200"); !at.Equal(messengers.Millis("1795165200000")) || at.Year() != 2026 {
		t.Error(at)
	}
}

// A failure that could not be kept is told once more, and is a new one then.
func TestALateFailureThatCannotBeKeptIsNotAcknowledged(t *testing.T) {
	k := &cache{platform: platform{limits: messengers.Limits{Text: 100, Unit: messengers.Runes}}}
	courier, channel := opened(k)
	p := parcel("ann", "One two.")
	p.Ask.Reader, p.Ask.At = "reader", time.Now()
	courier.Deliver(t.Context(), p)
	n := &noted{broken: &pull.Error{Kind: pull.Unavailable, Op: "write"}}
	hook := hookOf(n)
	var again []pull.Ask
	hook.Again = func(a pull.Ask, _ time.Duration) { again = append(again, a) }
	failed := messengers.Event{Kind: messengers.Undelivered, Message: "m7.0", Fault: messengers.Temporary}
	k.events = []messengers.Event{failed}
	for i, want := range []int{http.StatusServiceUnavailable, http.StatusServiceUnavailable, 0, 0} {
		if i == 2 {
			n.broken = nil
		}
		if got := hook.Serve(t.Context(), channel, messengers.Delivery{}); got.Status != want {
			t.Errorf("delivery %d is answered %d, want %d", i, got.Status, want)
		}
	}
	if len(n.failed) != 3 || len(again) != 1 || channel.Health().Undelivered != 1 {
		t.Errorf("%q, sent again %d times, %d undelivered", n.failed, len(again), channel.Health().Undelivered)
	}
}
