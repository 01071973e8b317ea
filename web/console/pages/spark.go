package pages

// Size of a spark bar in its own units.
const (
	barWidth   = 5
	barGap     = 2
	barsHeight = 32
	barLeast   = 2
)

// Spark is a row of small bars, the newest last. Label says in words what is
// to be seen.
type Spark struct {
	Label  string
	Values []int
}

// Bar is one rectangle; Class is "last", "none" for an empty one, or "".
type Bar struct {
	X, Y, Width, Height int
	Class               string
}

// Width returns that of the whole row.
func (s Spark) Width() int { return max(len(s.Values)*(barWidth+barGap)-barGap, 1) }

// Height returns that of the highest bar.
func (s Spark) Height() int { return barsHeight }

// Bars returns the rectangles; what is below 0 counts as 0.
func (s Spark) Bars() []Bar {
	most := 1
	for _, v := range s.Values {
		most = max(most, v)
	}
	bars := make([]Bar, len(s.Values))
	for i, v := range s.Values {
		h, class := barLeast+max(v, 0)*(barsHeight-barLeast)/most, ""
		switch {
		case v <= 0:
			class = "none"
		case i == len(s.Values)-1:
			class = "last"
		}
		bars[i] = Bar{X: i * (barWidth + barGap), Y: barsHeight - h, Width: barWidth, Height: h, Class: class}
	}
	return bars
}
