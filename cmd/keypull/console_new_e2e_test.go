package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

// emptyFolder is an installation on which nothing stands yet, not even a
// configuration file: the environment says all.
type emptyFolder struct {
	t    *testing.T
	dir  string
	book *logBook
	// stdout is what the server wrote there.
	stdout bytes.Buffer
}

func (f *emptyFolder) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(f.t.Context(), os.Args[0], args...) //nolint:gosec // the test binary itself
	cmd.Dir = f.dir
	cmd.Env = append(os.Environ(), asProcess+"=1", "KEYPULL_SERVER_LISTEN=127.0.0.1:0", "KEYPULL_FETCH_ALLOW_PRIVATE=127.0.0.1/32")
	return cmd
}

// run carries a command out that says something on the standard error, and returns what it printed.
func (f *emptyFolder) run(says string, args ...string) string {
	f.t.Helper()
	cmd := f.command(args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || !strings.Contains(stderr.String(), says) || says == "" && stderr.Len() > 0 {
		f.t.Fatalf("keypull %s: %v, %s", strings.Join(args, " "), err, &stderr)
	}
	return string(out)
}

// serve starts the server.
func (f *emptyFolder) serve() *process {
	f.t.Helper()
	p := &process{t: f.t, done: make(chan error, 1), cmd: f.command("serve")}
	f.stdout.Reset()
	p.cmd.Stdout = &f.stdout
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	serving := make(chan string, 1)
	go func() {
		readLog(stderr, f.book, serving)
		p.done <- p.cmd.Wait()
	}()
	f.t.Cleanup(p.kill)
	if p.url = <-serving; p.url == "" {
		f.t.Fatalf("the server does not start:\n%s", f.book)
	}
	return p
}

var (
	welcomeLink = regexp.MustCompile(`http://localhost:\d+/console/welcome/(\S+)`)
	tokenText   = regexp.MustCompile(`^kp_[a-z2-7]{8}_[A-Za-z0-9_-]{20,}\n$`)
)

func TestANewInstallationIsSetUpByItsAPIAlone(t *testing.T) {
	f := &emptyFolder{t: t, dir: t.TempDir(), book: newLogBook(t)}
	early := f.run("There was no store here", "token", "create", "made before the first start")
	p := f.serve()
	token := f.run("", "token", "create", "the newsroom's script")
	for _, text := range []string{early, token} {
		if !tokenText.MatchString(text) {
			t.Fatalf("keypull token create printed %q", text)
		}
		f.book.keepOut(strings.TrimSpace(text))
	}
	feed := newNewsSite(t).feed("feed.xml", "First edition")
	setUpByDescription(t, p.url, strings.TrimSpace(token), feed.url())
	asks(t, p.url, "gazette", "headlines", "First edition", "https://news.example/feed.xml")
	changeIsLive(t, caller{t: t, url: func() string { return p.url }, token: strings.TrimSpace(early)})

	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the server ended with %d", code)
	}
	found := welcomeLink.FindStringSubmatch(f.stdout.String())
	if found == nil || strings.Count(f.stdout.String(), "/welcome/") != 1 {
		t.Fatalf("the server printed %q", f.stdout.String())
	}
	f.book.keepOut(found[1], found[0])
	files, err := filepath.Glob(filepath.Join(f.dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v, %v", filepath.Base(name), info.Mode(), err)
		}
	}
	p = f.serve()
	asks(t, p.url, "gazette", "latest", "Second edition")
}

// changeIsLive changes what answers, and asks right after the response: no
// clock, only the order of things.
func changeIsLive(t *testing.T, c caller) {
	t.Helper()
	const keyword, source = "/publishers/gazette/keywords/headlines", "/publishers/gazette/sources/wire"
	url := c.url()
	began := time.Now()
	c.put(keyword, "keyword", func(doc object) { doc["phrases"] = object{"en": []string{"latest"}} })
	asks(t, url, "gazette", "latest", "First edition")
	t.Logf("a phrase was live %s after it was sent", time.Since(began))
	asks(t, url, "gazette", "headlines", "I don't know “headlines”")

	second := newNewsSite(t)
	second.feed("second.xml", "Second edition")
	began = time.Now()
	c.put(source, "source", func(doc object) { doc["settings"] = object{"url": second.URL + "/second.xml"} })
	asks(t, url, "gazette", "latest", "Second edition")
	t.Logf("a source was live %s after it was sent", time.Since(began))
}

// setUpByDescription has a program that knows nothing but the description set
// up a publisher.
func setUpByDescription(t *testing.T, url, token, feed string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("the test with a foreign client needs node: install the package nodejs")
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", clientScript, url, token, feed) //nolint:gosec // a script of this folder
	cmd.Dir = npmFolder(t)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the client: %v\n%s", err, &stderr)
	}
	var did struct {
		Settings, Required, Titles, Parts, Previews []string
		Messages                                    []string
		Refused                                     int
	}
	if err := json.Unmarshal(out, &did); err != nil {
		t.Fatalf("the client said %s: %v", out, err)
	}
	if strings.Join(did.Required, " ") != "url" || strings.Join(did.Titles, "") != "First edition" ||
		!slices.Contains(did.Parts, "title") || !slices.Contains(did.Parts, "link") {
		t.Errorf("the description and the try said %+v", did)
	}
	if !strings.Contains(strings.Join(did.Messages, "\n"), "First edition") || len(did.Previews) < 3 {
		t.Errorf("the preview said %+v", did)
	}
	if did.Refused != http.StatusUnprocessableEntity {
		t.Errorf("a body that the description does not take was answered %d", did.Refused)
	}
}

// clientScript works with openapi-client-axios, written by others: it knows
// operations by their ids and documents by their schemas alone.
const clientScript = `
const { OpenAPIClientAxios } = require("openapi-client-axios");
const [url, token, feed] = process.argv.slice(1);
const fail = (message) => { throw new Error(message); };
// kindOf finds the schema of a document of one kind.
const kindOf = (schema, kind) => {
  if (!schema || typeof schema !== "object") return undefined;
  const own = schema.properties && schema.properties.kind;
  if (own && schema.properties.settings && (own.const === kind || (own.enum || []).includes(kind) && own.enum.length === 1)) return schema;
  for (const inner of Object.values(schema)) {
    const found = kindOf(inner, kind);
    if (found) return found;
  }
};
(async () => {
  const api = new OpenAPIClientAxios({ definition: url + "/api/v1/openapi.json", axiosConfigDefaults: {
    proxy: false, headers: { Authorization: "Bearer " + token } } });
  const client = await api.init();
  const body = (id) => api.getOperation(id).requestBody.content["application/json"].schema;
  await client["publisher.create"](null, { publisher: { id: "gazette", name: "Gazette", languages: ["en"], time_zone: "UTC" } });
  const described = kindOf(body("source.create"), "feed") || fail("the description has no source of the kind feed");
  const settings = described.properties.settings;
  const source = { id: "wire", kind: "feed", max_age: "0s", settings: { url: feed } };
  const tried = (await client["source.try"]({ publisher: "gazette" }, { source })).data;
  await client["source.create"]({ publisher: "gazette" }, { source });
  const keyword = { id: "headlines", source: "wire", phrases: { en: ["headlines"] } };
  const seen = (await client["keyword.preview"]({ publisher: "gazette" }, { keyword })).data;
  const made = await client["keyword.create"]({ publisher: "gazette" }, { keyword });
  const again = await client["keyword.get"]({ publisher: "gazette", keyword: "headlines" });
  if (made.headers.etag !== again.headers.etag) fail("create and get tell other versions");
  const wrong = await client["keyword.create"]({ publisher: "gazette" }, { keyword: { ...keyword, id: "two", phrase: "two" } }, { validateStatus: () => true });
  console.log(JSON.stringify({
    settings: Object.keys(settings.properties), required: settings.required,
    titles: tried.items.map((i) => i.title), parts: tried.parts, previews: seen.previews.map((p) => p.kind),
    messages: seen.previews.flatMap((p) => p.messages.map((m) => m.text)), refused: wrong.status,
  }));
})().catch((e) => { console.error(e.response ? JSON.stringify(e.response.data) : e); process.exit(1); });
`
