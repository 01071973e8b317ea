package messengertest

import (
	"net/http"
	"net/http/httptest"
	"slices"

	"keypull/pull"
	"keypull/web/messengers"
)

// Doubtful is a platform with whose account something is amiss.
type Doubtful struct {
	// Name says what, and Step what that is about; "" where nothing is.
	Name string
	Step messengers.Step
	Soon bool
	// Platform answers what is asked.
	Platform http.HandlerFunc
}

// proves holds what a messenger tells beside Try, and that the guide says by which
// step each click shows.
func (c Case) proves(t T, logs *record) {
	g := c.Kind.Guide()
	for i, step := range g.Proven {
		if step != "" && !slices.Contains(messengers.Steps(), step) {
			t.Errorf("step %d of the guide is proven by %q, want one of %v", i+1, step, messengers.Steps())
		}
	}
	m := c.open(t, nowhere, nil, logs)
	_, tries := m.(messengers.Trier)
	_, syncs := m.(messengers.ProfileSyncer)
	for step, needed := range map[messengers.Step]bool{messengers.StepAccount: tries, messengers.StepWebhook: syncs} {
		if needed && c.Kind.Files != nil && len(g.Of(step)) == 0 {
			t.Errorf("no step of the guide is for %q, which the messenger can ask about", step)
		}
	}
	proving, ok := m.(messengers.Proving)
	switch {
	case !ok && len(c.Doubts) > 0:
		t.Errorf("a case of a messenger that proves nothing has Doubts")
	case ok && len(c.Doubts) == 0:
		t.Errorf("a case of a messenger that proves something has Doubts: a platform where all is well, and one for each thing that may be amiss")
	case ok:
		if _, err := proving.Prove(background(t)); err == nil || pull.KindOf(err) == pull.Denied {
			t.Errorf("nobody answers: %v", err)
		}
		for _, d := range c.Doubts {
			t.Run(d.Name, func(t T) { c.doubts(t, logs, d) })
		}
	}
}

func (c Case) doubts(t T, logs *record, d Doubtful) {
	server := httptest.NewServer(d.Platform)
	defer server.Close()
	m, _ := c.open(t, server.URL, nil, logs).(messengers.Proving)
	found, err := m.Prove(background(t))
	if err != nil {
		t.Fatalf("the platform answers, and the proof fails: %v", err)
	}
	if d.Step == "" && len(found) > 0 || d.Step != "" && len(found) != 1 {
		t.Fatalf("found %+v, want one of %q", found, d.Step)
	}
	for _, one := range found {
		if one.Step != d.Step || one.Soon != d.Soon || one.Said.String() == "" {
			t.Errorf("found %+v, want %q", one, d.Step)
		}
		c.silent(t, one.Said.String())
	}
}
