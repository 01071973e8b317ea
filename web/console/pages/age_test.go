package pages_test

import (
	"testing"
	"time"

	"keypull/web/console/pages"
)

func TestAnAgeIsFreshBehindOrOld(t *testing.T) {
	at := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	fresh, told := at.Add(time.Minute), at.Add(time.Hour)
	for after, want := range map[time.Duration]pages.AgeState{
		0: pages.AgeFresh, time.Minute: pages.AgeFresh, time.Minute + 1: pages.AgeBehind, time.Hour: pages.AgeBehind, time.Hour + 1: pages.AgeOld,
	} {
		if got := pages.NewAge(at, fresh, told, at.Add(after)); got.State != want || !got.At.Equal(at) {
			t.Errorf("after %s it is %+v, want %s", after, got, want)
		}
	}
	if got := pages.NewAge(time.Time{}, fresh, told, at); got != (pages.Age{}) {
		t.Errorf("what never came is %+v", got)
	}
}
