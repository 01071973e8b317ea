package journal

import (
	"fmt"
	"testing"
	"time"
)

// A quarter of a year in which 5,000 keywords a day are asked is added up.
func BenchmarkAddNames(b *testing.B) {
	day := NamedFigures{}
	for n := range 5000 {
		for i := range 3 {
			day.AddKeywords(&Trace{At: time.Unix(0, 0), Outcome: Answered, What: What{Keyword: fmt.Sprint("keyword-", n)}, When: When{Fetched: time.Unix(-int64(n*i), 0)}, Took: Took{Total: Millis(n % (i + 17))}})
		}
	}
	written := day.EncodeNames()
	b.ReportMetric(float64(len(written))/5000, "B/row")
	for name, only := range map[string]func(string) bool{"all": nil, "one": func(id string) bool { return id == "keyword-77" }} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				sum := NamedFigures{}
				for range 90 {
					if err := sum.AddNames(written, only); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
