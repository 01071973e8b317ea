package template

// expression is something that has a value.
type expression interface {
	evaluate(r *rendering) (any, error)
}

type (
	constant struct{ value any }
	variable string
	property struct {
		of   expression
		name string
	}
	indexed  struct{ of, at expression }
	filtered struct {
		name  string
		value expression
		args  []expression
		apply func(*rendering, any, []any) (any, error)
	}
	comparison struct {
		sign string
		a, b expression
	}
	logic struct {
		a, b expression
		or   bool
	}
)

func (c constant) evaluate(r *rendering) (any, error) { return c.value, r.payStep(1) }

func (v variable) evaluate(r *rendering) (any, error) {
	if v == "forloop" && r.forloop != nil {
		return r.forloop, r.payStep(1)
	}
	return r.values[string(v)], r.payStep(1)
}

func (p property) evaluate(r *rendering) (any, error) {
	v, err := p.of.evaluate(r)
	if err != nil {
		return nil, err
	}
	return propertyOf(v, p.name), r.payStep(1)
}

func (i indexed) evaluate(r *rendering) (any, error) {
	v, err := i.of.evaluate(r)
	if err != nil {
		return nil, err
	}
	at, err := i.at.evaluate(r)
	if err != nil {
		return nil, err
	}
	return placeOf(v, at), r.payStep(1)
}

func (f filtered) evaluate(r *rendering) (any, error) {
	v, err := f.value.evaluate(r)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(f.args))
	for i, a := range f.args {
		if args[i], err = a.evaluate(r); err != nil {
			return nil, err
		}
	}
	if err := r.payStep(1); err != nil {
		return nil, err
	}
	out, err := f.apply(r, v, args)
	if err != nil {
		return nil, &filterError{f.name, err}
	}
	return out, nil
}

// filterError is a filter that could not do its work.
type filterError struct {
	name string
	err  error
}

func (e *filterError) Error() string { return "the filter " + e.name + ": " + e.err.Error() }
func (e *filterError) Unwrap() error { return e.err }

func (l logic) evaluate(r *rendering) (any, error) {
	v, err := l.a.evaluate(r)
	if err != nil || isTrue(v) == l.or {
		return l.or, err
	}
	v, err = l.b.evaluate(r)
	return isTrue(v), err
}

func (c comparison) evaluate(r *rendering) (any, error) {
	a, err := c.a.evaluate(r)
	if err != nil {
		return nil, err
	}
	b, err := c.b.evaluate(r)
	if err != nil {
		return nil, err
	}
	switch c.sign {
	case "contains":
		return r.containsValue(a, b)
	case "<":
		return r.lessValue(a, b)
	case ">":
		return r.lessValue(b, a)
	}
	same, err := r.equalValues(a, b)
	if err != nil {
		return nil, err
	}
	switch {
	case c.sign == "!=":
		return !same, nil
	case c.sign == "==" || same:
		return same, nil
	case c.sign == "<=":
		return r.lessValue(a, b)
	}
	return r.lessValue(b, a)
}
