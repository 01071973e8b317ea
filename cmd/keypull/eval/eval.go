// Package eval answers files of messages from files of keywords, and scores how
// well they are understood.
package eval

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
)

// NewCommand returns "keypull eval": it scores how well the messages of a
// file are understood, by the rules that the file's expectations imply.
func NewCommand() *cobra.Command {
	e := evaluation{clock: time.Now}
	cmd := &cobra.Command{
		Use:   "eval --catalogue FILE --queries FILE",
		Short: "Score how well a file of messages is understood",
		Long: "Answers messages as match does, or reads answers, and holds them against what the\n" +
			"file of messages expects. It prints a table by class of message, the rates that\n" +
			"matter, how far each tier is to be trusted, and how fast messages are answered.\n\n" +
			"--fail-under takes floors, such as utility=0.85,harmful=0.005, and ends with code 1\n" +
			"where a figure is worse. Figures: " + figureNames() + ".",
		Example: "  keypull eval --catalogue catalogue.jsonl --queries queries.jsonl --show typo\n" +
			"  keypull eval --queries queries.jsonl --predictions predictions.jsonl --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if e.catalogue == "" && e.predictions == "" {
				return cli.Misused("cli.which_answers", nil)
			}
			if e.predictions == "" {
				e.progress = cli.Working(cmd.ErrOrStderr(), "cli.working_eval")
			}
			return cli.Failed(e.run(cmd.OutOrStdout(), cmd.ErrOrStderr()))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&e.catalogue, "catalogue", "", "keywords, one JSON object a line")
	flags.StringVar(&e.queries, "queries", "", "messages and what they are expected to mean, one JSON object a line")
	flags.StringVar(&e.predictions, "predictions", "", "score these answers and make none")
	flags.Var(correctionFlag(&e.autocorrect), "autocorrect", "what to do with a typing error: confident, offer or off")
	flags.BoolVar(&e.json, "json", false, "print the figures as JSON")
	flags.StringVar(&e.show, "show", "", "list the failures of a class, or of all")
	flags.Var(&e.floors, "fail-under", "end with code 1 where a figure is worse: utility=0.85,harmful=0.005")
	if err := cmd.MarkFlagRequired("queries"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

// evaluation is one run of the command.
type evaluation struct {
	catalogue, queries, predictions string
	autocorrect                     string
	json                            bool
	show                            string
	floors                          floors
	clock                           func() time.Time
	progress                        *cli.Progress
}

func (e *evaluation) run(out, problems io.Writer) error {
	report, err := e.report()
	e.progress.End()
	if err != nil {
		return err
	}
	if e.json {
		err = cli.PrintJSON(out, report)
	} else {
		err = report.printFigures(out)
	}
	if err != nil {
		return err
	}
	short := e.floors.missedFloors(report)
	for _, s := range short {
		if _, err := fmt.Fprintln(problems, "keypull:", s); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	if len(short) > 0 {
		return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%d figures are worse than they may be", len(short))}
	}
	return nil
}

// report answers the messages, or reads the answers, and scores them.
func (e *evaluation) report() (*report, error) {
	queries, err := readQueries(e.queries)
	if err != nil {
		return nil, err
	}
	if len(queries) == 0 {
		return nil, words.Fail(nil, "cli.no_messages", words.Args{"file": e.queries, "example": `{"q": "news", "class": "exact", "expect": {"type": "run", "id": "news"}}`})
	}
	if err := classExists(queries, e.show); err != nil {
		return nil, err
	}
	var answers []*prediction
	var speed *speed
	if e.predictions != "" {
		answers, err = readPredictions(e.predictions, queries)
	} else {
		answers, speed, err = e.answerQueries(queries)
	}
	if err != nil {
		return nil, err
	}
	r := scorePredictions(queries, answers)
	r.Speed = speed
	r.keepFailures(e.show, queries, answers)
	return r, nil
}
