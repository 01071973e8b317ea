package who_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/who"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestStopIsConfirmedOnce(t *testing.T) {
	r, news := who.Reader{Question: &who.Question{Token: "x"}}.Stop(noon)
	if !news || r.State != who.Stopped || r.Question != nil {
		t.Fatalf("first STOP: news %v, %+v", news, r)
	}
	r, news = r.Stop(noon.Add(time.Minute))
	if news || !r.Since.Equal(noon) {
		t.Fatalf("second STOP: news %v, since %v", news, r.Since)
	}
	if r = r.Start(noon.Add(time.Hour)); r.State != who.Active {
		t.Fatalf("after START: %q", r.State)
	}
}

func TestStoppedReaderIsRemindedOnceADay(t *testing.T) {
	r, _ := who.Reader{}.Stop(noon)
	var told []bool
	for _, after := range []time.Duration{time.Minute, time.Hour, 23 * time.Hour, 25 * time.Hour, 26 * time.Hour} {
		var yes bool
		r, yes = r.Remind(noon.Add(after))
		told = append(told, yes)
	}
	if want := []bool{true, false, false, true, false}; !cmp.Equal(want, told) {
		t.Fatal(cmp.Diff(want, told))
	}
}

func TestGoneNeverOverridesStop(t *testing.T) {
	r, _ := who.Reader{}.Stop(noon)
	if r = r.Leave(noon).Return(noon); r.State != who.Stopped {
		t.Fatalf("state %q", r.State)
	}
	if r := (who.Reader{}).Leave(noon); r.State != who.Gone || r.Return(noon).State != who.Active {
		t.Fatal("leaving and coming back")
	}
}

func TestRememberKeepsTheLatestOfEachPull(t *testing.T) {
	var r who.Reader
	for i := range 40 {
		r = r.Remember(who.Pull{Keyword: fmt.Sprint("k", i%15), At: noon.Add(time.Duration(i) * time.Second)})
	}
	if len(r.Recent) != who.MaxRecent || r.Recent[0].Keyword != "k9" {
		t.Fatalf("%d remembered, first %q", len(r.Recent), r.Recent[0].Keyword)
	}
	again := r.Remember(who.Pull{Keyword: "k5", At: noon})
	if again.Recent[0].Keyword != "k5" || r.Recent[0].Keyword != "k9" {
		t.Fatal("the old value changed, or the new one did not")
	}
}

func TestBareKeepsNoContext(t *testing.T) {
	r := who.Reader{Language: "fr", Address: "a", Recent: []who.Pull{{Keyword: "news"}},
		Preferences: map[string]string{"city": "Graz"}, Settled: []uint64{1}, First: noon, Greeted: true}
	if diff := cmp.Diff(who.Reader{Settled: []uint64{1}, Greeted: true}, r.Bare()); diff != "" {
		t.Fatal(diff)
	}
}

func TestAGroupKeepsNothingOfItsMembers(t *testing.T) {
	full := who.Reader{
		Language: "fr", TimeZone: "Europe/Paris", First: noon, Greeted: true, State: who.Stopped, Since: noon, Noticed: noon,
		Consent: who.Consent{Refused: true}, Address: "a", Recent: []who.Pull{{Keyword: "news"}}, Settled: []uint64{1, 2}, Unsent: []uint64{2},
		Question: &who.Question{Token: "x"}, Miss: &who.Miss{Core: "x"}, Cursor: &who.Cursor{Place: who.Place{Keyword: "x"}}, Preferences: map[string]string{"city": "Graz"},
		Saved: []who.Saved{{Keyword: "news"}}, Mode: who.Human, Memberships: []string{"club"}, Laters: []who.Later{{Entry: 1}},
	}
	want := who.Reader{Language: "fr", State: who.Stopped, Since: noon, Settled: []uint64{1, 2}, Unsent: []uint64{2}}
	if diff := cmp.Diff(want, full.Shared()); diff != "" {
		t.Fatal(diff)
	}
}

func TestAGroupTakesItsStopAlongToItsNewName(t *testing.T) {
	stopped, _ := who.Reader{Language: "fr", Settled: []uint64{7}}.Stop(noon)
	for name, c := range map[string]struct{ now, want who.Reader }{
		"one that is not known yet": {who.Reader{}, who.Reader{Language: "fr", State: who.Stopped, Since: noon}},
		"one that has spoken":       {who.Reader{Language: "de", Settled: []uint64{9}}, who.Reader{Language: "de", State: who.Stopped, Since: noon, Settled: []uint64{9}}},
		"one that said START since": {who.Reader{Since: noon.Add(time.Hour)}, who.Reader{Language: "fr", Since: noon.Add(time.Hour)}},
	} {
		if diff := cmp.Diff(c.want, c.now.Inherit(stopped)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestEncodeForgetsTheOldestPullsToFit(t *testing.T) {
	r := who.Reader{Language: "de"}
	for i := range who.MaxRecent {
		r.Recent = append(r.Recent, who.Pull{Keyword: fmt.Sprint(i), Argument: strings.Repeat(string('ä'+rune(i)), 400)})
	}
	b, err := r.Encode()
	if err != nil || len(b) > who.MaxBytes {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	back, err := who.Decode(b)
	if err != nil || len(back.Recent) == 0 || back.Recent[0].Keyword != "0" || back.Language != "de" {
		t.Fatalf("%+v, %v", back, err)
	}
	r.Preferences = map[string]string{"x": strings.Repeat("y", who.MaxBytes)}
	if _, err := r.Encode(); err == nil {
		t.Fatal("a document over the limit was encoded")
	}
}

func TestDecodeRefusesWhatItDoesNotKnow(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing": nil, "a newer version": {9, '{', '}'}, "half a document": {1, '{'},
	} {
		if _, err := who.Decode(b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSettledAndUnsentStayWithinTheirLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r who.Reader
		n := rapid.Uint64Range(1, 80).Draw(t, "asks")
		for i := range n {
			old := r
			r = r.Settle(i, rapid.Bool().Draw(t, "unsent"), rapid.SliceOf(rapid.Uint64Range(0, n)).Draw(t, "sent")...)
			if !r.HasSettled(i) || len(old.Settled) > 0 && !old.HasSettled(i-1) {
				t.Fatalf("ask %d is not settled", i)
			}
		}
		if len(r.Settled) > who.MaxSettled || len(r.Unsent) > who.MaxUnsent {
			t.Fatalf("%d settled, %d unsent", len(r.Settled), len(r.Unsent))
		}
		b, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := who.Decode(b)
		if err != nil || !cmp.Equal(r.Settled, back.Settled) {
			t.Fatal(err, cmp.Diff(r.Settled, back.Settled))
		}
	})
}

func FuzzDecode(f *testing.F) {
	b, _ := who.Reader{Language: "en", Settled: []uint64{1, 2}}.Encode()
	f.Add(b)
	f.Add([]byte{1, '{', '}'})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := who.Decode(b)
		if err != nil {
			return
		}
		if out, err := r.Encode(); err == nil && len(out) > who.MaxBytes {
			t.Fatalf("%d bytes", len(out))
		}
	})
}
