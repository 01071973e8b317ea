package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

// userFlags are those of "keypull user" and its subcommands.
type userFlags struct {
	config, name, publisher, role string
	admin, json                   bool
}

func newUserCommand() *cobra.Command {
	var f userFlags
	cmd := &cobra.Command{
		Use:   "user",
		Short: "Invite people to the console",
		Args:  cobra.NoArgs,
	}
	invite := &cobra.Command{
		Use:   "invite EMAIL",
		Short: "Print a link by which somebody joins, once",
		Long: "invite prints a link that works once, within 7 days: whoever opens it chooses a password and\n" +
			"is in. No mail is sent. Somebody who has an account already opens it with its password.",
		Example: "  keypull user invite ann@lecker.example --publisher lecker --role owner\n" +
			"  keypull user invite ops@lecker.example --admin",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(inviteUser(cmd, f, args[0])) },
	}
	invite.Flags().StringVar(&f.name, "name", "", "what they are called")
	invite.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher they work for")
	f.role = string(people.Editor)
	invite.Flags().Var(cli.Choice(&f.role, roleNames(people.Roles())...), "role", "what they may do there: viewer, editor or owner")
	invite.Flags().BoolVar(&f.admin, "admin", false, "let them do everything on the installation")
	cli.Apart(invite, "admin", "publisher")
	reset := &cobra.Command{
		Use: "reset EMAIL", Short: "Print a link by which somebody who lost a password sets a new one", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(resetUser(cmd, f, args[0])) },
	}
	list := &cobra.Command{
		Use: "list", Short: "List everybody who works in the console", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(listUsers(cmd, f)) },
	}
	remove := &cobra.Command{
		Use: "remove EMAIL", Short: "Remove somebody and end their sessions", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(removeUser(cmd, f, args[0])) },
	}
	for _, c := range []*cobra.Command{invite, reset, list, remove} {
		configFlag(c, &f.config)
		c.Flags().BoolVar(&f.json, "json", false, "print what came of it as JSON")
		cmd.AddCommand(c)
	}
	return cmd
}

// roleNames returns the names of some roles.
func roleNames(roles []people.Role) (names []string) {
	for _, r := range roles {
		names = append(names, string(r))
	}
	return names
}

func inviteUser(cmd *cobra.Command, f userFlags, email string) error {
	if !f.admin && f.publisher == "" {
		return cli.Misused("cli.where", words.Args{"email": email})
	}
	in := accounts.PersonEnrol{Email: email, Name: f.name, Admin: f.admin}
	if f.publisher != "" {
		in.Roles = map[string]string{f.publisher: f.role}
	}
	return onNew(cmd, f.config, func(ctx context.Context) error {
		i, err := accounts.EnrolPerson.Call(ctx, in)
		if err != nil {
			return err
		}
		return f.printInvitation(cmd, i, email)
	})
}

func resetUser(cmd *cobra.Command, f userFlags, email string) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		p, err := userOf(ctx, email)
		if err != nil {
			return err
		}
		i, err := accounts.ResetPerson.Call(ctx, accounts.PersonID{Person: p.ID})
		if err != nil {
			return err
		}
		return f.printInvitation(cmd, i, email)
	})
}

// printInvitation shows a link.
func (f userFlags) printInvitation(cmd *cobra.Command, i accounts.Invitation, email string) error {
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), i)
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\n%s\n", i.Link, cli.Say("cli.link", words.Args{"until": formatTime(i.Expires), "email": email}))
	return err
}

func listUsers(cmd *cobra.Command, f userFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		all, err := accounts.ListAllPersons.Call(ctx, console.None{})
		if err != nil {
			return err
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), all)
		}
		w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		for _, p := range all.People {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", p.Email, orDash(p.Name), formatRights(p))
		}
		return w.Flush()
	})
}

// formatRights tells what somebody may do.
func formatRights(p accounts.Person) string {
	if p.Admin {
		return "admin"
	}
	var all []string
	for _, publisher := range slices.Sorted(maps.Keys(p.Roles)) {
		all = append(all, cli.Say("cli.rights", words.Args{"role": p.Roles[publisher], "publisher": publisher}))
	}
	return orDash(strings.Join(all, ", "))
}

func removeUser(cmd *cobra.Command, f userFlags, email string) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		p, err := userOf(ctx, email)
		if err != nil {
			return err
		}
		_, err = accounts.ErasePerson.Call(ctx, accounts.PersonID{Person: p.ID})
		return err
	})
}

// userOf finds somebody by the email address.
func userOf(ctx context.Context, email string) (accounts.Person, error) {
	all, err := accounts.ListAllPersons.Call(ctx, console.None{})
	if err != nil {
		return accounts.Person{}, err
	}
	i := slices.IndexFunc(all.People, func(p accounts.Person) bool { return strings.EqualFold(p.Email, strings.TrimSpace(email)) })
	if i < 0 {
		return accounts.Person{}, &pull.Error{Kind: pull.Unknown, Hint: words.Text{Key: "refusal.nobody", Args: words.Args{"email": email}}}
	}
	return all.People[i], nil
}
