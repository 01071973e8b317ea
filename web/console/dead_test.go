package console_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/consoletest"
)

// post is what readers are sent again, and the letters it is taken from.
type post struct {
	*console.Console
	letters *consoletest.Letters
	acts    *[]people.Act
	handed  []uint64
	refuses error
}

func newPost(t *testing.T, running bool) *post {
	t.Helper()
	p := &post{letters: &consoletest.Letters{}, acts: &[]people.Act{}}
	d := console.DeadLetterOps{Catalogue: newMemory(lecker()), Letters: p.letters}
	if running {
		d.Resend = func(_ context.Context, publisher string, ask uint64) error {
			if publisher != "lecker" {
				t.Errorf("a letter of %s was handed over", publisher)
			}
			if p.refuses == nil {
				p.handed = append(p.handed, ask)
			}
			return p.refuses
		}
	}
	p.Console = console.New(console.Options{Acts: noting{p.acts}, Clock: noon}, d.Operations()...)
	return p
}

// dead returns a letter of a reader whose words and name stay out of the log.
func dead(ask uint64, channel string) pipeline.DeadLetter {
	return pipeline.DeadLetter{
		Ask: ask, Publisher: "lecker", Channel: channel, Reader: "lecker.abcdefghij", At: noon(), Since: noon().Add(time.Hour),
		Why: words.Verbatim("The platform answered 403."), Text: "Tiramisu: 45 minutes",
		Trace: &journal.Trace{Ask: ask, Outcome: journal.Answered, What: journal.What{Keyword: "cake", Argument: "secret", Unknown: "secret", Core: "secret", Accepted: "secret"}},
	}
}

func (p *post) ask(t *testing.T, role people.Role, name string, in object) (console.DeadResent, error) {
	t.Helper()
	in["publisher"] = "lecker"
	return consoletest.Call[object, console.DeadResent](as(t, role), p, name, in)
}

func TestDeadLettersAreListedWithoutTheReadersWords(t *testing.T) {
	p := newPost(t, true)
	for ask := range uint64(5) {
		p.letters.Die(dead(ask+1, []string{"tg", "web"}[ask%2]))
	}
	p.letters.Gone = 7
	in := object{"publisher": "lecker", "limit": 2}
	var got []uint64
	for range 5 {
		listed, err := consoletest.Call[object, console.DeadListed](as(t, people.Viewer), p, "dead.list", in)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range listed.Dead {
			got = append(got, e.Ask)
			if e.Text != "Tiramisu: 45 minutes" || e.Why != "The platform answered 403." || e.Reader != who.Key("lecker.abcdefghij") || e.Trace.What.Keyword != "cake" {
				t.Errorf("%+v", e)
			}
			if b, err := json.Marshal(e); err != nil || strings.Contains(string(b), "secret") {
				t.Errorf("%s, %v", b, err)
			}
		}
		if listed.Dropped != 7 || fmt.Sprint(listed.Channels) != "[{tg 3} {web 2}]" {
			t.Errorf("%d, %v", listed.Dropped, listed.Channels)
		}
		if listed.Next == "" {
			break
		}
		in["cursor"] = listed.Next
	}
	if !slices.Equal(got, []uint64{1, 2, 3, 4, 5}) {
		t.Errorf("listed %v", got)
	}
	for field, in := range map[string]object{"limit": {"limit": 201}, "cursor": {"cursor": "%"}, "": {"publisher": "kiosk"}} {
		if in["publisher"] == nil {
			in["publisher"] = "lecker"
		}
		_, err := consoletest.Call[object, console.DeadListed](as(t, people.Viewer), p, "dead.list", in)
		var e *pull.Error
		if !errors.As(err, &e) || field != "" && (e.Kind != pull.Invalid || e.Field != field) {
			t.Errorf("%v: %v", in, err)
		}
	}
}

func TestALetterIsHandedOverOnceHoweverOftenItIsAskedFor(t *testing.T) {
	p := newPost(t, true)
	p.letters.Die(dead(1, "tg"))
	for range 3 {
		if out, err := p.ask(t, people.Editor, "dead.resend", object{"ask": "1"}); err != nil || out.Queued != 1 {
			t.Fatal(out, err)
		}
	}
	if !slices.Equal(p.handed, []uint64{1}) {
		t.Errorf("handed over: %v", p.handed)
	}
	act := (*p.acts)[0]
	if b, err := json.Marshal(act); err != nil || act.Target != "letter 1" || act.Outcome != "done" || strings.Contains(string(b), "abcdefghij") || strings.Contains(string(b), "Tiramisu") {
		t.Errorf("written down: %s, %v", b, err)
	}
	for _, none := range []string{"2", "", "tiramisu", "-1", "18446744073709551616"} {
		if _, err := p.ask(t, people.Editor, "dead.resend", object{"ask": none}); console.KindOf(err) != pull.Unknown {
			t.Errorf("%q: %v", none, err)
		}
	}
	if _, err := p.ask(t, people.Viewer, "dead.resend", object{"ask": "1"}); console.KindOf(err) != pull.Denied {
		t.Errorf("a viewer: %v", err)
	}
}

func TestWithoutAServerALetterWaitsForTheNextStart(t *testing.T) {
	p := newPost(t, false)
	p.letters.Die(dead(1, "tg"))
	if out, err := p.ask(t, people.Editor, "dead.resend", object{"ask": "1"}); err != nil || out.Queued != 1 {
		t.Fatal(out, err)
	}
	if letters, _, _ := p.letters.List(t.Context(), "lecker", "", 0, 1); !letters[0].Queued {
		t.Error("it is not queued")
	}
}

func TestWhatTheServiceCannotTakeIsADeadLetterAsBefore(t *testing.T) {
	p := newPost(t, true)
	p.letters.Die(dead(1, "tg"))
	p.refuses = &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("the server is ending; try again")}
	if _, err := p.ask(t, people.Editor, "dead.resend", object{"ask": "1"}); console.KindOf(err) != pull.Unavailable {
		t.Fatal(err)
	}
	if _, err := p.ask(t, people.Editor, "dead.release", object{"channel": "tg"}); console.KindOf(err) != pull.Unavailable {
		t.Fatal(err)
	}
	if letters, _, _ := p.letters.List(t.Context(), "lecker", "", 0, 1); letters[0].Queued {
		t.Error("it is still queued")
	}
	p.refuses = nil
	if out, err := p.ask(t, people.Editor, "dead.resend", object{"ask": "1"}); err != nil || out.Queued != 1 || len(p.handed) != 1 {
		t.Error(out, err, p.handed)
	}
}

func TestAllOfAChannelAreSentInOrderButThoseOfReadersWhoSaidStop(t *testing.T) {
	p := newPost(t, true)
	const letters = 450
	var want []uint64
	for ask := uint64(1); ask <= letters; ask++ {
		channel := "tg"
		if ask%10 == 0 {
			channel = "web"
		}
		p.letters.Die(dead(ask, channel))
		switch {
		case channel == "web":
		case ask%50 == 1:
			p.letters.Stopped = append(p.letters.Stopped, ask)
		default:
			want = append(want, ask)
		}
	}
	out, err := p.ask(t, people.Editor, "dead.release", object{"channel": "tg"})
	if err != nil || out.Queued != len(want) || out.Refused != len(p.letters.Stopped) || !slices.Equal(p.handed, want) {
		t.Fatalf("%+v, %v, %d handed over, want %d", out, err, len(p.handed), len(want))
	}
	act := (*p.acts)[0]
	if act.Target != "channel tg" || string(act.After) != fmt.Sprintf(`{"queued":%d,"refused":%d}`, out.Queued, out.Refused) {
		t.Errorf("written down: %s %s", act.Target, act.After)
	}
	if again, err := p.ask(t, people.Editor, "dead.release", object{"channel": "tg"}); err != nil || again != out || len(p.handed) != len(want) {
		t.Errorf("once more: %+v, %v", again, err)
	}
	if _, err := p.ask(t, people.Editor, "dead.release", object{"channel": "nothing"}); console.KindOf(err) != pull.Unknown {
		t.Errorf("a channel that is not there: %v", err)
	}
	if _, err := p.ask(t, people.Viewer, "dead.release", object{"channel": "tg"}); console.KindOf(err) != pull.Denied {
		t.Errorf("a viewer: %v", err)
	}
}

func TestChannelsTellHowManyDeadLettersTheyHave(t *testing.T) {
	d := newDesk(t)
	letters := &consoletest.Letters{}
	letters.Die(dead(1, "tg"), dead(2, "tg"), dead(3, "gone"))
	d.publishing.Letters = letters
	d.Console = console.New(console.Options{Acts: d.acts, Clock: noon}, d.publishing.Operations()...)
	if out := d.must(t, people.Viewer, "channel.get", of(doc{"id": "tg"})); out["dead_letters"] != 2.0 {
		t.Errorf("one channel: %v", out["dead_letters"])
	}
	if out := d.must(t, people.Viewer, "channel.list", of(nil)); at(t, out, "channels", 0, "dead_letters") != 2.0 {
		t.Errorf("the list: %v", out)
	}
}
