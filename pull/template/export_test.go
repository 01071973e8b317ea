package template

import (
	"context"
	"time"
)

// Cost returns what a rendering took, in steps, and what is held at its end, in
// bytes.
func (t *Template) Cost(ctx context.Context, values map[string]any, now time.Time) (text string, steps, held int, err error) {
	text, m, err := t.renderTo(ctx, values, now)
	return text, m.steps, m.total, err
}

// Strftime is for tests that hold it against a library.
var Strftime = formatTime
