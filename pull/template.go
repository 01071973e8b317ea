package pull

import (
	"errors"
	"fmt"
	"io"

	"github.com/osteele/liquid"
)

// MaxRendered is where the output of a template ends.
const MaxRendered = 48 << 10

// Template is an editor's text of a reply in the checked subset of Liquid.
type Template struct {
	parsed *liquid.Template
}

// ParseTemplate checks a text and makes it ready. facts are the names that an
// item has beside its own; nil lets any name follow item. An error is a
// *TemplateError, which has the place, and names the nearest name where a
// variable is not known.
func ParseTemplate(text string, facts []string) (*Template, error) {
	if err := checkTemplate(text, facts); err != nil {
		return nil, err
	}
	parsed, err := liquid.NewEngine().ParseString(text)
	if err != nil {
		return nil, notUnderstood(text, err)
	}
	return &Template{parsed: parsed}, nil
}

// errFull ends a rendering that passes MaxRendered.
var errFull = errors.New("the text passes 48 KiB")

// Render fills the template. What passes MaxRendered is an error, and so is
// anything that the engine breaks down at.
func (t *Template) Render(values map[string]any) (text string, err error) {
	defer func() {
		if p := recover(); p != nil {
			text, err = "", fmt.Errorf("template: %v", p)
		}
	}()
	out := &capped{left: MaxRendered}
	if err := t.parsed.FRender(out, values); err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	return string(out.text), nil
}

// capped is a writer that stops at its limit.
type capped struct {
	text []byte
	left int
}

var _ io.Writer = (*capped)(nil)

func (c *capped) Write(b []byte) (int, error) {
	if len(b) > c.left {
		return 0, errFull
	}
	c.left -= len(b)
	c.text = append(c.text, b...)
	return len(b), nil
}
