package who_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/who"
)

// Whatever happens in whatever order: a conversation is over where the service answers alone,
// nobody is in charge who has said nothing for a day, and STOP ends all.
func TestWhoAnswersFollowsFromTheTurns(t *testing.T) {
	all := []who.Turn{who.TurnAsked, who.TurnLeft, who.TurnTaken, who.TurnReleased, who.TurnBack, who.TurnLapsed, who.TurnEnded}
	rapid.Check(t, func(r *rapid.T) {
		at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		reader := who.Reader{Settled: []uint64{7}}
		for range rapid.IntRange(1, 60).Draw(r, "turns") {
			at = at.Add(time.Duration(rapid.IntRange(-30, 40).Draw(r, "hours")) * time.Hour)
			reader, _ = reader.LapseTalk(at)
			before := reader
			turn := rapid.SampledFrom(all).Draw(r, "turn")
			after, changed := reader.Turn(turn, at, 9)
			if !changed && (after.Mode != before.Mode || after.Talk != before.Talk) {
				t.Fatalf("%s changed %+v to %+v and says that it did not", turn, before, after)
			}
			reader = after
			switch {
			case reader.Mode != who.Bot && (reader.Talk == nil || reader.Talk.Over || reader.Talk.Ask == 0):
				t.Fatalf("after %s a person is in charge of no conversation: %+v", turn, reader.Talk)
			case turn == who.TurnTaken && reader.Mode != who.Human:
				t.Fatal("a person who takes over is not in charge")
			case turn == who.TurnAsked && before.Mode == who.Bot && reader.Mode != who.Waiting:
				t.Fatal("a person who is asked for is not waited for")
			case turn == who.TurnAsked && before.Mode != who.Bot && reader.Mode != before.Mode:
				t.Fatal("asking once more changes who answers")
			case (turn == who.TurnReleased || turn == who.TurnEnded || turn == who.TurnBack && before.Mode != who.Bot) && reader.Mode != who.Bot:
				t.Fatalf("%s does not bring the service back", turn)
			case reader.Mode == who.Human && at.Sub(reader.Talk.Heard) >= who.PersonSilent:
				t.Fatal("somebody is in charge who has said nothing for a day")
			}
			b, err := reader.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if again, err := who.Decode(b); err != nil || again.Mode != reader.Mode || reader.Talk != nil && !again.Talk.Since.Equal(reader.Talk.Since) {
				t.Fatalf("%+v is read as %+v, %v", reader.Talk, again.Talk, err)
			}
		}
		if stopped, _ := reader.Stop(at); stopped.Mode != who.Bot || stopped.Talk != nil && !stopped.Talk.Over {
			t.Fatal("STOP left a conversation open")
		}
	})
}

func TestAConversationLapses(t *testing.T) {
	began := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	waiting, _ := who.Reader{}.Turn(who.TurnAsked, began, 3)
	person, _ := waiting.Turn(who.TurnTaken, began.Add(time.Hour), 3)
	for _, c := range []struct {
		name   string
		of     who.Reader
		after  time.Duration
		lapsed bool
	}{
		{"waiting for nearly a week", waiting, who.WaitingFor - time.Second, false},
		{"waiting for a week", waiting, who.WaitingFor, true},
		{"a person who wrote within the day", person, 25*time.Hour - time.Second, false},
		{"a person who was silent for a day", person, 25 * time.Hour, true},
		{"a clock that was set back before the person's word", person, 50 * time.Minute, true},
		{"a clock that is a little behind", person, 56 * time.Minute, false},
		{"a clock that was set back before the reader's word", person.PassOn(began.Add(20 * time.Hour)), 19 * time.Hour, true},
		{"a clock that goes on after the reader's word", person.PassOn(began.Add(20 * time.Hour)), 21 * time.Hour, false},
	} {
		if after, lapsed := c.of.LapseTalk(began.Add(c.after)); lapsed != c.lapsed || lapsed != (after.Mode == who.Bot) {
			t.Errorf("%s: %v, %q", c.name, lapsed, after.Mode)
		}
	}
	left, _ := who.Reader{}.Turn(who.TurnLeft, began, 3)
	if !left.Talk.Leaves(began.Add(59*time.Minute)) || left.Talk.Leaves(began.Add(time.Hour)) || left.Talk.Leaves(began.Add(-time.Hour)) {
		t.Error("a message may be left for an hour")
	}
}
