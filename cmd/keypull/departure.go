package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/proof"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/store"
	"keypull/web/console"
)

// departures take publishers out of an installation for good. It is safe for concurrent use.
type departures struct {
	*installation
	kept  *store.Departures
	keys  *store.ProofKeys
	empty vacated

	// leaving is held while a publisher is taken out.
	leaving sync.Mutex
	mu      sync.Mutex
	left    map[string]bool
}

// newDepartures drops what stands in the store of publishers that left: it comes before any is
// opened.
func (in *installation) newDepartures(ctx context.Context) (*departures, error) {
	d := &departures{installation: in, kept: store.NewDepartures(in.store), left: map[string]bool{}}
	all, err := d.kept.DropAll(ctx)
	for i := range all {
		d.left[all[i].Publisher] = true
	}
	return d, err
}

// Left reports whether a publisher left or leaves: its id is not given again.
func (d *departures) Left(publisher string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.left[publisher]
}

// Leave takes a publisher out, and returns its receipt; that of before where it has left.
func (d *departures) Leave(ctx context.Context, publisher string) (console.PublisherLeft, error) {
	d.leaving.Lock()
	defer d.leaving.Unlock()
	name, opened := "", d.room.Publisher(publisher)
	if opened != nil {
		name = opened.Name
	}
	of, err := d.kept.Begin(ctx, publisher, name, d.clock())
	if pull.KindOf(err) == pull.Unknown {
		err = console.NoPublisher(publisher)
	}
	if err != nil {
		return console.PublisherLeft{}, err
	}
	d.mu.Lock()
	d.left[publisher] = true
	d.mu.Unlock()
	if opened != nil {
		if err := d.empty.Remove(ctx, catalogue.Change{Publisher: publisher, Resource: catalogue.ResourcePublisher, ID: publisher, When: uint64(store.Any)}); err != nil {
			return console.PublisherLeft{}, err
		}
	}
	of, err = d.carryOut(ctx, of)
	return console.PublisherLeft{Departure: departureOf(of), Receipt: of.Receipt}, err
}

func departureOf(of store.Departed) console.Departure {
	return console.Departure{Publisher: of.Publisher, Name: of.Name, Began: of.Began, Ended: of.Ended, Held: of.Held}
}

// carryOut takes out what is left of a publisher, and signs that nothing is.
func (d *departures) carryOut(ctx context.Context, of store.Departed) (store.Departed, error) {
	erase := func(ctx context.Context, key who.Key) error { return d.forgetReader(ctx, of.Publisher, key) }
	if err := d.kept.CarryOut(ctx, of.Publisher, erase, func(ctx context.Context) error { return d.dropElsewhere(ctx, of.Publisher) }); err != nil {
		return of, err
	}
	if of.Receipt == "" {
		keys, err := d.keys.Of(ctx, of.Publisher)
		if err != nil {
			return of, err
		}
		of.Ended = endOf(d.clock())
		if of.Receipt, err = proof.SignReceipt(keys.Private, departureOf(of)); err != nil {
			return of, err
		}
		if _, err := d.kept.Put(ctx, of, uint64(store.Any)); err != nil {
			return of, err
		}
	}
	return of, d.keys.Retire(ctx, of.Publisher)
}

// endOf returns the second at whose beginning something that ended at a moment had ended: cut off, it would be one before
// what began in the same second.
func endOf(at time.Time) time.Time {
	return at.UTC().Add(time.Second - 1).Truncate(time.Second)
}

// dropElsewhere takes out what of a publisher does not lie by its name in the store.
func (d *departures) dropElsewhere(ctx context.Context, publisher string) error {
	if err := d.resources.demand.Fold(ctx); err != nil { // or its asks are counted afterwards
		return err
	}
	_, err := d.resources.changes.DropOf(ctx, publisher)
	if err == nil {
		err = errors.Join(d.empty.vacate(ctx, publisher), d.withdrawn.Drop(publisher))
	}
	if err == nil {
		err = os.RemoveAll(filepath.Join(d.room.Folder, filepath.Base(publisher)))
	}
	if err != nil {
		return fmt.Errorf("take out what belongs to %s: %w", publisher, err)
	}
	return nil
}

// resume takes out what is left of publishers that an earlier process, or an older copy of
// the store, has not taken out.
func (d *departures) resume(ctx context.Context) {
	d.leaving.Lock()
	defer d.leaving.Unlock()
	all, err := d.kept.All(ctx)
	for i := range all {
		if err == nil {
			_, err = d.carryOut(ctx, all[i])
		}
	}
	if err != nil && ctx.Err() == nil {
		d.logger.Error("a publisher that left could not be taken out whole; the next start goes on, or keypull publisher leave", "error", err)
	}
}

// publisherFlags are those of "keypull publisher leave".
type publisherFlags struct {
	config    string
	yes, json bool
}

func newPublisherCommand() *cobra.Command {
	var f publisherFlags
	cmd := &cobra.Command{Use: "publisher", Short: "Remove publishers for good", Args: cobra.NoArgs}
	leave := &cobra.Command{
		Use: "leave PUBLISHER", Short: "Remove a publisher for good, with its readers and their keys, and print a signed receipt", Args: cobra.ExactArgs(1),
		Long: "leave forgets each reader of a publisher as FORGET ME does, and removes all else that is held of it:\n" +
			"settings, snapshots, figures, demand, conversations, files, what could be undone. Once the next newest\n" +
			"half is made, older archives open nothing of its readers, and an archive that is put back drops the\n" +
			"publisher. The receipt says what was held and from when on archives are free of it; it is a JSON Web\n" +
			"Signature by the publisher's proof key, which stays at /.well-known/keypull-keys.json. The audit log\n" +
			"stays. It can't be undone, and the id is not given again; called once more, it prints the receipt again.",
		Example: "  keypull publisher leave lecker --json > receipt.json",
		RunE:    func(cmd *cobra.Command, args []string) error { return cli.Failed(leavePublisher(cmd, f, args[0])) },
	}
	configFlag(leave, &f.config)
	leave.Flags().BoolVar(&f.yes, "yes", false, "do not ask first")
	leave.Flags().BoolVar(&f.json, "json", false, "print the receipt as JSON")
	cmd.AddCommand(leave)
	return cmd
}

func leavePublisher(cmd *cobra.Command, f publisherFlags, publisher string) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		if !f.yes && answerTo(cmd, "cli.leave_ask", words.Args{"publisher": publisher}) != publisher {
			return errKept
		}
		left, err := console.LeavePublisher.Call(ctx, console.PublisherLeave{Of: console.Of{Publisher: publisher}, Confirm: publisher})
		if err != nil {
			return err
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), left)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s\n", cli.Say("cli.left", words.Args{
			"publisher": publisher, "readers": left.Held["readers"], "moment": left.Ended.Local().Format(time.DateTime),
		}), left.Receipt)
		return err
	})
}
