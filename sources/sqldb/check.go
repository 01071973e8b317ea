package sqldb

import (
	"slices"
	"strings"

	"keypull/pull/words"
)

// clause says where in a statement the parser is.
type clause uint8

const (
	_ clause = iota // anywhere else
	// with is the head of a statement that names its parts, from the list of
	// what is read, call the arguments of a function.
	with
	from
	call
)

// frame is what stands between two brackets.
type frame struct {
	clause clause
	// function is whose arguments these are.
	function string
}

// parser walks the tokens of a statement and refuses what could do more than
// read. It knows no grammar: the database does; but whatever acts in a
// statement that begins with SELECT is one of a few words, or a call.
type parser struct {
	dialect *dialect
	allowed map[string]bool
	tokens  []token
	at      int
	frames  []frame
}

// check refuses a query that is not one statement that reads. functions are
// allowed beside those that are known.
func check(d *dialect, tokens []token, functions []string) error {
	for len(tokens) > 0 && tokens[len(tokens)-1].is(";") {
		tokens = tokens[:len(tokens)-1]
	}
	p := parser{dialect: d, tokens: tokens, allowed: map[string]bool{}, frames: []frame{{}}}
	for _, f := range functions {
		p.allowed[strings.ToLower(strings.TrimSpace(f))] = true
	}
	if err := p.beginning(); err != nil {
		return err
	}
	for p.at = range tokens {
		if err := p.token(tokens[p.at]); err != nil {
			return err
		}
	}
	if len(p.frames) != 1 {
		return refuse("query_brackets", nil)
	}
	return nil
}

// beginning refuses what is no statement that reads.
func (p *parser) beginning() error {
	for _, t := range p.tokens {
		if t.is("(") {
			continue
		}
		if t.class != word || !t.is("select", "with", "values") {
			return refuse("query_statement", words.Args{"word": strings.ToUpper(short(t.raw))})
		}
		return nil
	}
	return refuse("query_statement", words.Args{"word": "…"})
}

func (p *parser) near(by int) token {
	if i := p.at + by; i >= 0 && i < len(p.tokens) {
		return p.tokens[i]
	}
	return token{class: sign}
}

func (p *parser) top() *frame { return &p.frames[len(p.frames)-1] }

func (p *parser) token(t token) error {
	next := p.near(1)
	if t.class == literal && next.is("(") {
		return refuse("query_function", words.Args{"function": short(t.raw)})
	}
	switch {
	case t.is(";"):
		return refuse("query_several", nil)
	case t.is("("):
		p.open()
		return nil
	case t.is(")"):
		if len(p.frames) == 1 {
			return refuse("query_brackets", nil)
		}
		p.frames = p.frames[:len(p.frames)-1]
		return nil
	case t.class == word:
		if err := p.word(t, next); err != nil {
			return err
		}
	case !t.named():
		return nil
	}
	if err := p.system(t, next); err != nil {
		return err
	}
	return p.called(t, next)
}

// open enters a bracket: the arguments of what stands before it, a part of the
// list of what is read, or something else.
func (p *parser) open() {
	f, before := frame{}, p.near(-1)
	switch {
	case before.named() && (before.class != word || !beside[before.text]):
		f = frame{clause: call, function: before.text}
	case p.top().clause == from && (p.reads() || before.is("(")):
		f.clause = from
	}
	p.frames = append(p.frames, f)
}

// reads says whether the token at hand stands where something to read is named.
func (p *parser) reads() bool {
	return p.top().clause == from && p.near(-1).is("from", "join", "straight_join", ",", "only", "(", "lateral")
}

// acting are words that change something wherever they stand in a statement, or
// that begin what does.
var acting = known(`insert update delete merge into outfile dumpfile procedure returning table`)

func (p *parser) word(t, next token) error {
	refused := refuse("query_word", words.Args{"word": strings.ToUpper(t.text)})
	before := p.near(-1)
	switch {
	case before.is("."):
		if p.dialect == &mysqlFamily && t.is("nextval", "setval", "lastval") {
			return refused
		}
		return nil
	case acting[t.text]:
		return refused
	case t.is("replace", "truncate") && !next.is("("):
		return refused
	case t.is("lock") && next.is("in"), t.is("next", "previous") && next.is("value"):
		return refused
	case t.is("for") && !p.harmless(next):
		return refuse("query_word", words.Args{"word": strings.TrimSpace("FOR " + strings.ToUpper(short(next.raw)))})
	}
	p.enter(t)
	return nil
}

// harmless says whether FOR belongs to what a text is cut by, to a hint, or to
// a table as it was.
func (p *parser) harmless(next token) bool {
	if next.is("update", "share", "no", "key") {
		return false
	}
	if f := p.top(); f.clause == call && slices.Contains([]string{"substring", "substr", "overlay", "trim"}, f.function) {
		return true
	}
	return p.dialect == &mysqlFamily && next.is("system_time", "join", "order", "group")
}

// enter notes which part of the statement a keyword begins.
func (p *parser) enter(t token) {
	f := p.top()
	switch {
	case f.clause == call && !t.is("select", "with", "values"):
	case t.is("with") && (p.at == 0 || p.near(-1).is("(")): // any other adds to what is before it
		*f = frame{clause: with}
	case t.is("from") && !p.near(-1).is("distinct"):
		*f = frame{clause: from}
	case t.is("select", "values", "where", "group", "having", "order", "limit", "offset", "fetch", "window", "union", "except", "intersect", "qualify"):
		*f = frame{}
	}
}

// system refuses what the database keeps of itself and its users.
func (p *parser) system(t, next token) error {
	text := strings.ToLower(t.text)
	refused := refuse("query_system", words.Args{"name": short(t.raw)})
	if next.is(".") && slices.Contains(p.dialect.schemas, text) && text != p.dialect.home {
		return refused
	}
	if next.is(".") && text == p.dialect.home && p.dialect.home != "" && !p.near(3).is("(") {
		if p.reads() || p.top().clause == from {
			return refused
		}
		return nil
	}
	qualified := p.near(-1).is(".") && p.top().clause == from
	if next.is(".") || !qualified && !p.reads() {
		return nil
	}
	for _, prefix := range p.dialect.prefixes {
		if strings.HasPrefix(text, prefix) {
			return refused
		}
	}
	return nil
}

// called refuses a call of a function that nobody vouches for.
func (p *parser) called(t, next token) error {
	if !next.is("(") || t.class == word && beside[t.text] && !p.near(-1).is(".") {
		return nil
	}
	before := p.near(-1)
	switch {
	case before.is("as", "::"): // a name of columns, or a type
		return nil
	case before.is("with", "recursive", ",") && p.top().clause == with:
		return nil
	case before.is(")") && p.top().clause == from:
		return nil
	}
	whole := strings.ToLower(t.text)
	if t.class == name && p.dialect.dollars {
		whole = t.text // what is quoted is as it is written
	}
	plain := whole
	for i := p.at - 1; i > 0 && p.tokens[i].is("."); i -= 2 {
		whole = strings.ToLower(p.tokens[i-1].text) + "." + whole
	}
	own := whole == plain || p.dialect.home != "" && whole == p.dialect.home+"."+plain
	if own && p.dialect.functions[plain] || p.allowed[strings.ToLower(whole)] {
		return nil
	}
	return refuse("query_function", words.Args{"function": short(whole)})
}

// maxShort is how much of a query a complaint repeats.
const maxShort = 40

func short(text string) string {
	if runes := []rune(text); len(runes) > maxShort {
		return string(runes[:maxShort]) + "…"
	}
	return text
}
