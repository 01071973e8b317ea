package pages

import (
	"strconv"
	"strings"
)

// Size of curves in their own units: that of a page, and that of a row in a list.
const (
	curveWidth, curveHeight = 600, 140
	smallWidth, smallHeight = 90, 16
)

// Curve is a line of values over time, with the line of the time before behind it. Label says
// in words what is to be seen; the values stand in a table beside it.
type Curve struct {
	Label          string
	Values, Before []int
	// Open: the time of the last value is not over.
	Open bool
	// Small is for a row of a list.
	Small bool
}

// Width returns that of the curve.
func (c Curve) Width() int {
	if c.Small {
		return smallWidth
	}
	return curveWidth
}

// Height returns that of the whole, with room for the line's width above and below.
func (c Curve) Height() int { return c.rise() + 4 }

// rise returns how high the highest value stands.
func (c Curve) rise() int {
	if c.Small {
		return smallHeight
	}
	return curveHeight
}

// Most returns the highest value, 1 at least.
func (c Curve) Most() int {
	most := 1
	for _, v := range append(append([]int{}, c.Values...), c.Before...) {
		most = max(most, v)
	}
	return most
}

// Line returns the points of the values whose time is over.
func (c Curve) Line() string { return c.pointsOf(c.Values[:c.countClosed()], 0) }

// LineOpen returns the points of what leads to a value whose time is not over; "" where there
// is none.
func (c Curve) LineOpen() string {
	if !c.Open || len(c.Values) == 0 {
		return ""
	}
	from := max(c.countClosed()-1, 0)
	return c.pointsOf(c.Values[from:], from)
}

// countClosed returns of how many values the time is over.
func (c Curve) countClosed() int {
	if c.Open {
		return max(len(c.Values)-1, 0)
	}
	return len(c.Values)
}

// LineBefore returns the points of the values before.
func (c Curve) LineBefore() string { return c.pointsOf(c.Before, 0) }

// Area returns the points of what lies below the line.
func (c Curve) Area() string {
	foot := strconv.Itoa(c.Height())
	return "0," + foot + " " + c.Line() + " " + strconv.Itoa(c.across(c.countClosed()-1)) + "," + foot
}

// across returns where the n-th value stands. Where there are more of the time before, the
// values do not reach the end yet.
func (c Curve) across(n int) int {
	last := max(len(c.Values), len(c.Before)) - 1
	if last <= 0 {
		return c.Width() / 2
	}
	return max(n, 0) * c.Width() / last
}

// pointsOf returns the points of values, the first of which is the one of that number.
func (c Curve) pointsOf(values []int, first int) string {
	most, b := c.Most(), strings.Builder{}
	for i, v := range values {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(c.across(first+i)) + "," + strconv.Itoa(2+c.rise()-max(v, 0)*c.rise()/most))
	}
	return b.String()
}

// Asked is how often something was asked in 30 days, with a small curve.
type Asked struct {
	Sum   int
	Curve Curve
	// Clicks is how often links in its answers were followed; 0 where nobody counts.
	Clicks int
}

// NewAsked adds up days.
func NewAsked(days []int) Asked {
	a := Asked{Curve: Curve{Values: days, Small: true}}
	for _, n := range days {
		a.Sum += n
	}
	return a
}
