package template

import (
	"errors"
	"maps"
	"slices"
)

// node is a part of a template that can be rendered.
type node interface {
	renderTo(r *rendering) error
}

type (
	textNode   string
	trimLeft   struct{}
	trimRight  struct{}
	outputNode struct{ value expression }
	assignNode struct {
		name  string
		value expression
	}
	// jumpNode is break or continue.
	jumpNode string

	ifNode struct{ branches []*branch }
	branch struct {
		test expression
		not  bool
		body []node
	}

	caseNode struct {
		value expression
		whens []*when
	}
	when struct {
		values    []expression
		otherwise bool
		body      []node
	}

	forNode struct {
		name          string
		list          expression
		limit, offset expression
		reversed      bool
		body          []node
		otherwise     *[]node
	}
)

// errBreak and errContinue leave a turn of a loop.
var errBreak, errContinue = errors.New("break"), errors.New("continue")

func (n textNode) renderTo(r *rendering) error { return r.writeText(string(n)) }
func (trimLeft) renderTo(r *rendering) error   { return r.cutLeft() }
func (trimRight) renderTo(r *rendering) error  { r.cut = true; return nil }

func (n outputNode) renderTo(r *rendering) error {
	v, err := n.value.evaluate(r)
	if err != nil {
		return err
	}
	return r.writeValue(v)
}

func (n assignNode) renderTo(r *rendering) error {
	v, err := n.value.evaluate(r)
	if err != nil {
		return err
	}
	size, err := r.sizeOf(v)
	if err != nil {
		return err
	}
	if err := r.holdVariable(n.name, size); err != nil {
		return err
	}
	r.values[n.name] = v
	return nil
}

func (n jumpNode) renderTo(*rendering) error {
	if n == "break" {
		return errBreak
	}
	return errContinue
}

func (n *ifNode) renderTo(r *rendering) error {
	for _, b := range n.branches {
		v, err := b.test.evaluate(r)
		if err != nil {
			return err
		}
		if isTrue(v) != b.not {
			return r.renderAll(b.body)
		}
	}
	return nil
}

func (n *caseNode) renderTo(r *rendering) error {
	v, err := n.value.evaluate(r)
	if err != nil {
		return err
	}
	for _, w := range n.whens {
		fits, err := w.fits(r, v)
		if err != nil {
			return err
		}
		if fits {
			return r.renderAll(w.body)
		}
	}
	return nil
}

func (w *when) fits(r *rendering, v any) (bool, error) {
	for _, x := range w.values {
		other, err := x.evaluate(r)
		if err != nil {
			return false, err
		}
		same, err := r.equalValues(v, other)
		if err != nil || same {
			return same, err
		}
	}
	return w.otherwise, nil
}

func (n *forNode) renderTo(r *rendering) error {
	v, err := n.list.evaluate(r)
	if err != nil {
		return err
	}
	list, ok := loopList(v)
	if !ok {
		return nil
	}
	from, to, err := n.span(r, list.len())
	if err != nil {
		return err
	}
	if from == to && n.otherwise != nil {
		return r.renderAll(*n.otherwise)
	}
	return n.loop(r, list, from, to)
}

// span returns which places of a list of that length are walked; those of a reversed
// loop count from the end.
func (n *forNode) span(r *rendering, length int) (from, to int, err error) {
	if n.offset != nil {
		if from, err = r.wholeNumber(n.offset, "offset"); err != nil {
			return 0, 0, err
		}
	}
	from, to = min(max(from, 0), length), length
	if n.limit != nil {
		limit, err := r.wholeNumber(n.limit, "limit")
		if err != nil {
			return 0, 0, err
		}
		if limit >= 0 && limit < to-from {
			to = from + limit
		}
	}
	return from, to, nil
}

func (n *forNode) loop(r *rendering, list list, from, to int) error {
	outer, named := r.values[n.name], r.forloop
	defer func() { r.values[n.name], r.forloop = outer, named }()
	for i := from; i < to; i++ {
		at := i
		if n.reversed {
			at = list.len() - 1 - i
		}
		if err := r.payStep(1); err != nil {
			return err
		}
		r.values[n.name], r.forloop = list.at(at), &turn{i - from, to - from}
		err := r.renderAll(n.body)
		if errors.Is(err, errBreak) {
			return nil
		}
		if err != nil && !errors.Is(err, errContinue) {
			return err
		}
	}
	return nil
}

// turn is one of a loop: what a template sees as forloop.
type turn struct{ index, length int }

func (t *turn) loopProperty(name string) any {
	switch name {
	case "first":
		return t.index == 0
	case "last":
		return t.index == t.length-1
	case "index":
		return t.index + 1
	case "index0":
		return t.index
	case "rindex":
		return t.length - t.index
	case "rindex0":
		return t.length - t.index - 1
	case "length":
		return t.length
	}
	return nil
}

// list is what a loop walks.
type list interface {
	len() int
	at(i int) any
}

type (
	anys  []any
	texts []string
	pairs struct {
		keys []string
		of   map[string]any
	}
)

func (l anys) len() int      { return len(l) }
func (l anys) at(i int) any  { return l[i] }
func (l texts) len() int     { return len(l) }
func (l texts) at(i int) any { return l[i] }
func (l pairs) len() int     { return len(l.keys) }
func (l pairs) at(i int) any { return []any{l.keys[i], l.of[l.keys[i]]} }

// loopList makes a list of what a loop can walk; those of a map are its pairs in
// the order of their names.
func loopList(v any) (list, bool) {
	switch v := v.(type) {
	case []any:
		return anys(v), true
	case []string:
		return texts(v), true
	case map[string]any:
		return pairs{slices.Sorted(maps.Keys(v)), v}, true
	}
	return nil, false
}
