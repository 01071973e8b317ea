package pull

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/when"
)

// What an editor may tick beside the names of facts.
const (
	partTitle     = "title"
	partSummary   = "summary"
	partBody      = "body"
	partLink      = "link"
	partImage     = "image"
	partPublished = "published"
	partStamp     = "stamp"
)

// MaxRendered is how many bytes a reply of ticked parts has at most.
const MaxRendered = 48 << 10

// sheet is a reply in the making, of the parts that an editor ticked.
type sheet struct {
	telling
	reply Reply
	// room is what may still be said, in bytes, since a reply is stored on its
	// way. cut says that something was
	// left out for want of it.
	room    int
	cut     bool
	stamped bool
	// told says that there is more than a stamp, begun that there is more than
	// that of the current item.
	told, begun bool
}

// tickedReply words the items by the keyword's list of parts. It is false where the
// items have nothing of what was ticked.
func (t telling) tickedReply() (reply Reply, stamped, ok bool) {
	if len(t.keyword.Reply) == 0 {
		return Reply{}, false, false
	}
	s := sheet{telling: t, room: MaxRendered}
	for i, it := range t.items {
		s.begun = false
		s.language = it.Spoken(t.language)
		for place, part := range t.keyword.Reply {
			s.addPart(part, it, i, place)
		}
	}
	s.language = t.language
	if s.cut {
		s.endCut()
	}
	if !s.told && len(s.reply.Media) > 0 {
		// Not every channel shows pictures, and none may stay silent.
		s.addText(Title, "", t.items[0].Title)
	}
	return s.reply, s.stamped, s.told
}

// endCut ends a reply that had to be cut: with a mark, and with the link of the
// item if that was not told. The stamp stays below them.
func (s *sheet) endCut() {
	blocks, end := s.reply.Blocks, len(s.reply.Blocks)
	if end > 0 && blocks[end-1].Kind == Stamp {
		end--
	}
	stamps := slices.Clone(blocks[end:])
	blocks = blocks[:end]
	if len(blocks) == 0 || !endsCut(blocks[len(blocks)-1]) {
		blocks = append(blocks, Block{Kind: Paragraph, Text: dots})
	}
	linked := slices.ContainsFunc(blocks, func(b Block) bool { return b.Kind == Link })
	if link := s.items[0].Link; len(s.items) == 1 && link != "" && !linked {
		blocks = append(blocks, Block{Kind: Link, URL: link})
	}
	blocks = append(blocks, stamps...)
	s.reply.Blocks = blocks
}

// endsCut reports whether a block ends with the mark of a cut.
func endsCut(b Block) bool {
	end := b.Text
	switch {
	case len(b.Lines) > 0:
		end = b.Lines[len(b.Lines)-1]
	case len(b.Facts) > 0:
		end = b.Facts[len(b.Facts)-1].Value
	}
	return strings.HasSuffix(end, dots)
}

// addPart adds one part of the item of that number, where the item has it.
func (s *sheet) addPart(p catalogue.Part, it what.Item, number, place int) {
	label := s.partLabel(p)
	switch p.Show {
	case partTitle:
		s.addText(Title, label, it.Title)
	case partSummary:
		s.addText(Paragraph, label, it.Summary)
	case partBody:
		s.addText(Paragraph, label, it.Body)
	case partLink:
		s.addLink(label, it.Link)
	case partImage:
		if number == 0 {
			s.reply.Media = it.Media
		}
	case partPublished:
		s.addPublished(label, it)
	case partStamp:
		s.addStamp(number, place)
	default:
		s.addFact(p, it)
	}
}

// addBlock appends a block; those of one of several items stand close together.
func (s *sheet) addBlock(b Block) {
	b.Tight = len(s.items) > 1 && s.begun
	s.reply.Blocks = append(s.reply.Blocks, b)
	s.told, s.begun = true, true
}

func (s *sheet) addText(kind BlockKind, label, text string) {
	text = strings.TrimSpace(text)
	if text != "" && label != "" {
		text = label + ": " + text
	}
	if text = s.fitText(text); text != "" {
		s.addBlock(Block{Kind: kind, Text: text})
	}
}

// addLink is left out where it does not fit: half an address leads nowhere.
func (s *sheet) addLink(label, url string) {
	if url == "" {
		return
	}
	if len(label)+len(url) > s.room {
		s.cut = true
		return
	}
	s.addBlock(Block{Kind: Link, Text: s.fitText(label), URL: s.fitText(url)})
}

func (s *sheet) addPublished(label string, it what.Item) {
	if it.Published.IsZero() {
		return
	}
	moment := s.publishedText(it.Published)
	if label == "" {
		s.addText(Note, "", moment)
		return
	}
	s.addLine(label, moment)
}

// publishedText words a time of publication: what is still to come always has
// its date, and a day without a time of day, as sources tell it, has no clock.
func (s *sheet) publishedText(at time.Time) string {
	const skew = 2 * time.Minute
	switch {
	case when.IsDay(at, s.edition.Zone):
		return when.Day(at, s.at, s.edition.Zone, s.language)
	case at.After(s.at.Add(skew)):
		return when.Dated(at, s.at, s.zone, s.language)
	}
	return when.Moment(at, s.at, s.zone, s.language)
}

// addStamp tells the age of the whole reply, and therefore once: with the first
// item where the list begins with it, else with the last.
func (s *sheet) addStamp(number, place int) {
	if s.stamped || place > 0 && number < len(s.items)-1 {
		return
	}
	s.stamped = true
	s.reply.Blocks = append(s.reply.Blocks, Block{Kind: Stamp, Text: s.stamp})
}

func (s *sheet) addFact(p catalogue.Part, it what.Item) {
	f, ok := it.Facts.Find(p.Show)
	switch {
	case !ok:
	case f.Kind == what.List:
		s.addList(p, f)
	default:
		s.addLine(s.factLabel(p), s.factValue(f, it.Facts))
	}
}

func (s *sheet) addList(p catalogue.Part, f what.Fact) {
	var lines []string
	for _, line := range f.List {
		if line = s.fitText(strings.TrimSpace(line)); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return
	}
	kind := Bullets
	if p.Show == "steps" {
		kind = Steps
	}
	s.addBlock(Block{Kind: kind, Text: s.factLabel(p), Lines: lines})
}

// addLine adds a labelled value, to the ones just before it where there are any.
func (s *sheet) addLine(label, value string) {
	value = s.fitText(strings.TrimSpace(value))
	if value == "" {
		return
	}
	told := LabelledFact{Label: label, Value: value}
	if last := len(s.reply.Blocks) - 1; s.begun && s.reply.Blocks[last].Kind == FactLines {
		s.reply.Blocks[last].Facts = append(s.reply.Blocks[last].Facts, told)
		return
	}
	s.addBlock(Block{Kind: FactLines, Facts: []LabelledFact{told}})
}

// dots mark a text that does not end where it ends.
const dots = "…"

// fitText takes a text out of the room there is, cut where it is too long.
func (s *sheet) fitText(text string) string {
	if len(text) <= s.room {
		s.room -= len(text)
		return text
	}
	end := s.room - len(dots)
	s.room, s.cut = 0, true
	if end <= 0 {
		return ""
	}
	return strings.ToValidUTF8(text[:cutPlace(text, end)], "") + dots
}

// address is a web or mail address as it stands in a text.
var address = regexp.MustCompile(`(?i)(?:https?://|www\.|mailto:|tel:)[^\s\p{Z}\p{Cc}]+|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// cutPlace returns where a text is cut that may not be longer than to a place: there, or
// before the address through which, or right behind which, that would go.
func cutPlace(text string, place int) int {
	gap := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
	from, to := strings.LastIndexFunc(text[:place], gap)+1, len(text)
	if at := strings.IndexFunc(text[place:], gap); at >= 0 {
		to = place + at
	}
	for _, at := range address.FindAllStringIndex(text[from:to], -1) {
		if from+at[0] < place && place <= from+at[1] {
			return from + at[0]
		}
	}
	return place
}

// showsPart reports whether the list shows something by itself.
func (s *sheet) showsPart(show string) bool {
	return slices.ContainsFunc(s.keyword.Reply, func(p catalogue.Part) bool { return p.Show == show })
}
