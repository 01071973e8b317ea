package sourcetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// liar is the name of the lie that the kinds of these tests tell; "" is none.
// It is one for the process: each liar is put through the suite in its own.
var liar = "" //nolint:gochecknoglobals // see above

func lies(name string) bool { return liar == name }

// priceKind is a kind of prices by symbol, over HTTP, with a secret.
var priceKind = sources.Kind{Name: "price", Title: "Prices", Help: "Prices by symbol.",
	New: func() sources.Opener { return &priceSettings{} }}

type priceSettings struct {
	URL            string          `name:"url" label:"Address" help:"Where prices are." check:"required,url" example:"https://example.org"`
	Token          settings.Secret `name:"token" label:"Token" help:"What we show." check:"required" example:"a-word"`
	sources.Access `settings:"inline"`
	Symbols        []string `name:"symbols" label:"Symbols" help:"What may be asked for." check:"required" example:"AAA"`
}

// Facts returns what templates may name.
func (*priceSettings) Facts() []string { return []string{"price"} }

func (s *priceSettings) Open(env sources.Env) (pull.Source, error) {
	return &prices{priceSettings: *s, client: env.Client, clock: env.Clock, rand: env.Rand, logger: env.Logger}, nil
}

type prices struct {
	priceSettings
	client *outside.Client
	clock  func() time.Time
	rand   *rand.Rand
	logger *slog.Logger
	kept   atomic.Pointer[pull.Snapshot]
	spoken atomic.Pointer[string]
	asks   atomic.Int64
}

func (p *prices) Key(q pull.Query) (string, error) {
	argument := strings.ToUpper(strings.TrimSpace(q.Argument))
	if argument == "" {
		return "", &pull.Error{Kind: pull.Invalid, Field: "argument", Hint: words.Verbatim("a symbol is needed")}
	}
	if symbol, _, _ := strings.Cut(q.Argument, "/"); lies("an argument that writes on the address") && slices.Contains(p.Symbols, strings.ToUpper(symbol)) {
		return q.Argument, nil
	}
	for _, s := range p.Symbols {
		if s != argument && (!lies("a key that forgets the end") || !strings.HasPrefix(argument, s)) {
			continue
		}
		switch {
		case lies("a key with the moment"):
			return fmt.Sprint(s, q.At.UnixNano()), nil
		case lies("a key with a secret"):
			return s + p.Token.Reveal(), nil
		case lies("one key for all"):
			return "prices", nil
		}
		return s, nil
	}
	if lies("an argument that changes nothing") {
		return p.Symbols[0], nil
	}
	return "", &pull.Error{Kind: pull.Unknown, Field: "argument", Hint: words.Verbatim("there is no such symbol")}
}

func (p *prices) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	symbol := key
	switch {
	case lies("always one symbol"):
		symbol = p.Symbols[0]
	case lies("a key with the moment"):
		symbol = key[:3]
	}
	r := outside.Request{URL: p.URL + "/" + symbol, Header: map[string]string{"Authorization": p.Token.Reveal()}}
	if last != nil && !lies("validators never sent") && !lies("last ignored") {
		r.ETag, r.LastModified = last.Validators.ETag, last.Validators.LastModified
		if lies("one validator alone") {
			r.LastModified = ""
		}
	}
	if kept := p.kept.Load(); lies("validators from memory") {
		r.ETag, r.LastModified = "", ""
		if kept != nil {
			r.ETag, r.LastModified = kept.Validators.ETag, kept.Validators.LastModified
		}
	}
	if lies("deaf to its context") {
		ctx = context.WithoutCancel(ctx)
	}
	r = p.On(r)
	r.Single = lies("a secret shown to another host")
	res, err := p.client.Do(ctx, r)
	if to := res.Header.Get("Location"); r.Single && to != "" {
		r.URL = to
		res, err = p.client.Do(ctx, r)
	}
	if err != nil && lies("a panic at a server that lies") && !strings.Contains(err.Error(), "EOF") {
		panic(err)
	}
	switch {
	case err != nil && lies("down and no word of it") && last == nil:
		return pull.Snapshot{Fetched: p.clock()}, nil
	case err != nil && lies("a bare error"):
		return pull.Snapshot{}, errors.New("down")
	case err != nil && lies("a secret in an error"):
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("no answer to " + p.Token.Reveal()), Err: err}
	case err != nil:
		if lies("a secret in the log") {
			p.logger.Warn("no answer", "token", p.Token.Reveal())
		}
		return pull.Snapshot{}, sources.Failed("fetch price", "url", err)
	case res.Status == http.StatusNotModified && last != nil:
		return sources.Renew(*last, res), nil
	case res.Status != http.StatusOK && !lies("a refusal taken for an answer"):
		return pull.Snapshot{}, sources.Refused("fetch price", "url", res)
	}
	s, err := p.read(ctx, key, last, res)
	p.kept.Store(&s)
	return s, err
}

// read makes a snapshot of an answer.
func (p *prices) read(ctx context.Context, key string, last *pull.Snapshot, res outside.Response) (pull.Snapshot, error) {
	read := func() (string, error) {
		var price struct{ Price json.Number }
		if lies("a panic at hostile bytes") && len(res.Body) > 0 && res.Body[0] != '{' {
			panic("no object")
		}
		if err := json.Unmarshal(bytes.TrimPrefix(res.Body, []byte("\xEF\xBB\xBF")), &price); err != nil || price.Price == "" {
			return "", &pull.Error{Kind: pull.Unusable, Hint: words.Verbatim("it is no price; check the address"), Err: err}
		}
		return price.Price.String(), nil
	}
	var price string
	var err error
	if lies("a panic at hostile bytes") {
		price, err = read()
	} else {
		price, err = sources.RunParser(ctx, "read price", read)
	}
	if err != nil {
		if lies("hostile bytes as markup") {
			return pull.Snapshot{Items: []what.Item{{ID: key, Title: string(res.Body)}}, Fetched: res.Fetched, Requests: 1}, nil
		}
		return pull.Snapshot{}, err
	}
	s := sources.SnapshotFrom(res)
	item := what.Item{ID: key, Title: key, AsOf: res.Fetched, Facts: what.Facts{{Name: "price", Kind: what.Decimal, Text: price}}}
	s.AsOf = res.Fetched
	if lies("a fact of another name") {
		item.Facts[0].Name = "cost"
	}
	switch {
	case lies("the time of arrival for that of the answer"):
		s.Fetched = p.clock()
	case lies("as of tomorrow"):
		item.AsOf, s.AsOf = res.Fetched.Add(24*time.Hour), res.Fetched.Add(24*time.Hour)
	case lies("ids by chance"):
		item.ID = fmt.Sprint(p.rand.Uint64())
	case lies("ids by the clock"):
		item.ID = fmt.Sprint(p.clock().UnixNano())
	case lies("requests not counted"):
		s.Requests = 3
	case lies("rest forgotten"):
		s.NotBefore = time.Time{}
	case lies("a secret in the snapshot"):
		s.Extra = json.RawMessage(`"` + p.Token.Reveal() + `"`)
	case lies("warnings without end"):
		if last != nil {
			s.Warnings = last.Warnings
		}
		s.Warnings = append(s.Warnings[:len(s.Warnings):len(s.Warnings)], words.Verbatim("odd"))
	case lies("never finished"):
		s.Unfinished = true
	case lies("last changed") && last != nil && len(last.Items) > 0:
		last.Items[0].Title = "changed"
	}
	s.Items = []what.Item{item}
	return s, nil
}

func (p *prices) Select(ctx context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	switch {
	case lies("select asks upstream"):
		_, _ = p.client.Do(ctx, outside.Request{URL: p.URL + "/AAA"})
	case lies("select reads the clock"):
		if time.Now().Minute()%2 == 0 || time.Now().Year() < 2010 {
			q.Count = 1
			s.Items = append([]what.Item{{ID: fmt.Sprint(time.Now().Unix()), Title: "now"}}, s.Items...)
		}
	case lies("select counts its calls"):
		return pull.Selection{Items: []what.Item{{ID: fmt.Sprint(p.asks.Add(1)), Title: "x"}}}, nil
	case lies("select changes the snapshot"):
		for i := range s.Items {
			s.Items[i].Summary = q.Argument + fmt.Sprint(q.Count)
		}
	case lies("select answers from memory"):
		if kept := p.kept.Load(); kept != nil {
			s = *kept
		}
	case lies("select shares its lists"):
		return pull.Selection{Items: s.Items[min(q.Offset, len(s.Items)):]}, nil
	}
	found := sources.Page(s.Items, q)
	switch {
	case lies("a button that forgets the reader"):
		found.Buttons = []pull.Button{{Label: "Sure", Send: "c:forget"}}
	case lies("a button to anywhere"):
		found.Buttons = []pull.Button{{Label: "More", URL: "javascript:alert(1)"}}
	case lies("buttons without end"):
		found.Buttons = make([]pull.Button, 50)
	}
	return found, nil
}

func (p *prices) Terms(*pull.Snapshot) []what.Term {
	var terms []what.Term
	for _, s := range p.Symbols {
		terms = append(terms, what.Term{Value: s})
	}
	if lies("a term that nobody can ask for") {
		terms = append(terms, what.Term{Value: "NONE"})
	}
	return terms
}

// Entries returns one: a price is asked for by itself.
func (p *prices) Entries(pull.Query) int {
	if lies("one entry that counts as two") {
		return 2
	}
	return 1
}

// TermsPage asks upstream whether there is anything, and has the symbols.
func (p *prices) TermsPage(ctx context.Context, _ string) (pull.TermsPage, error) {
	if lies("names for whoever gave up") {
		ctx = context.WithoutCancel(ctx)
	}
	res, err := p.client.Do(ctx, outside.Request{URL: p.URL + "/" + p.Symbols[0], Header: map[string]string{"Authorization": p.Token.Reveal()}})
	switch {
	case err != nil && lies("no names when down"):
		return pull.TermsPage{}, nil
	case err != nil:
		return pull.TermsPage{}, sources.Failed("fetch names", "url", err)
	case res.Status != http.StatusOK && lies("no names when refused"):
		return pull.TermsPage{}, nil
	case res.Status != http.StatusOK:
		return pull.TermsPage{}, sources.Refused("fetch names", "url", res)
	case !json.Valid(res.Body) && !lies("names of anything"):
		return pull.TermsPage{}, &pull.Error{Kind: pull.Unusable, Hint: words.Quoted("these are no names; check the address")}
	}
	page := pull.TermsPage{Terms: p.Terms(nil), Requests: 1}
	if lies("requests for names not counted") {
		page.Requests = 0
	}
	return page, nil
}

func (p *prices) Say(items []what.Item, v pull.Voice) pull.Reply {
	language := words.Base(v.Language)
	if !words.Serves(language) {
		language = "en"
	}
	if first := p.spoken.Load(); lies("the language of the first reader") && first != nil {
		language = *first
	}
	p.spoken.CompareAndSwap(nil, &language)
	if lies("another language than it says") && language == "de" {
		v.Language = "fr"
	}
	word := map[string]string{"en": "Price", "fr": "Prix", "de": "Preis"}[language]
	if lies("nothing said in French") && language == "fr" {
		return pull.Reply{Language: v.Language}
	}
	if lies("items changed as they are told") {
		items[0].Title = word
	}
	return pull.Reply{Language: v.Language, Blocks: []pull.Block{{Kind: pull.Paragraph, Text: word + " " + items[0].Facts.Text("price")}}}
}
