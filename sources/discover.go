package sources

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// Discoverer is the option of a Settings struct whose kind can tell what an
// address is good for, given what it answers with.
type Discoverer interface {
	// Discover says which sources of the kind a document makes possible, the
	// best first, and where else it leads; nothing where it means nothing to the
	// kind, however damaged it is. It asks nobody, changes nothing, and says the
	// same of the same document.
	Discover(d Document) []Found
}

// Document is what an address answered with, as every kind is shown it.
type Document struct {
	// Address is as it was asked for, URL where the document came from after
	// redirects; Type is its media type with parameters.
	Address, URL, Type string
	Body               []byte
	Fetched            time.Time
	// Argument is what stood in the place of ArgumentPlace; "" if nothing did.
	Argument string
}

// Found is a source that a document makes possible.
type Found struct {
	// At is another address that the document leads to, which is fetched and
	// shown to the kind in its turn: nothing but Title counts beside it then.
	// Guess says that nothing in the document names it: another address is only tried
	// where nothing else was found, what a part of a site lists only taken where no kind is
	// sure of its page, and once where several list the same.
	At    string
	Guess bool
	// Title is what the content calls itself, Form what it is written as: "Atom",
	// "JSON". Shows is the beginning of what readers would get.
	Title, Form string
	Shows       []string
	// Settings are those of the kind, as a configuration document has them. Open
	// names those that only an editor can choose.
	Settings map[string]any
	Open     []string
	// Phrase is a word to ask for it by, further wordings parted from it by |. Needs
	// says that readers write more beside it, Alone that they write nothing.
	Phrase       words.Text
	Needs, Alone bool
	// Also are further words to ask for it by: what the menu of its site calls it.
	Also []string
	// Names are what its page is called, by its heading, its title and its address: the part of a page that holds
	// its data is asked for by them, as far as no other page is called so.
	Names []string
	// Usually is its Phrase where that was replaced by what the menu calls it: both together tell it from
	// something else that is called so.
	Usually words.Text
	// Called is what it calls itself, where its Title was replaced so.
	Called string
	// Subject is what its page is about, where that is one thing of others of the outlet's, as a pool of a
	// town is: its usual words are said beside that, and ask for nothing alone.
	Subject string
	// Part says that it stands below one heading of several of its page, and is asked for beside what that is about, or
	// is one of several in its file, which have names of their own.
	Part bool
	// Prices says that it tells some, whatever it is asked by.
	Prices bool
	// Rows is what one of its rows is, said beside its title where no other word may be; Symbols are those of its
	// columns that are called by one, as IPCA, which readers ask for.
	Rows    string
	Symbols []string
	// Argument is something that they may write, such as the symbol that the
	// address had in it.
	Argument string
	// Topics are what its items are about, the most frequent first: each may be asked
	// for by itself, as an argument; what else it is called stands behind a |.
	Topics []string
	// Count is how many items an answer takes; 0 is one.
	Count int
	// Samples are pages that the source would be made of: where nobody has asked for
	// this address, one of them must mean something to the kind.
	Samples []string
	// Told says that the page tells of it in data of its own: it counts then where
	// only a part of a site is looked at, too. Outlet says that it is of the outlet
	// itself, as its opening hours are, whatever page tells it; Usual that it is asked
	// for by Phrase in whatever part of a site it stands.
	Told, Outlet, Usual bool
	// Coming says that it lists what is on days to come: where that is guessed, it counts
	// beside what else its page has.
	Coming bool
	// Articles says that it lists articles, as feeds do; Listed that it is a list of names, of which another source
	// may know more.
	Articles, Listed bool
	// Reply are the parts and facts that an answer is to show, in their order; none
	// where the kind words it best.
	Reply []string
}

// Recogniser is the option of a Discoverer whose sources are made of pages.
type Recogniser interface {
	// Recognises says whether a page is one of those, or may be.
	Recognises(d Document) bool
}

// Gatherer is the option of a Recogniser whose sources may be made of any pages of a site.
type Gatherer interface {
	Recogniser
	// Gather says what may be made of the pages of a site that it recognises, by their addresses, and
	// of those that list such pages.
	Gather(site string, lists, pages []string) (Found, bool)
}

// Offer is what was found, with the name of its kind.
type Offer struct {
	Kind string
	Found
}

// Discovery is what an address turned out to be good for.
type Discovery struct {
	// Address is the one that was asked, whole; System what its page was made with,
	// Language what it is written in, Site what the site calls itself; "" if it does
	// not say.
	Address, System, Language, Site string
	Offers                          []Offer
	// Answer answers requests by what was fetched, and any other with 404.
	Answer func(context.Context, outside.Request) (outside.Response, error)
}

// Limits of a discovery.
const (
	maxDiscoverBytes = 8 << 20
	discoverTime     = 14 * time.Second
	lookTime         = 6 * time.Second
	maxLooks         = 8
	maxLeads         = 60
	maxSamples       = 8
	maxGathered      = 24
	maxKeptBytes     = 32 << 20
	looksAtOnce      = 4
	maxShows         = 3
	opDiscover       = "discover"
	fieldAddress     = "address"
)

// argumentPlace is how addresses write the place of an argument; one that is called so may
// stay empty.
var argumentPlace = regexp.MustCompile(`(?i)(?:\{|%7B)(symbol|argument)(?:\}|%7D)`)

// Discover fetches an address once and asks every kind what it is good for;
// what it leads to is fetched too, within bounds. The error is about the field
// "address" or "argument".
func Discover(ctx context.Context, client *outside.Client, kinds []Kind, address, argument string) (Discovery, error) {
	ctx, cancel := context.WithTimeout(ctx, discoverTime)
	defer cancel()
	whole, completed := settings.WholeAddress(address)
	g := discoverer{client: client, kinds: kinds, argument: strings.TrimSpace(argument), fetched: &fetched{by: map[string]outcome{}}}
	d, err := g.fetchDocument(ctx, whole)
	if plain, ok := strings.CutPrefix(whole, "https://"); err != nil && completed && ok && pull.KindOf(err) == pull.Unavailable {
		// Whoever left out the beginning did not say that it is encrypted.
		if second, failed := g.fetchDocument(ctx, "http://"+plain); failed == nil {
			d, err = second, nil
		}
	}
	if err != nil {
		return Discovery{Address: whole}, err
	}
	found := Discovery{Address: d.Address, Answer: g.fetched.answerRequest}
	var led []Offer
	for _, k := range kinds {
		own, others := g.askAbout(ctx, k, d)
		found.Offers, led = append(found.Offers, own...), append(led, others...)
	}
	if slices.ContainsFunc(led, func(o Offer) bool { return !o.Usual }) { // its feed lists what the page does
		found.Offers = slices.DeleteFunc(found.Offers, func(o Offer) bool {
			return o.Guess && len(o.Samples) == 0 && (d.IsFront() || o.Articles || o.isBeside() && o.isAlone())
		})
	}
	found.Offers = namedByPage(withoutParts(found.Offers), d, "")
	found.Offers = distinctOffers(append(found.Offers, led...))
	if l := readLanding(d); l != nil {
		found.System, found.Language = l.system, l.language
		found.Offers = g.exploreLeads(ctx, l, found.Offers)
		found.Offers = append(found.Offers, g.gatherPages(ctx, d, found.Offers)...)
		found.Site = g.fetched.siteName(l)
	}
	return found, nil
}

// discoverer is one discovery under way.
type discoverer struct {
	client   *outside.Client
	kinds    []Kind
	argument string
	fetched  *fetched
}

// fetchDocument fetches the document of an address, with the argument in its places.
func (g discoverer) fetchDocument(ctx context.Context, address string) (Document, error) {
	d := Document{Address: address, Argument: g.argument}
	for _, place := range argumentPlace.FindAllStringSubmatch(address, -1) {
		if g.argument == "" && strings.EqualFold(place[1], "symbol") {
			return d, &pull.Error{Kind: pull.Invalid, Op: opDiscover, Field: "argument", Hint: words.Text{Key: "source.argument_needed", Args: words.Args{"placeholder": "{symbol}"}}}
		}
	}
	asked := argumentPlace.ReplaceAllLiteralString(address, url.QueryEscape(g.argument))
	const types = "text/html, application/json;q=0.9, application/xml;q=0.9, text/csv;q=0.9, */*;q=0.8"
	res, known := g.fetched.findOutcome(asked)
	if !known {
		res.Response, _, _, res.err = Opening{Op: opDiscover, Field: fieldAddress, Request: Accepting(asked, types, maxDiscoverBytes)}.Open(ctx, g.client)
		g.fetched.keep(asked, res)
	}
	if res.err != nil {
		return d, res.err
	}
	d.URL, d.Type, d.Body, d.Fetched = res.URL, res.Header.Get("Content-Type"), res.Body, res.Fetched
	if d.Address == asked && SameSite(asked, res.URL) {
		d.Address = res.URL
	}
	return d, nil
}

// SameSite reports whether two addresses are of one site: another may have https, or www
// before its name.
func SameSite(from, to string) bool {
	a, err := url.Parse(from)
	b, failed := url.Parse(to)
	if err != nil || failed != nil {
		return false
	}
	bare := func(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }
	return bare(a) == bare(b)
}

// askAbout has one kind look at a document, and at what that leads to.
func (g discoverer) askAbout(ctx context.Context, k Kind, d Document) (own, led []Offer) {
	var named, guessed []Found
	for _, f := range g.askKind(ctx, k, d) {
		switch {
		case f.At == "" && f.Told && len(f.Samples) > 0 && !g.recognisesPages(ctx, k, f.Samples, false):
		case f.At == "":
			own = append(own, Offer{k.Name, f})
		case f.Guess:
			guessed = append(guessed, f)
		default:
			named = append(named, f)
		}
	}
	led = g.lookAt(ctx, k, named)
	if len(own)+len(led) == 0 {
		led = g.lookAt(ctx, k, guessed)
	}
	return own, led
}

// lookAt fetches what a document leads to.
func (g discoverer) lookAt(ctx context.Context, k Kind, at []Found) (offers []Offer) {
	leads := make([]lead, min(len(at), maxLooks))
	for i := range leads {
		leads[i] = lead{url: at[i].At, argument: g.argument}
	}
	for i, d := range g.fetchAll(ctx, leads) {
		if d == nil {
			continue
		}
		for _, f := range g.askKind(ctx, k, *d) {
			if f.At == "" {
				f.Title = cmp.Or(f.Title, at[i].Title)
				offers = append(offers, Offer{k.Name, f})
			}
		}
	}
	return offers
}

// askKind returns what a kind finds in a document; a kind that panics finds nothing.
func (g discoverer) askKind(ctx context.Context, k Kind, d Document) []Found {
	s, ok := k.New().(Discoverer)
	if !ok {
		return nil
	}
	found, err := RunParser(ctx, opDiscover, func() ([]Found, error) { return s.Discover(d), nil })
	if err != nil {
		return nil
	}
	for i := range found {
		found[i].Title = Shorten(Line(found[i].Title), 80)
		found[i].Shows = found[i].Shows[:min(len(found[i].Shows), maxShows)]
	}
	return found
}

// withoutParts leaves out the texts below the headings of a page that another offer tells.
func withoutParts(offers []Offer) []Offer {
	return slices.DeleteFunc(slices.Clone(offers), func(o Offer) bool {
		return slices.ContainsFunc(offers, o.isPartOf)
	})
}

// isPartOf reports whether texts below the headings of a page are what another offer of it tells: the
// one item that the page is about, as a recipe is.
func (f Found) isPartOf(of Offer) bool {
	if !f.isBeside() || of.Guess {
		return false
	}
	return slices.ContainsFunc(of.Shows, func(title string) bool { return textform.Fold(title) == textform.Fold(f.Title) })
}

// isAlone reports whether it is one text, which is not what its page is called after.
func (f Found) isAlone() bool {
	const few = 2
	return len(f.Shows) < few
}

// distinctOffers leaves out what was found before: the same settings, or of an outlet the same
// told on another page.
func distinctOffers(offers []Offer) []Offer {
	seen := map[string]int{}
	var all []Offer
	for _, o := range offers {
		key := o.Kind + fmt.Sprint(o.Settings)
		if o.Outlet || o.Guess {
			key = o.Kind + strings.Join(o.Shows, "\n")
		}
		at, again := seen[key]
		if !again {
			seen[key] = len(all)
			all = append(all, o)
			continue
		}
		if o.Outlet { // no part of the site is called after what all of them tell
			all[at].Also = nil
			continue
		}
		for _, word := range o.Also {
			if !o.Guess && !slices.Contains(all[at].Also, word) {
				all[at].Also = append(all[at].Also, word)
			}
		}
	}
	return all
}

// MediaType returns the type alone, in small letters, or "" if it cannot be read.
func (d Document) MediaType() string {
	kind, _, err := mime.ParseMediaType(d.Type)
	if err != nil {
		return ""
	}
	return kind
}

// Host returns the name of the host that the document came from; "" if it has none.
func (d Document) Host() string {
	u, err := url.Parse(d.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// IsFront reports whether the document is the front page of its site.
func (d Document) IsFront() bool {
	u, err := url.Parse(d.URL)
	return err == nil && strings.Trim(u.Path, "/") == ""
}

// IsJSON reports whether the document begins as JSON does, and is neither a feed nor the
// data of a page.
func (d Document) IsJSON() bool {
	const head = 512
	body := bytes.TrimSpace(bytes.TrimPrefix(d.Body, []byte("\xEF\xBB\xBF")))
	return len(body) > 0 && (body[0] == '{' || body[0] == '[') && d.MediaType() != "application/ld+json" && !bytes.Contains(body[:min(len(body), head)], []byte("jsonfeed.org"))
}

// IsPage says whether the document is a web page.
func (d Document) IsPage() bool {
	const head = 1024
	if strings.Contains(d.MediaType(), "html") {
		return true
	}
	begin := bytes.ToLower(d.Body[:min(len(d.Body), head)])
	return bytes.Contains(begin, []byte("<html")) || bytes.Contains(begin, []byte("<!doctype html"))
}
