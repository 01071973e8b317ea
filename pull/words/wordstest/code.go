// Package wordstest holds message files against the code that says what stands
// in them: what nobody says, and what is said and stands nowhere.
package wordstest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keypull/pull/words"
)

// Case is one set of message files and the code that says it.
type Case struct {
	Set *words.Set
	// Code lists the folders whose Go files, pages and scripts say the set, all
	// below them included, tests and test data aside.
	Code []string
	// Built lists the beginnings of keys that code puts together.
	Built []string
}

// Run fails for everything that Find finds.
func Run(t *testing.T, c Case) {
	t.Helper()
	unsaid, missing, err := Find(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range unsaid {
		t.Errorf("%q is said nowhere in %v", key, c.Code)
	}
	for _, key := range missing {
		t.Errorf("%q is said in %v, and stands in no message file", key, c.Code)
	}
}

// Find returns every key of the set that neither the code nor another sentence
// names, and every key
// that the code says by words.Text{Key: …}, or by Text, Say or Fail with words.Args
// or nil behind it, and that neither the set nor the core has.
func Find(c Case) (unsaid, missing []string, err error) {
	named, said := map[string]bool{}, map[string]bool{}
	for _, folder := range c.Code {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "testdata":
				return filepath.SkipDir
			case d.IsDir():
				return nil
			}
			return read(path, named, said)
		})
		if err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", folder, err)
		}
	}
	for _, key := range c.Set.Keys("") {
		built := slices.ContainsFunc(c.Built, func(start string) bool { return strings.HasPrefix(key, start) })
		if !named[key] && !built && !c.Set.Named(key) {
			unsaid = append(unsaid, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(said)) {
		if !c.Set.Has(key) && !words.Core().Has(key) {
			missing = append(missing, key)
		}
	}
	return unsaid, missing, nil
}

var quoted = regexp.MustCompile("[\"'`]([a-z][a-z0-9_.-]*)[\"'`]")

// read notes what a file names, and what it says.
func read(path string, named, said map[string]bool) error {
	switch filepath.Ext(path) {
	case ".html", ".js":
		b, err := os.ReadFile(path) //nolint:gosec // a folder that a test names
		for _, m := range quoted.FindAllSubmatch(b, -1) {
			named[string(m[1])] = true
		}
		return err
	case ".go":
	default:
		return nil
	}
	if strings.HasSuffix(path, "_test.go") {
		return nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if text, ok := literal(n); ok {
			named[text] = true
		}
		if key, ok := key(n); ok {
			said[key] = true
		}
		return true
	})
	return nil
}

// key returns what an expression says, where that can be read from it alone.
func key(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if !isWords(n.Type, "Text") {
			return "", false
		}
		for _, e := range n.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok && isName(pair.Key, "Key") {
				return literal(pair.Value)
			}
		}
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.SelectorExpr)
		last := len(n.Args) - 1
		if !ok || last < 1 || !isName(n.Args[last], "nil") && !isArgs(n.Args[last]) {
			return "", false
		}
		if f.Sel.Name == "Text" && last == 1 || f.Sel.Name == "Say" && last == 2 || f.Sel.Name == "Fail" && last == 2 {
			return literal(n.Args[last-1])
		}
	}
	return "", false
}

func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func isArgs(e ast.Expr) bool {
	lit, ok := e.(*ast.CompositeLit)
	return ok && isWords(lit.Type, "Args")
}

func isWords(e ast.Expr, name string) bool {
	s, ok := e.(*ast.SelectorExpr)
	return ok && isName(s.X, "words") && s.Sel.Name == name
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
