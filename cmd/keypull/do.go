package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull/words"
	"keypull/web/console"
)

// maxInput is how much an operation is told at most, as by the API.
const maxInput = 6 << 20

func newDoCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "do OPERATION [JSON]",
		Short: "Carry out any operation of the console",
		Long: "do carries out one operation by its name, such as source.list, and prints what it answers as\n" +
			"JSON. The names and their inputs are those of the API, which /api/v1/openapi.json lists. The\n" +
			"input is the second argument; - reads it from the standard input. What changes a publisher, source,\n" +
			"keyword or channel says on the standard error how it is undone, within ten minutes.",
		Example: "  keypull do keyword.list '{\"publisher\": \"lecker\"}'\n" +
			"  keypull do source.create - < source.json\n" +
			"  keypull do change.list '{\"publisher\": \"lecker\"}'",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(carryOut(cmd, path, args)) },
	}
	configFlag(cmd, &path)
	return cmd
}

func carryOut(cmd *cobra.Command, path string, args []string) error {
	in := []byte("{}")
	if len(args) > 1 {
		in = []byte(args[1])
	}
	if string(in) == "-" {
		var err error
		if in, err = io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxInput)); err != nil {
			return words.Fail(err, "cli.stdin", words.Args{"reason": words.Said(err)})
		}
	}
	without := made
	if isReadOperation(cmd.Context(), args[0]) {
		without = refused
	}
	return onStore(cmd, path, without, func(ctx context.Context) error {
		var undo console.Receipt
		answer, err := console.Do(console.WithReceipt(ctx, &undo), args[0], in)
		if err != nil {
			return err
		}
		if err := tellUndo(cmd, path, undo); err != nil {
			return err
		}
		var lines bytes.Buffer
		if err := json.Indent(&lines, answer, "", "  "); err != nil {
			return fmt.Errorf("print the answer: %w", err)
		}
		lines.WriteByte('\n')
		_, err = lines.WriteTo(cmd.OutOrStdout())
		return err
	})
}

// isReadOperation reports whether an operation changes nothing.
func isReadOperation(ctx context.Context, name string) bool {
	c, _ := config.Read("", nil, os.LookupEnv, config.Kinds{})
	own, tidy, err := passingConfig(c)
	if err != nil {
		return false
	}
	defer tidy()
	h, err := openInstallation(ctx, own, slog.New(slog.DiscardHandler), true)
	if err != nil {
		return false
	}
	defer func() { _ = h.Close() }() // it goes with its folder
	of, ok := h.console.Find(name)
	return ok && of.Method == http.MethodGet
}

// tellUndo says how what was done is undone, where it can be.
func tellUndo(cmd *cobra.Command, path string, undo console.Receipt) error {
	if undo.Change == "" {
		return nil
	}
	in, err := json.Marshal(undo)
	if err == nil {
		command := "keypull do -c '" + path + "' change.undo '" + string(in) + "'"
		_, err = fmt.Fprintln(cmd.ErrOrStderr(), words.Text{Key: "cli.undo", Args: words.Args{"command": command}}.In(cli.Language()))
	}
	if err != nil {
		return fmt.Errorf("tell how it is undone: %w", err)
	}
	return nil
}
