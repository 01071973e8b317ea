package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
	"keypull/pull/settings"
	"keypull/web"
	"keypull/web/messengers"
)

// ownValues are settings of a kind that no example makes good: by its name, in the
// place of the examples where there are any.
func ownValues(api string) map[string][]string {
	return map[string][]string{
		"mcp":        {"anonymous = true", "listed = true"},
		"http":       {quoted("secret", partnerSecret)},
		"sms-kannel": {quoted("secret", kindSecret), quoted("sendsms_url", api), quoted("username", "kp"), quoted("password", kindToken)},
		"email":      {quoted("address", "news@example.org"), quoted("smtp", "127.0.0.1:1"), quoted("tls", "none"), quoted("hook_secret", kindSecret)},
		"alexa":      {quoted("skill_id", "amzn1.ask.skill.11111111-2222-3333-4444-555555555555")},
		"webchat":    {},
	}
}

// exampleLines returns the settings that a form shows at first, each with its example, and
// every address of an API that of a stand-in.
func exampleLines(t *testing.T, of any, api string) (lines []string) {
	t.Helper()
	fields, err := settings.Fields(of)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		base, _ := f.Default.(string)
		switch {
		case f.Type == settings.URL && (f.Required || strings.HasPrefix(base, "https://")):
			lines = append(lines, quoted(f.Name, api))
		case f.More || f.Example == "" || f.Type != settings.Text && f.Type != settings.Hidden:
		default:
			lines = append(lines, quoted(f.Name, strings.ReplaceAll(f.Example, "…", strings.Repeat("Ab3", 12))))
		}
	}
	return lines
}

// docsWorld returns a server with a channel of every kind, called by its name, an app of
// every kind that carries some, and telephones' dialogues.
func docsWorld(t *testing.T) *service {
	t.Helper()
	api := newPlatform(t, `{"ok":true,"result":true,"status":0,"errcode":0}`)
	parts, apps := []string{textBlock("tiramisu", "Whip the cream.")}, map[string]bool{}
	var platforms []string
	for _, k := range allKinds().Messengers {
		lines, own := ownValues(api.URL)[k.Name]
		if !own {
			lines = exampleLines(t, k.New(), api.URL)
		}
		parts = append(parts, kindBlock(k.Name, "", lines...))
		if k.App != nil && !apps[k.App.Name] {
			apps[k.App.Name] = true
			platforms = append(platforms, fmt.Sprintf("\n[[app]]\nid = %q\nkind = %q\n[app.settings]\n%s\n", k.App.Name, k.App.Name,
				strings.Join(exampleLines(t, k.App.New(), api.URL), "\n")))
		}
	}
	parts = append(parts, "\n[[publisher.channel]]\nid = \"ussd\"\nkind = \"http\"\n[publisher.channel.settings]\nsecret = \""+kindSecret+"\"\nprofile = \"ussd-at\"\n")
	return serveConfig(t, append(parts, platforms...)...)
}

var (
	// printed is an address of ours in a page of the docs.
	printed = regexp.MustCompile("(?m)(?:https://(?:your\\.server|keypull\\.example\\.org)|(?:^|[\\s`\"(]))(/(?:hook|mcp|chat|\\.well-known)/[^\\s\"'`)]+)")
	// typedLine is a command of ours.
	typedLine = regexp.MustCompile("`keypull ([a-z][^`\n]*)`|[Rr]un keypull (channel [a-z]+)")
	sample    = regexp.MustCompile("(?s)```toml\n(.*?)```")
	setting   = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
)

// TestThePagesOfMessengersAreTrue walks each of them: each address that it prints is
// asked of a running server, each command is run, each setting is one of the kind.
func TestThePagesOfMessengersAreTrue(t *testing.T) {
	s := docsWorld(t)
	ran := map[string]bool{}
	walkCommands := func(t *testing.T, page string) {
		t.Helper()
		for _, found := range typedLine.FindAllStringSubmatch(page, -1) {
			if line := found[1] + found[2]; !ran[line] {
				ran[line] = true
				walkCommand(t, line)
			}
		}
	}
	for _, k := range allKinds().Messengers {
		t.Run(k.Name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "..", "docs", "messengers", k.Name+".md"))
			if err != nil {
				t.Fatal(err)
			}
			page := string(text)
			if !strings.Contains(page, "as of 2026-11") || strings.Contains(page, "{hook}") {
				t.Error("the page does not say of when it is, or has a place that is not filled")
			}
			walkAddresses(t, s, k, page)
			walkCommands(t, page)
			walkSettings(t, k, page)
		})
	}
	index, err := os.ReadFile(filepath.Join("..", "..", "docs", "messengers", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if walkCommands(t, string(index)); len(ran) < 3 {
		t.Errorf("only %v were run", ran)
	}
}

func walkAddresses(t *testing.T, s *service, k messengers.Kind, page string) {
	t.Helper()
	app := ""
	if k.App != nil {
		app = k.App.Name
	}
	found := printed.FindAllStringSubmatch(page, -1)
	for _, one := range found {
		path := strings.TrimRight(one[1], ".,;:")
		id := k.Name
		if k.Name == "http" && strings.HasSuffix(path, "/SECRET") {
			id = "ussd"
		}
		path = strings.NewReplacer("<publisher>", "lecker", "PUBLISHER", "lecker", "<channel>", id, "CHANNEL", id, "<id>", app, "SECRET", kindSecret).Replace(path)
		method := http.MethodPost
		if strings.HasPrefix(path, "/chat/") || strings.HasPrefix(path, "/.well-known/") {
			method = http.MethodGet
		}
		if got := request(t, method, s.URL+path, "", nil); got.status == http.StatusNotFound {
			t.Errorf("%s, which the page prints, is not there: %s", path, got.body)
		}
	}
	own := k.Path("lecker", k.Name)
	if _, chat := k.Preview().(web.Chat); chat {
		own = "/chat/lecker/" + k.Name
	}
	if !slices.ContainsFunc(found, func(one []string) bool {
		return strings.Contains(one[1], "/app/") || strings.HasPrefix(one[1], own[:strings.Index(own[1:], "/")+2])
	}) {
		t.Errorf("the page does not say where the channel is reached, which is %s", own)
	}
	if route := "/mcp/lecker/"; !strings.HasPrefix(own, route) {
		if got := request(t, http.MethodPost, s.URL+route+k.Name, "", nil); got.status != http.StatusNotFound {
			t.Errorf("%s answers with %d where another kind's channels are", route+k.Name, got.status)
		}
	}
}

func walkCommand(t *testing.T, line string) {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "config.toml")
	if err := os.WriteFile(file, []byte(serviceHead+kindBlock("webchat", "")), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	if code, _, said := command(t.Context(), strings.Fields(line)...); code == cli.Usage {
		t.Errorf("keypull %s: %s", line, said)
	}
}

func walkSettings(t *testing.T, k messengers.Kind, page string) {
	t.Helper()
	known := map[string]bool{}
	of := []any{k.New()}
	if k.App != nil {
		of = append(of, k.App.New())
	}
	for _, one := range of {
		fields, err := settings.Fields(one)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fields {
			known[f.Name] = true
		}
	}
	for _, one := range setting.FindAllStringSubmatch(page, -1) {
		name := strings.FieldsFunc(one[1], func(r rune) bool { return r == '.' || r == '[' })[0]
		before, _, _ := strings.Cut(page, one[0])
		if strings.Contains(before, "## Settings") && !strings.Contains(before, "## What it carries") && !known[name] {
			t.Errorf("the page tells of the setting %s, which the kind has not", one[1])
		}
	}
	for _, toml := range sample.FindAllStringSubmatch(page, -1) {
		inside := false
		for line := range strings.Lines(toml[1]) {
			name, _, assigned := strings.Cut(line, " =")
			switch {
			case strings.HasPrefix(line, "["):
				inside = strings.Contains(line, "settings]")
			case inside && assigned && !strings.HasPrefix(name, "#") && !known[strings.TrimSpace(name)]:
				t.Errorf("a sample sets %s, which the kind has not", name)
			}
		}
	}
}
