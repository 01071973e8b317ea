package jsonapi

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/jsonpath"
	"keypull/sources/places"
	"keypull/sources/shape"
)

const (
	op = "fetch JSON"
	// maxArgument is how long an argument may be, in bytes; maxFact a fact.
	maxArgument = 200
	maxFact     = 80
)

// source is one configured address.
type source struct {
	settings effective
	env      sources.Env
	tokens   *tokens
	shape.Told
	// url and body have places, and headers, by name.
	url, body places.Template
	headers   map[string]places.Template
	form      string
	items     jsonpath.Path
	fields    []field
	next      jsonpath.Path
	// wants are the facts of readers that the places need.
	wants   []string
	guesses guesses
}

// field is one of an item's, with where it stands.
type field struct {
	name string
	expression
}

var (
	_ pull.Common   = (*source)(nil)
	_ pull.Personal = (*personal)(nil)
)

// personal is a source that needs facts of readers.
type personal struct{ *source }

// Wants lists the facts that stand in the places.
func (p *personal) Wants() []string { return slices.Clone(p.wants) }

func newSource(e effective, env sources.Env) (*source, error) {
	s := &source{
		settings: e, env: env, tokens: newTokens(e.OAuth, env), headers: map[string]places.Template{},
		url: places.New(e.URL), body: places.New(e.Body),
		guesses: newGuesses(env.Clock),
	}
	made := shape.Options{Shape: e.Shape, Language: env.Languages[0], Zone: env.Zone}
	if e.naive != "" {
		var err error
		if made.Naive, err = env.ZoneNamed("preset", e.naive); err != nil {
			return nil, err //nolint:wrapcheck // of the contract of sources
		}
	}
	contentType := ""
	for name, value := range e.Headers {
		s.headers[name] = places.New(value)
		if strings.EqualFold(name, "Content-Type") {
			contentType = value
		}
	}
	s.Told = shape.Told{Maker: shape.New(made), Credited: e.Credited, Searched: s.isPrivate() || s.hasPlace(places.Argument)}
	s.form = places.FormOf(e.Body, contentType)
	if err := s.parsePaths(); err != nil {
		return nil, err
	}
	for _, t := range s.templates() {
		for _, name := range t.Names() {
			if fact, ok := strings.CutPrefix(name, places.Reader); ok && !slices.Contains(s.wants, fact) {
				s.wants = append(s.wants, fact)
			}
		}
	}
	slices.Sort(s.wants)
	return s, nil
}

// parsePaths reads the paths of the settings.
func (s *source) parsePaths() (err error) {
	wrong := func(field string, err error) error {
		return &pull.Error{Kind: pull.Invalid, Op: "open json", Field: field, Hint: words.Said(err), Err: err}
	}
	if s.items, err = jsonpath.Parse(s.settings.Items); err != nil {
		return wrong("items", err)
	}
	if !slices.Contains([]string{headerNext, countNext}, s.settings.Next) {
		if s.next, err = jsonpath.Parse(s.settings.Next); err != nil {
			return wrong("next", err)
		}
	}
	for _, name := range inTurn(s.settings.Fields) {
		e, err := parseExpression(s.settings.Fields[name])
		if err != nil {
			return wrong("fields", err)
		}
		s.fields = append(s.fields, field{name, e})
	}
	return nil
}

// inTurn returns the names of fields in the order in which items tell them: those of
// an item first, facts by name, since a table has no order.
func inTurn(fields map[string]string) []string {
	parts := shape.Parts()
	return slices.SortedFunc(maps.Keys(fields), func(a, b string) int {
		return cmp.Or(sources.RankIn(parts, a)-sources.RankIn(parts, b), strings.Compare(a, b))
	})
}

// comparesNumbers reports whether numbers are compared anywhere.
func (s *source) comparesNumbers() bool {
	return s.items.Compares || s.next.Compares || slices.ContainsFunc(s.fields, func(f field) bool { return f.path.Compares })
}

// templates returns all texts with places.
func (s *source) templates() []places.Template {
	return slices.AppendSeq([]places.Template{s.url, s.body}, maps.Values(s.headers))
}

func (s *source) hasPlace(name string) bool {
	return slices.ContainsFunc(s.templates(), func(t places.Template) bool { return t.Has(name) })
}

// SharesSnapshots says that publishers with the same settings may share them.
func (s *source) SharesSnapshots() bool { return !s.isPrivate() }

// isPrivate reports whether answers are about somebody.
func (s *source) isPrivate() bool { return s.settings.argument != nil }

// ByName says whether each item is asked for by its name.
func (s *source) ByName() bool { return s.Maker.ByName() && !s.isPrivate() }

// Select picks from what came. What upstream has searched for is not searched
// again.
func (s *source) Select(ctx context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if s.isPrivate() {
		return sources.Page(snapshot.Items, q), nil
	}
	found, _ := s.Told.Select(ctx, snapshot, q) // which never fails
	if len(found.Items) > 0 && !found.More && q.Offset+len(found.Items) >= len(snapshot.Items) && !sources.ExtraOf[onward](&snapshot).none() {
		found.More = true
	}
	return found, nil
}

// Fetch brings the first page, and those behind it where more are wanted.
func (s *source) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	a, err := s.parseKey(key)
	if err != nil {
		return pull.Snapshot{}, err
	}
	if s.isPrivate() {
		return s.fetchVerified(ctx, a)
	}
	g := gathering{source: s, keyParts: a, began: s.env.Clock()}
	if last != nil && last.Unfinished {
		return g.goOn(ctx, *last)
	}
	found, err := g.fetchPages(ctx, last)
	if other := shape.OtherSubject(found.Items, a.values[places.Argument], s.settings.About); err == nil && other != "" {
		return pull.Snapshot{Requests: found.Requests}, sources.OtherSubjectError(op, other)
	}
	return found, err
}

// buildRequest returns what one page is asked by.
func (s *source) buildRequest(values map[string]string) (outside.Request, error) {
	address, err := s.url.Address(values)
	if err != nil {
		return outside.Request{}, explainMissing(err)
	}
	r := sources.Accepting(address, "application/json, */*;q=0.5", maxBytes)
	r.Method, r.Redact = s.settings.Method, s.settings.Key.Reveal()
	access := s.settings.Access
	access.Headers = map[string]string{}
	for name, t := range s.headers {
		if access.Headers[name], err = t.Header(values); err != nil {
			return r, explainMissing(err)
		}
	}
	r = access.On(r)
	if s.settings.Body != "" {
		r.Body = []byte(s.body.Body(values, s.form))
		r.Header["Content-Type"], r.Method = cmp.Or(r.Header["Content-Type"], s.form), cmp.Or(r.Method, http.MethodPost)
	}
	return r, nil
}

// openingFor returns how a page is asked for.
func (s *source) openingFor(r outside.Request) sources.Opening {
	o := sources.Opening{Request: r, Op: op, Field: "url", Argued: s.url.Has(places.Argument)}
	if s.tokens != nil {
		o.Do = s.sendWithToken
	}
	return o
}

// sendWithToken sends a request with a token; where that is refused, once more with another. It tells how many requests were sent.
func (s *source) sendWithToken(ctx context.Context, r outside.Request) (outside.Response, int, error) {
	requests, token := 0, ""
	for {
		var n int
		var err error
		token, n, err = s.tokens.getToken(ctx, token)
		requests += n
		if err != nil {
			return outside.Response{}, requests, err
		}
		r.Header["Authorization"] = "Bearer " + token
		res, err := s.env.Client.Do(ctx, r)
		requests++
		switch {
		case err != nil:
			return res, requests, sources.Failed(op, "url", err)
		case res.Status != http.StatusUnauthorized || n > 0:
			// A token that was made for this request would be refused again.
			return res, requests, nil
		}
	}
}
