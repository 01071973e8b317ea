package demo

import (
	"fmt"
	"time"
)

// The names of the switches.
const (
	ExchangeDown = "exchange-down"
	ExchangeSlow = "exchange-slow"
	NewHeadline  = "headline"
	PriceJump    = "price-jump"
	Reset        = "reset"
)

const (
	// SlowAnswer is how long the exchange takes while it is slow.
	SlowAnswer = 10 * time.Second
	// MaxJumps is how often prices can jump before a reset: three times 12 %
	// stay below the 50 % at which a price counts as implausible.
	MaxJumps = 3
)

// switches is what has been done to the world.
type switches struct {
	down  bool
	slow  bool
	jumps int
}

// Switch is one thing that can be done to the world, with what it means for
// the next ask.
type Switch struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	// Toggle tells a state that is On or off from an act.
	Toggle bool `json:"toggle"`
	On     bool `json:"on"`
	// Spent says that the act has no effect until a reset.
	Spent  bool   `json:"spent"`
	Effect string `json:"effect"`
}

// Switches lists them as they stand.
func (w *World) Switches() []Switch {
	s := w.currentSwitches()
	return []Switch{
		{Name: ExchangeDown, Title: "Exchange down", Toggle: true, On: s.down, Effect: downEffect(s.down)},
		{Name: ExchangeSlow, Title: "Exchange slow", Toggle: true, On: s.slow, Effect: slowEffect(s.slow)},
		{Name: PriceJump, Title: "All prices +12 %", Spent: s.jumps >= MaxJumps, Effect: jumpEffect(s.jumps)},
		{Name: NewHeadline, Title: "Publish a headline", Effect: "One new headline in each language. Nobody is told: " +
			"whoever asks for news next, gets it."},
		{Name: Reset, Title: "Put all back", Effect: "Switches off, prices as they were, counters at zero."},
	}
}

func downEffect(on bool) string {
	if on {
		return "The exchange hangs up on every request. Ask WIPRO: the last good price comes, marked with its age, " +
			"for ten minutes; after that an honest refusal."
	}
	return "The exchange would hang up on every request."
}

func slowEffect(on bool) string {
	if on {
		return "The exchange takes ten seconds. Ask WIPRO: after two seconds the last good price comes, marked " +
			"with its age, while the fetch runs on."
	}
	return "The exchange would take ten seconds for every answer."
}

func jumpEffect(jumps int) string {
	switch {
	case jumps >= MaxJumps:
		return fmt.Sprintf("Jumped %d times; trading curb until all is put back.", jumps)
	case jumps > 0:
		return fmt.Sprintf("Jumped %d × 12 %%. The next ask brings the new price; nothing goes out by itself.", jumps)
	}
	return "Every company at once. The next ask brings the new price; nothing goes out by itself."
}

// Flip toggles a switch or carries out an act.
func (w *World) Flip(name string) error {
	switch name {
	case ExchangeDown:
		w.changeSwitches(func(s *switches) { s.down = !s.down })
	case ExchangeSlow:
		w.changeSwitches(func(s *switches) { s.slow = !s.slow })
	case PriceJump:
		w.changeSwitches(func(s *switches) { s.jumps = min(s.jumps+1, MaxJumps) })
	case NewHeadline:
		w.publishStory()
	case Reset:
		w.changeSwitches(func(s *switches) { *s = switches{} })
		w.visits.resetCounts()
	default:
		return fmt.Errorf("there is no switch %q", name)
	}
	return nil
}

func (w *World) changeSwitches(f func(*switches)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(&w.switches)
}

func (w *World) currentSwitches() switches {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.switches
}
