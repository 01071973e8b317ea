package template

import "slices"

// Shows lists what a template writes of items by name, whether they have it or not:
// what it asks for first, by a condition or the filter default, is left out.
func (t *Template) Shows() []string {
	s := shown{items: map[string]bool{"item": true}, told: map[string]bool{"item": true, "items": true}}
	s.walk(t.body)
	slices.Sort(s.names)
	return slices.Compact(s.names)
}

// shown gathers names; items are the variables that hold an item, told those whose
// values come from items.
type shown struct {
	items, told map[string]bool
	names       []string
}

func (s *shown) walk(body []node) {
	for _, n := range body {
		switch n := n.(type) {
		case outputNode:
			s.output(n.value)
		case assignNode:
			s.told[n.name] = s.asks(n.value)
		case *forNode:
			item, told := s.items[n.name], s.told[n.name]
			s.items[n.name], s.told[n.name] = root(n.list) == "items", s.asks(n.list)
			s.walk(n.body)
			s.items[n.name], s.told[n.name] = item, told
		case *ifNode:
			if !slices.ContainsFunc(n.branches, func(b *branch) bool { return s.asks(b.test) }) {
				for _, b := range n.branches {
					s.walk(b.body)
				}
			}
		case *caseNode:
			if !s.asks(n.value) {
				for _, w := range n.whens {
					s.walk(w.body)
				}
			}
		}
	}
}

func (s *shown) output(x expression) {
	for {
		f, ok := x.(filtered)
		if !ok {
			break
		}
		if f.name == "default" {
			return
		}
		x = f.value
	}
	if name := s.nameOf(x); name != "" {
		s.names = append(s.names, name)
	}
}

// asks reports whether a condition is about an item.
func (s *shown) asks(x expression) bool {
	switch x := x.(type) {
	case filtered:
		return s.asks(x.value) || slices.ContainsFunc(x.args, s.asks)
	case comparison:
		return s.asks(x.a) || s.asks(x.b)
	case logic:
		return s.asks(x.a) || s.asks(x.b)
	}
	return s.told[root(x)]
}

// nameOf returns what an expression names of an item: price of item.facts.price.size;
// "" where it names nothing.
func (s *shown) nameOf(x expression) string {
	of, name := member(x)
	if of == nil {
		return ""
	}
	outer, facts := member(of)
	switch {
	case s.isItem(of) && name != "facts", facts == "facts" && s.isItem(outer):
		return name
	}
	return s.nameOf(of)
}

// isItem reports whether an expression is an item: item, or one of items.
func (s *shown) isItem(x expression) bool {
	if v, ok := x.(variable); ok {
		return s.items[string(v)]
	}
	of, _ := member(x)
	return of == variable("items")
}

// member takes the last name or place from an expression; nil if it has none.
func member(x expression) (of expression, name string) {
	switch x := x.(type) {
	case property:
		return x.of, x.name
	case indexed:
		return x.of, constantText(x.at)
	}
	return nil, ""
}

// root returns the variable that an expression begins with.
func root(x expression) string {
	for {
		if f, ok := x.(filtered); ok {
			x = f.value
			continue
		}
		of, _ := member(x)
		if of == nil {
			v, _ := x.(variable)
			return string(v)
		}
		x = of
	}
}
