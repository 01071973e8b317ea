package sources

import (
	_ "embed" // zones.txt
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
)

//go:generate go run zone_gen.go

//go:embed zones.txt
var zonesText string

// meaning is one thing that an abbreviation stands for.
type meaning struct {
	minutes int
	// days are pairs: from and to, counted from 1970.
	days      [][2]int
	countries []string
}

// zoneTable is what zones.txt holds.
type zoneTable struct {
	meanings map[string][]meaning
	country  map[string]string
}

var zones = sync.OnceValue(func() zoneTable {
	t := zoneTable{meanings: map[string][]meaning{}, country: map[string]string{}}
	for line := range strings.Lines(zonesText) {
		fields := strings.Fields(line)
		if country, ok := strings.CutPrefix(fields[0], "@"); ok {
			for _, zone := range fields[1:] {
				t.country[zone] = country
			}
			continue
		}
		if fields[0] == "#" {
			continue
		}
		m := meaning{minutes: ParseNumber(strings.TrimPrefix(fields[1], "-"))}
		if fields[1][0] == '-' {
			m.minutes = -m.minutes
		}
		for span := range strings.SplitSeq(fields[2], ",") {
			from, to, _ := strings.Cut(span, "-")
			m.days = append(m.days, [2]int{ParseNumber(from), ParseNumber(to)})
		}
		if len(fields) > 3 {
			m.countries = strings.Split(fields[3], ",")
		}
		t.meanings[fields[0]] = append(t.meanings[fields[0]], m)
	}
	return t
})

// meaningsAt returns what an abbreviation stands for at a date, each offset once:
// nothing where it is not known. An abbreviation that was not in use then is
// taken for what it stood for at other times.
func meaningsAt(abbreviation string, wall time.Time) []meaning {
	all := zones().meanings[abbreviation]
	day := int(wall.Unix() / 86400)
	then := slices.DeleteFunc(slices.Clone(all), func(m meaning) bool {
		return !slices.ContainsFunc(m.days, func(s [2]int) bool { return s[0] <= day && day <= s[1] })
	})
	if len(then) > 0 {
		return then
	}
	return all
}

// countryOf returns the country of an IANA zone, or "" if it has none.
func countryOf(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	return zones().country[zone.String()]
}

// countryIn returns the country that a language tag speaks of: its region, else
// where the language is at home. English alone is at home in too many.
func countryIn(tag string) string {
	t, err := language.Parse(strings.TrimSpace(tag))
	if err != nil {
		return ""
	}
	region, confidence := t.Region()
	if base, _ := t.Base(); confidence != language.Exact && base.String() == "en" || confidence == language.No {
		return ""
	}
	return region.String()
}

// zoned is what the text behind a time says of its zone.
type zoned struct {
	// fixed says that minutes east of UTC are given.
	fixed        bool
	minutes      int
	location     *time.Location
	abbreviation string
}

func (z zoned) isKnown() bool {
	return z.fixed || z.location != nil || len(zones().meanings[z.abbreviation]) > 0
}

var (
	zoneComment = regexp.MustCompile(`[(\[]([^()\[\]]*)[)\]]?`)
	zoneNumber  = regexp.MustCompile(`^([A-Za-z]{0,5})( ?)([+-]{1,2}) ?(?:(\d{1,2})[:.](\d\d)(?::\d\d)?|(\d{1,2})(\d\d)|(\d{1,2}))(?: ?([A-Za-z]{1,5}))?$`)
	zoneWord    = regexp.MustCompile(`^[A-Za-z]{1,5}$`)
	zonePlace   = regexp.MustCompile(`^[A-Z][A-Za-z]+/[A-Za-z0-9_/+-]{2,40}$`)
)

// people are zones as people call them who mean its winter and summer alike, and
// those of Central Europe by their old names.
var people = map[string]string{
	"AT": "America/Halifax", "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
	"MET": "Etc/GMT-1", "MEST": "Etc/GMT-2",
}

// parseZone reads "+0530", "+05.30", "+5:30", "GMT+2" (two hours east, unlike
// the zone Etc/GMT+2), "UT", "-0500 (EST)", "+01:00[Europe/Paris]" (RFC 9557),
// "IST", "Europe/Paris". Single letters but Z say nothing, by RFC 2822 §4.3.
func parseZone(text string) zoned {
	plain := strings.TrimSpace(zoneComment.ReplaceAllString(text, " "))
	if m := zoneComment.FindStringSubmatch(text); plain == "" && m != nil {
		plain = strings.TrimSpace(m[1])
	}
	upper := strings.ToUpper(plain)
	if place, ok := people[upper]; ok {
		if where, err := time.LoadLocation(place); err == nil {
			return zoned{location: where}
		}
	}
	switch {
	case upper == "Z" || strings.Trim(upper, "0") == "" && len(upper) > 1:
		return zoned{fixed: true}
	case zonePlace.MatchString(plain):
		if where, err := time.LoadLocation(plain); err == nil {
			return zoned{location: where}
		}
	case zoneWord.MatchString(plain):
		return zoned{abbreviation: upper}
	}
	return parseOffset(plain)
}

func parseOffset(text string) zoned {
	m := zoneNumber.FindStringSubmatch(text)
	if m == nil {
		return zoned{}
	}
	hours, minutes := m[4]+m[6]+m[8], m[5]+m[7]
	east := 60*ParseNumber(hours) + ParseNumber(minutes)
	if m[3][0] == '-' {
		east = -east
	}
	if ParseNumber(minutes) > 59 || east < -12*60 || east > 14*60 {
		return zoned{}
	}
	switch strings.ToUpper(m[1]) {
	case "", "GMT", "UTC", "UT", "Z":
	default:
		// "EST -0500" says one thing twice; "CET+1" may count from either.
		fits := func(m meaning) bool { return m.minutes == east }
		if m[2] == "" && !slices.ContainsFunc(zones().meanings[strings.ToUpper(m[1])], fits) {
			return zoned{}
		}
	}
	return zoned{fixed: true, minutes: east}
}

func fixedZone(minutes int) *time.Location {
	return time.FixedZone(strconv.Itoa(minutes), 60*minutes)
}
