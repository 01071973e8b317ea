package pull

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull/template"
	"keypull/pull/what"
	"keypull/pull/when"
)

// telling is all that the wording of an answer depends on.
type telling struct {
	edition  *Edition
	keyword  *keyword
	items    []what.Item
	kept     Found
	argument string
	language string
	zone     *time.Location
	at       time.Time
	// closed is there where the answer is the last one before the hours ended.
	closed *closed
	// length is how long the reader wants answers to be: who.Short, who.Long, or "".
	length string
	// dated: it stands among answers of other times, so that it tells its own.
	dated bool
	// stamp tells the age; compose words it once.
	stamp string
}

// composeReply words the answer: by the editor's template, else by the parts that
// the editor ticked, else by the source's own way of speaking, else plainly. A
// template that breaks costs its text alone: the error says why.
func (t telling) composeReply(ctx context.Context) (Reply, error) {
	stamp := t.ageStamp().Told()
	t.stamp = stamp.Now
	reply, stamped, err := t.replyBody(ctx)
	reply.Language = t.language
	reply = t.atLength(reply)
	if len(t.items) == 1 {
		reply.Rest = t.items[0].Link
	}
	if note := t.sourceNote(); note != "" && !slices.ContainsFunc(reply.Blocks, func(b Block) bool { return strings.Contains(b.Text, note) }) {
		reply.Blocks = append(reply.Blocks, Block{Kind: Note, Text: note})
	}
	if !stamped && t.wantsStamp() {
		reply.Blocks = append(reply.Blocks, Block{Kind: Stamp, Text: t.stamp})
	}
	reply.Told = t.lateAge(reply, stamp)
	return reply, err
}

// sourceNote returns what the source tells with every answer.
func (t telling) sourceNote() string {
	n, ok := t.keyword.source.Source.(Noted)
	if !ok {
		return ""
	}
	return n.Note(t.items, Voice{Language: t.language, Zone: t.zone, At: t.at, Argument: t.argument})
}

// ages reports whether what is told changes with time: its source tells the time of its facts, or its
// editor said how old it may be.
func (t telling) ages() bool {
	return t.keyword.source.tellsFactTime() || t.keyword.freshness.MaxAge != nil
}

// lateAge returns how the age is told if the answer leaves late. An answer without a
// stamp gets one then if its source tells the time of its facts, or its editor said how
// old it may be. What a closed market told last never gets too old.
func (t telling) lateAge(r Reply, stamp when.Told) *Told {
	stands := ""
	if slices.ContainsFunc(r.Blocks, func(b Block) bool { return strings.Contains(b.Text, t.stamp) }) {
		stands = t.stamp
	}
	late := newTold(stamp, stands)
	fetched, fresh := t.kept.Snapshot.Fetched, t.keyword.freshness
	if t.ages() {
		late.Aged = fetched.Add(fresh.For())
	}
	if t.keyword.source.tellsFactTime() && t.closed == nil {
		late.Until = fetched.Add(fresh.For() + fresh.StaleIfError)
	}
	return late
}

func (t telling) replyBody(ctx context.Context) (reply Reply, stamped bool, err error) {
	if tmpl, ok := t.pickTemplate(); ok {
		var text string
		if text, err = tmpl.Render(ctx, t.templateValues(), t.at); err == nil && strings.TrimSpace(text) != "" {
			blocks, stamped := t.templateBlocks(strings.TrimSpace(text))
			return Reply{Blocks: blocks, Media: t.singleMedia()}, stamped, nil
		}
	}
	if reply, stamped, ok := t.tickedReply(); ok {
		return reply, stamped, err
	}
	if s, ok := t.keyword.source.Source.(Speaker); ok {
		return s.Say(t.items, Voice{Language: t.language, Zone: t.zone, At: t.at, Argument: t.argument}), false, err
	}
	return plainReply(t.items), false, err
}

// uncut is how much of a text every channel carries, in bytes.
const uncut = 120

// templateBlocks returns the blocks of what a template has written, and whether they tell
// the age: whatever the template mentions, what counts is what stands there and
// cannot be cut off. A stamp on the last line becomes a block of its own, which
// channels keep when they cut.
func (t telling) templateBlocks(text string) (blocks []Block, stamped bool) {
	stamp := t.stamp
	if rest, ok := strings.CutSuffix(text, "\n"+stamp); ok {
		rest = strings.TrimRight(rest, " \t\r")
		return []Block{{Kind: Paragraph, Text: strings.TrimSpace(rest)}, {Kind: Stamp, Text: stamp, Tight: !strings.HasSuffix(rest, "\n")}}, true
	}
	at := strings.Index(text, stamp)
	stamped = at >= 0 && (at+len(stamp) <= uncut || len(text) <= uncut)
	return []Block{{Kind: Paragraph, Text: text}}, stamped
}

func (t telling) pickTemplate() (*template.Template, bool) {
	for _, l := range []string{t.language, baseLanguage(t.language), ""} {
		if tmpl, ok := t.keyword.templates[l]; ok {
			return tmpl, true
		}
	}
	for _, l := range t.edition.Languages {
		if tmpl, ok := t.keyword.templates[l]; ok {
			return tmpl, true
		}
	}
	return nil, false
}

func (t telling) singleMedia() []what.Media {
	if len(t.items) != 1 {
		return nil
	}
	return t.items[0].Media
}

// wantsStamp reports whether the answer must tell its age: if it is old, or of another
// time than the ask, and else as the keyword says, or the kind of its source.
func (t telling) wantsStamp() bool {
	if t.kept.Aged || t.kept.Stale || t.closed != nil || t.ofAnotherTime() {
		return true
	}
	switch t.keyword.Stamp {
	case stampAlways:
		return true
	case stampStale:
		return t.dated
	case stampNever:
		return false
	}
	return t.dated || t.keyword.source.tellsFactTime()
}

// What a keyword may say of its stamp.
const (
	stampStale  = "stale"
	stampAlways = "always"
	stampNever  = "never"
)

// ofAnotherTime reports whether a fact is older than max_age by its own time,
// or may be, since nobody knows it; or the answer younger than the ask, as in a
// replay.
func (t telling) ofAnotherTime() bool {
	at, seen := t.keyword.source.factTime(t.kept.Snapshot, t.items)
	age := t.at.Sub(at)
	return seen || age < -time.Minute || t.keyword.source.tellsFactTime() && age > t.keyword.freshness.For()
}

func (t telling) ageStamp() when.Stamp {
	s := t.keyword.source.stampFor(t.kept.Snapshot, t.items, t.edition.Zone, t.zone)
	s.Now, s.Language, s.Stale = t.at, t.edition.servedLanguage(t.language, ""), t.kept.Stale
	if t.closed != nil {
		s.Closed, s.Opens = true, t.closed.opens
	}
	return s
}

func (t telling) factTime() time.Time {
	at, _ := t.keyword.source.factTime(t.kept.Snapshot, t.items)
	return at
}

// factTime returns the time of what is told: the oldest time of a fact, if the source
// tells any, and never later than the fetch; else that of the fetch. A fact without a
// time counts from when it was first seen.
func (o *Opened) factTime(s *Snapshot, items []what.Item) (at time.Time, seen bool) {
	if !o.tellsFactTime() {
		return s.Fetched, false
	}
	var oldest time.Time
	for _, it := range items {
		own, first := it.AsOf, false
		if !it.Seen.IsZero() && (own.IsZero() || own.After(s.Fetched)) {
			own, first = it.Seen, true
		}
		if !own.IsZero() && (oldest.IsZero() || own.Before(oldest)) {
			oldest, seen = own, first
		}
	}
	oldest = cmp.Or(oldest, s.AsOf)
	if oldest.IsZero() || oldest.After(s.Fetched) {
		return s.Fetched, seen
	}
	return oldest, seen
}

// stampFor begins the stamp of what is told: where the time of the fact is a day
// without a time of day, it is that day of the publisher's, and of one that is
// known to the minute no seconds are told. All else is in the reader's zone.
func (o *Opened) stampFor(s *Snapshot, items []what.Item, publisher, reader *time.Location) when.Stamp {
	asOf, seen := o.factTime(s, items)
	own := o.tellsFactTime() && !seen && !asOf.Equal(s.Fetched)
	coarse := slices.ContainsFunc(items, func(it what.Item) bool { return it.ToMinute && it.AsOf.Equal(asOf) })
	stamp := when.Stamp{AsOf: asOf, Zone: reader, Seen: seen, Minute: own && coarse}
	if own && when.IsDay(asOf, publisher) {
		stamp.Day, stamp.Zone = true, publisher
	}
	return stamp
}

// templateValues returns what a template sees.
func (t telling) templateValues() map[string]any {
	items := make([]any, 0, len(t.items))
	for _, it := range t.items {
		items = append(items, itemValues(it))
	}
	first := any(map[string]any{})
	if len(items) > 0 {
		first = items[0]
	}
	return map[string]any{
		"item": first, "items": items, "argument": t.argument, "stamp": t.stamp,
		"reader":    map[string]any{"language": t.language},
		"publisher": map[string]any{"name": t.edition.Name},
	}
}

// Filled lists what some of these items have, by the names that a template knows.
func Filled(items []what.Item) []string {
	names := map[string]bool{}
	for _, it := range items {
		for name, v := range itemValues(it) {
			switch v := v.(type) {
			case string:
				names[name] = names[name] || v != ""
			case []string:
				names[name] = names[name] || len(v) > 0
			case []any:
				names[name] = names[name] || len(v) > 0
			}
		}
	}
	maps.DeleteFunc(names, func(_ string, filled bool) bool { return !filled })
	return slices.Sorted(maps.Keys(names))
}

func itemValues(it what.Item) map[string]any {
	facts := make(map[string]any, len(it.Facts))
	v := make(map[string]any, len(it.Facts)+len(template.ItemNames))
	for _, f := range it.Facts {
		facts[f.Name] = f.Text
		if f.Kind == what.List {
			facts[f.Name] = f.List
		}
		v[f.Name] = facts[f.Name]
	}
	media := make([]any, 0, len(it.Media))
	for _, m := range it.Media {
		media = append(media, map[string]any{"type": string(m.Type), "url": m.URL, "alt": m.Alt})
	}
	for name, value := range map[string]any{
		"id": it.ID, "title": it.Title, "summary": it.Summary, "body": it.Body, "link": it.Link,
		"image": it.Image(), "media": media, "facts": facts,
		"published": rfc3339(it.Published), "as_of": rfc3339(it.AsOf), "seen": rfc3339(it.Seen),
	} {
		// Liquid takes an empty text for true, and an editor's "if item.image"
		// means that there is one.
		if value == "" {
			value = nil
		}
		v[name] = value
	}
	return v
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// plainReply words items of a source that has no way of speaking of its own.
func plainReply(items []what.Item) Reply {
	var r Reply
	for i, it := range items {
		if it.Title != "" {
			r.Blocks = append(r.Blocks, Block{Kind: Title, Text: it.Title})
		}
		if text := it.Summary; len(items) == 1 && text != "" {
			r.Blocks = append(r.Blocks, Block{Kind: Paragraph, Text: text})
		}
		if it.Link != "" {
			r.Blocks = append(r.Blocks, Block{Kind: Link, URL: it.Link, Tight: len(items) > 1})
		}
		if i == 0 && len(items) == 1 {
			r.Media = it.Media
		}
	}
	return r
}
