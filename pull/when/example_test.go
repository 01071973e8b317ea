package when_test

import (
	"fmt"
	"time"

	"keypull/pull/when"
)

func ExampleStamp() {
	now := time.Date(2026, 11, 20, 14, 2, 12, 0, time.UTC)
	s := when.Stamp{AsOf: now.Add(-12 * time.Second), Now: now, Language: "en"}
	fmt.Println(s)
	s.AsOf, s.Stale = now.Add(-25*time.Minute), true
	fmt.Println(s)
	// Output:
	// as of 14:02, 12 s ago
	// not current: as of 13:37, 25 min ago
}

func ExampleHours_Next() {
	market, err := when.ParseHours([]string{"mon-fri 09:15-15:30"})
	if err != nil {
		fmt.Println(err)
		return
	}
	friday := time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC)
	fmt.Println(market.Next(friday, time.UTC))
	// Output: 2026-11-23 09:15:00 +0000 UTC true
}
