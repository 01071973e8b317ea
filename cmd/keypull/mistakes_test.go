package main

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// ofLibraries is how Go and its libraries say that something is wrong.
var ofLibraries = regexp.MustCompile(`(?i)arg\(s\)|shorthand|flag needs|unknown (flag|command|field)|flag\(s\)|invalid (argument|character|syntax|value)|strconv|parsing|parse |` +
	`value out of range|cannot unmarshal|json:|toml:|: no such file|permission denied|is a directory|not a directory|file exists|bad file descriptor|file already closed|` +
	`in use: |address already|dial |listen tcp|lookup |connect:|open /|mkdir |read /|unexpected end|EOF|\bnil\b|%!|goroutine|\berror\b|context (canceled|deadline)|go-toml|expected `)

// remedy is how a sentence says what to do.
var remedy = regexp.MustCompile(`; (write|name|choose|check|did you mean|leave|add|let|stop|open|change it|keep one|correct|known are|keypull [a-z ]*--help|keypull config|keypull --help|/api/v1)|[.:] (Write|Add|--publisher|say)|[:,] (name|write) |--help lists|did you mean|Say whose|keypull user list|use bolt:`)

// slip is a command line with something wrong, and what it ends with.
type slip struct {
	line string
	code int
	// want is part of the sentence.
	want string
}

// slips are over all commands; {good}, {none} and so on are files of mistaken.
var slips = []slip{
	{"sorce", 2, "keypull source"}, {"zzzzzzzz", 2, "keypull --help"}, {"serv --port 1", 2, "keypull serve"}, {"help sorce", 2, "“sorce”"}, {"help token creat", 2, "token create"},
	{"--port", 2, "--port"}, {"token creat", 2, "keypull token create"}, {"user invit x", 2, "user invite"}, {"channel deed", 2, "channel dead"}, {"reader shw", 2, "reader show"},
	{"completion fsh", 2, "completion fish"}, {"completion bash x", 2, "“x”"}, {"completion --no-desc bash", 2, "--no-desc"},
	{"serve now", 2, "“now”"}, {"serve --port 80", 2, "--port"}, {"serve --confg x", 2, "--config"}, {"serve -x", 2, "-x"}, {"serve -c", 2, "--config"}, {"serve -c {empty}", 2, "--config"},
	{"serve --start-anew=maybe", 2, "“maybe”"}, {"serve ---x", 2, "“---x”"}, {"serve --=x", 2, "“--=x”"},
	{"serve -c {none}", 1, "keypull config"}, {"serve -c {folder}", 1, "is a folder"}, {"serve -c {toml}", 1, "“oops”"}, {"serve -c {twice}", 1, "set twice"}, {"serve -c {key}", 1, "“listen”"}, {"serve -c {type}", 1, "server.listen"},
	{"serve -c {nats}", 1, "bolt:"}, {"serve -c {busy}", 1, "[server] listen"}, {"serve -c {nowhere}", 1, "no folder"},
	{"demo x", 2, "“x”"}, {"demo --dir {file}/x", 1, "no folder"}, {"demo --listen", 2, "--listen"}, {"demo --listen {port} --dir {folder}/demo --log=x", 2, "“x”"},
	{"ask", 2, "ask WORDS…"}, {"ask {empty}", 2, "ask WORDS…"}, {"ask --at tomorrow x", 2, "“tomorrow”"}, {"ask --at 2026-13-01T00:00:00Z x", 2, "“2026-13-01"}, {"ask --language xx_YY x", 2, "xx_YY"}, {"ask --json=perhaps x", 2, "“perhaps”"},
	{"ask -c {good} --publisher leker x", 1, "“lecker”"}, {"ask -c {good} --publisher zzzzzz x", 1, "known are lecker"}, {"ask -c {good} --channel tgg x", 1, "“tg”"}, {"ask -c {good} --channel {empty} x", 2, "--channel"}, {"ask -c {stored} x", 1, "[[publisher]]"}, {"ask -c {bare} x", 1, "keypull serve"},
	{"check x y", 2, "“y”"}, {"check --ofline", 2, "--offline"}, {"config x", 2, "keypull config"}, {"version --jsn", 2, "--json"},
	{"match", 2, "--catalogue --queries"}, {"match --catalogue {none} --queries {none}", 1, "check the name"}, {"match --catalogue {folder} --queries {none}", 1, "is a folder"}, {"match --catalogue {words} --queries {broken}", 1, "broken.jsonl:2: "}, {"match --catalogue {words} --queries {number}", 1, "number.jsonl:1: "}, {"match --catalogue {words} --queries {lacking}", 1, "lacking.jsonl:1: "},
	{"match --catalogue {words} --queries {words} --autocorrect ofer", 2, "“offer”"},
	{"eval", 2, "--queries"}, {"eval --queries {none}", 2, "--catalogue"}, {"eval --queries {blank} --catalogue {words}", 1, "holds no message"}, {"eval --queries {broken} --catalogue {words}", 1, "broken.jsonl:1: “class”"}, {"eval --queries x --catalogue x --fail-under beauty=1", 2, "utility"}, {"eval --queries x --catalogue x --fail-under utility", 2, "utility=0.85"},
	{"bench --only nix", 2, "fsync"}, {"bench --rounds 0", 2, "from 1"}, {"bench --conns=", 2, "--conns"}, {"bench --dir {none}", 1, "is not there"},
	{"backup -c {stored}", 1, "backup.to"}, {"backup --keys", 2, "--keys FILE"}, {"backup a b", 2, "“b”"}, {"backup {none}/x -c {stored}", 1, "is not there"}, {"backup {file}/x -c {stored}", 1, "no folder"}, {"backup {folder} -c {stored}", 1, "choose another"}, {"backup x --keys --overwrite", 2, "--keys and --overwrite"},
	{"restore", 2, "restore ARCHIVE"}, {"restore x", 2, "--into --newest"}, {"restore {none} --newest {none} --into {folder}/r --identity {none}", 1, "is not there"}, {"restore {none} --newest {none} --into {folder}/r", 2, "--identity"},
	{"doctor x", 2, "“x”"}, {"doctor --fx", 2, "--fix"}, {"status x", 2, "“x”"}, {"status -c {stored}", 69, "keypull serve"},
	{"do", 2, "do OPERATION [JSON]"}, {"do a b c", 2, "“c”"}, {"do keyword.lst {} -c {good}", 1, "“keyword.list”"}, {"do keyword.list { -c {good}", 1, "write the rest"}, {"do keyword.list [] -c {good}", 1, "an object"}, {"do keyword.list {\"publsher\":1} -c {good}", 1, "“publsher”"}, {"do keyword.list - -c {good}", 1, "standard input"},
	{"demand --days x", 2, "from 1 to 90"}, {"demand --days 99999999999999999999", 2, "from 1 to 90"}, {"demand --days 0", 2, "from 1 to 90"}, {"demand -c {good} --publisher leckr", 1, "“lecker”"},
	{"channel dead x", 2, "“x”"}, {"channel dead -c {good} --channel tgg", 1, "“tg”"}, {"channel dead -c {good} --publisher lekker", 1, "“lecker”"}, {"channel resend", 2, "channel dead"}, {"channel resend x", 2, "“x”"}, {"channel resend --all", 2, "--channel"},
	{"reader show", 2, "--channel --id --publisher"}, {"reader show --publisher lecker --channel tgg --id 1 -c {good}", 1, "“tg”"}, {"reader forget --publisher leckr --channel tg --id 1 -c {good}", 1, "“lecker”"}, {"reader export --id", 2, "--id"},
	{"token create", 2, "token create NAME"}, {"token create {empty}", 2, "token create NAME"}, {"token create x --expires soon", 2, "90d"}, {"token create x --role ownr", 2, "“owner”"}, {"token create x --publisher leckr -c {good}", 1, "“lecker”"}, {"token list --publisher leckr -c {good}", 1, "“lecker”"}, {"token revoke", 2, "token revoke ID"},
	{"user invite x", 2, "--publisher ID"}, {"user invite x@y.example --admin --publisher lecker", 2, "--admin and --publisher"}, {"user invite x@y.example --publisher leckr -c {good}", 1, "“lecker”"}, {"user reset x@y.example -c {good}", 1, "keypull user list"}, {"user remove", 2, "user remove EMAIL"},
}

// mistaken writes what the lines name, and returns what puts it into them.
func mistaken(t *testing.T) *strings.Replacer {
	t.Helper()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	closed, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	stored := write("stored.toml", "[store]\nurl = \"bolt:"+filepath.Join(folder, "stored.db")+"\"\n[secrets]\nkey_file = \""+filepath.Join(folder, "stored.key")+"\"\n")
	if code, _, said := command(t.Context(), "user", "invite", "mia@example.org", "--admin", "-c", stored); code != 0 {
		t.Fatal(said)
	}
	good := writeConfig(t, telegramBlock("https://api.telegram.org"))
	if code, _, said := command(t.Context(), "token", "create", "watch", "-c", good); code != 0 {
		t.Fatal(said)
	}
	input := os.Stdin
	os.Stdin = closed
	t.Cleanup(func() { os.Stdin = input })
	here := "[store]\nurl = \"bolt:" + filepath.Join(folder, "busy.db") + "\"\n[secrets]\nkey_file = \"" + filepath.Join(folder, "busy.key") + "\"\n"
	return strings.NewReplacer(
		"{empty}", "", "{none}", filepath.Join(folder, "none"), "{folder}", folder, "{file}", write("file", ""), "{port}", ln.Addr().String(),
		"{stored}", stored, "{good}", good, "{bare}", write("bare.toml", here),
		"{toml}", write("toml.toml", "oops\n"), "{twice}", write("twice.toml", "[server]\nlisten = \"a:1\"\nlisten = \"a:1\"\n"),
		"{key}", write("key.toml", "[server]\nlistn = \"127.0.0.1:0\"\n"), "{type}", write("type.toml", "[server]\nlisten = 1\n"),
		"{nats}", write("nats.toml", "[server]\nlisten = \"127.0.0.1:0\"\n[store]\nurl = \"nats://localhost:4222\"\n"), "{busy}", write("busy.toml", "[server]\nlisten = \""+ln.Addr().String()+"\"\n"+here),
		"{nowhere}", write("nowhere.toml", "[server]\nlisten = \"127.0.0.1:0\"\n[store]\nurl = \"bolt:"+write("no_folder", "")+"/x.db\"\n"),
		"{words}", write("words.jsonl", `{"id":"a","keywords":["news"],"lang":"en"}`), "{broken}", write("broken.jsonl", "{\"q\":\"news\"}\nbad\n"),
		"{number}", write("number.jsonl", `{"q":1}`), "{lacking}", write("lacking.jsonl", `{}`), "{blank}", write("blank.jsonl", "\n"),
	)
}

func TestEveryMistakeIsToldInOneSentenceThatSaysWhatToDo(t *testing.T) {
	// Who holds the port is no predecessor that will leave it.
	t.Cleanup(func() { waits.address = patience })
	waits.address = 0
	files := mistaken(t)
	for _, tt := range slips {
		t.Run(tt.line, func(t *testing.T) {
			args := strings.Fields(tt.line)
			for i := range args {
				args[i] = files.Replace(args[i])
			}
			in := map[string]string{}
			for _, language := range []string{"en", "fr", "de", "es"} {
				t.Setenv("LC_ALL", language+"_XX.UTF-8")
				code, _, stderr := command(t.Context(), args...)
				in[language] = stderr
				if code != tt.code || strings.Count(stderr, "\n") != 1 {
					t.Fatalf("in %s it ended with %d, want %d, and said %q", language, code, tt.code, stderr)
				}
				if found := ofLibraries.FindString(quotation.ReplaceAllString(stderr, "")); found != "" {
					t.Errorf("in %s it said %q of a library: %q", language, found, stderr)
				}
				if found := inEnglish(stderr); language != "en" && (len(found) > 0 || stderr == in["en"]) {
					t.Errorf("in %s it said %q, with %q", language, stderr, found)
				}
			}
			if !strings.Contains(in["en"], tt.want) || !remedy.MatchString(in["en"]) {
				t.Errorf("it said %q, want %q in it, and what to do", in["en"], tt.want)
			}
		})
	}
}

func TestWhoSaysNothingIsToldWhatToBeginWith(t *testing.T) {
	code, stdout, stderr := command(t.Context())
	if code != cli.Done || stderr != "" || strings.Count(stdout, "\n") > 10 {
		t.Errorf("ended with %d and said %q", code, stdout+stderr)
	}
	for _, want := range []string{"keypull demo", "keypull serve", "keypull ask", "--help"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("said %q, without %q", stdout, want)
		}
	}
}

func TestShellsCompleteIDsOfTheConfiguration(t *testing.T) {
	path := writeConfig(t, telegramBlock("https://api.telegram.org"))
	for line, want := range map[string]string{
		"ask --publisher ":     "lecker\tLecker",
		"ask --channel ":       "tg\ttelegram",
		"token create --role ": "owner",
		"bench --only ":        "webhook",
	} {
		args := append([]string{"__complete"}, strings.Fields(line)...)
		if strings.HasPrefix(line, "ask") {
			args = append([]string{"__complete", "ask", "-c", path}, strings.Fields(line)[1:]...)
		}
		code, stdout, _ := command(t.Context(), append(args, "")...)
		if code != cli.Done || !strings.Contains(stdout, want) {
			t.Errorf("%s: ended with %d and offered %q, want %q", line, code, stdout, want)
		}
	}
}
