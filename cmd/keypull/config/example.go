package config

import (
	"fmt"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

const exampleHead = `# keypull: the complete configuration, with every key that there is.
#
# A line that begins with "# " explains. A line that begins with "#" and a name
# or a bracket is switched off: take the mark away to switch it on. A table that
# is off has optional keys with two marks: take one mark away from all of its
# lines, and it is like those that are on. What is on stands at its default or
# is needed.
#
# "${NAME}" in any text is replaced by that variable of the environment, which
# must be set; "$${" stands for the two characters themselves. The variable
# KEYPULL_SERVER_LISTEN overrides listen in [server], and so on for the tables
# above [[publisher]]. Paths count from this file's folder. Durations carry
# their unit: "60s", "5m", "1h30m", "7d"; so do sizes: "64MiB", "1GiB".
`

// Example writes the example of a configuration file with all keys of
// all kinds. The first source and the first channel that need no secret are
// switched on, so that it can be served as it stands.
func Example(ks Kinds) (string, error) {
	e := &exampleWriter{}
	e.b.WriteString(exampleHead)
	e.service()
	e.publisher(ks)
	source := firstWithoutSecret(len(ks.Sources), func(i int) any { return ks.Sources[i].New() })
	blank := &catalogue.Source{}
	blank.Defaults()
	for i, k := range ks.Sources {
		title, help := k.In("en")
		head := fmt.Sprintf("%s: a source of kind %s. %s", title, k.Name, help)
		skip := []string{"max_age", "stale_while_revalidate", "stale_if_error", "deadline", "refresh", "new_keys", "findable", "settings"}
		if i == max(source, 0) {
			skip = []string{"settings"}
		}
		e.block(e.instance(instance{resource: "source", kind: k.Name, head: head, skip: skip}, blank, k.New()), i == source)
	}
	if source >= 0 {
		e.block(e.keyword(ks.Sources[source].Name), true)
	}
	channel := firstWithoutSecret(len(ks.Messengers), func(i int) any { return ks.Messengers[i].New() })
	for i, k := range ks.Messengers {
		title, help := k.In("en")
		head := fmt.Sprintf("%s: a channel of kind %s. %s", title, k.Name, help)
		of := instance{resource: "channel", kind: k.Name, head: head, skip: []string{"settings"}}
		if k.App == nil {
			of.skip = append(of.skip, "app")
		} else {
			of.app = k.App.Name
		}
		e.block(e.instance(of, &catalogue.Channel{}, k.New()), i == channel)
	}
	for _, k := range messengers.AppKindsOf(ks.Messengers) {
		title, help := k.In("en")
		e.block(e.keys(&catalogue.App{}, settings.Layout{
			Head: fmt.Sprintf("%s: an app of kind %s. %s", title, k.Name, help), Table: "[[app]]",
			Values: map[string]any{"id": k.Name, "kind": k.Name}, Skip: []string{"settings"},
		})+e.keys(k.New(), settings.Layout{Table: "[app.settings]", Env: k.Name}), false)
	}
	return e.b.String(), e.err
}

// exampleWriter keeps the first error.
type exampleWriter struct {
	b   strings.Builder
	err error
}

// keys returns the keys of a struct as TOML.
func (e *exampleWriter) keys(v any, l settings.Layout) string {
	text, err := settings.Example(v, l)
	if err != nil && e.err == nil {
		e.err = err
	}
	return text
}

// service writes the tables that are no publishers.
func (e *exampleWriter) service() {
	c := Default()
	fields, err := settings.Fields(c)
	if err != nil {
		e.err = err
		return
	}
	tables := map[string]any{"server": &c.Server, "store": &c.Store, "secrets": &c.Secrets, "fetch": &c.Fetch, "send": &c.Send, "log": &c.Log}
	unset := map[string]any{"node": &c.Node, "standby": &c.Standby}
	for _, f := range fields {
		if table := tables[f.Name]; table != nil {
			e.block(e.keys(table, settings.Layout{Head: f.Help, Table: "[" + f.Name + "]"}), true)
		}
		if f.Name == "backup" {
			e.block(e.keys(&c.Backup, settings.Layout{Head: f.Help, Table: "[backup]", Skip: []string{"keep", "s3"}})+
				e.keys(&c.Backup.Keep, settings.Layout{Table: "[backup.keep]"})+
				e.keys(&c.Backup.S3, settings.Layout{Table: "[backup.s3]"}), false)
		}
		if table := unset[f.Name]; table != nil {
			e.block(e.keys(table, settings.Layout{Head: f.Help, Table: "[" + f.Name + "]"}), false)
		}
	}
}

func (e *exampleWriter) publisher(ks Kinds) {
	p := &catalogue.Publisher{}
	p.Defaults()
	e.block(e.keys(p, settings.Layout{
		Head: "A media outlet: a table for each.", Table: "[[publisher]]", Skip: []string{"source", "keyword", "channel", "matcher", "crisis"},
		Values: map[string]any{"contact": "reader@example.org", "privacy": "https://example.org/privacy"},
	}), true)
	for i, k := range ks.Bridges {
		title, help := k.In("en")
		text := e.keys(&p.Person.Bridge, settings.Layout{
			Indent: "  ", Head: fmt.Sprintf("%s: a bridge of kind %s. %s", title, k.Name, help), Table: "[publisher.person.bridge]",
			Values: map[string]any{"kind": k.Name}, Skip: []string{"settings"},
		}) + e.keys(k.New(), settings.Layout{Indent: "  ", Table: "[publisher.person.bridge.settings]", Env: "bridge"})
		if i > 0 { // a publisher has one
			text = asComment(text)
		}
		e.block(text, false)
	}
	e.block(e.keys(&p.Crisis, settings.Layout{
		Indent: "  ", Head: "A text that stands before answers for a while; the console puts it up and takes it down by one press.", Table: "[publisher.crisis]",
	}), false)
	e.block(e.keys(&p.Matcher, settings.Layout{
		Indent: "  ", Head: "The publisher's own matcher: asked what a message meant that no keyword is near to. It may offer keywords, never write a word.",
		Table: "[publisher.matcher]", Env: "matcher",
	}), false)
}

// asComment returns lines that stay what they are when everything is switched on.
func asComment(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		rest := strings.TrimLeft(line, " ")
		if !strings.HasPrefix(rest, "# ") {
			rest = "# " + rest
		}
		b.WriteString(line[:len(line)-len(strings.TrimLeft(line, " "))] + rest)
	}
	return b.String()
}

// instance is a source or channel of one kind; skip names the keys that an
// earlier one has shown.
type instance struct {
	resource, kind, head string
	// app is what carries it.
	app  string
	skip []string
}

// instance writes its own keys, v, and the kind's settings.
func (e *exampleWriter) instance(of instance, v, kind any) string {
	return e.keys(v, settings.Layout{
		Indent: "  ", Head: of.head, Table: "[[publisher." + of.resource + "]]",
		Values: map[string]any{"id": of.kind, "kind": of.kind, "app": of.app}, Skip: of.skip,
	}) + e.keys(kind, settings.Layout{Indent: "  ", Table: "[publisher." + of.resource + ".settings]", Env: of.kind})
}

func (e *exampleWriter) keyword(source string) string {
	k := &catalogue.Keyword{}
	k.Defaults()
	return e.keys(k, settings.Layout{
		Indent: "  ", Head: "A keyword: the words readers send, and what answers them.", Table: "[[publisher.keyword]]",
		Values: map[string]any{"source": source},
	})
}

// firstWithoutSecret returns the first of n settings that no secret is
// required by, else -1.
func firstWithoutSecret(n int, at func(i int) any) int {
	for i := range n {
		fields, err := settings.Fields(at(i))
		needs := err != nil
		for _, f := range fields {
			needs = needs || f.Secret && f.Required
		}
		if !needs {
			return i
		}
	}
	return -1
}

// block writes lines; unless on, all but the explaining ones get a mark.
func (e *exampleWriter) block(text string, on bool) {
	e.b.WriteByte('\n')
	for line := range strings.Lines(text) {
		rest := strings.TrimLeft(line, " ")
		if !on && !strings.HasPrefix(rest, "# ") {
			line = line[:len(line)-len(rest)] + "#" + rest
		}
		e.b.WriteString(line)
	}
}
