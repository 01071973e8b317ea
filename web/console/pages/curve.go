package pages

import (
	"strconv"
	"strings"
)

// Size of a curve in its own units.
const (
	curveWidth  = 600
	curveHeight = 140
)

// Curve is a line of values over time, with the line of the time before behind it. Label says
// in words what is to be seen; the values stand in a table beside it.
type Curve struct {
	Label          string
	Values, Before []int
}

// Width returns that of the curve.
func (c Curve) Width() int { return curveWidth }

// Height returns that of the highest value, with room for the line's width.
func (c Curve) Height() int { return curveHeight + 4 }

// Most returns the highest value, 1 at least.
func (c Curve) Most() int {
	most := 1
	for _, v := range append(append([]int{}, c.Values...), c.Before...) {
		most = max(most, v)
	}
	return most
}

// Line returns the points of the values.
func (c Curve) Line() string { return c.pointsOf(c.Values) }

// LineBefore returns the points of the values before.
func (c Curve) LineBefore() string { return c.pointsOf(c.Before) }

// Area returns the points of what lies below the values.
func (c Curve) Area() string {
	return "0," + strconv.Itoa(c.Height()) + " " + c.Line() + " " + strconv.Itoa(curveWidth) + "," + strconv.Itoa(c.Height())
}

func (c Curve) pointsOf(values []int) string {
	most, b := c.Most(), strings.Builder{}
	for i, v := range values {
		x := curveWidth / 2
		if len(values) > 1 {
			x = i * curveWidth / (len(values) - 1)
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(x) + "," + strconv.Itoa(2+curveHeight-max(v, 0)*curveHeight/most))
	}
	return b.String()
}
