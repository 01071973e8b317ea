package instruction

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// compileGuesses returns the tables of the classifier.
func compileGuesses() (map[string][]byte, error) {
	packed := map[string][]uint64{}
	var said []string
	for _, tag := range languages.Tags() {
		count, lists := newCounted(), newCounted()
		had := map[string]bool{}
		for _, file := range []string{File, commandsFile, stopFile} {
			for section, line := range languages.Patterns(tag, file) {
				count.addLine(kindOfSection(file, section), line)
				if slices.Contains(onLists[:], Kind(section)) {
					lists.addLine(Kind(section), line)
				}
			}
			for section, line := range languages.Lines(tag, file) {
				if file == stopFile && section == "itself" {
					section = string(Stop)
				}
				if !had[section] && slices.Contains(Guessed(), Kind(section)) {
					had[section], said = true, append(said, tag+" "+section+"="+line)
				}
			}
		}
		own, known := lists.weigh(onLists[:]), count.weigh(guessed[:])
		for feature, numbers := range known {
			if of, ok := own[feature]; ok {
				packed[tag+" "+feature] = append(numbers, of...)
			} else {
				packed[tag+" "+feature] = append(numbers, slices.Repeat([]uint64{weightZero}, len(onLists))...)
			}
		}
	}
	table, err := hashtable.Freeze(packed)
	if err != nil {
		return nil, fmt.Errorf("freeze %s: %w", tableWeights, err)
	}
	return map[string][]byte{tableWeights: table, tableSayings: []byte(strings.Join(said, "\n"))}, nil
}

// sectionAge asks how old an answer is, in words that are those of any question.
const sectionAge = "why-worded"

// kindOfSection returns the kind that the lines of a section are counted for, "" for none.
func kindOfSection(file, section string) Kind {
	if strings.HasPrefix(section, "slot ") || section == sectionThis || section == sectionFiller || section == sectionAge || slices.Contains([]Kind{Again, LanguageAgain, Here}, Kind(section)) {
		return ""
	}
	switch file {
	case commandsFile:
		section, _, _ = strings.Cut(section, "-")
	case stopFile:
		return kindOfStop[section]
	}
	return cmp.Or(likeKinds[Kind(section)], Kind(section))
}

// kindOfStop are the sections of stop.txt that say what ends a subscription.
var kindOfStop = map[string]Kind{"core": Stop, "needing": Stop, "insistent": Stop, "worded": Stop}

// counted is in how many wordings of each kind something stands, and how many there are.
type counted struct {
	of  map[Kind]map[string]int
	all map[Kind]int
}

func newCounted() counted { return counted{of: map[Kind]map[string]int{}, all: map[Kind]int{}} }

var notWords = regexp.MustCompile(`<[^>]*>|\{[^}]*\}|[()|]`)

// addLine counts a line of a file, which is one wording with all its alternatives.
func (c *counted) addLine(kind Kind, line string) {
	if kind == "" {
		return
	}
	if c.of[kind] == nil {
		c.of[kind] = map[string]int{}
	}
	c.all[kind]++
	seen := map[string]bool{}
	for _, feature := range featuresOf(textform.Tokenise(notWords.ReplaceAllString(line, " "), nil), nil) {
		if !seen[feature] {
			seen[feature] = true
			c.of[kind][feature]++
		}
	}
}

// weigh returns the weights of all that was counted, for each kind.
func (c *counted) weigh(kinds []Kind) map[string][]uint64 {
	features, weights := map[string]float64{}, map[string][]uint64{}
	lines, among := 0, map[string]int{}
	for kind, of := range c.of {
		lines += c.all[kind]
		for feature, n := range of {
			among[feature] += n
		}
	}
	for kind, of := range c.of {
		for feature, n := range of {
			features[feature] += float64(n) / float64(c.all[kind])
		}
	}
	for feature, sum := range features {
		for _, kind := range kinds {
			likely := smoothing + float64(c.of[kind][feature])/max(1, float64(c.all[kind]))
			average := smoothing + sum/float64(len(c.all))
			if kind == Stop {
				n := c.of[kind][feature]
				likely = (float64(n) + 0.5) / float64(c.all[kind]+1)
				average = (float64(among[feature]-n) + 0.5) / float64(lines-c.all[kind]+1)
			}
			weights[feature] = append(weights[feature], uint64(weightZero+math.Round(weightScale*math.Log(likely/average))))
		}
	}
	return weights
}
