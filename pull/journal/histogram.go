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

// histogram counts values by size. It grows to the sizes that occur.
type histogram struct {
	zeros  uint32
	first  int
	counts []uint32
}

// addMillis counts a value of milliseconds; negative ones count as nothing.
func (h *histogram) addMillis(v Millis) {
	size := math.Log2(min(max(float64(v), 0), 1<<mostPower)) - leastPower
	if math.IsNaN(size) || size < 0 {
		h.zeros++
		return
	}
	i := min(int(size*perOctave), buckets-1)
	h.reach(i)
	h.counts[i-h.first]++
}

// reach makes room for a bucket, and some beside it, since values lie together.
func (h *histogram) reach(i int) {
	const beside = 4
	switch {
	case len(h.counts) == 0:
		h.first = max(i-beside, 0)
		h.counts = make([]uint32, min(i+beside, buckets)-h.first+1)
	case i < h.first:
		first := max(i-beside, 0)
		h.counts = append(make([]uint32, h.first-first, h.first-first+len(h.counts)), h.counts...)
		h.first = first
	case i >= h.first+len(h.counts):
		h.counts = append(h.counts, make([]uint32, i+beside-h.first-len(h.counts))...)
	}
}

// mergeHistogram adds the counts of another.
func (h *histogram) mergeHistogram(other *histogram) {
	h.zeros += other.zeros
	if n := len(other.counts); n > 0 {
		h.reach(other.first)
		h.reach(other.first + n - 1)
		for i, count := range other.counts {
			h.counts[other.first+i-h.first] += count
		}
	}
}

// quantiles tells the quantiles.
func (h *histogram) quantiles() Spread {
	s := Spread{Count: int(h.zeros)}
	for _, count := range h.counts {
		s.Count += int(count)
	}
	s.P50, s.P99 = h.quantile(s.Count, 50), h.quantile(s.Count, 99)
	return s
}

// quantile returns the smallest value that so many percent of all n do not
// pass.
func (h *histogram) quantile(n, percent int) Millis {
	left := (n*percent+99)/100 - int(h.zeros)
	if left <= 0 {
		return 0
	}
	for i, count := range h.counts {
		if left -= int(count); left <= 0 {
			middle := (float64(h.first+i) + 0.5) / perOctave
			return Millis(math.Exp2(middle + leastPower))
		}
	}
	return 0
}
