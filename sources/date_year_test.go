package sources_test

import (
	"testing"
	"time"

	"keypull/sources"
)

// TestTheYearThatADateLeavesOut is the first that makes it a day still to come.
func TestTheYearThatADateLeavesOut(t *testing.T) {
	from := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	dates := sources.NewDates(sources.DateHints{Zone: time.UTC, Naive: time.UTC, Language: "de"})
	for text, want := range map[string]string{
		"27 November":                        "2026-11-27T00:00:00Z",
		"Friday 27 November, 19:30":          "2026-11-27T19:30:00Z",
		"Fri, 27th of November at 7.30pm":    "2026-11-27T19:30:00Z",
		"November 27":                        "2026-11-27T00:00:00Z",
		"Sun, Jan 3, 6:00 PM":                "2027-01-03T18:00:00Z",
		"Freitag, 27. November, 19:30 Uhr":   "2026-11-27T19:30:00Z",
		"am 4. Dezember um 20 Uhr":           "2026-12-04T20:00:00Z",
		"Sa 28.11., 10 Uhr":                  "2026-11-28T10:00:00Z",
		"28.11.":                             "2026-11-28T00:00:00Z",
		"vendredi 4 décembre à 20h30":        "2026-12-04T20:30:00Z",
		"le 1er mars, 20h":                   "2027-03-01T20:00:00Z",
		"vendredi 4 décembre, 20 h 30":       "2026-12-04T20:30:00Z",
		"sexta-feira, 4 de dezembro, 21h00":  "2026-12-04T21:00:00Z",
		"sábado 28 de noviembre, 20:00 h":    "2026-11-28T20:00:00Z",
		"sabato 28 novembre alle 21.00":      "2026-11-28T21:00:00Z",
		"lördag 28 november kl. 19.00":       "2026-11-28T19:00:00Z",
		"zaterdag 28 november, 20.15 uur":    "2026-11-28T20:15:00Z",
		"28 listopada, 18:00":                "2026-11-28T18:00:00Z",
		"Sat 28/11 19:30":                    "2026-11-28T19:30:00Z",
		"Sat 11/28 7:30 pm":                  "2026-11-28T19:30:00Z",
		"11月28日":                             "2026-11-28T00:00:00Z",
		"11월 28일 오후 7:30":                    "2026-11-28T19:30:00Z",
		"Sun 29 Nov":                         "2026-11-29T00:00:00Z",
		"Mon 29 Nov":                         "2027-11-29T00:00:00Z",
		"Mi., 24. November":                  "2027-11-24T00:00:00Z",
		"Thu 29 Nov":                         "2026-11-29T00:00:00Z",
		"sunnuntai 29 marraskuuta":           "-",
		"mar 24 novembre":                    "2026-11-24T00:00:00Z",
		"29 February":                        "2028-02-29T00:00:00Z",
		"27 November 2025":                   "2025-11-27T00:00:00Z",
		"27.11.2025 19:30":                   "2025-11-27T19:30:00Z",
		"30/11":                              "2026-11-30T00:00:00Z",
		"03/12 (Thu)":                        "2026-12-03T00:00:00Z",
		"01/12/2026 (terça)":                 "2026-12-01T00:00:00Z",
		"10/10":                              "-",
		"8.10":                               "-",
		"1/2":                                "-",
		"Fri 27 Nov, 19:30–21:00":            "2026-11-27T19:30:00Z",
		"So, 29. November, 10 – 17 Uhr":      "2026-11-29T10:00:00Z",
		"Sat 28 November, 2 pm to 5 pm":      "2026-11-28T14:00:00Z",
		"sabato 28 novembre 9.30 alle 12.00": "2026-11-28T09:30:00Z",
		"27 November 2026 10:00 - 12:00":     "2026-11-27T10:00:00Z",
		"2026-11-27T10:00:00-05:00":          "2026-11-27T15:00:00Z",
		"27 November sales are up":           "-",
		"31 June":                            "-",
		"from 3 to 5":                        "-",
		"12 eggs":                            "-",
		"7 may be enough":                    "-",
	} {
		if got := told(dates.Read(sources.AddYear(sources.SpanStart(text), from))); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestWhatLastsFromADayToAnother(t *testing.T) {
	dates := sources.NewDates(sources.DateHints{Zone: time.UTC, Language: "de"})
	for text, want := range map[string]string{
		"Du 12 octobre 2026 au 28 février 2027":                "2026-10-12 2027-02-28",
		"Du 12 octobre au 28 février 2027":                     "2026-10-12 2027-02-28",
		"Vom 3. März bis 30. Dezember 2026":                    "2026-03-03 2026-12-30",
		"from 5 December 2026 until 6 January 2027":            "2026-12-05 2027-01-06",
		"zaterdag 5 december 2026 t/m woensdag 6 januari 2027": "2026-12-05 2027-01-06",
		"5–7 December 2026":                                    "2026-12-05 2026-12-07",
		"5. - 7. Dezember 2026":                                "2026-12-05 2026-12-07",
		"Del 5 de diciembre de 2026 al 30 de marzo de 2027":    "2026-12-05 2027-03-30",
		"dal 5 dicembre 2026 al 6 gennaio 2027":                "2026-12-05 2027-01-06",
		"od 5 grudnia 2026 do 3 marca 2027":                    "2026-12-05 2027-03-03",
		"2026-12-05 – 2027-01-01":                              "2026-12-05 2027-01-01",
		"05.12.2026 - 07.12.2026":                              "2026-12-05 2026-12-07",
		"27 November 2026, 10:00 - 12:00":                      "-",
		"7 December 2026 to 5 December 2026":                   "-",
		"12 October 2026":                                      "-",
		"from 3 to 5":                                          "-",
		"2 to go":                                              "-",
	} {
		got := "-"
		if from, until, ok := dates.Span(text, time.Time{}); ok {
			begin, _ := dates.Day(from)
			end, _ := dates.Day(until)
			got = begin.Format(time.DateOnly) + " " + end.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
