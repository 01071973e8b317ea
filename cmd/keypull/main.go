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
	_ "time/tzdata" // where the system has no time zones: Windows, and an image of nothing else

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/bench"
	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/eval"
	"keypull/pull/words"
)

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
	err := root.ExecuteContext(cli.WithNotes(ctx, stderr))
	if err == nil {
		return cli.Done
	}
	var e *cli.Exit
	if !errors.As(err, &e) {
		// cobra's own errors are wrong usage; all others carry a code.
		e = &cli.Exit{Code: cli.Usage, Err: words.Fail(err, "cli.usage", words.Args{"reason": words.Said(err)})}
		err = e
	}
	if !e.Silent {
		cli.Tell(stderr, err)
	}
	return e.Code
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "keypull",
		Short:         "A pull-based keyword content service",
		Long:          "keypull answers a reader's keyword with the current item of a media outlet, right away,\nover any messenger. Nothing is sent unless somebody asks.",
		Version:       releaseVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cli.Failed(printGreeting(cmd.OutOrStdout())) },
	}
	root.SetVersionTemplate(versionLine() + "\n")
	root.AddCommand(
		newServeCommand(), newDemoCommand(), newAskCommand(), newCheckCommand(), eval.NewMatchCommand(), eval.NewCommand(),
		config.NewCommand(allKinds()), newStatusCommand(), newReloadCommand(), newDoctorCommand(), newKeyCommand(), newBackupCommand(), newRestoreCommand(), newMoveCommand(), newStandbyCommand(), newUserCommand(), newTokenCommand(), newDemandCommand(), newFiguresCommand(), newReaderCommand(), newPublisherCommand(), newProofCommand(), newTraceCommand(), newAuditCommand(), newChannelCommand(), newLinkCommand(), newSourceCommand(), newKeywordCommand(), newItemCommand(), newDoCommand(), newExportCommand(), newImportCommand(), bench.NewCommand(new(measured)), bench.NewServeCommand(new(measured)), newVersionCommand(),
	)
	completeIDs(root)
	cli.Prepare(root)
	return root
}

// printGreeting says in a few lines what this is, and what to begin with.
func printGreeting(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%s\n\n", cli.Say("cli.hello", nil))
	for _, first := range [][2]string{{"keypull demo", "cli.hello_demo"}, {"keypull serve", "cli.hello_serve"}, {"keypull ask tiramisu", "cli.hello_ask"}} {
		_, told := fmt.Fprintf(w, "  %-20s %s\n", first[0], cli.Say(first[1], nil))
		err = errors.Join(err, told)
	}
	_, told := fmt.Fprintf(w, "\n%s\n", cli.Say("cli.hello_help", nil))
	return errors.Join(err, told)
}
