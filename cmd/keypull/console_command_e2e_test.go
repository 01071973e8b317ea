package main

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// commandLine is a command and what comes of it.
type commandLine struct {
	name   string
	args   string
	code   int
	stdout string
	stderr string
}

// runs carries command lines out on the service's configuration.
func (s *service) runs(t *testing.T, lines []commandLine) {
	t.Helper()
	for _, l := range lines {
		code, stdout, stderr := s.run(l.args)
		if code != l.code || !regexp.MustCompile(l.stdout).MatchString(stdout) || !strings.Contains(stderr, l.stderr) {
			t.Errorf("%s: keypull %s ended with %d, printed %q and said %q", l.name, l.args, code, stdout, stderr)
		}
		if l.code != cli.Done && (stdout != "" || stderr == "") {
			t.Errorf("%s: keypull %s failed, printed %q and said %q", l.name, l.args, stdout, stderr)
		}
	}
}

// run carries a command line out; an underscore is a space within a word.
func (s *service) run(args string) (code int, stdout, stderr string) {
	words := strings.Fields(args)
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "_", " ")
	}
	return command(s.t.Context(), append(words, "-c", s.path)...)
}

const (
	linkPattern  = `^https://pull\.example\.org/console/welcome/\S{20,}\nThe link works once, until .+ Hand it to %s yourself; no mail is sent\.\n$`
	tokenPattern = `^kp_[a-z2-7]{8}_\S{20,}\n$`
)

func peopleCommands() []commandLine {
	link := func(email string) string { return strings.Replace(linkPattern, "%s", regexp.QuoteMeta(email), 1) }
	return []commandLine{
		{"an invite", "user invite ann@lecker.example --publisher lecker --role owner --name Ann", 0, link("ann@lecker.example"), ""},
		{"an admin's invite", "user invite ops@lecker.example --admin --json", 0, `^\{[^}]*"link": "https://pull\.example\.org/console/welcome/[^"]+",\s+"expires": "20[^"]+"\s*\}\n$`, ""},
		{"nowhere", "user invite ann@lecker.example", cli.Usage, "", "--publisher ID, or --admin"},
		{"no such role", "user invite ann@lecker.example --publisher lecker --role king", cli.Usage, "", "viewer, editor"},
		{"no such publisher", "user invite ann@lecker.example --publisher nobody", cli.Findings, "", "no publisher “nobody”"},
		{"no address", "user invite ann --admin", cli.Findings, "", "email"},
		{"nobody to invite", "user invite --admin", cli.Usage, "", "Something is missing"},
		{"a reset of nobody", "user reset nobody@lecker.example", cli.Findings, "", "keypull user list"},
		{"removing nobody", "user remove nobody@lecker.example", cli.Findings, "", "keypull user list"},
		{"a flag that is not there", "user list --role x", cli.Usage, "", "has no option --role"},
	}
}

func tokenCommands() []commandLine {
	return []commandLine{
		{"a token of the installation", "token create the_newsroom's_script", 0, tokenPattern, ""},
		{"a token of a publisher", "token create reads --publisher lecker --role viewer --expires 90d", 0, tokenPattern, ""},
		{"a token as JSON", "token create as-json --publisher lecker --json", 0, `(?s)"name": "as-json".*"role": "editor".*"secret": "kp_`, ""},
		{"no such role", "token create bad --publisher lecker --role king", cli.Usage, "", "viewer, editor"},
		{"a role above a publisher", "token create bad --publisher lecker --role admin", cli.Usage, "", "admin"},
		{"no such publisher", "token create bad --publisher nobody", cli.Findings, "", "no publisher “nobody”"},
		{"no duration", "token create bad --expires soon", cli.Usage, "", "90d"},
		{"a duration that is over", "token create bad --expires -1h", cli.Usage, "", "90d"},
		{"no name", "token create", cli.Usage, "", "Something is missing"},
		{"revoking nothing", "token revoke abcdefgh", cli.Findings, "", "no such token"},
		{"revoking what is no id", "token revoke ../../etc", cli.Findings, "", "no such token"},
		{"a list", "token list", 0, `(?m)^[a-z2-7]{8}  viewer  lecker  20\d\d-\d\d-\d\d  reads$`, ""},
		{"a list of one publisher", "token list --publisher lecker --json", 0, `(?s)"publisher": "lecker"`, ""},
		{"a list of no publisher", "token list --publisher nobody", cli.Findings, "", "no publisher “nobody”"},
	}
}

func TestPeopleAndTokensAreKeptFromTheCommandLine(t *testing.T) {
	for _, running := range []bool{true, false} {
		t.Run(map[bool]string{true: "beside a server", false: "without a server"}[running], func(t *testing.T) {
			t.Setenv("KEYPULL_SERVER_PUBLIC_URL", "https://pull.example.org")
			s := serveConsole(t)
			s.t = t
			s.admin().outlet("lecker")
			if !running {
				s.stop()
			}
			s.runs(t, peopleCommands())
			s.runs(t, tokenCommands())
			s.lifeOfAPerson(t, running)
			s.lifeOfAToken(t, running)
		})
	}
}

// printed returns what a command prints where all is well.
func (s *service) printed(t *testing.T, args string) string {
	t.Helper()
	code, stdout, stderr := s.run(args)
	if code != cli.Done || stderr != "" {
		t.Fatalf("keypull %s ended with %d and said %q", args, code, stderr)
	}
	return stdout
}

// serving has the server run for a moment.
func (s *service) serving(running bool, f func()) {
	if !running {
		s.start()
		defer s.stop()
	}
	f()
}

func (s *service) lifeOfAPerson(t *testing.T, running bool) {
	t.Helper()
	for _, email := range []string{"eve@lecker.example", "adam@lecker.example"} {
		first, _, _ := strings.Cut(s.printed(t, "user invite "+email+" --admin"), "\n")
		again, _, _ := strings.Cut(s.printed(t, "user invite "+email+" --admin"), "\n")
		s.log.keepOut(first, again)
		s.serving(running, func() {
			if got, _ := s.gate.Invited(t.Context(), first[strings.LastIndexByte(first, '/')+1:]); got.Email != "" {
				t.Error("the older of two links works on")
			}
			s.settledPerson(again, "Somebody", email)
		})
	}
	if list := s.printed(t, "user list"); !regexp.MustCompile(`(?m)^eve@lecker\.example +Somebody +admin$`).MatchString(list) {
		t.Errorf("the list is %q", list)
	}
	if code, _, stderr := s.run("user invite eve@lecker.example --admin"); code != cli.Findings || !strings.Contains(stderr, "here already") {
		t.Errorf("inviting somebody who is there ended with %d, %q", code, stderr)
	}
	if link := s.printed(t, "user reset EVE@lecker.example"); !strings.Contains(link, "/console/welcome/") {
		t.Errorf("the reset printed %q", link)
	}
	s.printed(t, "user remove adam@lecker.example")
	if code, _, stderr := s.run("user remove eve@lecker.example"); code != cli.Findings || !strings.Contains(stderr, "last admin") {
		t.Errorf("removing the last admin ended with %d, %q", code, stderr)
	}
	var list struct{ People []object }
	if err := json.Unmarshal([]byte(s.printed(t, "user list --json")), &list); err != nil || len(list.People) != 1 || textOf(list.People[0], "email") != "eve@lecker.example" {
		t.Errorf("the list is %v, %v", list, err)
	}
}

func (s *service) lifeOfAToken(t *testing.T, running bool) {
	t.Helper()
	var made struct {
		Token  struct{ ID string }
		Secret string
	}
	if err := json.Unmarshal([]byte(s.printed(t, "token create short-lived --json")), &made); err != nil {
		t.Fatal(err)
	}
	s.log.keepOut(made.Secret)
	c := caller{t: t, url: func() string { return s.URL }, token: made.Secret}
	s.serving(running, func() { c.get("/publishers/lecker") })
	s.printed(t, "token revoke "+made.Token.ID)
	s.serving(running, func() { c.want(http.StatusUnauthorized, http.MethodGet, "/publishers/lecker", nil) })
	if strings.Contains(s.printed(t, "token list"), made.Token.ID) || strings.Contains(s.printed(t, "token list --json"), "kp_") {
		t.Error("the list shows what was revoked, or a secret")
	}
}

func TestAStoreInUseIsNotOpenedByACommand(t *testing.T) {
	s := serveConsole(t)
	if err := os.Remove(socketPath(s.config.StorePath())); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"token list", "user list", "token create x", "user invite a@b.example --admin"} {
		if code, stdout, stderr := s.run(args); code != cli.InUse || stdout != "" || !strings.Contains(stderr, "in use") {
			t.Errorf("keypull %s ended with %d, printed %q and said %q", args, code, stdout, stderr)
		}
	}
	// The server removes its socket when it ends.
	if err := os.WriteFile(socketPath(s.config.StorePath()), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}
