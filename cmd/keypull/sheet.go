package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/sheet"
	"keypull/pull/words"
	"keypull/web/console"
)

func newExportCommand() *cobra.Command {
	var path, publisher string
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Write the keywords of a publisher as a table for a spreadsheet",
		Long:    "export prints the keywords of a publisher as CSV, which import reads.",
		Example: "  keypull export --publisher lecker > keywords.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(onServer(cmd, path, func(ctx context.Context) error {
				out, err := console.ExportKeywords.Call(ctx, console.Of{Publisher: publisher})
				if err != nil {
					return err
				}
				_, err = io.WriteString(cmd.OutOrStdout(), out.CSV)
				return err
			}))
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&publisher, "publisher", "", "`id` of the publisher")
	return cmd
}

func newImportCommand() *cobra.Command {
	var (
		path string
		in   console.KeywordImport
	)
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add and change the keywords of a publisher by a table from a spreadsheet",
		Long: "import reads a table as export writes it; - reads the standard input. A row with an id that\n" +
			"is there changes that keyword in the columns that the table has, any other adds one. Nothing is\n" +
			"changed while anything is wrong, unless --partial is given.",
		Example: "  keypull import --publisher lecker --dry-run keywords.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return cli.Failed(importKeywords(cmd, path, args[0], in))
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&in.Publisher, "publisher", "", "`id` of the publisher")
	cmd.Flags().BoolVar(&in.DryRun, "dry-run", false, "tell what would become of each line and change nothing")
	cmd.Flags().BoolVar(&in.Partial, "partial", false, "import the lines that are right although others are wrong")
	return cmd
}

func importKeywords(cmd *cobra.Command, path, file string, in console.KeywordImport) error {
	from := cmd.InOrStdin()
	if file != "-" {
		f, err := os.Open(file) //nolint:gosec // whoever asks names it
		if err != nil {
			return err //nolint:wrapcheck // it names the file
		}
		defer func() { _ = f.Close() }()
		from = f
	}
	b, err := io.ReadAll(io.LimitReader(from, sheet.MaxBytes+1))
	if err != nil && file != "-" {
		return err //nolint:wrapcheck // it names the file
	}
	if err != nil {
		return words.Fail(err, "cli.stdin", words.Args{"reason": words.Said(err)})
	}
	in.CSV = string(b)
	return onServer(cmd, path, func(ctx context.Context) error {
		out, err := console.ImportKeywords.Call(ctx, in)
		if err != nil {
			return err
		}
		for _, p := range out.Problems {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%d\t%s\t%s\n", p.Line, p.Column, p.Message); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "created %d, updated %d, unchanged %d, wrong %d\n", out.Created, out.Updated, out.Unchanged, out.Wrong)
		return err
	})
}
