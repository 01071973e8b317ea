package pages

import "time"

// The types in this file are what the parts of pages are shown from. Templates
// can be given a dict with the same names in their place.

// Badge is a state with its word; State is "ok", "warning", "bad", "info" or
// "idle".
type Badge struct{ State, Text string }

// Action is a link, or with Post the button of a form of its own. Style is
// "primary", "danger", "quiet" or "" for a plain one. Confirm is asked before.
type Action struct {
	Label, Href, Icon, Style string
	Post                     bool
	CSRF, Confirm            string
	Hidden                   []Hidden
}

// Hidden is what a form sends unseen.
type Hidden struct{ Name, Value string }

// Header is the head of a page with its h1.
type Header struct {
	Title, Lead string
	Badge       *Badge
	Actions     []Action
}

// Toast is what has just happened. State is "ok", "warning" or "bad".
type Toast struct {
	State, Text string
	Undo        *Undo
}

// Undo takes back what a toast tells; Label is "Undo" where empty.
type Undo struct {
	Action, Label string
	Hidden        []Hidden
}

// RecentChange is what somebody did a moment ago, as a sentence, with the form
// that undoes it.
type RecentChange struct {
	ID, Text string
	At       time.Time
	Undo     Undo
}

// Tile is a figure at a glance.
type Tile struct {
	Label, Value, Hint, Href string
	// Lead is the one that the others are parts of.
	Lead bool
}

// Fact is a name with a value; a Code is set in the type of machines.
type Fact struct {
	Label, Value, Href string
	Code               bool
	Badge              *Badge
	Age                *Age
}

// Empty stands where there is nothing yet and says what to do.
type Empty struct {
	Icon, Title, Text string
	Actions           []Action
}

// Tabs are pages that belong together.
type Tabs struct {
	Label string
	Items []Tab
}

// Tab is one of them; Count is shown where it isn't 0.
type Tab struct {
	Label, Href string
	Current     bool
	Count       int
}

// Pager leads to the former and the next page; "" if there is none.
type Pager struct{ Previous, Next string }

// Search is a box with filters; it is sent by GET.
type Search struct {
	Action, Query, Label string
	Filters              []Filter
}

// SavedFilters are the filters that somebody saved of a list. Save is where what is chosen now
// is saved, with what Kept says, and Remove where the one that is applied goes; each is empty
// where there is nothing to do.
type SavedFilters struct {
	Saved              []SavedFilter
	Save, Remove, CSRF string
	Kept               []Hidden
}

// SavedFilter is one of them.
type SavedFilter struct {
	Name, Href string
	Current    bool
}

// FoundGroup is what a search found of one sort, and what can be done.
type FoundGroup struct {
	ID, Label string
	Items     []FoundItem
}

// FoundItem is one of them; Note says more, Keys lead there without a search.
type FoundItem struct {
	ID, Title, Note, Icon, Href string
	Keys                        []string
}

// KeyGroup are shortcuts that belong together.
type KeyGroup struct {
	Label string
	Keys  []Shortcut
}

// Shortcut is one: Keys are pressed one after the other, with Ctrl all at once.
// Href is where it leads; "" if the page knows what to do.
type Shortcut struct {
	Keys        []string
	Label, Href string
	Ctrl        bool
}

// Filter narrows a search.
type Filter struct {
	Name, Label string
	Options     []Option
}

// Finding is something that a check found. Level is "error", "warning",
// "info" or "ok"; Where and Href say what it is about.
type Finding struct{ Level, Text, Where, Href string }

// Code is a text to copy; ID must be unique on the page.
type Code struct{ ID, Label, Text string }

// Kind is one of many to pick from. Icon is one of the sprite, Picture an SVG
// document that stands in its place where it is not empty.
type Kind struct{ Title, Text, Icon, Picture, Href string }

// Previews are what readers see: Own on the channels that the publisher has, Others on
// those that it might have.
type Previews struct{ Own, Others []Preview }

// Preview is what a reader sees. Channel is the kind of messenger, Look how it
// shows messages; Segments are those of an SMS, with Encoding and Characters
// beside them.
type Preview struct {
	Channel, Look        string
	Title, Note          string
	Messages             []Bubble
	Segments, Characters int
	Encoding             string
	// Folded is how many segments there would be without marks on letters.
	Folded int
}

// Bubble is one message; Mine is the reader's own.
type Bubble struct {
	Mine             bool
	Text, Image, Alt string
	// Runs are the text as a reader sees it; none where it is plain.
	Runs    []Run
	Buttons []string
}

// Run is a stretch of a text: strong, slanted, or leading to an address.
type Run struct {
	Text, URL       string
	Strong, Slanted bool
}

// Confirm is a page that asks before something is done. Cancel leads back.
type Confirm struct {
	Title, Text, Action, Yes, Cancel string
	CSRF                             string
	Danger                           bool
	Hidden                           []Hidden
	Facts                            []Fact
}

// Ticks is a list of which some are ticked, in an order of the editor's.
// Values are posted under Name in that order; the buttons post _up and _down
// with "name=value" for browsers without script.
type Ticks struct {
	Name, Label, Help string
	Items             []Tick
}

// Tick is one entry.
type Tick struct {
	Value, Label, Hint string
	On                 bool
}
