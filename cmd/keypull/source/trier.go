package source

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/publishing"
	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
)

// maxSavedBytes is how large a saved document may be: no kind reads more.
const maxSavedBytes = 32 << 20

// trier tries one kind with settings of the command line.
type trier struct {
	World
	flags   tryFlags
	kind    sources.Kind
	fields  []settings.Field
	values  map[string]any
	zone    *time.Location
	base    string
	folder  string
	outside outside.Options
	atOnce  int
	tries   atomic.Int64
}

// newTrier checks what the command line says, before anything is fetched or read.
func (w World) newTrier(cmd *cobra.Command, f tryFlags) (*trier, error) {
	i := slices.IndexFunc(w.Kinds, func(k sources.Kind) bool { return k.Name == f.kind })
	if i < 0 {
		return nil, words.Fail(nil, "document.no_kind", words.Args{"got": f.kind})
	}
	t := &trier{World: w, flags: f, kind: w.Kinds[i], atOnce: runtime.GOMAXPROCS(0)}
	var err error
	if t.fields, err = settings.Fields(t.kind.New()); err != nil {
		return nil, fmt.Errorf("kind %s: %w", f.kind, err)
	}
	if t.values, err = parseValues(t.fields, f.set); err != nil {
		return nil, err
	}
	given := t.values
	if len(f.files) > 0 {
		if !slices.ContainsFunc(t.fields, isAddress) {
			// Whatever it asks, a document does not stand in for it.
			return nil, cli.Misused("cli.no_documents", words.Args{"kind": f.kind, "form": "keypull source try --kind " + f.kind})
		}
		given = withAddresses(t.fields, given, "https://saved.example/")
	}
	if err := settings.FillWith(t.kind.New(), given, w.Checks); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if t.zone, err = time.LoadLocation(f.zone); err != nil {
		return nil, words.Fail(err, "document.zone", words.Args{"got": f.zone})
	}
	if len(f.files) == 0 {
		if t.outside, err = w.Outside(cmd, f.config); err != nil {
			return nil, err
		}
	}
	if t.base, err = os.Getwd(); err != nil {
		return nil, fmt.Errorf("find the folder that files count from: %w", err)
	}
	if t.folder, err = os.MkdirTemp("", "keypull-try-"); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	return t, nil
}

func (t *trier) removeFolder() { _ = os.RemoveAll(t.folder) }

// fetchOutside asks the outside.
func (t *trier) fetchOutside(ctx context.Context) (Tried, error) {
	return t.ask(ctx, "", t.values, t.outside)
}

// tryDocument tries one document; one that breaks the trial down fails alone.
func (t *trier) tryDocument(ctx context.Context, file string) (r Tried) {
	var err error
	defer func() {
		if err != nil {
			r = newFailedTry(file, err)
		}
	}()
	defer pull.Caught("try "+file, &err)
	r, err = t.saved(ctx, file)
	return r
}

// saved answers every request with a document in a file.
func (t *trier) saved(ctx context.Context, file string) (Tried, error) {
	body, err := read(file)
	if err != nil {
		return Tried{}, err
	}
	address, contentType := sources.DescribeSaved(file, body)
	header := http.Header{"Content-Type": {contentType}}
	return t.ask(sources.SkipParserQueue(ctx), file, withAddresses(t.fields, t.values, address), outside.Options{
		Clock: t.Clock,
		Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
			return outside.Response{Status: http.StatusOK, URL: t.at(r.URL, address), Header: header.Clone(), Body: body}, nil
		},
	})
}

// at returns where a document counts as coming from: the address that it gives itself,
// unless the command line says where the content is.
func (t *trier) at(asked, own string) string {
	for _, f := range t.fields {
		if _, given := t.values[f.Name]; given && isAddress(f) {
			return asked
		}
	}
	return own
}

// read reads a file that is no larger than any kind would read.
func read(file string) ([]byte, error) {
	in, err := os.Open(file) //nolint:gosec // whoever runs the command names it
	if err != nil {
		return nil, words.Fail(err, "cli.saved_unread", words.Args{"file": file, "reason": words.Said(err)})
	}
	defer func() { _ = in.Close() }()
	body, err := io.ReadAll(io.LimitReader(in, maxSavedBytes+1))
	switch {
	case err != nil:
		return nil, words.Fail(err, "cli.saved_unread", words.Args{"file": file, "reason": words.Said(err)})
	case len(body) > maxSavedBytes:
		return nil, words.Fail(nil, "cli.saved_large", words.Args{"file": file, "max": maxSavedBytes >> 20})
	}
	return body, nil
}

// ask opens a source, asks it once, and lets it go.
func (t *trier) ask(ctx context.Context, file string, values map[string]any, o outside.Options) (Tried, error) {
	filled := t.kind.New()
	if err := settings.FillWith(filled, values, t.Checks); err != nil {
		return Tried{}, fmt.Errorf("settings: %w", err)
	}
	client := outside.New(o)
	defer client.Close()
	folder := filepath.Join(t.folder, strconv.FormatInt(t.tries.Add(1), 10))
	defer func() { _ = os.RemoveAll(folder) }()
	source, err := filled.Open(sources.Env{
		ID: "trial", Languages: []string{t.flags.language}, Zone: t.zone, Client: client, Clock: t.Clock,
		Rand:   rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), //nolint:gosec // of jitter, not of secrets
		Logger: slog.New(slog.DiscardHandler), Folder: folder, Base: t.base,
	})
	if err != nil {
		return Tried{}, fmt.Errorf("open: %w", err)
	}
	if c, ok := source.(pull.Closer); ok {
		defer func() { _ = c.Close() }()
	}
	return newTried(file, publishing.Asked(ctx, source, t.flags.queryAt(t.Clock()))), nil
}
