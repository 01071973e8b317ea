package webchat_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/webchat"
)

// inRoom opens a chat that shares a room.
func inRoom(t testing.TB, room *messengers.Room) *webchat.Chat {
	t.Helper()
	m, err := webchat.Kind.New().Open(messengers.Env{
		Publisher: "lecker", ID: "web", Clock: time.Now, Logger: slog.New(slog.DiscardHandler), Room: room,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := m.(*webchat.Chat)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func someSession(i int) string { return fmt.Sprintf("session_of_somebody_%06d", i) }

func TestMailboxesOfAllChatsTakeNoMoreThanTheirRoom(t *testing.T) {
	const bytes = 1 << 20
	room := messengers.NewRoom(bytes)
	chats := []*webchat.Chat{inRoom(t, room), inRoom(t, room)}
	for i := range 5_000 {
		send(t, chats[i%2], someSession(i), strings.Repeat("news ", 200), fmt.Sprint(i))
		if room.Taken() > bytes {
			t.Fatalf("after %d sessions %d bytes are held of %d", i+1, room.Taken(), bytes)
		}
	}
	// Who came last still finds what was sent.
	events, stop := chats[1].Subscribe(someSession(4_999), 0)
	defer stop()
	next(t, events)
}

func TestIdleMailboxesLeaveMemoryThoughNobodyComesBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := messengers.NewRoom(1 << 20)
		c := inRoom(t, room)
		for i := range 100 {
			send(t, c, someSession(i), "news", fmt.Sprint(i))
		}
		waits, stop := c.Subscribe(someSession(7), 0)
		defer stop()
		next(t, waits)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		alone := room.Taken()
		stop()
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if room.Taken() != 0 {
			t.Errorf("%d bytes are held of nobody (%d while one waited)", room.Taken(), alone)
		}
		if alone == 0 || alone > 8<<10 {
			t.Errorf("%d bytes are held of the one who waited", alone)
		}
	})
}

func TestAClosedChatGivesItsRoomBack(t *testing.T) {
	room := messengers.NewRoom(1 << 20)
	c := inRoom(t, room)
	for i := range 60 {
		send(t, c, session, "news", fmt.Sprint(i))
	}
	_, stop := c.Subscribe(session, 0)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	stop()
	if room.Taken() != 0 {
		t.Errorf("%d bytes are held", room.Taken())
	}
}

func TestNobodysStreamIsClosedForWantOfRoom(t *testing.T) {
	room := messengers.NewRoom(256 << 10)
	c := inRoom(t, room)
	streams := make([]<-chan messengers.StreamEvent, 40)
	for i := range streams {
		events, stop := c.Subscribe(someSession(i), 0)
		t.Cleanup(stop)
		streams[i] = events
	}
	for i := range 12_000 {
		send(t, c, someSession(100+i), strings.Repeat("news ", 20), fmt.Sprint(i))
	}
	if room.Taken() > 256<<10 {
		t.Errorf("%d bytes are held", room.Taken())
	}
	for i, events := range streams {
		send(t, c, someSession(i), "still here", "late")
		if _, data := next(t, events); !strings.Contains(data, "still here") {
			t.Errorf("stream %d got %s", i, data)
		}
	}
}

func TestAChatFullOfListenersTakesMore(t *testing.T) {
	c := inRoom(t, messengers.NewRoom(16<<10))
	for i := range 200 {
		events, stop := c.Subscribe(someSession(i), 0)
		t.Cleanup(stop)
		send(t, c, someSession(i), "news", fmt.Sprint(i))
		next(t, events)
	}
}
