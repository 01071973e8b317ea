package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/cmd/keypull/channel"
	"keypull/cmd/keypull/config"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

var updateReference = flag.Bool("update-reference", false, "write docs/reference.md anew")

const referenceHead = `# All settings

Every key of the configuration file, as the code knows it. ` + "`keypull config`" + ` prints
the same as a file to start from. Durations carry their unit: ` + "`60s`, `5m`, `1h30m`, `7d`" + `;
so do sizes: ` + "`64MiB`, `1GiB`" + `.
A file may say ` + "`\"${NAME}\"`" + ` for a variable of the environment; one that is not set is an
error, and so is a key that is not listed here.
`

// referencePage writes the page from the structs that the service itself reads.
func referencePage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(referenceHead)
	table := func(title, help string, v any) {
		text, err := settings.Markdown(v)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n%s\n\n%s\n\n%s", title, help, text)
	}
	c := config.Default()
	table("## `[server]`", "Where the service is reached. `KEYPULL_SERVER_LISTEN` overrides `listen`, and so on for the tables above `[[publisher]]`.", &c.Server)
	table("## `[store]`", "Where it keeps its data.", &c.Store)
	table("## `[secrets]`", "What seals the data at rest.", &c.Secrets)
	table("## `[fetch]`", "What sources and channels may reach.", &c.Fetch)
	table("## `[send]`", "What waits on disk for a platform that can't be reached.", &c.Send)
	table("## `[backup]`", "Copies of the installation, made while it works, in two halves that never lie together.", &c.Backup)
	table("## `[log]`", "What is written to the standard error.", &c.Log)
	table("## `[node]`", "One keypull among those at a PostgreSQL database.", &c.Node)
	table("## `[standby]`", "A second machine that may take over.", &c.Standby)
	p := &catalogue.Publisher{}
	p.Defaults()
	table("## `[[publisher]]`", "A media outlet, with its sources, keywords and channels: `[[publisher.source]]` and so on.", p)
	table("## `[[app]]`", "An account of a platform's developer that carries channels of many publishers.", &catalogue.App{})
	for _, k := range allKinds().Sources {
		_, help := k.In("en")
		table("## Source of kind `"+k.Name+"`", help, k.New())
	}
	for _, k := range allKinds().Messengers {
		_, help := k.In("en")
		table("## Channel of kind `"+k.Name+"`", help, k.New())
	}
	for _, k := range allKinds().Bridges {
		_, help := k.In("en")
		table("## Bridge of kind `"+k.Name+"`", help, k.New())
	}
	for _, k := range messengers.AppKindsOf(allKinds().Messengers) {
		_, help := k.In("en")
		table("## App of kind `"+k.Name+"`", help, k.New())
	}
	return b.String()
}

// committed holds a file of this repository to what the code makes it, or writes it
// anew.
func committed(t *testing.T, path, text string, anew bool) {
	t.Helper()
	if anew {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stands, err := os.ReadFile(path) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(stands), text); diff != "" {
		t.Errorf("write %s anew by: make reference\n%s", filepath.Base(path), diff)
	}
}

func TestReferenceIsCurrent(t *testing.T) {
	committed(t, filepath.Join("..", "..", "docs", "reference.md"), referencePage(t), *updateReference)
}

func TestMessengerPagesAreCurrent(t *testing.T) {
	folder := filepath.Join("..", "..", "docs", "messengers")
	pages := map[string]string{"README.md": channel.Index(allKinds().Messengers)}
	for _, k := range allKinds().Messengers {
		notes, err := os.ReadFile(filepath.Join(folder, k.Name+".notes.md")) //nolint:gosec // a file of this repository
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if pages[k.Name+".md"], err = channel.Page(k, string(notes)); err != nil {
			t.Fatal(err)
		}
		g := k.Guide()
		if g.Cost == "" || g.Approval == "" || g.Live == "" || g.Test == "" || len(g.Steps) == 0 {
			t.Errorf("the guide of the kind %s leaves something out: %+v", k.Name, g)
		}
	}
	for name, text := range pages {
		committed(t, filepath.Join(folder, name), text, *updateReference)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, e := range entries {
		files = append(files, e.Name())
	}
	if strange := channel.Strange(allKinds().Messengers, files); len(strange) > 0 {
		t.Errorf("pages of no messenger: %v", strange)
	}
}
