package eval

import "math"

// report is what became of all messages. Rates are shares of 1, rounded to
// four places, and 0 where no message is of the kind.
type report struct {
	Queries int `json:"queries"`
	// Absent counts the messages without an answer.
	Absent int `json:"predictions_absent"`
	// Harmful is the share of messages answered by a keyword or a command that
	// was not meant. HarmfulDoubtful counts those whose expectation is open to
	// argument.
	Harmful         float64 `json:"harmful_rate"`
	HarmfulCount    int     `json:"harmful"`
	HarmfulDoubtful int     `json:"harmful_on_doubtful_labels"`
	// Top1 is the share of right answers where a keyword is meant, OfferRecall
	// the share that is run or among the first three offered.
	Top1        float64 `json:"top1_accuracy"`
	OfferRecall float64 `json:"offer_recall_at_3"`
	// Quiet is the share of right silence where nothing is meant.
	Quiet    float64 `json:"none_kept_quiet"`
	Reserved float64 `json:"reserved_recall"`
	Stop     float64 `json:"stop_recall"`
	// Utility is the mean worth of an answer: 1 is the best there is.
	Utility     float64                    `json:"utility"`
	Calibration *calibration               `json:"calibration,omitempty"`
	Speed       *speed                     `json:"speed,omitempty"`
	Classes     map[string]map[verdict]int `json:"classes"`
	Failures    []failure                  `json:"failures,omitempty"`

	total map[verdict]int
	// caseless are the figures of which no message is a case.
	caseless map[string]bool
}

// failure is an answer that neither is right nor offers what is.
type failure struct {
	Text    string      `json:"q"`
	Class   string      `json:"class"`
	Verdict verdict     `json:"verdict"`
	Expect  expectation `json:"expect"`
	// Got is nil where there is no answer.
	Got *prediction `json:"got"`
}

// rate is a share under way.
type rate struct{ part, all float64 }

func (r *rate) add(part float64) {
	r.part += part
	r.all++
}

func (r *rate) countCase(is bool) {
	if is {
		r.part++
	}
	r.all++
}

func (r *rate) shareOf() float64 { return roundFigure(r.part / max(1, r.all)) }

// quantileOf reads a sorted list.
func quantileOf(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// roundFigure keeps four places, so that what is printed is what is held against a
// floor.
func roundFigure(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// scorePredictions holds every answer against its expectation. Answers are nil where there
// is none.
func scorePredictions(queries []query, answers []*prediction) *report {
	r := &report{Queries: len(queries), Classes: map[string]map[verdict]int{}, total: map[verdict]int{}}
	var top, recall, quiet, reserved, stop rate
	for i := range queries {
		q := &queries[i]
		if answers[i] == nil {
			r.Absent++
		}
		v, reached := judgePrediction(&q.Expect, answers[i])
		r.count(q.Class, v)
		right := v == verdictRight
		switch q.Expect.Type {
		case "run":
			top.countCase(right)
			recall.add(reached)
		case "offer":
			recall.add(reached)
		case "none":
			quiet.countCase(right)
		case "reserved":
			reserved.countCase(right)
			if q.Expect.ID == "stop" {
				stop.countCase(right)
			}
		}
		if v == verdictWrongRun && q.Doubt {
			r.HarmfulDoubtful++
		}
	}
	r.HarmfulCount = r.total[verdictWrongRun]
	r.Harmful = roundFigure(float64(r.HarmfulCount) / float64(len(queries)))
	r.Top1, r.OfferRecall, r.Quiet = top.shareOf(), recall.shareOf(), quiet.shareOf()
	r.Reserved, r.Stop = reserved.shareOf(), stop.shareOf()
	r.caseless = map[string]bool{"top1": top.all == 0, "offer-recall": recall.all == 0, "quiet": quiet.all == 0, "reserved": reserved.all == 0, "stop": stop.all == 0}
	for _, v := range verdicts {
		r.Utility += v.worth * float64(r.total[v.verdict])
	}
	r.Utility = roundFigure(r.Utility / float64(len(queries)))
	r.Calibration = countCalibration(queries, answers)
	return r
}

func (r *report) count(class string, v verdict) {
	if r.Classes[class] == nil {
		r.Classes[class] = map[verdict]int{}
	}
	r.Classes[class][v]++
	r.total[v]++
}

// keepFailures keeps the failures of a class, or of all.
func (r *report) keepFailures(class string, queries []query, answers []*prediction) {
	for i := range queries {
		q := &queries[i]
		if class == "" || class != everyClass && class != q.Class {
			continue
		}
		if v, _ := judgePrediction(&q.Expect, answers[i]); v != verdictRight && v != verdictOfferedRight {
			r.Failures = append(r.Failures, failure{Text: *q.Text, Class: q.Class, Verdict: v, Expect: q.Expect, Got: answers[i]})
		}
	}
}
