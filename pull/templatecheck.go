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
	"id", "title", "summary", "body", "link", "image", "media", "facts", "published", "as_of", "seen",
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
		return &TemplateError{Message: fmt.Sprintf("%d bytes; a template has at most %d", len(text), maxTemplate)}
	}
	c := checker{text: text, facts: facts, local: map[string]bool{}}
	for _, m := range templatePart.FindAllStringSubmatchIndex(text, -1) {
		if wrong := c.part(m); wrong != nil {
			line, column := placed(text, wrong.at)
			return &TemplateError{Line: line, Column: column, Message: wrong.message}
		}
	}
	if len(c.open) > 0 {
		last := c.open[len(c.open)-1]
		line, column := placed(text, last.at)
		return &TemplateError{Line: line, Column: column, unplaced: true,
			Message: fmt.Sprintf("{%% %s %%} has no {%% end%s %%}", last.tag, last.tag)}
	}
	return nil
}

type checker struct {
	text  string
	facts []string
	open  []opened
	local map[string]bool
}

// opened is a block that has not been closed, and where it begins.
type opened struct {
	tag string
	at  int
}

func (c *checker) part(m []int) *mistake {
	if m[2] >= 0 {
		return c.names(m[2], m[3])
	}
	tag, rest := c.text[m[4]:m[5]], c.text[m[6]:m[7]]
	switch {
	case slices.Contains(blockTags, tag):
		return c.enter(tag, m)
	case strings.HasPrefix(tag, "end"):
		return c.leave(tag, m[0])
	case tag == "assign":
		name, _, _ := strings.Cut(rest, "=")
		c.local[strings.TrimSpace(name)] = true
		return c.names(min(m[6]+len(name)+1, m[7]), m[7])
	case slices.Contains(innerTags, tag):
		return c.names(m[6], m[7])
	}
	return mistaken(m[0], "the tag %q cannot be used here; use if, unless, case, for or assign", tag)
}

func (c *checker) enter(tag string, m []int) *mistake {
	c.open = append(c.open, opened{tag, m[0]})
	if len(c.open) > maxNesting {
		return mistaken(m[0], "blocks stand at most %d deep", maxNesting)
	}
	if tag != "for" {
		return c.names(m[6], m[7])
	}
	name, list, ok := strings.Cut(c.text[m[6]:m[7]], " in ")
	if !ok {
		return mistaken(m[0], "write {%% for item in items %%}")
	}
	c.local[strings.TrimSpace(name)] = true
	return c.names(m[7]-len(list), m[7])
}

func (c *checker) leave(tag string, at int) *mistake {
	if len(c.open) == 0 || "end"+c.open[len(c.open)-1].tag != tag {
		return mistaken(at, "{%% %s %%} closes nothing that is open", tag)
	}
	c.open = c.open[:len(c.open)-1]
	return nil
}

// names checks the variables of the expression that the text holds between two
// bytes. What is no variable is blanked out, so that places stay.
func (c *checker) names(from, to int) *mistake {
	bare := quoted.ReplaceAllStringFunc(c.text[from:to], blank)
	if i := strings.Index(bare, ".."); i >= 0 {
		return mistaken(from+i, "ranges such as (1..10) cannot be used here")
	}
	bare = option.ReplaceAllStringFunc(filter.ReplaceAllStringFunc(bare, blankFilter), blank)
	for _, p := range path.FindAllStringIndex(bare, -1) {
		if message := c.known(bare[p[0]:p[1]]); message != "" {
			return &mistake{at: from + p[0], message: message}
		}
	}
	return nil
}

func blank(s string) string { return strings.Repeat(" ", len(s)) }

// blankFilter leaves the bar, which parts a variable from the filter's colon.
func blankFilter(s string) string { return "|" + blank(s[1:]) }

// known says what is wrong with a variable, "" where nothing is.
func (c *checker) known(p string) string {
	parts := strings.FieldsFunc(p, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	root := parts[0]
	if c.local[root] || slices.Contains(operators, root) {
		return ""
	}
	fields, ok := templateNames[root]
	switch {
	case !ok:
		return unknownName(root, "there is no %q", slices.Sorted(maps.Keys(templateNames)))
	case len(parts) == 1 || fields == nil || root == "items" || strings.TrimSpace(parts[1]) == "":
		// item["price"] has its name in quotes, which are blanked out.
		return ""
	case root == "item" && parts[1] == "facts" && len(parts) > 2:
		return c.fact(parts[2], c.facts)
	case root == "item":
		return c.fact(parts[1], append(slices.Clone(fields), c.facts...))
	case !slices.Contains(fields, parts[1]):
		return unknownName(parts[1], root+" has no %q", fields)
	}
	return ""
}

// fact checks what follows item. Where nobody told which facts there are, only
// the source knows, and any name will do.
func (c *checker) fact(name string, known []string) string {
	if c.facts == nil || slices.Contains(known, name) {
		return ""
	}
	return unknownName(name, "item has no %q", known)
}

// unknownName names the nearest name that is known, or all of them.
func unknownName(name, format string, known []string) string {
	if nearest := settings.Nearest(name, known); nearest != "" {
		return fmt.Sprintf(format+"; did you mean %q?", name, nearest)
	}
	return fmt.Sprintf(format+"; there are %s", name, strings.Join(known, ", "))
}
