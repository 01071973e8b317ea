// Package pages is how the console looks: its layout, the parts that pages are
// made of, one form field for each type of setting, its words in every
// language and its static files. It knows nothing of stores, sessions and
// operations; what a page shows is handed to it as values.
package pages

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"sync"
	"time"
)

// maxSets bounds the template sets that are kept: one for each language and
// time zone that editors use at the same time.
const maxSets = 24

//go:embed views/*.html
var views embed.FS

// Page is everything that a page is made from.
type Page struct {
	// Title stands in the window's title; the one h1 is the body's.
	Title string
	// Language is that of the words, Theme "light", "dark" or "" for the
	// system's; Zone is the editor's, UTC where nil.
	Language, Theme string
	Zone            *time.Location
	// Path is the address of this page below the host.
	Path string
	// Nav is what the sidebar lists; the first four stand in the bar of phones.
	Nav []NavItem
	// Publisher is the one at work, Publishers are those that the person may choose; where they
	// are but the first of many, AllPublishers leads to all.
	Publisher     *PublisherLink
	Publishers    []PublisherLink
	AllPublishers string
	// NewPublisher is where another one is made; "" for who may not.
	NewPublisher string
	// Person is who is signed in; nil if nobody is.
	Person *PersonView
	// Find is where the palette looks for things; "" if there is none; Keys are
	// the shortcuts, of which NoKeys leaves out those of single keys.
	Find   string
	Keys   []KeyGroup
	NoKeys bool
	// CSRF goes with every form.
	CSRF   string
	Toasts []Toast
	// Recent is what can be undone at this moment.
	Recent []RecentChange
	Crumbs []Crumb
	// Body is what the page's own template shows.
	Body any
	// Live is said by screen readers when the page has loaded: "3 results".
	Live string
	// Bare leaves the frame out: a card in the middle, for signing in.
	Bare bool
}

// NavItem is one place in the navigation. Icon is a name of the sprite, Count
// what waits there, 0 for nothing; Key leads there behind "g".
type NavItem struct {
	Label, Icon, Href, Key string
	Current                bool
	Count                  int
}

// PublisherLink leads to a publisher.
type PublisherLink struct {
	ID, Name, Href string
	Current        bool
}

// PersonView is the person who is signed in. Href leads to their own page,
// SignOut is where the form that ends the session posts to.
type PersonView struct{ Name, Role, Href, SignOut string }

// Crumb is one step of the way to a page.
type Crumb struct{ Label, Href string }

// Views are the parsed templates.
type Views struct {
	clock    func() time.Time
	pristine *template.Template
	mu       sync.Mutex
	sets     map[localeKey]*template.Template
	// unfolded leaves calls of functions in their places.
	unfolded bool
}

// localeKey is what the words and times of a set are for.
type localeKey struct{ language, zone string }

// New parses all templates. Times are told as seen from clock.
func New(clock func() time.Time) (*Views, error) {
	v := &Views{clock: clock, sets: map[localeKey]*template.Template{}}
	t, err := template.New("").Funcs(v.templateFuncs(Languages()[0], time.UTC)).ParseFS(views, "views/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse the console's pages: %w", err)
	}
	v.pristine = t
	return v, nil
}

// Render writes the page whose body is the template of that name. It writes
// nothing at all when that fails.
func (v *Views) Render(w io.Writer, name string, page Page) error {
	set, err := v.templatesFor(page.Language, page.Zone)
	if err != nil {
		return err
	}
	body, whole := buffers.Get().(*bytes.Buffer), buffers.Get().(*bytes.Buffer)
	defer keepBuffers(body, whole)
	if err := set.ExecuteTemplate(body, name, page); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	framed := struct {
		Page
		Content template.HTML
	}{page, template.HTML(body.String())} //nolint:gosec // it comes from html/template two lines above
	frame := "layout"
	if page.Bare {
		frame = "bare"
	}
	if err := set.ExecuteTemplate(whole, frame, framed); err != nil {
		return fmt.Errorf("render the frame of %s: %w", name, err)
	}
	if _, err := whole.WriteTo(w); err != nil {
		return fmt.Errorf("send %s: %w", name, err)
	}
	return nil
}

// buffers are those that pages were drawn in.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }} //nolint:gochecknoglobals // a pool is one

// keepBuffers puts buffers back, those aside that a very long page has grown.
func keepBuffers(drawn ...*bytes.Buffer) {
	const most = 512 << 10
	for _, b := range drawn {
		if b.Cap() <= most {
			b.Reset()
			buffers.Put(b)
		}
	}
}

// Part writes one template without the frame, for a part of a page that is
// fetched again. Of page it takes language and zone.
func (v *Views) Part(w io.Writer, name string, page Page, data any) error {
	set, err := v.templatesFor(page.Language, page.Zone)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, name, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	if _, err := out.WriteTo(w); err != nil {
		return fmt.Errorf("send %s: %w", name, err)
	}
	return nil
}

// templatesFor returns the templates with the functions of a language and a zone.
func (v *Views) templatesFor(language string, zone *time.Location) (*template.Template, error) {
	if zone == nil {
		zone = time.UTC
	}
	at := localeKey{LanguageFor(language), zone.String()}
	v.mu.Lock()
	defer v.mu.Unlock()
	if t, ok := v.sets[at]; ok {
		return t, nil
	}
	t, err := v.pristine.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy the console's pages: %w", err)
	}
	t.Funcs(v.templateFuncs(at.language, zone))
	if !v.unfolded {
		foldConstants(t, at.language)
	}
	if len(v.sets) >= maxSets {
		clear(v.sets)
	}
	v.sets[at] = t
	return t, nil
}
