package eval

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// printFigures writes the figures for people.
func (r *report) printFigures(w io.Writer) error {
	var b strings.Builder
	r.printClasses(&b)
	b.WriteByte('\n')
	for _, line := range []struct {
		name  string
		value float64
	}{
		{"harmful rate", r.Harmful}, {"top-1", r.Top1}, {"offer recall@3", r.OfferRecall}, {"none kept quiet", r.Quiet},
		{"reserved recall", r.Reserved}, {"stop recall", r.Stop}, {"utility", r.Utility},
	} {
		fmt.Fprintf(&b, "%-18s%8.4f\n", line.name, line.value)
	}
	if r.Absent > 0 {
		fmt.Fprintf(&b, "%-18s%8d\n", "without answer", r.Absent)
	}
	r.Calibration.print(&b)
	if s := r.Speed; s != nil {
		fmt.Fprintf(&b, "\n%.0f messages a second; %.1f µs a message in the median, %.1f µs at 95%%; index built in %.1f ms\n",
			s.PerSecond, s.Median, s.P95, s.Build)
	}
	for _, f := range r.Failures {
		b.WriteByte('\n')
		f.print(&b)
	}
	if len(r.Failures) > 0 {
		b.WriteByte('\n')
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func (r *report) printClasses(b *strings.Builder) {
	width := len("class")
	for name := range r.Classes {
		width = max(width, len(name))
	}
	fmt.Fprintf(b, "%-*s%7s", width, "class", "n")
	for _, v := range verdicts {
		fmt.Fprintf(b, "%15s", v.verdict)
	}
	b.WriteByte('\n')
	row := func(name string, counts map[verdict]int) {
		n := 0
		for _, c := range counts {
			n += c
		}
		fmt.Fprintf(b, "%-*s%7d", width, name, n)
		for _, v := range verdicts {
			cell := "-"
			if c := counts[v.verdict]; c > 0 {
				cell = fmt.Sprint(c)
			}
			fmt.Fprintf(b, "%15s", cell)
		}
		b.WriteByte('\n')
	}
	for _, name := range slices.Sorted(maps.Keys(r.Classes)) {
		row(name, r.Classes[name])
	}
	row("ALL", r.total)
}

func (c *calibration) print(b *strings.Builder) {
	if c == nil {
		return
	}
	fmt.Fprintf(b, "\n%-12s%7s%8s%8s%10s\n", "tier", "runs", "right", "share", "promise")
	for _, t := range c.Tiers {
		fmt.Fprintf(b, "%-12s%7d%8d%8.3f%10.2f\n", t.Tier, t.Runs, t.Right, t.Share, t.Promise)
	}
	fmt.Fprintf(b, "%d offers, of which %.3f hold what is meant; expected calibration error %.4f\n", c.Offers, c.OfferShare, c.Error)
	if len(c.Bands) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%-12s%7s%10s%10s\n", "certainty", "found", "certainty", "meant")
	for _, band := range c.Bands {
		fmt.Fprintf(b, "%.2f-%.2f   %7d%10.3f%10.3f\n", band.From, band.To, band.Found, band.Certainty, band.Share)
	}
	fmt.Fprintf(b, "what was run is as often meant as its certainty says, but for %.4f on average\n", c.Certainty)
}

func (f *failure) print(b *strings.Builder) {
	fmt.Fprintf(b, "%s %s %s\n  expected %s\n  got      %s", f.Class, f.Verdict, plainJSON(f.Text), plainJSON(f.Expect), plainJSON(f.Got))
}

// plainJSON writes a value on one line, as JSON with every letter as it is.
func plainJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
