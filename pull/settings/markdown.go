package settings

import (
	"fmt"
	"strings"
)

// Markdown returns the settings of the struct that v points to as a table for
// the docs; the fields of rows and sections follow theirs.
func Markdown(v any) (string, error) {
	fields, err := Fields(v)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| Name | Type | Default | Meaning |\n|---|---|---|---|\n")
	writeRows(&b, fields, "")
	return b.String(), nil
}

func writeRows(b *strings.Builder, fields []Field, path string) {
	for _, f := range fields {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", path+f.Name, f.Type, cell(f.shownDefault()), cell(f.fullHelp()))
		below := path + f.Name + "."
		if f.Type == Rows {
			below = path + f.Name + "[]."
		}
		writeRows(b, f.Fields, below)
	}
}

func (f Field) shownDefault() string {
	if f.Default == nil {
		return ""
	}
	return "`" + tomlLiteral(f.Default) + "`"
}

// fullHelp returns the help with all that else must be known to write a value.
func (f Field) fullHelp() string {
	s := f.Help
	if f.Required && f.Default == nil {
		s += " Required."
	}
	var choices []string
	for _, c := range f.Choices {
		if c != "" {
			choices = append(choices, c)
		}
	}
	if len(choices) > 0 {
		s += " One of " + strings.Join(choices, ", ") + "."
	}
	if bounds := f.bounds(); bounds != "" {
		s += " " + bounds
	}
	return strings.TrimSpace(s)
}

// bounds words min and max.
func (f Field) bounds() string {
	var said []string
	for _, check := range strings.Split(f.Check, ",") {
		switch name, arg, _ := strings.Cut(check, "="); name {
		case "min":
			said = append(said, "at least "+arg)
		case "max":
			said = append(said, "at most "+arg)
		}
	}
	if len(said) == 0 {
		return ""
	}
	what := map[Type]string{Number: "", Duration: "", Size: "", Text: " characters", URL: " characters", Hidden: " characters", Localised: " characters"}
	unit, ok := what[f.Type]
	if !ok {
		unit = " entries"
	}
	s := strings.Join(said, ", ") + unit + "."
	return strings.ToUpper(s[:1]) + s[1:]
}

// cell keeps a text within its cell of the table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s)
}
