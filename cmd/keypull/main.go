// Command keypull is the whole service in one binary: the server, the demo,
// and the tools of an operator. This package wires the rooms of the house
// together and decides nothing that they could decide.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitDone = 0
	// exitFindings: something is wrong with what was handed in.
	exitFindings = 1
	// exitUsage: the command line itself is wrong.
	exitUsage = 2
	// exitDamaged: the store or its keys are damaged, lost, or not each other's.
	exitDamaged = 65
	// exitUnreachable: a server or an upstream does not answer.
	exitUnreachable = 69
	// exitInUse: another process holds the store.
	exitInUse = 75
)

// exit is an error that ends the process with a code of its own. A silent one
// has said everything already.
type exit struct {
	code   int
	err    error
	silent bool
}

func (e *exit) Error() string { return e.err.Error() }
func (e *exit) Unwrap() error { return e.err }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the process at once.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run carries out a command line and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var e *exit
	if !errors.As(err, &e) {
		// cobra's own errors are wrong usage; all others carry a code.
		e = &exit{code: exitUsage, err: err}
	}
	if !e.silent {
		_, _ = fmt.Fprintln(stderr, "keypull:", err)
	}
	return e.code
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "keypull",
		Short:         "A pull-based keyword content service",
		Long:          "keypull answers a reader's keyword with the current item of a media outlet, right away,\nover any messenger. Nothing is sent unless somebody asks.",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(
		newServeCommand(), newDemoCommand(), newAskCommand(), newCheckCommand(), newMatchCommand(), newEvalCommand(),
		newConfigCommand(), newBackupCommand(), newUserCommand(), newTokenCommand(), newDemandCommand(), newReaderCommand(), newChannelCommand(), newBenchCommand(), newBenchLoadCommand(), newVersionCommand(),
	)
	return root
}

// failed gives an error of a command's own work its exit code.
func failed(err error) error {
	if err == nil {
		return nil
	}
	var e *exit
	if errors.As(err, &e) {
		return err
	}
	return &exit{code: exitCode(err), err: err}
}
