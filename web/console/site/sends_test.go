package site_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
)

// keptAsks are the records of a test's asks.
type keptAsks struct {
	records map[uint64]pipeline.Record
	sent    []pipeline.Outgoing
	saved   journal.SavedWords
	// empty has the first page have nothing.
	empty bool
}

func (k *keptAsks) Of(context.Context, string) (journal.SavedWords, error) { return k.saved, nil }

func (k *keptAsks) Record(_ context.Context, ask uint64) (pipeline.Record, bool, error) {
	r, ok := k.records[ask]
	return r, ok, nil
}

func (k *keptAsks) Fate(context.Context, uint64, pipeline.Record) (pipeline.Fate, error) {
	return pipeline.Handed, nil
}

func (k *keptAsks) Outgoing(_ context.Context, _ string, from pipeline.OutgoingPlace, limit int, _ time.Time) (pipeline.OutgoingPage, error) {
	if !from.Back {
		return pipeline.OutgoingPage{}, errors.New("the page begins with the first message")
	}
	last := int(min(from.Position, uint64(len(k.sent)))) //nolint:gosec // a place in sent
	next := pipeline.OutgoingPlace{Back: true, Position: uint64(max(last-limit, 0))}
	if k.empty && from == pipeline.LastOutgoing() {
		return pipeline.OutgoingPage{Next: next, More: true}, nil
	}
	messages := slices.Clone(k.sent[next.Position:last])
	slices.Reverse(messages)
	return pipeline.OutgoingPage{Messages: messages, Next: next, More: next.Position > 0}, nil
}

const (
	sendsAt = "/console/p/lecker/audit/sends"
	askAt   = "/console/p/lecker/ask?q=%23"
)

func TestOwnersSeeWhatWasSentAndWhatCausedIt(t *testing.T) {
	r := newRig(t)
	at := r.clock().Add(-time.Hour)
	r.kept.sent = []pipeline.Outgoing{
		{Ask: 10, Cause: 10, CauseKept: true, At: at, Channel: "web", Fate: pipeline.Handed},
		{Ask: 11, Cause: 10, CauseKept: true, At: at, Channel: "web", Kind: pull.Later},
		{Ask: 12, Cause: 3, At: at, Channel: "web", Kind: pull.LateAnswer, Fate: pipeline.Sent},
		{Ask: 13, At: at, Channel: "web", Kind: pull.LateAnswer, Fate: pipeline.Sent},
		{Ask: 14, At: at, Channel: "web", Kind: pull.Human, Fate: pipeline.Dead, Orphan: true},
	}
	owner := r.as("lecker owner")
	owner.get("/console/p/lecker/audit").wants(t, 200, `href="`+sendsAt+`"`)
	owner.get(sendsAt).wants(t, 200, `href="`+askAt+`10">#10</a>`, `href="`+askAt+`11">#11</a>`, "the ask itself", "Ordered for a time", "Waits", "#3, no longer kept", "only counted",
		"Nothing caused it", "Dead letter").lacks(t, askAt+"13", askAt+"14")
	r.as("lecker editor").get(sendsAt).wants(t, 403)
	for n := range 60 {
		r.kept.sent = append(r.kept.sent, pipeline.Outgoing{Ask: uint64(100 + n), Cause: uint64(100 + n), At: at, Channel: "web"})
	}
	first := owner.get(sendsAt).wants(t, 200, `rel="next"`, "#159", "#135").lacks(t, "#134")
	owner.get(sendsAt+"?"+strings.ReplaceAll(between(t, first.body, sendsAt+"?", `"`), "&amp;", "&")).wants(t, 200, "#134", "#110", `rel="prev"`, `rel="next"`).lacks(t, "#135", "#109")
	r.kept.empty = true
	owner.get(sendsAt).wants(t, 200, "None in this part of the records", `rel="next"`)
	r.kept.empty, r.kept.sent = false, nil
	owner.get(sendsAt).wants(t, 200, "Nothing was sent yet").lacks(t, `rel="next"`)
}

func TestAnAskIsShownByItsNumberWhereverItIsNamed(t *testing.T) {
	r := newRig(t)
	r.kept.records = map[uint64]pipeline.Record{
		2: {Publisher: "lecker", Trace: journal.Trace{Ask: 2, At: r.clock(), Outcome: journal.Answered, What: journal.What{Keyword: "news"}}},
		3: {Publisher: "lecker", Trace: journal.Trace{Ask: 3, At: r.clock(), Outcome: journal.Told, Kind: string(pull.LateAnswer), Cause: 2}},
	}
	viewer := r.as("lecker viewer")
	viewer.get(askAt+"2").wants(t, 200, "How it came about", "Answered", `href="/console/p/lecker/keywords/news"`, "Handed over at once").lacks(t, "Write what a reader might send", "Caused by")
	viewer.get(askAt+"3").wants(t, 200, "Told later", "Late answer", "Caused by", `href="`+askAt+`2">#2</a>`)
	viewer.get(askAt+"4").wants(t, 404, "Nothing is kept of such an ask")
	viewer.get(askAt+"2&again=on").wants(t, 200).lacks(t, "today’s answer", "Asked once more")
	owner := r.as("lecker owner")
	owner.get(askAt+"2").wants(t, 200, `href="`+askAt+`2&amp;again=on">Compare with today’s answer</a>`)
	owner.get(askAt+"2&again=on").wants(t, 200, "Asked once more", "No reply is recorded.").lacks(t, "Told then")

	r.letters.Die(pipeline.DeadLetter{Ask: 2, Publisher: "lecker", Channel: "web", At: r.clock(), Since: r.clock(), Trace: &journal.Trace{Ask: 2, Outcome: journal.Answered}},
		pipeline.DeadLetter{Ask: 7, Publisher: "lecker", Channel: "web", At: r.clock(), Since: r.clock(), Lost: true, Trace: &journal.Trace{Outcome: journal.Ended}})
	viewer.get(deadAt).wants(t, 200, `href="`+askAt+`2">#2</a>`, "Given up, since it ended the process").lacks(t, askAt+"7")

	for n := range 5 {
		r.tally.Add("lecker", journal.Trace{Ask: uint64(20 + n), At: r.clock(), Outcome: journal.Ordered, Wrong: "news", Cause: uint64(10 + n)})
	}
	r.tally.Add("lecker", journal.Trace{At: r.clock(), Outcome: journal.Ordered, Wrong: "sap"})
	r.wait(time.Minute)
	today := viewer.get("/console/p/lecker/today").wants(t, 200, "Called wrong").lacks(t, askAt+"10", askAt+"11")
	for n := 12; n <= 14; n++ {
		today.wants(t, 200, fmt.Sprintf(`href="%s%d">#%d</a>`, askAt, n, n))
	}
}

func TestTodaySumsUpWhatReadersThinkOfAnswers(t *testing.T) {
	r := newRig(t)
	viewer := r.as("lecker viewer")
	viewer.get("/console/p/lecker/today").wants(t, 200).lacks(t, "What readers think")
	for _, thumb := range []int{1, 1, -1} {
		r.tally.Add("lecker", journal.Trace{At: r.clock(), Outcome: journal.Told, Thumb: thumb, Rated: "news"})
	}
	r.wait(time.Minute)
	today := viewer.get("/console/p/lecker/today").wants(t, 200, "What readers think")
	card := between(t, today.body, `id="today-thumbs"`, "</section>")
	for _, want := range []string{`href="/console/p/lecker/keywords/news"`, "Good:", "👍</span> 2", "Bad:", "👎</span> 1"} {
		if !strings.Contains(card, want) {
			t.Errorf("%q is not in %s", want, card)
		}
	}
}

func TestEditorsSeeHowManyReadersKeepAKeywordFromFiveOn(t *testing.T) {
	r := newRig(t)
	r.kept.saved = journal.SavedWords{At: r.clock().Add(-9 * time.Hour), Readers: map[string]int{"news": 5, "sap": 4}}
	viewer := r.as("lecker viewer")
	viewer.get("/console/p/lecker/keywords/news").wants(t, 200, "5 readers keep it, as of 20 November, 04:00")
	viewer.get("/console/p/lecker/keywords/sap").wants(t, 200).lacks(t, "keep it")
}
