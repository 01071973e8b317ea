package eval

import (
	"encoding/json"
	"slices"
	"time"
)

// speed is how fast messages are answered, one after another.
type speed struct {
	PerSecond float64 `json:"per_second"`
	// Median and P95 are the microseconds that a message takes.
	Median float64 `json:"median_us"`
	P95    float64 `json:"p95_us"`
	// Build is the milliseconds that the index takes. What is known of
	// languages, which is the same for every catalogue, is loaded before.
	Build float64 `json:"build_ms"`
}

// answerQueries has the matcher answer all messages, and takes its time.
func (e *evaluation) answerQueries(queries []query) ([]*prediction, *speed, error) {
	entries, err := readEntries(e.catalogue)
	if err != nil {
		return nil, nil, err
	}
	newIndex(nil, e.autocorrect)
	began := e.clock()
	index := newIndex(entries, e.autocorrect)
	speed := speed{Build: roundFigure(micros(e.clock().Sub(began)) / 1000)}
	answers := make([]*prediction, len(queries))
	took := make([]float64, len(queries))
	var all time.Duration
	for i := range queries {
		text := *queries[i].Text
		began := e.clock()
		found := index.Match(text)
		spent := e.clock().Sub(began)
		all += spent
		took[i] = micros(spent)
		p := newPrediction(text, found)
		p.Explanation = explainMatch(found)
		answers[i] = &p
		e.progress.Tell(i+1, len(queries))
	}
	slices.Sort(took)
	speed.Median, speed.P95 = roundFigure(quantileOf(took, 0.5)), roundFigure(quantileOf(took, 0.95))
	if all > 0 {
		speed.PerSecond = roundFigure(float64(len(queries)) / all.Seconds())
	}
	return answers, &speed, nil
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// answerKey finds the answer to a message. Answers that name no catalogue
// serve all of them.
type answerKey struct{ catalogue, text string }

// readPredictions reads answers and returns them in the order of the messages,
// nil where there is none.
func readPredictions(path string, queries []query) ([]*prediction, error) {
	known := map[answerKey]*prediction{}
	err := eachLine(path, func(line []byte) error {
		var p struct {
			Text      *string `json:"q"`
			Catalogue string  `json:"catalogue"`
			prediction
		}
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		if p.Text == nil {
			return missingField("q")
		}
		p.prediction.Text = *p.Text
		switch p.Type {
		case "":
			p.Type = "none"
		case "run", "offer", "none", "reserved":
		default:
			return wrongType(p.Type)
		}
		known[answerKey{p.Catalogue, *p.Text}] = &p.prediction
		return nil
	})
	if err != nil {
		return nil, err
	}
	answers := make([]*prediction, len(queries))
	for i := range queries {
		text := *queries[i].Text
		answers[i] = known[answerKey{queries[i].Catalogue, text}]
		if answers[i] == nil {
			answers[i] = known[answerKey{"", text}]
		}
	}
	return answers, nil
}
