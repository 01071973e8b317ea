package itemindex

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"keypull/pull"
	"keypull/sources/fulltext"
)

// Options are set before first use.
type Options struct {
	// Folder holds a file for each publisher; "" keeps them in memory.
	Folder string
	// Read returns the snapshot that is told at a place now, without what is withdrawn;
	// nil where there is none.
	Read func(ctx context.Context, p pull.SnapshotID) *pull.Snapshot
	// MaxBytes is how much disk the files of all publishers may take, MaxPublisher
	// that of one.
	MaxBytes, MaxPublisher int64
	// Full hears of which sources of a publisher the oldest items had no room, as often as
	// that changes; nil is nobody.
	Full   func(publisher string, sources []string)
	Logger *slog.Logger
}

const (
	// maxOpen is how many files are open at a time, cacheBytes what each of their
	// connections keeps of its pages.
	maxOpen    = 32
	cacheBytes = 512 << 10
	// leastBytes is what a file may take however little is left for it.
	leastBytes = 1 << 20
)

// Index is the items of all publishers. It is safe for concurrent use; Run writes.
type Index struct {
	Options

	mu sync.Mutex
	// followed are the publishers whose items are held.
	followed map[string]*followed
	// stale are the publishers whose files are to be held against what is followed,
	// dirty the places that are to be read. Newer news of one takes the place of older.
	stale map[string]bool
	dirty map[pull.SnapshotID]bool
	wake  chan struct{}
	// busy is the publisher whose items are being written, runs whether Run writes, and
	// stepped is closed when something was written.
	busy    string
	runs    bool
	stepped chan struct{}

	files files
}

// followed is what is held of a publisher: its places by the name of their parts.
type followed struct {
	languages []string
	places    map[string]pull.SnapshotID
}

var _ pull.ItemIndex = (*Index)(nil)

// New returns an index that follows nobody yet.
func New(o Options) *Index {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	x := &Index{Options: o, followed: map[string]*followed{}, stale: map[string]bool{}, dirty: map[pull.SnapshotID]bool{}, wake: make(chan struct{}, 1), stepped: make(chan struct{})}
	x.files.index = x
	return x
}

// partOf names the part that holds the rows of a place.
func partOf(p pull.SnapshotID) string {
	const bytes = 9
	sum := sha256.Sum256([]byte(p.Source + "\x00" + p.Mark + "\x00" + p.Key))
	return hex.EncodeToString(sum[:bytes])
}

// Follow implements pull.ItemIndex.
func (x *Index) Follow(publisher string, languages []string, places []pull.SnapshotID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := &followed{languages: languages, places: map[string]pull.SnapshotID{}}
	for _, p := range places {
		f.places[partOf(p)] = p
	}
	if before := x.followed[publisher]; before != nil && before.sameAs(f) {
		return
	}
	if x.followed[publisher] = f; len(places) == 0 {
		delete(x.followed, publisher)
	}
	x.stale[publisher] = true
	x.wakeWriter()
}

// sameAs reports whether the places and languages of two are the same.
func (f *followed) sameAs(o *followed) bool {
	if len(f.places) != len(o.places) || !slices.Equal(f.languages, o.languages) {
		return false
	}
	for part := range f.places {
		if _, ok := o.places[part]; !ok {
			return false
		}
	}
	return true
}

// Changed implements pull.ItemIndex.
func (x *Index) Changed(p pull.SnapshotID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if f := x.followed[p.Publisher]; f == nil || f.places[partOf(p)] != p {
		return
	}
	x.dirty[p] = true
	x.wakeWriter()
}

// wakeWriter wakes the writer; x.mu is held.
func (x *Index) wakeWriter() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// Run writes what changed, until ctx ends. Whoever has items at that time is followed
// already.
func (x *Index) Run(ctx context.Context) {
	x.markRemoved()
	x.setRuns(true)
	defer x.setRuns(false)
	for {
		if err := x.writeAll(ctx); err != nil && ctx.Err() == nil {
			x.Logger.Warn("items could not be indexed", "error", err)
		}
		select {
		case <-x.wake:
		case <-ctx.Done():
			return
		}
	}
}

// markRemoved marks the files of publishers that were removed while nothing ran.
func (x *Index) markRemoved() {
	if x.Folder == "" {
		return
	}
	all, err := os.ReadDir(x.Folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		x.Logger.Warn("what lies in the folder of items could not be listed", "folder", x.Folder, "error", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range all {
		if publisher, ok := strings.CutSuffix(e.Name(), fileSuffix); ok && x.followed[publisher] == nil {
			x.stale[publisher] = true
		}
	}
}

// setRuns notes whether somebody writes what changed.
func (x *Index) setRuns(runs bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.runs = runs
}

// Flush implements pull.ItemIndex: where nobody writes, it does.
func (x *Index) Flush(ctx context.Context, publisher string) error {
	for {
		x.mu.Lock()
		runs, lacks, stepped := x.runs, x.lacksOf(publisher), x.stepped
		x.mu.Unlock()
		switch {
		case !runs:
			return x.writeAll(ctx)
		case !lacks:
			return nil
		}
		select {
		case <-stepped:
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // its caller knows what it waited for
		}
	}
}

// lacksOf reports whether anything of a publisher is to be written; mu is held.
func (x *Index) lacksOf(publisher string) bool {
	if x.stale[publisher] || x.busy == publisher {
		return true
	}
	for p := range x.dirty {
		if p.Publisher == publisher {
			return true
		}
	}
	return false
}

// writeAll writes all that has changed so far.
func (x *Index) writeAll(ctx context.Context) error {
	var all error
	for ctx.Err() == nil {
		publisher, p, what := x.nextStep()
		var err error
		switch what {
		case nothing:
			return all
		case wholePublisher:
			err = x.syncPublisher(ctx, publisher)
		case onePlace:
			err = x.writePlace(ctx, p)
		}
		if err != nil {
			all = errors.Join(all, fmt.Errorf("index the items of %s: %w", publisher, err))
		}
		if err != nil && ctx.Err() != nil {
			x.putBack(publisher, p, what)
		}
	}
	return errors.Join(all, ctx.Err())
}

// step is what writeAll is to do next.
type step int

const (
	nothing step = iota
	wholePublisher
	onePlace
)

// nextStep takes what is to be done next from what has changed; what was taken before is
// done.
func (x *Index) nextStep() (publisher string, p pull.SnapshotID, s step) {
	x.mu.Lock()
	defer x.mu.Unlock()
	close(x.stepped)
	x.stepped = make(chan struct{})
	defer func() { x.busy = publisher }()
	for publisher = range x.stale {
		delete(x.stale, publisher)
		return publisher, p, wholePublisher
	}
	for p = range x.dirty {
		delete(x.dirty, p)
		return p.Publisher, p, onePlace
	}
	return "", p, nothing
}

// putBack notes that a step is still to be done.
func (x *Index) putBack(publisher string, p pull.SnapshotID, s step) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s == wholePublisher {
		x.stale[publisher] = true
	} else {
		x.dirty[p] = true
	}
	x.wakeWriter()
}

// followedBy returns what is held of a publisher; nil is nothing.
func (x *Index) followedBy(publisher string) *followed {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.followed[publisher]
}

// partNote begins the key of the note that a part is there: which items it holds; lostNote that
// of one whose oldest items had no room.
const (
	partNote = "part/"
	lostNote = "lost/"
)

// syncPublisher removes from a file what is not followed any more, and notes the places that
// it lacks. The file of a publisher that is not followed is removed.
func (x *Index) syncPublisher(ctx context.Context, publisher string) error {
	f := x.followedBy(publisher)
	if f == nil {
		return x.files.removeFile(publisher)
	}
	return x.files.withFile(ctx, publisher, f.languages, func(file *file) error {
		has, err := file.Notes(ctx, partNote, math.MaxInt)
		if err != nil {
			return err
		}
		var gone []string
		for key := range has {
			part := strings.TrimPrefix(key, partNote)
			if _, ok := f.places[part]; !ok {
				gone = append(gone, part)
			}
		}
		x.mu.Lock()
		for part, p := range f.places {
			if has[partNote+part] == nil {
				x.dirty[p] = true
			}
		}
		x.mu.Unlock()
		if len(gone) > 0 {
			err := file.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error { return dropParts(ctx, b, gone) })
			if err == nil {
				err = file.Purge(ctx)
			}
			if err != nil {
				return err
			}
		}
		return x.settleFile(ctx, file, f)
	})
}

// settleFile counts what a file has after it was written to, and tells of which sources it
// has not all.
func (x *Index) settleFile(ctx context.Context, file *file, f *followed) error {
	var sources []string
	lost, err := file.Notes(ctx, lostNote, math.MaxInt)
	for _, key := range slices.Sorted(maps.Keys(lost)) {
		if p, ok := f.places[strings.TrimPrefix(key, lostNote)]; ok && !slices.Contains(sources, p.Source) {
			sources = append(sources, p.Source)
		}
	}
	if err == nil && x.Full != nil {
		x.Full(file.publisher, sources)
	}
	return errors.Join(err, file.recount(ctx))
}

// dropParts removes parts and their notes.
func dropParts(ctx context.Context, b *fulltext.Batch, parts []string) error {
	for _, part := range parts {
		if err := errors.Join(b.Drop(ctx, part), b.Note(ctx, partNote+part, nil), b.Note(ctx, lostNote+part, nil)); err != nil {
			return err
		}
	}
	return nil
}

// writePlace replaces the rows of a place by those of its snapshot.
func (x *Index) writePlace(ctx context.Context, p pull.SnapshotID) error {
	f, part := x.followedBy(p.Publisher), partOf(p)
	if f == nil || f.places[part] != p {
		return nil
	}
	s := x.Read(ctx, p)
	return x.files.withFile(ctx, p.Publisher, f.languages, func(file *file) error {
		if s == nil {
			return file.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error { return dropParts(ctx, b, []string{part}) })
		}
		docs := itemRows(part, s.Items, f.languages)
		sum := fingerprint(docs)
		if was, err := file.Note(ctx, partNote+part); err != nil || bytes.Equal(was, sum) {
			return err
		}
		if err := x.makeRoom(ctx, file, docs); err != nil {
			return err
		}
		err := file.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error {
			return errors.Join(b.Put(ctx, part, docs...), b.Note(ctx, partNote+part, sum), b.Note(ctx, lostNote+part, nil))
		})
		if errors.Is(err, fulltext.ErrDamaged) {
			x.markStale(p.Publisher) // all that was there is to be read anew
			return nil
		}
		return errors.Join(err, x.settleFile(ctx, file, f))
	})
}

// makeRoom removes the oldest items of a file, a quarter of them at a time, as long as
// others have no room beside them.
func (x *Index) makeRoom(ctx context.Context, file *file, docs []fulltext.Document) error {
	needed := int64(0)
	for i := range docs {
		needed += diskFor * int64(len(docs[i].Payload))
	}
	for tries := 4; ; tries-- {
		used, err := file.UsedBytes(ctx)
		if err != nil || used+needed <= file.room || tries == 0 || file.itemCount() == 0 {
			return err //nolint:wrapcheck // it says what it is about
		}
		x.Logger.Warn("the index of a publisher's items is full: its oldest items are found no more", "publisher", file.publisher, "bytes", file.room)
		err = file.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error {
			parts, err := b.Trim(ctx, file.itemCount()*3/4)
			for _, part := range parts {
				err = errors.Join(err, b.Note(ctx, lostNote+part, []byte{1}))
			}
			return err
		})
		if err := errors.Join(err, file.recount(ctx)); err != nil {
			return err
		}
	}
}

// diskFor is about how many times the payload of a row its place on disk is.
const diskFor = 3

// markStale has the file of a publisher be compared with what is followed.
func (x *Index) markStale(publisher string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.stale[publisher] = true
}

// fingerprint returns a hash of rows, which changes when they do.
func fingerprint(docs []fulltext.Document) []byte {
	h := sha256.New()
	for i := range docs {
		_, _ = fmt.Fprintf(h, "%d %q %q %d %q\n", rowsVersion, docs[i].ID, docs[i].Language, docs[i].At.Unix(), docs[i].Payload)
	}
	return h.Sum(nil)
}

// indexVersion returns the version of an index whose tokens are those of some languages.
func indexVersion(languages []string) int {
	h := fnv.New32a()
	_, _ = fmt.Fprintf(h, "%d %q", rowsVersion, languages)
	return int(h.Sum32())
}

// Close closes the files.
func (x *Index) Close() error { return x.files.closeWhere(func(*file) bool { return true }) }

// fileSuffix ends the name of a publisher's file.
const fileSuffix = ".db"

// files are those that are open, the one used last at the end.
type files struct {
	index *Index
	mu    sync.Mutex
	open  []*file
	// bytes is how large files were when they were last looked at.
	bytes map[string]int64
}

// file is the index of one publisher, which is there once opened is closed, unless it failed.
type file struct {
	*fulltext.Index
	opened    chan struct{}
	failed    error
	publisher string
	languages []string
	// room is how large it may grow.
	room int64

	mu sync.Mutex
	n  int
}

// itemCount returns how many items there were when they were last counted.
func (f *file) itemCount() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

// recount counts the items of the file.
func (f *file) recount(ctx context.Context) error {
	n, err := f.Count(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		f.n = n
	}
	return err //nolint:wrapcheck // it says what it is about
}

// filePath returns the path of a publisher's file, or "" for an index in memory.
func (fs *files) filePath(publisher string) string {
	if fs.index.Folder == "" {
		return ""
	}
	return filepath.Join(fs.index.Folder, publisher+fileSuffix)
}

// withFile calls f with the file of a publisher. If it was closed meanwhile, since others
// were needed, it is opened again.
func (fs *files) withFile(ctx context.Context, publisher string, languages []string, f func(*file) error) error {
	for try := 0; ; try++ {
		x, err := fs.openFile(ctx, publisher, languages)
		if err == nil {
			err = f(x)
		}
		if !errors.Is(err, fulltext.ErrClosed) || try == 2 {
			return err
		}
		fs.forgetFile(x)
	}
}

// forgetFile removes a file from those that are open.
func (fs *files) forgetFile(x *file) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.open = slices.DeleteFunc(fs.open, func(o *file) bool { return o == x })
}

// openFile returns the file of a publisher, which it opens if it is not open. Files of others
// are not waited for.
func (fs *files) openFile(ctx context.Context, publisher string, languages []string) (*file, error) {
	x, closing, isNew := fs.reserveFile(publisher, languages)
	if isNew {
		x.failed = fs.closeFiles(closing)
		if x.failed == nil {
			x.failed = fs.openReserved(context.WithoutCancel(ctx), x)
		}
		close(x.opened)
	}
	select {
	case <-x.opened:
	case <-ctx.Done():
		return nil, ctx.Err() //nolint:wrapcheck // its caller knows what it waited for
	}
	if x.failed != nil {
		fs.forgetFile(x)
	}
	return x, x.failed
}

// reserveFile returns the place of a publisher's file among those that are open, and those
// that are to be closed before it is opened.
func (fs *files) reserveFile(publisher string, languages []string) (x *file, closing []*file, isNew bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for i, x := range fs.open {
		if x.publisher == publisher && slices.Equal(x.languages, languages) {
			fs.open = append(slices.Delete(fs.open, i, i+1), x)
			return x, nil, false
		}
	}
	closing = fs.cutOpen(func(o *file) bool { return o.publisher == publisher }) // of other languages
	if over := len(fs.open) - maxOpen + 1; over > 0 && fs.index.Folder != "" {
		closing = append(closing, fs.open[:over]...)
		fs.open = slices.Delete(fs.open, 0, over)
	}
	x = &file{opened: make(chan struct{}), publisher: publisher, languages: languages}
	fs.open = append(fs.open, x)
	return x, closing, true
}

// cutOpen cuts some files from those that are open; mu is held.
func (fs *files) cutOpen(which func(*file) bool) (cut []*file) {
	fs.open = slices.DeleteFunc(fs.open, func(o *file) bool {
		if which(o) {
			cut = append(cut, o)
		}
		return which(o)
	})
	return cut
}

// closeFiles closes files, each once it is open.
func (*files) closeFiles(list []*file) (all error) {
	for _, x := range list {
		if <-x.opened; x.failed == nil {
			all = errors.Join(all, x.Close())
		}
	}
	return all
}

// openReserved opens a file at its place.
func (fs *files) openReserved(ctx context.Context, x *file) (err error) {
	x.room = fs.roomFor(x.publisher)
	x.Index, err = fulltext.Open(ctx, fulltext.Options{
		// To make room takes room.
		Path: fs.filePath(x.publisher), Fields: indexFields, Languages: x.languages, Version: indexVersion(x.languages), MaxBytes: x.room * 2, Cache: cacheBytes, Logger: fs.index.Logger,
	})
	if err != nil {
		return err //nolint:wrapcheck // it says what it is about
	}
	if err := x.recount(ctx); err != nil && !errors.Is(err, fulltext.ErrDamaged) {
		return errors.Join(err, x.Close())
	}
	return nil
}

// roomFor returns how large the file of a publisher may grow beside those of the others.
func (fs *files) roomFor(publisher string) int64 {
	if fs.index.Folder == "" {
		return fs.index.MaxPublisher
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.bytes == nil {
		fs.bytes = map[string]int64{}
		all, _ := os.ReadDir(fs.index.Folder)
		for _, e := range all {
			if info, err := e.Info(); err == nil {
				fs.bytes[e.Name()] = info.Size()
			}
		}
	}
	if info, err := os.Stat(fs.filePath(publisher)); err == nil {
		fs.bytes[publisher+fileSuffix] = info.Size()
	}
	rest := fs.index.MaxBytes
	for name, size := range fs.bytes {
		if name != publisher+fileSuffix {
			rest -= size
		}
	}
	return max(min(rest, cmp.Or(fs.index.MaxPublisher, rest)), leastBytes)
}

func (fs *files) removeFile(publisher string) error {
	all := fs.closeWhere(func(o *file) bool { return o.publisher == publisher })
	path := fs.filePath(publisher)
	if path == "" {
		return all
	}
	for _, name := range []string{path, path + "-wal", path + "-shm", path + ".damaged"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			all = errors.Join(all, err)
		}
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	delete(fs.bytes, publisher+fileSuffix)
	return all
}

// closeWhere closes some of the files that are open. None that is being opened is waited for
// with mu held, which it needs.
func (fs *files) closeWhere(which func(*file) bool) error {
	fs.mu.Lock()
	cut := fs.cutOpen(which)
	fs.mu.Unlock()
	return fs.closeFiles(cut)
}
