package journal

import "math"

// A value is counted in a bucket whose limits are a quarter of an octave
// apart, and told as the middle of its bucket: at most a tenth off. Less than
// about a microsecond counts as nothing, more than two years as two years.
const (
	perOctave  = 4
	leastPower = -10
	mostPower  = 36
	buckets    = (mostPower - leastPower) * perOctave
)

// Histogram counts values by size. It grows to the sizes that occur.
type Histogram struct {
	// Zeros are those that count as nothing, Counts those of the buckets from First on.
	Zeros  int      `json:"zeros,omitempty"`
	First  int      `json:"first,omitempty"`
	Counts []uint64 `json:"counts,omitempty"`
}

// addMillis counts a value of milliseconds; negative ones count as nothing.
func (h *Histogram) addMillis(v Millis) {
	size := math.Log2(min(max(float64(v), 0), 1<<mostPower)) - leastPower
	if math.IsNaN(size) || size < 0 {
		h.Zeros++
		return
	}
	i := min(int(size*perOctave), buckets-1)
	h.reach(i)
	h.Counts[i-h.First]++
}

// reach makes room for a bucket, and some beside it, since values lie together.
func (h *Histogram) reach(i int) {
	const beside = 4
	switch {
	case len(h.Counts) == 0:
		h.First = max(i-beside, 0)
		h.Counts = make([]uint64, min(i+beside, buckets)-h.First+1)
	case i < h.First:
		first := max(i-beside, 0)
		h.Counts = append(make([]uint64, h.First-first, h.First-first+len(h.Counts)), h.Counts...)
		h.First = first
	case i >= h.First+len(h.Counts):
		h.Counts = append(h.Counts, make([]uint64, i+beside-h.First-len(h.Counts))...)
	}
}

// mergeHistogram adds the counts of another.
func (h *Histogram) mergeHistogram(other *Histogram) {
	h.Zeros += other.Zeros
	if n := len(other.Counts); n > 0 {
		h.reach(other.First)
		h.reach(other.First + n - 1)
		for i, count := range other.Counts {
			h.Counts[other.First+i-h.First] += count
		}
	}
}

// Spread tells how many values there are, and the quantiles.
func (h *Histogram) Spread() Spread {
	s := Spread{Count: h.Zeros}
	for _, count := range h.Counts {
		s.Count += int(count) //nolint:gosec // a count
	}
	s.P50, s.P99 = h.quantile(s.Count, 50), h.quantile(s.Count, 99)
	return s
}

// quantile returns the smallest value that so many percent of all n do not
// pass.
func (h *Histogram) quantile(n, percent int) Millis {
	left := (n*percent+99)/100 - h.Zeros
	if left <= 0 {
		return 0
	}
	for i, count := range h.Counts {
		if left -= int(count); left <= 0 { //nolint:gosec // a count
			middle := (float64(h.First+i) + 0.5) / perOctave
			return Millis(math.Exp2(middle + leastPower))
		}
	}
	return 0
}
