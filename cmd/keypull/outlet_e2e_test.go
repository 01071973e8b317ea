package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull/words"
)

// dated are the places of days in the documents of an outlet: days from today, in the
// forms of feeds, calendars and JSON-LD.
var dated = regexp.MustCompile(`RFC-\d+|ICS\+\d+|DAY(-\d+|\+\d+|SAT|SUN)|\b(CS|DE|EN|ES|FR|IT|NL|PL|PT|TR)(-\d+|\+\d+|SAT|SUN)|SAT|SUN|NOW`)

// dateOf fills such a place.
func dateOf(place string, now time.Time) string {
	days := func(sign string) time.Time {
		_, n, _ := strings.Cut(place, sign)
		i, _ := strconv.Atoi(n)
		if sign == "-" {
			i = -i
		}
		return now.AddDate(0, 0, i)
	}
	weekday := func(d time.Weekday) time.Time {
		at := now.AddDate(0, 0, 1)
		for at.Weekday() != d {
			at = at.AddDate(0, 0, 1)
		}
		return at
	}
	const compact = "20060102"
	if language := strings.ToLower(place[:2]); slices.Contains([]string{"cs", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr"}, language) {
		at := days(place[2:3])
		switch place[2:] {
		case "SAT":
			at = weekday(time.Saturday)
		case "SUN":
			at = weekday(time.Sunday)
		}
		return words.WithWeekday(language, at, words.Day(language, at))
	}
	switch {
	case place == "SAT":
		return weekday(time.Saturday).Format(compact)
	case place == "SUN":
		return weekday(time.Sunday).Format(compact)
	case place == "DAYSAT":
		return weekday(time.Saturday).Format(time.DateOnly)
	case place == "DAYSUN":
		return weekday(time.Sunday).Format(time.DateOnly)
	case strings.HasPrefix(place, "RFC-"):
		return days("-").Format(time.RFC1123Z)
	case strings.HasPrefix(place, "ICS+"):
		return days("+").Format(compact)
	case strings.HasPrefix(place, "DAY+"):
		return days("+").Format(time.DateOnly)
	case strings.HasPrefix(place, "DAY-"):
		return days("-").Format(time.DateOnly)
	}
	return now.Format(time.RFC3339)
}

// outletOf serves the documents of a file of testdata/outlets, each below a line with
// its path, and returns the one at "ASKS", which nobody is served.
func outletOf(t *testing.T, name string, clock *testClock) (site string, documents map[string]string) {
	t.Helper()
	whole, err := os.ReadFile("testdata/outlets/" + name + ".txt") //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	documents = map[string]string{}
	for i, part := range regexp.MustCompile(`(?m)^-- (\S+) --\n`).Split(string(whole), -1) {
		if i > 0 {
			documents[regexp.MustCompile(`(?m)^-- (\S+) --\n`).FindAllStringSubmatch(string(whole), -1)[i-1][1]] = part
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := strings.TrimPrefix(r.URL.Path, "/")
		if at == "" || strings.HasSuffix(at, "/") {
			at += "index.html"
		}
		if _, isFolder := documents[at+"/index.html"]; isFolder {
			at += "/index.html"
		}
		text, ok := documents[at]
		if !ok || at == "ASKS" || at == "PASTE" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", map[string]string{".html": "text/html", ".xml": "application/xml", ".ics": "text/calendar", ".txt": "text/plain", ".csv": "text/csv", "": "application/json"}[path.Ext(at)]+"; charset=utf-8")
		text = strings.ReplaceAll(text, "BASE", "http://"+r.Host)
		_, _ = fmt.Fprint(w, dated.ReplaceAllStringFunc(text, func(place string) string { return dateOf(place, clock.Now()) }))
	}))
	t.Cleanup(server.Close)
	return server.URL, documents
}

// wednesdayMorning is when the outlets are asked, whenever the test runs: "on saturday" is
// then neither today nor a week away.
func wednesdayMorning() time.Time {
	at := time.Now().UTC().Truncate(24 * time.Hour).Add(9 * time.Hour)
	for at.Weekday() != time.Wednesday || time.Until(at) < 0 {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// TestWhatIsFoundAnswers sets outlets up by what discovery proposes, unchanged, and asks
// what their readers ask: each line of ASKS with what the answer or an offer must hold, or
// - for what is no question to the outlet. Every second line was not looked at while
// discovery was built.
func TestWhatIsFoundAnswers(t *testing.T) {
	for _, c := range []struct {
		name, language string
		more           []string
		// right is how many in a hundred are to be answered or offered rightly, wrong how
		// many of a half may be answered otherwise.
		right, wrong int
	}{{"paper", "de", []string{"en"}, 91, 0}, {"kitchen", "fr", nil, 100, 0}, {"finance", "en", nil, 91, 0}, {"comarca", "es", nil, 95, 0}, {"radio", "en", nil, 95, 0}, {"baths", "de", nil, 90, 0}, {"bourse", "fr", nil, 91, 1}, {"library", "de", nil, 90, 0}, {"theatre", "fr", nil, 70, 0}, {"football", "en", nil, 80, 0}, {"clinic", "it", nil, 90, 0}, {"museum", "nl", nil, 90, 0}, {"farmshop", "en", nil, 80, 1}, {"vet", "pl", nil, 93, 0}, {"townhall", "es", nil, 80, 0}, {"gazette", "fr", nil, 73, 0}, {"campus", "de", nil, 53, 1}, {"cinema", "pt", nil, 60, 1}, {"gemeente", "nl", nil, 86, 0}, {"volley", "it", nil, 53, 1}, {"simhall", "sv", nil, 60, 0}, {"biblioteca", "pt", nil, 66, 0}, {"fitko", "cs", nil, 56, 0}, {"okul", "tr", nil, 37, 1}, {"mercato", "it", nil, 56, 0}, {"harbour", "en", nil, 63, 1}, {"muehle", "de", nil, 46, 0}, {"quartier", "fr", nil, 67, 0}, {"paseo", "es", nil, 71, 0}, {"ledger", "en", nil, 74, 1}, {"ateneo", "it", nil, 46, 0}, {"tribune", "en", nil, 78, 0}, {"fogao", "pt", nil, 71, 0}, {"boersenblick", "de", nil, 64, 0}, {"depeche", "fr", nil, 67, 0}, {"cucharon", "es", nil, 60, 2}, {"coinpost", "en", nil, 74, 1}, {"thornbeck", "en", nil, 60, 1}, {"paiolo", "it", nil, 71, 2}, {"kurswarte", "de", nil, 67, 2}, {"haverbeek", "nl", nil, 57, 0}, {"larder", "en", nil, 64, 1}, {"harrow", "en", nil, 64, 1}} {
		t.Run(c.name, func(t *testing.T) {
			s := serveConsole(t)
			s.resolver.LookTime = time.Minute // however busy the machine is
			s.clock.advance(time.Until(wednesdayMorning()))
			site, documents := outletOf(t, c.name, s.clock)
			admin := s.admin()
			admin.want(http.StatusCreated, http.MethodPost, "/publishers", object{"publisher": object{
				"id": c.name, "name": "Test", "languages": append([]string{c.language}, c.more...), "time_zone": "Europe/Berlin",
			}})
			for _, at := range strings.Fields(strings.TrimSpace("/ " + documents["PASTE"])) {
				began := time.Now()
				found := admin.want(http.StatusOK, http.MethodPost, "/publishers/"+c.name+"/discover/source", object{"address": site + at})
				t.Logf("%s: %d sources, %d keywords in %s", at, len(found.entries("sources")), len(found.entries("keywords")), time.Since(began).Round(time.Millisecond))
				for i, k := range found.entries("keywords") {
					t.Logf("   %s: %v %s %v", k["source"], k["phrases"], k["argument"], k["bare"])
					if tried := found.entries("tried")[i]; tried["answers"] != true || len(entriesOf(tried, "asked")) < 3 {
						t.Errorf("%v is proposed, and was asked no more than %v", k["phrases"], tried["asked"])
					}
				}
				if at == "/" {
					defer func() { //nolint:gocritic // there is one such address
						again := admin.want(http.StatusOK, http.MethodPost, "/publishers/"+c.name+"/discover/source", object{"address": site + at})
						if more := again.entries("sources"); len(more) > 0 {
							t.Errorf("what stands is offered again: %v", more)
						}
					}()
				}
				if len(found.entries("sources")) > 0 {
					admin.want(http.StatusOK, http.MethodPost, "/publishers/"+c.name+"/discover/adopt", object{"sources": found.object["sources"], "keywords": found.object["keywords"]})
				}
			}
			ask := func(reader int, said string) (outcome, told string) {
				got := admin.want(http.StatusOK, http.MethodPost, "/publishers/"+c.name+"/ask", object{"channel": "web", "reader": "r" + strconv.Itoa(reader), "text": said, "language": c.language, "keep": true})
				var b strings.Builder
				for _, m := range got.entries("messages") {
					fmt.Fprintln(&b, textOf(m, "text"), m["buttons"], m["rows"])
				}
				return textOf(got.table("trace"), "outcome"), b.String()
			}
			lines := strings.Split(strings.TrimSpace(documents["ASKS"]), "\n")
			first, _, _ := strings.Cut(lines[0], "\t")
			for _, said := range []string{first, "xyzzy"} { // what no list knows is refused until all are read
				eventually(t, "the sources have been read", func() bool { outcome, _ := ask(-1, said); return outcome != "refused" })
			}
			for _, half := range []int{0, 1} {
				right, wrong, all, vain, answered := 0, 0, 0, 0, 0 // vain are offers to what has no answer
				for i, line := range lines {
					if i%2 != half {
						continue
					}
					said, want, _ := strings.Cut(line, "\t")
					outcome, told := ask(i, said)
					all++
					if outcome == "answered" {
						answered++
					}
					offers := strings.Contains(told, "send:o:") // also behind what is not known
					if want == "-" && offers {
						vain++
					}
					for n := 1; n <= 3 && offers && want != "-" && !hasOne(told, want); n++ { // what is offered counts by what it tells
						if n > 1 {
							ask(i, said) // of what is offered one is taken
						}
						_, taken := ask(i, strconv.Itoa(n))
						told += taken
					}
					switch {
					case want == "-" && outcome != "answered", want != "-" && hasOne(told, want):
						right++
						continue
					case outcome == "answered":
						wrong++
					}
					if half == 0 || os.Getenv("BOTH") != "" {
						t.Logf("%q: %s: %.400q", said, outcome, told)
					}
				}
				t.Logf("half %d: %d of %d right, %d wrong, %d offered in vain, %d answered", half, right, all, wrong, vain, answered)
				if right*100 < c.right*all || wrong > c.wrong {
					t.Errorf("of half %d, %d of %d are right and %d wrong", half, right, all, wrong)
				}
			}
		})
	}
}

func hasOne(text, wanted string) bool {
	text = strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(text)
	for want := range strings.SplitSeq(wanted, "|") {
		if strings.Contains(text, want) {
			return true
		}
	}
	return false
}
