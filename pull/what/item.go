package what

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// Item is one piece of content as a source brought it. The zero value of any
// field means that the source did not say.
type Item struct {
	// ID is stable for as long as the piece is the same piece: a feed's guid, a
	// recipe's URL, a ticker.
	ID    string `json:"id"`
	Title string `json:"title,omitempty"`
	// Language is that of its text, as a BCP 47 tag.
	Language string `json:"language,omitempty"`
	// Summary and Body are plain text; paragraphs are separated by an empty line.
	Summary string `json:"summary,omitempty"`
	Body    string `json:"body,omitempty"`
	// Link leads to the publisher's own page; always http or https.
	Link  string  `json:"link,omitempty"`
	Media []Media `json:"media,omitempty"`
	Facts Facts   `json:"facts,omitempty"`
	// Published is when the publisher put it out, AsOf the moment its content
	// was true (a price's time of trade). They are never the time of fetching.
	Published time.Time `json:"published,omitzero"`
	AsOf      time.Time `json:"as_of,omitzero"`
	// ToMinute says that AsOf is known to the minute alone.
	ToMinute bool `json:"to_minute,omitempty"`
	// Seen is when the piece was first found at its source; it is there only
	// where the source tells no time of publication that can be understood.
	Seen time.Time `json:"seen,omitzero"`
}

// MediaType says how a messenger should show a medium.
type MediaType string

// The four kinds of media that messengers know.
const (
	Image    MediaType = "image"
	Sound    MediaType = "sound"
	Video    MediaType = "video"
	Document MediaType = "document"
)

// What readers send beside them, and no item has.
const (
	Sticker MediaType = "sticker"
	Contact MediaType = "contact"
)

// Media is one picture, sound, video or document of an item.
type Media struct {
	Type MediaType `json:"type"`
	URL  string    `json:"url"`
	// Bytes and Seconds are zero where unknown.
	Bytes   int64  `json:"bytes,omitempty"`
	Seconds int    `json:"seconds,omitempty"`
	Alt     string `json:"alt,omitempty"`
	// Ref is what the platform calls one that it takes an account to fetch, Name what its sender
	// does. Data is there where it came with the message itself; it is never kept.
	Ref  string `json:"ref,omitempty"`
	Name string `json:"name,omitempty"`
	Data string `json:"-"`
}

// Spoken returns the language to speak of an item in, to a reader of another one:
// that of its own text where it is known, so that labels go with what they label.
func (it Item) Spoken(reader string) string {
	if it.Language == "" || languages.Base(it.Language) == languages.Base(reader) {
		return reader
	}
	return it.Language
}

// Heading returns what an item is called by what it says: its title, else the beginning of its text; "" where it has
// neither.
func (it Item) Heading() string {
	const most = 80
	if it.Title != "" {
		return it.Title
	}
	var line strings.Builder
	for word := range strings.FieldsSeq(cmp.Or(it.Summary, it.Body)) {
		if line.Len() > most*utf8.UTFMax {
			break // there is more than is shown
		}
		if line.Len() > 0 {
			line.WriteByte(' ')
		}
		line.WriteString(word)
	}
	return textform.ShortenText(line.String(), most)
}

// Image returns the URL of the first picture, or "".
func (it Item) Image() string {
	for _, m := range it.Media {
		if m.Type == Image {
			return m.URL
		}
	}
	return ""
}
