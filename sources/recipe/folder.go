package recipe

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
)

// readFolder goes through the files of the folder and those below it; links
// that lead out of it are not followed.
func (s *source) readFolder(ctx context.Context, b *collector) error {
	root, err := os.OpenRoot(s.folder)
	if err != nil {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "folder", Hint: own.Text("folder_closed", nil), Err: err}
	}
	defer func() { _ = root.Close() }()
	var refs []crawl.Ref
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			b.Record(&crawl.Visit{Address: name, Err: fmt.Errorf("the file cannot be read: %w", err)}, b.addPage)
			return nil
		}
		if !entry.IsDir() && isRecipeFile(name) {
			refs = append(refs, crawl.Ref{URL: name, Stamp: stampOf(entry)})
		}
		return nil
	})
	if err != nil {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "folder", Hint: own.Text("folder_unlisted", nil), Err: err}
	}
	b.List(0, refs)
	due, again := b.Turns()
	for _, name := range append(due, again...) {
		if ctx.Err() != nil {
			break
		}
		v := b.Visiting(name)
		s.readFile(ctx, root, v)
		b.Record(v, b.addPage)
	}
	return nil
}

// stampOf tells a file from what it was before; "" if it has no stamp.
func stampOf(entry fs.DirEntry) string {
	info, err := entry.Info()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d-%d", info.ModTime().UnixNano(), info.Size())
}

// isRecipeFile reports whether a file of the folder may hold recipes.
func isRecipeFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".json", ".jsonld":
		return !strings.HasPrefix(path.Base(name), ".")
	}
	return false
}

// readFile reads the recipes of a file.
func (s *source) readFile(ctx context.Context, root *os.Root, v *crawl.Visit) {
	var body []byte
	f, err := root.Open(v.Address)
	if err == nil {
		body, _, err = sources.ReadOpened(f, maxPageBytes, "")
	}
	if err != nil {
		v.Err = &pull.Error{Kind: pull.Unusable, Op: op, Hint: own.Text("file_unreadable", words.Args{"reason": err.Error()}), Err: err}
		return
	}
	s.parsePage(ctx, v, document{body: body, id: v.Address}, true)
}
