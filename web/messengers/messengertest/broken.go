package messengertest

import (
	"context"
	"log/slog"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/web/messengers"
)

// broken is the case's messenger on a day on which one message breaks it down.
type broken struct {
	messengers.Messenger
	tries map[string]int
}

// Send breaks down at one address.
func (b *broken) Send(_ context.Context, s messengers.Sending) (string, error) {
	b.tries[s.Address]++
	if s.Address == "poison" {
		panic("a fault of the suite's own")
	}
	return "", nil
}

// breaksAlone: a message that breaks the kind down is given up at once, and the
// next one is sent.
func (c Case) breaksAlone(t T, logs *record) {
	b := &broken{Messenger: c.open(t, "https://example.org", nil, logs), tries: map[string]int{}}
	channels := &messengers.Channels{}
	channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", c.Kind.Name, b)})
	courier := messengers.NewCourier(channels, time.Now, slog.New(slog.DiscardHandler))
	for address, want := range map[string]pipeline.Fate{"poison": pipeline.Dead, "reader": pipeline.Sent} {
		got := courier.Deliver(t.Context(), pipeline.Parcel{
			Ask:   pull.Ask{ID: 1, Publisher: "p", Channel: "c", Incoming: pull.Incoming{Address: address}},
			Reply: pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Hello."}}},
		})
		if got.Fate != want || b.tries[address] != 1 {
			t.Errorf("%s: %q after %d tries, want %q after one", address, got.Fate, b.tries[address], want)
		}
	}
}
