package config

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// maxSyntaxErrors is after how many broken lines the rest is not looked at.
const maxSyntaxErrors = 10

// parseDocument reads the document. A line with broken syntax is reported and left
// out, so that the problems of the other lines are found at once; whole is
// false where the rest can't be trusted after that.
func (l *loader) parseDocument(data []byte) (values map[string]any, whole bool) {
	text := data
	var broken Findings
	for range maxSyntaxErrors {
		if !l.locate(text) {
			return nil, false
		}
		err := toml.Unmarshal(text, &values)
		if err == nil {
			l.found = append(l.found, broken...)
			return orEmpty(values), true
		}
		f := l.syntax(text, err)
		broken = append(broken, f)
		if !l.blanked {
			text, l.blanked = slices.Clone(text), true
		}
		if f.Line == 0 || !blank(text, f.Line) {
			break
		}
		values = nil
	}
	// What follows the first may follow from it.
	l.found = append(l.found, broken[0])
	return nil, false
}

func orEmpty(values map[string]any) map[string]any {
	if values == nil {
		return map[string]any{}
	}
	return values
}

// locate learns where every value stands, up to the first broken line, and
// refuses keys without end.
func (l *loader) locate(text []byte) bool {
	l.config.origins = newOrigins(l.path, text)
	_, deep := readLines(text, "")
	if deep == 0 {
		return true
	}
	f := NewFinding(l.path, "syntax", words.Text{Key: "config.deep_key", Args: words.Args{"max": maxKeyParts}})
	f.Line = deep
	l.found = append(l.found, f)
	return false
}

func (l *loader) syntax(text []byte, err error) Finding {
	f := NewFinding(l.path, "syntax", words.Text{Key: "config.twice"})
	var at *toml.DecodeError
	if !errors.As(err, &at) {
		return f
	}
	var column int
	f.Line, column = at.Position()
	if strings.Contains(at.Error(), "already") || strings.Contains(at.Error(), "should be") {
		return f
	}
	said := words.Text{Key: "config.no_toml", Args: words.Args{"rest": rest(text, f.Line, column)}}
	f.Message, f.said = said.String(), said
	return f
}

// rest returns what stands in a line from a column on, both counted from 1, up to
// what people look at.
func rest(text []byte, line, column int) string {
	const glance = 40
	lines := bytes.Split(text, []byte("\n"))
	if line < 1 || line > len(lines) {
		return ""
	}
	whole := []rune(strings.ToValidUTF8(string(bytes.TrimRight(lines[line-1], "\r")), "�"))
	from := min(max(column-1, 0), len(whole))
	if strings.TrimSpace(string(whole[from:])) == "" {
		from = 0
	}
	return strings.TrimSpace(string(whole[from:min(from+glance, len(whole))]))
}

// blank overwrites a line with spaces. It refuses headers, without which the
// keys below would stand in the wrong table, and lines that are blank already.
func blank(text []byte, line int) bool {
	start := 0
	for range line - 1 {
		end := bytes.IndexByte(text[start:], '\n')
		if end < 0 {
			return false
		}
		start += end + 1
	}
	row := text[start:]
	if end := bytes.IndexByte(row, '\n'); end >= 0 {
		row = row[:end]
	}
	trimmed := bytes.TrimSpace(row)
	if len(trimmed) == 0 || trimmed[0] == '[' {
		return false
	}
	for i := range row {
		row[i] = ' '
	}
	return true
}

// overrideFromEnv puts KEYPULL_SERVER_LISTEN in the place of [server] listen, and so
// on for every key of the tables that are no publishers. A list is written
// with commas.
func (l *loader) overrideFromEnv(values map[string]any) {
	fields, err := settings.Fields(l.config)
	if err != nil {
		l.addProblems("", err)
		return
	}
	for _, section := range fields {
		if section.Type != settings.Section {
			continue
		}
		for _, f := range section.Fields {
			l.overrideKey(values, section.Name, f)
		}
	}
}

func (l *loader) overrideKey(values map[string]any, section string, f settings.Field) {
	variable := settings.Variable("keypull", section, f.Name)
	text, ok := l.env(variable)
	if !ok {
		return
	}
	table, ok := values[section].(map[string]any)
	if !ok {
		if values[section] != nil {
			return // not a table: reported by Draft
		}
		table = map[string]any{}
		values[section] = table
	}
	if variable == restoredBy && table["recipient"] != nil {
		return // it is there for restore: copies go to the recipient
	}
	l.config.origins.variables[section+"."+f.Name] = variable
	l.config.origins.resolved[text] = true
	if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil && f.Type == settings.Number {
		table[f.Name] = n
		return
	}
	if f.Type != settings.Lines {
		table[f.Name] = verbatim(text)
		return
	}
	entries := []any{}
	for _, entry := range strings.Split(text, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, verbatim(entry))
		}
	}
	table[f.Name] = entries
}

// verbatim keeps expand away from a text.
func verbatim(text string) string { return strings.ReplaceAll(text, "${", "$${") }

// reference is ${NAME}, or $${ for the two characters themselves, or a brace
// that names nothing.
var reference = regexp.MustCompile(`\$\$\{|\$\{[A-Za-z_][A-Za-z0-9_]*\}|\$\{`)

// expandVariables replaces ${ENV} in every string.
func (l *loader) expandVariables(values map[string]any) {
	l.unset = map[string]bool{}
	for name, value := range values {
		if !isLiteral(value) {
			values[name] = l.expandValue(value, name)
		}
	}
}

func (l *loader) expandValue(value any, path string) any {
	switch v := value.(type) {
	case string:
		return l.expandText(v, path)
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			v[name] = l.expandValue(v[name], joinPath(path, name))
		}
	case []any:
		for i := range v {
			v[i] = l.expandValue(v[i], entryPath(path, i))
		}
	case toml.LocalDate, toml.LocalDateTime, toml.LocalTime:
		// As texts they are told to be incomplete where a moment is meant.
		return fmt.Sprint(v)
	}
	return value
}

func (l *loader) expandText(text, path string) string {
	whole := l.expandReferences(text, path)
	if whole != text {
		l.config.origins.resolved[whole] = true
	}
	return whole
}

func (l *loader) expandReferences(text, path string) string {
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$${" {
			return "${"
		}
		name := strings.TrimSuffix(strings.TrimPrefix(found, "${"), "}")
		if name == "" {
			l.unset[path] = true
			l.addFinding(path, "env", words.Text{Key: "config.nameless", Args: words.Args{"reference": "${NAME}", "escaped": "$${"}})
			return ""
		}
		l.config.origins.named[name] = true
		value, ok := l.env(name)
		if !ok {
			l.unset[path] = true
			l.addFinding(path, "env", words.Text{Key: "config.no_variable", Args: words.Args{"name": name}})
		}
		return value
	})
}
