package calendar

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// zone turns what a clock on the wall shows into a moment: by the tz database,
// or by what a file says of a zone of its own.
type zone struct {
	location *time.Location
	// onsets are when the offset changes, by the clock before, in their order;
	// first is the offset before all of them, in seconds.
	onsets []onset
	first  int
}

type onset struct {
	wall   time.Time
	offset int
}

// momentOf returns when the clocks of the zone show a wall time, which is given in
// UTC: the first time where they show it twice. A time that they skip is that of
// the clock as it went before (RFC 5545 §3.3.5).
func (z zone) momentOf(wall time.Time) time.Time {
	const farthest = 15 * time.Hour
	if z.location == nil {
		return wall.Add(-time.Duration(z.offsetAt(wall)) * time.Second)
	}
	before := shifted(wall, wall.Add(-farthest), z.location)
	after := shifted(wall, wall.Add(farthest), z.location)
	if !wallOf(before, z.location).Equal(wall) && wallOf(after, z.location).Equal(wall) {
		return after
	}
	return before
}

// shifted reads a wall time with the offset that holds near some moment.
func shifted(wall, near time.Time, location *time.Location) time.Time {
	_, offset := near.In(location).Zone()
	return wall.Add(-time.Duration(offset) * time.Second)
}

// wallOf returns what clocks show at a moment, as a time in UTC.
func wallOf(t time.Time, location *time.Location) time.Time {
	_, offset := t.In(location).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

func (z zone) offsetAt(wall time.Time) int {
	i, _ := slices.BinarySearchFunc(z.onsets, wall, func(o onset, t time.Time) int {
		if o.wall.After(t) {
			return 1
		}
		return -1
	})
	if i == 0 {
		return z.first
	}
	return z.onsets[i-1].offset
}

// zones finds the zones of one file by what it calls them.
type zones struct {
	// floating is that of times that name none.
	floating zone
	// own are those that the file defines.
	own map[string]definition
	// known are those that were looked up, and whether they are.
	known map[string]lookedUp
	// from and to bound the moments that matter.
	from, to time.Time
	steps    *int
}

// lookedUp is a zone, or that there is none of its name.
type lookedUp struct {
	zone
	ok bool
}

// findZone returns the zone of a name, or false if it is unknown.
func (z *zones) findZone(name string) (zone, bool) {
	name = strings.Trim(strings.TrimSpace(name), `"`)
	if name == "" {
		return z.floating, true
	}
	found, known := z.known[name]
	if !known {
		found.zone, found.ok = z.lookUpZone(name)
		z.known[name] = found
	}
	return found.zone, found.ok
}

func (z *zones) lookUpZone(name string) (zone, bool) {
	if location, ok := findLocation(name); ok {
		return zone{location: location}, true
	}
	if d, ok := z.own[name]; ok {
		return d.zone(z.from, z.to, z.steps)
	}
	if seconds, ok := fixedOffset(name); ok {
		return zone{first: seconds}, true
	}
	return zone{}, false
}

// findLocation finds a zone of the tz database: by its name, also where a program has
// put its own before it ("/example.com/2024/Europe/Berlin"), or by what Windows
// calls it.
func findLocation(name string) (*time.Location, bool) {
	if place, ok := windowsNames()[strings.ToLower(name)]; ok {
		name = place
	}
	parts := strings.Split(strings.ReplaceAll(name, " ", "_"), "/")
	for i := range parts {
		tail := strings.Join(parts[i:], "/")
		if tail == "" || strings.EqualFold(tail, "local") {
			continue
		}
		if len(parts[i:]) == 1 && i > 0 {
			break // "Berlin" alone, of a path that is none
		}
		if location, err := time.LoadLocation(tail); err == nil {
			return location, true
		}
	}
	return nil, false
}

// fixedName is "GMT+0200", "UTC+02:00", "+02:00".
var fixedName = regexp.MustCompile(`^(?i:GMT|UTC)? ?([+-])(\d{1,2}):?(\d{2})?$`)

func fixedOffset(name string) (seconds int, ok bool) {
	switch strings.ToUpper(name) {
	case "Z", "UT", "UTC", "GMT":
		return 0, true
	}
	m := fixedName.FindStringSubmatch(name)
	if m == nil {
		return 0, false
	}
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi(m[3])
	seconds = 3600*hours + 60*minutes
	if m[1] == "-" {
		seconds = -seconds
	}
	return seconds, hours <= 14 && minutes < 60
}

//go:embed windows.txt
var windowsText string

var windowsNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(windowsText) {
		if windows, place, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			names[strings.ToLower(windows)] = place
		}
	}
	return names
})

// definition is a VTIMEZONE: its observances.
type definition []observance

// observance is a STANDARD or DAYLIGHT: from when on which offset holds, in
// seconds.
type observance struct {
	begins   time.Time
	rule     string
	dates    []time.Time
	from, to int
}

// zone lays the observances out over the years that matter.
func (d definition) zone(from, to time.Time, steps *int) (zone, bool) {
	var z zone
	const around = 400 * 24 * time.Hour
	for _, o := range d {
		walls := append([]time.Time{o.begins}, o.dates...)
		if o.rule != "" {
			r, err := parseRule(o.rule)
			if err != nil {
				return z, false
			}
			r.untilWall(zone{first: o.from})
			if err := r.walkTimes(o.begins, from.Add(-around), to.Add(around), steps, func(wall time.Time) bool {
				walls = append(walls, wall)
				return len(walls) < 500
			}); err != nil {
				return z, false
			}
		}
		for _, wall := range walls {
			z.onsets = append(z.onsets, onset{wall, o.to})
		}
	}
	if len(z.onsets) == 0 {
		return z, false
	}
	slices.SortStableFunc(z.onsets, func(a, b onset) int { return a.wall.Compare(b.wall) })
	for _, o := range d {
		if o.begins.Equal(z.onsets[0].wall) {
			z.first = o.from
		}
	}
	return z, true
}

// readObservance reads a STANDARD or DAYLIGHT component.
func readObservance(c *component) (observance, bool) {
	var o observance
	var ok [3]bool
	o.from, ok[0] = offsetOf(c.valueOf("TZOFFSETFROM"))
	o.to, ok[1] = offsetOf(c.valueOf("TZOFFSETTO"))
	o.begins, _, ok[2] = wallTime(c.valueOf("DTSTART"))
	o.rule = c.valueOf("RRULE")
	for _, text := range c.values("RDATE") {
		if wall, _, ok := wallTime(text); ok && len(o.dates) < maxProperties {
			o.dates = append(o.dates, wall)
		}
	}
	return o, ok[0] && ok[1] && ok[2]
}

var offsetForm = regexp.MustCompile(`^([+-])(\d{2})(\d{2})(\d{2})?$`)

func offsetOf(text string) (seconds int, ok bool) {
	m := offsetForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, false
	}
	for i, unit := range []int{3600, 60, 1} {
		n, _ := strconv.Atoi("0" + m[i+2])
		seconds += unit * n
	}
	if m[1] == "-" {
		seconds = -seconds
	}
	return seconds, true
}
