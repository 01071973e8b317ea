package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/console"
)

// reloaded is the output of "service.reload".
type reloaded struct {
	// Findings are why nothing was changed; there are none where it was.
	Findings config.Findings `json:"findings"`
	// Publishers are the ids of those that changed.
	Publishers []string `json:"publishers"`
}

// reloadService is "service.reload".
var reloadService = console.Declare[struct{}, reloaded](console.Declaration{ //nolint:gochecknoglobals // as all operations
	Name: "service.reload", Permission: console.Admin, Audit: true,
	Summary: "Have the running server read its configuration again.",
})

// reloadService carries "service.reload" out.
func (in *installation) reloadService(ctx context.Context, _ struct{}) (reloaded, error) {
	if in.reload == nil {
		return reloaded{}, words.Fail(console.ErrNoServer, "status.none", nil)
	}
	return in.reload(ctx)
}

// reloading is how a server reads its configuration again.
type reloading struct {
	// read reads it; the configuration is nil where it can't be read at all.
	read func() (*config.Config, config.Findings)
	// level is that of the log.
	level *slog.LevelVar
	// started is what counts at a start alone.
	started config.Config

	mu sync.Mutex
}

// newReloading returns how the configuration of a server is read again.
func newReloading(o *ServerOptions, c *config.Config) *reloading {
	r := &reloading{read: o.Reload, level: o.Level, started: *c}
	r.started.Publishers = nil
	if r.level == nil {
		r.level = new(slog.LevelVar)
	}
	return r
}

// takeConfig reads the configuration again: its publishers and its log go over to what it says now.
// Where anything is wrong with it, or counts at a start alone, nothing changes.
func (s *Server) takeConfig(ctx context.Context) (reloaded, error) {
	s.reloading.mu.Lock()
	defer s.reloading.mu.Unlock()
	language := console.CallerLanguage(ctx)
	c, found := s.reloading.read()
	if c == nil || found.Errors() > 0 {
		return s.refuseConfig(found, language), nil
	}
	found, err := c.NeedsRestart(&s.reloading.started)
	if err != nil {
		return reloaded{}, err
	}
	if len(found) > 0 {
		return s.refuseConfig(found, language), nil
	}
	warnStanding(s.logger, c.Standing(allKinds(), os.Environ()))
	c.Forget()
	changed, err := s.room.Provision(ctx, c.Publishers)
	if pull.KindOf(err) == pull.Invalid {
		return s.refuseConfig(config.Findings{config.NewFinding(c.Path, "restart", words.Said(err))}, language), nil
	}
	s.sayConfig(c)
	s.config.Publishers = nil // those that answer are publishing's
	s.reloading.level.Set(c.Log.Slog())
	if err != nil {
		s.logger.Warn("some sources or channels could not be opened; the rest is served", "problems", err)
	}
	s.logger.Info("read the configuration again", "publishers", changed, "level", c.Log.Level)
	return reloaded{Findings: config.Findings{}, Publishers: append([]string{}, changed...)}, nil
}

// refuseConfig tells the log why a configuration is not taken, and returns it for whoever asked.
func (s *Server) refuseConfig(found config.Findings, language string) reloaded {
	refuseFindings(s.logger, found)
	return reloaded{Findings: found.In(language), Publishers: []string{}}
}

func refuseFindings(logger *slog.Logger, found config.Findings) {
	for _, f := range found {
		logger.Error("the configuration was read again and is not taken; the one from before goes on", "what", f.Message, "file", f.File, "line", f.Line, "path", f.Path, "code", f.Code)
	}
}

// reloadOn has the server read its configuration again whenever it is told, until ctx ends.
func (s *Server) reloadOn(ctx context.Context, told <-chan os.Signal) {
	ctx = console.WithCaller(console.WithDoer(ctx, s.console), console.Operator())
	for {
		select {
		case <-told:
			if _, err := reloadService.Call(ctx, struct{}{}); err != nil {
				s.logger.Error("the configuration could not be read again", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// hangUps tells of the signals by which a server reads its configuration again, until stop.
func hangUps() (told chan os.Signal, stop func()) {
	told = make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGHUP)
	return told, func() { signal.Stop(told) }
}

func newReloadCommand() *cobra.Command {
	var (
		path   string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "reload",
		Short: "Have the running server read its configuration again",
		Long: "reload has the running server read its configuration again, as SIGHUP does: publishers and the log\n" +
			"go over to what the file says now, and no ask is lost. Where anything is wrong with the file, or differs\n" +
			"that counts at a start alone, it is told with its lines as by check, nothing is changed, and reload ends\n" +
			"with 1. Variables of the environment are those that the server was started with.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(reload(cmd, path, asJSON)) },
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return cmd
}

// reload asks the server. The file says no more here than where that is: the server has the
// variables of its environment.
func reload(cmd *cobra.Command, path string, asJSON bool) error {
	c, found := configOf(cmd, path)
	if c == nil {
		return refuseFile(cmd, path, found)
	}
	socket, err := socketFile(c.OwnPath())
	if err != nil {
		return err
	}
	client := console.Client{Path: socket, Token: os.Getenv(tokenVariable), Language: cli.Language()}
	told, err := reloadService.Call(console.WithDoer(cmd.Context(), client), struct{}{})
	switch {
	case errors.Is(err, console.ErrNoServer) && found.Errors() > 0:
		err := refuseFile(cmd, path, found)
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), cli.Say("reload.refused", nil))
		return err
	case errors.Is(err, console.ErrNoServer):
		return words.Fail(err, "reload.none", words.Args{"file": filepath.Base(c.OwnPath())})
	case err != nil:
		return err
	case asJSON:
		err = cli.PrintJSON(cmd.OutOrStdout(), told)
	case len(told.Findings) > 0:
		_, err = fmt.Fprint(cmd.ErrOrStderr(), told.Findings, cli.Say("reload.refused", nil), "\n")
	case len(told.Publishers) == 0:
		_, err = fmt.Fprintln(cmd.OutOrStdout(), cli.Say("reload.same", nil))
	default:
		_, err = fmt.Fprintln(cmd.OutOrStdout(), cli.Say("reload.done", words.Args{"publishers": strings.Join(told.Publishers, ", ")}))
	}
	if err == nil && len(told.Findings) > 0 {
		return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%s has %d problems", path, len(told.Findings))}
	}
	return err
}
