package textform_test

import (
	"testing"

	"keypull/pull/what/textform"
)

func BenchmarkNormal(b *testing.B) {
	for _, s := range []string{"tiramisu", "Weather in New York!", "Pâté à l’ail", "天气北京", "الدانمرك"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				textform.Normal(s)
			}
		})
	}
}
