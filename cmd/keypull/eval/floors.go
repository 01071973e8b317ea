package eval

import (
	"fmt"
	"strconv"
	"strings"
)

// evalFigure is a figure that can be held to a floor.
type evalFigure struct {
	name string
	// lower says that less is better.
	lower bool
	// of returns the figure; false where it was not measured.
	of func(*evalReport) (float64, bool)
}

// evalFigures lists what --fail-under knows.
func evalFigures() []evalFigure {
	plain := func(f func(*evalReport) float64) func(*evalReport) (float64, bool) {
		return func(r *evalReport) (float64, bool) { return f(r), true }
	}
	speed := func(f func(*evalSpeed) float64) func(*evalReport) (float64, bool) {
		return func(r *evalReport) (float64, bool) {
			if r.Speed == nil {
				return 0, false
			}
			return f(r.Speed), true
		}
	}
	return []evalFigure{
		{name: "utility", of: plain(func(r *evalReport) float64 { return r.Utility })},
		{name: "harmful", lower: true, of: plain(func(r *evalReport) float64 { return r.Harmful })},
		{name: "top1", of: plain(func(r *evalReport) float64 { return r.Top1 })},
		{name: "offer-recall", of: plain(func(r *evalReport) float64 { return r.OfferRecall })},
		{name: "quiet", of: plain(func(r *evalReport) float64 { return r.Quiet })},
		{name: "reserved", of: plain(func(r *evalReport) float64 { return r.Reserved })},
		{name: "stop", of: plain(func(r *evalReport) float64 { return r.Stop })},
		{name: "calibration", lower: true, of: func(r *evalReport) (float64, bool) {
			if r.Calibration == nil {
				return 0, false
			}
			return r.Calibration.Error, true
		}},
		{name: "per-second", of: speed(func(s *evalSpeed) float64 { return s.PerSecond })},
		{name: "median-us", lower: true, of: speed(func(s *evalSpeed) float64 { return s.Median })},
		{name: "p95-us", lower: true, of: speed(func(s *evalSpeed) float64 { return s.P95 })},
		{name: "build-ms", lower: true, of: speed(func(s *evalSpeed) float64 { return s.Build })},
	}
}

// evalFigureNames lists the figures for people.
func evalFigureNames() string {
	var names []string
	for _, f := range evalFigures() {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

// evalFloors is the flag that says which figures may not be worse than what.
type evalFloors []evalFloor

type evalFloor struct {
	evalFigure
	limit float64
}

func (f *evalFloors) String() string {
	all := make([]string, len(*f))
	for i, floor := range *f {
		all[i] = floor.name + "=" + strconv.FormatFloat(floor.limit, 'g', -1, 64)
	}
	return strings.Join(all, ",")
}

// Set takes figures with their floors, separated by commas.
func (f *evalFloors) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		name, number, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			return fmt.Errorf("%q is no floor; write figure=number", part)
		}
		limit, err := strconv.ParseFloat(number, 64)
		if err != nil || limit != limit { // not a number
			return fmt.Errorf("%q is no number", number)
		}
		known := false
		for _, figure := range evalFigures() {
			if figure.name == name {
				*f = append(*f, evalFloor{figure, limit})
				known = true
			}
		}
		if !known {
			return fmt.Errorf("there is no figure %q; use %s", name, evalFigureNames())
		}
	}
	return nil
}

// Type names the flag's value in the help.
func (f *evalFloors) Type() string { return "floors" }

// short lists the floors that are missed, one sentence each.
func (f *evalFloors) short(r *evalReport) []string {
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
