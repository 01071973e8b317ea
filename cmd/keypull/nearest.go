package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
)

// fewKnown is how many ids a sentence lists.
const fewKnown = 8

// hintKnownIDs has f tell, where it is refused and a flag names a publisher or channel
// that is not there, which there are: those that the caller may see.
func hintKnownIDs(cmd *cobra.Command, f func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := f(ctx)
		if kind := console.KindOf(err); kind != pull.Unknown && kind != pull.Invalid {
			return err
		}
		said := unnamedPublisher(ctx, cmd, err)
		if said.IsZero() {
			said = unknownID(ctx, cmd)
		}
		if !said.IsZero() {
			return words.Fail(err, said.Key, said.Args)
		}
		return err
	}
}

// unnamedPublisher returns the sentence about a publisher that was not named, where the command needs one; none where that
// is not what an error says, or nobody is known.
func unnamedPublisher(ctx context.Context, cmd *cobra.Command, err error) words.Text {
	var e *pull.Error
	f := cmd.Flags().Lookup("publisher")
	if f == nil || f.Value.String() != "" || !errors.As(err, &e) || e.Field != "publisher" {
		return words.Text{}
	}
	known, failed := publisherIDs(ctx)
	if failed != nil || len(known) == 0 || len(known) > fewKnown {
		return words.Text{Key: "cli.whose", Args: words.Args{"flag": "--publisher"}}
	}
	return words.Text{Key: "cli.whose_known", Args: words.Args{"flag": "--publisher", "known": strings.Join(known, ", ")}}
}

// unknownID returns the sentence about the first flag that names what is not there;
// none where all is, or nothing can be told.
func unknownID(ctx context.Context, cmd *cobra.Command) words.Text {
	publisher, channel := flagText(cmd, "publisher"), flagText(cmd, "channel")
	if publisher != "" {
		known, err := publisherIDs(ctx)
		if err != nil || !slices.Contains(known, publisher) {
			return nearest("publisher", publisher, known)
		}
	}
	if channel != "" && channel != "all" {
		if known, err := channelIDs(ctx, publisher); err == nil && !slices.Contains(known, channel) {
			return nearest("channel", channel, known)
		}
	}
	return words.Text{}
}

// nearest returns the sentence about an id that none of known is; none where there is
// nothing to name, or too much.
func nearest(resource, got string, known []string) words.Text {
	args := words.Args{"noun": words.Text{Key: "noun." + resource}, "got": got}
	if near := settings.Nearest(got, known); near != "" {
		args["nearest"] = near
		return words.Text{Key: "document.unknown_near", Args: args}
	}
	if len(known) == 0 || len(known) > fewKnown {
		return words.Text{}
	}
	args["known"] = strings.Join(known, ", ")
	return words.Text{Key: "document.unknown", Args: args}
}

// flagText returns what was given to a flag, or empty if the command has none of that
// name.
func flagText(cmd *cobra.Command, name string) string {
	if f := cmd.Flags().Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}

// channelIDs returns the channels of a publisher, or of all that the caller may
// see.
func channelIDs(ctx context.Context, publisher string) (ids []string, err error) {
	publishers := []string{publisher}
	if publisher == "" {
		if publishers, err = publisherIDs(ctx); err != nil {
			return nil, err
		}
	}
	for _, p := range publishers {
		err = errors.Join(err, eachPage(ctx, console.ListChannels, func(cursor string) console.ChannelList {
			return console.ChannelList{Of: console.Of{Publisher: p}, Page: console.Page{Cursor: cursor}}
		}, func(page console.ChannelListed) (next string, err error) {
			for _, c := range page.Channels {
				if id, ok := c.Channel["id"].(string); ok && !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
			return page.Next, nil
		}))
	}
	return ids, err
}
