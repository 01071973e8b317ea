package eval

import (
	"fmt"
	"strconv"
	"strings"

	"keypull/pull/words"
)

// figure is a figure that can be held to a floor.
type figure struct {
	name string
	// lower says that less is better.
	lower bool
	// of returns the figure, or false if it was not measured.
	of func(*report) (float64, bool)
}

// figures lists what --fail-under knows.
func figures() []figure {
	plain := func(f func(*report) float64) func(*report) (float64, bool) {
		return func(r *report) (float64, bool) { return f(r), true }
	}
	rated := func(name string, f func(*report) float64) func(*report) (float64, bool) {
		return func(r *report) (float64, bool) { return f(r), !r.caseless[name] }
	}
	timed := func(f func(*speed) float64) func(*report) (float64, bool) {
		return func(r *report) (float64, bool) {
			if r.Speed == nil {
				return 0, false
			}
			return f(r.Speed), true
		}
	}
	return []figure{
		{name: "utility", of: plain(func(r *report) float64 { return r.Utility })},
		{name: "harmful", lower: true, of: plain(func(r *report) float64 { return r.Harmful })},
		{name: "top1", of: rated("top1", func(r *report) float64 { return r.Top1 })},
		{name: "offer-recall", of: rated("offer-recall", func(r *report) float64 { return r.OfferRecall })},
		{name: "quiet", of: rated("quiet", func(r *report) float64 { return r.Quiet })},
		{name: "reserved", of: rated("reserved", func(r *report) float64 { return r.Reserved })},
		{name: "stop", of: rated("stop", func(r *report) float64 { return r.Stop })},
		{name: "calibration", lower: true, of: func(r *report) (float64, bool) {
			if r.Calibration == nil {
				return 0, false
			}
			return r.Calibration.Error, true
		}},
		{name: "per-second", of: timed(func(s *speed) float64 { return s.PerSecond })},
		{name: "median-us", lower: true, of: timed(func(s *speed) float64 { return s.Median })},
		{name: "p95-us", lower: true, of: timed(func(s *speed) float64 { return s.P95 })},
		{name: "build-ms", lower: true, of: timed(func(s *speed) float64 { return s.Build })},
	}
}

// figureNames lists the figures for people.
func figureNames() string {
	var names []string
	for _, f := range figures() {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

// floors is the flag that says which figures may not be worse than what.
type floors []floor

type floor struct {
	figure
	limit float64
}

func (f *floors) String() string {
	all := make([]string, len(*f))
	for i, floor := range *f {
		all[i] = floor.name + "=" + strconv.FormatFloat(floor.limit, 'g', -1, 64)
	}
	return strings.Join(all, ",")
}

// Set takes figures with their floors, separated by commas.
func (f *floors) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		name, number, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			return words.Fail(nil, "cli.floor", words.Args{"got": part})
		}
		limit, err := strconv.ParseFloat(number, 64)
		if err != nil || limit != limit { // not a number
			return words.Fail(err, "cli.floor", words.Args{"got": part})
		}
		known := false
		for _, figure := range figures() {
			if figure.name == name {
				*f = append(*f, floor{figure, limit})
				known = true
			}
		}
		if !known {
			return words.Fail(nil, "cli.choice", words.Args{"got": name, "known": figureNames()})
		}
	}
	return nil
}

// Type names the flag's value in the help.
func (f *floors) Type() string { return "floors" }

// missedFloors lists the floors that are missed, one sentence each.
func (f *floors) missedFloors(r *report) []string {
	var all []string
	for _, floor := range *f {
		got, ok := floor.of(r)
		switch {
		case !ok:
			all = append(all, floor.name+" was not measured, so that it cannot be held to a floor")
		case floor.lower && got > floor.limit:
			all = append(all, fmt.Sprintf("%s is %g, more than %g", floor.name, got, floor.limit))
		case !floor.lower && got < floor.limit:
			all = append(all, fmt.Sprintf("%s is %g, less than %g", floor.name, got, floor.limit))
		}
	}
	return all
}
