package what_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"keypull/pull/what"
)

// synthetic makes a catalogue of phrases of one to three words; every tenth
// keyword takes an argument, every seventh has a diacritic.
func synthetic(n int) []what.Keyword {
	ks := make([]what.Keyword, n)
	for i := range ks {
		name := strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(i*7919))
		p := []string{name, name + " recipe", "price of " + name}[i%3]
		if i%7 == 0 {
			p += "é"
		}
		ks[i] = what.Keyword{ID: fmt.Sprint("k", i), Phrases: phrases("en", p)}
		if i%10 == 3 {
			ks[i].Argument = what.ArgumentOptional
		}
	}
	return ks
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		ks := synthetic(n)
		ix := what.NewIndex(ks, what.Options{})
		// The messages are drawn evenly, and as many for every size.
		var exact, argument [1000]string
		for i := range exact {
			exact[i] = ks[i*7919%n].Phrases["en"][0]
			argument[i] = ks[i*7919%n/10*10+3].Phrases["en"][0] + " new york"
		}
		none := [1000]string{}
		for i := range none {
			none[i] = "nobody knows " + exact[i]
		}
		for i, messages := range []*[1000]string{&exact, &argument, &none} {
			b.Run(fmt.Sprint([]string{"exact", "argument", "none"}[i], "/", n), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					ix.Match(messages[i%1000], "en")
				}
			})
		}
	}
}

func BenchmarkNewIndex(b *testing.B) {
	ks := synthetic(100_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	ix := what.NewIndex(ks, what.Options{})
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		what.NewIndex(ks, what.Options{})
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(ks)), "B/keyword")
	runtime.KeepAlive(ix)
}
