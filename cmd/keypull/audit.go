package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
	"keypull/web/console"
)

func newAuditCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Show that nothing was sent that nobody asked for"}
	cmd.AddCommand(newAuditSendsCommand())
	return cmd
}

// sendsAudit is one run of "keypull audit sends".
type sendsAudit struct {
	config, publisher string
	json              bool
	out               io.Writer
	// orphans are the first messages that nothing caused, count all of them.
	orphans []string
	count   int
}

// namedOrphans is how many orphans are named at the end; each stands in its line, too.
const namedOrphans = 100

func newAuditSendsCommand() *cobra.Command {
	var a sendsAudit
	cmd := &cobra.Command{
		Use: "sends", Short: "List every message to readers with the ask that caused it", Args: cobra.NoArgs,
		Long: "sends lists the messages to readers that are kept, for 30 days, with the ask, order or human that\n" +
			"caused each: their numbers, never a reader or a word. It ends with how many have no such cause;\n" +
			"where there is one it ends with 1.",
		Example: "  keypull audit sends --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.out = cmd.OutOrStdout()
			return cli.Failed(a.auditSends(cmd))
		},
	}
	configFlag(cmd, &a.config)
	cmd.Flags().StringVar(&a.publisher, "publisher", "", "`id` of the publisher; all of them where not given")
	cmd.Flags().BoolVar(&a.json, "json", false, "print them as JSON, one line each, and the count on standard error")
	return cmd
}

func (a *sendsAudit) auditSends(cmd *cobra.Command) error {
	if err := onServer(cmd, a.config, a.listSends); err != nil {
		return err
	}
	if a.count > 0 {
		named := strings.Join(a.orphans, ", ")
		if len(a.orphans) < a.count {
			named += ", …"
		}
		return words.Fail(nil, "cli.orphans", words.Args{"n": a.count, "asks": named})
	}
	summary := a.out
	if a.json {
		summary = cmd.ErrOrStderr()
	}
	_, err := fmt.Fprintln(summary, cli.Say("cli.orphans_none", nil))
	return err //nolint:wrapcheck // of the terminal
}

// listSends prints the messages of the publishers that are meant, a page at a time.
func (a *sendsAudit) listSends(ctx context.Context) (err error) {
	a.orphans, a.count = nil, 0
	ids := []string{a.publisher}
	if a.publisher == "" {
		if ids, err = publisherIDs(ctx); err != nil {
			return err
		}
	}
	for _, id := range ids {
		err := eachPage(ctx, console.ListSends, func(cursor string) console.SendList {
			return console.SendList{Of: console.Of{Publisher: id}, Page: console.Page{Cursor: cursor, Limit: sendsPage}}
		}, func(page console.SendsListed) (next string, err error) {
			for i := range page.Sends {
				if err := a.printSend(&page.Sends[i]); err != nil {
					return "", err
				}
			}
			return page.Next, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sendsPage is how many messages are asked for at a time.
const sendsPage = 200

func (a *sendsAudit) printSend(e *console.SendEntry) error {
	if e.Orphan {
		if a.count++; len(a.orphans) < namedOrphans {
			a.orphans = append(a.orphans, e.Publisher+"/"+strconv.FormatUint(e.Ask, 10))
		}
	}
	if a.json {
		return cli.PrintJSONLine(a.out, e)
	}
	said := ""
	switch {
	case e.Orphan:
		said = cli.Say("cli.sends_orphan", nil)
	case e.Cause == 0:
		said = cli.Say("cli.sends_counted", nil)
	case !e.CauseKept:
		said = cli.Say("cli.sends_past", words.Args{"ask": e.Cause})
	case e.Cause != e.Ask:
		said = cli.Say("cli.sends_cause", words.Args{"ask": e.Cause})
	}
	_, err := fmt.Fprintf(a.out, "%d  %s/%s  %s  %s  %s  %s\n", e.Ask, e.Publisher, e.Channel, formatTime(e.At), e.Kind, e.Fate, said)
	return err //nolint:wrapcheck // of the terminal
}
