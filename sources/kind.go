package sources

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// Kind is a source plug-in: its name, its words, and its Settings.
type Kind = settings.Kind[Env, pull.Source]

// Opener is a Settings struct that has been filled and checked.
type Opener = settings.Opener[Env, pull.Source]

// Factual is the option of a Settings struct whose source knows which facts its
// items have, so that a template that names another one can be refused.
type Factual interface {
	// Facts lists the names that the settings allow as they are; nil where these
	// do not decide it.
	Facts() []string
}

// FactsOf lists the facts of a source with settings; nil if it does not know
// them. v points to the Settings struct of its kind.
func FactsOf(v any, values map[string]any) []string {
	f, ok := v.(Factual)
	if !ok {
		return nil
	}
	if all := f.Facts(); all != nil || settings.Fill(v, values) != nil {
		return all
	}
	return f.Facts()
}

// Placed is the option of a Settings struct with fields of the role
// settings.Spot or settings.Block: it shows editors what they can choose from.
type Placed interface {
	// Places lists the values that stand in an answer of upstream in their
	// order, each below what holds it; none where the answer is not understood.
	// Its argument is what was asked for.
	Places(d Document) []settings.Place
}

// Asking is the option of a Settings struct whose source brings nothing without
// what readers write beside the keyword.
type Asking interface {
	// Asks is what such an argument is called: "Symbol".
	Asks() words.Text
}

// Env is all of the world that a source can reach.
type Env struct {
	// ID is the source's id within its publisher, for logs.
	ID string
	// Languages are the publisher's, first the default; never empty.
	Languages []string
	// Zone is the publisher's; nil means that it is not known.
	Zone *time.Location
	// Client is the guarded way out.
	Client *outside.Client
	Clock  func() time.Time
	Rand   *rand.Rand
	Logger *slog.Logger
	// Inbox tells the address at which pushes for the source arrive from outside,
	// /in/<publisher>/<source>; "" while nobody listens there. It may be nil.
	Inbox func() string
	// Place keeps a few bytes over restarts, sealed; nil if nothing is kept, as
	// in a trial.
	Place Place
	// Folder is a private folder of the source, made on first use; Base is
	// what relative paths in settings count from, empty where whoever set the
	// source up may read no files of this machine.
	Folder string
	Base   string
}

// Place keeps a few bytes of a source's own, sealed: a token that took the
// place of another. It goes with the source.
type Place interface {
	// Load returns what was kept, or nil if nothing was, or where it can't be
	// read any more.
	Load(ctx context.Context) ([]byte, error)
	// Keep puts at most 64 KiB in place of what was there; none empty it. It is
	// durable when it returns.
	Keep(ctx context.Context, value []byte) error
}

// Local returns where the path of a setting leads, "" where it names none. The error is about
// that field.
func (e Env) Local(field, path string) (string, error) {
	switch {
	case path == "":
		return "", nil
	case e.Base == "":
		return "", &pull.Error{Kind: pull.Denied, Op: "open", Field: field, Hint: words.Text{Key: "source.no_files"}}
	case filepath.IsAbs(path):
		return path, nil
	}
	return filepath.Join(e.Base, path), nil
}

// ZoneNamed returns the zone of a setting, that of the publisher where it names none.
// The error is about that field.
func (e Env) ZoneNamed(field, name string) (*time.Location, error) {
	if name == "" {
		return e.Zone, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, &pull.Error{Kind: pull.Invalid, Op: "open", Field: field, Hint: words.Text{Key: "document.zone", Args: words.Args{"got": name}}, Err: err}
	}
	return zone, nil
}
