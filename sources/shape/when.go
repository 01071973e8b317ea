package shape

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"keypull/sources"
)

// clock reads the times of one batch of records.
type clock struct {
	dates *sources.Dates
	// naive is the zone of a time that names none; nil if it is not known;
	// local that of what takes place somewhere.
	naive, local *time.Location
}

// clock is for the times of records, as they are written.
func (m *Maker) clock(others []string, arrived time.Time) clock {
	return clock{
		dates: sources.NewDates(sources.DateHints{Others: others, Arrived: arrived, Language: m.options.Language, Zone: m.options.Zone}),
		naive: m.options.Naive, local: m.options.Zone,
	}
}

// layouts are times without a zone, as databases and forms write them.
var layouts = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}

var (
	fraction = regexp.MustCompile(`(:\d\d)[.,]\d+`)
	noZone   = regexp.MustCompile(`(?:^|[^+−\d-])\d{1,2}[:.hH]\d{2}(?::\d{2})?\s*(?:[AaPp]\.?[Mm]\.?|Uhr)?\s*$`)
	seconds  = regexp.MustCompile(`\d{1,2}:\d{2}(:\d{2})?`)
)

// read returns the moment of a value; day says that it tells no time of day. False
// is for what is no time, or one whose zone is not known.
func (c clock) read(v any, local bool) (at time.Time, day, ok bool) {
	if t, isTime := v.(time.Time); isTime {
		return t, false, !t.IsZero()
	}
	text, ok := written(v)
	if !ok {
		return time.Time{}, false, false
	}
	text = fraction.ReplaceAllString(strings.TrimSpace(sources.Line(text)), "$1")
	zone := c.naive
	if local && c.local != nil {
		zone = c.local
	}
	if midnight, isDay := c.dates.Day(text); isDay {
		return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, 0, 0, 0, orUTC(c.local)), true, true
	}
	if zone != nil && noZone.MatchString(text) {
		for _, layout := range layouts {
			if at, err := time.ParseInLocation(layout, text, zone); err == nil {
				return at, false, true
			}
		}
		if at := c.dates.Read(text + " UTC"); !at.IsZero() {
			at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, zone)
			return at, false, true
		}
	}
	at = c.dates.Read(text)
	return at, false, !at.IsZero()
}

// toMinute reports whether a time is told without seconds.
func toMinute(v any) bool {
	text, ok := v.(string)
	m := seconds.FindStringSubmatch(text)
	return ok && m != nil && m[1] == ""
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

var (
	isoDuration = regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+)(?:\.\d+)?S)?)?$`)
	inClock     = regexp.MustCompile(`^(\d{1,3}):([0-5]\d)(?::[0-5]\d)?$`)
	inWords     = regexp.MustCompile(`^(?:(\d+(?:[.,]\d+)?)\s*(?:h|hr|hrs|hours?|std\.?|stunden?|heures?|horas?|ore|ora|uur|saat|jam|ч\.?|часа?|часов|ชั่วโมง|時間|小时|godz\.?)\s*(?:and|und|et|y|e|en)?\s*)?(?:(\d+)\s*(?:m|mins?\.?|minutes?|minuten?|minutos?|minuti|minut|minuty|minuta|menit|dk\.?|dakika|мин\.?|минут[аы]?|นาที|分钟?|分)?)?$`)
)

// maxMinutes is four weeks.
const maxMinutes = 4 * 7 * 24 * 60

// minutesIn reads how long something takes: a number counts minutes.
func minutesIn(v any) (string, bool) {
	text, ok := written(v)
	if !ok || len(text) > maxNumberBytes {
		return "", false
	}
	text = strings.ToLower(strings.TrimSpace(sources.Line(text)))
	for _, form := range []struct {
		pattern *regexp.Regexp
		in      string
		units   []float64
	}{
		{isoDuration, strings.ToUpper(text), []float64{24 * 60, 60, 1, 1.0 / 60}},
		{inClock, text, []float64{60, 1}},
		{inWords, text, []float64{60, 1}},
	} {
		m := form.pattern.FindStringSubmatch(form.in)
		total, told := 0.0, false
		for i, unit := range form.units {
			if len(m) <= i+1 || m[i+1] == "" {
				continue
			}
			n, err := strconv.ParseFloat(strings.Replace(m[i+1], ",", ".", 1), 64)
			if err != nil {
				return "", false
			}
			total, told = total+n*unit, true
		}
		if told && total >= 0 && total <= maxMinutes {
			return strconv.Itoa(int(total + 0.5)), true
		}
	}
	return "", false
}
