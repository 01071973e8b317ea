package template

import (
	"regexp"
	"slices"
	"strings"

	"keypull/pull/words"
)

// blockTags open a block that ends with "end" and their name.
var blockTags = []string{"if", "unless", "for", "case", "comment", "raw"}

// clauses are what may stand within a block, by its tag.
var clauses = map[string][]string{
	"if": {"else", "elsif"}, "unless": {"else"}, "for": {"else"}, "case": {"when", "else"},
}

// parser makes nodes of a text.
type parser struct {
	text  string
	names names
	root  []node
	// body is where the next node goes.
	body *[]node
	open []openTag
	// loops counts the loops that are open.
	loops int
}

// opened is a block that has not been closed, where it begins, and where nodes
// go behind it.
type openTag struct {
	tag   string
	at    int
	outer *[]node
	node  node
}

func (p *parser) parseTemplate() *mistake {
	p.body = &p.root
	s := &scanner{text: p.text}
	for {
		pc, ok, wrong := s.nextPart()
		if wrong != nil {
			return wrong
		}
		if !ok {
			return p.end()
		}
		if wrong := p.piece(s, pc); wrong != nil {
			return wrong
		}
	}
}

// end checks that nothing is left open.
func (p *parser) end() *mistake {
	if len(p.open) == 0 {
		return nil
	}
	last := p.open[len(p.open)-1]
	return noEnd(last.tag, last.at)
}

func noEnd(tag string, at int) *mistake {
	return &mistake{at: at, unplaced: true, message: words.Text{Key: "template.open_block", Args: words.Args{"open": tagOf(tag), "close": tagOf("end" + tag)}}}
}

func (p *parser) add(n node) { *p.body = append(*p.body, n) }

func (p *parser) piece(s *scanner, pc piece) *mistake {
	if pc.kind == plain {
		p.add(textNode(p.text[pc.from:pc.to]))
		return nil
	}
	if pc.left {
		p.add(trimLeft{})
	}
	if pc.kind == tagged {
		if wrong := p.tag(s, &pc); wrong != nil {
			return wrong
		}
	} else {
		e := p.expression(pc)
		x, wrong := e.parseToEnd()
		if wrong != nil {
			return wrong
		}
		p.add(outputNode{x})
	}
	if pc.right {
		p.add(trimRight{})
	}
	return nil
}

func (p *parser) expression(pc piece) *expressions {
	return &expressions{lexer: lexer{text: p.text, at: pc.from, to: max(pc.from, pc.to)}, piece: pc.at, names: p.names}
}

func (p *parser) tag(s *scanner, pc *piece) *mistake {
	switch tag := pc.name; {
	case slices.Contains(blockTags, tag):
		if len(p.open) == maxNesting {
			return newMistake(pc.at, words.Text{Key: "template.blocks", Args: words.Args{"max": maxNesting}})
		}
		return p.enter(s, pc)
	case strings.HasPrefix(tag, "end"):
		return p.leave(*pc)
	case tag == "else" || tag == "elsif" || tag == "when":
		return p.clause(*pc)
	case tag == "assign":
		return p.assign(*pc)
	case tag == "break" || tag == "continue":
		if p.loops == 0 {
			return newMistake(pc.at, words.Text{Key: "template.outside_for", Args: words.Args{"tag": tagOf(tag), "for": tagOf("for")}})
		}
		p.add(jumpNode(tag))
		return nil
	default:
		return newMistake(pc.at, words.Text{Key: "template.no_tag", Args: words.Args{"tag": tag}})
	}
}

func (p *parser) enter(s *scanner, pc *piece) *mistake {
	switch pc.name {
	case "raw":
		return p.unread(s, pc, rawEnd)
	case "comment":
		return p.unread(s, pc, commentEnd)
	case "for":
		return p.loop(*pc)
	}
	x, wrong := p.expression(*pc).parseToEnd()
	if wrong != nil {
		return wrong
	}
	if pc.name == "case" {
		n := &caseNode{value: x}
		p.push(*pc, n, &[]node{})
		return nil
	}
	first := &branch{test: x, not: pc.name == "unless"}
	p.push(*pc, &ifNode{branches: []*branch{first}}, &first.body)
	return nil
}

// unread goes over a block in which nothing is looked at.
func (p *parser) unread(s *scanner, pc *piece, end *regexp.Regexp) *mistake {
	inside, trim, ok := s.skipBlock(end)
	if !ok {
		return noEnd(pc.name, pc.at)
	}
	if pc.name == "raw" {
		p.add(textNode(inside))
	}
	pc.right = trim
	return nil
}

func (p *parser) push(pc piece, n node, body *[]node) {
	p.add(n)
	p.open = append(p.open, openTag{tag: pc.name, at: pc.at, outer: p.body, node: n})
	p.body = body
}

func (p *parser) leave(pc piece) *mistake {
	if len(p.open) == 0 || "end"+p.open[len(p.open)-1].tag != pc.name {
		return newMistake(pc.at, words.Text{Key: "template.closes_nothing", Args: words.Args{"tag": tagOf(pc.name)}})
	}
	last := p.open[len(p.open)-1]
	p.open, p.body = p.open[:len(p.open)-1], last.outer
	if last.tag == "for" {
		p.loops--
	}
	return nil
}

// clause goes on with another part of the block that is open.
func (p *parser) clause(pc piece) *mistake {
	if len(p.open) == 0 || !slices.Contains(clauses[p.open[len(p.open)-1].tag], pc.name) {
		return newMistake(pc.at, words.Text{Key: "template.no_block", Args: words.Args{"tag": tagOf(pc.name)}})
	}
	switch n := p.open[len(p.open)-1].node.(type) {
	case *ifNode:
		b := &branch{test: constant{true}}
		if pc.name == "elsif" {
			x, wrong := p.expression(pc).parseToEnd()
			if wrong != nil {
				return wrong
			}
			b.test = x
		}
		n.branches, p.body = append(n.branches, b), &b.body
	case *caseNode:
		w := &when{otherwise: pc.name == "else"}
		if !w.otherwise {
			values, wrong := p.expression(pc).parseList()
			if wrong != nil {
				return wrong
			}
			w.values = values
		}
		n.whens, p.body = append(n.whens, w), &w.body
	case *forNode:
		if n.otherwise != nil {
			return newMistake(pc.at, words.Text{Key: "template.one_else", Args: words.Args{"for": tagOf("for"), "else": tagOf("else")}})
		}
		n.otherwise = &[]node{}
		p.body = n.otherwise
	}
	return nil
}

func (p *parser) assign(pc piece) *mistake {
	e := p.expression(pc)
	name, wrong := e.parseAssignedName()
	if wrong != nil {
		return wrong
	}
	p.names.local[name] = true
	x, wrong := e.parseToEnd()
	if wrong != nil {
		return wrong
	}
	p.add(assignNode{name, x})
	return nil
}

func (p *parser) loop(pc piece) *mistake {
	n, wrong := p.expression(pc).parseLoop(p.names.local)
	if wrong != nil {
		return wrong
	}
	p.loops++
	p.push(pc, n, &n.body)
	return nil
}

// tagOf shows a tag as it is written.
func tagOf(name string) string { return "{% " + name + " %}" }
