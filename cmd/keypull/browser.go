package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"

	"keypull/cmd/keypull/cli"
)

// showInBrowser opens a page in the browser of whoever sits before this
// machine, where somebody does: out is a terminal, and there is a screen. It
// is a courtesy; the address is printed all the same.
func showInBrowser(ctx context.Context, out io.Writer, url string) {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	} else if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return
	}
	if !cli.IsTerminal(out) {
		return
	}
	path, err := exec.LookPath(opener)
	if err != nil {
		return
	}
	cmd := exec.CommandContext(ctx, path, url) //nolint:gosec // an address of our own
	if cmd.Start() != nil {
		return
	}
	go func() { _ = cmd.Wait() }()
}
