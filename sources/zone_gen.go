//go:build ignore

// This program writes zones.txt: every abbreviation that the tz database has
// used since 1990, with its offsets, the days on which they held and, where it
// stands for more than one, the countries; then the zones of each country. It
// reads the rules from Go's copy of the database and the countries from
// /usr/share/zoneinfo/zone.tab.
package main

import (
	"bufio"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
	_ "time/tzdata"
	"unicode"
)

// others are abbreviations in use that the database does not have, or has
// given up: clocks of Java and Windows still write them into feeds.
const others = `
UTC 0; UT 0; MEZ 60; MESZ 120; HNEC 60; HAEC 120
BST 360 BD; BST 660 PG; PST 480 PH; MST 480 MY; MST 390 MM; AST 180 SA,KW,QA,BH,IQ,YE; SST 480 SG
BDT 360; BRT -180; BRST -120; ART -180; CLT -240; CLST -180; COT -300; PET -300; VET -240; UYT -180
PYT -240; BOT -240; ECT -300; GFT -180; GYT -240; SRT -180; AMT -240 BR; AMT 240 AM
SGT 480; MYT 480; PHT 480; ICT 420; NPT 345; BTT 360; MVT 300; MUT 240; RET 240; SCT 240; GST 240 AE,OM
IRST 210; IRDT 270; AFT 270; UZT 300; TJT 300; TMT 300; AZT 240; GET 240; TRT 180; ULAT 480; BNT 480; TLT 540
YEKT 300; OMST 360; NOVT 420; KRAT 420; IRKT 480; YAKT 540; VLAT 600; MAGT 660; SRET 660; PETT 720; ANAT 720; SAMT 240
FJT 720; TVT 720; WAKT 720; MHT 720; SBT 660; VUT 660; NCT 660; PGT 600; TOT 780; NFT 660; LHST 630; LHDT 660
CHST 600; CVT -60; AZOT -60; AZOST 0; EGT -60; EGST 0; WGT -180; WGST -120; PMST -180; PMDT -120; FKST -180; EAST -360
`

type meaning struct {
	minutes   int
	spans     []span
	countries map[string]bool
}

// span is a time from a day to a day, counted from 1970.
type span struct{ from, to int }

const (
	day   = 24 * time.Hour
	first = 1990
	last  = 2038
	ever  = 99999
)

func main() {
	zones := readTab()
	names := map[string]map[int]*meaning{}
	for name, country := range zones {
		gather(names, name, country)
	}
	addOthers(names)
	f, err := os.Create("zones.txt")
	if err != nil {
		log.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "# Written by zone_gen.go from the tz database (public domain). An abbreviation, its minutes east of UTC,")
	fmt.Fprintln(w, "# the days since 1970 on which that held, and the countries; then the zones of each country.")
	for _, abbreviation := range slices.Sorted(maps.Keys(names)) {
		write(w, abbreviation, names[abbreviation])
	}
	writeZones(w, zones)
	if err := w.Flush(); err != nil {
		log.Fatal(err)
	}
}

func readTab() map[string]string {
	text, err := os.ReadFile("/usr/share/zoneinfo/zone.tab")
	if err != nil {
		log.Fatal(err)
	}
	zones := map[string]string{"Asia/Calcutta": "IN", "Asia/Rangoon": "MM", "Asia/Saigon": "VN", "Asia/Katmandu": "NP", "Europe/Kiev": "UA"}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 2 && fields[0][0] != '#' {
			zones[fields[2]] = fields[0]
		}
	}
	return zones
}

func gather(names map[string]map[int]*meaning, zone, country string) {
	where, err := time.LoadLocation(zone)
	if err != nil {
		log.Fatal(err)
	}
	for at := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < last; {
		_, end := at.In(where).ZoneBounds()
		abbreviation, offset := at.In(where).Zone()
		s := span{from: int(at.Unix() / 86400), to: ever}
		if at.Year() == first && at.YearDay() == 1 {
			s.from = 0
		}
		if !end.IsZero() && end.Year() < last {
			s.to = int(end.Unix()/86400) + 1
		}
		if word(abbreviation) && offset%60 == 0 {
			m := find(names, abbreviation, offset/60)
			m.spans, m.countries[country] = append(m.spans, s), true
		}
		if s.to == ever {
			return
		}
		at = end
	}
}

func word(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

func find(names map[string]map[int]*meaning, abbreviation string, minutes int) *meaning {
	abbreviation = strings.ToUpper(abbreviation)
	if names[abbreviation] == nil {
		names[abbreviation] = map[int]*meaning{}
	}
	if names[abbreviation][minutes] == nil {
		names[abbreviation][minutes] = &meaning{minutes: minutes, countries: map[string]bool{}}
	}
	return names[abbreviation][minutes]
}

func addOthers(names map[string]map[int]*meaning) {
	for entry := range strings.FieldsFuncSeq(others, func(r rune) bool { return r == ';' || r == '\n' }) {
		var abbreviation, countries string
		var minutes int
		_, _ = fmt.Sscan(entry, &abbreviation, &minutes, &countries)
		if abbreviation == "" {
			continue
		}
		m := find(names, abbreviation, minutes)
		m.spans = []span{{0, ever}}
		for country := range strings.SplitSeq(countries, ",") {
			m.countries[country] = true
		}
	}
}

func write(w *bufio.Writer, abbreviation string, meanings map[int]*meaning) {
	for _, minutes := range slices.Sorted(maps.Keys(meanings)) {
		m := meanings[minutes]
		fmt.Fprintf(w, "%s %d %s", abbreviation, m.minutes, spans(m.spans))
		if countries := slices.Sorted(maps.Keys(m.countries)); len(meanings) > 1 && countries[len(countries)-1] != "" {
			fmt.Fprint(w, " ", strings.Trim(strings.Join(countries, ","), ","))
		}
		fmt.Fprintln(w)
	}
}

// spans joins what less than fourteen months lie between: a summer, a winter.
func spans(all []span) string {
	slices.SortFunc(all, func(a, b span) int { return a.from - b.from })
	joined := []span{all[0]}
	for _, s := range all[1:] {
		if before := &joined[len(joined)-1]; s.from <= before.to+420 {
			before.to = max(before.to, s.to)
		} else {
			joined = append(joined, s)
		}
	}
	var words []string
	for _, s := range joined {
		if s.to > 24000 {
			s.to = ever
		}
		words = append(words, fmt.Sprintf("%d-%d", s.from, s.to))
	}
	return strings.Join(words, ",")
}

func writeZones(w *bufio.Writer, zones map[string]string) {
	of := map[string][]string{}
	for zone, country := range zones {
		of[country] = append(of[country], zone)
	}
	for _, country := range slices.Sorted(maps.Keys(of)) {
		slices.Sort(of[country])
		fmt.Fprintf(w, "@%s %s\n", country, strings.Join(of[country], " "))
	}
}
