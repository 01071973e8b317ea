package order_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/store/internal/order"
)

var before = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func TestOrderTellsWhatIsPast(t *testing.T) {
	for name, c := range map[string]struct {
		days []int // against before
		want int
	}{
		"nothing":                              {nil, -1},
		"all young":                            {[]int{0, 1, 2}, -1},
		"old ones first":                       {[]int{-3, -2, 1, 2, 3}, 1},
		"a clock that ran ahead":               {[]int{-3, 400, 400, -2, 1, 2, 3, 4}, 3},
		"a clock that ran ahead, nothing past": {[]int{400, 400, 1, 2}, -1},
		"a clock that ran far behind":          {[]int{-2, 1, -20000, 2, 3, 4}, 0},
		"nobody dropped anything for months":   {[]int{-200, 400, -190, -180, -170, 2}, 4},
	} {
		got := order.Past(len(c.days), func(i int) (time.Time, bool) { return before.AddDate(0, 0, c.days[i]), true }, before)
		if got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestSamplesAreEvenAndBothEndsAreThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, limit := rapid.Uint64Range(1, 1<<60).Draw(t, "n"), rapid.Uint64Range(2, 50).Draw(t, "limit")
		count, place := order.Samples(n, limit)
		if uint64(count) != min(n, limit) || place(0) != 0 || place(count-1) != n-1 { //nolint:gosec // not negative
			t.Fatalf("%d of %d from %d to %d", count, n, place(0), place(count-1))
		}
		for i := 1; i < count; i++ {
			if step := place(i) - place(i-1); step < n/limit || step > n/(limit-1)+1 {
				t.Errorf("%d to %d of %d by %d", place(i-1), place(i), n, limit)
			}
		}
	})
}
