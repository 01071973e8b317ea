package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// reactionUpdate returns that somebody has put a sign on a message.
func reactionUpdate(chat, message int64, sign string) string {
	return fmt.Sprintf(`{"update_id":%d,"message_reaction":{"chat":{"id":%d,"type":"private"},"message_id":%d,"user":{"id":%d,"is_bot":false},"date":1790000000,`+
		`"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":%q}]}}`, newUpdate(), chat, message, chat, sign)
}

func TestAReactionIsCountedAndNeverAnswered(t *testing.T) {
	s, api := openingHours(t)
	ada, stranger := newChat(), newChat()
	for i, sign := range []string{"👍", "👎"} {
		s.tell(ada, "hours")
		eventually(t, "the answer", func() bool { return len(api.sent(ada)) == i+1 })
		s.settled()
		for _, update := range []string{
			reactionUpdate(ada, api.tries(ada)[i].ID, sign), // on the answer, and on messages that nobody knows
			reactionUpdate(ada, 900_002, "💩"), reactionUpdate(ada, 900_003, "😂"), reactionUpdate(stranger, 900_004, "👍"),
		} {
			if status := deliver(t, s.URL, update); status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
		}
		s.settled()
	}
	day := s.tally.Day("lecker", s.clock.Now().Add(-time.Hour), s.clock.Now().Add(time.Hour))
	if got := day.Thumbs; len(got) != 1 || got[0].Name != "hours" || got[0].Up != 1 || got[0].Down != 1 || day.Asks != 2 {
		t.Errorf("%+v, %d asks", got, day.Asks)
	}
	if len(api.sent(ada)) != 2 || len(api.sent(stranger)) != 0 {
		t.Errorf("%q, %q", api.sent(ada), api.sent(stranger))
	}
	if _, revision := s.document(stranger); revision != 0 {
		t.Error("a stranger's document was made for a sign")
	}
}
