package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull/what/languages"
)

// TestALanguageIsOneFolder lays the folder of a language that keypull does not
// know over the source tree, and asks there what is understood of it.
func TestALanguageIsOneFolder(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	o := overlay{t: t, root: root, folder: t.TempDir(), replace: map[string]string{}}
	own := filepath.Join("testdata", "language")
	files, err := filepath.Glob(filepath.Join(own, "eo", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	if err := languages.Check(os.DirFS(own)); err != nil {
		t.Error(err)
	}
	for _, file := range append(files, filepath.Join(own, "understood_test.go")) {
		text, err := os.ReadFile(file) //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		folder := "pull/what/"
		if strings.HasSuffix(file, ".txt") {
			folder += "languages/eo/"
		}
		o.put(folder+filepath.Base(file), string(text))
	}
	const tables = "pull/what/languages/tables.bin"
	compiled := filepath.Join(o.folder, "tables.bin")
	goTool(t, "run", "-overlay", o.file(), "./pull/what/languages/compile", "-o", compiled)
	o.replace[filepath.Join(root, filepath.FromSlash(tables))] = compiled
	o.passes("pull/what", "TestEsperantoIsUnderstood")
}
