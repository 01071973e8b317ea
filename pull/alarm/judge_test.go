package alarm_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/alarm"
	"keypull/pull/words"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// look is how often a post looks.
const look = 15 * time.Second

// post is an address that is told what a test says fails, and what it heard.
type post struct {
	t *testing.T
	*alarm.Address
	now   time.Time
	heard []string
	// deaf: nothing arrives.
	deaf bool
}

func newPost(t *testing.T, way alarm.Way) *post {
	t.Helper()
	return &post{t: t, now: noon, Address: &alarm.Address{ID: "a", Publisher: "p", Way: way, Confirmed: noon}}
}

// pass looks at what fails for a while.
func (p *post) pass(d time.Duration, failing ...string) {
	p.t.Helper()
	for end := p.now.Add(d); p.now.Before(end); p.now = p.now.Add(look) {
		var all []alarm.Trouble
		for _, name := range failing {
			resource, code, _ := strings.Cut(name, "/")
			all = append(all, alarm.Trouble{Resource: resource, ID: "x", Code: code})
		}
		quiet := p.Quiet.Covers(p.now)
		p.Judge(all, p.now, quiet)
		if quiet {
			continue
		}
		for n, ok := p.NextNotice(p.now); ok; n, ok = p.NextNotice(p.now) {
			why := words.Text{}
			if p.deaf {
				why = words.Verbatim("nobody is there")
			}
			if p.NoteSent(n.Number, why, p.now); p.deaf {
				break
			}
			for _, t := range n.Troubles {
				p.heard = append(p.heard, string(n.Event)+" "+t.Resource+"/"+t.Code)
			}
		}
	}
}

// restart has another process go on with what was kept.
func (p *post) restart() {
	p.t.Helper()
	b, err := json.Marshal(p.Address) //nolint:gosec // as the store writes it, which seals the secret
	next := &alarm.Address{}
	if err != nil || json.Unmarshal(b, next) != nil {
		p.t.Fatal(err)
	}
	p.Address = next
	p.Resume()
}

func (p *post) wants(want ...string) {
	p.t.Helper()
	if diff := cmp.Diff(want, p.heard); diff != "" {
		p.t.Error(diff)
	}
}

func TestATroubleIsToldOnceAndOnceWhenItIsOver(t *testing.T) {
	for _, trouble := range []string{
		"source/failing", "source/held", "source/broken", "channel/refused", "channel/away", "channel/broken", "channel/silent",
		"dead/letters", "store/store", "demand/peak", "item/withdrawn", "source/another",
	} {
		t.Run(trouble, func(t *testing.T) {
			p := newPost(t, alarm.Webhook)
			p.pass(time.Hour)
			p.pass(2*time.Minute, trouble)
			p.wants("raised " + trouble)
			p.pass(48*time.Hour, trouble)
			p.pass(2 * time.Minute)
			p.wants("raised "+trouble, "over "+trouble)
			p.pass(48 * time.Hour)
			p.wants("raised "+trouble, "over "+trouble)
		})
	}
}

func TestWhatPassesByItselfIsToldNobody(t *testing.T) {
	p := newPost(t, alarm.Webhook)
	for range 40 {
		p.pass(look, "source/failing")
		p.pass(5 * time.Minute)
	}
	p.wants()
}

func TestWhatComesAndGoesIsNotToldAgainAndAgain(t *testing.T) {
	for _, every := range []time.Duration{2 * time.Minute, 6 * time.Minute, 20 * time.Minute, 50 * time.Minute} {
		p := newPost(t, alarm.Account)
		for end := p.now.Add(48 * time.Hour); p.now.Before(end); {
			p.pass(every/2, "channel/away")
			p.pass(every / 2)
		}
		if len(p.heard) > 8 || len(p.heard) == 0 {
			t.Errorf("what comes and goes every %s was told %d times", every, len(p.heard))
		}
		p.pass(2 * time.Hour)
		if last := p.heard[len(p.heard)-1]; last != "over channel/away" {
			t.Errorf("last it is told %s", last)
		}
		p.heard = nil
		p.pass(4 * time.Hour)
		p.pass(2*time.Minute, "channel/away")
		p.pass(2 * time.Minute)
		p.wants("raised channel/away", "over channel/away")
	}
}

func TestARestartTellsNothingTwiceAndForgetsNothing(t *testing.T) {
	p := newPost(t, alarm.Webhook)
	p.pass(5*time.Minute, "source/failing")
	p.restart()
	p.pass(10 * time.Minute) // nobody knows yet how it is doing
	p.wants("raised source/failing")
	p.pass(5*time.Minute, "source/failing")
	p.restart()
	p.pass(20 * time.Minute)
	p.wants("raised source/failing", "over source/failing")

	p = newPost(t, alarm.Webhook)
	p.Judge([]alarm.Trouble{{Resource: "store", ID: "x", Code: "store"}}, p.now, false)
	p.Judge([]alarm.Trouble{{Resource: "store", ID: "x", Code: "store"}}, p.now.Add(time.Minute), false)
	if _, ok := p.NextNotice(p.now.Add(time.Minute)); !ok {
		t.Fatal("nothing is told")
	}
	p.restart() // while it was on its way
	p.now = p.now.Add(2 * time.Minute)
	p.pass(time.Hour, "store/store")
	p.wants()
	p.pass(30 * time.Minute)
	p.wants("over store/store")
}

func TestQuietHoursAreKeptAndWhatLastsIsToldAtTheirEnd(t *testing.T) {
	night, ok := alarm.ParseQuiet("22:00-07:00")
	if !ok || night.Text() != "22:00-07:00" {
		t.Fatal(night)
	}
	for name, c := range map[string]struct {
		passes func(p *post)
		want   []string
	}{
		"it lasts":                  {func(p *post) { p.pass(8*time.Hour+time.Minute, "source/failing") }, []string{"raised source/failing"}},
		"it is over before the end": {func(p *post) { p.pass(2*time.Hour, "source/failing"); p.pass(6 * time.Hour) }, nil},
		"it lasts, over a restart": {func(p *post) {
			p.pass(4*time.Hour, "source/failing")
			p.restart()
			p.pass(4*time.Hour+time.Minute, "source/failing")
		}, []string{"raised source/failing"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, alarm.Mailbox)
			p.Quiet, p.now = night, noon.Add(11*time.Hour)
			c.passes(p)
			if len(p.heard) > 0 && p.now.Hour() < 7 {
				t.Errorf("in quiet hours it is told %v", p.heard)
			}
			p.pass(time.Minute)
			p.wants(c.want...)
		})
	}
	p := newPost(t, alarm.Mailbox)
	p.Quiet, p.now = night, noon.Add(9*time.Hour)
	p.pass(90*time.Minute, "source/failing")
	p.pass(8 * time.Hour) // over in the night
	p.wants("raised source/failing")
	p.pass(time.Hour)
	p.wants("raised source/failing", "over source/failing")
}

func TestWhatDoesNotArriveIsTriedAgainAndShown(t *testing.T) {
	p := newPost(t, alarm.Mailbox)
	p.deaf = true
	p.pass(2*time.Hour, "channel/refused")
	if p.Failed.IsZero() || p.Why.IsZero() || len(p.Notices) != 1 || p.Notices[0].Tries > 14 {
		t.Errorf("%+v", p.Address)
	}
	p.restart()
	p.deaf = false
	p.pass(20*time.Minute, "channel/refused")
	p.wants("raised channel/refused")
	if !p.Failed.IsZero() || !p.Why.IsZero() || len(p.Notices) > 0 {
		t.Errorf("%+v", p.Address)
	}
	// What nobody heard of is not over either.
	p = newPost(t, alarm.Mailbox)
	p.deaf = true
	p.pass(time.Hour, "channel/refused")
	p.pass(time.Hour)
	p.deaf = false
	p.pass(time.Hour)
	p.wants()
}

func TestManyTroublesAtOnceAreOneMessageForPeople(t *testing.T) {
	var many []alarm.Trouble
	for n := range 120 {
		many = append(many, alarm.Trouble{Resource: "source", ID: fmt.Sprintf("s%03d", n), Code: "failing"})
	}
	for way, want := range map[alarm.Way][2]int{alarm.Mailbox: {1, 3}, alarm.Account: {1, 3}, alarm.Webhook: {5, 3}} {
		for i, few := range [][]alarm.Trouble{many[:5], many} {
			p := newPost(t, way)
			p.Judge(few, noon, false)
			p.Judge(few, noon.Add(time.Minute), false)
			if len(p.Notices) != want[i] {
				t.Errorf("%d troubles are %d messages of a %s", len(few), len(p.Notices), way)
			}
		}
	}
}

func TestQuietHoursAreReadAsTheyAreWritten(t *testing.T) {
	for text, ok := range map[string]bool{"": true, "22:00-07:00": true, "09:30-10:00": true, "22-7": false, "22:00": false, "22:00-25:00": false, "22:00–07:00": false, "x": false} {
		q, is := alarm.ParseQuiet(text)
		if is != ok || is && q.Text() != text {
			t.Errorf("%q is read as %q, %v", text, q.Text(), is)
		}
	}
	day, _ := alarm.ParseQuiet("09:00-17:00")
	covered := slices.ContainsFunc([]int{8, 17, 23}, func(h int) bool { return day.Covers(noon.Add(time.Duration(h-12) * time.Hour)) })
	if covered || !day.Covers(noon) || (alarm.Quiet{}).Covers(noon) {
		t.Error("hours are not as they were written")
	}
}
