package main_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// file is one file of the house.
type file struct {
	// path is relative to the module, room the package's path below it.
	path, room string
	set        *token.FileSet
	syntax     *ast.File
}

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f file) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.set.Position(n.Pos()).Line)
}

// files parses every file of the house, tests among them.
func files(t *testing.T) []file {
	t.Helper()
	var all []file
	for _, p := range house(t) {
		room, _ := below(p.ImportPath)
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
			f, err := parse(filepath.Join(p.Dir, name), nil)
			if err != nil {
				t.Fatal(err)
			}
			f.path, f.room = room+"/"+name, room
			all = append(all, f)
		}
	}
	return all
}

func parse(name string, text any) (file, error) {
	f := file{path: name, set: token.NewFileSet()}
	var err error
	f.syntax, err = parser.ParseFile(f.set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return f, err
}

// initialised finds what runs before main: plug-ins stand in a list, and
// nothing is set up behind a reader's back.
func initialised(f file) (problems []string) {
	for _, d := range f.syntax.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			problems = append(problems, f.at(fn)+": init is not used here; call it where it is needed")
		}
	}
	return problems
}

// requests returns the names by which a request leaves the process.
func requests() map[string][]string {
	return map[string][]string{
		"net/http": {"Client", "DefaultClient", "DefaultTransport", "Transport", "Get", "Head", "Post", "PostForm",
			"NewRequest", "NewRequestWithContext", "RoundTripper"},
		"github.com/valyala/fasthttp": {"Client", "HostClient", "PipelineClient", "Get", "GetTimeout", "Post", "Do", "DoTimeout", "Dial", "DialTimeout"},
		"github.com/gofiber/fiber/v2": {"Client", "AcquireClient", "AcquireAgent", "Get", "Head", "Post", "Put", "Patch", "Delete"},
	}
}

// clients finds a way out of the process beside the guarded one. Tests and the
// suites speak to servers of their own, and bench to the server it measures.
func clients(f file) (problems []string) {
	if f.room == "pull/outside" || f.room == "cmd/keypull/bench" || f.test() || strings.HasSuffix(f.room, "test") {
		return nil
	}
	imported := map[string]string{}
	for _, i := range f.syntax.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		name := packageName(path)
		if i.Name != nil {
			name = i.Name.Name
		}
		imported[name] = path
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && slices.Contains(requests()[imported[x.Name]], s.Sel.Name) {
			problems = append(problems, fmt.Sprintf("%s: %s.%s goes around the guard of pull/outside", f.at(s), x.Name, s.Sel.Name))
		}
		return true
	})
	return problems
}

// packageName returns the name that a path is known by where no other is given.
func packageName(path string) string {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" && len(parts) > 1 {
		return parts[len(parts)-2]
	}
	return last
}

// named finds packages without a sign at the door, or with one that says
// nothing.
func named(p listed) (problems []string) {
	if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "lib"}, p.Name) {
		problems = append(problems, p.ImportPath+": name the package for what is in it, not "+p.Name)
	}
	if p.Doc == "" {
		problems = append(problems, p.ImportPath+" lacks a package comment that says what it is for and what it leaves alone")
	}
	return problems
}

func TestNothingRunsBeforeMain(t *testing.T) {
	for _, f := range files(t) {
		expectNone(t, initialised(f))
	}
}

func TestRequestsLeaveThroughTheGuardedClientAlone(t *testing.T) {
	for _, f := range files(t) {
		expectNone(t, clients(f))
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range house(t) {
		expectNone(t, named(p))
	}
}

func TestTheRulesOfSourceFindWhatIsPlanted(t *testing.T) {
	tests := []struct {
		name, path, text string
		rule             func(file) []string
		wrong            bool
	}{
		{"an init", "pull/a.go", "package pull\n\nfunc init() {}\n", initialised, true},
		{"a method called init", "pull/a.go", "package pull\n\ntype a int\n\nfunc (a) init() {}\n", initialised, false},
		{"a client in a source", "sources/feed/a.go", "package feed\n\nimport \"net/http\"\n\nvar c http.Client\n", clients, true},
		{"a get by another name", "sources/feed/a.go", "package feed\n\nimport web \"net/http\"\n\nvar _, _ = web.Get(\"\")\n", clients, true},
		{"the fast client", "web/a.go", "package web\n\nimport \"github.com/valyala/fasthttp\"\n\nvar c fasthttp.HostClient\n", clients, true},
		{"the agent of the web server", "web/a.go", "package web\n\nimport \"github.com/gofiber/fiber/v2\"\n\nvar a = fiber.AcquireAgent()\n", clients, true},
		{"a status in a source", "sources/feed/a.go", "package feed\n\nimport \"net/http\"\n\nvar s = http.StatusOK\n", clients, false},
		{"a get of something else", "sources/feed/a.go", "package feed\n\nvar _ = http.Get\n", clients, false},
		{"the guarded client itself", "pull/outside/a.go", "package outside\n\nimport \"net/http\"\n\nvar c http.Client\n", clients, false},
		{"a client in a test", "web/a_test.go", "package web\n\nimport \"net/http\"\n\nvar c http.Client\n", clients, false},
		{"a client in the measuring", "cmd/keypull/bench/load.go", "package bench\n\nimport \"net/http\"\n\nvar c http.Client\n", clients, false},
		{"a client in the command", "cmd/keypull/demo.go", "package main\n\nimport \"net/http\"\n\nvar c http.Client\n", clients, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := parse(tt.path, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			f.room = filepath.ToSlash(filepath.Dir(tt.path))
			if problems := tt.rule(f); (len(problems) > 0) != tt.wrong {
				t.Errorf("the rule found %v", problems)
			}
		})
	}
	for _, p := range []listed{{Name: "util", Doc: "Package util."}, {Name: "what"}} {
		if len(named(p)) == 0 {
			t.Errorf("nothing is wrong with %+v", p)
		}
	}
}

// oldest returns the versions below which a library has a hole that matters here.
func oldest() map[string]string {
	return map[string]string{
		// Panics on hostile bodies, session fixation, spoofed addresses.
		"github.com/gofiber/fiber/v2": "v2.52.15",
		// A path encoded twice passed a guard on it.
		"github.com/valyala/fasthttp": "v1.70.0",
		// Style and select elements were let through before.
		"github.com/microcosm-cc/bluemonday": "v1.0.27",
		// Markup that took quadratic time, or for ever, to parse.
		"golang.org/x/net": "v0.45.0",
	}
}

func TestLibrariesAreNotOlderThanTheirLastHole(t *testing.T) {
	var mod struct {
		Require []struct{ Path, Version string }
	}
	if err := json.Unmarshal(goTool(t, "mod", "edit", "-json"), &mod); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, r := range mod.Require {
		found[r.Path] = true
		if least, ok := oldest()[r.Path]; ok && older(r.Version, least) {
			t.Errorf("%s %s is older than %s", r.Path, r.Version, least)
		}
		if strings.HasPrefix(r.Path, "github.com/gofiber/fiber/v3") {
			t.Errorf("%s: the service is built on fiber v2", r.Path)
		}
	}
	for _, needed := range []string{"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp"} {
		if !found[needed] {
			t.Errorf("go.mod does not require %s, so its version is anybody's", needed)
		}
	}
}

func TestOlder(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"v2.52.9", "v2.52.15", true}, {"v2.52.15", "v2.52.15", false}, {"v2.53.0", "v2.52.15", false},
		{"v1.69.0", "v1.70.0", true}, {"v1.70.0-rc.1", "v1.70.0", true}, {"v1.70.0", "v1.70.0-rc.1", false},
	} {
		if got := older(tt.a, tt.b); got != tt.want {
			t.Errorf("older(%s, %s) = %v", tt.a, tt.b, got)
		}
	}
}

// older compares two versions; what comes before a release is older than it.
func older(a, b string) bool {
	releaseA, preA, _ := strings.Cut(strings.TrimPrefix(a, "v"), "-")
	releaseB, preB, _ := strings.Cut(strings.TrimPrefix(b, "v"), "-")
	number := func(parts []string, i int) int {
		if i >= len(parts) {
			return 0
		}
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return 0
		}
		return n
	}
	partsA, partsB := strings.Split(releaseA, "."), strings.Split(releaseB, ".")
	for i := range max(len(partsA), len(partsB)) {
		if x, y := number(partsA, i), number(partsB, i); x != y {
			return x < y
		}
	}
	return preA != "" && preB == ""
}
