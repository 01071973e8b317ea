package recipe

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"keypull/pull"
)

// readFolder goes through the files of the folder and those below it; links
// that lead out of it are not followed.
func (s *source) readFolder(ctx context.Context, b *book) error {
	root, err := os.OpenRoot(s.folder)
	if err != nil {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "folder", Hint: "the folder cannot be opened; check its name and that keypull may read it", Err: err}
	}
	defer func() { _ = root.Close() }()
	files := 0
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			b.add(read{page: name, err: fmt.Errorf("the file cannot be read: %w", err)})
			return nil
		}
		if entry.IsDir() || !wanted(name) {
			return nil
		}
		if files++; files > maxPages {
			b.warnings = append(b.warnings, fmt.Sprintf("the folder has more than %d files; the rest was left out", maxPages))
			return fs.SkipAll
		}
		b.add(s.readFile(ctx, b, root, name))
		return nil
	})
	if err != nil {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "folder", Hint: "the folder cannot be gone through", Err: err}
	}
	return nil
}

func wanted(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".json", ".jsonld":
		return !strings.HasPrefix(path.Base(name), ".")
	}
	return false
}

func (s *source) readFile(ctx context.Context, b *book, root *os.Root, name string) read {
	failed := func(err error) read {
		return read{page: name, err: fmt.Errorf("the file cannot be read: %w", err)}
	}
	f, err := root.Open(name)
	if err != nil {
		return failed(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return failed(err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxPageBytes {
		return failed(fmt.Errorf("it is no plain file of at most %d bytes", maxPageBytes))
	}
	stamp := fmt.Sprintf("%d-%d", info.ModTime().UnixNano(), info.Size())
	if old, items, known := b.kept(name); known && old.Stamp == stamp {
		return read{page: name, record: old, items: items}
	}
	body, err := io.ReadAll(io.LimitReader(f, maxPageBytes))
	if err != nil {
		return failed(err)
	}
	r := read{page: name, record: record{Stamp: stamp}, changed: true}
	return s.parse(ctx, r, document{body: body, id: name}, true)
}
