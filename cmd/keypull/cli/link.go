package cli

import (
	"io"
	"os"
	"slices"
	"strconv"
)

// Link returns an address as it is printed: one to click on where out is a terminal
// that is known to take that (OSC 8), plain everywhere else.
func Link(out io.Writer, address string) string {
	if !IsTerminal(out) || !clickable(os.Getenv) {
		return address
	}
	return hyperlink(address)
}

func hyperlink(address string) string {
	return "\x1b]8;;" + address + "\x1b\\" + address + "\x1b]8;;\x1b\\"
}

// clickable says whether the terminal that the environment tells of is known to
// take hyperlinks: others would show what they are made of.
func clickable(env func(string) string) bool {
	if env("TERM") == "dumb" {
		return false
	}
	const firstVTE = 5000
	if vte, err := strconv.Atoi(env("VTE_VERSION")); err == nil && vte >= firstVTE {
		return true
	}
	for _, name := range []string{"KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM"} {
		if env(name) != "" {
			return true
		}
	}
	return slices.Contains([]string{"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "mintty"}, env("TERM_PROGRAM")) ||
		slices.Contains([]string{"xterm-kitty", "alacritty", "foot", "xterm-ghostty"}, env("TERM"))
}
