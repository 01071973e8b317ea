package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
)

// without is how each command does where there is no store: reading commands say so,
// those of the file answer by it where it has a publisher, and all others have
// nothing to do with one, or begin it.
var without = struct{ reading, file, others []string }{
	reading: []string{
		"demand", "figures", "export --publisher lecker", "user list", "publisher leave lecker --yes", "move publisher lecker --to bolt:other.db", "user reset a@b.example", "user remove a@b.example", "token list", "token revoke x", "backup copy.db",
		"reader show --publisher lecker --channel web --id 1", "reader export --publisher lecker --channel web --id 1", "reader forget --yes --publisher lecker --channel web --id 1",
		"channel dead", "channel resend 1", "item list --publisher lecker", "item restore --publisher lecker x", "source refresh --publisher lecker hours", "import --publisher lecker -", "trace --publisher lecker 1", "audit sends", "proof renew --publisher lecker",
	},
	file: []string{
		"source list", "keyword list", "link --publisher lecker --keyword hours", "ask hours",
	},
	others: []string{
		"serve", "demo", "check", "match", "eval", "config", "user invite", "token create", "source kinds", "source try", "source discover", "channel kinds", "channel shape",
		"channel check", "channel setup", "channel prove", "item withdraw", "item correct", "do", "doctor", "restore", "move", "standby", "standby promote", "status", "reload", "key", "key rotate", "bench", "bench compare", "bench-serve", "version", "help",
	},
}

func TestWhatOnlyReadsMakesNoStore(t *testing.T) {
	covered := map[string]bool{}
	for _, all := range [][]string{without.reading, without.file, without.others} {
		for _, line := range all {
			covered[line] = true
		}
	}
	leaves(newRoot(), "", func(name string) {
		for line := range covered {
			if line == name || strings.HasPrefix(line, name+" ") {
				return
			}
		}
		t.Errorf("nothing is said of what %q does where there is no store", name)
	})
	config := serviceHead + sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`) + keywordBlock("hours", "hours") + chatBlock()
	for _, line := range append(without.reading, "do source.list", "do demand.list") {
		for _, text := range []string{"", config} {
			if code, said := inFolder(t, text, line); code != 1 || !strings.Contains(said, "There is no keypull.db here") {
				t.Errorf("%q ends with %d: %s", line, code, said)
			}
		}
	}
	for _, line := range without.file {
		if code, said := inFolder(t, config, line); code != 0 || said == "" {
			t.Errorf("%q ends with %d: %s", line, code, said)
		}
	}
	for line, want := range map[string]string{"ask tiramisu": "mascarpone", "ask WIPRO": "INR", "check nofile.toml": "nofile.toml: There is no such file", "ask -c nofile.toml hours": "nofile.toml: There is no such file"} {
		if _, said := inFolder(t, "", line); !strings.Contains(said, want) {
			t.Errorf("%q says %s", line, said)
		}
	}
	if _, said := inFolder(t, "", "ask tiramisu"); !strings.Contains(said, "the demo's small world answers") {
		t.Errorf("whose world answers is not said: %s", said)
	}
	for _, line := range []string{"source list --json", "keyword list --json"} {
		if _, said := inFolder(t, config, line); !strings.HasPrefix(said, `{"publisher":"lecker",`) || strings.Count(said, "\n") != 1 {
			t.Errorf("%q prints %s", line, said)
		}
	}
}

func TestACommandThatNeedsAPublisherNamesTheOption(t *testing.T) {
	path := writeConfig(t, textBlock("hours", "Open from 9 to 17."), chatBlock(), "\n[[publisher]]\nid = \"gazette\"\nname = \"Gazette\"\nlanguages = [\"en\"]\n", chatBlock())
	folder := filepath.Dir(path)
	if code, _, said := command(t.Context(), "token", "create", "x", "-c", path); code != cli.Done {
		t.Fatal(said)
	}
	table := filepath.Join(folder, "keywords.csv")
	if err := os.WriteFile(table, []byte("id\nhours\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"export":                              "add --publisher with its id; known are gazette, lecker.",
		"import " + table:                     "add --publisher with its id; known are gazette, lecker.",
		"import --publisher lecker " + folder: folder + " is a folder; name a file",
		"export --publisher lecer":            "did you mean “lecker”?",
		"channel check --channel nope":        "There is no channel “nope”; known are web.",
	} {
		if code, _, said := command(t.Context(), append(strings.Fields(line), "-c", path)...); code != cli.Findings || !strings.Contains(said, want) {
			t.Errorf("%q ends with %d: %s, want %s", line, code, said, want)
		}
	}
}

func TestWhatBeginsAStoreSaysSoAndLeavesNoneWhereItFails(t *testing.T) {
	for _, line := range []string{"do token.create {}", "do token.create {", "token create x --publisher nobody", "user invite nobody --admin", "user invite ann@lecker.example --publisher nobody"} {
		if code, said := inFolder(t, "", line); code != cli.Findings || strings.Contains(said, "no store") {
			t.Errorf("%q ends with %d: %s", line, code, said)
		}
	}
	t.Chdir(t.TempDir())
	const begins = "There was no store here; a new one begins: "
	for i, line := range []string{"user invite ops@lecker.example --admin", "token create watch"} {
		code, out, said := command(t.Context(), strings.Fields(line)...)
		if code != cli.Done || out == "" || strings.Contains(said, begins) != (i == 0) {
			t.Errorf("%q ends with %d: %s", line, code, said)
		}
	}
}

// leaves names the commands that do something.
func leaves(of *cobra.Command, name string, f func(string)) {
	for _, c := range of.Commands() {
		switch full := strings.TrimSpace(name + " " + c.Name()); {
		case c.Hidden || c.Name() == "completion":
		case c.HasSubCommands():
			leaves(c, full, f)
		default:
			f(full)
		}
	}
}

// inFolder runs a command with a configuration in a folder of its own, and fails
// where it leaves anything there.
func inFolder(t *testing.T, config, line string) (code int, said string) {
	t.Helper()
	folder := t.TempDir()
	t.Chdir(folder)
	left := 0
	if config != "" {
		left = 1
		if err := os.WriteFile(filepath.Join(folder, "config.toml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := command(t.Context(), strings.Fields(line)...)
	if there, err := os.ReadDir(folder); err != nil || len(there) != left {
		t.Errorf("%q leaves %v, %v", line, there, err)
	}
	return code, out + errs
}

func TestTheExampleThatIsPrintedPasses(t *testing.T) {
	code, example, errs := command(t.Context(), "config")
	if code != 0 {
		t.Fatal(errs)
	}
	var out bytes.Buffer
	root := newRoot()
	root.SetArgs([]string{"check", "-"})
	root.SetIn(strings.NewReader(example))
	root.SetOut(&out)
	root.SetErr(&out)
	if err := root.ExecuteContext(t.Context()); err != nil || !strings.Contains(out.String(), "[example_source]") || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("%v: %s", err, &out)
	}
}
