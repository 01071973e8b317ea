// Package channel holds the commands about messengers that need no reader: what
// kinds there are, how an account stands at its platform, and how replies fit
// what a platform carries.
package channel

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/profile"
	"keypull/web/messengers"
)

// World is what the commands work with.
type World struct {
	// Kinds are those of the binary, Described as the console shows them.
	Kinds     []messengers.Kind
	Described func() console.Kinds
	// OnServer calls f where operations are carried out; Publishers are the ids of
	// those that are there.
	OnServer   func(cmd *cobra.Command, config string, f func(context.Context) error) error
	Publishers func(context.Context) ([]string, error)
	// Config adds the flag that names the configuration file.
	Config func(*cobra.Command, *string)
	// Clock says when something was proven.
	Clock func() time.Time
}

// Commands returns the commands.
func (w World) Commands() []*cobra.Command {
	return []*cobra.Command{w.kinds(), w.check(), w.setUp(), w.prove(), w.newShapeCommand()}
}

func (w World) kinds() *cobra.Command {
	return cli.Kinds(cobra.Command{
		Short: "List the kinds of messengers, with what each needs and carries",
		Long: "kinds lists the messengers that readers can write by: what an account costs and wants, how it\n" +
			"comes about, its settings, and what it carries. With --json it prints them as one list.",
		Example: "  keypull channel kinds\n  keypull channel kinds --json",
	}, "print names, titles, fields, schemas, limits and guides as JSON", func(language string) ([]console.KindEntry, error) {
		listed, err := w.Described().Listed(language)
		return listed.Messengers, err //nolint:wrapcheck // it says what was tried
	})
}

// which are the channels that a command is about.
type which struct {
	config, publisher, channel string
	json                       bool
	// files is where files for a platform are written, nowhere where empty.
	files string
}

func (w World) flags(cmd *cobra.Command, f *which) {
	w.Config(cmd, &f.config)
	cmd.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher; all of them where not given")
	cmd.Flags().StringVar(&f.channel, "channel", "", "`id` of the channel; all of them where not given")
	cmd.Flags().BoolVar(&f.json, "json", false, "print how they stand as JSON, one line each")
}

func (w World) check() *cobra.Command {
	var f which
	cmd := &cobra.Command{
		Use: "check", Short: "Ask the platforms whether accounts and webhooks are good", Args: cobra.NoArgs,
		Long: "check asks each channel's platform whether the account is good, where its webhook leads, and what\n" +
			"else stands otherwise there than here. Nothing is changed and no reader notices. It ends with 1\n" +
			"where something keeps a channel from working.",
		Example: "  keypull channel check\n  keypull channel check --publisher lecker --channel tg --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(w.each(cmd, f, profile.ShowDrift, printStanding))
		},
	}
	w.flags(cmd, &f)
	return cmd
}

func (w World) setUp() *cobra.Command {
	var f which
	cmd := &cobra.Command{
		Use: "setup", Short: "Tell the platforms where to deliver, and what readers see before they ask", Args: cobra.NoArgs,
		Long: "setup registers webhook and events at each channel's platform, where that has an interface for it,\n" +
			"and shows greeting, commands and menu there, from the words that the publisher's menu begins\n" +
			"with. It prints what it has changed: nothing, the second time. What others have set up there stays.",
		Example: "  keypull channel setup --publisher lecker --channel tg",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(w.each(cmd, f, profile.SetUp, printSetUp))
		},
	}
	w.flags(cmd, &f)
	cmd.Flags().StringVar(&f.files, "files", "", "`folder` for what has to be brought to a platform by hand, such as manifests")
	return cmd
}

// writeFiles writes the files of a channel into the folder for them.
func (f which) writeFiles(s profile.Standing) error {
	if f.files == "" || len(s.Files) == 0 {
		return nil
	}
	folder := filepath.Join(f.files, s.Publisher, s.Channel)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("make a folder for the files: %w", err)
	}
	for _, file := range s.Files {
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(file.Name)), file.Body, 0o600); err != nil {
			return fmt.Errorf("write a file for a platform: %w", err)
		}
	}
	return nil
}

// operation is channel.drift or channel.setup.
type operation = console.Operation[console.ChannelGet, profile.Standing]

// each carries an operation out on all channels that are meant.
func (w World) each(cmd *cobra.Command, f which, of operation, tell func(io.Writer, profile.Standing) error) error {
	return w.OnServer(cmd, f.config, func(ctx context.Context) error {
		all, err := w.chosen(ctx, f)
		if err != nil {
			return err
		}
		working := cli.Working(cmd.ErrOrStderr(), "cli.working_check")
		defer working.End()
		faults := 0
		for i, one := range all {
			working.Tell(i, len(all))
			s, err := of.Call(ctx, one)
			if err != nil {
				return err
			}
			faults += len(s.Faults)
			if err := f.writeFiles(s); err != nil {
				return err
			}
			if f.json {
				err = cli.PrintJSONLine(cmd.OutOrStdout(), s)
			} else {
				err = tell(cmd.OutOrStdout(), s)
			}
			if err != nil {
				return fmt.Errorf("print how a channel stands: %w", err)
			}
		}
		if faults > 0 {
			return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%d faults", faults)}
		}
		return nil
	})
}

// chosen returns the channels that are meant.
func (w World) chosen(ctx context.Context, f which) (all []console.ChannelGet, err error) {
	publishers := []string{f.publisher}
	if f.publisher == "" {
		if publishers, err = w.Publishers(ctx); err != nil {
			return nil, err
		}
	}
	for _, p := range publishers {
		in := console.ChannelList{Of: console.Of{Publisher: p}}
		for {
			listed, err := console.ListChannels.Call(ctx, in)
			if err != nil {
				return nil, err
			}
			for _, c := range listed.Channels {
				id, _ := c.Channel["id"].(string)
				if f.channel == "" || f.channel == id {
					all = append(all, console.ChannelGet{Of: in.Of, ID: id})
				}
			}
			if in.Cursor = listed.Next; in.Cursor == "" {
				break
			}
		}
	}
	if f.channel != "" && len(all) == 0 {
		return nil, console.NoThing("channel", f.channel)
	}
	return all, nil
}

func printStanding(out io.Writer, s profile.Standing) error {
	args := words.Args{"publisher": s.Publisher, "channel": s.Channel, "kind": s.Kind, "account": s.Account}
	key := "cli.face_good"
	if !s.OK {
		key = "cli.face_bad"
	}
	lines := []string{strings.TrimSpace(cli.Say(key, args))}
	for _, f := range s.Faults {
		lines = append(lines, "    "+f.Error)
	}
	for _, d := range s.Doubts {
		lines = append(lines, "    "+d.Error)
	}
	if s.Silent != "" {
		lines = append(lines, "    "+s.Silent)
	}
	for _, d := range s.Drift {
		if d.Part != "webhook" && d.Part != "events" {
			lines = append(lines, "    "+drifted("cli.face_part", d))
		}
	}
	return printLines(out, lines)
}

func printSetUp(out io.Writer, s profile.Standing) error {
	args := words.Args{"publisher": s.Publisher, "channel": s.Channel, "kind": s.Kind}
	key := "cli.face_bad"
	switch {
	case len(s.Faults) == 0 && !s.Fixed:
		key = "cli.face_unasked"
	case len(s.Faults) == 0 && len(s.Drift) == 0:
		key = "cli.face_same"
	}
	lines := []string{cli.Say(key, args)}
	for _, d := range s.Drift {
		lines = append(lines, "    "+drifted("cli.face_mended", d))
	}
	for _, f := range s.Files {
		lines = append(lines, "    "+f.Name)
	}
	for _, f := range s.Faults {
		lines = append(lines, "    "+f.Error)
	}
	return printLines(out, lines)
}

// drifted returns a drift in a line.
func drifted(key string, d messengers.Drift) string {
	part := cli.Say("face.part."+d.Part, nil)
	if d.Language != "" {
		part = cli.Say("face.fields", words.Args{"part": part, "language": d.Language})
	}
	return cli.Say(key, words.Args{"part": part, "has": d.Has, "wants": d.Wants})
}

func printLines(out io.Writer, lines []string) error {
	_, err := io.WriteString(out, strings.Join(lines, "\n")+"\n")
	return err
}
