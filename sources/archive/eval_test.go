package archive_test

import (
	"embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/archive"
	"keypull/sources/sourcetest"
)

//go:embed testdata/news testdata/more testdata/seen testdata/later testdata/features testdata/reference testdata/topics testdata/towns
var news embed.FS

// asked is a question about the articles of one language: article is the place of
// the one that answers it, -1 where none does, paragraph that of the answer, -1
// where any will do.
type asked struct {
	text               string
	article, paragraph int
	// held says that it was not looked at while the floor was set.
	held bool
	// close says that it is worded much as the article is.
	close bool
}

// saved is an article as files of saved articles have it.
type saved struct {
	Title      string    `json:"title"`
	Text       string    `json:"text"`
	Link       string    `json:"link"`
	Published  time.Time `json:"published"`
	Language   string    `json:"language"`
	paragraphs []string
}

// outlet is what one language has.
type outlet struct {
	language string
	folder   string
	articles []saved
	asked    []asked
}

// outlets returns those of testdata/news and testdata/later, of whose questions half are held
// back, and of testdata/seen, whose were all looked at.
func outlets(t testing.TB) (list []*outlet) {
	t.Helper()
	for _, folder := range []string{"news", "seen", "later", "features", "reference", "topics", "towns"} {
		files, err := news.ReadDir("testdata/" + folder)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]*outlet{}
		for _, f := range files {
			text, err := news.ReadFile(path.Join("testdata", folder, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			tag := f.Name()[:2]
			if all[tag] == nil {
				all[tag] = &outlet{language: tag, folder: folder}
				list = append(list, all[tag])
			}
			all[tag].read(t, string(text))
		}
		for _, o := range all {
			if folder == "news" {
				o.readMore(t)
			}
		}
	}
	return list
}

func (o *outlet) read(t testing.TB, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		at := len(o.articles) - 1
		switch {
		case line == "":
		case line[0] == '@':
			parts := strings.SplitN(line[2:], " | ", 3)
			day, err := time.Parse(time.DateOnly, parts[1])
			if err != nil {
				t.Fatal(line, err)
			}
			o.articles = append(o.articles, saved{
				Title: parts[2], Language: o.language, Published: day.Add(9 * time.Hour), Link: "https://" + o.language + ".example.org/" + parts[0],
			})
		case line[0] == '+' || line[0] == '=':
			question, place, _ := strings.Cut(line[2:], " > ")
			n, err := strconv.Atoi(place)
			if err != nil {
				t.Fatal(line, err)
			}
			o.asked = append(o.asked, asked{question, at, n - 1, o.held(question), line[0] == '='})
		case line[0] == '-':
			o.asked = append(o.asked, asked{line[2:], -1, -1, o.held(line), false})
		default:
			o.articles[at].paragraphs = append(o.articles[at].paragraphs, line)
			o.articles[at].Text += line + "\n\n"
		}
	}
}

// readMore adds questions that the weights were found from: the article and the place
// of its paragraph, or a bar, before each.
func (o *outlet) readMore(t testing.TB) {
	t.Helper()
	text, err := news.ReadFile("testdata/more/" + o.language + ".txt")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		name, question, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "-" {
			o.asked = append(o.asked, asked{question, -1, -1, false, false})
			continue
		}
		at := slices.IndexFunc(o.articles, func(a saved) bool { return path.Base(a.Link) == name })
		place, question, _ := strings.Cut(question, " ")
		n, err := strconv.Atoi(place)
		if err != nil || at < 0 || n > len(o.articles[at].paragraphs) {
			t.Fatal(line, at, err)
		}
		o.asked = append(o.asked, asked{question, at, n - 1, false, false})
	}
}

// held picks half of the questions of testdata/news and testdata/later, whatever they are.
func (o *outlet) held(question string) bool {
	if o.folder == "seen" {
		return false
	}
	if o.folder == "features" || o.folder == "reference" || o.folder == "topics" || o.folder == "towns" {
		return len(o.articles)%2 == 0
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(question))
	return h.Sum32()%2 == 0
}

// opened returns an archive that has the articles of the outlet.
func (o *outlet) opened(t testing.TB) (pull.Source, pull.Snapshot) {
	t.Helper()
	folder := t.TempDir()
	var lines []string
	for _, a := range o.articles {
		line, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	if err := os.WriteFile(filepath.Join(folder, "articles.jsonl"), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	env := sourcetest.Env(t, folder)
	env.Languages = []string{o.language}
	source := sourcetest.Open(t, archive.Kind, env, map[string]any{"file": "articles.jsonl"})
	t.Cleanup(func() {
		if c, ok := source.(pull.Closer); ok {
			_ = c.Close()
		}
	})
	snapshot, err := source.Fetch(t.Context(), "archive", nil)
	if err != nil || len(snapshot.Items) != len(o.articles) {
		t.Fatalf("%d of %d articles are there, %v, %v", len(snapshot.Items), len(o.articles), err, snapshot.Warnings)
	}
	return source, snapshot
}

// score counts what became of questions: offered are those that are not answered, with the
// right headline among those that are offered; beside are those of the wrong ones whose article
// is right.
type score struct{ right, refused, offered, wrong, lost, beside int }

func (s score) String() string {
	return fmt.Sprintf("%d questions: %d right passage, %d rightly refused, %d the right headline offered, %d refused in vain, %d wrong: %.1f %% good, %.1f %% harmful (%d of them another paragraph of the right article)",
		s.all(), s.right, s.refused, s.offered, s.lost, s.wrong, percent(s.right+s.refused+s.offered, s.all()), percent(s.wrong, s.all()), s.beside)
}

func (s score) all() int { return s.right + s.refused + s.offered + s.lost + s.wrong }

// good says whether an answer is the passage that answers.
func (o *outlet) good(a asked, it what.Item) bool {
	if a.article < 0 {
		return false
	}
	right := o.articles[a.article]
	return it.Link == right.Link && (a.paragraph < 0 || it.Summary == right.paragraphs[a.paragraph])
}

func TestQuestionsAreAnsweredByTheRightPassageOrRefused(t *testing.T) {
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	var seen, unseen, later score
	for _, o := range outlets(t) {
		source, snapshot := o.opened(t)
		for _, a := range o.asked {
			s := &seen
			switch {
			case a.held && o.folder == "later":
				s = &later
			case a.held:
				s = &unseen
			}
			found, err := source.Select(t.Context(), snapshot, pull.Query{Argument: a.text, Count: 1, At: at, Language: o.language})
			if err != nil {
				t.Fatal(a.text, err)
			}
			verdict, got := s.judge(o, a, found)
			if verdict != "" && !a.held {
				t.Logf("%s %s: %q (%d) got %.90s", o.language, verdict, a.text, a.paragraph+1, got)
			}
		}
	}
	t.Logf("seen: %v", seen)
	t.Logf("held: %v", unseen)
	t.Logf("later: %v", later)
	for name, of := range map[string]struct {
		score
		least int
	}{"looked at": {seen, 90}, "held back": {unseen, 90}, "held back of later ones": {later, 85}} {
		if 100*of.wrong > worst*of.all() || 100*(of.right+of.refused+of.offered) < of.least*of.all() {
			t.Errorf("of those %s: %v", name, of.score)
		}
	}
}

// worst is how many of the questions may be answered wrongly, in percent.
const worst = 7

func (s *score) judge(o *outlet, a asked, found pull.Selection) (verdict, got string) {
	switch answered := len(found.Items) > 0; {
	case !answered && a.article < 0:
		s.refused++
	case !answered && slices.ContainsFunc(found.Choices, func(c what.Term) bool { return c.Names[0] == o.articles[a.article].Title }):
		s.offered++
	case !answered:
		s.lost++
		return "lost", ""
	case o.good(a, found.Items[0]):
		s.right++
	default:
		s.wrong++
		if a.article >= 0 && found.Items[0].Link == o.articles[a.article].Link {
			s.beside++
		}
		return "WRONG", found.Items[0].Summary
	}
	return "", ""
}
