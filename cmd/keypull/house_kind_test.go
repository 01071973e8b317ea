package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// proper are the kinds whose names mean nothing else: "page" and "line" do, in
// every second file.
var proper = regexp.MustCompile(`\b(telegram|whatsapp|discord|slack|viber|wechat|alexa|webchat|instagram|sms-twilio|sms-kannel|mcp)\b`)

// knowsKinds reports whether a file may name kinds: one of a kind's own folder, the
// list of them, a test, the demo, or the bench.
func knowsKinds(path string) bool {
	for _, part := range []string{"_test.go", "/testdata/", "/demo", "/bench", "/eval/", "cmd/keypull/kinds.go"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	parts := strings.Split(path, "/")
	return parts[0] == "sources" && len(parts) > 2 || strings.HasPrefix(path, "web/messengers/") && len(parts) > 3
}

// kindsNamed lists where a file names a kind: a text of Go code, or any word of a
// template, a script or a style sheet. Imports, tags and what help shows as an
// example are none.
func kindsNamed(path string, content []byte) (found []string) {
	if !strings.HasSuffix(path, ".go") {
		for n, line := range strings.Split(string(content), "\n") {
			if name := proper.FindString(line); name != "" {
				found = append(found, fmt.Sprintf("%s:%d: %s", path, n+1, name))
			}
		}
		return found
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, content, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field:
			return false
		case *ast.KeyValueExpr:
			key, ok := n.Key.(*ast.Ident)
			return !ok || key.Name != "Example"
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && proper.MatchString(text) {
				found = append(found, fmt.Sprintf("%s: %s", set.Position(n.Pos()), text))
			}
		}
		return true
	})
	return found
}

func TestNothingKnowsAKindByItsName(t *testing.T) {
	root := filepath.Join("..", "..")
	var problems []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path := filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator)))
		if entry.IsDir() {
			if strings.HasPrefix(entry.Name(), ".") && path != name || slices.Contains([]string{"docs", "deploy", "node_modules", "testdata"}, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".html", ".css", ".js", ".svg"}, filepath.Ext(path)) || knowsKinds(path) {
			return nil
		}
		content, err := os.ReadFile(name) //nolint:gosec // a file of this repository
		if err != nil {
			return err
		}
		problems = append(problems, kindsNamed(path, content)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	expectNone(t, problems)
}

func TestAKindThatIsNamedIsFound(t *testing.T) {
	for path, content := range map[string]string{
		"web/a.go":   "package web\n\nfunc f(kind string) bool { return kind == \"telegram\" }\n",
		"web/a.css":  `.preview[data-channel="telegram"] { color: red }`,
		"web/a.html": `{{if eq .Kind "sms-twilio"}}billed{{end}}`,
	} {
		if len(kindsNamed(path, []byte(content))) != 1 {
			t.Errorf("%s passes", path)
		}
	}
	honest := "package web\n\nimport _ \"keypull/web/messengers/telegram\"\n\nvar c = command{Example: \"--kind telegram\"}\n"
	if found := kindsNamed("web/a.go", []byte(honest)); len(found) > 0 {
		t.Errorf("found %q", found)
	}
}
