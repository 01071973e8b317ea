package newsfeed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// members are those of an object, each read when it is asked for: what is of another
// type than it should be is not there.
type members map[string]json.RawMessage

// read returns the first member of these names that is of a type.
func read[T any](m members, names ...string) (found T) {
	for _, name := range names {
		var v T
		if raw, ok := m[name]; ok && string(raw) != "null" && json.Unmarshal(raw, &v) == nil {
			return v
		}
	}
	return found
}

// readJSON reads a JSON Feed, one item after the other.
func readJSON(text []byte, address string) (Feed, error) {
	f := Feed{Form: formJSON}
	d := json.NewDecoder(bytes.NewReader(text))
	_, _ = d.Token() // its brace
	m := members{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return f, fmt.Errorf("%w: %w", ErrDamage, err)
		}
		if name != "items" {
			var value json.RawMessage
			err = d.Decode(&value)
			m[fmt.Sprint(name)] = value
		} else {
			err = f.readItems(d)
		}
		if err != nil {
			return f, fmt.Errorf("%w: %w", ErrDamage, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return f, fmt.Errorf("%w: %w", ErrDamage, err)
	}
	if !strings.Contains(read[string](m, "version"), "jsonfeed.org") && len(f.Entries) == 0 {
		return f, ErrNoFeed
	}
	f.Title, f.Language, f.Self = read[string](m, "title"), read[string](m, "language"), read[string](m, "feed_url")
	for _, hub := range read[[]members](m, "hubs") {
		if strings.EqualFold(read[string](hub, "type"), "WebSub") {
			f.Hubs = append(f.Hubs, read[string](hub, "url"))
		}
	}
	base := cmp.Or(sources.SafeLink(address, read[string](m, "home_page_url")), address)
	for i := range f.Entries {
		f.Entries[i].resolveLinks(base)
	}
	return f, nil
}

// readItems reads the list of items.
func (f *Feed) readItems(d *json.Decoder) error {
	if list, err := d.Token(); err != nil || list != json.Delim('[') {
		return cmp.Or(err, ErrNoFeed)
	}
	for d.More() {
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err //nolint:wrapcheck // it is told of as damage
		}
		m := members{}
		switch {
		case len(f.Entries) == pull.MaxSnapshotItems || len(value) > 2*MaxText:
			f.TooMany = true
		case json.Unmarshal(value, &m) == nil && m != nil:
			item, err := parseJSONItem(value)
			if err != nil {
				return err
			}
			f.Entries = append(f.Entries, entryOfJSON(item, m))
		}
	}
	_, err := d.Token()
	return err //nolint:wrapcheck // as above
}

func entryOfJSON(item *gofeed.Item, m members) Entry {
	e := entryOf(item)
	e.Language, e.Link = read[string](m, "language"), cmp.Or(e.Link, read[string](m, "external_url"))
	e.GUID = cmp.Or(e.GUID, read[json.Number](m, "id").String())
	if e.Link == "" && strings.HasPrefix(e.GUID, "http") {
		e.Link = e.GUID
	}
	for _, a := range item.Authors {
		if name := personName(a.Name); name != "" && !slices.Contains(e.Authors, name) {
			e.Authors = append(e.Authors, name)
		}
	}
	for _, a := range read[[]members](m, "attachments") {
		e.Media = append(e.Media, what.Media{
			Type: mediaType(read[string](a, "mime_type"), read[string](a, "url")), URL: read[string](a, "url"),
			Bytes: max(0, read[int64](a, "size_in_bytes")), Seconds: int(min(max(0, read[float64](a, "duration_in_seconds")), maxSeconds)),
		})
	}
	if picture := cmp.Or(read[string](m, "image"), read[string](m, "banner_image")); picture != "" {
		e.Media = append(e.Media, what.Media{Type: what.Image, URL: picture})
	}
	e.Paid = saysPaidIn(m, 0)
	return e
}

// resolveLinks completes the addresses of an item.
func (e *Entry) resolveLinks(base string) {
	g := gallery{}
	for _, m := range e.Media {
		m.URL = sources.SafeLink(base, m.URL)
		g.addMedium(m)
	}
	g.addPicture(base, e.Content)
	g.addPicture(base, e.Summary)
	e.Media, e.Link = g.media, sources.SafeLink(base, e.Link)
}

// saysPaidIn looks at the members of an item, and into extensions of it.
func saysPaidIn(m members, depth int) bool {
	for _, called := range slices.Sorted(maps.Keys(m)) {
		text := strings.Trim(string(m[called]), `"`)
		if strings.HasPrefix(called, "_") && depth < 2 && saysPaidIn(read[members](m, called), depth+1) ||
			len(text) < 200 && text != "" && text != "null" && isPaid(called, text, func(...string) string { return "" }) {
			return true
		}
	}
	return false
}
