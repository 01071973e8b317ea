package settings

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Layout says how Example writes.
type Layout struct {
	// Indent stands before every line.
	Indent string
	// Head is a comment before all, Table the header of the table that the
	// keys stand in: "[server]". Either may be empty.
	Head  string
	Table string
	// Values replace defaults and examples, by field name, in the form that
	// Fill takes; such fields are always switched on.
	Values map[string]any
	// Skip leaves fields out, by name.
	Skip []string
	// Env, where not empty, is the prefix of the environment variables that
	// secrets are taken from: "telegram" gives "${TELEGRAM_TOKEN}".
	Env string
}

// Example writes the settings of the struct that v points to as TOML keys,
// each below its help as a comment. Required fields and those with a default
// are switched on; others stand as "#name = value" and are switched on by
// removing the mark. Sections are left to the caller.
func Example(v any, l Layout) (string, error) {
	fields, err := Fields(v)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, line := range wrap(l.Head, 76) {
		b.WriteString(l.Indent + "# " + line + "\n")
	}
	if l.Table != "" {
		b.WriteString(l.Indent + l.Table + "\n")
	}
	for _, f := range fields {
		if f.Type == Section || slices.Contains(l.Skip, f.Name) {
			continue
		}
		l.comment(&b, f)
		value, on := l.value(f)
		if !on {
			b.WriteString(l.Indent + "#" + f.Name + " = " + value + "\n")
			continue
		}
		b.WriteString(l.Indent + f.Name + " = " + value + "\n")
	}
	return b.String(), nil
}

// Variable returns the name of an environment variable made of words: capital
// letters, digits and underscores.
func Variable(words ...string) string {
	return strings.ToUpper(strings.ReplaceAll(strings.Join(words, "_"), "-", "_"))
}

func (l Layout) comment(b *strings.Builder, f Field) {
	for _, line := range wrap(f.fullHelp(), 76) {
		b.WriteString(l.Indent + "# " + line + "\n")
	}
	for _, row := range f.Fields {
		for i, line := range wrap(row.Name+": "+row.fullHelp(), 72) {
			lead := "#  - "
			if i > 0 {
				lead = "#    "
			}
			b.WriteString(l.Indent + lead + line + "\n")
		}
	}
}

func (l Layout) value(f Field) (value string, on bool) {
	if given, ok := l.Values[f.Name]; ok {
		return tomlLiteral(given), true
	}
	if f.Secret && f.Type != Pairs && l.Env != "" {
		return quote("${" + Variable(l.Env, f.Name) + "}"), f.Required
	}
	if f.Default != nil {
		return tomlLiteral(f.Default), true
	}
	return f.sample(), f.Required
}

// sample returns the example of a field as a TOML value.
func (f Field) sample() string {
	switch f.Type {
	case Rows:
		if f.Example != "" {
			return f.Example
		}
		var cells []string
		for _, c := range f.Fields {
			if c.Example != "" || c.Required {
				cells = append(cells, c.Name+" = "+c.sample())
			}
		}
		return "[{ " + strings.Join(cells, ", ") + " }]"
	case Lines:
		if f.Example == "" || strings.HasPrefix(f.Example, "[") {
			return cmp.Or(f.Example, "[]")
		}
		var all []any
		for _, one := range strings.Split(f.Example, ", ") {
			all = append(all, one)
		}
		return tomlLiteral(all)
	case Pairs, Lists, Raw:
		return cmp.Or(f.Example, "{}")
	case Number:
		return cmp.Or(f.Example, "0")
	case Toggle:
		return cmp.Or(f.Example, "false")
	case Duration:
		return quote(cmp.Or(f.Example, "0s"))
	case Size:
		return quote(cmp.Or(f.Example, "0B"))
	case Time:
		return quote(cmp.Or(f.Example, "2026-12-24T18:00:00+01:00"))
	}
	if f.Type == Choice && f.Example == "" {
		return quote(f.Choices[0])
	}
	return quote(f.Example)
}

// tomlLiteral writes a value of the form that Fill takes as TOML.
func tomlLiteral(value any) string {
	if s, ok := stringOf(value); ok {
		return quote(s)
	}
	if l, ok := listEntries(value); ok {
		all := make([]string, len(l))
		for i, one := range l {
			all[i] = tomlLiteral(one)
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	if m, ok := tableEntries(value); ok {
		cells := make([]string, 0, len(m))
		for _, name := range slices.Sorted(maps.Keys(m)) {
			cells = append(cells, key(name)+" = "+tomlLiteral(m[name]))
		}
		if len(cells) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(cells, ", ") + " }"
	}
	return fmt.Sprint(value)
}

// key writes a name as a TOML key.
func key(name string) string {
	bare := name != ""
	for _, c := range name {
		bare = bare && (c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z')
	}
	if bare {
		return name
	}
	return quote(name)
}

// quote writes s as a TOML basic string, which knows fewer escapes than Go.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ' || c == 0x7f:
			b.WriteString(`\u` + fmt.Sprintf("%04s", strconv.FormatInt(int64(c), 16)))
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// wrap breaks a text between words into lines of at most width bytes where
// words allow.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
