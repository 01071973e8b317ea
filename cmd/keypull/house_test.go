package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listed is what "go list -json" tells of a package.
type listed struct {
	ImportPath, Name, Dir, Doc         string
	Imports                            []string
	GoFiles, TestGoFiles, XTestGoFiles []string
}

// room is a part of the house and the parts that it may lean on. Patterns are
// paths below the module: "a" is a alone, "a/*" what lies directly in it,
// "a/**" a and all below.
type room struct {
	where string
	may   []string
}

// rooms lists the house from the ground up; the first pattern that fits a
// package is its room. Neighbours never lean on each other.
func rooms() []room {
	leaves := []string{"pull/compact", "pull/what", "pull/what/*", "pull/who", "pull/when", "pull/settings", "pull/outside", "pull/people", "pull/private", "pull/proof", "pull/signs", "pull/words", "pull/withdrawal", "pull/request"}
	said := []string{"pull/words"}
	shaped := []string{"pull/**", "sources", "sources/shape", "sources/ld", "sources/places", "sources/jsonpath"}
	kind := []string{"pull/**", "web/messengers", "web/messengers/httpapi"}
	meta := append([]string{"web/messengers/meta"}, kind...)
	forms := []string{"pull/what/textform", "pull/what/languages"}
	return []room{
		{where: "pull/private"}, {where: "pull/signs"}, {where: "pull/proof", may: []string{"pull/signs"}}, {where: "pull/words"}, {where: "pull/alarm", may: []string{"pull/words", "pull/who"}}, {where: "pull/talk", may: []string{"pull", "pull/request", "pull/what", "pull/who"}}, {where: "pull/request", may: []string{"pull/words"}}, {where: "pull/words/wordstest", may: []string{"pull/words"}},
		{where: "pull/what/hashtable"}, {where: "pull/what/textform"}, {where: "pull/what/languages"},
		{where: "pull/what/languages/compile", may: []string{"pull/what/*"}},
		{where: "pull/what/stem", may: forms}, {where: "pull/what/sound", may: forms}, {where: "pull/what/keyboard", may: forms},
		{where: "pull/what/slot", may: append([]string{"pull/what/hashtable"}, forms...)}, {where: "pull/what/alphabet", may: forms},
		{where: "pull/what/moment", may: append([]string{"pull/what/slot"}, forms...)},
		{where: "pull/what/speech", may: append([]string{"pull/what/hashtable"}, forms...)},
		{where: "pull/what/instruction", may: append([]string{"pull/what/hashtable", "pull/what/speech"}, forms...)},
		{where: "pull/what/command", may: append([]string{"pull/what/hashtable", "pull/what/linear", "pull/what/slot", "pull/what/speech"}, forms...)}, {where: "pull/what/linear", may: forms[:1]},
		{where: "pull/what", may: []string{"pull/what/*"}}, {where: "pull/withdrawal", may: []string{"pull/what", "pull/what/textform"}}, {where: "pull/compact"}, {where: "pull/compact/compacttest"}, {where: "pull/who", may: []string{"pull/compact", "pull/signs"}}, {where: "pull/when", may: said}, {where: "pull/settings", may: said},
		{where: "pull/outside", may: said}, {where: "pull/outside/servertest"}, {where: "pull/people", may: said},
		{where: "pull/catalogue", may: append([]string{"pull/template"}, leaves...)},
		{where: "pull/journal", may: leaves},
		{where: "pull/sheet", may: []string{"pull/settings", "pull/words"}},
		{where: "pull/template", may: []string{"pull/settings", "pull/words"}},
		{where: "pull", may: append([]string{"pull/catalogue", "pull/journal", "pull/template"}, leaves...)},
		{where: "pull/pipeline", may: append([]string{"pull", "pull/catalogue", "pull/journal"}, leaves...)},
		{where: "sources", may: []string{"pull/**"}},
		{where: "sources/fulltext", may: []string{"pull/private", "pull/what/**"}},
		{where: "sources/itemindex", may: []string{"pull/**", "sources", "sources/fulltext", "sources/confidence", "sources/archive/passage"}},
		{where: "sources/recipe/shown", may: []string{"pull/what/**", "sources", "sources/ld", "sources/duration"}},
		{where: "sources/recipe", may: []string{"pull/**", "sources", "sources/crawl", "sources/ld", "sources/fulltext", "sources/recipe/shown", "sources/duration"}},
		{where: "sources/archive/passage", may: []string{"pull/what/**", "sources/confidence"}},
		{where: "sources/archive", may: []string{"pull/**", "sources", "sources/crawl", "sources/ld", "sources/maintext", "sources/fulltext", "sources/newsfeed", "sources/archive/passage"}},
		// A page of questions is answered as written questions are.
		{where: "sources/page", may: append(slices.Clone(shaped), "sources/agenda", "sources/maintext", "sources/text")},
		{where: "sources/calendar", may: []string{"pull/**", "sources", "sources/agenda", "sources/ld"}}, {where: "sources/text", may: []string{"pull/**", "sources", "sources/ld"}},
		{where: "sources/jsonapi", may: shaped}, {where: "sources/quote", may: shaped}, {where: "sources/sqldb", may: shaped}, {where: "sources/table", may: append(slices.Clone(shaped), "sources/agenda")}, {where: "sources/hook", may: shaped},
		{where: "sources/shape", may: []string{"pull/**", "sources", "sources/agenda", "sources/duration"}}, {where: "sources/agenda", may: []string{"pull/**", "sources"}},
		{where: "sources/feed", may: []string{"pull/**", "sources", "sources/shape", "sources/places", "sources/newsfeed"}},
		{where: "sources/*", may: []string{"pull/**", "sources", "sources/fulltext"}},
		{where: "store", may: []string{"pull/**", "store/internal/readercache", "store/internal/snapshot"}},
		{where: "store/**", may: []string{"pull/**", "store", "store/internal/**"}},
		{where: "web/messengers", may: []string{"pull/**"}},
		{where: "web/messengers/messengertest/metatest", may: append([]string{"web/messengers/messengertest"}, kind...)},
		{where: "web/messengers/whatsapp", may: meta}, {where: "web/messengers/messenger", may: meta}, {where: "web/messengers/instagram", may: meta},
		{where: "web/messengers/*", may: kind},
		{where: "web/messengers/messengertest/kinds/**", may: kind},
		{where: "web/console", may: []string{"pull/**", "web/messengers"}},
		{where: "web/packed"},
		{where: "web/console/pages", may: []string{"pull/**", "web/packed"}},
		{where: "web/console/presignin"},
		{where: "web/console/zones", may: []string{"pull/**"}},
		{where: "web/console/accounts", may: []string{"pull/**", "web/console", "web/console/accounts/passkey"}},
		{where: "web/console/accounts/passkey", may: []string{"pull/people"}},
		{where: "web/console/undo", may: []string{"pull/**", "web/console"}},
		{where: "web/console/corrections", may: []string{"pull/**", "web/console"}},
		{where: "web/console/profile", may: []string{"pull/**", "web/messengers", "web/console"}},
		{where: "web/console/api", may: []string{"pull/**", "web/messengers", "web/console"}},
		{where: "web/console/site", may: []string{"pull/**", "web/messengers", "web/console", "web/console/accounts", "web/console/accounts/passkey", "web/console/presignin", "web/console/profile", "web/console/undo", "web/console/corrections", "web/console/pages", "web/console/zones", "web/links", "web/proofs", "web/alarms", "web/desk"}},
		{where: "web/proofs", may: []string{"pull/**", "web/messengers", "web/console"}},
		{where: "web/clicks", may: []string{"pull/**", "web/messengers"}},
		{where: "web/links", may: []string{"pull/**", "web/messengers", "web/console"}},
		{where: "web/alarms", may: []string{"pull/**", "web/messengers", "web/console"}},
		{where: "web/desk", may: []string{"pull/**", "web/messengers", "web/console"}},
		{where: "web/bridges/bridgetest", may: []string{"pull/**", "web/messengers", "web/desk"}},
		{where: "web/bridges/*", may: []string{"pull/**", "web/messengers", "web/messengers/httpapi", "web/desk"}},
		{where: "web/console/consoletest", may: []string{"pull/**", "web/console"}},
		{where: "web/console/api/apitest"},
		{where: "web/browsertest"}, {where: "web/console/pages/pagestest", may: []string{"web/browsertest"}},
		{where: "web", may: []string{"pull/**", "web/messengers", "web/packed"}},
		{where: "cmd/keypull/machine", may: []string{"pull/private", "pull/words"}},
		{where: "cmd/keypull/cli", may: []string{"pull/**", "store/**", "web/console", "cmd/keypull/safe"}},
		{where: "cmd/keypull/config", may: []string{"pull/**", "sources", "store", "web/messengers", "web/desk", "cmd/keypull/cli"}},
		{where: "cmd/keypull/config/configtest", may: []string{"pull/**", "web/messengers", "cmd/keypull/config"}},
		{where: "cmd/keypull/eval", may: []string{"pull/what", "pull/what/**", "pull/words", "cmd/keypull/cli"}},
		{where: "cmd/keypull/bench", may: []string{"pull/**", "store/**", "web/console/presignin", "web/console/site", "cmd/keypull/cli", "cmd/keypull/machine", "cmd/keypull/standby"}},
		{where: "deploy"}, {where: "docs/examples"},
		{where: "cmd/**", may: []string{"pull/**", "sources/**", "store/**", "web/**", "cmd/**"}},
	}
}

// homes lists the rooms of every library that the binary may be built from. A
// library that stands here not at all has no business in it.
func homes() map[string][]string {
	return map[string][]string{
		"code.dny.dev/ssrf":                               {"pull/outside"},
		"codeberg.org/readeck/go-readability":             {"sources/maintext"},
		"filippo.io/age":                                  {"cmd/keypull/backup", "cmd/keypull/config"},
		"github.com/minio/minio-go/v7":                    {"cmd/keypull/backup"},
		"github.com/prometheus/client_golang":             {"cmd/keypull/metrics"},
		"github.com/prometheus/client_model":              {"cmd/keypull/metrics"},
		"github.com/prometheus/common":                    {"cmd/keypull/metrics"},
		"github.com/KimMachineGun/automemlimit":           {"cmd/**"},
		"github.com/andybalholm/cascadia":                 {"sources/page", "sources/archive"},
		"github.com/andybalholm/brotli":                   {"pull/outside", "sources/sourcetest"},
		"github.com/blevesearch/snowballstem":             {"pull/what/stem"},
		"github.com/chromedp/cdproto":                     {"web/console/pages/pagestest"},
		"github.com/chromedp/chromedp":                    {"web/browsertest", "web/console/pages/pagestest"},
		"github.com/coder/websocket":                      {"pull/outside"},
		"github.com/emersion/go-imap/v2":                  {"web/messengers/email"},
		"github.com/emersion/go-message":                  {"web/messengers/email"},
		"github.com/emersion/go-sasl":                     {"web/messengers/email"},
		"github.com/emersion/go-smtp":                     {"web/messengers/email"},
		"github.com/go-sql-driver/mysql":                  {"sources/sqldb"},
		"github.com/go-webauthn/webauthn":                 {"web/console/accounts/passkey"},
		"github.com/gofiber/fiber/v2":                     {"web", "web/console", "cmd/keypull/bench"},
		"github.com/gofiber/fiber/v2/middleware/adaptor":  {"web"},
		"github.com/gofiber/fiber/v2/middleware/recover":  {"web"},
		"github.com/google/go-cmp":                        {"store/storetest", "web/messengers/messengertest"},
		"github.com/klauspost/compress":                   {"cmd/keypull/backup", "pull/outside", "sources/sourcetest"},
		"github.com/jackc/pgx/v5":                         {"sources/sqldb", "store/postgres", "cmd/keypull/bench"},
		"github.com/maypok86/otter/v2":                    {"pull", "pull/pipeline", "store"},
		"github.com/mmcdole/gofeed":                       {"sources/newsfeed"},
		"github.com/modelcontextprotocol/go-sdk":          {"web/messengers/mcp"},
		"github.com/ohler55/ojg":                          {"sources/jsonpath"},
		"github.com/pelletier/go-toml/v2":                 {"cmd/**"},
		"github.com/boombuler/barcode":                    {"web/links"},
		"github.com/golang-jwt/jwt/v5":                    {"web/messengers/teams"},
		"github.com/google/uuid":                          {"web/links"},
		"github.com/rivo/uniseg":                          {"web/messengers", "web/messengers/messengertest"},
		"github.com/robfig/cron/v3":                       {"pull/when", "cmd/**"},
		"github.com/shopspring/decimal":                   {"sources/quote", "sources/recipe", "sources/shape"},
		"github.com/spf13/cobra":                          {"cmd/**"},
		"github.com/spf13/pflag":                          {"cmd/**"},
		"github.com/tidwall/btree":                        {"store/internal/engine"},
		"github.com/valyala/fasthttp":                     {"web"},
		"go.etcd.io/bbolt":                                {"store/internal/engine", "cmd/keypull/bench"},
		"golang.org/x/crypto":                             {"pull/people", "store/**"},
		"golang.org/x/image":                              {"web/messengers/line"},
		"github.com/gogs/chardet":                         {"sources"},
		"golang.org/x/net":                                {"sources/**", "web/messengers/email", "web/messengers/matrix", "web/bridges/channel", "web/clicks"},
		"golang.org/x/sync":                               {"pull/outside", "sources/**", "cmd/**"},
		"golang.org/x/sys":                                {"pull/private", "store/**", "cmd/**"},
		"golang.org/x/text":                               {"pull/**", "sources/**", "web/messengers", "web/messengers/email", "web/console/**"},
		"github.com/teambition/rrule-go":                  {"sources/calendar"},
		"golang.org/x/time":                               {"pull/outside", "web/messengers"},
		"github.com/santhosh-tekuri/jsonschema/v6":        {"web/console/api/apitest"},
		"modernc.org/sqlite":                              {"sources/fulltext", "sources/sqldb"},
		"pgregory.net/rapid":                              {"pull/compact/compacttest", "store/storetest", "web/console/api/apitest"},
		"github.com/gofiber/fiber/v2/middleware/cache":    nil,
		"github.com/gofiber/fiber/v2/middleware/cors":     nil,
		"github.com/gofiber/fiber/v2/middleware/proxy":    nil,
		"github.com/gofiber/fiber/v2/middleware/compress": nil,
	}
}

const module = "keypull"

// house returns the packages of this module, tests aside, as go list tells them.
func house(t *testing.T) []listed {
	t.Helper()
	return goList(t, "./...")
}

func goList(t *testing.T, args ...string) []listed {
	t.Helper()
	out := goTool(t, append([]string{"list", "-json=ImportPath,Name,Dir,Doc,Imports,GoFiles,TestGoFiles,XTestGoFiles"}, args...)...)
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// goTool runs the go command at the root of the module.
func goTool(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...) //nolint:gosec // the arguments stand in this file
	cmd.Dir = filepath.Join("..", "..")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return out
}

// below returns a package's path within the module; false for one outside it.
func below(importPath string) (string, bool) {
	return strings.CutPrefix(importPath, module+"/")
}

func fits(pattern, path string) bool {
	if folder, ok := strings.CutSuffix(pattern, "/**"); ok {
		return path == folder || strings.HasPrefix(path, folder+"/")
	}
	if folder, ok := strings.CutSuffix(pattern, "/*"); ok {
		rest, below := strings.CutPrefix(path, folder+"/")
		return below && !strings.Contains(rest, "/")
	}
	return pattern == path
}

func fitsAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return fits(pattern, path) })
}

// layers finds imports that go up or sideways.
func layers(p listed) (problems []string) {
	path, ours := below(p.ImportPath)
	if !ours {
		return nil
	}
	i := slices.IndexFunc(rooms(), func(r room) bool { return fits(r.where, path) })
	if i < 0 {
		return []string{path + " has no room in the house: add one, and say what it may lean on"}
	}
	for _, imported := range p.Imports {
		lower, ours := below(imported)
		if ours && !fitsAny(rooms()[i].may, lower) {
			problems = append(problems, path+" must not import "+lower)
		}
	}
	return problems
}

// libraries finds libraries outside their home.
func libraries(p listed) (problems []string) {
	path, _ := below(p.ImportPath)
	for _, imported := range p.Imports {
		if _, ours := below(imported); ours || standard(imported) {
			continue
		}
		name, ok := library(imported)
		switch {
		case !ok:
			problems = append(problems, fmt.Sprintf("%s imports %s, which has no home in the house", path, imported))
		case !fitsAny(homes()[name], path):
			problems = append(problems, fmt.Sprintf("%s must not import %s; its home is %s", path, imported, homes()[name]))
		}
	}
	return problems
}

// library returns the longest entry of homes that an import belongs to.
func library(imported string) (name string, ok bool) {
	for known := range homes() {
		if fits(known+"/**", imported) && len(known) > len(name) {
			name, ok = known, true
		}
	}
	// A middleware is a decision of its own, not a part of the library.
	const middleware = "github.com/gofiber/fiber/v2/middleware/"
	return name, ok && strings.HasPrefix(imported, middleware) == strings.HasPrefix(name, middleware)
}

// standard says whether an import is the standard library's: only its paths
// have no dot in their first part.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// shipped finds what belongs to tests among all that the binary is built from.
func shipped(p listed) (problems []string) {
	_, ours := below(p.ImportPath)
	suite := ours && strings.HasSuffix(p.ImportPath, "test")
	tool := fitsAny([]string{"github.com/chromedp/**", "github.com/google/go-cmp/**", "pgregory.net/rapid/**", "go.uber.org/goleak/**", "github.com/santhosh-tekuri/jsonschema/**"}, p.ImportPath)
	if suite || tool {
		return []string{"the binary holds " + p.ImportPath + ", which is for tests"}
	}
	return nil
}

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range house(t) {
		expectNone(t, layers(p))
	}
}

func TestLibrariesStayAtHome(t *testing.T) {
	for _, p := range house(t) {
		expectNone(t, libraries(p))
	}
}

func TestTheBinaryHoldsNoTests(t *testing.T) {
	for _, p := range goList(t, "-deps", "./cmd/keypull") {
		expectNone(t, shipped(p))
	}
}

func expectNone(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}

func TestTheRulesOfImportsFindWhatIsPlanted(t *testing.T) {
	tests := []struct {
		name, from, imported string
		rule                 func(listed) []string
		wrong                bool
	}{
		{"a leaf may not lean on a leaf", "pull/who", "keypull/pull/what", layers, true},
		{"a leaf may not lean on the verb", "pull/outside", "keypull/pull", layers, true},
		{"a leaf of understanding may not lean on what decides", "pull/what/slot", "keypull/pull/what", layers, true},
		{"stems know nothing of what words do", "pull/what/stem", "keypull/pull/what/speech", layers, true},
		{"forms of texts know no languages", "pull/what/textform", "keypull/pull/what/languages", layers, true},
		{"what decides leans on its leaves", "pull/what", "keypull/pull/what/stem", layers, false},
		{"the catalogue leans on leaves", "pull/catalogue", "keypull/pull/what", layers, false},
		{"the catalogue may not lean on the journal", "pull/catalogue", "keypull/pull/journal", layers, true},
		{"the verb may not lean on its life", "pull", "keypull/pull/pipeline", layers, true},
		{"the life of an ask leans on the verb", "pull/pipeline", "keypull/pull", layers, false},
		{"a source may not lean on the store", "sources/feed", "keypull/store", layers, true},
		{"a source leans on the contract of sources", "sources/feed", "keypull/sources", layers, false},
		{"a source may not lean on another", "sources/feed", "keypull/sources/recipe", layers, true},
		{"the contract of sources may not lean on a kind", "sources", "keypull/sources/feed", layers, true},
		{"a back end leans on the contract of stores", "store/bolt", "keypull/store", layers, false},
		{"a back end may not lean on another", "store/bolt", "keypull/store/mem", layers, true},
		{"the store may not lean on the web", "store", "keypull/web", layers, true},
		{"a messenger may not lean on another", "web/messengers/telegram", "keypull/web/messengers/webchat", layers, true},
		{"a messenger may not lean on a source", "web/messengers/telegram", "keypull/sources", layers, true},
		{"the web may not lean on a kind", "web", "keypull/web/messengers/webchat", layers, true},
		{"the console may not lean on the store", "web/console", "keypull/store", layers, true},
		{"a face of the console may not lean on another", "web/console/api", "keypull/web/console/site", layers, true},
		{"how pages look knows no operations", "web/console/pages", "keypull/web/console", layers, true},
		{"what is done leans on nobody's account", "web/console", "keypull/web/console/accounts", layers, true},
		{"people are a leaf", "pull/people", "keypull/pull", layers, true},
		{"nobody leans on the command", "web", "keypull/cmd/keypull/demo", layers, true},
		{"the command leans on everything", "cmd/keypull", "keypull/store/bolt", layers, false},
		{"every package has a room", "pull/helpers", "fmt", layers, true},
		{"the web server has its home in web", "web", "github.com/gofiber/fiber/v2", libraries, false},
		{"the web server may not enter a messenger", "web/messengers/telegram", "github.com/gofiber/fiber/v2", libraries, true},
		{"the web server may not enter the resolver", "pull", "github.com/gofiber/fiber/v2/utils", libraries, true},
		{"a middleware with a history is kept out", "web", "github.com/gofiber/fiber/v2/middleware/cors", libraries, true},
		{"a middleware must be let in by name", "web", "github.com/gofiber/fiber/v2/middleware/session", libraries, true},
		{"the database has its home in the engine", "store/internal/engine", "go.etcd.io/bbolt/errors", libraries, false},
		{"the database may not enter a source", "sources/feed", "go.etcd.io/bbolt", libraries, true},
		{"feeds are read in sources/newsfeed", "sources/recipe", "github.com/mmcdole/gofeed", libraries, true},
		{"schedules are read in pull/when", "sources/feed", "github.com/robfig/cron/v3", libraries, true},
		{"tokens are checked in web/messengers/teams", "web/messengers", "github.com/golang-jwt/jwt/v5", libraries, true},
		{"a library whose name only begins alike is another", "sources/newsfeed", "github.com/mmcdole/gofeedling", libraries, true},
		{"a library without a home is kept out", "web", "github.com/gorilla/websocket", libraries, true},
		{"the standard library is at home everywhere", "pull/what", "net/http", libraries, false},
		{"a suite is not shipped", "sources/sourcetest", "", shipped, true},
		{"a kind is shipped", "sources/feed", "", shipped, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := listed{ImportPath: module + "/" + tt.from, Imports: []string{tt.imported}}
			if problems := tt.rule(p); (len(problems) > 0) != tt.wrong {
				t.Errorf("the rule found %v", problems)
			}
		})
	}
}
