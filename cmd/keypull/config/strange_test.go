package config

import (
	"slices"
	"strings"
	"testing"
)

func TestThePassphraseThatRestoreTakesIsNoneOfBackupsToARecipient(t *testing.T) {
	const variable, recipient = "KEYPULL_BACKUP_PASSPHRASE", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	env := map[string]string{variable: "a passphrase of the environment"}
	for name, tt := range map[string]struct{ backup, want string }{
		"beside a recipient":  {"recipient = \"" + recipient + "\"", ""},
		"in place of another": {"passphrase = \"a passphrase of the file\"", env[variable]},
		"alone":               {"", env[variable]},
	} {
		c, found := load(t, "[backup]\nto = \"archives\"\nnewest = \"newest\"\n"+tt.backup+"\n"+head, env)
		if got := c.Backup.Passphrase.Reveal(); len(found) > 0 || got != tt.want {
			t.Errorf("%s it is %q, %v", name, got, found)
		}
		if tt.want == env[variable] && !c.origins.resolved[tt.want] {
			t.Errorf("%s a variable is told to stand in the file", name)
		}
	}
}

func TestWhatAVariableSaysIsToldOfTheVariable(t *testing.T) {
	const variable = "KEYPULL_FETCH_ALLOW_PRIVATE"
	for name, file := range map[string]string{"beside a list": "[fetch]\nallow_private = [\"127.0.0.1/32\"]\n", "beside its table": "[fetch]\nper_host = 2\n", "beside nothing": ""} {
		_, found := load(t, file+head, map[string]string{variable: "foo"})
		if len(found) != 1 || found[0].File != variable || found[0].Line != 0 || found[0].Path != "fetch.allow_private[0]" {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestAVariableThatNobodyReadsIsWarnedOf(t *testing.T) {
	env := map[string]string{"KEYPULL_FEED": "https://example.org/"}
	c, found := load(t, head+strings.Replace(source, "https://example.org/", "${KEYPULL_FEED}", 1), env)
	if len(found) > 0 {
		t.Fatal(found)
	}
	for _, tt := range []struct{ variable, want string }{
		{"KEYPULL_SERVER_LISTEN", ""}, {"KEYPULL_TOKEN", ""}, {"KEYPULL_BACKUP_IDENTITY", ""}, {"KEYPULL_RECOVERY_SHEET", ""}, {"KEYPULL_BACKUP_PASSPHRASE", ""},
		{"KEYPULL_FEED", ""}, {"PATH", ""}, {"KEYPUL_SERVER_LISTEN", ""},
		{"KEYPULL_SERVER_LISTN", "did you mean KEYPULL_SERVER_LISTEN?"}, {"KEYPULL_TOKENS", "did you mean KEYPULL_TOKEN?"},
		{"KEYPULL_EVERYTHING_ELSE_THERE_IS", "take it away"},
	} {
		all := c.Standing(Kinds{}, []string{tt.variable + "=x"})
		at := slices.IndexFunc(all, func(f Finding) bool { return f.Code == "unknown_variable" })
		switch {
		case at < 0 && tt.want != "":
			t.Errorf("%s: nothing is found", tt.variable)
		case at >= 0 && (tt.want == "" || !strings.Contains(all[at].Message, tt.want) || all.Errors() > 0):
			t.Errorf("%s: %s", tt.variable, all[at])
		}
	}
}
