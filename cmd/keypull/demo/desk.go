package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed news/*.json
var newsFiles embed.FS

const (
	// storiesInFeed is how many headlines a desk's feed lists, storiesKept how many
	// keep a page of their own.
	storiesInFeed = 40
	storiesKept   = 500
	// storyEvery is how often a desk publishes by itself.
	storyEvery = time.Minute
)

// languages are those of the demo publisher, the default first.
var languages = []string{"en", "fr", "de"}

// Story is one piece of news.
type Story struct {
	ID        int       `json:"id"`
	Slug      string    `json:"slug"`
	Language  string    `json:"language"`
	Title     string    `json:"title"`
	Summary   string    `json:"summary"`
	Published time.Time `json:"published"`
}

// desk publishes a headline a minute in one language. Stories come from
// outlines, each of which comes again once all others have: what a feed as long as they
// are many lists has one of each.
type desk struct {
	language string
	outlines []outline
	values   map[string][]string

	mu      sync.Mutex
	random  *rand.Rand
	deck    []int
	stories []Story
	count   int
	due     time.Time
}

// outline is a headline with a summary; {city} stands for one of the desk's
// values of that name, the same one in both.
type outline struct {
	Title   string `json:"title"`
	Summary string `json:"summary"`
}

func openDesks(seed uint64, now time.Time) (map[string]*desk, error) {
	desks := map[string]*desk{}
	for i, language := range languages {
		d, err := openDesk(language)
		if err != nil {
			return nil, err
		}
		d.random = rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // headlines need no secrecy
		d.open(now)
		desks[language] = d
	}
	return desks, nil
}

func openDesk(language string) (*desk, error) {
	raw, err := newsFiles.ReadFile("news/" + language + ".json")
	if err != nil {
		return nil, fmt.Errorf("news: %w", err)
	}
	var file struct {
		Values  map[string][]string `json:"values"`
		Stories []outline           `json:"stories"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("news %s: %w", language, err)
	}
	return &desk{language: language, outlines: file.Stories, values: file.Values}, nil
}

// open fills the desk with a story of each outline; each has its minute of the last hours.
func (d *desk) open(now time.Time) {
	minute := now.Truncate(time.Minute)
	at := minute
	d.deck = d.random.Perm(len(d.outlines))
	times := make([]time.Time, len(d.outlines))
	for i := range times {
		times[len(times)-1-i] = at
		at = at.Add(-time.Duration(7+d.random.IntN(25)) * time.Minute)
	}
	for _, t := range times {
		d.addStory(t)
	}
	d.due = minute.Add(storyEvery)
}

// latest returns up to n stories that are out by now, the newest first.
func (d *desk) latest(now time.Time, n int) []Story {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.catchUp(now)
	n = min(n, len(d.stories))
	newest := make([]Story, 0, n)
	for i := range n {
		newest = append(newest, d.stories[len(d.stories)-1-i])
	}
	return newest
}

// findStory returns the story of a slug.
func (d *desk) findStory(now time.Time, slug string) (Story, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.catchUp(now)
	for _, s := range d.stories {
		if s.Slug == slug {
			return s, true
		}
	}
	return Story{}, false
}

// publishStory puts out a story now.
func (d *desk) publishStory(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.catchUp(now)
	d.addStory(now)
}

// catchUp publishes what has come due. After a long silence, as of a laptop
// asleep, it starts with what is still kept.
func (d *desk) catchUp(now time.Time) {
	if oldest := now.Add(-storiesKept * storyEvery); d.due.Before(oldest) {
		d.due = oldest.Truncate(storyEvery)
	}
	for !d.due.After(now) {
		d.addStory(d.due)
		d.due = d.due.Add(storyEvery)
	}
}

func (d *desk) addStory(at time.Time) {
	d.count++
	s := d.writeStory(d.drawOutline())
	s.ID, s.Language, s.Published = d.count, d.language, at.UTC()
	s.Slug = d.language + "-" + strconv.Itoa(s.ID) + "-" + slugOf(s.Title)
	d.stories = append(d.stories, s)
	if over := len(d.stories) - storiesKept; over > 0 {
		d.stories = append(d.stories[:0], d.stories[over:]...)
	}
}

// drawOutline takes the next outline from the deck, behind which it goes.
func (d *desk) drawOutline() outline {
	next := d.deck[0]
	d.deck = append(d.deck[1:], next)
	return d.outlines[next]
}

// writeStory fills an outline in.
func (d *desk) writeStory(t outline) Story {
	for _, name := range placeholders(t.Title + t.Summary) {
		values := d.values[name]
		if len(values) == 0 {
			continue
		}
		value := values[d.random.IntN(len(values))]
		t.Title = strings.ReplaceAll(t.Title, "{"+name+"}", value)
		t.Summary = strings.ReplaceAll(t.Summary, "{"+name+"}", value)
	}
	return Story{Title: sentences(t.Title), Summary: sentences(t.Summary)}
}

// sentences gives each sentence a capital, since a value may stand at its head.
func sentences(text string) string {
	parts := strings.Split(text, ". ")
	for i, p := range parts {
		first, size := utf8.DecodeRuneInString(p)
		parts[i] = string(unicode.ToUpper(first)) + p[size:]
	}
	return strings.Join(parts, ". ")
}

// placeholders returns the names between braces, each once, in order.
func placeholders(text string) []string {
	var names []string
	seen := map[string]bool{}
	for {
		_, after, found := strings.Cut(text, "{")
		if !found {
			return names
		}
		name, rest, _ := strings.Cut(after, "}")
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
		text = rest
	}
}

// plainLetters spells letters of the demo's languages in ASCII.
var plainLetters = strings.NewReplacer(
	"à", "a", "â", "a", "ä", "ae", "á", "a", "ç", "c", "è", "e", "é", "e", "ê", "e", "ë", "e",
	"î", "i", "ï", "i", "ô", "o", "ö", "oe", "ù", "u", "û", "u", "ü", "ue", "œ", "oe", "ß", "ss",
	"'", "", "’", "",
)

// slugOf turns a title into the last part of an address.
func slugOf(title string) string {
	plain := plainLetters.Replace(strings.ToLower(title))
	words := strings.FieldsFunc(plain, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "-")
}

// Headlines returns up to n headlines of a language, the newest first.
func (w *World) Headlines(language string, n int) []Story {
	d := w.desks[language]
	if d == nil {
		return nil
	}
	return d.latest(w.clock(), n)
}

// publishStory puts out one headline in every language.
func (w *World) publishStory() {
	for _, d := range w.desks {
		d.publishStory(w.clock())
	}
}
