package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/machine"
	"keypull/cmd/keypull/metrics"
	"keypull/cmd/keypull/standby"
	"keypull/pull/words"
	"keypull/store"
)

func newStandbyCommand() *cobra.Command {
	var path, of string
	cmd := &cobra.Command{
		Use:   "standby",
		Short: "Keep a copy of another machine's service, ready to take over",
		Long: "standby follows the primary at --of: a copy of its store, then keys, erasures, withdrawals and records\n" +
			"as they come. It opens no channel, polls and sends nothing, and serves /healthz, /readyz (503) and\n" +
			"/metrics alone. Both machines have the same [standby] secret; the key file of the primary, or one made\n" +
			"of its recovery sheet, must lie here. \"standby promote\" has it take over: that is a person's decision, and a\n" +
			"primary that is only cut off goes on answering until it is told of it.",
		Example: "  keypull standby -c config.toml --of https://pull.example.org\n  keypull standby promote -c config.toml",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cli.Failed(follow(cmd, path, of)) },
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&of, "of", "", "`address` of the primary")
	_ = cmd.MarkFlagRequired("of") // it is there: see above
	cmd.AddCommand(newPromoteCommand())
	return cmd
}

// follow follows a primary until the process is told to end, or has to take over.
func follow(cmd *cobra.Command, path, of string) error {
	by := machine.SupervisorOf()
	_, deaf := hangUps() // one that would end the process: nothing is read again here
	defer deaf()
	c, err := goodConfig(cmd, path)
	if err != nil {
		return err
	}
	if c.StorePath() == "" {
		return words.Fail(nil, "database.no_standby", nil)
	}
	if !config.Confidential(of) {
		return cli.Misused("standby.address", words.Args{"flag": "--of"})
	}
	if c.Standby.Secret.Reveal() == "" {
		return words.Fail(nil, "standby.no_secret", nil)
	}
	if state, ok, err := standby.ReadState(c.StorePath()); err != nil {
		return err
	} else if ok && state.Promoted {
		return serve(cmd, by, path, false) // whoever starts it again need not know
	}
	took, err := followUntil(cmd.Context(), by, c, strings.TrimSuffix(of, "/"), newLogger(cmd.ErrOrStderr(), c.Log.Slog()))
	if err != nil || !took {
		return err
	}
	return serve(cmd, by, path, false)
}

// followUntil follows until ctx ends, or the copy has taken over.
func followUntil(ctx context.Context, by machine.Supervisor, c *config.Config, of string, logger *slog.Logger) (took bool, err error) {
	if err := os.MkdirAll(filepath.Dir(c.StorePath()), 0o700); err != nil {
		return false, err //nolint:wrapcheck // it names the folder
	}
	client := newStandbyClient(logger)
	defer client.Close()
	f, err := standby.OpenFollower(standby.FollowerOptions{
		Of: of, Secret: c.Standby.Secret.Reveal(), Version: releaseVersion(), StorePath: c.StorePath(), KeyPath: c.Secrets.KeyFile,
		Client: client, Clock: time.Now, Logger: logger,
	})
	if err != nil {
		return false, err //nolint:wrapcheck // it is a sentence
	}
	ln, err := listen(ctx, c.Server.Listen)
	if err != nil {
		return false, errors.Join(words.Fail(err, "cli.listen", words.Args{"address": c.Server.Listen, "reason": words.Said(err)}), f.Close())
	}
	server := newStandbyServer(f, c.Standby.Secret.Reveal())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	logger.InfoContext(ctx, "following", "of", of, "url", config.PublicURL(ln.Addr().String()), "version", releaseVersion())
	_ = by.Tell("READY=1") // who can't be told takes it for stuck
	following, stop := context.WithCancel(ctx)
	asked := make(chan bool, 1)
	go func() { asked <- awaitPromotion(following, by, c.StorePath(), stop) }()
	err = f.Run(following)
	stop()
	took = <-asked
	err = errors.Join(err, f.Close(), server.Close())
	<-served //nolint:errcheck // it was closed
	if err != nil || !took {
		return false, err
	}
	done, err := standby.Promote(ctx, standby.PromoteOptions{StorePath: c.StorePath(), KeyPath: c.Secrets.KeyFile, Force: true, Clock: time.Now, Logger: logger})
	if err != nil {
		return false, err //nolint:wrapcheck // it is a sentence
	}
	logger.InfoContext(ctx, "this machine has taken over", "epoch", done.Epoch, "former", done.Former)
	return true, os.Remove(standby.PromoteFile(c.StorePath())) //nolint:wrapcheck // it names the file
}

// awaitPromotion returns true once somebody asks for it. Meanwhile the supervisor is told that the process
// is alive.
func awaitPromotion(ctx context.Context, by machine.Supervisor, store string, stop func()) bool {
	const every = 100 * time.Millisecond
	tick := time.NewTicker(every)
	defer tick.Stop()
	told := time.Now()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
		if by.Every() > 0 && time.Since(told) >= by.Every() {
			told = time.Now()
			_ = by.Tell("WATCHDOG=1")
		}
		if _, err := os.Stat(standby.PromoteFile(store)); err == nil {
			stop()
			return true
		}
	}
}

// newStandbyServer serves what a standby serves.
func newStandbyServer(f *standby.Follower, secret string) *http.Server {
	m := metrics.NewStandby(func() metrics.Standby {
		p := f.Progress()
		return metrics.Standby{Version: releaseVersion(), Connected: p.Connected, Whole: p.Whole && !p.Behind, Taken: p.Taken,
			LagRecords: p.Flushed - min(p.Sequence, p.Flushed)}
	})
	server, mux := newUnready(func() map[string]any {
		p := f.Progress()
		return map[string]any{"standby": true, "whole": p.Whole && !p.Behind, "connected": p.Connected, "lag_records": p.Flushed - min(p.Sequence, p.Flushed), "taken": p.Taken}
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(token), []byte(secret)) != 1 {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		text, kind, err := m.Text("", r.Header.Get("Accept"))
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(text) //nolint:gosec // of numbers
	})
	return server
}

func newPromoteCommand() *cobra.Command {
	var (
		path          string
		force, asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "promote",
		Short: "Have this standby take over, for good",
		Long: "promote makes this standby the primary, of a new epoch. A standby that runs goes on as the service at\n" +
			"once; else start keypull serve. The former primary answers nobody any more once it is told, and until\n" +
			"then goes on where it is only cut off: see to it that it is off, or that nobody reaches it.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(promote(cmd, path, force, asJSON)) },
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&force, "force", false, "take over although keys that the primary destroyed may be here still")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return cmd
}

func promote(cmd *cobra.Command, path string, force, asJSON bool) error {
	c, err := goodConfig(cmd, path)
	if err != nil {
		return err
	}
	if c.StorePath() == "" {
		return words.Fail(nil, "database.no_standby", nil)
	}
	done, err := standby.Promote(cmd.Context(), standby.PromoteOptions{StorePath: c.StorePath(), KeyPath: c.Secrets.KeyFile, Force: force,
		Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
	runs := errors.Is(err, store.ErrInUse)
	if runs {
		done, err = promoteRunning(cmd.Context(), c.StorePath())
	}
	if err != nil {
		return err //nolint:wrapcheck // it is a sentence
	}
	if asJSON {
		return cli.PrintJSON(cmd.OutOrStdout(), done)
	}
	said := "standby.took_over"
	if runs {
		said = "standby.takes_over"
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n%s\n", cli.Say(said, words.Args{"epoch": fmt.Sprint(done.Epoch)}), cli.Say("standby.cut_off", nil))
	return err //nolint:wrapcheck // of the terminal
}

// promoteRunning asks the standby that runs to take over, and returns once it has.
func promoteRunning(ctx context.Context, path string) (done standby.Promoted, err error) {
	const (
		every = 50 * time.Millisecond
		most  = time.Minute
	)
	if err := standby.AskToPromote(path); err != nil {
		return done, err //nolint:wrapcheck // it names the file
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := os.Stat(standby.PromoteFile(path)); errors.Is(err, fs.ErrNotExist) {
			state, _, err := standby.ReadState(path)
			return standby.Promoted{Epoch: state.Epoch, Former: state.Of, Taken: state.Taken}, err //nolint:wrapcheck // it names the file
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return done, errors.Join(words.Fail(ctx.Err(), "standby.stuck", nil), os.Remove(standby.PromoteFile(path)))
		}
	}
}
