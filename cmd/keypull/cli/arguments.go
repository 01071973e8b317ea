package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// Prepare makes a tree of commands tell what is wrong with a command line by
// sentences that say what to do. What is wrong is found by what the commands
// declare, Args and flags; it is the last thing that is done to them.
func Prepare(root *cobra.Command) {
	root.SetFlagErrorFunc(flagMistake)
	root.SetHelpCommand(newHelpCommand())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	prepare(root)
}

func prepare(cmd *cobra.Command) {
	if cmd.HasSubCommands() && !cmd.Runnable() {
		// Else cobra would show help to whoever misspelt a command, and call it done.
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	takes := cmd.Args
	if takes == nil {
		takes = cobra.ArbitraryArgs
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error { return mistake(cmd, args, takes) }
	offerChoices(cmd)
	for _, below := range cmd.Commands() {
		prepare(below)
	}
}

// mistake returns what is wrong with a command line whose flags are understood; nil
// where nothing is.
func mistake(cmd *cobra.Command, args []string, takes cobra.PositionalArgs) error {
	if cmd.HasSubCommands() && len(args) > 0 && takes(cmd, nil) == nil {
		return noCommand(cmd, args[0])
	}
	// The arguments that are taken end where taking none, or fewer, does.
	if err := takes(cmd, args); err != nil {
		for n := len(args) - 1; n >= 0; n-- {
			if takes(cmd, args[:n]) == nil {
				return Misused("cli.many", words.Args{"got": args[n], "form": form(cmd)})
			}
		}
		return Misused("cli.few", words.Args{"form": form(cmd)})
	}
	for _, a := range args {
		if strings.TrimSpace(a) == "" {
			return Misused("cli.empty", words.Args{"form": form(cmd)})
		}
	}
	return flagsMistaken(cmd)
}

// flagsMistaken finds flags that are empty, lacking, or exclude each other.
func flagsMistaken(cmd *cobra.Command) (err error) {
	var lacking []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		required := len(f.Annotations[cobra.BashCompOneRequiredFlag]) > 0
		switch {
		case required && !f.Changed:
			lacking = append(lacking, "--"+f.Name)
		case f.Changed && err == nil && strings.TrimSpace(f.Value.String()) == "":
			err = Misused("cli.flag_empty", words.Args{"flag": "--" + f.Name})
		}
	})
	if err == nil && len(lacking) > 0 {
		err = Misused("cli.flags_lacking", words.Args{"command": cmd.CommandPath(), "flags": strings.Join(lacking, " ")})
	}
	for pair := range strings.SplitSeq(cmd.Annotations[apart], ",") {
		one, other, _ := strings.Cut(pair, " ")
		if err == nil && cmd.Flags().Changed(one) && cmd.Flags().Changed(other) {
			err = Misused("cli.flags_apart", words.Args{"one": "--" + one, "other": "--" + other})
		}
	}
	return err
}

// apart is the annotation of a command that lists pairs of flags.
const apart = "keypull.apart"

// Apart says that of two flags of a command only one makes sense.
func Apart(cmd *cobra.Command, one, other string) {
	cmd.MarkFlagsMutuallyExclusive(one, other) // for completion
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[apart] = strings.TrimPrefix(cmd.Annotations[apart]+","+one+" "+other, ",")
}

// form returns how a command is written.
func form(cmd *cobra.Command) string { return strings.TrimSuffix(cmd.UseLine(), " [flags]") }

func noCommand(cmd *cobra.Command, got string) error {
	var known []string
	for _, below := range cmd.Commands() {
		if !below.Hidden {
			known = append(known, below.Name())
		}
	}
	args := words.Args{"got": got, "command": cmd.CommandPath()}
	if args["nearest"] = settings.Nearest(got, known); args["nearest"] != "" {
		return Misused("cli.no_command_near", args)
	}
	delete(args, "nearest")
	return Misused("cli.no_command", args)
}

func newHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND…]", Short: "Show what a command does and takes", Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			at, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			for _, below := range at.Commands() {
				if below.IsAvailableCommand() {
					names = append(names, below.Name()+"\t"+below.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			// The tree of commands takes no arguments itself, so that what is left
			// over is no command.
			at, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noCommand(at, rest[0])
			}
			return at.Help()
		},
	}
}
