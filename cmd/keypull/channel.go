package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/channel"
	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/store"
	"keypull/web/console"
	"keypull/web/messengers"
)

// deadPage is how many dead letters are asked for at a time.
const deadPage = 200

// channelFlags are those of "keypull channel dead" and "keypull channel resend".
type channelFlags struct {
	config, publisher, channel string
	json, all                  bool
}

func newChannelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "channel",
		Short: "See what messengers there are, set accounts up, and send again what could not be sent",
		Args:  cobra.NoArgs,
	}
	ks := allKinds()
	world := channel.World{
		Kinds: ks.Messengers, Described: describedKinds, OnServer: onFile, Publishers: publisherIDs, Config: configFlag, Clock: time.Now,
	}
	cmd.AddCommand(world.Commands()...)
	cmd.AddCommand(newDeadCommand(), newResendCommand())
	return cmd
}

func newDeadCommand() *cobra.Command {
	var f channelFlags
	cmd := &cobra.Command{
		Use: "dead", Short: "List the answers that could not be brought to readers", Args: cobra.NoArgs,
		Long: "dead lists dead letters: answers that a platform refused for good, or that waited for it longer\n" +
			"than [send] keep allows, and asks that ended the process. They are kept for 30 days.",
		Example: "  keypull channel dead --publisher lecker --channel tg",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cli.Failed(listDead(cmd, f)) },
	}
	f.flags(cmd)
	cmd.Flags().BoolVar(&f.json, "json", false, "print them as JSON, one line each")
	return cmd
}

func newResendCommand() *cobra.Command {
	var f channelFlags
	cmd := &cobra.Command{
		Use: "resend [ASK…]", Short: "Send dead letters again, by their numbers or all of a channel",
		Long: "resend has dead letters sent again: at once by the running server, else by its next start. They\n" +
			"stay listed, as queued, until they have left. Readers who have said STOP are sent nothing.",
		Example: "  keypull channel resend 4711 4712\n  keypull channel resend --publisher lecker --channel tg --all",
		RunE:    func(cmd *cobra.Command, args []string) error { return cli.Failed(resendLetters(cmd, f, args)) },
	}
	f.flags(cmd)
	cmd.Flags().BoolVar(&f.all, "all", false, "all dead letters of the channel")
	return cmd
}

func (f *channelFlags) flags(cmd *cobra.Command) {
	configFlag(cmd, &f.config)
	cmd.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher; all of them where not given")
	cmd.Flags().StringVar(&f.channel, "channel", "", "`id` of the channel; all of them where not given")
}

// publishersOf returns the publishers that are meant.
func (f channelFlags) publishersOf(ctx context.Context) ([]string, error) {
	if f.publisher != "" {
		return []string{f.publisher}, nil
	}
	return publisherIDs(ctx)
}

// publishedLetter is a dead letter as a line of JSON.
type publishedLetter struct {
	Publisher string `json:"publisher"`
	console.DeadEntry
}

func listDead(cmd *cobra.Command, f channelFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		ids, err := f.publishersOf(ctx)
		if err != nil {
			return err
		}
		listed := 0
		for _, id := range ids {
			n, err := f.listOf(ctx, cmd.OutOrStdout(), id)
			if err != nil {
				return err
			}
			listed += n
		}
		// A channel that is gone may have left letters; without any it is misspelt.
		if said := unknownID(ctx, cmd); listed == 0 && !said.IsZero() {
			return words.Fail(nil, said.Key, said.Args)
		}
		return nil
	})
}

// listOf prints the letters of one publisher, a page at a time, and counts them.
func (f channelFlags) listOf(ctx context.Context, out io.Writer, publisher string) (n int, err error) {
	in := console.DeadList{Of: console.Of{Publisher: publisher}, Channel: f.channel, Page: console.Page{Limit: deadPage}}
	for {
		listed, err := console.ListDead.Call(ctx, in)
		if err != nil {
			return n, err
		}
		for i := range listed.Dead {
			if err := f.printLetter(out, publisher, &listed.Dead[i]); err != nil {
				return n, err
			}
		}
		n += len(listed.Dead)
		if in.Cursor = listed.Next; in.Cursor == "" {
			return n, nil
		}
	}
}

func (f channelFlags) printLetter(out io.Writer, publisher string, l *console.DeadEntry) error {
	if f.json {
		return cli.PrintJSONLine(out, publishedLetter{publisher, *l})
	}
	state := ""
	if l.Queued {
		state = cli.Say("cli.dead_queued", nil)
	}
	_, err := fmt.Fprintf(out, "%d  %s/%s  %s  %s%s\n    %s\n", l.Ask, publisher, l.Channel, l.Reader, cli.Say("cli.dead_since", words.Args{"moment": formatTime(l.Since)}), state, l.Why)
	if first, _, _ := strings.Cut(l.Text, "\n"); first != "" {
		_, told := fmt.Fprintf(out, "    %q\n", first)
		err = errors.Join(err, told)
	}
	return err
}

func resendLetters(cmd *cobra.Command, f channelFlags, args []string) error {
	asks, err := f.askIDs(args)
	if err != nil {
		return err
	}
	return onServer(cmd, f.config, func(ctx context.Context) error {
		ids, err := f.publishersOf(ctx)
		if err != nil {
			return err
		}
		if f.all {
			return f.resendAll(ctx, cmd.OutOrStdout(), ids)
		}
		var failures error
		for _, ask := range asks {
			failures = errors.Join(failures, resendOne(ctx, cmd.OutOrStdout(), ids, ask))
		}
		return failures
	})
}

// askIDs returns the numbers on the command line: these or a whole channel.
func (f channelFlags) askIDs(args []string) ([]string, error) {
	switch {
	case f.all && (f.channel == "" || len(args) > 0):
		return nil, cli.Misused("cli.resend_all", nil)
	case !f.all && f.channel != "":
		return nil, cli.Misused("cli.resend_channel", nil)
	case !f.all && len(args) == 0:
		return nil, cli.Misused("cli.resend_none", nil)
	}
	for _, a := range args {
		if _, err := strconv.ParseUint(a, 10, 64); err != nil {
			return nil, cli.Misused("cli.resend_number", words.Args{"got": a})
		}
	}
	return args, nil
}

// resendOne sends one letter, whosever it is: the numbers of asks are those of
// the installation.
func resendOne(ctx context.Context, out io.Writer, publishers []string, ask string) error {
	var err error = &pull.Error{Kind: pull.Unknown, Hint: words.Text{Key: "refusal.no_publisher"}}
	for _, id := range publishers {
		_, err = console.ResendDead.Call(ctx, console.DeadOf{Of: console.Of{Publisher: id}, Ask: ask})
		if err == nil {
			_, err = fmt.Fprintln(out, cli.Say("cli.resend_queued", words.Args{"ask": ask}))
			return err
		}
		if console.KindOf(err) != pull.Unknown {
			break
		}
	}
	return words.Fail(err, "cli.resend_ask", words.Args{"ask": ask, "reason": words.Said(err)})
}

// resendAll sends all of a channel: of the publisher that was named, else of all
// that have one of that name.
func (f channelFlags) resendAll(ctx context.Context, out io.Writer, publishers []string) error {
	var total console.DeadResent
	var unknown error
	found := false
	for _, id := range publishers {
		in := console.DeadRelease{Of: console.Of{Publisher: id}, Channel: f.channel}
		done, err := console.ReleaseDead.Call(ctx, in)
		if console.KindOf(err) == pull.Unknown {
			unknown = err
			continue
		}
		if err != nil {
			return err
		}
		found = true
		total.Queued, total.Refused = total.Queued+done.Queued, total.Refused+done.Refused
	}
	if !found && unknown != nil {
		return unknown
	}
	_, err := fmt.Fprintln(out, cli.Say("cli.resend_total", words.Args{"queued": total.Queued, "left": total.Refused}))
	return err
}

// channelKey gives a channel a key of its own for a purpose. It follows from
// the key file: what was proven by it proves itself after a restart too.
func (in *installation) channelKey(publisher, channel, purpose string) []byte {
	key := sha256.Sum256([]byte(in.ring.Pseudonym("channel key", publisher, channel, purpose)))
	return key[:]
}

// knowsReader tells whether a document of a reader is held, or the STOP of one who
// was erased.
func (in *installation) knowsReader(ctx context.Context, publisher, channel, reader string) (bool, error) {
	r, revision, err := in.ledger.Reader(ctx, in.readerKey(publisher, channel, reader))
	return revision != 0 || r.State == who.Stopped, err
}

// holdsReader tells whether there is a document of a reader.
func (in *installation) holdsReader(ctx context.Context, reader who.Key) (bool, error) {
	_, revision, err := in.ledger.Reader(ctx, reader)
	return revision != 0, err
}

// placeOf returns where a channel keeps a few bytes of its own, sealed.
func (in *installation) placeOf(publisher, channel string) messengers.Place {
	return store.NewChannelStates(in.store, in.ring).Of(publisher, channel)
}
