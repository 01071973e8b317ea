package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// flagMistake says what is wrong with the flags of a command line.
func flagMistake(cmd *cobra.Command, err error) error {
	// Flags behind a command that is none are nobody's.
	if before := cmd.Flags().Args(); cmd.HasSubCommands() && len(before) > 0 && cmd.Args(cmd, nil) == nil {
		return noCommand(cmd, before[0])
	}
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		wrong   *pflag.InvalidValueError
		strange *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown):
		return noFlag(cmd, unknown)
	case errors.As(err, &bare):
		name, _ := pflag.UnquoteUsage(bare.GetFlag())
		return Misused("cli.flag_bare", words.Args{"flag": "--" + bare.GetFlag().Name, "value": name})
	case errors.As(err, &wrong):
		field, cause := "--"+wrong.GetFlag().Name, errors.Unwrap(wrong)
		if strings.TrimSpace(wrong.GetValue()) == "" {
			return Misused("cli.flag_empty", words.Args{"flag": field})
		}
		return Misused("cli.field", words.Args{"field": field, "reason": words.Said(cause)})
	case errors.As(err, &strange):
		return Misused("cli.flag_form", words.Args{"got": strange.GetSpecifiedFlag()})
	}
	return err
}

func noFlag(cmd *cobra.Command, e *pflag.NotExistError) error {
	got := "--" + e.GetSpecifiedName()
	if short := e.GetSpecifiedShortnames(); short != "" {
		got = "-" + short
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, "--"+f.Name)
		}
	})
	args := words.Args{"flag": got, "command": cmd.CommandPath()}
	if near := settings.Nearest("--"+strings.TrimLeft(got, "-"), known); near != "" && len(got) > len("-x") {
		args["nearest"] = near
		return Misused("cli.no_flag_near", args)
	}
	return Misused("cli.no_flag", args)
}
