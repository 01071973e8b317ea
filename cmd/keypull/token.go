package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

// tokenFlags are those of "keypull token" and its subcommands.
type tokenFlags struct {
	config, publisher, role string
	expires                 time.Duration
	json                    bool
}

func newTokenCommand() *cobra.Command {
	var f tokenFlags
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Let programs use the API",
		Args:  cobra.NoArgs,
	}
	create := &cobra.Command{
		Use:   "create NAME",
		Short: "Make a token and print it, this once",
		Long: "create makes a token for the API at /api/v1 and prints it; it is kept nowhere. With --publisher\n" +
			"it may do there what its role may: a viewer reads, an editor writes sources, keywords and\n" +
			"channels, an owner the publisher itself, its people and tokens; an asker asks as a reader\n" +
			"does, at /say, and may stand in an address. Without --publisher it may do everything on the\n" +
			"installation, and opens the details of /readyz to who watches it.",
		Example: "  keypull token create \"the newsroom's script\" --publisher lecker --role editor --expires 90d\n" +
			"  curl -H \"Authorization: Bearer $(keypull token create setup)\" http://127.0.0.1:8080/api/v1/publishers",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(createToken(cmd, f, args[0])) },
	}
	f.role = string(people.Editor)
	create.Flags().Var(cli.Choice(&f.role, roleNames(people.TokenRoles())...), "role", "what it may do at the publisher: asker (ask as a reader does, at /say), viewer, editor or owner")
	create.Flags().Var(cli.Duration(&f.expires), "expires", "`duration` after which it ends, such as 90d; never where not given")
	list := &cobra.Command{
		Use: "list", Short: "List tokens", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(listTokens(cmd, f)) },
	}
	revoke := &cobra.Command{
		Use: "revoke ID", Short: "End a token at once", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(revokeToken(cmd, f, args[0])) },
	}
	for _, c := range []*cobra.Command{create, list, revoke} {
		configFlag(c, &f.config)
		c.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher; the whole installation where not given")
		cmd.AddCommand(c)
	}
	create.Flags().BoolVar(&f.json, "json", false, "print the token with all that is known of it as JSON")
	list.Flags().BoolVar(&f.json, "json", false, "print the tokens as JSON")
	return cmd
}

func createToken(cmd *cobra.Command, f tokenFlags, name string) error {
	var expires time.Time
	if f.expires > 0 {
		expires = time.Now().Add(f.expires)
	}
	return onNew(cmd, f.config, func(ctx context.Context) error {
		made, err := f.create(ctx, name, expires)
		if err != nil {
			return err
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), made)
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), made.Secret)
		return err
	})
}

func (f tokenFlags) create(ctx context.Context, name string, expires time.Time) (accounts.NewToken, error) {
	if f.publisher == "" {
		return accounts.IssueToken.Call(ctx, accounts.TokenIssue{Name: name, Expires: expires})
	}
	return accounts.CreateToken.Call(ctx, accounts.TokenCreate{Of: console.Of{Publisher: f.publisher}, Name: name, Role: f.role, Expires: expires})
}

func listTokens(cmd *cobra.Command, f tokenFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		all, err := f.list(ctx)
		if err != nil {
			return err
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), all)
		}
		w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		for _, t := range all.Tokens {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Role, orDash(t.Publisher), t.Created.Format(time.DateOnly), t.Name)
		}
		return w.Flush()
	})
}

func (f tokenFlags) list(ctx context.Context) (accounts.TokenEntries, error) {
	if f.publisher == "" {
		return accounts.ListAllTokens.Call(ctx, console.None{})
	}
	return accounts.ListTokens.Call(ctx, console.Of{Publisher: f.publisher})
}

func revokeToken(cmd *cobra.Command, f tokenFlags, id string) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		if f.publisher == "" {
			_, err := accounts.WithdrawToken.Call(ctx, accounts.TokenWithdraw{Token: id})
			return err
		}
		_, err := accounts.RevokeToken.Call(ctx, accounts.TokenRevoke{Of: console.Of{Publisher: f.publisher}, Token: id})
		return err
	})
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
