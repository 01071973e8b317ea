package main_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateGlossary = flag.Bool("update-glossary", false, "write the tables of docs/glossary.md anew")

// glossaryMark stands between what people write and what the code says.
const glossaryMark = "<!-- From here on by the code: make reference -->\n"

// Limits of a room.
const (
	maxFiles   = 46
	maxMethods = 48
)

// parsed is a package of this module with its declarations, tests aside.
type parsed struct {
	listed

	docs *doc.Package
}

// parseHouse reads every package but those of plug-ins that only tests use.
func parseHouse(t *testing.T) []parsed {
	t.Helper()
	var all []parsed
	for _, p := range house(t) {
		set := token.NewFileSet()
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		docs, err := doc.NewFromFiles(set, files, p.ImportPath, doc.AllDecls|doc.PreserveAST)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, parsed{p, docs})
	}
	return all
}

// glossary is the exported types of every package, each with its first sentence.
func glossary(t *testing.T, packages []parsed) string {
	t.Helper()
	var b strings.Builder
	for _, p := range packages {
		var lines []string
		for _, typ := range p.docs.Types {
			if !token.IsExported(typ.Name) {
				continue
			}
			sentence := strings.Join(strings.Fields(p.docs.Synopsis(typ.Doc)), " ")
			if sentence == "" {
				t.Errorf("%s: %s has no sentence of its own", p.ImportPath, typ.Name)
			}
			lines = append(lines, "| `"+typ.Name+"` | "+strings.ReplaceAll(sentence, "|", `\|`)+" |\n")
		}
		if len(lines) > 0 {
			fmt.Fprintf(&b, "\n### %s\n\n| type | what it is |\n| --- | --- |\n%s", strings.TrimPrefix(p.ImportPath, module+"/"), strings.Join(lines, ""))
		}
	}
	return b.String()
}

func TestGlossaryIsCurrent(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "glossary.md")
	committed, err := os.ReadFile(path) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	head, tables, found := strings.Cut(string(committed), glossaryMark)
	if !found {
		t.Fatalf("docs/glossary.md lacks the line %q", glossaryMark)
	}
	want := glossary(t, parseHouse(t))
	if *updateGlossary {
		if err := os.WriteFile(path, []byte(head+glossaryMark+want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(tables, want); diff != "" {
		t.Errorf("write it anew by: make reference\n%s", diff)
	}
}

// ownMethods counts the methods that are declared for a type, and not those of
// what is embedded in it.
func ownMethods(typ *doc.Type) int {
	n := 0
	for _, m := range typ.Methods {
		if m.Level == 0 {
			n++
		}
	}
	return n
}

func TestRoomsStaySmall(t *testing.T) {
	for _, p := range parseHouse(t) {
		if n := len(p.GoFiles); n > maxFiles {
			t.Errorf("%s has %d files; part it: %d at most", p.ImportPath, n, maxFiles)
		}
		for _, typ := range p.docs.Types {
			if n := ownMethods(typ); n > maxMethods {
				t.Errorf("%s.%s has %d methods; part it: %d at most", p.ImportPath, typ.Name, n, maxMethods)
			}
		}
	}
}

func TestARoomThatIsTooLargeIsFound(t *testing.T) {
	set := token.NewFileSet()
	var src strings.Builder
	src.WriteString("package p\ntype T struct{}\n")
	for i := range maxMethods + 1 {
		fmt.Fprintf(&src, "func (*T) m%d() {}\n", i)
	}
	f, err := parser.ParseFile(set, "p.go", src.String(), parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := doc.NewFromFiles(set, []*ast.File{f}, "p", doc.AllDecls)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(docs.Types, func(typ *doc.Type) bool { return typ.Name == "T" })
	if i < 0 || ownMethods(docs.Types[i]) != maxMethods+1 {
		t.Errorf("the methods of T were not counted: %+v", docs.Types)
	}
}
