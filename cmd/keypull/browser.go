package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
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
	if !isTerminal(out) {
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

// isTerminal reports whether somebody reads what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
