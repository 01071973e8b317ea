package when_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/when"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func minutes(n int) *time.Duration {
	d := time.Duration(n) * time.Minute
	return &d
}

func TestJudge(t *testing.T) {
	fetched := when.Times{Fetched: noon}
	rules := when.Freshness{MaxAge: minutes(10), StaleWhileRevalidate: 5 * time.Minute, StaleIfError: time.Hour}
	tests := []struct {
		name  string
		rules when.Freshness
		times when.Times
		age   time.Duration
		want  when.Verdict
	}{
		{"within max_age", rules, fetched, 10 * time.Minute, when.Fresh},
		{"just after max_age", rules, fetched, 10*time.Minute + 1, when.Revalidate},
		{"at the end of stale_while_revalidate", rules, fetched, 15 * time.Minute, when.Revalidate},
		{"after it", rules, fetched, 15*time.Minute + 1, when.Stale},
		{"stale_if_error counts from the end of max_age", rules, fetched, 70 * time.Minute, when.Stale},
		{"after it as well", rules, fetched, 70*time.Minute + 1, when.Gone},
		{"the editor's max_age beats a longer Expires", rules, when.Times{Fetched: noon, Expires: noon.Add(24 * time.Hour)}, 11 * time.Minute, when.Revalidate},
		{"and a shorter one", rules, when.Times{Fetched: noon, Expires: noon.Add(time.Second)}, 9 * time.Minute, when.Fresh},
		{"upstream's Expires where no max_age is set", when.Freshness{}, when.Times{Fetched: noon, Expires: noon.Add(time.Hour)}, time.Hour, when.Fresh},
		{"an Expires in the past is no freshness", when.Freshness{}, when.Times{Fetched: noon, Expires: noon.Add(-time.Hour)}, time.Second, when.Gone},
		{"the default where nobody said anything", when.Freshness{}, fetched, when.DefaultMaxAge, when.Fresh},
		{"and not longer", when.Freshness{}, fetched, when.DefaultMaxAge + 1, when.Gone},
		{"max_age zero is fresh for the moment of fetching", when.Freshness{MaxAge: minutes(0)}, fetched, 0, when.Fresh},
		{"max_age zero is not fresh after it", when.Freshness{MaxAge: minutes(0), StaleIfError: time.Hour}, fetched, 1, when.Stale},
		{"two readings of the clock that are apart", rules, fetched, -when.Slip, when.Fresh},
		{"the clock went back a little: nobody knows the age", rules, fetched, -when.Slip - 1, when.Gone},
		{"the clock went back far", rules, fetched, -400 * 24 * time.Hour, when.Gone},
		{"never fetched", rules, when.Times{}, 0, when.Gone},
		{"negative settings count as zero", when.Freshness{MaxAge: minutes(-5), StaleIfError: -time.Hour}, fetched, time.Second, when.Gone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.rules.Judge(tt.times, noon.Add(tt.age)); got != tt.want {
				t.Errorf("Judge = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWaitIsTheDeadlineOrItsDefault(t *testing.T) {
	if got := (when.Freshness{}).Wait(); got != when.DefaultDeadline {
		t.Errorf("got %v", got)
	}
	if got := (when.Freshness{Deadline: time.Second}).Wait(); got != time.Second {
		t.Errorf("got %v", got)
	}
}

func TestVerdictsOnlyGetWorse(t *testing.T) {
	duration := rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "d"))
	})
	rapid.Check(t, func(t *rapid.T) {
		f := when.Freshness{StaleWhileRevalidate: duration.Draw(t, "revalidate"), StaleIfError: duration.Draw(t, "error")}
		if rapid.Bool().Draw(t, "set") {
			d := duration.Draw(t, "max age")
			f.MaxAge = &d
		}
		times := when.Times{Fetched: noon, Expires: noon.Add(duration.Draw(t, "expires") - 50*time.Hour)}
		a := noon.Add(duration.Draw(t, "one age"))
		b := a.Add(duration.Draw(t, "more"))
		if f.Judge(times, a) > f.Judge(times, b) {
			t.Fatalf("%v at %v, but %v at %v", f.Judge(times, a), a, f.Judge(times, b), b)
		}
		if got := f.Judge(times, f.FreshUntil(times)); got != when.Fresh {
			t.Fatalf("%v at the end of freshness", got)
		}
		if got := f.Judge(times, f.GoneAt(times)); got == when.Gone {
			t.Fatal("gone before GoneAt")
		}
		if got := f.Judge(times, f.GoneAt(times).Add(1)); got != when.Gone {
			t.Fatalf("%v after GoneAt", got)
		}
	})
}
