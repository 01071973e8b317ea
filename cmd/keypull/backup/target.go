package backup

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"keypull/cmd/keypull/config"
	"keypull/pull/words"
)

// Target is a place that copies go to: a folder or a bucket.
type Target interface {
	// PathOf returns where a copy of that name lies, as people write it.
	PathOf(name string) string
	// WriteCopy writes a copy whole or not at all, in place of one of that name, reads it back,
	// and returns its size.
	WriteCopy(ctx context.Context, name string, write func(io.Writer) error) (int64, error)
	// OpenCopy opens a copy to be read, until ctx ends; one that is not there is an error with
	// fs.ErrNotExist.
	OpenCopy(ctx context.Context, name string) (Copy, error)
	// ListCopies tells what lies there, by name.
	ListCopies(ctx context.Context) ([]CopyInfo, error)
	RemoveCopy(ctx context.Context, name string) error
	// CheckForgets refuses a place that keeps what is replaced, as far as it tells.
	CheckForgets(ctx context.Context) error
}

// Copy is one that is read.
type Copy struct {
	io.ReaderAt
	io.Closer
	Size int64
}

// CopyInfo is what a place tells of a copy.
type CopyInfo struct {
	Name    string
	Written time.Time
}

// OpenTarget returns the place of a path: a folder, or a bucket by s3://bucket/folder. What
// goes to a bucket lies beside spool first.
func OpenTarget(path, spool string, s3 config.S3Config) (Target, error) {
	if config.IsAddress(path) {
		return newBucket(path, spool, s3)
	}
	return folder{path}, nil
}

// openCopy opens the copy of a path, or, where that is a place, what there is of this half: the
// newest one, or the last archive. It returns where that lies.
func openCopy(ctx context.Context, path, half string, s3 config.S3Config) (Copy, string, error) {
	place, name := splitCopy(path)
	t, err := OpenTarget(place, "", s3)
	if err != nil {
		return Copy{}, path, err
	}
	if name == "" && half == newestHalf {
		name = newestName
	}
	if name == "" {
		moments, err := momentsIn(ctx, t)
		if err != nil {
			return Copy{}, path, err
		}
		if len(moments) == 0 {
			return Copy{}, path, words.Fail(nil, "doctor.never", words.Args{"folder": path})
		}
		name = archiveName(moments[len(moments)-1])
	}
	c, err := t.OpenCopy(ctx, name)
	return c, t.PathOf(name), err
}

// splitCopy returns the place in the path of a copy, and its name; no name where it is a place.
func splitCopy(path string) (place, name string) {
	if config.IsAddress(path) {
		at := strings.LastIndexByte(path, '/')
		if _, archive := archiveMoment(path[at+1:]); !archive && path[at+1:] != newestName {
			return path, ""
		}
		return path[:at], path[at+1:]
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return path, ""
	}
	return filepath.Dir(path), filepath.Base(path)
}
