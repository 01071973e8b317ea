// Package agenda reads what readers ask events and opening hours by, days and words in
// any language that readers are served in, and picks the events that are asked for.
//
// It is for kinds of sources, and none itself.
package agenda

import (
	"embed"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/moment"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Asked is what an argument means.
type Asked struct {
	// From and To bound the days that are asked about; zero where none are.
	From, To time.Time
	// part is the part of those days that is asked about; of any day where there are none.
	part moment.Part
	// Open asks for the hours; Now and Next say that it is about this moment, or
	// the first that comes, happens that it asks what there is.
	Open, Now, Next, happens bool
	// words are what is left to look for, Content those of them that are no
	// small words, Strange those that no dictionary has either; idle says that they
	// only link, or are polite. called are those and the words of
	// the part.
	words, Content, Strange, called []string
	idle                            bool
	// unbound says that the part alone was named, of no day.
	unbound bool
}

// HasDays reports whether days are asked about.
func (a Asked) HasDays() bool { return !a.From.IsZero() }

// HasTime reports whether days are asked about, or a part of any.
func (a Asked) HasTime() bool { return a.HasDays() || a.hasPart() }

func (a Asked) hasPart() bool { return a.part != moment.Part{} }

// MeansEvents reports whether a message asks for events by itself: it names a time, and
// says beside it no more than that something happens then.
func (a Asked) MeansEvents() bool {
	return (a.HasDays() && !a.unbound || a.happens && (a.Now || a.Next || a.HasDays())) && !a.Open && a.idle
}

// MeansHours reports whether a message asks for opening hours by itself.
func (a Asked) MeansHours() bool {
	return a.Open && len(a.Content)+len(a.Strange) == 0
}

// Limits of an argument: how many words of it count, and how many of them a
// date may have.
const (
	maxUnits = 60
	maxSpan  = 8
)

// ReadArgument reads an argument at a moment, in the zone that days are counted
// in, of a reader of a language.
func ReadArgument(argument string, at time.Time, languages ...string) Asked {
	if len(languages) > 1 && languages[0] == "" {
		languages = languages[1:]
	}
	// A day is named in the reader's language: what is short may be a word of
	// another one.
	tokens := textform.Tokenise(argument, nil)
	tokens = tokens[:min(len(tokens), maxUnits)]
	var a Asked
	var rest []string
	var left []textform.Token
	last, titled := -2, -2 // the last token that is no part of a day, or may be of a title
	for i := 0; i < len(tokens); {
		n := 0
		for length := min(maxSpan, len(tokens)-i); length > 0; length-- {
			if tokens[i].Tied || i+length < len(tokens) && tokens[i+length].Tied {
				continue // a part of a word with a hyphen is no day
			}
			text := strings.ToLower(argument[tokens[i].Start:tokens[i+length-1].End])
			if a.takePart(text, at, languages) {
				for ; n < length; n++ {
					a.called, titled = joined(a.called, tokens, i+n, titled), i+n
				}
				break
			}
			if a.takePhrase(text, at, languages) {
				n = length
				break
			}
		}
		if n == 0 {
			rest, a.called = joined(rest, tokens, i, last), joined(a.called, tokens, i, titled)
			left, last, titled, n = append(left, tokens[i]), i, i, 1
		}
		i += n
	}
	if meaning(foldedText(left), languages) == "happens" {
		a.happens, rest, left = true, nil, nil // the time stands within what asks: "gibt es morgen was"
	}
	tongue := speech.Of(first(languages)) | speech.Of("en")
	speech.Mark(left, languages...)
	a.idle = !slices.ContainsFunc(left, func(t textform.Token) bool {
		return t.Roles&(speech.Article|speech.Joint|speech.Link) == 0 && !speech.IsPolite(t.Normal)
	})
	for _, word := range rest {
		a.words = append(a.words, word)
		if !isSmall(word, tongue) {
			a.Content = append(a.Content, word)
			if !speech.IsCommon(word, tongue) && !speech.IsKnown(word, tongue) {
				a.Strange = append(a.Strange, word)
			}
		}
	}
	a.called = slices.DeleteFunc(a.called, func(word string) bool { return isSmall(word, tongue) })
	a.bindPart(at)
	return a
}

// foldedText returns tokens as they are looked up.
func foldedText(tokens []textform.Token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && !t.Glued {
			b.WriteByte(' ')
		}
		b.WriteString(t.Folded)
	}
	return b.String()
}

// joined returns words with a token more. What is glued together is a word: letters of
// scripts without spaces, what apostrophes part.
func joined(words []string, tokens []textform.Token, i, last int) []string {
	if tokens[i].Glued && last == i-1 && tokens[i].Spaceless == tokens[i-1].Spaceless {
		words[len(words)-1] += tokens[i].Folded
		return words
	}
	return append(words, tokens[i].Folded)
}

// takePart notes a part of a day, with the day that it is of where one is named in the same
// words: "samstagabend", "sábado à tarde".
func (a *Asked) takePart(text string, at time.Time, languages []string) bool {
	part, ok := moment.ReadPart(text, a.HasDays(), languages...)
	if ok {
		a.part = part
		if !part.Today {
			a.takeDate(text, at, languages)
		}
		return true
	}
	rest, part, ok := moment.CutPart(text, languages...)
	if !ok || !a.takeDate(rest, at, languages) {
		return false
	}
	a.part = part
	return true
}

// bindPart binds a part of a day to the day that it is said on, or where that part of it is over
// to the next one; not where it stands beside words to look for, and may be of any day.
func (a *Asked) bindPart(at time.Time) {
	if !a.hasPart() || a.HasDays() || !a.part.Today && len(a.Content) > 0 {
		return
	}
	a.unbound = !a.part.Today
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	switch {
	case a.part.To > 24 && at.Hour() < moment.EarlyTo:
		day = day.AddDate(0, 0, -1) // the night is not over
	case a.unbound && at.Hour() >= a.part.To:
		day = day.AddDate(0, 0, 1)
	}
	a.askDays(day, day.AddDate(0, 0, 1))
}

// bounds returns between which moments it is asked about; zero where no days are.
func (a Asked) bounds() (from, to time.Time) {
	if !a.hasPart() || !a.HasDays() {
		return a.From, a.To
	}
	from, _ = a.partOn(a.From)
	_, to = a.partOn(a.To.AddDate(0, 0, -1))
	return from, to
}

// partOn returns the part of a day as moments.
func (a Asked) partOn(day time.Time) (from, to time.Time) {
	at := func(hour int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location())
	}
	return at(a.part.From), at(a.part.To)
}

// fallsInPart reports whether an event goes on in the part of one of the days, or of any.
func (a Asked) fallsInPart(t timed, zone *time.Location) bool {
	if !a.hasPart() || t.allDay {
		return true
	}
	day, end := t.from.In(zone).AddDate(0, 0, -1), t.to.In(zone).AddDate(0, 0, 1)
	if a.HasDays() && day.Before(a.From) {
		day = a.From
	}
	if a.HasDays() && end.After(a.To) {
		end = a.To
	}
	for ; day.Before(end); day = day.AddDate(0, 0, 1) {
		if from, to := a.partOn(day); t.isOn(from, to) {
			return true
		}
	}
	return false
}

func first(languages []string) string {
	if len(languages) == 0 {
		return "en"
	}
	return languages[0]
}

// isSmall says of a word whether nobody looks for an event by it.
func isSmall(word string, tongue speech.Tongues) bool {
	return len(word) < 2 || !speech.IsTopic(word) && (speech.IsFunction(word, tongue) || speech.Surrounds(word, tongue))
}

// takePhrase notes what a part of an argument means; false if it is nothing.
func (a *Asked) takePhrase(text string, at time.Time, languages []string) bool {
	today := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	day := func(n int) time.Time { return today.AddDate(0, 0, n) }
	// monday is how many days ago the week began.
	monday := (int(today.Weekday()) + 6) % 7
	switch meaning(textform.Fold(text), languages) {
	case "next":
		a.Next = true
	case "now":
		a.Now = true
	case "open", "closed":
		a.Open = true
	case "happens":
		a.happens = true
	case "being":
		// "is", "do you": nobody looks for anything by them.
	case "weekend":
		a.askDays(day(max(0, 5-monday)), day(7-monday))
	case "next-weekend":
		a.askDays(day(12-monday), day(14-monday))
	case "week":
		a.askDays(today, day(7-monday))
	case "next-week":
		a.askDays(day(7-monday), day(14-monday))
	case "month":
		a.askDays(today, time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, at.Location()))
	case "next-month":
		a.askDays(time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, at.Location()), time.Date(at.Year(), at.Month()+2, 1, 0, 0, 0, 0, at.Location()))
	default:
		return a.takeDate(text, at, languages)
	}
	return true
}

// takeDate reads a day, or a month by its name.
func (a *Asked) takeDate(text string, at time.Time, languages []string) bool {
	value, ok := slot.Parse(slot.Date, text, at, first(languages))
	if each, is := strings.CutSuffix(text, "s"); !ok && is && utf8.RuneCountInString(text) > 5 {
		value, ok = slot.Parse(slot.Date, each, at, first(languages)) // "on saturdays", "samstags", "los sábados"
	}
	if ok {
		d, err := time.ParseInLocation(time.DateOnly, value, at.Location())
		if err != nil {
			return false
		}
		a.askDays(d, d.AddDate(0, 0, 1))
		return true
	}
	const shortest = 3
	if strings.ContainsFunc(text, unicode.IsDigit) || strings.Contains(text, " ") || utf8.RuneCountInString(text) < shortest {
		return false
	}
	// Whoever names a month alone means all of the next one that is called so.
	value, ok = slot.Parse(slot.Date, "1 "+text, time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, at.Location()), first(languages))
	if !ok || !strings.HasSuffix(value, "-01") {
		return false
	}
	d, err := time.ParseInLocation(time.DateOnly, value, at.Location())
	if err != nil || d.Sub(at) > 370*24*time.Hour {
		return false
	}
	a.askDays(d, d.AddDate(0, 1, 0))
	return true
}

// askDays asks for some days; the first that are named count, and two days one
// after the other all that lies between them.
func (a *Asked) askDays(from, to time.Time) {
	if !a.HasDays() {
		a.From, a.To = from, to
		return
	}
	if from.After(a.From) && to.After(a.To) {
		a.To = to
	}
}

//go:embed asks
var askFiles embed.FS

// phrases are the words for times that are no dates, and for opening, by
// language, folded.
var phrases = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	entries, _ := askFiles.ReadDir("asks") // is there, by the line above
	for _, entry := range entries {
		text, err := askFiles.ReadFile(path.Join("asks", entry.Name()))
		if err != nil {
			continue
		}
		tag := strings.TrimSuffix(entry.Name(), ".txt")
		all[tag] = map[string]string{}
		for line := range strings.Lines(string(text)) {
			name, list, _ := strings.Cut(strings.TrimSpace(line), ":")
			for phrase := range strings.SplitSeq(list, "|") {
				if phrase = textform.Fold(strings.TrimSpace(phrase)); phrase != "" {
					all[tag][phrase] = name
				}
			}
		}
	}
	return all
})

// meaning looks a phrase up, in the reader's languages first. Short words of a
// language that nobody speaks here mean nothing.
func meaning(text string, languages []string) string {
	all := phrases()
	for _, tag := range append(languages[:len(languages):len(languages)], "en") {
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if m := all[base][text]; m != "" {
			return m
		}
	}
	const shortest = 5
	if len(text) < shortest {
		return ""
	}
	for _, tag := range slices.Sorted(maps.Keys(all)) {
		if m := all[tag][text]; m != "" {
			return m
		}
	}
	return ""
}
