package sourcetest

import (
	"testing"
	"time"

	"keypull/pull"
)

func (c Case) speaks(t *testing.T) {
	r := c.start(t)
	speaker, ok := r.source.(pull.Speaker)
	if !ok {
		return
	}
	q := r.Query
	q.Count = 3
	items := r.choose(t, r.fetch(t), q)
	for _, language := range []string{"en", "fr", "de", "pt-BR", "DE-at", ""} {
		for _, count := range []int{1, len(items)} {
			before := frozen(t, items[:count])
			v := pull.Voice{Language: language, Zone: time.UTC, At: q.At, Argument: q.Argument}
			inspectReply(t, speaker.Say(items[:count], v), language)
			if frozen(t, items[:count]) != before {
				t.Errorf("wording the reply in %q changed the items", language)
			}
		}
	}
}

func inspectReply(t *testing.T, reply pull.Reply, language string) {
	t.Helper()
	said := 0
	for _, b := range reply.Blocks {
		if b.Text != "" || len(b.Lines) > 0 || len(b.Facts) > 0 || b.URL != "" {
			said++
		}
		inspectTexts(t, "reply in "+language, append([]string{b.Text}, b.Lines...))
		inspectLinks(t, "reply in "+language, []string{b.URL})
	}
	if said == 0 {
		t.Errorf("nothing is said in %q", language)
	}
}

func (c Case) terms(t *testing.T) {
	r := c.start(t)
	vocabulary, ok := r.source.(pull.Vocabulary)
	if !ok {
		return
	}
	vocabulary.Terms(nil)
	s := r.fetch(t)
	for _, term := range vocabulary.Terms(&s) {
		if term.Value == "" {
			t.Errorf("the term %v has no value", term)
		}
		if _, err := r.source.Key(pull.Query{Argument: term.Value, Count: 1}); err != nil {
			t.Errorf("the term %q cannot be asked for: %v", term.Value, err)
		}
	}
}
