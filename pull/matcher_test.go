package pull_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// oracle is a matcher that says the same of everything.
type oracle struct {
	scored []pull.Scored
	err    error
	asked  []pull.MatcherAsk
	left   time.Duration
}

func (o *oracle) Match(ctx context.Context, a pull.MatcherAsk) ([]pull.Scored, error) {
	o.asked = append(o.asked, a)
	if until, ok := ctx.Deadline(); ok {
		o.left = time.Until(until)
	}
	return o.scored, o.err
}

// unknown returns what the index says of words that no keyword is near to.
func unknown(core string) what.Match {
	return what.Match{Decision: what.None, Reason: what.ReasonUnknown, Core: core, Unknown: core,
		Runners: []what.Candidate{{Keyword: "open"}, {Keyword: "soon"}}}
}

func TestAMatcherIsAskedOfWordsThatNoKeywordIsNearTo(t *testing.T) {
	k := newTalk(t)
	o := &oracle{scored: []pull.Scored{{"soon", 0.7}, {"nowhere", 1}, {"quote", 0.9}, {"quote", 0.8}, {"tpl", 0.75}, {"must", 0.65}}}
	m, ok, trace := k.resolver.Consult(t.Context(), k.edition, o, pull.Ask{Publisher: "p", Channel: "web", At: monday, Incoming: pull.Incoming{Language: "de", Text: "Bitte den Stand der Papiere"}},
		who.Reader{}, unknown("stand der papiere"), 0)
	if !ok || m.Decision != what.Offer || m.Tier != "matcher" || m.Reason != what.ReasonUnknown || m.Core != "stand der papiere" || trace.Error != "" {
		t.Fatalf("the match is %+v, %v, %q", m, ok, trace.Error)
	}
	if diff := cmp.Diff([]what.Candidate{{Keyword: "quote"}, {Keyword: "tpl"}, {Keyword: "soon"}}, m.Candidates); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]what.Candidate{{Keyword: "open"}}, m.Runners); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]pull.MatcherAsk{{Publisher: "p", Text: "stand der papiere", Language: "de"}}, o.asked); diff != "" {
		t.Error(diff)
	}
	if o.left <= 0 || o.left > 2*time.Second {
		t.Errorf("it has %v", o.left)
	}
}

func TestAMatcherIsLeftAloneWhereThereIsNothingToAsk(t *testing.T) {
	run := what.Match{Decision: what.Run, Core: "quote", Candidates: []what.Candidate{{Keyword: "quote"}}}
	offer := what.Match{Decision: what.Offer, Reason: what.ReasonTie, Core: "paris", Candidates: []what.Candidate{{Keyword: "city"}, {Keyword: "club"}}}
	negated, common := unknown("no quote"), unknown("floor")
	negated.Reason, common.Reason = what.ReasonNegated, what.ReasonCommon
	long := unknown(strings.Repeat("ж", 201))
	for _, c := range []struct {
		name   string
		match  what.Match
		ask    pull.Ask
		reader who.Reader
		waited time.Duration
		want   bool
	}{
		{"words that nobody knows", unknown("zork"), pull.Ask{}, who.Reader{}, 0, true},
		{"200 characters", unknown(strings.Repeat("ж", 200)), pull.Ask{}, who.Reader{}, 0, true},
		{"a keyword that runs", run, pull.Ask{}, who.Reader{}, 0, false},
		{"keywords that are offered", offer, pull.Ask{}, who.Reader{}, 0, false},
		{"a greeting", what.Match{Decision: what.None}, pull.Ask{}, who.Reader{}, 0, false},
		{"a command", what.Match{Decision: what.Reserved, Command: command.Menu}, pull.Ask{}, who.Reader{}, 0, false},
		{"what somebody does not want", negated, pull.Ask{}, who.Reader{}, 0, false},
		{"an ordinary sentence", common, pull.Ask{}, who.Reader{}, 0, false},
		{"a long text", long, pull.Ask{}, who.Reader{}, 0, false},
		{"a tap", unknown("zork"), pull.Ask{Incoming: pull.Incoming{Tap: "x:1"}}, who.Reader{}, 0, false},
		{"a reader who has stood in line", unknown("zork"), pull.Ask{}, who.Reader{}, 2 * time.Second, false},
		{"a reader who has not agreed", unknown("zork"), pull.Ask{Channel: "asking"}, who.Reader{}, 0, false},
		{"a reader who has agreed", unknown("zork"), pull.Ask{Channel: "asking"}, who.Reader{Consent: who.Consent{Given: true}}, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, o := newTalk(t), &oracle{scored: []pull.Scored{{"quote", 1}}}
			m, ok, _ := k.resolver.Consult(t.Context(), k.edition, o, c.ask, c.reader, c.match, c.waited)
			if ok != c.want || len(o.asked) > 0 != c.want {
				t.Errorf("offered %v, asked %v", ok, o.asked)
			}
			if !ok && !cmp.Equal(m, c.match) {
				t.Errorf("the match became %+v", m)
			}
		})
	}
}

func TestWithoutAMatcherOrAnAnswerNothingChanges(t *testing.T) {
	k := newTalk(t)
	for _, c := range []struct {
		name  string
		by    pull.Matcher
		error string
	}{
		{"no matcher", nil, ""},
		{"one that knows nothing", &oracle{}, ""},
		{"one that names what there is not", &oracle{scored: []pull.Scored{{"nowhere", 1}}}, ""},
		{"one that fails", &oracle{err: errors.New("it is down")}, "it is down"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, ok, trace := k.resolver.Consult(t.Context(), k.edition, c.by, pull.Ask{Channel: "web"}, who.Reader{}, unknown("zork"), 0)
			if ok || !cmp.Equal(m, unknown("zork")) || trace.Error != c.error {
				t.Errorf("got %+v, %v, %q", m, ok, trace.Error)
			}
		})
	}
}
