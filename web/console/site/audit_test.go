package site_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"keypull/web/console"
	"keypull/web/console/pages"
)

func TestEveryActHasItsWords(t *testing.T) {
	r := newRig(t)
	operations := append(r.console.Operations(), console.BackupOperation(nil), console.KeysOperation(nil), console.HalvesOperation(nil))
	names := []string{"session.open", "session.close", "invite.accept"}
	for _, o := range operations {
		if o.Audit {
			names = append(names, o.Name)
		}
	}
	for _, name := range names {
		if !pages.Has("audit." + name) {
			t.Errorf("nobody has said %q", "audit."+name)
		}
	}
}

func TestTheAuditTellsWhoDidWhat(t *testing.T) {
	r := newRig(t, lecker(), empty("kiosk"))
	owner, admin := r.as("lecker owner"), r.as("admin")
	owner.post("/console/p/lecker/settings", "version", "*", "outlet", "Changed", "languages", "en", "time_zone", "UTC", "autocorrect", "off")
	r.wait(time.Second)
	owner.post("/console/p/lecker/people/"+owner.person.ID, "role", "viewer")
	page := owner.get("/console/p/lecker/audit").wants(t, 200, "changed the settings of", `<bdi>Name</bdi>`, `<bdi><del>Lecker</del></bdi>`, `<bdi><ins>Changed</ins></bdi>`, "In conflict",
		`href="/console/p/lecker/settings"`, "in the console, 127.0.0.1<")
	if strings.Index(page.body, "changed the role of") > strings.Index(page.body, "changed the settings of") {
		t.Error("the latest is not first")
	}
	admin.post("/console/installation/tokens", "name", "backup").wants(t, 200)
	admin.get("/console/installation/acts").wants(t, 200, "made a token for the whole installation", "at lecker", "backup")
	owner.get("/console/p/lecker/audit").lacks(t, "backup")
}

func TestTheAuditGoesOnPageByPage(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	for n := range 60 {
		r.wait(time.Second)
		owner.post("/console/p/lecker/people/tokens", "name", fmt.Sprintf("token-%d.", n), "role", "viewer").wants(t, 200)
	}
	seen := map[string]bool{}
	path, count := "/console/p/lecker/audit", 0
	var last answer
	for path != "" {
		last = owner.get(path).wants(t, 200)
		for _, m := range regexp.MustCompile(`</b> [^<]*<bdi>(token-\d+\.)`).FindAllStringSubmatch(last.body, -1) {
			if seen[m[1]] {
				t.Errorf("%s comes twice", m[1])
			}
			seen[m[1]] = true
		}
		if path = ""; strings.Contains(last.body, `rel="next"`) {
			path = strings.ReplaceAll(between(t, last.body, `class="button" href="`, `"`), "&amp;", "&")
		}
		if count++; count > 5 {
			t.Fatal("there is no end")
		}
	}
	if len(seen) != 60 || count != 3 {
		t.Errorf("%d acts on %d pages", len(seen), count)
	}
	back := strings.ReplaceAll(between(t, last.body, `back-only" href="`, `"`), "&amp;", "&")
	owner.get(back).wants(t, 200, "token-34.", "token-10.").lacks(t, "token-35.")
}

func TestALongAuditStaysSmall(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	var many []string
	for n := range 150 {
		many = append(many, fmt.Sprintf("en-x-lang%04d", n))
	}
	for n := range 30 {
		owner.post("/console/p/lecker/settings", "version", "*", "outlet", fmt.Sprint("Lecker ", n), "languages", "en", "more_languages", strings.Join(many[n:], " "), "time_zone", "UTC").wants(t, 303)
	}
	if page := owner.get("/console/p/lecker/audit").wants(t, 200); len(page.body) > 200_000 {
		t.Errorf("%d bytes", len(page.body))
	}
}

func TestEveryWordOfTheSiteIsThere(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`\.(t|option|plural)\((?:"[a-z]*", )?"([a-z0-9_.]+)"[,)]|"(hint\.[a-z_]+)"`)
	found := 0
	for _, name := range files {
		text, err := fs.ReadFile(os.DirFS("."), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(text), -1) {
			key := m[2] + m[3]
			if found++; !pages.Has(key) {
				t.Errorf("%s says %q, which is no word", name, key)
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d words were found", found)
	}
}
