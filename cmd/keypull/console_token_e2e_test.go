package main

import (
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

func TestCommandsActInTheNameOfTheTokenThatIsSet(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.outlet("kiosk")
	viewer := strings.TrimSpace(s.printed(t, "token create reads --publisher kiosk --role viewer"))
	for _, running := range []bool{true, false} {
		if !running {
			s.stop()
		}
		for _, tt := range []struct {
			name, token, args string
			code              int
			said              string
		}{
			{"nobody's token", "kp_aaaaaaaa_" + strings.Repeat("x", 43), "token list", cli.Findings, "token"},
			{"a viewer lists no people of the installation", viewer, "user list", cli.Findings, "admin"},
			{"a viewer makes no token", viewer, "token create more --publisher kiosk", cli.Findings, "owner"},
			{"a viewer of one publisher sees no other", viewer, "token list --publisher lecker", cli.Findings, "no publisher"},
			{"a viewer asks as a reader would", viewer, "ask --publisher kiosk news", cli.Done, ""},
			{"the operator", "", "token list --publisher kiosk", cli.Done, ""},
		} {
			t.Setenv(tokenVariable, tt.token)
			code, stdout, stderr := s.run(tt.args)
			if code != tt.code || !strings.Contains(stderr, tt.said) || code != cli.Done && stdout != "" {
				t.Errorf("%s, server running %v: ended with %d, printed %q and said %q", tt.name, running, code, stdout, stderr)
			}
		}
		t.Setenv(tokenVariable, "")
	}
}
