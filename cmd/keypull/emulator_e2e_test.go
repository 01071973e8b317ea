package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// The emulator is telegram-test-api, written by others in another language:
// what it makes of our calls, and we of its updates, proves more than a
// stand-in of our own.

// emulatorScript starts it on a free port, tells the port, and ends with its
// standard input.
const emulatorScript = `
const TelegramServer = require("telegram-test-api");
const server = new TelegramServer({ port: "0", host: "127.0.0.1" });
process.stdin.on("end", () => process.exit(0)).resume();
server.start().then(() => console.log(server.server.address().port));
`

// emulator is the emulator as a process of its own.
type emulator struct {
	t    *testing.T
	url  string
	said int64
}

func newEmulator(t *testing.T) *emulator {
	t.Helper()
	dir := npmFolder(t)
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("the test with Telegram's emulator needs node: install the package nodejs")
	}
	cmd := exec.Command(node, "-e", emulatorScript) //nolint:gosec // a script of this folder
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("the emulator does not start: %v", err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the emulator did not end well: %v", err)
		}
	})
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the emulator told no port: %v", err)
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	return &emulator{t: t, url: "http://127.0.0.1:" + strings.TrimSpace(port)}
}

// npmFolder returns the folder with the installed packages, and installs them
// where they are missing.
func npmFolder(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("testdata", "npm"))
	if err != nil {
		t.Fatal(err)
	}
	missing := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, "node_modules", name, "package.json"))
		return err != nil
	}
	if !slices.ContainsFunc([]string{"telegram-test-api", "openapi-client-axios", "axios"}, missing) {
		return dir
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Fatalf("the tests with programs of others need their packages: install npm, then run npm ci in %s", dir)
	}
	cmd := exec.Command(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund") //nolint:gosec // the path is npm's own
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in %s failed: %v\n%s", dir, err, out)
	}
	return dir
}

// call posts JSON and returns the result of the answer.
func (e *emulator) call(path string, body, result any) {
	e.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		e.t.Fatal(err)
	}
	got := request(e.t, http.MethodPost, e.url+path, string(raw), map[string]string{"Content-Type": "application/json"})
	answer := struct {
		OK     bool `json:"ok"`
		Result any  `json:"result"`
	}{Result: result}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || !answer.OK {
		e.t.Fatalf("the emulator answered %d %s", got.status, got.body)
	}
}

// says has a person of the emulator write to the bot.
func (e *emulator) says(chat int64, text string) {
	e.t.Helper()
	e.said++
	e.call("/sendMessage", map[string]any{
		"botToken": botToken, "text": text, "date": 1790000000,
		"from": map[string]any{"id": chat, "first_name": "Ada", "is_bot": false},
		"chat": map[string]any{"id": chat, "first_name": "Ada", "type": "private"},
	}, nil)
}

// saysIn has a person of the emulator write in a group.
func (e *emulator) saysIn(group, person int64, text string) {
	e.t.Helper()
	e.said++
	e.call("/sendMessage", map[string]any{
		"botToken": botToken, "text": text, "date": 1790000000,
		"from": map[string]any{"id": person, "first_name": "Ada", "is_bot": false},
		"chat": map[string]any{"id": group, "title": "Readers", "type": "supergroup"},
	}, nil)
}

// taps has a person press a button.
func (e *emulator) taps(chat int64, data string) {
	e.t.Helper()
	e.said++
	e.call("/sendCallback", map[string]any{
		"botToken": botToken, "data": data, "from": map[string]any{"id": chat, "first_name": "Ada", "is_bot": false},
		"message": map[string]any{"message_id": 1, "date": 1790000000, "chat": map[string]any{"id": chat, "type": "private"}},
	}, nil)
}

// emulated is a message of the bot as the emulator keeps it.
type emulated struct {
	Message struct {
		Text    string `json:"text"`
		Mode    string `json:"parse_mode"`
		Buttons struct {
			Rows [][]struct {
				Text string `json:"text"`
				Data string `json:"callback_data"`
			} `json:"inline_keyboard"`
		} `json:"reply_markup"`
	} `json:"message"`
}

// hears waits for n messages of the bot at a chat.
func (e *emulator) hears(chat int64, n int) []emulated {
	e.t.Helper()
	var all []emulated
	eventually(e.t, fmt.Sprintf("the person at the emulator hears %d messages", n), func() bool {
		var news []emulated
		e.call("/getUpdates", map[string]any{"token": botToken, "chatId": chat}, &news)
		all = append(all, news...)
		return len(all) >= n
	})
	if len(all) != n {
		e.t.Fatalf("%d messages came, want %d", len(all), n)
	}
	return all
}

// secretProxy adds the secret header, which the emulator does not send, and
// counts what came.
func secretProxy(t *testing.T, target func() string) (p *httptest.Server, passed *atomic.Int64) {
	passed = &atomic.Int64{}
	p = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body strings.Builder
		if _, err := io.Copy(&body, r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		got, err := tryRequest(r.Method, target()+r.URL.Path, body.String(), telegramHeader())
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.WriteHeader(got.status)
		_, _ = io.WriteString(w, got.body)
		passed.Add(1)
	}))
	t.Cleanup(p.Close)
	return p, passed
}

// converse asks, is offered a choice, taps, stops and starts again.
func (e *emulator) converse(s *service) {
	e.t.Helper()
	chat := newChat()
	s.log.keepOut(fmt.Sprint(chat))
	e.says(chat, "/hours")
	if got := e.hears(chat, 1)[0].Message; !strings.Contains(got.Text, "Open from 9") || got.Mode != "HTML" {
		e.t.Errorf("hours: got %+v", got)
	}
	e.says(chat, "menu")
	menu := e.hears(chat, 1)[0].Message
	if len(menu.Buttons.Rows) != 1 || menu.Buttons.Rows[0][0].Data != "k:hours" {
		e.t.Fatalf("menu: got %+v", menu)
	}
	e.taps(chat, menu.Buttons.Rows[0][0].Data)
	if got := e.hears(chat, 1)[0].Message; !strings.Contains(got.Text, "Open from 9") {
		e.t.Errorf("a tap: got %+v", got)
	}
	e.says(chat, "STOP")
	if got := e.hears(chat, 1)[0].Message; !strings.Contains(got.Text, "nothing more") {
		e.t.Errorf("stop: got %+v", got)
	}
	for _, turn := range []struct{ says, hears string }{
		{"hours", "Send START"}, {"START", "This is Lecker"}, {"hours", "Open from 9"},
		{"STOP", "nothing more"}, {"/start hours", "Open from 9"}, {"hours", "Open from 9"},
	} {
		e.says(chat, turn.says)
		if got := e.hears(chat, 1)[0].Message; !strings.Contains(got.Text, turn.hears) {
			e.t.Errorf("%s: got %+v", turn.says, got)
		}
	}
}

// gather has two people talk in a group: one of them stops the bot there, the
// other brings it back, and in private nothing changes.
func (e *emulator) gather(s *service) {
	e.t.Helper()
	ada, bob, group := newChat(), newChat(), newGroup()
	s.log.keepOut(fmt.Sprint(ada), fmt.Sprint(bob), fmt.Sprint(group))
	e.saysIn(group, ada, "hours")
	for _, turn := range []struct {
		by          int64
		says, hears string
	}{
		{ada, "/hours", "Open from 9"}, {ada, "/stop", "START brings it back"}, {bob, "/start", "This is Lecker"}, {bob, "/hours", "Open from 9"}, {ada, "/mydata", "in private"}, {bob, "/stop", "START brings it back"},
	} {
		e.saysIn(group, turn.by, turn.says)
		if got := e.hears(group, 1)[0].Message; !strings.Contains(got.Text, turn.hears) {
			e.t.Errorf("%s in the group: got %+v", turn.says, got)
		}
	}
	e.says(ada, "hours")
	if got := e.hears(ada, 1)[0].Message; !strings.Contains(got.Text, "Open from 9") {
		e.t.Errorf("in private: got %+v", got)
	}
	// The last: the emulator gives the id of what nobody answers once more.
	e.saysIn(group, ada, "/hours")
	s.settled()
	e.hears(group, 0)
}

func TestAConversationWithTheEmulatorByWebhook(t *testing.T) {
	e := newEmulator(t)
	s := serveConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`),
		keywordBlock("hours", "hours"), telegramBlock(e.url))
	p, passed := secretProxy(t, func() string { return s.URL })
	e.call("/bot"+botToken+"/setWebhook", map[string]any{"url": p.URL + "/hook/lecker/tg"}, nil)
	e.converse(s)
	e.gather(s)
	// The emulator ends badly where what it still posts finds nobody.
	eventually(t, "everything said has come", func() bool { return passed.Load() == e.said })
}

func TestAConversationWithTheEmulatorByLongPoll(t *testing.T) {
	t.Parallel()
	e := newEmulator(t)
	s := serveConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`),
		keywordBlock("hours", "hours"), telegramBlock(e.url, `updates = "poll"`))
	e.converse(s)
	e.gather(s)
}
