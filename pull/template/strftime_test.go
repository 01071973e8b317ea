package template_test

import (
	"strings"
	"testing"
	"time"

	"github.com/osteele/tuesday"
	"pgregory.net/rapid"

	"keypull/pull/template"
)

// Dates are written as the library writes them that Liquid's own engine has for it.
func TestDatesAreWrittenAsRubyWritesThem(t *testing.T) {
	zones := []*time.Location{time.UTC, time.FixedZone("CEST", 7200), time.FixedZone("", -16200), time.FixedZone("LMT", 3512)}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).
			In(rapid.SampledFrom(zones).Draw(t, "zone"))
		format := strings.Join(rapid.SliceOf(rapid.StringMatching(`%([-_^#0]|:{1,3})?(1?[0-9])?[EO]?[a-zA-Z+%]|[ -~ä]{0,3}`)).Draw(t, "format"), "")
		want, err := tuesday.Strftime(format, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := template.Strftime(format, at); got != want {
			t.Fatalf("%q at %v is %q, want %q", format, at, got, want)
		}
	})
}
