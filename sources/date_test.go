package sources_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/sources"
)

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	where, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return where
}

func told(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.UTC().Format("2006-01-02T15:04:05Z")
}

// shapes are dates as feeds write them, and the moments that they tell without
// any further hint; "-" is none.
var shapes = map[string]string{
	"Fri, 20 Nov 2026 14:02:03 +0530":                 "2026-11-20T08:32:03Z",
	"Fri, 20 Nov 2026 14:02:03 +05:30":                "2026-11-20T08:32:03Z",
	"Fri, 20 Nov 2026 14:02 +05.30":                   "2026-11-20T08:32:00Z",
	"Fri, 20 Nov 2026 14:02 +5:30":                    "2026-11-20T08:32:00Z",
	"Fri, 20 Nov 2026 14:02 +530":                     "2026-11-20T08:32:00Z",
	"20 Nov 26 14:02 GMT+2":                           "2026-11-20T12:02:00Z",
	"20 Nov 2026 14:02 GMT +02:00":                    "2026-11-20T12:02:00Z",
	"20 November 2026 14:02:00 UTC-03:00":             "2026-11-20T17:02:00Z",
	"20 Nov 2026 14:02:00 UT":                         "2026-11-20T14:02:00Z",
	"20 Nov 2026 14:02:00 Z":                          "2026-11-20T14:02:00Z",
	"20 Nov 2026 14:02:00 z":                          "2026-11-20T14:02:00Z",
	"20 Nov 2026 14:02:00 A":                          "-",
	"20 Nov 2026 14:02:00 -0000":                      "2026-11-20T14:02:00Z",
	"Fri Nov 20 2026 14:02:00 GMT+0530 (IST)":         "2026-11-20T08:32:00Z",
	"Fri Nov 20 2026 14:02:00 GMT+0100 (heure d’été)": "2026-11-20T13:02:00Z",
	"20 Nov 2026 14:02:00 -0500 (EST)":                "2026-11-20T19:02:00Z",
	"2026-11-20t14:02:00z":                            "2026-11-20T14:02:00Z",
	"2026-11-20T14:02:00+01:00[Europe/Paris]":         "2026-11-20T13:02:00Z",
	"2026-11-20T14:02:00Z[UTC][u-ca=gregory]":         "2026-11-20T14:02:00Z",
	"20 Nov 2026 14:02:00 [Europe/Paris]":             "2026-11-20T13:02:00Z",
	"20 Nov 2026 14:02:00 EST -0500":                  "2026-11-20T19:02:00Z",
	"20 Nov 2026 14:02:00 +0100 CET":                  "2026-11-20T13:02:00Z",
	"20 Nov 2026 14:02:00 CET+1":                      "2026-11-20T13:02:00Z",
	"20 Nov 2026 14:02:00 MSK+2":                      "-",
	"20 Nov 2026 14:02:00 (JST)":                      "2026-11-20T05:02:00Z",
	"20 Nov 2026 14:02:00 JST":                        "2026-11-20T05:02:00Z",
	"29 Kasım 2026 Pazar":                             "2026-11-29T00:00:00Z",
	"20 Nov 2026 14:02:00 jst":                        "2026-11-20T05:02:00Z",
	"20 Nov 2026 14:02:00 MSK":                        "2026-11-20T11:02:00Z",
	"20 Nov 2012 14:02:00 MSK":                        "2012-11-20T10:02:00Z",
	"20 Nov 2026 14:02:00 AEST":                       "2026-11-20T04:02:00Z",
	"20 Nov 2026 14:02:00 ACDT":                       "2026-11-20T03:32:00Z",
	"20 Nov 2026 14:02:00 NZDT":                       "2026-11-20T01:02:00Z",
	"20 Nov 2026 14:02:00 WIB":                        "2026-11-20T07:02:00Z",
	"20 Nov 2026 14:02:00 NPT":                        "2026-11-20T08:17:00Z",
	"20 Nov 2026 14:02:00 EDT":                        "2026-11-20T18:02:00Z",
	"20 Nov 2026 14:02:00 IST":                        "-",
	"20 Nov 2026 14:02:00 CST":                        "-",
	"20 Nov 2026 14:02:00 LMT":                        "-",
	"20 Nov 2026 14:02:00 XYZ":                        "-",
	"20 Nov 2026 14:02:00 Europe/Paris":               "2026-11-20T13:02:00Z",
	"20 Nov 2026 14:02:00 Etc/GMT+2":                  "2026-11-20T16:02:00Z",
	"20 Nov 2026 14:02:00":                            "-",
	"20 Nov 2026 14:02:00 +2500":                      "-",
	"20 Nov 2026 14:02:00 +1499":                      "-",
	"2026-11-20T14:02:03Z":                            "2026-11-20T14:02:03Z",
	"2026-11-20T14:02:03.123456+02:00":                "2026-11-20T12:02:03Z",
	"2026-11-20T14:02+0200":                           "2026-11-20T12:02:00Z",
	"2026-11-20 14:02:03 +0200":                       "2026-11-20T12:02:03Z",
	"2026-11-20 14:02":                                "-",
	"2026-11-20T14:02:03":                             "-",
	"20261120T140203Z":                                "2026-11-20T14:02:03Z",
	"20261120140203 GMT":                              "2026-11-20T14:02:03Z",
	"2026-11-20":                                      "2026-11-20T00:00:00Z",
	"20 November 2026":                                "2026-11-20T00:00:00Z",
	"Friday, November 20, 2026 2:02 PM PST":           "-",
	"Friday, November 20, 2026 2:02 PM EST":           "2026-11-20T19:02:00Z",
	"Nov 20, 2026, 12:02 a.m. GMT":                    "2026-11-20T00:02:00Z",
	"November 20, 2026 at 2 pm UTC":                   "2026-11-20T14:00:00Z",
	"Fri Nov 20 14:02:03 JST 2026":                    "2026-11-20T05:02:03Z",
	"Fri Nov 20 14:02:03 +0900 2026":                  "2026-11-20T05:02:03Z",
	"Fri Nov 20 14:02:03 2026":                        "-",
	"Friday, 20-Nov-26 14:02:03 GMT":                  "2026-11-20T14:02:03Z",
	"Fr, 20. Nov. 2026 14:02:03 MEZ":                  "2026-11-20T13:02:03Z",
	"Mi, 20. Mai 2026 14:02 Uhr MESZ":                 "2026-05-20T12:02:00Z",
	"quarta-feira, 20 de maio de 2026, 14h02 UTC":     "2026-05-20T14:02:00Z",
	"ven., 20 nov. 2026 14:02:03 +0100":               "2026-11-20T13:02:03Z",
	"mer. 1er août 2026 14h02 CEST":                   "2026-08-01T12:02:00Z",
	"vie, 20 de noviembre de 2026 14:02:03 -0300":     "2026-11-20T17:02:03Z",
	"Пт, 20 ноя 2026 14:02:03 +0300":                  "2026-11-20T11:02:03Z",
	"20.11.2026 14:02 CET":                            "2026-11-20T13:02:00Z",
	"11/20/2026 2:02:03 PM EST":                       "2026-11-20T19:02:03Z",
	"20/11/2026 14:02:03 +0000":                       "2026-11-20T14:02:03Z",
	"04/05/2026 14:02:03 +0000":                       "-",
	"1795183323":                                      "2026-11-20T14:02:03Z",
	"1795183323000":                                   "2026-11-20T14:02:03Z",
	"Fri, 20 Nov 14:02:03 EST":                        "-",
	"20 Nov 14:02":                                    "-",
	"2026-11-20T14:02:03:00":                          "-",
	"2026-11-20T14:02:03:-0500":                       "2026-11-20T19:02:03Z",
	"Fri, 2026-11-20 14:02 GMT":                       "2026-11-20T14:02:00Z",
	"20/Nov/2026:14:02:03 +0100":                      "2026-11-20T13:02:03Z",
	"20 Nov 2026 14:02:03 00":                         "2026-11-20T14:02:03Z",
	"20 Nov 2026 25:02:03 GMT":                        "-",
	"20 Nov 2026 14:62 GMT":                           "-",
	"Fri, 31 Nov 2026 14:02:03 GMT":                   "-",
	"0000-00-00 00:00:00":                             "-",
	"Thu, 01 Jan 1970 00:00:00 GMT":                   "-",
	"gestern":                                         "-",
	"Παρ, 20 Νοε 2026 14:02:03 EET":                   "2026-11-20T12:02:03Z",
	"2026-november-20T9:15+01:00":                     "2026-11-20T08:15:00Z",
	"2026. november 20. 14:02 CET":                    "2026-11-20T13:02:00Z",
	"20 listopada 2026 14:02 CET":                     "2026-11-20T13:02:00Z",
	"20 Kasım 2026 14:02 +0300":                       "2026-11-20T11:02:00Z",
	"2026년 11월 20일 오후 02:02:03 KST":                   "2026-11-20T05:02:03Z",
	"2026-11-20 오전 12:02:03 +0900":                    "2026-11-19T15:02:03Z",
	"2026年11月20日 14時02分 JST":                          "2026-11-20T05:02:00Z",
	"2026年11月20日(金) 14:02 +0900":                      "2026-11-20T05:02:00Z",
	"2026年11月20日 下午2:02 +0800":                        "2026-11-20T06:02:00Z",
	"2026-011-20T14:02:03Z":                           "2026-11-20T14:02:03Z",
	"2026-W47-5":                                      "2026-11-20T00:00:00Z",
	"2026W475T14:02:03Z":                              "2026-11-20T14:02:03Z",
	"2026-W54-1":                                      "-",
	"2026-324":                                        "2026-11-20T00:00:00Z",
	"2026-366":                                        "-",
	"2026-11":                                         "2026-11-01T00:00:00Z",
	"2026":                                            "2026-01-01T00:00:00Z",
	"2026-13":                                         "-",
	"-2611":                                           "2026-11-01T00:00:00Z",
	"-26-11":                                          "2026-11-01T00:00:00Z",
	"261120":                                          "2026-11-20T00:00:00Z",
	"26-11-20":                                        "-",
	"26324":                                           "2026-11-20T00:00:00Z",
	"2026-11-20-01":                                   "-",
	"Fri, 20 Nov 2026 14:02:03 MET":                   "2026-11-20T13:02:03Z",
	"20 Jul 2026 14:02:03 MEST":                       "2026-07-20T12:02:03Z",
	"20 Nov 2026 14:02:03 ET":                         "2026-11-20T19:02:03Z",
	"20 Jul 2026 14:02:03 ET":                         "2026-07-20T18:02:03Z",
	"20 Jul 2026 14:02:03 PT":                         "2026-07-20T21:02:03Z",
	"Fri, 20 Nov 2026 14:02:03 +00:zz":                "-",
	"03/04/2026 14:02":                                "-",
	"":                                                "-",
}

func TestDatesOfAnyShape(t *testing.T) {
	for text, want := range shapes {
		if got := told(sources.NewDates(sources.DateHints{}).Read(text)); got != want {
			t.Errorf("%q is read as %s, want %s", text, got, want)
		}
	}
}

func TestAnAmbiguousZoneIsDecidedByTheDocumentOrThePublisher(t *testing.T) {
	const noon = "20 Nov 2026 12:00:00 "
	arrived := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	tokyo := location(t, "Asia/Tokyo")
	for name, c := range map[string]struct {
		zone  string
		hints sources.DateHints
		want  string
	}{
		"another date has the offset":      {"IST", sources.DateHints{Others: []string{"19 Nov 2026 01:00 +0200"}, Language: "en-IN"}, "10:00"},
		"or that of the summer":            {"IST", sources.DateHints{Others: []string{"19 Aug 2026 01:00 +0300"}}, "10:00"},
		"or a name that is no other's":     {"IST", sources.DateHints{Others: []string{"19 Aug 2026 01:00 IDT"}}, "10:00"},
		"the language before the zone":     {"IST", sources.DateHints{Language: "en-IN", Zone: location(t, "Asia/Jerusalem")}, "06:30"},
		"Hebrew":                           {"IST", sources.DateHints{Language: "he"}, "10:00"},
		"Irish English":                    {"IST", sources.DateHints{Language: "en-ie"}, "11:00"},
		"English alone says nothing":       {"CST", sources.DateHints{Language: "en"}, "-"},
		"Chinese":                          {"CST", sources.DateHints{Language: "zh-cn"}, "04:00"},
		"Taiwan":                           {"CST", sources.DateHints{Language: "zh-Hant-TW"}, "04:00"},
		"America":                          {"CST", sources.DateHints{Language: "en-US"}, "18:00"},
		"Havana":                           {"CST", sources.DateHints{Zone: location(t, "America/Havana")}, "17:00"},
		"an American publisher":            {"CST", sources.DateHints{Language: "en", Zone: location(t, "America/New_York")}, "18:00"},
		"a publisher elsewhere":            {"CST", sources.DateHints{Zone: location(t, "Europe/Paris")}, "-"},
		"Bengali":                          {"BST", sources.DateHints{Language: "bn"}, "06:00"},
		"British English":                  {"BST", sources.DateHints{Language: "en_GB"}, "11:00"},
		"a British publisher":              {"BST", sources.DateHints{Zone: location(t, "Europe/London")}, "11:00"},
		"the Philippines":                  {"PST", sources.DateHints{Language: "en-PH"}, "04:00"},
		"California":                       {"PST", sources.DateHints{Zone: location(t, "America/Los_Angeles")}, "20:00"},
		"Malaysia":                         {"MST", sources.DateHints{Language: "ms"}, "04:00"},
		"Arizona":                          {"MST", sources.DateHints{Zone: location(t, "America/Phoenix")}, "19:00"},
		"Riyadh":                           {"AST", sources.DateHints{Zone: location(t, "Asia/Riyadh")}, "09:00"},
		"Halifax":                          {"AST", sources.DateHints{Language: "en-CA"}, "16:00"},
		"Singapore":                        {"SST", sources.DateHints{Language: "en-SG"}, "04:00"},
		"Samoa":                            {"SST", sources.DateHints{Zone: location(t, "Pacific/Pago_Pago")}, "23:00"},
		"two hints that help are not one":  {"IST", sources.DateHints{Others: []string{"1 Nov 2026 01:00 +0200", "1 Nov 2026 01:00 +0530"}}, "-"},
		"it was made before it came":       {"IST", sources.DateHints{Built: "20 Nov 2026 13:00:00 IST", Arrived: arrived}, "06:30"},
		"which may leave several":          {"IST", sources.DateHints{Built: "19 Nov 2026 13:00:00 IST", Arrived: arrived}, "-"},
		"dates near tell the offset":       {"", sources.DateHints{Built: "20 Nov 2026 13:00:00 +0900"}, "03:00"},
		"dates of another half-year don't": {"", sources.DateHints{Built: "20 May 2026 13:00:00 +0200"}, "-"},
		"UTC is a habit, no offset":        {"", sources.DateHints{Built: "20 Nov 2026 13:00:00 GMT"}, "-"},
		"language and publisher agree":     {"", sources.DateHints{Language: "de", Zone: location(t, "Europe/Berlin")}, "11:00"},
		"language and publisher differ":    {"", sources.DateHints{Language: "de", Zone: location(t, "Asia/Tokyo"), Naive: location(t, "Asia/Tokyo")}, "03:00"},
		"but not where it is unknown":      {"", sources.DateHints{Language: "de", Zone: location(t, "Asia/Tokyo")}, "-"},
		"the publisher alone":              {"", sources.DateHints{Naive: tokyo, Zone: tokyo}, "03:00"},
		"a zone that was set":              {"", sources.DateHints{Built: "20 Nov 2026 13:00:00 +0900", Naive: location(t, "America/New_York"), Zone: tokyo}, "17:00"},
		"dates near before the publisher":  {"", sources.DateHints{Built: "20 Nov 2026 13:00:00 +0200", Naive: tokyo, Zone: tokyo}, "10:00"},
	} {
		at := sources.NewDates(c.hints).Read(noon + c.zone)
		got := "-"
		if !at.IsZero() {
			got = at.Format("15:04")
		}
		if got != c.want {
			t.Errorf("%s: noon %s is read as %s, want %s", name, c.zone, got, c.want)
		}
	}
}

func TestTheOrderOfDayAndMonthIsLearnt(t *testing.T) {
	const text = "04/05/2026 14:02:03 +0000"
	for name, c := range map[string]struct {
		hints sources.DateHints
		want  string
	}{
		"from another date":  {sources.DateHints{Others: []string{"25/05/2026 14:00 +0000"}, Language: "en-US"}, "2026-05-04T14:02:03Z"},
		"the other way":      {sources.DateHints{Others: []string{"05/25/2026 14:00 +0000"}, Language: "de"}, "2026-04-05T14:02:03Z"},
		"from the language":  {sources.DateHints{Language: "en-US"}, "2026-04-05T14:02:03Z"},
		"which may be other": {sources.DateHints{Language: "fr"}, "2026-05-04T14:02:03Z"},
	} {
		if got := told(sources.NewDates(c.hints).Read(text)); got != c.want {
			t.Errorf("%s: %s is read as %s, want %s", name, text, got, c.want)
		}
	}
}

// TestEveryZoneIsReadAsItsClocksShow holds the table against the tz database:
// whatever abbreviation a zone shows is read right by a publisher there.
func TestEveryZoneIsReadAsItsClocksShow(t *testing.T) {
	zones := []string{
		"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Maputo", "Africa/Nairobi", "America/Anchorage", "America/Chicago",
		"America/Denver", "America/Halifax", "America/Havana", "America/Mexico_City", "America/New_York", "America/Phoenix",
		"America/Puerto_Rico", "America/St_Johns", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jayapura", "Asia/Jerusalem", "Asia/Karachi",
		"Asia/Kolkata", "Asia/Makassar", "Asia/Manila", "Asia/Pyongyang", "Asia/Seoul", "Asia/Shanghai", "Asia/Taipei", "Asia/Tokyo",
		"Atlantic/Canary", "Australia/Adelaide", "Australia/Darwin", "Australia/Perth", "Australia/Sydney", "Europe/Athens",
		"Europe/Berlin", "Europe/Dublin", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Minsk", "Europe/Moscow",
		"Pacific/Auckland", "Pacific/Guam", "Pacific/Honolulu", "Pacific/Pago_Pago",
	}
	rapid.Check(t, func(rt *rapid.T) {
		zone := location(t, rapid.SampledFrom(zones).Draw(rt, "zone"))
		at := time.Unix(rapid.Int64Range(946684800, 2082758400).Draw(rt, "at"), 0).In(zone)
		text := at.Format(rapid.SampledFrom([]string{time.RFC1123, time.UnixDate, "2006-01-02 15:04:05 MST", "Jan 2, 2006 3:04:05 PM MST"}).Draw(rt, "layout"))
		if got := sources.NewDates(sources.DateHints{Zone: zone}).Read(text); !got.Equal(at) {
			rt.Fatalf("%q of %s is read as %v, want %v", text, zone, got, at.UTC())
		}
		// Without a hint it is read right or not at all.
		if got := (sources.NewDates(sources.DateHints{})).Read(text); !got.IsZero() && !got.Equal(at) {
			rt.Fatalf("%q of %s is read as %v without a hint, want %v", text, zone, got, at.UTC())
		}
		for _, layout := range []string{time.RFC1123Z, time.RFC3339, "2 Jan 2006 15:04:05 GMT-07:00", "Mon Jan 02 2006 15:04:05 GMT-0700 (MST)"} {
			if got := (sources.NewDates(sources.DateHints{Language: "en-US"})).Read(at.Format(layout)); !got.Equal(at) {
				rt.Fatalf("%q is read as %v, want %v", at.Format(layout), got, at.UTC())
			}
		}
	})
}

func FuzzDates(f *testing.F) {
	for _, text := range []string{"Fri, 20 Nov 2026 14:02:03 +0530", "2026-11-20T14:02:03Z", "1/2/2026 3:04 PM IST", "20261120T1402", "+", "Nov 1 2026"} {
		f.Add(text, "en-IN")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		at := sources.NewDates(sources.DateHints{Others: []string{text}, Built: text, Language: language}).Read(text)
		if !at.IsZero() && (at.Year() < 1980 || at.Year() > 2200 || at.Location() != time.UTC) {
			t.Errorf("%q is read as %v", text, at)
		}
		if strings.TrimSpace(text) == "" && !at.IsZero() {
			t.Errorf("nothing is read as %v", at)
		}
	})
}
