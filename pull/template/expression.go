package template

import (
	"slices"
	"strconv"
	"strings"

	"keypull/pull/words"
)

// expressions reads what stands in an output or a tag.
type expressions struct {
	lexer
	names names
	// piece is where the output or tag begins.
	piece int
	// token is the one that is looked at; ahead says that there is one.
	token token
	ahead bool
	depth int
}

// wrong returns a mistake of the output or tag as a whole.
func (e *expressions) wrong(reason words.Text) *mistake {
	return newMistake(e.piece, words.Text{Key: "template.not_understood", Args: words.Args{"reason": reason}})
}

// look returns the next token and leaves it there.
func (e *expressions) look() (token, *mistake) {
	if e.ahead {
		return e.token, nil
	}
	t, wrong := e.nextToken()
	if wrong != nil {
		return t, e.wrong(wrong.message)
	}
	if t.kind == tokenSign && t.text == ".." {
		return t, newMistake(t.at, words.Text{Key: "template.range"})
	}
	e.token, e.ahead = t, true
	return t, nil
}

func (e *expressions) take() { e.ahead = false }

// sign takes the next token where it is that sign.
func (e *expressions) sign(s string) (bool, *mistake) {
	t, wrong := e.look()
	if wrong != nil || t.kind != tokenSign || t.text != s {
		return false, wrong
	}
	e.take()
	return true, nil
}

// need takes a sign that must stand here.
func (e *expressions) need(s string) *mistake {
	ok, wrong := e.sign(s)
	if wrong != nil || ok {
		return wrong
	}
	return e.wrong(words.Text{Key: "template.missing", Args: words.Args{"sign": s}})
}

// end checks that nothing follows.
func (e *expressions) end() *mistake {
	t, wrong := e.look()
	if wrong != nil || t.kind == tokenEnd {
		return wrong
	}
	return e.wrong(words.Text{Key: "template.unexpected", Args: words.Args{"sign": t.text}})
}

// parseToEnd reads an expression to the end.
func (e *expressions) parseToEnd() (expression, *mistake) {
	x, wrong := e.condition()
	if wrong != nil {
		return nil, wrong
	}
	return x, e.end()
}

// parseList reads operands with commas between them, to the end.
func (e *expressions) parseList() ([]expression, *mistake) {
	all, wrong := e.operands()
	if wrong != nil {
		return nil, wrong
	}
	return all, e.end()
}

func (e *expressions) operands() (all []expression, wrong *mistake) {
	for {
		x, wrong := e.operand()
		if wrong != nil {
			return nil, wrong
		}
		all = append(all, x)
		more, wrong := e.sign(",")
		if wrong != nil || !more {
			return all, wrong
		}
	}
}

// parseAssignedName reads "name =".
func (e *expressions) parseAssignedName() (string, *mistake) {
	t, wrong := e.look()
	if wrong != nil {
		return "", wrong
	}
	if t.kind != tokenName {
		return "", e.wrong(words.Text{Key: "template.write", Args: words.Args{"what": "{% assign name = … %}"}})
	}
	e.take()
	return t.text, e.need("=")
}

// condition reads comparisons with and, or between them, from left to right.
func (e *expressions) condition() (expression, *mistake) {
	x, wrong := e.comparison()
	for wrong == nil {
		t, wrong := e.look()
		if wrong != nil || t.kind != tokenName || t.text != "and" && t.text != "or" {
			return x, wrong
		}
		e.take()
		y, wrong := e.comparison()
		if wrong != nil {
			return nil, wrong
		}
		x = logic{x, y, t.text == "or"}
	}
	return nil, wrong
}

var comparisons = []string{"==", "!=", "<", ">", "<=", ">=", "contains"}

// comparison reads an operand with filters, or two operands compared.
func (e *expressions) comparison() (expression, *mistake) {
	x, wrong := e.operand()
	if wrong != nil {
		return nil, wrong
	}
	t, wrong := e.look()
	if wrong != nil {
		return nil, wrong
	}
	if (t.kind != tokenSign && t.kind != tokenName) || !slices.Contains(comparisons, t.text) {
		return e.filters(x)
	}
	e.take()
	y, wrong := e.operand()
	return comparison{t.text, x, y}, wrong
}

func (e *expressions) filters(x expression) (expression, *mistake) {
	for {
		bar, wrong := e.sign("|")
		if wrong != nil || !bar {
			return x, wrong
		}
		t, wrong := e.look()
		if wrong != nil {
			return nil, wrong
		}
		if t.kind != tokenName && t.kind != tokenOption {
			return nil, e.wrong(words.Text{Key: "template.filter_nameless"})
		}
		e.take()
		f := filtered{name: t.text, value: x}
		if t.kind == tokenOption {
			if f.args, wrong = e.operands(); wrong != nil {
				return nil, wrong
			}
		}
		known, ok := filters[t.text]
		switch {
		case !ok:
			return nil, newMistake(t.at, unknownNameHint("template.no_filter", "", t.text, filterNames()))
		case len(f.args) > known.args:
			return nil, newMistake(t.at, words.Text{Key: "template.filter_values", Args: words.Args{"filter": t.text, "max": known.args}})
		}
		f.apply = known.apply
		x = f
	}
}

// operand reads a value and the names and places that follow it.
func (e *expressions) operand() (expression, *mistake) {
	root, wrong := e.look()
	if wrong != nil {
		return nil, wrong
	}
	x, named, wrong := e.primary()
	if wrong != nil {
		return nil, wrong
	}
	var path []string
	for {
		t, wrong := e.look()
		if wrong != nil {
			return nil, wrong
		}
		switch {
		case t.kind == tokenProperty:
			e.take()
			x, path = property{x, t.text}, append(path, t.text)
			continue
		case t.kind == tokenSign && t.text == "[":
			e.take()
			at, wrong := e.index()
			if wrong != nil {
				return nil, wrong
			}
			x, path = indexed{x, at}, append(path, constantText(at))
			continue
		}
		if message := e.names.checkName(root.text, path); named && !message.IsZero() {
			return nil, &mistake{at: root.at, message: message}
		}
		return x, nil
	}
}

// index reads the operand of a place, and the bracket behind it.
func (e *expressions) index() (expression, *mistake) {
	if e.depth++; e.depth > maxBrackets {
		return nil, e.wrong(words.Text{Key: "template.brackets", Args: words.Args{"max": maxBrackets}})
	}
	x, wrong := e.operand()
	if wrong != nil {
		return nil, wrong
	}
	e.depth--
	return x, e.need("]")
}

// constantText returns what a constant place says, or "" if it is computed.
func constantText(x expression) string {
	if c, ok := x.(constant); ok {
		return printValue(c.value)
	}
	return ""
}

// primary reads a constant, a variable or a bracket.
func (e *expressions) primary() (x expression, named bool, wrong *mistake) {
	t, wrong := e.look()
	if wrong != nil {
		return nil, false, wrong
	}
	e.take()
	switch {
	case t.kind == tokenText:
		return constant{t.text}, false, nil
	case t.kind == tokenNumber:
		x, wrong := e.number(t.text)
		return x, false, wrong
	case t.kind == tokenSign && t.text == "(":
		x, wrong := e.bracket()
		return x, false, wrong
	case t.kind == tokenName && !slices.Contains([]string{"and", "or", "contains", "in"}, t.text):
		if v, ok := map[string]any{"true": true, "false": false, "nil": nil}[t.text]; ok {
			return constant{v}, false, nil
		}
		return variable(t.text), true, nil
	case t.kind == tokenEnd:
		return nil, false, e.wrong(words.Text{Key: "template.value_missing"})
	}
	return nil, false, e.wrong(words.Text{Key: "template.no_value", Args: words.Args{"sign": t.text}})
}

func (e *expressions) bracket() (expression, *mistake) {
	if e.depth++; e.depth > maxBrackets {
		return nil, e.wrong(words.Text{Key: "template.brackets", Args: words.Args{"max": maxBrackets}})
	}
	x, wrong := e.condition()
	if wrong != nil {
		return nil, wrong
	}
	e.depth--
	return x, e.need(")")
}

func (e *expressions) number(text string) (expression, *mistake) {
	if !strings.Contains(text, ".") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, e.wrong(words.Text{Key: "template.large_number", Args: words.Args{"number": text}})
		}
		return constant{n}, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, e.wrong(words.Text{Key: "template.large_number", Args: words.Args{"number": text}})
	}
	return constant{f}, nil
}

// parseLoop reads "name in list" and what may follow it. The name is known from
// there on.
func (e *expressions) parseLoop(local map[string]bool) (*forNode, *mistake) {
	name, wrong := e.look()
	if wrong != nil {
		return nil, wrong
	}
	e.take()
	in, wrong := e.look()
	if wrong != nil {
		return nil, wrong
	}
	if name.kind != tokenName || in.kind != tokenName || in.text != "in" {
		return nil, newMistake(e.piece, words.Text{Key: "template.write", Args: words.Args{"what": "{% for item in items %}"}})
	}
	e.take()
	local[name.text] = true
	x, wrong := e.operand()
	if wrong != nil {
		return nil, wrong
	}
	n := &forNode{name: name.text}
	if n.list, wrong = e.filters(x); wrong != nil {
		return nil, wrong
	}
	return n, e.modifiers(n)
}

func (e *expressions) modifiers(n *forNode) *mistake {
	for {
		t, wrong := e.look()
		if wrong != nil {
			return wrong
		}
		switch {
		case t.kind == tokenName && t.text == "reversed":
			e.take()
			n.reversed = true
		case t.kind == tokenOption && (t.text == "limit" || t.text == "offset"):
			e.take()
			x, wrong := e.operand()
			if wrong != nil {
				return wrong
			}
			if t.text == "limit" {
				n.limit = x
			} else {
				n.offset = x
			}
		default:
			return e.end()
		}
	}
}
