package sqldb

import (
	"slices"
	"strings"

	"keypull/pull/words"
)

// lower makes small letters as databases do of their words: of ASCII alone.
func lower(text string) string {
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

// own says whether a schema is the database's own.
func (d *dialect) own(schema string) bool {
	return slices.Contains(d.schemas, folded(strings.Trim(schema, ` "`)))
}

// system refuses what the database keeps of itself and its users.
func (p *parser) system(t, next token) error {
	text := folded(t.text)
	refused := refuse("query_system", words.Args{"name": short(t.raw)})
	if next.is(".") && p.dialect.own(text) && text != p.dialect.home {
		return refused
	}
	if next.is(".") && text == p.dialect.home && p.dialect.home != "" && !p.near(3).is("(") {
		if p.top().clause == from {
			return refused
		}
		return nil
	}
	if t.class == word && !p.near(-1).is(".", "as") && !next.is(".") && slices.Contains(p.dialect.told, t.text) || slices.Contains(p.dialect.types, text) {
		return refused
	}
	qualified := p.near(-1).is(".") && p.top().clause == from
	if !p.dialect.anywhere && (next.is(".") || !qualified && !p.reads()) {
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

// field looks at a dot behind what is no name. PostgreSQL calls by it whatever
// function is named behind it.
func (p *parser) field(t token) error {
	after := p.near(2)
	switch {
	case t.class == number, t.class == sign && !t.is(")", "]"), after.is("*"):
		return nil
	case after.named() && p.vouched(p.at+2) && !p.near(3).is("(", "."):
		return nil
	case t.is(")") && after.named() && slices.Contains(p.inside(), after.text) && !p.near(3).is("(", "."):
		return nil
	}
	return refuse("query_field", words.Args{"name": "." + short(after.raw)})
}

// inside lists the columns of what the bracket that ends here holds, where it is
// one call of a function of which they are known.
func (p *parser) inside() []string {
	begin := func(end int) int {
		depth := 0
		for i := end; i >= 0; i-- {
			switch {
			case p.token(i).is(")"):
				depth++
			case p.token(i).is("("):
				if depth--; depth == 0 {
					return i
				}
			}
		}
		return -1
	}
	if !p.near(-1).is(")") {
		return nil
	}
	if f := begin(p.at-1) - 1; f > 0 && f-1 == begin(p.at) && p.token(f).class == word {
		return columnsOf[p.token(f).text]
	}
	return nil
}

// projected refuses what could be a function behind the name of a call that is
// read as a table: PostgreSQL gives it each value that the call brings.
func (p *parser) projected() error {
	if !p.dialect.dollars {
		return nil
	}
	for _, i := range p.dotted {
		name := p.token(i).text
		for _, columns := range p.rows[lower(p.token(i-2).text)] {
			if !columns[lower(name)] && !p.dialect.functions[name] && !p.allowed[lower(name)] {
				return refuse("query_field", words.Args{"name": short(p.whole(i))})
			}
		}
	}
	return nil
}

// beside says whether a token is a word that stands before a bracket and calls
// nothing: where it may be a name as well, by what stands before it.
func (p *parser) beside(i int) bool {
	t, before := p.token(i), p.token(i-1)
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
		return p.top().clause == group
	case behind[0] == inTable:
		return p.top().function == "json_table"
	}
	return before.is(behind...)
}
