package bench

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"keypull/cmd/keypull/cli"
)

// figure is one row of the report.
type figure struct {
	Name string `json:"name"`
	// Value is the median of the rounds, Low and High are their least and most.
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Unit  string  `json:"unit"`
	// Sense is ≤ where less is better, ≥ where more is.
	Sense string `json:"sense,omitempty"`
	// Must is the floor, Aim what is worked for; zero if there is none.
	Must  float64 `json:"must,omitempty"`
	Aim   float64 `json:"aim,omitempty"`
	Holds *bool   `json:"holds,omitempty"`
	// Missing says why there is no value.
	Missing string `json:"missing,omitempty"`
	Detail  string `json:"detail,omitempty"`
}

// atLeast returns the figure of which there must be so much.
func (f figure) atLeast(must, aim float64) figure {
	f.Sense, f.Must, f.Aim = "≥", must, aim
	return f
}

// atMost returns the figure of which there must be no more.
func (f figure) atMost(must, aim float64) figure {
	f.Sense, f.Must, f.Aim = "≤", must, aim
	return f
}

// withValues takes what the rounds measured.
func (f figure) withValues(values ...float64) figure {
	if len(values) > 0 {
		f.Value, f.Low, f.High = medianOf(values), slices.Min(values), slices.Max(values)
	}
	return f
}

// unlessMissing says why there is no value, where there is a reason.
func (f figure) unlessMissing(missing string) figure {
	f.Missing = missing
	return f
}

// withVerdict says whether the figure holds what it must.
func (f figure) withVerdict() figure {
	if f.Low == 0 && f.High == 0 {
		f.Low, f.High = f.Value, f.Value
	}
	if f.Missing != "" || f.Sense == "" || f.Must == 0 && f.Sense == "≥" || !f.hasBound() {
		return f
	}
	holds := f.Sense == "≤" && f.Value <= f.Must || f.Sense == "≥" && f.Value >= f.Must
	f.Holds = &holds
	return f
}

// hasBound says whether there is a floor: nothing lost is one, too.
func (f figure) hasBound() bool { return f.Must > 0 || f.Unit == lostUnit }

// lostUnit is that of figures that must be nought.
const lostUnit = "lost"

// report collects figures.
type report struct{ figures []figure }

func (r *report) addFigure(f figure) { r.figures = append(r.figures, f.withVerdict()) }

func (r *report) printFigures(w io.Writer, asJSON bool) error {
	if asJSON {
		return cli.PrintJSON(w, r.figures)
	}
	for _, f := range r.figures {
		if _, err := fmt.Fprintln(w, f.tableRow()); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return nil
}

// tableRow returns the figure as a line of a table: what it is, what was measured, its
// floor, whether it holds.
func (f figure) tableRow() string {
	value, floor, verdict := formatValue(f.Value), "", ""
	if f.Missing != "" {
		value = "–"
	}
	if f.hasBound() {
		floor = "must " + f.Sense + " " + formatValue(f.Must)
	}
	if f.Holds != nil {
		verdict = map[bool]string{true: "holds", false: "MISSED"}[*f.Holds]
	}
	spread := ""
	if f.High > f.Low {
		spread = formatValue(f.Low) + "–" + formatValue(f.High)
	}
	return strings.TrimRight(fmt.Sprintf("%-50s %8s %-5s %-15s %-14s %-6s %s", f.Name, value, f.Unit, spread, floor, verdict, cmp.Or(f.Missing, f.Detail)), " ")
}

// formatValue has as many digits as say something.
func formatValue(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func medianOf(v []float64) float64 {
	s := slices.Clone(v)
	slices.Sort(s)
	return quantileOf(s, 0.5)
}
