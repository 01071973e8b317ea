package confidence_test

import (
	"testing"

	"keypull/sources/confidence"
)

// TestMoreThatSpeaksForAnAnswerMakesItLikelier changes one piece of evidence at a time.
func TestMoreThatSpeaksForAnAnswerMakesItLikelier(t *testing.T) {
	usual := confidence.Evidence{Coverage: 0.7, Missing: 0.1, Gap: 0.3, Beside: 0.3, Kind: 0, Words: 4}
	for name, more := range map[string]func(*confidence.Evidence){
		"more is covered":           func(e *confidence.Evidence) { e.Coverage = 0.9 },
		"one word alone is missing": func(e *confidence.Evidence) { e.Missing = 0.3 },
		"no other comes near":       func(e *confidence.Evidence) { e.Gap = 0.8 },
		"no paragraph beside it":    func(e *confidence.Evidence) { e.Beside = 0.9 },
		"the kind of answer stands": func(e *confidence.Evidence) { e.Kind = 1 },
		"more words were asked":     func(e *confidence.Evidence) { e.Words = 8 },
		"words are joined":          func(e *confidence.Evidence) { e.Joined = true },
	} {
		e := usual
		more(&e)
		if e.Likelihood() <= usual.Likelihood() {
			t.Errorf("%s: %.2f, not above %.2f", name, e.Likelihood(), usual.Likelihood())
		}
	}
	whole := confidence.Evidence{Coverage: 1, Gap: 1, Beside: 1, Kind: 1, Words: 6}
	if !whole.Answers() || !whole.Offers() || whole.Likelihood() >= 1 {
		t.Errorf("what has all is likely by %.2f", whole.Likelihood())
	}
	if none := (confidence.Evidence{}); none.Answers() || none.Offers() || none.Likelihood() != 0 {
		t.Errorf("what has nothing is likely by %.2f", none.Likelihood())
	}
	if usual.Answers() || !usual.Offers() {
		t.Errorf("what is half covered is likely by %.2f: it is offered, not told", usual.Likelihood())
	}
}

// TestAPriceThatIsAskedForIsToldByWhatHasOne asks for a price of what tells one, and of what tells none.
func TestAPriceThatIsAskedForIsToldByWhatHasOne(t *testing.T) {
	about := confidence.About{Coverage: 0.8, Named: 0.5, Rarest: 0.4, Length: 2, Asks: true}
	priced, unpriced := about, about
	priced.Priced, unpriced.Unpriced = true, true
	if priced.Likelihood() <= about.Likelihood() || unpriced.Likelihood() >= about.Likelihood() {
		t.Errorf("%.2f with a price, %.2f without, %.2f where none is asked for", priced.Likelihood(), unpriced.Likelihood(), about.Likelihood())
	}
}
