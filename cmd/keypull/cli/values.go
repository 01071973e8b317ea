package cli

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// value is a flag's value that says by a sentence what it takes.
type value struct {
	kind    string
	text    string
	set     func(string) error
	choices []string
}

// String returns the value as it was written.
func (v *value) String() string { return v.text }

// Type names the value in the help.
func (v *value) Type() string { return v.kind }

// Set takes what was written, or says what would be.
func (v *value) Set(s string) error {
	if err := v.set(s); err != nil {
		return err
	}
	v.text = s
	return nil
}

// Choice returns the value of a flag that is one of some names; what is in to is
// the default.
func Choice(to *string, names ...string) pflag.Value {
	return &value{kind: "name", text: *to, choices: names, set: func(s string) (err error) {
		*to, err = choose(s, names)
		return err
	}}
}

// Choices returns the value of a flag that is some of some names, with commas
// between them.
func Choices(to *[]string, names ...string) pflag.Value {
	return &value{kind: "names", text: strings.Join(*to, ","), choices: names, set: func(s string) error {
		var chosen []string
		for one := range strings.SplitSeq(s, ",") {
			name, err := choose(one, names)
			if err != nil {
				return err
			}
			chosen = append(chosen, name)
		}
		*to = chosen
		return nil
	}}
}

// choose finds a name as it was written, or says which there are.
func choose(s string, names []string) (string, error) {
	for _, name := range names {
		if strings.EqualFold(strings.TrimSpace(s), name) {
			return name, nil
		}
	}
	args := words.Args{"got": s, "known": strings.Join(names, ", ")}
	if args["nearest"] = settings.Nearest(s, names); args["nearest"] != "" {
		return "", words.Fail(nil, "cli.choice_near", args)
	}
	delete(args, "nearest")
	return "", words.Fail(nil, "cli.choice", args)
}

// Number returns the value of a flag that is a whole number from least to most; what
// is in to is the default.
func Number(to *int, least, most int) pflag.Value {
	return &value{kind: "int", text: strconv.Itoa(*to), set: func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < least || n > most {
			return words.Fail(err, "cli.number", words.Args{"got": s, "least": least, "most": most})
		}
		*to = n
		return nil
	}}
}

// Moment returns the value of a flag that is a time as RFC 3339 has it.
func Moment(to *time.Time) pflag.Value {
	return &value{kind: "time", set: func(s string) (err error) {
		*to, err = time.Parse(time.RFC3339, s)
		return err //nolint:wrapcheck // words.Said has the sentence
	}}
}

// Duration returns the value of a flag that is a duration longer than none, such as
// 90d.
func Duration(to *time.Duration) pflag.Value {
	return &value{kind: "duration", set: func(s string) error {
		d, err := settings.ParseDuration(s)
		if err != nil || d <= 0 {
			return words.Fail(err, "cli.duration", words.Args{"got": s})
		}
		*to = d
		return nil
	}}
}

// Tongue returns the value of a flag that is the tag of a language, such as pt-BR.
func Tongue(to *string) pflag.Value {
	return &value{kind: "tag", set: func(s string) error {
		if !settings.IsLanguage(s) {
			return words.Fail(nil, "problem.language", words.Args{"got": s})
		}
		*to = s
		return nil
	}}
}

// offerChoices has shells complete the values of a command's flags.
func offerChoices(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if v, ok := f.Value.(*value); ok && len(v.choices) > 0 {
			// It fails for a flag that is not there, or done already.
			_ = cmd.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(v.choices, cobra.ShellCompDirectiveNoFileComp))
		}
	})
}
