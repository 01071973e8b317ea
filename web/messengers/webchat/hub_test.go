package webchat_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/webchat"
)

func send(t testing.TB, c *webchat.Chat, session, text, key string) {
	t.Helper()
	if _, err := c.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: text}, Address: session, Key: key}); err != nil {
		t.Fatal(err)
	}
}

// next returns the text of the next event; it fails where the channel is
// closed.
func next(t testing.TB, events <-chan messengers.StreamEvent) (uint64, string) {
	t.Helper()
	select {
	case e, ok := <-events:
		if !ok {
			t.Fatal("the subscription has ended")
		}
		return e.ID, string(e.Data)
	case <-t.Context().Done():
		t.Fatal("no event came")
	}
	return 0, ""
}

func TestLaterRepliesReachSubscribersOfTheirSessionOnly(t *testing.T) {
	c := open(t, nil)
	mine, stop := c.Subscribe(session, 0)
	defer stop()
	other, stopOther := c.Subscribe("another_session_0123456", 0)
	defer stopOther()
	send(t, c, session, "A\nB", "1-1")
	if _, data := next(t, mine); data != `{"replies":[{"text":"A\nB","buttons":[],"media":[]}]}` {
		t.Errorf("got %s", data)
	}
	if len(other) != 0 {
		t.Error("another session got the event")
	}
}

func TestASubscriberResumesAfterTheLastIDItSaw(t *testing.T) {
	c := open(t, nil)
	for i := range 60 {
		send(t, c, session, fmt.Sprintf("reply %d.", i), fmt.Sprint(i))
	}
	all, stop := c.Subscribe(session, 0)
	stop()
	var ids []uint64
	for e := range all {
		if len(ids) > 0 && e.ID <= ids[len(ids)-1] {
			t.Fatalf("id %d after %d", e.ID, ids[len(ids)-1])
		}
		ids = append(ids, e.ID)
	}
	if len(ids) != 50 {
		t.Fatalf("%d events are kept, want the last 50", len(ids))
	}
	rest, stop := c.Subscribe(session, ids[47])
	defer stop()
	if id, data := next(t, rest); id != ids[48] || !strings.Contains(data, "reply 58.") {
		t.Errorf("got %d %s", id, data)
	}
}

func TestIDsGoOnGrowingAfterARestart(t *testing.T) {
	before := open(t, nil)
	send(t, before, session, "A", "1")
	events, stop := before.Subscribe(session, 0)
	defer stop()
	id, _ := next(t, events)
	if at := messengertest.Now().UnixMicro(); id < uint64(at) {
		t.Errorf("id %d is below the time %d, which a restart counts on", id, at)
	}
}

func TestARepeatedKeyIsTheSameMessage(t *testing.T) {
	c := open(t, nil)
	events, stop := c.Subscribe(session, 0)
	defer stop()
	send(t, c, session, "A", "7-1")
	send(t, c, session, "A", "7-1")
	send(t, c, session, "B", "7-2")
	next(t, events)
	if _, data := next(t, events); !strings.Contains(data, `"B"`) {
		t.Errorf("got %s", data)
	}
}

func TestASubscriberThatFallsBehindIsLetGo(t *testing.T) {
	c := open(t, nil)
	events, stop := c.Subscribe(session, 0)
	defer stop()
	for i := range 200 {
		send(t, c, session, "A", fmt.Sprint(i))
	}
	n := 0
	for range events {
		n++
	}
	if n == 0 || n == 200 {
		t.Errorf("%d events, then closed", n)
	}
}

func TestSubscriptionsAreBounded(t *testing.T) {
	c := open(t, nil)
	for range 8 {
		_, stop := c.Subscribe(session, 0)
		t.Cleanup(stop)
	}
	over, stop := c.Subscribe(session, 0)
	defer stop()
	if _, ok := <-over; ok {
		t.Error("the ninth subscriber got an event")
	}
	if _, ok := <-func() <-chan messengers.StreamEvent { ch, _ := c.Subscribe("no session!", 0); return ch }(); ok {
		t.Error("a malformed session got an event")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	c := open(t, nil)
	send(t, c, session, "A", "1")
	for i := range 10_001 {
		send(t, c, fmt.Sprintf("session_%08d", i), "A", "1")
	}
	events, stop := c.Subscribe(session, 0)
	stop()
	if _, ok := <-events; ok {
		t.Error("the oldest session is still kept")
	}
}

func TestForgetDropsWhatWasKept(t *testing.T) {
	c := open(t, nil)
	send(t, c, session, "A", "1")
	c.Forget(session)
	events, stop := c.Subscribe(session, 0)
	stop()
	if _, ok := <-events; ok {
		t.Error("a forgotten reply was handed out")
	}
}

func TestCloseEndsSubscriptionsAndSending(t *testing.T) {
	c := open(t, nil)
	events, stop := c.Subscribe(session, 0)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok := <-events; ok {
		t.Error("an event after the end")
	}
	stop()
	var failure *messengers.SendError
	if _, err := c.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "A"}, Address: session, Key: "1"}); !errors.As(err, &failure) || failure.Fault != messengers.Temporary {
		t.Errorf("got %v", err)
	}
}

func TestOnlySessionsAreAddresses(t *testing.T) {
	var failure *messengers.SendError
	_, err := open(t, nil).Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "A"}, Address: "../x", Key: "1"})
	if !errors.As(err, &failure) || failure.Fault != messengers.Permanent {
		t.Errorf("got %v", err)
	}
}

func TestManyMaySubscribeAndSendAtOnce(t *testing.T) {
	c := open(t, nil)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 100 {
				events, stop := c.Subscribe(session, 0)
				send(t, c, session, "A", fmt.Sprintf("%d-%d", i, j))
				for range len(events) {
					<-events
				}
				stop()
			}
		})
	}
	group.Wait()
}
