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
	opener := []string{"xdg-open", url}
	switch {
	case runtime.GOOS == "darwin":
		opener = []string{"open", url}
	case runtime.GOOS == "windows":
		opener = []string{"rundll32", "url.dll,FileProtocolHandler", url}
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		return
	}
	if !cli.IsTerminal(out) {
		return
	}
	path, err := exec.LookPath(opener[0])
	if err != nil {
		return
	}
	cmd := exec.CommandContext(ctx, path, opener[1:]...) //nolint:gosec // an address of our own
	if cmd.Start() != nil {
		return
	}
	go func() { _ = cmd.Wait() }()
}
