package main_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// stationNamed finds a function with its file in the walk of docs/developers/ask.md.
var stationNamed = regexp.MustCompile("`([A-Za-z.]+)`[^`\n]*\\(`([a-z_]+/[a-z/_]+\\.go)`\\)") //nolint:gochecknoglobals // made once

func TestTheStationsOfTheWalkAreThere(t *testing.T) {
	page, err := os.ReadFile("../../docs/developers/ask.md")
	if err != nil {
		t.Fatal(err)
	}
	_, walk, _ := strings.Cut(string(page), "\n## The walk\n")
	walk, _, _ = strings.Cut(walk, "\n## ")
	stations := 0
	for line := range strings.Lines(walk) {
		for _, named := range stationNamed.FindAllStringSubmatch(line, -1) {
			if !declares(t, filepath.Join("..", "..", named[2]), named[1]) {
				t.Errorf("the walk goes by %s, which is not in %s", named[1], named[2])
			}
			if strings.Contains(line, "**") {
				stations++
			}
		}
	}
	if stations != 10 {
		t.Errorf("%d stations, and a walk has ten", stations)
	}
}

// declares reports whether a file declares a function, named as Type.method.
func declares(t *testing.T, file, name string) bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(parsed.Decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && funcName(f) == name
	})
}

func funcName(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	return fmt.Sprint(of) + "." + f.Name.Name
}

// walked are the files of the walk in a package, in its order.
func walked() map[string][]string {
	return map[string][]string{
		"pull/pipeline": {"pipeline.go", "accept.go", "settle.go", "outbox.go", "tend.go", "send.go", "dispatch.go", "finish.go"},
		"pull":          {"resolve.go", "hear.go", "answer.go", "cache.go", "flight.go", "fetch.go", "compose.go", "parts.go"},
	}
}

// goesBack lists the calls that lead back to an earlier station, and why.
func goesBack() map[string]string {
	return map[string]string{
		"pull/pipeline: outbox.restQueue calls outbox.parkQueue": "what a channel did not take waits for it again",
	}
}

func TestNoStationCallsBack(t *testing.T) {
	listed := goesBack()
	for folder, files := range walked() {
		back, err := callsBack(filepath.Join("..", "..", folder), files)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range back {
			if _, known := listed[folder+": "+call]; !known {
				t.Errorf("%s: %s, which is an earlier station", folder, call)
			}
			delete(listed, folder+": "+call)
		}
	}
	for call := range listed {
		t.Errorf("%s goes back no more", call)
	}
}

func TestACallBackIsFound(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"first.go":  "package walk\n\ntype first struct{ second *second }\n\nfunc (f *first) go1() { f.second.go2(f) }\n",
		"second.go": "package walk\n\ntype second struct{}\n\nfunc (s *second) go2(f *first) { f.go1() }\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	back, err := callsBack(folder, []string{"first.go", "second.go"})
	if want := []string{"second.go2 calls first.go1"}; err != nil || !slices.Equal(back, want) {
		t.Fatalf("%q, %v", back, err)
	}
}

// callsBack are the calls of functions in these files of a folder to one in a file
// before theirs.
func callsBack(folder string, files []string) ([]string, error) {
	set := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	uses := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	// What other packages declare is not looked at, so that none has to be read.
	own := types.Config{Importer: nothing{}, Error: func(error) {}}
	_, _ = own.Check(folder, set, all, uses)
	station := func(p token.Pos) int { return slices.Index(files, filepath.Base(set.Position(p).Filename)) }
	var back []string
	for _, f := range all {
		for _, d := range f.Decls {
			from, ok := d.(*ast.FuncDecl)
			if !ok || station(from.Pos()) < 0 {
				continue
			}
			ast.Inspect(from, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				to, isFunc := uses.Uses[id].(*types.Func)
				if !ok || !isFunc || station(to.Pos()) < 0 || station(to.Pos()) >= station(from.Pos()) {
					return true
				}
				name := to.Name()
				if at := to.Signature().Recv(); at != nil {
					if types.IsInterface(at.Type()) {
						return true // a contract is the ground that all stand on
					}
					name = strings.TrimPrefix(types.TypeString(at.Type(), func(*types.Package) string { return "" }), "*") + "." + name
				}
				back = append(back, funcName(from)+" calls "+name)
				return true
			})
		}
	}
	slices.Sort(back)
	return slices.Compact(back), nil
}

// nothing imports no package.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not read") }
