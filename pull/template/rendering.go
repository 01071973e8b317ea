package template

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// rendering is one filling in of a template.
type rendering struct {
	*meter
	values  map[string]any
	forloop *turn
	now     time.Time

	out []byte
	// last is what was written last: white space at its end may still go. cut
	// says that white space at the beginning of what comes next goes.
	last []byte
	cut  bool
}

func (r *rendering) renderAll(body []node) error {
	for _, n := range body {
		if err := r.payStep(1); err != nil {
			return err
		}
		if err := n.renderTo(r); err != nil {
			return err
		}
	}
	return nil
}

// writeText adds a text, as long as all of it stays below the limit.
func (r *rendering) writeText(s string) error {
	if r.cut {
		s, r.cut = strings.TrimLeftFunc(s, unicode.IsSpace), false
	} else if err := r.flushOutput(); err != nil {
		return err
	}
	if len(r.out)+len(r.last)+len(s) > MaxWritten {
		return errWritten
	}
	r.last = append(r.last, s...)
	return r.payToRead(len(s))
}

func (r *rendering) cutLeft() error {
	r.last = []byte(strings.TrimRightFunc(string(r.last), unicode.IsSpace))
	return r.flushOutput()
}

func (r *rendering) flushOutput() error {
	if len(r.out)+len(r.last) > MaxWritten {
		return errWritten
	}
	r.out = append(r.out, r.last...)
	r.last = r.last[:0]
	return nil
}

// writeValue writes a value; what is in a list stands side by side.
func (r *rendering) writeValue(v any) error {
	if err := r.payStep(1); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return r.writeText(v)
	case []string:
		for _, s := range v {
			if err := r.writeText(s); err != nil {
				return err
			}
		}
		return nil
	case []any:
		for _, x := range v {
			if err := r.writeValue(x); err != nil {
				return err
			}
		}
		return nil
	}
	text, err := r.textOf(v)
	if err != nil {
		return err
	}
	return r.writeText(text)
}

// wholeNumber evaluates a whole number.
func (r *rendering) wholeNumber(x expression, what string) (int, error) {
	v, err := x.evaluate(r)
	if err != nil {
		return 0, err
	}
	n, ok := v.(int)
	if !ok {
		return 0, fmt.Errorf("%s must be a whole number", what)
	}
	return n, nil
}
