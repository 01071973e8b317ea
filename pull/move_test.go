package pull_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/who"
)

// elsewhere is a past with a reader of another channel, of whom one code is.
type elsewhere struct {
	remembered
	code    pull.MoveCode
	key     who.Key
	reader  who.Reader
	taken   int
	refusal error
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	code, ok := pull.NewMoveCode(0x123456789abcde)
	if !ok {
		t.Fatal(code)
	}
	return &elsewhere{remembered: remembered{}, code: code, key: "p.other", reader: who.Reader{
		Language: "fr", Preferences: map[string]string{"city": "Lyon"},
		Saved: []who.Saved{{Keyword: "quote", Argument: "WIPRO"}, {Keyword: "quote", Argument: "SAP", List: "mine"}, {Keyword: "gone"}},
	}}
}

func (e *elsewhere) MoveCode(*pull.Ask) (pull.MoveCode, time.Time) {
	return e.code, monday.Add(15 * time.Minute)
}

func (e *elsewhere) Moved(_ context.Context, _ *pull.Ask, c pull.MoveCode, take bool) (who.Key, who.Reader, error) {
	if e.refusal != nil {
		return "", who.Reader{}, e.refusal
	}
	if c != e.code || e.taken > 0 {
		return "", who.Reader{}, &pull.Error{Kind: pull.Unknown}
	}
	if take {
		e.taken++
	}
	return e.key, e.reader, nil
}

func TestWhatIsKeptElsewhereIsTakenOverAfterOneYes(t *testing.T) {
	for name, c := range map[string]struct {
		channel string
		before  who.Reader
		asks    string
		says    string
		taken   bool
	}{
		"yes":                  {"web", who.Reader{}, "{code}", "yes", true},
		"beside MYDATA":        {"web", who.Reader{}, "mydata {code}", "yes", true},
		"as it is typed":       {"web", who.Reader{}, "{typed}", "YES", true},
		"by a tap":             {"web", who.Reader{}, "{code}", "o:1:2", true},
		"no":                   {"web", who.Reader{}, "{code}", "no", false},
		"no by a tap":          {"web", who.Reader{}, "{code}", "o:0:2", false},
		"something else":       {"web", who.Reader{}, "{code}", "wipro", false},
		"with consent":         {"asking", who.Reader{}, "{code}", "yes", true},
		"without consent":      {"asking", who.Reader{}, "{code}", "no", false},
		"beside what is there": {"web", who.Reader{Preferences: map[string]string{"city": "Paris", "length": "short"}, Saved: []who.Saved{{Keyword: "quote", Argument: "WIPRO"}}}, "{code}", "yes", true},
	} {
		t.Run(name, func(t *testing.T) {
			k, past := newTalk(t), newElsewhere(t)
			k.resolver.Past, k.channel, k.reader = past, c.channel, c.before
			k.say("wipro")
			got := k.say(strings.NewReplacer("{code}", past.code.String(), "{typed}", strings.ToLower(strings.ReplaceAll(past.code.String(), "-", " "))).Replace(c.asks))
			lists := fmt.Sprint(k.last.Reply.Blocks)
			if past.taken != 0 || !strings.Contains(got, "[YES=") || !strings.Contains(got, "[NO=") || !strings.Contains(lists, "Lyon") || !strings.Contains(lists, "Wipro") || strings.Contains(lists, "gone") {
				t.Fatalf("%s: %s", got, lists)
			}
			said := k.say(c.says)
			want := c.before.Preferences["city"]
			if c.taken {
				want = "Lyon"
			}
			if (past.taken == 1) != c.taken || k.reader.Preferences["city"] != want {
				t.Fatalf("%s: %+v", said, k.reader)
			}
			if !c.taken {
				return
			}
			if k.reader.SavedAt("mine", "quote", "SAP") < 0 || len(k.reader.Saved) != 2 || k.reader.Language != "fr" || c.before.Preferences["length"] != k.reader.Preferences["length"] {
				t.Errorf("%+v", k.reader)
			}
			if got := k.say(past.code.String()); !strings.Contains(got, "n’est pas valable") {
				t.Errorf("the second time: %s", got)
			}
		})
	}
}

func TestWhatHasNoRoomIsNamed(t *testing.T) {
	k, past := newTalk(t), newElsewhere(t)
	k.resolver.Past = past
	past.reader.Language = ""
	for i := range who.MaxSaved {
		k.reader.Saved = append(k.reader.Saved, who.Saved{Keyword: "quote", Argument: fmt.Sprint("X", i)})
	}
	k.say(past.code.String())
	if got := k.say("yes"); !strings.Contains(got, "Wipro") || !strings.Contains(got, "no room left") || len(k.reader.Saved) != who.MaxSaved+1 || k.reader.Preferences["city"] != "Lyon" {
		t.Errorf("%s: %+v", got, k.reader)
	}
}

func TestACodeThatIsNotGoodIsRefused(t *testing.T) {
	other, _ := pull.NewMoveCode(0x23456789abcdef)
	for name, c := range map[string]struct {
		change  func(k *talk, e *elsewhere)
		text    string
		want    string
		private bool
	}{
		"another code":        {func(*talk, *elsewhere) {}, other.String(), "not good", false},
		"a wrong sign":        {func(*talk, *elsewhere) {}, "ABCD-EFGH-JKM0", "not good", false},
		"too many":            {func(_ *talk, e *elsewhere) { e.refusal = &pull.Error{Kind: pull.Limited} }, "{code}", "many codes", false},
		"the channel of it":   {func(_ *talk, e *elsewhere) { e.key = "" }, "{code}", "another channel", false},
		"nothing held by now": {func(_ *talk, e *elsewhere) { e.reader = who.Reader{} }, "{code}", "not good", false},
		"by a program":        {func(k *talk, _ *elsewhere) { k.channel = "assistant" }, "{code}", "", true},
		"after STOP":          {func(k *talk, _ *elsewhere) { k.reader.State = who.Stopped }, "{code}", "START", true},
		"beside other words":  {func(*talk, *elsewhere) {}, "parcel {code}", "", true},
	} {
		k, past := newTalk(t), newElsewhere(t)
		k.resolver.Past = past
		c.change(k, past)
		got := k.say(strings.ReplaceAll(c.text, "{code}", past.code.String()))
		if !strings.Contains(got, c.want) || strings.Contains(fmt.Sprint(k.last.Reply), "Lyon") || k.reader.Question != nil && k.reader.Question.Moves != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	k, past := newTalk(t), newElsewhere(t)
	k.resolver.Past = past
	if got := k.send(pull.Ask{Incoming: pull.Incoming{Text: past.code.String(), Group: true}}); strings.Contains(fmt.Sprint(k.last.Reply), "Lyon") {
		t.Errorf("in a group: %s", got)
	}
}

// MYDATA tells a code where something can be taken along, and somewhere to.
func TestMyDataTellsAMoveCode(t *testing.T) {
	k, past := newTalk(t), newElsewhere(t)
	k.resolver.Past = past
	if got := k.say("mydata"); strings.Contains(got, past.code.String()) {
		t.Errorf("of nothing: %s", got)
	}
	k.reader.Preferences = map[string]string{"city": "Lyon"}
	if got := k.say("mydata"); !strings.Contains(got, past.code.String()) {
		t.Errorf("nothing is told: %s", got)
	}
}

func TestAMoveCodeIsFoundAsPeopleWriteIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, ok := pull.NewMoveCode(rapid.Uint64().Draw(t, "chance"))
		text := code.String()
		for _, written := range []string{text, strings.ToLower(text), "“" + text + "”", text + ".", strings.ReplaceAll(text, "-", "–")} {
			if found, rest, looks := pull.FindMoveCode(written); looks != ok && ok || ok && (found != code || rest != "") {
				t.Fatalf("%q is %q, %q, %v; want %q, %v", written, found, rest, looks, code, ok)
			}
		}
	})
	for _, text := range []string{"", "mydata", "1234-5678-9012", "INTERNATIONA", "tiramisu for 2", "WIPRO 500", "2026-11-23 09:00", "7F3K9-2XQ8M-4"} {
		if found, _, ok := pull.FindMoveCode(text); ok {
			t.Errorf("in %q stands %q", text, found)
		}
	}
}

func FuzzFindMoveCode(f *testing.F) {
	f.Add("7F3K-92XQ-8M4T")
	f.Add("my data 7f3k 92xq 8m4t, bitte")
	f.Add("0000000000O0")
	f.Fuzz(func(t *testing.T, text string) {
		code, rest, ok := pull.FindMoveCode(text)
		if !ok || code == "" {
			return
		}
		if again, _, ok := pull.FindMoveCode(code.String()); !ok || again != code || len(rest) > len(text)+len(text) {
			t.Fatalf("%q is %q, and that %q, %v", text, code, again, ok)
		}
	})
}

func TestTakingOverLeavesWhatStandsAlone(t *testing.T) {
	here := who.Reader{Language: "de", Saved: []who.Saved{{Keyword: "a"}}, Preferences: map[string]string{"city": "Bonn"}}
	got, left, unsaved := here.TakeOver(who.Reader{})
	if !cmp.Equal(got.Saved, here.Saved) || got.Language != "de" || got.Preferences["city"] != "Bonn" || len(left)+len(unsaved) > 0 {
		t.Errorf("%+v, %v, %v", got, left, unsaved)
	}
}
