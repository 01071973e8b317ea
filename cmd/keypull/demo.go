package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/demo"
	"keypull/pull/pipeline"
)

func newDemoCommand() *cobra.Command {
	var (
		listen string
		keep   string
		logs   bool
	)
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run a demo publisher with its own small world: no account, no network",
		Long: "demo starts a publisher in a temporary folder, with an exchange, a newsroom and a recipe\n" +
			"site of its own on this machine, and a page to try them from, with the\n" +
			"editor's console signed in beside the phone.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(runDemo(cmd, listen, keep, logs))
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "`address` to listen on; another port is taken where this one is busy")
	cmd.Flags().StringVar(&keep, "dir", "", "`folder` to keep the demo's files in; a temporary one where not given")
	cmd.Flags().BoolVar(&logs, "log", false, "write the service's log to standard error")
	return cmd
}

func runDemo(cmd *cobra.Command, listen, keep string, logs bool) (err error) {
	dir, tidy, err := demoFolder(keep)
	if err != nil {
		return err
	}
	defer tidy()
	_, _ = fmt.Fprintln(cmd.OutOrStdout(), cli.Say("cli.starting", nil))
	logger := slog.New(slog.DiscardHandler)
	if logs {
		logger = newLogger(cmd.ErrOrStderr(), slog.LevelInfo)
	}
	begun, end := keepMemory(cmd.Context(), divideMemory(nil), logger)
	defer end()
	// What overrides the file is written into it, with the address that readers reach.
	if set := os.Getenv("KEYPULL_SERVER_LISTEN"); set != "" {
		listen = set
	} else {
		listen = freeAddress(cmd.Context(), listen)
	}
	d, err := startDemo(cmd.Context(), dir, listen, logger)
	if err != nil {
		return err
	}
	begun()
	page := config.BrowserURL(d.server.URL) + "/demo/"
	_, _ = fmt.Fprintf(cmd.OutOrStdout(), "The demo is running. Open\n\n    %s\n\nand ask: WIPRO, tiramisu, gâteau au chocolat, news. Beside the phone, the editor's\nconsole is signed in: add a keyword there, then ask it. Ctrl-C ends it.\nIts configuration: %s\n",
		cli.Link(cmd.OutOrStdout(), page), d.config)
	showInBrowser(cmd.Context(), cmd.OutOrStdout(), page)
	err = d.server.Wait(cmd.Context())
	return errors.Join(err, d.Close())
}

// demoFolder returns the folder of the demo's files and what removes it.
func demoFolder(keep string) (dir string, tidy func(), err error) {
	if keep != "" {
		return keep, func() {}, os.MkdirAll(keep, 0o700)
	}
	dir, err = os.MkdirTemp("", "keypull-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}

// freeAddress returns the address, or one with a free port where it is busy.
func freeAddress(ctx context.Context, address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	for _, try := range []string{address, net.JoinHostPort(host, "0")} {
		ln, err := new(net.ListenConfig).Listen(ctx, "tcp", try)
		if err != nil {
			continue
		}
		free := ln.Addr().String()
		_ = ln.Close()
		return free
	}
	return address
}

// runningDemo is the demo: its world, and the service that pulls from it.
type runningDemo struct {
	world  *demo.World
	server *Server
	config string
}

// startDemo starts world and service. In a folder that was used before, what
// was set up in the console is as it was left.
func startDemo(ctx context.Context, dir, listen string, logger *slog.Logger) (d *runningDemo, err error) {
	world, err := startWorld(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, world.Close())
		}
	}()
	d = &runningDemo{world: world, config: filepath.Join(dir, "demo.toml")}
	if err := os.WriteFile(d.config, []byte(demo.ServerConfig(dir, listen)), 0o600); err != nil { //nolint:gosec // the folder is the user's own
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	c, found := config.Load(d.config, os.LookupEnv, allKinds())
	if found.Errors() > 0 {
		return nil, fmt.Errorf("the demo's configuration: %s", found)
	}
	if err := setUpDemo(ctx, c, world.URL(), logger); err != nil {
		return nil, fmt.Errorf("set the demo's publisher up: %w", err)
	}
	view, door := newDemoView(world.URL()), &demoDoor{}
	pages := http.NewServeMux()
	pages.Handle("/demo/", demo.NewDemo(demo.Parts{World: world, Traces: view, Previews: previews{}, Crowd: view, Anew: view}))
	pages.Handle("GET /demo/console", door)
	d.server, err = StartServer(ctx, c, ServerOptions{
		Logger: logger, Watch: view.watchAsk, Courier: view.interceptCourier,
		Home:   "/demo/",
		Mounts: map[string]http.Handler{"/demo": slashed("/demo", pages)},
		Framed: true,
	})
	if err != nil {
		return nil, err
	}
	view.setServer(d.server)
	door.setServer(d.server)
	return d, nil
}

// startWorld starts the world where it was the last time that this folder was
// used, since the addresses of its sources are kept in the store.
func startWorld(ctx context.Context, dir string) (*demo.World, error) {
	file := filepath.Join(dir, "demo.world")
	kept, err := os.ReadFile(file) //nolint:gosec // the folder is the user's own
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read where the demo's world was: %w", err)
	}
	address := strings.TrimSpace(string(kept))
	world, err := demo.Start(context.WithoutCancel(ctx), demo.Options{Seed: uint64(time.Now().UnixNano()), Addr: address})
	if err != nil {
		if address != "" {
			err = fmt.Errorf("%w; end what listens there, such as another demo in this folder, or name another --dir", err)
		}
		return nil, err
	}
	if err := os.WriteFile(file, []byte(strings.TrimPrefix(world.URL(), "http://")+"\n"), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("write where the demo's world is: %w", err), world.Close())
	}
	return world, nil
}

// Close ends the service first, its world last.
func (d *runningDemo) Close() error {
	return errors.Join(d.server.Close(), d.world.Close())
}

// slashed sends the bare prefix to the page below it.
func slashed(prefix string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.TrimSuffix(r.URL.Path, "/") == prefix && !strings.HasSuffix(r.URL.Path, "/") {
			http.Redirect(w, r, prefix+"/", http.StatusSeeOther)
			return
		}
		h.ServeHTTP(w, r)
	})
}

var _ pipeline.Watcher = (*demoView)(nil).watchAsk
