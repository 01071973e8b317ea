package main

import (
	"os"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

func TestAFileWithSecretsThatOthersReadIsAWarning(t *testing.T) {
	const variable = "EXPOSED_TEST_TOKEN"
	t.Setenv(variable, "123456:a-token-from-the-environment")
	t.Setenv(variable+"_2", "a-secret-from-the-environment")
	set := strings.NewReplacer(`"`+botToken+`"`, `"${`+variable+`}"`, `"`+hookSecret+`"`, `"x-${`+variable+`_2}"`)
	for _, tt := range []struct {
		name, channel string
		mode          os.FileMode
		warns         bool
	}{
		{"the owner alone reads it", telegramBlock("http://127.0.0.1:1"), 0o600, false},
		{"all read it", telegramBlock("http://127.0.0.1:1"), 0o644, true},
		{"the group reads it", telegramBlock("http://127.0.0.1:1"), 0o640, true},
		{"all read it, and find variables", set.Replace(telegramBlock("http://127.0.0.1:1")), 0o644, false},
		{"all read it, and find no secret", chatBlock(), 0o644, false},
		{"an app's secret", "\n[[app]]\nid = \"a\"\nkind = \"meta\"\nsettings = { app_secret = \"" + hookSecret + "\", verify_token = \"v\" }\n", 0o644, true},
		{"a matcher's secret", "\n[publisher.matcher]\nurl = \"http://127.0.0.1:1/\"\nsecret = \"a-secret-of-sixteen-characters\"\n", 0o644, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeConfig(t, tt.channel)
			if err := os.Chmod(path, tt.mode); err != nil {
				t.Fatal(err)
			}
			code, stdout, stderr := command(t.Context(), "check", "--offline", "-c", path)
			if n := strings.Count(stdout, "[exposed]"); code != cli.Done || stderr != "" || n > 1 || (n == 1) != tt.warns {
				t.Errorf("check ended with %d and said %s%s", code, stdout, stderr)
			}
			if tt.warns && (!strings.Contains(stdout, "chmod 600 "+path) || strings.Contains(stdout, hookSecret) || strings.Contains(stdout, botToken)) {
				t.Errorf("check said %s", stdout)
			}
		})
	}
}

func TestServeStartsOnAFileThatOthersReadAndSaysSoOnce(t *testing.T) {
	path, book := writeConfig(t, telegramBlock(newBotAPI(t).URL)), newLogBook(t)
	if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // what is tested
		t.Fatal(err)
	}
	p := startProcess(t, book, path)
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("serve ended with %d", code)
	}
	if log := book.String(); strings.Count(log, `"code":"exposed"`) != 1 || strings.Contains(log, hookSecret) {
		t.Errorf("the log is %s", log)
	}
}

func TestAProxyThatMustBeThereAndIsNotListedIsAWarning(t *testing.T) {
	for name, tt := range map[string]struct{ server, want string }{
		"on this machine": {`listen = "127.0.0.1:8080"` + "\n" + `public_url = "https://pull.example.org"`, `trusted_proxies = ["127.0.0.1/32"]`},
		"on another":      {`listen = ":8080"` + "\n" + `public_url = "https://pull.example.org"`, "List the network of your proxy"},
		"without https":   {`listen = "[::1]:8080"` + "\n" + `public_url = "http://pull.example.org"`, `trusted_proxies = ["::1/128"]`},
		"open to all":     {`listen = ":8080"` + "\n" + `public_url = "http://pull.example.org"`, ""},
		"listed":          {`public_url = "https://pull.example.org"` + "\n" + `trusted_proxies = ["10.0.0.0/8"]`, ""},
		"none needed":     {`public_url = "http://127.0.0.1:8080"`, ""},
		"none told of":    {``, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeConfig(t)
			text, err := os.ReadFile(path) //nolint:gosec // a test's own file
			if err == nil {
				err = os.WriteFile(path, []byte(strings.Replace(string(text), `listen = "127.0.0.1:0"`, tt.server, 1)), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			code, stdout, _ := command(t.Context(), "check", "--offline", "-c", path)
			if n := strings.Count(stdout, "[proxy]"); code != cli.Done || (n == 1) != (tt.want != "") || !strings.Contains(stdout, tt.want) {
				t.Errorf("check ended with %d and said %s", code, stdout)
			}
		})
	}
}
