package config

import (
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// prefix begins the names of the variables that keypull reads.
const prefix = "KEYPULL_"

// restoredBy is what restore, too, reads of the environment.
const restoredBy = prefix + "BACKUP_PASSPHRASE"

// Variables lists what is read of the environment whatever the file says: one
// for each key of the tables that are no publishers, the token of commands, and what restore takes.
func (c *Config) Variables() []string {
	names := []string{prefix + "TOKEN", prefix + "BACKUP_IDENTITY", prefix + "RECOVERY_SHEET"}
	fields, err := settings.Fields(c)
	if err != nil {
		return names
	}
	for _, section := range fields {
		if section.Type != settings.Section {
			continue
		}
		for _, f := range section.Fields {
			names = append(names, settings.Variable("keypull", section.Name, f.Name))
		}
	}
	return names
}

// findUnknownVariables warns of variables that look like keypull's and are read by nobody:
// most are misspelt.
func (c *Config) findUnknownVariables(environ []string) (all Findings) {
	known := c.Variables()
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, prefix) || slices.Contains(known, name) || c.origins.named[name] {
			continue
		}
		said := words.Text{Key: "config.strange_variable"}
		if nearest := settings.Nearest(name, known); nearest != "" {
			said = words.Text{Key: "config.strange_variable_near", Args: words.Args{"nearest": nearest}}
		}
		f := NewFinding(name, "unknown_variable", said)
		f.Severity = catalogue.Warning
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b Finding) int { return strings.Compare(a.File, b.File) })
	return all
}

// Unpublished returns the warning about an installation without a publisher.
func (c *Config) Unpublished() Finding {
	f := NewFinding(c.Path, "no_publisher", words.Text{Key: "config.no_publisher"})
	f.Severity = catalogue.Warning
	return f
}
