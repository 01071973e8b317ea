package messengers_test

import (
	"strings"
	"testing"

	"keypull/web/messengers"
)

func TestHowDeeplyAMessageIsNested(t *testing.T) {
	for text, deep := range map[string]bool{
		"":                                  false,
		"1":                                 false,
		"[[1]]":                             false,
		"[[[1]]]":                           true,
		`{"a":{"b":1},"c":{"d":[]}}`:        true,
		`{"a":{"b":1},"c":{"d":2}}`:         false,
		`["[[[{{{"]`:                        false,
		`["\"[[["]`:                         false,
		`["\\",[[1]]]`:                      true,
		`]]]]`:                              false,
		`"` + strings.Repeat("[", 1000):     false,
		strings.Repeat(`{"a":[`, 1_000_000): true,
	} {
		if got := messengers.Nested([]byte(text), 2); got != deep {
			t.Errorf("%.40q: %v", text, got)
		}
	}
}
