package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"keypull/pull/what"
)

// newMatchCommand returns "keypull match": it answers the messages of a file
// from the keywords of another, so that anyone can measure how well readers
// are understood.
func newMatchCommand() *cobra.Command {
	var m matching
	cmd := &cobra.Command{
		Use:   "match --catalogue FILE --queries FILE",
		Short: "Answer a file of messages from a file of keywords",
		Long: "Reads keywords and messages as JSON Lines and writes what each message means,\n" +
			"one line a message, in order. No catalogue is refused: keywords that share a\n" +
			"phrase are offered.",
		Example: "  keypull match --catalogue catalogue.jsonl --queries queries.jsonl > predictions.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.run(cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&m.catalogue, "catalogue", "", "keywords, one JSON object a line")
	flags.StringVar(&m.queries, "queries", "", "messages, one JSON object a line")
	flags.Var(&m.autocorrect, "autocorrect", "what to do with a typing error: confident, offer or off")
	for _, name := range []string{"catalogue", "queries"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is defined three lines above
		}
	}
	return cmd
}

// matching is one run of the command.
type matching struct {
	catalogue, queries string
	autocorrect        autocorrect
}

// autocorrect is the flag that says what becomes of a typing error.
type autocorrect string

func (a *autocorrect) String() string {
	if *a == "" {
		return "confident"
	}
	return string(*a)
}

func (a *autocorrect) Set(s string) error {
	switch s {
	case "confident", "offer", "off":
		*a = autocorrect(s)
		return nil
	}
	return errors.New("use confident, offer or off")
}

func (a *autocorrect) Type() string { return "mode" }

// matchEntry is one line of a catalogue.
type matchEntry struct {
	ID       string   `json:"id"`
	Keywords []string `json:"keywords"`
	Lang     string   `json:"lang"`
	Slots    []string `json:"slots"`
	Reserved bool     `json:"reserved"`
}

// query is one line of a file of messages.
type matchQuery struct {
	Text *string `json:"q"`
}

// matchResult is one line of the answer.
type matchResult struct {
	Text string   `json:"q"`
	Type string   `json:"type"`
	ID   string   `json:"id,omitempty"`
	IDs  []string `json:"ids,omitempty"`
	Arg  string   `json:"arg,omitempty"`
}

func (m *matching) run(out io.Writer) error {
	ix, err := readIndex(m.catalogue)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	err = eachLine(m.queries, func(line []byte) error {
		var q matchQuery
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.Text == nil {
			return errors.New(`"q" is missing`)
		}
		return lines.Encode(predict(ix, *q.Text))
	})
	return errors.Join(err, w.Flush())
}

func readIndex(path string) (*what.Index, error) {
	var keywords []what.Keyword
	var reserved []what.ReservedWords
	err := eachLine(path, func(line []byte) error {
		var e matchEntry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if e.ID == "" {
			return errors.New(`"id" is missing`)
		}
		if e.Reserved {
			reserved = append(reserved, what.ReservedWords{Command: what.Command(e.ID), Words: e.Keywords})
			return nil
		}
		keywords = append(keywords, e.keyword())
		return nil
	})
	if err != nil {
		return nil, err
	}
	return what.NewIndex(keywords, what.Options{Reserved: reserved}), nil
}

func (e *matchEntry) keyword() what.Keyword {
	k := what.Keyword{
		ID:       e.ID,
		Phrases:  map[string][]string{e.Lang: e.Keywords},
		Argument: what.ArgumentNone,
	}
	if len(e.Slots) > 0 {
		k.Argument = what.ArgumentOptional
	}
	return k
}

func predict(ix *what.Index, text string) matchResult {
	m := ix.Match(text)
	p := matchResult{Text: text, Type: string(m.Outcome)}
	switch m.Outcome {
	case what.Run:
		p.ID, p.Arg = m.Candidates[0].Keyword, m.Candidates[0].Argument
	case what.Offer:
		for _, c := range m.Candidates {
			p.IDs = append(p.IDs, c.Keyword)
		}
	case what.Reserved:
		p.ID = string(m.Command)
	case what.None:
	}
	return p
}

// maxLine bounds one line of either file, in bytes.
const maxLine = 1 << 20

// eachLine calls f with each line of a file that is not empty. An error names
// the file and the line.
func eachLine(path string, f func([]byte) error) error {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	number := 1
	for ; lines.Scan(); number++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		if err := f(line); err != nil {
			return fmt.Errorf("%s:%d: %w", path, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", path, number, err)
	}
	return nil
}
