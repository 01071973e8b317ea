package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/sealed"
	"keypull/web/console"
)

// movePublisherFlags are those of "keypull move publisher".
type movePublisherFlags struct {
	moveFlags

	to, keyFile string
}

func newMovePublisherCommand() *cobra.Command {
	var f movePublisherFlags
	cmd := &cobra.Command{
		Use:   "publisher PUBLISHER...",
		Short: "Move publishers into an installation of their own",
		Long: "publisher moves some publishers with their readers out of the installation of a configuration into a new\n" +
			"one. Its store, --to, must be empty, and its key file must not be there yet. No server may run on\n" +
			"either. Everything is copied, counted and compared, as keypull move does; in the new store the others have\n" +
			"left, and here those that were moved: the first start of each destroys the keys of those readers there.\n" +
			"People who sign in stay in both. Lead what comes for the publishers (/hook/PUBLISHER/…) to the new one.",
		Example: "  keypull move publisher gazette herald --to postgres://keypull@db2.example.org/keypull -c config.toml",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return cli.Failed(runMovePublisher(cmd, f, args)) },
	}
	configFlag(cmd, &f.config)
	cmd.Flags().StringVar(&f.to, "to", "", "the new store: bolt:FILE or postgres://user@host/database")
	cmd.Flags().StringVar(&f.keyFile, "key-file", "", "where the new installation's key file is written, with its slots beside it; else beside a new file, or PUBLISHER.key beside the one here")
	cmd.Flags().BoolVar(&f.json, "json", false, "print what was moved as JSON")
	_ = cmd.MarkFlagRequired("to") // it stands above
	return cmd
}

func runMovePublisher(cmd *cobra.Command, f movePublisherFlags, publishers []string) error {
	c, err := goodConfig(cmd, f.config)
	if err != nil {
		return err
	}
	target, err := storeAt(c, f.to)
	if err != nil {
		return err
	}
	target.Secrets.KeyFile = f.keyFile
	if f.keyFile == "" {
		target.Secrets.KeyFile = newKeyFile(c, target, publishers[0])
	}
	if _, err := os.Stat(target.Secrets.KeyFile); !errors.Is(err, fs.ErrNotExist) {
		return words.Fail(err, "moving.key_file", words.Args{"file": target.Secrets.KeyFile})
	}
	return tellMove(cmd, f.moveFlags, c, target, &division{moved: publishers, began: time.Now()})
}

// newKeyFile is where the key file of the new installation is written where nobody says it.
func newKeyFile(source, target *config.Config, publisher string) string {
	if path := target.StorePath(); path != "" {
		return strings.TrimSuffix(path, ".db") + ".key"
	}
	return filepath.Join(filepath.Dir(source.Secrets.KeyFile), publisher+".key")
}

// division is what a move of publishers does beside a move of all: in the new store the others
// have left, and in the old one those that were moved.
type division struct {
	moved []string
	began time.Time
	// notes say in the new store that the others have left, in the order of keys; last is the
	// revision of the last of them.
	notes []store.Row
	last  uint64
}

// prepare returns the rows of a store as the new one begins with them.
func (d *division) prepare(ctx context.Context, in *installation, from store.Movable) (iter.Seq2[store.Row, error], error) {
	if err := d.check(ctx, in); err != nil {
		return nil, err
	}
	if err := d.noteOthers(in.config.Publishers, from.Export(ctx)); err != nil {
		return nil, err
	}
	return d.divideRows(from.Export(ctx)), nil
}

// check refuses to move a publisher that is not there.
func (d *division) check(ctx context.Context, in *installation) error {
	stored, left := store.NewPublishers(in.store), store.NewDepartures(in.store)
	for _, id := range d.moved {
		if _, _, err := left.Get(ctx, id); pull.KindOf(err) != pull.Unknown {
			return cmp.Or(err, words.Fail(nil, "publisher.left", words.Args{"publisher": id}))
		}
		if slices.ContainsFunc(in.config.Publishers, func(p catalogue.Publisher) bool { return p.ID == id }) {
			continue
		}
		_, err := stored.Get(ctx, catalogue.ResourcePublisher, id, "")
		if pull.KindOf(err) == pull.Unknown {
			return console.NoPublisher(id)
		}
		if err != nil {
			return err //nolint:wrapcheck // it says what it is
		}
	}
	return nil
}

// noteOthers makes the notes that all publishers have left which are configured, or hold something, and
// are not moved.
func (d *division) noteOthers(configured []catalogue.Publisher, rows iter.Seq2[store.Row, error]) error {
	others := map[string]bool{}
	for i := range configured {
		if id := configured[i].ID; !slices.Contains(d.moved, id) {
			others[id] = true
		}
	}
	for r, err := range rows {
		if err != nil {
			return err
		}
		if r.Kind != store.RowValue {
			break // values come first
		}
		d.last = max(d.last, r.Number)
		if id, held := store.HeldOf(r.ID); held && !slices.Contains(d.moved, id) {
			others[id] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(others)) {
		d.last++
		note, err := store.DepartedRow(id, d.began, d.last)
		if err != nil {
			return fmt.Errorf("note that %s leaves: %w", id, err)
		}
		d.notes = append(d.notes, note)
	}
	return nil
}

// divideRows puts the notes among the rows of a store.
func (d *division) divideRows(rows iter.Seq2[store.Row, error]) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		left := d.notes
		for r, err := range rows {
			if len(left) > 0 && r.Kind == store.RowValue && r.ID == left[0].ID {
				left = left[1:] // it was noted before
			}
			for err == nil && len(left) > 0 && (r.Kind != store.RowValue || r.ID > left[0].ID) {
				if !yield(left[0], nil) {
					return
				}
				left = left[1:]
			}
			if r.Kind == store.RowCounter && r.Of == store.CounterKV {
				r.Number = max(r.Number, d.last)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// carryKeys writes the key file and its slots where the new installation has them.
func (d *division) carryKeys(source, target *config.Config) error {
	for _, of := range []func(string) string{func(path string) string { return path }, sealed.SlotsOf} {
		if err := carryFile(of(source.Secrets.KeyFile), of(target.Secrets.KeyFile)); err != nil {
			return fmt.Errorf("carry the keys along: %w", err)
		}
	}
	return nil
}

// leave notes in the old store that those that were moved have left.
func (d *division) leave(ctx context.Context, in *installation) error {
	kept := store.NewDepartures(in.store)
	for _, publisher := range d.moved {
		if _, err := kept.Begin(ctx, publisher, "", d.began); err != nil {
			return err //nolint:wrapcheck // it says what it is
		}
	}
	return nil
}
