package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/proofs"
)

// proofFlags are those of "keypull proof".
type proofFlags struct {
	config, publisher string
	json              bool
}

func newProofCommand() *cobra.Command {
	var f proofFlags
	cmd := &cobra.Command{
		Use:   "proof CODE",
		Short: "Tell what the code of an answer proves",
		Long: "proof tells which items an answer told and when it left, and whether it was withdrawn or corrected\n" +
			"since, by the code that stands on it. It tells nothing of the reader. A code counts for as long as\n" +
			"the record of its ask is kept; the signed text that is printed last proves the same for good.",
		Example: "  keypull proof --publisher lecker 7F3K9-2XQ8M-4",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return cli.Failed(showProof(cmd, f, args[0])) },
	}
	renew := &cobra.Command{
		Use: "renew", Short: "Sign with a new key from now on", Args: cobra.NoArgs,
		Long: "renew makes a new key that texts are signed with. The public keys of before stay, at\n" +
			"/.well-known/keypull-keys.json, and verify what was sent before.",
		Example: "  keypull proof renew --publisher lecker",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cli.Failed(renewProofKey(cmd, f)) },
	}
	cmd.AddCommand(renew)
	for _, c := range []*cobra.Command{cmd, renew} {
		configFlag(c, &f.config)
		c.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher")
		c.Flags().BoolVar(&f.json, "json", false, "print it as JSON")
		_ = c.MarkFlagRequired("publisher") // it is there: see above
	}
	return cmd
}

func showProof(cmd *cobra.Command, f proofFlags, code string) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		found, err := proofs.GetProof.Call(ctx, proofs.ProofGet{Of: console.Of{Publisher: f.publisher}, Code: code})
		if err != nil {
			return err
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), found)
		}
		return tellProof(cmd.OutOrStdout(), found)
	})
}

// tellProof prints what was proved, a line for each thing that is known.
func tellProof(out io.Writer, a proofs.ProvenAnswer) error {
	moment := func(t time.Time) string { return t.Local().Format(time.DateTime) }
	lines := []string{cli.Say("reply.proof_true", words.Args{"publisher": a.Name, "sent": moment(a.Sent)})}
	if a.Withdrawn {
		lines = append(lines, cli.Say("reply.proof_withdrawn", nil))
	}
	if a.Told != "" {
		lines = append(lines, a.Told)
	}
	for _, it := range a.Items {
		lines = append(lines, strings.TrimSpace(strings.Join([]string{it.ID, it.Title, it.Link}, "  ")))
	}
	lines = append(lines, cli.Say("reply.proof_about", words.Args{"keyword": strings.Join(a.Keywords, ", ")}))
	if !a.AsOf.IsZero() {
		lines = append(lines, cli.Say("reply.proof_as_of", words.Args{"moment": moment(a.AsOf)}))
	}
	if !a.Fetched.IsZero() {
		lines = append(lines, cli.Say("reply.proof_fetched", words.Args{"moment": moment(a.Fetched)}))
	}
	for _, line := range a.Corrections {
		lines = append(lines, cli.Say("reply.proof_amended", words.Args{"text": line}))
	}
	if a.Text != "" {
		lines = append(lines, "", a.Text)
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err //nolint:wrapcheck // of the terminal
}

func renewProofKey(cmd *cobra.Command, f proofFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		keys, err := proofs.RenewKey.Call(ctx, console.Of{Publisher: f.publisher})
		if err != nil {
			return err
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), keys)
		}
		for _, k := range keys.Keys {
			until := ""
			if !k.Until.IsZero() {
				until = k.Until.Format(time.RFC3339)
			}
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %s\n", k.ID, k.From.Format(time.RFC3339), until); err != nil {
				return err //nolint:wrapcheck // of the terminal
			}
		}
		return nil
	})
}
