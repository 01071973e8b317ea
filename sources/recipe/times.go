package recipe

import (
	"strconv"
	"strings"

	"keypull/pull/what"
	"keypull/sources/duration"
	"keypull/sources/ld"
)

// durationOf returns the text of a duration, which may stand as a value with a unit.
func durationOf(v any) string {
	for _, e := range ld.List(v) {
		m, ok := e.(map[string]any)
		if !ok {
			if s := ld.Text(e); s != "" {
				return s
			}
			continue
		}
		for _, name := range []string{"maxValue", "value"} {
			if n := ld.Text(m[name]); n != "" {
				return n + " " + unitText(m)
			}
		}
		for _, name := range []string{"@value", "duration", "name"} {
			if s := ld.Text(m[name]); s != "" {
				return s
			}
		}
	}
	return ""
}

// unitText returns the unit of a QuantitativeValue, by its word or UN/CEFACT code.
func unitText(m map[string]any) string {
	switch code := strings.ToUpper(ld.Text(m["unitCode"])); code {
	case "SEC", "MIN":
		return strings.ToLower(code)
	case "HUR":
		return "h"
	case "DAY":
		return "day"
	}
	return ld.Text(m["unitText"])
}

// readTimes returns the durations of a recipe as facts. A total that the page does not
// tell is that of preparation and cooking, or of what it tells of these.
func (r reader) readTimes() []what.Fact {
	read := func(names ...string) int {
		for _, name := range names {
			if n, ok := duration.Minutes(durationOf(r.node[name])); ok {
				return n
			}
		}
		return 0
	}
	prep := read("prepTime")
	cook := read("cookTime", "performTime")
	total := read("totalTime")
	if total == 0 && prep+cook <= duration.MaxMinutes {
		total = prep + cook
	}
	var facts []what.Fact
	for _, t := range []struct {
		fact string
		n    int
	}{{factPrep, prep}, {factCook, cook}, {factTotal, total}} {
		if t.n > 0 {
			facts = append(facts, what.Fact{Name: t.fact, Kind: what.Integer, Text: strconv.Itoa(t.n)})
		}
	}
	return facts
}
