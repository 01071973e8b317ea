package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/web/console"
)

// twoAnswers returns a configuration whose answer depends on the moment of the ask.
func twoAnswers(t *testing.T) string {
	t.Helper()
	return writeConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }, `+
		`{ text = "Closed for Christmas.", from = "2030-12-24T00:00:00+01:00", until = "2030-12-27T00:00:00+01:00" }]`),
		keywordBlock("hours", "hours"), telegramBlock("https://api.telegram.org"), chatBlock())
}

// checkAsk asks in every way that shows something else.
func checkAsk(t *testing.T, path string) {
	ask := func(args ...string) string {
		t.Helper()
		code, stdout, stderr := command(t.Context(), append([]string{"ask", "-c", path}, args...)...)
		if code != cli.Done || stderr != "" {
			t.Fatalf("ask %v ended with %d and said %q", args, code, stderr)
		}
		return stdout
	}
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"in plain words", []string{"hours"}, []string{"Open from 9 to 17.", "You are asking Lecker."}},
		{"several words are one message", []string{"opening", "of", "tills"}, []string{"I don't know “opening of tills”"}},
		{"at another time", []string{"--at", "2030-12-25T12:00:00Z", "hours"}, []string{"Closed for Christmas."}},
		{"in another language", []string{"--language", "fr", "xyzzy"}, []string{"Je ne connais pas « xyzzy »"}},
		{"with what it weighed", []string{"--explain", "could you send me the hours please"}, []string{"sure", "asked for", "nothing said behind it"}},
		{"with its reasons", []string{"--explain", "hours"}, []string{`keyword hours, argument "", by the rule "exact"`, "answered in en", "source hours", "took"}},
		{"a menu shows its buttons", []string{"menu"}, []string{"Lecker answers to:", "[hours]"}},
	} {
		got := ask(tt.args...)
		for _, w := range tt.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: got %q, want %q in it", tt.name, got, w)
			}
		}
	}
	var a console.AskAnswer
	if err := json.Unmarshal([]byte(ask("--json", "--channel", "tg", "--reader", "4711", "hours")), &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Messages) != 1 || a.Reply == nil || a.Trace.What.Keyword != "hours" {
		t.Fatalf("got %+v", a)
	}
	var wire struct {
		Chat int64  `json:"chat_id"`
		Text string `json:"text"`
		Mode string `json:"parse_mode"`
	}
	if err := json.Unmarshal(a.Messages[0].Wire, &wire); err != nil || wire.Chat != 4711 || wire.Mode != "HTML" || wire.Text != a.Messages[0].Text {
		t.Errorf("the body that would be sent is %s", a.Messages[0].Wire)
	}
}

// checkKeep asks dry and keeping.
func checkKeep(t *testing.T, path, reader string) {
	ask := func(more ...string) bool {
		code, stdout, stderr := command(t.Context(), append([]string{"ask", "-c", path, "--channel", "web", "--reader", reader, "hours"}, more...)...)
		if code != cli.Done {
			t.Fatalf("ask ended with %d and said %q", code, stderr)
		}
		return strings.Contains(stdout, "You are asking Lecker.")
	}
	if first, second := ask(), ask(); !first || !second {
		t.Error("a dry ask left something behind")
	}
	if !ask("--keep") || ask() {
		t.Error("--keep kept nothing")
	}
}

func TestAskAnswersAsAReaderWouldBeAnswered(t *testing.T) {
	path := twoAnswers(t)
	check := func(t *testing.T) { checkAsk(t, path) }
	t.Run("without a server", check)
	t.Run("without a server, keeping", func(t *testing.T) { checkKeep(t, path, "ann-at-home") })
	p := startProcess(t, newLogBook(t), path)
	t.Run("over the socket of a server", check)
	t.Run("over the socket of a server, keeping", func(t *testing.T) { checkKeep(t, path, "ann-at-work") })
	if info, err := os.Stat(socketPath(filepath.Join(filepath.Dir(path), "keypull.db"))); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket is not private: %v, %v", info, err)
	}
	// A server that was killed leaves its socket; nobody is there any more.
	p.kill()
	t.Run("after a server was killed", check)
}

func TestABackupUnderLoadServes(t *testing.T) {
	api, book := newBotAPI(t), newLogBook(t)
	config, _ := changingNews(t, api)
	w := &crowdOfWriters{t: t}
	p := startProcess(t, book, config)
	w.url.Store(&p.url)
	first, update := newChat(), newUpdate()
	if status := deliver(t, p.url, messageUpdate(update, first, "news")); status != http.StatusOK {
		t.Fatalf("the webhook answered %d", status)
	}
	eventually(t, "an answer", func() bool { return len(api.sent(first)) == 1 })
	w.start(4)
	eventually(t, "the load is on", func() bool { return w.acks.Load() >= 50 })
	copied := filepath.Join(filepath.Dir(config), "copy.db")
	code, stdout, stderr := command(t.Context(), "backup", "-c", config, copied)
	if code != cli.Done || !strings.Contains(stdout, "copy.db: ") {
		t.Fatalf("backup ended with %d and said %q", code, stdout+stderr)
	}
	if code, _, stderr := command(t.Context(), "backup", "-c", config, copied); code != cli.Findings || !strings.Contains(stderr, "copy.db") {
		t.Errorf("a second backup to the same file ended with %d and said %q", code, stderr)
	}
	if code, _, stderr := command(t.Context(), "backup", "-c", config, "--overwrite", copied); code != cli.Done {
		t.Errorf("an overwriting backup ended with %d and said %q", code, stderr)
	}
	until := w.acks.Load() + 20
	eventually(t, "the load goes on", func() bool { return w.acks.Load() >= until })
	sameAnswers(t, api, w.rest())
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the server ended with %d", code)
	}

	t.Setenv("KEYPULL_STORE_URL", "bolt:"+copied)
	p = startProcess(t, book, config)
	if status := deliver(t, p.url, messageUpdate(update, first, "news")); status != http.StatusOK {
		t.Fatalf("the webhook answered %d", status)
	}
	if status := deliver(t, p.url, messageUpdate(newUpdate(), first, "news")); status != http.StatusOK {
		t.Fatalf("the webhook answered %d", status)
	}
	eventually(t, "the copy answers", func() bool { return len(api.sent(first)) == 2 })
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the copy's server ended with %d", code)
	}
	// The copy knows the message that was answered, and the reader.
	if got := api.sent(first); len(got) != 2 || strings.Contains(got[1], "You are asking Lecker") {
		t.Errorf("the copy answered %q", got)
	}
	if code, _, stderr := command(t.Context(), "backup", "-c", config, filepath.Join(t.TempDir(), "offline.db")); code != cli.Done {
		t.Errorf("a backup without a server ended with %d and said %q", code, stderr)
	}
}

func TestTheSmallCommandsRun(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	code, example, stderr := command(t.Context(), "config")
	if code != cli.Done || stderr != "" {
		t.Fatalf("config ended with %d and said %q", code, stderr)
	}
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"version", []string{"version"}, "keypull " + release},
		{"help", []string{"--help"}, "Nothing is sent unless somebody asks"},
		{"check of a good file", []string{"check", "--offline", "-c", twoAnswers(t)}, "No findings.\n"},
		{"check --json of a good file", []string{"check", "--offline", "--json", "-c", twoAnswers(t)}, ""},
		{"match", []string{
			"match", "--catalogue", write("catalogue.jsonl", `{"id":"weather","keywords":["Weather"],"lang":"en"}`+"\n"),
			"--queries", write("queries.jsonl", `{"q":"WEATHER!"}`+"\n"),
		}, `"weather"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := command(t.Context(), tt.args...)
			if code != cli.Done || !strings.Contains(stdout, tt.want) {
				t.Errorf("ended with %d and said %q, want %q", code, stdout+stderr, tt.want)
			}
		})
	}
	if !strings.Contains(example, "[[publisher]]") || !strings.Contains(example, "kind = \"telegram\"") {
		t.Errorf("the example lacks its parts: %s", example)
	}
}

func TestCommandsNeedNoVariableThatOnlyTheServerHas(t *testing.T) {
	block := strings.Replace(telegramBlock(newBotAPI(t).URL), strconv.Quote(botToken), `"${ONLY_OF_THE_SERVER}"`, 1)
	path := writeConfig(t, textBlock("hours", "Open from 9 to 17."), block, "\n[backup]\nto = \"archives\"\nnewest = \"newest\"\npassphrase = \"${ONLY_OF_BACKUPS}\"\n")
	folder := filepath.Dir(path)
	for _, name := range []string{"archives", "newest"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	commands := []struct {
		args []string
		says string
	}{
		{[]string{"status"}, "answers at"}, {[]string{"doctor"}, "Nothing is wrong."}, {[]string{"ask", "hours"}, "Open from 9"}, {[]string{"user", "list"}, ""}, {[]string{"token", "list"}, ""}, {[]string{"channel", "dead"}, ""},
		{[]string{"do", "keyword.list", `{"publisher": "lecker"}`}, `"hours"`}, {[]string{"backup"}, ".archive: "}, {[]string{"backup", "--keys", filepath.Join(folder, "copy")}, "copy.slots"},
	}
	t.Setenv("ONLY_OF_THE_SERVER", botToken)
	t.Setenv("ONLY_OF_BACKUPS", "a long passphrase of the service")
	p := startProcess(t, newLogBook(t), path)
	_ = os.Unsetenv("ONLY_OF_THE_SERVER") // t.Setenv puts both back
	_ = os.Unsetenv("ONLY_OF_BACKUPS")
	tell := func(when string, code int, says func(string) string) {
		t.Helper()
		for _, c := range commands {
			got, stdout, stderr := command(t.Context(), slices.Concat(c.args, []string{"-c", path})...)
			if got != code || !strings.Contains(stdout+stderr, says(c.says)) {
				t.Errorf("%s %q ends with %d and says %q, %q", when, c.args, got, stdout, stderr)
			}
		}
	}
	tell("beside the server", cli.Done, func(says string) string { return says })
	code, stdout, stderr := command(t.Context(), "check", "-c", path)
	if code != cli.Findings || !strings.Contains(stdout, "ONLY_OF_THE_SERVER") {
		t.Errorf("check ends with %d and says %q, %q", code, stdout, stderr)
	}
	p.kill()
	tell("without a server", cli.Findings, func(string) string { return "ONLY_OF_THE_SERVER" })
}

func TestALongWayToTheStoreStillHasASocket(t *testing.T) {
	deep := filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Setenv("KEYPULL_STORE_URL", "bolt:"+filepath.Join(deep, "keypull.db"))
	s := serveConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"))
	began := time.Now()
	code, stdout, stderr := command(t.Context(), "ask", "-c", s.path, "hours")
	if code != cli.Done || !strings.Contains(stdout, "Open from 9") {
		t.Errorf("ask ended with %d and said %q after %s", code, stdout+stderr, strconv.Itoa(int(time.Since(began))))
	}
}

func TestAnAccountThatDoesNotAnswerIsAWarning(t *testing.T) {
	path := writeConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`),
		keywordBlock("hours", "hours"), telegramBlock("http://127.0.0.1:9"), chatBlock())
	code, stdout, _ := command(t.Context(), "check", "-c", path)
	line := lineWith(stdout, "channel tg:")
	if code != cli.Done || !strings.Contains(line, "warning") || !strings.Contains(line, "[dead_channel]") || strings.Contains(line, botToken) {
		t.Errorf("check ended with %d and said %q", code, stdout)
	}
}

// TestCheckRefusesWhatAStartWouldBeRefusedWith of the address and of where a store is begun, and leaves nothing behind.
func TestCheckRefusesWhatAStartWouldBeRefusedWith(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	at := func(names ...string) string { return filepath.Join(append([]string{folder}, names...)...) }
	path := writeConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"))
	for _, tt := range []struct{ name, variable, value, want string }{
		{"another machine's address", "KEYPULL_SERVER_LISTEN", "192.0.2.1:0", "192.0.2.1:0 is no address of this machine"},
		{"a store below a file", "KEYPULL_STORE_URL", "bolt:" + at("file", "keypull.db"), "is no folder"},
		{"keys in no folder", "KEYPULL_SECRETS_KEY_FILE", at("nowhere", "keypull.key"), " is not there; check the name, and that the folder is there"},
		{"a store in folders to be made", "KEYPULL_STORE_URL", "bolt:" + at("new", "er", "keypull.db"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv(tt.variable, tt.value)
			want := cli.Done
			if tt.want != "" {
				want = cli.Findings
				if _, _, refused := command(t.Context(), "serve", "-c", path); !strings.Contains(refused, tt.want) {
					t.Errorf("serve said %q", refused)
				}
			}
			if code, stdout, stderr := command(t.Context(), "check", "-c", path); code != want || !strings.Contains(stdout, tt.want) {
				t.Errorf("check ended with %d and said %q", code, stdout+stderr)
			}
		})
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("check left %v, %v", left, err)
	}
}
