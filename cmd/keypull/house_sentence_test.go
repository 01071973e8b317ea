package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unspoken lists where English sentences may stand in code, by file or folder,
// and why.
func unspoken() map[string]string {
	return map[string]string{
		"cmd/keypull/bench/":            "figures for developers",
		"cmd/keypull/demo":              "the demo's world is English, its console has its own languages",
		"cmd/keypull/metrics/":          "what metrics are, which is documentation",
		"cmd/keypull/config/example.go": "the example file, which is documentation",
		"web/console/api/document.go":   "the OpenAPI document, which is documentation",
		"web/console/api/responses.go":  "the OpenAPI document, which is documentation",
		"pull/what/languages/check.go":  "for whoever writes a language's folder, in a test",
	}
}

// An English sentence for people that stands in code is one that nobody reads in
// French, German or Spanish.
func TestNoSentenceForPeopleStandsInCode(t *testing.T) {
	root := filepath.Join("..", "..")
	used := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasSuffix(d.Name(), "test") || strings.HasPrefix(d.Name(), ".") && name != "."):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, said := range sentences(file) {
			if place := allowed(name); place != "" {
				used[place] = true
				continue
			}
			t.Errorf("%s says %q: put it into pull/words, or a kind's own words, and name its key here", name, said)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for place := range unspoken() {
		if !used[place] {
			t.Errorf("%s says nothing in English: take it from the table", place)
		}
	}
}

func allowed(name string) string {
	for place := range unspoken() {
		if strings.HasPrefix(name, place) {
			return place
		}
	}
	return ""
}

func TestSentencesAreFoundInCode(t *testing.T) {
	for code, want := range map[string]bool{
		`problem(c, Problem{Detail: "There is no chat"})`:                                                                    true,
		`http.Error(w, "Only GET and HEAD", 405)`:                                                                            true,
		`return "The text is longer than 4,000 characters."`:                                                                 true,
		`return fmt.Errorf("--days %d: write a number from 1 to %d", f.days, most)`:                                          true,
		`return errors.New("made with another key; put that one back")`:                                                      true,
		`return "The text is longer" + " than it may be."`:                                                                   true,
		`return fmt.Errorf("read the key file: %w", err)`:                                                                    false,
		`logger.Warn("The store is nearly full; make room for more.")`:                                                       false,
		`n.Logger.With("a", 1).Error("One source could not be opened, the rest is served.")`:                                 false,
		`panic("This can never happen, as it was checked.")`:                                                                 false,
		`return &cobra.Command{Use: "x", Short: "Find everything that is wrong.", Long: "It reads the file and tells all."}`: false,
		`cmd.Flags().BoolVar(&all, "all", false, "All of the letters of it.")`:                                               false,
		`return &Operation{Summary: "List all of the sources.", Help: "A page at a time, and more."}`:                        false,
		`return words.Fail(nil, "store.full", nil)`:                                                                          false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f() any {\n"+code+"\nreturn nil\n}", 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := sentences(file); (len(found) > 0) != want {
			t.Errorf("%s: found %q", code, found)
		}
	}
}

// sentences lists the literals of a file that are English sentences for people:
// those that look like one, and whatever is handed to where people read.
func sentences(file *ast.File) (all []string) {
	var visit func(n ast.Node, where string)
	visit = func(n ast.Node, where string) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec, *ast.Field:
				return false // paths, and tags, which are the English of a form
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok {
					visit(n.Value, key.Name)
					return false
				}
			case *ast.CallExpr:
				called := callee(n.Fun)
				visit(n.Fun, where)
				for _, arg := range n.Args {
					visit(arg, called)
				}
				return false
			case *ast.BinaryExpr:
				if text, ok := joined(n); ok {
					if isSentence(text, where) {
						all = append(all, text)
					}
					return false
				}
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && isSentence(text, where) {
					all = append(all, text)
				}
			}
			return true
		})
	}
	for _, d := range file.Decls {
		visit(d, "")
	}
	return all
}

// callee returns what is called: "Errorf", "Logger.Warn", "Flags.BoolVar".
func callee(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if before := callee(e.X); before != "" {
			return before + "." + e.Sel.Name
		}
		return e.Sel.Name
	case *ast.CallExpr:
		return callee(e.Fun)
	}
	return ""
}

// joined returns a text that is written in parts.
func joined(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := joined(e.X)
		right, also := joined(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	}
	return "", false
}

var (
	// English is told from a key, a pattern or an address by its words.
	word = regexp.MustCompile(`^[("“]?[A-Za-z][a-z'-]*[,;:.!?)"”]*$`)
	// Documentation: help of commands, of operations in the OpenAPI document, and of kinds,
	// whose words are translated by the name of their field.
	documents = strings.Fields("Use Short Long Example Summary Help Title Label Doc Head")
	// What goes to a log, or to whoever wrote the code.
	logged = regexp.MustCompile(`(?i)(^|\.)(panic|(s?log|logger)(\.with)?\.(debug|info|warn|error|errorcontext)|flags\.\w+|caught|(run)?steadily|mustcompile|\w*fields)$`)
	// Where people read.
	told = regexp.MustCompile(`(^|\.)(Detail|Hint|Message|Text|Err|Error|add|Finding|Exit|http\.Error)$`)
	// An error that says what to do.
	advice = regexp.MustCompile(`[;:] (?:write|choose|use|run|put|give|say|stop|enter|try|look|start|set|take|send|leave|add|list|end|name (?:a|the)|make room|it may) `)
)

func isSentence(text, where string) bool {
	if slices.Contains(documents, where) || logged.MatchString(where) || strings.HasPrefix(text, "{") {
		return false
	}
	count := 0
	for _, w := range strings.Fields(text) {
		if word.MatchString(w) {
			count++
		}
	}
	const few, some = 1, 4
	switch {
	case told.MatchString(where) && count > few && strings.Contains(text, " "):
		return true
	case advice.MatchString(text):
		return true
	}
	first := text[:min(1, len(text))]
	return count >= some && first >= "A" && first <= "Z" && strings.ContainsAny(text[len(text)-1:], ".!?:\n")
}
