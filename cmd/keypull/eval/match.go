package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"keypull/cmd/keypull/cli"
	"keypull/pull/what"
)

// NewMatchCommand returns "keypull match": it answers the messages of a file
// from the keywords of another, so that anyone can measure how well readers
// are understood.
func NewMatchCommand() *cobra.Command {
	var m matching
	cmd := &cobra.Command{
		Use:   "match --catalogue FILE --queries FILE",
		Short: "Answer a file of messages from a file of keywords",
		Long: "Reads keywords and messages as JSON Lines and writes what each message means,\n" +
			"one line a message, in order. No catalogue is refused: keywords that share a\n" +
			"phrase are offered. Commands such as stop and help are answered where the\n" +
			"catalogue lists them as reserved, in their built-in words and those listed.",
		Example: "  keypull match --catalogue catalogue.jsonl --queries queries.jsonl > predictions.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(m.run(cmd.OutOrStdout()))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&m.catalogue, "catalogue", "", "keywords, one JSON object a line")
	flags.StringVar(&m.queries, "queries", "", "messages, one JSON object a line")
	flags.Var(correctionFlag(&m.autocorrect), "autocorrect", "what to do with a typing error: confident, offer or off")
	flags.BoolVar(&m.explain, "explain", false, "say how each answer was found")
	for _, name := range []string{"catalogue", "queries"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is defined above
		}
	}
	return cmd
}

// matching is one run of the command.
type matching struct {
	catalogue, queries string
	autocorrect        string
	explain            bool
}

// correctionFlag returns the value of the flag that says what becomes of a typing error.
func correctionFlag(to *string) pflag.Value {
	*to = string(what.AutocorrectConfident)
	return cli.Choice(to, string(what.AutocorrectConfident), string(what.AutocorrectOffer), string(what.AutocorrectOff))
}

// matchQuery is one line of a file of messages.
type matchQuery struct {
	Text *string `json:"q"`
}

func (m *matching) run(out io.Writer) error {
	entries, err := readEntries(m.catalogue)
	if err != nil {
		return err
	}
	index := newIndex(entries, m.autocorrect)
	w := bufio.NewWriter(out)
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	err = eachLine(m.queries, func(line []byte) error {
		var q matchQuery
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.Text == nil {
			return missingField("q")
		}
		found := index.Match(*q.Text)
		p := newPrediction(*q.Text, found)
		if m.explain {
			p.Explanation = explainMatch(found)
		}
		return lines.Encode(p)
	})
	if flushed := w.Flush(); err == nil && flushed != nil {
		err = fmt.Errorf("write the answers: %w", flushed)
	}
	return err
}
