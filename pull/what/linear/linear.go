// Package linear weighs messages by linear models: logistic regression over the words of a
// message, their beginnings, its bigrams and the n-grams of characters, by their hashes. It knows
// what a feature weighs for each class, and nothing of what the classes are.
package linear

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"
)

// Feature is the hash of something that a message has.
type Feature uint32

// Hash returns the feature of a text of some kind, by FNV-1a.
func Hash(kind byte, text string) Feature {
	const offset, prime = 2166136261, 16777619
	h := (uint32(offset) ^ uint32(kind)) * prime
	for i := range len(text) {
		h = (h ^ uint32(text[i])) * prime
	}
	return Feature(h)
}

// Model holds what features weigh for each of some classes, in the bytes that Pack wrote: little
// is read before a message is weighed.
type Model struct {
	// Classes are the names of the classes.
	Classes []string
	// worth is what each level of a weight is worth, begins what each class has before any feature.
	worth  [1 << 4]float64
	begins []float64
	// features are sorted, weights those of each one behind the other, two to a byte.
	features, weights string
}

// Bytes of a number and of a feature, how many levels a weight has on either side of zero, and the
// greatest weight: those beyond it are taken for it.
const (
	numberBytes, featureBytes = 8, 4
	mostLevel                 = 7
	mostWeight                = 8.0
)

// Open returns the model that Pack wrote.
func Open(packed string) *Model {
	names, rest, _ := strings.Cut(packed, "\n")
	m := &Model{Classes: strings.Split(names, " ")}
	number := func() (n float64) {
		n = math.Float64frombits(binary.LittleEndian.Uint64([]byte(rest[:numberBytes])))
		rest = rest[numberBytes:]
		return n
	}
	most := number()
	for level := range m.worth {
		root := float64(level-mostLevel) / mostLevel
		m.worth[level] = math.Copysign(most*root*root, root)
	}
	for range m.Classes {
		m.begins = append(m.begins, number())
	}
	size := len(rest) / (featureBytes + weightBytes(len(m.Classes)))
	m.features, m.weights = rest[:size*featureBytes], rest[size*featureBytes:]
	return m
}

// weightBytes is how many bytes the weights of a feature for some classes take.
func weightBytes(classes int) int { return (classes + 1) / 2 }

// Pack writes the model of some classes, the same bytes each time: its weights in levels that are the
// finer the less a weight is.
func Pack(classes []string, begins []float64, weights map[Feature][]float64) []byte {
	most := 0.0
	for _, of := range weights {
		for _, w := range of {
			most = max(most, math.Abs(w))
		}
	}
	most = min(cmp.Or(most, 1), mostWeight)
	out := []byte(strings.Join(classes, " ") + "\n")
	for _, n := range slices.Concat([]float64{most}, begins) {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(n))
	}
	sorted := slices.Sorted(maps.Keys(weights))
	for _, f := range sorted {
		out = binary.LittleEndian.AppendUint32(out, uint32(f))
	}
	for _, f := range sorted {
		levels := make([]byte, weightBytes(len(classes)))
		for c, w := range weights[f] {
			root := math.Sqrt(min(math.Abs(w)/most, 1))
			level := mostLevel + int(math.Copysign(math.Round(root*mostLevel), w))
			levels[c/2] |= byte(level) << (c % 2 * 4) //nolint:gosec // of 4 bits
		}
		out = append(out, levels...)
	}
	return out
}

// Odds sets what some features come to for each class: the logarithm of its odds. Features that the
// model does not know say nothing.
func (m *Model) Odds(features []Feature, odds []float64) {
	clear(odds)
	known := 0
	for _, f := range features {
		at, ok := m.place(f)
		if !ok {
			continue
		}
		known++
		levels := m.weights[at*weightBytes(len(odds)):]
		for c := range odds {
			odds[c] += m.worth[levels[c/2]>>(c%2*4)&0xF]
		}
	}
	share := Share(known)
	for c := range odds {
		odds[c] = m.begins[c] + share*odds[c]
	}
}

// Holds reports whether the model has a weight for a feature, be it zero.
func (m *Model) Holds(f Feature) bool {
	_, ok := m.place(f)
	return ok
}

// Softmax turns the odds of classes that exclude each other, as logarithms, into how likely each is.
func Softmax(odds []float64) {
	sum, most := 0.0, slices.Max(odds)
	for c := range odds {
		odds[c] = math.Exp(odds[c] - most)
		sum += odds[c]
	}
	for c := range odds {
		odds[c] /= sum
	}
}

// Share is how much of its weight each of so many features brings: long messages are no surer than
// short ones.
func Share(known int) float64 { return 1 / math.Sqrt(float64(known+1)) }

// place returns where a feature stands.
func (m *Model) place(f Feature) (at int, ok bool) {
	from, to := 0, len(m.features)/featureBytes
	for from < to {
		at = (from + to) / 2
		switch have := m.feature(at); {
		case have == f:
			return at, true
		case have < f:
			from = at + 1
		default:
			to = at
		}
	}
	return 0, false
}

func (m *Model) feature(at int) Feature {
	s := m.features[at*featureBytes:]
	return Feature(s[0]) | Feature(s[1])<<8 | Feature(s[2])<<16 | Feature(s[3])<<24
}
