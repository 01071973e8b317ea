package calendar_test

import (
	"strings"
	"testing"
	"time"
)

func TestEventsAreFoundByDayAndWord(t *testing.T) {
	b := opened(t, values{}, file(t, "events.ics"))
	const jazz, market, late, maps, singing = "Jazz concert with the Lighthouse Trio", "Flea market", "Flea market (late start)", "Exhibition: Old maps", "Christmas singing"
	for _, tt := range []struct{ language, argument, want string }{
		{"en", "today", maps},
		{"en", "tomorrow", market + "; " + jazz + "; " + maps},
		{"en", "on saturday", market + "; " + jazz + "; " + maps},
		{"en", "what's on this weekend?", market + "; " + jazz + "; " + maps},
		{"en", "next concert", jazz},
		{"en", "concerts", jazz},
		{"en", "jazz tomorrow", jazz},
		{"en", "24 december", singing},
		{"en", "2026-11-28", late + "; " + maps},
		{"en", "next weekend", late + "; " + maps},
		{"en", "5 december", maps},
		{"en", "market next week", late},
		{"en", "december maps", maps},
		{"en", "opera", ""},
		{"en", "poetry", ""},
		{"en", "staff party", ""},
		{"de", "morgen", market + "; " + jazz + "; " + maps},
		{"de", "am wochenende", market + "; " + jazz + "; " + maps},
		{"de", "nächstes wochenende", late + "; " + maps},
		{"fr", "ce week-end", market + "; " + jazz + "; " + maps},
		{"fr", "samedi", market + "; " + jazz + "; " + maps},
		{"es", "este fin de semana", market + "; " + jazz + "; " + maps},
		{"it", "domani", market + "; " + jazz + "; " + maps},
		{"pt", "neste fim de semana", market + "; " + jazz + "; " + maps},
		{"nl", "dit weekend", market + "; " + jazz + "; " + maps},
		{"pl", "w ten weekend", market + "; " + jazz + "; " + maps},
		{"tr", "bu hafta sonu", market + "; " + jazz + "; " + maps},
		{"id", "akhir pekan ini", market + "; " + jazz + "; " + maps},
		{"ru", "на этих выходных", market + "; " + jazz + "; " + maps},
		{"ar", "نهاية الأسبوع", market + "; " + jazz + "; " + maps},
		{"hi", "इस सप्ताहांत", market + "; " + jazz + "; " + maps},
		{"ja", "今週末", market + "; " + jazz + "; " + maps},
		{"ja", "明日のjazz", jazz},
		{"zh", "这周末", market + "; " + jazz + "; " + maps},
		{"th", "สุดสัปดาห์นี้", market + "; " + jazz + "; " + maps},
	} {
		if got := titles(b.ask(tt.argument, tt.language, now)); got != tt.want {
			t.Errorf("%s %q finds %q; want %q", tt.language, tt.argument, got, tt.want)
		}
	}
}

func TestTheMomentOfTheAskCounts(t *testing.T) {
	b := opened(t, values{}, file(t, "events.ics"))
	evening := time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC) // the concert is on
	for argument, want := range map[string]string{
		"now": "Exhibition: Old maps; Jazz concert with the Lighthouse Trio", "market today": "", "next": "Flea market (late start)",
	} {
		got := b.ask(argument, "en", evening)
		if argument == "next" {
			got = got[:1]
		}
		if titles(got) != want {
			t.Errorf("%q finds %q; want %q", argument, titles(got), want)
		}
	}
}

// TestDaysAndWordsThatAreGluedTogetherAreToldApart asks as people write: days with a dash
// between them, and in scripts without spaces.
func TestDaysAndWordsThatAreGluedTogetherAreToldApart(t *testing.T) {
	called := func(title, start string) string {
		return strings.NewReplacer("SUMMARY:X", "SUMMARY:"+title, "UID:x", "UID:"+start).Replace(vevent("DTSTART:" + start))
	}
	b := opened(t, values{}, ics(called("Market", "20261224T100000Z"), called("ピアノコンサート", "20261121T100000Z"), called("Rock'n'Roll", "20261121T120000Z")))
	for _, c := range []struct{ language, argument, want string }{
		{"de", "24.12.-26.12.", "Market"}, {"de", "23.12.2026 - 26.12.2026", "Market"}, {"ja", "明日のコンサート", "ピアノコンサート"},
		{"en", "rock'n'roll", "Rock'n'Roll"}, {"en", "open-air", ""},
	} {
		if got := titles(b.ask(c.argument, c.language, now)); got != c.want {
			t.Errorf("%q finds %q; want %q", c.argument, got, c.want)
		}
	}
}

func TestAnEventIsToldWithItsFacts(t *testing.T) {
	b := opened(t, values{}, file(t, "events.ics"))
	items := b.ask("jazz", "en", now)
	if len(items) != 1 {
		t.Fatalf("%d items", len(items))
	}
	it := items[0]
	for fact, want := range map[string]string{"start": "2026-11-21T19:30:00+01:00", "end": "2026-11-21T22:00:00+01:00", "place": "Harbour Hall, Quay 4"} {
		if got := it.Facts.Text(fact); got != want {
			t.Errorf("%s is %q, want %q", fact, got, want)
		}
	}
	if it.Link != "https://hall.example/jazz" || it.Body != "Doors at seven.\nBring nothing but ears." {
		t.Errorf("link %q, text %q", it.Link, it.Body)
	}
	want := "Jazz concert with the Lighthouse Trio\nSaturday, 21 Nov, 19:30 – 22:00 · Harbour Hall, Quay 4"
	if got := b.said(items, "en", now); !strings.HasPrefix(got, want) {
		t.Errorf("it is said\n%s\nwant\n%s", got, want)
	}
	maps := b.ask("maps", "en", now)
	if got := maps[0].Facts.Text("start") + " " + maps[0].Facts.Text("end"); got != "2026-11-01 2026-12-12" {
		t.Errorf("all days: %s", got)
	}
}

func TestHoursAreToldByMomentAndDay(t *testing.T) {
	b := opened(t, values{
		"hours":    []any{"mon-fri 09:00-18:00", "sat 10:00-14:00", "2026-12-31 10:00-12:00 New Year's Eve"},
		"holidays": []any{"2026-11-23 Patron's day", "12-25"}, "name": "Library",
	}, "")
	at := func(text string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", text, b.zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct{ language, at, argument, want string }{
		{"en", "2026-11-20 12:00", "now", "Open now, until 18:00."},
		{"en", "2026-11-20 12:00", "are you open right now", "Open now, until 18:00."},
		{"en", "2026-11-20 19:00", "now?", "Closed now. Opens: Saturday, 21 Nov, 10:00."},
		{"en", "2026-11-21 15:00", "open now?", "Closed now. Opens: Tuesday, 24 Nov, 09:00."},
		{"en", "2026-11-20 12:00", "when do you open tomorrow", "Saturday, 21 Nov: 10:00 – 14:00"},
		{"en", "2026-11-20 12:00", "on monday", "Monday, 23 Nov: closed (Patron's day)"},
		{"en", "2026-11-20 12:00", "25 december", "Friday, 25 Dec: closed"},
		{"en", "2026-12-20 12:00", "31 december", "Thursday, 31 Dec: 10:00 – 12:00 (New Year's Eve)"},
		{"en", "2026-11-20 12:00", "opening hours this weekend", "Sunday, 22 Nov: closed"},
		{"en", "2026-11-20 12:00", "", "Monday, 23 Nov: closed (Patron's day)"},
		{"de", "2026-11-20 12:00", "habt ihr jetzt offen", "Jetzt geöffnet, bis 18:00 Uhr."},
		{"de", "2026-11-20 12:00", "wann öffnet ihr morgen", "Samstag, 21. Nov.: 10:00 Uhr – 14:00 Uhr"},
		{"fr", "2026-11-20 12:00", "ouvert demain", "samedi 21 nov. : 10:00 – 14:00"},
		{"ja", "2026-11-20 12:00", "明日の営業時間", "11月21日（土曜日）：10:00 – 14:00"},
		{"th", "2026-11-20 12:00", "พรุ่งนี้เปิดกี่โมง", "10.00 น. – 14.00 น."},
		{"ru", "2026-11-20 12:00", "вы сейчас открыты", "Сейчас открыто"},
	} {
		items := b.ask(tt.argument, tt.language, at(tt.at))
		if got := b.said(items, tt.language, at(tt.at)); !strings.Contains(got, tt.want) {
			t.Errorf("%s at %s %q is answered\n%s\nwant\n%s", tt.language, tt.at, tt.argument, got, tt.want)
		}
	}
	if items := b.ask("zebra crossing", "en", now); len(items) > 0 {
		t.Errorf("nobody knows of that, and it is answered %q", b.said(items, "en", now))
	}
	always := opened(t, values{"hours": []any{"daily 24h"}}, "")
	if got := always.said(always.ask("", "en", now), "en", now); !strings.Contains(got, "Open around the clock.") {
		t.Errorf("always open is told as %s", got)
	}
}

func TestFreeTimesAreWhatTheCalendarLeaves(t *testing.T) {
	b := opened(t, values{"hours": []any{"mon-fri 09:00-12:00"}, "holidays": []any{"2026-11-24"}, "slots": "1h"}, `BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/Berlin:20261123T093000
DURATION:PT45M
CLASS:PRIVATE
SUMMARY:Mrs Smith
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;TZID=Europe/Berlin:20261125T080000
DTEND;TZID=Europe/Berlin:20261125T200000
RRULE:FREQ=WEEKLY
SUMMARY:Day of surgery
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART;VALUE=DATE:20261126
TRANSP:TRANSPARENT
SUMMARY:A birthday
END:VEVENT
BEGIN:VFREEBUSY
FREEBUSY:20261126T080000Z/PT1H,20261126T100000Z/20261126T103000Z
END:VFREEBUSY
END:VCALENDAR
`)
	var got []string
	for _, it := range b.ask("", "en", now)[:4] {
		got = append(got, it.Facts.Text("start"))
	}
	want := "2026-11-23T11:00:00+01:00 2026-11-26T10:00:00+01:00 2026-11-27T09:00:00+01:00 2026-11-27T10:00:00+01:00"
	if strings.Join(got, " ") != want {
		t.Errorf("free are %s\nwant %s", strings.Join(got, " "), want)
	}
	for _, it := range b.snapshot.Items {
		if strings.Contains(it.Title, "Smith") {
			t.Error("whose appointment it is lies in the snapshot")
		}
	}
	if items := b.ask("on tuesday", "en", now); len(items) > 0 {
		t.Errorf("on a holiday %d times are free", len(items))
	}
	if said := b.said(b.ask("on monday", "en", now), "en", now); said != "Free times\nMonday, 23 Nov, 11:00 – 12:00" {
		t.Errorf("it is said %q", said)
	}
	if said := b.said(b.ask("when are you open on monday", "en", now), "en", now); !strings.Contains(said, "09:00 – 12:00") {
		t.Errorf("the hours are told as %q", said)
	}
}
