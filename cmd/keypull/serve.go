package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/logdedup"
	"keypull/cmd/keypull/machine"
	"keypull/pull/what"
	"keypull/pull/words"
)

func newServeCommand() *cobra.Command {
	var (
		path string
		anew bool
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the service",
		Long: "serve runs the service until it is told to end. Where the store or its keys are damaged,\n" +
			"lost or not each other's it ends with 65. --start-anew goes on with what is left: what opens\n" +
			"is kept, what is missing is made new, what cannot be opened is moved to FILE.before-TIME. A\n" +
			"store without its keys keeps publishers, people and counts, and loses readers, their STOPs and\n" +
			"the secrets of sources and channels; keys without their store begin an empty one.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(serve(cmd, machine.SupervisorOf(), path, anew))
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&anew, "start-anew", false, "go on with what is left of store and keys")
	return cmd
}

func serve(cmd *cobra.Command, by machine.Supervisor, path string, anew bool) error {
	// One that comes while it starts counts once it has.
	told, deaf := hangUps()
	defer deaf()
	what.Ahead() // while a large catalogue is read
	c, err := goodConfig(cmd, path)
	if err != nil {
		return err
	}
	level := new(slog.LevelVar)
	level.Set(c.Log.Slog())
	logger := newLogger(cmd.ErrOrStderr(), level)
	standing := c.Standing(allKinds(), os.Environ())
	c.Forget()
	begun, end := keepMemory(cmd.Context(), divideMemory(c.Server.Memory), logger)
	defer end()
	out := cmd.OutOrStdout()
	_, _ = fmt.Fprintln(out, cli.Say("cli.starting", nil))
	// The standard error is the log.
	s, err := StartServer(cli.WithNotes(cmd.Context(), out), c, ServerOptions{Logger: logger, Level: level, Anew: anew, Waiting: tellWaiting(by), HungUp: told, Reload: func() (*config.Config, config.Findings) {
		return configOf(cmd, path)
	}})
	if errors.Is(err, context.Canceled) && cmd.Context().Err() != nil {
		return nil // it waited, and was told to end
	}
	if err != nil {
		return err
	}
	warnStanding(logger, standing)
	if len(s.room.Publishers()) == 0 {
		f := c.Unpublished()
		logger.Warn("nobody can ask anything yet", "what", f.Message, "file", f.File, "code", f.Code)
	}
	begun()
	logger.Info("serving", "url", s.URL, "publishers", len(s.room.Publishers()), "version", releaseVersion())
	_, _ = fmt.Fprintln(out, cli.Say("cli.serving", words.Args{"address": cli.Link(out, config.BrowserURL(s.URL))}))
	if s.Welcome != "" {
		_, _ = fmt.Fprintf(out, "%s\n\n    %s\n\n", cli.Say("cli.welcome", nil), cli.Link(out, s.Welcome))
	}
	s.runSteadily("read the configuration again", func(ctx context.Context) { s.reloadOn(ctx, told) })
	s.notifySupervisor(by)
	err = s.Wait(cmd.Context())
	logger.Info("ending")
	s.sendState(by, "STOPPING=1")
	return errors.Join(err, s.Close())
}

// configFlag adds -c to a command.
func configFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVarP(path, "config", "c", "config.toml", "configuration `file`")
}

// goodConfig loads a configuration and refuses it with everything that is
// wrong with it.
// The default file may be missing: everything can be set up in the console.
func goodConfig(cmd *cobra.Command, path string) (*config.Config, error) {
	c, found := configOf(cmd, path)
	if found.Errors() > 0 {
		return nil, refuseFile(cmd, path, found)
	}
	return c, nil
}

// servedConfig is goodConfig of what a running server carries out: variables that only the server's environment has may
// be missing here.
func servedConfig(cmd *cobra.Command, path string) (*config.Config, error) {
	c, found := configOf(cmd, path)
	if found.Errors() > 0 && (!found.OnlyAbsent() || !isServed(cmd.Context(), c)) {
		return nil, refuseFile(cmd, path, found)
	}
	return c, nil
}

// configOf loads a configuration, nil where it can't be read at all.
func configOf(cmd *cobra.Command, path string) (*config.Config, config.Findings) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !cmd.Flags().Changed("config") {
		return config.Read(path, nil, os.LookupEnv, allKinds())
	}
	return config.Load(path, os.LookupEnv, allKinds())
}

// refuseFile tells what is wrong with a configuration.
func refuseFile(cmd *cobra.Command, path string, found config.Findings) error {
	_, _ = fmt.Fprint(cmd.ErrOrStderr(), found.Folded().In(cli.Language()))
	return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%s has %d problems", path, found.Errors())}
}

// warnStanding logs what a configuration leaves open.
func warnStanding(logger *slog.Logger, standing config.Findings) {
	for _, f := range standing {
		logger.Warn("the configuration leaves something open", "what", f.Message, "file", f.File, "line", f.Line, "code", f.Code)
	}
}

// newLogger writes JSON lines, of each cause of failures one a minute. Readers'
// words and addresses are never logged.
func newLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(logdedup.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}), time.Now))
}
