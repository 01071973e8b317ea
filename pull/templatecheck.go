package pull

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"keypull/pull/settings"
)

// Limits of a template.
const (
	maxTemplate = 4 << 10
	maxNesting  = 2
)

// templateNames are the variables that a template sees; the empty list means
// that any name may follow.
var templateNames = map[string][]string{
	"item":      itemNames,
	"items":     {"size", "first", "last"},
	"argument":  nil,
	"stamp":     nil,
	"reader":    {"language"},
	"publisher": {"name"},
}

var itemNames = []string{
	"id", "title", "summary", "body", "link", "image", "media", "facts", "published", "as_of",
}

var (
	templatePart = regexp.MustCompile(`(?s)\{\{-?(.*?)-?\}\}|\{%-?\s*(\w*)(.*?)-?%\}`)
	quoted       = regexp.MustCompile(`'[^']*'|"[^"]*"`)
	path         = regexp.MustCompile(`[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\]]*\])*`)
	filter       = regexp.MustCompile(`\|\s*[A-Za-z_]\w*`)
	option       = regexp.MustCompile(`\b\w+\s*:`)
)

// blockTags open a block that ends with "end" and their name; innerTags stand
// within one.
var (
	blockTags = []string{"if", "unless", "for", "case", "comment", "raw"}
	innerTags = []string{"else", "elsif", "when", "break", "continue", "assign"}
	operators = []string{"and", "or", "contains", "true", "false", "nil", "blank", "empty", "in", "reversed", "forloop", "limit", "offset"}
)

// checkTemplate holds a text against the subset: no ranges, includes or
// layouts, blocks at most two deep, at most 4 KiB, only names that are known.
func checkTemplate(text string, facts []string) error {
	if len(text) > maxTemplate {
		return fmt.Errorf("%d bytes; a template has at most %d", len(text), maxTemplate)
	}
	c := checker{text: text, facts: facts, local: map[string]bool{}}
	for _, m := range templatePart.FindAllStringSubmatchIndex(text, -1) {
		if err := c.part(m); err != nil {
			return fmt.Errorf("line %d: %w", 1+strings.Count(text[:m[0]], "\n"), err)
		}
	}
	if len(c.open) > 0 {
		return fmt.Errorf("{%% %s %%} has no {%% end%s %%}", c.open[len(c.open)-1], c.open[len(c.open)-1])
	}
	return nil
}

type checker struct {
	text  string
	facts []string
	open  []string
	local map[string]bool
}

func (c *checker) part(m []int) error {
	if m[2] >= 0 {
		return c.names(c.text[m[2]:m[3]])
	}
	tag, rest := c.text[m[4]:m[5]], c.text[m[6]:m[7]]
	switch {
	case slices.Contains(blockTags, tag):
		return c.enter(tag, rest)
	case strings.HasPrefix(tag, "end"):
		return c.leave(tag)
	case tag == "assign":
		name, value, _ := strings.Cut(rest, "=")
		c.local[strings.TrimSpace(name)] = true
		return c.names(value)
	case slices.Contains(innerTags, tag):
		return c.names(rest)
	}
	return fmt.Errorf("the tag %q cannot be used here; use if, unless, case, for or assign", tag)
}

func (c *checker) enter(tag, rest string) error {
	c.open = append(c.open, tag)
	if len(c.open) > maxNesting {
		return fmt.Errorf("blocks stand at most %d deep", maxNesting)
	}
	if tag != "for" {
		return c.names(rest)
	}
	name, list, ok := strings.Cut(rest, " in ")
	if !ok {
		return fmt.Errorf("write {%% for item in items %%}")
	}
	c.local[strings.TrimSpace(name)] = true
	return c.names(list)
}

func (c *checker) leave(tag string) error {
	if len(c.open) == 0 || "end"+c.open[len(c.open)-1] != tag {
		return fmt.Errorf("{%% %s %%} closes nothing that is open", tag)
	}
	c.open = c.open[:len(c.open)-1]
	return nil
}

// names checks the variables of an expression.
func (c *checker) names(expression string) error {
	bare := quoted.ReplaceAllString(expression, " ")
	if strings.Contains(bare, "..") {
		return fmt.Errorf("ranges such as (1..10) cannot be used here")
	}
	bare = option.ReplaceAllString(filter.ReplaceAllString(bare, "|"), " ")
	for _, p := range path.FindAllString(bare, -1) {
		if err := c.known(p); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) known(p string) error {
	parts := strings.FieldsFunc(p, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	root := parts[0]
	if c.local[root] || slices.Contains(operators, root) {
		return nil
	}
	fields, ok := templateNames[root]
	switch {
	case !ok:
		return unknownName(root, "there is no %q", slices.Sorted(maps.Keys(templateNames)))
	case len(parts) == 1 || fields == nil || root == "items":
		return nil
	case root == "item" && parts[1] == "facts" && len(parts) > 2:
		return c.fact(parts[2], c.facts)
	case root == "item":
		return c.fact(parts[1], append(slices.Clone(fields), c.facts...))
	case !slices.Contains(fields, parts[1]):
		return unknownName(parts[1], root+" has no %q", fields)
	}
	return nil
}

// fact checks what follows item. Where nobody told which facts there are, only
// the source knows, and any name will do.
func (c *checker) fact(name string, known []string) error {
	if c.facts == nil || slices.Contains(known, name) {
		return nil
	}
	return unknownName(name, "item has no %q", known)
}

// unknownName names the nearest name that is known, or all of them.
func unknownName(name, format string, known []string) error {
	if nearest := settings.Nearest(name, known); nearest != "" {
		return fmt.Errorf(format+"; did you mean %q?", name, nearest)
	}
	return fmt.Errorf(format+"; there are %s", name, strings.Join(known, ", "))
}
