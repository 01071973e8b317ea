package console_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/consoletest"
	"keypull/web/messengers"
)

// mute is a messenger whose account may be refused.
type mute struct{ fault messengers.Fault }

func (mute) Receive(context.Context, messengers.Delivery) (messengers.Receipt, error) {
	return messengers.Receipt{}, nil
}

func (m mute) Send(context.Context, messengers.Sending) (string, error) {
	return "", &messengers.SendError{Fault: m.fault, Err: errors.New("no")}
}

func (mute) Limits() messengers.Limits { return messengers.Limits{Text: 10, Unit: messengers.Runes} }

// failing returns the failures of a publisher as "resource/id code count keywords".
func failing(t *testing.T, f *console.Failures, language string) []console.Failure {
	t.Helper()
	c := console.New(console.Options{}, f.Operation())
	who := console.Operator()
	who.Language = language
	out, err := consoletest.Call[object, console.FailureListed](console.WithCaller(t.Context(), who), c, "failure.list", object{"publisher": "lecker"})
	if err != nil {
		t.Fatal(err)
	}
	return out.Failures
}

func TestWhatFailsIsOneListWithWhatToDo(t *testing.T) {
	m := newMorning("UTC", noon())
	letters := &consoletest.Letters{}
	full := errors.New("the disk is full")
	f := &console.Failures{Catalogue: m.Catalogue, Health: m.Health, Channels: m.Channels, Letters: letters, Clock: func() time.Time { return m.now }, Store: func() error { return full }}
	if got := failing(t, f, "en"); len(got) != 1 || got[0].Resource != "store" || !strings.Contains(got[0].Text, "the disk is full") || got[0].Mend == "" {
		t.Errorf("%+v", got)
	}
	full = nil
	if got := failing(t, f, "en"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	f.Health = cache{
		{Publisher: "kiosk", Source: "news", Bad: m.now, Error: words.Verbatim("kiosk's own trouble")},
		{Publisher: "lecker", Source: "news", Bad: m.now, Good: m.now.Add(-time.Minute), Error: words.Verbatim("the site answers 503")},
		{Publisher: "lecker", Source: "quotes", Good: m.now, Held: true, Warnings: []words.Text{words.Verbatim("the price fell by 99 %")}},
	}
	channel := messengers.NewChannel("lecker", "tg", "telegram", mute{messengers.TokenInvalid})
	m.Channels.Set("lecker", []*messengers.Channel{channel})
	hook := messengers.Hook{Channels: m.Channels, Logger: slog.New(slog.DiscardHandler), Pseudonym: func(string, string, string) who.Key { return "" }}
	if err := hook.Note(t.Context(), channel, []messengers.Event{{Kind: messengers.Revoked}}, m.now); err != nil {
		t.Fatal(err)
	}
	letters.Die(dead(1, "tg"), dead(2, "tg"), dead(3, "gone"))
	m.now = m.now.Add(time.Hour)
	var got []string
	for _, one := range failing(t, f, "en") {
		got = append(got, strings.Join([]string{one.Resource, one.ID, one.Code, one.Text}, "|"))
		if one.Mend == "" {
			t.Errorf("%+v does not say what to do", one)
		}
	}
	want := []string{
		"channel|tg|refused|the channel's account is not accepted any more; check its token", "source|news|failing|the site answers 503",
		"source|quotes|held|the price fell by 99 %", "dead|gone|letters|1 answer could not be sent and is kept.", "dead|tg|letters|2 answers could not be sent and are kept.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, one := range failing(t, f, "de") {
		if english := failing(t, f, "en"); one.Mend == english[0].Mend {
			t.Errorf("%+v is told in English", one)
		}
	}
	m.Failures = f
	if out := m.get(t); len(out.Failures) != len(want) {
		t.Errorf("today tells %+v", out.Failures)
	}
}

func TestAKeywordTellsThatItsSourceFails(t *testing.T) {
	d := newDesk(t)
	d.publishing.Snapshots = snapshotsOf{d.publishing.Snapshots, cache{{Publisher: "lecker", Source: "news", Error: words.Verbatim("the site answers 503")}}}
	d.Console = console.New(console.Options{Acts: d.acts, Clock: noon}, d.publishing.Operations()...)
	all := d.must(t, people.Viewer, "keyword.list", of(nil))
	list, _ := all["keywords"].([]any)
	var failing int
	for _, one := range list {
		k, _ := one.(map[string]any)
		source, _ := k["keyword"].(map[string]any)
		if told := k["failing"] == "the site answers 503"; told != (source["source"] == "news") {
			t.Errorf("%v", k)
		} else if told {
			failing++
		}
	}
	if failing == 0 {
		t.Errorf("no keyword of a source that fails: %v", all)
	}
}

// snapshotsOf tells how sources have been doing as a test says.
type snapshotsOf struct {
	console.Snapshots
	health cache
}

func (s snapshotsOf) HealthOf(publisher string) map[string]pull.Health {
	return s.health.HealthOf(publisher)
}
