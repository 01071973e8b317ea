package template

// expression is something that has a value.
type expression interface {
	eval(r *rendering) (any, error)
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

func (c constant) eval(r *rendering) (any, error) { return c.value, r.step(1) }

func (v variable) eval(r *rendering) (any, error) {
	if v == "forloop" && r.forloop != nil {
		return r.forloop, r.step(1)
	}
	return r.values[string(v)], r.step(1)
}

func (p property) eval(r *rendering) (any, error) {
	v, err := p.of.eval(r)
	if err != nil {
		return nil, err
	}
	return propertyOf(v, p.name), r.step(1)
}

func (i indexed) eval(r *rendering) (any, error) {
	v, err := i.of.eval(r)
	if err != nil {
		return nil, err
	}
	at, err := i.at.eval(r)
	if err != nil {
		return nil, err
	}
	return placeOf(v, at), r.step(1)
}

func (f filtered) eval(r *rendering) (any, error) {
	v, err := f.value.eval(r)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(f.args))
	for i, a := range f.args {
		if args[i], err = a.eval(r); err != nil {
			return nil, err
		}
	}
	if err := r.step(1); err != nil {
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

func (l logic) eval(r *rendering) (any, error) {
	v, err := l.a.eval(r)
	if err != nil || truth(v) == l.or {
		return l.or, err
	}
	v, err = l.b.eval(r)
	return truth(v), err
}

func (c comparison) eval(r *rendering) (any, error) {
	a, err := c.a.eval(r)
	if err != nil {
		return nil, err
	}
	b, err := c.b.eval(r)
	if err != nil {
		return nil, err
	}
	switch c.sign {
	case "contains":
		return r.contains(a, b)
	case "<":
		return r.less(a, b)
	case ">":
		return r.less(b, a)
	}
	same, err := r.equal(a, b)
	if err != nil {
		return nil, err
	}
	switch {
	case c.sign == "!=":
		return !same, nil
	case c.sign == "==" || same:
		return same, nil
	case c.sign == "<=":
		return r.less(a, b)
	}
	return r.less(b, a)
}
