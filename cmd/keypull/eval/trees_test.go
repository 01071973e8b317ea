package eval

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var updateTrees = flag.Bool("update-trees", false, "write the trees that the messages tell into pull/what/trees.txt")

// How the trees are grown.
const (
	manyTrees = 300
	steps     = 5
	// learned is how much of what a tree could tell it does: the next ones tell the rest.
	learned = 0.06
	// pulled draws what few messages tell towards nothing, leastBehind is what stands
	// behind each branch at least.
	pulled, leastBehind = 6, 4
	maxCuts             = 12
	// drawnSamples and drawnPieces are the shares of the samples and of the pieces of evidence
	// that a tree is grown from: what no tree sees alone is told by several.
	drawnSamples, drawnPieces = 0.5, 0.4
)

// forest grows trees from samples.
type forest struct {
	samples []sample
	pieces  int
	// cuts are the limits that are tried for each piece, bins how many of them each
	// sample is not below.
	cuts [][]float64
	bins [][]uint8
	// odds is what the trees so far come to, slopes and bends how the loss changes
	// with it.
	odds, slopes, bends []float64
	lines               []string
	// drawn are the pieces that the next tree may ask for.
	drawn []bool
}

// grownTrees returns gradient-boosted trees in the form of pull/what/trees.txt, and what
// they come to.
func grownTrees(samples []sample) *forest {
	f := &forest{samples: samples, pieces: len(samples[0].counts), odds: make([]float64, len(samples)), slopes: make([]float64, len(samples)), bends: make([]float64, len(samples))}
	f.cut()
	luck := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same trees each time
	for range manyTrees {
		some := f.draw(luck)
		for i := range samples {
			s := &samples[i]
			p := 1 / (1 + math.Exp(-f.odds[i]))
			f.slopes[i], f.bends[i] = s.weight*(meantOf(s)-p), s.weight*p*(1-p)
		}
		var line strings.Builder
		f.grow(&line, some, steps)
		f.lines = append(f.lines, strings.TrimSpace(line.String()))
		for i := range samples {
			f.odds[i] += oddsOf(f.lines[len(f.lines)-1:], samples[i].counts)
		}
	}
	return f
}

// draw chooses the pieces and the samples of the next tree.
func (f *forest) draw(luck *rand.Rand) (some []int) {
	f.drawn = make([]bool, f.pieces)
	for p := range f.drawn {
		f.drawn[p] = luck.Float64() < drawnPieces
	}
	for i := range f.samples {
		if luck.Float64() < drawnSamples {
			some = append(some, i)
		}
	}
	return some
}

func meantOf(s *sample) float64 {
	if s.meant {
		return 1
	}
	return 0
}

// cut chooses the limits of each piece, between what it comes to in the samples.
func (f *forest) cut() {
	f.cuts, f.bins = make([][]float64, f.pieces), make([][]uint8, f.pieces)
	for p := range f.pieces {
		values := make([]float64, len(f.samples))
		for i := range f.samples {
			values[i] = f.samples[i].counts[p]
		}
		slices.Sort(values)
		values = slices.Compact(values)
		if step := len(values)/maxCuts + 1; step > 1 {
			var fewer []float64
			for i := 0; i < len(values); i++ {
				if i < maxCuts || i%step == 0 {
					fewer = append(fewer, values[i])
				}
			}
			values = fewer
		}
		for i := 1; i < len(values); i++ {
			f.cuts[p] = append(f.cuts[p], (values[i-1]+values[i])/2)
		}
		f.bins[p] = make([]uint8, len(f.samples))
		for i := range f.samples {
			for _, c := range f.cuts[p] {
				if f.samples[i].counts[p] >= c {
					f.bins[p][i]++
				}
			}
		}
	}
}

// grow writes the node that parts some samples best, and those below it.
func (f *forest) grow(line *strings.Builder, some []int, left int) {
	slope, bend := f.sums(some)
	value := learned * slope / (bend + pulled)
	piece, at := -1, 0
	if left > 0 {
		piece, at = f.bestCut(some, slope, bend)
	}
	if piece < 0 {
		value = math.Round(value*1e4) / 1e4
		fmt.Fprintf(line, "=%g ", value)
		return
	}
	fmt.Fprintf(line, "%d<%g=%.4f ", piece, f.cuts[piece][at], value)
	var below, above []int
	for _, i := range some {
		if int(f.bins[piece][i]) <= at {
			below = append(below, i)
		} else {
			above = append(above, i)
		}
	}
	f.grow(line, below, left-1)
	f.grow(line, above, left-1)
}

func (f *forest) sums(some []int) (slope, bend float64) {
	for _, i := range some {
		slope, bend = slope+f.slopes[i], bend+f.bends[i]
	}
	return slope, bend
}

// bestCut returns the piece and the limit that part some samples best, or -1.
func (f *forest) bestCut(some []int, slope, bend float64) (piece, at int) {
	const leastGain = 1
	piece, best := -1, leastGain+slope*slope/(bend+pulled)
	for p := range f.pieces {
		n := len(f.cuts[p])
		if n == 0 || !f.drawn[p] {
			continue
		}
		slopes, bends := make([]float64, n+1), make([]float64, n+1)
		for _, i := range some {
			b := f.bins[p][i]
			slopes[b] += f.slopes[i]
			bends[b] += f.bends[i]
		}
		s, b := 0.0, 0.0
		for c := range n {
			s, b = s+slopes[c], b+bends[c]
			if b < leastBehind || bend-b < leastBehind {
				continue
			}
			if gain := s*s/(b+pulled) + (slope-s)*(slope-s)/(bend-b+pulled); gain > best+1e-9 {
				piece, at, best = p, c, gain
			}
		}
	}
	return piece, at
}

// oddsOf returns what trees in the form of trees.txt come to.
func oddsOf(lines []string, counts []float64) (sum float64) {
	for _, line := range lines {
		fields := strings.Fields(line)
		for i := 0; ; {
			question, value, _ := strings.Cut(fields[i], "=")
			if question == "" {
				sum += parsed(value)
				break
			}
			piece, below, _ := strings.Cut(question, "<")
			i++
			if counts[int(parsed(piece))] >= parsed(below) {
				// Behind the left branch.
				for open := 1; open > 0; i++ {
					if strings.HasPrefix(fields[i], "=") {
						open--
					} else {
						open++
					}
				}
			}
		}
	}
	return sum
}

// parsed reads a number of trees.txt; what is none would be no tree.
func parsed(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// lossOf returns how far certainties lie from what is meant, by their weight: the mean
// logarithm of what was thought of the truth.
func lossOf(samples []sample, value func(*sample) float64) float64 {
	loss, total := 0.0, 0.0
	for i := range samples {
		s := &samples[i]
		v := min(max(value(s), 1e-9), 1-1e-9)
		if !s.meant {
			v = 1 - v
		}
		loss -= s.weight * math.Log(v)
		total += s.weight
	}
	return loss / total
}

// TestTheTreesAreWhatTheMessagesTell grows the trees of pull/what/trees.txt anew. Those
// that stand must tell no less of messages that none were fitted to, but for what a changed
// word of a language brings; -update-trees writes the new ones, to be done twice, since
// what is weighed depends on them.
func TestTheTreesAreWhatTheMessagesTell(t *testing.T) {
	t.Parallel()
	all := readSamples(t)
	f := grownTrees(all)
	if *updateTrees {
		if err := os.WriteFile("../../../pull/what/trees.txt", []byte(strings.Join(f.lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile("../../../pull/what/trees.txt")
	if err != nil {
		t.Fatal(err)
	}
	held := heldSamples(t)
	for i := range held {
		held[i].weight = 1
	}
	lossBy := func(lines []string) float64 {
		return lossOf(held, func(s *sample) float64 { return 1 / (1 + math.Exp(-oddsOf(lines, s.counts))) })
	}
	now, anew := lossBy(strings.Split(strings.TrimSpace(string(text)), "\n")), lossBy(f.lines)
	if now > anew+0.02 {
		t.Errorf("the trees that stand tell less of %d messages that were held back (%.4f) than new ones (%.4f): go test ./cmd/keypull/eval -run Trees -update-trees", len(held), now, anew)
	}
}
