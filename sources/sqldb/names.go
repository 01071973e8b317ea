package sqldb

import (
	"slices"
	"strings"

	"keypull/pull/words"
)

// lowerASCII makes small letters as databases do of their words: of ASCII alone.
func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// folded returns a name as a server may compare it that takes letters of other cases
// for the same, some of which only Unicode knows.
func folded(text string) string { return strings.ToLower(strings.ToUpper(strings.ToLower(text))) }

// ownsSchema says whether a schema is the database's own.
func (d *dialect) ownsSchema(schema string) bool {
	return slices.Contains(d.schemas, folded(strings.Trim(schema, ` "`)))
}

// checkSystemName refuses what the database keeps of itself and its users.
func (p *parser) checkSystemName(t, next token) error {
	text := folded(t.text)
	refused := refuseQuery("query_system", words.Args{"name": shorten(t.raw)})
	if next.is(".") && p.dialect.ownsSchema(text) && text != p.dialect.home {
		return refused
	}
	if next.is(".") && text == p.dialect.home && p.dialect.home != "" && !p.tokenNear(3).is("(") {
		if p.topFrame().clause == from {
			return refused
		}
		return nil
	}
	if t.class == word && !p.tokenNear(-1).is(".", "as") && !next.is(".") && slices.Contains(p.dialect.told, t.text) || slices.Contains(p.dialect.types, text) {
		return refused
	}
	qualified := p.tokenNear(-1).is(".") && p.topFrame().clause == from
	if !p.dialect.anywhere && (next.is(".") || !qualified && !p.atTableName()) {
		return nil
	}
	for _, prefix := range p.dialect.prefixes {
		if strings.HasPrefix(text, prefix) {
			return refused
		}
	}
	return nil
}

// columnsOf are the columns of functions that are read as tables, beside the one
// that is called as they are.
var columnsOf = map[string][]string{
	"json_each": {"key", "value"}, "json_each_text": {"key", "value"}, "jsonb_each": {"key", "value"}, "jsonb_each_text": {"key", "value"},
	"json_array_elements": {"value"}, "json_array_elements_text": {"value"}, "jsonb_array_elements": {"value"}, "jsonb_array_elements_text": {"value"},
	"unnest": {"lexeme", "positions", "weights"}, "generate_series": {"value"},
}

// checkField looks at a dot behind what is no name. PostgreSQL calls by it whatever
// function is named behind it.
func (p *parser) checkField(t token) error {
	after := p.tokenNear(2)
	switch {
	case t.class == number, t.class == sign && !t.is(")", "]"), after.is("*"):
		return nil
	case after.isName() && p.mayCall(p.at+2) && !p.tokenNear(3).is("(", "."):
		return nil
	case t.is(")") && after.isName() && slices.Contains(p.inside(), after.text) && !p.tokenNear(3).is("(", "."):
		return nil
	}
	return refuseQuery("query_field", words.Args{"name": "." + shorten(after.raw)})
}

// inside lists the columns of what the bracket that ends here holds, where it is
// one call of a function of which they are known.
func (p *parser) inside() []string {
	begin := func(end int) int {
		depth := 0
		for i := end; i >= 0; i-- {
			switch {
			case p.tokenAt(i).is(")"):
				depth++
			case p.tokenAt(i).is("("):
				if depth--; depth == 0 {
					return i
				}
			}
		}
		return -1
	}
	if !p.tokenNear(-1).is(")") {
		return nil
	}
	if f := begin(p.at-1) - 1; f > 0 && f-1 == begin(p.at) && p.tokenAt(f).class == word {
		return columnsOf[p.tokenAt(f).text]
	}
	return nil
}

// checkRowFields refuses what could be a function behind the name of a call that is
// read as a table: PostgreSQL gives it each value that the call brings.
func (p *parser) checkRowFields() error {
	if !p.dialect.dollars {
		return nil
	}
	for _, i := range p.dotted {
		name := p.tokenAt(i).text
		for _, columns := range p.rows[lowerASCII(p.tokenAt(i-2).text)] {
			if !columns[lowerASCII(name)] && !p.dialect.functions[name] && !p.allowed[lowerASCII(name)] {
				return refuseQuery("query_field", words.Args{"name": shorten(p.fullName(i))})
			}
		}
	}
	return nil
}

// callsNothing says whether a token is a word that stands before a bracket and calls
// nothing: where it may be a name as well, by what stands before it.
func (p *parser) callsNothing(i int) bool {
	t, before := p.tokenAt(i), p.tokenAt(i-1)
	if t.class != word || before.is(".") {
		return false
	}
	behind, ok := p.dialect.beside[t.text]
	switch {
	case !ok:
		return false
	case len(behind) == 0:
		return true
	case behind[0] == inGroup:
		return p.topFrame().clause == group
	case behind[0] == inTable:
		return p.topFrame().function == "json_table"
	}
	return before.is(behind...)
}
