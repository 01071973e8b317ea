package sqldb

import (
	"slices"
	"strings"

	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// clause says where in a statement the parser is.
type clause uint8

const (
	_ clause = iota // anywhere else
	// with is the head of a statement that names its parts, from the list of
	// what is read, group what rows are put together by, call the arguments of
	// a function.
	with
	from
	group
	call
)

// frame is what stands between two brackets.
type frame struct {
	clause clause
	// function is whose arguments these are.
	function string
	// table says that what is called is read as a table.
	table bool
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
	// rows are the names of calls that are read as tables, with their columns;
	// dotted are the places of names behind another one and a dot.
	rows   map[string][]map[string]bool
	dotted []int
}

// checkReadsOnly returns an error unless the query is one statement that only reads. functions are
// allowed beside those that are known.
func checkReadsOnly(d *dialect, tokens []token, functions []string) error {
	for len(tokens) > 0 && tokens[len(tokens)-1].is(";") {
		tokens = tokens[:len(tokens)-1]
	}
	p := parser{dialect: d, tokens: tokens, allowed: map[string]bool{}, frames: []frame{{}}, rows: map[string][]map[string]bool{}}
	for _, f := range functions {
		p.allowed[lowerASCII(strings.TrimSpace(f))] = true
	}
	if err := p.beginning(); err != nil {
		return err
	}
	for p.at = range tokens {
		if err := p.checkToken(tokens[p.at]); err != nil {
			return err
		}
	}
	if len(p.frames) != 1 {
		return refuseQuery("query_brackets", nil)
	}
	return p.checkRowFields()
}

// beginning refuses what is no statement that reads.
func (p *parser) beginning() error {
	for _, t := range p.tokens {
		if t.is("(") {
			continue
		}
		if t.class != word || !t.is("select", "with", "values") {
			return refuseQuery("query_statement", words.Args{"word": strings.ToUpper(shorten(t.raw))})
		}
		return nil
	}
	return refuseQuery("query_statement", words.Args{"word": "…"})
}

// tokenNear returns the token so many places after the one at hand.
func (p *parser) tokenNear(by int) token { return p.tokenAt(p.at + by) }

// tokenAt returns a token by its place; an empty sign beyond both ends.
func (p *parser) tokenAt(i int) token {
	if i >= 0 && i < len(p.tokens) {
		return p.tokens[i]
	}
	return token{class: sign}
}

func (p *parser) topFrame() *frame { return &p.frames[len(p.frames)-1] }

func (p *parser) checkToken(t token) error {
	next := p.tokenNear(1)
	switch {
	case t.is(";"):
		return refuseQuery("query_several", nil)
	case t.is("("):
		p.openBracket()
		return nil
	case t.is(")"):
		if len(p.frames) == 1 {
			return refuseQuery("query_brackets", nil)
		}
		p.closeBracket()
	case t.class == word:
		if err := p.word(t, next); err != nil {
			return err
		}
	case t.class == literal:
		return p.literal(t, next)
	}
	if next.is(".") && !t.isName() {
		return p.checkField(t)
	}
	if !t.isName() {
		return nil
	}
	if err := p.checkSystemName(t, next); err != nil {
		return err
	}
	if p.tokenNear(-1).is(".") && !next.is("(") {
		p.dotted = append(p.dotted, p.at)
	}
	return p.called(next)
}

// literal refuses a text that is used as a name: of a function, or of a table,
// which some databases take it for.
func (p *parser) literal(t, next token) error {
	switch before := p.tokenNear(-1); {
	case next.is("("):
		return refuseQuery("query_function", words.Args{"function": shorten(t.raw)})
	case next.is("."), before.is("."), p.atTableName(), p.dialect == &sqlite && before.is("in"):
		return refuseQuery("query_text_name", words.Args{"text": shorten(t.raw)})
	}
	return nil
}

// openBracket enters a bracket: the arguments of what stands before it, a part of the
// list of what is read, or something else.
func (p *parser) openBracket() {
	f, before := frame{}, p.tokenNear(-1)
	switch {
	case before.isName() && !p.callsNothing(p.at-1):
		head := p.at - 1
		for p.tokenAt(head - 1).is(".") {
			head -= 2
		}
		f = frame{clause: call, function: before.text, table: p.topFrame().clause == from && p.names(head)}
	case before.is("from") && p.tokenNear(-2).is("rows"):
		f = frame{clause: from, table: true}
	case p.topFrame().clause == from && (p.atTableName() || before.is("(")):
		f.clause = from
	}
	p.frames = append(p.frames, f)
}

// closeBracket leaves a bracket. Behind a call that is read as a table stands what it
// is called by, and its columns.
func (p *parser) closeBracket() {
	f := *p.topFrame()
	p.frames = p.frames[:len(p.frames)-1]
	if !f.table {
		return
	}
	columns := map[string]bool{f.function: true}
	for _, column := range columnsOf[f.function] {
		columns[column] = true
	}
	i := p.at + 1
	if p.tokenAt(i).is("with") && p.tokenAt(i+1).is("ordinality") {
		columns["ordinality"] = true
		i += 2
	}
	if p.tokenAt(i).is("as") {
		i++
	}
	name := lowerASCII(p.tokenAt(i).text)
	columns[name] = true
	if i++; p.tokenAt(i).is("(") {
		for ; i < len(p.tokens) && !p.tokenAt(i).is(")"); i++ {
			columns[lowerASCII(p.tokenAt(i).text)] = true
		}
	}
	p.rows[lowerASCII(f.function)] = append(p.rows[lowerASCII(f.function)], columns)
	p.rows[name] = append(p.rows[name], columns)
}

// atTableName says whether the token at hand stands where something to read is named.
func (p *parser) atTableName() bool { return p.topFrame().clause == from && p.names(p.at) }

// names says whether a token of a list of what is read stands where a name
// begins.
func (p *parser) names(i int) bool {
	return p.tokenAt(i-1).is("from", "join", "straight_join", ",", "only", "(", "lateral")
}

// acting are words that change something wherever they stand in a statement, or
// that begin what does.
var acting = textform.Set(`insert update delete merge into outfile dumpfile procedure returning table`)

func (p *parser) word(t, next token) error {
	refused := refuseQuery("query_word", words.Args{"word": strings.ToUpper(t.text)})
	before := p.tokenNear(-1)
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
		return refuseQuery("query_word", words.Args{"word": strings.TrimSpace("FOR " + strings.ToUpper(shorten(next.raw)))})
	}
	p.enterClause(t, next)
	return nil
}

// harmless says whether FOR belongs to what a text is cut by, to a hint, or to
// a table as it was.
func (p *parser) harmless(next token) bool {
	if next.is("update", "share", "no", "key") {
		return false
	}
	if f := p.topFrame(); f.clause == call && slices.Contains([]string{"substring", "substr", "overlay", "trim"}, f.function) {
		return true
	}
	return p.dialect == &mysqlFamily && next.is("system_time", "join", "order", "group")
}

// enterClause notes which part of the statement a keyword begins. What is read ends
// only at words that are no name in any dialect.
func (p *parser) enterClause(t, next token) {
	f := p.topFrame()
	switch {
	case f.clause == call && !t.is("select") && !p.heads():
	case p.heads():
		*f = frame{clause: with}
	case t.is("from") && !p.compares():
		f.clause = from
	case t.is("group") && next.is("by"):
		f.clause = group
	case t.is("select", "where", "having", "order", "limit", "union", "except", "intersect"):
		*f = frame{}
	}
}

// compares says whether the FROM at hand is that of IS DISTINCT FROM.
func (p *parser) compares() bool {
	is := p.at - 2
	if p.tokenAt(is).is("not") {
		is--
	}
	return p.tokenNear(-1).is("distinct") && p.tokenAt(is).is("is") && !p.tokenAt(is-1).is(".", "as")
}

// heads says whether the token at hand is the WITH of a statement: that names a
// part, and says what it is. Elsewhere it adds to what is before it, or is a name.
func (p *parser) heads() bool {
	if !p.tokenNear(0).is("with") || p.at > 0 && !p.tokenNear(-1).is("(") {
		return false
	}
	i := p.at + 1
	if p.tokenAt(i).is("recursive") && !p.tokenAt(i+1).is("as", "(") {
		i++
	}
	return p.tokenAt(i).isName() && p.defines(i)
}

// defines says whether a name of a WITH is followed by what it stands for.
func (p *parser) defines(i int) bool {
	if i++; p.tokenAt(i).is("(") {
		for ; i < len(p.tokens) && !p.tokenAt(i).is(")"); i++ {
			if p.tokenAt(i + 1).is("(") {
				return false
			}
		}
		i++
	}
	return p.tokenAt(i).is("as")
}

// called refuses a call of a function that may not be called.
func (p *parser) called(next token) error {
	if !next.is("(") || p.callsNothing(p.at) {
		return nil
	}
	before := p.tokenNear(-1)
	switch {
	case before.is("as", "::"): // a name of columns, or a type
		return nil
	case before.is("with", "recursive", ",") && p.topFrame().clause == with && p.defines(p.at):
		return nil
	case before.is(")", "ordinality") && p.topFrame().clause == from && !p.tokenNear(-2).is("."):
		return nil
	}
	if p.mayCall(p.at) {
		return nil
	}
	return refuseQuery("query_function", words.Args{"function": shorten(p.fullName(p.at))})
}

// fullName returns the name that ends at a token, with what stands before its dots.
func (p *parser) fullName(i int) string {
	whole := p.tokenAt(i).text
	for ; p.tokenAt(i-1).is(".") && p.tokenAt(i-2).isName(); i -= 2 {
		whole = p.tokenAt(i-2).text + "." + whole
	}
	return whole
}

// mayCall reports whether the function named at token i is known to only make a value,
// or allowed by the settings.
func (p *parser) mayCall(i int) bool {
	whole := p.fullName(i)
	plain := p.tokenAt(i).text
	if !p.dialect.dollars || p.tokenAt(i).class == word { // else what is quoted is as it is written
		plain = lowerASCII(plain)
	}
	own := whole == p.tokenAt(i).text || p.dialect.home != "" && whole == p.dialect.home+"."+plain
	return own && p.dialect.functions[plain] || p.allowed[lowerASCII(whole)]
}

// maxShort is how much of a query a complaint repeats.
const maxShort = 40

func shorten(text string) string { return words.Shorten(text, maxShort) }
