package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
)

// newCompareCommand returns "keypull bench compare".
func newCompareCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "compare BEFORE AFTER",
		Short: "Say what became better and worse between two runs",
		Long: "compare reads what two runs of bench --json said, and prints of each row how the later is\n" +
			"to the former. Worse or better is what lies beyond the spread of both.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return cli.Failed(printComparison(args[0], args[1], cmd.OutOrStdout(), asJSON))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the comparison as JSON")
	return cmd
}

// comparison is how a row is in two runs.
type comparison struct {
	Name   string  `json:"name"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Unit   string  `json:"unit"`
	Ratio  float64 `json:"ratio,omitempty"`
	// Verdict is "better", "worse", or empty where the spreads meet.
	Verdict string `json:"verdict,omitempty"`
}

func printComparison(before, after string, out io.Writer, asJSON bool) error {
	a, err := readFigures(before)
	if err != nil {
		return err
	}
	b, err := readFigures(after)
	if err != nil {
		return err
	}
	all := compareFigures(a, b)
	if asJSON {
		return cli.PrintJSON(out, all)
	}
	for _, c := range all {
		if _, err := fmt.Fprintf(out, "%-50s %8s → %-8s %-5s %7.2f× %s\n", c.Name, formatValue(c.Before), formatValue(c.After), c.Unit, c.Ratio, c.Verdict); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return nil
}

// readFigures reads what a run of bench --json said.
func readFigures(path string) (all []figure, err error) {
	data, err := os.ReadFile(path) //nolint:gosec // the file that was named
	if err != nil {
		return nil, fmt.Errorf("read the figures: %w", err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("%s is not what bench --json prints: %w", path, err)
	}
	return all, nil
}

// compareFigures returns the rows that both have a value of, in the order of the later.
func compareFigures(before, after []figure) []comparison {
	known := map[string]figure{}
	for _, f := range before {
		if f.Missing == "" {
			known[f.Name] = f
		}
	}
	all := []comparison{}
	for _, f := range after {
		was, ok := known[f.Name]
		if !ok || f.Missing != "" {
			continue
		}
		c := comparison{Name: f.Name, Before: was.Value, After: f.Value, Unit: f.Unit, Verdict: verdictOf(was, f)}
		if was.Value != 0 {
			c.Ratio = f.Value / was.Value
		}
		all = append(all, c)
	}
	return all
}

// verdictOf says whether what was measured lies beyond the spread of both.
func verdictOf(was, is figure) string {
	low, high := was.valueRange()
	nowLow, nowHigh := is.valueRange()
	switch {
	case is.Sense == "" || nowLow <= high && low <= nowHigh:
		return ""
	case (nowLow > high) == (is.Sense == "≥"):
		return "better"
	}
	return "worse"
}

// once is the spread that a row is taken to have that was measured once.
const once = 0.1

// valueRange is between what values of the row may lie.
func (f figure) valueRange() (low, high float64) {
	if f.High > f.Low {
		return f.Low, f.High
	}
	return f.Value * (1 - once), f.Value * (1 + once)
}
