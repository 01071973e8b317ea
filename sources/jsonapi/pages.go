package jsonapi

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/jsonpath"
	"keypull/sources/places"
	"keypull/sources/shape"
)

// atOnce is how long pages are read one after another before what there is is
// told.
const atOnce = 2500 * time.Millisecond

// countNext has pages counted until one is empty.
const countNext = "number"

// onward is where a snapshot goes on, kept with it: an address, or what goes to
// the place of the next page; Page counts those that were read.
type onward struct {
	URL   string `json:"url,omitempty"`
	Value string `json:"value,omitempty"`
	Page  int    `json:"page"`
}

func (o onward) none() bool { return o.URL == "" && o.Value == "" }

// gathering is one fetch of pages under way.
type gathering struct {
	*source
	keyParts
	began time.Time
}

// page is one page as it came.
type page struct {
	items    []what.Item
	asOf     time.Time
	warnings []words.Text
	next     onward
}

// fetchPages brings the first page, and goes on where more are wanted.
func (g gathering) fetchPages(ctx context.Context, last *pull.Snapshot) (pull.Snapshot, error) {
	r, err := g.buildRequest(g.values)
	if err != nil {
		return pull.Snapshot{}, err
	}
	before := last
	if r.Body != nil || r.Method != "" && r.Method != http.MethodGet {
		before = nil
	}
	res, s, err := g.openingFor(r).Fetch(ctx, g.env.Client, before)
	if err != nil || s.Unchanged {
		return s, err
	}
	p, err := g.readPage(ctx, res, 1, last)
	if err != nil {
		return pull.Snapshot{}, err
	}
	s.Items, s.AsOf, s.Warnings = p.items, p.asOf, p.warnings
	return g.readFurther(ctx, s, p.next), nil
}

// goOn reads the pages behind those of an unfinished snapshot.
func (g gathering) goOn(ctx context.Context, last pull.Snapshot) (pull.Snapshot, error) {
	s := last
	s.Items, s.Requests, s.Unchanged = slices.Clone(last.Items), 0, false
	o := sources.ExtraOf[onward](&last)
	if o.none() {
		s.Unfinished = false
		return s, ctx.Err()
	}
	return g.readFurther(ctx, s, o), ctx.Err()
}

// readFurther reads pages until there are no more, or as many as may be, or it has
// taken long enough. What cannot be read ends the list where it stands.
func (g gathering) readFurther(ctx context.Context, s pull.Snapshot, next onward) pull.Snapshot {
	s.Warnings = slices.Clone(s.Warnings)
	for g.all && !next.none() && next.Page < g.settings.Pages && len(s.Items) < shape.MaxRecords {
		if g.env.Clock().Sub(g.began) > atOnce || ctx.Err() != nil {
			return goesOn(s, next, true)
		}
		res, requests, err := g.askPage(ctx, next)
		s.Requests += requests
		var p page
		if err != nil && next.Value != "" && res.Status > 0 && res.Status < 500 {
			return goesOn(s, onward{}, false) // a number beyond the last page
		}
		if err == nil {
			p, err = g.readPage(ctx, res, next.Page+1, nil)
		}
		if err != nil {
			s.Warnings = append(s.Warnings, own.Text("page_failed", words.Args{"number": next.Page + 1, "reason": words.Said(err)}))
			return goesOn(s, onward{}, false)
		}
		before := len(s.Items)
		s.Items = sources.Unique(append(s.Items, p.items...), func(it what.Item) string { return it.ID })
		s.Items = s.Items[:min(len(s.Items), shape.MaxRecords)]
		if next = p.next; len(s.Items) == before {
			next = onward{} // it brings nothing new: it goes round
		}
	}
	if g.all || next.Page >= g.settings.Pages {
		next = onward{}
	}
	return goesOn(s, next, false)
}

// askPage asks for the page that something leads to.
func (g gathering) askPage(ctx context.Context, next onward) (outside.Response, int, error) {
	values := maps.Clone(g.values)
	values[places.Next] = next.Value
	r, err := g.buildRequest(values)
	if err != nil {
		return outside.Response{}, 0, err
	}
	switch {
	case next.URL != "" && !sources.SameHost(r.URL, next.URL):
		// A redirect led there, and what is meant for the own host is for no other.
		plain := sources.Accepting(next.URL, r.Header["Accept"], maxBytes)
		plain.Redact = r.Redact
		res, _, requests, err := sources.Opening{Request: plain, Op: op, Field: "url"}.Open(ctx, g.env.Client)
		return res, requests, err
	case next.URL != "":
		r.URL = next.URL
	case !g.hasPlace(places.Next):
		r.URL = withParam(r.URL, g.pageName(), next.Value)
	}
	res, _, requests, err := g.openingFor(r).Open(ctx, g.env.Client)
	return res, requests, err
}

// goesOn notes where a snapshot goes on.
func goesOn(s pull.Snapshot, next onward, unfinished bool) pull.Snapshot {
	s.Extra, s.Unfinished = nil, unfinished
	if !next.none() {
		s.Extra, _ = json.Marshal(next) // texts and a number always have a form
	}
	return s
}

// pageName returns the parameter that a cursor or page number goes to where no place
// says so: "next_cursor" goes to "cursor".
func (g gathering) pageName() string {
	name := g.settings.Next[strings.LastIndexAny(g.settings.Next, ".'\"[]")+1:]
	name = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(name), "next"), "_")
	if name == "" || name == countNext {
		return "page"
	}
	return name
}

// withParam sets a parameter of an address.
func withParam(address, name, value string) string {
	head, query, _ := strings.Cut(address, "?")
	params := slices.DeleteFunc(strings.Split(query, "&"), func(param string) bool {
		key, _, _ := strings.Cut(param, "=")
		return param == "" || key == name
	})
	return head + "?" + strings.Join(append(params, url.QueryEscape(name)+"="+url.QueryEscape(value)), "&")
}

var relNext = regexp.MustCompile(`<([^<>]*)>\s*;[^,<]*\brel\s*=\s*"?[^",]*\bnext\b`)

// nextOf returns where a page says that the next one is. One on another host than
// its own is none.
func (s *source) nextOf(d jsonpath.Document, res outside.Response, items, number int) onward {
	o := onward{Page: number}
	value := ""
	switch s.settings.Next {
	case "":
		return onward{}
	case headerNext:
		if m := relNext.FindStringSubmatch(strings.Join(res.Header.Values("Link"), ", ")); m != nil {
			value = m[1]
			if !strings.Contains(value, "://") && !strings.HasPrefix(value, "/") {
				value = "./" + value
			}
		}
	case countNext:
		if items > 0 {
			value = strconv.Itoa(number + 1)
		}
	default:
		v := valueOf(s.next.Find(d), false)
		if m, ok := v.(map[string]any); ok {
			v = m["href"]
		}
		if b, ok := v.(bool); !ok {
			value = shape.Text(v)
		} else if b { // "has_more" says that there is one, not which
			value = strconv.Itoa(number + 1)
		}
	}
	value = strings.TrimSpace(value)
	switch {
	case value == "" || len(value) > 2000:
		return onward{}
	case strings.Contains(value, "://") || strings.HasPrefix(value, "/") || strings.HasPrefix(value, "?") || strings.HasPrefix(value, "./"):
		o.URL = sameHostURL(res.URL, value)
	default:
		o.Value = value
	}
	return o
}

// sameHostURL returns an address at the same host; "" for one at another.
func sameHostURL(base, ref string) string {
	from, err := url.Parse(base)
	if err != nil {
		return ""
	}
	to, err := from.Parse(ref)
	if err != nil || to.Scheme != from.Scheme || to.Host != from.Host || to.User != nil {
		return ""
	}
	return to.String()
}
