package page

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/places"
	"keypull/sources/shape"
	"keypull/sources/text"
)

const (
	op = "read page"
	// maxArgument is how long an argument may be, maxBytes a page, in bytes.
	maxArgument = 200
	maxBytes    = 4 << 20
)

// source is one configured page.
type source struct {
	settings Settings
	client   *outside.Client
	robots   *sources.Robots
	url      places.Template
	made     shape.Options
	*shape.Maker
	item      selector
	fields    []field
	languages []string
	faqs      sources.OfItems[*text.FAQ]
}

var (
	_ pull.Speaker    = (*source)(nil)
	_ pull.Vocabulary = (*source)(nil)
	_ pull.Named      = (*source)(nil)
	_ pull.Timed      = (*source)(nil)
	_ pull.Common     = (*source)(nil)
	_ pull.Questioned = (*source)(nil)
)

// SharesSnapshots says that publishers with the same settings may share them.
func (*source) SharesSnapshots() bool { return true }

// FoundByItself says that what it holds is found by its words.
func (*source) FoundByItself() bool { return true }

// Say words the items as their shape does; where none is set, as that which
// they look like.
func (s *source) Say(items []what.Item, v pull.Voice) pull.Reply {
	if s.ByQuestion() {
		return s.settings.AddCredit(text.SayAnswers(items, v))
	}
	return s.settings.AddCredit(shape.New(s.as(items)).Say(items, v))
}

// as returns the shape of items where the settings do not say one.
func (s *source) as(items []what.Item) shape.Options {
	o := s.made
	if o.Shape != shape.None || len(items) == 0 {
		return o
	}
	facts := items[0].Facts
	switch {
	case facts.Text("start") != "":
		o.Shape = shape.Event
	case facts.Text("price") != "":
		o.Shape = shape.Product
	case !items[0].Published.IsZero():
		o.Shape = shape.Article
	}
	return o
}

// Terms returns the names of what came, where it was not searched for.
func (s *source) Terms(last *pull.Snapshot) []what.Term {
	if last == nil || s.url.Has(places.Argument) {
		return nil
	}
	if s.ByQuestion() {
		return s.faqOf(last.Items).Terms()
	}
	return shape.New(s.as(last.Items)).Terms(last.Items)
}

// Key holds what fills the places.
func (s *source) Key(q pull.Query) (string, error) {
	values := url.Values{}
	argument := strings.Join(strings.Fields(sources.Clean(q.Argument)), " ")
	if len(argument) > maxArgument {
		return "", worded(places.ErrOdd)
	}
	if s.url.Has(places.Argument) && argument != "" {
		values.Set(places.Argument, argument)
	}
	if s.url.Has(places.Language) && q.Language != "" {
		values.Set(places.Language, q.Language)
	}
	if _, err := s.address(values); err != nil {
		return "", err
	}
	key := values.Encode()
	switch {
	case key == "":
		return "-", nil
	case len(key) > pull.MaxKeyBytes:
		return "", worded(places.ErrOdd)
	}
	return key, nil
}

func (s *source) address(values url.Values) (string, error) {
	address, err := s.url.Address(map[string]string{places.Argument: values.Get(places.Argument), places.Language: values.Get(places.Language)})
	return address, worded(err)
}

// worded says what a place lacks.
func worded(err error) error {
	var missing *places.MissingError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &missing):
		return &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("argument_needed", nil)}
	}
	return &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("argument_odd", nil)}
}

// Select picks from what came. What the site has searched for is not searched
// again.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	m := shape.New(s.as(snapshot.Items))
	if s.url.Has(places.Argument) {
		return m.Answered(snapshot.Items, q), nil
	}
	if s.ByQuestion() {
		return s.faqOf(snapshot.Items).Select(q), nil
	}
	return m.Select(snapshot.Items, q), nil
}

// Fetch brings the page, unless robots.txt keeps programs from it.
func (s *source) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	values, err := url.ParseQuery(strings.TrimPrefix(key, "-"))
	if err != nil {
		return pull.Snapshot{}, worded(places.ErrOdd)
	}
	address, err := s.address(values)
	if err != nil {
		return pull.Snapshot{}, err
	}
	refused, requests := s.robots.Refuses(ctx, address)
	if refused {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: words.Text{Key: "source.robots"}}
	}
	o := sources.Opening{Op: op, Field: "url", Argued: values.Get(places.Argument) != ""}
	o.Request = s.settings.On(sources.Accepting(address, "text/html, application/xhtml+xml, */*;q=0.5", maxBytes))
	res, snapshot, err := o.Fetch(ctx, s.client, last)
	if err != nil {
		return pull.Snapshot{}, err
	}
	if snapshot.Requests += requests; snapshot.Unchanged {
		return snapshot, nil
	}
	var guessed string
	b, err := sources.RunParser(ctx, op, func() (b shape.Batch, err error) {
		b, guessed, err = s.readItems(res, last)
		return b, err
	})
	if err != nil {
		return pull.Snapshot{}, err
	}
	snapshot.Items, snapshot.AsOf, snapshot.Warnings = b.Items, b.AsOf, sources.Warned(guessed, b.Warnings())
	if other := shape.OtherSubject(b.Items, values.Get(places.Argument), s.settings.About); other != "" {
		return pull.Snapshot{Requests: snapshot.Requests}, sources.OtherSubjectError(op, other)
	}
	return snapshot, nil
}

// readItems makes items of a page, and names what was guessed of its encoding.
func (s *source) readItems(res outside.Response, last *pull.Snapshot) (b shape.Batch, guessed string, err error) {
	d, err := parsePage(res.Body, sources.Encoded{Type: res.Header.Get("Content-Type"), Languages: s.languages}, res.URL)
	if err != nil {
		return shape.Batch{}, "", err
	}
	records, err := s.records(d)
	if err != nil {
		return shape.Batch{}, "", err
	}
	o := s.made
	o.Base = d.base
	if len(records) > 0 && o.Shape == shape.None {
		o.Shape = likely(records[0])
	}
	b = shape.New(o).Make(records, res.Fetched, last)
	if lost := b.Lost(); !lost.IsZero() {
		return b, "", &pull.Error{Kind: pull.Unusable, Op: op, Field: "fields", Hint: lost}
	}
	return b, d.guessed, nil
}

// likely returns the shape of a record by the names of its values.
func likely(r shape.Record) string {
	for _, v := range r {
		switch v.Name {
		case "start":
			return shape.Event
		case "price", "stock":
			return shape.Product
		}
	}
	return shape.None
}

// records returns the items of a page as named values.
func (s *source) records(d *document) ([]shape.Record, error) {
	if s.settings.Item == "" {
		return s.single(d)
	}
	found := s.item.itemsIn(d.root)
	if len(found) == 0 {
		return nil, &pull.Error{Kind: pull.Unusable, Op: op, Field: "item", Hint: own.Text("no_items", words.Args{"selector": s.settings.Item})}
	}
	if s.ByQuestion() && sources.IsHeading(found[0]) && len(s.fields) == 0 {
		return sectionRecords(d.questionRecords(), found, belowOf(found)), nil
	}
	records := make([]shape.Record, len(found))
	for i, node := range found {
		if len(s.fields) > 0 {
			records[i] = s.byFields(node)
		} else {
			records[i] = defaultRecord(node)
		}
	}
	return records, nil
}

// single returns what a page is about: by the fields of the settings, filled up by
// what it tells of itself.
func (s *source) single(d *document) ([]shape.Record, error) {
	r := s.byFields(d.root)
	if len(r) == 0 && len(s.fields) > 0 {
		return nil, &pull.Error{Kind: pull.Unusable, Op: op, Field: "fields", Hint: own.Text("no_fields", nil)}
	}
	if len(r) > 0 {
		return []shape.Record{d.filled(r)}, nil
	}
	if s.ByQuestion() {
		if all := d.questionRecords(); len(all) > 0 {
			return all, nil
		}
		return nil, &pull.Error{Kind: pull.Unusable, Op: op, Field: "shape", Hint: own.Text("no_questions", nil)}
	}
	if told := d.structuredData(s.settings.Shape); len(told) > 0 {
		return told, nil
	}
	if r = d.articleRecord(); len(r) == 0 {
		return nil, &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: own.Text("nothing_told", nil)}
	}
	return []shape.Record{r}, nil
}

func (s *source) byFields(node *element) shape.Record {
	var r shape.Record
	for _, f := range s.fields {
		if v := f.valueIn(node, s.settings.Shape); v != nil {
			r = append(r, shape.Value{Name: f.name, V: v})
		}
	}
	return withoutTitle(r)
}

// withoutTitle cuts the title off the beginning of a summary that is the whole line it stands in.
func withoutTitle(r shape.Record) shape.Record {
	at := func(name string) int { return slices.IndexFunc(r, func(v shape.Value) bool { return v.Name == name }) }
	title, summary := at("title"), at("summary")
	if title < 0 || summary < 0 {
		return r
	}
	rest, is := strings.CutPrefix(shape.Text(r[summary].V), shape.Text(r[title].V))
	if rest = strings.TrimLeft(rest, " ,;:.–—-"); is && rest != "" {
		r[summary].V = rest
	}
	return r
}

// withoutNames returns the values whose names another record does not have.
func withoutNames(r, other shape.Record) shape.Record {
	return slices.DeleteFunc(slices.Clone(r), func(v shape.Value) bool {
		return slices.ContainsFunc(other, func(o shape.Value) bool { return o.Name == v.Name })
	})
}
