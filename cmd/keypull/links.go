package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/links"
)

// linksFlags are those of "keypull link".
type linksFlags struct {
	config, publisher, keyword, channel, language, format string
	json                                                  bool
}

func newLinkCommand() *cobra.Command {
	f := linksFlags{format: "text"}
	cmd := &cobra.Command{
		Use:   "link",
		Short: "Print links, QR codes and words for posters that lead to a keyword",
		Long: "link prints how readers get to a keyword: for each channel that can be linked to, an address that\n" +
			"opens the messenger with the word asked, or ready to be sent. As svg or png it prints the QR code\n" +
			"of one channel.",
		Example: "  keypull link --publisher lecker --keyword tiramisu\n" +
			"  keypull link --publisher lecker --keyword tiramisu --channel wa --format png > tiramisu.png",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(f.runLinks(cmd)) },
	}
	configFlag(cmd, &f.config)
	cmd.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher")
	cmd.Flags().StringVar(&f.keyword, "keyword", "", "`id` of the keyword")
	cmd.Flags().StringVar(&f.channel, "channel", "", "`id` of one channel; all that can be linked to where not given")
	cmd.Flags().StringVar(&f.language, "language", "", "`language` of the word that is sent; the publisher's own where not given")
	cmd.Flags().Var(cli.Choice(&f.format, "text", "svg", "png"), "format", "text, or the QR code as svg or png")
	cmd.Flags().BoolVar(&f.json, "json", false, "print the links as JSON")
	for _, needed := range []string{"publisher", "keyword"} {
		if err := cmd.MarkFlagRequired(needed); err != nil {
			panic(err) // the flag stands above
		}
	}
	return cmd
}

func (f linksFlags) runLinks(cmd *cobra.Command) error {
	return onFile(cmd, f.config, func(ctx context.Context) error {
		told, err := links.ListLinks.Call(ctx, links.KeywordLinks{Of: console.Of{Publisher: f.publisher}, ID: f.keyword, Channel: f.channel, Language: f.language})
		if err != nil {
			return err
		}
		all := make([]links.Link, len(told.Links))
		for i, l := range told.Links {
			all[i] = l.Link
		}
		switch {
		case f.json:
			return cli.PrintJSON(cmd.OutOrStdout(), all)
		case f.format == "text":
			return f.printLinks(cmd.OutOrStdout(), told)
		case len(all) != 1:
			return cli.Misused("cli.one_link", words.Args{"n": len(all)})
		}
		return f.drawQR(cmd.OutOrStdout(), all[0].URL)
	})
}

func (f linksFlags) printLinks(w io.Writer, told links.Told) error {
	for _, l := range told.Links {
		if _, err := fmt.Fprintf(w, "%s  %s\n    %s\n\n", l.Channel, l.URL, l.Poster); err != nil {
			return err
		}
	}
	if told.Page == "" {
		return nil
	}
	_, err := fmt.Fprintln(w, told.Page)
	return err
}

func (f linksFlags) drawQR(w io.Writer, address string) error {
	c, err := links.NewCode(address)
	if err != nil {
		return err
	}
	drawn := c.SVG()
	if f.format == "png" {
		if drawn, err = c.PNG(); err != nil {
			return err
		}
	}
	_, err = w.Write(drawn)
	return err
}

// newLinkGuide knows the ways to keywords.
func (in *installation) newLinkGuide() links.Guide {
	return links.Guide{
		Outlets: in.room, Channels: in.channels, PublicURL: in.config.Server.PublicURL,
		Title: func(kind, language string) string {
			k, ok := in.kinds.Messenger(kind)
			if !ok {
				return kind
			}
			title, _ := k.In(language)
			return title
		},
	}
}

// answerNobody returns what a keyword answers to nobody in particular.
func (in *installation) answerNobody(ctx context.Context, publisher, keyword, language string) (pull.Reply, time.Time, bool) {
	e := in.room.Edition(publisher)
	if e == nil {
		return pull.Reply{}, time.Time{}, false
	}
	key := in.readerKey(publisher, "", "briefing")
	reader, _, err := in.ledger.Reader(ctx, key)
	if err != nil {
		return pull.Reply{}, time.Time{}, false
	}
	ask := pull.Ask{ID: 1, Publisher: publisher, Reader: key, At: in.clock(),
		Incoming: pull.Incoming{ID: "briefing", Text: keyword, Tap: "k:" + keyword, Language: language, Greeted: true}}
	o := in.resolver.Resolve(ctx, pull.Request{Edition: e, Ask: ask, Reader: reader})
	if o.Reply == nil || o.Trace.Outcome != journal.Answered {
		return pull.Reply{}, time.Time{}, false
	}
	of := o.Trace.When.Fetched
	if !o.Trace.When.AsOf.IsZero() {
		of = o.Trace.When.AsOf
	}
	return *o.Reply, of, true
}
