package template

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"keypull/pull/words"
)

// Limits of a template and of one rendering.
const (
	// MaxSource is how many bytes the text of a template has at most.
	MaxSource = 4 << 10
	// MaxWritten is how many bytes a rendering writes at most.
	MaxWritten = 16 << 10
	// MaxHeld is how many bytes all that is assigned holds at most, and how many
	// a filter may yield or make on its way.
	MaxHeld = 1 << 20
	// MaxSteps is how much work a rendering is: a tag, a turn of a loop, a name
	// and a filter are a step each, and so is every 64 bytes that are read or
	// made.
	MaxSteps = 100_000
	// MaxTime ends a rendering that the steps have not ended by then.
	MaxTime = 2 * time.Second

	maxNesting  = 2
	maxBrackets = 32
)

// Template is a text that has been checked, ready to be rendered by many at
// once.
type Template struct {
	body []node
}

// Parse checks a text and makes it ready. facts are the names that an item has
// beside its own; nil lets any name follow item. An error is an *Error, which
// has the place, and names the nearest name where one is not known.
func Parse(text string, facts []string) (*Template, error) {
	if len(text) > MaxSource {
		return nil, &Error{Message: words.Text{Key: "template.too_long", Args: words.Args{"got": strconv.Itoa(len(text)), "max": strconv.Itoa(MaxSource)}}}
	}
	p := &parser{text: text, names: names{facts: facts, local: map[string]bool{}}}
	if wrong := p.parseTemplate(); wrong != nil {
		return nil, wrong.withPlace(text)
	}
	return &Template{body: p.root}, nil
}

// Render fills the template in. What passes a limit is an error, as is what
// only shows now: a text where a number is needed, say. Values are nil, bool,
// int, float64, string, []string, []any and map[string]any of these; none is
// changed. ctx ends a rendering, too.
func (t *Template) Render(ctx context.Context, values map[string]any, now time.Time) (string, error) {
	text, _, err := t.renderTo(ctx, values, now)
	return text, err
}

// renderTo also tells what the rendering cost.
func (t *Template) renderTo(ctx context.Context, values map[string]any, now time.Time) (text string, m *meter, err error) {
	ctx, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	m = &meter{ctx: ctx, held: map[string]int{}}
	r := &rendering{meter: m, values: maps.Clone(values), now: now}
	if r.values == nil {
		r.values = map[string]any{}
	}
	if err := r.renderAll(t.body); err != nil {
		return "", m, fmt.Errorf("template: %w", err)
	}
	if err := r.flushOutput(); err != nil {
		return "", m, fmt.Errorf("template: %w", err)
	}
	return string(r.out), m, nil
}
