package telegram

// Counts tells how many callback queries were answered, and how many Telegram refused
// or found no room in the queue.
type Counts struct{ Taps, TapErrors int64 }

// Counts returns the counters.
func (b *Bot) Counts() Counts { return Counts{b.acks.done.Load(), b.acks.failed.Load()} }
