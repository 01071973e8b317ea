package withdrawal

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/pull/what/textform"
)

// Rule is one decision of a publisher about an item.
type Rule struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// Until is when it ends; zero is never.
	Until time.Time `json:"until,omitzero"`
	// Link, Item and Text are how the item was named, one of them: by its link,
	// its id, or a text that stands in it.
	Link string `json:"link,omitempty"`
	Item string `json:"item,omitempty"`
	Text string `json:"text,omitempty"`
	// Source is the one whose items it is about, "" all of the publisher's; of an Item the
	// one that it is of, whose link goes with it wherever else that is told.
	Source string `json:"source,omitempty"`
	// Corrects says that the item is told on, with Say beside it. Without, the
	// item is told nobody, and Say, where there is one, tells why to readers who
	// saw it.
	Corrects bool   `json:"corrects,omitempty"`
	Say      string `json:"say,omitempty"`
	By       string `json:"by,omitempty"`
	// Acted is when it was made to hold again, or ended, where that was after At;
	// Ended says that it holds no more, which is kept lest an older account of it
	// brings it back.
	Acted time.Time `json:"acted,omitzero"`
	Ended bool      `json:"ended,omitempty"`
	// Found are the items that it was about when it was made.
	Found []Found `json:"found,omitempty"`
}

// Found is an item that a rule was about.
type Found struct {
	Source string `json:"source"`
	ID     string `json:"id"`
	Title  string `json:"title,omitempty"`
	// Heading is the beginning of its text, where it has no title.
	Heading string `json:"heading,omitempty"`
	// Link is "" where other items of the source have the same: it does not name
	// the item then.
	Link string `json:"link,omitempty"`
}

// ShownName returns what an item is called where it is shown: its title, else how its text begins, else its id.
func (f Found) ShownName() string { return cmp.Or(f.Title, f.Heading, f.ID) }

// MaxFound bounds how many items a rule remembers.
const MaxFound = 50

// Over reports whether a rule has ended by a moment.
func (r *Rule) Over(at time.Time) bool { return !r.Until.IsZero() && !at.Before(r.Until) }

// Meet has a rule remember those of a source's items that it is about.
func (r *Rule) Meet(source string, items []what.Item) {
	set := New([]Rule{*r}, r.At)
	shared := map[string]int{}
	for i := range items {
		shared[Link(items[i].Link)]++
	}
	for i := range items {
		it := &items[i]
		if len(r.Found) >= MaxFound || len(set.rulesFor(source, it)) == 0 {
			continue
		}
		f := Found{Source: source, ID: it.ID, Title: it.Title, Link: it.Link}
		if it.Title == "" {
			f.Heading = it.Heading()
		}
		if shared[Link(it.Link)] > 1 {
			f.Link = ""
		}
		known := func(o Found) bool { return o.Source == source && o.ID == it.ID }
		if at := slices.IndexFunc(r.Found, known); at >= 0 {
			if r.Found[at].Link == "" {
				r.Found[at] = f
			}
			continue
		}
		r.Found = append(r.Found, f)
	}
}

// Mark shortens an item's id to what a reader's document keeps of it.
func Mark(id string) string {
	const bytes = 8
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:bytes])
}

// itemMarks returns what readers' documents may keep of the items of a rule.
func (r *Rule) itemMarks() []string {
	var all []string
	for _, id := range []string{r.Item, r.Link} {
		if id != "" {
			all = append(all, Mark(id))
		}
	}
	for _, f := range r.Found {
		all = append(all, Mark(f.ID))
	}
	return all
}

// tracking are the parts of addresses by which clicks are counted.
var tracking = regexp.MustCompile(`^(?:utm_.*|mtm_.*|pk_.*|at_(?:medium|campaign|custom\d)|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|wt_mc|cmpid|ncid|ref_src)$`)

// Link returns an address in the one form in which two of the same page are equal:
// whatever scheme and port, with www or without, with what counts clicks or
// without, whatever order its query has, with a slash at the end or without. ""
// is no web address.
func Link(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	host := strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), ".")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	query := u.Query()
	for name := range query {
		if tracking.MatchString(strings.ToLower(name)) {
			query.Del(name)
		}
	}
	link := host + strings.TrimSuffix(u.EscapedPath(), "/")
	if u.RawPath != "" {
		link = host + strings.TrimSuffix((&url.URL{Path: u.Path}).EscapedPath(), "/")
	}
	if said := query.Encode(); said != "" {
		link += "?" + said
	}
	return link
}

// Words returns a text folded, as words with one space between and at both ends: what
// stands in another text is a part of its Words.
func Words(text string) string {
	words := strings.FieldsFunc(textform.Fold(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, " ") + " "
}

// manyRunes is how long a text is at least that names an item by standing
// somewhere in it; a shorter one must be its title, or the whole of its text.
const manyRunes = 8

// namesWords reports whether a wanted text names what has these words.
func namesWords(wanted, words string) bool {
	if wanted == "" || words == "" {
		return false
	}
	if utf8.RuneCountInString(wanted) < manyRunes+2 && !spaceless(wanted) {
		return wanted == words
	}
	if spaceless(wanted) {
		return strings.Contains(words, strings.TrimSpace(wanted))
	}
	return strings.Contains(words, wanted)
}

// spaceless reports whether a text is of a script that writes no spaces.
func spaceless(text string) bool {
	for _, r := range text {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			return true
		}
	}
	return false
}
