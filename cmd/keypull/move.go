package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/safe"
	files "keypull/pull/private"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/postgres"
	"keypull/store/sealed"
	"keypull/store/withdrawn"
)

// moveFlags are those of "keypull move".
type moveFlags struct {
	config string
	json   bool
}

// ofConfig stands for [store] url of the configuration.
const ofConfig = "config"

func newMoveCommand() *cobra.Command {
	var f moveFlags
	cmd := &cobra.Command{
		Use:   "move FROM TO",
		Short: "Move an installation between a file and PostgreSQL",
		Long: "move copies everything that a store keeps into another one, which must be empty: from bolt:FILE to\n" +
			"postgres://user@host/database, or back. The word config stands for [store] url. No server may run on\n" +
			"either. Both are counted and compared at the end, and the new one opens only once they are the same; FROM\n" +
			"stays as it is. A move that was ended goes on with the same command. The key file and the\n" +
			"readers' keys beside it stay where they are and belong to the new store: point [store] url at\n" +
			"it, and serve.",
		Example: "  keypull move bolt:/var/lib/keypull/keypull.db postgres://keypull@db.example.org/keypull -c config.toml\n" +
			"  keypull move config bolt:/var/lib/keypull/keypull.db -c config.toml --json",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(runMove(cmd, f, args[0], args[1])) },
	}
	configFlag(cmd, &f.config)
	cmd.Flags().BoolVar(&f.json, "json", false, "print what was moved as JSON")
	cmd.AddCommand(newMovePublisherCommand())
	return cmd
}

// moved is what "keypull move" tells.
type moved struct {
	From  string      `json:"from"`
	To    string      `json:"to"`
	Parts []movedPart `json:"parts"`
	// Kept are rows that an earlier move, which was ended, had brought already.
	Kept int64 `json:"kept"`
	// Damaged are things that could not be read at FROM, and stay there.
	Damaged int `json:"damaged"`
	// Complete: the new store is the same, and opens.
	Complete bool `json:"complete"`
	// Files belong to the new store, and are to be carried along with it.
	Files []string `json:"files"`
	// Publishers are those that were moved, where not all were.
	Publishers []string `json:"publishers,omitempty"`
}

// movedPart compares what there is of a kind.
type movedPart struct {
	Kind store.RowKind `json:"kind"`
	Of   string        `json:"of,omitempty"`
	From int64         `json:"from"`
	To   int64         `json:"to"`
	// Digest is of what was read, Other of what is there where that is not the same.
	Digest string `json:"digest"`
	Other  string `json:"other,omitempty"`
}

func runMove(cmd *cobra.Command, f moveFlags, from, to string) error {
	c, err := goodConfig(cmd, f.config)
	if err != nil {
		return err
	}
	source, err := storeAt(c, from)
	if err != nil {
		return err
	}
	target, err := storeAt(c, to)
	if err != nil {
		return err
	}
	return tellMove(cmd, f, source, target, nil)
}

// tellMove moves a store, or a division of it, and prints what was moved.
func tellMove(cmd *cobra.Command, f moveFlags, source, target *config.Config, part *division) error {
	switch {
	case source.Store.URL == target.Store.URL:
		return cli.Misused("moving.same", nil)
	case hasNoStore(source):
		return words.Fail(nil, "cli.no_store", words.Args{"file": filepath.Base(source.OwnPath())})
	}
	working := cli.Working(cmd.ErrOrStderr(), "cli.working_move")
	done, err := moveStore(cmd.Context(), source, target, part, func(rows int64) { working.Tell(int(rows), 0) })
	working.End()
	if err != nil && cmd.Context().Err() != nil {
		return words.Fail(cmd.Context().Err(), "moving.ended", nil)
	}
	if err != nil {
		return err
	}
	if f.json {
		err = cli.PrintJSON(cmd.OutOrStdout(), done)
	} else {
		err = tellMoved(cmd.OutOrStdout(), done)
	}
	if err == nil && !done.Complete {
		err = words.Fail(nil, "moving.differs", nil)
	}
	return err
}

// storeAt returns the configuration with another store.
func storeAt(c *config.Config, address string) (*config.Config, error) {
	own := *c
	if address != ofConfig {
		own.Store.URL = address
	}
	switch path, isFile := strings.CutPrefix(own.Store.URL, "bolt:"); {
	case isFile && path != "":
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		own.Store.URL = "bolt:" + absolute
	case !strings.HasPrefix(own.Store.URL, "postgres://") && !strings.HasPrefix(own.Store.URL, "postgresql://"):
		return nil, cli.Misused("moving.address", words.Args{"address": words.Verbatim(address)})
	}
	return &own, nil
}

// moveStore moves everything from one store to another, or a division of it, and compares.
func moveStore(ctx context.Context, source, target *config.Config, part *division, tell func(rows int64)) (done moved, err error) {
	durable := target.Store.Durable
	source.Store.Durable = string(postgres.Trusted) // it is only read
	in := &installation{config: source, logger: slog.New(slog.DiscardHandler), clock: time.Now, horizon: forgetsNothing}
	if err := in.openStore(ctx, false); err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, in.closeStore()) }()
	from, ok := in.store.(store.Movable)
	if !ok {
		return done, fmt.Errorf("%s can't be moved", redactAddress(source.Store.URL))
	}
	to, err := openTarget(ctx, target, durable, in.ring.HashKey())
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()

	rows := from.Export(ctx)
	if part != nil {
		if rows, err = part.prepare(ctx, in, from); err != nil {
			return done, err
		}
	}
	var read, written store.Tally
	kept, err := to.Import(ctx, countRows(rows, &read, tell))
	if err != nil {
		return done, refusedTarget(err, target)
	}
	for _, err := range countRows(to.Export(ctx), &written, tell) {
		if err != nil {
			return done, err
		}
	}
	done = moved{From: redactAddress(source.Store.URL), To: redactAddress(target.Store.URL), Kept: kept, Damaged: in.store.Damaged(), Complete: true}
	done.compare(&read, &written)
	done.Files = []string{target.Secrets.KeyFile, sealed.SlotsOf(target.Secrets.KeyFile), withdrawn.NameOf(target.OwnPath())}
	if !done.Complete {
		return done, to.ForgetImport(ctx)
	}
	if err := carryBeside(source.OwnPath(), target.OwnPath()); err != nil {
		return done, err
	}
	// Slots that lie in the database lie beside the key file again, where the new store looks for them.
	if err := errors.Join(in.ring.Rest(), in.ring.LeaveFile()); err != nil {
		return done, err //nolint:wrapcheck // it says what it is
	}
	if part == nil {
		return done, to.completeMove(ctx)
	}
	done.Publishers = part.moved
	err = part.carryKeys(source, target)
	if err == nil {
		err = to.completeMove(ctx)
	}
	if err == nil {
		err = part.leave(ctx, in)
	}
	return done, err
}

// countRows passes rows on, and counts them.
func countRows(rows iter.Seq2[store.Row, error], to *store.Tally, tell func(rows int64)) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		n := int64(0)
		*to = store.Tally{} // it may begin anew
		for r, err := range rows {
			if err == nil {
				to.Add(&r)
			}
			if n++; n%1000 == 0 {
				tell(n)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func (m *moved) compare(read, written *store.Tally) {
	add := func(a, b *store.Tallied) {
		p := movedPart{Kind: a.Kind, Of: a.Of, From: a.Rows, To: b.Rows, Digest: a.Digest()}
		if a.Kind == store.RowAside {
			m.Damaged -= int(a.Rows)
		}
		if p.Other = b.Digest(); p.Other == p.Digest && p.From == p.To {
			p.Other = ""
		} else {
			m.Complete = false
		}
		m.Parts = append(m.Parts, p)
	}
	for _, p := range read.Parts() {
		add(p, written.Part(p.Kind, p.Of))
	}
	for _, p := range written.Parts() {
		if a := read.Part(p.Kind, p.Of); a.Rows == 0 {
			add(a, p)
		}
	}
}

// moveTarget is a store that is filled, and opens once it is complete.
type moveTarget interface {
	store.Movable
	completeMove(ctx context.Context) error
	// ForgetImport has the next move begin anew.
	ForgetImport(ctx context.Context) error
	Close() error
}

// forgetsNothing keeps ids for so long that none is forgotten while it is moved.
const forgetsNothing = 100 * 365 * 24 * time.Hour

func openTarget(ctx context.Context, c *config.Config, durable string, hashKey []byte) (moveTarget, error) {
	options := store.Options{HashKey: hashKey, Horizon: forgetsNothing}
	path := c.StorePath()
	if path == "" {
		db, err := postgres.Open(ctx, c.Store.URL, postgres.Options{Options: options, Durable: postgres.Durability(durable), Alone: true, Filled: true})
		if err != nil {
			return nil, err //nolint:wrapcheck // it is a sentence
		}
		return databaseTarget{db}, nil
	}
	for _, pattern := range []string{path, path + ".wal.*"} {
		if there, err := filepath.Glob(pattern); err != nil || len(there) > 0 {
			return nil, refusedTarget(store.ErrHolds, c)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the store's folder: %w", err)
	}
	t := &fileTarget{path: path, options: options}
	err := t.openFilling()
	if errors.Is(err, store.ErrDamaged) {
		err = t.openAnew()
	}
	return t, err
}

// refusedTarget says that the target holds something.
func refusedTarget(err error, c *config.Config) error {
	if errors.Is(err, store.ErrHolds) {
		return words.Fail(err, "moving.holds", words.Args{"store": redactAddress(c.Store.URL)})
	}
	return err
}

func removeFilling(path string) error {
	left, err := filepath.Glob(safe.Filling(path) + "*")
	for _, file := range left {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}

type databaseTarget struct{ *postgres.Store }

func (t databaseTarget) completeMove(ctx context.Context) error { return t.EndImport(ctx) }

// fileTarget is filled beside the place where it is copied to once it is complete.
type fileTarget struct {
	*bolt.DB
	path    string
	options store.Options
}

func (t *fileTarget) openFilling() (err error) {
	t.DB, err = bolt.Open(safe.Filling(t.path), t.options)
	return err //nolint:wrapcheck // it is a sentence
}

// openAnew opens it as one that holds nothing.
func (t *fileTarget) openAnew() error {
	if t.DB != nil {
		if err := t.DB.Close(); err != nil {
			return err //nolint:wrapcheck // it names the file
		}
	}
	if err := removeFilling(t.path); err != nil {
		return err
	}
	return t.openFilling()
}

// Import implements store.Movable.
func (t *fileTarget) Import(ctx context.Context, rows iter.Seq2[store.Row, error]) (there int64, err error) {
	there, err = t.DB.Import(ctx, rows)
	switch {
	case errors.Is(err, store.ErrMoving):
		if err = t.openAnew(); err == nil {
			there, err = t.DB.Import(ctx, rows)
		}
	case errors.Is(err, store.ErrHolds):
		// It was whole, and was yet to be copied: it is only compared.
		err = nil
		for _, failed := range rows {
			if failed != nil {
				return there, failed
			}
			there++
		}
	}
	return there, err
}

func (t *fileTarget) ForgetImport(context.Context) error { return t.openAnew() }

func (t *fileTarget) completeMove(ctx context.Context) error {
	err := t.EndImport(ctx)
	if err == nil {
		_, err = t.BackupFile(ctx, t.path, false)
	}
	return err //nolint:wrapcheck // it is a sentence
}

// Close closes the file, which goes once it was copied.
func (t *fileTarget) Close() error {
	err := t.DB.Close()
	if _, missing := os.Stat(t.path); missing == nil {
		err = errors.Join(err, removeFilling(t.path))
	}
	return err
}

// carryBeside copies what is kept beside a store and named by it.
func carryBeside(from, to string) error {
	for _, name := range []func(string) string{withdrawn.NameOf, inFlightFile} {
		if name(from) == name(to) {
			continue
		}
		if err := carryFile(name(from), name(to)); err != nil {
			return err
		}
	}
	return nil
}

func carryFile(from, to string) error {
	text, err := os.ReadFile(from) //nolint:gosec // of the installation
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	beside, err := files.WriteBeside(to, func(w io.Writer) error { _, err := w.Write(text); return err })
	if err != nil {
		return fmt.Errorf("%s: %w", to, err)
	}
	if err := os.Rename(beside, to); err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	return files.SyncOf(to) //nolint:wrapcheck // it names the file
}

// redactAddress returns an address without its password.
func redactAddress(address string) string {
	if u, err := url.Parse(address); err == nil && u.User != nil {
		u.RawQuery = ""
		return u.Redacted()
	}
	without, _, _ := strings.Cut(address, "?")
	return without
}

// kindSaid returns the key of a kind's name.
func kindSaid(kind store.RowKind) string {
	return map[store.RowKind]string{
		store.RowValue: "moving.value", store.RowEntry: "moving.entry", store.RowAside: "moving.aside",
		store.RowID: "moving.id", store.RowRecord: "moving.record", store.RowCounter: "moving.counter",
	}[kind]
}

// tellMoved prints a line for each kind, and what is to be done.
func tellMoved(out io.Writer, m moved) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(w, cli.Say("moving.table", nil))
	for _, p := range m.Parts {
		same := p.Digest
		if p.Other != "" || p.From != p.To {
			same += " ≠ " + p.Other
		}
		_, told := fmt.Fprintf(w, "%s\t%d\t%d\t%s\n", strings.TrimSpace(cli.Say(kindSaid(p.Kind), nil)+" "+p.Of), p.From, p.To, same)
		err = errors.Join(err, told)
	}
	err = errors.Join(err, w.Flush())
	if m.Kept > 0 {
		_, told := fmt.Fprintln(out, cli.Say("moving.kept", words.Args{"n": int(m.Kept)}))
		err = errors.Join(err, told)
	}
	if m.Damaged > 0 {
		_, told := fmt.Fprintln(out, cli.Say("moving.damaged", words.Args{"n": m.Damaged}))
		err = errors.Join(err, told)
	}
	if m.Complete {
		said, args := "moving.done", words.Args{"from": words.Verbatim(m.From), "to": words.Verbatim(m.To), "files": strings.Join(m.Files, ", ")}
		if len(m.Publishers) > 0 {
			said, args["publishers"] = "moving.divided", strings.Join(m.Publishers, ", ")
		}
		_, told := fmt.Fprintln(out, cli.Say(said, args))
		err = errors.Join(err, told)
	}
	return err
}
