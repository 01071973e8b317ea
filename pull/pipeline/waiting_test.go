package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
)

// settled waits until so many asks of a reader have been answered in all.
func (w *world) settled(key who.Key, asks uint64) {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		r := w.reader(key)
		if len(r.Settled) > 0 && w.load().Waiting > 0 && w.load().Asks == 0 && r.Settled[len(r.Settled)-1] >= asks {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%+v, %+v", r, w.Loads())
		}
	}
}

// load returns that of the world's one channel: none while nothing of it is counted, as
// for a moment between an ask that is settled and its answer that waits.
func (w *world) load() pipeline.Load {
	if all := w.Loads(); len(all) > 0 {
		return all[0]
	}
	return pipeline.Load{}
}

// restart ends the process, with or without time to tidy up, and begins another.
func (w *world) restart() {
	w.close(0)
	w.open()
}

func TestThirtyAnswersBehindAClosedChannelAreEightAndALine(t *testing.T) {
	for _, at := range []uint64{0, 1, 8, 9, 10, 17, 25, 30} {
		t.Run(fmt.Sprintf("with a restart after %d", at), func(t *testing.T) {
			w := newWorld(t)
			w.courier.shut()
			for i := uint64(1); i <= 30; i++ {
				w.take(ask("ann", fmt.Sprint(i), fmt.Sprint("say ", i)))
				if i == at {
					w.settled("p.ann", i)
					w.restart()
				}
			}
			w.settled("p.ann", 30)
			w.courier.open()
			w.courier.await(t, 8)
			w.idle()
			want := []string{"ann 22 earlier answers were too old; ask again. / 23", "ann 24", "ann 25", "ann 26", "ann 27", "ann 28", "ann 29", "ann 30"}
			if got := w.courier.messages(); !slices.Equal(want, got) {
				t.Fatalf("%q", got)
			}
			w.restart()
			w.emptied("p.ann")
			if got := w.courier.messages(); len(got) != 8 {
				t.Fatalf("after another restart: %q", got[8:])
			}
		})
	}
}

func TestWhatMayHaveArrivedGivesWayToNothingAndIsSentOnceMore(t *testing.T) {
	for _, restart := range []bool{false, true} {
		w := newWorld(t)
		var again []bool
		w.courier.outcome = func(p pipeline.Parcel) pipeline.Delivery {
			if p.Reply.Blocks[0].Text == "1" {
				again = append(again, p.Doubtful)
				if len(again) == 1 {
					go w.courier.shut()
					return pipeline.Delivery{Fate: pipeline.Waits, Left: true, Doubtful: true}
				}
			}
			return pipeline.Delivery{Fate: pipeline.Sent}
		}
		w.take(ask("ann", "1", "say 1"))
		for w.courier.Room("", "") > 0 {
			time.Sleep(time.Millisecond)
		}
		for i := 2; i <= 12; i++ {
			w.take(ask("ann", fmt.Sprint(i), fmt.Sprint("say ", i)))
		}
		w.settled("p.ann", 12)
		if restart {
			w.restart()
			for w.Unfinished() < 9 {
				time.Sleep(time.Millisecond)
			}
		}
		w.courier.open()
		w.courier.await(t, 9)
		w.idle()
		want := []string{"ann 1", "ann 3 earlier answers were too old; ask again. / 5", "ann 6", "ann 7", "ann 8", "ann 9", "ann 10", "ann 11", "ann 12"}
		if got := w.courier.messages(); !slices.Equal(want, got) {
			t.Fatalf("restart %v: %q", restart, got)
		}
		if !slices.Equal(again, []bool{false, true}) {
			t.Fatalf("restart %v: sent with the marks %v", restart, again)
		}
	}
}

func TestWhatThePlatformRefusedMayGiveWay(t *testing.T) {
	w := newWorld(t)
	w.courier.outcome = func(pipeline.Parcel) pipeline.Delivery {
		if len(w.courier.sent) == 0 && w.courier.tried == 1 {
			go w.courier.shut()
			return pipeline.Delivery{Fate: pipeline.Waits, Left: true}
		}
		return pipeline.Delivery{Fate: pipeline.Sent}
	}
	w.take(ask("ann", "1", "say 1"))
	for w.courier.Room("", "") > 0 {
		time.Sleep(time.Millisecond)
	}
	for i := 2; i <= 10; i++ {
		w.take(ask("ann", fmt.Sprint(i), fmt.Sprint("say ", i)))
	}
	w.settled("p.ann", 10)
	w.restart()
	for w.Unfinished() < 8 {
		time.Sleep(time.Millisecond)
	}
	w.courier.open()
	w.courier.await(t, 8)
	w.idle()
	if got := w.courier.messages(); got[0] != "ann 2 earlier answers were too old; ask again. / 3" || len(got) != 8 {
		t.Fatalf("%q", got)
	}
}

func TestAnswersThatWaitForTheirChannelTakeNoRoomFromOthers(t *testing.T) {
	w := newWorld(t, func(o *pipeline.Options) { o.Pending = 4 })
	w.courier.shut()
	for i := range 40 {
		reader := fmt.Sprint("reader-", i)
		w.take(ask(reader, reader, "say hello"))
		for w.load().Waiting <= i {
			time.Sleep(time.Millisecond)
		}
	}
	if got := w.load(); got.Asks != 0 || got.Waiting != 40 || got.Full {
		t.Fatalf("%+v", got)
	}
	w.courier.open()
	w.courier.await(t, 40)
}

func TestAChannelAtItsShareOfWhatWaitsIsTurnedAwayAndNoOther(t *testing.T) {
	w := newWorld(t, func(o *pipeline.Options) { o.Send.Max = 3000 })
	w.courier.shut()
	for i := 0; ; i++ {
		_, err := w.Take(t.Context(), []pull.Ask{ask(fmt.Sprint(i), fmt.Sprint(i), "say hello")})
		if pull.KindOf(err) == pull.Limited {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for w.load().Asks > 0 {
			time.Sleep(time.Millisecond)
		}
	}
	if full := pipeline.Full(w.Loads()); len(full) != 1 {
		t.Fatalf("%q are full", full)
	}
	other := ask("zoe", "z", "say hello")
	other.Channel = "shy"
	w.take(other)
	w.courier.open()
	w.idle()
	w.take(ask("zoe", "z2", "say hello"))
}

// emptied waits until no ask of a reader is to be finished any more.
func (w *world) emptied(key who.Key) {
	w.t.Helper()
	for inbox := store.NewInbox(w.ledger); ; time.Sleep(time.Millisecond) {
		asks, err := inbox.Waiting(w.t.Context(), key)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(asks) == 0 {
			return
		}
	}
}

func TestWhatWaitsTooLongIsADeadLetter(t *testing.T) {
	w := newWorld(t)
	w.courier.shut()
	w.take(ask("ann", "1", "say hello"))
	w.settled("p.ann", 1)
	w.pass(pipeline.DefaultKeep + time.Hour)
	w.restart()
	w.emptied("p.ann")
	if got := w.courier.messages(); len(got) != 0 {
		t.Fatalf("%q", got)
	}
	w.courier.open()
	w.take(ask("ann", "2", "say again"))
	if got := w.courier.await(t, 1); !slices.Equal(got, []string{"ann again"}) {
		t.Fatalf("%q", got)
	}
}

func TestAsksOfAPublisherThatIsNotOpenWaitForIt(t *testing.T) {
	w := newWorld(t, func(o *pipeline.Options) { o.Pending = 3 })
	w.gone.Store(true)
	for i := range 10 {
		w.take(ask(fmt.Sprint(i), fmt.Sprint(i), "say hello"))
		for w.Loads() != nil {
			time.Sleep(time.Millisecond)
		}
	}
	w.restart()
	w.gone.Store(false)
	w.courier.await(t, 10)
	w.idle()
}

func TestAsksOfAChannelThatIsNotOpenWaitForIt(t *testing.T) {
	w := newWorld(t)
	a := ask("ann", "1", "say hello")
	a.Channel = "away"
	w.take(a)
	for w.Loads() != nil {
		time.Sleep(time.Millisecond)
	}
	w.pass(pipeline.DefaultKeep + time.Minute)
	w.emptied("p.ann")
	if got := w.courier.messages(); len(got) != 0 {
		t.Fatalf("%q", got)
	}
}

func TestARetryWithoutConsentIsAnsweredAnewAfterARestart(t *testing.T) {
	watched := 0
	w := newWorld(t, func(o *pipeline.Options) { o.Watch = func(pull.Ask, pull.Resolved) { watched++ } })
	a := ask("ann", "1", "say hello")
	a.Channel, a.InBand = "shy", true
	for range 3 {
		accepted := w.take(a)
		reply, ok, err := w.Await(t.Context(), a, accepted[0])
		if err != nil || !ok || reply == nil || !strings.HasPrefix(reply.Blocks[0].Text, "hello") {
			t.Fatalf("%+v, %v, %v", reply, ok, err)
		}
		w.idle()
		w.restart()
	}
	record, _, err := w.ledger.Record(t.Context(), 1)
	if err != nil || !record.Reduced || watched != 1 {
		t.Fatalf("%+v, %v, %d", record, err, watched)
	}
}

func TestEndingTwiceIsEndingOnce(t *testing.T) {
	w := newWorld(t)
	w.Close(t.Context())
	w.Close(t.Context())
}

func TestADeadLetterIsSentAgainByHand(t *testing.T) {
	w := newWorld(t)
	w.courier.fate = pipeline.Dead
	a := ask("ann", "1", "say hello")
	a.ID = w.take(a)[0].Seq
	w.idle()
	w.courier.mu.Lock()
	w.courier.fate = ""
	w.courier.mu.Unlock()
	w.courier.shut()
	for range 3 { // an impatient hand
		if err := w.Resend(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	w.courier.open()
	w.courier.await(t, 1)
	w.idle()
	if err := w.Resend(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if got := w.courier.await(t, 1); !slices.Equal(got, []string{"ann hello", "ann hello"}) {
		t.Fatalf("%q", got)
	}
	a.ID += 100
	if err := w.Resend(t.Context(), a); pull.KindOf(err) != pull.Unknown {
		t.Fatal(err)
	}
}
